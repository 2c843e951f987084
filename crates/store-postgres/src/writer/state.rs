//! A group's view of the database while it holds the journal's row: what it read, and what it has changed
//! since.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use store::{Digest, Facts, Outcome, Result, StreamId, Version, ViewChange};
use uuid::Uuid;

use crate::views::{Gathered, ViewSet};

#[derive(Debug, Clone)]
pub(super) struct StreamRow {
    /// The position of the stream's first event, which is the stream's id in `events`.
    pub(super) first: i64,
    pub(super) version: i64,
    pub(super) head: Digest,
    pub(super) changed: bool,
}

/// A value with its expiry, in microseconds.
#[derive(Debug, Clone)]
pub(super) struct KvRow {
    pub(super) bytes: Vec<u8>,
    pub(super) expires_at: Option<i64>,
}

#[derive(Debug, Clone)]
pub(super) enum Kv {
    /// As read; only its expiry matters.
    Stored {
        expires_at: Option<i64>,
    },
    Put(KvRow),
    Removed,
}

/// The new content of a vault key.
#[derive(Debug, Clone)]
pub(super) enum Vault {
    Put {
        subject: String,
        salt: [u8; 16],
        bytes: Vec<u8>,
        digest: Digest,
    },
    /// Put and erased within the group: the key remains, marked as erased.
    Erased,
}

#[derive(Debug, Clone)]
pub(super) struct JobRow {
    pub(super) queue: String,
    pub(super) due_at: i64,
    pub(super) free_at: i64,
    pub(super) leased: bool,
    pub(super) attempt: i64,
    pub(super) state: i16,
    /// Empty for a job that was read: its body is never rewritten.
    pub(super) body: Vec<u8>,
    pub(super) problem: Option<String>,
    pub(super) ended_at: Option<i64>,
    pub(super) changed: bool,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) head: i64,
    pub(super) streams: HashMap<StreamId, StreamRow>,
    pub(super) commands: HashMap<Uuid, Outcome>,
    pub(super) kv: HashMap<(String, String), Kv>,
    pub(super) blobs: HashSet<Digest>,
    /// The last number taken, and whether this group took it.
    pub(super) counters: BTreeMap<String, (i64, bool)>,
    pub(super) jobs: BTreeMap<Uuid, JobRow>,
    pub(super) gathered: BTreeMap<String, Gathered>,
    pub(super) views: ViewSet,
}

impl State {
    pub(super) fn gathered(&mut self, table: &str) -> Result<&mut Gathered> {
        if !self.gathered.contains_key(table) {
            let view = Arc::clone(self.views.find(table)?);
            self.gathered.insert(table.to_owned(), Gathered::new(view));
        }
        Ok(self.gathered.get_mut(table).expect("it was put in just now"))
    }

    /// Takes `count` numbers and returns the first.
    pub(super) fn take_numbers(&mut self, counter: &str, count: u64) -> u64 {
        let (last, changed) = self.counters.entry(counter.to_owned()).or_default();
        let first = crate::value::nat(*last) + 1;
        *last += crate::value::int(count);
        *changed = true;
        first
    }
}

impl Facts for State {
    fn version(&mut self, stream: &StreamId) -> Result<Version> {
        Ok(Version(self.streams.get(stream).map_or(0, |row| crate::value::nat(row.version))))
    }

    fn key_lives(&mut self, space: &str, key: &str, now: Timestamp) -> Result<bool> {
        let expires_at = match self.kv.get(&(space.to_owned(), key.to_owned())) {
            None | Some(Kv::Removed) => return Ok(false),
            Some(Kv::Stored { expires_at }) => *expires_at,
            Some(Kv::Put(row)) => row.expires_at,
        };
        Ok(expires_at.is_none_or(|end| end > now.as_microsecond()))
    }

    fn blob_is_stored(&mut self, digest: Digest) -> Result<bool> {
        Ok(self.blobs.contains(&digest))
    }

    fn lease_holds(&mut self, id: Uuid, attempt: u32) -> Result<bool> {
        let holds = |job: &JobRow| job.state == 0 && job.leased && job.attempt == i64::from(attempt);
        Ok(self.jobs.get(&id).is_some_and(holds))
    }

    fn check_view_change(&mut self, change: &ViewChange) -> Result<()> {
        change.check(&self.views.find(change.table())?.schema)
    }
}
