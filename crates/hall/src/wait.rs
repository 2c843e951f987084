//! How long somebody will wait, reckoned by the length of the queue: the work ahead, shared among the windows that can do it.
//!
//! With Q people ahead at equal windows the wait is about Erlang(Q + 1), whose relative deviation is 1/√(Q + 1): so far apart
//! are the ends of the band, and no queue-length forecast can be surer.

use catalogue::{LaneKind, LineId, Tongue, WindowId};
use jiff::{SignedDuration, Timestamp};

use crate::{Cause, Day, LineRule, Setup, Source, Ticket, TicketNo, TicketState, Want};

/// A wait that is reckoned with, in whole minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// People who may be called before.
    pub ahead: usize,
    /// Windows that are open now and can serve. With none, nobody can say how long it will be.
    pub windows: usize,
    pub minutes: u32,
    /// Eight in ten wait between these.
    pub from_minutes: u32,
    pub to_minutes: u32,
}

impl LineRule {
    /// The mean of the lognormal with this median and 90th percentile, in minutes.
    pub fn mean_minutes(&self) -> f64 {
        /// 90th percentile of the standard normal.
        const Z90: f64 = 1.281_551_6;
        let median = f64::from(self.median_minutes.max(1));
        let sigma = (f64::from(self.p90_minutes.max(self.median_minutes).max(1)) / median).ln() / Z90;
        median * (sigma * sigma / 2.0).exp()
    }
}

impl Setup {
    fn mean_minutes(&self, line: &LineId) -> f64 {
        self.line(line).map_or(10.0, LineRule::mean_minutes)
    }
}

impl Day {
    /// The wait of a ticket that waits; `None` when it does not.
    pub fn expected_wait(&self, number: TicketNo, now: Timestamp) -> Option<Wait> {
        let ticket = self.ticket(number).filter(|ticket| ticket.state.is_waiting())?;
        Some(self.wait_of(ticket, now))
    }

    /// The wait of somebody who would join now; `None` when no window of the hall does that.
    pub fn wait_if_joining(
        &self,
        line: &LineId,
        language: Tongue,
        kind: LaneKind,
        now: Timestamp,
    ) -> Option<Wait> {
        let lane = self.setup.lane(kind)?;
        let place = now - self.setup.head_start(&lane.id);
        let somebody = Ticket {
            number: TicketNo(u32::MAX),
            source: Source::Phone,
            lane: lane.id.clone(),
            language,
            holder: "".into(),
            wants: vec![Want { line: line.clone(), thing: None }],
            current: 0,
            specialist: None,
            joined_at: now,
            ready_at: now,
            place,
            cause: Cause::Joined,
            transferred: false,
            booked_for: None,
            calls: 0,
            state: TicketState::Waiting { since: now },
            visits: Vec::new(),
        };
        let possible = self.setup.windows.iter().any(|desk| desk.can_serve(line, language));
        possible.then(|| self.wait_of(&somebody, now))
    }

    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn wait_of(&self, ticket: &Ticket, now: Timestamp) -> Wait {
        let windows = self.windows_for(ticket);
        let ahead: Vec<&Ticket> = self.ahead_of(ticket).collect();
        // Of the work of those ahead, the part that falls on windows that this ticket waits for.
        let work: f64 = ahead
            .iter()
            .map(|other| {
                let theirs = self.windows_for(other);
                let shared = theirs.iter().filter(|window| windows.contains(window)).count();
                self.setup.mean_minutes(&other.want().line) * shared as f64 / theirs.len().max(1) as f64
            })
            .sum();
        // A service under way has, on the average, half of itself before it.
        let busy: Vec<f64> = windows.iter().filter_map(|window| self.left_at(window)).collect();
        let open =
            windows.iter().filter(|window| self.post(window).is_some_and(crate::Post::is_open)).count();
        let servers = open.max(1) as f64;
        let free = open > busy.len() && ahead.is_empty();
        let minutes = if free { 0.0 } else { (work + busy.iter().sum::<f64>()) / servers };
        let minutes = minutes + self.until_open(&windows, open, now);
        let spread = 1.281_551_6 / ((ahead.len() + 1) as f64).sqrt();
        let whole = |minutes: f64| minutes.max(0.0).round().min(24.0 * 60.0) as u32;
        Wait {
            ahead: ahead.len(),
            windows: open,
            minutes: whole(minutes),
            from_minutes: whole(minutes * (1.0 - spread)),
            to_minutes: whole((minutes * (1.0 + spread)).ceil()),
        }
    }

    /// Minutes that the present service of a window will still take.
    fn left_at(&self, window: &WindowId) -> Option<f64> {
        let ticket = self.post(window)?.ticket.and_then(|number| self.ticket(number))?;
        Some(self.setup.mean_minutes(&ticket.want().line) / 2.0)
    }

    /// Minutes until a window that can serve is staffed again, when none is open now.
    #[allow(clippy::cast_precision_loss)]
    fn until_open(&self, windows: &[WindowId], open: usize, now: Timestamp) -> f64 {
        if open > 0 {
            return 0.0;
        }
        let next = self
            .setup
            .windows
            .iter()
            .filter(|desk| windows.contains(&desk.id))
            .flat_map(|desk| &desk.staffed)
            .filter(|span| span.to > now)
            .map(|span| span.from.max(now))
            .min();
        next.map_or(0.0, |next| next.duration_since(now).max(SignedDuration::ZERO).as_secs() as f64 / 60.0)
    }
}
