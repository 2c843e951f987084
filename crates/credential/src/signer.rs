use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sm2::dsa::{VerifyingKey, signature::Verifier as _};

use crate::{DEFAULT_USER_ID, Digest, EncodingFault, from_base64url, from_hex, to_base64url, to_hex};

/// How a signature is made. Closed on purpose: a verifier must know every one by heart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// GB/T 32918.2 signatures over GB/T 32905 digests on the recommended curve, with the default user id.
    #[serde(rename = "SM2-SM3")]
    Sm2Sm3,
}

/// Bytes or text that are not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    #[error(transparent)]
    Encoding(#[from] EncodingFault),
    #[error("a key identifier is 32 hexadecimal digits")]
    KeyId,
    #[error("not an uncompressed point on the SM2 curve")]
    NotAPoint,
    #[error("a secret key is a number from 1 to n-2")]
    OutOfRange,
    #[error("no readable PEM block of this kind")]
    Pem,
}

/// The signer would not sign; with keys in this process that never happens, with a device it may.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signer refused: {0}")]
pub struct SigningFault(pub String);

/// The first 16 bytes of the SM3 digest of the uncompressed public point, as 32 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct KeyId(String);

impl KeyId {
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        if from_hex(text)?.len() != 16 {
            return Err(KeyFault::KeyId);
        }
        Ok(KeyId(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({})", self.0)
    }
}

impl<'de> Deserialize<'de> for KeyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        KeyId::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// A public key: a point on the SM2 curve. Written as base64url of its 65 uncompressed bytes.
#[derive(Clone)]
pub struct PublicKey {
    verifying: VerifyingKey,
    point: [u8; 65],
}

impl PublicKey {
    /// From the 65 bytes `04 ‖ x ‖ y`. Compressed points are refused, so that a key has one form.
    pub fn from_point(bytes: &[u8]) -> Result<Self, KeyFault> {
        let point: [u8; 65] = bytes.try_into().map_err(|_| KeyFault::NotAPoint)?;
        let verifying =
            VerifyingKey::from_sec1_bytes(DEFAULT_USER_ID, &point).map_err(|_| KeyFault::NotAPoint)?;
        if *verifying.to_sec1_bytes() != point {
            return Err(KeyFault::NotAPoint);
        }
        Ok(PublicKey { verifying, point })
    }

    pub fn point(&self) -> &[u8; 65] {
        &self.point
    }

    pub fn algorithm(&self) -> Algorithm {
        Algorithm::Sm2Sm3
    }

    pub fn key_id(&self) -> KeyId {
        KeyId(to_hex(&Digest::sm3(&self.point).as_bytes()[..16]))
    }

    /// Whether `signature` over `bytes` was made with the secret half, under the default user id.
    #[must_use]
    pub fn verifies(&self, bytes: &[u8], signature: &Signature) -> bool {
        sm2::dsa::Signature::from_slice(&signature.0)
            .is_ok_and(|signature| self.verifying.verify(bytes, &signature).is_ok())
    }

    pub(crate) fn as_sm2(&self) -> sm2::PublicKey {
        sm2::PublicKey::from(&self.verifying)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.point == other.point
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.key_id())
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_base64url(&self.point))
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = from_base64url(&String::deserialize(deserializer)?).map_err(D::Error::custom)?;
        PublicKey::from_point(&bytes).map_err(D::Error::custom)
    }
}

/// A raw signature `r ‖ s`, 32 bytes each. Written as 86 characters of base64url.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl Signature {
    pub fn from_raw(bytes: [u8; 64]) -> Self {
        Signature(bytes)
    }

    pub fn as_raw(&self) -> &[u8; 64] {
        &self.0
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({})", to_hex(&self.0))
    }
}

impl Serialize for Signature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_base64url(&self.0))
    }
}

impl<'de> Deserialize<'de> for Signature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = from_base64url(&String::deserialize(deserializer)?).map_err(D::Error::custom)?;
        bytes.try_into().map(Signature).map_err(|_| D::Error::custom("a signature has 64 bytes"))
    }
}

/// Whatever holds a secret key: this process ([`crate::Sm2Signer`]), or a certified device behind the same trait.
pub trait Signer: fmt::Debug + Send + Sync {
    fn algorithm(&self) -> Algorithm;
    fn public_key(&self) -> &PublicKey;
    /// Signs `bytes` as they are; hashing belongs to the algorithm.
    fn sign(&self, bytes: &[u8]) -> Result<Signature, SigningFault>;

    fn key_id(&self) -> KeyId {
        self.public_key().key_id()
    }
}
