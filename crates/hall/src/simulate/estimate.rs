//! Means and quantiles over days, with confidence intervals.

use serde::Serialize;

use super::histogram::{BINS, quantile};

/// A mean over days, and the half width of its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    pub mean: f64,
    pub half_width: f64,
}

impl Spread {
    pub fn contains(&self, value: f64) -> bool {
        (self.mean - value).abs() <= self.half_width
    }

    pub fn low(&self) -> f64 {
        self.mean - self.half_width
    }

    pub fn high(&self) -> f64 {
        self.mean + self.half_width
    }

    /// Of independent values, by Student's t distribution.
    pub fn of(values: &[f64]) -> Self {
        let mut ratio = Ratio::default();
        values.iter().for_each(|value| ratio.add(*value, 1.0));
        ratio.spread()
    }
}

/// The ratio of two daily sums, such as minutes waited per person served: days weigh by their people, and the
/// interval is by the delta method. Days of one kind are a stratum: the difference between a Sunday and a
/// Monday is no uncertainty.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ratio {
    days: f64,
    pub over: f64,
    under: f64,
    over_over: f64,
    over_under: f64,
    under_under: f64,
    /// Of the closed strata: their number, and the squares of their sums over their days.
    strata: f64,
    between: [f64; 3],
    /// Days and sums before the stratum under way.
    before: [f64; 3],
}

impl Ratio {
    pub fn add(&mut self, over: f64, under: f64) {
        self.days += 1.0;
        self.over += over;
        self.under += under;
        self.over_over += over * over;
        self.over_under += over * under;
        self.under_under += under * under;
    }

    /// Closes a stratum. One of a single day has no variance and joins the next.
    pub fn end_stratum(&mut self) {
        let [days, over, under] =
            [self.days - self.before[0], self.over - self.before[1], self.under - self.before[2]];
        if days >= 2.0 {
            self.strata += 1.0;
            self.between[0] += over * over / days;
            self.between[1] += over * under / days;
            self.between[2] += under * under / days;
            self.before = [self.days, self.over, self.under];
        }
    }

    pub fn spread(mut self) -> Spread {
        self.end_stratum();
        if self.under <= 0.0 {
            return Spread { mean: 0.0, half_width: 0.0 };
        }
        let mean = self.over / self.under;
        let degrees = self.days - self.strata;
        if self.strata == 0.0 || degrees < 1.0 {
            return Spread { mean, half_width: f64::INFINITY };
        }
        let [over_over, over_under, under_under] = self.between;
        let squares = (self.over_over - over_over) - 2.0 * mean * (self.over_under - over_under)
            + mean * mean * (self.under_under - under_under);
        let variance = squares.max(0.0) / degrees;
        let per_day = self.under / self.days;
        Spread { mean, half_width: student(degrees) * (variance / self.days).sqrt() / per_day }
    }
}

/// A quantile of all waits; its interval comes from the quantiles of batches of days.
#[derive(Clone, Debug)]
pub(super) struct Quantile {
    share: f64,
    pub batches: Ratio,
}

impl Quantile {
    pub fn new(share: f64) -> Self {
        Self { share, batches: Ratio::default() }
    }

    pub fn add(&mut self, counts: &[u64; BINS]) {
        if let Some(wait) = quantile(counts, self.share) {
            self.batches.add(wait, 1.0);
        }
    }

    pub fn spread(&self, all: &[u64; BINS]) -> Spread {
        let mean = quantile(all, self.share).unwrap_or_default();
        Spread { mean, half_width: self.batches.spread().half_width }
    }
}

/// The 97.5 % quantile of Student's t distribution: Cornish–Fisher expansion, within 0.001 from four degrees
/// of freedom on.
pub(super) fn student(degrees: f64) -> f64 {
    const EXACT: [f64; 4] = [12.706, 4.303, 3.182, 2.776];
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "few degrees")]
    if degrees <= 4.0 {
        return EXACT[(degrees as usize).saturating_sub(1)];
    }
    let z: f64 = 1.959_964;
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    z + (z3 + z) / (4.0 * degrees)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * degrees.powi(2))
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * degrees.powi(3))
}
