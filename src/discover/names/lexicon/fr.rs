//! French words.

use super::{Line, STRONG, SURE, USUAL, people, says};
use crate::discover::class::Class;

pub(super) static WORDS: &[Line] = &[
    says(
        Class::FirstName,
        SURE,
        "prenom, prenoms, deuxieme prenom, premier prenom, prenom usuel, pnom, second prenom, autres prenoms",
    ),
    says(
        Class::LastName,
        SURE,
        "nom de famille, nom famille, nom naissance, nom de naissance, nom usage, nom d usage, nom \
         patronymique, patronyme, nom jeune fille, nom de jeune fille, nom marital, nom epouse, nom usuel",
    ),
    people(Class::LastName, STRONG, "nom"),
    says(Class::Particle, SURE, "particule, particule nom, particule nobiliaire"),
    says(Class::Initials, SURE, "initiales, initiale"),
    says(
        Class::Title,
        SURE,
        "civilite, titre civilite, formule politesse, formule appel, titre honorifique, code civilite",
    ),
    people(Class::Title, USUAL, "titre, civ"),
    says(
        Class::FullName,
        SURE,
        "nom complet, nom prenom, nom et prenom, prenom nom, nom client, nom du client, nom patient, nom \
         contact, nom titulaire, nom du titulaire, nom affiche, nom employe, nom salarie, titulaire, \
         titulaire compte, titulaire du compte, titulaire carte, a l attention de, personne contact, personne \
         a contacter, personne a prevenir, nom destinataire, nom pere, nom mere, nom du pere, nom de la mere, \
         contact urgence, nom medecin, nom eleve, signataire, nom conjoint, representant legal, nom affichage",
    ),
    people(
        Class::FullName,
        USUAL,
        "destinataire, expediteur, responsable, interlocuteur, medecin traitant, demandeur, commercial",
    ),
    says(
        Class::Username,
        SURE,
        "nom utilisateur, nom d utilisateur, identifiant connexion, pseudo, pseudonyme, identifiant \
         utilisateur, nom compte, surnom",
    ),
    people(Class::Username, STRONG, "identifiant, utilisateur"),
    says(
        Class::PersonKey,
        USUAL,
        "cree par, modifie par, supprime par, saisi par, assigne a, valide par, affecte a",
    ),
    says(Class::Username, USUAL, "cree par, modifie par, supprime par, saisi par, valide par"),
    says(Class::Signature, SURE, "signature electronique, paraphe image, signature client"),
    says(
        Class::Street,
        SURE,
        "rue, nom rue, nom de rue, nom de la rue, voie, nom voie, libelle voie, nom de voie, type voie, \
         libelle rue",
    ),
    says(
        Class::HouseNumber,
        SURE,
        "numero rue, numero de rue, num rue, no rue, numero voie, num voie, numero de voie, n rue, n voie",
    ),
    says(
        Class::HouseAddition,
        SURE,
        "complement adresse, complement d adresse, appartement, appt, etage, batiment adresse, complement \
         numero, indice repetition, bis ter, escalier, compl adresse, complement, numero appartement, porte",
    ),
    says(
        Class::AddressLine,
        SURE,
        "adresse postale, adresse1, adresse2, adresse ligne 1, adresse ligne 2, ligne adresse, adresse \
         domicile, adresse personnelle, adresse livraison, adresse de livraison, adresse facturation, adresse \
         de facturation, boite postale, lieu dit, adresse complete, adresse perso, adresse client",
    ),
    says(Class::Postcode, SURE, "code postal, cp, cpostal, code post, cod postal"),
    says(
        Class::City,
        SURE,
        "ville, commune, localite, nom ville, nom commune, bureau distributeur, ville residence, code \
         commune, code insee commune",
    ),
    says(Class::Region, STRONG, "code departement, nom departement, numero departement, nom region"),
    says(Class::Country, STRONG, "pays, code pays, nom pays, pays residence, pays de residence"),
    says(
        Class::Company,
        SURE,
        "societe, raison sociale, nom societe, nom entreprise, entreprise, denomination sociale, \
         denomination, nom commercial, enseigne, employeur, nom employeur, nom de la societe, nom organisme, \
         nom etablissement, raison soc",
    ),
    people(Class::Company, USUAL, "fournisseur, etablissement, organisme"),
    says(
        Class::BankAccount,
        SURE,
        "numero compte, numero de compte, num compte, no compte, compte bancaire, rib, code banque, code \
         guichet, cle rib, coordonnees bancaires, numero compte bancaire",
    ),
    says(Class::Bic, USUAL, "nom banque, domiciliation bancaire, code bic"),
    says(
        Class::Income,
        SURE,
        "salaire, salaire brut, salaire net, salaire mensuel, salaire annuel, revenu, revenus, revenu annuel, \
         revenu mensuel, revenu fiscal, remuneration annuelle, traitement mensuel, dette, dettes, retraite, \
         pension alimentaire, patrimoine, quotient familial, salaire base, salaire de base, taux horaire, \
         prime, allocations, endettement, niveau salaire, coefficient salarial, revenu foyer, surendettement, \
         cote credit, ressources mensuelles, rsa",
    ),
];

