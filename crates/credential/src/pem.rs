//! Keys as OpenSSL 3 reads and writes them. Secret keys never pass through any other form.

use sm2::{
    SecretKey,
    pkcs8::{
        DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding,
    },
};

use crate::{KeyFault, PublicKey, Sm2Signer};

impl PublicKey {
    /// Reads `BEGIN PUBLIC KEY` (SubjectPublicKeyInfo).
    pub fn from_pem(pem: &str) -> Result<Self, KeyFault> {
        let key = sm2::PublicKey::from_public_key_pem(pem.trim()).map_err(|_| KeyFault::Pem)?;
        PublicKey::from_point(&key.to_sec1_bytes())
    }

    pub fn to_pem(&self) -> String {
        self.as_sm2().to_public_key_pem(LineEnding::LF).expect("a point on the curve always encodes")
    }
}

impl Sm2Signer {
    /// Reads `BEGIN PRIVATE KEY` (PKCS#8) or `BEGIN EC PRIVATE KEY` (SEC1), the latter with or without the
    /// `EC PARAMETERS` that `openssl ecparam -genkey` writes before it. Encrypted keys are not read.
    pub fn from_pem(pem: &str) -> Result<Self, KeyFault> {
        let secret = if let Some(start) = pem.find("-----BEGIN EC PRIVATE KEY-----") {
            SecretKey::from_sec1_pem(pem[start..].trim()).map_err(|_| KeyFault::Pem)?
        } else {
            SecretKey::from_pkcs8_pem(pem.trim()).map_err(|_| KeyFault::Pem)?
        };
        Self::from_sm2(secret)
    }

    /// Writes PKCS#8. The text is the secret: it belongs in a file that only the issuer reads.
    pub fn to_pkcs8_pem(&self) -> String {
        self.as_sm2().to_pkcs8_pem(LineEnding::LF).expect("a secret in range always encodes").to_string()
    }

    pub fn to_sec1_pem(&self) -> String {
        self.as_sm2().to_sec1_pem(LineEnding::LF).expect("a secret in range always encodes").to_string()
    }
}
