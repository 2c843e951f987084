//! Working-time rules of a roster, and its cost rates.

use serde::{Deserialize, Serialize};

use crate::model::Span;

/// Desks with the same skills.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pool {
    pub name: String,
    /// Indices of the lines that its desks serve.
    pub serves: Vec<usize>,
    /// Number of desks.
    pub desks: u32,
}

/// All times in minutes; shifts begin and end on quarter-hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShiftRules {
    pub shortest_minutes: u32,
    /// From start to end, the break included.
    pub longest_minutes: u32,
    /// Step of starts and lengths, a multiple of 15.
    pub step_minutes: u32,
    #[serde(default)]
    pub pause: Option<BreakRule>,
    /// The part of the day in which shifts may lie.
    pub within: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BreakRule {
    /// Shifts longer than this need a break.
    pub after_minutes: u32,
    pub minutes: u32,
    /// The break lies within this part of the day; in a shift that cannot have it there, in the shift's
    /// middle third.
    pub within: Span,
}

/// Cost of a desk hour in this part of the day. Breaks are not paid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    pub within: Span,
    pub per_hour: f64,
}
