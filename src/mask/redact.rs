//! `redact`: free text with its identifiers replaced in place: first those of the row's own people, by the row's own
//! stand-ins, then what the recognisers find, then names with cues. The rest of the sentence stays.
//!
//! Class: composition. It lowers risk and is no masking: whoever is told of in other words stays told of, and what is
//! missed stays. Where text is not needed, `suppress` it. Refuses what is no text: that is replaced as a whole.

use crate::message;
use crate::recognise::Kind;
use crate::recognise::redact::{Own, Redactor, Scratch};
use crate::row::canon::Canon;
use crate::row::field::Cells;
use crate::vocabulary;

use super::row::{Decided, Other, RowCx};
use super::{
    Class, Compile, Compiled, Decider, Example, Lanes, Mask, MaskCx, Needs, OptionSpec, Outcome, Output,
    Reaches, Refusal, Reversibility, Standins, Takes, TechniqueSpec, Uniqueness, Value, fake, pseudonym,
};

/// What stands for a text that cannot be read.
const PLACEHOLDER: &[u8] = b"[...]";

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "redact",
    class: Class::Composition,
    summary: "replaces the identifiers that it finds in free text; lowers risk and is no masking",
    preserves: "the text around what was found; names and numbers of the row's own people become those of their stand-ins",
    attacker: "all that the text says of somebody in other words, and every identifier that was missed",
    reversibility: Reversibility::Open,
    reaches: Reaches::Possibly("what is missed stays"),
    argument: Takes::Nothing,
    bare: true,
    options: &[OptionSpec {
        name: "languages",
        takes: Takes::Scalars,
        help: "locales whose names and words are known: [nl_NL, en_GB]; that of the rule unless said",
    }],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[Example {
        rule: "redact",
        input: "Mail to jan@shop.example, please.",
        output: "Mail to ruben.van.den.brink9622@example.org, please.",
    }],
    compile,
};

/// What makes the stand-in of a kind of finding.
struct Maker {
    mask: Box<dyn Mask>,
    needs: Needs,
}

struct Redact {
    redactor: Redactor,
    /// By kind; a kind without one is cut out.
    makers: Vec<(Kind, Maker)>,
    /// The number under which the row gives the identifiers of its people.
    own: usize,
    max: usize,
}

/// Which technique makes stand-ins of a kind.
fn making(kind: Kind) -> Option<(&'static TechniqueSpec, &'static str)> {
    let fake = |kind| Some((&fake::FAKE, kind));
    match kind {
        Kind::FirstName => fake("first_name"),
        Kind::LastName => fake("last_name"),
        Kind::FullName => fake("full_name"),
        Kind::Initials => fake("initials"),
        Kind::Username => fake("username"),
        Kind::BirthDate => fake("birth_date"),
        Kind::Email => fake("email"),
        Kind::Phone => fake("phone"),
        Kind::Url => fake("url"),
        Kind::Ip => fake("ip"),
        Kind::Mac => fake("mac"),
        Kind::Uuid => fake("uuid"),
        Kind::Iban => fake("iban"),
        Kind::Card => fake("card"),
        Kind::Bsn => fake("bsn"),
        Kind::Kvk => fake("kvk"),
        Kind::Vat => fake("vat"),
        Kind::Postcode => fake("postcode"),
        Kind::Plate => fake("licence_plate"),
        Kind::Street => fake("street"),
        Kind::City => fake("city"),
        Kind::Company => fake("company"),
        // Letters stay letters, digits digits; that a stand-in is valid would be chance.
        Kind::Rijksregister
        | Kind::SteuerId
        | Kind::Nir
        | Kind::Nino
        | Kind::Ssn
        | Kind::Nhs
        | Kind::Number
        | Kind::Text => Some((&pseudonym::SPEC, "alphanumeric")),
    }
}

