//! Export and import of the data beside the journal, for moving a store.

use std::ops::Bound;

use super::state::{Done, State, StoredJob, Value};
use crate::{Belonging, BelongingKind, CommandId, Digest, Job, KeptJob, Result, StoreError};

impl State {
    pub(super) fn belongings(
        &self,
        kind: BelongingKind,
        after: Option<&Belonging>,
        limit: usize,
    ) -> Vec<Belonging> {
        let after_key = |key: Option<&str>| match key {
            Some(key) => (Bound::Excluded(key.to_owned()), Bound::Unbounded),
            None => (Bound::Unbounded, Bound::Unbounded),
        };
        match kind {
            BelongingKind::Vault => {
                let last = after.and_then(|last| match last {
                    Belonging::Vault { key, .. } => Some(key.as_str()),
                    _ => None,
                });
                let rest = self.vault.range(after_key(last)).take(limit);
                rest.map(|(key, entry)| Belonging::Vault { key: key.clone(), entry: entry.clone() }).collect()
            }
            BelongingKind::Value => {
                let from = match after {
                    Some(Belonging::Value { space, key, .. }) => {
                        Bound::Excluded((space.clone(), key.clone()))
                    }
                    _ => Bound::Unbounded,
                };
                let rest = self.kv.range((from, Bound::Unbounded)).take(limit);
                rest.map(|((space, key), value)| Belonging::Value {
                    space: space.clone(),
                    key: key.clone(),
                    bytes: value.bytes.clone(),
                    expires_at: value.expires_at,
                })
                .collect()
            }
            BelongingKind::Counter => {
                let last = after.and_then(|last| match last {
                    Belonging::Counter { name, .. } => Some(name.as_str()),
                    _ => None,
                });
                let rest = self.counters.range(after_key(last)).take(limit);
                rest.map(|(name, &last)| Belonging::Counter { name: name.clone(), last }).collect()
            }
            BelongingKind::Job => {
                let from = match after {
                    Some(Belonging::Job(job)) => Bound::Excluded(job.id),
                    _ => Bound::Unbounded,
                };
                let rest = self.jobs.range((from, Bound::Unbounded)).take(limit);
                rest.map(|(_, stored)| Belonging::Job(Box::new(kept(stored)))).collect()
            }
            BelongingKind::Command => self.commands_after(after, limit),
            BelongingKind::File => {
                let from = match after {
                    Some(Belonging::File { digest, .. }) => Bound::Excluded(*digest),
                    _ => Bound::Unbounded,
                };
                let rest = self.blobs.range((from, Bound::Unbounded)).take(limit);
                rest.map(|(&digest, blob): (&Digest, _)| Belonging::File {
                    digest,
                    stored_at: blob.stored_at,
                    owners: blob.owners.iter().cloned().collect(),
                })
                .collect()
            }
        }
    }

    fn commands_after(&self, after: Option<&Belonging>, limit: usize) -> Vec<Belonging> {
        let mut ids: Vec<CommandId> = self.commands.keys().copied().collect();
        ids.sort_unstable();
        if let Some(Belonging::Command { id: last, .. }) = after {
            ids.retain(|id| id > last);
        }
        let told = |id: CommandId| {
            let done = self.commands.get(&id)?;
            Some(Belonging::Command { id, at: done.at, outcome: done.outcome.clone() })
        };
        ids.into_iter().take(limit).filter_map(told).collect()
    }

    pub(super) fn take_in(&mut self, belongings: Vec<Belonging>) -> Result<()> {
        for belonging in belongings {
            match belonging {
                Belonging::Vault { key, entry } => {
                    self.vault.insert(key, entry);
                }
                Belonging::Value { space, key, bytes, expires_at } => {
                    self.kv.insert((space, key), Value { bytes, expires_at });
                }
                Belonging::Counter { name, last } => {
                    self.counters.insert(name, last);
                }
                Belonging::Job(job) => {
                    self.jobs.insert(job.id, stored(*job));
                }
                Belonging::Command { id, at, outcome } => {
                    self.commands.insert(id, Done { at, outcome });
                }
                Belonging::File { digest, stored_at, owners } => {
                    let blob = self.blobs.get_mut(&digest);
                    let blob =
                        blob.ok_or_else(|| StoreError::malformed("a file is taken in before its bytes"))?;
                    blob.stored_at = stored_at;
                    blob.owners = owners.into_iter().collect();
                }
            }
        }
        Ok(())
    }
}

fn kept(stored: &StoredJob) -> KeptJob {
    let Job { id, queue, due_at, attempt, body, problem } = stored.job.clone();
    let StoredJob { state, lease_until, ended_at, .. } = *stored;
    KeptJob { id, queue, due_at, attempt, state, lease_until, body, problem, ended_at }
}

fn stored(job: KeptJob) -> StoredJob {
    let KeptJob { id, queue, due_at, attempt, state, lease_until, body, problem, ended_at } = job;
    StoredJob { job: Job { id, queue, due_at, attempt, body, problem }, state, lease_until, ended_at }
}
