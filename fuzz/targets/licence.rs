//! A file that claims to be a licence, and the line of a code on paper: never a panic, and never valid unless every byte is the
//! organ's.

#![no_main]

use std::sync::OnceLock;

use credential::{
    Bilingual, Document, Issuer, IssuerKey, Kind, SCHEMA, SignedDocument, Signer as _, Sm2Signer, Subject,
    SubjectKind, TrustStore, verify, verify_compact,
};
use jiff::Timestamp;

const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);

/// A licence in good order, and the ring with its organ's key.
fn licence() -> &'static (SignedDocument, TrustStore) {
    static LICENCE: OnceLock<(SignedDocument, TrustStore)> = OnceLock::new();
    LICENCE.get_or_init(|| {
        let signer = Sm2Signer::generate(&[7; 32]);
        let name = Bilingual::new("甲区审批局", "Bureau A");
        let mut ring = TrustStore::new();
        ring.trust(IssuerKey::new(signer.public_key(), "ORGAN-1", name.clone(), Timestamp::UNIX_EPOCH))
            .expect("a new key");
        let document = Document {
            kind: Kind::Licence,
            schema: SCHEMA,
            identifier: "L-1".to_owned(),
            issuer: Issuer { code: "ORGAN-1".to_owned(), name, key_id: signer.key_id() },
            subject: Subject { kind: SubjectKind::Person, name: "张三".to_owned(), identifier: None },
            issued_at: Timestamp::constant(1_790_000_000, 0),
            valid_from: None,
            valid_until: None,
            title: Bilingual::new("许可证", "Licence"),
            content: vec![],
            case_number: None,
            edition: None,
            version: 1,
            supersedes: None,
            status_url: None,
            checkpoint: None,
        };
        let signed = SignedDocument::sign(document, &signer).expect("it can be signed");
        assert!(verify(signed.as_bytes(), &ring, NOW).valid);
        (signed, ring)
    })
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (good, ring) = licence();
    let given = verify(bytes, ring, NOW);
    assert!(!given.valid || bytes == good.as_bytes());
    if let Ok(signed) = SignedDocument::read(bytes) {
        // Whatever is read is canonical: it is written as the same bytes.
        assert_eq!(signed.as_bytes(), bytes);
        let _ = signed.document().check();
        let _ = credential::PublicView::from(signed.document());
    }
    // The good one, with some bytes put in the place of others.
    let mut changed = good.as_bytes().to_vec();
    if let [at, more, rest @ ..] = bytes {
        let at = (usize::from(*at) * 256 + usize::from(*more)) % changed.len();
        let end = (at + rest.len()).min(changed.len());
        changed[at..end].copy_from_slice(&rest[..end - at]);
        assert!(changed == good.as_bytes() || !verify(&changed, ring, NOW).valid);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = verify_compact(text, ring, NOW);
        let _ = credential::parse_verification_url(text);
        let _ = credential::from_base45(text);
        let _ = credential::from_base64url(text);
        let _ = credential::from_hex(text);
    }
    let _ = TrustStore::from_json(bytes);
});
