//! Text to tree: the only file that knows sqlparser. Everything that the subset does not have is refused here, with the
//! bytes it stands at and what to write instead; nothing is skipped, since a part left out would change the answer.
//!
//! sqlparser's own precedences are not trusted: an operand without parentheses must bind tighter than its operator as
//! PostgreSQL's grammar says (`gram.y`), which leaves one reading only; any other is refused.

use std::ops::Range;

use sqlparser::ast::{self, BinaryOperator, Expr, Spanned, UnaryOperator, Value};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use super::Refused;
use super::call;
use super::level::{Level, collates, is_ended, left_edge, level};
use super::named::named;
use super::place::Places;
use super::tree::{List, Node, Op, Sign, What};
use crate::message;

/// Most bytes of a condition.
const MAX_BYTES: usize = 256 << 10;

/// Most words that can stand inside each other: it bounds the depth of every tree made of them.
const MAX_WORDS: usize = 3_000;

/// Most levels of parentheses and operators that are not AND and OR.
const MAX_DEPTH: usize = 150;

pub(super) type Read<T> = Result<T, Refused>;

/// Reads a condition.
///
/// # Errors
/// The first thing that is not of the subset.
pub(super) fn read(text: &str, regular: bool) -> Read<Node> {
    let mut places = Places::new(text);
    if text.len() > MAX_BYTES {
        return Err(Refused::new(
            0..0,
            message!("a condition has at most {} bytes", MAX_BYTES),
            "split the table's rows by a shorter condition",
        ));
    }
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, text).tokenize_with_location().map_err(|error| {
        let at = places.byte(error.location);
        Refused::new(
            at..at,
            "this text has no end, or no SQL begins so",
            "close every quote: 'text', \"column\"",
        )
    })?;
    bounded(&tokens, &places)?;
    places.brackets(&tokens);
    let tokens = trimmed(tokens);
    let mut parser =
        Parser::new(&PostgreSqlDialect {}).with_recursion_limit(MAX_DEPTH).with_tokens_with_locations(tokens);
    let parsed = parser.parse_expr();
    let next = parser.peek_token();
    let here = || match places.range(next.span) {
        Some(at) if next.token != Token::EOF => at,
        _ => text.len()..text.len(),
    };
    let parsed = parsed.map_err(|_| {
        Refused::new(
            here(),
            "this is no SQL condition",
            "write one like `active and created_at > now() - interval '90 days'`",
        )
    })?;
    if next.token != Token::EOF {
        return Err(Refused::new(
            here(),
            "the condition should end before this",
            "write one condition, without `;` or `WHERE`",
        ));
    }
    Reader { text, places: &places, depth: 0, regular }.node(&parsed, &(0..text.len()))
}

/// Takes the FROM out of `TRIM(BOTH FROM x)`, as pg_dump writes `trim(x)`: sqlparser has it with a list of characters
/// only. The three words are reserved, so they stand nowhere else.
fn trimmed(mut tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut side = false;
    tokens.retain(|token| match &token.token {
        Token::Whitespace(_) => true,
        Token::Word(word) if word.quote_style.is_none() => {
            let from = side && word.keyword == Keyword::FROM;
            side = matches!(word.keyword, Keyword::BOTH | Keyword::LEADING | Keyword::TRAILING);
            !from
        }
        _ => {
            side = false;
            true
        }
    });
    tokens
}

