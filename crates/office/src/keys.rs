//! The zone's signing keys: one for each organ that issues, so that a document names who answers for it.

use std::fmt;
use std::sync::Arc;

use catalogue::Edition;
use credential::{IssuerKey, Signer, Sm2Signer, TrustStore};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// Finds the key of an organ. A zone with a certified device implements it over that device.
pub trait Keys: Send + Sync + fmt::Debug + 'static {
    /// The key of the organ with this code.
    fn signer(&self, code: &str) -> Arc<dyn Signer>;
}

/// Keys that all follow from one secret of 32 bytes, kept by whoever installs the zone.
pub struct DerivedKeys {
    secret: [u8; 32],
}

impl fmt::Debug for DerivedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DerivedKeys")
    }
}

impl DerivedKeys {
    pub const fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }
}

impl Keys for DerivedKeys {
    fn signer(&self, code: &str) -> Arc<dyn Signer> {
        let mut hasher = Sha256::new();
        hasher.update(b"yichuang signing key 1\n");
        hasher.update(self.secret);
        hasher.update(code.as_bytes());
        let seed: [u8; 32] = hasher.finalize().into();
        Arc::new(Sm2Signer::generate(&seed))
    }
}

/// Adds the public keys of an edition's departments. A department that is known already stays as it is.
pub(crate) fn trust_departments(trust: &mut TrustStore, keys: &dyn Keys, edition: &Edition) {
    for department in edition.parts().departments.values() {
        let signer = keys.signer(&department.code);
        if trust.key(&signer.key_id()).is_some() {
            continue;
        }
        let name = credential::Bilingual::new(department.name.zh.clone(), department.name.en.clone());
        let key = IssuerKey::new(signer.public_key(), department.code.clone(), name, Timestamp::UNIX_EPOCH);
        if let Err(error) = trust.trust(key) {
            tracing::warn!(department = %department.id, %error, "the key of a department could not be trusted");
        }
    }
}
