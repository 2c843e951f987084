//! Staffing: needs by quarter-hour from exact Erlang C, the cheapest shifts that meet them under the
//! working-time rules, and proof by simulation, which decides where the formulas simplify.

mod bench;
mod cover;
mod need;
mod propose;
mod refine;
mod rules;
mod shift;

pub use cover::{Cover, cheapest_cover};
pub use need::{Need, needs};
pub use propose::{Proposal, Unreachable, propose};
pub use rules::{BreakRule, Pool, Rate, ShiftRules};
pub use shift::{Quarters, Shift};
