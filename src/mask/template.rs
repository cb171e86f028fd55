//! `template`: text made of other columns of the row, each by its stand-in: `{template: "{{ first_name }} {{ last_name }}"}`.
//!
//! Class: composition. Preserves what the template's columns do. A column that is kept is kept here too. The language is
//! minijinja's (expressions, filters, `if`, `for`), without files, macros of others or any look outside of the row, and
//! every value costs at most so much work. Refuses names that are no columns, and values that are no text.

use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use super::row::RowCx;
use super::{
    Class, Compile, Compiled, Example, Lanes, Mask, MaskCx, Needs, OptionSpec, Outcome, Output, Reaches,
    Refusal, Reversibility, Takes, TechniqueSpec, Uniqueness, Value,
};
use crate::message;
use crate::row::canon::Canon;

/// Most instructions of a template for one value.
const FUEL: u64 = 20_000;
/// The only template of its environment.
const NAME: &str = "t";

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "template",
    class: Class::Composition,
    summary: "writes text made of the stand-ins of other columns of the row",
    preserves: "what the columns of the template preserve; where one of them is kept, its value",
    attacker: "what the columns of the template tell",
    reversibility: Reversibility::None,
    reaches: Reaches::Nobody("made of stand-ins; the columns that it names say whom those reach"),
    argument: Takes::Text,
    bare: false,
    options: &[OptionSpec {
        name: "max",
        takes: Takes::Integer { min: 1, max: 1_000_000 },
        help: "most characters; what is longer is cut",
    }],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[Example {
        rule: "{template: \"Dear colleague\"}",
        input: "Dear Mrs Example",
        output: "Dear colleague",
    }],
    compile,
};

struct Template {
    environment: Environment<'static>,
    /// Names in the template, and the numbers of their columns.
    names: Vec<(String, usize)>,
    max: usize,
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let Some(text) = cx.argument.and_then(Value::text) else {
        return Err(Refusal { what: "`template` takes text".into(), hint: None });
    };
    if !cx.class().is_text() {
        return Err(Refusal {
            what: "`template` makes text, which the column does not take".into(),
            hint: None,
        });
    }
    let max = match cx.option("max") {
        Some(Value::Integer(max)) => usize::try_from(*max).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    let column = cx.class().max_chars().and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_fuel(Some(FUEL));
    // What the library says of a template quotes it: its own words, no values. Only the line is passed on.
    let wrong = |error: &minijinja::Error| Refusal {
        what: match error.line().and_then(|line| u64::try_from(line).ok()) {
            Some(line) => message!("the template cannot be read: something is wrong in its line {}", line),
            None => "the template cannot be read".into(),
        },
        hint: Some("columns stand in double braces: `{{ first_name }}`".into()),
    };
    environment.add_template_owned(NAME, text.to_owned()).map_err(|error| wrong(&error))?;
    let template = environment.get_template(NAME).map_err(|error| wrong(&error))?;
    let globals: Vec<String> = environment.globals().map(|(name, _)| name.to_owned()).collect();
    let mut found: Vec<String> =
        template.undeclared_variables(false).into_iter().filter(|name| !globals.contains(name)).collect();
    found.sort();
    let names = found.into_iter().map(|name| (name.clone(), cx.reads.named(&name))).collect();
    let mask = Template { environment, names, max: max.min(column) };
    // A row of empty columns shows what else can go wrong: unknown filters and functions.
    let mut out = Vec::new();
    if mask.render(|_| Some(b""), &mut out) == Outcome::Unfit {
        return Err(Refusal {
            what: message!(
                "the template does not work on a row of empty values ({} columns)",
                u64::try_from(mask.names.len()).unwrap_or(0)
            ),
            hint: Some(message!("an unknown filter, or more than {} steps", FUEL)),
        });
    }
    Ok(Compiled {
        mask: Box::new(mask),
        needs: Needs::Nothing,
        output: Output::Typed,
        uniqueness: Uniqueness::Lost,
    })
}

impl Template {
    /// Appends what a row gives; NULL is '' here.
    fn render<'v>(&self, column: impl Fn(usize) -> Option<&'v [u8]>, out: &mut Vec<u8>) -> Outcome {
        let mut values: Vec<(&str, &str)> = Vec::with_capacity(self.names.len());
        for (name, number) in &self.names {
            let Ok(text) = std::str::from_utf8(column(*number).unwrap_or_default()) else {
                return Outcome::Unfit;
            };
            values.push((name, text));
        }
        let values = minijinja::Value::from_pairs(values);
        let rendered = self.environment.get_template(NAME).and_then(|template| template.render(values));
        let Ok(text) = rendered else { return Outcome::Unfit };
        match text.char_indices().nth(self.max) {
            Some((end, _)) => out.extend_from_slice(text.get(..end).unwrap_or_default().as_bytes()),
            None => out.extend_from_slice(text.as_bytes()),
        }
        Outcome::Masked
    }
}

impl Mask for Template {
    fn mask(&self, _: &[u8], _: &MaskCx<'_>, _: &mut Vec<u8>) -> Outcome {
        // Without a row there is nothing to make it of.
        Outcome::Unfit
    }

    fn sees_row(&self) -> bool {
        true
    }

    fn mask_within(&self, _field: &[u8], _own: &Lanes, row: &RowCx<'_>, out: &mut Vec<u8>) -> Outcome {
        self.render(|number| row.stand_in(number), out)
    }

    fn placeholder(&self, _: &[u8], _: &mut Vec<u8>) -> bool {
        false
    }
}
