//! A small dictionary, with random conditions and answers for it.
#![allow(dead_code)] // Each test file uses its own part.

use std::collections::BTreeMap;
use std::sync::Arc;

use expression::{Answers, Condition, Domain, Names, Number, Row, Type, Value};
use jiff::civil::Date;
use proptest::prelude::*;

pub struct Dictionary {
    pub types: BTreeMap<Arc<str>, Type>,
    pub domains: BTreeMap<Arc<str>, Domain>,
}

impl Names for Dictionary {
    fn type_of(&self, name: &str) -> Option<Type> {
        self.types.get(name).cloned()
    }

    fn all(&self) -> Vec<Arc<str>> {
        self.types.keys().cloned().collect()
    }

    fn domain(&self, name: &str) -> Option<Domain> {
        self.domains.get(name).copied()
    }
}

fn options(options: &[&str]) -> Vec<Arc<str>> {
    options.iter().map(|option| Arc::from(*option)).collect()
}

fn unit(unit: &str) -> Type {
    Type::Number { unit: Some(unit.into()) }
}

pub fn dictionary() -> Dictionary {
    let types: [(&str, Type); 12] = [
        ("营业面积", unit("平方米")),
        ("仓库面积", unit("平方米")),
        ("从业人数", unit("人")),
        ("系数", Type::number()),
        ("经营方式", Type::Choice(options(&["堂食", "外带", "配送"]))),
        ("设备", Type::Choices(options(&["冷藏", "油烟", "消毒"]))),
        ("燃气", Type::Bool),
        ("新建", Type::Bool),
        ("开业日期", Type::Date),
        ("出生日期", Type::Date),
        ("地址", Type::Text),
        (
            "股东",
            Type::Rows(vec![
                ("姓名".into(), Type::Text),
                ("出资额".into(), unit("万元")),
                ("自然人".into(), Type::Bool),
            ]),
        ),
    ];
    let mut domains = BTreeMap::new();
    domains.insert(Arc::from("从业人数"), Domain { max: Some(Number::from(6)), ..Domain::count() });
    let types = types.into_iter().map(|(name, kind)| (Arc::from(name), kind)).collect();
    Dictionary { types, domains }
}

pub fn parse(text: &str) -> Condition {
    match Condition::parse(text, &dictionary()) {
        Ok(condition) => condition,
        Err(problems) => panic!("{text}: {problems:#?}"),
    }
}

pub fn today() -> Date {
    Date::constant(2026, 11, 23)
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0i32..6).prop_map(|n| n.to_string()),
        1 => (-3i32..0).prop_map(|n| n.to_string()),
        1 => Just("2.5".to_owned()),
        1 => Just("0.0002万".to_owned()),
    ]
}

fn date() -> impl Strategy<Value = String> {
    (1i8..6).prop_map(|day| format!("2026-03-0{day}"))
}

fn number_term() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        3 => number(),
        3 => prop_oneof![Just("系数"), Just("`系数`")].prop_map(str::to_owned),
        1 => Just("count(股东)".to_owned()),
        1 => Just("count(设备)".to_owned()),
        1 => Just("days_between(开业日期, 出生日期)".to_owned()),
        1 => Just("years_between(出生日期, today())".to_owned()),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let operator = prop_oneof![Just("+"), Just("-"), Just("*"), Just("/")];
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, o, b)| format!("{a} {o} {b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.prop_map(|a| format!("-({a})")),
        ]
    })
}

fn relation() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("="), Just("!="), Just("<"), Just("<="), Just(">"), Just(">="), Just("≥")]
}

fn equality() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("="), Just("!="), Just("等于")]
}

fn choice() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("\"堂食\""), Just("\"外带\""), Just("\"配送\"")]
}

/// A comparison of one field with constants, which analysis decides exactly.
pub fn plain_leaf() -> BoxedStrategy<String> {
    let numeric = prop_oneof![Just("营业面积"), Just("从业人数")];
    prop_oneof![
        3 => (numeric.clone(), relation(), number()).prop_map(|(f, r, n)| format!("{f} {r} {n}")),
        1 => (number(), relation(), numeric.clone()).prop_map(|(n, r, f)| format!("{n} {r} {f}")),
        1 => (numeric.clone(), 0i32..4, 0i32..3)
            .prop_map(|(f, low, more)| format!("{f} between {low} and {}", low + more)),
        1 => (numeric, number(), number()).prop_map(|(f, a, b)| format!("{f} in ({a}, {b})")),
        2 => (equality(), choice()).prop_map(|(r, c)| format!("经营方式 {r} {c}")),
        1 => (choice(), choice()).prop_map(|(a, b)| format!("经营方式 in ({a}, {b})")),
        1 => choice().prop_map(|c| format!("经营方式 not in ({c})")),
        1 => prop_oneof![Just("燃气"), Just("新建"), Just("燃气 = false"), Just("新建 != true")]
            .prop_map(str::to_owned),
        1 => prop_oneof![Just("冷藏"), Just("油烟")].prop_map(|c| format!("设备 contains \"{c}\"")),
        1 => (relation(), date()).prop_map(|(r, d)| format!("开业日期 {r} {d}")),
        1 => (equality(), prop_oneof![Just("甲路"), Just("乙路")]).prop_map(|(r, t)| format!("地址 {r} \"{t}\"")),
    ]
    .boxed()
}

