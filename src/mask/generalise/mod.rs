//! `generalise`: a coarser but true value of the same type. A date becomes the first day of its year, quarter, month,
//! decade or band of years, or the Monday of its week; a number the lower bound of its band; text its first characters or
//! its group; an address its network; a coordinate a point of a grid. One form a file.
//!
//! Class: generalisation. Preserves type and joins on the coarse value, order but for `map`; loses uniqueness. An
//! attacker learns the band, with or without the key; a zone written behind a time stays, and can tell summer from
//! winter time. `{generalise: year}` on `1987-06-05` gives `1987-01-01`. What has not the form is unfit; `infinity` of
//! dates stays. Refuses forms that the column's type does not have, and bands that the type does not hold.

mod dates;
mod form;
mod network;
mod numbers;
mod words;

use super::decimal::{Decimal, Holds};
use super::{
    Class, Compile, Compiled, Example, Mask, Needs, OptionSpec, Output, Reaches, Refusal, Reversibility,
    Takes, TechniqueSpec, Uniqueness, Value, constant,
};
use crate::error::Message;
use crate::message;
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;
use crate::secret::Purpose;
use dates::{Dates, Period};
use numbers::{Ages, Numbers, Pairs, Step};

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "generalise",
    class: Class::Generalisation,
    summary: "makes a value coarser but true: a period, a band of numbers, a prefix, a group, a network, a grid",
    preserves: "type, joins on the coarse value, order (but for `map`); length with `prefix` and `fill`",
    attacker: "the band, with or without the key; a zone behind a time tells summer from winter time",
    reversibility: Reversibility::None,
    reaches: Reaches::Possibly("the value is true, only coarser"),
    argument: Takes::OrOptions(&Takes::OneOf(&[
        "year", "quarter", "month", "week", "decade", "age", "network",
    ])),
    bare: false,
    options: OPTIONS,
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: EXAMPLES,
    compile,
};

const OPTIONS: &[OptionSpec] = &[
    OptionSpec {
        name: "width",
        takes: Takes::Number,
        help: "bands of this width: a number becomes the lower bound; with `age` years (10)",
    },
    OptionSpec {
        name: "steps",
        takes: Takes::Numbers,
        help: "bands that begin at these numbers; what is below the first becomes the first",
    },
    OptionSpec {
        name: "digits",
        takes: Takes::Integer { min: 1, max: 18 },
        help: "so many significant digits stay, rounded",
    },
    OptionSpec {
        name: "top",
        takes: Takes::Number,
        help: "what is more becomes this; alone, or with a band",
    },
    OptionSpec {
        name: "bottom",
        takes: Takes::Number,
        help: "what is less becomes this; alone, or with a band",
    },
    OptionSpec {
        name: "prefix",
        takes: Takes::Integer { min: 1, max: 1000 },
        help: "the first characters of text stay, the others fall away",
    },
    OptionSpec {
        name: "fill",
        takes: Takes::Scalar,
        help: "with `prefix`: one character that stands for each of the others",
    },
    OptionSpec { name: "map", takes: Takes::Entries, help: "the group of each value; needs `else`" },
    OptionSpec { name: "else", takes: Takes::Scalar, help: "with `map`: the group of all other values" },
    OptionSpec {
        name: "grid",
        takes: Takes::Number,
        help: "coordinates become multiples of this, towards zero; also pairs, `52.37,4.89` and points",
    },
];

