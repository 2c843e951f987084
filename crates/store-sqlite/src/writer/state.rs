//! The writer's state besides its connection.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use rusqlite::Connection;
use store::{Digest, Position, Result, StreamId, Version, ViewChange};

use super::waiting::Waiting;
use crate::heads::Heads;
use crate::value::{fault, nat};
use crate::views::{self, Behind, LivingViews, Next, ViewSet};

/// A row of `streams`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StreamRow {
    pub(crate) id: i64,
    /// Positions of the stream's first and last event.
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) version: Version,
    pub(crate) head: Digest,
}

/// A row of `commands`, without its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommandRow {
    pub(crate) at: i64,
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) numbers: Vec<u8>,
    pub(crate) reply: Vec<u8>,
}

#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) views: ViewSet,
    living: Arc<LivingViews>,
    /// Views to publish after the next commit.
    pub(super) changed_views: Option<ViewSet>,
    /// The views being rebuilt, cached between steps.
    pub(super) next_views: Option<Next>,
    row_cache: usize,
    pub(super) head: i64,
    pub(super) streams: StreamCache,
    pub(super) heads: Arc<Heads>,
    /// The streams that the open transaction appends to, with their new heads.
    pub(super) moved: Vec<(StreamId, StreamRow)>,
    /// Deferred changes of view rows.
    pub(super) behind: Behind,
    /// All other deferred changes, and their redo rows.
    pub(super) waiting: Waiting,
    /// Personal data was erased in this commit: the log must be truncated too.
    pub(super) erased: bool,
    /// How long the last commit took.
    pub(super) last_commit: Duration,
    /// How many transactions were committed since the store was opened.
    pub(super) commits: u64,
}

impl Writer {
    pub(crate) fn new(
        connection: Connection,
        living: Arc<LivingViews>,
        heads: Arc<Heads>,
        unsettled: Arc<AtomicU64>,
        stream_cache: usize,
        row_cache: usize,
    ) -> Result<Self> {
        let mut writer = Self {
            connection,
            views: ViewSet::default(),
            living,
            changed_views: None,
            next_views: None,
            row_cache,
            head: 0,
            streams: StreamCache::new(stream_cache),
            heads,
            moved: Vec::new(),
            behind: Behind::new(row_cache),
            waiting: Waiting::new(unsettled),
            erased: false,
            last_commit: Duration::MAX,
            commits: 0,
        };
        writer.head = writer.stored_head()?;
        if writer.connection.is_readonly(rusqlite::MAIN_DB).map_err(fault)? {
            // A settled file has no deferred changes, and nothing could be written.
            writer.waiting.taken_up = true;
        } else {
            writer.take_up()?;
        }
        Ok(writer)
    }

    /// Settles streams and commands of a file that nobody else uses; deferred changes of views stay until the
    /// views are declared.
    pub(crate) fn settle_file(connection: Connection) -> Result<()> {
        let heads = Arc::new(Heads::new(1, super::WAITING_MAX));
        Self::new(connection, Arc::default(), heads, Arc::default(), 1, 1).map(|_| ())
    }

    pub(crate) fn head(&self) -> Position {
        Position(nat(self.head))
    }

    fn stored_head(&self) -> Result<i64> {
        self.connection
            .query_row("select coalesce(max(position), 0) from events", [], |row| row.get(0))
            .map_err(fault)
    }

    /// The head of a stream; `None` when it has no event.
    pub(crate) fn stream(&mut self, stream: &StreamId) -> Result<Option<StreamRow>> {
        if let Some(row) = self.streams.get(stream).or_else(|| self.waiting.stream(stream)) {
            return Ok(Some(row));
        }
        let row = crate::read::stream_row(&self.connection, stream)?;
        if let Some(row) = row {
            self.streams.put(stream.clone(), row);
        }
        Ok(row)
    }

    pub(crate) fn remember_stream(&mut self, stream: &StreamId, row: StreamRow) {
        self.moved.push((stream.clone(), row));
        self.streams.put(stream.clone(), row);
    }

    /// Sets the views that go live with the next commit.
    pub(crate) fn change_views(&mut self, views: ViewSet) {
        self.changed_views = Some(views);
    }

    pub(crate) fn advance_rebuild(&mut self, changes: &[ViewChange], up_to: Position) -> Result<()> {
        let mut next = match self.next_views.take() {
            Some(next) => next,
            None => Next {
                views: views::next_views(&self.connection, &self.views)?,
                rows: Behind::new(self.row_cache),
            },
        };
        views::advance(&self.connection, &mut next, changes, up_to)?;
        self.next_views = Some(next);
        Ok(())
    }

    pub(crate) fn forget_rebuild(&mut self) {
        self.next_views = None;
    }

    pub(super) fn after_commit(&mut self) {
        self.heads.show(self.moved.drain(..));
        self.waiting.after_commit(self.behind.waiting());
        if let Some(views) = self.changed_views.take() {
            self.behind.clear();
            self.views = views.clone();
            self.next_views = None;
            self.living.publish(views);
        }
    }

    /// After a rollback: drops the caches, and reads deferred changes back from their redo rows.
    pub(super) fn forget(&mut self) {
        self.streams.clear();
        self.moved.clear();
        self.behind.clear();
        self.waiting.forget();
        self.changed_views = None;
        self.next_views = None;
        self.erased = false;
        match self.stored_head() {
            Ok(head) => self.head = head,
            Err(error) => tracing::error!(%error, "the head could not be read after a rollback"),
        }
    }
}

/// A cache of streams in two generations: when the young one is full it becomes the old one, and the old is
/// dropped.
#[derive(Debug)]
pub(super) struct StreamCache {
    young: HashMap<StreamId, StreamRow>,
    old: HashMap<StreamId, StreamRow>,
    half: usize,
}

impl StreamCache {
    fn new(capacity: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), half: (capacity / 2).max(1) }
    }

    fn get(&mut self, stream: &StreamId) -> Option<StreamRow> {
        if let Some(row) = self.young.get(stream) {
            return Some(*row);
        }
        let (stream, row) = self.old.remove_entry(stream)?;
        self.put(stream, row);
        Some(row)
    }

    pub(super) fn put(&mut self, stream: StreamId, row: StreamRow) {
        if self.young.len() >= self.half && !self.young.contains_key(&stream) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(stream, row);
    }

    fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_forgets_the_oldest_half_and_never_tells_an_older_row() {
        let mut cache = StreamCache::new(4);
        let name = |n: u64| StreamId::of("s", n).unwrap();
        let row = |n: u64| StreamRow { id: 1, first: 1, last: 0, version: Version(n), head: Digest::ZERO };
        for n in 0..3 {
            cache.put(name(n), row(n));
        }
        cache.put(name(0), row(10));
        assert_eq!(cache.get(&name(0)).unwrap().version, Version(10));
        for n in 3..9 {
            cache.put(name(n), row(n));
        }
        assert!(cache.get(&name(1)).is_none());
        assert_eq!(cache.get(&name(8)).unwrap().version, Version(8));
    }
}
