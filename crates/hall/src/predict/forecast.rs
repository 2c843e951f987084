//! What a forecast says.

use serde::Serialize;

/// What the service times behind a forecast stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Basis {
    /// Enough services of the line were seen.
    History { services: u32 },
    /// Too few were: mostly what the hall declares.
    Declared { services: u32 },
}

/// Minutes from now until the number is called.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Forecast {
    pub median_minutes: f64,
    /// Four in five are called between these.
    pub low_minutes: f64,
    pub high_minutes: f64,
    /// The mean; least in squared error.
    pub expected_minutes: f64,
    /// Chance of being called at all before the windows close.
    pub reached_share: f64,
    pub basis: Basis,
}

/// The waits of one ticket over all paths, in rising order; infinite where it was not called.
#[derive(Clone, Debug, PartialEq)]
pub struct Ensemble {
    waits: Vec<f32>,
}

impl Ensemble {
    pub fn new(mut waits: Vec<f32>) -> Self {
        waits.sort_unstable_by(f32::total_cmp);
        Self { waits }
    }

    /// The wait below which this share of the paths lies, straight lines between neighbours.
    pub fn quantile(&self, share: f64) -> f64 {
        let Some(last) = self.waits.len().checked_sub(1) else { return f64::INFINITY };
        let at = (share * self.waits.len() as f64 - 0.5).clamp(0.0, last as f64);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
        let low = at as usize;
        let (below, above) = (f64::from(self.waits[low]), f64::from(self.waits[(low + 1).min(last)]));
        if above.is_infinite() { above.min(below) } else { below + (above - below) * (at - low as f64) }
    }

    /// Mean over the paths on which it was called.
    pub fn mean(&self) -> f64 {
        let called = self.called();
        called.iter().map(|wait| f64::from(*wait)).sum::<f64>() / called.len() as f64
    }

    pub fn reached_share(&self) -> f64 {
        self.called().len() as f64 / self.waits.len() as f64
    }

    /// The share of paths below an outcome: even between 0 and 1 for forecasts that know how unsure they are.
    pub fn rank(&self, outcome: f64) -> f64 {
        let below = self.waits.partition_point(|wait| f64::from(*wait) < outcome);
        let not_above = self.waits.partition_point(|wait| f64::from(*wait) <= outcome);
        (below + not_above) as f64 / 2.0 / self.waits.len() as f64
    }

    /// With the band between these shares of the paths.
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
