//! Validates a tree against its shape. Problems are reported, and corrected in the tree by the best guess, so
//! that later stages see only valid values or [`Value::Broken`].

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use diagnostic::{Bilingual, Code, nearest};
use expression::{Condition, Number, ProblemKind};
use identifier::{IdentifierKind, Lang};

use super::names::Names;
use super::scalar;
use crate::finding::{Finding, Place};
use crate::rules::time::unknown_pause;
use crate::rules::words::language_mixed_up;
use crate::rules::writing::*;
use crate::shape::{Key, Kind, Record, Shape, Word};
use crate::syntax::{Entry, Map, Node, Scalar, Value};

/// State while files are read.
#[derive(Debug)]
pub struct Reading {
    pub findings: Vec<Finding>,
    pub names: Names,
    /// The file being read.
    pub file: Arc<str>,
    /// Required keys that records of this file lack, with the byte where the record begins.
    pub lacking: Vec<(usize, &'static str)>,
    /// Parsed conditions of this file, by the byte where they begin.
    pub conditions: HashMap<usize, Condition>,
    /// Names local to the item being read: its steps, results and fees.
    locals: HashMap<Kind, Locals>,
}

#[derive(Debug, Default)]
struct Locals {
    names: HashSet<String>,
    /// Some declarations were lost, so unknown names are not reported.
    uncertain: bool,
}

const NOTHING: (&str, &str) = ("空的", "nothing");

impl Reading {
    pub fn new(names: Names) -> Self {
        Self {
            findings: Vec::new(),
            names,
            file: "".into(),
            lacking: Vec::new(),
            conditions: HashMap::new(),
            locals: HashMap::new(),
        }
    }

    pub fn start(&mut self, file: &Arc<str>) {
        self.file = file.clone();
        self.lacking.clear();
        self.conditions.clear();
        self.locals.clear();
    }

    pub fn at(&self, range: Range<usize>) -> Place {
        Place::bytes(self.file.clone(), range)
    }

    pub fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Checks `node` against `shape`. False when part of it is lost.
    pub fn check(&mut self, node: &mut Node<'_>, shape: &'static Shape) -> bool {
        if node.is_broken() {
            return false;
        }
        match shape {
            Shape::Text => self.text(node),
            Shape::Citation => self.citation(node),
            Shape::Record(record) => self.record(node, record),
            Shape::Dictionary { names, of } => self.dictionary(node, names, of),
            Shape::Index { names, of } => self.index(node, *names, of),
            Shape::List(of) => self.list(node, of),
            Shape::Either { short, long } => match node.value {
                Value::Map(_) => self.record(node, long),
                _ => self.check(node, short),
            },
            Shape::ImplementationCodes => self.codes(node),
            Shape::Any => true,
            _ => self.scalar(node, shape),
        }
    }

    fn lost(&mut self, node: &mut Node<'_>, finding: Finding) -> bool {
        self.push(finding);
        node.value = Value::Broken;
        false
    }

    fn wrong(&mut self, node: &mut Node<'_>, wanted: (&str, &str)) -> bool {
        let at = self.at(first_line(node));
        let finding = match describe(node) {
            Some(found) => wrong_type::finding(at, wanted, found),
            None => empty_text::finding(at),
        };
        self.lost(node, finding)
    }

    /// Checks `{zh: …, en: …}`; a plain string counts for both languages.
    fn text(&mut self, node: &mut Node<'_>) -> bool {
        let at = node.at.clone();
        match &mut node.value {
            Value::Scalar(scalar) if scalar.text.trim().is_empty() => {
                self.push(empty_text::finding(self.at(at)));
                node.value = Value::Broken;
                false
            }
            Value::Scalar(_) => {
                self.push(missing_translation::finding(self.at(at), "both"));
                true
            }
            Value::Map(map) => {
                let mut sound = true;
                for entry in &mut map.entries {
                    if !matches!(&*entry.key.text, "zh" | "en") {
                        self.push(unknown_key::in_text(
                            Place::bytes(self.file.clone(), entry.key_at.clone()),
                            &entry.key.text,
                        ));
                        map.incomplete = true;
                        entry.value.value = Value::Broken;
                    } else if !entry.value.is_broken() {
                        sound &= self.line(&mut entry.value);
                    }
                }
                let has = |key: &str| map.get(key).is_some();
                let missing = match (has("zh"), has("en")) {
                    (true, true) => {
                        if let (Some(zh), Some(en)) = (map.get("zh"), map.get("en"))
                            && let (Value::Scalar(zh), Value::Scalar(text)) = (&zh.value, &en.value)
                            && zh.text == text.text
                            && language_mixed_up::only_chinese(&text.text)
                        {
                            let at = self.at(en.at.clone());
                            self.push(language_mixed_up::finding(at));
                        }
                        return sound;
                    }
                    (true, false) => "en",
                    (false, true) => "zh",
                    (false, false) => "both",
                };
                if !map.incomplete {
                    let at = self.at(first_line(node));
                    self.push(missing_translation::finding(at, missing));
                }
                sound && missing != "both"
            }
            _ => self.wrong(node, ("{zh: 中文, en: English}", "{zh: 中文, en: English}")),
        }
    }

