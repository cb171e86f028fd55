//! German words.

use super::{HINT, Line, STRONG, SURE, USUAL, people, says};
use crate::discover::class::Class;

pub(super) static WORDS: &[Line] = &[
    says(Class::FirstName, SURE, "vorname, vornamen, vname, rufname, zweitname, zweiter vorname, vorn"),
    says(
        Class::LastName,
        SURE,
        "nachname, nname, familienname, zuname, geburtsname, maedchenname, ehename, nachn",
    ),
    people(Class::LastName, HINT, "name"),
    says(
        Class::Particle,
        SURE,
        "namenszusatz, namensvorsatz, vorsatzwort, namenszusaetze, adelszusatz, namensvorsaetze",
    ),
    says(Class::Initials, SURE, "initialen name, namenskuerzel, handzeichen, initialien"),
    says(
        Class::Title,
        SURE,
        "anrede, briefanrede, akademischer titel, akad titel, titel name, anredeschluessel, akademischer \
         grad, anrede code",
    ),
    says(
        Class::FullName,
        SURE,
        "vollstaendiger name, voller name, vollname, name vollstaendig, kundenname, name kunde, anzeigename, \
         mitarbeitername, patientenname, kontaktname, name des ansprechpartners, ansprechpartner, \
         kontoinhaber, zu haenden, zhd, zahlungsempfaenger, karteninhaber, unterzeichner, notfallkontakt, \
         erziehungsberechtigter, erziehungsberechtigte, kontaktperson, name kontoinhaber, schuelername, \
         nutzer name anzeige, bevollmaechtigter, name vater, name mutter, vor und nachname, vor nachname",
    ),
    people(
        Class::FullName,
        USUAL,
        "empfaenger, absender, autor, bearbeiter, sachbearbeiter, verfasser, hausarzt, melder name, \
         besteller, betreuer, name1, name2",
    ),
    says(
        Class::Username,
        SURE,
        "benutzername, nutzername, anmeldename, loginkennung, spitzname, benutzerkennung, kontoname",
    ),
    people(Class::Username, STRONG, "benutzer, nutzer"),
    says(
        Class::PersonKey,
        USUAL,
        "erstellt von, geaendert von, angelegt von, geloescht von, zugewiesen an, bearbeitet von, erfasst von",
    ),
    says(
        Class::Username,
        USUAL,
        "erstellt von, geaendert von, angelegt von, geloescht von, bearbeitet von, erfasst von",
    ),
    says(Class::Signature, SURE, "unterschrift, unterschriftsbild, signatur, paraphe"),
    says(Class::Street, SURE, "strasse, strassenname"),
    says(Class::HouseNumber, SURE, "hausnummer, hausnr, hausnum, hsnummer, strassennummer, hnummer"),
    says(
        Class::HouseAddition,
        SURE,
        "hausnummernzusatz, hausnummerzusatz, hausnr zusatz, adresszusatz, anschriftenzusatz, wohnungsnummer, \
         stiege, hnr zusatz, adresszusatz1, tuernummer",
    ),
    says(
        Class::AddressLine,
        SURE,
        "adresse, anschrift, adresszeile, adresszeile1, adresszeile2, wohnadresse, postanschrift, \
         lieferadresse, rechnungsadresse, lieferanschrift, rechnungsanschrift, strasse hausnummer, strasse \
         hausnr, strasse nr, strasse und hausnummer, postfach, meldeadresse, wohnanschrift, privatadresse, \
         versandadresse, hausanschrift, besuchsadresse",
    ),
    says(Class::Postcode, SURE, "plz, postleitzahl, plz nr, postleitz, plz code"),
    says(
        Class::City,
        SURE,
        "ort, stadt, wohnort, ortschaft, ortsname, gemeinde, ortsteil, wohnsitz, plz ort, stadtteil, \
         stadtname, lieferort, rechnungsort, dorf",
    ),
    says(
        Class::Region,
        STRONG,
        "bundesland, kanton, landkreis, bezirk, kreis, provinz, bundesland code, stadtbezirk",
    ),
    says(
        Class::Country,
        STRONG,
        "laendercode, landeskennung, staat, laenderkennzeichen, wohnsitzland, laenderkuerzel, laenderkennung",
    ),
    says(
        Class::Company,
        SURE,
        "firma, firmenname, unternehmen, unternehmensname, betrieb, arbeitgeber, name arbeitgeber, \
         firmenbezeichnung, organisationsname, firma1, firma2, geschaeftsname, firmierung, betriebsname, \
         firmen",
    ),
    people(Class::Company, USUAL, "lieferant, verein, hersteller"),
    says(
        Class::BankAccount,
        SURE,
        "kontonummer, kontonr, bankkonto, bankverbindung, ktonr, blz, bankleitzahl, kto, kontonummern, \
         girokonto, bankdaten",
    ),
    says(Class::Bic, USUAL, "kreditinstitut, geldinstitut"),
    says(
        Class::Income,
        SURE,
        "gehalt, bruttogehalt, nettogehalt, jahresgehalt, monatsgehalt, lohn, bruttolohn, nettolohn, \
         stundenlohn, einkommen, jahreseinkommen, bruttoeinkommen, nettoeinkommen, haushaltseinkommen, \
         verdienst, rente, vermoegen, bonitaet, schufa, schufa score, kreditlimit, praemie, gehaltsstufe, \
         tarifgruppe, entgeltgruppe, lohngruppe, grundgehalt, verguetung, arbeitsentgelt, steuerklasse, \
         lohnsteuerklasse, pfaendung, unterhalt, gehaltsgruppe, entgelt, besoldungsgruppe, bezuege, \
         sozialleistung, arbeitslosengeld, bonitaetsscore, kreditrahmen, kindergeld, wohngeld, freibetrag",
    ),
];

