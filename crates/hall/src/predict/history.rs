//! Service times and arrivals learnt from past days, blended with the declared ones while observations are
//! few.

use std::collections::VecDeque;

use super::forecast::Basis;
use crate::model::{HallDay, QUARTERS, ServiceTime};

/// Weight of the declared distribution in services, and of the declared arrivals in days.
const DECLARED_SERVICES: f64 = 20.0;
const DECLARED_DAYS: f64 = 4.0;
/// From this many services on, the observed times are used as the (empirical) distribution.
const ENOUGH: usize = 120;
/// Services kept per line, the latest, so that a lasting change replaces the old times.
const KEPT: usize = 10_000;

#[derive(Clone, Debug)]
pub struct History {
    lines: Vec<OfLine>,
    lanes: usize,
    days: f64,
}

#[derive(Clone, Debug)]
struct OfLine {
    minutes: VecDeque<f64>,
    calls: f64,
    missing: f64,
    by_lane: Vec<f64>,
    by_quarter: Vec<f64>,
}

impl History {
    pub fn new(lines: usize, lanes: usize) -> Self {
        let line = OfLine {
            minutes: VecDeque::new(),
            calls: 0.0,
            missing: 0.0,
            by_lane: vec![0.0; lanes],
            by_quarter: vec![0.0; QUARTERS],
        };
        Self { lines: vec![line; lines], lanes, days: 0.0 }
    }

    /// Counts a walk-in at minute `at` of the day.
    pub fn walked_in(&mut self, line: usize, lane: usize, at: f64) {
        let of_line = &mut self.lines[line];
        of_line.by_lane[lane] += 1.0;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a quarter-hour of the day"
        )]
        let quarter = (at / 15.0) as usize;
        of_line.by_quarter[quarter.min(QUARTERS - 1)] += 1.0;
    }

    /// Adds a completed service, in minutes at a window of speed 1.
    pub fn served(&mut self, line: usize, minutes: f64) {
        let of_line = &mut self.lines[line];
        of_line.calls += 1.0;
        if of_line.minutes.len() == KEPT {
            of_line.minutes.pop_front();
        }
        of_line.minutes.push_back(minutes.max(0.05));
    }

    /// Counts a called person who did not come.
    pub fn missed(&mut self, line: usize) {
        self.lines[line].calls += 1.0;
        self.lines[line].missing += 1.0;
    }

    pub fn end_day(&mut self) {
        self.days += 1.0;
    }

    pub fn basis(&self, line: usize) -> Basis {
        let services = u32::try_from(self.lines[line].minutes.len()).unwrap_or(u32::MAX);
        if services as usize >= ENOUGH { Basis::History { services } } else { Basis::Declared { services } }
    }

    pub fn mean_minutes(&self, line: usize, declared: &HallDay) -> f64 {
        self.moments(line, &declared.lines[line].time).0
    }

    /// The declared day with what was learnt about its lines; lanes, windows, bookings and closing are
    /// unchanged.
    pub fn day(&self, declared: &HallDay) -> HallDay {
        let mut day = declared.clone();
        for (place, line) in day.lines.iter_mut().enumerate() {
            let seen = &self.lines[place];
            line.time = self.time(place, &line.time);
            let walked: f64 = seen.by_lane.iter().sum();
            for lane in 0..self.lanes {
                let declared = line.lane_shares[lane] * DECLARED_SERVICES;
                line.lane_shares[lane] = (seen.by_lane[lane] + declared) / (walked + DECLARED_SERVICES);
            }
            line.no_show_share =
                (seen.missing + line.no_show_share * DECLARED_SERVICES) / (seen.calls + DECLARED_SERVICES);
            // Without a declaration there is no prior to blend with.
            let is_declared = line.arrivals.iter().any(|expected| *expected > 0.0);
            let declared_days = if is_declared { DECLARED_DAYS } else { 0.0 };
            let days = self.days + declared_days;
            for (quarter, expected) in line.arrivals.iter_mut().enumerate() {
                if days > 0.0 {
                    *expected = (seen.by_quarter[quarter] + *expected * declared_days) / days;
                }
            }
        }
        day
    }

    fn time(&self, line: usize, declared: &ServiceTime) -> ServiceTime {
        let seen = &self.lines[line].minutes;
        if seen.len() >= ENOUGH {
            let mut minutes: Vec<f64> = seen.iter().copied().collect();
            minutes.sort_by(f64::total_cmp);
            return ServiceTime::Empirical { minutes };
        }
        let (mean_minutes, square) = self.moments(line, declared);
        let cv = (square / (mean_minutes * mean_minutes) - 1.0).max(0.0).sqrt();
        ServiceTime::Lognormal { mean_minutes, cv }
    }

    fn moments(&self, line: usize, declared: &ServiceTime) -> (f64, f64) {
        let seen = &self.lines[line].minutes;
        let weight = seen.len() as f64 + DECLARED_SERVICES;
        let blend = |sum: f64, declared: f64| (sum + declared * DECLARED_SERVICES) / weight;
        (
            blend(seen.iter().sum(), declared.mean_minutes()),
            blend(seen.iter().map(|minutes| minutes * minutes).sum(), declared.second_moment()),
        )
    }
}
