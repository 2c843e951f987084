//! Verification of documents that are valid, expired, not yet valid, foreign, or signed with the wrong keys.

mod fixture;

use credential::{
    Algorithm, Bilingual, Document, DocumentFault, Endorsement, IssuerKey, KeyId, Kind, PublicKey,
    PublicView, Reason, RevokedKey, Signature, SignedDocument, Signer, SigningFault, Sm2Signer, TrustFault,
    TrustStore, canonical::to_canonical, verify,
};
use fixture::{at, checkpoint, key_of, licence, now, other_signer, receipt, signed, signer, trust};
use jiff::civil::date;
use serde_json::{Value, json};

#[track_caller]
fn check(document: Document, trust: &TrustStore, moment: &str, expected: Reason) {
    let verified = verify(signed(document).as_bytes(), trust, at(moment));
    assert_eq!(verified.reason, expected);
    assert_eq!(verified.valid, expected == Reason::Valid);
}

#[test]
fn every_kind_of_document_verifies_and_reads_back_the_same() {
    for document in [licence(), receipt(), checkpoint(), Document { kind: Kind::Notice, ..receipt() }] {
        let signed = signed(document.clone());
        assert_eq!(SignedDocument::read(signed.as_bytes()).as_ref(), Ok(&signed));
        let verified = verify(signed.as_bytes(), &trust(), now());
        assert!(verified.valid);
        assert_eq!(verified.document.as_deref(), Some(&document));
    }
}

#[test]
fn the_report_has_the_promised_json() {
    let verified = verify(signed(licence()).as_bytes(), &trust(), now());
    let expected = json!({
        "valid": true,
        "reason": "valid",
        "issued_by": "甲区行政审批局",
        "issued_at": "2026-11-20T08:30:00Z",
        "subject": "张三丰",
    });
    assert_eq!(serde_json::to_value(&verified).unwrap(), expected);
    let refused = serde_json::to_value(verify(b"{}", &trust(), now())).unwrap();
    assert_eq!(
        refused,
        json!({"valid": false, "reason": "malformed", "issued_by": null, "issued_at": null, "subject": null})
    );
}

#[test]
fn a_period_begins_and_ends_with_the_day_of_the_issuer() {
    let west = || {
        let mut store = TrustStore::new();
        store.trust(IssuerKey { utc_offset_minutes: -8 * 60, ..key_of(&signer()) }).unwrap();
        // As a key file that somebody downloaded.
        TrustStore::from_json(store.to_json().as_bytes()).unwrap()
    };
    check(licence(), &west(), "2026-11-21T07:59:59Z", Reason::NotYetValid);
    check(licence(), &west(), "2031-11-21T07:59:59Z", Reason::Valid);
    check(licence(), &west(), "2031-11-21T08:00:00Z", Reason::Expired);
}

#[test]
fn without_a_word_a_period_begins_and_ends_with_the_day_in_china() {
    let rows = [
        ("2026-11-20T15:59:59Z", Reason::NotYetValid),
        ("2026-11-20T16:00:00Z", Reason::Valid),
        ("2031-11-20T15:59:59Z", Reason::Valid),
        ("2031-11-20T16:00:00Z", Reason::Expired),
    ];
    for (moment, expected) in rows {
        check(licence(), &trust(), moment, expected);
    }
    let open_ended = || Document { valid_until: None, ..licence() };
    check(open_ended(), &trust(), "2099-01-01T00:00:00Z", Reason::Valid);
}

#[test]
fn expired_documents_still_say_who_issued_them_to_whom() {
    let verified = verify(signed(licence()).as_bytes(), &trust(), at("2032-01-01T00:00:00Z"));
    assert_eq!(verified.issued_by.as_deref(), Some("甲区行政审批局"));
    assert_eq!(verified.subject.as_deref(), Some("张三丰"));
}