pub(super) static MORE: &[Line] = &[
    says(
        Class::PersonNumber,
        SURE,
        "kundennummer, kundennr, kdnr, kundencode, personalnummer, personalnr, pers nr, mitarbeiternummer, \
         mitarbeiternr, ma nr, patientennr, fallnummer, mitgliedsnummer, mitgliedsnr, mitgliednr, \
         matrikelnummer, matrikelnr, matrnr, schuelernummer, debitorennummer, debitorennr, debitor nr, \
         kundenkonto, kundenkartennummer, kundenkarte, teilnehmernummer, aktenzeichen, personalausweisnr \
         intern, dienstnummer, stammnummer, bewerbernummer, kreditorennummer, kundennum, \
         versicherungsscheinnummer, policennummer, dienstausweis, dienstausweisnummer, spendernummer",
    ),
    says(
        Class::Health,
        SURE,
        "gesundheit, gesundheitszustand, befund, befunde, krankheit, krankheiten, diagnosen, \
         diagnoseschluessel, medikament, medikamente, medikation, arzneimittel, dosierung, behandlung, \
         behandlungsplan, therapie plan, allergien, unvertraeglichkeit, unvertraeglichkeiten, vorerkrankung, \
         vorerkrankungen, symptome, beschwerden, behinderung, behinderungsgrad, grad der behinderung, gdb, \
         schwerbehindert, schwerbehinderung, schwerbehindertenausweis, blutgruppe, blutdruck, blutzucker, \
         herzfrequenz, schwanger, schwangerschaft, raucher, impfung, impfstatus, geimpft, laborwert, \
         laborwerte, laborbefund, krankmeldung, krankheitstage, krankgeschrieben, krank, arbeitsunfaehig, \
         arbeitsunfaehigkeit, au bescheinigung, operationen, eingriff, pflegegrad, pflegestufe, rollstuhl, \
         todesursache, sucht, krankenkasse, krankenversicherung, rezept, verordnung, ueberweisungsgrund, \
         aufnahmegrund, koerpergroesse, koerpergewicht, fehlgrund, abwesenheitsgrund, hausarzt befund, \
         medizinisch, krankengeschichte, arztbrief, ernaehrungsweise, diaet, wirkstoff, erkrankung, \
         erkrankungen, krankheitsgrund, krankenstand, impfdatum, patientenverfuegung",
    ),
    people(Class::Health, STRONG, "groesse, temperatur"),
    says(
        Class::Ethnicity,
        SURE,
        "ethnie, ethnische herkunft, ethnische zugehoerigkeit, ethnizitaet, herkunft, migrationshintergrund, \
         rasse person, hautfarbe, abstammung, volkszugehoerigkeit, volksgruppe, herkunftsland",
    ),
    says(
        Class::Religion,
        SURE,
        "religionszugehoerigkeit, konfession, glaube, glaubensrichtung, kirche, kirchenzugehoerigkeit, \
         kirchensteuer, kirchensteuermerkmal, bekenntnis, religioese ueberzeugung, kirchengemeinde, \
         weltanschauung, taufe, taufdatum, getauft, pfarrei",
    ),
    says(
        Class::Politics,
        SURE,
        "partei, parteizugehoerigkeit, parteimitgliedschaft, politische meinung, politische einstellung, \
         politische gesinnung, politische ueberzeugung, parteimitglied, wahlverhalten, politische \
         orientierung, politisch",
    ),
    says(
        Class::Union,
        SURE,
        "gewerkschaft, gewerkschaftsmitglied, gewerkschaftszugehoerigkeit, gewerkschaftsmitgliedschaft, \
         gewerkschaftsbeitrag, betriebsrat, betriebsratsmitglied, mitglied gewerkschaft",
    ),
    says(
        Class::Sexuality,
        SURE,
        "sexuelle orientierung, sexualitaet, sexuelle neigung, sexualleben, sexuelle identitaet, sexuelle \
         praeferenz",
    ),
    says(
        Class::Biometric,
        SURE,
        "fingerabdruck, fingerabdruecke, gesichtserkennung, biometrie daten, biometrische daten, \
         stimmabdruck, irisscan daten, gesichtsscan daten, netzhautscan",
    ),
    says(
        Class::Genetic,
        SURE,
        "genetische daten, genetischer befund, genetik, erbkrankheit, erbgut, dna analyse, gentest, genom, \
         genmutation, humangenetik",
    ),
    says(
        Class::Offence,
        SURE,
        "straftat, straftaten, vorstrafe, vorstrafen, vorbestraft, verurteilung, verurteilungen, \
         fuehrungszeugnis, ordnungswidrigkeit, delikt, strafverfahren, haft, strafregister, betrug, \
         strafanzeige, betrugsverdacht, verhaftung, strafmass, bewaehrung, punkte flensburg, abmahnung, \
         urteil, strafakte, beschuldigter, haftstrafe, hausverbot",
    ),
    people(
        Class::FreeText,
        STRONG,
        "bemerkung, bemerkungen, notiz, notizen, kommentar, beschreibung, nachricht, anmerkung, anmerkungen, \
         hinweis, hinweise, text frei, freitext, grund, begruendung, bericht text, zusammenfassung, \
         mitteilung, inhalt text, verlauf text, betreff, erlaeuterung, antwort, frage, protokoll text, \
         gespraechsnotiz, langtext, ueber mich, verlaufsbericht, bewertungstext, lieferhinweis, pflegebericht",
    ),
    says(
        Class::FreeText,
        USUAL,
        "bemerkung, bemerkungen, notiz, notizen, anmerkung, anmerkungen, freitext, gespraechsnotiz, \
         nachricht, kommentar, interne notiz, ueber mich, bem, lieferhinweis, verlaufsbericht, pflegebericht",
    ),
    says(
        Class::Nested,
        USUAL,
        "daten, alter wert, neuer wert, aenderungen, formulardaten, rohdaten, nutzdaten, alte daten, neue \
         daten",
    ),
    says(
        Class::Image,
        STRONG,
        "passbild, profilbild, anhang, anhaenge, lichtbild, bewerbungsfoto, lebenslauf, ausweiskopie, \
         ausweisscan, roentgenbild, tonaufnahme, bild person, anlagen",
    ),
    people(Class::Image, USUAL, "bild, datei, dokument, abbildung, anlage"),
    says(
        Class::Gender,
        SURE,
        "geschlecht, geschl, geschlechtscode, geschlechtskennzeichen, maennlich weiblich, pronomen, \
         geschlechtsidentitaet",
    ),
    says(
        Class::BirthDate,
        SURE,
        "geburtsdatum, gebdatum de, geburtstag, geburtsjahr, geburtsmonat, geb am, geboren am, datum geburt, \
         gebtag, gebjahr, geburtsdat, gdatum",
    ),
    says(Class::BirthDate, STRONG, "geburt"),
    says(
        Class::BirthPlace,
        SURE,
        "geburtsort, geb ort, geburtsland, geburtsstadt, ort der geburt, geboren in",
    ),
    says(
        Class::DeathDate,
        SURE,
        "sterbedatum, todesdatum, todestag, verstorben, verstorben am, gestorben, gestorben am, sterbetag, \
         sterbejahr",
    ),
    says(
        Class::Age,
        SURE,
        "alter, lebensalter, altersgruppe, alter jahre, altersklasse, alter in jahren, altersstufe",
    ),
    says(
        Class::Nationality,
        SURE,
        "nationalitaet, staatsangehoerigkeit, staatsbuergerschaft, aufenthaltsstatus, muttersprache, \
         staatsangeh, aufenthaltserlaubnis, asylstatus",
    ),
    says(
        Class::MaritalStatus,
        SURE,
        "familienstand, famstand, verheiratet, ledig, geschieden, verwitwet, heiratsdatum, hochzeitsdatum, \
         anzahl kinder, kinderzahl, kinderanzahl, anzahl der kinder, familienstatus, personenstand, \
         haushaltsgroesse, unterhaltspflichtig, alleinerziehend, eheschliessung, kinderfreibetrag",
    ),
    says(
        Class::Job,
        STRONG,
        "beruf, berufsbezeichnung, taetigkeit, stellenbezeichnung, jobtitel, berufstitel, funktion, beruf \
         code, funktionsbezeichnung, fachrichtung, berufsgruppe, dienstgrad, dienststellung",
    ),
    says(
        Class::Education,
        STRONG,
        "bildung, ausbildung, schulabschluss, abschluss, abschlussnote, note schueler, noten, zeugnis, \
         zeugnisnote, pruefungsnote, pruefungsergebnis, schule, schulname, universitaet, hochschule, \
         studiengang, studienfach, bildungsabschluss, hoechster abschluss, bildungsstand, schulnote, zensur, \
         schuljahr, klausurnote, fachsemester, foerderbedarf, schulbildung, qualifikation, qualifikationen, \
         durchschnittsnote, abiturnote",
    ),
    says(
        Class::Interest,
        STRONG,
        "interessen, freizeit, vorlieben, kundensegment, zielgruppe, kaufverhalten, lieblings, lebensstil, \
         favoriten, interessengebiet, kundenprofil, praeferenzen, neigungen, interessengebiete, \
         verhaltensprofil",
    ),
    says(
        Class::Health,
        SURE,
        "organspender, nebendiag, hauptdiag, verletzung, dosis, handelsname, kasse, reha",
    ),
    says(Class::Offence, SURE, "anzeige"),
    says(Class::Nationality, SURE, "staatsang"),
    says(Class::Plate, SURE, "kfz kennz, dienst kfz, kennz"),
    says(Class::CardCode, STRONG, "pruefziffer, karte gueltig, gueltig bis karte"),
    says(Class::Password, SURE, "tuercode, zugangscode, geheimzahl"),
    says(Class::Username, STRONG, "benutzer, kuerzel, sachbearbeiter kuerzel"),
    says(Class::Income, SURE, "zuschlag, stundensatz"),
    says(Class::PersonNumber, STRONG, "ausweisnr"),
    says(Class::Location, USUAL, "standort person, einsatzort, fundort"),
];
