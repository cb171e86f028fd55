//! The packs and examples that come with the program. A pack holds rules that a profile extends: the weakest text of all, so
//! that every rule of a user's own counts before it. To add one is one entry of `PACKS`.
//!
//! A country pack knows names of columns that mean the same everywhere, and never keeps: what stays is said by who knows
//! the data. A system pack knows every table of one version of one product, read from the product's own schema; it may
//! keep, by exact table and column, with a reason. It refuses to decide on what extensions add: that falls to `policy`.

/// One pack or example.
#[derive(Debug)]
pub struct Pack {
    /// The word behind `extends:`, for a pack.
    pub name: &'static str,
    /// What it is for, in one line.
    pub summary: &'static str,
    /// Its text.
    pub text: &'static str,
    /// The product of a system pack; `None` for a country pack, and for an example.
    pub system: Option<System>,
}

/// The product whose tables a system pack knows.
#[derive(Debug)]
pub struct System {
    /// Its name.
    pub product: &'static str,
    /// The version whose schema was read.
    pub version: &'static str,
    /// The files that were read, or their folders, each as `owner/repository path`; the header of the pack's text has all.
    pub sources: &'static [&'static str],
}

/// All packs.
pub static PACKS: &[Pack] = &[
    Pack {
        name: "nl",
        summary: "names of columns in Dutch and English: people, numbers of persons, addresses, accounts, secrets",
        text: include_str!("../../profiles/packs/nl.yaml"),
        system: None,
    },
    Pack {
        name: "be",
        summary: "names of columns in Dutch, French and English: people, numbers of persons, addresses, accounts, secrets",
        text: include_str!("../../profiles/packs/be.yaml"),
        system: None,
    },
    Pack {
        name: "de",
        summary: "names of columns in German and English: people, numbers of persons, addresses, accounts, secrets",
        text: include_str!("../../profiles/packs/de.yaml"),
        system: None,
    },
    Pack {
        name: "fr",
        summary: "names of columns in French and English: people, numbers of persons, addresses, accounts, secrets",
        text: include_str!("../../profiles/packs/fr.yaml"),
        system: None,
    },
    Pack {
        name: "uk",
        summary: "names of columns in British English: people, numbers of persons, addresses, accounts, secrets",
        text: include_str!("../../profiles/packs/uk.yaml"),
        system: None,
    },
    Pack {
        name: "us",
        summary: "names of columns in American English: people, numbers of persons, addresses, accounts, secrets",
        text: include_str!("../../profiles/packs/us.yaml"),
        system: None,
    },
    Pack {
        name: "magento-2",
        summary: "Magento Open Source 2.4 with its inventory and two-factor modules: every table of their schema files",
        text: include_str!("../../profiles/packs/magento-2.yaml"),
        system: Some(System {
            product: "Magento Open Source",
            version: "2.4",
            sources: &[
                "magento/magento2 app/code/Magento/*/etc/db_schema.xml",
                "magento/inventory */etc/db_schema.xml",
                "magento/security-package TwoFactorAuth/etc/db_schema.xml",
            ],
        }),
    },
    Pack {
        name: "prestashop",
        summary: "PrestaShop 8.1: every table of its installer and of its entities, without those of modules",
        text: include_str!("../../profiles/packs/prestashop.yaml"),
        system: Some(System {
            product: "PrestaShop",
            version: "8.1",
            sources: &[
                "PrestaShop/PrestaShop install-dev/data/db_structure.sql",
                "PrestaShop/PrestaShop src/PrestaShopBundle/Entity/*.php",
            ],
        }),
    },
    Pack {
        name: "wordpress",
        summary: "one site or a network, and the shop WooCommerce",
        text: include_str!("../../profiles/packs/wordpress.yaml"),
        system: Some(System {
            product: "WordPress",
            version: "6.3, with WooCommerce 11.2 and Action Scheduler schema 7",
            sources: &[
                "WordPress/wordpress-develop src/wp-admin/includes/schema.php",
                "woocommerce/woocommerce plugins/woocommerce/includes/class-wc-install.php",
                "woocommerce/woocommerce plugins/woocommerce/src/Internal/DataStores",
                "woocommerce/action-scheduler classes/schema",
            ],
        }),
    },
    Pack {
        name: "keycloak",
        summary: "users, their attributes and sessions; secrets of realms, clients and providers",
        text: include_str!("../../profiles/packs/keycloak.yaml"),
        system: Some(System {
            product: "Keycloak",
            version: "26.5.0",
            sources: &[
                "keycloak/keycloak model/jpa/src/main/resources/META-INF/jpa-changelog-*.xml",
                "keycloak/keycloak model/jpa/src/main/java/org/keycloak/models/jpa/entities/OrganizationInvitationEntity.java",
            ],
        }),
    },
    Pack {
        name: "openmrs",
        summary: "patients, relatives, staff and their care; what is coded stays, texts go",
        text: include_str!("../../profiles/packs/openmrs.yaml"),
        system: Some(System {
            product: "OpenMRS",
            version: "2.8",
            sources: &[
                "openmrs/openmrs-core api/src/main/resources/org/openmrs/liquibase/snapshots/schema-only/liquibase-schema-only-2.7.x.xml",
                "openmrs/openmrs-core api/src/main/resources/org/openmrs/liquibase/updates/liquibase-update-to-latest-2.7.x.xml",
                "openmrs/openmrs-core api/src/main/resources/org/openmrs/liquibase/updates/liquibase-update-to-latest-2.8.x.xml",
            ],
        }),
    },
    Pack {
        name: "mastodon",
        summary: "accounts, their network and statuses under new ids; every text, key and address goes",
        text: include_str!("../../profiles/packs/mastodon.yaml"),
        system: Some(System {
            product: "Mastodon",
            version: "schema 2025_12_17_091936",
            sources: &[
                "mastodon/mastodon db/schema.rb",
                "rails/rails activerecord/lib/active_record/schema_migration.rb",
                "rails/rails activerecord/lib/active_record/internal_metadata.rb",
            ],
        }),
    },
    Pack {
        name: "civicrm",
        summary: "CiviCRM 4.7: contacts and all that hangs on them; every text, secret and address goes",
        text: include_str!("../../profiles/packs/civicrm.yaml"),
        system: Some(System {
            product: "CiviCRM",
            version: "4.7",
            sources: &["civicrm/civicrm-core sql/civicrm.mysql"],
        }),
    },
    Pack {
        name: "nextcloud",
        summary: "Nextcloud 30: users, groups, shares and comments; files, calendars, address books and settings go",
        text: include_str!("../../profiles/packs/nextcloud.yaml"),
        system: Some(System {
            product: "Nextcloud",
            version: "30",
            sources: &[
                "nextcloud/server core/Migrations/Version*.php",
                "nextcloud/server apps/dav/lib/Migration/Version*.php",
                "nextcloud/server lib/composer/composer/autoload_static.php",
            ],
        }),
    },
];

/// Whole profiles to copy from; nothing extends them.
pub static EXAMPLES: &[Pack] = &[Pack {
    name: "webshop",
    summary: "a complete profile of a Dutch webshop, with the reason for every column that stays",
    text: include_str!("../../profiles/webshop.yaml"),
    system: None,
}];
