//! Signed documents: canonical form, signature, offline verification.
//!
//! A licence, notice, receipt or checkpoint leaves the zone as one JSON file in canonical form with an SM2
//! signature over SM3. With the issuers' public keys, anybody can verify years later and without network that
//! no byte was changed. Keys, entropy and time are arguments.
//!
//! It must not know cases, packs, stores or pages, where secret keys are kept, or whether a document was
//! withdrawn since (ask the issuer at [`Document::status_url`], or use a [`StatusList`] that it signed).
//!
//! Start at [`Document`], then [`SignedDocument::sign`] and [`verify`]. [`compact`] and [`qr_svg`] put the
//! essential facts on paper, [`PublicView`] is what a verification page may show, [`merkle`] computes the
//! root in a checkpoint.
//!
//! ```
//! use credential::*;
//!
//! let signer = Sm2Signer::generate(&[7; 32]); // in earnest: 32 bytes of the system's entropy
//! let issued_at = "2026-11-20T08:30:00Z".parse()?;
//! let organ = Bilingual::new("甲区行政审批局", "Approval Bureau of Zone A");
//! let mut ring = TrustStore::new();
//! ring.trust(IssuerKey::new(signer.public_key(), "ORGAN-1", organ.clone(), issued_at))?;
//!
//! let receipt = Document {
//!     kind: Kind::Receipt,
//!     schema: SCHEMA,
//!     identifier: "R-1".to_owned(),
//!     issuer: Issuer { code: "ORGAN-1".to_owned(), name: organ, key_id: signer.key_id() },
//!     subject: Subject { kind: SubjectKind::Person, name: "张三".to_owned(), identifier: None },
//!     issued_at,
//!     valid_from: None,
//!     valid_until: None,
//!     title: Bilingual::new("收件凭证", "Receipt"),
//!     content: vec![],
//!     case_number: None,
//!     edition: None,
//!     version: 1,
//!     supersedes: None,
//!     status_url: None,
//!     checkpoint: None,
//! };
//! let signed = SignedDocument::sign(receipt, &signer)?;
//! assert!(verify(signed.as_bytes(), &ring, issued_at).valid);
//! let code = qr_svg(&verification_url("https://zone.example", "R-1", &signed.digest()))?;
//! assert!(code.starts_with("<svg"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod canonical;
mod compact;
mod document;
mod encoding;
pub mod merkle;
mod pem;
mod qr;
mod reason;
mod redaction;
mod signed;
mod signer;
mod sm2_signer;
mod status;
mod trust;
mod verify;

pub use compact::{
    COMPACT_PREFIX, CompactFacts, CompactFault, VerifiedCompact, compact, parse_verification_url,
    verification_url, verify_compact,
};
pub use document::{
    Bilingual, Checkpoint, Document, DocumentFault, Entry, Issuer, Kind, SCHEMA, Subject, SubjectKind,
};
pub use encoding::{
    Digest, EncodingFault, from_base45, from_base64url, from_hex, to_base45, to_base64url, to_hex,
};
pub use qr::{QrFault, qr_svg};
pub use reason::Reason;
pub use redaction::{PublicView, mask_identifier, mask_name};
pub use signed::{DOCUMENT_FORMAT, MAX_FILE_BYTES, SignatureBlock, SignedDocument};
pub use signer::{Algorithm, KeyFault, KeyId, PublicKey, Signature, Signer, SigningFault};
pub use sm2_signer::{DEFAULT_USER_ID, Sm2Signer};
pub use status::{STATUS_FORMAT, STATUS_ISSUER, StatusFault, StatusList, Withdrawal};
pub use trust::{Endorsement, IssuerKey, KEYS_FORMAT, RevokedKey, TrustFault, TrustStore};
pub use verify::{Verified, verify};
