//! From words to log-odds: which word of a name decides, what the others take from it, what the table and the
//! neighbours add. Knows classes and roles; no single word.

use super::Named;
use super::lexicon::{Head, STRONG, SURE, Says, USUAL, When};
use super::tables::{Role, TableWords, fills, role, stem, step};
use super::words::{Span, single, spans};
use crate::discover::class::{Category, Class, Fits};
use crate::discover::scores::Scores;

/// What the names of all columns of a table say together.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// How much of people: positive where such columns stand there.
    people: f32,
    /// Columns of first names, last names.
    first: bool,
    last: bool,
    /// The parts of an address.
    address: bool,
    /// What most names begin with.
    prefix: Option<String>,
}

/// A name, cut.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    /// The steps before the last one, where it is a path.
    path: String,
    /// The spans of the last step.
    spans: Vec<Span>,
}

impl Cut {
    /// Cuts a name.
    pub(super) fn of(name: &str) -> Self {
        let (path, name) = steps(name);
        Self { path, spans: spans(name) }
    }
}

impl Around {
    /// Takes the names of a table's columns together.
    pub(super) fn of(names: &[Cut]) -> Self {
        let mut found = Self::default();
        let mut starts: Vec<(String, usize)> = Vec::new();
        for Cut { spans, .. } in names {
            if let Some(first) = spans.first().filter(|first| spans.len() > 1 && first.entry.is_none()) {
                match starts.iter_mut().find(|(text, _)| *text == first.text) {
                    Some((_, count)) => *count += 1,
                    None => starts.push((first.text.clone(), 1)),
                }
            }
            found.count(spans);
        }
        found.people = found.people.clamp(-1.5, 1.5);
        let most = starts.into_iter().max_by_key(|(_, count)| *count);
        found.prefix =
            most.filter(|(_, count)| *count > 2 && count * 5 >= names.len() * 3).map(|(text, _)| text);
        found
    }

    fn count(&mut self, spans: &[Span]) {
        let Some(entry) = spans.iter().rev().find(|span| !fills(span)).and_then(|span| span.entry) else {
            return;
        };
        for says in &entry.says {
            match says {
                Says::Class(Class::FirstName, weight, _) if *weight >= STRONG => self.first = true,
                Says::Class(Class::LastName, weight, _) if *weight >= SURE => self.last = true,
                Says::Class(Class::Street | Class::Postcode | Class::City | Class::AddressLine, ..) => {
                    self.address = true;
                }
                _ => {}
            }
            match says {
                Says::Class(class, weight, When::Always) if *weight >= STRONG => {
                    self.people += match class {
                        Class::FirstName | Class::LastName | Class::BirthDate | Class::Gender => 0.9,
                        Class::Email | Class::Phone | Class::FullName | Class::Initials => 0.6,
                        Class::PasswordHash | Class::Username | Class::Job | Class::Nationality => 0.5,
                        Class::Street | Class::Postcode | Class::HouseNumber | Class::City => 0.3,
                        _ => 0.0,
                    };
                }
                Says::Takes(Class::Measure, weight) if *weight >= STRONG => self.people -= 0.4,
                Says::Owner(Role::Product | Role::Lookup) => self.people -= 0.3,
                _ => {}
            }
        }
    }
}

/// What is known where one name is judged.
struct Context<'a> {
    around: &'a Around,
    /// Whom or what the name belongs to.
    owner: Role,
    /// Whether the name itself says so.
    said: bool,
    /// How much it is of people, -1.5 to 1.5.
    people: f32,
}

/// Adds up scores, and remembers the words that said most.
#[derive(Default)]
struct Sum {
    scores: Scores,
    best: f32,
    word: Option<&'static str>,
}

impl Sum {
    fn add(&mut self, span: &Span, class: Class, weight: f32) {
        self.scores.add(class, weight);
        if weight.abs() > self.best {
            self.best = weight.abs();
            self.word = span.entry.map(|entry| entry.phrase);
        }
    }
}

/// What decides over the meaning of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decides {
    Class,
    Head,
    Takes,
    Opens,
    Nothing,
}

fn decides(span: &Span, first: bool) -> Decides {
    let Some(entry) = span.entry else { return Decides::Nothing };
    let mut found = Decides::Nothing;
    for says in &entry.says {
        let this = match says {
            Says::Opens(..) if first => Decides::Opens,
            Says::Takes(..) | Says::Strips => Decides::Takes,
            Says::Head(_) => Decides::Head,
            Says::Class(..) => Decides::Class,
            _ => Decides::Nothing,
        };
        if found == Decides::Nothing || this == Decides::Opens {
            found = this;
        }
    }
    found
}

