//! Signature algorithms, keys, key ids and the `Signer` trait.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sm2::dsa::{VerifyingKey, signature::Verifier as _};

use crate::{DEFAULT_USER_ID, Digest, EncodingFault, from_base64url, from_hex, to_base64url, to_hex};

/// Signature algorithms. The list is closed on purpose: a verifier must implement every one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// GB/T 32918.2 signatures over GB/T 32905 digests on the recommended curve, with the default user id.
    #[serde(rename = "SM2-SM3")]
    Sm2Sm3,
}

/// Why bytes or text are not a key.
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

/// The signer failed; a key in memory never does, a device may.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signer refused: {0}")]
pub struct SigningFault(pub String);

/// The first 16 bytes of the SM3 digest of the uncompressed public point, as 32 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct KeyId(String);

impl KeyId {
    /// # Errors
    /// A [`KeyFault`] when the text is not 32 lower-case hexadecimal digits.
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

/// A public key: a point on the SM2 curve; written as base64url of its 65 uncompressed bytes.
#[derive(Clone)]
pub struct PublicKey {
    verifying: VerifyingKey,
    point: [u8; 65],
}

impl PublicKey {
    /// The key with the point `04 ‖ x ‖ y`. Compressed points are refused, so that a key has one form.
    ///
    /// # Errors
    /// [`KeyFault::NotAPoint`] when the bytes are not 65, or not an uncompressed point on the curve.
    pub fn from_point(bytes: &[u8]) -> Result<Self, KeyFault> {
        let point: [u8; 65] = bytes.try_into().map_err(|_| KeyFault::NotAPoint)?;
        let verifying =
            VerifyingKey::from_sec1_bytes(DEFAULT_USER_ID, &point).map_err(|_| KeyFault::NotAPoint)?;
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

    /// Whether `signature` over `bytes` was made with the matching secret key, under the default user id.
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

/// A raw signature `r ‖ s`, 32 bytes each; written as 86 characters of base64url.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl Signature {
    pub fn from_raw(bytes: [u8; 64]) -> Self {
        Signature(bytes)
    }

    pub fn as_raw(&self) -> &[u8; 64] {
        &self.0
    }

    /// Parses the ASN.1 form `SEQUENCE { INTEGER r, INTEGER s }` that OpenSSL writes; only DER is accepted.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        Some(Signature(sm2::dsa::Signature::from_der(der).ok()?.to_bytes().into()))
    }

