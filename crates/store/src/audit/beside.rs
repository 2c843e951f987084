//! What the journal says of the vault and of editions, held against what is there.

use std::collections::{BTreeMap, HashMap};

use super::{EVENTS_PER_STEP, Finding};
use crate::said::{self, Said};
use crate::{Digest, Envelope, Position, Result, Store, StoreError, VaultEntry, takeover, vault_digest};

/// How often rows are looked at again that may have changed while the audit ran.
const LOOKS_MAX: usize = 8;

/// Enough of a SHA-256 to find no second text for it; a row costs half the memory.
type Short = [u8; 16];

/// Where something is said: the position of the event, and its place within.
type Place = (u64, u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// An event refers to it, from before commits said what they change.
    Referred,
    TakenOver,
    Put,
    Erased,
}

/// The last word of the journal on one key.
#[derive(Debug, Clone, Copy)]
struct Word {
    digest: Short,
    subject: u64,
    at: Place,
    how: How,
    seen: bool,
}

/// Everything that events say of what lies beside them; the last word on a key counts.
#[derive(Debug, Default)]
pub(super) struct Beside {
    rows: HashMap<Short, Word>,
    /// When each subject was erased last.
    erased: HashMap<u64, Place>,
    editions: BTreeMap<String, Position>,
    /// All rows from before were taken over: every row is known to the journal.
    is_whole: bool,
    read_to: Position,
}

impl Beside {
    pub(super) fn hear(&mut self, event: &Envelope, findings: &mut Vec<Finding>) {
        let position = event.position;
        self.read_to = position;
        let all = match said::read(&event.body) {
            Ok(all) => all,
            Err(error) => {
                findings.push(Finding::Unreadable { position, what: error.to_string() });
                Vec::new()
            }
        };
        match takeover::is_last(event) {
            Some(_) if self.is_whole => {}
            Some(last) => {
                all.into_iter().for_each(|said| self.take_over(said, position));
                self.is_whole = last;
            }
            None => {
                for (said, nth) in all.into_iter().zip(0..) {
                    self.hear_one(said, (position.0, nth), position);
                }
            }
        }
        let referred = references(&event.body);
        for (key, digest) in referred.rows {
            let word = Word {
                digest: short_of(&digest),
                subject: 0,
                at: (position.0, 0),
                how: How::Referred,
                seen: false,
            };
            let known = self.rows.entry(short(&key)).or_insert(word);
            if known.how == How::Referred {
                *known = word;
            }
        }
        for hash in referred.editions {
            self.editions.entry(hash).or_insert(position);
        }
    }

    fn hear_one(&mut self, said: Said, at: Place, position: Position) {
        match said {
            Said::Put { of, rows } => {
                let subject = subject(&of);
                for (key, digest) in rows {
                    let digest = short_of(&digest);
                    self.rows.insert(short(&key), Word { digest, subject, at, how: How::Put, seen: false });
                }
            }
            Said::Erase(keys) => {
                for key in keys {
                    let word = Word { digest: [0; 16], subject: 0, at, how: How::Erased, seen: false };
                    self.rows.insert(short(&key), word);
                }
            }
            Said::EraseOf(of) => {
                self.erased.insert(subject(&of), at);
            }
            Said::Edition(hash) => {
                self.editions.entry(hash).or_insert(position);
            }
        }
    }

    /// What is taken over was there before anything was said: it counts where nothing else is said. A row that an event refers
    /// to was not replaced before: then the event counts.
    fn take_over(&mut self, said: Said, position: Position) {
        let mut known = |key: &str, word: Word| {
            let known = self.rows.entry(short(key)).or_insert(word);
            if known.how == How::Referred && (word.how == How::Erased || known.digest == word.digest) {
                *known = word;
            }
        };
        let at = (position.0, 0);
        match said {
            Said::Put { of, rows } => {
                let subject = subject(&of);
                for (key, digest) in rows {
                    let digest = short_of(&digest);
                    known(&key, Word { digest, subject, at, how: How::TakenOver, seen: false });
                }
            }
            Said::Erase(keys) => {
                for key in keys {
                    known(&key, Word { digest: [0; 16], subject: 0, at, how: How::Erased, seen: false });
                }
            }
            Said::EraseOf(_) => {}
            Said::Edition(hash) => {
                self.editions.entry(hash).or_insert(position);
            }
        }
    }

