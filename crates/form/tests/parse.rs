//! Typed input, and the values it is parsed into.

mod support;

use std::collections::BTreeMap;

use catalogue::*;
use expression::Value;
use form::{Raw, edit_text, notes, parse_answer, show_text, validate, validate_file};
use identifier::IdentifierKind;
use jiff::civil::date;
use proptest::prelude::*;
use support::*;

fn money(max: Option<i32>) -> Field {
    field("资本", "主体", FieldKind::Money { min: None, max: max.map(Into::into) })
}

fn day(past: bool) -> Field {
    let kind =
        FieldKind::Date { min: Some(date(1990, 1, 1)), max: Some(date(2030, 12, 31)), past, future: false };
    field("日期", "主体", kind)
}

fn people() -> Field {
    let mut note = text_field("备注", "主体");
    note.optional = true;
    let share = field(
        "比例",
        "主体",
        FieldKind::Number { min: Some(0.into()), max: Some(100.into()), unit: None, decimals: 2 },
    );
    let columns = vec![text_field("姓名", "主体"), share, note];
    field("股东", "主体", FieldKind::Rows { columns, min_rows: 1, max_rows: 2 })
}

/// The stored value as text to edit, or the codes of the problems.
fn read(field: &Field, typed: &str) -> String {
    match parse_answer(field, &Raw::from(typed), TODAY) {
        Ok(Some(value)) => edit_text(field, &value),
        Ok(None) => "blank".into(),
        Err(problems) => problems.iter().map(|problem| format!("!{}", problem.code())).collect(),
    }
}

#[test]
fn numbers_are_read_as_people_write_them() {
    let area = number("面积", "场所");
    for (typed, expected) in [
        ("120", "120"),
        (" １２０．５ ", "120.5"),
        ("1,234,567", "1234567"),
        ("1，234.50", "1234.5"),
        ("12,0000", "120000"),
        ("12 000", "12000"),
        ("3万", "30000"),
        ("1.5万", "15000"),
        ("3万5千", "35000"),
        ("1亿2000万", "120000000"),
        ("120平方米", "120"),
        ("120 m²", "120"),
        ("120㎡", "120"),
        ("120 m2", "120"),
        ("", "blank"),
        ("  ", "blank"),
        ("1,5", "!ambiguous-comma"),
        ("1,23,456", "!ambiguous-comma"),
        ("很大", "!not-a-number"),
        ("1e5", "!not-a-number"),
        ("1.234", "!too-precise"),
        ("1.23456", "!too-precise"),
        ("-1", "!number-too-small"),
        ("99999999999999999999", "!number-too-large"),
    ] {
        assert_eq!(read(&area, typed), expected, "{typed:?}");
    }
}

#[test]
fn money_is_read_with_its_signs_and_bounded() {
    for (typed, expected) in [
        ("100", "100"),
        ("¥1,000.50", "1000.5"),
        ("100万元", "1000000"),
        ("人民币 50 万元", "500000"),
        ("2000000", "!number-too-large"),
        ("-5", "!number-too-small"),
        ("0.001", "!too-precise"),
    ] {
        assert_eq!(read(&money(Some(1_000_000)), typed), expected, "{typed:?}");
    }
    assert_eq!(show_text(&money(None), &Value::from(1_234_567), Lang::Zh), "1,234,567 元");
    assert_eq!(show_text(&money(None), &Value::Number("1234.5".parse().unwrap()), Lang::En), "1,234.50 yuan");
}

