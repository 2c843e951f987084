//! What is added up for a zone, a department, an item, a thing, a channel or a month.

use crate::figures::Counted;
use store::TallyRow;

use crate::views::figures::{ACCEPTED, CASES, DECIDED, OPEN, RECEIVED, sums_of};

/// Sums over matters, and over whole cases where that is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub received: u64,
    /// Matters in which a correction was asked for, and how often it was.
    pub corrected: u64,
    pub corrections: u64,
    pub accepted: u64,
    pub deemed: u64,
    pub decided: u64,
    pub granted: u64,
    pub refused: u64,
    /// Decided on the day on which they were accepted.
    pub same_day: u64,
    /// Decided before the promised day, and by how many working days together.
    pub early: u64,
    pub early_days: u64,
    /// Decided before the statutory day, and by how many working days together.
    pub saved: u64,
    pub saved_days: u64,
    /// Decided, and some limit (intake, promise, statute, delivery) ran out on the way.
    pub late: u64,
    pub late_explained: u64,
    pub open: u64,
    pub green: u64,
    pub yellow: u64,
    pub red: u64,
    pub due_today: u64,
    pub overdue: u64,
    pub paused: u64,
    /// Open, and no clock runs any more: decided and still to be handed over, say.
    pub settled: u64,
    /// As `settled`, but a clock had run out first.
    pub settled_late: u64,
    /// Whole cases.
    pub cases: u64,
    pub reports: u64,
    /// By level, worst first: of whole cases for the zone, of matters for one department.
    pub ratings: [u64; 5],
    /// Questions, papers and visits that one form spared.
    pub questions_spared: i64,
    pub papers_spared: i64,
    pub visits_spared: i64,
}

impl Totals {
    /// Takes up a row of sums; `by_case` tells whether whole cases count, or their matters.
    pub(crate) fn add(&mut self, basis: &str, row: &TallyRow, by_case: bool) {
        let sum = |name: &str| {
            let place = sums_of(basis).iter().position(|each| *each == name);
            place.and_then(|place| row.measures.get(place)?.as_integer()).unwrap_or(0)
        };
        let count = |name: &str| u64::try_from(sum(name)).unwrap_or(0);
        let mut rate = || {
            for (place, name) in
                ["rated_1", "rated_2", "rated_3", "rated_4", "rated_5"].into_iter().enumerate()
            {
                self.ratings[place] += count(name);
            }
        };
        match basis {
            RECEIVED => {
                if !by_case {
                    rate();
                }
                self.received += count("matters");
                self.corrected += count("corrected");
                self.corrections += count("corrections");
            }
            ACCEPTED => {
                self.accepted += count("matters");
                self.deemed += count("deemed");
            }
            DECIDED => {
                self.decided += count("matters");
                self.granted += count("granted");
                self.refused += count("refused");
                self.same_day += count("same_day");
                self.early += count("early");
                self.early_days += count("early_days");
                self.saved += count("saved");
                self.saved_days += count("saved_days");
                self.late += count("late");
                self.late_explained += count("late_explained");
            }
            OPEN => {
                self.open += count("matters");
                self.green += count("green");
                self.yellow += count("yellow");
                self.red += count("red");
                self.due_today += count("due_today");
                self.overdue += count("overdue");
                self.paused += count("paused");
                self.settled += count("done");
                self.settled_late += count("done_late");
            }
            CASES if by_case => {
                rate();
                self.cases += count("matters");
                self.reports += count("reports");
                self.questions_spared += sum("questions");
                self.papers_spared += sum("papers");
                self.visits_spared += sum("visits");
            }
            _ => {}
        }
    }

    /// Open matters whose state has changed since the last act by the day alone.
    pub(crate) fn passed(&mut self, stored: &str, now: Counted, count: u64) {
        let from = match stored {
            "green" => &mut self.green,
            "yellow" => &mut self.yellow,
            "red" => &mut self.red,
            _ => &mut self.due_today,
        };
        *from = from.saturating_sub(count);
        *(if now == Counted::Overdue { &mut self.overdue } else { &mut self.due_today }) += count;
    }

    /// How many matters or cases are behind a figure.
    pub fn count(&self, what: Counted) -> u64 {
        match what {
            Counted::Received => self.received,
            Counted::Corrected => self.corrected,
            Counted::Accepted => self.accepted,
            Counted::Deemed => self.deemed,
            Counted::Decided => self.decided,
            Counted::Granted => self.granted,
            Counted::Refused => self.refused,
            Counted::Otherwise => self.decided.saturating_sub(self.granted + self.refused),
            Counted::SameDay => self.same_day,
            Counted::Early => self.early,
            Counted::Saved => self.saved,
            Counted::Late => self.late,
            Counted::LateExplained => self.late_explained,
            Counted::LateUnexplained => self.late.saturating_sub(self.late_explained),
            Counted::Open => self.open,
            Counted::Green => self.green,
            Counted::Yellow => self.yellow,
            Counted::Red => self.red,
            Counted::DueToday => self.due_today,
            Counted::Overdue => self.overdue,
            Counted::Paused => self.paused,
            Counted::Settled => self.settled,
            Counted::SettledLate => self.settled_late,
            Counted::Cases => self.cases,
            Counted::Reports => self.reports,
            Counted::Rated => self.ratings.iter().sum(),
            Counted::RatedBadly => self.ratings[..2].iter().sum(),
            Counted::RatedAt(level) => usize::from(level)
                .checked_sub(1)
                .and_then(|place| self.ratings.get(place))
                .copied()
                .unwrap_or(0),
        }
    }

    /// Corrections asked for each hundred matters.
    pub fn corrections_per_hundred(&self) -> Option<f64> {
        mean(self.corrections * 100, self.received)
    }

    /// Working days before the promised day, over those that were early.
    pub fn days_early_mean(&self) -> Option<f64> {
        mean(self.early_days, self.early)
    }

    /// Working days before the statutory day, over those that were.
    pub fn days_saved_mean(&self) -> Option<f64> {
        mean(self.saved_days, self.saved)
    }

    /// Mean level of the ratings, 1 to 5.
    pub fn rating_mean(&self) -> Option<f64> {
        let points = self.ratings.iter().zip(1..).map(|(count, level)| count * level).sum();
        mean(points, self.ratings.iter().sum())
    }

    /// Nothing was counted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Counts of cases stay far below where a float loses one.
#[allow(clippy::cast_precision_loss)]
fn mean(sum: u64, count: u64) -> Option<f64> {
    (count > 0).then(|| sum as f64 / count as f64)
}