    fn is_erased(&self, word: &Word) -> bool {
        let erased = self.erased.get(&word.subject);
        match word.how {
            How::Erased => true,
            How::Put => erased.is_some_and(|erased| *erased > word.at),
            How::TakenOver => erased.is_some(),
            How::Referred => false,
        }
    }

    /// Compares all rows and editions; gives how many rows there are.
    pub(super) async fn compare(mut self, store: &dyn Store, findings: &mut Vec<Finding>) -> Result<u64> {
        let (rows, mut doubtful) = self.compare_rows(store, findings).await?;
        doubtful.extend(self.gone(store).await?);
        self.judge(store, doubtful, findings).await?;
        let kept = store.editions().await?;
        let missing = std::mem::take(&mut self.editions).into_iter().filter(|(hash, _)| !kept.contains(hash));
        findings.extend(missing.map(|(hash, position)| Finding::EditionMissing { hash, position }));
        Ok(rows)
    }

    /// Every row that is kept: how many, and the keys of those that are not what the journal says.
    async fn compare_rows(
        &mut self,
        store: &dyn Store,
        findings: &mut Vec<Finding>,
    ) -> Result<(u64, Vec<String>)> {
        let (mut count, mut after, mut doubtful) = (0, String::new(), Vec::new());
        loop {
            let keys = store.vault_walk(&after, EVENTS_PER_STEP).await?;
            let Some(last) = keys.last() else { return Ok((count, doubtful)) };
            after.clone_from(last);
            for key in keys {
                let Some(VaultEntry::Kept { subject, salt, bytes, digest }) = store.vault_get(&key).await?
                else {
                    continue;
                };
                count += 1;
                if let Some(word) = self.rows.get_mut(&short(&key)) {
                    word.seen = true;
                }
                if vault_digest(&salt, &bytes) != digest {
                    findings.push(Finding::VaultDiffers { key });
                } else if !self.fits(&key, &subject, digest) {
                    doubtful.push(key);
                }
            }
        }
    }

    fn fits(&self, key: &str, of: &str, digest: Digest) -> bool {
        let Some(word) = self.rows.get(&short(key)) else { return !self.is_whole };
        let whose = word.how == How::Referred || word.subject == subject(of);
        !self.is_erased(word) && word.digest == cut(digest.0) && whose
    }

    /// The keys of rows that must be there and were not seen. Their names are in the events that say so.
    async fn gone(&self, store: &dyn Store) -> Result<Vec<String>> {
        let unseen = |(_, word): &(&Short, &Word)| !word.seen && !self.is_erased(word);
        let mut places: BTreeMap<u64, Vec<Short>> = BTreeMap::new();
        for (key, word) in self.rows.iter().filter(unseen) {
            places.entry(word.at.0).or_default().push(*key);
        }
        let mut found = Vec::new();
        for (position, keys) in places {
            let events = store.read_all(Position(position.saturating_sub(1)), 1).await?;
            for event in events.iter().filter(|event| event.position.0 == position) {
                let named = named(event).into_iter().filter(|name| keys.contains(&short(name)));
                let from = found.len();
                found.extend(named);
                found[from..].sort();
                found.dedup();
            }
        }
        Ok(found)
    }

    /// Looks again at what may have changed meanwhile. What seems wrong is wrong if nothing was said of it while it was looked at;
    /// a row that changes all the time is left to the next audit.
    async fn judge(
        &mut self,
        store: &dyn Store,
        doubtful: Vec<String>,
        findings: &mut Vec<Finding>,
    ) -> Result<()> {
        for key in doubtful {
            for _ in 0..LOOKS_MAX {
                self.catch_up(store, findings).await?;
                let before = self.last_word(&key);
                let Some(finding) = self.judge_one(store, &key).await? else { break };
                self.catch_up(store, findings).await?;
                if self.last_word(&key) == before {
                    findings.push(finding);
                    break;
                }
            }
        }
        Ok(())
    }

