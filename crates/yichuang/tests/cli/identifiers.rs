//! `yichuang identify`.

use serde_json::Value;

use crate::fixture::{has_keys, refused, run};

fn identify(kind: &str, value: &str) -> (i32, Value) {
    let ran = run(&["identify", kind, value, "--format", "json"]);
    let json = ran.json();
    let warned = json["warnings"].is_array();
    has_keys(
        &json,
        if warned { &["valid", "problem", "parts", "warnings"] } else { &["valid", "problem", "parts"] },
    );
    assert_eq!(json["valid"] == true, ran.code == 0, "exit code and verdict agree: {ran:?}");
    (ran.code, json)
}

fn valid(kind: &str, value: &str) -> Value {
    let (code, json) = identify(kind, value);
    assert_eq!((code, &json["problem"]), (0, &Value::Null), "{kind} {value}: {json}");
    assert!(json["parts"].is_object() || json["parts"].is_string(), "{json}");
    json
}

fn invalid(kind: &str, value: &str) {
    let (code, json) = identify(kind, value);
    let problem = json["problem"].as_str().unwrap_or_default();
    assert!(code == 1 && !problem.is_empty() && json["parts"].is_null(), "{kind} {value}: {json}");
}

#[test]
fn credit_codes_are_judged_by_alphabet_and_check_character() {
    for code in [
        "91110000600037341L",
        "91440300708461136T",
        "91330100799655058B",
        "91110108551385082Q",
        "9111000010169286X1",
        "11100000MB0143028R",
        "91110000802100433B",
        "914403001922038216",
        "12341700686863395A",
        "12441500196720244T",
        // Bodies whose registration authority is a letter.
        "A1110000600037341K",
        "N2320583MF33400007",
    ] {
        valid("credit-code", code);
    }
    for code in ["91110000600037341M", "91110000600O37341L", "A1110000600037341L", "12345", ""] {
        invalid("credit-code", code);
    }
}

#[test]
fn resident_numbers_are_judged_by_date_and_check_digit_and_never_by_region_history() {
    for number in [
        "11010519491231002X",
        "11010519491231002x",
        "440524188001010014",
        "360426199101010071",
        "44011320141005001X",
        "412723199010050012",
        "110102199101010078",
        "120110198012010073",
        "120110199212010072",
    ] {
        valid("resident", number);
    }
    for number in
        ["36042619910102009X", "360426199113010079", "T60426199101010078", "11010519900230001X", "123"]
    {
        invalid("resident", number);
    }
}

#[test]
fn regions_and_mobile_numbers_are_known_kinds() {
    let parts = valid("region", "370214");
    assert!(parts["parts"].to_string().contains("37"), "{parts}");
    invalid("region", "9");
    for number in ["13800001234", "+8613800001234", "138 0000 1234"] {
        valid("mobile", number);
    }
    for number in ["12800001234", "1380000123", "0532-12345678"] {
        invalid("mobile", number);
    }
}

#[test]
fn problems_are_told_in_the_language_that_was_asked_for() {
    let zh = run(&["identify", "credit-code", "12345"]);
    let en = run(&["identify", "credit-code", "12345", "--lang", "en"]);
    assert_eq!((zh.code, en.code), (1, 1));
    assert!(!zh.out.is_ascii() && en.out.contains("18"), "{zh:?} {en:?}");
}

#[test]
fn an_unknown_kind_is_answered_with_the_kinds_that_there_are() {
    refused(&["identify", "passport-of-mars", "1"], "credit-code, resident, region, mobile");
}