    /// Checks a string that is not blank.
    fn line(&mut self, node: &mut Node<'_>) -> bool {
        match &node.value {
            Value::Scalar(scalar) if !scalar.text.trim().is_empty() => true,
            Value::Scalar(_) => {
                let at = self.at(node.at.clone());
                self.lost(node, empty_text::finding(at))
            }
            _ => self.wrong(node, ("一段文字", "a text")),
        }
    }

    fn citation(&mut self, node: &mut Node<'_>) -> bool {
        match node.value {
            Value::Map(_) => self.record(node, &CITATION),
            _ => self.line(node),
        }
    }

    fn list(&mut self, node: &mut Node<'_>, of: &'static Shape) -> bool {
        let bracket =
            node.scalar().filter(|scalar| scalar.plain).and_then(|scalar| scalar.text.chars().next());
        if let Some(mark) = bracket.filter(|mark| matches!(mark, '【' | '［' | '〔' | '〖')) {
            let at = self.at(node.at.start..node.at.start + mark.len_utf8());
            return self.lost(node, full_width::finding(at, mark, "["));
        }
        if matches!(node.value, Value::Scalar(_)) && !node.text().unwrap_or_default().trim().is_empty() {
            // A single value where a list belongs is accepted, unless several were run together.
            let at = self.at(node.at.clone());
            self.push(
                wrong_type::finding(at, ("列表", "a list"), ("一段文字", "a text"))
                    .help("写成 [第一项, 第二项]", "write [first, second]"),
            );
            let inner = Node { at: node.at.clone(), value: std::mem::replace(&mut node.value, Value::Empty) };
            node.value = Value::List(vec![inner]);
        }
        let Value::List(list) = &mut node.value else {
            return self.wrong(node, ("列表", "a list"));
        };
        let mut whole = std::mem::take(list);
        self.split_wide_commas(&mut whole, of);
        let mut sound = true;
        for inner in &mut whole {
            sound &= self.check(inner, of);
        }
        node.value = Value::List(whole);
        sound
    }

    /// Splits `[online，window]`, one plain text in YAML, at the full-width comma into the two words meant.
    fn split_wide_commas(&mut self, list: &mut Vec<Node<'_>>, of: &'static Shape) {
        let names = match of {
            Shape::Word(_) | Shape::Name(_) => true,
            Shape::Either { short, .. } => matches!(short, Shape::Name(_)),
            _ => false,
        };
        let joined = |node: &Node<'_>| {
            node.scalar().is_some_and(|scalar| scalar.plain && scalar.text.contains(['，', '、']))
        };
        if !names || !list.iter().any(joined) {
            return;
        }
        let mut out = Vec::new();
        for node in list.drain(..) {
            let Some(scalar) = node.scalar().filter(|_| joined(&node)) else {
                out.push(node);
                continue;
            };
            if let Shape::Name(kind) | Shape::Either { short: Shape::Name(kind), .. } = of
                && self.names.has(*kind, &scalar.text)
            {
                out.push(node);
                continue;
            }
            let mut from = 0;
            let text = scalar.text.to_string();
            for (at, mark) in text.match_indices(['，', '、']) {
                let range = scalar.range(at..at + mark.len());
                if from == 0 {
                    let first = mark.chars().next().unwrap_or('，');
                    self.push(full_width::finding(self.at(range.clone()), first, ", "));
                }
                out.push(piece(scalar, &text, from..at));
                from = at + mark.len();
            }
            out.push(piece(scalar, &text, from..text.len()));
        }
        *list = out;
    }

