//! The store in memory: the reference model for adapters, and the base of simulations with injected faults.

mod belongings;
mod blobs;
mod faults;
mod state;
mod views;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::watch;
use uuid::Uuid;

use self::faults::Faults;
pub use self::faults::{Fate, Fates};
use self::state::State;
use crate::{
    Answer, Batch, Belonging, BelongingKind, BlobSink, BlobSource, Cell, Checkpoint, CommandId, Digest,
    Envelope, Job, JobState, Outcome, Page, Position, RebuildEnd, RebuiltView, Result, Row, Store,
    StoreError, StreamHead, StreamId, Survey, TallyRow, VaultEntry, Version, ViewChange, ViewQuery,
    ViewSchema, ViewTally,
};

/// A store that lives as long as the process. Clones share one store.
#[derive(Debug, Clone)]
pub struct MemoryStore {
    inner: Arc<Mutex<Inner>>,
    visible: Arc<watch::Sender<Position>>,
}

#[derive(Debug, Default)]
struct Inner {
    state: State,
    faults: Faults,
    /// The state at first and after each commit that took effect; `None` unless recording.
    snapshots: Option<Vec<State>>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStore {
    #[must_use]
    pub fn new() -> Self {
        Self::holding(Inner::default())
    }

    /// A store that remembers its state after each commit, for [`MemoryStore::prefix`].
    #[must_use]
    pub fn recording() -> Self {
        Self::holding(Inner { snapshots: Some(vec![State::default()]), ..Inner::default() })
    }

    fn holding(inner: Inner) -> Self {
        let visible = Arc::new(watch::Sender::new(inner.state.head()));
        Self { inner: Arc::new(Mutex::new(inner)), visible }
    }

    /// How many commits took effect while recording.
    #[must_use]
    pub fn recorded(&self) -> usize {
        self.lock().snapshots.as_ref().map_or(0, |states| states.len() - 1)
    }

    /// A new store as this one was after its first `commits` recorded commits.
    #[must_use]
    pub fn prefix(&self, commits: usize) -> Option<Self> {
        let state = self.lock().snapshots.as_ref()?.get(commits)?.clone();
        Some(Self::holding(Inner { state, ..Inner::default() }))
    }

    /// From now on `fates` chooses what happens to each commit; the count of commits starts again at 0.
    pub fn set_fates(&self, fates: impl FnMut(u64) -> Fate + Send + 'static) {
        let mut inner = self.lock();
        inner.faults.fates = Some(Box::new(fates));
        inner.faults.commits_tried = 0;
    }

    /// Every commit works again.
    pub fn clear_fates(&self) {
        self.lock().faults.fates = None;
    }

    /// Ends a simulated crash: what was committed is there, and the store answers again.
    pub fn restart(&self) {
        self.lock().faults.crashed = false;
    }

    /// Sets the free disk space that [`Store::room`] reports.
    pub fn set_room(&self, bytes: u64) {
        self.lock().faults.room = Some(bytes);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A poisoned lock may be used: every change is checked before the first write, so a panic leaves no
        // half batch.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, ask: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        let mut inner = self.lock();
        if inner.faults.crashed {
            return Err(StoreError::fault("the store has crashed"));
        }
        ask(&mut inner.state)
    }

    fn answer<T: Send + 'static>(&self, ask: impl FnOnce(&mut State) -> Result<T>) -> Answer<'_, T> {
        let result = self.with(ask);
        Box::pin(std::future::ready(result))
    }

    fn commit_now(&self, batch: Batch) -> Result<Outcome> {
        let mut inner = self.lock();
        if inner.faults.crashed {
            return Err(StoreError::fault("the store has crashed"));
        }
        let fate = inner.faults.next();
        match fate {
            Fate::Fails => return Err(StoreError::fault("this commit fails on purpose")),
            Fate::CrashesBefore => {
                inner.faults.crashed = true;
                return Err(StoreError::Unanswered);
            }
            Fate::Sound | Fate::AnswerLost | Fate::CrashesAfter => {}
        }
        let outcome = inner.state.commit(batch.said()?)?;
        if !outcome.is_repeated() {
            let Inner { state, snapshots, .. } = &mut *inner;
            if let Some(snapshots) = snapshots {
                snapshots.push(state.clone());
            }
        }
        self.visible.send_if_modified(|seen| {
            let head = inner.state.head();
            std::mem::replace(seen, head) != head
        });
        if fate == Fate::CrashesAfter {
            inner.faults.crashed = true;
        }
        if fate == Fate::Sound { Ok(outcome) } else { Err(StoreError::Unanswered) }
    }
}

impl Store for MemoryStore {
    fn room(&self) -> Answer<'_, Option<u64>> {
        let room = self.lock().faults.room;
        Box::pin(std::future::ready(Ok(room)))
    }

