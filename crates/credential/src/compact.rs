//! The compact form of a document for a QR code: essential facts and signature in base45.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    Digest, DocumentFault, IssuerKey, KeyId, Kind, Reason, Signature, SignedDocument, Signer, TrustStore,
    Verified,
    canonical::{Limits, parse, to_canonical},
    encoding::{from_base45, from_base64url, from_hex, to_base45, to_hex},
    verify::Claims,
};

/// The prefix of every compact text. All of the text is in the alphanumeric mode of a QR code.
pub const COMPACT_PREFIX: &str = "YC1:";

/// The largest payload in bytes whose text still fits version 15 at error correction M (600 characters).
const MAX_PAYLOAD_BYTES: usize = 396;

/// Why a document has no compact form; the verification URL is then printed alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompactFault {
    #[error("{bytes} bytes are more than the code on a printed page holds")]
    TooLong { bytes: usize },
    #[error(transparent)]
    Document(#[from] DocumentFault),
}

/// The facts of a document that fit on paper beside it. Keys have one letter because every byte makes the
/// code denser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompactFacts {
    #[serde(rename = "k")]
    pub kind: Kind,
    #[serde(rename = "i")]
    pub identifier: String,
    #[serde(rename = "t")]
    pub title: String,
    #[serde(rename = "o")]
    pub issuer_code: String,
    /// Masked for a person, because strangers photograph the code.
    #[serde(rename = "n")]
    pub subject: String,
    #[serde(rename = "s")]
    pub issued_at: Timestamp,
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    #[serde(rename = "v")]
    pub version: u32,
    /// [`Digest::short`] of the full file.
    #[serde(rename = "d")]
    pub digest: String,
    #[serde(rename = "y")]
    pub key_id: KeyId,
}

/// The result of verifying a compact text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedCompact {
    pub verified: Verified,
    /// Set once the signature verifies.
    pub facts: Option<CompactFacts>,
}

/// A text for a QR code that proves the essential facts of `signed` without network: signature, facts and key
/// id in base45.
///
/// # Errors
/// [`CompactFault::TooLong`] when the facts do not fit the code, [`CompactFault::Document`] when the signer's
/// key is not the document's or signing fails.
pub fn compact(signed: &SignedDocument, signer: &dyn Signer) -> Result<String, CompactFault> {
    let document = signed.document();
    if document.issuer.key_id != signer.key_id() {
        return Err(DocumentFault::OtherKey.into());
    }
    let facts = CompactFacts {
        kind: document.kind,
        identifier: document.identifier.clone(),
        title: document.title.zh.clone(),
        issuer_code: document.issuer.code.clone(),
        subject: document.subject.masked().name,
        issued_at: document.issued_at,
        valid_from: document.valid_from,
        valid_until: document.valid_until,
        version: document.version,
        digest: signed.digest().short(),
        key_id: signer.key_id(),
    };
    let text = facts.canonical();
    let signature = signer.sign(&signed_bytes(&text)).map_err(DocumentFault::from)?;
    let payload = [signature.as_raw(), text.as_bytes()].concat();
    if payload.len() > MAX_PAYLOAD_BYTES {
        return Err(CompactFault::TooLong { bytes: payload.len() });
    }
    Ok(format!("{COMPACT_PREFIX}{}", to_base45(&payload)))
}

/// Verifies a compact text with the keys in the ring; endorsements are too long for paper.
pub fn verify_compact(text: &str, trust: &TrustStore, now: Timestamp) -> VerifiedCompact {
    let (facts, owner) = match read(text, trust) {
        Ok(read) => read,
        Err(reason) => return VerifiedCompact { verified: Verified::refused(reason), facts: None },
    };
    let claims = Claims {
        issuer_code: &facts.issuer_code,
        issued_at: facts.issued_at,
        valid_from: facts.valid_from,
        valid_until: facts.valid_until,
    };
    let reason = claims.judge(owner, now);
    let verified = Verified {
        valid: reason == Reason::Valid,
        reason,
        issued_by: Some(owner.issuer_name.zh.clone()),
        issued_at: Some(facts.issued_at),
        subject: Some(facts.subject.clone()),
        document: None,
    };
    VerifiedCompact { verified, facts: Some(facts) }
}

fn read<'a>(text: &str, trust: &'a TrustStore) -> Result<(CompactFacts, &'a IssuerKey), Reason> {
    let body = text.strip_prefix(COMPACT_PREFIX).ok_or(Reason::UnknownFormat)?;
    // Three symbols encode two bytes; longer texts are never written.
    if body.len() > MAX_PAYLOAD_BYTES / 2 * 3 {
        return Err(Reason::Malformed);
    }
    let payload = from_base45(body).map_err(|_| Reason::Malformed)?;
    let (signature, bytes) = payload.split_first_chunk::<64>().ok_or(Reason::Malformed)?;
    let value =
        parse(bytes, Limits { max_bytes: MAX_PAYLOAD_BYTES, max_depth: 1 }).map_err(|_| Reason::Malformed)?;
    let facts: CompactFacts = serde_json::from_value(value).map_err(|_| Reason::Malformed)?;
    if facts.canonical().as_bytes() != bytes {
        return Err(Reason::NotCanonical);
    }
    let owner = trust.owner(&facts.key_id, &[])?;
    if owner.public_key.verifies(&signed_bytes(&facts.canonical()), &Signature::from_raw(*signature)) {
        Ok((facts, owner))
    } else {
        Err(Reason::Altered)
    }
}

impl CompactFacts {
    fn canonical(&self) -> String {
        let value = serde_json::to_value(self).expect("facts are strings and one small integer");
        to_canonical(&value).expect("a u32 is in the canonical range")
    }
}

/// The bytes to sign. The prefix prevents a signature over facts from passing as one over a document.
fn signed_bytes(facts: &str) -> Vec<u8> {
    [COMPACT_PREFIX.as_bytes(), facts.as_bytes()].concat()
}

/// `ORIGIN/v/IDENTIFIER#DIGEST`: the URL in the code on a document. The digest is in the fragment, so that it
/// never reaches a server's log, and a person can compare it with the paper.
pub fn verification_url(origin: &str, identifier: &str, digest: &Digest) -> String {
    let mut url = format!("{}/v/", origin.trim_end_matches('/'));
    for byte in identifier.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push('%');
            url.push_str(&to_hex(&[byte]).to_ascii_uppercase());
        }
    }
    url.push('#');
    url.push_str(&digest.short());
    url
}

/// Identifier and short digest of a verification URL, or `None` if it is not one.
pub fn parse_verification_url(url: &str) -> Option<(String, String)> {
    let (address, digest) = url.split_once('#')?;
    let (_, segment) = address.rsplit_once("/v/")?;
    if segment.is_empty() || segment.contains(['/', '?']) || from_base64url(digest).ok()?.len() != 16 {
        return None;
    }
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let (pair, after) = after.split_first_chunk::<2>()?;
            bytes.extend(from_hex(&str::from_utf8(pair).ok()?.to_ascii_lowercase()).ok()?);
            rest = after;
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    Some((String::from_utf8(bytes).ok()?, digest.to_owned()))
}