/// Refuses what would make a tree too deep: words inside each other, lists not counted.
fn bounded(tokens: &[TokenWithSpan], places: &Places) -> Read<()> {
    let (mut open, mut sum) = (vec![0_usize], 0_usize);
    for token in tokens {
        match token.token {
            Token::Whitespace(_) => {}
            Token::LParen | Token::LBracket => open.push(0),
            Token::RParen | Token::RBracket if open.len() > 1 => sum -= open.pop().unwrap_or(0),
            Token::Comma => sum -= open.last_mut().map(std::mem::take).unwrap_or(0),
            _ => {
                sum += 1;
                open.last_mut().into_iter().for_each(|count| *count += 1);
            }
        }
        if sum > MAX_WORDS {
            let at = places.range(token.span).unwrap_or(0..0);
            return Err(Refused::new(
                at,
                message!("a condition has at most {} words", MAX_WORDS),
                "write long lists of values as `column IN (1, 2, 3)`",
            ));
        }
    }
    Ok(())
}

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) places: &'a Places,
    depth: usize,
    /// Whether it is a CHECK, which may hold more: regular expressions, CASE, parts of values.
    pub(super) regular: bool,
}

impl Reader<'_> {
    /// Reads an expression; `around` are the bytes of what it stands in.
    pub(super) fn node(&mut self, expr: &Expr, around: &Range<usize>) -> Read<Node> {
        let at = self.place(expr, around);
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Refused::new(
                at,
                "this stands too deep in parentheses and operators",
                "write it flatter",
            ));
        }
        let node = match expr {
            // Its own words lie inside of it; the parentheses are no part of them.
            Expr::Nested(inner) => self.node(inner, &at)?,
            _ => Node { what: self.what(expr, &at)?, at },
        };
        self.depth -= 1;
        Ok(node)
    }

    /// Returns the bytes of an expression; of some forms sqlparser knows a part only, or none.
    fn place(&self, expr: &Expr, around: &Range<usize>) -> Range<usize> {
        let at = self.places.range(expr.span()).map(|at| {
            let call = matches!(expr, Expr::Function(call) if call.args != ast::FunctionArguments::None);
            self.places.whole(at, call)
        });
        at.unwrap_or_else(|| around.clone())
    }

    /// Reads an operand behind an operator: all that stands in it without parentheses must bind at least so tight.
    pub(super) fn operand(&mut self, expr: &Expr, least: Level, around: &Range<usize>) -> Read<Box<Node>> {
        self.bound(expr, left_edge(expr) >= least, around)
    }

    /// Reads an operand before an operator: it must bind at least so tight, or have its end.
    pub(super) fn before(&mut self, expr: &Expr, least: Level, around: &Range<usize>) -> Read<Box<Node>> {
        self.bound(expr, level(expr) >= least || is_ended(expr), around)
    }

    fn bound(&mut self, expr: &Expr, sure: bool, around: &Range<usize>) -> Read<Box<Node>> {
        let node = self.node(expr, around)?;
        if !sure {
            let what = "without parentheses PostgreSQL reads this another way, or not at all";
            return Err(Refused::new(node.at, what, "put parentheses around it"));
        }
        Ok(Box::new(node))
    }

    fn what(&mut self, expr: &Expr, at: &Range<usize>) -> Read<What> {
        let is = |truth, negated| (truth, negated);
        let (of, (truth, negated)) = match expr {
            Expr::IsTrue(of) => (of, is(Some(true), false)),
            Expr::IsNotTrue(of) => (of, is(Some(true), true)),
            Expr::IsFalse(of) => (of, is(Some(false), false)),
            Expr::IsNotFalse(of) => (of, is(Some(false), true)),
            Expr::IsUnknown(of) => (of, is(None, false)),
            Expr::IsNotUnknown(of) => (of, is(None, true)),
            Expr::IsNull(of) => return self.is_null(of, false, at),
            Expr::IsNotNull(of) => return self.is_null(of, true, at),
            Expr::IsDistinctFrom(left, right) => return self.distinct(left, right, false, at),
            Expr::IsNotDistinctFrom(left, right) => return self.distinct(left, right, true, at),
            _ => return self.predicate(expr, at),
        };
        Ok(What::Is { of: self.before(of, Level::Compare, at)?, truth, negated })
    }

    fn is_null(&mut self, of: &Expr, negated: bool, at: &Range<usize>) -> Read<What> {
        Ok(What::IsNull { of: self.before(of, Level::Compare, at)?, negated })
    }

    fn distinct(&mut self, left: &Expr, right: &Expr, negated: bool, at: &Range<usize>) -> Read<What> {
        let left = self.before(left, Level::Compare, at)?;
        Ok(What::Distinct { left, right: self.operand(right, Level::Compare, at)?, negated })
    }

    fn predicate(&mut self, expr: &Expr, at: &Range<usize>) -> Read<What> {
        match expr {
            Expr::BinaryOp { op: BinaryOperator::Question, .. } if self.regular => self.value(expr, at),
            Expr::BinaryOp { left, op, right } => self.binary(expr, (left, op, right), at),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
                Ok(What::Not(self.operand(expr, Level::Not, at)?))
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
                Ok(What::Negative(self.operand(expr, Level::Sign, at)?))
            }
            Expr::UnaryOp { op: UnaryOperator::Plus, expr } => {
                // A plus changes nothing, but it is for numbers only: so is its double minus.
                let of = self.operand(expr, Level::Sign, at)?;
                let negative = Node { at: at.clone(), what: What::Negative(of) };
                Ok(What::Negative(Box::new(negative)))
            }
            Expr::InList { expr, list, negated } => {
                let of = self.before(expr, Level::Other, at)?;
                Ok(What::In { of, list: self.list(list, at)?, negated: *negated })
            }
            Expr::AnyOp { left, compare_op, right, .. } => self.each((left, compare_op, right), false, at),
            Expr::AllOp { left, compare_op, right } => self.each((left, compare_op, right), true, at),
            Expr::Between { low, .. } if collates(low) => {
                let what = "without parentheses PostgreSQL does not read COLLATE behind BETWEEN";
                Err(Refused::new(at.clone(), what, "put parentheses around it"))
            }
            Expr::Between { expr, negated, low, high } => Ok(What::Between {
                of: self.before(expr, Level::Other, at)?,
                low: self.operand(low, Level::Other, at)?,
                high: self.operand(high, Level::Other, at)?,
                negated: *negated,
            }),
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                self.like((expr, pattern, escape_char.as_deref()), (false, *negated), at)
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char } => {
                self.like((expr, pattern, escape_char.as_deref()), (true, *negated), at)
            }
            _ => self.value(expr, at),
        }
    }

    fn list(&mut self, list: &[Expr], at: &Range<usize>) -> Read<Vec<Node>> {
        if list.is_empty() {
            return Err(Refused::new(
                at.clone(),
                "this list is empty",
                "write at least one value: `IN (1, 2)`",
            ));
        }
        list.iter().map(|item| self.node(item, at)).collect()
    }

    fn binary(
        &mut self,
        expr: &Expr,
        parts: (&Expr, &BinaryOperator, &Expr),
        at: &Range<usize>,
    ) -> Read<What> {
        use BinaryOperator as B;
        let (left, op, right) = parts;
        let like = |fold, negated| (fold, negated);
        let form = match op {
            B::And => return Ok(What::All(self.chain(expr, op, at)?)),
            B::Or => return Ok(What::Any(self.chain(expr, op, at)?)),
            B::PGLikeMatch => like(false, false),
            B::PGILikeMatch => like(true, false),
            B::PGNotLikeMatch => like(false, true),
            B::PGNotILikeMatch => like(true, true),
            B::PGRegexMatch if self.regular => return self.matches(parts, (false, false), at),
            B::PGRegexIMatch if self.regular => return self.matches(parts, (true, false), at),
            B::PGRegexNotMatch if self.regular => return self.matches(parts, (false, true), at),
            B::PGRegexNotIMatch if self.regular => return self.matches(parts, (true, true), at),
            _ => return self.calculation(parts, at),
        };
        // These operators stand with all others, not with LIKE.
        let of = self.before(left, Level::Other, at)?;
        let pattern = self.operand(right, Level::Plus, at)?;
        Ok(What::Like { of, pattern, escape: Some('\\'), fold: form.0, negated: form.1 })
    }

    /// Reads `x ~ 'expression'`.
    fn matches(
        &mut self,
        (left, op, right): (&Expr, &BinaryOperator, &Expr),
        (fold, negated): (bool, bool),
        at: &Range<usize>,
    ) -> Read<What> {
        let of = self.before(left, Level::Other, at)?;
        if let Some(pattern) = self.similar_to(right, at)? {
            return Ok(What::Matches { of, pattern, fold, negated });
        }
        let mut pattern = *self.operand(right, Level::Plus, at)?;
        while let What::Cast { of, .. } = pattern.what {
            pattern = *of;
        }
        match pattern.what {
            What::Text(pattern) => Ok(What::Matches { of, pattern, fold, negated }),
            _ => Err(call::operator(op, at.clone())),
        }
    }

    fn calculation(&mut self, parts: (&Expr, &BinaryOperator, &Expr), at: &Range<usize>) -> Read<What> {
        use BinaryOperator as B;
        let (left, op, right) = parts;
        if let Some(op) = comparison(op) {
            let left = self.before(left, Level::Like, at)?;
            return Ok(What::Compare { op, left, right: self.operand(right, Level::Like, at)? });
        }
        let (sign, own, tighter) = match op {
            B::Plus => (Sign::Plus, Level::Plus, Level::Times),
            B::Minus => (Sign::Minus, Level::Plus, Level::Times),
            B::Multiply => (Sign::Times, Level::Times, Level::Collate),
            B::Divide => (Sign::Divided, Level::Times, Level::Collate),
            B::Modulo => (Sign::Modulo, Level::Times, Level::Collate),
            B::Arrow | B::LongArrow => {
                let of = self.before(left, Level::Other, at)?;
                let key = self.operand(right, Level::Plus, at)?;
                return Ok(What::Get { of, key, text: *op == B::LongArrow });
            }
            _ => return Err(call::operator(op, at.clone())),
        };
        let left = self.before(left, own, at)?;
        Ok(What::Arithmetic { op: sign, left, right: self.operand(right, tighter, at)? })
    }

    /// Reads `a AND b AND c` as one list, since such a chain may be long.
    fn chain(&mut self, expr: &Expr, chained: &BinaryOperator, at: &Range<usize>) -> Read<Vec<Node>> {
        let least = if *chained == BinaryOperator::And { Level::Not } else { Level::And };
        let mut nodes = Vec::new();
        let mut rest = expr;
        while let Expr::BinaryOp { left, op, right } = rest
            && op == chained
        {
            nodes.push(*self.operand(right, least, at)?);
            rest = left;
        }
        nodes.push(*self.before(rest, least, at)?);
        nodes.reverse();
        Ok(nodes)
    }

    fn like(
        &mut self,
        (of, pattern, escape): (&Expr, &Expr, Option<&Expr>),
        (fold, negated): (bool, bool),
        at: &Range<usize>,
    ) -> Read<What> {
        let of = self.before(of, Level::Other, at)?;
        let pattern = self.operand(pattern, Level::Other, at)?;
        let escape = match escape {
            None => Some('\\'),
            Some(expr) => {
                let node = self.node(expr, at)?;
                let mut chars = match &node.what {
                    What::Text(text) => text.chars(),
                    _ => return Err(one_character(node.at)),
                };
                match (chars.next(), chars.next()) {
                    (escape, None) => escape,
                    _ => return Err(one_character(node.at)),
                }
            }
        };
        Ok(What::Like { of, pattern, escape, fold, negated })
    }

    /// Reads `op ANY (ARRAY[...])`, as pg_dump writes IN.
    fn each(&mut self, parts: (&Expr, &BinaryOperator, &Expr), all: bool, at: &Range<usize>) -> Read<What> {
        let (left, op, right) = parts;
        let of = self.before(left, Level::Like, at)?;
        let Some(op) = comparison(op) else { return Err(call::operator(op, at.clone())) };
        Ok(What::Each { of, op, list: self.array(right, at)?, all })
    }

    /// Reads `ARRAY[a, b]`, also with `::type[]` behind, which is that of every element.
    fn array(&mut self, expr: &Expr, around: &Range<usize>) -> Read<List> {
        let at = self.place(expr, around);
        self.depth += 1;
        let list = match expr {
            Expr::Nested(inner) if self.depth < MAX_DEPTH => self.array(inner, &at)?,
            Expr::Array(array) if array.named => List { items: self.list(&array.elem, &at)?, own_type: true },
            Expr::Cast { expr, data_type: ast::DataType::Array(of), format: None, .. }
                if self.depth < MAX_DEPTH =>
            {
                let ast::ArrayElemTypeDef::SquareBracket(of, None) = of else {
                    return Err(not_an_array(at));
                };
                let to = named(of, &at)?;
                let cast = |node: Node| Node {
                    at: node.at.clone(),
                    what: What::Cast { of: Box::new(node), to: to.clone() },
                };
                let list = self.array(expr, &at)?;
                List { items: list.items.into_iter().map(cast).collect(), own_type: true }
            }
            Expr::Value(_) => List { items: self.braces(expr, &at)?, own_type: false },
            _ => return Err(not_an_array(at)),
        };
        self.depth -= 1;
        Ok(list)
    }

    /// Reads `'{a,b}'` of plain words.
    fn braces(&mut self, expr: &Expr, at: &Range<usize>) -> Read<Vec<Node>> {
        let What::Text(text) = self.node(expr, at)?.what else { return Err(not_an_array(at.clone())) };
        let inner = text.strip_prefix('{').and_then(|t| t.strip_suffix('}'));
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ',');
        let inner = inner.filter(|t| t.chars().all(plain)).ok_or_else(|| not_an_array(at.clone()))?;
        let word = |word: &str| match word {
            "" => Err(not_an_array(at.clone())),
            _ if word.eq_ignore_ascii_case("null") => Ok(Node { at: at.clone(), what: What::Null }),
            _ => Ok(Node { at: at.clone(), what: What::Text(word.to_owned()) }),
        };
        inner.split(',').map(word).collect()
    }

    /// Reads a text literal.
    pub(super) fn literal(&self, value: &Value, at: &Range<usize>) -> Option<String> {
        match value {
            Value::SingleQuotedString(text) => Some(text.clone()),
            Value::DollarQuotedString(text) => Some(text.value.clone()),
            Value::EscapedStringLiteral(text) => {
                // Only escapes that every reader takes alike.
                let mut raw = self.text.get(at.clone())?.chars();
                while let Some(c) = raw.next() {
                    if c == '\\' && !matches!(raw.next()?, '\\' | '\'' | 'n' | 't' | 'r') {
                        return None;
                    }
                }
                Some(text.clone())
            }
            _ => None,
        }
        .filter(|text| !text.contains('\0'))
    }
}

fn comparison(op: &BinaryOperator) -> Option<Op> {
    use BinaryOperator as B;
    Some(match op {
        B::Eq => Op::Equal,
        B::NotEq => Op::NotEqual,
        B::Lt => Op::Less,
        B::LtEq => Op::LessOrEqual,
        B::Gt => Op::Greater,
        B::GtEq => Op::GreaterOrEqual,
        _ => return None,
    })
}

fn one_character(at: Range<usize>) -> Refused {
    Refused::new(at, "ESCAPE takes one character", "write `ESCAPE '!'`, or `ESCAPE ''` for none")
}

fn not_an_array(at: Range<usize>) -> Refused {
    Refused::new(
        at,
        "ANY and ALL take a list that is written out",
        "write `ANY (ARRAY['a', 'b'])` or `IN ('a', 'b')`",
    )
}
