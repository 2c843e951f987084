//! Outcomes of conditions, equality with compiled programs, and explanations.

mod support;

use std::sync::Arc;

use diagnostic::Lang;
use expression::{Answers, Facts, Layout, Program, Row, Truth, Value};
use jiff::civil::Date;
use proptest::prelude::*;
use support::{answers, any_leaf, dictionary, over, parse, today};

fn example() -> Answers {
    let row = |name: &str, amount: i32, natural: bool| {
        Row::from([
            ("姓名".into(), Value::text(name)),
            ("出资额".into(), Value::from(amount)),
            ("自然人".into(), Value::from(natural)),
        ])
    };
    Answers::new()
        .with("营业面积", 320)
        .with("经营方式", Value::choice("堂食"))
        .with("设备", Value::Choices(vec!["冷藏".into(), "油烟".into()]))
        .with("燃气", true)
        .with("开业日期", Date::constant(2026, 12, 1))
        .with("出生日期", Date::constant(2008, 11, 24))
        .with("股东", Value::Rows(vec![row("甲", 60, true), row("乙", 40, false)]))
        .without("仓库面积")
        .without("地址")
        .on(today())
}

#[test]
fn truth_table() {
    use Truth::*;
    let facts = example();
    for (text, truth) in [
        ("营业面积 > 200", True),
        ("营业面积 + 0.5 = 320.5", True),
        ("营业面积 / 3 = 106.6667", True),
        ("营业面积 / 0 > 1 or 营业面积 / 0 <= 1", False),
        ("营业面积 * 922337203685477 > 1", False),
        ("-营业面积 < 0", True),
        ("经营方式 = \"堂食\" and not 燃气 = false", True),
        ("经营方式 not in (\"堂食\")", False),
        ("设备 contains \"油烟\" and not 设备 contains \"消毒\"", True),
        ("count(设备) = 2 and count(股东) = 2", True),
        ("sum(股东.出资额) = 100", True),
        ("every(股东, 出资额 >= 40)", True),
        ("every(股东, 自然人)", False),
        ("some(股东, 自然人 and 出资额 > 60)", False),
        ("some(股东, 姓名 = \"乙\" and not 自然人)", True),
        ("years_between(出生日期, today()) = 17", True),
        ("days_between(today(), 开业日期) = 8", True),
        // Absent: comparisons are false, their negations true.
        ("仓库面积 > 1", False),
        ("仓库面积 != 1", False),
        ("not 仓库面积 = 1", True),
        ("仓库面积 not in (1)", False),
        ("exists 仓库面积", False),
        ("地址 contains \"路\"", False),
        ("仓库面积 + 系数 > 1", False),
        // Unknown.
        ("从业人数 > 1", Unknown),
        ("exists 从业人数", Unknown),
        ("新建", Unknown),
        ("从业人数 > 1 or 燃气", True),
        ("从业人数 > 1 and not 燃气", False),
        ("not 新建 and 燃气", Unknown),
        ("系数 = 仓库面积 + 0 * 系数", False),
    ] {
        assert_eq!(parse(text).evaluate(&facts), truth, "{text}");
    }
    let empty = Answers::new().without("股东");
    for (text, truth) in [
        ("count(股东) = 0 and sum(股东.出资额) = 0", True),
        ("every(股东, 自然人)", True),
        ("some(股东, 自然人)", False),
        ("today() > 2020-01-01", Unknown),
    ] {
        assert_eq!(parse(text).evaluate(&empty), truth, "{text}");
    }
}

#[test]
fn values_that_came_back_from_plain_json_are_understood() {
    let mut facts = Answers::new().on(today());
    for (name, value) in example().values {
        let json = serde_json::to_string(&value).unwrap();
        facts.values.insert(name, serde_json::from_str(&json).unwrap());
    }
    for text in [
        "开业日期 = 2026-12-01 and 经营方式 = \"堂食\" and 设备 contains \"冷藏\" and 营业面积 = 320 and 燃气",
        "sum(股东.出资额) = 100 and some(股东, 姓名 = \"甲\") and not exists 地址",
    ] {
        assert_eq!(parse(text).evaluate(&facts), Truth::True, "{text}");
    }
}

#[test]
fn only_answers_that_still_matter_are_asked_for() {
    let facts = Answers::new().with("燃气", true).without("仓库面积");
    for (text, expected) in [
        ("营业面积 > 200 and 新建", vec!["营业面积", "新建"]),
        ("燃气 or 新建", vec![]),
        ("not 燃气 or 新建", vec!["新建"]),
        ("燃气 and 新建 and 燃气", vec!["新建"]),
        ("(not 燃气 and 营业面积 > 1) or 经营方式 = \"堂食\"", vec!["经营方式"]),
        ("仓库面积 > 营业面积 or 新建", vec!["新建"]),
        ("some(股东, 新建 and 自然人)", vec!["股东", "新建"]),
        ("years_between(出生日期, today()) > 1", vec!["出生日期"]),
    ] {
        let condition = parse(text);
        let unknowns = condition.unknowns(&facts);
        assert_eq!(unknowns.iter().map(|name| &**name).collect::<Vec<_>>(), expected, "{text}");
    }
}

