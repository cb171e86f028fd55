//! Words for what rows are and for whom columns belong to, in all four languages.

use super::{Line, owner};
use crate::discover::names::tables::Role;

pub(super) static WORDS: &[Line] = &[
    owner(Role::Employment, "bewerbung, sollicitatie, candidature, application form, vacature, vacancy"),
    owner(Role::Payment, "don, dons, gift payment, spende, donatie"),
    owner(
        Role::Person,
        "customer, cust, gp, zorgverlener, begeleider, mentor, casemanager, hulpverlener, client, clients, person, people, persons, employee, emp, patient, pat, student, \
         pupil, teacher, member, guest, visitor, subscriber, donor, volunteer, applicant, candidate, child, \
         father, mother, spouse, guardian, passenger, beneficiary, relative, doctor, physician, nurse, \
         practitioner, staff, worker, author, owner, recipient, sender, buyer, seller, agent, manager, sales \
         rep, salesperson, resident, citizen, voter, attendee, participant, instructor, reviewer, lead, \
         prospect, contact person, emergency contact, next of kin, cardholder, account holder, holder, \
         signatory, consignee, debtor, creditor, tenant, lessee, klant, kl, relatie, persoon, personen, \
         medewerker, medew, mdw, werknemer, patienten, leerling, docent, leraar, lid, leden, gast, bezoeker, \
         abonnee, donateur, vrijwilliger, kandidaat, sollicitant, ouder, kind, kinderen, vader, moeder, \
         voogd, bewoner, inwoner, burger, deelnemer, huurder, eigenaar, ontvanger, afzender, debiteur, debit, \
         crediteur, huisarts, arts, behandelaar, verpleegkundige, contactpersoon, rekeninghouder, \
         begunstigde, verzekerde, clienten, cursist, kunde, kd, kunden, mitarbeiter, ma, angestellter, \
         patientin, schueler, lehrer, mitglied, gaeste, besucher, abonnent, spender, bewerber, eltern, \
         kinder, vater, mutter, bewohner, einwohner, buerger, teilnehmer, mieter, vermieter, inhaber, \
         kontoinhaber, empfaenger, absender, debitor, kreditor, arzt, hausarzt, ansprechpartner, \
         versicherter, versicherte, sachbearbeiter, personal, personne, employe, salarie, eleve, etudiant, \
         enseignant, professeur, membre, adherent, invite, visiteur, abonne, benevole, candidat, pere, mere, \
         enfant, conjoint, tuteur, habitant, citoyen, locataire, proprietaire, destinataire, expediteur, \
         medecin, titulaire, beneficiaire, assure, interlocuteur, usager, personnes, collaborateur, crew, \
         player, speler, spieler, joueur, pensioner, heir, partner, kontaktperson, huishouden, household, \
         haushalt, foyer",
    ),
    owner(
        Role::Organisation,
        "organisation, organization, org, supplier, vendor, manufacturer, distributor, employer, dealer, \
         franchise, merchant, shop, institution, agency, charity, club, leverancier, lev, organisatie, \
         fabrikant, werkgever, instelling, vereniging, lieferant, lief, hersteller, arbeitgeber, haendler, \
         verein, einrichtung, fournisseur, fabricant, employeur, etablissement, association, organisme, \
         concern, subsidiary, praktijk, praxis, kantoor, gemeente, insurer, verzekeraar, krankenkasse, \
         zorgverzekeraar, mutuelle, carrier, vervoerder, hospital, ziekenhuis, krankenhaus, hopital",
    ),
    owner(
        Role::Account,
        "user, usr, login, account, acct, accounts, admin, administrator, gebruiker, gebr, beheerder, \
         benutzer, nutzer, konto, konten, utilisateur, compte, auth user, identity, profile, profiel, profil, \
         operator user",
    ),
    owner(Role::Address, "address book, adresboek, adressbuch, carnet adresses"),
    owner(Role::Contact, "contact, contacts, kontakt, kontakte, contactgegevens, kontaktdaten, coordonnees"),
    owner(
        Role::Product,
        "product, prod, item, artikel, goods, catalog, catalogue, inventory, warehouse stock, part, parts, \
         sku item, produkt, ware, produit, assortiment, katalog, vehicle, car, voertuig, fahrzeug, vehicule, \
         book, boek, buch, livre, film, movie, album, track, song, recipe, room type, property, option, \
         attribute set, bundle, price list, prijslijst, preisliste, material, ingredient, asset, equipment, \
         machine, tool, game, project, projekt, projet, projecten, stock item, shipment item, voorraad \
         artikel, lager, magazijn, warehouse, entrepot",
    ),
    owner(
        Role::Place,
        "countries, cities, region list, places, room, kamer, zimmer, salle, building, gebouw, gebaeude, \
         batiment, store, branch, filiale, filiaal, vestiging, site, venue, station, zone, floor, landen, \
         laender, staedte, villes, plaatsen, gemeenten",
    ),
    owner(
        Role::Config,
        "config, configuration, cfg, conf, setting, settings, instellingen, einstellung, einstellungen, \
         konfiguration, parametre, parametres, parameter, preference, preferences, option set, env, \
         environment, configuratie, sysconfig",
    ),
    owner(
        Role::KeyValue,
        "meta, metadata, key value, eav, registry, properties, extra fields, custom fields, usermeta, \
         postmeta",
    ),
    owner(
        Role::Log,
        "log, logs, audit, logging, protokoll, journal, logboek, trace, activity, tracking, failed jobs, \
         queue log, request, requests, visit, pageview, hit, click, weblog, access log, changelog, migration, \
         bezoek",
    ),
    owner(Role::Session, "session, sessions, sessie, sitzung"),
    owner(
        Role::History,
        "history, hist, historie, geschiedenis, historique, archive, archief, archiv, snapshot, revisions, \
         old versions, backup copy, verlauf, shadow, grid, deleted rows",
    ),
    owner(
        Role::Order,
        "order, orders, sales order, quote, cart, basket, checkout, purchase, shipment, delivery note, \
         booking, reservation, rental, bestelling, winkelwagen, offerte, levering regel, boeking, \
         reservering, opdracht, bestellung, auftrag, warenkorb, angebot, lieferung, lieferschein, buchung, \
         reservierung, commande, panier, devis, expedition, line item, orderregel, contract, vertrag, \
         contrat, subscription, abonnement, sale, sales, verkoop, verkauf, vente, return, retour, wishlist, \
         ticket, case, zaak, vorgang, donation, gift, gift card, voucher, coupon, policy, polis, police",
    ),
    owner(
        Role::Payment,
        "payment, invoice, inv, transaction, trx, txn, refund, creditmemo, credit note, betaling, factuur, \
         fact, transactie, incasso, mandaat, creditnota, zahlung, rechnung, re, transaktion, gutschrift, \
         mandat, lastschrift, paiement, facture, remboursement, prelevement, wallet, ledger, boekhouding, \
         bank, kasse, mandate, receipt, bon, beleg",
    ),
    owner(
        Role::Health,
        "encounter, admission, treatment plan, appointment medical, observation, opname, behandeling, \
         consult, dossier, behandlung, aufnahme, sprechstunde, patientenakte, consultation, hospitalisation, \
         rendez vous medical, clinical, ward, care, zorg, episode, lab, labo, labor, specimen, vaccin",
    ),
    owner(
        Role::Education,
        "course, class group, enrolment, enrollment, cursus, inschrijving, vak, klas, kurs, einschreibung, \
         klasse, cours, inscription, classe, matiere, lesson",
    ),
    owner(
        Role::Employment,
        "employment, contract employee, leave, absence, timesheet, dienstverband, arbeidscontract, verlof, \
         verzuim, urenregistratie, arbeitsvertrag, urlaub, zeiterfassung, conge, emploi, contrat travail, \
         shift, dienst, rooster, schicht, planning",
    ),
    owner(
        Role::Lookup,
        "type list, types, statuses, categories, groups, roles, lookup, enum, ref table, codes, soorten, \
         rollen, groepen, gruppen, kategorien, arten, groupes, stamtabel, codetabel, dictionary, domain \
         values, list values, permission, permissions, recht, rechten, berechtigung, droit, privilege, \
         category list, tags, tag cloud, currencies, languages, units, term, terms, taxonomy, option list, \
         menu, widget, plugin, feature, faq",
    ),
    owner(
        Role::Event,
        "event, appointment, task, job, meeting, calendar, schedule, todo, afspraak, taak, agenda, evenement, \
         termine, aufgabe, kalender, ereignis, veranstaltung, rendez vous, tache, calendrier, workflow, \
         process, campaign, campagne, kampagne, survey, enquete, umfrage, sondage, questionnaire, poll, \
         question, vraag, frage, answer, antwoord, antwort, reponse, project task",
    ),
    owner(
        Role::Document,
        "documents, upload, uploads, files, media, bestanden, dateien, dokumente, fichiers, gallery",
    ),
    owner(
        Role::Message,
        "messages, mails, sms, chat, conversation, thread, inbox, outbox, mailing, berichten, nachrichten, \
         notification, melding, benachrichtigung, email queue, mail queue, mailbox, comments, reacties, \
         kommentare, commentaires, feedback",
    ),
    owner(
        Role::Content,
        "page, post, posts, blog, article, content, news, nieuws, pagina, seite, beitrag, inhalt, contenu, \
         forum, topic, wiki, cms, block, template list, templates, banner, review text, portfolio",
    ),
    owner(
        Role::Secret,
        "tokens, api keys, credentials, oauth, password resets, password reset, personal access tokens, \
         secrets, keys",
    ),
];
