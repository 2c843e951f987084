//! The office: one handle that all use cases hang on.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use catalogue::{Edition, EditionHash};
use credential::TrustStore;
use jiff::Timestamp;
use store::{NewEvent, Store, StreamId, Version};
use uuid::Uuid;

use crate::account::SecondFactor;
use crate::bounds::Meter;
use crate::case::cache::CaseCache;
use crate::case::numbered::Numbers;
use crate::clock::ClockBook;
use crate::document::StatusBook;
use crate::error::{Fault, OfficeError, Result};
use crate::hall::{Boards, DayCache};
use crate::keys::{Keys, public_ring, since, trust_departments};
use crate::process::ProcessCache;
use crate::surroundings::{Clock, Entropy, new_id, new_secret};

/// Cases of each of two generations whose state is kept in memory: some tens of kilobytes each.
const CASES_KEPT: usize = 2_000;
/// Numbers of cases of each of two generations that are known by heart: some hundred bytes each.
const NUMBERS_KEPT: usize = 50_000;

/// What an office is made of.
#[derive(Debug)]
pub struct Surroundings {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    /// Signs results and notices in the name of each organ.
    pub keys: Arc<dyn Keys>,
    /// Address under which people reach the zone; printed in codes on results. Without a slash at the end.
    pub public_url: String,
    /// Who must show a second factor to sign in.
    pub second_factor: SecondFactor,
}

/// All use cases, one method each; see the modules beside this one. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Office {
    pub(crate) inner: Arc<Inner>,
}

/// A function of somebody above the office, given once after it was opened.
pub(crate) struct Hook<T>(std::sync::OnceLock<T>);

impl<T> Default for Hook<T> {
    fn default() -> Self {
        Self(std::sync::OnceLock::new())
    }
}

impl<T> std::fmt::Debug for Hook<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hook")
    }
}

impl<T> std::ops::Deref for Hook<T> {
    type Target = std::sync::OnceLock<T>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub surroundings: Surroundings,
    /// Since when the present keys sign.
    keys_since: Timestamp,
    pub status: tokio::sync::Mutex<StatusBook>,
    /// Held while the lists of holders are read on.
    pub holders: tokio::sync::Mutex<()>,
    pub clock: tokio::sync::Mutex<Option<ClockBook>>,
    /// Nothing falls due by itself until somebody has confirmed the clock.
    pub timers_held: std::sync::atomic::AtomicBool,
    editions: RwLock<Editions>,
    /// Password hashing is heavy on purpose; more at once would only starve the pages.
    pub hashing: tokio::sync::Semaphore,
    pub cases: CaseCache,
    pub halls: DayCache,
    pub boards: Boards,
    pub numbers: Numbers,
    pub process: ProcessCache,
    /// What strangers have made of late.
    pub meter: Meter,
    /// Who hears of everybody who is forgotten.
    pub forgotten: Hook<crate::account::Listener>,
    /// Who plays the stories of a pack.
    pub player: Hook<crate::edition::Player>,
}

#[derive(Debug)]
struct Editions {
    current: Arc<Edition>,
    known: HashMap<EditionHash, Arc<Edition>>,
    /// Keys of every organ of every known edition.
    trust: Arc<TrustStore>,
}

impl Office {
    /// `ring` holds the public keys of before.
    pub(crate) fn assemble(surroundings: Surroundings, current: Arc<Edition>, ring: &TrustStore) -> Self {
        let known = HashMap::from([(current.hash(), current.clone())]);
        let keys_since = since(ring, &*surroundings.keys);
        let mut trust = public_ring(ring);
        trust_departments(&mut trust, &*surroundings.keys, &current, keys_since);
        let editions = RwLock::new(Editions { current, known, trust: Arc::new(trust) });
        Self {
            inner: Arc::new(Inner {
                surroundings,
                keys_since,
                status: tokio::sync::Mutex::default(),
                holders: tokio::sync::Mutex::default(),
                clock: tokio::sync::Mutex::default(),
                timers_held: std::sync::atomic::AtomicBool::new(false),
                editions,
                hashing: tokio::sync::Semaphore::new(2),
                cases: CaseCache::new(CASES_KEPT),
                halls: DayCache::default(),
                boards: Boards::default(),
                numbers: Numbers::new(NUMBERS_KEPT),
                process: ProcessCache::default(),
                meter: Meter::default(),
                forgotten: Hook::default(),
                player: Hook::default(),
            }),
        }
    }

    pub fn store(&self) -> &dyn Store {
        &*self.inner.surroundings.store
    }