#[test]
fn a_document_from_the_future_is_refused_beyond_a_slow_clock() {
    check(receipt(), &trust(), "2026-11-20T08:25:00Z", Reason::Valid);
    check(receipt(), &trust(), "2026-11-20T08:24:59Z", Reason::IssuedInFuture);
}

#[test]
fn nothing_is_repeated_from_a_document_whose_key_is_unknown() {
    let verified = verify(signed(licence()).as_bytes(), &TrustStore::new(), now());
    assert_eq!(verified.reason, Reason::UnknownKey);
    assert_eq!(
        (verified.issued_by, verified.issued_at, verified.subject, verified.document),
        (None, None, None, None)
    );
}

#[test]
fn a_key_signs_only_in_its_own_period_but_what_it_signed_stays() {
    let with = |not_before: &str, not_after: Option<&str>| {
        let mut store = TrustStore::new();
        let key = IssuerKey { not_before: at(not_before), not_after: not_after.map(at), ..key_of(&signer()) };
        store.trust(key).unwrap();
        store
    };
    let later = "2027-06-01T00:00:00Z";
    check(receipt(), &with("2026-11-20T08:30:00Z", Some("2026-11-20T08:30:01Z")), later, Reason::Valid);
    check(receipt(), &with("2026-11-20T08:30:01Z", None), later, Reason::OutsideKeyPeriod);
    check(
        receipt(),
        &with("2026-01-01T00:00:00Z", Some("2026-11-20T08:30:00Z")),
        later,
        Reason::OutsideKeyPeriod,
    );
}

fn revocation(signer: &Sm2Signer) -> RevokedKey {
    RevokedKey { key_id: signer.key_id(), revoked_at: now(), reason: Bilingual::new("遗失", "lost") }
}

#[test]
fn nothing_that_a_revoked_key_signed_counts() {
    let mut store = trust();
    store.revoke(revocation(&signer()));
    check(licence(), &store, "2026-11-23T00:00:00Z", Reason::KeyRevoked);
    let mut without_the_key = TrustStore::new();
    without_the_key.revoke(revocation(&signer()));
    check(licence(), &without_the_key, "2026-11-23T00:00:00Z", Reason::KeyRevoked);
}

#[test]
fn a_key_cannot_sign_for_another_organ() {
    let mut document = licence();
    document.issuer.code = "91110000600037341L".to_owned();
    check(document, &trust(), "2026-11-23T00:00:00Z", Reason::OtherIssuer);
}

#[test]
fn a_good_signature_of_a_stranger_does_not_help() {
    let stranger = other_signer();
    let mut document = licence();
    document.issuer.key_id = stranger.key_id();
    let theirs = SignedDocument::sign(document, &stranger).unwrap();
    assert!(theirs.signature_holds());
    assert_eq!(verify(theirs.as_bytes(), &trust(), now()).reason, Reason::UnknownKey);
    // The stranger replaces their own key id by ours.
    let text = str::from_utf8(theirs.as_bytes()).unwrap();
    let posing = text.replace(stranger.key_id().as_str(), signer().key_id().as_str());
    assert_eq!(verify(posing.as_bytes(), &trust(), now()).reason, Reason::Inconsistent);
}

#[test]
fn a_signature_does_not_move_to_another_document() {
    let (one, two) = (signed(licence()), signed(receipt()));
    let value = |signed: &SignedDocument| {
        serde_json::to_value(signed.signature().value).unwrap().as_str().unwrap().to_owned()
    };
    let moved = str::from_utf8(one.as_bytes()).unwrap().replace(&value(&one), &value(&two));
    assert_eq!(verify(moved.as_bytes(), &trust(), now()).reason, Reason::Altered);
}

#[test]
fn files_of_a_later_format_say_so() {
    let text = str::from_utf8(signed(licence()).as_bytes())
        .unwrap()
        .replace("yichuang.document/1", "yichuang.document/2");
    assert_eq!(verify(text.as_bytes(), &trust(), now()).reason, Reason::UnknownFormat);
}

