//! What is printed beside a document: codes that an independent reader decodes, and facts that verify without
//! network.

mod fixture;

use credential::{
    Bilingual, COMPACT_PREFIX, CompactFault, Digest, Document, DocumentFault, IssuerKey, QrFault, Reason,
    RevokedKey, SignedDocument, Signer as _, TrustStore, compact, from_base45, parse_verification_url,
    qr_svg, to_base45, verification_url, verify_compact,
};
use fixture::{at, checkpoint, key_of, licence, now, other_signer, receipt, signed, signer, trust};

/// Draws the dark path of `svg` at four pixels a module, and decodes it with another library.
fn read_back(svg: &str) -> (String, usize) {
    let side: usize = svg
        .split("viewBox=\"0 0 ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next()?.parse().ok())
        .expect("a view box");
    let mut dark = vec![vec![false; side]; side];
    let path =
        svg.split("fill=\"#000\" d=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a dark path");
    for run in path.split('M').skip(1) {
        let numbers: Vec<usize> =
            run.split([' ', 'h', 'v']).filter_map(|number| number.parse().ok()).collect();
        let [x, y, length, 1] = numbers[..] else { panic!("a run is a rectangle one module high: {run}") };
        dark[y][x..x + length].fill(true);
    }
    for margin in [0, 1, 2, 3, side - 4, side - 1] {
        assert!(
            !dark[margin].contains(&true) && dark.iter().all(|row| !row[margin]),
            "the quiet zone is blank"
        );
    }
    let mut image = rqrr::PreparedImage::prepare_from_bitmap(side * 4, side * 4, |x, y| dark[y / 4][x / 4]);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    let (meta, text) = grids[0].decode().expect("the code reads");
    (text, meta.version.0)
}

#[test]
fn codes_read_back_as_the_text_they_carry() {
    let url = verification_url("https://zone.example", &licence().identifier, &signed(licence()).digest());
    for text in [url.as_str(), "A", "甲事项 😀", &"0".repeat(1200), &"x".repeat(500)] {
        let (read, version) = read_back(&qr_svg(text).unwrap());
        assert_eq!(read, text);
        assert!(version <= 15);
    }
}

#[test]
fn a_text_too_long_to_scan_is_refused() {
    assert!(qr_svg(&"x".repeat(520)).is_ok(), "version 15 at level L holds 520 bytes");
    assert_eq!(qr_svg(&"x".repeat(521)), Err(QrFault { bytes: 521 }));
    assert_eq!(qr_svg(&"x".repeat(100_000)), Err(QrFault { bytes: 100_000 }));
}

#[test]
fn the_picture_needs_no_style_script_or_outside_resource() {
    let svg = qr_svg("A").unwrap();
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 29 29\""));
    assert!(svg.ends_with("</svg>"));
    for absent in ["style", "script", "href", "<?xml", "url("] {
        assert!(!svg.contains(absent), "{absent}");
    }
}

#[test]
fn compact_facts_verify_from_the_printed_code_alone() {
    for document in [licence(), receipt(), checkpoint()] {
        let signed = signed(document.clone());
        let text = compact(&signed, &signer()).unwrap();
        let (read, version) = read_back(&qr_svg(&text).unwrap());
        assert!(version <= 15);
        let found = verify_compact(&read, &trust(), now());
        assert!(found.verified.valid);
        assert_eq!(found.verified.issued_by.as_deref(), Some("甲区行政审批局"));
        let facts = found.facts.unwrap();
        assert_eq!(facts.identifier, document.identifier);
        assert_eq!(facts.digest, signed.digest().short());
        assert_eq!((facts.valid_from, facts.valid_until), (document.valid_from, document.valid_until));
    }
}

#[test]
fn a_code_that_strangers_photograph_carries_no_full_name() {
    let text = compact(&signed(licence()), &signer()).unwrap();
    let facts = verify_compact(&text, &trust(), now()).facts.unwrap();
    assert_eq!(facts.subject, "张**");
    let payload = from_base45(text.strip_prefix(COMPACT_PREFIX).unwrap()).unwrap();
    let text = String::from_utf8_lossy(&payload).into_owned();
    assert!(!text.contains("三丰") && !text.contains("11010519491231002X"));
}

#[test]
fn compact_facts_obey_periods_and_keys_like_the_file() {
    let text = compact(&signed(licence()), &signer()).unwrap();
    let reason = |trust: &TrustStore, moment: &str| verify_compact(&text, trust, at(moment)).verified.reason;
    assert_eq!(reason(&trust(), "2032-01-01T00:00:00Z"), Reason::Expired);
    assert_eq!(reason(&trust(), "2026-11-20T09:00:00Z"), Reason::NotYetValid);
    assert_eq!(reason(&TrustStore::new(), "2026-11-23T00:00:00Z"), Reason::UnknownKey);
    let mut store = trust();
    let reason_text = Bilingual::same("遗失");
    store.revoke(RevokedKey { key_id: signer().key_id(), revoked_at: now(), reason: reason_text });
    assert_eq!(reason(&store, "2026-11-23T00:00:00Z"), Reason::KeyRevoked);
    let mut store = TrustStore::new();
    store.trust(IssuerKey { issuer_code: "another".to_owned(), ..key_of(&signer()) }).unwrap();
    assert_eq!(reason(&store, "2026-11-23T00:00:00Z"), Reason::OtherIssuer);
}

