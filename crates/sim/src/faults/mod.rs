//! A zone that is played while everything beneath it breaks.
//!
//! Commits fail, or take effect and report failure; the process dies between any two steps and another takes over; commands
//! come twice and late; clocks jump; editions are published in the middle; strangers and officers of the wrong role try
//! their luck, in cases and at windows. Papers are asked for again, clocks stand still and get more time, applications are
//! refused, people take numbers and leave.
//!
//! Beside it a tally is kept of what was acknowledged, from the answers alone, and in the end the journal must say the same.
//! The journal is read there as plain text, without the engines: deeds, numbers and rights, every ticket's way through its
//! day, every statutory and promised clock counted day by day, and the leaders' figures. A seed plays the same each time.

mod acts;
mod clocks;
mod figures;
mod floor;
mod journal;
mod play;
mod stage;
mod tally;
mod turns;

pub use play::{FaultReport, play};
