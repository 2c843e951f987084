//! Queues whose answer is a formula: what the simulator is held against, and what staffing starts from.
//!
//! Rates are per minute, times in minutes, `load` is the mean number of busy servers that the arrivals ask for (Erlang).

mod abandon;
mod erlang;
mod priority;
mod single;
mod staffing;

pub use abandon::{Impatient, ImpatientFigures};
pub use erlang::{MultiServer, erlang_b, erlang_c};
pub use priority::{priority_waits, single_server_priority_waits};
pub use single::pollaczek_khinchine;
pub use staffing::{NotATarget, Target, least_servers};
