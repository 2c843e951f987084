//! Conditions as sentences for people: labels instead of names, words instead of operators, in both languages.

use diagnostic::Lang;

use crate::Condition;
use crate::tree::{Name, Relation, Term, Test};

/// How names and their values read to people.
pub trait Labels {
    /// The label of a name, such as the question's.
    fn label(&self, name: &str, lang: Lang) -> String;
    /// The label of an option of a choice.
    fn option(&self, name: &str, value: &str, lang: Lang) -> String;
    /// The unit of a number, empty without one.
    fn unit(&self, name: &str, lang: Lang) -> String;
}

impl Condition {
    /// The condition as a sentence without a full stop: `营业面积不小于300平方米，并且经营方式是堂食`.
    #[must_use]
    pub fn told(&self, labels: &dyn Labels, lang: Lang) -> String {
        Teller { labels, lang }.test(self.test(), true)
    }
}

struct Teller<'a> {
    labels: &'a dyn Labels,
    lang: Lang,
}

impl Teller<'_> {
    fn say(&self, zh: String, en: String) -> String {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// In quotes, because labels may be whole questions.
    fn label(&self, name: &Name) -> String {
        format!("“{}”", self.labels.label(&name.name, self.lang))
    }

    /// `outer`: nothing stands around it, so alternatives need no brackets.
    fn test(&self, test: &Test, outer: bool) -> String {
        match test {
            Test::Constant(true) => self.say("总是".into(), "always".into()),
            Test::Constant(false) => self.say("从不".into(), "never".into()),
            Test::Flag(name) => self.flag(name, true),
            Test::Not(inner) => self.not(inner),
            Test::Exists(name) => self.exists(name, true),
            Test::All(parts) => self.join(parts, ("，并且", ", and "), outer),
            Test::Any(parts) => self.join(parts, ("，或者", ", or "), outer),
            Test::Compare(left, relation, right) => self.compare(left, *relation, right),
            Test::Between(value, low, high) => {
                let unit = self.unit(value);
                let (value, low, high) = (self.term(value), self.term(low), self.term(high));
                self.say(
                    format!("{value}在{low}到{high}{unit}之间"),
                    format!("{value} is from {low} to {high}{unit}"),
                )
            }
            Test::OneOf { term, outside, list } => self.one_of(term, *outside, list),
            Test::Contains(name, part) => {
                let (label, part) = (self.label(name), self.labels.option(&name.name, part, self.lang));
                self.say(format!("{label}里有{part}"), format!("{label} includes {part}"))
            }
            Test::Every(name, inner) => {
                let (label, inner) = (self.label(name), self.test(inner, false));
                self.say(format!("{label}的每一行都是：{inner}"), format!("in every row of {label}: {inner}"))
            }
            Test::Some(name, inner) => {
                let (label, inner) = (self.label(name), self.test(inner, false));
                self.say(format!("{label}至少有一行是：{inner}"), format!("in some row of {label}: {inner}"))
            }
        }
    }

    fn flag(&self, name: &Name, yes: bool) -> String {
        let label = self.label(name);
        let (zh, en) = if yes { ("是", "yes") } else { ("否", "no") };
        self.say(format!("{label}选“{zh}”"), format!("{label} is {en}"))
    }

    fn exists(&self, name: &Name, yes: bool) -> String {
        let label = self.label(name);
        if yes {
            self.say(format!("填了{label}"), format!("{label} is given"))
        } else {
            self.say(format!("没有填{label}"), format!("{label} is not given"))
        }
    }

    fn not(&self, inner: &Test) -> String {
        match inner {
            Test::Flag(name) => self.flag(name, false),
            Test::Exists(name) => self.exists(name, false),
            other => {
                let inner = self.test(other, true);
                self.say(format!("不属于以下情况：{inner}"), format!("not so that {inner}"))
            }
        }
    }

    fn join(&self, parts: &[Test], word: (&str, &str), outer: bool) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.test(part, false)).collect();
        let text = parts.join(&self.say(word.0.into(), word.1.into()));
        if outer { text } else { self.say(format!("（{text}）"), format!("({text})")) }
    }

    fn compare(&self, left: &Term, relation: Relation, right: &Term) -> String {
        if let (Some(name), Term::Bool(value)) = (flag_of(left), right) {
            return self.flag(name, *value == (relation == Relation::Equal));
        }
        let text = matches!(right, Term::Text(_));
        let unit = self.unit(left);
        let (zh, en) = words(relation, text);
        let right = self.value(left, right);
        let left = self.term(left);
        self.say(format!("{left}{zh}{right}{unit}"), format!("{left} {en} {right}{unit}"))
    }

    fn one_of(&self, term: &Term, outside: bool, list: &[Term]) -> String {
        let list: Vec<String> = list.iter().map(|each| self.value(term, each)).collect();
        let unit = self.unit(term);
        let term = self.term(term);
        match outside {
            false => self.say(
                format!("{term}是{}{unit}", list.join("、")),
                format!("{term} is {}{unit}", list.join(" or ")),
            ),
            true => self.say(
                format!("{term}不是{}{unit}", list.join("、")),
                format!("{term} is neither {}{unit}", list.join(" nor ")),
            ),
        }
    }

    /// A value beside the field that it is compared with: options have labels.
    fn value(&self, beside: &Term, value: &Term) -> String {
        match (beside, value) {
            (Term::Field(name, _), Term::Text(text)) => self.labels.option(&name.name, text, self.lang),
            (_, value) => self.term(value),
        }
    }

    fn unit(&self, term: &Term) -> String {
        let unit = match term {
            Term::Field(name, _) => self.labels.unit(&name.name, self.lang),
            Term::YearsBetween(..) => self.say("年".into(), "years".into()),
            Term::DaysBetween(..) => self.say("天".into(), "days".into()),
            _ => String::new(),
        };
        if unit.is_empty() || self.lang == Lang::Zh { unit } else { format!(" {unit}") }
    }

    fn term(&self, term: &Term) -> String {
        match term {
            Term::Field(name, _) => self.label(name),
            Term::Bool(true) => self.say("是".into(), "yes".into()),
            Term::Bool(false) => self.say("否".into(), "no".into()),
            Term::Text(text) => format!("“{text}”"),
            Term::Today => self.say("当天".into(), "today".into()),
            Term::Count(name) => {
                let label = self.label(name);
                self.say(format!("{label}的行数"), format!("the number of rows of {label}"))
            }
            Term::Sum(name, column) => {
                let (label, column) =
                    (self.label(name), format!("“{}”", self.labels.label(column, self.lang)));
                self.say(format!("{label}的{column}合计"), format!("the sum of {column} in {label}"))
            }
            Term::YearsBetween(from, to) | Term::DaysBetween(from, to) => {
                let (from, to) = (self.term(from), self.term(to));
                self.say(format!("从{from}到{to}"), format!("the time from {from} to {to}"))
            }
            Term::Minus(inner) => format!("−{}", self.term(inner)),
            Term::Chain(first, rest) => {
                let mut text = self.term(first);
                for (operator, term) in rest {
                    let sign = match operator.symbol() {
                        '*' => '×',
                        '/' => '÷',
                        other => other,
                    };
                    text = format!("{text} {sign} {}", self.term(term));
                }
                text
            }
            Term::Number(_) | Term::Date(_) => term.to_string(),
        }
    }
}

fn flag_of(term: &Term) -> Option<&Name> {
    match term {
        Term::Field(name, crate::Kind::Bool) => Some(name),
        _ => None,
    }
}

fn words(relation: Relation, text: bool) -> (&'static str, &'static str) {
    match (relation, text) {
        (Relation::Equal, true) => ("是", "is"),
        (Relation::Unequal, true) => ("不是", "is not"),
        (Relation::Equal, false) => ("等于", "is"),
        (Relation::Unequal, false) => ("不等于", "is not"),
        (Relation::Less, _) => ("小于", "is below"),
        (Relation::AtMost, _) => ("不超过", "is at most"),
        (Relation::More, _) => ("大于", "is above"),
        (Relation::AtLeast, _) => ("不小于", "is at least"),
    }
}