/// Says whether a span only says whose a column is, where another one says what it is: `id_user`, `author_email`.
fn owns(span: &Span) -> bool {
    role(span).is_some() && !tells(span, coded)
}

/// Returns the place of the span that decides: the first where it opens the name, else the last that says what the
/// column is.
fn deciding(spans: &[Span]) -> Option<(usize, bool)> {
    let says = |span: &Span| decides(span, false) != Decides::Nothing;
    let opens = spans.first().filter(|span| spans.len() > 1 && decides(span, true) == Decides::Opens);
    let since = opens
        .and_then(|first| first.entry)
        .is_some_and(|entry| entry.says.iter().any(|says| matches!(says, Says::Opens(Class::Moment, _))));
    if since {
        // `last_activity` is a moment, `last_order_number` a number.
        let other = spans.iter().skip(1).rposition(|span| says(span) && !owns(span));
        return Some(other.map_or((0, true), |at| (at + 1, false)));
    }
    if opens.is_some() {
        return Some((0, true));
    }
    let last = spans.iter().rposition(|span| says(span) && !owns(span));
    last.or_else(|| spans.iter().rposition(says)).map(|at| (at, false))
}

/// Returns what a name says.
pub(super) fn judge(table: &TableWords, table_name: &str, cut: Cut, around: &Around) -> Named {
    let Cut { path, mut spans } = cut;
    let mut sum = Sum::default();
    let whole = spans.clone();
    own_prefix(&mut spans, table_name, around);
    let decided = deciding(&spans);
    let cx = context(table, &path, &spans, decided.map(|(at, _)| at), around);
    let mut joins = None;
    match decided.and_then(|(at, opens)| spans.get(at).map(|span| (at, opens, span))) {
        Some((at, opens, span)) => {
            let rest: Vec<&Span> =
                spans.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, span)| span).collect();
            match decides(span, opens) {
                Decides::Opens | Decides::Takes => taken(&mut sum, span, &rest, opens, &cx),
                Decides::Head => {
                    joins = headed(&mut sum, span, &rest, &whole, &cx);
                }
                Decides::Class | Decides::Nothing => {
                    // An unknown word after it may mean anything.
                    let after = spans.iter().skip(at + 1).any(|span| span.entry.is_none() && !span.digits);
                    classes(&mut sum, span, if after { 0.6 } else { 1.0 }, &cx);
                    lesser(&mut sum, &rest, 0.3, &cx);
                    joins = numbered(span);
                }
            }
        }
        None => joins = bare(&mut sum, &spans, &cx),
    }
    Named { scores: sum.scores, word: sum.word, joins }
}

/// Returns what a number or key of people points to, where one phrase says all of it: `klantnr`.
fn numbered(span: &Span) -> Option<Vec<String>> {
    let of_people = |says: &Says| matches!(says, Says::Class(Class::PersonNumber | Class::PersonKey, ..));
    if !span.entry?.says.iter().any(of_people) {
        return None;
    }
    let text = span.text.as_str();
    let ends = ["nummer", "number", "code", "num", "nr", "no", "id"];
    let starts = ["numerode", "numero", "num", "code", "no"];
    let end = ends.iter().find_map(|end| text.strip_suffix(end));
    let stem = end.or_else(|| starts.iter().find_map(|start| text.strip_prefix(start)))?;
    (stem.len() > 1).then(|| vec![single(stem)])
}

/// Splits a path into the words before its last step, and that step; a plain name is its own last step.
fn steps(name: &str) -> (String, &str) {
    let path = name.starts_with(['$', '/']) || name.contains('.') || name.contains('[');
    if !path {
        return (String::new(), name);
    }
    let mut steps = name
        .split(['.', '/', '[', ']', '@', '$', '\'', '"', '*'])
        .filter(|step| step.chars().any(char::is_alphabetic));
    match steps.next_back() {
        Some(last) => (steps.collect::<Vec<_>>().join("_"), last),
        None => (String::new(), name),
    }
}

/// Takes off what only repeats the table's name: an abbreviation of it, or what most columns begin with.
fn own_prefix(spans: &mut Vec<Span>, table_name: &str, around: &Around) {
    let Some(first) = spans.first().filter(|first| first.entry.is_none() && spans.len() > 1) else { return };
    let all = around.prefix.as_deref() == Some(first.text.as_str());
    let own = super::words::tokens(table_name).last().is_some_and(|word| shortens(&first.text, word));
    if all || own {
        spans.remove(0);
    }
}

