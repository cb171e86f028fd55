//! Names of columns in four languages, as people write them: hits and traps.

use super::lexicon::{Head, Says, TABLES, When, lexicon};
use super::*;
use crate::discover::class::{CLASSES, Category, Class};

/// Tables as `name: column=class ...`; `-` is a column that must not be taken for one of a person.
static SCHEMAS: &[&str] = &[
    // English.
    "customers: id=person_key first_name=first_name last_name=last_name email=email phone=phone dob=birth_date \
     gender=gender created_at=moment updated_at=moment is_active=flag customer_no=person_number notes=free_text \
     password_hash=password_hash status=label credit_limit=income job_title=job last_login=moment",
    "users: id=person_key username=username name=full_name emailaddress=email remember_token=token \
     email_verified_at=moment two_factor_secret=token avatar=file bio=free_text last_login_ip=ip is_admin=flag \
     timezone=label failed_logins=measure password_changed_at=moment reset_password_token=token",
    "addresses: id=- street=street house_number=house_number address_line_1=address address2=address \
     postcode=postcode city=city state=region country=country latitude=latitude lng=longitude \
     is_default=flag address_type=label company=company name=full_name zip_code=postcode",
    "products: id=key sku=key name=- title=- description=- price=measure weight=measure height=measure \
     stock_qty=measure category_id=key is_active=flag sort_order=measure created_at=moment image=- \
     vat_rate=measure colour=label manufacturer_id=key slug=key tax_class=label",
    "employees: EmployeeID=person_key LastName=last_name FirstName=first_name Title=title BirthDate=birth_date \
     HireDate=moment Address=address City=city Region=region PostalCode=postcode Country=country \
     HomePhone=phone Photo=file Notes=free_text ReportsTo=- salary=income position=job department=label \
     emergency_contact_name=full_name union_member=union religion=religion passport_no=identity_document",
    "patients: patient_id=person_key mrn=person_number surname=last_name forename=first_name nhs_number=nhs \
     diagnosis=health blood_type=health allergies=health ethnicity=ethnicity sexual_orientation=sexuality \
     weight=health date_of_death=death_date next_of_kin=full_name is_smoker=health has_diabetes=health \
     marital_status=marital_status insurance_number=national_id dna_profile=genetic fingerprint=biometric \
     gp_name=full_name occupation=job place_of_birth=birth_place nationality=nationality age=age",
    "orders: id=key order_number=key customer_id=person_key customer_name=full_name customer_email=email \
     billing_address=address shipping_name=full_name total_amount=measure currency=label status=label \
     order_date=moment remote_ip=ip user_agent=user_agent gift_message=free_text coupon_code=- qty=measure \
     grand_total=measure is_paid=flag shipping_method=label discount=measure",
    "posts: id=key title=- slug=key status=label published_at=moment author_id=person_key views=measure",
    "countries: id=key name=- iso_code=- sort_order=measure is_enabled=flag",
    "payments: iban=iban bic=bic card_number=card cvv=card_code exp_month=card_code amount=measure \
     account_holder=full_name bank_account_number=bank_account card_last4=card paid_at=moment vat_number=vat \
     transaction_id=key payment_method=label sort_code=bank_account",
    "settings: smtp_password=setting smtp_host=setting api_key=token webhook_url=setting value=setting dsn=setting \
     autoload=flag client_secret=token",
    "sessions: session_id=token ip_address=ip user_agent=user_agent payload=nested last_activity=moment",
    "page_views: url=- referrer=browsing search_query=browsing cookie_id=device viewed_at=moment",
    "members: member_no=person_number twitter_handle=handle website=url interests=interest hobbies=interest \
     political_party=politics driving_licence=identity_document license_plate=plate vin=vin ssn=ssn \
     ni_number=nino national_id=national_id tax_id=national_id criminal_record=offence education_level=education \
     income=income gps_location=location device_token=device mac_address=mac signature=signature \
     initials=initials middle_name=first_name maiden_name=last_name salutation=title \
     number_of_children=marital_status birth_year=birth_date kvk=kvk company_name=company \
     apartment_number=house_addition security_answer=password pin_code=password otp=token",
    "templates: email_template=- phone_format=- name_pattern=- file_name=- hostname=- model=- \
     email_required=flag phone_count=measure num_employees=measure city_tax=measure cleanup_job=- race_id=ethnicity is_email_valid=flag email_status=label phone_type=label \
     email_enabled=flag address_format=- has_password=flag name_required=flag gender_count=measure",
    "film: film_id=key title=- description=- release_year=moment rental_rate=measure length=measure \
     rating=measure last_update=moment",
    "suppliers: supplier_id=key supplier_name=company contact_name=full_name contact_title=title phone=phone fax=phone \
     vat_no=vat homepage=url",
    "events: event_name=- start_time=moment end_time=moment capacity=measure location_id=key",
    "subscribers: email=email first=first_name last=last_name subscribed_at=moment list_name=- double_opt_in=flag \
     last_order=moment first_seen=moment list_id=key member_since=moment source=label",
    // Dutch.
    "klanten: klantnr=person_number voornaam=first_name tussenvoegsel=particle achternaam=last_name \
     voorletters=initials geslacht=gender geboortedatum=birth_date telefoonnummer=phone mobiel=phone \
     emailadres=email straat=street huisnr=house_number toevoeging=house_addition postcode=postcode \
     woonplaats=city land=country bsn=bsn iban=iban aanhef=title opmerkingen=free_text \
     aangemaakt_op=moment actief=flag kvk_nummer=kvk btw_nummer=vat wachtwoord=password bedrijfsnaam=company",
    "tblMedewerker: mdwnr=person_number strNaam=full_name txtEmail=email dtGeboorte=birth_date intLeeftijd=age \
     salaris=income functie=job afdeling=label datum_in_dienst=moment rekeningnummer=bank_account \
     burgerlijke_staat=marital_status nationaliteit=nationality vakbondslid=union geloof=religion \
     ziekmelding=health rijbewijsnummer=identity_document kenteken=plate vog=offence opleiding=education \
     uurloon=income personeelsnummer=person_number loonschaal=income",
    "relaties: id_relatie=person_key vnaam=first_name anaam=last_name gebdat=birth_date tel1=phone tel_prive=phone \
     mob=phone pc=postcode plaats=city adr_ln_1=address hnr=house_number gebplaats=birth_place \
     overlijdensdatum=death_date naam_contactpersoon=full_name soort_relatie=label",
    "patienten: diagnose=health medicatie=health huisarts=full_name bloedgroep=health allergieen=health \
     behandelplan=health seksuele_voorkeur=sexuality etniciteit=ethnicity vingerafdruk=biometric \
     genetische_gegevens=genetic politieke_voorkeur=politics strafblad=offence levensovertuiging=religion \
     dossiernummer=person_number leeftijd=age beroep=job gewicht=health verzekeringsnummer=national_id",
    "leerlingen: leerlingnummer=person_number roepnaam=first_name geboorteplaats=birth_place cijfer=education \
     school=education klas=- schooladvies=education naam_ouder=full_name onderwijsnummer=national_id foto=file \
     thuissituatie=marital_status hobbys=interest",
    "artikelen: artikelnr=key omschrijving=- prijs=measure aantal=measure voorraad=measure btw_percentage=measure \
     gewicht=measure naam=- kleur=label leverancier_id=key eenheid=label volgorde=measure actief=flag",
    "x_a: klantgeboortedatum=birth_date nieuwemailadres=email bezorgadres=address factuuradres=address \
     toestemming_nieuwsbrief=flag aantal_bestellingen=measure laatst_ingelogd=moment rijksregisternummer=rijksregister \
     paspoortnummer=identity_document gebruikersnaam=username inkomen=income schulden=income ipadres=ip \
     handtekening=signature zoekterm=browsing provincie=region uitkering=income",
    // German.
    "kunden: kundennr=person_number vorname=first_name nachname=last_name anrede=title geburtsdatum=birth_date \
     straße=street hausnummer=house_number plz=postcode ort=city telefon=phone handy=phone e_mail=email \
     ustidnr=vat steuernummer=steuer_id firma=company bemerkung=free_text erstellt_am=moment \
     geschlecht=gender land=country passwort=password kundengruppe=label bundesland=region aktiv=flag",
    "Mitarbeiter: PersonalNr=person_number Gehalt=income Konfession=religion Familienstand=marital_status \
     Staatsangehörigkeit=nationality Beruf=job Gewerkschaft=union Kontonummer=bank_account \
     Sozialversicherungsnummer=national_id SteuerID=steuer_id Geburtsort=birth_place Steuerklasse=income \
     Personalausweisnummer=identity_document Führerscheinnummer=identity_document Eintrittsdatum=moment \
     Schwerbehindert=health Kfz_Kennzeichen=plate Unterschrift=signature Ausbildung=education \
     Krankheitstage=health Benutzername=username Geburtsname=last_name Namenszusatz=particle Alter=age",
    "patienten_de: befund=health krankheit=health medikament=health krankenkasse=health blutgruppe=health \
     ethnische_herkunft=ethnicity sexuelle_orientierung=sexuality fingerabdruck=biometric gentest=genetic \
     vorstrafen=offence parteizugehoerigkeit=politics versichertennummer=national_id sterbedatum=death_date \
     diagnoseschluessel=health impfstatus=health hobbys=interest fahrgestellnummer=vin",
    "artikel: bezeichnung=- preis=measure menge=measure lagerbestand=- farbe=label rabatt=measure einheit=label",
    "bewerbungen: bewerber_name=full_name gehaltsvorstellung=income motivationsschreiben=free_text status=label \
     religionsunterricht=religion lebenslauf=file",
    // French.
    "clients: id_client=person_key nom=last_name prénom=first_name civilité=title date_naissance=birth_date \
     adresse=address code_postal=postcode ville=city pays=country téléphone=phone courriel=email \
     mot_de_passe=password date_creation=moment nb_commandes=measure numero_client=person_number \
     raison_sociale=company siret=kvk actif=flag commentaire=free_text sexe=gender",
    "salaries: matricule=person_number nom_de_famille=last_name numero_securite_sociale=nir salaire_brut=income \
     situation_familiale=marital_status syndicat=union nationalité=nationality lieu_naissance=birth_place \
     metier=job date_embauche=moment rib=bank_account diplome=education permis_conduire=identity_document \
     nb_enfants=marital_status arret_maladie=health casier_judiciaire=offence nom_usage=last_name",
    "patients_fr: diagnostic=health traitement=health groupe_sanguin=health origine_ethnique=ethnicity \
     orientation_sexuelle=sexuality empreintes_digitales=biometric test_genetique=genetic \
     opinion_politique=politics confession=religion medecin_traitant=full_name date_deces=death_date \
     antecedents=health lieudenaissance=birth_place datedenaissance=birth_date nomdefamille=last_name \
     numTel=phone adresseMail=email immatriculation=plate centres_interet=interest motif_consultation=health",
    "produits: libelle=- prix=measure quantite=measure stock=measure couleur=label montant_remise=measure",
];

