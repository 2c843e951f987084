//! The result of a forecast.

use serde::Serialize;

/// Whether the service times behind a forecast were observed or declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Basis {
    /// Enough services of the line were observed.
    History { services: u32 },
    /// Too few were observed: the distribution is mostly the hall's declaration.
    Declared { services: u32 },
}

/// Minutes from now until the number is called.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Forecast {
    pub median_minutes: f64,
    /// Ends of the band that should hold 80 % of the waits.
    pub low_minutes: f64,
    pub high_minutes: f64,
    /// The mean, which minimises the squared error.
    pub expected_minutes: f64,
    /// Probability of being called before the windows close.
    pub reached_share: f64,
    pub basis: Basis,
}

/// The waits of one ticket over all paths, ascending; infinite where it was not called.
#[derive(Clone, Debug, PartialEq)]
pub struct Ensemble {
    waits: Vec<f32>,
}

impl Ensemble {
    pub fn new(mut waits: Vec<f32>) -> Self {
        waits.sort_unstable_by(f32::total_cmp);
        Self { waits }
    }

    /// Quantile at level `share`, linear between neighbours; infinite if empty.
    pub fn quantile(&self, share: f64) -> f64 {
        let Some(last) = self.waits.len().checked_sub(1) else { return f64::INFINITY };
        let at = (share * self.waits.len() as f64 - 0.5).clamp(0.0, last as f64);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
        let low = at as usize;
        let (below, above) = (f64::from(self.waits[low]), f64::from(self.waits[(low + 1).min(last)]));
        if above.is_infinite() { above.min(below) } else { below + (above - below) * (at - low as f64) }
    }

    /// Mean over the paths on which the ticket was called; NaN if there is none.
    pub fn mean(&self) -> f64 {
        let called = self.called();
        called.iter().map(|wait| f64::from(*wait)).sum::<f64>() / called.len() as f64
    }

    pub fn reached_share(&self) -> f64 {
        self.called().len() as f64 / self.waits.len() as f64
    }

    /// The share of paths below an outcome (ties count half): uniform on 0–1 for a calibrated forecast.
    pub fn rank(&self, outcome: f64) -> f64 {
        let below = self.waits.partition_point(|wait| f64::from(*wait) < outcome);
        let not_above = self.waits.partition_point(|wait| f64::from(*wait) <= outcome);
        (below + not_above) as f64 / 2.0 / self.waits.len() as f64
    }

    /// The forecast with its band between these two quantile levels.
    pub fn forecast(&self, band: (f64, f64), basis: Basis) -> Forecast {
        let median = self.quantile(0.5);
        Forecast {
            median_minutes: median,
            low_minutes: self.quantile(band.0).min(median),
            high_minutes: self.quantile(band.1).max(median),
            expected_minutes: self.mean(),
            reached_share: self.reached_share(),
            basis,
        }
    }

    fn called(&self) -> &[f32] {
        let called = self.waits.partition_point(|wait| wait.is_finite());
        &self.waits[..called]
    }
}
