//! The same random condition in our language and in the Common Expression Language (CEL), over the same
//! answers: an independent grammar and interpreter must give the same outcome. CEL has no Chinese names, so
//! its text uses ASCII ones; it has no third truth value, so every answer is known.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use expression::{Answers, Condition, Row, Truth, Type, Value};
use jiff::civil::Date;
use proptest::prelude::*;

/// The condition in our language and in CEL.
type Both = (String, String);

const NUMBERS: [(&str, &str); 3] = [("营业面积", "area"), ("从业人数", "staff"), ("座位数", "seats")];
const OPTIONS: [&str; 3] = ["堂食", "外带", "配送"];

fn names() -> BTreeMap<Arc<str>, Type> {
    let options: Vec<Arc<str>> = OPTIONS.into_iter().map(Arc::from).collect();
    let mut names: BTreeMap<Arc<str>, Type> =
        NUMBERS.into_iter().map(|(name, _)| (Arc::from(name), Type::number())).collect();
    names.insert("方式".into(), Type::Choice(options.clone()));
    names.insert("渠道".into(), Type::Choices(options));
    names.insert("燃气".into(), Type::Bool);
    names.insert("开业".into(), Type::Date);
    names.insert(
        "股东".into(),
        Type::Rows(vec![("出资".into(), Type::number()), ("自然人".into(), Type::Bool)]),
    );
    names
}

fn both(ours: impl Into<String>, cel: impl Into<String>) -> Both {
    (ours.into(), cel.into())
}

fn relation() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop_oneof![
        Just(("=", "==")),
        Just(("!=", "!=")),
        Just(("<", "<")),
        Just(("<=", "<=")),
        Just((">", ">")),
        Just(("大于等于", ">=")),
        Just(("≥", ">=")),
    ]
}

fn term() -> impl Strategy<Value = Both> {
    let leaf = prop_oneof![
        (0usize..3).prop_map(|n| both(NUMBERS[n].0, NUMBERS[n].1)),
        (-9i32..10).prop_map(|n| both(n.to_string(), n.to_string())),
        Just(both("count(股东)", "size(owners)")),
        Just(both("count(渠道)", "size(ways)")),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        let operator = prop_oneof![Just("+"), Just("-"), Just("*")];
        prop_oneof![
            3 => (inner.clone(), operator, inner.clone())
                .prop_map(|(a, o, b)| both(format!("{} {o} {}", a.0, b.0), format!("{} {o} {}", a.1, b.1))),
            1 => inner.clone().prop_map(|a| both(format!("({})", a.0), format!("({})", a.1))),
            1 => inner.prop_map(|a| both(format!("-({})", a.0), format!("-({})", a.1))),
        ]
    })
}

fn option() -> impl Strategy<Value = &'static str> {
    (0usize..3).prop_map(|n| OPTIONS[n])
}

fn comparison() -> impl Strategy<Value = Both> {
    prop_oneof![
        4 => (term(), relation(), term())
            .prop_map(|(a, r, b)| both(format!("{} {} {}", a.0, r.0, b.0), format!("{} {} {}", a.1, r.1, b.1))),
        1 => (term(), -9i32..10, 0i32..9).prop_map(|(a, low, more)| {
            let high = low + more;
            both(
                format!("{} between {low} and {high}", a.0),
                format!("({low} <= {0} && {0} <= {high})", format!("({})", a.1)),
            )
        }),
        1 => (prop_oneof![Just(("=", "==")), Just(("!=", "!="))], option())
            .prop_map(|(r, o)| both(format!("方式 {} \"{o}\"", r.0), format!("way {} \"{o}\"", r.1))),
        1 => (option(), option())
            .prop_map(|(a, b)| both(format!("方式 属于 (\"{a}\", \"{b}\")"), format!("way in [\"{a}\", \"{b}\"]"))),
        1 => option().prop_map(|o| both(format!("方式 not in (\"{o}\")"), format!("!(way in [\"{o}\"])"))),
        1 => option().prop_map(|o| both(format!("渠道 包含 \"{o}\""), format!("\"{o}\" in ways"))),
        1 => Just(both("燃气", "gas")),
        // Dates in this form sort as texts.
        1 => (relation(), 1i8..9)
            .prop_map(|(r, day)| both(format!("开业 {} 2026-03-0{day}", r.0), format!("opened {} \"2026-03-0{day}\"", r.1))),
        1 => (any::<bool>(), relation(), term()).prop_map(|(all, r, t)| {
            both(
                format!("{}(股东, 出资 {} {} 或 自然人)", if all { "every" } else { "任一" }, r.0, t.0),
                format!("owners.{}(o, o.amount {} {} || o.natural)", if all { "all" } else { "exists" }, r.1, t.1),
            )
        }),
    ]
}

