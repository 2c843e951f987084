//! A zone that is played while everything beneath it breaks.
//!
//! Commits fail, or take effect and report failure; the process dies between any two steps and another takes over; commands
//! come twice and late; clocks jump; editions are published in the middle; strangers and officers of the wrong role try
//! their luck. Beside it a tally is kept of what was acknowledged, from the answers alone, and in the end the journal must
//! say the same. A seed plays the same each time.

mod play;
mod stage;
mod tally;

pub use play::{FaultReport, play};
