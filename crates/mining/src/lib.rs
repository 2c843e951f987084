//! Process mining: where time goes, which variants cases take, and whether steps come as declared.
//!
//! Parsing, discovery and conformance are done by the `process_mining` crate (docs/adr/0011); this crate adds
//! bounds, working hours and sums. It must not know pages, stores, packs or files: bytes and declarations are
//! arguments. Start at [`read_xes`] and [`Report::of`].

mod dates;
mod declared;
mod fit;
mod guard;
mod hours;
mod letters;
mod lives;
mod log;
mod read;
mod report;
mod sums;
mod ways;

pub use declared::{Declared, DeclaredStep};
pub use fit::{Fit, Stray, Strayed};
pub use guard::{Bounds, Unreadable};
pub use hours::Hours;
pub use jiff::tz::Offset;
pub use lives::Life;
pub use log::{Ending, Event, Log, LogBuilder, Side, Trace, Transition};
pub use read::{TOLD_KINDS, read_xes};
pub use report::{CaseLine, Chosen, Correction, Report, Strays};
pub use sums::{Spread, Times};
pub use ways::{Follows, Way};