fn cases() -> impl Iterator<Item = (&'static str, Vec<&'static str>, Vec<(&'static str, &'static str)>)> {
    SCHEMAS.iter().filter_map(|schema| {
        let (name, columns) = schema.split_once(':')?;
        let pairs: Vec<_> = columns.split_whitespace().filter_map(|pair| pair.split_once('=')).collect();
        Some((name, pairs.iter().map(|(column, _)| *column).collect(), pairs))
    })
}

#[test]
fn columns_are_what_they_are_called() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (name, names, pairs) in cases() {
        let table = table(name);
        for ((column_name, expected), named) in pairs.iter().zip(columns(&table, name, &names)) {
            let (class, score) = named.scores.best();
            let right = match Class::of(expected) {
                Some(expected) => class == expected && score >= 2.0,
                None => *expected == "-" && (!class.identifies() || score < 2.0),
            };
            count += 1;
            if !right {
                wrong.push(format!("{name}.{column_name}: {expected}, but {class:?} {score}"));
            }
            assert_eq!(named.scores, column(&table, name, column_name, &names).scores);
        }
    }
    assert!(count > 400, "{count} cases");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Returns what stands first for a name in a table.
fn best(table_name: &str, name: &str, others: &[&str]) -> Class {
    column(&table(table_name), table_name, name, others).scores.best().0
}

