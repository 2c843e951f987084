//! Statutory clocks: start, limit, pauses and extensions.

use crate::day;
use crate::limit::{DayUnit, Limit};
use crate::pause::{Pause, Span, merged};
use crate::workdays::Calendar;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const DAY_SECONDS: i64 = 86_400;

/// A clock that runs from a start for a limit. The rules of counting, the same for working and calendar days:
///
/// - The start day is not counted; day 1 is the next day of the limit's unit (Civil Code 201).
/// - A pause excludes the day on which it begins and every following day before the day on which it ends: the
///   day of resumption counts again. A pause that begins and ends on one day excludes nothing. A day in
///   several pauses is excluded once.
/// - Rest days inside a pause remain rest days; only days that would have counted are called paused.
/// - Extensions lengthen the limit in its own unit.
/// - A limit of zero working days ends with the start day, or with the next working day if that is a rest
///   day.
///
/// Limits in hours and minutes run in real time, through nights and rest days, minus the exact duration of
/// the pauses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    pub started_at: Timestamp,
    pub limit: Limit,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Extension>,
    /// When offices close, for limits of no working days (当场): what begins at or after it begins on the next day, since nobody
    /// could do it on the same (Civil Code 203: where there are business hours, the day ends with them).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<Time>,
}

/// More time, in the unit of the limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    pub amount: u32,
    pub reason: Arc<str>,
}

/// How days are delimited and rolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockRules {
    /// Offset of the zone's local time. China keeps the same offset all year.
    pub offset: Offset,
    pub day_end: DayEnd,
    /// Whether a calendar-day limit that ends on a rest day runs to the next working day (Civil Code 203).
    pub roll_rest_day: bool,
}

/// When a day ends (Civil Code 203: at 24:00, or when business closes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayEnd {
    Midnight,
    /// A pause or resumption at or after this time belongs to the next day.
    At(Time),
}

/// The last day in time, for a limit given as the first instant that is too late, mostly midnight. The day of
/// that instant itself would be one day too many.
pub fn last_day(due_at: Timestamp, offset: Offset) -> Date {
    offset.to_datetime(due_at - SignedDuration::from_nanos(1)).date()
}

/// When a clock runs out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The first instant that is too late.
    pub due_at: Timestamp,
    /// The last day in time.
    pub due_on: Date,
    /// An open pause stops the clock; the due instant is the one that would hold if the pause ended now.
    pub open: bool,
    /// Days counted after the start day; for limits in hours and minutes, units of the limit.
    pub counted: u32,
    /// Days not counted after the start day, for any reason.
    pub skipped: u32,
    /// Of those, the days excluded by a pause alone; for limits in hours and minutes, whole units.
    pub paused: u32,
    /// Years computed without a table (暂估, provisional).
    pub provisional_years: Vec<i16>,
}

impl ClockRules {
    /// Days end at 24:00; calendar days roll to the next working day.
    pub const fn new(offset: Offset) -> ClockRules {
        ClockRules { offset, day_end: DayEnd::Midnight, roll_rest_day: true }
    }

    /// China Standard Time, UTC+8.
    pub const fn china() -> ClockRules {
        ClockRules::new(Offset::constant(8))
    }

    /// The local day of an instant.
    pub fn day_of(&self, instant: Timestamp) -> Date {
        day::date(self.local_day(instant))
    }

    /// The first instant after the given day under these rules.
    pub fn end_of(&self, date: Date) -> Timestamp {
        self.end_of_day(day::number(date))
    }

    pub(crate) fn local_day(&self, instant: Timestamp) -> i32 {
        i32::try_from(self.local_second(instant).div_euclid(DAY_SECONDS)).unwrap_or(i32::MAX)
    }

    fn local_second(&self, instant: Timestamp) -> i64 {
        // Before 1970 the fraction is negative, and the whole seconds are rounded up, towards zero.
        let borrow = i64::from(instant.subsec_nanosecond() < 0);
        instant.as_second() - borrow + i64::from(self.offset.seconds())
    }

    fn closing_second(&self) -> i64 {
        match self.day_end {
            DayEnd::Midnight => DAY_SECONDS,
            DayEnd::At(time) => {
                i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60 + i64::from(time.second())
            }
        }
    }

    /// The day that a pause or resumption belongs to: after closing time, the next one.
    fn business_day(&self, instant: Timestamp) -> i32 {
        let second = self.local_second(instant);
        let closed = second.rem_euclid(DAY_SECONDS) >= self.closing_second();
        i32::try_from(second.div_euclid(DAY_SECONDS)).unwrap_or(i32::MAX).saturating_add(i32::from(closed))
    }

