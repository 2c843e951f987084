//! Sums and quantiles of durations.

use serde::Serialize;

use crate::hours::Hours;
use crate::lives::Life;
use crate::log::Side;

/// Distribution of durations in seconds; all zero when there are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Spread {
    pub count: u64,
    pub sum_seconds: i64,
    pub median_seconds: i64,
    pub p90_seconds: i64,
}

impl Spread {
    /// The median of an even count is the mean of the two middle values, rounded down to a second.
    pub fn of(values: &mut [i64]) -> Self {
        if values.is_empty() {
            return Self::default();
        }
        values.sort_unstable();
        let middle = values.len() / 2;
        let median = match values.len() % 2 {
            0 => (values[middle - 1] + values[middle]).div_euclid(2),
            _ => values[middle],
        };
        Self {
            count: values.len() as u64,
            sum_seconds: values.iter().sum(),
            median_seconds: median,
            p90_seconds: values[(values.len() * 9).div_ceil(10).saturating_sub(1)],
        }
    }
}

/// Where the time of an activity or department went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Times {
    pub name: String,
    /// Number of executions.
    pub times: u64,
    /// Number of cases with an execution.
    pub cases: u64,
    /// From ready to started, plus suspended time.
    pub waiting: Spread,
    /// From started to completed, without suspended time.
    pub working: Spread,
    /// From ready to completed, where the log does not tell waiting and working apart.
    pub undivided: Spread,
    /// Time of the applicant.
    pub applicant: Spread,
    /// From ready to completed, of every execution.
    pub whole: Spread,
}

/// Collects executions for [`Times`].
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    pub times: u64,
    pub cases: u64,
    last_case: Option<usize>,
    waiting: Vec<i64>,
    working: Vec<i64>,
    undivided: Vec<i64>,
    applicant: Vec<i64>,
    whole: Vec<i64>,
}

impl Gathered {
    pub fn take(&mut self, life: &Life, case: usize, hours: &Hours) {
        self.times += 1;
        if self.last_case != Some(case) {
            self.last_case = Some(case);
            self.cases += 1;
        }
        let whole = hours.between(life.ready_at, life.ended_at);
        self.whole.push(whole);
        match (life.side, life.started_at) {
            (Side::Applicant, _) => self.applicant.push(whole),
            (Side::Office, Some(at)) => {
                let aside: i64 =
                    life.aside.iter().map(|(from, to)| hours.between((*from).max(at), *to)).sum();
                let waiting = hours.between(life.ready_at, at) + aside;
                self.waiting.push(waiting);
                self.working.push(whole - waiting);
            }
            (Side::Office, None) => self.undivided.push(whole),
        }
    }

    pub fn sum_up(mut self, name: &str) -> Times {
        Times {
            name: name.to_owned(),
            times: self.times,
            cases: self.cases,
            waiting: Spread::of(&mut self.waiting),
            working: Spread::of(&mut self.working),
            undivided: Spread::of(&mut self.undivided),
            applicant: Spread::of(&mut self.applicant),
            whole: Spread::of(&mut self.whole),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreads_are_those_of_the_textbook() {
        assert_eq!(Spread::of(&mut []), Spread::default());
        let spread = Spread::of(&mut [5, 1, 3, 2]);
        assert_eq!(
            (spread.count, spread.sum_seconds, spread.median_seconds, spread.p90_seconds),
            (4, 11, 2, 5)
        );
        let spread = Spread::of(&mut (1..=10).rev().collect::<Vec<_>>());
        assert_eq!((spread.median_seconds, spread.p90_seconds), (5, 9));
        assert_eq!(Spread::of(&mut [7]).p90_seconds, 7);
    }
}
