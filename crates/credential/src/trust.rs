//! The key ring: issuer keys with periods, endorsements between keys, revocations.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::{Offset, offset};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Algorithm, Bilingual, KeyId, PublicKey, Reason, Signature, Signer, SigningFault,
    canonical::{JsonFault, Limits, parse, to_canonical},
};

/// The `format` member of a key ring file.
pub const KEYS_FORMAT: &str = "yichuang.keys/1";

/// The most endorsements from a key in the ring to a signing key, such as zone, department and one of its
/// offices.
const MAX_CHAIN: usize = 3;

/// A public key with its owner and its period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerKey {
    pub key_id: KeyId,
    pub algorithm: Algorithm,
    pub public_key: PublicKey,
    pub issuer_code: String,
    pub issuer_name: Bilingual,
    /// Documents count if issued in `not_before..not_after`; they remain valid after the key has retired.
    pub not_before: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Timestamp>,
    /// Whether this key may endorse others.
    #[serde(default)]
    pub may_endorse: bool,
    /// By which the issuer counts its days, in minutes from UTC. China's, unless said.
    #[serde(default = "china", skip_serializing_if = "is_china")]
    pub utc_offset_minutes: i32,
}

/// UTC+8.
const CHINA: i32 = 8 * 60;

const fn china() -> i32 {
    CHINA
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_china(minutes: &i32) -> bool {
    *minutes == CHINA
}

impl IssuerKey {
    pub fn new(key: &PublicKey, code: impl Into<String>, name: Bilingual, not_before: Timestamp) -> Self {
        IssuerKey {
            key_id: key.key_id(),
            algorithm: key.algorithm(),
            public_key: key.clone(),
            issuer_code: code.into(),
            issuer_name: name,
            not_before,
            not_after: None,
            may_endorse: false,
            utc_offset_minutes: CHINA,
        }
    }

    /// The offset by which the issuer counts its days; China's where the key file names none that there is.
    pub(crate) fn offset(&self) -> Offset {
        let seconds = self.utc_offset_minutes.checked_mul(60);
        seconds.and_then(|seconds| Offset::from_seconds(seconds).ok()).unwrap_or(offset(8))
    }

    pub fn covers(&self, at: Timestamp) -> bool {
        self.not_before <= at && self.not_after.is_none_or(|end| at < end)
    }

    fn names_itself(&self) -> bool {
        self.key_id == self.public_key.key_id() && self.algorithm == self.public_key.algorithm()
    }
}

/// A stolen or misused key. Its holder can backdate documents, so nothing that it ever signed counts; a key
/// that merely retires gets `not_after` instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokedKey {
    pub key_id: KeyId,
    pub revoked_at: Timestamp,
    pub reason: Bilingual,
}

/// A signed statement by which one key vouches for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endorsement {
    pub key: IssuerKey,
    pub by: KeyId,
    pub value: Signature,
}

impl Endorsement {
    /// # Errors
    /// As [`Signer::sign`].
    pub fn sign(key: IssuerKey, endorser: &dyn Signer) -> Result<Self, SigningFault> {
        let by = endorser.key_id();
        let bytes = Self::signed_bytes(&key, &by);
        let value = endorser.sign(&bytes)?;
        Ok(Endorsement { key, by, value })
    }

    fn signed_bytes(key: &IssuerKey, by: &KeyId) -> Vec<u8> {
        let value = json!({ "by": by, "format": "yichuang.endorsement/1", "key": key });
        to_canonical(&value).expect("an endorsement holds no numbers").into_bytes()
    }

    fn holds(&self, endorser: &IssuerKey) -> bool {
        endorser.may_endorse
            && endorser.covers(self.key.not_before)
            && self.key.names_itself()
            && endorser.public_key.verifies(&Self::signed_bytes(&self.key, &self.by), &self.value)
    }
}

/// Why a key ring file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustFault {
    #[error(transparent)]
    Json(#[from] JsonFault),
    #[error("not a key ring: {0}")]
    Shape(String),
    #[error("key {0} is listed under an identifier that is not its own")]
    WrongKeyId(KeyId),
    #[error("key {0} is listed twice")]
    Twice(KeyId),
}

