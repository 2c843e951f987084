//! Figures: what was received, decided, early, late and spared, each with the filter that lists what it counts.

mod behind;
pub(crate) mod counted;
mod period;
mod sum;
mod totals;

pub use behind::{MatterLine, MatterList};
pub use counted::{Counted, FigureFilter};
pub use period::{Month, Period};
pub(crate) use sum::scope;
pub use sum::{Figures, Grouped};
pub use totals::Totals;