    pub fn now(&self) -> Timestamp {
        self.inner.surroundings.clock.now()
    }

    pub fn public_url(&self) -> &str {
        &self.inner.surroundings.public_url
    }

    /// The public keys under which documents of this zone verify.
    pub fn trust(&self) -> Arc<TrustStore> {
        self.inner.editions.read().unwrap_or_else(std::sync::PoisonError::into_inner).trust.clone()
    }

    pub(crate) fn keys(&self) -> &dyn Keys {
        &*self.inner.surroundings.keys
    }

    /// The edition under which new applications are made.
    pub fn edition(&self) -> Arc<Edition> {
        self.inner.editions.read().unwrap_or_else(std::sync::PoisonError::into_inner).current.clone()
    }

    /// Any edition that is or was in use.
    pub async fn edition_named(&self, hash: EditionHash) -> Result<Arc<Edition>> {
        if let Some(edition) = self.known_edition(hash) {
            return Ok(edition);
        }
        let bytes = self.store().edition(&hash.to_string()).await?.ok_or(OfficeError::NotFound)?;
        let edition = Arc::new(Edition::from_json(&bytes, hash)?);
        Ok(self.remember_edition(&edition, false))
    }

    pub(crate) fn known_edition(&self, hash: EditionHash) -> Option<Arc<Edition>> {
        let editions = self.inner.editions.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        editions.known.get(&hash).cloned()
    }

    /// Keeps an edition at hand, in the calendar of the current one, and returns it so. What was kept before changes over to
    /// the calendar of a new current edition.
    pub(crate) fn remember_edition(&self, edition: &Arc<Edition>, make_current: bool) -> Arc<Edition> {
        let mut editions = self.inner.editions.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if make_current {
            for known in editions.known.values_mut() {
                *known = Arc::new(known.in_calendar_of(edition));
            }
        }
        let shown = match make_current || edition.hash() == editions.current.hash() {
            true => edition.clone(),
            false => Arc::new(edition.in_calendar_of(&editions.current)),
        };
        if editions.known.insert(edition.hash(), shown.clone()).is_none() {
            let mut trust = TrustStore::clone(&editions.trust);
            trust_departments(&mut trust, self.keys(), edition, self.inner.keys_since);
            editions.trust = Arc::new(trust);
        }
        if make_current {
            editions.current = edition.clone();
        }
        shown
    }

    /// An id for something that begins now.
    pub fn new_id(&self) -> Uuid {
        new_id(self.now(), &*self.inner.surroundings.entropy)
    }

    pub(crate) fn new_secret<const BYTES: usize>(&self) -> String {
        new_secret::<BYTES>(&*self.inner.surroundings.entropy)
    }

    pub(crate) fn new_salt(&self) -> [u8; 16] {
        let mut salt = [0; 16];
        self.inner.surroundings.entropy.fill(&mut salt);
        salt
    }

    pub(crate) fn new_event(&self, kind: &str, schema: u32, actor: &str, body: Vec<u8>) -> NewEvent {
        NewEvent { id: self.new_id(), at: self.now(), kind: kind.into(), schema, actor: actor.into(), body }
    }

    /// All events of a stream that lie after `after`.
    pub(crate) async fn events(&self, stream: &StreamId, after: Version) -> Result<Vec<store::Envelope>> {
        const AT_ONCE: usize = 4096;
        let mut all = self.store().read_stream(stream, after, AT_ONCE).await?;
        while all.len() % AT_ONCE == 0 {
            let Some(last) = all.last().map(|event| event.version) else { break };
            let more = self.store().read_stream(stream, last, AT_ONCE).await?;
            if more.is_empty() {
                break;
            }
            all.extend(more);
        }
        Ok(all)
    }

    /// Personal data under a key; `None` once it was erased or when it never was there.
    pub(crate) async fn vault(&self, key: &str) -> Result<Option<Vec<u8>>> {
        Ok(match self.store().vault_get(key).await? {
            // What is restricted is kept and not read.
            Some(store::VaultEntry::Kept { subject, .. })
                if subject.starts_with(crate::account::restrict::SUBJECT) =>
            {
                None
            }
            Some(store::VaultEntry::Kept { bytes, .. }) => Some(bytes),
            Some(store::VaultEntry::Erased) | None => None,
        })
    }

    pub(crate) fn stream(kind: &str, id: Uuid) -> Result<StreamId> {
        StreamId::of(kind, id).map_err(|error| OfficeError::Fault(Fault::Store(error)))
    }
}
