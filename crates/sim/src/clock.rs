//! A clock that shows the simulated instant.

use std::sync::Arc;

use jiff::Timestamp;
use office::Clock;

tokio::task_local! {
    static NOW: Timestamp;
}

/// Shows the simulated instant inside [`PlayClock::at`], and the time of the clock beneath elsewhere: after
/// its history was simulated, an office continues in the present without being opened again.
#[derive(Debug)]
pub struct PlayClock {
    beneath: Arc<dyn Clock>,
}

impl PlayClock {
    pub fn over(beneath: Arc<dyn Clock>) -> Self {
        Self { beneath }
    }

    /// A clock that stands still outside a simulation.
    pub fn standing_at(now: Timestamp) -> Self {
        Self { beneath: Arc::new(Standing(now)) }
    }

    /// Runs `play` at `now`. Several may run concurrently, each at its own instant.
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