#[test]
fn dates_are_read_year_first_in_any_usual_writing() {
    for (typed, expected) in [
        ("2026-10-22", "2026-10-22"),
        ("2026/10/22", "2026-10-22"),
        ("2026.1.5", "2026-01-05"),
        ("2026年10月22日", "2026-10-22"),
        ("2026 年 1 月 5 号", "2026-01-05"),
        ("２０２６－１０－２２", "2026-10-22"),
        ("20261022", "2026-10-22"),
        ("2026-02-30", "!no-such-day"),
        ("2026-13-01", "!no-such-day"),
        ("10/22/2026", "!not-a-date"),
        ("26-10-22", "!not-a-date"),
        ("明天", "!not-a-date"),
        ("1989-12-31", "!date-too-early"),
        ("2031-01-01", "!date-too-late"),
    ] {
        assert_eq!(read(&day(false), typed), expected, "{typed:?}");
    }
    assert_eq!(read(&day(true), "2026-09-18"), "2026-09-18", "today is not in the future");
    assert_eq!(read(&day(true), "2026-09-19"), "!date-in-future");
    let name = field("姓名", "主体", FieldKind::Text { multiline: false, min_length: 2, max_length: 20 });
    assert_eq!(read(&name, "。。。"), "!says-nothing");
    assert_eq!(read(&name, "阿·木"), "阿·木");
    let wished = field("日期", "主体", FieldKind::Date { min: None, max: None, past: false, future: true });
    assert_eq!(read(&wished, "2026-09-18"), "2026-09-18", "today is not in the past");
    assert_eq!(read(&wished, "2026-09-17"), "!date-in-past");
    assert_eq!(show_text(&day(false), &date(2026, 10, 2).into(), Lang::Zh), "2026年10月2日");
}

#[test]
fn choices_are_read_by_value_or_label_and_kept_in_declared_order() {
    let options = vec![
        Choice { value: "a".into(), label: Bilingual::new("堂食", "Dine in") },
        Choice { value: "b".into(), label: Bilingual::new("外卖", "Take away") },
    ];
    let one = field("方式", "场所", FieldKind::Choice { options: options.clone() });
    for (typed, expected) in [("a", "a"), (" 外卖 ", "b"), ("dine in", "a"), ("c", "!unknown-option")] {
        assert_eq!(read(&one, typed), expected, "{typed:?}");
    }
    let many = field("方式", "场所", FieldKind::Choices { options });
    let raw = Raw::Many(vec!["外卖".into(), "a".into(), "b".into()]);
    let value = parse_answer(&many, &raw, TODAY).unwrap().unwrap();
    assert_eq!(value, Value::Choices(vec!["a".into(), "b".into()]));
    assert_eq!(read(&many, "外卖、堂食"), "a,b");
    assert_eq!(read(&many, "a，c，d"), "!unknown-option!unknown-option");
    assert_eq!(show_text(&many, &value, Lang::En), "Dine in, Take away");
}

#[test]
fn texts_keep_their_words_and_lose_only_what_nobody_typed() {
    let name = text_field("名称", "主体");
    for (typed, expected) in [
        ("  某某\u{200b}公司 ", "某某公司"),
        ("甲\r\n乙", "甲 乙"),
        ("<script>alert(1)", "<script>alert(1)"),
        ("一二三四五六七八九十一二三四五六七八九十一", "!too-long"),
    ] {
        assert_eq!(read(&name, typed), expected, "{typed:?}");
    }
    let note = field("说明", "主体", FieldKind::Text { multiline: true, min_length: 3, max_length: 20 });
    assert_eq!(read(&note, "甲\r\n乙"), "甲\n乙");
    assert_eq!(read(&note, "甲乙"), "!too-short");
}

#[test]
fn yes_and_no_places_and_files() {
    let flag = yes_no("有无", "场所");
    for (typed, expected) in
        [("是", "yes"), ("on", "yes"), ("No", "no"), ("没有", "no"), ("也许", "!not-yes-or-no")]
    {
        assert_eq!(read(&flag, typed), expected, "{typed:?}");
    }
    let place = field("位置", "场所", FieldKind::Location);
    for (typed, expected) in [
        ("36.06,120.38", "36.06,120.38"),
        ("36.06°N， 120.38°E", "36.06,120.38"),
        ("36.12345678 120.1", "36.123457,120.1"),
        ("120.38,36.06", "!location-swapped"),
        ("36.06", "!not-a-location"),
        ("inf,nan", "!not-a-location"),
        ("200,300", "!not-a-location"),
    ] {
        assert_eq!(read(&place, typed), expected, "{typed:?}");
    }
    let address = field("住所", "场所", FieldKind::Address);
    assert_eq!(read(&address, "某区某路 1 号"), "某区某路 1 号");
    assert_eq!(read(&address, "12"), "!not-an-address");
    let file = field("照片", "场所", FieldKind::File { max_bytes: 2 << 20 });
    assert_eq!(validate_file(&file, 2 << 20), None);
    let problem = validate_file(&file, (2 << 20) + 1).unwrap();
    assert!(problem.text.zh.contains("2 MB") && problem.text.en.contains("2 MB"));
}

