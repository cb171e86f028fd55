//! Which columns hold passwords, tokens or keys, as far as their names say: those are never kept (DESIGN 4).
//!
//! Looks at names only; a column of another name may hold a secret too, and finding that out is the work of `discover`.

/// Last words of names that speak about a value and hold none: `token_count`.
pub(super) const ABOUT: &[&str] = &[
    "at",
    "on",
    "date",
    "time",
    "count",
    "type",
    "id",
    "expires",
    "expiry",
    "expiration",
    "length",
    "enabled",
    "changed",
    "required",
    "version",
    "algorithm",
    "attempts",
    "limit",
    "status",
    "name",
];

/// First words of such names: `has_password`.
pub(super) const ASKS: &[&str] = &["is", "has", "needs", "requires", "num", "last", "must"];

/// Returns whether a column's name says that it holds a password, token or key. `token_count` and
/// `password_changed_at` hold none.
pub(crate) fn names_secret(name: &str) -> bool {
    const SECRET: &[&str] = &[
        "password",
        "passwd",
        "passwort",
        "pwd",
        "passphrase",
        "passcode",
        "wachtwoord",
        "token",
        "secret",
        "apikey",
        "apitoken",
        "accesstoken",
        "refreshtoken",
        "privatekey",
        "secretkey",
        "credential",
        "credentials",
        "passwords",
        "tokens",
        "secrets",
        "passwordhash",
        "pwhash",
        "passwdhash",
        "otpsecret",
        "totp",
        "otp",
        "cvv",
        "cvc",
    ];
    const KEY_OF: &[&str] =
        &["api", "private", "access", "secret", "signing", "encryption", "session", "auth", "ssh"];
    let words = name_words(name);
    let about = words.len() > 1 && words.last().is_some_and(|word| ABOUT.contains(&word.as_str()));
    let asks = words.len() > 1 && words.first().is_some_and(|word| ASKS.contains(&word.as_str()));
    if about || asks {
        return false;
    }
    let single = words.iter().any(|word| SECRET.contains(&word.as_str()));
    let pair = words.windows(2).any(|pair| match pair {
        [first, second] => second == "key" && KEY_OF.contains(&first.as_str()),
        _ => false,
    });
    single || pair
}

/// Splits `resetToken`, `reset_token`, `RESET-TOKEN2` into lower-case words.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for c in name.chars() {
        let begins = c.is_uppercase() && after_small;
        if (begins || !c.is_alphabetic()) && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        after_small = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::names_secret;

    #[test]
    fn secrets_by_name() {
        for name in [
            "password",
            "Password",
            "password_hash",
            "user_pwd",
            "resetToken",
            "API_KEY",
            "apikey",
            "private-key",
            "secret",
            "client_secret2",
            "wachtwoord",
            "remember_token",
            "sshPrivateKey",
        ] {
            assert!(names_secret(name), "{name}");
        }
        for name in [
            "status",
            "key",
            "token_count",
            "password_changed_at",
            "has_password",
            "tokenizer",
            "secretary",
            "foreign_key",
            "last_token_at",
            "monkey",
        ] {
            assert!(!names_secret(name), "{name}");
        }
    }
}