    /// When something was said of the row last, and whether that was that it is erased.
    fn last_word(&self, key: &str) -> Option<(Place, bool)> {
        self.rows.get(&short(key)).map(|word| (word.at, self.is_erased(word)))
    }

    async fn catch_up(&mut self, store: &dyn Store, findings: &mut Vec<Finding>) -> Result<()> {
        loop {
            let events = match store.read_all(self.read_to, EVENTS_PER_STEP).await {
                // As the walk over the journal told before.
                Err(StoreError::Damaged { position, .. }) if position > self.read_to => {
                    self.read_to = position;
                    continue;
                }
                events => events?,
            };
            if events.is_empty() {
                return Ok(());
            }
            events.iter().for_each(|event| self.hear(event, findings));
        }
    }

    async fn judge_one(&self, store: &dyn Store, key: &str) -> Result<Option<Finding>> {
        let entry = store.vault_get(key).await?;
        let word = self.rows.get(&short(key)).filter(|word| !self.is_erased(word));
        let name = || key.to_owned();
        Ok(match (entry, word) {
            (Some(VaultEntry::Kept { subject, digest, .. }), _) if self.fits(key, &subject, digest) => None,
            (Some(VaultEntry::Kept { .. }), None) if !self.rows.contains_key(&short(key)) => {
                Some(Finding::VaultUnsaid { key: name() })
            }
            (Some(VaultEntry::Kept { .. }), _) => Some(Finding::VaultDiffers { key: name() }),
            (Some(VaultEntry::Erased), Some(word)) if word.how != How::Referred => {
                Some(Finding::VaultErasedUnsaid { key: name() })
            }
            (None, Some(word)) => Some(Finding::VaultMissing { key: name(), position: Position(word.at.0) }),
            (Some(VaultEntry::Erased) | None, _) => None,
        })
    }
}

fn cut(hash: [u8; 32]) -> Short {
    let mut short = [0; 16];
    short.copy_from_slice(&hash[..16]);
    short
}

fn short(text: &str) -> Short {
    cut(Digest::of(text.as_bytes()).0)
}

/// What is no digest is the digest of nothing.
fn short_of(digest: &str) -> Short {
    Digest::parse(digest).map_or([0; 16], |digest| cut(digest.0))
}

fn subject(text: &str) -> u64 {
    let Digest([a, b, c, d, e, f, g, h, ..]) = Digest::of(text.as_bytes());
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// All keys that an event names.
fn named(event: &Envelope) -> Vec<String> {
    let mut names: Vec<String> = references(&event.body).rows.into_iter().map(|(key, _)| key).collect();
    for said in said::read(&event.body).unwrap_or_default() {
        match said {
            Said::Put { rows, .. } => names.extend(rows.into_iter().map(|(key, _)| key)),
            Said::Erase(keys) => names.extend(keys),
            Said::EraseOf(_) | Said::Edition(_) => {}
        }
    }
    names
}

#[derive(Default)]
struct References {
    /// Keys of the vault, with digests.
    rows: Vec<(String, String)>,
    /// Hashes of editions.
    editions: Vec<String>,
}

/// What an event's body refers to: the vault, by each object that has a `key` and a `digest`, both texts; an edition, by each
/// member `edition` that is a digest. Bodies that are no JSON refer to nothing.
fn references(body: &[u8]) -> References {
    let has = |mark: &[u8]| body.windows(mark.len()).any(|part| part == mark);
    let mut found = References::default();
    if !has(b"\"digest\"") && !has(b"\"edition\"") {
        return found;
    }
    let Ok(whole) = serde_json::from_slice::<serde_json::Value>(body) else { return found };
    let mut left = vec![&whole];
    while let Some(value) = left.pop() {
        match value {
            serde_json::Value::Array(parts) => left.extend(parts),
            serde_json::Value::Object(parts) => {
                let text = |name: &str| parts.get(name).and_then(serde_json::Value::as_str);
                if let (Some(key), Some(digest)) = (text("key"), text("digest")) {
                    found.rows.push((key.to_owned(), digest.to_owned()));
                }
                let edition = text("edition").filter(|hash| Digest::parse(hash).is_some());
                found.editions.extend(edition.map(str::to_owned));
                left.extend(parts.values());
            }
            _ => {}
        }
    }
    found
}