#[test]
fn explanations_name_the_values() {
    let facts = example();
    for (text, zh, en) in [
        ("营业面积 > 200", "成立：营业面积 320 > 200", "holds: 营业面积 320 > 200"),
        ("营业面积 > 500", "不成立：营业面积 320 > 500（否）", "does not hold: 营业面积 320 > 500 (no)"),
        (
            "营业面积 > 200 and 经营方式 = \"堂食\" or 从业人数 between 5 and 20",
            "成立：营业面积 320 > 200；经营方式 堂食 = 堂食",
            "holds: 营业面积 320 > 200; 经营方式 堂食 = 堂食",
        ),
        (
            "燃气 and 仓库面积 > 1 and 新建",
            "不成立：仓库面积（未填写） > 1（否）",
            "does not hold: 仓库面积 (not given) > 1 (no)",
        ),
        ("燃气 and 新建", "还不能判断：新建（未回答）", "not decided yet: 新建 (not answered)"),
        ("not 燃气", "不成立：燃气 是", "does not hold: 燃气 yes"),
        (
            "sum(股东.出资额) >= 100 and count(股东) between 1 and 50",
            "成立：sum(股东.出资额) 100 >= 100；count(股东) 2 在 1 到 50 之间",
            "holds: sum(股东.出资额) 100 >= 100; count(股东) 2 is between 1 and 50",
        ),
        (
            "设备 contains \"油烟\" and 经营方式 in (\"堂食\", \"外带\")",
            "成立：设备 冷藏、油烟 包含“油烟”；经营方式 堂食 属于（堂食、外带）",
            "holds: 设备 冷藏, 油烟 contains “油烟”; 经营方式 堂食 is one of (堂食, 外带)",
        ),
        (
            "every(股东, 自然人)",
            "不成立：股东 （2 行） 每行都满足 自然人（否）",
            "does not hold: in 股东 (2 rows) every row has 自然人 (no)",
        ),
        ("exists 地址", "不成立：地址 未填写（否）", "does not hold: 地址 is not given (no)"),
        ("true", "成立", "holds"),
    ] {
        let condition = parse(text);
        assert_eq!(condition.explain(&facts, Lang::Zh), zh, "{text}");
        assert_eq!(condition.explain(&facts, Lang::En), en, "{text}");
    }
}

fn layout() -> Layout {
    Layout::new(dictionary().types.into_keys())
}

#[test]
fn a_program_needs_all_its_slots() {
    let short = Layout::new(["燃气".into()]);
    assert!(Program::compile(&parse("not 燃气"), &short).is_ok());
    for text in ["燃气 or 新建", "营业面积 > 仓库面积", "营业面积 > 1", "exists 新建"] {
        assert!(Program::compile(&parse(text), &short).is_err(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn programs_agree_with_evaluation(text in over(any_leaf()), facts in answers()) {
        let condition = parse(&text);
        let layout = layout();
        let program = Program::compile(&condition, &layout).unwrap();
        let slots = layout.facts(&facts);
        prop_assert_eq!(program.evaluate(&slots, facts.today()), condition.evaluate(&facts));
    }

    #[test]
    fn answering_more_never_turns_an_outcome_round(text in over(any_leaf()), all in answers(), kept in any::<u16>()) {
        let mut some = all.clone();
        let mut at = 0;
        some.values.retain(|_, _| { at += 1; kept & (1 << at) != 0 });
        let condition = parse(&text);
        let (before, after) = (condition.evaluate(&some), condition.evaluate(&all));
        prop_assert!(before == Truth::Unknown || before == after, "{} then {:?} {:?}", text, before, after);
        if before == Truth::Unknown && after != Truth::Unknown && some.today == all.today {
            let changed = condition.unknowns(&some);
            let answered = |name: &Arc<str>| all.values.contains_key(name);
            prop_assert!(changed.iter().any(answered), "{}: {:?}", text, changed);
        }
    }

    /// Answering only the names that `unknowns` lists decides every condition.
    #[test]
    fn asking_what_is_unknown_decides(text in over(any_leaf()), all in answers()) {
        let mut all = all;
        all.today = Some(today());
        for name in dictionary().types.keys() {
            all.values.entry(name.clone()).or_insert(None);
        }
        let condition = parse(&text);
        let mut some = Answers::new().on(today());
        while condition.evaluate(&some) == Truth::Unknown {
            let asked = condition.unknowns(&some);
            prop_assert!(!asked.is_empty(), "{}", text);
            some.values.insert(asked[0].clone(), all.values[&asked[0]].clone());
        }
        prop_assert_eq!(condition.evaluate(&some), condition.evaluate(&all));
        prop_assert!(condition.unknowns(&some).is_empty());
    }

    #[test]
    fn explanations_never_panic_and_carry_the_outcome(text in over(any_leaf()), facts in answers()) {
        let condition = parse(&text);
        prop_assert_eq!(condition.explanation(&facts).truth, condition.evaluate(&facts));
        prop_assert!(!condition.explain(&facts, Lang::Zh).is_empty());
    }
}