#[test]
fn forged_and_malformed_compact_texts_say_which_they_are() {
    let text = compact(&signed(licence()), &signer()).unwrap();
    let payload = from_base45(&text[COMPACT_PREFIX.len()..]).unwrap();
    let check = |payload: &[u8], expected| {
        let found = verify_compact(&format!("{COMPACT_PREFIX}{}", to_base45(payload)), &trust(), now());
        assert_eq!((found.verified.valid, found.verified.reason), (false, expected));
        assert_eq!((found.facts, found.verified.subject), (None, None));
    };
    let replaced = |from: &str, to: &str| {
        let facts = str::from_utf8(&payload[64..]).unwrap();
        assert!(facts.contains(from));
        [&payload[..64], facts.replace(from, to).as_bytes()].concat()
    };
    check(&replaced("2031-11-20", "2041-11-20"), Reason::Altered);
    check(&replaced("\"v\":1", "\"v\": 1"), Reason::NotCanonical);
    check(&replaced("\"v\":1", "\"v\":1,\"z\":1"), Reason::Malformed);
    check(&payload[..64], Reason::Malformed);
    check(&payload[..63], Reason::Malformed);
    check(&[], Reason::Malformed);
    // A signature over a whole file is not one over facts, even by the same key.
    let of_file = *signed(licence()).signature().value.as_raw();
    check(&[&of_file[..], &payload[64..]].concat(), Reason::Altered);
    for other in ["", "YC2:", "https://zone.example", "yc1:"] {
        assert_eq!(verify_compact(other, &trust(), now()).verified.reason, Reason::UnknownFormat);
    }
}

#[test]
fn facts_too_long_for_paper_and_keys_that_do_not_fit_are_refused() {
    let long = Document { title: Bilingual::same("甲".repeat(80)), ..licence() };
    assert!(matches!(compact(&signed(long), &signer()), Err(CompactFault::TooLong { bytes: 397.. })));
    let other = compact(&signed(licence()), &other_signer());
    assert_eq!(other, Err(CompactFault::Document(DocumentFault::OtherKey)));
    // The longest allowed payload fits the largest code; one more byte does not.
    let titled = |length| Document { title: Bilingual::same("t".repeat(length)), ..licence() };
    let room = (1..200).rev().find(|&length| compact(&signed(titled(length)), &signer()).is_ok()).unwrap();
    let text = compact(&signed(titled(room)), &signer()).unwrap();
    assert_eq!(text.len(), COMPACT_PREFIX.len() + 396 / 2 * 3);
    assert_eq!(compact(&signed(titled(room + 1)), &signer()), Err(CompactFault::TooLong { bytes: 397 }));
    assert_eq!(read_back(&qr_svg(&text).unwrap()), (text, 15));
}

#[test]
fn verification_addresses_give_identifier_and_digest_back() {
    let digest = Digest::sm3(b"abc");
    for identifier in [licence().identifier.as_str(), "甲字〔2026〕1 号", "a/b?c#d%e"] {
        for origin in ["https://zone.example", "https://zone.example/", "http://127.0.0.1:8080"] {
            let url = verification_url(origin, identifier, &digest);
            assert!(url.is_ascii());
            assert_eq!(parse_verification_url(&url), Some((identifier.to_owned(), digest.short())));
        }
    }
    let url = verification_url("https://zone.example/", "A-1", &digest);
    assert_eq!(url, "https://zone.example/v/A-1#Zsfw9GLu7dnR8tRr3BDk4g");
    let short = digest.short();
    let bad =
        ["", "#", "https://x/v/a#b", "https://x/v/a#Zsfw", "https://x/v/a"].map(str::to_owned).into_iter();
    let bad = bad.chain(
        ["https://x/v/", "https://x/a", "x/v/a/b", "x/v/a?b", "x/v/%f", "x/v/%zz", "x/v/%ff"]
            .map(|start| format!("{start}#{short}")),
    );
    for bad in bad {
        assert_eq!(parse_verification_url(&bad), None, "{bad}");
    }
}

/// Files issued years ago must verify for ever: these two are never edited; a new schema gets files of its
/// own.
#[test]
fn the_first_file_ever_issued_still_verifies_and_is_still_written_the_same() {
    let (file, keys) = (include_bytes!("golden/document-1.json"), include_bytes!("golden/keys-1.json"));
    let store = TrustStore::from_json(keys).unwrap();
    assert!(credential::verify(file, &store, now()).valid);
    let again = SignedDocument::sign(licence(), &signer()).unwrap();
    assert_eq!(str::from_utf8(again.as_bytes()), str::from_utf8(file));
    assert_eq!(trust().to_json().as_bytes(), keys);
    assert!(verify_compact(include_str!("golden/compact-1.txt"), &store, now()).verified.valid);
}
