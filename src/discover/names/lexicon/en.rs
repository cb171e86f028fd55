//! English words.

use super::{HINT, Line, STRONG, SURE, Says, USUAL, When, people, says};
use crate::discover::class::Class;

pub(super) static WORDS: &[Line] = &[
    says(
        Class::FirstName,
        SURE,
        "first name, given name, given names, forename, christian name, fname, name first, first names, \
         given, preferred name, known as, call name, baptismal name",
    ),
    says(Class::FirstName, STRONG, "middle name, mname, second name, name middle, first nm, middle"),
    says(
        Class::LastName,
        SURE,
        "last name, surname, family name, lname, name last, maiden name, birth name, mothers maiden name, \
         mother maiden name, sname, married name, last nm, name family, father surname",
    ),
    people(Class::LastName, USUAL, "family"),
    people(Class::LastName, STRONG, "last"),
    people(Class::FirstName, STRONG, "first"),
    people(Class::FullName, STRONG, "requester, requestor"),
    says(
        Class::Particle,
        SURE,
        "name prefix particle, surname prefix, last name prefix, name particle, family name prefix, particle",
    ),
    says(Class::Initials, SURE, "initials, middle initial, first initial, name initials, initial"),
    says(
        Class::Title,
        SURE,
        "salutation, honorific, name title, name suffix, courtesy title, form of address, honorific prefix, \
         honorific suffix, name prefix, academic title, greeting name, postnominal",
    ),
    people(Class::Title, USUAL, "title, suffix"),
    says(
        Class::FullName,
        SURE,
        "full name, display name, person name, contact name, contact person name, real name, legal name, \
         complete name, name on card, cardholder name, account holder name, recipient name, beneficiary name, \
         author name, nice name, customer full name, attn, attention, care of, in care of, sender name, from \
         name, to name, emergency contact name, next of kin name, billing name, shipping name, signed by, cc \
         owner, card owner, contact person, next of kin, emergency contact, account holder, cardholder, \
         payee, payer name, signatory name, common name, player name, guest name, full nm, alias, aka, alias \
         name, fathers name, mothers name, spouse name, addressee, buyer name",
    ),
    people(
        Class::FullName,
        USUAL,
        "recipient, sender, author, assignee, payer, passenger, attendee, guest, signer, salesperson, sold \
         to, ordered by, requested by, handled by, approver, reporter, caller, witness",
    ),
    says(
        Class::Username,
        SURE,
        "username, login name, user login, screen name, nickname, nick, account name, logon name, logon, windows account, ad account, sam account name, user principal name, login id, \
         user handle, unix name",
    ),
    people(Class::Username, STRONG, "login, user"),
    says(
        Class::Username,
        USUAL,
        "created by, updated by, modified by, deleted by, changed by, entered by, added by, last modified by, \
         last updated by, edited by, author login, approved by, assigned to",
    ),
    says(
        Class::PersonKey,
        USUAL,
        "created by, updated by, modified by, deleted by, changed by, entered by, added by, last modified by, \
         last updated by, edited by, approved by, assigned to",
    ),
    says(
        Class::PersonKey,
        STRONG,
        "owner id, author id, assignee id, assigned user id, created by id, creator id",
    ),
    says(
        Class::Signature,
        SURE,
        "signature, signature image, digital signature, sign image, autograph, signature data",
    ),
    says(
        Class::Street,
        SURE,
        "street, street name, address street, street address name, road, road name, thoroughfare, avenue",
    ),
    says(
        Class::HouseNumber,
        SURE,
        "house number, house no, house nr, street number, street no, street nr, building number, address \
         number, civic number",
    ),
    says(
        Class::HouseAddition,
        SURE,
        "house number addition, house number suffix, house number ext, number addition, apartment number, \
         apartment, apt, apt number, apt no, flat number, unit number, suite, suite number, house addition, \
         address addition, flat, house number extension, door number, floor number",
    ),
    says(
        Class::AddressLine,
        SURE,
        "address, addr, address line, address line1, address line 2, street address, address1, address2, \
         address3, addr1, addr2, addr line 1, adr line, home address, postal address, mailing address, \
         billing address, shipping address, delivery address, residence, domicile address, po box, full \
         address, ship address, bill address, line1, line2, residence address, visiting address, street1, \
         street2, street line 1, street line 2, address text, living address",
    ),
    says(
        Class::Postcode,
        SURE,
        "postcode, postal code, zip, zip code, zip5, zip plus4, post zip, zip postal, postal, postal zip",
    ),
    says(
        Class::City,
        SURE,
        "city, town, city name, place of residence, town city, hometown, post town, city of residence, \
         address city, village, municipality, locality, suburb",
    ),
    people(Class::City, HINT, "district, borough, neighborhood, neighbourhood"),
    says(
        Class::Region,
        STRONG,
        "province, county, region name, state province, state code, state name, state or province, county \
         name, governorate, prefecture, state prov",
    ),
    (Says::Class(Class::Region, STRONG, When::Address), "region, state, region code, area, canton"),
    (
        Says::Class(Class::Setting, STRONG, When::Settings),
        "value, waarde, wert, valeur, option value, setting value, config value, meta value, val, content, data",
    ),
    says(
        Class::Country,
        STRONG,
        "country, country code, country name, country iso, country iso2, country of residence, iso country, \
         ctry, residence country",
    ),
    says(
        Class::Company,
        SURE,
        "company, company name, organisation name, organization name, employer, employer name, business name, \
         trade name, trading name, firm, corporate name, firm name, account company, current employer, \
         company legal name, organisation, organization, doing business as, dba",
    ),
    people(
        Class::Company,
        USUAL,
        "vendor name, supplier name, institution name, workplace, merchant name, client name company, \
         corporation, business",
    ),
    says(
        Class::BankAccount,
        SURE,
        "bank account, bank account number, bank account no, account number bank, sort code, routing number, \
         routing no, aba number, aba routing, giro, bank acct, bank acct no, bank number, bban, deposit \
         account, bank details, bank info",
    ),
    people(
        Class::BankAccount,
        STRONG,
        "account number, account no, acct no, acct number, acct num, account nr",
    ),
    says(Class::Bic, USUAL, "bank code, bank name, bank identifier"),
    says(
        Class::Income,
        SURE,
        "salary, income, wage, wages, gross salary, net salary, annual salary, monthly salary, annual income, \
         monthly income, household income, base salary, bonus amount, pay rate, hourly wage, hourly pay, \
         compensation, credit score, net worth, debt, debts, debt amount, gross pay, net pay, remuneration, \
         salary scale, pay grade, payscale, pension, pension amount, alimony, benefit amount, credit limit, \
         stipend, earnings, hourly rate, salary amount, yearly income, base pay, fico, fico score, tax \
         withheld, bonus, salary band, loan amount, credit rating",
    ),
    people(
        Class::Income,
        USUAL,
        "pay, payroll, balance, account balance, overdue amount, grade pay, allowance",
    ),
];

