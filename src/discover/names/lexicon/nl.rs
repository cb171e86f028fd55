//! Dutch words.

use super::{HINT, Line, STRONG, SURE, USUAL, people, says};
use crate::discover::class::Class;

pub(super) static WORDS: &[Line] = &[
    says(
        Class::FirstName,
        SURE,
        "voornaam, voornamen, vnaam, vnm, roepnaam, doopnaam, doopnamen, voorn, tweede voornaam, eerste \
         voornaam, voornaam1",
    ),
    says(
        Class::LastName,
        SURE,
        "achternaam, anaam, anm, familienaam, geslachtsnaam, geboortenaam, meisjesnaam, achtern, eigen naam, \
         partnernaam, naam partner, gehuwde naam, naam achter",
    ),
    people(Class::LastName, HINT, "naam"),
    people(Class::FullName, STRONG, "zorgverlener, begeleider, mentor, casemanager, hulpverlener"),
    says(
        Class::Particle,
        SURE,
        "tussenvoegsel, tussenvoegsels, tussenv, tussen, voorvoegsel, voorvoegsels, tv, tussenvgsl, \
         voorvoegsel geslachtsnaam, tsvgsl, tussenvgs",
    ),
    says(Class::Initials, SURE, "voorletters, voorletter, initialen, voorl, vlt, vltrs"),
    says(
        Class::Title,
        SURE,
        "aanhef, aanspreektitel, aanspreekvorm, titulatuur, predikaat, adellijke titel, titel voor, titel \
         achter",
    ),
    people(Class::Title, USUAL, "titel"),
    says(
        Class::FullName,
        SURE,
        "volledige naam, volnaam, naam volledig, klantnaam, naam klant, persoonsnaam, contactnaam, naam \
         contactpersoon, tenaamstelling, ten name van, tnv, tav, ter attentie van, weergavenaam, naam \
         rekeninghouder, patientnaam, naam patient, medewerkernaam, naam medewerker, contactpersoon, \
         rekeninghouder, ondertekenaar, naam ontvanger, leerlingnaam, naam ouder, gastnaam",
    ),
    people(
        Class::FullName,
        USUAL,
        "ontvanger, afzender, auteur, behandelaar, huisarts, verantwoordelijke, aanvrager, melder, besteld \
         door, kaarthouder, naam1, naam2",
    ),
    says(
        Class::Username,
        SURE,
        "gebruikersnaam, gebruikernaam, inlognaam, loginnaam, schermnaam, bijnaam, accountnaam, aanmeldnaam",
    ),
    people(Class::Username, STRONG, "gebruiker, inlog"),
    says(
        Class::PersonKey,
        USUAL,
        "aangemaakt door, gewijzigd door, ingevoerd door, verwijderd door, toegewezen aan, bewerkt door",
    ),
    says(
        Class::Username,
        USUAL,
        "aangemaakt door, gewijzigd door, ingevoerd door, verwijderd door, bewerkt door",
    ),
    says(Class::Signature, SURE, "handtekening, paraaf"),
    says(
        Class::Street,
        SURE,
        "straat, straatnaam, wegnaam, openbare ruimte, openbareruimtenaam, straatadres, laan",
    ),
    says(Class::Street, STRONG, "str"),
    says(Class::HouseNumber, SURE, "huisnummer, huisnr, huisnum, hnr, hsnr, straatnummer, straat nr, huisno"),
    says(
        Class::HouseAddition,
        SURE,
        "huisnummertoevoeging, toevoeging, toev, huisletter, huisnr toevoeging, huisnr toev, huisnummertoev, \
         busnummer, hnr toev, huistoevoeging, nummertoevoeging, bus, adres toevoeging",
    ),
    says(
        Class::AddressLine,
        SURE,
        "adres, adresregel, adresregel1, adr, adr ln, adr ln 1, woonadres, postadres, bezoekadres, \
         factuuradres, afleveradres, bezorgadres, verzendadres, leveradres, correspondentieadres, huisadres, \
         straat huisnummer, straat en huisnummer, postbus, verblijfadres, briefadres, adres1, adres2",
    ),
    says(
        Class::Postcode,
        SURE,
        "pc, postkode, postc, pcode, pc6, pc4, pstcd, postcode cijfers, postcode letters",
    ),
    says(
        Class::City,
        SURE,
        "woonplaats, plaats, stad, gemeente, woonpl, plaatsnaam, woonplaatsnaam, vestigingsplaats, wnpl, \
         dorp, wpl",
    ),
    says(Class::Region, STRONG, "provincie, regio, prov, gewest, wijk, buurt, stadsdeel"),
    says(Class::Country, STRONG, "land, landcode, landnaam, lnd, woonland, land van verblijf"),
    says(
        Class::Company,
        SURE,
        "bedrijf, bedrijfsnaam, bedr naam, handelsnaam, firmanaam, organisatienaam, naam organisatie, naam \
         bedrijf, werkgever, naam werkgever, onderneming, organisatie, statutaire naam, zaaknaam, bedrijven",
    ),
    people(Class::Company, USUAL, "instelling, leverancier, vennootschap"),
    says(
        Class::BankAccount,
        SURE,
        "rekeningnummer, rekeningnr, bankrekening, bankrekeningnummer, banknummer, rek nr, gironummer, \
         bankrek, bankrekeningnr, banknr, bankgegevens",
    ),
    people(Class::BankAccount, USUAL, "rekening"),
    says(
        Class::Income,
        SURE,
        "salaris, brutosalaris, nettosalaris, inkomen, bruto inkomen, jaarinkomen, maandinkomen, \
         maandsalaris, jaarsalaris, loon, brutoloon, nettoloon, uurloon, uurtarief, schuld, schulden, \
         schuldbedrag, uitkering, toeslag, pensioen, alimentatie, loonschaal, salarisschaal, vermogen, \
         toetsingsinkomen, bonusbedrag, gezinsinkomen, kredietlimiet, kredietscore, loonbeslag, bijstand, \
         huurtoeslag, salarisbedrag, betalingsachterstand, eindejaarsuitkering, lening",
    ),
];