fn number_of(identifier: IdentifierKind, also: &[IdentifierKind]) -> FieldKind {
    FieldKind::Identifier { identifier, also: also.to_vec() }
}

/// Identity papers of people without a resident number.
const OTHER_PAPERS: [IdentifierKind; 4] = [
    IdentifierKind::ForeignResident,
    IdentifierKind::HongKongMacaoPermit,
    IdentifierKind::TaiwanPermit,
    IdentifierKind::Passport,
];

#[test]
fn a_paper_of_another_kind_is_taken_with_its_kind_and_read_with_its_name() {
    let paper = field("证件", "主体", number_of(IdentifierKind::Resident, &OTHER_PAPERS));
    let rows = [
        ("370202199001010015", "370202199001010015", "370202199001010015"),
        ("resident:370202199001010015", "370202199001010015", "370202199001010015"),
        // Residence permits of people from Hong Kong and Taiwan have the format of the resident number.
        ("810000199001010019", "810000199001010019", "810000199001010019"),
        ("passport: e1234 5678", "passport:E12345678", "护照 E12345678"),
        ("passport：E12345678", "passport:E12345678", "护照 E12345678"),
        (
            "hong-kong-macao-permit:H12345678",
            "hong-kong-macao-permit:H12345678",
            "港澳居民来往内地通行证 H12345678",
        ),
        ("taiwan-permit:12345678", "taiwan-permit:12345678", "台湾居民来往大陆通行证 12345678"),
        (
            "foreign-resident:91112419900101001X",
            "foreign-resident:91112419900101001X",
            "外国人永久居留身份证 91112419900101001X",
        ),
        (
            "foreign-resident:CHN110000000000",
            "foreign-resident:CHN110000000000",
            "外国人永久居留身份证 CHN110000000000",
        ),
    ];
    for (typed, kept, shown) in rows {
        assert_eq!(read(&paper, typed), kept, "{typed}");
        assert_eq!(show_text(&paper, &Value::text(kept), Lang::Zh), shown);
        assert!(validate(&paper, &Value::text(kept), TODAY).is_empty());
    }
    assert_eq!(parse_answer(&paper, &Raw::from("resident:"), TODAY), Ok(None), "a kind alone is no answer");
    let told = |field: &catalogue::Field, typed: &str| {
        parse_answer(field, &Raw::from(typed), TODAY).unwrap_err()[0].text.zh.clone()
    };
    assert!(told(&paper, "passport:").contains("请填写护照号码"));
    assert!(
        told(&paper, "H12345678").contains("港澳居民来往内地通行证")
            && told(&paper, "H12345678").contains("证件类型")
    );
    assert!(told(&paper, "91112419900101001X").contains("外国人永久居留身份证"));
    assert!(told(&paper, "credit-code:91110000600037341L").contains("统一社会信用代码"));
    let mut citizens = field("证件", "主体", number_of(IdentifierKind::Resident, &[]));
    citizens.only = Some(same("户口只登记中国公民。"));
    assert!(told(&citizens, "passport:E12345678").ends_with("户口只登记中国公民。"));
}

#[test]
fn a_birth_to_come_is_refused_and_one_of_today_is_not() {
    let paper = field("证件", "主体", number_of(IdentifierKind::Resident, &OTHER_PAPERS));
    let wrong = parse_answer(&paper, &Raw::from("370202209901010017"), TODAY).unwrap_err();
    assert!(wrong[0].text.zh.contains("2099-01-01") && wrong[0].text.en.contains("still to come"));
    assert!(parse_answer(&paper, &Raw::from("370202209901010017"), date(2099, 1, 1)).is_ok());
}