/// All kinds that the recognisers know.
const KINDS: &[Kind] = &[
    Kind::FirstName,
    Kind::LastName,
    Kind::FullName,
    Kind::Initials,
    Kind::Username,
    Kind::BirthDate,
    Kind::Email,
    Kind::Phone,
    Kind::Url,
    Kind::Ip,
    Kind::Mac,
    Kind::Uuid,
    Kind::Iban,
    Kind::Card,
    Kind::Bsn,
    Kind::Kvk,
    Kind::Vat,
    Kind::Rijksregister,
    Kind::SteuerId,
    Kind::Nir,
    Kind::Nino,
    Kind::Ssn,
    Kind::Nhs,
    Kind::Postcode,
    Kind::Plate,
    Kind::Street,
    Kind::City,
    Kind::Company,
    Kind::Number,
    Kind::Text,
];

/// Returns what a column holds, by the word of its rule.
fn kind_of(word: &str) -> Kind {
    match word {
        "first_name" => Kind::FirstName,
        "last_name" => Kind::LastName,
        "full_name" => Kind::FullName,
        "initials" => Kind::Initials,
        "username" => Kind::Username,
        "birth_date" | "date" => Kind::BirthDate,
        "email" => Kind::Email,
        "phone" | "mobile" => Kind::Phone,
        "url" | "domain" => Kind::Url,
        "ip" | "ipv6" => Kind::Ip,
        "mac" => Kind::Mac,
        "uuid" => Kind::Uuid,
        "iban" => Kind::Iban,
        "card" => Kind::Card,
        "bsn" | "onderwijsnummer" => Kind::Bsn,
        "kvk" => Kind::Kvk,
        "vat" => Kind::Vat,
        "rijksregister" => Kind::Rijksregister,
        "steuer_id" => Kind::SteuerId,
        "nir" => Kind::Nir,
        "nino" => Kind::Nino,
        "ssn" => Kind::Ssn,
        "nhs" => Kind::Nhs,
        "postcode" => Kind::Postcode,
        "plate" | "licence_plate" => Kind::Plate,
        "street" => Kind::Street,
        "city" => Kind::City,
        "company" => Kind::Company,
        "integer" | "digits" | "hex" => Kind::Number,
        _ => Kind::Text,
    }
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    if !cx.class().is_text() {
        return Err(Refusal { what: "`redact` needs a column of text".into(), hint: None });
    }
    let home = cx.option("locale").and_then(Value::text).unwrap_or(cx.locale).to_owned();
    let mut names = vec![home];
    if let Some(Value::List(said)) = cx.option("languages") {
        names = said.iter().filter_map(Value::cell).collect();
    }
    let mut locales = Vec::new();
    for name in &names {
        let Some(locale) = vocabulary::locale(name) else {
            return Err(Refusal {
                what: "`redact` does not know one of its languages".into(),
                hint: Some("write locales: `languages: [nl_NL, en_GB]`".into()),
            });
        };
        locales.push(locale);
    }
    let Some(redactor) = Redactor::new(&locales) else {
        return Err(Refusal { what: "`redact` needs a language".into(), hint: None });
    };
    let mut makers = Vec::new();
    for kind in KINDS {
        let Some((spec, argument)) = making(*kind) else { continue };
        let argument = Value::Text(argument.to_owned());
        let unknown = crate::row::shape::ColumnType::unknown();
        let part = Compile {
            argument: Some(&argument),
            options: &[],
            decider: Decider::Value,
            ty: &unknown,
            not_null: false,
            pinned: &[],
            inside: None,
            ..*cx
        };
        // A locale without such numbers: what is found is cut out.
        if let Ok(Compiled { mask, needs, .. }) = (spec.compile)(&part) {
            makers.push((*kind, Maker { mask, needs }));
        }
    }
    if makers.is_empty() {
        return Err(Refusal { what: message!("`redact` can make no stand-ins here"), hint: None });
    }
    let max = cx.class().max_chars().and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
    Ok(Compiled {
        mask: Box::new(Redact { redactor, makers, own: cx.reads.identifiers(), max }),
        needs: Needs::Nothing,
        output: Output::Typed,
        uniqueness: Uniqueness::Lost,
    })
}