/// Says whether the letters of one word stand in the other in their order, from the first on.
fn shortens(short: &str, word: &str) -> bool {
    if short.len() > word.len() || short.as_bytes().first() != word.as_bytes().first() {
        return false;
    }
    let mut rest = word.bytes();
    short.bytes().all(|letter| rest.any(|other| other == letter))
}

fn context<'a>(
    table: &TableWords,
    path: &str,
    spans: &[Span],
    decided: Option<usize>,
    around: &'a Around,
) -> Context<'a> {
    // The owner next to the end says most: `order_customer_name`.
    let others = spans.iter().enumerate().rev().filter(|(at, _)| Some(*at) != decided);
    let named = others.map(|(_, span)| span).find_map(role);
    let table_owner = step(path).unwrap_or(table.owner());
    match named.filter(|_| spans.len() > 1) {
        Some(owner) => {
            let own = owner.people();
            let people = if own < 0.0 { own } else { own + (around.people * 0.3).max(0.0) };
            Context { around, owner, said: true, people }
        }
        None => {
            // A table of things stays one, also where somebody's mail stands in it.
            let role = table_owner.people();
            let share = if role < 0.0 && around.people > 0.0 { 0.4 } else { 1.0 };
            let people = (role + around.people * share).clamp(-1.5, 1.5);
            Context { around, owner: table_owner, said: false, people }
        }
    }
}

/// Returns what is left of a weight that needs company.
fn among(weight: f32, when: When, cx: &Context<'_>) -> f32 {
    let setting = matches!(cx.owner, Role::Config | Role::KeyValue);
    match when {
        When::Always if cx.people < -0.9 => weight * 0.85,
        When::Always => weight,
        When::People => weight * (0.45 + 0.55 * cx.people).clamp(-0.6, 1.1),
        When::Address if cx.around.address || cx.owner == Role::Address => weight,
        When::Address => weight * 0.3,
        When::Settings => weight * if setting { 1.0 } else { 0.0 },
    }
}

/// Adds the classes of a span.
fn classes(sum: &mut Sum, span: &Span, share: f32, cx: &Context<'_>) {
    let Some(entry) = span.entry else { return };
    // `naam` and `nom` are the last name beside a first name only.
    let name = entry.says.contains(&Says::Head(Head::Name));
    let part = cx.around.first && !cx.around.last;
    for says in &entry.says {
        match says {
            Says::Class(Class::LastName, ..) if name && !part => {}
            Says::Class(class, weight, when) => {
                sum.add(span, *class, among(*weight, *when, cx) * share);
            }
            Says::Takes(class, weight) => {
                sum.add(span, *class, *weight * share * 0.8);
            }
            _ => {}
        }
    }
    let part = entry
        .says
        .iter()
        .any(|says| matches!(says, Says::Class(Class::LastName, weight, _) if *weight < SURE));
    if part && entry.says.contains(&Says::Head(Head::Name)) && cx.around.first && !cx.around.last {
        sum.add(span, Class::LastName, USUAL);
    }
}

/// Adds a share of what the other words say, where they are of a class.
fn lesser(sum: &mut Sum, rest: &[&Span], share: f32, cx: &Context<'_>) {
    for span in rest.iter().filter(|span| !owns(span)) {
        for says in span.entry.iter().flat_map(|entry| &entry.says) {
            if let Says::Class(class, weight, when) = says {
                sum.add(span, *class, among(*weight, *when, cx) * share);
            }
        }
    }
}

/// Says whether a flag, a code or a state of such a class still tells it: `is_pregnant`, `religion_id`.
fn coded(class: Class) -> bool {
    matches!(class.about().category, Category::Special | Category::Criminal)
        || matches!(
            class,
            Class::Gender | Class::Nationality | Class::MaritalStatus | Class::Income | Class::Interest
        )
}

/// Says whether a span is of such a class.
fn tells(span: &Span, coded: impl Fn(Class) -> bool) -> bool {
    span.entry.is_some_and(|entry| {
        entry.says.iter().any(|says| matches!(says, Says::Class(class, ..) if coded(*class)))
    })
}

