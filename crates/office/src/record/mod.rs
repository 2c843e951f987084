//! The journal told case by case, without a name in it: for process mining and ledgers.

mod event;
mod walk;

pub use event::{Outcome, Phase, RecordedEvent, Side};
pub use walk::{CaseRecord, MatterRecord, Records};
