//! Samplers of service times: whole, or the rest given the time already spent.

use super::random::{Bits, Tables, exponential, normal};
use crate::model::ServiceTime;

#[derive(Clone, Debug)]
pub enum Sampler {
    Lognormal { log_mean: f64, log_deviation: f64 },
    Exponential { mean: f64 },
    Fixed { minutes: f64 },
    Empirical { minutes: Vec<f64> },
}

impl Sampler {
    pub fn new(time: &ServiceTime) -> Self {
        match time {
            ServiceTime::Lognormal { mean_minutes, cv } => {
                let variance = (1.0 + cv * cv).ln();
                Self::Lognormal {
                    log_mean: mean_minutes.ln() - variance / 2.0,
                    log_deviation: variance.sqrt(),
                }
            }
            ServiceTime::Exponential { mean_minutes } => Self::Exponential { mean: *mean_minutes },
            ServiceTime::Deterministic { minutes } => Self::Fixed { minutes: *minutes },
            ServiceTime::Empirical { minutes } => Self::Empirical { minutes: minutes.clone() },
        }
    }

    /// Draws a whole service time.
    #[inline]
    pub fn fresh<B: Bits>(&self, from: &mut B) -> f64 {
        self.draw(from, Tables::get())
    }

    #[inline]
    pub(super) fn draw<B: Bits>(&self, from: &mut B, tables: &Tables) -> f64 {
        match self {
            Self::Exponential { mean } => mean * exponential(from, tables),
            Self::Lognormal { log_mean, log_deviation } => {
                (log_mean + log_deviation * normal(from, tables)).exp()
            }
            Self::Fixed { minutes } => *minutes,
            Self::Empirical { minutes } => between(minutes, from.unit()),
        }
    }

    /// Remaining minutes of a service that has lasted `age`, at the quantile `unit` in (0, 1): continuous in
    /// `age` for a fixed `unit`.
    pub fn remaining(&self, age: f64, unit: f64) -> f64 {
        match self {
            Self::Exponential { mean } => -mean * (1.0 - unit).ln(),
            Self::Lognormal { log_mean, log_deviation } => {
                if age <= 0.0 || *log_deviation == 0.0 {
                    let z = normal_inverse(unit);
                    return ((log_mean + log_deviation * z).exp() - age).max(0.0);
                }
                let reached = (age.ln() - log_mean) / log_deviation;
                let z = -normal_inverse(normal_beyond(reached) * (1.0 - unit));
                ((log_mean + log_deviation * z).exp() - age).max(0.0)
            }
            Self::Fixed { minutes } => (minutes - age).max(0.0),
            Self::Empirical { minutes } => {
                let reached = place_of(minutes, age);
                if reached >= 1.0 {
                    // Longer than any observation: only the order of magnitude is known, so exponential with
                    // the observed mean.
                    let mean = minutes.iter().sum::<f64>() / minutes.len().max(1) as f64;
                    return -mean * (1.0 - unit).ln();
                }
                (between(minutes, reached + (1.0 - reached) * unit) - age).max(0.0)
            }
        }
    }
}

/// The quantile of sorted observations at level `share`, linear between neighbours.
fn between(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
    let low = (at as usize).min(sorted.len() - 1);
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (sorted[high] - sorted[low]) * (at - low as f64)
}

/// The share of sorted observations below a value: the inverse of [`between`].
fn place_of(sorted: &[f64], value: f64) -> f64 {
    let above = sorted.partition_point(|seen| *seen <= value);
    if above == 0 {
        return 0.0;
    }
    if above == sorted.len() {
        return 1.0;
    }
    let (low, high) = (sorted[above - 1], sorted[above]);
    ((above - 1) as f64 + (value - low) / (high - low)) / (sorted.len() - 1) as f64
}

