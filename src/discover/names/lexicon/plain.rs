//! Words that take meaning away or mean nothing alone, in all four languages: flags, labels, measures, moments, heads,
//! fillers. A column named with one of them is of no person by its name, unless a coded class stands beside it.

use super::{Head, Line, STRONG, SURE, Says, USUAL, head, opens, takes};
use crate::discover::class::Class;

pub(super) static WORDS: &[Line] = &[
    head(Head::Name, "name, naam, nom, libelle, bezeichnung, benaming"),
    head(
        Head::Number,
        "number, nummer, nr, no, num, numero, nbr, volgnummer, ref, reference, referentie, referenz",
    ),
    head(Head::Code, "code, kode, cd, kuerzel, afkorting, matchcode, zoekcode"),
    head(
        Head::Id,
        "id, key, pk, fk, uuid, guid, oid, rowid, uid, ids, identifier, external id, ext id, legacy id, \
         kennung, identifiant, sleutel, schluessel, cle",
    ),
    head(Head::Date, "date, datum, dt, dat, dte, dtm, day, dag, tag, jour"),
    opens(
        Class::Flag,
        SURE,
        "is, has, have, can, allow, allows, enable, enables, show, shows, use, uses, hide, needs, should, \
         was, did, does, will, must, accept, accepts, receive, receives, send, heeft, mag, toon, ist, hat, \
         darf, soll, est, peut, afficher, require, requires, wants, bl, bln, chk, flg, disable, include, \
         exclude, ignore, verstuur, notify",
    ),
    opens(
        Class::Measure,
        STRONG,
        "count, total, sum, avg, min, max, nb, nbre, nombre, anz, anzahl, aantal, qty, cnt, average, mean, \
         tot, totaal, summe, somme",
    ),
    opens(Class::Moment, STRONG, "last, first, laatste, letzte, dernier, derniere, laatst"),
    takes(
        Class::Flag,
        STRONG,
        "enabled, active, actif, active flag, actief, aktiv, valid, verified, required, allowed, confirmed, \
         flag, bool, boolean, yn, jn, opt in, opt out, deleted, disabled, visible, published, locked, \
         default, is default, archived, approved, hidden, public, private, accepted, agreed, subscribed, \
         unsubscribed, blocked, banned, suspended, expired, completed, processed, sent, paid, read, seen, \
         checked, selected, featured, inactive, anonymous, consent, verplicht, toegestaan, geverifieerd, \
         verwijderd, geblokkeerd, zichtbaar, inactief, betaald, gelezen, verzonden, bevestigd, akkoord, \
         goedgekeurd, toestemming, geloescht, gesperrt, sichtbar, gueltig, bestaetigt, bezahlt, gelesen, \
         inaktiv, freigegeben, einwilligung, valide, supprime, bloque, obligatoire, confirme, publie, \
         inactif, lu, envoye, paye, consentement, newsletter, nieuwsbrief, subscribe, notifications, email \
         notifications, email consent, email opt in, email opt out, sms opt in, do not call, do not email, \
         receive email, two factor enabled, mfa enabled, must change password, superuser, is staff, staff \
         flag, is admin, is superuser, ind, indicator, jn vlag, vlag, janee, ja nein, oui non, in stock, \
         returnable, taxable, shippable, is tax exempt, tax exempt, vat exempt, available, beschikbaar, \
         verfuegbar, disponible, autoload, readonly, editable, mandatory, optional, unique, nullable, system, \
         internal, external, online, offline, deprecated, closed, open, afgesloten, gesloten, done, klaar, \
         erledigt, termine, checkbox, sticky, pinned, moderated, current flag",
    ),
    takes(
        Class::Key,
        STRONG,
        "sku, ean, ean code, isbn, gtin, barcode, upc, slug, artikelnummer, artikelnr, artnr, article number, \
         productcode, order number, order no, ordernummer, ordernr, bestelnummer, bestellnummer, bestellnr, \
         invoice number, invoice no, factuurnummer, factuurnr, rechnungsnummer, rechnungsnr, numero commande, \
         numero facture, num facture, num commande, increment id, batch id, batch number, auftragsnummer, \
         auftragsnr, offertenummer, projectnummer, projectnr, projektnummer, code article, reference produit, \
         parent id, bonnummer, lieferscheinnummer, belegnummer, transactienummer, lot number, permalink, url \
         key, ouder id",
    ),
    takes(
        Class::Measure,
        USUAL,
        "position, weight, height, gewicht, gewicht kg, hoogte, hoehe, taille, groesse, balance, saldo, \
         solde, value, waarde, wert, valeur, temperature, temperatuur, number of, num of, level number, \
         result, hourly rate, credit limit, poids",
    ),
    takes(
        Class::Moment,
        STRONG,
        "at, on, op, am, le, eintritt, austritt, lid sinds, member since, mitglied seit, membre depuis, date adhesion",
    ),
    takes(
        Class::Measure,
        STRONG,
        "tax, belasting, steuer, taxe, contributie, cotisation, mitgliedsbeitrag, membership fee",
    ),
    takes(Class::Label, STRONG, "langcode, source, bron, quelle"),
    takes(
        Class::Label,
        USUAL,
        "state, meta key, option name, setting name, config name, class name, table name, column name, field name, \
         event name, model name, make, health check",
    ),
    takes(
        Class::Label,
        STRONG,
        "type, status, kind, category, mode, level, locale, language, lang, currency, priority, stage, \
         channel, unit, colour, color, theme, timezone, tz, currency code, language code, group, role, soort, \
         categorie, taal, taalcode, voorkeurstaal, valuta, munt, prioriteit, eenheid, kleur, groep, rol, \
         fase, kanaal, niveau, art, typ, kategorie, sprache, waehrung, prioritaet, einheit, farbe, gruppe, \
         rolle, etat, statut, langue, devise, priorite, unite, couleur, groupe, etape, canal, severity, \
         visibility, payment method, shipping method, method, betaalwijze, betaalmethode, verzendmethode, \
         zahlungsart, zahlungsweise, versandart, mode paiement, moyen paiement, format, formaat, mime type, \
         content type, extension, file type, datatype, input type, encoding, charset, collation, engine, \
         layout, frequency, scope, class, tier, plan, edition, brand, merk, marke, marque, model type, os, \
         platform, protocol, direction, richting, size code, tax class, customer group, user type, user role, \
         store view, website code, store code, interval, phase, zustand, stand, modus, type code, status \
         code, provider, driver, operator, afdeling, department, abteilung, departement, service type, code \
         type, variant, soortcode, guard name, view, rubrique",
    ),
    takes(
        Class::Measure,
        STRONG,
        "price, amount, amt, qty, quantity, count, cnt, total, subtotal, grand total, cost, discount, rate, \
         percent, percentage, pct, score, rank, sort order, sort, sequence, seq, version, size, width, \
         length, depth, duration, stock, avg, average, max, min, sum, points, rating, ordering, display \
         order, sort index, menu order, prijs, bedrag, aantal, korting, percentage btw, btw percentage, btw \
         bedrag, volgorde, totaal, subtotaal, voorraad, breedte, lengte, versie, duur, punten, kosten, preis, \
         betrag, menge, anzahl, rabatt, summe, reihenfolge, gesamtpreis, bestand, breite, laenge, dauer, \
         punkte, mwst, mwst satz, prix, montant, quantite, remise, taux, ordre, prix unitaire, largeur, \
         longueur, duree, stock quantite, tva montant, taux tva, vat rate, vat amount, tax amount, tax rate, \
         tax percent, shipping cost, shipping amount, fee, hits, views, clicks, likes, votes, attempts, \
         retries, failed logins, login count, failures, revision, capacity, capaciteit, kapazitaet, hours, \
         uren, stunden, heures, minutes, seconds, days, dagen, balance qty, unit price, line total, row \
         total, stukprijs, weight kg, lft, rgt, threshold, limit, quota, delta, factor, ratio, volume, \
         margin, marge, index, idx, order index, credits, menge bestellt, einzelpreis, stueckzahl, \
         verkaufspreis, verkoopprijs, inkoopprijs, einkaufspreis, regelnr, line number, row number, age days, \
         ttl, page count, file size, bytes, height px, width px, hourly rate cents",
    ),
    takes(
        Class::Moment,
        SURE,
        "created at, updated at, created on, updated on, created, updated, modified, modified at, modified \
         on, deleted at, date created, date updated, date modified, date added, last updated, last modified, \
         last login, last login at, last seen, last seen at, last activity, created date, creation date, \
         updated date, modified date, modification date, timestamp, ts, verified at, confirmed at, expires \
         at, expires, expiry, expiration, expiration date, expiry date, expire date, started at, ended at, \
         start date, end date, start time, end time, sent at, published at, processed at, completed at, \
         aangemaakt, aangemaakt op, gewijzigd, gewijzigd op, aanmaakdatum, wijzigingsdatum, mutatiedatum, \
         invoerdatum, ingangsdatum, einddatum, begindatum, startdatum, vervaldatum, orderdatum, besteldatum, \
         factuurdatum, laatst ingelogd, laatste login, tijdstip, tijd, erstellt, erstellt am, geaendert, \
         geaendert am, erstellungsdatum, aenderungsdatum, angelegt am, anlagedatum, enddatum, bestelldatum, \
         rechnungsdatum, letzter login, letzte anmeldung, zeitstempel, uhrzeit, gueltig ab, gueltig bis, \
         geldig vanaf, geldig tot, cree le, modifie le, date creation, date de creation, date modification, \
         date maj, date mise a jour, date debut, date de debut, date fin, date de fin, date commande, date \
         facture, derniere connexion, date ajout, date inscription, horodatage, order date, invoice date, \
         registered at, registration date, signup date, joined at, date joined, user registered, \
         inschrijfdatum, time, datetime, valid from, valid to, valid until, due date, due at, scheduled at, \
         last accessed, last used, last used at, login time, logout time, ctime, mtime, crdate, tstamp, hire \
         date, date of hire, in dienst, uit dienst, datum in dienst, datum uit dienst, eintrittsdatum, \
         austrittsdatum, date embauche, date d embauche, date sortie, termination date, password changed at, \
         email verified at, phone verified at, last visit, heure, year, jaar, jahr, annee, month, maand, \
         monat, mois",
    ),
    takes(
        Class::Moment,
        USUAL,
        "first seen, first seen at, until, since, sinds, seit, depuis, tot, bis, from date, changed, termin, van \
         datum, tot datum",
    ),
    (
        Says::Strips,
        "template, format string, regex, pattern, placeholder, mask, validator, validation, rule, prefix, \
         field, column, label, schema, model, hostname, host, port, domain, file name, bestandsnaam, \
         dateiname, nom fichier, nom du fichier, table name, column name, field name, class name, method \
         name, model name, event name, route, icon, css, html class, sjabloon, vorlage, modele, translation, \
         namespace, package, module, handler, callback, controller, action, command, queue, checksum, etag, \
         path, pad, pfad, chemin, query, step, queue name, setting name, option name, meta key, config name, \
         image name, original name, mime, meta title, meta description, meta keywords, meta keyword, seo \
         title, email template, email subject, sms template, attribute, attribut, merge field, sort by, \
         table, tabel, tabelle, parent, parents, children, server, database, db name, cron, expression, \
         formula, interface, hash algorithm, algorithm, server name, site name, app name, application name, \
         product name, category name, tag name, group name, role name, event title, language name",
    ),
    (
        Says::Fills,
        "of, the, de, du, des, la, les, van, der, den, het, een, von, fuer, zu, zur, zum, old, new, current, \
         previous, prev, primary, secondary, main, alt, alternate, alternative, other, home, work, business, \
         private address, billing, shipping, delivery, ship, to, by, in, and, en, et, und, oud, oude, nieuw, \
         nieuwe, huidig, huidige, vorig, vorige, hoofd, prive, zakelijk, werk, thuis, levering, alternatief, \
         overig, eerste, tweede, extra adres, alte, neu, neue, aktuell, privat, dienstlich, geschaeftlich, \
         zweite, ancien, nouveau, nouvelle, actuel, principal, principale, pro, perso, personnel, \
         personnelle, domicile, professionnel, facturation, livraison, default value, original, raw, full, \
         own, backup, legal, real, display, residential, permanent, personal, for, with, voor, met, mit, \
         pour, avec, sur, aan, bij, bei, a, b, m, billto, shipto, second, third, deux, zwei, lfd, self, \
         canonical, normalized, normalised, genormaliseerd, encrypted, enc, plain, masked, hashed, lower",
    ),
];
