//! Which texts are accepted, which are refused with which words, and that nothing panics.

mod support;

use expression::{Condition, ProblemKind};
use proptest::prelude::*;
use support::{any_leaf, dictionary, over, parse};

#[test]
fn good_texts_have_one_canonical_form() {
    for (text, canonical) in [
        ("营业面积 > 200", "营业面积 > 200"),
        ("营业面积>200and经营方式=\"堂食\"", "?"),
        (
            "营业面积 > 200 and 经营方式 = \"堂食\" or 从业人数 between 5 and 20",
            "营业面积 > 200 and 经营方式 = \"堂食\" or 从业人数 between 5 and 20",
        ),
        ("营业面积 ≥ 3万 且 （", "?"),
        ("营业面积 ≥ 3万 且 非 燃气", "营业面积 >= 30000 and not 燃气"),
        ("营业面积 大于 1.5亿 或 燃气 为 是", "营业面积 > 150000000 or 燃气 = true"),
        ("((营业面积) > (200))", "营业面积 > 200"),
        ("(燃气 or 新建) and 燃气", "(燃气 or 新建) and 燃气"),
        ("(燃气 and 新建) and 燃气", "燃气 and 新建 and 燃气"),
        ("not (燃气 and 新建)", "not (燃气 and 新建)"),
        ("not not 燃气", "not not 燃气"),
        ("not 营业面积 = 1", "not 营业面积 = 1"),
        ("经营方式 属于 (\"堂食\", \"外带\")", "经营方式 in (\"堂食\", \"外带\")"),
        ("经营方式 不属于 (\"堂食\")", "经营方式 not in (\"堂食\")"),
        ("经营方式 NOT IN (\"堂食\")", "经营方式 not in (\"堂食\")"),
        ("设备 包含 \"油烟\"", "设备 contains \"油烟\""),
        ("从业人数 介于 5 到 20", "从业人数 between 5 and 20"),
        ("exists 营业面积 and 有 地址", "exists 营业面积 and exists 地址"),
        ("exists(营业面积)", "exists 营业面积"),
        ("count(股东) > 1 and 个数(设备) = 0", "count(股东) > 1 and count(设备) = 0"),
        ("合计(股东.出资额) >= 100", "sum(股东.出资额) >= 100"),
        ("every(股东, 出资额 > 0 and 自然人)", "every(股东, 出资额 > 0 and 自然人)"),
        ("任一(股东, 姓名 = \"甲\" or 燃气)", "some(股东, 姓名 = \"甲\" or 燃气)"),
        ("营业面积 - (系数 - 1) > 营业面积 * 2 / 3", "营业面积 - (系数 - 1) > 营业面积 * 2 / 3"),
        ("(系数 + 1) * -系数 > -5", "(系数 + 1) * -系数 > -5"),
        ("系数 > -(5)", "系数 > -5"),
        ("系数 > -(-系数)", "系数 > -(-系数)"),
        ("years_between(出生日期, 今天()) >= 18", "years_between(出生日期, today()) >= 18"),
        ("开业日期 >= 2026-03-01", "开业日期 >= 2026-03-01"),
        ("`营业面积` > 1", "营业面积 > 1"),
        ("地址 = \"甲\\\"乙\\\\丙\"", "地址 = \"甲\\\"乙\\\\丙\""),
        ("地址 = \"所谓“甲”\"", "地址 = \"所谓“甲\\”\""),
        ("true", "true"),
        ("否", "false"),
        ("\n 燃气\u{3000}且\n新建 ", "燃气 and 新建"),
    ] {
        match Condition::parse(text, &dictionary()) {
            Ok(condition) => {
                assert_eq!(condition.to_string(), canonical, "{text}");
                assert_eq!(parse(canonical), condition, "{text}");
                assert_eq!(condition.text(), text);
            }
            Err(problems) => assert_eq!(canonical, "?", "{text}: {problems:#?}"),
        }
    }
}