/// A flag, a label, a measure, a moment, or only something about a class.
fn taken(sum: &mut Sum, span: &Span, rest: &[&Span], opens: bool, cx: &Context<'_>) {
    let Some(entry) = span.entry else { return };
    let mut strips = false;
    let measure = entry
        .says
        .iter()
        .any(|says| matches!(says, Says::Takes(Class::Measure, _) | Says::Opens(Class::Measure, _)));
    let still = |class: Class| coded(class) && !(measure && class.about().fits == Fits::Code);
    let telling = rest.iter().any(|other| tells(other, still));
    let share = if telling { 0.4 } else { 1.0 };
    for says in &entry.says {
        match says {
            Says::Opens(class, weight) if opens => sum.add(span, *class, weight * share),
            Says::Takes(class, weight) if !opens => sum.add(span, *class, weight * share),
            Says::Class(class, weight, when) if !opens => sum.add(span, *class, among(*weight, *when, cx)),
            Says::Strips => strips = true,
            _ => {}
        }
    }
    let moment = entry.says.iter().any(|says| matches!(says, Says::Takes(Class::Moment, _)));
    for other in rest.iter().filter(|other| !owns(other)) {
        for says in other.entry.iter().flat_map(|entry| &entry.says) {
            match says {
                Says::Class(class, weight, when) if still(*class) && !strips => {
                    let share = if moment { 0.5 } else { 0.9 };
                    sum.add(other, *class, among(*weight, *when, cx) * share);
                }
                Says::Class(class, ..) => sum.add(span, *class, -STRONG),
                // `order_status_date`, `is_default`: the rest only says more of the same kind.
                Says::Takes(class, weight) => sum.add(other, *class, weight * 0.2),
                _ => {}
            }
        }
    }
    if strips {
        for class in [Class::FullName, Class::Email, Class::Phone, Class::AddressLine] {
            sum.add(span, class, -USUAL);
        }
    }
}

/// A word that means nothing without what it belongs to. Returns what a key points to.
fn headed(
    sum: &mut Sum,
    span: &Span,
    rest: &[&Span],
    spans: &[Span],
    cx: &Context<'_>,
) -> Option<Vec<String>> {
    let heads: Vec<Head> = span
        .entry
        .iter()
        .flat_map(|entry| &entry.says)
        .filter_map(|says| if let Says::Head(head) = says { Some(*head) } else { None })
        .collect();
    let class = rest.iter().rev().copied().find(|span| decides(span, false) == Decides::Class && !owns(span));
    let plain = rest.iter().rev().copied().find(|span| decides(span, false) == Decides::Takes && !owns(span));
    let alien = rest.iter().any(|span| span.entry.is_none() && !span.digits);
    let mut joins = None;
    // `num_employees` counts them; `num_client` is one's number.
    let counted = spans.first().is_some_and(|first| first.text == "num" && first.text == span.text)
        && spans.get(1).is_some_and(|next| role(next).is_some() && single(&next.text) != next.text);
    if counted {
        sum.add(span, Class::Measure, STRONG);
        return None;
    }
    for head in heads {
        match head {
            Head::Name => name_of(sum, span, class, plain, alien, cx),
            Head::Number | Head::Code => {
                number_of(sum, span, head, class, plain, alien, cx);
                if head == Head::Number && class.is_none() {
                    joins = pointed(spans, span);
                }
            }
            Head::Id => {
                id_of(sum, span, class, plain.is_some(), alien, cx);
                joins = pointed(spans, span);
            }
            Head::Date => date_of(sum, span, class, cx),
        }
    }
    // A word that is a head and also a class or a label by itself: `nom`.
    classes(sum, span, 1.0, cx);
    joins
}

/// Returns the words of a key's name without the head and what says nothing.
fn pointed(spans: &[Span], head: &Span) -> Option<Vec<String>> {
    let rest: Vec<Span> = spans.iter().filter(|span| span.text != head.text).cloned().collect();
    let words = stem(&rest);
    (!words.is_empty()).then_some(words)
}

fn name_of(
    sum: &mut Sum,
    span: &Span,
    class: Option<&Span>,
    plain: Option<&Span>,
    alien: bool,
    cx: &Context<'_>,
) {
    if let Some(class) = class {
        classes(sum, class, 1.0, cx);
        return;
    }
    if plain.is_some() {
        // `status_name`, `type_name`: one of a few words.
        sum.add(span, Class::Label, USUAL);
        sum.add(span, Class::FullName, -STRONG);
        return;
    }
    let share = if alien && !cx.said { 0.3 } else { 1.0 };
    match cx.owner {
        Role::Organisation => {
            sum.add(span, Class::Company, STRONG * share);
            sum.add(span, Class::FullName, if cx.around.first { -HALF } else { 0.0 });
        }
        Role::Product | Role::Place | Role::Config | Role::KeyValue | Role::Lookup | Role::Content => {
            sum.add(span, Class::FullName, -USUAL);
            sum.add(span, Class::Label, 2.0);
        }
        _ if cx.around.first && !cx.around.last && !cx.said => {
            sum.add(span, Class::LastName, STRONG * share);
            sum.add(span, Class::FullName, USUAL * share);
        }
        _ => {
            let weight = (0.3 + 4.7 * cx.people).clamp(-USUAL, 6.0);
            sum.add(span, Class::FullName, if weight > 0.0 { weight * share } else { weight });
            if weight < 0.0 {
                sum.add(span, Class::Label, HALF);
            }
        }
    }
}

