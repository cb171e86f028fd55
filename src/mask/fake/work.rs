//! `fake: company`, `job`. Lane 5 decides both; the word of a job agrees with the subject's gender where the language has
//! two. Refuses names of firms: a company is a surname, a trade and a legal form.

use super::form::Case;
use super::make::Make;
use super::name::{append_last, longest_last, shortest_last, that_fit};
use super::person::{Gender, fitting};
use super::spec::{Build, KindSpec, Made, describing};
use super::words::append_like;
use crate::mask::{Lanes, Reaches, Refusal, Uniqueness, lane};
use crate::vocabulary::{CompanyPart, Draw, Entry, Locale, Table};

/// `fake: company`.
pub(super) static COMPANY: KindSpec = KindSpec {
    name: "company",
    summary: "a company named after a surname, a trade and a legal form",
    longest: |locale| Some(longest_company(locale)),
    reaches: |_| Reaches::Possibly("made of common surnames and trades; a company of that name may exist"),
    high: true,
    build: build_company,
    ..describing()
};

/// `fake: job`.
pub(super) static JOB: KindSpec = KindSpec {
    name: "job",
    summary: "a common job, in the word of the subject's gender where there are two",
    longest: |locale| locale.jobs.entries().iter().map(|e| e.chars.max(e.second_chars)).max(),
    high: true,
    build: build_job,
    ..describing()
};

fn longest(table: &'static Table) -> u32 {
    table.entries().iter().map(|e| e.chars).max().unwrap_or(0)
}

fn longest_company(locale: &Locale) -> u32 {
    let part = |part: &CompanyPart| match part {
        CompanyPart::Surname => longest_last(locale),
        CompanyPart::Trade => longest(locale.companies.trades),
        CompanyPart::Partners => longest(locale.companies.partners),
        CompanyPart::Form => longest(locale.companies.forms),
    };
    let pattern = |parts: &&[CompanyPart]| parts.iter().map(|p| part(p) + 1).sum::<u32>().saturating_sub(1);
    locale.companies.patterns.iter().map(pattern).max().unwrap_or(0)
}

struct Company {
    locale: &'static Locale,
    max: u32,
    /// Last names that fit alone, where not all names of companies do.
    fits: Vec<&'static Entry>,
}

fn build_company(cx: &Build<'_>) -> Result<Made, Refusal> {
    cx.at_least_of(COMPANY.name, || shortest_last(cx.locale))?;
    let fits = cx.narrow().map_or(Vec::new(), |max| that_fit(cx.locale.last_names, max));
    Ok(cx.made(Company { locale: cx.locale, max: cx.room(), fits }, cx.longest, Uniqueness::Lost))
}

/// Most parts of a name.
const PARTS: usize = 4;

impl Make for Company {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let lane = lanes.0[lane::COMPANY];
        let mut draw = Draw::new(lane);
        let style = self.locale.companies;
        let count = u64::try_from(style.patterns.len()).unwrap_or(1);
        let pattern = usize::try_from(draw.below(count)).ok().and_then(|n| style.patterns.get(n));
        let pattern = pattern.copied().unwrap_or(&[CompanyPart::Surname]);
        // All parts are drawn, whatever the pattern, so that one more pattern moves no names.
        let surname = self.locale.last_names.pick(&mut draw);
        let trade = style.trades.pick(&mut draw);
        let partners = style.partners.pick(&mut draw);
        let form = style.forms.pick(&mut draw);
        let entry = |part: &CompanyPart| match part {
            CompanyPart::Surname => surname,
            CompanyPart::Trade => trade,
            CompanyPart::Partners => partners,
            CompanyPart::Form => form,
        };
        // From the end on, parts go until it fits; a surname that is too long by itself gives way to one that fits.
        let mut most = pattern.len().min(PARTS);
        let chars = |most: usize| {
            let parts = pattern.iter().take(most).map(|part| entry(part).full_chars() + 1);
            parts.sum::<u32>().saturating_sub(1)
        };
        while most > 0 && chars(most) > self.max {
            most -= 1;
        }
        let case = Case::of(field);
        let kept = pattern.get(..most).unwrap_or_default();
        if !kept.contains(&CompanyPart::Surname) {
            let short = surname.full_chars() > self.max;
            let last = if short { fitting(&self.fits, lane).unwrap_or(surname) } else { surname };
            append_firm(last, case, out);
            return;
        }
        for (n, part) in kept.iter().enumerate() {
            if n > 0 {
                out.push(b' ');
            }
            let entry = entry(part);
            match part {
                CompanyPart::Surname => append_firm(entry, case, out),
                _ => case.append(entry.text, out),
            }
        }
    }
}

/// Appends a surname as a part of the name of a firm: no given name stands before it, so its particle has a capital.
fn append_firm(entry: &Entry, case: Case, out: &mut Vec<u8>) {
    if case == Case::Natural && !entry.second.is_empty() {
        append_like(entry.second, b"A", out);
        out.push(b' ');
        out.extend_from_slice(entry.text.as_bytes());
    } else {
        append_last(entry, case, out);
    }
}

struct Job {
    locale: &'static Locale,
    max: u32,
    /// Jobs both of whose words fit, where not all do.
    fits: Vec<&'static Entry>,
}

/// Returns the length of the longer word.
fn job_chars(entry: &Entry) -> u32 {
    entry.chars.max(entry.second_chars)
}

fn build_job(cx: &Build<'_>) -> Result<Made, Refusal> {
    let jobs = cx.locale.jobs;
    cx.at_least_of(JOB.name, || jobs.entries().iter().map(job_chars).min().unwrap_or(u32::MAX))?;
    let fits = match cx.narrow() {
        Some(max) => jobs.by_slot().filter(|e| job_chars(e) <= max).collect(),
        None => Vec::new(),
    };
    Ok(cx.made(Job { locale: cx.locale, max: cx.room(), fits }, cx.longest, Uniqueness::Lost))
}

impl Make for Job {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        // The lower half of the lane: the upper one names the company.
        let lane = lanes.0[lane::COMPANY].rotate_left(32);
        let mut entry = self.locale.jobs.pick(&mut Draw::new(lane));
        if job_chars(entry) > self.max {
            entry = fitting(&self.fits, lane).unwrap_or(entry);
        }
        let word = match (Gender::of(lanes), entry.second) {
            (Gender::Male, _) | (_, "") => entry.text,
            (Gender::Female, word) => word,
        };
        append_like(word, field, out);
    }
}