#[test]
fn documents_that_contradict_themselves_are_not_signed() {
    let base = licence;
    let rows = [
        (Document { schema: 2, ..base() }, DocumentFault::Schema(2)),
        (Document { version: 0, ..base() }, DocumentFault::Version),
        (Document { identifier: " ".to_owned(), ..base() }, DocumentFault::Empty("identifier")),
        (Document { issued_at: at("2026-11-20T08:30:00.5Z"), ..base() }, DocumentFault::FractionOfSecond),
        (Document { valid_until: Some(date(2026, 11, 20)), ..base() }, DocumentFault::EndsBeforeItBegins),
        (Document { kind: Kind::Checkpoint, ..base() }, DocumentFault::Checkpoint),
        (Document { kind: Kind::Licence, ..checkpoint() }, DocumentFault::Checkpoint),
    ];
    for (document, fault) in rows {
        assert_eq!(SignedDocument::sign(document, &signer()), Err(fault));
    }
    assert_eq!(SignedDocument::sign(licence(), &other_signer()), Err(DocumentFault::OtherKey));
    let mut huge = licence();
    huge.title = Bilingual::same("甲".repeat(400_000));
    assert_eq!(SignedDocument::sign(huge, &signer()), Err(DocumentFault::TooLong));
    let mut beyond = checkpoint();
    beyond.checkpoint.as_mut().unwrap().position = 1 << 53;
    assert!(matches!(SignedDocument::sign(beyond, &signer()), Err(DocumentFault::NotRepresentable(_))));
}

fn endorsed(root_may: bool, tamper: impl Fn(&mut Endorsement)) -> Reason {
    let (root, department) = (other_signer(), signer());
    let mut store = TrustStore::new();
    let root_key =
        IssuerKey { may_endorse: root_may, issuer_code: "11100000000013338W".to_owned(), ..key_of(&root) };
    store.trust(root_key).expect("the keys and the document are sound");
    let mut endorsement =
        Endorsement::sign(key_of(&department), &root).expect("the keys and the document are sound");
    tamper(&mut endorsement);
    let signed = SignedDocument::sign_endorsed(licence(), &department, vec![endorsement])
        .expect("the keys and the document are sound");
    verify(signed.as_bytes(), &store, now()).reason
}

#[test]
fn a_key_may_be_vouched_for_by_one_that_the_verifier_holds() {
    assert_eq!(endorsed(true, |_| ()), Reason::Valid);
    assert_eq!(endorsed(false, |_| ()), Reason::UnknownKey);
    assert_eq!(endorsed(true, |link| link.key.issuer_code = "9".to_owned()), Reason::UnknownKey);
    assert_eq!(endorsed(true, |link| link.key.may_endorse = true), Reason::UnknownKey);
    assert_eq!(endorsed(true, |link| link.by = signer().key_id()), Reason::UnknownKey);
    let before_the_root = |link: &mut Endorsement| {
        let key = IssuerKey { not_before: at("2025-12-31T23:59:59Z"), ..link.key.clone() };
        *link = Endorsement::sign(key, &other_signer()).unwrap();
    };
    assert_eq!(endorsed(true, before_the_root), Reason::UnknownKey);
    assert_eq!(endorsed(true, |link| link.value = signer().sign(b"").unwrap()), Reason::UnknownKey);
}