#[test]
fn a_word_in_need_of_context_gets_it_from_the_table_and_the_neighbours() {
    assert_eq!(best("customers", "name", &["id", "name", "email", "phone"]), Class::FullName);
    assert_eq!(best("t", "name", &["id", "name", "email", "phone"]), Class::FullName);
    assert_eq!(best("t", "name", &["name", "sku", "price", "qty", "stock"]), Class::Label);
    assert_eq!(best("t", "naam", &["voornaam", "naam", "email"]), Class::LastName);
    assert_eq!(best("t", "Name", &["Vorname", "Name", "Ort"]), Class::LastName);
    assert_eq!(best("companies", "name", &["id", "name"]), Class::Company);
    assert_eq!(best("persons", "title", &["title", "first_name"]), Class::Title);
    assert!(column(&table("books"), "books", "title", &["title"]).scores.of(Class::Title) < 1.0);
    assert_eq!(best("orders", "state", &["state", "total"]), Class::Label);
    assert_eq!(best("orders", "state", &["state", "city", "zip"]), Class::Region);
    assert_eq!(best("customer_history", "id", &[]), Class::PersonKey);
    // What all columns begin with says nothing.
    let tpc = ["c_first", "c_last", "c_city", "c_phone", "c_zip"];
    assert_eq!(tpc.map(|name| best("cust", name, &tpc))[2..], [Class::City, Class::Phone, Class::Postcode]);
}

