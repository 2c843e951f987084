//! The published error of the forecasts.

use serde::{Deserialize, Serialize};

/// Sums of forecast errors by line, since the beginning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    lines: Vec<Sums>,
}

/// Error sums of one line; the sums of several days add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sums {
    count: f64,
    error: f64,
    absolute: f64,
    square: f64,
    covered: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LineScore {
    pub line: usize,
    pub forecasts: u64,
    /// Mean of |median told − minutes waited|.
    pub mean_absolute_error_minutes: f64,
    /// Mean of wait − median told: positive when people waited longer.
    pub bias_minutes: f64,
    pub root_mean_square_minutes: f64,
    /// Share of waits inside the band told; the target is 0.8.
    pub coverage: f64,
}

impl Scores {
    pub fn new(lines: usize) -> Self {
        Self { lines: vec![Sums::default(); lines] }
    }

    pub fn add(&mut self, line: usize, told: &super::Forecast, waited_minutes: f64) {
        let sums = &mut self.lines[line];
        let error = waited_minutes - told.median_minutes;
        sums.count += 1.0;
        sums.error += error;
        sums.absolute += error.abs();
        sums.square += error * error;
        let inside = (told.low_minutes..=told.high_minutes).contains(&waited_minutes);
        sums.covered += if inside { 1.0 } else { 0.0 };
    }

    pub fn sums(&self, line: usize) -> Sums {
        self.lines[line]
    }

    /// Scores by line; lines without a forecast are left out.
    pub fn published(&self) -> Vec<LineScore> {
        self.lines.iter().enumerate().filter_map(|(line, sums)| sums.score(line)).collect()
    }
}

impl Sums {
    pub fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.error += other.error;
        self.absolute += other.absolute;
        self.square += other.square;
        self.covered += other.covered;
    }

    /// `None` before the first forecast.
    pub fn score(&self, line: usize) -> Option<LineScore> {
        (self.count > 0.0).then(|| LineScore {
            line,
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
            forecasts: self.count as u64,
            mean_absolute_error_minutes: self.absolute / self.count,
            bias_minutes: self.error / self.count,
            root_mean_square_minutes: (self.square / self.count).sqrt(),
            coverage: self.covered / self.count,
        })
    }
}