impl Maker {
    /// Appends the stand-in of a canonical value; `false` if there is none.
    fn make(&self, value: &str, out: &mut Vec<u8>) -> bool {
        let lanes = match &self.needs {
            Needs::Value { canon, mac } | Needs::Row { canon, mac, .. } => {
                let mut form = Vec::new();
                canon.append(value.as_bytes(), &mut form);
                Lanes::by_value(mac, &[], &form)
            }
            Needs::Nothing => Lanes::default(),
            Needs::Subject { .. } => return false,
        };
        let start = out.len();
        match self.mask.mask(value.as_bytes(), &MaskCx { lanes: &lanes }, out) {
            Outcome::Masked | Outcome::Equal => true,
            Outcome::Pinned | Outcome::Null | Outcome::Unfit => {
                out.truncate(start);
                self.mask.placeholder(value.as_bytes(), out)
            }
        }
    }
}

/// Buffers that the texts of a chunk use one after the other.
#[derive(Default)]
struct Buffers {
    scratch: Scratch,
    text: String,
}

impl Redact {
    fn text<'o>(
        &self,
        field: &[u8],
        others: &'o [Other<'o>],
        row: usize,
        own: &mut Vec<Own<'o>>,
        buffers: &mut Buffers,
        out: &mut Vec<u8>,
    ) -> Outcome {
        own.clear();
        for other in others {
            let text = |bytes: Option<&'o [u8]>| bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
            let original = text(other.original(row)).unwrap_or_default();
            if !original.is_empty() {
                let stand_in = text(other.stand_in(row)).unwrap_or_default();
                own.push(Own { kind: kind_of(&other.kind), original, stand_in });
            }
        }
        let mut made = Vec::new();
        let mut stand_in = |kind: Kind, value: &str, to: &mut String| {
            made.clear();
            let maker = self.makers.iter().find(|(of, _)| *of == kind);
            // What has no stand-in is cut out: nothing is appended.
            if maker.is_some_and(|(_, maker)| maker.make(value, &mut made)) {
                to.push_str(std::str::from_utf8(&made).unwrap_or_default());
            }
        };
        let Buffers { scratch, text } = buffers;
        text.clear();
        if self.redactor.redact(field, own, &mut stand_in, scratch, text).is_err() {
            return Outcome::Unfit;
        }
        let end = text.char_indices().nth(self.max).map_or(text.len(), |(end, _)| end);
        out.extend_from_slice(text.get(..end).unwrap_or_default().as_bytes());
        Outcome::Masked
    }

    fn others<'o>(&self, others: &'o [Vec<Other<'o>>]) -> &'o [Other<'o>] {
        others.get(self.own).map_or(&[][..], Vec::as_slice)
    }
}

impl Mask for Redact {
    fn mask(&self, _: &[u8], _: &MaskCx<'_>, _: &mut Vec<u8>) -> Outcome {
        // Without a row its people are not known.
        Outcome::Unfit
    }

    fn sees_row(&self) -> bool {
        true
    }

    fn mask_within(&self, field: &[u8], _own: &Lanes, row: &RowCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let mut buffers = Buffers::default();
        self.text(field, self.others(row.others), row.row, &mut Vec::new(), &mut buffers, out)
    }

    fn mask_rows(&self, cells: &Cells<'_>, _: &[Decided<'_>], others: &[Vec<Other<'_>>], out: &mut Standins) {
        let (mut buffers, mut own) = (Buffers::default(), Vec::new());
        let others = self.others(others);
        for row in 0..cells.len() {
            let outcome = match cells.get(row) {
                None => Outcome::Null,
                Some([]) => Outcome::Masked,
                Some(field) => self.text(field, others, row, &mut own, &mut buffers, &mut out.bytes),
            };
            out.close(outcome);
        }
    }

    fn placeholder(&self, _: &[u8], out: &mut Vec<u8>) -> bool {
        let len = PLACEHOLDER.len().min(self.max);
        out.extend_from_slice(PLACEHOLDER.get(..len).unwrap_or_default());
        true
    }
}