    fn commit(&self, batch: Batch) -> Answer<'_, Outcome> {
        // Nothing happens before the future is polled, as with a remote store.
        Box::pin(async move { self.commit_now(batch) })
    }

    fn outcome(&self, command: CommandId) -> Answer<'_, Option<Outcome>> {
        self.answer(|state| Ok(state.commands.get(&command).map(|done| done.outcome.clone())))
    }

    fn read_stream<'a>(
        &'a self,
        stream: &'a StreamId,
        after: Version,
        limit: usize,
    ) -> Answer<'a, Vec<Envelope>> {
        self.answer(|state| {
            let places = state.streams.get(stream).map_or(&[][..], Vec::as_slice);
            let after = usize::try_from(after.0).unwrap_or(usize::MAX);
            Ok(places.iter().skip(after).take(limit).map(|&place| state.events[place].clone()).collect())
        })
    }

    fn stream_head<'a>(&'a self, stream: &'a StreamId) -> Answer<'a, Option<StreamHead>> {
        self.answer(|state| Ok(state.stream_head(stream)))
    }

    fn stream_heads(&self, after: Position, limit: usize) -> Answer<'_, Vec<StreamHead>> {
        self.answer(|state| {
            let heads = state.stream_order.iter().filter_map(|stream| state.stream_head(stream));
            Ok(heads.skip_while(|head| head.first <= after).take(limit).collect())
        })
    }

    fn read_all(&self, after: Position, limit: usize) -> Answer<'_, Vec<Envelope>> {
        self.answer(|state| {
            let after = usize::try_from(after.0).unwrap_or(usize::MAX);
            Ok(state.events.iter().skip(after).take(limit).cloned().collect())
        })
    }

    fn head(&self) -> Answer<'_, Position> {
        self.answer(|state| Ok(state.head()))
    }

    fn subscribe(&self) -> watch::Receiver<Position> {
        self.visible.subscribe()
    }

    fn declare_views(&self, schemas: Vec<ViewSchema>) -> Answer<'_, Vec<String>> {
        self.answer(|state| {
            let head = state.head();
            state.views.declare(schemas, head)
        })
    }

    fn view_row<'a>(&'a self, table: &'a str, key: &'a [Cell]) -> Answer<'a, Option<Row>> {
        self.answer(|state| state.views.row(table, key))
    }

    fn view_rows(&self, query: ViewQuery) -> Answer<'_, Page> {
        self.answer(|state| state.views.page(&query))
    }

    fn view_tally(&self, tally: ViewTally) -> Answer<'_, Vec<TallyRow>> {
        self.answer(|state| state.views.tally(&tally))
    }

    fn view_digest<'a>(&'a self, table: &'a str) -> Answer<'a, Digest> {
        self.answer(|state| state.views.digest(table))
    }

    fn rebuild_begin(&self) -> Answer<'_, Position> {
        self.answer(|state| Ok(state.views.rebuild_begin()))
    }

    fn rebuild_apply(&self, changes: Vec<ViewChange>, up_to: Position) -> Answer<'_, ()> {
        self.answer(|state| state.views.rebuild_apply(changes, up_to))
    }

    fn rebuild_compare<'a>(&'a self, tables: &'a [String]) -> Answer<'a, Option<Vec<RebuiltView>>> {
        self.answer(|state| {
            let head = state.head();
            state.views.rebuild_compare(tables, head)
        })
    }

    fn rebuild_finish(&self) -> Answer<'_, RebuildEnd> {
        self.answer(|state| {
            let head = state.head();
            state.views.rebuild_finish(head)
        })
    }

    fn rebuild_abandon(&self) -> Answer<'_, ()> {
        self.answer(|state| {
            state.views.rebuild_abandon();
            Ok(())
        })
    }

    fn vault_get<'a>(&'a self, key: &'a str) -> Answer<'a, Option<VaultEntry>> {
        self.answer(|state| Ok(state.vault.get(key).cloned()))
    }

    fn vault_keys<'a>(&'a self, subject: &'a str) -> Answer<'a, Vec<String>> {
        self.answer(|state| {
            let of =
                |entry: &VaultEntry| matches!(entry, VaultEntry::Kept { subject: s, .. } if s == subject);
            Ok(state.vault.iter().filter(|(_, entry)| of(entry)).map(|(key, _)| key.clone()).collect())
        })
    }

    fn vault_walk<'a>(&'a self, after: &'a str, limit: usize) -> Answer<'a, Vec<String>> {
        self.answer(|state| {
            let kept = state.vault.iter().filter(|(_, entry)| **entry != VaultEntry::Erased);
            Ok(kept.map(|(key, _)| key.clone()).filter(|key| key.as_str() > after).take(limit).collect())
        })
    }

    fn blob_create(&self, limit: u64, now: Timestamp) -> Answer<'_, Box<dyn BlobSink>> {
        let sink = blobs::Sink::new(self.clone(), limit, now);
        self.answer(|_| Ok(Box::new(sink) as Box<dyn BlobSink>))
    }

    fn blob_open(&self, digest: Digest) -> Answer<'_, Option<Box<dyn BlobSource>>> {
        self.answer(|state| {
            let source = |blob: &state::Blob| Box::new(blobs::Source::new(blob.bytes.clone()));
            Ok(state.blobs.get(&digest).map(|blob| source(blob) as Box<dyn BlobSource>))
        })
    }

    fn blob_owners(&self, digest: Digest) -> Answer<'_, Vec<String>> {
        self.answer(|state| {
            Ok(state.blobs.get(&digest).map_or(Vec::new(), |blob| blob.owners.iter().cloned().collect()))
        })
    }

    fn blob_sweep(&self, stored_before: Timestamp) -> Answer<'_, u64> {
        self.answer(|state| {
            let had = state.blobs.len();
            state.blobs.retain(|_, blob| !blob.owners.is_empty() || blob.stored_at >= stored_before);
            Ok((had - state.blobs.len()) as u64)
        })
    }

    fn edition<'a>(&'a self, hash: &'a str) -> Answer<'a, Option<Vec<u8>>> {
        self.answer(|state| {
            Ok(state.editions.iter().find(|(known, _)| known == hash).map(|(_, bytes)| bytes.clone()))
        })
    }

    fn editions(&self) -> Answer<'_, Vec<String>> {
        self.answer(|state| Ok(state.editions.iter().map(|(hash, _)| hash.clone()).collect()))
    }

    fn kv_get<'a>(&'a self, space: &'a str, key: &'a str, now: Timestamp) -> Answer<'a, Option<Vec<u8>>> {
        self.answer(|state| {
            let value = state.kv.get(&(space.to_owned(), key.to_owned()));
            Ok(value.filter(|value| value.lives(now)).map(|value| value.bytes.clone()))
        })
    }

    fn kv_list<'a>(
        &'a self,
        space: &'a str,
        prefix: &'a str,
        now: Timestamp,
    ) -> Answer<'a, Vec<(String, Vec<u8>)>> {
        self.answer(|state| {
            let from = (space.to_owned(), prefix.to_owned());
            let inside =
                state.kv.range(from..).take_while(|((s, key), _)| s == space && key.starts_with(prefix));
            let living = inside.filter(|(_, value)| value.lives(now));
            Ok(living.map(|((_, key), value)| (key.clone(), value.bytes.clone())).collect())
        })
    }

    fn kv_sweep(&self, now: Timestamp) -> Answer<'_, u64> {
        self.answer(|state| {
            let had = state.kv.len();
            state.kv.retain(|_, value| value.lives(now));
            Ok((had - state.kv.len()) as u64)
        })
    }

    fn take_numbers<'a>(&'a self, counter: &'a str, count: u64) -> Answer<'a, u64> {
        self.answer(|state| Ok(state.take_numbers(counter.to_owned(), count)))
    }

    fn lease_jobs<'a>(
        &'a self,
        queue: &'a str,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Answer<'a, Vec<Job>> {
        self.answer(|state| Ok(state.lease_jobs(queue, now, lease_until, limit)))
    }

    fn job_state(&self, id: Uuid) -> Answer<'_, Option<JobState>> {
        self.answer(|state| Ok(state.jobs.get(&id).map(|stored| stored.state)))
    }

    fn next_job_due<'a>(&'a self, queue: &'a str) -> Answer<'a, Option<Timestamp>> {
        self.answer(|state| {
            let waiting =
                |each: &&state::StoredJob| each.state == JobState::Waiting && each.job.queue == queue;
            Ok(state.jobs.values().filter(waiting).map(state::StoredJob::free_at).min())
        })
    }

    fn jobs_given_up<'a>(&'a self, queue: &'a str, limit: usize) -> Answer<'a, Vec<Job>> {
        self.answer(|state| {
            let given_up =
                |each: &&state::StoredJob| each.state == JobState::GivenUp && each.job.queue == queue;
            let mut jobs: Vec<_> = state.jobs.values().filter(given_up).collect();
            jobs.sort_by_key(|each| (each.ended_at, each.job.id));
            Ok(jobs.into_iter().take(limit).map(|each| each.job.clone()).collect())
        })
    }

    fn survey(&self, after: Position) -> Answer<'_, Survey> {
        self.answer(|state| Ok(state.survey(after)))
    }

    fn checkpoints(&self) -> Answer<'_, Vec<Checkpoint>> {
        self.answer(|state| Ok(state.checkpoints.clone()))
    }

    fn save_checkpoint(&self, checkpoint: Checkpoint) -> Answer<'_, ()> {
        self.answer(|state| state.save_checkpoint(checkpoint))
    }

    fn self_check(&self) -> Answer<'_, Vec<String>> {
        self.answer(|_| Ok(Vec::new()))
    }

    fn forget_commands(&self, given_before: Timestamp) -> Answer<'_, u64> {
        self.answer(|state| Ok(state.forget_commands(given_before)))
    }

    fn belongings<'a>(
        &'a self,
        kind: BelongingKind,
        after: Option<&'a Belonging>,
        limit: usize,
    ) -> Answer<'a, Vec<Belonging>> {
        let after = after.cloned();
        self.answer(move |state| Ok(state.belongings(kind, after.as_ref(), limit)))
    }

    fn take_in(&self, belongings: Vec<Belonging>) -> Answer<'_, ()> {
        self.answer(|state| state.take_in(belongings))
    }
}