/// Upper tail of the standard normal distribution; relative error about 10^-7, far into the tail.
pub fn normal_beyond(z: f64) -> f64 {
    // Numerical Recipes' Chebyshev fit of the complementary error function: relative error below 1.2e-7 everywhere.
    let x = z.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.5 * x);
    const C: [f64; 10] = [
        -1.265_512_23,
        1.000_023_68,
        0.374_091_96,
        0.096_784_18,
        -0.186_288_06,
        0.278_868_07,
        -1.135_203_98,
        1.488_515_87,
        -0.822_152_23,
        0.170_872_77,
    ];
    let poly = C.iter().rev().fold(0.0, |sum, c| sum * t + c);
    let half = 0.5 * t * (-x * x + poly).exp();
    if z >= 0.0 { half } else { 1.0 - half }
}

/// Quantile of the standard normal distribution (Acklam; relative error below 1.2e-9).
pub fn normal_inverse(share: f64) -> f64 {
    const A: [f64; 6] = [
        -39.696_830_286_653_76,
        220.946_098_424_520_5,
        -275.928_510_446_968_7,
        138.357_751_867_269,
        -30.664_798_066_147_16,
        2.506_628_277_459_239,
    ];
    const B: [f64; 6] = [
        -54.476_098_798_224_06,
        161.585_836_858_040_9,
        -155.698_979_859_886_6,
        66.801_311_887_719_72,
        -13.280_681_552_885_72,
        1.0,
    ];
    const C: [f64; 6] = [
        -0.007_784_894_002_430_293,
        -0.322_396_458_041_136_5,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 5] = [
        0.007_784_695_709_041_462,
        0.322_467_129_070_039_8,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
        1.0,
    ];
    let at = |coefficients: &[f64], x: f64| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    let tail = |p: f64| {
        let q = (-2.0 * p.ln()).sqrt();
        at(&C, q) / at(&D, q)
    };
    let share = share.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);
    if share < 0.024_25 {
        tail(share)
    } else if share > 1.0 - 0.024_25 {
        -tail(1.0 - share)
    } else {
        let q = share - 0.5;
        let r = q * q;
        at(&A, r) * q / at(&B, r)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::random::{Split, Xoshiro};

    #[test]
    fn the_normal_functions_undo_each_other() {
        for step in -80..=80 {
            let z = f64::from(step) / 10.0;
            let beyond = normal_beyond(z);
            let back = -normal_inverse(beyond);
            // Above 6 the lower probability is too near 1 for the 53 bits of a double.
            if z > -6.0 {
                assert!((back - z).abs() < 2e-6, "{z} {back}");
            }
        }
    }

    #[test]
    fn what_remains_after_an_age_is_what_is_left_of_those_who_reached_it() {
        let times = [
            ServiceTime::Lognormal { mean_minutes: 8.0, cv: 0.8 },
            ServiceTime::Exponential { mean_minutes: 8.0 },
            ServiceTime::Empirical { minutes: (1..=40).map(f64::from).collect() },
            ServiceTime::Deterministic { minutes: 9.0 },
        ];
        for time in times {
            let sampler = Sampler::new(&time);
            let mut chance = Xoshiro::new(4);
            let tables = Tables::get();
            let age = 6.0;
            let mut fresh: Vec<f64> = (0..200_000)
                .map(|_| sampler.draw(&mut chance, tables) - age)
                .filter(|remaining| *remaining > 0.0)
                .collect();
            fresh.sort_by(f64::total_cmp);
            for unit in [0.1, 0.5, 0.9] {
                let wanted = fresh[(unit * fresh.len() as f64) as usize];
                let got = sampler.remaining(age, unit);
                assert!((got - wanted).abs() < 0.02 * (wanted + 5.0), "{time:?} {unit}: {got} {wanted}");
            }
        }
    }

    #[test]
    fn an_age_beyond_all_experience_still_ends() {
        let sampler = Sampler::new(&ServiceTime::Lognormal { mean_minutes: 8.0, cv: 0.5 });
        let mut chance = Split::new(1);
        for _ in 0..100 {
            let remaining = sampler.remaining(400.0, chance.open_unit());
            assert!(remaining.is_finite() && remaining >= 0.0);
        }
    }
}
