//! Injected faults, to test callers against them.

use std::fmt;

/// What happens to one commit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fate {
    /// It works.
    #[default]
    Sound,
    /// It fails and has no effect.
    Fails,
    /// It takes effect, but the caller is told [`crate::StoreError::Unanswered`].
    AnswerLost,
    /// The store stops before the commit; every read and commit fails until [`crate::MemoryStore::restart`].
    CrashesBefore,
    /// The store stops after the commit, before the answer.
    CrashesAfter,
}

/// Chooses the fate of each commit by its number, counted from 0; every attempt counts.
pub type Fates = Box<dyn FnMut(u64) -> Fate + Send>;

#[derive(Default)]
pub(super) struct Faults {
    pub(super) fates: Option<Fates>,
    pub(super) commits_tried: u64,
    pub(super) crashed: bool,
    pub(super) room: Option<u64>,
}

impl Faults {
    pub(super) fn next(&mut self) -> Fate {
        let number = self.commits_tried;
        self.commits_tried += 1;
        self.fates.as_mut().map_or(Fate::Sound, |fates| fates(number))
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults").field("tried", &self.commits_tried).field("crashed", &self.crashed).finish()
    }
}
