//! What a page can say about waits.

use std::collections::BTreeMap;

use ::hall::predict::{Basis, Forecast, Notice, Reason, Sums};
use ::hall::{Setup, TicketNo};
use catalogue::{LineId, WindowId};
use jiff::Timestamp;

/// What everybody in a hall is told at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct HallForecasts {
    /// Of the day's stream.
    pub version: u64,
    pub at: Timestamp,
    /// Everybody who waits.
    pub tickets: BTreeMap<TicketNo, TicketForecast>,
    /// Somebody who walks in now, by line; lines that no window of the hall does are left out.
    pub newcomers: Vec<(LineId, Forecast)>,
    /// Today's first words against what became of them.
    pub scores: Vec<(String, Sums)>,
}

/// Instants, so that what was told stands while nothing happens. `None` when it cannot be said: no window is open.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketForecast {
    pub median_at: Option<Timestamp>,
    /// Four in five are called between these.
    pub low_at: Option<Timestamp>,
    pub high_at: Option<Timestamp>,
    /// Why it is not what was told before.
    pub reason: Option<ToldReason>,
    pub basis: Basis,
}

impl TicketForecast {
    /// Probably not called within today's hours; nor where no instant can be told that anybody would call.
    pub fn is_after_hours(&self, setup: &Setup) -> bool {
        self.median_at.is_none_or(|at| setup.is_after_hours(at))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToldReason {
    WindowOpened { window: WindowId },
    WindowClosed { window: WindowId },
    PriorityAhead { tickets: usize },
    MovedUp { tickets: usize },
    LongService { window: WindowId },
    SlowerThanForeseen,
    FasterThanForeseen,
}

impl ToldReason {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WindowOpened { .. } => "window-opened",
            Self::WindowClosed { .. } => "window-closed",
            Self::PriorityAhead { .. } => "priority-ahead",
            Self::MovedUp { .. } => "moved-up",
            Self::LongService { .. } => "long-service",
            Self::SlowerThanForeseen => "slower",
            Self::FasterThanForeseen => "faster",
        }
    }
}

impl HallForecasts {
    pub fn newcomer(&self, line: &LineId) -> Option<&Forecast> {
        self.newcomers.iter().find(|(other, _)| other == line).map(|(_, told)| told)
    }

    /// Whoever comes now is probably called after the hall has closed. Once it has, nobody is given a number, and it is not said.
    pub fn newcomer_after_hours(&self, line: &LineId, setup: &Setup, now: Timestamp) -> bool {
        let Some(forecast) = self.newcomer(line).filter(|_| !setup.is_after_hours(now)) else { return false };
        let wait = jiff::SignedDuration::try_from_secs_f64(forecast.median_minutes.max(0.0) * 60.0);
        wait.is_ok_and(|wait| setup.is_after_hours(now + wait))
    }

    /// What half of those who come now wait at most, in whole minutes; `None` where nobody can say.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "finite and not negative")]
    pub fn newcomer_minutes(&self, line: &LineId) -> Option<u32> {
        let minutes = self.newcomer(line)?.median_minutes;
        minutes.is_finite().then(|| minutes.max(0.0).round() as u32)
    }
}

pub(super) fn ticket_forecast(
    notice: &Notice,
    setup: &Setup,
    instant: impl Fn(f64) -> Option<Timestamp>,
) -> TicketForecast {
    let told = notice.told;
    let window =
        |place: usize| setup.windows.get(place).map_or_else(|| WindowId::from(""), |desk| desk.id.clone());
    TicketForecast {
        median_at: instant(told.median_at),
        low_at: instant(told.low_at),
        high_at: instant(told.high_at),
        reason: told.reason.map(|reason| match reason {
            Reason::WindowOpened { window: place } => ToldReason::WindowOpened { window: window(place) },
            Reason::WindowClosed { window: place } => ToldReason::WindowClosed { window: window(place) },
            Reason::PriorityAhead { tickets } => ToldReason::PriorityAhead { tickets },
            Reason::MovedUp { tickets } => ToldReason::MovedUp { tickets },
            Reason::LongService { window: place } => ToldReason::LongService { window: window(place) },
            Reason::SlowerThanForeseen => ToldReason::SlowerThanForeseen,
            Reason::FasterThanForeseen => ToldReason::FasterThanForeseen,
        }),
        basis: notice.forecast.basis,
    }
}