pub(super) static MORE: &[Line] = &[
    says(
        Class::PersonNumber,
        SURE,
        "customer number, customer no, customer nr, customer num, customer code, customer ref, client number, \
         client no, client code, employee number, employee no, employee nr, employee code, emp no, emp num, \
         staff number, staff no, payroll number, payroll no, personnel number, patient number, patient no, \
         mrn, medical record number, medical record no, hospital number, chart number, member number, member \
         no, membership number, membership no, membership id, student number, student no, student code, \
         matriculation number, loyalty number, loyalty card number, loyalty card, frequent flyer number, \
         badge number, badge no, badge id, library card number, library card, account ref, subscriber number, \
         policy holder number, contact number id, donor number, voter number, voter id, customer account \
         number, debtor number, debtor no, employee badge, personal number, person number, registration \
         number student, case file number, policy number, roll number, prisoner number",
    ),
    says(
        Class::Health,
        SURE,
        "health, diagnosis, diagnoses, diagnosis code, icd10, icd code, icd9, icd, medication, medications, \
         medicine, prescription, drug, drug name, dosage, dose, treatment, therapy, allergy, allergies, \
         disease, illness, symptom, symptoms, disability, disabilities, medical history, medical notes, \
         medical condition, medical conditions, health condition, health status, health insurance, health \
         notes, blood type, blood group, blood pressure, heart rate, bmi, body mass index, pregnant, \
         pregnancy, smoker, smoking, smoking status, alcohol use, alcohol, vaccination, vaccine, vaccinated, \
         immunization, immunisation, lab result, lab results, test result, hiv status, hiv, sick leave, sick, \
         sick days, sickness, reason for absence, absence reason, chief complaint, complaint medical, \
         surgery, procedure code, operation medical, findings, anamnesis, dietary requirements, diet, \
         wheelchair, special needs, care plan, triage, cause of death, mental health, addiction, impairment, \
         atc code, snomed, snomed code, loinc, loinc code, clinical notes, prognosis, referral reason, wound, \
         glucose, cholesterol, temperature body, medical, injury, accident injury, ward, physician notes, \
         covid, covid status, sleep, steps, calories, epilepsy, diabetes, diabetic, cancer, asthma, handicap, \
         rehabilitation, admission reason, presenting complaint, health insurance name, health insurance \
         provider, health insurer, drug code, route of administration, hba1c, insulin, insulin dose, dsm, dsm \
         code, dsm5, last period, last menstrual period, lmp, absence days, days absent, days of absence, \
         chemotherapy, dialysis",
    ),
    people(
        Class::Health,
        STRONG,
        "height, weight, pulse, condition, procedure, temperature, body weight, body height, vitals, result \
         value, deceased",
    ),
    says(
        Class::Ethnicity,
        SURE,
        "ethnicity, ethnic, ethnic origin, ethnic group, race, racial origin, ethnic background, migration \
         background, tribe, skin color, skin colour, ancestry, descent, caste, indigenous status, ethnic code",
    ),
    says(
        Class::Religion,
        SURE,
        "religion, religious, religious belief, denomination, faith, belief, church, church membership, \
         religious affiliation, religion code, parish, creed, confession, baptised, baptized, baptism, \
         baptism date, church member, philosophical belief",
    ),
    says(
        Class::Politics,
        SURE,
        "political, political party, political affiliation, political opinion, political view, political \
         views, party affiliation, party membership, voting preference, voted for, political preference, \
         party member, politics, party registration, political orientation",
    ),
    says(
        Class::Union,
        SURE,
        "union, union member, union membership, trade union, trade union membership, labor union, labour \
         union, union name, union dues, union code, works council member",
    ),
    says(
        Class::Sexuality,
        SURE,
        "sexual orientation, sexuality, sexual preference, sex life, sexual history, lgbt, lgbtq, gender \
         orientation, interested in gender, looking for gender, sexual identity",
    ),
    says(
        Class::Biometric,
        SURE,
        "biometric, biometrics, biometric data, biometric template, fingerprint, fingerprints, fingerprint \
         template, fingerprint data, face encoding, face embedding, face template, face id, facial, facial \
         recognition, iris, iris scan, retina, retina scan, voice print, palm print, face vector, face \
         descriptor, faceprint, hand geometry, finger template, voice sample",
    ),
    says(
        Class::Genetic,
        SURE,
        "genetic, genetics, genetic data, dna, dna profile, dna sample, genome, genotype, gene, karyotype, \
         snp, genetic test, genetic marker, genetic test result, hereditary, haplotype, gene variant, gene \
         mutation, brca, brca status, dna sequence, phenotype, exome",
    ),
    says(
        Class::Offence,
        SURE,
        "offence, offense, conviction, convictions, criminal, criminal record, criminal history, criminal \
         conviction, arrest, arrested, arrest record, crime, police record, police report, felony, felonies, \
         sentence, prison, probation, background check, dbs check, dbs, fraud, fraud flag, fraud suspicion, \
         suspect, charge criminal, penalty points, traffic violation, violation, court case, court order, \
         restraining order, blacklist reason, incarcerated, dui, misdemeanor, parole, dbs number, background \
         check result, disciplinary action, disciplinary, penal record, inmate",
    ),
    people(
        Class::FreeText,
        STRONG,
        "note, notes, comment, comments, remark, remarks, memo, description, message, body, bio, biography, \
         about me, about, summary, annotation, observations, narrative, detail, details, text, free text, \
         additional info, additional information, other information, explanation, reason, special \
         instructions, delivery instructions, instructions, gift message, feedback, answer, answer text, \
         motivation, cover letter, internal note, internal notes, testimonial, review, review text, content, \
         post content, message body, body text, body html, report text, subject line, status text, quote \
         text, complaint, response text, history text, transcript, conversation, chat log, conclusion, \
         excerpt",
    ),
    says(
        Class::FreeText,
        USUAL,
        "notes, remarks, comments, message, free text, comment, internal note, internal notes, customer note, \
         order comment, message body, delivery instructions, gift message, bio, biography, about me, chat \
         log, transcript, memo, customer notes, admin notes, user notes, private note, case notes, visit \
         notes, call notes",
    ),
    people(Class::FreeText, USUAL, "subject"),
    says(
        Class::Nested,
        USUAL,
        "json, payload, data, properties, params, parameters, extra, extra data, attributes, metadata, meta \
         value, serialized, xml, raw data, raw, context, request body, response body, request data, response \
         data, form data, additional data, additional information json, custom fields, old values, new \
         values, old value, new value, before, after, changes, diff, snapshot, blob data, profile data, user \
         data, customer data, session data, settings json, details json, event data, object data, body json, \
         raw payload, request payload, headers, request headers, document data, value json, config json, \
         vcard, ical, custom data, info json, options json, hl7, fhir, post data, post vars, audit data, old \
         data, new data, original data, row data, entity data, submission, form values",
    ),
    says(
        Class::Image,
        STRONG,
        "photo, avatar, picture, profile picture, profile image, profile photo, portrait, headshot, passport \
         photo, passport scan, id scan, scan, attachment, attachments, pdf, document scan, cv, resume, \
         curriculum vitae, cv file, resume file, photo url, avatar url, picture url, selfie, photograph, \
         thumbnail photo, voice recording, recording, audio, x ray, mri, document file, signed document, \
         contract file, file content, file data, attachment data, photo blob, gravatar, profile pic, video",
    ),
    people(
        Class::Image,
        USUAL,
        "image, file, document, blob, image url, thumbnail, binary, media, upload, img",
    ),
    says(
        Class::Gender,
        SURE,
        "gender, sex, gender code, gender id, gender identity, pronoun, pronouns, male female, mf, sex code, \
         birth sex, is male, is female, male, female",
    ),
    says(
        Class::BirthDate,
        SURE,
        "date of birth, birth date, birthday, dob, birth year, year of birth, birth month, month of birth, \
         day of birth, born, born on, date birth, birth dt, yob, born date, birth time, birth",
    ),
    says(
        Class::BirthPlace,
        SURE,
        "place of birth, birth place, city of birth, birth city, town of birth, country of birth, birth \
         country, born in, birth location, birth state, pob",
    ),
    says(
        Class::DeathDate,
        SURE,
        "date of death, death date, deceased date, date deceased, deceased on, deceased at, dod, death year, \
         died on, died, date died, deceased, death",
    ),
    says(
        Class::Age,
        SURE,
        "age, age years, age group, age range, age band, age in years, age at admission, age category, \
         patient age, current age",
    ),
    says(
        Class::Nationality,
        SURE,
        "nationality, citizenship, citizen of, country of citizenship, nationality code, country of origin, \
         country origin, immigration status, residency status, residence status, citizenship status, mother \
         tongue, native language, visa status, visa type",
    ),
    says(
        Class::MaritalStatus,
        SURE,
        "marital status, marital, civil status, married, marriage date, date of marriage, relationship \
         status, number of children, num children, children count, dependents, number of dependents, no of \
         children, family status, divorced, widowed, family size, household size, single parent, has \
         children, marriage, family composition, wedding date, household composition",
    ),
    says(
        Class::Job,
        STRONG,
        "job title, occupation, profession, job function, function title, position title, employment \
         title, job role, job description, designation, vocation, career, job name, current job, work title, \
         professional title, business title, trade occupation, job position, speciality, specialty, \
         specialization, employment",
    ),
    people(Class::Job, STRONG, "position, job"),
    people(Class::Job, USUAL, "function"),
    says(
        Class::Education,
        STRONG,
        "education, education level, degree, diploma, school, school name, university, college, \
         qualification, qualifications, gpa, grade, grades, exam result, exam score, exam grade, final grade, \
         test score, graduation year, graduation date, major, field of study, student grade, alma mater, \
         highest education, educational background, certifications, report card, transcript grade, course of \
         study, study, study program, iq, mark, marks, skills, language skills, graduated, sat score, exam \
         mark, letter grade, class rank, school year, degree type, special education, learning disability, \
         highest degree, reading level",
    ),
    says(
        Class::Interest,
        STRONG,
        "interest, interests, hobby, hobbies, likes dislikes, preferences profile, segment, segments, \
         customer segment, lifestyle, persona, personality, personality type, favorite, favorites, favourite, \
         favourites, favorite color, buying behavior, buying behaviour, purchase behavior, propensity, \
         propensity score, churn score, lead score, rfm score, engagement score, profile score, behavior \
         score, marketing profile, affinity, affinities, topics of interest, sports interest, purchase \
         history, favorite team, favourite sport, audience segment, customer lifetime value, clv, risk \
         profile, behavior, behaviour, churn risk, favorite food, browsing profile",
    ),
    says(
        Class::Health,
        SURE,
        "injuries, dyslexia, organ donor, read code, bp sys, bp dia, fit note, sick note, screening result, mobility aid, next of kin consent",
    ),
    says(Class::Offence, SURE, "allegation, allegations, disciplinary outcome"),
    says(Class::Politics, SURE, "pep, pep flag, politically exposed"),
    says(Class::BankAccount, STRONG, "account number, acct number, account no, acct no"),
    says(Class::CardCode, STRONG, "card valid to"),
    says(
        Class::PersonNumber,
        STRONG,
        "smartcard, badge, gmc, gmc number, clock no, loyalty no, leid, euid, external id, swipe card",
    ),
    says(Class::Password, SURE, "door code, gate code, alarm code, safe code, sec answer"),
    says(Class::Token, SURE, "totp seed, otp seed, seed, recovery code, backup code"),
    people(
        Class::PersonKey,
        USUAL,
        "author, owner, assignee, reviewer, approver, analyst, gp, mentor, coach, tutor",
    ),
    says(Class::Income, STRONG, "student loan"),
    people(Class::Income, STRONG, "bal, rate"),
    says(Class::Interest, USUAL, "tags, preferences"),
    people(Class::Location, USUAL, "whereabouts"),
    says(Class::Setting, STRONG, "option value, setting value, config value, parameter value, param value"),
    says(Class::Mac, STRONG, "mac"),
];
