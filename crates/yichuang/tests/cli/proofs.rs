//! `yichuang verify`.

use std::path::PathBuf;

use serde_json::Value;

use crate::fixture::{Folder, has_keys, refused, run};

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../credential/tests/golden").join(name)
}

fn verify(file: &str) -> (i32, Value) {
    let keys = golden("keys-1.json");
    let ran = run(&["verify", file, "--keys", keys.to_str().unwrap(), "--format", "json"]);
    let json = ran.json();
    has_keys(
        &json,
        &["outcome", "valid", "reason", "issued_by", "issued_at", "subject", "status_url", "withdrawn"],
    );
    assert!(json["reason"].is_string(), "{json}");
    (ran.code, json)
}

/// Valid as long as the golden licence, which is until the end of November 2031.
#[test]
fn a_signed_licence_is_valid_and_says_who_issued_it_to_whom() {
    let (code, json) = verify(golden("document-1.json").to_str().unwrap());
    assert_eq!(json["issued_by"], "甲区行政审批局");
    assert_eq!(json["issued_at"], "2026-11-20T08:30:00Z");
    assert!(json["subject"].as_str().unwrap().contains('张'), "{json}");
    // Withdrawal was not checked, so the document is not called valid.
    let found = (code, &json["outcome"], &json["valid"], &json["reason"]);
    assert_eq!(found, (3, &"signature_good".into(), &Value::Null, &"valid".into()), "{json}");
}

#[test]
fn any_flipped_byte_is_refused_and_nothing_is_claimed() {
    let folder = Folder::new("verify");
    let good = std::fs::read(golden("document-1.json")).unwrap();
    for place in (0..good.len()).step_by(97) {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        let file = folder.path("licence.json");
        std::fs::write(&file, bytes).unwrap();
        let (code, json) = verify(&file);
        assert_eq!((code, json["valid"].as_bool()), (1, Some(false)), "byte {place}: {json}");
        assert_eq!(json["outcome"], "not_valid");
        assert_ne!(json["reason"], "valid");
        assert!(json["issued_by"].is_null() && json["subject"].is_null(), "byte {place}: {json}");
    }
}

#[test]
fn what_cannot_be_read_is_told() {
    let (keys, document) = (golden("keys-1.json"), golden("document-1.json"));
    refused(&["verify", "/nowhere.json", "--keys", keys.to_str().unwrap()], "/nowhere.json");
    refused(&["verify", document.to_str().unwrap(), "--keys", "/nowhere.json"], "/nowhere.json");
    refused(&["verify", document.to_str().unwrap()], "--keys");
}
