//! What a roster has to keep to, and what it costs.

use serde::{Deserialize, Serialize};

use crate::model::Span;

/// Desks with the same skills.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pool {
    pub name: String,
    /// Positions of the lines that its desks serve.
    pub serves: Vec<usize>,
    /// How many desks there are.
    pub desks: u32,
}

/// Minutes throughout; shifts begin and end on quarter-hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShiftRules {
    pub shortest_minutes: u32,
    /// From the first to the last minute, the break included.
    pub longest_minutes: u32,
    /// The grid of beginnings and lengths, a multiple of 15.
    pub step_minutes: u32,
    #[serde(default)]
    pub pause: Option<BreakRule>,
    /// When shifts may lie.
    pub within: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BreakRule {
    /// Shifts longer than this have one.
    pub after_minutes: u32,
    pub minutes: u32,
    /// It lies within this part of the day; a shift that leaves no room there has it in its middle third.
    pub within: Span,
}

/// What an hour at a desk costs in this part of the day. Breaks are not paid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    pub within: Span,
    pub per_hour: f64,
}
