//! Verdicts compared with hand-made tables, with brute force, and with random answers.

mod support;

use std::sync::Arc;

use expression::analysis::{Finding, Verdict, analyse, gap, gap_within, overlap, satisfy};
use expression::{Answers, Condition, Names, Truth, Type, Value};
use jiff::civil::Date;
use proptest::prelude::*;
use support::{answers, any_leaf, dictionary, over, parse, plain_leaf, today};

#[test]
fn verdicts() {
    use Verdict::*;
    for (text, verdict) in [
        ("true", Always),
        ("营业面积 > 200", Sometimes),
        ("营业面积 > 200 and 营业面积 < 100", Never),
        ("营业面积 > 200 or 营业面积 <= 200", Always),
        ("营业面积 > 200 or 营业面积 < 200", Sometimes),
        ("营业面积 > 5 and 营业面积 < 6", Sometimes),
        ("((从业人数 in (0, 0)) and (2 < 营业面积)) and (not 营业面积 >= 2.5)", Sometimes),
        ("从业人数 > 5 and 从业人数 < 6", Never),
        ("从业人数 > 6", Never),
        ("从业人数 >= 0", Always),
        ("200 < 营业面积 and not 营业面积 between 1 and 300 and 营业面积 <= 300", Never),
        ("经营方式 = \"堂食\" and 经营方式 = \"外带\"", Never),
        ("经营方式 in (\"堂食\", \"外带\") or 经营方式 = \"配送\"", Always),
        ("经营方式 != \"堂食\"", Sometimes),
        ("燃气 or not 燃气", Always),
        ("燃气 and 燃气 = false", Never),
        ("燃气 = 新建 or 燃气 != 新建", Always),
        ("燃气 = 新建", Sometimes),
        ("设备 contains \"油烟\" and not 设备 contains \"油烟\"", Never),
        ("count(设备) > 3", Never),
        ("设备 contains \"油烟\" and count(设备) = 0", Never),
        ("设备 contains \"油烟\" and count(设备) = 3", Sometimes),
        ("开业日期 > 2026-03-01 and 开业日期 < 2026-03-02", Never),
        ("开业日期 > 2026-03-01 or 开业日期 < 2026-03-02", Always),
        ("地址 = \"甲\" and 地址 != \"乙\"", Sometimes),
        ("地址 = \"甲\" and 地址 = \"乙\"", Never),
        // A name to which `exists` is applied may be absent.
        ("exists 营业面积", Sometimes),
        ("营业面积 > 1 or 营业面积 <= 1 or not exists 营业面积", Always),
        ("(营业面积 > 1 or 营业面积 <= 1) and not exists 营业面积", Never),
        ("exists 营业面积 and 营业面积 > 1", Sometimes),
        // Computed values, two names.
        ("营业面积 > 仓库面积 and 营业面积 < 仓库面积", Never),
        ("营业面积 > 仓库面积 or 仓库面积 >= 营业面积", Always),
        ("营业面积 > 仓库面积", Sometimes),
        ("years_between(出生日期, today()) >= 18", Sometimes),
        ("years_between(出生日期, today()) >= 18 and years_between(出生日期, today()) < 18", Never),
        ("days_between(开业日期, today()) > 30 or days_between(开业日期, today()) < 31", Always),
        ("count(股东) < 0", Never),
        ("count(股东) >= 2 and sum(股东.出资额) > 100", Sometimes),
        ("sum(股东.出资额) > 100 and sum(股东.出资额) < 100", Never),
        ("count(股东) = 3 and every(股东, 出资额 > 10 and 自然人)", Sometimes),
        ("some(股东, 自然人) and not some(股东, 自然人)", Never),
        ("营业面积 + 仓库面积 > 300 and 营业面积 < 100", Sometimes),
        ("1 + 1 = 2", Always),
        ("1 / 0 = 1", Never),
        // Beyond the analysis: it must answer Unknown.
        ("营业面积 > 仓库面积 and 仓库面积 > 系数 * 营业面积 and 系数 > 1 and 营业面积 > 0", Unknown),
        ("系数 + 1 > 5 or 系数 + 1 <= 5", Unknown),
    ] {
        assert_eq!(analyse(&parse(text), &dictionary()), verdict, "{text}");
    }
}

fn parsed(texts: &[&str]) -> Vec<Condition> {
    texts.iter().map(|text| parse(text)).collect()
}

