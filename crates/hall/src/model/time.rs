//! Distributions of service time and patience.

use serde::{Deserialize, Serialize};

/// Distribution of the minutes that one ticket takes at a window of speed 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ServiceTime {
    /// `cv` is the coefficient of variation: standard deviation over mean.
    Lognormal {
        mean_minutes: f64,
        cv: f64,
    },
    Exponential {
        mean_minutes: f64,
    },
    Deterministic {
        minutes: f64,
    },
    /// Observed times, ascending; the distribution interpolates linearly between neighbours.
    Empirical {
        minutes: Vec<f64>,
    },
}

impl ServiceTime {
    pub fn mean_minutes(&self) -> f64 {
        match self {
            Self::Lognormal { mean_minutes, .. } | Self::Exponential { mean_minutes } => *mean_minutes,
            Self::Deterministic { minutes } => *minutes,
            Self::Empirical { minutes } => empirical_moment(minutes, |low, high| (low + high) / 2.0),
        }
    }

    /// Mean of the square.
    pub fn second_moment(&self) -> f64 {
        match self {
            Self::Lognormal { mean_minutes, cv } => mean_minutes * mean_minutes * (1.0 + cv * cv),
            Self::Exponential { mean_minutes } => 2.0 * mean_minutes * mean_minutes,
            Self::Deterministic { minutes } => minutes * minutes,
            Self::Empirical { minutes } => {
                empirical_moment(minutes, |low, high| (low * low + low * high + high * high) / 3.0)
            }
        }
    }

    pub(super) fn is_sound(&self) -> bool {
        let positive = |value: f64| value.is_finite() && value > 0.0;
        match self {
            Self::Lognormal { mean_minutes, cv } => positive(*mean_minutes) && cv.is_finite() && *cv >= 0.0,
            Self::Exponential { mean_minutes } => positive(*mean_minutes),
            Self::Deterministic { minutes } => positive(*minutes),
            Self::Empirical { minutes } => {
                !minutes.is_empty() && minutes.iter().all(|value| positive(*value)) && minutes.is_sorted()
            }
        }
    }
}

/// Mean over the intervals between neighbours, which are equally likely.
fn empirical_moment(minutes: &[f64], of_piece: impl Fn(f64, f64) -> f64) -> f64 {
    if minutes.len() == 1 {
        return of_piece(minutes[0], minutes[0]);
    }
    let pieces = minutes.windows(2);
    #[expect(clippy::cast_precision_loss, reason = "a number of observations")]
    let count = pieces.len() as f64;
    pieces.map(|pair| of_piece(pair[0], pair[1])).sum::<f64>() / count
}

/// How long people wait before they leave unserved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Default)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Patience {
    /// Nobody leaves before being called.
    #[default]
    Endless,
    Exponential {
        mean_minutes: f64,
    },
}