pub(super) static MORE: &[Line] = &[
    says(
        Class::PersonNumber,
        SURE,
        "numero client, num client, no client, code client, numero de client, matricule, matricule salarie, \
         numero patient, num patient, numero adherent, num adherent, numero de membre, numero membre, numero \
         etudiant, num etudiant, numero employe, numero dossier, numero de dossier, num dossier, no dossier, \
         ipp, carte fidelite, numero carte fidelite, code adherent, numero eleve, matricule employe, numero \
         abonne, numero salarie, numero allocataire dossier, numero police, numero contrat assurance, n \
         client, ref client, reference client, numero donateur",
    ),
    says(
        Class::Health,
        SURE,
        "sante, diagnostic, diagnostics, etat sante, etat de sante, maladie, maladies, medicament, \
         medicaments, traitement, traitements, posologie, ordonnance, prescription medicale, symptomes, \
         handicape, taux handicap, invalidite, taux invalidite, antecedents, antecedents medicaux, groupe \
         sanguin, tension arterielle, tension, frequence cardiaque, enceinte, grossesse, fumeur, vaccin nom, \
         vaccins, resultat analyse, resultats analyse, resultat labo, arret maladie, arret travail, motif \
         absence, motif arret, intervention chirurgicale, chirurgie, pathologie, pathologies, regime \
         alimentaire, fauteuil roulant, cause deces, cause du deces, motif consultation, motif \
         hospitalisation, compte rendu medical, ald, cim10, code cim10, poids kg, taille cm, donnees \
         medicales, fiche medicale, deficience, mutuelle, rqth, autonomie gir, gir, motif admission, dossier \
         medical, infirmite",
    ),
    people(Class::Health, STRONG, "taille, poids"),
    says(
        Class::Ethnicity,
        SURE,
        "origine ethnique, origine, appartenance ethnique, couleur peau, couleur de peau, origine raciale, \
         origines",
    ),
    says(
        Class::Religion,
        SURE,
        "confession religieuse, croyance, croyances, culte, appartenance religieuse, conviction religieuse, \
         convictions religieuses, paroisse, eglise, bapteme, date bapteme, baptise",
    ),
    says(
        Class::Politics,
        SURE,
        "opinion politique, opinions politiques, parti politique, appartenance politique, affiliation \
         politique, parti, orientation politique, preference politique, politique, tendance politique, \
         intention vote",
    ),
    says(
        Class::Union,
        SURE,
        "syndicat, syndicats, appartenance syndicale, adhesion syndicale, membre syndicat, affiliation \
         syndicale, syndique, delegue syndical, cotisation syndicale, syndicale",
    ),
    says(
        Class::Sexuality,
        SURE,
        "orientation sexuelle, sexualite, vie sexuelle, preference sexuelle, identite sexuelle",
    ),
    says(
        Class::Biometric,
        SURE,
        "empreinte digitale, empreintes digitales, empreinte, empreintes, reconnaissance faciale, donnees \
         biometriques, biometrique, biometrie faciale, empreinte vocale, scan iris, gabarit biometrique",
    ),
    says(
        Class::Genetic,
        SURE,
        "genetique, donnees genetiques, adn, test genetique, profil adn, profil genetique, hereditaire, \
         caryotype, mutation genetique, maladie hereditaire",
    ),
    says(
        Class::Offence,
        SURE,
        "infraction, infractions, condamnation, condamnations, casier judiciaire, casier, delit, delits, \
         peine, garde a vue, plainte, amende, antecedents judiciaires, proces verbal, suspicion fraude, \
         incarceration, mise en examen, sanction disciplinaire, sanction, condamnation penale, soupcon \
         fraude, detenu",
    ),
    people(
        Class::FreeText,
        STRONG,
        "commentaire, commentaires, remarque, remarques, note libre, texte, texte libre, observation, motif, \
         raison, compte rendu, contenu, objet, precisions, informations complementaires, reponse, sujet, \
         consigne, consignes, instructions livraison, a propos, avis, appreciation, lettre motivation, \
         biographie, annotations",
    ),
    says(
        Class::FreeText,
        USUAL,
        "commentaire, commentaires, remarque, remarques, texte libre, note libre, compte rendu, instructions \
         livraison, note interne, notes internes, biographie, appreciation",
    ),
    says(
        Class::Nested,
        USUAL,
        "donnees, ancienne valeur, nouvelle valeur, modifications, donnees brutes, donnees formulaire, \
         anciennes donnees, nouvelles donnees",
    ),
    says(
        Class::Image,
        STRONG,
        "photo identite, photo d identite, photo profil, photo de profil, piece jointe, pieces jointes, scan \
         piece identite, copie identite, enregistrement audio, photographie, radiographie, justificatif, \
         justificatif domicile",
    ),
    people(Class::Image, USUAL, "fichier, piece"),
    says(
        Class::Gender,
        SURE,
        "sexe, genre, code sexe, homme femme, hf, pronom, pronoms, identite genre, identite de genre",
    ),
    says(
        Class::BirthDate,
        SURE,
        "date naissance, date de naissance, naissance, date nais, dt naissance, annee naissance, annee de \
         naissance, mois naissance, jour naissance, ddn, dnaiss, date naiss, ne le, nee le, anniversaire, \
         naiss",
    ),
    says(
        Class::BirthPlace,
        SURE,
        "lieu naissance, lieu de naissance, ville naissance, ville de naissance, pays naissance, pays de \
         naissance, commune naissance, commune de naissance, departement naissance, departement de naissance, \
         ne a, lieu naiss, cp naissance",
    ),
    says(
        Class::DeathDate,
        SURE,
        "date deces, date de deces, deces, decede, decede le, date du deces, annee deces, date dc",
    ),
    says(Class::Age, SURE, "tranche age, tranche d age, age ans, classe age, groupe age"),
    says(
        Class::Nationality,
        SURE,
        "nationalite, citoyennete, pays origine, pays d origine, statut sejour, langue maternelle, code \
         nationalite, situation administrative, statut refugie",
    ),
    says(
        Class::MaritalStatus,
        SURE,
        "situation familiale, etat civil, situation matrimoniale, statut matrimonial, situation maritale, \
         marie, mariee, celibataire, divorce, date mariage, date de mariage, nombre enfants, nombre d \
         enfants, nb enfants, enfants a charge, nb enfants charge, personnes a charge, composition foyer, \
         pacse, regime matrimonial, veuf, mariage, parent isole",
    ),
    says(
        Class::Job,
        STRONG,
        "metier, fonction, emploi titre, poste, intitule poste, intitule du poste, qualite professionnelle, \
         profession csp, csp, poste occupe, activite professionnelle, libelle emploi, titre poste, categorie \
         socio professionnelle, specialite",
    ),
    says(
        Class::Education,
        STRONG,
        "diplome, diplomes, niveau etudes, niveau d etudes, niveau etude, ecole, nom ecole, formation, \
         universite, note eleve, moyenne, moyenne generale, note examen, resultat examen, resultats \
         scolaires, bulletin, etudes, filiere, niveau scolaire, cursus etudiant, lycee, note finale, mention, \
         diplome obtenu, annee scolaire, etablissement scolaire, competences, classe eleve, niveau formation",
    ),
    says(
        Class::Interest,
        STRONG,
        "centres interet, centres d interet, centre interet, loisirs, loisir, gouts, preference client, \
         segment client, profil client, habitudes achat, comportement achat, style de vie, passions, favoris, \
         comportement, habitudes, mode de vie, profil marketing",
    ),
    says(Class::Health, SURE, "blesse, blessure, blessures, invalide, cnk, don organe"),
    says(Class::MaritalStatus, SURE, "sit fam, situation fam, nb enf"),
    says(Class::Document, SURE, "permis, no permis"),
    says(Class::PersonNumber, STRONG, "inami, mat, no adherent, num badge"),
    says(
        Class::PersonKey,
        USUAL,
        "souscripteur, titulaire, assure, adherent, beneficiaire, chauffeur, livreur, affilie, aff",
    ),
    says(Class::Password, SURE, "digicode, code porte, code acces"),
    says(Class::HouseAddition, STRONG, "bte, boite"),
    people(Class::HouseNumber, STRONG, "num"),
    says(Class::Location, USUAL, "lieu, endroit, lieu sinistre"),
    says(Class::Income, SURE, "bim, allocation"),
];