#[test]
fn overlapping_routes_are_found_with_answers_that_take_both() {
    let overlapping = |texts: &[&str]| {
        let conditions = parsed(texts);
        let conditions: Vec<&Condition> = conditions.iter().collect();
        match overlap(&conditions, &dictionary()) {
            Finding::Found(found) => {
                let answers = found.witness.answers();
                for at in [found.first, found.second] {
                    assert_eq!(conditions[at].evaluate(&answers), Truth::True, "{texts:?}");
                }
                format!("{} {}: {}", found.first, found.second, found.witness)
            }
            Finding::Absent => "none".to_owned(),
            Finding::Unknown => "unknown".to_owned(),
        }
    };
    for (texts, expected) in [
        (&["营业面积 <= 200", "营业面积 > 200 and 燃气", "营业面积 > 200 and not 燃气"][..], "none"),
        (&["营业面积 < 200", "燃气", "营业面积 >= 100 and not 燃气"], "0 1: 燃气 = 是，营业面积 = 199"),
        (
            &["燃气 and 营业面积 < 200", "not 燃气", "营业面积 between 199 and 201"],
            "0 2: 燃气 = 是，营业面积 = 199",
        ),
        (&["经营方式 = \"堂食\"", "经营方式 in (\"外带\", \"配送\")"], "none"),
        (&["燃气"], "none"),
        (&[], "none"),
    ] {
        assert_eq!(overlapping(texts), expected, "{texts:?}");
    }
}

#[test]
fn a_gap_is_found_with_answers_that_no_route_takes() {
    let gap_of = |texts: &[&str]| {
        let conditions = parsed(texts);
        match gap(&conditions.iter().collect::<Vec<_>>(), &dictionary()) {
            Finding::Found(witness) => {
                let answers = witness.answers();
                assert!(conditions.iter().all(|c| c.evaluate(&answers) == Truth::False), "{texts:?}");
                witness.to_string()
            }
            Finding::Absent => "none".to_owned(),
            Finding::Unknown => "unknown".to_owned(),
        }
    };
    for (texts, expected) in [
        (&["营业面积 <= 200", "营业面积 > 200 and 燃气", "营业面积 > 200 and not 燃气"][..], "none"),
        (&["营业面积 < 200", "营业面积 > 200"], "营业面积 = 200"),
        (&["从业人数 <= 2", "从业人数 >= 3"], "none"),
        (&["经营方式 = \"堂食\" and 燃气", "经营方式 != \"堂食\""], "燃气 = 否，经营方式 = 堂食"),
        (&["设备 contains \"油烟\"", "count(设备) = 0"], "设备 = 冷藏"),
        (&["years_between(出生日期, today()) >= 18", "years_between(出生日期, today()) <= 16"], "?"),
    ] {
        let found = gap_of(texts);
        assert!(
            expected == "?" && found != "none" && found != "unknown" || found == expected,
            "{texts:?}: {found}"
        );
    }
    let routes = parsed(&["营业面积 < 200", "营业面积 > 200"]);
    let routes: Vec<&Condition> = routes.iter().collect();
    let within = |premise: &str| gap_within(&parse(premise), &routes, &dictionary());
    assert_eq!(within("营业面积 > 300"), Finding::Absent);
    assert!(matches!(within("燃气 and 营业面积 >= 200"), Finding::Found(_)));
}

#[test]
fn large_conditions_are_bounded() {
    let many: Vec<String> = (0..700).map(|n| format!("营业面积 = {n}")).collect();
    assert_eq!(analyse(&parse(&many.join(" or ")), &dictionary()), Verdict::Sometimes);
    // An unsatisfiable formula that no search solves quickly: twenty names must differ pairwise, with 19
    // options.
    let mut names = dictionary();
    let options: Vec<Arc<str>> = (0..19).map(|n| Arc::from(n.to_string())).collect();
    for n in 0..20 {
        names.types.insert(format!("格{n}").into(), Type::Choice(options.clone()));
    }
    let differ: Vec<String> = options
        .iter()
        .flat_map(|option| {
            (0..20)
                .flat_map(move |a| (0..a).map(move |b| (a, b)))
                .map(move |(a, b)| format!("(格{a}!=\"{option}\"or 格{b}!=\"{option}\")"))
        })
        .take(300)
        .collect();
    let condition = Condition::parse(&differ.join(" and "), &names).unwrap();
    assert!(matches!(analyse(&condition, &names), Verdict::Sometimes | Verdict::Unknown));
}