/// A text, then for each problem its kind, the text in its range, its Chinese message and its replacement.
type Bad = (&'static str, &'static [(ProblemKind, &'static str, &'static str, Option<&'static str>)]);

#[test]
fn bad_texts_earn_exactly_these_words() {
    use ProblemKind::*;
    let table: &[Bad] = &[
        ("营业面积 ＞ 200", &[(FullWidthPunctuation, "＞", "“＞”是全角符号，要用半角的 >", Some(">"))]),
        (
            "营业面积 ＞＝ 200",
            &[(FullWidthPunctuation, "＞＝", "“＞＝”是全角符号，要用半角的 >=", Some(">="))],
        ),
        ("营业面积 > ２００", &[(FullWidthPunctuation, "２００", "数字要用半角", Some("200"))]),
        ("经营方式 = “堂食”", &[(FullWidthPunctuation, "“堂食”", "引号要用半角的 \"", Some("\"堂食\""))]),
        ("经营方式 = \"堂食”", &[(FullWidthPunctuation, "\"堂食”", "引号要用半角的 \"", Some("\"堂食\""))]),
        ("经营方式 = '堂食'", &[(ForeignSyntax, "'堂食'", "文字要用双引号", Some("\"堂食\""))]),
        (
            "（营业面积 > 1）",
            &[
                (FullWidthPunctuation, "（", "“（”是全角符号，要用半角的 (", Some("(")),
                (FullWidthPunctuation, "）", "“）”是全角符号，要用半角的 )", Some(")")),
            ],
        ),
        (
            "经营方式 in (\"堂食\"，\"外带\")",
            &[(FullWidthPunctuation, "，", "“，”是全角符号，要用半角的 ,", Some(","))],
        ),
        ("营业面积 == 1", &[(ForeignSyntax, "==", "这里写 =", Some("="))]),
        ("营业面积 <> 1", &[(ForeignSyntax, "<>", "这里写 !=", Some("!="))]),
        (
            "燃气 && !新建",
            &[
                (ForeignSyntax, "&&", "这里写 and", Some(" and ")),
                (ForeignSyntax, "!", "这里写 not", Some("not ")),
            ],
        ),
        (
            "营业面机 > 200 and 营业面积 > 3 or 没这事 = 1",
            &[
                (UnknownName, "营业面机", "没有“营业面机”这个数据元，是不是“营业面积”？", Some("营业面积")),
                (UnknownName, "没这事", "没有“没这事”这个数据元", None),
            ],
        ),
        ("经营方式 = 堂食", &[(UnquotedText, "堂食", "选项要加引号：\"堂食\"", Some("\"堂食\""))]),
        ("经营方式 in (堂食)", &[(UnquotedText, "堂食", "选项要加引号：\"堂食\"", Some("\"堂食\""))]),
        ("设备 contains 冷藏", &[(UnquotedText, "冷藏", "选项要加引号：\"冷藏\"", Some("\"冷藏\""))]),
        (
            "经营方式 = \"堂吃\"",
            &[(UnknownChoice, "\"堂吃\"", "没有选项“堂吃”，是不是“堂食”？", Some("\"堂食\""))],
        ),
        (
            "经营方式 in (\"堂食\", \"自助\")",
            &[(UnknownChoice, "\"自助\"", "没有选项“自助”；有：堂食、外带、配送", None)],
        ),
        (
            "设备 contains \"油咽\"",
            &[(UnknownChoice, "\"油咽\"", "没有选项“油咽”，是不是“油烟”？", Some("\"油烟\""))],
        ),
        ("设备 = \"油烟\"", &[(TypeMismatch, "设备", "多选不能直接比较，用 contains \"选项\"", None)]),
        ("股东 > 1", &[(TypeMismatch, "股东", "表格不能直接比较，用 count、sum、every 或 some", None)]),
        ("营业面积 > \"200\"", &[(TypeMismatch, "\"200\"", "数字不能与文字比较", Some("200"))]),
        (
            "开业日期 > \"2026-3-1\"",
            &[(TypeMismatch, "\"2026-3-1\"", "日期不能与文字比较", Some("2026-03-01"))],
        ),
        ("燃气 = \"是\"", &[(TypeMismatch, "\"是\"", "是否不能与文字比较", Some("true"))]),
        (
            "经营方式 > \"堂食\"",
            &[(TypeMismatch, "经营方式 > \"堂食\"", "单选没有大小，只能用 = 和 !=", None)],
        ),
        (
            "开业日期 + 30 > today()",
            &[(TypeMismatch, "开业日期", "日期不能计算，日期用 days_between 或 years_between", None)],
        ),
        (
            "营业面积 > 从业人数",
            &[(UnitMismatch, "营业面积 > 从业人数", "单位不同：一边是平方米，一边是人", None)],
        ),
        (
            "营业面积 + 从业人数 > 3",
            &[(UnitMismatch, "营业面积 + 从业人数", "单位不同：一边是平方米，一边是人", None)],
        ),
        (
            "开业日期 > 2026-3-1",
            &[(BadDate, "2026-3-1", "日期要写成 年-月-日，月和日两位", Some("2026-03-01"))],
        ),
        (
            "开业日期 > 2026年3月1日",
            &[(BadDate, "2026年3月1日", "日期要写成 年-月-日，月和日两位", Some("2026-03-01"))],
        ),
        ("开业日期 > 2026-02-30", &[(BadDate, "2026-02-30", "没有 2026-02-30 这一天", None)]),
        (
            "营业面积 > 200平方米",
            &[(
                BadNumber,
                "200平方米",
                "数字后面不写“平方米”：单位在数据元里定义，数字与后面的词之间要空格",
                Some("200"),
            )],
        ),
        ("营业面积 > 0.00001", &[(BadNumber, "0.00001", "数字最多四位小数", None)]),
        ("营业面积 > 99999999999亿", &[(BadNumber, "99999999999亿", "数字太大", None)]),
        ("(营业面积 > 1", &[(Unbalanced, "(", "这个左括号没有闭合", None)]),
        ("营业面积 > 1) and 燃气", &[(Unbalanced, ")", "多了一个右括号", Some(""))]),
        ("营业面积 >", &[(UnexpectedEnd, "", "条件没有写完", None)]),
        (
            "and 燃气",
            &[(Unexpected, "and", "“and”不该出现在这里，这里应是名称、数字、日期或引号里的文字", None)],
        ),
        (
            "营业面积 200",
            &[
                (
                    NotACondition,
                    "营业面积",
                    "“营业面积”是数字，要与什么比较？只问填没填写 exists 营业面积",
                    None,
                ),
                (Unexpected, "200", "“200”前面缺少 and、or 或比较符号", None),
            ],
        ),
        (
            "1 < 营业面积 < 5",
            &[(
                ChainedComparison,
                "1 < 营业面积 < 5",
                "比较不能连写，写成 x between 1 and 5，或用 and 连接两个比较",
                None,
            )],
        ),
        (
            "营业面积",
            &[(
                NotACondition,
                "营业面积",
                "“营业面积”是数字，要与什么比较？只问填没填写 exists 营业面积",
                None,
            )],
        ),
        ("1 + 1", &[(NotACondition, "1 + 1", "这里是数字，不是条件：要与什么比较？", None)]),
        (
            "从业人数 between 20 and 5",
            &[(EmptyRange, "20 and 5", "下限 20 大于上限 5，永远不成立", Some("5 and 20"))],
        ),
        ("从业人数 between 5, 20", &[(Unexpected, ",", "between 的上下限用 and 连接", Some(" and "))]),
        ("cuont(股东) > 1", &[(UnknownFunction, "cuont", "没有函数“cuont”，是不是 count？", Some("count"))]),
        (
            "sum(股东.出资) > 1",
            &[(UnknownColumn, "出资", "“股东”没有“出资”这一列，是不是“出资额”？", Some("出资额"))],
        ),
        ("sum(股东.姓名) > 1", &[(TypeMismatch, "姓名", "“姓名”是文字，不能合计", None)]),
        ("sum(股东) > 1", &[(WrongArguments, "股东", "sum 写成 sum(表格.列)", None)]),
        ("count(燃气) > 1", &[(TypeMismatch, "燃气", "“燃气”是是否，不是表格", None)]),
        (
            "every(股东) and 燃气",
            &[(WrongArguments, "every(股东)", "every 和 some 写成 every(表格, 条件)", None)],
        ),
        ("出资额 > 1", &[(UnknownName, "出资额", "没有“出资额”这个数据元", None)]),
        (
            "经营方式 contains \"堂食\"",
            &[(TypeMismatch, "经营方式", "contains 用于多选和文字，“经营方式”是单选，用 =", None)],
        ),
        (
            "燃气 # 新建",
            &[
                (UnknownCharacter, "#", "条件里不能有“#”", None),
                (Unexpected, "新建", "“新建”前面缺少 and、or 或比较符号", None),
            ],
        ),
        ("经营方式 = \"堂食", &[(UnterminatedText, "\"堂食", "引号没有闭合", None)]),
        ("  ", &[(Empty, "  ", "条件是空的；要始终成立就删去这一项，或写 true", None)]),
    ];
    for (text, expected) in table {
        let problems = Condition::parse(text, &dictionary()).expect_err(text);
        let found: Vec<_> = problems
            .iter()
            .map(|p| (p.kind, &text[p.range.clone()], p.message.zh.as_str(), p.replacement.as_deref()))
            .collect();
        assert_eq!(&found, expected, "{text}");
        assert!(problems.iter().all(|p| !p.message.en.is_empty()));
    }
}

/// Applies every replacement, last first.
fn mended(text: &str, problems: &[expression::ExpressionProblem]) -> String {
    let mut text = text.to_owned();
    for problem in problems.iter().rev() {
        if let Some(replacement) = &problem.replacement {
            text.replace_range(problem.range.clone(), replacement);
        }
    }
    text
}

#[test]
fn applying_the_replacements_mends_the_text() {
    for (text, right) in [
        ("（营业面机 ＞＝ ２００） && 经营方式 == “堂吃”", Some("营业面积 >= 200 and 经营方式 = \"堂食\"")),
        ("（营业面机 ＞＝ ２００） && 经营方式 == '堂食'", Some("营业面积 >= 200 and 经营方式 = \"堂食\"")),
        ("从业人数 between 20 and 5 || !燃气", Some("从业人数 between 5 and 20 or not 燃气")),
        (
            "开业日期 => 2026年3月1日 and 经营方式 = 外代",
            Some("开业日期 >= 2026-03-01 and 经营方式 = \"外带\""),
        ),
    ] {
        let problems = Condition::parse(text, &dictionary()).expect_err(text);
        let mut mended_text = mended(text, &problems);
        // A second pass: names and types are checked only once the punctuation is right.
        if let Err(problems) = Condition::parse(&mended_text, &dictionary()) {
            mended_text = mended(&mended_text, &problems);
        }
        let printed = Condition::parse(&mended_text, &dictionary()).ok().map(|c| c.to_string());
        assert_eq!(printed.as_deref(), right, "{mended_text}");
    }
}

#[test]
fn a_chinese_keyword_gives_way_to_a_field_of_that_name() {
    let mut names = dictionary();
    names.types.insert("或".into(), expression::Type::Bool);
    let condition = Condition::parse("或 and 燃气", &names).unwrap();
    assert_eq!(condition.to_string(), "`或` and 燃气");
    assert_eq!(Condition::parse(&condition.to_string(), &names), Ok(condition));
    assert!(Condition::parse("燃气 或 新建", &names).is_err());
}

#[test]
fn depth_and_length_are_bounded() {
    let dictionary = dictionary();
    let kinds = |text: &str| -> Vec<ProblemKind> {
        Condition::parse(text, &dictionary).err().unwrap_or_default().iter().map(|p| p.kind).collect()
    };
    let deep = |n: usize, open: &str, close: &str| format!("{}燃气{}", open.repeat(n), close.repeat(n));
    for (open, close) in [("(", ")"), ("not ", ""), ("not (", ")"), ("every(股东, ", ")")] {
        assert_eq!(kinds(&deep(3, open, close)), [], "{open}");
        assert_eq!(kinds(&deep(800, open, close))[0], ProblemKind::TooDeep, "{open}");
    }
    assert_eq!(kinds(&format!("系数 > {}1", "-".repeat(2000)))[0], ProblemKind::TooDeep);
    assert_eq!(kinds(&"(".repeat(16_000))[0], ProblemKind::TooDeep);
    assert_eq!(kinds(&"燃气 and ".repeat(4000)), [ProblemKind::TooLong]);
    let long = vec!["燃气"; 1000].join(" or ");
    assert_eq!(kinds(&long), [], "long but flat");
    assert_eq!(kinds(&format!("系数 > {}", vec!["1"; 2000].join(" + "))), []);
    assert!(kinds(&"; ".repeat(2000)).len() <= expression::MAX_PROBLEMS);
}

#[test]
fn the_deepest_condition_still_loads_from_json() {
    let mut deepest = None;
    for n in 1..40 {
        for (open, close) in
            [("not (燃气 or ", ")"), ("every(股东, not (自然人 and ", "))"), ("(系数 - (", ") * 2)")]
        {
            let core = if open.starts_with("(系") { "系数" } else { "燃气" };
            let text = format!("{}{core}{}", open.repeat(n), close.repeat(n));
            let text = if core == "系数" { format!("{text} > 1") } else { text };
            if let Ok(condition) = Condition::parse(&text, &dictionary()) {
                let json = serde_json::to_string(&condition).unwrap();
                let loaded: Condition = serde_json::from_str(&json).unwrap();
                assert_eq!(loaded, condition);
                assert_eq!(parse(&condition.to_string()), condition);
                deepest = Some(n);
            }
        }
    }
    assert!(deepest >= Some(10), "{deepest:?}");
}

#[test]
fn names_are_listed_once_in_order_without_columns() {
    let condition = parse("燃气 and every(股东, 出资额 > 系数) or 燃气 and 营业面积 > 系数");
    let names: Vec<&str> = condition.names_used().iter().map(|name| &**name).collect();
    assert_eq!(names, ["燃气", "股东", "系数", "营业面积"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn printing_and_parsing_are_inverse(text in over(any_leaf())) {
        let condition = parse(&text);
        let printed = condition.to_string();
        let again = Condition::parse(&printed, &dictionary());
        prop_assert_eq!(again.as_ref(), Ok(&condition), "{}", printed);
        prop_assert_eq!(again.map(|c| c.to_string()), Ok(printed));
        let json = serde_json::to_string(&condition).unwrap();
        prop_assert_eq!(serde_json::from_str::<Condition>(&json).unwrap(), condition);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        look_at(&text);
    }

    #[test]
    fn no_mixture_of_tokens_panics(parts in proptest::collection::vec(
        proptest::sample::select(vec![
            "营业面积", "股东", "出资额", ".", "．", "sum(",  "(", ")", "（", ",", "and", "或", "not", "in", "between", "exists",
            "count", "sum", "every(", "some", "today()", "years_between(", "1", "2026-03-01", "20万", "\"堂食\"", "“",
            "\"", "'", "`", "=", "＝", "<", "!", "&", "|", "-", "*", "/", " ", "\n", "contains", "设备", "true", "不属于",
            "燃气", "经营方式", "属于", "9999999999999999999", "\\", "2026-13-", "１", "，", "不",
        ]), 0..24)) {
        look_at(&parts.concat());
        look_at(&parts.join(" "));
    }
}

fn look_at(text: &str) {
    match Condition::parse(text, &dictionary()) {
        Ok(condition) => assert_eq!(parse(&condition.to_string()), condition),
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in problems {
                assert!(text.get(problem.range.clone()).is_some(), "{text:?} {problem:?}");
            }
        }
    }
}