    fn dictionary(&mut self, node: &mut Node<'_>, names: &str, of: &'static Shape) -> bool {
        let Value::Map(map) = &mut node.value else {
            if matches!(node.value, Value::Empty) {
                // An empty file or section declares nothing, which is no problem.
                node.value = Value::Map(Map::default());
                return true;
            }
            let wanted = (format!("“{names}: 内容”"), "a mapping of names".to_owned());
            return self.wrong(node, (&wanted.0, &wanted.1));
        };
        let mut sound = !map.incomplete;
        for entry in &mut map.entries {
            if entry.key.text.trim().is_empty() {
                let at = Place::bytes(self.file.clone(), entry.key_at.clone());
                self.findings.push(empty_text::finding(at));
                sound = false;
            }
            sound &= self.check(&mut entry.value, of);
        }
        sound
    }

    /// Checks a dictionary whose keys are names declared elsewhere.
    fn index(&mut self, node: &mut Node<'_>, kind: Kind, of: &'static Shape) -> bool {
        let mut sound = self.dictionary(node, kind.zh(), of);
        let Value::Map(map) = &mut node.value else { return sound };
        for entry in &mut map.entries {
            let mut key = Node { at: entry.key_at.clone(), value: Value::Scalar(entry.key.clone()) };
            sound &= self.name(&mut key, entry.key.text.trim(), kind);
            match key.value {
                Value::Scalar(name) => entry.key = name,
                _ => entry.value.value = Value::Broken,
            }
        }
        sound
    }

    pub fn record(&mut self, node: &mut Node<'_>, record: &'static Record) -> bool {
        let here = first_line(node);
        let Value::Map(map) = &mut node.value else {
            let wanted = (format!("{}（键和值）", record.zh), format!("{} (keys and values)", record.en));
            return self.wrong(node, (&wanted.0, &wanted.1));
        };
        self.name_keys(map, record);
        let mut sound = !map.incomplete;
        for (name, kind) in record.scope {
            self.locals.insert(*kind, locals(map, name));
        }
        let word = record.by.and_then(|by| map.get(by)).and_then(Node::text).map(str::to_owned);
        for entry in &mut map.entries {
            let Some(key) = record.key(&entry.key.text) else { continue };
            if let Some(word) =
                word.as_deref().filter(|word| !key.only.is_empty() && !key.only.contains(word))
            {
                let known = record.by.and_then(|by| record.key(by)).is_some_and(|by| is_word(by.shape, word));
                if known {
                    let at = Place::bytes(self.file.clone(), entry.key_at.clone());
                    self.findings.push(misplaced_key::finding(at, key.name, word, key.only));
                    entry.value.value = Value::Broken;
                    continue;
                }
            }
            sound &= self.check(&mut entry.value, key.shape);
        }
        for key in record.keys.iter().filter(|key| key.required && map.get(key.name).is_none()) {
            sound = false;
            self.lacking.push((here.start, key.name));
            if !map.incomplete {
                let at = self.at(here.clone());
                self.push(missing_key::finding(
                    key.missing.unwrap_or(missing_key::CODE),
                    at,
                    key.name,
                    key.zh,
                    key.en,
                ));
            }
        }
        sound
    }

    /// Reports unknown keys of the record, and renames those with an obvious meaning.
    fn name_keys(&mut self, map: &mut Map<'_>, record: &'static Record) {
        let present: HashSet<String> = map.entries.iter().map(|entry| entry.key.text.to_string()).collect();
        let mut taken = HashSet::new();
        for entry in &mut map.entries {
            if record.key(&entry.key.text).is_some() {
                continue;
            }
            let free =
                record.keys.iter().filter(|key| !present.contains(key.name) && !taken.contains(key.name));
            let free: Vec<&'static str> = free.map(|key| key.name).collect();
            let typed = entry.key.text.trim_matches(['“', '”', '‘', '’', ' ', '\u{3000}']);
            let guess = by_meaning(record, typed).filter(|guess| free.contains(guess));
            let guess = guess.or_else(|| {
                let found = nearest(typed, free.iter().copied())?;
                free.iter().copied().find(|name| *name == found)
            });
            let at = Place::bytes(self.file.clone(), entry.key_at.clone());
            let curly = entry.key.text.starts_with(['“', '‘']);
            match guess {
                Some(name) if curly && name == typed => {
                    self.findings.push(full_width::finding(at, '“', "\""));
                }
                _ => self.findings.push(unknown_key::finding(at, &entry.key.text, record, guess)),
            }
            match guess {
                Some(name) => {
                    taken.insert(name);
                    entry.key.text = Cow::Borrowed(name);
                }
                None => entry.value.value = Value::Broken,
            }
        }
    }