/// Half of what a usual word says.
const HALF: f32 = 1.5;

fn number_of(
    sum: &mut Sum,
    span: &Span,
    head: Head,
    class: Option<&Span>,
    plain: Option<&Span>,
    alien: bool,
    cx: &Context<'_>,
) {
    if let Some(class) = class {
        classes(sum, class, 1.0, cx);
        return;
    }
    if plain.is_some() {
        sum.add(span, Class::Label, USUAL);
        return;
    }
    let code = head == Head::Code;
    match cx.owner {
        Role::Person | Role::Account | Role::Contact if cx.said => {
            sum.add(span, Class::PersonNumber, if code { STRONG } else { 6.0 });
        }
        Role::Person | Role::Account | Role::Contact if !alien => {
            sum.add(span, Class::PersonNumber, if code { 2.0 } else { 3.5 });
        }
        Role::Health | Role::Employment | Role::Education if cx.said => {
            sum.add(span, Class::PersonNumber, USUAL);
            sum.add(span, Class::Key, HALF);
        }
        Role::Address => sum.add(span, Class::HouseNumber, if code || alien { 0.5 } else { USUAL }),
        Role::Unknown => {
            sum.add(span, if code { Class::Label } else { Class::Key }, HALF);
            sum.add(span, Class::PersonNumber, cx.people.max(0.0));
        }
        _ if code => {
            sum.add(span, Class::Label, 2.5);
            sum.add(span, Class::Key, 2.0);
        }
        _ => sum.add(span, Class::Key, if cx.said { 4.0 } else { USUAL }),
    }
}

fn id_of(sum: &mut Sum, span: &Span, class: Option<&Span>, plain: bool, alien: bool, cx: &Context<'_>) {
    if let Some(class) = class {
        for says in class.entry.iter().flat_map(|entry| &entry.says) {
            if let Says::Class(class_of, weight, when) = says {
                let secret = class_of.about().category == Category::Secret;
                let weight = among(*weight, *when, cx);
                let share = if coded(*class_of) {
                    0.8
                } else if secret {
                    0.4
                } else {
                    -0.5
                };
                sum.add(class, *class_of, weight * share);
            }
        }
        sum.add(span, Class::Key, if tells(class, coded) { 2.5 } else { STRONG });
        return;
    }
    if cx.owner.person() && (cx.said || !alien) {
        sum.add(span, Class::PersonKey, if cx.said { 6.0 } else { STRONG });
    } else if cx.said || plain {
        sum.add(span, Class::Key, STRONG);
    } else {
        sum.add(span, Class::Key, if cx.owner == Role::Unknown && !alien { 2.0 } else { USUAL });
    }
}

fn date_of(sum: &mut Sum, span: &Span, class: Option<&Span>, cx: &Context<'_>) {
    if let Some(class) = class {
        for says in class.entry.iter().flat_map(|entry| &entry.says) {
            if let Says::Class(of, weight, when) = says {
                let dates = matches!(of, Class::BirthDate | Class::DeathDate | Class::CardCode);
                let share = if dates {
                    1.2
                } else if coded(*of) {
                    0.4
                } else {
                    -0.5
                };
                sum.add(class, *of, among(*weight, *when, cx) * share);
                if !dates {
                    sum.add(span, Class::Moment, STRONG);
                }
            }
        }
        return;
    }
    sum.add(span, Class::Moment, if cx.said { 4.0 } else { USUAL });
}

/// A name of owners and unknown words only: `customer`, `klant`.
fn bare(sum: &mut Sum, spans: &[Span], cx: &Context<'_>) -> Option<Vec<String>> {
    let (span, owner) = spans.iter().rev().find_map(|span| role(span).map(|role| (span, role)))?;
    if spans.iter().any(|other| other.entry.is_none() && !other.digits) {
        return None;
    }
    if owner.person() {
        sum.add(span, Class::PersonKey, 2.5);
        sum.add(span, Class::FullName, 2.0 + cx.people.clamp(-0.5, 0.5));
    } else if owner == Role::Organisation {
        sum.add(span, Class::Company, USUAL);
    } else if matches!(owner, Role::Lookup) {
        sum.add(span, Class::Label, 4.0);
    } else {
        sum.add(span, Class::Label, HALF);
        sum.add(span, Class::Key, 1.0);
    }
    Some(stem(spans))
}
