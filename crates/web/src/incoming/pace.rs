//! How slowly a body may come: never silent for long, and on the whole at least at the pace of a bad telephone line.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use super::parts::Parts;
use crate::fault::Failure;

/// The longest silence.
const SILENCE: Duration = Duration::from_secs(20);
/// After which a body must have come at the least pace.
const GRACE: Duration = Duration::from_secs(15);
const BYTES_PER_SECOND_MIN: u64 = 512;

#[derive(Debug)]
pub struct Pace {
    begun: Instant,
    last: Instant,
    bytes: u64,
}

impl Pace {
    pub fn new() -> Self {
        let now = Instant::now();
        Self { begun: now, last: now, bytes: 0 }
    }

    pub fn came(&mut self, bytes: usize) {
        self.last = Instant::now();
        self.bytes += bytes as u64;
    }

    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// When more must have come.
    pub fn next_by(&self) -> Instant {
        let earned = Duration::from_secs(self.bytes / BYTES_PER_SECOND_MIN);
        (self.last + SILENCE).min(self.begun + GRACE + earned)
    }
}

/// How a watched body ended, for the guard, which sees only what a handler made of it.
#[derive(Debug, Default)]
pub struct Ended(AtomicU8);

impl Ended {
    const SLOW: u8 = 1;
    const MALFORMED: u8 = 2;

    pub fn failure(&self) -> Option<Failure> {
        match self.0.load(Ordering::Relaxed) {
            Self::SLOW => Some(Failure::Slow),
            Self::MALFORMED => Some(Failure::BadRequest),
            _ => None,
        }
    }
}

/// A body under watch.
pub struct Paced {
    body: Body,
    pace: Pace,
    timer: Option<Pin<Box<Sleep>>>,
    parts: Option<Parts>,
    /// Readers take all that is there at once; so it is handed out piece by piece.
    rest: bool,
    ended: Arc<Ended>,
}

impl Paced {
    pub fn new(body: Body, boundary: Option<&str>, ended: Arc<Ended>) -> Self {
        Self { body, pace: Pace::new(), timer: None, parts: boundary.map(Parts::new), rest: false, ended }
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        if std::mem::take(&mut this.rest) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) else {
            let by = this.pace.next_by();
            let timer = this.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(by)));
            if timer.deadline() != by {
                timer.as_mut().reset(by);
            }
            ready!(timer.as_mut().poll(cx));
            this.ended.0.store(Ended::SLOW, Ordering::Relaxed);
            return Poll::Ready(Some(Err(axum::Error::new("the body came too slowly"))));
        };
        if let Some(Ok(frame)) = &frame
            && let Some(piece) = frame.data_ref()
        {
            this.rest = true;
            this.pace.came(piece.len());
            if this.parts.as_mut().is_some_and(|parts| !parts.pass(piece)) {
                this.ended.0.store(Ended::MALFORMED, Ordering::Relaxed);
                return Poll::Ready(Some(Err(axum::Error::new("the head of a part does not end"))));
            }
        }
        Poll::Ready(frame)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_may_be_slow_but_neither_silent_nor_endless() {
        let seconds = Duration::from_secs;
        let now = Instant::now();
        assert_eq!(Pace { begun: now, last: now, bytes: 0 }.next_by(), now + GRACE);
        // A drop every ten seconds is not silence, and yet far below the pace.
        let trickling = Pace { begun: now, last: now + seconds(20), bytes: 2 };
        assert!(trickling.next_by() < now + seconds(20));
        let streaming = Pace { begun: now, last: now + seconds(60), bytes: 1024 * 1024 };
        assert_eq!(streaming.next_by(), now + seconds(60) + SILENCE);
    }
}
