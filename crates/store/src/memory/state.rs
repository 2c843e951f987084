//! The state of a memory store, and how a batch changes it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::views::Views;
use crate::{
    Append, Batch, Change, Checkpoint, CommandId, Digest, Envelope, Facts, HeadsRoot, Job, JobState, Outcome,
    Position, PositionRange, Result, SpanDigest, StoreError, StreamHead, StreamId, Survey, VaultEntry,
    Version, ViewChange, check_batch, vault_digest,
};

#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// The event at position n has index n - 1.
    pub(super) events: Vec<Envelope>,
    /// Indices into `events`.
    pub(super) streams: HashMap<StreamId, Vec<usize>>,
    pub(super) stream_order: Vec<StreamId>,
    pub(super) commands: HashMap<CommandId, Done>,
    pub(super) views: Views,
    pub(super) vault: BTreeMap<String, VaultEntry>,
    pub(super) blobs: BTreeMap<Digest, Blob>,
    pub(super) editions: Vec<(String, Vec<u8>)>,
    pub(super) kv: BTreeMap<(String, String), Value>,
    pub(super) counters: BTreeMap<String, u64>,
    pub(super) jobs: BTreeMap<Uuid, StoredJob>,
    pub(super) checkpoints: Vec<Checkpoint>,
}

#[derive(Debug, Clone)]
pub(super) struct Done {
    pub(super) at: Timestamp,
    pub(super) outcome: Outcome,
}

#[derive(Debug, Clone)]
pub(super) struct Blob {
    pub(super) bytes: Arc<[u8]>,
    pub(super) stored_at: Timestamp,
    pub(super) owners: BTreeSet<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) bytes: Vec<u8>,
    pub(super) expires_at: Option<Timestamp>,
}

impl Value {
    pub(super) fn lives(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| end > now)
    }
}

#[derive(Debug, Clone)]
pub(super) struct StoredJob {
    pub(super) job: Job,
    pub(super) state: JobState,
    pub(super) lease_until: Option<Timestamp>,
    pub(super) ended_at: Option<Timestamp>,
}

impl StoredJob {
    /// When a worker may lease the job.
    pub(super) fn free_at(&self) -> Timestamp {
        self.lease_until.unwrap_or(self.job.due_at)
    }
}

impl State {
    pub(super) fn head(&self) -> Position {
        Position(self.events.len() as u64)
    }

    pub(super) fn stream_head(&self, stream: &StreamId) -> Option<StreamHead> {
        let places = self.streams.get(stream)?;
        let (&first, &last) = (places.first()?, places.last()?);
        Some(StreamHead {
            stream: stream.clone(),
            first: self.events[first].position,
            version: Version(places.len() as u64),
            hash: self.events[last].hash,
        })
    }

    pub(super) fn commit(&mut self, batch: Batch) -> Result<Outcome> {
        if let Some(done) = batch.command.and_then(|command| self.commands.get(&command)) {
            return Ok(done.outcome.clone());
        }
        check_batch(&batch, &mut &*self)?;
        let Batch { command, at, appends, changes, reply, .. } = batch;
        let before = self.head();
        appends.into_iter().for_each(|append| self.append(append));
        let mut numbers = Vec::new();
        for change in changes {
            self.apply(change, at, &mut numbers);
        }
        let positions = (self.head() > before)
            .then(|| PositionRange { first: Position(before.0 + 1), last: self.head() });
        if let Some(command) = command {
            let outcome = Outcome::Repeated { positions, numbers: numbers.clone(), reply };
            self.commands.insert(command, Done { at, outcome });
        }
        Ok(Outcome::Committed { positions, numbers })
    }

    fn append(&mut self, Append { stream, events, .. }: Append) {
        for event in events {
            let places = self.streams.entry(stream.clone()).or_default();
            if places.is_empty() {
                self.stream_order.push(stream.clone());
            }
            let previous = places.last().map_or(Digest::ZERO, |&place| self.events[place].hash);
            let version = Version(places.len() as u64 + 1);
            places.push(self.events.len());
            let position = Position(self.events.len() as u64 + 1);
            let hash = event.seal(&stream, version, previous);
            self.events.push(event.into_envelope(stream.clone(), version, position, hash));
        }
    }

