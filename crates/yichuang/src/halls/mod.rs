//! From a pack and a day to a hall that can be played.

mod arrivals;
mod plan;
mod table;
mod what_if;

pub use arrivals::DayKind;
pub use plan::{Plan, clock, minute};
pub use table::{Words, changes_table, figures_table, spread};
pub use what_if::WhatIf;
