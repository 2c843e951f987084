//! Shifts, and the quarter-hours that they cover.

use serde::Serialize;

use super::rules::{Rate, ShiftRules};
use crate::model::{QUARTERS, Span};

/// A set of quarter-hours of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Quarters(pub u128);

impl Quarters {
    pub fn of(span: Span) -> Self {
        (0..QUARTERS)
            .filter(|quarter| span.contains(*quarter as f64 * 15.0 + 7.5))
            .fold(Self(0), |set, quarter| Self(set.0 | 1 << quarter))
    }

    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..QUARTERS).filter(move |quarter| self.0 >> quarter & 1 == 1)
    }

    pub fn contains(self, quarter: usize) -> bool {
        self.0 >> quarter & 1 == 1
    }
}

/// One person at a desk of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Shift {
    pub pool: usize,
    pub span: Span,
    pub pause: Option<Span>,
}

impl Shift {
    pub fn quarters(&self) -> Quarters {
        let pause = self.pause.map_or(Quarters(0), Quarters::of);
        Quarters(Quarters::of(self.span).0 & !pause.0)
    }

    pub fn desk_minutes(&self) -> f64 {
        self.span.to - self.span.from - self.pause.map_or(0.0, |pause| pause.to - pause.from)
    }

    pub fn cost(&self, rates: &[Rate]) -> f64 {
        let at = |quarter: usize| {
            let middle = quarter as f64 * 15.0 + 7.5;
            rates.iter().find(|rate| rate.within.contains(middle)).map_or(0.0, |rate| rate.per_hour)
        };
        self.quarters().iter().map(|quarter| at(quarter) / 4.0).sum()
    }

    /// The rule that the shift breaks; `None` if it keeps them all.
    pub fn breach(&self, rules: &ShiftRules) -> Option<&'static str> {
        let length = self.span.to - self.span.from;
        if length < f64::from(rules.shortest_minutes) {
            return Some("too short");
        }
        if length > f64::from(rules.longest_minutes) {
            return Some("too long");
        }
        if self.span.from < rules.within.from || self.span.to > rules.within.to {
            return Some("outside the hall's hours");
        }
        let needs_pause = rules.pause.is_some_and(|rule| length > f64::from(rule.after_minutes));
        match (rules.pause, self.pause) {
            (_, None) if needs_pause => Some("without a break"),
            (Some(rule), Some(pause)) => {
                let right = pause.to - pause.from >= f64::from(rule.minutes)
                    && pause.from > self.span.from
                    && pause.to < self.span.to
                    && pauses(rules, self.span).contains(&pause);
                (!right).then_some("with its break at the wrong time")
            }
            _ => None,
        }
    }

    /// All shifts that the rules allow in a pool.
    pub fn all(pool: usize, rules: &ShiftRules) -> Vec<Self> {
        let step = f64::from(rules.step_minutes.max(15));
        let mut shifts = Vec::new();
        let mut from = rules.within.from;
        while from + f64::from(rules.shortest_minutes) <= rules.within.to {
            let mut length = f64::from(rules.shortest_minutes);
            while length <= f64::from(rules.longest_minutes) && from + length <= rules.within.to {
                let span = Span::new(from, from + length);
                let pauses = pauses(rules, span);
                if pauses.is_empty() {
                    shifts.push(Self { pool, span, pause: None });
                }
                shifts.extend(pauses.into_iter().map(|pause| Self { pool, span, pause: Some(pause) }));
                length += step;
            }
            from += step;
        }
        shifts
    }
}

/// Allowed positions of the break of a shift; empty when it needs none.
pub(super) fn pauses(rules: &ShiftRules, span: Span) -> Vec<Span> {
    let Some(rule) = rules.pause.filter(|rule| span.to - span.from > f64::from(rule.after_minutes)) else {
        return Vec::new();
    };
    let minutes = f64::from(rule.minutes);
    let places = |from: f64, to: f64| {
        let mut all = Vec::new();
        let mut at = (from / 15.0).ceil() * 15.0;
        while at + minutes <= to {
            all.push(Span::new(at, at + minutes));
            at += 15.0;
        }
        all
    };
    // At least an hour of work before and after the break.
    let asked = places(rule.within.from.max(span.from + 60.0), rule.within.to.min(span.to - 60.0));
    if !asked.is_empty() {
        return asked;
    }
    let third = (span.to - span.from) / 3.0;
    places(span.from + third, (span.to - third).max(span.from + third + minutes + 15.0))
}
