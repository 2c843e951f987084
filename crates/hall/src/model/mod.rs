//! A day of a hall as plain data: arrivals, service times, windows and their duty.
//!
//! **Calling order.** A ticket becomes *ready* when it joins, or at its booked time if it was checked in on time. It is
//! called at the *call instant* = ready − head start of its lane. A free window takes, among the waiting tickets that it
//! can serve, the one with the least (call instant, number). A head start is therefore the most that a later ticket of
//! that lane can gain on an earlier one, and nobody starves; a head start beyond the length of the day is strict
//! non-preemptive priority. When several windows are idle and could serve, the one idle longest does.

mod change;
mod day;
pub mod sample;
mod time;

pub use day::{Booking, Closing, Flaw, HallDay, Lane, Line, Punctuality, QUARTERS, Rest, Span, Window};
pub use time::{Patience, ServiceTime};

/// Sort key of the calling order in the live hall and the simulator: the least is called first.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct CallKey {
    /// Ready − head start, minutes after midnight.
    pub call_at: f64,
    pub number: u32,
}

impl CallKey {
    pub fn new(ready_at: f64, head_start_minutes: f64, number: u32) -> Self {
        Self { call_at: ready_at - head_start_minutes, number }
    }

    pub fn comes_before(&self, other: &Self) -> bool {
        self.call_at < other.call_at || (self.call_at == other.call_at && self.number < other.number)
    }
}
