//! The forecast a person was told. It changes only by more than a slack, and every change has a reason.

use serde::Serialize;

use super::forecast::Forecast;
use crate::model::CallKey;
use crate::simulate::{Hall, Present, Waiting};

/// Changes within the larger of these (minutes; share of what is left) are not told, so that nobody is
/// unsettled.
const SLACK_MINUTES: f64 = 1.5;
const SLACK_SHARE: f64 = 0.15;
/// A service beyond this quantile of its distribution is long.
const LONG: f64 = 0.9;

/// Why the forecast told has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reason {
    WindowOpened {
        window: usize,
    },
    WindowClosed {
        window: usize,
    },
    /// Tickets with a head start, or returned ones, were put before this one.
    PriorityAhead {
        tickets: usize,
    },
    /// Tickets ahead were called, transferred or given back earlier than forecast.
    MovedUp {
        tickets: usize,
    },
    /// A service at a window that can serve this ticket takes unusually long.
    LongService {
        window: usize,
    },
    /// None of the above: the services ahead together took longer than forecast.
    SlowerThanForeseen,
    /// None of the above: they took less than forecast.
    FasterThanForeseen,
}

/// Minutes after midnight rather than from now, so that a told time does not move while nothing happens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Told {
    pub median_at: f64,
    pub low_at: f64,
    pub high_at: f64,
    /// Of the last change; `None` while the first forecast stands.
    pub reason: Option<Reason>,
}

/// What one ticket was told, with the tickets ahead and the windows it was based on.
#[derive(Clone, Debug)]
pub struct Promise {
    told: Told,
    ahead: Vec<u32>,
    windows: Vec<usize>,
}

impl Promise {
    pub fn new(hall: &Hall, present: &Present, ticket: &Waiting, forecast: &Forecast) -> Self {
        let told = instants(present.now, forecast, None);
        Self { told, ahead: ahead(hall, present, ticket), windows: able(hall, present, ticket) }
    }

    pub fn told(&self) -> Told {
        self.told
    }

    /// Takes a fresh forecast of the same ticket. Small changes of the median are not told; a larger one is
    /// told with its reason.
    pub fn update(&mut self, hall: &Hall, present: &Present, ticket: &Waiting, forecast: &Forecast) -> Told {
        let fresh = instants(present.now, forecast, None);
        // After an infinite forecast (no window open) any finite one is a fall.
        let left = self.told.median_at - present.now;
        let left = if left.is_finite() { left.max(0.0) } else { 0.0 };
        let slack = SLACK_MINUTES.max(SLACK_SHARE * left);
        let rise = fresh.median_at - self.told.median_at;
        if rise > slack {
            let reason = self.reason(hall, present, ticket, true);
            self.tell(hall, present, ticket, Told { reason: Some(reason), ..fresh });
        } else if rise < -slack {
            let reason = self.reason(hall, present, ticket, false);
            self.tell(hall, present, ticket, Told { reason: Some(reason), ..fresh });
        } else {
            // The median told stands; the band follows the fresh forecast and always holds that median.
            self.told.low_at = fresh.low_at.min(self.told.median_at);
            self.told.high_at = fresh.high_at.max(self.told.median_at);
        }
        self.told
    }

    fn tell(&mut self, hall: &Hall, present: &Present, ticket: &Waiting, told: Told) {
        self.told = told;
        self.ahead = ahead(hall, present, ticket);
        self.windows = able(hall, present, ticket);
    }

    fn reason(&self, hall: &Hall, present: &Present, ticket: &Waiting, later: bool) -> Reason {
        let windows = able(hall, present, ticket);
        let missing = |from: &[usize], other: &[usize]| from.iter().copied().find(|n| !other.contains(n));
        let now_ahead = ahead(hall, present, ticket);
        if later {
            if let Some(window) = missing(&self.windows, &windows) {
                return Reason::WindowClosed { window };
            }
            let tickets = now_ahead.iter().filter(|number| !self.ahead.contains(number)).count();
            if tickets > 0 {
                return Reason::PriorityAhead { tickets };
            }
            return match longest_service(hall, present, &windows) {
                Some(window) => Reason::LongService { window },
                None => Reason::SlowerThanForeseen,
            };
        }
        if let Some(window) = missing(&windows, &self.windows) {
            return Reason::WindowOpened { window };
        }
        let tickets = self.ahead.iter().filter(|number| !now_ahead.contains(number)).count();
        if tickets > 0 { Reason::MovedUp { tickets } } else { Reason::FasterThanForeseen }
    }
}

fn instants(now: f64, forecast: &Forecast, reason: Option<Reason>) -> Told {
    Told {
        median_at: now + forecast.median_minutes,
        low_at: now + forecast.low_minutes,
        high_at: now + forecast.high_minutes,
        reason,
    }
}

/// Indices of the windows on duty that can serve the ticket.
fn able(hall: &Hall, present: &Present, ticket: &Waiting) -> Vec<usize> {
    let queue = hall.queue(ticket.line, ticket.lane);
    let windows = present.windows.iter().enumerate();
    windows
        .filter(|(window, now)| now.is_on && hall.can_serve(*window, queue))
        .map(|(window, _)| window)
        .collect()
}

/// Numbers of the tickets before this one that share a window with it.
fn ahead(hall: &Hall, present: &Present, ticket: &Waiting) -> Vec<u32> {
    let key = |waiting: &Waiting| {
        let queue = hall.queue(waiting.line, waiting.lane);
        CallKey::new(waiting.ready_at, hall.head_start(queue), waiting.number)
    };
    let (mine, my_queue) = (key(ticket), hall.queue(ticket.line, ticket.lane));
    let meets = |line: usize| {
        let queue = hall.queue(line, 0);
        (0..present.windows.len()).any(|n| hall.can_serve(n, my_queue) && hall.can_serve(n, queue))
    };
    let others = present.waiting.iter().filter(|other| other.number != ticket.number);
    others
        .filter(|other| key(other).comes_before(&mine) && meets(other.line))
        .map(|other| other.number)
        .collect()
}

/// Among these windows, the one whose service is furthest beyond its 90 % quantile, if any is.
fn longest_service(hall: &Hall, present: &Present, windows: &[usize]) -> Option<usize> {
    let over = |window: &usize| {
        let serving = present.windows[*window].serving.filter(|serving| serving.attended)?;
        let usual = hall.sampler(serving.line).remaining(0.0, LONG) / hall.day().windows[*window].speed;
        let over = present.now - serving.since - usual;
        (over > 0.0).then_some((over, *window))
    };
    windows.iter().filter_map(over).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, window)| window)
}
