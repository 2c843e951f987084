//! Whether this machine's clock can be right: what has already happened did not happen later than now, and not ages ago.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Position};

use crate::error::Result;
use crate::office::Office;

/// How far the clock may lie behind what has already happened: nodes differ by less.
const BEHIND_MAX: SignedDuration = SignedDuration::from_mins(2);
/// Nothing happens for so long in no zone that is served, holidays included.
const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(10 * 24);
const EVENTS_AT_ONCE: usize = 4096;
/// In a journal that was never read for this, only so many last events are read.
const FIRST_READ: u64 = 50_000;
/// What was read is noted when so much more was read.
const NOTED_EVERY: u64 = 1000;
const SPACE: &str = "zone";
const KEY: &str = "clock";

/// The latest instant at which anything happened, up to where the journal was read for it. It is kept, because what comes after
/// a clock that was ahead for a moment looks right again.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ClockBook {
    read_to: Position,
    latest: Option<Timestamp>,
    #[serde(skip)]
    noted_to: Position,
}

/// Why the clock cannot be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockDoubt {
    /// Something has happened later than now.
    Behind { latest: Timestamp },
    /// Nothing has happened for days.
    Ahead { latest: Timestamp },
}

impl Office {
    /// Reads on in the journal and holds the clock against it.
    pub async fn clock_doubt(&self) -> Result<Option<ClockDoubt>> {
        let Some(latest) = self.latest_instant().await? else { return Ok(None) };
        let now = self.now();
        Ok(if latest.duration_since(now) > BEHIND_MAX {
            Some(ClockDoubt::Behind { latest })
        } else if now.duration_since(latest) > AHEAD_MAX {
            Some(ClockDoubt::Ahead { latest })
        } else {
            None
        })
    }

    /// Somebody has looked: the clock is right, whatever the journal says.
    pub async fn confirm_clock(&self) -> Result<()> {
        let mut held = self.inner.clock.lock().await;
        let read_to = self.store().head().await?;
        let book = ClockBook { read_to, latest: Some(self.now()), noted_to: read_to };
        self.note_clock(&book).await?;
        *held = Some(book);
        Ok(())
    }

    async fn latest_instant(&self) -> Result<Option<Timestamp>> {
        let mut held = self.inner.clock.lock().await;
        let mut book = match *held {
            Some(book) => book,
            None => self.noted_clock().await?,
        };
        loop {
            let events = self.store().read_all(book.read_to, EVENTS_AT_ONCE).await?;
            let Some(last) = events.last() else { break };
            book.read_to = last.position;
            book.latest = book.latest.max(events.iter().map(|event| event.at).max());
        }
        let ahead = book.latest.is_some_and(|latest| latest > self.now() + BEHIND_MAX);
        if book.read_to.0 - book.noted_to.0 >= NOTED_EVERY || (ahead && book.read_to > book.noted_to) {
            self.note_clock(&book).await?;
            book.noted_to = book.read_to;
        }
        *held = Some(book);
        Ok(book.latest)
    }

    async fn noted_clock(&self) -> Result<ClockBook> {
        let noted = self.store().kv_get(SPACE, KEY, self.now()).await?;
        let head = self.store().head().await?;
        let noted = noted.and_then(|bytes| serde_json::from_slice::<ClockBook>(&bytes).ok());
        Ok(match noted {
            Some(book) if book.read_to <= head => ClockBook { noted_to: book.read_to, ..book },
            _ => {
                let read_to = Position(head.0.saturating_sub(FIRST_READ));
                ClockBook { read_to, latest: None, noted_to: read_to }
            }
        })
    }

    async fn note_clock(&self, book: &ClockBook) -> Result<()> {
        let bytes = serde_json::to_vec(book)?;
        let put = Change::KvPut { space: SPACE.into(), key: KEY.into(), bytes, expires_at: None };
        self.store().commit(Batch::new(self.now()).change(put)).await?;
        Ok(())
    }
}
