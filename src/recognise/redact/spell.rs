//! How a stand-in is spelled where it is put: in the case of what stood there, with its separators, initials for initials.
//! Refuses to shorten: what does not fit the found form is written as it was given.

/// Appends a stand-in in the case of what was found: all capitals, all small letters, or as it is with the first letter's
/// case.
pub(super) fn cased(found: &str, stand_in: &str, out: &mut String) {
    let mut letters = found.chars().filter(|c| c.is_alphabetic());
    let (mut upper, mut lower, mut count) = (true, true, 0);
    for c in letters.by_ref() {
        upper &= !c.is_lowercase();
        lower &= !c.is_uppercase();
        count += 1;
    }
    if count > 1 && upper {
        stand_in.chars().for_each(|c| out.extend(c.to_uppercase()));
    } else if count > 0 && lower {
        stand_in.chars().for_each(|c| out.extend(c.to_lowercase()));
    } else if found.starts_with(char::is_uppercase) && stand_in.starts_with(char::is_lowercase) {
        let mut chars = stand_in.chars();
        out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        out.push_str(chars.as_str());
    } else {
        out.push_str(stand_in);
    }
}

/// Appends a stand-in in capitals where what was found has no small letter, else as it is: addresses and names to log in
/// with join as they are.
pub(super) fn upper_or_given(found: &str, stand_in: &str, out: &mut String) {
    if found.chars().any(char::is_lowercase) || !found.chars().any(char::is_uppercase) {
        out.push_str(stand_in);
    } else {
        cased(found, stand_in, out);
    }
}

/// Appends letters and digits of a stand-in in the places of those found, with what stands between them; as it is given
/// where their counts differ.
pub(super) fn laid(found: &str, stand_in: &str, out: &mut String) {
    let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    if count(found) != count(stand_in) {
        out.push_str(stand_in);
        return;
    }
    let mut values = stand_in.chars().filter(|c| c.is_alphanumeric());
    for c in found.chars() {
        match c.is_alphanumeric().then(|| values.next()).flatten() {
            Some(value) if c.is_lowercase() => out.extend(value.to_lowercase()),
            Some(value) => out.push(value),
            None => out.push(c),
        }
    }
}

/// Appends initials in the form of those found: each letter by the letter of the stand-in at its place, the last one where
/// there are no more.
pub(super) fn initials(found: &str, stand_in: &str, out: &mut String) {
    let letters = || stand_in.chars().filter(|c| c.is_alphabetic());
    let mut next = letters();
    let mut last = letters().next().unwrap_or('N');
    for c in found.chars() {
        if c.is_alphabetic() {
            last = next.next().unwrap_or(last);
            if c.is_lowercase() { out.extend(last.to_lowercase()) } else { out.extend(last.to_uppercase()) }
        } else {
            out.push(c);
        }
    }
}

/// Appends an `s` as it was found behind a name, or an apostrophe where the stand-in ends in a sound that takes none.
pub(super) fn genitive(found: &str, stand_in: &str, out: &mut String) {
    if stand_in.ends_with(['s', 'S', 'x', 'X', 'z', 'Z', 'ß']) {
        out.push('\'')
    } else {
        out.push_str(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(f: fn(&str, &str, &mut String), found: &str, stand_in: &str) -> String {
        let mut out = String::new();
        f(found, stand_in, &mut out);
        out
    }

    #[test]
    fn case_and_separators_stay() {
        assert_eq!(with(cased, "JAN", "Kees"), "KEES");
        assert_eq!(with(cased, "jan", "Kees"), "kees");
        assert_eq!(with(cased, "Van den Berg", "de Boer"), "De Boer");
        assert_eq!(with(cased, "van den Berg", "de Boer"), "de Boer");
        assert_eq!(with(laid, "1234.56.782", "999999990"), "9999.99.990");
        assert_eq!(with(laid, "nl91 abna", "NL02TEST"), "nl02 test");
        assert_eq!(with(laid, "12-34", "56789"), "56789");
        assert_eq!(with(initials, "J.P.", "K"), "K.K.");
        assert_eq!(with(initials, "J. P.", "KL"), "K. L.");
        assert_eq!(with(genitive, "s", "Hans"), "'");
        assert_eq!(with(genitive, "s", "Bakker"), "s");
    }
}