#[test]
fn chains_are_walked_to_the_ring_and_no_further_than_three() {
    let signers: Vec<_> = (10u8..15).map(|seed| Sm2Signer::generate(&[seed; 32])).collect();
    let endorser = |signer| IssuerKey { may_endorse: true, ..key_of(signer) };
    for depth in 1..=4usize {
        let mut store = TrustStore::new();
        store.trust(endorser(&signers[depth])).unwrap();
        let chain: Vec<_> = (0..depth)
            .map(|at| Endorsement::sign(endorser(&signers[at]), &signers[at + 1]).unwrap())
            .collect();
        let mut document = licence();
        document.issuer.key_id = signers[0].key_id();
        let signed = SignedDocument::sign_endorsed(document, &signers[0], chain).unwrap();
        let expected = if depth <= 3 { Reason::Valid } else { Reason::UnknownKey };
        assert_eq!(verify(signed.as_bytes(), &store, now()).reason, expected, "depth {depth}");
        store.revoke(revocation(&signers[depth - 1]));
        let expected = if depth <= 3 { Reason::KeyRevoked } else { Reason::UnknownKey };
        assert_eq!(
            verify(signed.as_bytes(), &store, now()).reason,
            expected,
            "depth {depth}, one link revoked"
        );
    }
}

/// The holder of a real key, who gives it another id.
#[derive(Debug)]
struct Misnamed(Sm2Signer, KeyId);

impl Signer for Misnamed {
    fn algorithm(&self) -> Algorithm {
        self.0.algorithm()
    }

    fn public_key(&self) -> &PublicKey {
        self.0.public_key()
    }

    fn sign(&self, bytes: &[u8]) -> Result<Signature, SigningFault> {
        self.0.sign(bytes)
    }

    fn key_id(&self) -> KeyId {
        self.1.clone()
    }
}

#[test]
fn a_revoked_key_cannot_vouch_on_under_another_name() {
    let [root, between, leaf] = [20u8, 21, 22].map(|seed| Sm2Signer::generate(&[seed; 32]));
    let endorser = |signer: &Sm2Signer| IssuerKey { may_endorse: true, ..key_of(signer) };
    let mut store = TrustStore::new();
    store.trust(endorser(&root)).unwrap();
    let verdict = |store: &TrustStore, link: IssuerKey, named: KeyId| {
        let chain = vec![
            Endorsement::sign(key_of(&leaf), &Misnamed(Sm2Signer::generate(&[21; 32]), named)).unwrap(),
            Endorsement::sign(link, &root).unwrap(),
        ];
        let mut document = licence();
        document.issuer.key_id = leaf.key_id();
        let signed = SignedDocument::sign_endorsed(document, &leaf, chain).unwrap();
        verify(signed.as_bytes(), store, now()).reason
    };
    let free_name = KeyId::parse(&"0".repeat(32)).unwrap();
    assert_eq!(verdict(&store, endorser(&between), between.key_id()), Reason::Valid);
    assert_eq!(verdict(&store, endorser(&between), free_name.clone()), Reason::UnknownKey);
    let renamed = IssuerKey { key_id: free_name.clone(), ..endorser(&between) };
    assert_eq!(verdict(&store, renamed.clone(), free_name.clone()), Reason::UnknownKey);
    store.revoke(revocation(&between));
    assert_eq!(verdict(&store, endorser(&between), between.key_id()), Reason::KeyRevoked);
    assert_eq!(verdict(&store, endorser(&between), free_name.clone()), Reason::UnknownKey);
    assert_eq!(verdict(&store, renamed, free_name), Reason::UnknownKey);
}

/// The verdict on a file signed with the issuer's key by a program that skips our checks.
fn signed_unchecked(edit: impl Fn(&mut Value)) -> Reason {
    let mut value: Value = serde_json::from_slice(signed(licence()).as_bytes()).expect("our files are JSON");
    edit(&mut value);
    value["signature"].as_object_mut().expect("a block").remove("value");
    let signature =
        signer().sign(to_canonical(&value).expect("small numbers").as_bytes()).expect("the key is in memory");
    value["signature"]["value"] = json!(signature);
    verify(to_canonical(&value).expect("small numbers").as_bytes(), &trust(), now()).reason
}

