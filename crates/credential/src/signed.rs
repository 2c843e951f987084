//! The signed document: a document with its signature as one canonical JSON file.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Algorithm, Digest, Document, DocumentFault, Endorsement, KeyId, PublicKey, Reason, Signature, Signer,
    canonical::{Limits, parse, to_canonical},
};

/// The `format` member of every file.
pub const DOCUMENT_FORMAT: &str = "yichuang.document/1";

/// The largest file in bytes that is written or read.
pub const MAX_FILE_BYTES: usize = 1 << 20;

/// The signature and its key. Everything in it except `value` is itself signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureBlock {
    pub algorithm: Algorithm,
    pub key_id: KeyId,
    pub public_key: PublicKey,
    /// The endorsements of a key that verifiers do not have themselves, from this key upwards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<Endorsement>,
    pub value: Signature,
}

/// A document with its signature: one JSON file in canonical form.
///
/// The signed bytes are the file without `signature.value`, so it can be verified without this program:
/// `jq -cjS 'del(.signature.value)' FILE` prints them, and any SM2 tool checks them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedDocument {
    document: Document,
    signature: SignatureBlock,
    bytes: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    document: Document,
    #[serde(rename = "format")]
    _format: String,
    signature: SignatureBlock,
}

impl SignedDocument {
    /// Signs with a key that verifiers have in their key ring.
    ///
    /// # Errors
    /// As [`SignedDocument::sign_endorsed`].
    pub fn sign(document: Document, signer: &dyn Signer) -> Result<Self, DocumentFault> {
        Self::sign_endorsed(document, signer, Vec::new())
    }

    /// Signs, and includes the endorsements of the key.
    ///
    /// # Errors
    /// A [`DocumentFault`] when the document breaks a rule, names another key than the signer's, is too
    /// large, or the signer fails.
    pub fn sign_endorsed(
        document: Document,
        signer: &dyn Signer,
        chain: Vec<Endorsement>,
    ) -> Result<Self, DocumentFault> {
        document.check()?;
        let key_id = signer.key_id();
        if document.issuer.key_id != key_id {
            return Err(DocumentFault::OtherKey);
        }
        let mut signature = SignatureBlock {
            algorithm: signer.algorithm(),
            key_id,
            public_key: signer.public_key().clone(),
            chain,
            value: Signature::from_raw([0; 64]),
        };
        signature.value = signer.sign(&signed_bytes(&document, &signature)?)?;
        let bytes = to_canonical(&file_value(&document, &signature))?.into_bytes();
        if bytes.len() > MAX_FILE_BYTES {
            return Err(DocumentFault::TooLong);
        }
        Ok(SignedDocument { document, signature, bytes })
    }

    /// Parses a file without verifying the signature; [`crate::verify`] does that.
    ///
    /// # Errors
    /// [`Reason::Malformed`], [`Reason::UnknownFormat`] or [`Reason::NotCanonical`].
    pub fn read(bytes: &[u8]) -> Result<Self, Reason> {
        let limits = Limits { max_bytes: MAX_FILE_BYTES, ..Limits::default() };
        let value = parse(bytes, limits).map_err(|_| Reason::Malformed)?;
        match value.get("format").and_then(Value::as_str) {
            Some(DOCUMENT_FORMAT) => {}
            Some(_) => return Err(Reason::UnknownFormat),
            None => return Err(Reason::Malformed),
        }
        let Wire { document, signature, .. } =
            serde_json::from_value(value).map_err(|_| Reason::Malformed)?;
        // Comparing with the canonical print of what was parsed refuses every other spelling at once: white
        // space, key order, escapes, other forms of an instant, members with their default value.
        match to_canonical(&file_value(&document, &signature)) {
            Ok(text) if text.as_bytes() == bytes => {
                Ok(SignedDocument { document, signature, bytes: bytes.to_vec() })
            }
            _ => Err(Reason::NotCanonical),
        }
    }

    pub fn document(&self) -> &Document {
        &self.document
    }

    pub fn signature(&self) -> &SignatureBlock {
        &self.signature
    }

    /// The file, to be stored and passed on unchanged.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The SM3 digest of the whole file.
    pub fn digest(&self) -> Digest {
        Digest::sm3(&self.bytes)
    }

    /// Whether the signature verifies with the key in the file. It does not say whose key that is.
    #[must_use]
    pub fn signature_holds(&self) -> bool {
        signed_bytes(&self.document, &self.signature)
            .is_ok_and(|bytes| self.signature.public_key.verifies(&bytes, &self.signature.value))
    }
}

fn file_value(document: &Document, signature: &SignatureBlock) -> Value {
    json!({ "document": document, "format": DOCUMENT_FORMAT, "signature": signature })
}

fn signed_bytes(document: &Document, signature: &SignatureBlock) -> Result<Vec<u8>, DocumentFault> {
    let mut value = file_value(document, signature);
    value["signature"].as_object_mut().expect("a signature block serialises as an object").remove("value");
    Ok(to_canonical(&value)?.into_bytes())
}