const EXAMPLES: &[Example] = &[
    Example { rule: "{generalise: year}", input: "1987-06-05", output: "1987-01-01" },
    Example { rule: "{generalise: quarter}", input: "1987-06-05", output: "1987-04-01" },
    Example {
        rule: "{generalise: month}",
        input: "1987-06-05 10:11:12.5+02",
        output: "1987-06-01 00:00:00+02",
    },
    Example { rule: "{generalise: week}", input: "2027-01-01", output: "2026-12-28" },
    Example { rule: "{generalise: decade}", input: "0044-03-15 BC", output: "0040-01-01 BC" },
    Example { rule: "{generalise: age, width: 5}", input: "37", output: "35-39" },
    Example { rule: "{generalise: {width: 10}}", input: "-12.50", output: "-20.00" },
    Example { rule: "{generalise: {steps: [0, 18, 30]}}", input: "29", output: "18" },
    Example { rule: "{generalise: {digits: 2}}", input: "12750", output: "13000" },
    Example { rule: "{generalise: {top: 100000, bottom: 0}}", input: "250000.00", output: "100000.00" },
    Example { rule: "{generalise: {prefix: 2}}", input: "1234 AB", output: "12" },
    Example {
        rule: "{generalise: {map: {nurse: care, cook: food}, else: other}}",
        input: "cook",
        output: "food",
    },
    Example { rule: "{generalise: network}", input: "192.0.2.77", output: "192.0.2.0" },
    Example { rule: "{generalise: {grid: 0.1}}", input: "52.379189", output: "52.300000" },
];

/// Options that go with each form; the first is the one that names it.
const FORMS: &[&[&str]] = &[
    &["width", "top", "bottom"],
    &["steps", "top", "bottom"],
    &["digits", "top", "bottom"],
    &["grid"],
    &["prefix", "fill"],
    &["map", "else"],
    &["top", "bottom"],
    &["bottom"],
];

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let word = cx.argument.and_then(Value::text);
    check_options(cx, word)?;
    let made = match word {
        Some("year") => dates(cx, Period::Years(1)),
        Some("quarter") => dates(cx, Period::Quarter),
        Some("month") => dates(cx, Period::Month),
        Some("week") => dates(cx, Period::Week),
        Some("decade") => dates(cx, Period::Years(10)),
        Some("age") => ages(cx),
        Some("network") => network(cx),
        Some(_) => {
            Err(refusal("`generalise` does not know that word", "`standin techniques generalise` lists them"))
        }
        None if cx.option("prefix").is_some() => prefix(cx),
        None if cx.option("map").is_some() => groups(cx),
        None => numbers(cx),
    };
    let (mask, output) = made?;
    Ok(Compiled { mask, needs: Needs::Nothing, output, uniqueness: Uniqueness::Lost })
}

/// A form made ready.
type Made = Result<(Box<dyn Mask>, Output), Refusal>;

fn refusal(what: impl Into<Message>, hint: impl Into<Message>) -> Refusal {
    Refusal { what: what.into(), hint: Some(hint.into()) }
}

/// Refuses options that do not go together.
fn check_options(cx: &Compile<'_>, word: Option<&str>) -> Result<(), Refusal> {
    let said = |name: &str| cx.option(name).is_some();
    let form: &[&str] = match word {
        Some("age") => &["width", "top"],
        Some(_) => &[],
        None => {
            FORMS.iter().copied().find(|form| form.first().is_some_and(|name| said(name))).unwrap_or_default()
        }
    };
    let stray = SPEC.options.iter().find(|option| said(option.name) && !form.contains(&option.name));
    match (stray, form.first(), word) {
        (Some(stray), _, Some("age")) => Err(refusal(
            message!("`{}` does not go with `age`", stray.name),
            "ages take `width` and `top`, in years",
        )),
        (Some(stray), _, Some(_)) => Err(refusal(
            message!("`{}` does not go with a word", stray.name),
            message!("write the word, or `{{generalise: {{{}: …}}}}`", stray.name),
        )),
        (Some(stray), Some(form), None) => Err(refusal(
            message!("`{}` does not go with `{}`", stray.name, *form),
            "a rule of `generalise` has one form; `top` and `bottom` go with bands",
        )),
        (_, None, None) => Err(refusal(
            "`generalise` needs to be told how",
            "write `{generalise: year}`, or `{generalise: {width: 10}}`",
        )),
        _ => Ok(()),
    }
}