#[test]
fn steps_of_a_path_say_whose_it_is() {
    let names = ["$.billing.email", "$.customer.name", "$.items[0].name", "$.billing.address.city"];
    assert_eq!(
        names.map(|name| best("orders", name, &names)),
        [Class::Email, Class::FullName, Class::Label, Class::City]
    );
    assert_eq!(best("t", "/order/customer/@id", &[]), Class::PersonKey);
}

#[test]
fn keys_say_what_they_point_to() {
    for (name, stem) in [
        ("customer_id", "customer"),
        ("CustomerID", "customer"),
        ("id_customer", "customer"),
        ("klantnr", "klant"),
        ("id_relatie", "relatie"),
        ("kunden_id", "kunde"),
        ("userid", "user"),
        ("numero_client", "client"),
        ("parent_product_id", "product"),
        ("last_order_id", "order"),
    ] {
        let named = column(&table("t"), "t", name, &[]);
        assert!(
            named.joins.as_ref().is_some_and(|joins| joins.contains(&stem.to_owned())),
            "{name}: {:?}",
            named.joins
        );
    }
    assert_eq!(table("tblKunden").stem, ["kunde"]);
    assert_eq!(
        table("addresses").stem,
        column(&table("t"), "t", "address_id", &[]).joins.unwrap_or_default()
    );
    assert_eq!(column(&table("t"), "t", "id", &[]).joins, None);
    assert_eq!(column(&table("t"), "t", "email", &[]).joins, None);
}

#[test]
fn tables_are_what_they_are_called() {
    for (name, role) in [
        ("customers", Role::Person),
        ("tbl_klant", Role::Person),
        ("KundenAdressen", Role::Address),
        ("sales_order", Role::Order),
        ("wp_usermeta", Role::KeyValue),
        ("user_sessions", Role::Session),
        ("customer_history", Role::History),
        ("customer_groups", Role::Lookup),
        ("Produkte", Role::Product),
        ("fournisseurs", Role::Organisation),
        ("xyzzy", Role::Unknown),
    ] {
        assert_eq!(table(name).role, role, "{name}");
    }
    assert_eq!(table("customer_history").of, Role::Person);
}

/// A phrase is found as it is written, and no meaning is said twice.
#[test]
fn no_words_are_shadowed_by_others() {
    let mut wrong = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for (says, phrases) in TABLES.iter().copied().flatten() {
        for phrase in phrases.split(',').map(str::trim) {
            let meaning = match says {
                Says::Class(class, _, when) => format!("{class:?} {}", *when == When::Always),
                Says::Takes(class, _) => format!("takes {class:?}"),
                Says::Opens(class, _) => format!("opens {class:?}"),
                other => format!("{other:?}"),
            };
            if !seen.insert((phrase.replace(' ', ""), meaning)) {
                wrong.push(format!("{phrase}: said twice"));
            }
            if !phrase.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b' ') {
                wrong.push(format!("{phrase}: not in small letters"));
            }
            let found = words::spans(&phrase.replace(' ', "_"));
            let one = found.iter().find_map(|span| span.entry).is_some_and(|entry| entry.says.contains(says));
            if found.len() != 1 || !one {
                wrong.push(format!(
                    "{phrase}: read as {:?}",
                    found.iter().map(|s| &s.text).collect::<Vec<_>>()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(lexicon().find("naam").is_some_and(|entry| entry.says.contains(&Says::Head(Head::Name))));
}

#[test]
fn every_class_of_people_is_reached_by_a_name() {
    let mut missing = Vec::new();
    for (class, about) in CLASSES {
        let reached = TABLES.iter().copied().flatten().any(|(says, phrases)| {
            matches!(says, Says::Class(of, ..) if of == class)
                && phrases.split(',').any(|phrase| {
                    best("persons", &phrase.trim().replace(' ', "_"), &["first_name", "email"]) == *class
                })
        });
        if !reached && about.category != Category::Plain && *class != Class::PersonKey {
            missing.push(about.word);
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn any_text_is_taken() {
    let letters: Vec<char> = "abcdeinrst_ABCEN019-.$[]/ éßÜ名İŉ\u{0}\u{301}\"'".chars().collect();
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..3000 {
        let mut text = || -> String { (0..next(40)).map(|_| letters[next(letters.len())]).collect() };
        let (name, one, two) = (text(), text(), text());
        let named = column(&table(&name), &name, &one, &[&one, &two]);
        assert!(CLASSES.iter().all(|(class, _)| named.scores.of(*class).is_finite()));
    }
    let long = "naamadresid".repeat(5000);
    assert!(columns(&table(&long), &long, &[&long, ""]).len() == 2);
}