    /// The ASN.1 form; `None` if `r` or `s` is out of range for a signature.
    pub fn to_der(&self) -> Option<Vec<u8>> {
        Some(sm2::dsa::Signature::from_slice(&self.0).ok()?.to_der().as_bytes().to_vec())
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

/// The holder of a secret key: this process ([`crate::Sm2Signer`]), or a certified device.
pub trait Signer: fmt::Debug + Send + Sync {
    fn algorithm(&self) -> Algorithm;
    fn public_key(&self) -> &PublicKey;
    /// Signs `bytes`; hashing them is part of the algorithm.
    ///
    /// # Errors
    /// A [`SigningFault`] when a device cannot sign; a key in memory never fails.
    fn sign(&self, bytes: &[u8]) -> Result<Signature, SigningFault>;

    fn key_id(&self) -> KeyId {
        self.public_key().key_id()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        from_hex(&text.to_ascii_lowercase().replace(' ', "")).unwrap()
    }

    /// GB/T 32918.5 annex A: the signature example on the recommended curve.
    #[test]
    fn the_example_of_the_standard_verifies_and_no_neighbour_of_it_does() {
        let secret = hex("3945208F 7B2144B1 3F36E38A C6D39F95 88939369 2860B51A 42FB81EF 4DF7C5B8");
        let x = hex("09F9DF31 1E5421A1 50DD7D16 1E4BC5C6 72179FAD 1833FC07 6BB08FF3 56F35020");
        let y = hex("CCEA490C E26775A5 2DC6EA71 8CC1AA60 0AED05FB F35E084A 6632F607 2DA9AD13");
        let r = hex("F5A03B06 48D2C463 0EEAC513 E1BB81A1 5944DA38 27D5B741 43AC7EAC EEE720B3");
        let s = hex("B1B6AA29 DF212FD8 763182BC 0D421CA1 BB9038FD 1F7F42D4 840B69C4 85BBC1AA");
        let key = PublicKey::from_point(&[vec![4], x, y].concat()).unwrap();
        let signer = crate::Sm2Signer::from_secret(&secret.try_into().unwrap()).unwrap();
        assert_eq!(signer.public_key(), &key);
        let raw: [u8; 64] = [r, s].concat().try_into().unwrap();
        let signature = Signature::from_raw(raw);
        assert!(key.verifies(b"message digest", &signature));
        assert!(!key.verifies(b"message digesT", &signature));
        assert_eq!(Signature::from_der(&signature.to_der().unwrap()), Some(signature));
        for at in [0, 31, 32, 63] {
            let mut other = raw;
            other[at] ^= 1;
            assert!(!key.verifies(b"message digest", &Signature::from_raw(other)));
        }
    }

    #[test]
    fn numbers_that_no_signature_holds_are_refused() {
        let order = hex("FFFFFFFE FFFFFFFF FFFFFFFF FFFFFFFF 7203DF6B 21C6052B 53BBF409 39D54123");
        let key = crate::Sm2Signer::generate(&[7; 32]).public_key().clone();
        let (zero, one) = (vec![0; 32], [vec![0; 31], vec![1]].concat());
        for (r, s) in [(&zero, &one), (&one, &zero), (&order, &one), (&one, &order), (&zero, &zero)] {
            let raw: [u8; 64] = [r.clone(), s.clone()].concat().try_into().unwrap();
            assert!(!key.verifies(b"", &Signature::from_raw(raw)));
            assert_eq!(Signature::from_raw(raw).to_der(), None);
        }
        // The smallest pair with the form of a signature: it is encoded, but verifies for nobody.
        let raw: [u8; 64] = [one.clone(), one].concat().try_into().unwrap();
        assert_eq!(Signature::from_raw(raw).to_der(), Some(vec![0x30, 6, 2, 1, 1, 2, 1, 1]));
        assert!(!key.verifies(b"", &Signature::from_raw(raw)));
    }

    #[test]
    fn a_signature_has_one_der_form() {
        assert!(Signature::from_der(&[0x30, 6, 2, 1, 1, 2, 1, 1]).is_some());
        let others: [&[u8]; 7] = [
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 1],
            &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 1],
            &[0x30, 6, 2, 1, 1, 2, 1, 1, 0],
            &[0x30, 7, 2, 1, 1, 2, 1, 1, 0],
            &[0x30, 6, 2, 1, 0xff, 2, 1, 1],
            &[0x30, 6, 2, 1, 0, 2, 1, 1],
            &[],
        ];
        for der in others {
            assert_eq!(Signature::from_der(der), None, "{der:x?}");
        }
    }

    #[test]
    fn a_key_identifier_has_thirty_two_digits() {
        assert!(KeyId::parse(&"0".repeat(32)).is_ok());
        for (text, fault) in [("0".repeat(30), KeyFault::KeyId), ("0".repeat(64), KeyFault::KeyId)] {
            assert_eq!(KeyId::parse(&text), Err(fault));
        }
        assert_eq!(KeyId::parse(&"A".repeat(32)), Err(KeyFault::Encoding(EncodingFault::Alphabet)));
    }

    #[test]
    fn only_uncompressed_points_of_the_curve_are_keys() {
        let key = crate::Sm2Signer::generate(&[7; 32]).public_key().clone();
        let mut off_curve = *key.point();
        off_curve[64] ^= 1;
        let mut compressed = [2; 33];
        compressed[0] = 2 + (key.point()[64] & 1);
        compressed[1..].copy_from_slice(&key.point()[1..33]);
        let mut hybrid = *key.point();
        hybrid[0] = 6 + (key.point()[64] & 1);
        for bytes in [&off_curve[..], &compressed, &hybrid, &[0], &[], &[4; 65]] {
            assert_eq!(PublicKey::from_point(bytes), Err(KeyFault::NotAPoint));
        }
        assert_eq!(PublicKey::from_point(key.point()).as_ref(), Ok(&key));
    }
}
