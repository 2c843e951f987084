//! Fault injection: a zone is simulated while everything beneath it fails.
//!
//! Commits fail, or take effect and report failure; the process dies between any two steps and another takes
//! over; commands come twice and late; clocks jump; editions are published in the middle; strangers and
//! officers of the wrong role try acts, in cases and at windows. Papers are asked for again, clocks are
//! paused and extended, applications are refused, people take tickets and leave.
//!
//! A tally records what was acknowledged, from the answers alone, and in the end the journal must agree. The
//! journal is read as plain data, without the engines: acts, numbers and rights, every ticket's course of the
//! day, every statutory and promised clock recounted day by day, and the leaders' figures. A seed always
//! gives the same run.

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
