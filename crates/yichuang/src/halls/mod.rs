//! Converts a pack and a day into a hall for the simulator.

mod arrivals;
mod plan;
mod table;
mod what_if;

pub use arrivals::DayKind;
pub use plan::{Plan, clock, minute};
pub use table::{Words, changes_table, figures_table, spread};
pub use what_if::WhatIf;