    /// The date of [`ClockRules::business_day`].
    pub(crate) fn business_date(&self, instant: Timestamp) -> Date {
        day::date(self.business_day(instant))
    }

    fn end_of_day(&self, number: i32) -> Timestamp {
        let second =
            i64::from(number) * DAY_SECONDS + self.closing_second() - i64::from(self.offset.seconds());
        Timestamp::from_second(second).unwrap_or(if second < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }
}

impl Clock {
    pub fn new(started_at: Timestamp, limit: Limit) -> Clock {
        Clock { started_at, limit, pauses: Vec::new(), extensions: Vec::new(), closes: None }
    }

    /// The limit including all extensions.
    pub fn total(&self) -> Limit {
        let more = self.extensions.iter().fold(0_u32, |sum, extension| sum.saturating_add(extension.amount));
        Limit::new(self.limit.amount.saturating_add(more), self.limit.unit)
    }

    /// When the clock runs out. `now` matters only while a pause is open.
    pub fn due(&self, calendar: &Calendar, rules: &ClockRules, now: Timestamp) -> Due {
        match self.limit.unit.day_unit() {
            Some(unit) => self.course(calendar, rules, unit, now).due(),
            None => self.due_by_hours(rules, now),
        }
    }

    pub(crate) fn course<'a>(
        &'a self,
        calendar: &'a Calendar,
        rules: &'a ClockRules,
        unit: DayUnit,
        now: Timestamp,
    ) -> Course<'a> {
        let spans = if self.pauses.is_empty() { Vec::new() } else { self.paused_days(rules, now, false) };
        Course::new(self, calendar, rules, unit, spans)
    }

    /// The days that pauses cover. An open pause ends now; with `through_today` it covers today as well.
    pub(crate) fn paused_days(
        &self,
        rules: &ClockRules,
        now: Timestamp,
        through_today: bool,
    ) -> Vec<Span<i32>> {
        merged(self.pauses.iter().map(|pause| day_span(pause, rules, now, through_today)))
    }

    fn due_by_hours(&self, rules: &ClockRules, now: Timestamp) -> Due {
        let total = self.total();
        let unit = self.limit.unit.seconds().unwrap_or(1);
        let run = i128::from(total.amount) * i128::from(unit) * 1_000_000_000;
        let start = self.started_at.as_nanosecond();
        let mut end = start + run;
        for span in self.paused_time(now) {
            let from = span.from.max(start);
            if from >= end || span.to <= from {
                continue;
            }
            end += span.to - from;
        }
        let due_at = instant(end);
        let paused = (end - start - run) / (i128::from(unit) * 1_000_000_000);
        Due {
            due_at,
            due_on: rules.day_of(due_at),
            open: self.pauses.iter().any(|pause| pause.is_open() && pause.from < due_at),
            counted: total.amount,
            skipped: 0,
            paused: u32::try_from(paused).unwrap_or(u32::MAX),
            provisional_years: Vec::new(),
        }
    }

    /// The spans that pauses cover, in nanoseconds; an open pause ends now.
    pub(crate) fn paused_time(&self, now: Timestamp) -> Vec<Span<i128>> {
        merged(self.pauses.iter().map(|pause| Span {
            from: pause.from.as_nanosecond(),
            to: pause.to.unwrap_or(now.max(pause.from)).as_nanosecond(),
        }))
    }
}

pub(crate) fn day_span(pause: &Pause, rules: &ClockRules, now: Timestamp, through_today: bool) -> Span<i32> {
    let from = rules.business_day(pause.from);
    let to = match pause.to {
        Some(to) => rules.business_day(to),
        None if through_today => rules.local_day(now).saturating_add(1),
        None => rules.business_day(now),
    };
    Span { from, to }
}