fn condition() -> impl Strategy<Value = Both> {
    let negated = comparison().prop_map(|a| both(format!("not {}", a.0), format!("!({})", a.1)));
    prop_oneof![3 => comparison().boxed(), 1 => negated.boxed()].prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| both(format!("{} and {}", a.0, b.0), format!("{} && {}", a.1, b.1))),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| both(format!("{} 或 {}", a.0, b.0), format!("{} || {}", a.1, b.1))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| {
                both(format!("({}) 且 非 ({})", a.0, b.0), format!("({}) && !({})", a.1, b.1))
            }),
        ]
    })
}

#[derive(Clone, Debug)]
struct Case {
    numbers: [i64; 3],
    way: &'static str,
    ways: Vec<&'static str>,
    gas: bool,
    day: i8,
    owners: Vec<(i64, bool)>,
}

fn case() -> impl Strategy<Value = Case> {
    let owners = proptest::collection::vec((-9i64..10, any::<bool>()), 0..4);
    let ways = proptest::sample::subsequence(OPTIONS.to_vec(), 0..=3);
    ([-9i64..10, -9..10, -9..10], option(), ways, any::<bool>(), 1i8..9, owners)
        .prop_map(|(numbers, way, ways, gas, day, owners)| Case { numbers, way, ways, gas, day, owners })
}

fn number(n: i64) -> Value {
    Value::Number(expression::Number::from_integer(n).expect("the numbers here are small"))
}

impl Case {
    fn answers(&self) -> Answers {
        let owner = |(amount, natural): &(i64, bool)| {
            Row::from([("出资".into(), number(*amount)), ("自然人".into(), Value::from(*natural))])
        };
        let mut answers = Answers::new()
            .with("方式", Value::choice(self.way))
            .with("渠道", Value::Choices(self.ways.iter().copied().map(Arc::from).collect()))
            .with("燃气", self.gas)
            .with("开业", Date::constant(2026, 3, self.day))
            .with("股东", Value::Rows(self.owners.iter().map(owner).collect()));
        for ((name, _), value) in NUMBERS.into_iter().zip(self.numbers) {
            answers = answers.with(name, number(value));
        }
        answers
    }

    fn cel(&self, text: &str) -> bool {
        use cel::Value as Cel;
        let mut context = cel::Context::default();
        for ((_, name), value) in NUMBERS.into_iter().zip(self.numbers) {
            context.add_variable_from_value(name, value);
        }
        let text_value = |text: &str| Cel::String(Arc::new(text.to_owned()));
        let owner = |(amount, natural): &(i64, bool)| {
            let cells =
                [("amount".to_owned(), Cel::Int(*amount)), ("natural".to_owned(), Cel::Bool(*natural))];
            Cel::from(HashMap::<String, Cel>::from(cells))
        };
        context.add_variable_from_value("way", text_value(self.way));
        context.add_variable_from_value("gas", self.gas);
        context.add_variable_from_value("opened", text_value(&format!("2026-03-0{}", self.day)));
        let ways: Vec<Cel> = self.ways.iter().map(|way| text_value(way)).collect();
        context.add_variable_from_value("ways", Cel::List(Arc::new(ways)));
        let owners: Vec<Cel> = self.owners.iter().map(owner).collect();
        context.add_variable_from_value("owners", Cel::List(Arc::new(owners)));
        match cel::Program::compile(text).expect(text).execute(&context).expect(text) {
            Cel::Bool(value) => value,
            other => panic!("{text}: {other:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn both_languages_come_to_the_same_outcome(
        (ours, theirs) in condition(),
        cases in proptest::collection::vec(case(), 4),
    ) {
        let condition = Condition::parse(&ours, &names());
        prop_assert!(condition.is_ok(), "{ours}: {condition:?}");
        let condition = condition.unwrap();
        for case in cases {
            let expected = Truth::from(case.cel(&theirs));
            prop_assert_eq!(condition.evaluate(&case.answers()), expected, "{} / {}", ours, theirs);
        }
    }
}