    fn apply(&mut self, change: Change, at: Timestamp, numbers: &mut Vec<u64>) {
        match change {
            Change::View(change) => self.views.apply(change),
            Change::VaultPut { key, subject, salt, bytes } => {
                let digest = vault_digest(&salt, &bytes);
                self.vault.insert(key, VaultEntry::Kept { subject, salt, bytes, digest });
            }
            Change::VaultErase { key } => {
                self.vault.entry(key).and_modify(|entry| *entry = VaultEntry::Erased);
            }
            Change::VaultEraseSubject { subject: gone } => {
                for entry in self.vault.values_mut() {
                    if matches!(entry, VaultEntry::Kept { subject, .. } if *subject == gone) {
                        *entry = VaultEntry::Erased;
                    }
                }
            }
            Change::BlobLink { digest, owner } => {
                self.blobs.entry(digest).and_modify(|blob| {
                    blob.owners.insert(owner);
                });
            }
            Change::BlobUnlink { digest, owner } => {
                self.blobs.entry(digest).and_modify(|blob| {
                    blob.owners.remove(&owner);
                });
            }
            Change::EditionPut { hash, bytes } => {
                if !self.editions.iter().any(|(known, _)| *known == hash) {
                    self.editions.push((hash, bytes));
                }
            }
            Change::KvPut { space, key, bytes, expires_at }
            | Change::KvClaim { space, key, bytes, expires_at } => {
                self.kv.insert((space, key), Value { bytes, expires_at });
            }
            Change::KvRemove { space, key } => {
                self.kv.remove(&(space, key));
            }
            Change::NumberTake { counter } => numbers.push(self.take_numbers(counter, 1)),
            Change::JobPut { id, queue, due_at, body } => {
                let job = Job { id, queue, due_at, attempt: 0, body, problem: None };
                self.jobs.entry(id).or_insert(StoredJob {
                    job,
                    state: JobState::Waiting,
                    lease_until: None,
                    ended_at: None,
                });
            }
            Change::JobDone { id, .. } => self.end_job(id, JobState::Done, at, None),
            Change::JobGiveUp { id, problem, .. } => self.end_job(id, JobState::GivenUp, at, Some(problem)),
            Change::JobRetry { id, due_at, problem, .. } => {
                if let Some(stored) = self.jobs.get_mut(&id) {
                    stored.lease_until = None;
                    stored.job.due_at = due_at;
                    stored.job.problem = Some(problem);
                }
            }
        }
    }

    fn end_job(&mut self, id: Uuid, state: JobState, at: Timestamp, problem: Option<String>) {
        if let Some(stored) = self.jobs.get_mut(&id) {
            stored.state = state;
            stored.lease_until = None;
            stored.ended_at = Some(at);
            stored.job.problem = problem.or(stored.job.problem.take());
        }
    }

    pub(super) fn take_numbers(&mut self, counter: String, count: u64) -> u64 {
        let last = self.counters.entry(counter).or_default();
        let first = *last + 1;
        *last += count;
        first
    }

    pub(super) fn lease_jobs(
        &mut self,
        queue: &str,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Vec<Job> {
        let mut due: Vec<&mut StoredJob> = self
            .jobs
            .values_mut()
            .filter(|each| {
                each.state == JobState::Waiting && each.job.queue == queue && each.free_at() <= now
            })
            .collect();
        due.sort_by_key(|each| (each.free_at(), each.job.id));
        due.into_iter()
            .take(limit)
            .map(|each| {
                each.lease_until = Some(until);
                each.job.attempt += 1;
                each.job.clone()
            })
            .collect()
    }

    pub(super) fn survey(&self, after: Position) -> Survey {
        let mut heads = HeadsRoot::default();
        self.stream_order
            .iter()
            .filter_map(|stream| self.stream_head(stream))
            .for_each(|head| heads.add(&head));
        let mut span = SpanDigest::default();
        for event in self.events.iter().filter(|event| event.position > after) {
            span.add(event.position, event.hash);
        }
        Survey { position: self.head(), streams: heads.count(), heads: heads.finish(), span: span.finish() }
    }

    pub(super) fn save_checkpoint(&mut self, checkpoint: Checkpoint) -> Result<()> {
        if checkpoint.number != self.checkpoints.len() as u64 + 1 {
            return Err(StoreError::malformed(format!("checkpoint {} is not the next", checkpoint.number)));
        }
        self.checkpoints.push(checkpoint);
        Ok(())
    }

    pub(super) fn forget_commands(&mut self, before: Timestamp) -> u64 {
        let had = self.commands.len() + self.jobs.len();
        self.commands.retain(|_, done| done.at >= before);
        self.jobs.retain(|_, job| job.state != JobState::Done || job.ended_at.is_none_or(|at| at >= before));
        (had - self.commands.len() - self.jobs.len()) as u64
    }
}

impl Facts for &State {
    fn version(&mut self, stream: &StreamId) -> Result<Version> {
        Ok(Version(self.streams.get(stream).map_or(0, |places| places.len() as u64)))
    }

    fn key_lives(&mut self, space: &str, key: &str, now: Timestamp) -> Result<bool> {
        Ok(self.kv.get(&(space.to_owned(), key.to_owned())).is_some_and(|value| value.lives(now)))
    }

    fn blob_is_stored(&mut self, digest: Digest) -> Result<bool> {
        Ok(self.blobs.contains_key(&digest))
    }

    fn lease_holds(&mut self, id: Uuid, attempt: u32) -> Result<bool> {
        Ok(self.jobs.get(&id).is_some_and(|stored| {
            stored.state == JobState::Waiting && stored.lease_until.is_some() && stored.job.attempt == attempt
        }))
    }

    fn check_view_change(&mut self, change: &ViewChange) -> Result<()> {
        self.views.check(change)
    }
}
