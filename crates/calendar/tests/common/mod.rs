//! The published days of 2019–2026, and a simple calendar and clock that walk day by day.

#![allow(dead_code, reason = "each test binary uses its own part")]

use calendar::{
    Calendar, Clock, ClockRules, Date, DayEnd, DayKind, DayRule, LimitUnit, Timestamp, YearTable,
};
use std::collections::BTreeMap;

pub const PUBLISHED: &str = include_str!("../data/cn-holidays.csv");

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn published_tables() -> Vec<YearTable> {
    let mut years: BTreeMap<i16, Vec<DayRule>> = BTreeMap::new();
    for line in PUBLISHED.lines().skip(1) {
        let [day, kind, name] = line.split(',').collect::<Vec<_>>()[..] else { panic!("row {line}") };
        let kind = match kind {
            "holiday" => DayKind::Holiday,
            "makeup_workday" => DayKind::MakeupWorkday,
            other => panic!("kind {other}"),
        };
        let rule = DayRule { date: date(day), kind, name: name.into() };
        years.entry(rule.date.year()).or_default().push(rule);
    }
    years.into_iter().map(|(year, days)| YearTable { year, notice: None, days }).collect()
}

pub fn published() -> Calendar {
    Calendar::new(published_tables()).unwrap()
}

/// A straightforward calendar and clock for comparison.
pub struct Naive {
    pub rules: BTreeMap<Date, DayKind>,
}

impl Naive {
    pub fn new(tables: &[YearTable]) -> Naive {
        let rules = tables.iter().flat_map(|table| &table.days).map(|rule| (rule.date, rule.kind)).collect();
        Naive { rules }
    }

    pub fn works(&self, day: Date) -> bool {
        match self.rules.get(&day) {
            Some(kind) => *kind == DayKind::MakeupWorkday,
            None => day.weekday().to_monday_one_offset() <= 5,
        }
    }

    pub fn add(&self, start: Date, n: u32) -> Date {
        let mut day = start;
        let mut left = n;
        while left > 0 {
            day = day.tomorrow().unwrap();
            left -= u32::from(self.works(day));
        }
        day
    }

    /// The due day, the counted days, and the days excluded by a pause alone, of a clock that counts days.
    pub fn due(&self, clock: &Clock, rules: &ClockRules, now: Timestamp) -> (Date, Vec<Date>, Vec<Date>) {
        let working = clock.limit.unit == LimitUnit::WorkingDays;
        let total = clock.limit.amount + clock.extensions.iter().map(|e| e.amount).sum::<u32>();
        let mut day = local(rules, clock.started_at);
        let (mut counted, mut paused) = (Vec::new(), Vec::new());
        if total == 0 && working && !self.works(day) {
            let (on, days, more) = self.next_free(day, clock, rules, now);
            return (on, days, more);
        }
        while counted.len() < total as usize {
            day = day.tomorrow().unwrap();
            if working && !self.works(day) {
                continue;
            }
            if is_paused(clock, rules, now, day, false) { paused.push(day) } else { counted.push(day) }
        }
        if !working && total > 0 && rules.roll_rest_day && !self.works(day) {
            counted.pop();
            let (on, days, more) = self.next_free(day, clock, rules, now);
            counted.extend(days);
            paused.extend(more);
            return (on, counted, paused);
        }
        (day, counted, paused)
    }

    fn next_free(
        &self,
        mut day: Date,
        clock: &Clock,
        rules: &ClockRules,
        now: Timestamp,
    ) -> (Date, Vec<Date>, Vec<Date>) {
        let mut paused = Vec::new();
        loop {
            day = day.tomorrow().unwrap();
            if self.works(day) && !is_paused(clock, rules, now, day, false) {
                return (day, vec![day], paused);
            }
            if self.works(day) {
                paused.push(day);
            }
        }
    }

    pub fn used(&self, clock: &Clock, rules: &ClockRules, now: Timestamp) -> u32 {
        let (mut day, today) = (local(rules, clock.started_at), local(rules, now));
        let mut used = 0;
        while day < today {
            day = day.tomorrow().unwrap();
            let of_unit = clock.limit.unit == LimitUnit::CalendarDays || self.works(day);
            used += u32::from(of_unit && !is_paused(clock, rules, now, day, true));
        }
        used
    }
}

pub fn local(rules: &ClockRules, instant: Timestamp) -> Date {
    rules.offset.to_datetime(instant).date()
}

fn business(rules: &ClockRules, instant: Timestamp) -> Date {
    let moment = rules.offset.to_datetime(instant);
    match rules.day_end {
        DayEnd::At(close) if moment.time() >= close => moment.date().tomorrow().unwrap(),
        _ => moment.date(),
    }
}

/// The rule itself: the day on which the pause begins is excluded, the day of resumption is not.
fn is_paused(clock: &Clock, rules: &ClockRules, now: Timestamp, day: Date, through_today: bool) -> bool {
    clock.pauses.iter().any(|pause| {
        let to = match pause.to {
            Some(to) => business(rules, to),
            None if through_today => local(rules, now).tomorrow().unwrap(),
            None => business(rules, now),
        };
        business(rules, pause.from) <= day && day < to
    })
}