pub(super) static MORE: &[Line] = &[
    says(
        Class::PersonNumber,
        SURE,
        "klantnummer, klantnr, klnr, klant no, klantcode, relatienummer, relatienr, personeelsnummer, \
         personeelsnr, personeelnr, medewerkernummer, medewerkernr, medewerkerscode, werknemersnummer, \
         werknemernr, patientnummer, patientnr, patientennummer, patnr, lidnummer, lidnr, \
         lidmaatschapsnummer, ledennummer, leerlingnummer, leerlingnr, studentnummer, studentnr, \
         debiteurnummer, debiteurnr, debiteurennummer, debnr, clientnummer, clientnr, dossiernummer, \
         dossiernr, klantkaartnummer, klantkaart, personeelscode, persoonsnummer, deelnemernummer, \
         deelnemersnummer, abonneenummer, stamnummer, donateursnummer, bonuskaart, spaarkaart, polisnummer, \
         polisnr, pasfotonummer, badgenummer, crediteurnummer, mdwnr, medewerker code, relatiecode",
    ),
    says(
        Class::Health,
        SURE,
        "gezondheid, diagnose, diagnosecode, medicatie, medicijn, medicijnen, geneesmiddel, geneesmiddelen, \
         dosering, behandeling, behandelplan, therapie, allergie, allergieen, ziekte, ziektebeeld, \
         aandoening, aandoeningen, symptomen, klacht, klachten, beperking, arbeidsongeschikt, \
         arbeidsongeschiktheid, medisch, medische gegevens, medische bijzonderheden, voorgeschiedenis, \
         bloedgroep, bloeddruk, bloedsuiker, hartslag, zwanger, zwangerschap, roker, rookt, alcoholgebruik, \
         vaccinatie, ingeent, uitslag, labuitslag, onderzoeksuitslag, ziekmelding, ziekteverzuim, ziek, \
         ziekgemeld, ziek sinds, verzuimreden, verzuim, operatie, ingreep, bevinding, bevindingen, anamnese, \
         dieet, dieetwensen, rolstoel, zorgplan, doodsoorzaak, verslaving, huisartsbrief, indicatie, \
         zorgindicatie, zorgprofiel, zorgzwaarte, opnamereden, reden opname, verwijsreden, lichaamsgewicht, \
         recept, wlz indicatie, zorgbehoefte, medische notitie, verpleegplan, zvw, zorgverzekeraar, \
         zorgverzekering, reanimeren, intolerantie, intoleranties, verzuimdagen, \
         ziektedagen, dagen verzuim, insuline",
    ),
    people(
        Class::Health,
        STRONG,
        "lengte cm, gewicht, gewicht kg, lichaamslengte, temperatuur, wond, overleden",
    ),
    says(
        Class::Ethnicity,
        SURE,
        "etniciteit, etnische afkomst, etnische achtergrond, afkomst, ras persoon, herkomst persoon, \
         migratieachtergrond, bevolkingsgroep, huidskleur, etnisch, land van herkomst, herkomstland",
    ),
    says(
        Class::Religion,
        SURE,
        "geloof, geloofsovertuiging, godsdienst, kerk, kerkgenootschap, levensovertuiging, religie, \
         kerkelijke gezindte, gezindte, parochie, levensbeschouwing, gedoopt, kerklid, kerkelijke gemeente, \
         doopdatum",
    ),
    says(
        Class::Politics,
        SURE,
        "politieke voorkeur, politieke partij, politieke overtuiging, partijlidmaatschap, stemvoorkeur, \
         politiek, partijvoorkeur, politieke gezindheid, stemgedrag",
    ),
    says(
        Class::Union,
        SURE,
        "vakbond, vakbondslid, vakbondslidmaatschap, lid vakbond, vakvereniging, vakbondscontributie, vakbond \
         lid, vakbondsnaam, ondernemingsraad lid",
    ),
    says(
        Class::Sexuality,
        SURE,
        "seksuele voorkeur, seksuele geaardheid, geaardheid, seksualiteit, seksuele orientatie, seksuele \
         gerichtheid, seksleven",
    ),
    says(
        Class::Biometric,
        SURE,
        "vingerafdruk, vingerafdrukken, gezichtsherkenning, biometrie, biometrisch, biometrische gegevens, \
         stemafdruk, gezichtsscan, handpalmscan, netvliesscan",
    ),
    says(
        Class::Genetic,
        SURE,
        "genetisch, genetische gegevens, dna profiel, erfelijk, erfelijkheid, erfelijke aandoening, \
         genetische test, genmutatie, dna test",
    ),
    says(
        Class::Offence,
        SURE,
        "strafblad, veroordeling, veroordelingen, delict, misdrijf, overtreding, strafbaar feit, \
         strafrechtelijk, justitieel, justitiele gegevens, vog, verklaring omtrent gedrag, detentie, \
         arrestatie, aangifte, fraude, reclassering, strafrechtelijke gegevens, proces verbaal, verdachte, \
         boete, fraudevermoeden, vonnis, gevangenisstraf, pv nummer, vog datum, winkelverbod, schorsing, \
         straf",
    ),
    people(
        Class::FreeText,
        STRONG,
        "opmerking, opmerkingen, toelichting, omschrijving, beschrijving, bericht, notitie, notities, \
         aantekening, aantekeningen, bijzonderheden, tekst, reden, motivatie, verslag, gespreksverslag, \
         samenvatting, commentaar, inhoud, vrije tekst, reactie, antwoord, vraag, uitleg, onderwerp, \
         memoveld, verhaal, over mij, boodschap, rapportage, evaluatie",
    ),
    says(
        Class::FreeText,
        USUAL,
        "opmerking, opmerkingen, bijzonderheden, notitie, notities, aantekeningen, aantekening, toelichting, \
         vrije tekst, gespreksverslag, bericht, memoveld, over mij, opm, bezorginstructie, bezorginstructies, \
         rapportage",
    ),
    says(
        Class::Nested,
        USUAL,
        "gegevens, oude waarde, nieuwe waarde, wijzigingen, formulierdata, inhoud json, oude gegevens, nieuwe \
         gegevens",
    ),
    says(
        Class::Image,
        STRONG,
        "foto, pasfoto, profielfoto, bijlage, bijlagen, foto url, scan id, paspoortscan, opname audio, \
         geluidsopname, portretfoto, afbeelding persoon, cv bestand",
    ),
    people(Class::Image, USUAL, "afbeelding, bestand, plaatje"),
    says(
        Class::Gender,
        SURE,
        "geslacht, sekse, gesl, man vrouw, mv, geslachtscode, geslachtsaanduiding, aanduiding geslacht, \
         voornaamwoord, voornaamwoorden, genderidentiteit",
    ),
    says(
        Class::BirthDate,
        SURE,
        "geboortedatum, geb datum, gebdat, gebdtm, geboren, geboren op, geboortedag, geboortejaar, \
         geboortemaand, geb jaar, verjaardag, datum geboorte, geb dt, dat geb, gbdat",
    ),
    says(Class::BirthDate, STRONG, "geboorte, geb"),
    says(
        Class::BirthPlace,
        SURE,
        "geboorteplaats, geb plaats, geboorteland, plaats geboorte, geboortestad, geboortegemeente, geboren \
         te, geb land, geb plts",
    ),
    says(
        Class::DeathDate,
        SURE,
        "overlijdensdatum, datum overlijden, overlijden, overleden, overleden op, sterfdatum, overl datum, \
         overlijdensjaar, ovldatum",
    ),
    says(Class::Age, SURE, "leeftijd, lft jaar, leeftijdsgroep, leeftijdscategorie, leeftijdsklasse, leeft"),
    says(
        Class::Nationality,
        SURE,
        "nationaliteit, nat code, nationaliteitcode, staatsburgerschap, verblijfsstatus, moedertaal, \
         verblijfstitel, nationaliteiten, asielstatus",
    ),
    says(
        Class::MaritalStatus,
        SURE,
        "burgerlijke staat, burgstaat, gehuwd, getrouwd, huwelijkse staat, huwelijksdatum, trouwdatum, \
         gescheiden, aantal kinderen, gezinssituatie, gezinssamenstelling, samenwonend, leefvorm, burgerl \
         staat, thuissituatie, huwelijk, gezinsgrootte, alleenstaand",
    ),
    says(
        Class::Job,
        STRONG,
        "beroep, functie, functienaam, functietitel, functieomschrijving, beroepsgroep, functiebenaming, \
         beroepsnaam, werkzaam als, functiecode, specialisme",
    ),
    says(
        Class::Education,
        STRONG,
        "opleiding, opleidingsniveau, schoolnaam, cijfer, cijfers, toets, toetscijfer, eindcijfer, \
         rapportcijfer, studie, studierichting, vooropleiding, schooladvies, examencijfer, leerjaar, groep \
         leerling, vakkenpakket, cito, cito score, beoordeling, studiepunten, tentamen, examenresultaat, \
         toetsresultaat, schooljaar, profielkeuze, eindexamen, studieresultaat, opleidingscode, resultaat \
         toets",
    ),
    says(
        Class::Interest,
        STRONG,
        "interesse, interesses, hobbys, voorkeuren, voorkeur, klantsegment, doelgroep, belangstelling, \
         lievelings, favorieten, klantprofiel, koopgedrag, leefstijl, vrijetijd, interessegebied, \
         interessegebieden, gedragsprofiel, persoonlijkheid",
    ),
    says(
        Class::Health,
        SURE,
        "dyslexie, dyscalculie, zorgleerling, orgaandonor, donorcodicil, letsel, zorgvraag, reanimatie, toediening, ziekteverlof, hulpmiddel",
    ),
    people(Class::Health, USUAL, "zorg, toestand, lengte"),
    says(Class::Offence, SURE, "antecedent, beschuldiging"),
    says(Class::Politics, SURE, "partijlid"),
    says(Class::Document, SURE, "reisdocnr, reisdocument, tachokaart, bestuurderskaart"),
    says(Class::PersonNumber, STRONG, "pasnr, toegangspas, badge nr, chipnr"),
    says(Class::NationalId, SURE, "owijsnr, onderwijsnr"),
    says(Class::Plate, SURE, "kenteken nr"),
    says(Class::Income, SURE, "studieschuld"),
    says(Class::Location, USUAL, "locatie, vindplaats, plaats incident"),
    says(Class::Label, USUAL, "kostenplaats, kostendrager, vestigingsplaats code"),
    says(Class::Measure, USUAL, "laadvermogen, vermogen kw, motorvermogen"),
];
