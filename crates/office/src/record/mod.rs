//! The journal told case by case, without a name in it: for process mining and ledgers.

mod event;
mod hall;
mod walk;

pub use event::{Outcome, Phase, RecordedEvent, Side};
pub use hall::{AppointmentRecord, HallEvent, HallRecord, TicketRecord};
pub use walk::{CaseRecord, MatterRecord, Records};