fn dates(cx: &Compile<'_>, period: Period) -> Made {
    match Dates::new(period, cx.class(), cx.schedule.mac(Purpose::Hash, cx.label)) {
        Some(dates) => Ok((Box::new(dates), Output::Same)),
        None => Err(refusal(
            "this form of `generalise` needs a column of dates or timestamps, or text that holds them",
            "numbers take `width`, `steps`, `digits`, `top` and `bottom`",
        )),
    }
}

/// Returns an option that is a number above zero, or says why it is none.
fn above_zero(cx: &Compile<'_>, name: &'static str) -> Result<Option<Decimal>, Refusal> {
    let Some(number) = number(cx, name)? else { return Ok(None) };
    if number.units > 0 {
        return Ok(Some(number));
    }
    Err(refusal(message!("`{}` is a number above zero", name), message!("write `{}: 10`", name)))
}

fn number(cx: &Compile<'_>, name: &'static str) -> Result<Option<Decimal>, Refusal> {
    let Some(value) = cx.option(name) else { return Ok(None) };
    let found = value.cell().and_then(|text| Decimal::parse(text.as_bytes()));
    found
        .map(Some)
        .ok_or_else(|| refusal(message!("`{}` is a number", name), message!("write `{}: 10`", name)))
}

/// Birth dates by bands of birth years; ages by bands, in text as words.
fn ages(cx: &Compile<'_>) -> Made {
    const YEARS: &str = "write `{generalise: age, width: 10}`";
    let whole = |name| -> Result<Option<i128>, Refusal> {
        let Some(number) = above_zero(cx, name)? else { return Ok(None) };
        match number.exact_at(0).filter(|years| *years <= 150) {
            Some(years) => Ok(Some(years)),
            None => Err(refusal(message!("`{}` of `age` is whole years, at most 150", name), YEARS)),
        }
    };
    let (width, top) = (whole("width")?.unwrap_or(10), whole("top")?);
    let mac = cx.schedule.mac(Purpose::Hash, cx.label);
    match cx.class() {
        TypeClass::Date | TypeClass::Timestamp { .. } | TypeClass::Moment => match top {
            Some(_) => Err(refusal(
                "`top` does not go with birth dates: how old somebody is depends on the day of asking",
                "leave it out, or use `age` on a column of ages",
            )),
            None => dates(cx, Period::Years(i64::try_from(width).unwrap_or(10))),
        },
        class if class.is_text() => {
            let mask = Ages { width, top, mac };
            Ok((Box::new(mask), Output::Text { max_chars: Some(7) }))
        }
        _ => {
            let Some(holds) = Holds::by(cx.ty) else {
                return Err(refusal(
                    "`age` needs a column of birth dates, of ages, or of text that holds ages",
                    "use another form of `generalise`, or `suppress`",
                ));
            };
            let whole = |units| Decimal { units, scale: 0 };
            let step = Step::Width(whole(width));
            let mask = Numbers { step, top: top.map(whole), bottom: Some(whole(0)), holds, mac };
            Ok((Box::new(mask), Output::Typed))
        }
    }
}