#[test]
fn a_good_signature_does_not_excuse_contradictions() {
    assert_eq!(signed_unchecked(|_| ()), Reason::Valid);
    assert_eq!(signed_unchecked(|value| value["document"]["version"] = json!(0)), Reason::Inconsistent);
    assert_eq!(signed_unchecked(|value| value["document"]["schema"] = json!(2)), Reason::Inconsistent);
    assert_eq!(
        signed_unchecked(|value| value["document"]["kind"] = json!("checkpoint")),
        Reason::Inconsistent
    );
    assert_eq!(
        signed_unchecked(|value| value["document"]["valid_until"] = json!("2026-11-20")),
        Reason::Inconsistent
    );
    let another = other_signer().key_id();
    assert_eq!(
        signed_unchecked(|value| value["document"]["issuer"]["key_id"] = json!(another)),
        Reason::Inconsistent
    );
    assert_eq!(signed_unchecked(|value| value["signature"]["key_id"] = json!(another)), Reason::Inconsistent);
}

#[test]
fn the_first_revocation_of_a_key_stays() {
    let mut store = trust();
    store.revoke(revocation(&signer()));
    store.revoke(RevokedKey { revoked_at: at("2030-01-01T00:00:00Z"), ..revocation(&signer()) });
    assert_eq!(store.revocation(&signer().key_id()), Some(&revocation(&signer())));
}

#[test]
fn a_chain_that_bites_its_tail_ends() {
    let (one, two) = (signer(), other_signer());
    let key = |signer| IssuerKey { may_endorse: true, ..key_of(signer) };
    let chain = vec![
        Endorsement::sign(key(&one), &two).unwrap(),
        Endorsement::sign(key(&two), &one).unwrap(),
        Endorsement::sign(key(&one), &two).unwrap(),
    ];
    let signed = SignedDocument::sign_endorsed(licence(), &one, chain).unwrap();
    assert_eq!(verify(signed.as_bytes(), &TrustStore::new(), now()).reason, Reason::UnknownKey);
}

#[test]
fn key_rings_read_back_what_they_wrote_and_refuse_what_is_wrong() {
    let mut store = trust();
    store.trust(IssuerKey { not_after: Some(now()), may_endorse: true, ..key_of(&other_signer()) }).unwrap();
    store.revoke(revocation(&other_signer()));
    let text = store.to_json();
    assert_eq!(TrustStore::from_json(text.as_bytes()), Ok(store.clone()));
    assert_eq!(store.trust(key_of(&signer())), Err(TrustFault::Twice(signer().key_id())));

    let mut swapped = key_of(&signer());
    swapped.key_id = other_signer().key_id();
    assert_eq!(TrustStore::new().trust(swapped), Err(TrustFault::WrongKeyId(other_signer().key_id())));
    let renamed = text.replace(
        &format!("\"key_id\": \"{}\"", signer().key_id()),
        &format!("\"key_id\": \"{}\"", "0".repeat(32)),
    );
    assert!(matches!(TrustStore::from_json(renamed.as_bytes()), Err(TrustFault::WrongKeyId(_))));
    for bad in [text.replace("keys/1", "keys/2"), text.replace("may_endorse", "may_endorze"), "[]".to_owned()]
    {
        assert!(matches!(TrustStore::from_json(bad.as_bytes()), Err(TrustFault::Shape(_))));
    }
    assert!(matches!(TrustStore::from_json(&text.as_bytes()[1..]), Err(TrustFault::Json(_))));
}

#[test]
fn the_public_view_shows_no_full_name_number_or_private_line() {
    let document = licence();
    let view = PublicView::from(&document);
    let text = serde_json::to_string(&view).unwrap();
    for private in ["三丰", "1010519", "甲路", "20261120-0001-7"] {
        assert!(serde_json::to_string(&document).unwrap().contains(private));
        assert!(!text.contains(private), "{private}");
    }
    assert_eq!((view.subject.name.as_str(), view.content.len(), view.hidden), ("张**", 0, 3));
    let organisation = PublicView::from(&checkpoint());
    assert_eq!(organisation.subject, checkpoint().subject);
}
