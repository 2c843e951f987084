//! SM2 signer with the secret key in memory (GB/T 32918, deterministic by RFC 6979).

use std::fmt;

use sm2::{
    SecretKey,
    dsa::{SigningKey, signature::Signer as _},
};
use sm3::{Digest as _, Sm3};

use crate::{Algorithm, KeyFault, PublicKey, Signature, Signer, SigningFault};

/// The user id that GB/T 32918 and GB/T 35276 prescribe where the parties agreed on no other.
pub const DEFAULT_USER_ID: &str = "1234567812345678";

/// The group order minus one, which SM2 forbids as a secret key because `1 + d` would have no inverse.
const ORDER_MINUS_ONE: [u8; 32] = [
    0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x72,
    0x03, 0xdf, 0x6b, 0x21, 0xc6, 0x05, 0x2b, 0x53, 0xbb, 0xf4, 0x09, 0x39, 0xd5, 0x41, 0x22,
];

/// A secret key in memory. Signing is deterministic: the nonce follows RFC 6979 with SM3, so that a weak
/// source of entropy cannot leak the key.
pub struct Sm2Signer {
    secret: SecretKey,
    signing: SigningKey,
    public: PublicKey,
}

impl Sm2Signer {
    /// The key with the secret number given as 32 big-endian bytes.
    ///
    /// # Errors
    /// [`KeyFault::OutOfRange`] when the number is not in `1..=n-2`.
    pub fn from_secret(secret: &[u8; 32]) -> Result<Self, KeyFault> {
        Self::from_sm2(SecretKey::from_slice(secret).map_err(|_| KeyFault::OutOfRange)?)
    }

    /// A new key derived from 32 bytes of entropy, which the caller draws and discards. The same bytes give
    /// the same key.
    pub fn generate(entropy: &[u8; 32]) -> Self {
        for attempt in 0u32.. {
            let mut hasher = Sm3::new();
            hasher.update(b"yichuang.sm2.key/1");
            hasher.update(attempt.to_be_bytes());
            hasher.update(entropy);
            if let Ok(signer) = Self::from_secret(&hasher.finalize().into()) {
                return signer;
            }
        }
        unreachable!("each attempt fails with a chance of one in 2^32, so 2^32 of them do not")
    }

    pub(crate) fn from_sm2(secret: SecretKey) -> Result<Self, KeyFault> {
        if secret.to_bytes()[..] == ORDER_MINUS_ONE {
            return Err(KeyFault::OutOfRange);
        }
        let signing = SigningKey::new(DEFAULT_USER_ID, &secret).map_err(|_| KeyFault::OutOfRange)?;
        let public = PublicKey::from_point(&signing.verifying_key().to_sec1_bytes())?;
        Ok(Sm2Signer { secret, signing, public })
    }

    pub(crate) fn as_sm2(&self) -> &SecretKey {
        &self.secret
    }
}

fn refused(fault: sm2::dsa::signature::Error) -> SigningFault {
    SigningFault(fault.to_string())
}

impl Signer for Sm2Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Sm2Sm3
    }

    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, bytes: &[u8]) -> Result<Signature, SigningFault> {
        let signature = self.signing.try_sign(bytes).map_err(refused)?;
        Ok(Signature::from_raw(signature.to_bytes().into()))
    }
}

impl fmt::Debug for Sm2Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sm2Signer").field("public", &self.public).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_range_are_where_the_standard_puts_them() {
        let mut one = [0; 32];
        one[31] = 1;
        let mut order_minus_two = ORDER_MINUS_ONE;
        order_minus_two[31] -= 1;
        let mut order = ORDER_MINUS_ONE;
        order[31] += 1;
        for good in [one, order_minus_two] {
            let signer = Sm2Signer::from_secret(&good).unwrap();
            assert!(signer.public_key().verifies(b"x", &signer.sign(b"x").unwrap()));
        }
        for bad in [[0; 32], ORDER_MINUS_ONE, order, [0xff; 32]] {
            assert_eq!(Sm2Signer::from_secret(&bad).err(), Some(KeyFault::OutOfRange));
        }
    }

    #[test]
    fn the_same_entropy_gives_the_same_key_and_the_same_signature() {
        let (first, second) = (Sm2Signer::generate(&[1; 32]), Sm2Signer::generate(&[1; 32]));
        assert_eq!(first.sign(b"x"), second.sign(b"x"));
        assert_ne!(first.sign(b"x"), first.sign(b"y"));
        assert_ne!(first.key_id(), Sm2Signer::generate(&[2; 32]).key_id());
    }

    #[test]
    fn the_secret_does_not_show_in_debug_output() {
        let signer = Sm2Signer::generate(&[1; 32]);
        let secret = crate::to_hex(&signer.as_sm2().to_bytes());
        assert!(!format!("{signer:?}").to_lowercase().contains(&secret[..8]));
    }

    #[test]
    fn both_pem_forms_give_the_key_back() {
        let signer = Sm2Signer::generate(&[3; 32]);
        let relabelled = signer.to_sec1_pem().replace("EC PRIVATE", "SM2 PRIVATE");
        for pem in [signer.to_pkcs8_pem(), signer.to_sec1_pem(), relabelled] {
            assert_eq!(Sm2Signer::from_pem(&pem).unwrap().key_id(), signer.key_id());
            assert_eq!(Sm2Signer::from_pem(&pem.replace('\n', "\r\n")).unwrap().key_id(), signer.key_id());
            assert_eq!(Sm2Signer::from_pem(&pem[..pem.len() / 2]).err(), Some(KeyFault::Pem));
        }
        let public = signer.public_key().to_pem();
        assert_eq!(PublicKey::from_pem(&public).as_ref(), Ok(signer.public_key()));
        assert_eq!(Sm2Signer::from_pem(&public).err(), Some(KeyFault::Pem));
        let both = public + &signer.to_pkcs8_pem();
        assert_eq!(Sm2Signer::from_pem(&both).unwrap().key_id(), signer.key_id());
    }
}
