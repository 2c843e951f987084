//! The zone's signing keys: one for each organ that issues, so that a document names who answers for it.

use std::fmt;
use std::sync::Arc;

use catalogue::Edition;
use credential::{IssuerKey, KeyId, RevokedKey, SignedDocument, Signer, Sm2Signer, TrustStore};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use store::{Batch, Change, Store};

use crate::error::{Fault, OfficeError, Result};

/// Finds the key of an organ. A zone with a certified device implements it over that device.
pub trait Keys: Send + Sync + fmt::Debug + 'static {
    /// The key of the organ with this code.
    fn signer(&self, code: &str) -> Arc<dyn Signer>;

    /// A digest that nobody makes without the secret (HMAC, RFC 2104); another for each purpose.
    fn keyed(&self, purpose: &str, bytes: &[u8]) -> [u8; 32];
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

    fn keyed(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes a key of any length");
        mac.update(b"yichuang keyed digest 1\n");
        mac.update(purpose.as_bytes());
        mac.update(b"\n");
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }
}

/// The zone's own key signs checkpoints; it is no organ's, so that no licence can pass for a checkpoint.
pub(crate) const CHECKPOINT: &str = "yichuang/checkpoint";

/// Where the public keys of a zone are kept, those that signed before the present ones included.
const SPACE: &str = "zone";
const KEY: &str = "keys";

/// Adds the public keys of an edition's departments, from `since` on. A department that is known already stays as it is.
pub(crate) fn trust_departments(
    trust: &mut TrustStore,
    keys: &dyn Keys,
    edition: &Edition,
    since: Timestamp,
) {
    let utc_offset_minutes = edition.parts().zone.utc_offset_minutes;
    let own = |code: &str, name| IssuerKey { utc_offset_minutes, ..present(keys, code, name, since) };
    for department in edition.parts().departments.values() {
        let name = credential::Bilingual::new(department.name.zh.clone(), department.name.en.clone());
        believe(trust, own(&department.code, name));
    }
    let list = credential::Bilingual::new("证照状态名单", "Status list of documents");
    believe(trust, own(credential::STATUS_ISSUER, list));
}

/// The key with which somebody signs now.
fn present(keys: &dyn Keys, code: &str, name: credential::Bilingual, since: Timestamp) -> IssuerKey {
    IssuerKey::new(keys.signer(code).public_key(), code, name, since)
}

fn believe(trust: &mut TrustStore, key: IssuerKey) {
    if trust.key(&key.key_id).is_some() {
        return;
    }
    let code = key.issuer_code.clone();
    if let Err(error) = trust.trust(key) {
        tracing::warn!(code, %error, "the key of a department could not be trusted");
    }
}

/// Since when the present keys sign: from the beginning, unless the keys were changed.
pub(crate) fn since(ring: &TrustStore, keys: &dyn Keys) -> Timestamp {
    let present = ring.key(&keys.signer(CHECKPOINT).key_id());
    present.map_or(Timestamp::UNIX_EPOCH, |key| key.not_before)
}

/// The public keys that a store keeps; empty in one that an older version wrote.
///
/// # Errors
/// Faults of the store, and a ring that cannot be read.
pub async fn kept_ring(store: &dyn Store, now: Timestamp) -> Result<TrustStore> {
    match store.kv_get(SPACE, KEY, now).await? {
        None => Ok(TrustStore::new()),
        Some(bytes) => TrustStore::from_json(&bytes)
            .map_err(|fault| OfficeError::Fault(Fault::Broken(format!("the kept public keys: {fault}")))),
    }
}

/// What may be given to anybody who verifies: all but the key of checkpoints.
pub fn public_ring(ring: &TrustStore) -> TrustStore {
    let mut public = TrustStore::new();
    for key in ring.keys().filter(|key| key.issuer_code != CHECKPOINT) {
        // They are in a ring already, so they fit into one.
        let _ = public.trust(key.clone());
    }
    ring.revocations().cloned().for_each(|key| public.revoke(key));
    public
}

/// The ring with the present keys of every edition that was ever in use.
async fn complete(store: &dyn Store, keys: &dyn Keys, mut ring: TrustStore) -> Result<TrustStore> {
    let since = since(&ring, keys);
    believe(&mut ring, present(keys, CHECKPOINT, credential::Bilingual::new("校验点", "Checkpoints"), since));
    for hash in store.editions().await? {
        let Some(bytes) = store.edition(&hash).await? else { continue };
        let hash = hash.parse().map_err(|_| OfficeError::NotFound)?;
        trust_departments(&mut ring, keys, &Edition::from_json(&bytes, hash)?, since);
    }
    Ok(ring)
}