/// The issuers' public keys that a verifier trusts. It holds no secrets and may be published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustStore {
    keys: BTreeMap<KeyId, IssuerKey>,
    revoked: BTreeMap<KeyId, RevokedKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: String,
    keys: Vec<IssuerKey>,
    #[serde(default)]
    revoked: Vec<RevokedKey>,
}

impl TrustStore {
    pub fn new() -> Self {
        Self::default()
    }

    /// Parses a key ring file: `{"format":"yichuang.keys/1","keys":[…],"revoked":[…]}`, in any layout.
    ///
    /// # Errors
    /// A [`TrustFault`] when it is not JSON, not a key ring, or lists a key twice or under an id that is not
    /// its own.
    pub fn from_json(bytes: &[u8]) -> Result<Self, TrustFault> {
        let wire: Wire =
            serde_json::from_value(parse(bytes, Limits { max_bytes: 16 << 20, ..Limits::default() })?)
                .map_err(|fault| TrustFault::Shape(fault.to_string()))?;
        if wire.format != KEYS_FORMAT {
            return Err(TrustFault::Shape(format!("`format` is not {KEYS_FORMAT}")));
        }
        let mut store = TrustStore::new();
        for key in wire.keys {
            store.trust(key)?;
        }
        for key in wire.revoked {
            store.revoke(key);
        }
        Ok(store)
    }

    /// The key ring file, indented for people.
    pub fn to_json(&self) -> String {
        let wire = Wire {
            format: KEYS_FORMAT.to_owned(),
            keys: self.keys.values().cloned().collect(),
            revoked: self.revoked.values().cloned().collect(),
        };
        let mut text = serde_json::to_string_pretty(&wire).expect("key rings hold only strings and lists");
        text.push('\n');
        text
    }

    /// Adds a key.
    ///
    /// # Errors
    /// [`TrustFault::WrongKeyId`] when its id is not that of its public key, [`TrustFault::Twice`] when the
    /// ring has it.
    pub fn trust(&mut self, key: IssuerKey) -> Result<(), TrustFault> {
        if !key.names_itself() {
            return Err(TrustFault::WrongKeyId(key.key_id));
        }
        if self.keys.contains_key(&key.key_id) {
            return Err(TrustFault::Twice(key.key_id));
        }
        self.keys.insert(key.key_id.clone(), key);
        Ok(())
    }

    /// Ends the key's period at this instant; what it signed before remains valid. A key that has retired
    /// already is unchanged.
    pub fn retire(&mut self, id: &KeyId, at: Timestamp) {
        if let Some(key) = self.keys.get_mut(id) {
            key.not_after.get_or_insert(at);
        }
    }

    /// Revokes a key, whether or not it is in the ring; the first revocation stays.
    pub fn revoke(&mut self, key: RevokedKey) {
        self.revoked.entry(key.key_id.clone()).or_insert(key);
    }

    pub fn key(&self, id: &KeyId) -> Option<&IssuerKey> {
        self.keys.get(id)
    }

    pub fn revocation(&self, id: &KeyId) -> Option<&RevokedKey> {
        self.revoked.get(id)
    }

    pub fn keys(&self) -> impl Iterator<Item = &IssuerKey> {
        self.keys.values()
    }

    pub fn revocations(&self) -> impl Iterator<Item = &RevokedKey> {
        self.revoked.values()
    }

    /// The trusted owner of a signing key: from the ring, or through endorsements that end at a key in the
    /// ring.
    pub(crate) fn owner<'a>(&'a self, id: &KeyId, chain: &'a [Endorsement]) -> Result<&'a IssuerKey, Reason> {
        if self.revoked.contains_key(id) {
            return Err(Reason::KeyRevoked);
        }
        if let Some(key) = self.keys.get(id) {
            return Ok(key);
        }
        if chain.len() > MAX_CHAIN {
            return Err(Reason::UnknownKey);
        }
        let Some((link, above)) = chain.split_first() else { return Err(Reason::UnknownKey) };
        // Otherwise a revoked key could endorse under an id that is not revoked.
        if link.key.key_id != *id {
            return Err(Reason::UnknownKey);
        }
        let endorser = self.owner(&link.by, above)?;
        if link.holds(endorser) { Ok(&link.key) } else { Err(Reason::UnknownKey) }
    }
}
