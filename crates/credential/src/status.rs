//! Status lists: signed files of withdrawn documents, which can be carried to where there is no network.
//!
//! A document is identified by the digest of its whole file: a holder of the file can look it up, and the
//! list does not reveal which documents exist.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Algorithm, Digest, KeyId, PublicKey, Signature, Signer, SigningFault, TrustStore,
    canonical::{Limits, parse, to_canonical},
};

/// The `format` member of a status list.
pub const STATUS_FORMAT: &str = "yichuang.status/1";

/// The issuer code of the key that signs status lists. No issuer of documents has it, so neither passes for
/// the other.
pub const STATUS_ISSUER: &str = "yichuang/status";

/// How far a verifier's clock may lag behind the issuer's.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// The largest list in bytes that is read; enough for a whole country.
const MAX_BYTES: usize = 64 << 20;

/// The change of a document since it was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// A stable code: `taken-back`, `altered`, `annulled`, `revoked`, `cancelled`, `replaced`.
    pub change: String,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusList {
    pub issued_at: Timestamp,
    /// From this instant on the list is too old to be relied on.
    pub next_at: Timestamp,
    /// Withdrawals by the digest of the document's file.
    pub withdrawn: BTreeMap<String, Withdrawal>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    algorithm: Algorithm,
    key_id: KeyId,
    public_key: PublicKey,
    value: Signature,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(rename = "format")]
    _format: String,
    signature: Block,
    status: StatusList,
}

/// Why a status list cannot be relied on; then it is unknown whether a document was withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatusFault {
    #[error("this is not a whole status list as it was served")]
    Malformed,
    #[error("the key that signed the status list is not in the key ring as one for status lists")]
    UnknownKey,
    #[error("the status list was changed after it was signed")]
    Altered,
    #[error("the status list is dated in the future; check this machine's clock")]
    Future,
    #[error("the status list is too old; fetch a new one")]
    TooOld,
}

impl StatusFault {
    pub fn zh(self) -> &'static str {
        match self {
            Self::Malformed => "这不是一份完整的、原样下载的状态名单。",
            Self::UnknownKey => "签署状态名单的密钥不在公钥名录中，或不是用于签署名单的密钥。",
            Self::Altered => "状态名单在签署后被改动过。",
            Self::Future => "状态名单的日期晚于当前时间，请检查本机时钟。",
            Self::TooOld => "状态名单已经过时，请重新下载。",
        }
    }
}

impl StatusList {
    /// The signed file: one JSON object in canonical form.
    ///
    /// # Errors
    /// As [`Signer::sign`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<Vec<u8>, SigningFault> {
        let mut block = Block {
            algorithm: signer.algorithm(),
            key_id: signer.key_id(),
            public_key: signer.public_key().clone(),
            value: Signature::from_raw([0; 64]),
        };
        block.value = signer.sign(&signed_bytes(self, &block))?;
        Ok(canonical(&file_value(self, &block)))
    }

    /// Parses a list and verifies its form, key, signature, and period at `now`.
    ///
    /// # Errors
    /// A [`StatusFault`] for the first of these that does not hold.
    pub fn read(bytes: &[u8], trust: &TrustStore, now: Timestamp) -> Result<Self, StatusFault> {
        let limits = Limits { max_bytes: MAX_BYTES, ..Limits::default() };
        let value = parse(bytes, limits).map_err(|_| StatusFault::Malformed)?;
        if value.get("format").and_then(Value::as_str) != Some(STATUS_FORMAT) {
            return Err(StatusFault::Malformed);
        }
        let Wire { signature, status, .. } =
            serde_json::from_value(value).map_err(|_| StatusFault::Malformed)?;
        let owner = trust.owner(&signature.key_id, &[]).map_err(|_| StatusFault::UnknownKey)?;
        if owner.issuer_code != STATUS_ISSUER
            || owner.public_key != signature.public_key
            || owner.algorithm != signature.algorithm
            || !owner.covers(status.issued_at)
        {
            return Err(StatusFault::UnknownKey);
        }
        if canonical(&file_value(&status, &signature)) != bytes
            || !owner.public_key.verifies(&signed_bytes(&status, &signature), &signature.value)
        {
            return Err(StatusFault::Altered);
        }
        if status.issued_at.duration_since(now) > CLOCK_TOLERANCE {
            return Err(StatusFault::Future);
        }
        if now >= status.next_at {
            return Err(StatusFault::TooOld);
        }
        Ok(status)
    }

    /// The withdrawal of the document whose file this is.
    pub fn of(&self, file: &[u8]) -> Option<&Withdrawal> {
        self.withdrawn.get(&Digest::sm3(file).to_string())
    }
}

fn file_value(status: &StatusList, block: &Block) -> Value {
    json!({ "format": STATUS_FORMAT, "signature": block, "status": status })
}

fn signed_bytes(status: &StatusList, block: &Block) -> Vec<u8> {
    let mut value = file_value(status, block);
    value["signature"].as_object_mut().expect("a signature block serialises as an object").remove("value");
    canonical(&value)
}

fn canonical(value: &Value) -> Vec<u8> {
    to_canonical(value).expect("a status list holds no numbers").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bilingual, IssuerKey, Sm2Signer};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn list() -> StatusList {
        let withdrawal = Withdrawal { change: "annulled".into(), at: at("2026-11-20T08:00:00Z") };
        StatusList {
            issued_at: at("2026-11-30T00:00:00Z"),
            next_at: at("2026-12-01T00:00:00Z"),
            withdrawn: BTreeMap::from([(Digest::sm3(b"a file").to_string(), withdrawal)]),
        }
    }

    fn ring(signer: &Sm2Signer, code: &str) -> TrustStore {
        let mut ring = TrustStore::new();
        let name = Bilingual::new("名单", "List");
        ring.trust(IssuerKey::new(signer.public_key(), code, name, Timestamp::UNIX_EPOCH))
            .expect("its own id");
        ring
    }

    #[test]
    fn a_list_finds_the_file_that_was_withdrawn_and_no_other() {
        let signer = Sm2Signer::generate(&[7; 32]);
        let bytes = list().sign(&signer).expect("it signs");
        let read = StatusList::read(&bytes, &ring(&signer, STATUS_ISSUER), at("2026-11-30T12:00:00Z"));
        let read = read.expect("it is good");
        assert_eq!(read.of(b"a file").expect("it is listed").change, "annulled");
        assert_eq!(read.of(b"another file"), None);
    }

    #[test]
    fn a_list_that_is_old_early_changed_or_by_a_key_for_documents_is_refused() {
        let signer = Sm2Signer::generate(&[7; 32]);
        let bytes = list().sign(&signer).expect("it signs");
        let good = ring(&signer, STATUS_ISSUER);
        let read =
            |bytes: &[u8], ring: &TrustStore, now: &str| StatusList::read(bytes, ring, at(now)).unwrap_err();
        assert_eq!(read(&bytes, &good, "2026-12-01T00:00:00Z"), StatusFault::TooOld);
        assert_eq!(read(&bytes, &good, "2026-11-29T00:00:00Z"), StatusFault::Future);
        let now = "2026-11-30T12:00:00Z";
        assert_eq!(read(&bytes, &ring(&signer, "ORGAN-1"), now), StatusFault::UnknownKey);
        let other = ring(&Sm2Signer::generate(&[8; 32]), STATUS_ISSUER);
        assert_eq!(read(&bytes, &other, now), StatusFault::UnknownKey);
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert!(StatusList::read(&changed, &good, at(now)).is_err(), "byte {place}");
        }
    }
}
