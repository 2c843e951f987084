use std::fmt;

use sm2::{
    SecretKey,
    dsa::{SigningKey, signature::Signer as _},
};
use sm3::{Digest as _, Sm3};

use crate::{Algorithm, KeyFault, PublicKey, Signature, Signer, SigningFault};

/// The user id that GB/T 32918 and GB/T 35276 prescribe where parties agreed on no other.
pub const DEFAULT_USER_ID: &str = "1234567812345678";

/// The group order minus one, which SM2 forbids as a secret key because `1 + d` would have no inverse.
const ORDER_MINUS_ONE: [u8; 32] = [
    0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x72,
    0x03, 0xdf, 0x6b, 0x21, 0xc6, 0x05, 0x2b, 0x53, 0xbb, 0xf4, 0x09, 0x39, 0xd5, 0x41, 0x22,
];

/// A secret key in memory. Signs deterministically: the ephemeral number follows RFC 6979 with SM3, so that no weak
/// source of entropy can ever betray the key.
pub struct Sm2Signer {
    secret: SecretKey,
    signing: SigningKey,
    public: PublicKey,
}

impl Sm2Signer {
    /// From the 32 big-endian bytes of the secret number, which must lie in `1..=n-2`.
    pub fn from_secret(secret: &[u8; 32]) -> Result<Self, KeyFault> {
        Self::from_sm2(SecretKey::from_slice(secret).map_err(|_| KeyFault::OutOfRange)?)
    }

    /// A new key from 32 bytes of good entropy, which the caller draws and forgets. The same bytes give the same key.
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
