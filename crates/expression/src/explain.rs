//! Explaining why a condition holds, fails or is undecided, in both languages.

use diagnostic::{Bilingual, Lang};

use crate::evaluate::{Reading, View};
use crate::tree::{Name, Term, Test};
use crate::{Condition, Fact, Facts, Kind, Truth, Value};

/// Why a condition holds, does not hold, or is not decided yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub truth: Truth,
    /// The comparisons that decide it, in the order of the text, with the values they had. Comparisons that
    /// made no difference are left out.
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Whether the comparison itself holds, regardless of any `not` around it.
    pub truth: Truth,
    pub text: Bilingual,
}

impl Explanation {
    /// `成立：营业面积 320 > 200；经营方式 堂食 = 堂食`
    pub fn sentence(&self, lang: Lang) -> String {
        let verdict = match (self.truth, lang) {
            (Truth::True, Lang::Zh) => "成立",
            (Truth::False, Lang::Zh) => "不成立",
            (Truth::Unknown, Lang::Zh) => "还不能判断",
            (Truth::True, Lang::En) => "holds",
            (Truth::False, Lang::En) => "does not hold",
            (Truth::Unknown, Lang::En) => "not decided yet",
        };
        let (colon, separator) = match lang {
            Lang::Zh => ("：", "；"),
            Lang::En => (": ", "; "),
        };
        let reasons: Vec<String> = self.reasons.iter().map(|reason| reason.sentence(lang)).collect();
        if reasons.is_empty() {
            return verdict.to_owned();
        }
        format!("{verdict}{colon}{}", reasons.join(separator))
    }
}

impl Reason {
    fn sentence(&self, lang: Lang) -> String {
        let text = self.text.get(lang);
        match (self.truth, lang) {
            (Truth::False, Lang::Zh) => format!("{text}（否）"),
            (Truth::False, Lang::En) => format!("{text} (no)"),
            _ => text.to_owned(),
        }
    }
}

impl Condition {
    /// The explanation as a sentence, with the values of the facts: `成立：营业面积 320 > 200`.
    pub fn explain(&self, facts: &dyn Facts, lang: Lang) -> String {
        self.explanation(facts).sentence(lang)
    }

    pub fn explanation(&self, facts: &dyn Facts) -> Explanation {
        let view = View::new(facts);
        let mut reasons: Vec<Reason> = Vec::new();
        collect(view, self.test(), &mut reasons);
        let mut seen = Vec::new();
        reasons.retain(|reason| {
            let new = !seen.contains(&reason.text);
            if new {
                seen.push(reason.text.clone());
            }
            new
        });
        Explanation { truth: view.test(self.test()), reasons }
    }
}

/// A conjunction fails because of its failing parts and holds because of all; a disjunction the other way
/// round.
fn collect(view: View<'_>, test: &Test, reasons: &mut Vec<Reason>) {
    match test {
        Test::Not(inner) => collect(view, inner, reasons),
        Test::All(tests) | Test::Any(tests) => {
            let truth = view.test(test);
            for test in tests.iter().filter(|test| view.test(test) == truth) {
                collect(view, test, reasons);
            }
        }
        Test::Constant(_) => {}
        leaf => reasons.push(Reason { truth: view.test(leaf), text: describe(view, leaf) }),
    }
}