    fn codes(&mut self, node: &mut Node<'_>) -> bool {
        let sound = self.dictionary(node, "编码方案", &Shape::Line);
        let Some(map) = node.map() else { return sound };
        let mut found = Vec::new();
        for Entry { key, value, .. } in &map.entries {
            if let Some(text) = value.text()
                && let Some(why) = wrong_item_code(&key.text, text)
            {
                found.push(invalid_code::finding(self.at(value.at.clone()), text, &why));
            }
        }
        self.findings.extend(found);
        sound
    }

    fn scalar(&mut self, node: &mut Node<'_>, shape: &'static Shape) -> bool {
        let wanted = wanted(shape);
        let Value::Scalar(scalar) = &node.value else {
            return self.wrong(node, wanted);
        };
        let at = self.at(node.at.clone());
        let full = scalar.text.to_string();
        let text = full.trim();
        if text.is_empty() {
            return self.lost(node, empty_text::finding(at));
        }
        if let Some(inner) = curly_quoted(text).filter(|_| !matches!(shape, Shape::Line | Shape::Condition)) {
            self.push(full_width::finding(at, '“', "\""));
            node.value = Value::Scalar(replaced(scalar, inner.to_owned()));
            return self.scalar(node, shape);
        }
        let good = match shape {
            Shape::Line => true,
            Shape::Word(words) => return self.word(node, text, words),
            Shape::Name(kind) => return self.name(node, text, *kind),
            Shape::Condition => return self.condition(node),
            Shape::Region => {
                let problem = identifier::parse(IdentifierKind::Region, text).err();
                return self.identified(
                    node,
                    text,
                    problem.map(|problem| bilingual(|lang| problem.text(lang))),
                );
            }
            Shape::CreditCode => {
                let problem = identifier::parse(IdentifierKind::CreditCode, text).err();
                return self.identified(
                    node,
                    text,
                    problem.map(|problem| bilingual(|lang| problem.text(lang))),
                );
            }
            Shape::Pause => {
                if catalogue::StatutoryPause::parse(text).is_some() {
                    return true;
                }
                let local = self.names.has(Kind::LocalPause, text);
                return self.lost(node, unknown_pause::finding(at, text, local));
            }
            Shape::Bool => scalar::yes_no(text).is_some(),
            Shape::Whole { min, max } => {
                text.parse::<i64>().is_ok_and(|value| (*min..=*max).contains(&value))
            }
            Shape::Decimal => text.parse::<Number>().is_ok(),
            Shape::Date => scalar::date(text).is_some(),
            Shape::Moment => scalar::moment(text).is_some(),
            Shape::Clock => scalar::clock(text).is_some(),
            Shape::Limit => scalar::limit(text).is_some(),
            Shape::LimitOrNone => text == "none" || scalar::limit(text).is_some(),
            Shape::Validity => scalar::validity(text).is_some(),
            Shape::Offset => scalar::offset(text).is_some(),
            _ => true,
        };
        if good {
            return true;
        }
        let numeric = matches!(shape, Shape::Whole { .. } | Shape::Decimal);
        let finding = if matches!(shape, Shape::Bool) || (numeric && text.parse::<f64>().is_err()) {
            wrong_type::finding(at, wanted, ("一段文字", "a text"))
        } else {
            bad_value::finding(at, text, wanted)
        };
        self.lost(node, finding)
    }

    fn identified(&mut self, node: &mut Node<'_>, text: &str, problem: Option<Bilingual>) -> bool {
        if let Some(why) = problem {
            // A wrong code affects nothing else, so the value stays.
            let at = self.at(node.at.clone());
            self.push(invalid_code::finding(at, text, &why));
        }
        true
    }

    fn word(&mut self, node: &mut Node<'_>, text: &str, words: &'static [Word]) -> bool {
        if words.iter().any(|word| word.text == text) {
            return true;
        }
        let guess = words.iter().find(|word| word.zh == text).map(|word| word.text);
        let guess = guess.or_else(|| nearest(text, words.iter().map(|word| word.text)));
        let at = self.at(node.at.clone());
        let finding = unknown_word::finding(at, text, words, guess);
        match (guess, node.scalar()) {
            (Some(guess), Some(scalar)) => {
                node.value = Value::Scalar(replaced(scalar, guess.to_owned()));
                self.push(finding);
                true
            }
            _ => self.lost(node, finding),
        }
    }

