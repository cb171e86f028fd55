//! `derive`: a value computed from other columns of the row, each by its stand-in: their texts joined, in lower case, a
//! slug, the MD5 of a mail address as Gravatar wants it; and search vectors, which are emptied.
//!
//! Class: composition. A digest of a kept column can be undone by trying values: so those take masked columns. Refuses
//! `of:` where nothing is read, and no `of:` where something must be.

use md5::{Digest as _, Md5};
use sha2::Sha256;

use super::row::RowCx;
use super::{
    Class, Compile, Compiled, Example, Lanes, Mask, MaskCx, Needs, OptionSpec, Outcome, Output, Reaches,
    Refusal, Reversibility, Takes, TechniqueSpec, Uniqueness, Value,
};
use crate::message;
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;

/// What can be computed.
const WORDS: &[&str] = &["concat", "lower", "upper", "slug", "md5", "sha256", "gravatar", "tsvector"];

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "derive",
    class: Class::Composition,
    summary: "computes the value from the stand-ins of other columns of the row; `tsvector` empties a search vector",
    preserves: "what the columns of `of:` preserve, and that the value agrees with them",
    attacker: "what the columns of `of:` tell",
    reversibility: Reversibility::None,
    reaches: Reaches::Nobody("made of stand-ins; the columns that it names say whom those reach"),
    argument: Takes::OneOf(WORDS),
    bare: false,
    options: &[
        OptionSpec { name: "of", takes: Takes::Scalars, help: "the columns, in order" },
        OptionSpec {
            name: "separator",
            takes: Takes::Text,
            help: "what stands between the texts of `concat`; a blank unless said",
        },
    ],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[Example { rule: "{derive: tsvector}", input: "'exampl':1 'jan':2", output: "" }],
    compile,
};

#[derive(Clone, Copy)]
enum What {
    Concat,
    Lower,
    Upper,
    Slug,
    Md5,
    Sha256,
    Gravatar,
    Empty,
}

struct Derive {
    what: What,
    of: Vec<usize>,
    separator: String,
    max: usize,
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let what = match cx.argument.and_then(Value::text) {
        Some("concat") => What::Concat,
        Some("lower") => What::Lower,
        Some("upper") => What::Upper,
        Some("slug") => What::Slug,
        Some("md5") => What::Md5,
        Some("sha256") => What::Sha256,
        Some("gravatar") => What::Gravatar,
        Some("tsvector") => What::Empty,
        _ => return Err(Refusal { what: "`derive` does not know that word".into(), hint: None }),
    };
    let names: Vec<String> = match cx.option("of") {
        Some(Value::List(names)) => names.iter().filter_map(Value::cell).collect(),
        _ => Vec::new(),
    };
    let empties = matches!(what, What::Empty);
    if names.is_empty() != empties {
        return Err(Refusal {
            what: if empties {
                "a search vector is emptied, of no column".into()
            } else {
                "`derive` needs the columns".into()
            },
            hint: Some(if empties {
                "take `of:` out; a trigger or an UPDATE fills it again".into()
            } else {
                "add `of: [email]`".into()
            }),
        });
    }
    let text = cx.class().is_text() || (empties && matches!(cx.class(), TypeClass::Other));
    if !text {
        return Err(Refusal {
            what: "`derive` makes text, which the column does not take".into(),
            hint: None,
        });
    }
    let separator = cx.option("separator").and_then(Value::text).unwrap_or(" ").to_owned();
    let of = names.iter().map(|name| cx.reads.named(name)).collect();
    let max = cx.class().max_chars().and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
    let digits = match what {
        What::Md5 | What::Gravatar => 32,
        What::Sha256 => 64,
        _ => 0,
    };
    if digits > max {
        return Err(Refusal {
            what: message!(
                "the digest has {} digits, more than the column takes",
                u64::try_from(digits).unwrap_or(0)
            ),
            hint: None,
        });
    }
    Ok(Compiled {
        mask: Box::new(Derive { what, of, separator, max }),
        needs: Needs::Nothing,
        output: Output::Typed,
        uniqueness: Uniqueness::Lost,
    })
}

impl Derive {
    /// Joins the texts of the columns; NULL and '' add nothing.
    fn joined(&self, row: &RowCx<'_>) -> Option<String> {
        let mut text = String::new();
        for number in &self.of {
            let part = std::str::from_utf8(row.stand_in(*number).unwrap_or_default()).ok()?;
            if part.is_empty() {
                continue;
            }
            if !text.is_empty() {
                text.push_str(&self.separator);
            }
            text.push_str(part);
        }
        Some(text)
    }

    fn compute(&self, text: &str) -> String {
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        match self.what {
            What::Concat => text.to_owned(),
            What::Lower => text.to_lowercase(),
            What::Upper => text.to_uppercase(),
            What::Slug => slug(text),
            What::Md5 => hex(&Md5::digest(text.as_bytes())),
            What::Sha256 => hex(&Sha256::digest(text.as_bytes())),
            What::Gravatar => hex(&Md5::digest(text.trim().to_lowercase().as_bytes())),
            What::Empty => String::new(),
        }
    }
}

/// Returns the letters and digits of a text, without accents and in lower case, with single hyphens between words.
fn slug(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    use unicode_normalization::char::is_combining_mark;
    let mut slug = String::new();
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase) {
        match letter {
            'ß' => slug.push_str("ss"),
            letter if letter.is_alphanumeric() => slug.push(letter),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

impl Mask for Derive {
    fn mask(&self, _: &[u8], _: &MaskCx<'_>, _: &mut Vec<u8>) -> Outcome {
        // Without a row there is nothing to compute it from.
        Outcome::Unfit
    }

    fn sees_row(&self) -> bool {
        true
    }

    fn mask_within(&self, _field: &[u8], _own: &Lanes, row: &RowCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let Some(text) = self.joined(row) else { return Outcome::Unfit };
        let made = self.compute(&text);
        let end = made.char_indices().nth(self.max).map_or(made.len(), |(end, _)| end);
        out.extend_from_slice(made.get(..end).unwrap_or_default().as_bytes());
        Outcome::Masked
    }

    fn placeholder(&self, _: &[u8], _: &mut Vec<u8>) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain() {
        for (text, wanted) in [
            ("Zoë van der Héuvel", "zoe-van-der-heuvel"),
            ("  --A  b--", "a-b"),
            ("Straße 12", "strasse-12"),
            ("", ""),
            ("!!!", ""),
        ] {
            assert_eq!(slug(text), wanted);
        }
    }

    #[test]
    fn gravatar_trims_and_folds() {
        let make = |what| Derive { what, of: Vec::new(), separator: String::new(), max: 99 };
        // The digests of `jan@example.org`, computed by md5sum and sha256sum.
        assert_eq!(make(What::Gravatar).compute(" Jan@Example.ORG "), "9ef6196838a42e9c456a227424238019");
        assert_eq!(make(What::Md5).compute("jan@example.org"), "9ef6196838a42e9c456a227424238019");
        let sha = "a3ff11319b5ef6b1a80a92bc5fe5ee21120a07fb9fe6c901d8a7af3ac128b2d8";
        assert_eq!(make(What::Sha256).compute("jan@example.org"), sha);
    }
}
