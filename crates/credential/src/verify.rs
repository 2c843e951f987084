//! Offline verification: canonical form, trusted key, signature, period.

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::Serialize;

use crate::{Document, IssuerKey, Reason, SignedDocument, TrustStore};

/// How far a verifier's clock may lag behind the issuer's.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// The result of a verification; serialised as the JSON of `yichuang verify`.
///
/// Issuer, time and subject are set only once the signature verifies with a trusted key; before that anybody
/// could have written them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    pub valid: bool,
    pub reason: Reason,
    /// The issuer's name in the verifier's key ring.
    pub issued_by: Option<String>,
    pub issued_at: Option<Timestamp>,
    pub subject: Option<String>,
    /// The document, once the signature verifies.
    #[serde(skip)]
    pub document: Option<Box<Document>>,
}

impl Verified {
    pub(crate) fn refused(reason: Reason) -> Self {
        Verified { valid: false, reason, issued_by: None, issued_at: None, subject: None, document: None }
    }
}

/// Verifies a file without network: its form, key, signature, and period at `now`.
///
/// Any changed byte is refused, white space included. The file cannot tell whether the issuer has withdrawn
/// the document since; query its `status_url`.
pub fn verify(bytes: &[u8], trust: &TrustStore, now: Timestamp) -> Verified {
    let signed = match SignedDocument::read(bytes) {
        Ok(signed) => signed,
        Err(reason) => return Verified::refused(reason),
    };
    let owner = match signature_owner(&signed, trust) {
        Ok(owner) => owner,
        Err(reason) => return Verified::refused(reason),
    };
    let document = signed.document();
    let claims = Claims {
        issuer_code: &document.issuer.code,
        issued_at: document.issued_at,
        valid_from: document.valid_from,
        valid_until: document.valid_until,
    };
    let reason = if document.check().is_err() { Reason::Inconsistent } else { claims.judge(owner, now) };
    Verified {
        valid: reason == Reason::Valid,
        reason,
        issued_by: Some(owner.issuer_name.zh.clone()),
        issued_at: Some(document.issued_at),
        subject: Some(document.subject.name.clone()),
        document: Some(Box::new(document.clone())),
    }
}

fn signature_owner<'a>(signed: &'a SignedDocument, trust: &'a TrustStore) -> Result<&'a IssuerKey, Reason> {
    let block = signed.signature();
    if block.key_id != block.public_key.key_id() || block.key_id != signed.document().issuer.key_id {
        return Err(Reason::Inconsistent);
    }
    let owner = trust.owner(&block.key_id, &block.chain)?;
    // The id is a shortened digest, so the verifier's own copy of the key decides.
    if owner.public_key != block.public_key || owner.algorithm != block.algorithm {
        return Err(Reason::UnknownKey);
    }
    if signed.signature_holds() { Ok(owner) } else { Err(Reason::Altered) }
}

/// The claims of a signed statement, to be checked against the owner of its key and the clock.
pub(crate) struct Claims<'a> {
    pub issuer_code: &'a str,
    pub issued_at: Timestamp,
    pub valid_from: Option<Date>,
    pub valid_until: Option<Date>,
}

impl Claims<'_> {
    pub(crate) fn judge(&self, owner: &IssuerKey, now: Timestamp) -> Reason {
        // Days begin and end where the issuer is, whatever the time zone of the verifier's machine.
        let today = owner.offset().to_datetime(now).date();
        if self.issuer_code != owner.issuer_code {
            Reason::OtherIssuer
        } else if !owner.covers(self.issued_at) {
            Reason::OutsideKeyPeriod
        } else if self.issued_at.duration_since(now) > CLOCK_TOLERANCE {
            Reason::IssuedInFuture
        } else if self.valid_from.is_some_and(|first| today < first) {
            Reason::NotYetValid
        } else if self.valid_until.is_some_and(|last| today > last) {
            Reason::Expired
        } else {
            Reason::Valid
        }
    }
}
