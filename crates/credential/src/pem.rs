//! Keys in the PEM forms of OpenSSL 3, the only external form of secret keys.

use sm2::{
    SecretKey,
    pkcs8::{
        DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding,
    },
};

use crate::{KeyFault, PublicKey, Sm2Signer};

impl PublicKey {
    /// Parses `BEGIN PUBLIC KEY` (SubjectPublicKeyInfo).
    ///
    /// # Errors
    /// [`KeyFault::Pem`] when there is no readable block, [`KeyFault::NotAPoint`] for another curve.
    pub fn from_pem(pem: &str) -> Result<Self, KeyFault> {
        let key = sm2::PublicKey::from_public_key_pem(pem.trim()).map_err(|_| KeyFault::Pem)?;
        PublicKey::from_point(&key.to_sec1_bytes())
    }

    pub fn to_pem(&self) -> String {
        self.as_sm2().to_public_key_pem(LineEnding::LF).expect("a point on the curve always encodes")
    }
}

impl Sm2Signer {
    /// Parses the first secret key of a PEM file: `PRIVATE KEY` (PKCS#8), or `EC PRIVATE KEY` and
    /// `SM2 PRIVATE KEY` (SEC1, as `openssl ec` labels it for this curve). The `PARAMETERS` block that
    /// `openssl ecparam -genkey` writes before it is skipped.
    ///
    /// # Errors
    /// [`KeyFault::Pem`] when there is no readable block (encrypted keys are not supported),
    /// [`KeyFault::OutOfRange`] for an invalid secret number.
    pub fn from_pem(pem: &str) -> Result<Self, KeyFault> {
        let (start, label) = pem
            .match_indices("-----BEGIN ")
            .filter_map(|(start, begin)| Some((start, pem[start + begin.len()..].split_once("-----")?.0)))
            .find(|(_, label)| label.ends_with("PRIVATE KEY"))
            .ok_or(KeyFault::Pem)?;
        let end_line = format!("-----END {label}-----");
        let length = pem[start..].find(&end_line).ok_or(KeyFault::Pem)? + end_line.len();
        let block = &pem[start..start + length];
        let secret = match label {
            "PRIVATE KEY" => SecretKey::from_pkcs8_pem(block).map_err(|_| KeyFault::Pem)?,
            "EC PRIVATE KEY" => SecretKey::from_sec1_pem(block).map_err(|_| KeyFault::Pem)?,
            "SM2 PRIVATE KEY" => {
                SecretKey::from_sec1_pem(&block.replace("SM2 PRIVATE KEY", "EC PRIVATE KEY"))
                    .map_err(|_| KeyFault::Pem)?
            }
            _ => return Err(KeyFault::Pem),
        };
        Self::from_sm2(secret)
    }

    /// The key as PKCS#8. The text contains the secret: store it only in a file that the issuer alone can
    /// read.
    pub fn to_pkcs8_pem(&self) -> String {
        self.as_sm2().to_pkcs8_pem(LineEnding::LF).expect("a secret in range always encodes").to_string()
    }

    pub fn to_sec1_pem(&self) -> String {
        self.as_sm2().to_sec1_pem(LineEnding::LF).expect("a secret in range always encodes").to_string()
    }
}