#[test]
fn a_resident_number_in_the_box_of_a_credit_code_is_named() {
    let code = field("代码", "主体", number_of(IdentifierKind::CreditCode, &[]));
    // The number has valid check characters of both kinds.
    for number in ["370202189901010062", "370202199001010015"] {
        let wrong = parse_answer(&code, &Raw::from(number), TODAY).unwrap_err();
        assert!(wrong[0].text.zh.contains("公民身份号码"), "{}", wrong[0].text.zh);
    }
    let old = "91350203M0001QKT19";
    assert_eq!(read(&code, old), old);
    let notes = notes(&code, &Value::text(old));
    assert!(notes[0].zh.contains("福州、厦门") && notes[0].en.contains("before 2016"), "{notes:?}");
}

#[test]
fn whoever_has_no_telephone_says_so() {
    let mut phone = field("电话", "主体", FieldKind::Phone);
    phone.absent = Some(Bilingual::new("没有电话", "No telephone"));
    let mut answers = form::Answers::new();
    for typed in
        [Raw::from("没有电话"), Raw::from("no telephone"), Raw::Many(vec!["138".into(), "没有电话".into()])]
    {
        assert_eq!(answers.take(&phone, &typed, TODAY), Ok(true));
        assert_eq!(answers.get("电话"), Some(&form::Answer::Blank));
    }
    assert_eq!(answers.take(&phone, &Raw::from(""), TODAY), Ok(false), "an empty box says nothing");
    assert_eq!(answers.get("电话"), None);
    assert_eq!(answers.take(&phone, &Raw::from("+852 9123 4567"), TODAY), Ok(true));
    assert_eq!(answers.value("电话"), Some(&Value::text("+85291234567")));
    let wrong = answers.take(&phone, &Raw::from("abc"), TODAY).unwrap_err();
    assert!(wrong[0].text.zh.contains("+852") && !wrong[0].text.zh.contains("证件"), "{}", wrong[0].text.zh);
}

#[test]
fn identifiers_are_normalised_and_explain_themselves() {
    let code = field("代码", "主体", number_of(IdentifierKind::CreditCode, &[]));
    assert_eq!(read(&code, " 91110000600037341l "), "91110000600037341L");
    let wrong = parse_answer(&code, &Raw::from("91110000600037341M"), TODAY).unwrap_err();
    assert_eq!(wrong[0].code(), "identifier");
    assert!(wrong[0].text.zh.contains("校验"), "{}", wrong[0].text.zh);
    let resident = field("证号", "主体", number_of(IdentifierKind::Resident, &[]));
    assert_eq!(read(&resident, "11010519491231002x"), "11010519491231002X");
    assert_eq!(read(&resident, "11010519900230001X"), "!identifier");
    let phone = field("电话", "主体", FieldKind::Phone);
    assert_eq!(read(&phone, "12345"), read(&phone, "１２３４５"), "full-width digits make no difference");
    assert_eq!(read(&phone, "不是电话"), "!identifier");
    assert!(notes(&code, &Value::text("91110000600037341L")).is_empty());
}

#[test]
fn tables_tell_every_cell_that_is_wrong_and_ignore_empty_lines() {
    let row = |cells: &[(&str, &str)]| -> BTreeMap<FieldId, Raw> {
        cells.iter().map(|(name, typed)| ((*name).into(), Raw::from(*typed))).collect()
    };
    let good = Raw::Rows(vec![row(&[("姓名", "甲"), ("比例", "６０")]), row(&[("姓名", ""), ("比例", " ")])]);
    let value = parse_answer(&people(), &good, TODAY).unwrap().unwrap();
    assert_eq!(show_text(&people(), &value, Lang::Zh), "甲，60");
    assert_eq!(parse_answer(&people(), &Raw::of(&value), TODAY), Ok(Some(value)));

    let bad = Raw::Rows(vec![row(&[("姓名", "甲"), ("比例", "60")]), row(&[("比例", "101"), ("年龄", "3")])]);
    let problems = parse_answer(&people(), &bad, TODAY).unwrap_err();
    let found: Vec<_> = problems
        .iter()
        .map(|problem| (problem.row, problem.column.as_ref().map(FieldId::as_str), problem.code()))
        .collect();
    assert_eq!(
        found,
        [
            (Some(1), Some("姓名"), "required"),
            (Some(1), Some("比例"), "number-too-large"),
            (Some(1), None, "unknown-column"),
        ]
    );
    assert_eq!(problems[0].text.zh, "第 2 行：请填写“姓名”。");
    assert_eq!(parse_answer(&people(), &Raw::Rows(vec![row(&[("姓名", "")])]), TODAY), Ok(None));
    let three = Raw::Rows(vec![row(&[("姓名", "甲"), ("比例", "1")]); 3]);
    assert_eq!(parse_answer(&people(), &three, TODAY).unwrap_err()[0].code(), "too-many-rows");
}