/// Every value that makes a difference to the constants that `plain_leaf` writes.
fn all_values(name: &str) -> Vec<Value> {
    match name {
        // The constants are multiples of one half, so values between two of them are multiples of a quarter.
        "营业面积" => {
            (-16..=36).map(|n| Value::Number(expression::Number::from_ten_thousandths(n * 2500))).collect()
        }
        "从业人数" => (0..=6).map(Value::from).collect(),
        "开业日期" => (1..=7)
            .map(|day| Value::Date(Date::constant(2026, 3, day)))
            .chain([Date::constant(2026, 2, 28).into(), today().into()])
            .collect(),
        "地址" => ["甲路", "乙路", "丙"].map(Value::text).to_vec(),
        _ => match dictionary().type_of(name) {
            Some(Type::Bool) => vec![false.into(), true.into()],
            Some(Type::Choice(options)) => options.into_iter().map(Value::Choice).collect(),
            Some(Type::Choices(options)) => (0..1 << options.len())
                .map(|set: usize| {
                    let chosen = options.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0);
                    Value::Choices(chosen.map(|(_, option)| option.clone()).collect())
                })
                .collect(),
            other => panic!("{name} {other:?}"),
        },
    }
}

/// Whether the goal becomes true and whether it becomes false, over all answers to its names.
fn brute_force(names: &[Arc<str>], answers: &mut Answers, goal: &dyn Fn(&Answers) -> bool) -> (bool, bool) {
    let Some((name, rest)) = names.split_first() else {
        let truth = goal(answers);
        return (truth, !truth);
    };
    let (mut yes, mut no) = (false, false);
    for value in all_values(name) {
        answers.values.insert(name.clone(), Some(value));
        let (y, n) = brute_force(rest, answers, goal);
        yes |= y;
        no |= n;
        if yes && no {
            break;
        }
    }
    (yes, no)
}

fn few_names(conditions: &[&Condition]) -> Option<Vec<Arc<str>>> {
    let mut names: Vec<Arc<str>> = Vec::new();
    for name in conditions.iter().flat_map(|condition| condition.names_used()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let size: usize = names.iter().map(|name| all_values(name).len()).product();
    (size <= 20_000).then_some(names)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn verdicts_agree_with_brute_force(text in over(plain_leaf())) {
        let condition = parse(&text);
        let Some(names) = few_names(&[&condition]) else { return Ok(()) };
        let goal = |answers: &Answers| condition.evaluate(answers) == Truth::True;
        let expected = match brute_force(&names, &mut Answers::new(), &goal) {
            (true, false) => Verdict::Always,
            (false, true) => Verdict::Never,
            _ => Verdict::Sometimes,
        };
        prop_assert_eq!(analyse(&condition, &dictionary()), expected, "{}", text);
    }

    #[test]
    fn overlaps_and_gaps_agree_with_brute_force(a in over(plain_leaf()), b in over(plain_leaf())) {
        let (a, b) = (parse(&a), parse(&b));
        let Some(names) = few_names(&[&a, &b]) else { return Ok(()) };
        let both = |answers: &Answers| a.evaluate(answers).is_true() && b.evaluate(answers).is_true();
        let none = |answers: &Answers| a.evaluate(answers).is_false() && b.evaluate(answers).is_false();
        match overlap(&[&a, &b], &dictionary()) {
            Finding::Found(found) => prop_assert!(both(&found.witness.answers())),
            Finding::Absent => prop_assert!(!brute_force(&names, &mut Answers::new(), &both).0),
            Finding::Unknown => prop_assert!(false, "comparisons with constants are always decided"),
        }
        match gap(&[&a, &b], &dictionary()) {
            Finding::Found(witness) => prop_assert!(none(&witness.answers())),
            Finding::Absent => prop_assert!(!brute_force(&names, &mut Answers::new(), &none).0),
            Finding::Unknown => prop_assert!(false, "comparisons with constants are always decided"),
        }
    }

    /// Random answers never contradict a verdict, for conditions of any form.
    #[test]
    fn no_answer_contradicts_a_verdict(text in over(any_leaf()), some in proptest::collection::vec(answers(), 24)) {
        let condition = parse(&text);
        let verdict = analyse(&condition, &dictionary());
        if let Finding::Found(witness) = satisfy(&condition, &dictionary()) {
            prop_assert_eq!(condition.evaluate(&witness.answers()), Truth::True);
        }
        for mut answers in some {
            answers.today = Some(today());
            let complete = condition.names_used().iter().all(|name| match answers.values.get(name) {
                Some(Some(Value::Number(n))) => {
                    &**name != "从业人数" || n.as_integer().is_some_and(|n| (0..=6).contains(&n))
                }
                Some(Some(_)) => true,
                Some(None) => text.contains(&format!("exists {name}")),
                None => false,
            });
            if complete {
                let truth = condition.evaluate(&answers);
                prop_assert!(verdict != Verdict::Always || truth.is_true(), "{} {:?}", text, answers);
                prop_assert!(verdict != Verdict::Never || truth.is_false(), "{} {:?}", text, answers);
            }
        }
    }
}
