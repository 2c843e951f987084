//! Conformal calibration of the forecast band.
//!
//! Simulated paths miss some causes (a slow clerk, a group that comes together), so their own 10 % and 90 %
//! quantiles cover too little. Therefore the ranks of recent outcomes among their paths are kept by line, and
//! the band lies between the 10 % and 90 % quantiles of those ranks, regardless of why the paths are wrong.

use std::collections::VecDeque;

/// Outcomes kept per line, the latest.
const KEPT: usize = 600;
/// Weight of the prior, in outcomes: that many outcomes at the slightly wide band [`WIDE`].
const DECLARED: f64 = 30.0;
const WIDE: (f64, f64) = (0.07, 0.93);
const OUTSIDE: f64 = 0.1;

#[derive(Clone, Debug, Default)]
pub struct Calibration {
    lines: Vec<Ranks>,
}

#[derive(Clone, Debug, Default)]
struct Ranks {
    recent: VecDeque<f32>,
    sorted: Vec<f32>,
}

impl Calibration {
    pub fn new(lines: usize) -> Self {
        Self { lines: vec![Ranks::default(); lines] }
    }

    /// Adds an outcome by its rank among its own paths ([`super::Ensemble::rank`]).
    pub fn learn(&mut self, line: usize, rank: f64) {
        let ranks = &mut self.lines[line];
        #[expect(clippy::cast_possible_truncation, reason = "a share")]
        let rank = rank as f32;
        if ranks.recent.len() == KEPT
            && let Some(oldest) = ranks.recent.pop_front()
        {
            let place = ranks.sorted.partition_point(|other| *other < oldest);
            ranks.sorted.remove(place);
        }
        ranks.recent.push_back(rank);
        let place = ranks.sorted.partition_point(|other| *other < rank);
        ranks.sorted.insert(place, rank);
    }

    /// The outcomes kept, oldest first; [`Calibration::learn`] in this order gives the same bands.
    pub fn ranks(&self, line: usize) -> impl Iterator<Item = f32> + '_ {
        self.lines[line].recent.iter().copied()
    }

    /// The quantile levels of the paths between which 80 % of the line's outcomes fall.
    pub fn band(&self, line: usize) -> (f64, f64) {
        let sorted = &self.lines[line].sorted;
        let count = sorted.len() as f64;
        let trust = count / (count + DECLARED);
        let at = |share: f64, wide: f64| {
            let seen = quantile(sorted, share).unwrap_or(wide);
            trust * seen + (1.0 - trust) * wide
        };
        (at(OUTSIDE, WIDE.0), at(1.0 - OUTSIDE, WIDE.1))
    }
}

/// Conformal quantile: rank `share · (n + 1)` of the ascending `sorted` (ranks, 0–1), linear between
/// neighbours; `None` if empty.
fn quantile(sorted: &[f32], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = (share * (sorted.len() + 1) as f64 - 1.0).clamp(0.0, last as f64);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
    let low = at as usize;
    let (below, above) = (f64::from(sorted[low]), f64::from(sorted[(low + 1).min(last)]));
    Some(below + (above - below) * (at - low as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::{Basis, Ensemble};
    use crate::simulate::{Bits, Split};

    #[test]
    fn a_band_that_was_too_narrow_comes_to_cover_four_in_five_again_after_every_change() {
        let mut chance = Split::new(1);
        let mut calibration = Calibration::new(1);
        // The true spread is 1.6 times that of the paths, then 0.7 times.
        for spread in [1.6, 0.7] {
            let mut covered = 0;
            for round in 0..4_000 {
                let paths = (0..200).map(|_| (20.0 + 4.0 * chance.normal()) as f32).collect();
                let ensemble = Ensemble::new(paths);
                let outcome = 20.0 + 4.0 * spread * chance.normal();
                let band = calibration.band(0);
                let forecast = ensemble.forecast(band, Basis::Declared { services: 0 });
                if round >= 1_000 {
                    covered += usize::from((forecast.low_minutes..=forecast.high_minutes).contains(&outcome));
                }
                calibration.learn(0, ensemble.rank(outcome));
            }
            let share = covered as f64 / 3_000.0;
            assert!((0.78..=0.82).contains(&share), "{share} at {spread}");
        }
    }

    #[test]
    fn without_experience_the_band_is_wide() {
        assert_eq!(Calibration::new(2).band(1), WIDE);
    }
}
