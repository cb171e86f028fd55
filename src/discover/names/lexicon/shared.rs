//! Words that all four languages write, and abbreviations.

use super::{Line, STRONG, SURE, USUAL, people, says};
use crate::discover::class::Class;

pub(super) static WORDS: &[Line] = &[
    says(
        Class::FreeText,
        STRONG,
        "motivationsschreiben, motivatiebrief, lettre de motivation, anschreiben, sollicitatiebrief",
    ),
    says(
        Class::Email,
        SURE,
        "email, mail address, email address, emailadres, mailadres, email adresse, mail adresse, emailaddr, \
         courriel, adresse email, adresse mail, adresse courriel, adresse electronique, mel, mailto, reply \
         to, contact email, cc email, bcc email",
    ),
    says(Class::Email, STRONG, "mail, email1, email2, mailaddr"),
    says(
        Class::Phone,
        SURE,
        "phone, telephone, mobile, cellphone, phone number, telephone number, mobile number, mobile phone, \
         telefoon, telefoonnummer, telefoonnr, tel nr, tel no, mobiel, mobielnummer, gsm, gsm nummer, \
         telefon, telefonnummer, telefonnr, handy, handynummer, mobil, mobilnummer, rufnummer, telefax, fax, \
         fax number, faxnummer, fax nr, numero telephone, numero de telephone, num tel, no tel, portable, \
         telephone portable, tel portable, tel mobile, tel fixe, phone no, msisdn, tel number, tel num, \
         mobile no, contact number, vast nummer, vaste lijn, festnetz, landline, 06 nummer, mobiltelefon, \
         whatsapp number, whatsapp nummer",
    ),
    says(
        Class::Phone,
        STRONG,
        "tel, tele, mob, cell, phone home, phone work, fixe, handy nr, mobil nr, tlf, fon, sms number, \
         doorkiesnummer, durchwahl",
    ),
    says(Class::Iban, SURE, "iban, iban number, iban nummer, iban nr, bank iban, code iban, numero iban"),
    says(Class::Bic, SURE, "bic, swift, swift code, bic code, bic swift, swift bic"),
    says(
        Class::Ip,
        SURE,
        "ip, ip address, ip addr, ip adres, ip adresse, adresse ip, remote ip, client ip, remote addr, remote \
         address, ipv4, ipv6, last ip, login ip, current sign in ip, last sign in ip, x forwarded for, signup \
         ip, author ip, created ip, last login ip, registration ip",
    ),
    says(
        Class::Mac,
        SURE,
        "mac address, mac addr, mac adres, mac adresse, adresse mac, hardware address, wlan mac, bluetooth \
         address",
    ),
    people(Class::Mac, USUAL, "mac"),
    says(
        Class::Device,
        SURE,
        "device id, device token, device uuid, device fingerprint, browser fingerprint, fingerprint hash, \
         imei, imsi, idfa, idfv, gaid, aaid, advertising id, android id, cookie, cookie id, visitor id, ga \
         client id, tracking id, device serial, push token, fcm token, apns token, udid, cookies, client \
         fingerprint, visitor uuid, anonymous id, device identifier, machine id",
    ),
    people(
        Class::Device,
        STRONG,
        "device, apparaat, geraet, appareil, device name, device info, serial number, serienummer, \
         seriennummer, numero serie, fingerprint, toestel",
    ),
    says(Class::UserAgent, SURE, "user agent, http user agent, browser agent, client agent, browser info"),
    says(Class::UserAgent, STRONG, "browser, navigateur, agent string, ua, browser version"),
    says(
        Class::Browsing,
        SURE,
        "referer, referrer, http referer, http referrer, search query, search term, search terms, search \
         phrase, zoekterm, zoekopdracht, suchbegriff, suchanfrage, terme recherche, page url, visited url, \
         visited page, landing page, page visited, clickstream, request uri, request url, entry page, exit \
         page, bezochte pagina, page visitee, besuchte seite, pages viewed, viewed products, query string, \
         recherche effectuee, browsing history, last page, referral url",
    ),
    people(
        Class::Browsing,
        USUAL,
        "request path, current url, uri, keyword, keywords, search, searches, utm source, utm campaign, utm \
         content, utm term, utm medium, gclid, fbclid, click id, pages",
    ),
    says(
        Class::PasswordHash,
        SURE,
        "password hash, pass hash, passwd hash, pwd hash, hashed password, encrypted password, password \
         digest, crypted password, wachtwoord hash, passwort hash, kennwort hash, hash mot de passe, pw hash, \
         hash pwd, password sha1, password md5, password bcrypt, password encrypted, password salt",
    ),
    says(Class::PasswordHash, STRONG, "password, passwd, user pass, user password"),
    says(
        Class::Password,
        SURE,
        "password, passwd, user pass, user password, passcode, pin, pin code, secret question, secret answer, \
         security question, security answer, password hint, security code answer, plain password, password \
         plain, wachtwoord, wachtw, ww, geheime vraag, geheim antwoord, veiligheidsvraag, passwort, passwd \
         plain, kennwort, geheimfrage, geheimantwort, sicherheitsfrage, mot de passe, mdp, code pin, question \
         secrete, reponse secrete, passphrase, pwd, pswd, psw, pw, old password, password history, initial \
         password, temp password, pinnummer, code secret",
    ),
    says(Class::PasswordHash, USUAL, "wachtwoord, passwort, kennwort, mot de passe, pwd, mdp, pw"),
    people(Class::Password, USUAL, "pass"),
    says(
        Class::Token,
        SURE,
        "token, access token, refresh token, api key, api token, api secret, auth token, remember token, \
         reset token, reset password token, password reset token, confirmation token, verification token, \
         activation token, activation key, activation code, verification code, invite token, invitation \
         token, session token, session key, session id, sess id, otp, otp secret, totp secret, two factor \
         secret, 2fa secret, 2fa, two factor recovery codes, recovery codes, backup codes, mfa secret, secret \
         key, private key, secret, client secret, app secret, shared secret, consumer secret, consumer key, \
         webhook secret, signing key, encryption key, csrf token, bearer, jwt, id token, oauth token, auth \
         key, auth code, salt, password reset key, reset code, login token, unsubscribe token, unsubscribe \
         key, ssh key, public key, pgp key, license key, licence key, user activation key, perishable token, \
         single access token, persistence token, email token, authentication token, sleutel api, rp token, \
         google 2fa, totp, hmac, sessie id, sitzungs id, jeton, jeton acces, cle api, cle secrete, clef api, \
         api sleutel, geheim, geheimnis, activatiecode, verificatiecode, aktivierungscode, bestaetigungscode, \
         code activation, code verification, unlock token, nonce, access key, access key id, secret access \
         key, uitnodigingscode, magic link, login link, hash key, security token, credential id, credential, \
         credentials json, vapid key, certificate, certificaat, zertifikat, certificat",
    ),
    says(
        Class::Token,
        USUAL,
        "hash, session, signature key, nonce value, auth, fingerprint key, passkey, password reset, security \
         stamp",
    ),
    says(
        Class::Setting,
        SURE,
        "smtp host, smtp server, smtp user, smtp username, smtp password, smtp port, mail host, mail server, \
         mail password, ftp host, ftp user, ftp password, ftp server, sftp host, db host, db password, db \
         user, database url, database password, connection string, dsn, webhook, webhook url, callback url, \
         endpoint, endpoint url, api url, api endpoint, base url, ldap host, ldap password, bind dn, ldap dn, \
         imap host, imap password, pop3 host, merchant key, merchant id, payment gateway key, stripe key, \
         paypal email, redirect uri, redirect url, notify url, proxy password, proxy url, sentry dsn, redis \
         url, amqp url, service url, server url, site url, webhook adres, verbindungszeichenfolge, chaine \
         connexion, callback uri, mandrill key, host name smtp, jdbc url",
    ),
    says(
        Class::Handle,
        SURE,
        "twitter, twitter handle, twitter name, facebook, facebook id, facebook url, instagram, linkedin, \
         linkedin url, linkedin profile, skype, skype id, skype name, whatsapp, telegram, telegram id, \
         tiktok, snapchat, discord, discord id, xing, github, github username, github id, icq, aim, yim, \
         jabber, msn, wechat, wechat id, line id, signal number, mastodon, bluesky, google plus, google id, \
         apple id, facebook user id, twitter id, linkedin id, social media, social handle, slack id, slack \
         handle, pinterest, youtube channel, yahoo, social id, provider user id, gamertag, orcid, steam id, \
         social profile, reddit",
    ),
    people(Class::Handle, STRONG, "handle, im, messenger, threema, matrix id, provider uid"),
    people(
        Class::Url,
        STRONG,
        "url, website, homepage, weblink, webseite, internetseite, site web, web, website url, blog url, \
         link, profile url, personal website, www, webadres, internetadres, hyperlink, lien, blog address, \
         portfolio url",
    ),
    says(
        Class::Latitude,
        SURE,
        "latitude, lat, breitengrad, breedtegraad, geo lat, gps lat, gps latitude, lat deg, coord lat, \
         lattitude",
    ),
    says(
        Class::Longitude,
        SURE,
        "longitude, lng, lon, long, laengengrad, lengtegraad, geo lng, geo lon, gps lng, gps lon, gps \
         longitude, coord lng, coord lon",
    ),
    says(
        Class::Location,
        SURE,
        "gps, gps location, gps position, gps coordinates, geo location, geopoint, coordinates, coordinaten, \
         koordinaten, coordonnees gps, lat lng, lat long, last location, current location, geom, geo \
         position, rd x, rd y, geohash, what3words, laatste locatie, verblijfplaats, aufenthaltsort, standort \
         gps, localisation, whereabouts, last known location, standplaats gps, check in location, locatie \
         gps, position gps, geocode",
    ),
    people(
        Class::Location,
        USUAL,
        "location, locatie, standort, geo, lieu, emplacement, geometry, point, place, coords, geodata",
    ),
    says(
        Class::Vat,
        SURE,
        "vat, vat number, vat nr, vat no, vat id, vat reg no, vat registration number, taxvat, btw nummer, \
         btw nr, btw id, omzetbelastingnummer, ustid, ust idnr, umsatzsteuer id, umsatzsteuer \
         identifikationsnummer, umsatzsteuernummer, uid nummer, numero tva, num tva, no tva, tva intracom, \
         tva intracommunautaire, numero tva intracommunautaire, n tva, tva numero, vat code number",
    ),
    says(Class::Vat, USUAL, "btw, tva"),
    says(
        Class::Kvk,
        SURE,
        "kvk, kvk nummer, kvk nr, kamer van koophandel, coc number, coc nr, coc, chamber of commerce number, \
         chamber of commerce, handelsregisternummer, handelsregister nr, handelsregister, hrb, hrb nummer, \
         siren, siret, numero siret, numero siren, rcs, company number, company registration number, company \
         reg no, registration number company, ondernemingsnummer, kbo nummer, kbo, bce, numero entreprise, \
         ein, crn, duns, duns number, trade register number, rsin, vestigingsnummer, business number, fein, \
         naf code, lei code",
    ),
    says(
        Class::Bsn,
        SURE,
        "bsn, bsn nummer, bsn nr, burgerservicenummer, sofinummer, sofinr, sofi, citizen service number",
    ),
    says(
        Class::Rijksregister,
        SURE,
        "rijksregister, rijksregisternummer, rijksregister nr, rrn, insz, insz nummer, niss, registre \
         national, numero registre national, numero national, nationaal nummer, numero niss, bis nummer, \
         national register number, belgian national number, rr nummer",
    ),
    says(
        Class::SteuerId,
        SURE,
        "steuer id, steuer idnr, steueridentifikationsnummer, steuer identnummer, steueridentnr, idnr steuer, \
         steuernummer, steuernr, german tax id, stnr, identifikationsnummer steuer, tin de",
    ),
    says(
        Class::Nir,
        SURE,
        "nir, numero securite sociale, num secu, numero secu, no secu, securite sociale, num securite \
         sociale, numero de securite sociale, insee number, num ss, no ss, numero ss, french social security \
         number, n secu, carte vitale",
    ),
    says(
        Class::Nino,
        SURE,
        "nino, national insurance, national insurance number, national insurance no, ni number, nat ins no",
    ),
    says(
        Class::Ssn,
        SURE,
        "ssn, social security, social security number, social security no, soc sec no, ss number, ssn last4, \
         ssn number, itin, socsec, social sec num",
    ),
    says(Class::Nhs, SURE, "nhs, nhs number, nhs no, nhs num, nhs nr"),
    says(
        Class::NationalId,
        SURE,
        "national id, national id number, national identity number, national identification number, \
         personnummer, personal number national, fodselsnummer, cpr, cpr nummer, hetu, henkilotunnus, pesel, \
         codice fiscale, cod fiscale, nif, nie, dni, cpf, curp, rut, ahv, ahv nummer, avs, numero avs, svnr, \
         sozialversicherungsnummer, sv nummer, rentenversicherungsnummer, rvnr, versicherungsnummer, \
         krankenversicherungsnummer, kvnr, versichertennummer, medicare number, medicare no, mbi, ppsn, pps \
         number, upn, onderwijsnummer, pgn, tax id, tax number, tax no, tax identification number, tin, \
         fiscal code, fiscaal nummer, fiscale code, numero fiscal, num fiscal, nif fr, spi, aadhaar, aadhar, \
         pan number, v nummer, vreemdelingennummer, a nummer, a nr, citizen id, identification number, \
         identificatienummer, government id, personal identification number, personal code, isikukood, rodne \
         cislo, birth number, oib, egn, cnp, amka, npi, dea number, agb code, big nummer, big nr, lanr, rpps, \
         adeli, utr, verzekerdennummer, ina nummer, ine, numero ine, numero assure, national number, \
         insurance number, health insurance number, zorgverzekeringsnummer, polisnummer zorg, \
         verzekeringsnummer, numero allocataire, identity number, personenkennzahl",
    ),
    says(
        Class::Document,
        SURE,
        "passport, passport number, passport no, passport nr, paspoort, paspoortnummer, paspoort nr, \
         passnummer, pass nr, reisepass, reisepassnummer, reisepass nr, personalausweis, \
         personalausweisnummer, ausweisnummer, ausweis nr, ausweis, id card, id card number, identity card, \
         identity card number, id number, id document, identiteitskaart, identiteitskaartnummer, id kaart, id \
         bewijs, identiteitsbewijs, legitimatie, legitimatienummer, legitimatiebewijs, rijbewijs, \
         rijbewijsnummer, rijbewijs nr, driving licence, driving license, drivers license, driver license, \
         driver licence, license number, licence number, drivers licence number, driver license number, dl \
         number, driving licence number, fuehrerschein, fuehrerscheinnummer, fuehrerschein nr, passeport, \
         numero passeport, num passeport, carte identite, carte d identite, cni, numero cni, piece identite, \
         piece d identite, permis conduire, permis de conduire, numero permis, num permis, residence permit, \
         residence permit number, verblijfsvergunning, verblijfsdocument, aufenthaltstitel, titre sejour, \
         titre de sejour, visa number, document number, documentnummer id, green card, alien number, id doc, \
         verblijfsvergunningnummer, visumnummer, work permit number",
    ),
    says(
        Class::Plate,
        SURE,
        "license plate, licence plate, plate number, number plate, plate no, registration plate, vehicle \
         registration, vehicle registration number, vrm, reg plate, kenteken, kentekennummer, nummerplaat, \
         kentekenplaat, kennzeichen, kfz kennzeichen, autokennzeichen, nummernschild, amtliches kennzeichen, \
         immatriculation, plaque immatriculation, plaque d immatriculation, plaque, numero immatriculation, \
         car registration, car plate, vehicle plate",
    ),
    people(Class::Plate, USUAL, "plate, licplate"),
    says(
        Class::Vin,
        SURE,
        "vin, vin number, vin nr, vehicle identification number, chassisnummer, chassis number, chassis no, \
         fahrgestellnummer, fin nummer, numero chassis, numero de chassis, meldcode, \
         fahrzeugidentifizierungsnummer, frame number",
    ),
    says(
        Class::Card,
        SURE,
        "card number, credit card, credit card number, cc number, cc no, ccnum, card no, pan, debit card, \
         debit card number, creditcardnummer, kaartnummer, kreditkarte, kreditkartennummer, kreditkarten nr, \
         kartennummer, carte bancaire, carte credit, carte de credit, numero carte, numero carte bancaire, \
         num carte, num cb, numero cb, betaalkaart, pasnummer, card num, masked card, card last4, cc last4, \
         last4, last four, card pan, cc number enc, payment card",
    ),
    says(
        Class::CardCode,
        SURE,
        "cvv, cvc, cvv2, cvc2, card cvv, card cvc, security code, cid code, cc cid, cc cvv, card \
         verification, cryptogramme, pruefziffer karte, kartenpruefnummer, card security code, cc exp, cc \
         expiry, cc exp month, cc exp year, card expiry, card exp, card expiration, card expiry date, card \
         exp month, card exp year, exp month, exp year, expiry month, expiry year, expiration month, \
         expiration year, card expires, kaart vervaldatum, vervaldatum kaart, karte gueltig bis, date \
         expiration carte, expiration carte, card valid thru, valid thru, cc expires, card expiration date",
    ),
];
