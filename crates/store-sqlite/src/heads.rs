//! The heads of recently written streams, for readers.
//!
//! The table of streams is updated some time after a commit, so a head in memory takes precedence over the
//! file. A stream is marked as moving while a commit to it runs: otherwise memory could tell a reader of the
//! old head when the file already shows the new one.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use store::StreamId;

use crate::writer::StreamRow;

/// What memory knows about a stream's head.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Head {
    At(StreamRow),
    /// A commit to the stream runs: a reader asks the writer to settle first.
    Moving,
}

#[derive(Debug)]
pub(crate) struct Heads {
    known: Mutex<Known>,
    half: usize,
}

/// A cache in two generations: when the young one is full it becomes the old one, and the old one is dropped.
#[derive(Debug, Default)]
struct Known {
    young: HashMap<StreamId, Head>,
    old: HashMap<StreamId, Head>,
}

impl Known {
    fn put(&mut self, stream: StreamId, head: Head, half: usize) {
        if self.young.len() >= half && !self.young.contains_key(&stream) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(stream, head);
    }
}

impl Heads {
    /// Keeps at least half of `capacity`, and never fewer than `waiting_max`: a stream whose table row is not
    /// up to date must be found here.
    pub(crate) fn new(capacity: usize, waiting_max: usize) -> Self {
        Self { known: Mutex::default(), half: (capacity / 2).max(waiting_max).max(1) }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` when the stream is not cached; then its row in the file is up to date.
    pub(crate) fn head(&self, stream: &StreamId) -> Option<Head> {
        let known = self.lock();
        known.young.get(stream).or_else(|| known.old.get(stream)).copied()
    }

    /// Called before a commit that appends to these streams.
    pub(crate) fn hide<'a>(&self, streams: impl Iterator<Item = &'a StreamId>) {
        let mut known = self.lock();
        for stream in streams {
            known.put(stream.clone(), Head::Moving, self.half);
        }
    }

    /// Called after the commit, before any caller gets its answer.
    pub(crate) fn show(&self, moved: impl Iterator<Item = (StreamId, StreamRow)>) {
        let mut known = self.lock();
        for (stream, row) in moved {
            known.put(stream, Head::At(row), self.half);
        }
    }

    /// Called when the file is up to date for all streams.
    pub(crate) fn forget(&self) {
        *self.lock() = Known::default();
    }
}

#[cfg(test)]
mod tests {
    use store::{Digest, Version};

    use super::*;

    #[test]
    fn a_moving_stream_is_not_told_and_the_last_shown_row_counts() {
        let heads = Heads::new(4, 2);
        let name = |n: u64| StreamId::of("s", n).unwrap();
        let row = |n: u64| StreamRow { id: 1, first: 1, last: 0, version: Version(n), head: Digest::ZERO };
        heads.show([(name(1), row(1)), (name(1), row(2))].into_iter());
        assert_eq!(heads.head(&name(1)), Some(Head::At(row(2))));
        heads.hide([name(1)].iter());
        assert_eq!(heads.head(&name(1)), Some(Head::Moving));
        heads.show((1..9).map(|n| (name(n), row(n))));
        assert_eq!((heads.head(&name(1)), heads.head(&name(8))), (None, Some(Head::At(row(8)))));
    }

    #[test]
    fn as_many_as_may_wait_are_always_known() {
        let heads = Heads::new(2, 64);
        let name = |n: u64| StreamId::of("s", n).unwrap();
        let row = StreamRow { id: 1, first: 1, last: 0, version: Version(1), head: Digest::ZERO };
        heads.show((0..1000).map(|n| (name(n), row)));
        assert!((1000 - 64..1000).all(|n| heads.head(&name(n)).is_some()));
    }
}
