//! The status of a clock at an instant.

use crate::clock::{Clock, ClockRules, Due};
use crate::day;
use crate::limit::{DayUnit, LimitUnit};
use crate::workdays::Calendar;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The phase of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The instant lies before the start.
    NotStarted,
    Running,
    /// A pause that began in time stops the clock, which therefore cannot be overdue.
    Paused,
    Overdue,
}

/// The status of a clock at one instant, in the unit of its limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub phase: Phase,
    pub due: Due,
    pub unit: LimitUnit,
    /// The limit including its extensions.
    pub total: u32,
    /// Units counted so far; the current day counts as soon as it begins.
    pub used: u32,
    /// Units left after the current day: 0 on the last day. Once overdue, minus the whole units since then.
    pub remaining: i64,
    /// Seconds until the due instant; negative once it has passed.
    pub seconds_left: i64,
}

impl Clock {
    /// Units counted so far, in the unit of the limit.
    pub fn used(&self, calendar: &Calendar, rules: &ClockRules, now: Timestamp) -> u32 {
        match self.limit.unit.day_unit() {
            Some(unit) => self.used_days(calendar, rules, unit, now),
            None => self.used_time(now),
        }
    }

    /// See [`Status::remaining`].
    pub fn remaining(&self, calendar: &Calendar, rules: &ClockRules, now: Timestamp) -> i64 {
        self.status(calendar, rules, now).remaining
    }

    pub fn status(&self, calendar: &Calendar, rules: &ClockRules, now: Timestamp) -> Status {
        let due = self.due(calendar, rules, now);
        let total = self.total().amount;
        let used = self.used(calendar, rules, now);
        let phase = self.phase(&due, rules, now);
        let left = i64::from(total) - i64::from(used);
        let remaining = match phase {
            Phase::Overdue => -self.units_overdue(calendar, rules, &due, now),
            // A due day that was rolled over rest days is still to come after the nominal last day.
            _ => left.max(i64::from(rules.day_of(now) < due.due_on && self.limit.unit.day_unit().is_some())),
        };
        let seconds_left = due.due_at.duration_since(now).as_secs();
        Status { phase, due, unit: self.limit.unit, total, used, remaining, seconds_left }
    }

    fn phase(&self, due: &Due, rules: &ClockRules, now: Timestamp) -> Phase {
        let held = |pause: &crate::Pause| {
            let in_time = match self.limit.unit.day_unit() {
                Some(_) => rules.business_date(pause.from) <= due.due_on,
                None => pause.from < due.due_at,
            };
            pause.covers(now) && in_time
        };
        if now < self.started_at {
            Phase::NotStarted
        } else if self.pauses.iter().any(held) {
            Phase::Paused
        } else if now >= due.due_at {
            Phase::Overdue
        } else {
            Phase::Running
        }
    }

    fn used_days(&self, calendar: &Calendar, rules: &ClockRules, unit: DayUnit, now: Timestamp) -> u32 {
        let mut course = self.course(calendar, rules, unit, now);
        if !self.pauses.is_empty() {
            course.spans = self.paused_days(rules, now, true);
        }
        let today = rules.local_day(now);
        if today <= course.start {
            return 0;
        }
        let used = course.units(unit, course.start, today) - course.paused_units(course.start, today);
        u32::try_from(used).unwrap_or(0)
    }

    fn used_time(&self, now: Timestamp) -> u32 {
        let (start, end) = (self.started_at.as_nanosecond(), now.as_nanosecond());
        let paused: i128 =
            self.paused_time(now).iter().map(|span| (span.to.min(end) - span.from.max(start)).max(0)).sum();
        let unit = i128::from(self.limit.unit.seconds().unwrap_or(1)) * 1_000_000_000;
        u32::try_from((end - start - paused).max(0) / unit).unwrap_or(u32::MAX)
    }

    fn units_overdue(&self, calendar: &Calendar, rules: &ClockRules, due: &Due, now: Timestamp) -> i64 {
        match self.limit.unit {
            LimitUnit::WorkingDays => {
                i64::from(calendar.working_days_between(due.due_on, rules.day_of(now)).max(0))
            }
            LimitUnit::CalendarDays => i64::from((rules.local_day(now) - day::number(due.due_on)).max(0)),
            LimitUnit::Hours | LimitUnit::Minutes => {
                now.duration_since(due.due_at).as_secs() / self.limit.unit.seconds().unwrap_or(1)
            }
        }
    }
}
