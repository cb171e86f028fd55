//! Where the passwords of `login` come from: the variables that the profile names. Refuses an empty one and, where a copy is
//! made, one that is missing; where none is made (`check`, `preview`) another text stands for it.

use zeroize::Zeroizing;

use crate::error::{Error, Name, Result};
use crate::mask::Value;
use crate::message;
use crate::profile::model::Profile;
use crate::secret::Passwords;

/// Reads the variables that a profile names.
///
/// # Errors
/// `ErrorKind::Usage`: a variable that is no text or empty; one that is missing, if a copy `is_made`.
pub(super) fn read(profile: &Profile, is_made: bool) -> Result<Passwords> {
    let mut passwords = Passwords::default();
    for rule in profile.rules().filter(|rule| rule.technique.name == "login") {
        let option = rule.options.iter().find(|(name, _)| name == "env");
        // A rule without it is refused by the technique.
        let Some(variable) = option.and_then(|(_, value)| Value::text(value)) else { continue };
        if passwords.of(variable).is_some() {
            continue;
        }
        let shown = Name::new(variable);
        match read_one(variable) {
            Some(Ok(password)) if !password.is_empty() => passwords.add(variable, password),
            Some(_) => {
                return Err(Error::usage(message!("the variable `{}` holds no password", shown))
                    .hint("`login` reads the password of the training from it; give it UTF-8 text that is not empty"));
            }
            None if is_made => {
                return Err(Error::usage(message!(
                    "`login` reads its password from the variable `{}`, which is not set",
                    shown
                ))
                .hint(message!("set it for this command: `{}=… standin mask …`", shown)));
            }
            None => passwords.add(variable, Zeroizing::new("not given".to_owned())),
        }
    }
    Ok(passwords)
}

fn read_one(variable: &str) -> Option<std::result::Result<Zeroizing<String>, ()>> {
    // A name with `=` or NUL is none, and reading it would panic.
    if variable.is_empty() || variable.contains(['=', '\0']) {
        return None;
    }
    std::env::var_os(variable).map(|value| value.into_string().map(Zeroizing::new).map_err(|_| ()))
}
