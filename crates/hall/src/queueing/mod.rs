//! Queues with closed formulas: references for the simulator, and the start of staffing.
//!
//! Rates are per minute, times in minutes; `load` is the offered load in Erlang (mean number of busy servers
//! needed).

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
