//! How many events the streams have that were written lately, for readers.
//!
//! A stream is hidden while a commit that moves it is under way: a reader must not be told of an old end by memory when
//! the file could already tell it of the new one.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use store::{StreamId, Version};

#[derive(Debug)]
pub(crate) struct Heads {
    known: Mutex<Known>,
    half: usize,
}

/// When the young half is full it becomes the old one, and the old is forgotten.
#[derive(Debug, Default)]
struct Known {
    young: HashMap<StreamId, Version>,
    old: HashMap<StreamId, Version>,
}

impl Heads {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { known: Mutex::default(), half: (capacity / 2).max(1) }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing when it is not known, which says nothing about the stream.
    pub(crate) fn version(&self, stream: &StreamId) -> Option<Version> {
        let known = self.lock();
        known.young.get(stream).or_else(|| known.old.get(stream)).copied()
    }

    /// Before a commit that moves these streams.
    pub(crate) fn hide<'a>(&self, streams: impl Iterator<Item = &'a StreamId>) {
        let mut known = self.lock();
        for stream in streams {
            known.young.remove(stream);
            known.old.remove(stream);
        }
    }

    /// After it, before anybody is told.
    pub(crate) fn show(&self, moved: impl Iterator<Item = (StreamId, Version)>) {
        let mut known = self.lock();
        for (stream, version) in moved {
            if known.young.len() >= self.half && !known.young.contains_key(&stream) {
                known.old = std::mem::take(&mut known.young);
            }
            known.young.insert(stream, version);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_stream_is_unknown_and_the_last_shown_version_counts() {
        let heads = Heads::new(4);
        let name = |n: u64| StreamId::of("s", n).unwrap();
        heads.show([(name(1), Version(1)), (name(1), Version(2))].into_iter());
        assert_eq!(heads.version(&name(1)), Some(Version(2)));
        heads.hide([name(1)].iter());
        assert_eq!(heads.version(&name(1)), None);
        heads.show((1..9).map(|n| (name(n), Version(n))));
        assert_eq!((heads.version(&name(1)), heads.version(&name(8))), (None, Some(Version(8))));
    }
}