fn put(ring: &TrustStore) -> Change {
    let bytes = ring.to_json().into_bytes();
    Change::KvPut { space: SPACE.into(), key: KEY.into(), bytes, expires_at: None }
}

/// Keeps the public keys that sign from now on beside those that signed before, so that papers verify when the secret is
/// another or is lost. Nothing is written when all are known.
///
/// # Errors
/// Faults of the store.
pub async fn keep_keys(store: &dyn Store, keys: &dyn Keys, now: Timestamp) -> Result<()> {
    let kept = kept_ring(store, now).await?;
    let ring = complete(store, keys, kept.clone()).await?;
    if ring != kept {
        store.commit(Batch::new(now).change(put(&ring))).await?;
    }
    Ok(())
}

/// Why the keys are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyChange {
    /// What the old ones signed stays good.
    Ordinary,
    /// Whoever has them can date documents back: nothing that they signed counts any more.
    Stolen,
}

/// The change of a store's public keys from those of `old` to those of `new`. Without the old ones, because they are lost,
/// what the store keeps of them is completed from the documents that they signed.
///
/// # Errors
/// Faults of the store.
pub async fn change_keys(
    store: &dyn Store,
    old: Option<&dyn Keys>,
    new: &dyn Keys,
    why: KeyChange,
    now: Timestamp,
) -> Result<Change> {
    let mut ring = kept_ring(store, now).await?;
    match old {
        Some(old) => ring = complete(store, old, ring).await?,
        None => {
            for key in signatures(store).await?.keys.keys() {
                if ring.key(&key.key_id).is_none() {
                    let _ = ring.trust(key.clone());
                }
            }
        }
    }
    let before: Vec<_> = ring.keys().filter(|key| key.not_after.is_none()).cloned().collect();
    for key in before {
        ring.retire(&key.key_id, now);
        if why == KeyChange::Stolen && key.issuer_code != CHECKPOINT {
            let reason = credential::Bilingual::new("签名密钥泄露", "The signing key was stolen");
            ring.revoke(RevokedKey { key_id: key.key_id, revoked_at: now, reason });
        }
    }
    believe(&mut ring, present(new, CHECKPOINT, credential::Bilingual::new("校验点", "Checkpoints"), now));
    Ok(put(&complete(store, new, ring).await?))
}

/// Who signed what a store holds.
#[derive(Debug, Default)]
struct Signatures {
    newest: Option<(Timestamp, String, KeyId)>,
    keys: TrustStore,
}

async fn signatures(store: &dyn Store) -> Result<Signatures> {
    const AT_ONCE: usize = 2048;
    let (mut found, mut after) = (Signatures::default(), String::new());
    loop {
        let keys = store.vault_walk(&after, AT_ONCE).await?;
        let Some(last) = keys.last() else { return Ok(found) };
        after.clone_from(last);
        for key in keys.iter().filter(|key| key.starts_with("case/") && key.contains("/document/")) {
            let Some(store::VaultEntry::Kept { bytes, .. }) = store.vault_get(key).await? else { continue };
            let Ok(signed) = SignedDocument::read(&bytes) else { continue };
            let (document, block) = (signed.document(), signed.signature());
            if !signed.signature_holds() {
                continue;
            }
            if found.newest.as_ref().is_none_or(|(at, ..)| document.issued_at > *at) {
                let newest = (document.issued_at, document.issuer.code.clone(), block.key_id.clone());
                found.newest = Some(newest);
            }
            if found.keys.key(&block.key_id).is_none() {
                let (code, name) = (document.issuer.code.clone(), document.issuer.name.clone());
                let key = IssuerKey::new(&block.public_key, code, name, Timestamp::UNIX_EPOCH);
                let _ = found.keys.trust(key);
            }
        }
    }
}

/// Whether these keys signed the newest document and the newest checkpoint of a store; yes when nothing was ever signed.
///
/// # Errors
/// Faults of the store.
pub async fn signed_the_newest(store: &dyn Store, keys: &dyn Keys) -> Result<bool> {
    if let Some(checkpoint) = store.checkpoints().await?.pop()
        && checkpoint.key_id != keys.signer(CHECKPOINT).key_id().to_string()
    {
        return Ok(false);
    }
    let newest = signatures(store).await?.newest;
    Ok(newest.is_none_or(|(_, code, key)| keys.signer(&code).key_id() == key))
}