fn numbers(cx: &Compile<'_>) -> Made {
    let (width, grid) = (above_zero(cx, "width")?, above_zero(cx, "grid")?);
    let (top, bottom) = (number(cx, "top")?, number(cx, "bottom")?);
    if let (Some(top), Some(bottom)) = (top, bottom)
        && !bottom.compare(top).is_some_and(std::cmp::Ordering::is_lt)
    {
        return Err(refusal("`bottom` is not below `top`", "write `{generalise: {top: 100, bottom: 0}}`"));
    }
    let step = match (width, grid, cx.option("steps"), cx.option("digits")) {
        (Some(width), ..) => Step::Width(width),
        (_, Some(grid), ..) => Step::Grid(grid),
        (_, _, Some(Value::List(steps)), _) => {
            let read = |step: &Value| step.cell().and_then(|text| Decimal::parse(text.as_bytes()));
            let steps: Option<Vec<Decimal>> = steps.iter().map(read).collect();
            Step::Steps(steps.ok_or_else(|| refusal("`steps` are numbers", "write `steps: [0, 18, 65]`"))?)
        }
        (_, _, _, Some(Value::Integer(digits))) => Step::Digits(u32::try_from(*digits).unwrap_or(1)),
        _ => Step::None,
    };
    let point = cx.class() == &TypeClass::Other && cx.ty.text.eq_ignore_ascii_case("point") && grid.is_some();
    let text = TypeClass::Unknown;
    let Some(holds) = (if point { Holds::of(&text) } else { Holds::by(cx.ty) }) else {
        return Err(refusal(
            "this form of `generalise` needs a column of numbers, or text that holds them",
            "dates take `year`, `quarter`, `month`, `week`, `decade` or `age`; text takes `prefix` and `map`",
        ));
    };
    let mask = Numbers { step, top, bottom, holds, mac: cx.schedule.mac(Purpose::Hash, cx.label) };
    if !mask.fits() {
        return Err(refusal(
            "a number of the rule is none that the column's type holds",
            "write numbers within the type's range, with as few digits behind the point as it has",
        ));
    }
    if grid.is_some() && (point || cx.class().is_text()) {
        return Ok((Box::new(Pairs { grid: mask, single: !point, point }), Output::Typed));
    }
    Ok((Box::new(mask), Output::Typed))
}

/// Refuses a form for text on other types.
fn only_text(cx: &Compile<'_>, name: &'static str) -> Result<(), Refusal> {
    if cx.class().is_text() {
        return Ok(());
    }
    Err(refusal(message!("`{}` needs a column of text", name), "numbers take `width`, dates `year`"))
}

fn prefix(cx: &Compile<'_>) -> Made {
    only_text(cx, "prefix")?;
    let chars = match cx.option("prefix") {
        Some(Value::Integer(chars)) => usize::try_from(*chars).unwrap_or(1),
        _ => 1,
    };
    let fill = cx.option("fill").and_then(Value::cell);
    if fill.as_ref().is_some_and(|fill| fill.chars().count() != 1 || fill == "\0") {
        return Err(refusal("`fill` is one character", "write `fill: \"*\"`"));
    }
    let mac = cx.schedule.mac(Purpose::Hash, cx.label);
    Ok((Box::new(words::Prefix { chars, fill: fill.map(Into::into), mac }), Output::Same))
}

fn groups(cx: &Compile<'_>) -> Made {
    let Some(other) = cx.option("else") else {
        return Err(refusal(
            "`map` says nothing of values that are not in it",
            "add `else:` with the group of all others",
        ));
    };
    let class = cx.class();
    let group = |value: &Value| -> Result<Box<[u8]>, Refusal> {
        match constant::written(class, value).filter(|text| !text.is_empty() && constant::takes(cx.ty, text))
        {
            Some(text) => Ok(text.into_bytes().into()),
            None => Err(refusal(
                "a group of `map` or `else` is no value of the column's type, or too long for it",
                "write values of the type, as the database prints them",
            )),
        }
    };
    let entries = if let Some(Value::Map(entries)) = cx.option("map") { entries.as_slice() } else { &[] };
    let groups =
        entries.iter().map(|(value, to)| Ok((constant::keyed(class, value).into_bytes().into(), group(to)?)));
    let groups = groups.collect::<Result<_, Refusal>>()?;
    Ok((Box::new(words::Groups { groups, other: group(other)? }), Output::Typed))
}

fn network(cx: &Compile<'_>) -> Made {
    if cx.class() != &TypeClass::Inet && !cx.class().is_text() {
        return Err(refusal(
            "`network` needs a column of addresses, or text that holds them",
            "use another form",
        ));
    }
    let mac = cx.schedule.mac(Purpose::Hash, cx.label);
    Ok((Box::new(network::Network { mac }), Output::Typed))
}

#[cfg(test)]
mod tests;