/// Comparisons of every form.
pub fn any_leaf() -> BoxedStrategy<String> {
    let inner = prop_oneof![
        (relation(), number()).prop_map(|(r, n)| format!("出资额 {r} {n}")),
        Just("自然人".to_owned()),
        Just("姓名 = \"甲\" or 新建".to_owned()),
        (relation(), number()).prop_map(|(r, n)| format!("营业面积 {r} {n}")),
    ];
    prop_oneof![
        4 => plain_leaf(),
        2 => (number_term(), relation(), number_term()).prop_map(|(a, r, b)| format!("{a} {r} {b}")),
        1 => Just("营业面积 > 仓库面积".to_owned()),
        1 => Just("开业日期 between 2026-03-01 and today()".to_owned()),
        1 => prop_oneof![Just("true"), Just("false"), Just("燃气 = 新建")].prop_map(str::to_owned),
        1 => prop_oneof![Just("营业面积"), Just("股东"), Just("地址"), Just("燃气")].prop_map(|f| format!("exists {f}")),
        1 => (relation(), number()).prop_map(|(r, n)| format!("sum(股东.出资额) {r} {n}")),
        1 => (prop_oneof![Just("every"), Just("some")], inner).prop_map(|(q, i)| format!("{q}(股东, {i})")),
        1 => Just("地址 contains \"路\"".to_owned()),
    ]
    .boxed()
}

pub fn over(leaf: BoxedStrategy<String>) -> BoxedStrategy<String> {
    leaf.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) and ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} and {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} or {b}")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("({a} 或 {b}) 且 {c}")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            inner.prop_map(|a| format!("not {a}")),
        ]
    })
    .boxed()
}

/// `Some(Some(v))` known, `Some(None)` absent, `None` unanswered.
fn answered<S: Strategy<Value = Value> + 'static>(value: S) -> BoxedStrategy<Option<Option<Value>>> {
    prop_oneof![6 => value.prop_map(|v| Some(Some(v))), 1 => Just(Some(None)), 1 => Just(None)].boxed()
}

fn number_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => (-3i32..8).prop_map(Value::from),
        1 => Just(Value::Number(Number::from_ten_thousandths(25_000))),
        1 => Just(Value::Number(Number::MAX)),
    ]
}

fn day() -> impl Strategy<Value = Value> {
    (1i8..7).prop_map(|day| Value::Date(Date::constant(2026, 3, day)))
}

fn rows() -> impl Strategy<Value = Value> {
    let row = (proptest::option::of(number_value()), proptest::option::of(any::<bool>()), any::<bool>());
    proptest::collection::vec(row, 0..3).prop_map(|rows| {
        let row = |(amount, natural, named): (Option<Value>, Option<bool>, bool)| {
            let mut row = Row::new();
            amount.map(|amount| row.insert("出资额".into(), amount));
            natural.map(|natural| row.insert("自然人".into(), natural.into()));
            row.insert("姓名".into(), Value::text(if named { "甲" } else { "乙" }));
            row
        };
        Value::Rows(rows.into_iter().map(row).collect())
    })
}

pub fn answers() -> impl Strategy<Value = Answers> {
    let devices = proptest::sample::subsequence(vec!["冷藏", "油烟", "消毒"], 0..=3)
        .prop_map(|chosen| Value::Choices(chosen.into_iter().map(Arc::from).collect()));
    let way = prop_oneof![Just("堂食"), Just("外带"), Just("配送")].prop_map(Value::choice);
    let address = prop_oneof![Just("甲路"), Just("乙路"), Just("丙")].prop_map(Value::text);
    let fields: Vec<BoxedStrategy<Option<Option<Value>>>> = vec![
        answered(number_value()),
        answered(number_value()),
        answered(number_value()),
        answered(number_value()),
        answered(way),
        answered(devices),
        answered(any::<bool>().prop_map(Value::Bool)),
        answered(any::<bool>().prop_map(Value::Bool)),
        answered(day()),
        answered(day()),
        answered(address),
        answered(rows()),
    ];
    let names = [
        "营业面积",
        "仓库面积",
        "从业人数",
        "系数",
        "经营方式",
        "设备",
        "燃气",
        "新建",
        "开业日期",
        "出生日期",
        "地址",
        "股东",
    ];
    (fields, any::<bool>()).prop_map(move |(values, dated)| {
        let mut answers = Answers::new();
        for (name, value) in names.iter().zip(values) {
            if let Some(value) = value {
                answers.values.insert(Arc::from(*name), value);
            }
        }
        answers.today = dated.then(today);
        answers
    })
}
