//! The rule on examples says of each what the form says of it as an answer.

use std::path::Path;
use std::sync::Arc;

use checker::testing::edition_despite_findings;
use checker::{PackFiles, compile};
use form::{Raw, parse_answer};
use jiff::civil::date;

const RULE: &str = "Y321";

const FIELDS: [(&str, &[&str]); 14] = [
    ("type: text, min_length: 2, max_length: 4", &["甲", "甲乙", "甲乙丙丁戊", "——", "a b"]),
    ("type: text, multiline: true, max_length: 5", &["甲、乙、丙、丁", "。"]),
    ("type: number, min: 1, max: 1000", &["0", "1", "1,000", "1000.5", "120 m²", "很多", "3百", "-5"]),
    (
        "type: number, decimals: 2, unit: {zh: 平方米, en: m²}",
        &["12.25", "12.255", "91.49平方米", "91.49 m²"],
    ),
    ("type: money, max: 50000", &["-1", "0", "50000元", "5万", "50000.01", "0.001"]),
    (
        "type: date, min: 2020-01-01, max: 2030-12-31",
        &["2026-02-29", "2026-02-28", "20260228", "2026年3月1日", "2019-12-31", "明天"],
    ),
    ("type: yes-no", &["yes", "No", "是", "maybe", "堂食"]),
    (
        "type: choice, options: {甲: {zh: 一, en: One}, 乙: {zh: 二, en: Two}}",
        &["甲", "二", "two", "丙", "甲、乙"],
    ),
    (
        "type: choices, options: {甲: {zh: 一, en: One}, 乙: {zh: 二, en: Two}}",
        &["甲", "甲、two", "甲、丙", "丙"],
    ),
    ("type: identifier, identifier: credit-code", &["91110000600037341L", "911100006000373411", "9111"]),
    (
        "type: identifier, identifier: resident, also: [passport]",
        &["370214198803150029", "370214198803150021", "passport:E12345678", "passport:"],
    ),
    ("type: phone", &["13800000000", "138", "0532-88888888", "无"]),
    ("type: address", &["路", "示范路 1 号", "123456"]),
    ("type: rows, columns: {数: {label: {zh: 数, en: Number}, type: number, max: 9}}", &["数 1", "1"]),
];

fn pack(kind: &str, example: &str) -> PackFiles {
    let mut files = PackFiles::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/base");
    for name in ["zone.yaml", "calendars/2026.yaml"] {
        files.insert(name.into(), Arc::from(std::fs::read(root.join(name)).expect("a readable file")));
    }
    let text =
        format!("试: {{label: {{zh: 试, en: Test}}, section: 主体, {kind}, example: \"{example}\"}}\n");
    files.insert("fields/试.yaml".into(), Arc::from(text.into_bytes()));
    files
}

#[test]
fn an_example_is_told_exactly_when_the_form_refuses_it_as_an_answer() {
    let mut wrong = Vec::new();
    let (mut taken, mut refused) = (0, 0);
    for (kind, examples) in FIELDS {
        for example in examples {
            let files = pack(kind, example);
            let told = compile(&files).diagnostics.iter().any(|found| found.code.0 == RULE);
            let edition = edition_despite_findings(&files);
            let field = edition.parts().fields.get("试").unwrap_or_else(|| panic!("{kind} is a field"));
            let answer = parse_answer(field, &Raw::from(*example), date(2026, 9, 18));
            *(if answer.is_ok() { &mut taken } else { &mut refused }) += 1;
            if told != answer.is_err() {
                wrong.push(format!("{kind}: {example}: told {told}, the form says {answer:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(taken > 10 && refused > 10, "{taken} taken, {refused} refused");
}
