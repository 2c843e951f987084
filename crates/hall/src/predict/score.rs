//! The published error of the forecasts.

use serde::Serialize;

/// Forecasts against what became of them, by line, since the beginning.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    lines: Vec<Sums>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
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
    /// Positive when people waited longer than they were told.
    pub bias_minutes: f64,
    pub root_mean_square_minutes: f64,
    /// Share of waits inside the band told, which should be 0.8.
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

    /// Lines without a forecast yet are left out.
    pub fn published(&self) -> Vec<LineScore> {
        let scored = self.lines.iter().enumerate().filter(|(_, sums)| sums.count > 0.0);
        scored
            .map(|(line, sums)| LineScore {
                line,
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
                forecasts: sums.count as u64,
                mean_absolute_error_minutes: sums.absolute / sums.count,
                bias_minutes: sums.error / sums.count,
                root_mean_square_minutes: (sums.square / sums.count).sqrt(),
                coverage: sums.covered / sums.count,
            })
            .collect()
    }
}