    fn name(&mut self, node: &mut Node<'_>, text: &str, kind: Kind) -> bool {
        let (known, uncertain) = match self.locals.get(&kind) {
            Some(locals) => (locals.names.contains(text), locals.uncertain),
            None => (self.names.has(kind, text), self.names.is_uncertain(kind)),
        };
        if known {
            return true;
        }
        let guess = match self.locals.get(&kind) {
            Some(locals) => {
                let mut names: Vec<&str> = locals.names.iter().map(String::as_str).collect();
                names.sort_unstable();
                nearest(text, names.iter().take(2_000).copied()).map(str::to_owned)
            }
            None => self.names.nearest(kind, text),
        };
        if uncertain {
            node.value = Value::Broken;
            return false;
        }
        let at = self.at(node.at.clone());
        let finding = unknown_name::finding(at, kind, text, guess.as_deref());
        match (guess, node.scalar()) {
            (Some(guess), Some(scalar)) => {
                node.value = Value::Scalar(replaced(scalar, guess));
                self.push(finding);
                true
            }
            _ => self.lost(node, finding),
        }
    }

    fn condition(&mut self, node: &mut Node<'_>) -> bool {
        let Some(scalar) = node.scalar() else { return false };
        let names = &self.names.fields;
        let problems = match Condition::parse(&scalar.text, names) {
            Ok(condition) => {
                self.conditions.insert(node.at.start, condition);
                return true;
            }
            Err(problems) => problems,
        };
        let uncertain = self.names.is_uncertain(Kind::Field);
        let mut guess = scalar.text.to_string();
        let mut mendable = true;
        for problem in problems.iter().rev() {
            match &problem.replacement {
                Some(replacement) if guess.get(problem.range.clone()).is_some() => {
                    guess.replace_range(problem.range.clone(), replacement);
                }
                _ => mendable = false,
            }
        }
        let mut found = Vec::new();
        let mut told: Vec<Range<usize>> = Vec::new();
        // One syntax error often upsets the rest of the condition, so only the first is reported.
        let slip = problems.iter().find(|problem| code_of(problem.kind) == condition_syntax::CODE);
        for problem in slip.map_or(&problems[..], std::slice::from_ref) {
            let name = scalar.text.get(problem.range.clone()).unwrap_or_default();
            let lost = problem.kind == ProblemKind::UnknownName && (uncertain || names.is_lost(name));
            if lost
                || told.iter().any(|range| range.start < problem.range.end && problem.range.start < range.end)
            {
                continue;
            }
            told.push(problem.range.clone());
            let at = Place::bytes(self.file.clone(), scalar.range(problem.range.clone()));
            let finding =
                Finding::error(code_of(problem.kind), at, &*problem.message.zh, &*problem.message.en);
            found.push(match &problem.replacement {
                Some(replacement) => finding.fix(replacement.clone()),
                None => finding,
            });
        }
        self.findings.extend(found);
        if mendable && let Ok(condition) = Condition::parse(&guess, names) {
            self.conditions.insert(node.at.start, condition);
            return true;
        }
        node.value = Value::Broken;
        false
    }
}

fn code_of(kind: ProblemKind) -> Code {
    use ProblemKind as P;
    match kind {
        P::UnknownName => condition_name::CODE,
        P::UnknownColumn
        | P::TypeMismatch
        | P::UnitMismatch
        | P::UnknownChoice
        | P::NotACondition
        | P::WrongArguments
        | P::EmptyRange => condition_type::CODE,
        _ => condition_syntax::CODE,
    }
}

fn locals(map: &Map<'_>, name: &str) -> Locals {
    match map.get(name) {
        Some(Node { value: Value::Map(inner), .. }) => Locals {
            names: inner.entries.iter().map(|entry| entry.key.text.to_string()).collect(),
            uncertain: inner.incomplete,
        },
        Some(Node { value: Value::Empty, .. }) => Locals::default(),
        Some(_) => Locals { uncertain: true, ..Locals::default() },
        None => Locals { uncertain: map.incomplete, ..Locals::default() },
    }
}

