//! Warning levels of supervision. The thresholds are the zone's.

use crate::status::{Phase, Status};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// At most so many units of the limit are left.
    Left(u32),
    /// At least this percentage of the limit is used.
    UsedPercent(u8),
}

/// The thresholds of the levels; a zone may use only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    #[serde(default)]
    pub yellow: Option<Threshold>,
    #[serde(default)]
    pub red: Option<Threshold>,
}

/// Ordered by increasing urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningLevel {
    None,
    Yellow,
    Red,
    Overdue,
}

impl Threshold {
    pub fn is_reached(self, status: &Status) -> bool {
        match self {
            Threshold::Left(units) => status.remaining <= i64::from(units),
            Threshold::UsedPercent(percent) => {
                u64::from(status.used) * 100 >= u64::from(status.total) * u64::from(percent)
            }
        }
    }
}

impl Thresholds {
    /// The most urgent level that the status reaches.
    pub fn level(&self, status: &Status) -> WarningLevel {
        if status.phase == Phase::Overdue {
            WarningLevel::Overdue
        } else if status.phase == Phase::NotStarted {
            WarningLevel::None
        } else if self.red.is_some_and(|threshold| threshold.is_reached(status)) {
            WarningLevel::Red
        } else if self.yellow.is_some_and(|threshold| threshold.is_reached(status)) {
            WarningLevel::Yellow
        } else {
            WarningLevel::None
        }
    }
}