#[test]
fn a_stored_answer_of_another_kind_is_a_problem_and_not_a_panic() {
    let area = number("面积", "场所");
    let codes: Vec<_> =
        validate(&area, &Value::Bool(true), TODAY).iter().map(|problem| problem.code()).collect();
    assert_eq!(codes, ["other-kind"]);
}

#[test]
fn every_kind_has_an_example_that_it_accepts() {
    let kinds = [
        FieldKind::Text { multiline: false, min_length: 5, max_length: 9 },
        FieldKind::Number { min: Some(7.into()), max: None, unit: None, decimals: 0 },
        FieldKind::Money { min: None, max: None },
        FieldKind::Date { min: Some(date(2027, 1, 1)), max: None, past: false, future: false },
        FieldKind::YesNo,
        FieldKind::Address,
        FieldKind::Phone,
        FieldKind::File { max_bytes: 1 },
        FieldKind::Location,
        people().kind,
    ];
    let identifiers = [
        IdentifierKind::CreditCode,
        IdentifierKind::Resident,
        IdentifierKind::Region,
        IdentifierKind::Mobile,
        IdentifierKind::Phone,
        IdentifierKind::Passport,
        IdentifierKind::ForeignResident,
        IdentifierKind::HongKongMacaoPermit,
        IdentifierKind::TaiwanPermit,
        IdentifierKind::Other,
    ];
    let kinds = kinds.into_iter().chain(identifiers.map(|identifier| number_of(identifier, &[])));
    for kind in kinds {
        let field = field("栏", "主体", kind);
        assert!(form::example_answer(&field, TODAY).is_some(), "{:?}", field.kind);
    }
}

fn any_kind() -> impl Strategy<Value = Field> {
    prop_oneof![
        Just(text_field("栏", "主体")),
        Just(number("栏", "主体")),
        Just(money(None)),
        Just(day(false)),
        Just(yes_no("栏", "主体")),
        Just(choice("栏", "主体", &["甲", "乙"])),
        Just(field("栏", "主体", FieldKind::Phone)),
        Just(field("栏", "主体", FieldKind::Address)),
        Just(field("栏", "主体", FieldKind::Location)),
        Just(field("栏", "主体", number_of(IdentifierKind::CreditCode, &[]))),
        Just(field("栏", "主体", number_of(IdentifierKind::Resident, &OTHER_PAPERS))),
        Just(people()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_typed_makes_it_panic_and_what_is_read_reads_back(
        field in any_kind(),
        typed in prop_oneof![".{0,40}", "[0-9０-９,，.万亿千 /年月日-]{0,16}", "[甲乙是否¥元m²]{0,6}"],
    ) {
        if let Ok(Some(value)) = parse_answer(&field, &Raw::from(typed.as_str()), TODAY) {
            prop_assert!(validate(&field, &value, TODAY).is_empty());
            let again = parse_answer(&field, &Raw::from(edit_text(&field, &value).as_str()), TODAY);
            prop_assert_eq!(again, Ok(Some(value.clone())));
            prop_assert!(!show_text(&field, &value, Lang::Zh).is_empty());
        }
    }

    #[test]
    fn amounts_survive_being_shown_and_edited(raw in 0..10_i64.pow(12)) {
        let number = expression::Number::from_ten_thousandths(raw * 100);
        let shown = show_text(&money(None), &Value::Number(number), Lang::Zh);
        prop_assert_eq!(parse_answer(&money(None), &Raw::from(shown.as_str()), TODAY), Ok(Some(Value::Number(number))));
    }
}