/// The key whose Chinese description equals a key typed in Chinese.
fn by_meaning(record: &'static Record, typed: &str) -> Option<&'static str> {
    let means = |key: &&Key| !typed.is_ascii() && key.zh == typed;
    record.keys.iter().find(means).map(|key| key.name)
}

fn is_word(shape: &Shape, word: &str) -> bool {
    matches!(shape, Shape::Word(words) if words.iter().any(|known| known.text == word))
}

fn piece<'a>(scalar: &Scalar<'_>, text: &str, within: Range<usize>) -> Node<'a> {
    let part = text[within.clone()].trim().to_owned();
    let at = scalar.range(within);
    let pieces = vec![(0, u32::try_from(at.start).unwrap_or(u32::MAX))];
    Node { at, value: Value::Scalar(Scalar::assembled(part, pieces)) }
}

fn replaced<'a>(scalar: &Scalar<'_>, text: String) -> Scalar<'a> {
    Scalar::assembled(text, vec![(0, u32::try_from(scalar.offset(0)).unwrap_or(u32::MAX))])
}

fn curly_quoted(text: &str) -> Option<&str> {
    let inner = text.strip_prefix(['“', '”', '‘', '’'])?;
    inner.strip_suffix(['“', '”', '‘', '’']).filter(|inner| !inner.trim().is_empty())
}

/// The range to show for a node: for a long one only its beginning.
fn first_line(node: &Node<'_>) -> Range<usize> {
    match &node.value {
        Value::Map(map) => map.entries.first().map_or(node.at.clone(), |entry| entry.key_at.clone()),
        Value::List(list) => list.first().map_or(node.at.clone(), first_line),
        _ => node.at.clone(),
    }
}

fn describe(node: &Node<'_>) -> Option<(&'static str, &'static str)> {
    match &node.value {
        Value::Empty => None,
        Value::Scalar(scalar) if scalar.text.is_empty() => None,
        Value::Scalar(_) => Some(("一段文字", "a text")),
        Value::List(_) => Some(("列表", "a list")),
        Value::Map(_) => Some(("键和值", "keys and values")),
        Value::Broken => Some(NOTHING),
    }
}

fn wanted(shape: &Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Bool => ("true 或 false", "true or false"),
        Shape::Whole { .. } => ("范围内的整数", "a whole number in range"),
        Shape::Decimal => ("数字，最多四位小数", "a number with at most four decimals"),
        Shape::Date => ("日期，如 2026-09-18", "a date such as 2026-09-18"),
        Shape::Moment => ("时间，如 2026-09-18 10:00", "a time such as 2026-09-18 10:00"),
        Shape::Clock => ("钟点，如 \"09:00\"", "a time of day such as \"09:00\""),
        Shape::Limit => ("时限，如 5 working days", "a limit such as 5 working days"),
        Shape::LimitOrNone => {
            ("时限，如 20 working days，或者 none", "a limit such as 20 working days, or none")
        }
        Shape::Validity => ("有效期，如 5 years", "a validity such as 5 years"),
        Shape::Offset => ("时差，如 \"+08:00\"", "an offset such as \"+08:00\""),
        Shape::Condition => ("条件", "a condition"),
        Shape::Name(_) => ("名称", "a name"),
        Shape::Word(_) => ("一个词", "a word"),
        _ => ("一段文字", "a text"),
    }
}

fn bilingual(text: impl Fn(Lang) -> String) -> Bilingual {
    Bilingual::new(text(Lang::Zh), text(Lang::En))
}

/// Checks a code of the national catalogue: a basic code has 12 characters; an implementation code has 31:
/// the organ's credit code, a level and the basic code. Other schemes are local and unchecked.
fn wrong_item_code(scheme: &str, text: &str) -> Option<Bilingual> {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let length = text.chars().count();
    match scheme {
        "basic" if length != 12 || !plain => {
            Some(Bilingual::new("基本编码应为 12 位字母数字", "a basic code has 12 letters and digits"))
        }
        "implementation" if length != 31 || !plain => Some(Bilingual::new(
            "实施编码应为 31 位字母数字",
            "an implementation code has 31 letters and digits",
        )),
        "implementation" => {
            let problem = identifier::parse(IdentifierKind::CreditCode, &text[..18]).err()?;
            Some(bilingual(|lang| problem.text(lang)))
        }
        _ => None,
    }
}

static CITATION: Record =
    Record { zh: "依据", en: "a citation", keys: &crate::shape::CITATION_KEYS, by: None, scope: &[] };
