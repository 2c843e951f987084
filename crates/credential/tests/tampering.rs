//! However a file is changed, it is never called valid again, and no change makes the reader panic.

mod fixture;

use std::sync::LazyLock;

use credential::{
    COMPACT_PREFIX, Reason, SignedDocument, TrustStore,
    canonical::{JsonFault, Limits, parse, parse_canonical, to_canonical},
    compact, from_base45, from_base64url, from_hex, parse_verification_url, to_base45, to_base64url, to_hex,
    verify, verify_compact,
};
use fixture::{licence, now, signed, signer};
use proptest::prelude::*;
use serde_json::{Map, Value};

static TRUST: LazyLock<TrustStore> = LazyLock::new(fixture::trust);
static FILE: LazyLock<SignedDocument> = LazyLock::new(|| signed(licence()));
static COMPACT: LazyLock<String> = LazyLock::new(|| compact(&FILE, &signer()).expect("the licence fits"));

fn trust() -> &'static TrustStore {
    &TRUST
}

fn file() -> Vec<u8> {
    FILE.as_bytes().to_vec()
}

/// Flips one of the eight bits of every byte of the file, so that every position is covered.
#[test]
fn a_turned_bit_anywhere_is_refused() {
    let (mut bytes, trust) = (file(), trust());
    assert!(verify(&bytes, trust, now()).valid);
    for at in 0..bytes.len() {
        let bit = 1 << (at % 8);
        bytes[at] ^= bit;
        assert!(!verify(&bytes, trust, now()).valid, "byte {at}");
        bytes[at] ^= bit;
    }
    assert!(verify(&bytes, trust, now()).valid);
}

#[test]
fn a_file_cut_short_or_lengthened_is_refused() {
    let (bytes, trust) = (file(), trust());
    for length in 0..bytes.len() {
        assert_eq!(verify(&bytes[..length], trust, now()).reason, Reason::Malformed, "{length} bytes");
    }
    for extra in [" ", "\n", "\r\n", "\t"] {
        assert_eq!(verify(&[&bytes, extra.as_bytes()].concat(), trust, now()).reason, Reason::NotCanonical);
    }
    for extra in ["{}", "\0", "x"] {
        assert_eq!(verify(&[&bytes, extra.as_bytes()].concat(), trust, now()).reason, Reason::Malformed);
    }
}

#[test]
fn the_same_content_in_another_layout_is_refused() {
    let value: Value = serde_json::from_slice(&file()).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    assert_eq!(verify(pretty.as_bytes(), trust(), now()).reason, Reason::NotCanonical);
    let text = String::from_utf8(file()).unwrap();
    let rows = [
        ("甲事项许可证", "\\u7532事项许可证"),
        ("2026-11-20T08:30:00Z", "2026-11-20T16:30:00+08:00"),
        ("2026-11-20T08:30:00Z", "2026-11-20T08:30:00.000Z"),
        ("\"valid_from\":\"2026-11-21\"", "\"valid_from\":\"20261121\""),
        ("\"version\":1", "\"version\": 1"),
        ("\"status_url\"", "\"signature_note\":null,\"status_url\""),
    ];
    for (from, to) in rows {
        assert!(text.contains(from), "{from}");
        let verified = verify(text.replacen(from, to, 1).as_bytes(), trust(), now());
        assert!(
            matches!(verified.reason, Reason::NotCanonical | Reason::Malformed),
            "{from}: {:?}",
            verified.reason
        );
    }
    let twice = text.replacen("\"version\":1", "\"version\":1,\"version\":1", 1);
    assert_eq!(verify(twice.as_bytes(), trust(), now()).reason, Reason::Malformed);
}

/// Paths to all strings, numbers and booleans of a value.
fn leaves(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, member)| leaves(member, format!("{path}/{key}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| leaves(item, format!("{path}/{at}"), found));
        }
        _ => found.push(path),
    }
}

/// A forger who knows the format rewrites the file canonically, so that only the signature protects it.
#[test]
fn a_changed_or_missing_value_is_refused_even_when_written_canonically() {
    let value: Value = serde_json::from_slice(&file()).unwrap();
    let mut paths = Vec::new();
    leaves(&value, String::new(), &mut paths);
    assert!(paths.len() > 30, "the walk finds the members");
    let mut reasons = std::collections::BTreeMap::new();
    for path in &paths {
        let mut forged = value.clone();
        let leaf = forged.pointer_mut(path).unwrap();
        *leaf = match leaf.take() {
            Value::Bool(truth) => Value::Bool(!truth),
            Value::Number(number) => Value::from(number.as_i64().unwrap() + 1),
            Value::String(text) if text.ends_with('Z') => Value::from("2026-11-20T08:30:01Z"),
            Value::String(text) if text.len() == 10 && text.starts_with("20") => Value::from("2030-01-01"),
            Value::String(text) => Value::from(format!("{text}x")),
            other => other,
        };
        assert_ne!(forged, value, "{path}");
        let verified = verify(to_canonical(&forged).unwrap().as_bytes(), trust(), now());
        assert!(!verified.valid, "{path}");
        *reasons.entry(verified.reason.code()).or_insert(0) += 1;

        let (parent, key) = path.rsplit_once('/').unwrap();
        let mut shortened = value.clone();
        match shortened.pointer_mut(parent).unwrap() {
            Value::Object(members) => drop(members.remove(key)),
            Value::Array(items) => drop(items.remove(key.parse().unwrap())),
            _ => unreachable!("only objects and arrays have members"),
        }
        assert!(
            !verify(to_canonical(&shortened).unwrap().as_bytes(), trust(), now()).valid,
            "{path} removed"
        );
    }
    assert!(reasons["altered"] > 20, "the signature itself is what most forgeries meet: {reasons:?}");
}