fn describe(view: View<'_>, test: &Test) -> Bilingual {
    let both = |f: &dyn Fn(Lang) -> String| Bilingual::new(f(Lang::Zh), f(Lang::En));
    match test {
        Test::Flag(name) => both(&|lang| with_value(view, name, lang)),
        Test::Exists(name) => match view.fact(name) {
            Fact::Known(_) => {
                Bilingual::new(format!("{} 已填写", name.name), format!("{} is given", name.name))
            }
            Fact::Absent => {
                Bilingual::new(format!("{} 未填写", name.name), format!("{} is not given", name.name))
            }
            Fact::Unknown => both(&|lang| with_value(view, name, lang)),
        },
        Test::Compare(left, relation, right) => both(&|lang| {
            format!("{} {} {}", term(view, left, lang), relation.symbol(), term(view, right, lang))
        }),
        Test::Between(value, low, high) => both(&|lang| {
            let (value, low, high) = (term(view, value, lang), term(view, low, lang), term(view, high, lang));
            match lang {
                Lang::Zh => format!("{value} 在 {low} 到 {high} 之间"),
                Lang::En => format!("{value} is between {low} and {high}"),
            }
        }),
        Test::OneOf { term: item, outside, list } => both(&|lang| {
            let item = term(view, item, lang);
            let list: Vec<String> = list.iter().map(|each| term(view, each, lang)).collect();
            match (lang, outside) {
                (Lang::Zh, false) => format!("{item} 属于（{}）", list.join("、")),
                (Lang::Zh, true) => format!("{item} 不属于（{}）", list.join("、")),
                (Lang::En, false) => format!("{item} is one of ({})", list.join(", ")),
                (Lang::En, true) => format!("{item} is none of ({})", list.join(", ")),
            }
        }),
        Test::Contains(name, text) => both(&|lang| {
            let field = with_value(view, name, lang);
            match lang {
                Lang::Zh => format!("{field} 包含“{text}”"),
                Lang::En => format!("{field} contains “{text}”"),
            }
        }),
        Test::Every(name, inner) => both(&|lang| {
            let field = with_value(view, name, lang);
            match lang {
                Lang::Zh => format!("{field} 每行都满足 {inner}"),
                Lang::En => format!("in {field} every row has {inner}"),
            }
        }),
        Test::Some(name, inner) => both(&|lang| {
            let field = with_value(view, name, lang);
            match lang {
                Lang::Zh => format!("{field} 有一行满足 {inner}"),
                Lang::En => format!("in {field} some row has {inner}"),
            }
        }),
        Test::Constant(_) | Test::Not(_) | Test::All(_) | Test::Any(_) => Bilingual::same(test.to_string()),
    }
}

/// `营业面积 320`, `营业面积（未回答）`.
fn with_value(view: View<'_>, name: &Name, lang: Lang) -> String {
    let label = &name.name;
    match (view.fact(name), lang) {
        (Fact::Known(value), _) => format!("{label} {}", shown(value, lang)),
        (fact, lang) => format!("{label}{}", missing(matches!(fact, Fact::Unknown), lang)),
    }
}

fn missing(unknown: bool, lang: Lang) -> &'static str {
    match (unknown, lang) {
        (true, Lang::Zh) => "（未回答）",
        (false, Lang::Zh) => "（未填写）",
        (true, Lang::En) => " (not answered)",
        (false, Lang::En) => " (not given)",
    }
}

fn shown(value: &Value, lang: Lang) -> String {
    match (value, lang) {
        (Value::Bool(value), Lang::En) => if *value { "yes" } else { "no" }.to_owned(),
        (Value::Rows(rows), Lang::En) => format!("({} rows)", rows.len()),
        (Value::Rows(rows), Lang::Zh) => format!("（{} 行）", rows.len()),
        (Value::Choices(choices), Lang::En) => choices.join(", "),
        _ => value.to_string(),
    }
}

fn term(view: View<'_>, term: &Term, lang: Lang) -> String {
    match term {
        Term::Bool(value) => shown(&Value::Bool(*value), lang),
        Term::Number(_) | Term::Date(_) => term.to_string(),
        Term::Text(text) => text.to_string(),
        Term::Field(name, Kind::Rows) => name.to_string(),
        Term::Field(name, _) => with_value(view, name, lang),
        // A computed value is shown after its formula.
        computed => match view.term(computed) {
            Reading::Number(number) => format!("{computed} {number}"),
            Reading::Date(date) => format!("{computed} {date}"),
            Reading::Unknown => format!("{computed}{}", missing(true, lang)),
            _ => format!("{computed}{}", missing(false, lang)),
        },
    }
}
