//! The worked examples of `fake`: every kind has one, and a test runs them under the test key. Names nobody: all inputs are
//! invented.

use crate::mask::Example;

pub(super) const EXAMPLES: &[Example] = &[
    Example { rule: "fake: first_name", input: "Jan", output: "Marloes" },
    Example { rule: "fake: last_name", input: "JANSEN", output: "KRUIJT" },
    Example { rule: "fake: full_name", input: "Jan Jansen", output: "Joshua Akkerman" },
    Example { rule: "{fake: full_name, max: 12}", input: "jan jansen", output: "j. akkerman" },
    Example { rule: "{fake: last_name, locale: en_US}", input: "Doe", output: "Rodriguez" },
    Example { rule: "fake: email", input: "jan.jansen@example.com", output: "thomas.zweers8943@example.org" },
    Example {
        rule: "{fake: email, unique: true}",
        input: "jan.jansen@example.com",
        output: "6oqse6eedckqx77w@example.org",
    },
    Example {
        rule: "{fake: email, unique: true, max: 24}",
        input: "jan.jansen@example.com",
        output: "6oqse6eedckq@example.org",
    },
    Example { rule: "fake: phone", input: "06-00000000", output: "06-95153576" },
    Example { rule: "fake: phone", input: "+31600000000", output: "+31695153576" },
    Example { rule: "{fake: phone, locale: en_US}", input: "(212) 555-0100", output: "(310) 555-0127" },
    Example { rule: "fake: street", input: "Dorpsweg 1", output: "Merelstraat 15" },
    Example { rule: "fake: city", input: "Amsterdam", output: "Den Haag" },
    Example { rule: "fake: postcode", input: "1000 AA", output: "3012 VH" },
    Example { rule: "{fake: postcode, locale: en_US}", input: "10001", output: "07107" },
    Example { rule: "fake: iban", input: "NL00 BANK 0000 0000 00", output: "NL21 FAKE 5165 0816 81" },
    Example { rule: "fake: iban", input: "DE00000000000000000000", output: "DE86000000008381807027" },
];
