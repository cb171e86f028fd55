//! What a check can find: one list of stable ids, each with one line of help. Reports for machines carry the id, so that
//! a finding can be silenced, counted or linked to by it; an id is never given to something else.
//!
//! Says nothing of a place, a name or a value: that is a `Problem`'s.

/// Declares the ids, once.
macro_rules! findings {
    ($($variant:ident $name:literal $help:literal)*) => {
        /// What kind of problem a problem is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Finding {
            $(#[doc = $help] $variant,)*
        }

        /// All findings, in the order of the list.
        pub static FINDINGS: &[Finding] = &[$(Finding::$variant,)*];

        impl Finding {
            /// Returns its stable id: `undecided-column`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns what it means, in one line.
            #[must_use]
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help,)* }
            }

            /// Returns its name as one word: `UndecidedColumn`.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)* }
            }
        }
    };
}

findings! {
    ProfileText "profile-text" "A part of the profile is not written as the language asks."
    ProfileSyntax "profile-syntax" "The profile is not the YAML that this program reads."
    ProfileVersion "profile-version" "The profile does not say `version: 1`."
    Extends "extends" "A pack or file under `extends:` cannot be used."
    TextsDisagree "texts-disagree" "Two texts of equal rank say different things."
    UnknownKey "unknown-key" "The profile has a key that the language does not know."
    UnknownName "unknown-name" "A reason, entity, attribute, technique or table is named that nothing defines."
    ReservedWord "reserved-word" "A word of the language that needs a later version of this program."
    SaidTwice "said-twice" "Something stands twice where it may stand once."
    KeptSecret "kept-secret" "What is named like a password, token or key is kept."
    UnusedReason "unused-reason" "A reason stands in the profile and no rule names it."
    UndecidedTable "undecided-table" "No rule says what to do with a table of the input."
    UndecidedColumn "undecided-column" "No rule says what to do with a column of the input."
    UnfillableColumn "unfillable-column" "`unlisted: fill` finds no value that the column takes."
    UnknownTable "unknown-table" "The profile names a table that the input lacks."
    UnknownColumn "unknown-column" "The profile names a column that the table lacks."
    UnmatchedPattern "unmatched-pattern" "A pattern of the profile matches nothing of the input."
    MisspeltTable "misspelt-table" "A flag would keep a table whose name is nearly one that has rules."
    AmbiguousName "ambiguous-name" "A name matches several tables or columns."
    TwoRules "two-rules" "Two rules of one text, or of equal rank, decide the same thing."
    RulesDiffer "rules-differ" "A table and the one whose rules it takes are treated differently."
    LikeCircle "like-circle" "`like:` leads back to itself."
    PatternKeeps "pattern-keeps" "A pattern or default would keep what can hold a person."
    NotInLock "not-in-lock" "A column does not stand in the lock."
    Retyped "retyped" "The type of a column is not the one in the lock."
    RuleChanged "rule-changed" "The rule of a column is not the one in the lock."
    ReasonChanged "reason-changed" "The reason for keeping a column is not the one in the lock."
    Vanished "vanished" "The lock has a column that the input lacks."
    Technique "technique" "A technique cannot do what the rule asks."
    UnknownType "unknown-type" "`type:` names a type that is not known."
    WrongType "wrong-type" "A technique makes no values of the column's type."
    RefusesNull "refuses-null" "A column that refuses NULL would be made NULL."
    TooLong "too-long" "Stand-ins can be longer than the column takes."
    TooFewBits "too-few-bits" "Stand-ins are too short to stay unique."
    SmallDomain "small-domain" "A pseudonym over fewer than 10000 possible values can be undone by counting."
    NoSubject "no-subject" "Nothing in the table says whose value it is."
    TwoSubjects "two-subjects" "Several columns could say whose value it is."
    WrongBy "wrong-by" "`by:` names nothing that decides."
    PartitionKey "partition-key" "A masked column decides to which partition a row belongs."
    UniqueLost "unique-lost" "A technique can give different rows of a key the same value."
    KeyEndsDiffer "key-ends-differ" "The two ends of a foreign key are masked differently."
    DanglingKey "dangling-key" "Rows point into a table that is emptied."
    UndecidedObjects "undecided-objects" "The input holds what is no column, and `objects:` does not decide on it."
    Condition "condition" "A SQL condition cannot be read, or does not fit the table."
    NotVerified "not-verified" "A constraint over masked columns that this program does not check."
    RiskNotAccepted "risk-not-accepted" "Data of a special category is kept or redacted, and no reason accepts the risk."
    DoesNotFit "does-not-fit" "Profile and schema do not fit."
    KeptIdentifier "weak-kept-identifier" "A column named like a national id or account is kept."
    KeptPerson "weak-kept-person" "A column named like a person's name, address, mail or phone is kept."
    KeptFreeText "weak-kept-free-text" "A column named like free text is kept."
    Redacted "weak-redacted" "Free text is redacted, which lowers risk and is no masking."
    NamesPass "weak-names-pass" "The names of members pass where a path names all members."
    SpelledOut "weak-literal" "A definition or comment that passes spells out what looks like an identifier."
    FineBirthDate "weak-birth-date" "A birth date is kept to the day or week."
    Readable "weak-readable" "Much of a national id or account stays readable."
    FewValues "weak-few-values" "A pseudonym stands for one of few values, by the column's name or type."
    KeptQuasiIdentifiers "weak-quasi-identifiers" "All quasi-identifiers of a table are kept."
    Frequencies "weak-frequencies" "The value itself decides a describing stand-in: what is frequent stays frequent."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_plain_words_and_nobody_shares_one() {
        for (index, finding) in FINDINGS.iter().enumerate() {
            let id = finding.id();
            assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{id}");
            assert!(!FINDINGS.iter().take(index).any(|other| other.id() == id), "{id} stands twice");
            let help = finding.help();
            assert!(help.ends_with('.') && help.len() < 110 && !help.contains('\n'), "{id}: {help}");
        }
    }
}