#[test]
fn deep_and_huge_input_is_refused_at_once() {
    for (open, count) in [("[", 1 << 20), ("{\"a\":", 200_000), ("[{\"format\":", 90_000)] {
        let text = open.repeat(count);
        assert_eq!(verify(text.as_bytes(), trust(), now()).reason, Reason::Malformed);
        assert!(matches!(parse(text.as_bytes(), Limits::default()), Err(JsonFault::TooDeep { .. })));
    }
    let huge = vec![b' '; 64 << 20];
    assert!(matches!(parse(&huge, Limits::default()), Err(JsonFault::TooLong { .. })));
    assert_eq!(verify(&huge, trust(), now()).reason, Reason::Malformed);
    assert!(
        !verify_compact(&format!("{COMPACT_PREFIX}{}", "0".repeat(1 << 20)), trust(), now()).verified.valid
    );
}

/// Text that resembles JSON, which random bytes never do.
fn nearly_json() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\",
        "\\u",
        "d83d",
        "\\ude00",
        "0",
        "-",
        "1",
        "9007199254740993",
        ".5",
        "e9",
        "true",
        "false",
        "null",
        "nul",
        "\"a\":",
        "\"format\":\"yichuang.document/1\"",
        " ",
        "\n",
        "\u{7f}",
        "甲",
        "😀",
    ]);
    prop::collection::vec(token, 0..24).prop_map(|tokens| tokens.concat())
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_edits_are_refused(place in any::<prop::sample::Index>(), insert in prop::collection::vec(any::<u8>(), 0..4), remove in 0usize..4) {
        let original = file();
        let mut bytes = original.clone();
        let at = place.index(bytes.len());
        let end = (at + remove).min(bytes.len());
        bytes.splice(at..end, insert);
        prop_assert_eq!(verify(&bytes, trust(), now()).valid, bytes == original);
    }

    #[test]
    fn arbitrary_input_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..512), text in nearly_json()) {
        for input in [&bytes[..], text.as_bytes()] {
            prop_assert!(!verify(input, trust(), now()).valid);
            prop_assert!(SignedDocument::read(input).is_err());
            prop_assert!(TrustStore::from_json(input).is_err());
            let words = String::from_utf8_lossy(input);
            let _ = (from_base64url(&words), from_base45(&words), from_hex(&words), parse_verification_url(&words));
            let prefixed = format!("{COMPACT_PREFIX}{}", to_base45(input));
            prop_assert!(!verify_compact(&prefixed, trust(), now()).verified.valid);
            prop_assert!(!verify_compact(&words, trust(), now()).verified.valid);
        }
    }

    #[test]
    fn what_we_accept_another_reader_reads_the_same(text in nearly_json()) {
        if let Ok(value) = parse(text.as_bytes(), Limits::default()) {
            prop_assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
        }
    }

    #[test]
    fn values_survive_their_canonical_form_and_only_it_is_canonical(value in any_value()) {
        let text = to_canonical(&value).unwrap();
        prop_assert_eq!(parse_canonical(text.as_bytes(), Limits::default()), Ok(value.clone()));
        prop_assert_eq!(&serde_json::from_str::<Value>(&text).unwrap(), &value);
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(parse(pretty.as_bytes(), Limits::default()), Ok(value));
        if pretty != text {
            prop_assert_eq!(parse_canonical(pretty.as_bytes(), Limits::default()), Err(JsonFault::NotCanonical));
        }
    }

    #[test]
    fn bytes_survive_every_text_form(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        prop_assert_eq!(from_base64url(&to_base64url(&bytes)), Ok(bytes.clone()));
        prop_assert_eq!(from_base45(&to_base45(&bytes)), Ok(bytes.clone()));
        prop_assert_eq!(from_hex(&to_hex(&bytes)), Ok(bytes.clone()));
    }

    #[test]
    fn texts_that_decode_are_the_only_text_of_their_bytes(text in "[A-Za-z0-9_-]{0,12}") {
        if let Ok(bytes) = from_base64url(&text) { prop_assert_eq!(to_base64url(&bytes), text.clone()); }
        if let Ok(bytes) = from_base45(&text) { prop_assert_eq!(to_base45(&bytes), text.clone()); }
        if let Ok(bytes) = from_hex(&text) { prop_assert_eq!(to_hex(&bytes), text); }
    }

    #[test]
    fn a_changed_character_of_a_compact_text_is_refused(place in any::<prop::sample::Index>(), symbol in "[0-9A-Z $%*+./:-]") {
        let original = COMPACT.clone();
        let at = place.index(original.len());
        let mut text = original.clone();
        text.replace_range(at..=at, &symbol);
        prop_assert_eq!(verify_compact(&text, trust(), now()).verified.valid, text == original);
    }
}
