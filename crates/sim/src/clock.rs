//! A clock that stands wherever the play has got to.

use std::sync::Arc;

use jiff::Timestamp;
use office::Clock;

tokio::task_local! {
    static NOW: Timestamp;
}

/// Tells a played instant inside [`PlayClock::at`], and the time of the clock beneath everywhere else: an office whose
/// history has been played goes on in the present without being opened anew.
#[derive(Debug)]
pub struct PlayClock {
    beneath: Arc<dyn Clock>,
}

impl PlayClock {
    pub fn over(beneath: Arc<dyn Clock>) -> Self {
        Self { beneath }
    }

    /// A clock that stands still outside a play.
    pub fn standing_at(now: Timestamp) -> Self {
        Self { beneath: Arc::new(Standing(now)) }
    }

    /// Runs `play` at `now`. Several plays may run at once, each at its own instant.
    pub async fn at<T>(now: Timestamp, play: impl Future<Output = T>) -> T {
        NOW.scope(now, play).await
    }
}

impl Clock for PlayClock {
    fn now(&self) -> Timestamp {
        NOW.try_with(|now| *now).unwrap_or_else(|_| self.beneath.now())
    }
}

#[derive(Debug)]
struct Standing(Timestamp);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        self.0
    }
}
