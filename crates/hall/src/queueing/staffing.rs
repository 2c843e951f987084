//! The least number of servers that keeps a target, exactly.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::erlang::from_blocked;

/// “90 % under 15 min”.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Of all people, those who do not wait included; 0–1.
    pub share: f64,
    pub minutes: f64,
}

/// The least number of servers with which at least `target.share` of the people wait at most
/// `target.minutes`, for Poisson arrivals of `load` Erlang. 0 when nobody comes.
pub fn least_servers(load: f64, service_minutes: f64, target: Target) -> u32 {
    let allowed = 1.0 - target.share;
    if load <= 0.0 {
        return 0;
    }
    let mut blocked = 1.0;
    for servers in 1_u32.. {
        let count = f64::from(servers);
        let asked = load * blocked;
        blocked = asked / (count + asked);
        if count > load {
            let waiting = from_blocked(blocked, servers, load);
            if waiting * (-(count - load) * target.minutes / service_minutes).exp() <= allowed {
                return servers;
            }
        }
        // Beyond `load` the probability of waiting only falls; this stops a target of certainty, which no
        // number of servers meets.
        if blocked == 0.0 {
            return servers;
        }
    }
    u32::MAX
}

/// The text is not a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a target as \"90 % under 15 min\"")]
pub struct NotATarget;

impl FromStr for Target {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        let mut numbers = text
            .split(|c: char| !(c.is_ascii_digit() || c == '.'))
            .filter(|part| !part.is_empty())
            .map(str::parse::<f64>);
        let (Some(Ok(percent)), Some(Ok(minutes)), None) = (numbers.next(), numbers.next(), numbers.next())
        else {
            return Err(NotATarget);
        };
        if !(0.0..100.0).contains(&percent) || !minutes.is_finite() || !text.contains('%') {
            return Err(NotATarget);
        }
        Ok(Self { share: percent / 100.0, minutes })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} % under {} min", self.share * 100.0, self.minutes)
    }
}