fn instant(nanosecond: i128) -> Timestamp {
    Timestamp::from_nanosecond(nanosecond).unwrap_or(if nanosecond < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// A clock that counts days, evaluated on a calendar.
#[derive(Debug)]
pub(crate) struct Course<'a> {
    pub clock: &'a Clock,
    pub calendar: &'a Calendar,
    pub rules: &'a ClockRules,
    pub unit: DayUnit,
    pub spans: Vec<Span<i32>>,
    pub start: i32,
    /// The last day before it is rolled over rest days.
    pub nominal: i32,
    pub due: i32,
}

impl<'a> Course<'a> {
    fn new(
        clock: &'a Clock,
        calendar: &'a Calendar,
        rules: &'a ClockRules,
        unit: DayUnit,
        spans: Vec<Span<i32>>,
    ) -> Course<'a> {
        let total = i32::try_from(clock.total().amount).unwrap_or(i32::MAX);
        let same_day = unit == DayUnit::Working && total == 0;
        let closed = |closes: Time| rules.offset.to_datetime(clock.started_at).time() >= closes;
        let after_hours = same_day && clock.closes.is_some_and(closed);
        let start = rules.local_day(clock.started_at).saturating_add(i32::from(after_hours));
        let mut course = Course { clock, calendar, rules, unit, spans, start, nominal: start, due: start };
        course.nominal = course.nth_counted(start, total, unit);
        course.due = course.nominal;
        let rolls = same_day || unit == DayUnit::Calendar && total > 0 && rules.roll_rest_day;
        if rolls && !calendar.works(course.nominal) {
            course.due = course.nth_counted(course.nominal, 1, DayUnit::Working);
        }
        course
    }

    /// The n-th counted day after `after`, excluding the pauses.
    fn nth_counted(&self, after: i32, n: i32, unit: DayUnit) -> i32 {
        let (mut after, mut left) = (after, n);
        if left == 0 {
            return after;
        }
        for span in &self.spans {
            if span.to <= after.saturating_add(1) {
                continue;
            }
            let before = (span.from - 1).max(after);
            let available = self.units(unit, after, before);
            if available >= left {
                break;
            }
            left -= available;
            after = span.to - 1;
        }
        match unit {
            DayUnit::Calendar => day::held(after.saturating_add(left)),
            DayUnit::Working => {
                day::held(self.calendar.select(self.calendar.count_up_to(after).saturating_add(left)))
            }
        }
    }

    /// Days of the unit in (after, to], whether paused or not.
    pub(crate) fn units(&self, unit: DayUnit, after: i32, to: i32) -> i32 {
        match unit {
            DayUnit::Calendar => to - after,
            DayUnit::Working => self.calendar.count_up_to(to) - self.calendar.count_up_to(after),
        }
    }

    /// Days of the unit in (after, to] that pauses exclude.
    pub(crate) fn paused_units(&self, after: i32, to: i32) -> i32 {
        self.spans
            .iter()
            .map(|span| (span.from.max(after.saturating_add(1)), span.to.min(to.saturating_add(1))))
            .filter(|(from, to)| from < to)
            .map(|(from, to)| self.units(self.unit, from - 1, to - 1))
            .sum()
    }

    pub(crate) fn is_paused(&self, number: i32) -> bool {
        self.spans.iter().any(|span| span.from <= number && number < span.to)
    }

    pub(crate) fn due(&self) -> Due {
        let (start_on, due_on) = (day::date(self.start), day::date(self.due));
        let rolled = self.due != self.nominal;
        let (counted, paused) = if rolled {
            let last = self.nominal - 1;
            let before = self.paused_units(self.start, last);
            let counted = (self.units(self.unit, self.start, last.max(self.start)) - before).max(0) + 1;
            (counted, before + self.paused_working_days(self.nominal - 1, self.due))
        } else {
            let paused = self.paused_units(self.start, self.due);
            (self.units(self.unit, self.start, self.due) - paused, paused)
        };
        // Calendar days that are not rolled do not depend on working days.
        let asks_calendar = self.unit == DayUnit::Working || self.rules.roll_rest_day;
        Due {
            due_at: self.rules.end_of_day(self.due),
            due_on,
            open: self.is_open(),
            counted: u32::try_from(counted).unwrap_or(0),
            skipped: u32::try_from(self.due - self.start - counted).unwrap_or(0),
            paused: u32::try_from(paused).unwrap_or(0),
            provisional_years: if asks_calendar {
                self.calendar.provisional_years(start_on, due_on)
            } else {
                Vec::new()
            },
        }
    }

    /// Working days in (after, to] that pauses exclude, which rolling over rest days passes.
    fn paused_working_days(&self, after: i32, to: i32) -> i32 {
        (after.saturating_add(1)..=to)
            .filter(|number| self.is_paused(*number) && self.calendar.works(*number))
            .fold(0, |sum, _| sum + 1)
    }

    /// Whether an open pause began on or before the last day, so that the last day still moves.
    pub(crate) fn is_open(&self) -> bool {
        self.clock
            .pauses
            .iter()
            .any(|pause| pause.is_open() && self.rules.business_day(pause.from) <= self.due)
    }
}
