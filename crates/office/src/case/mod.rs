//! Cases: loading them, acting on them, and what their pages show.

mod access;
mod act;
pub(crate) mod agents;
mod behalf;
pub(crate) mod cache;
mod call_back;
mod desk;
mod files;
mod fitting;
mod load;
pub(crate) mod numbered;
mod open;
mod papers;
pub(crate) mod perform;
mod promised;
mod proven;
mod reason;
mod receipt;
mod registers;
mod timers;
mod traces;
pub(crate) mod wire;

pub use access::{Access, AccessKey, By};
pub use act::{Act, Checklist, Correction, Shown};
pub use agents::{CONSENT_DAYS_MAX, Consent, Entrusted};
pub use desk::{Colleague, is_masked, masked};
pub use fitting::{Corrected, asked_of, unmet};
pub use load::{CaseId, LoadedCase, Party};
pub(crate) use load::{Entry, apply, fold, read};
pub use open::OpenedCase;
pub use perform::Done;
pub use timers::Ticked;
pub use traces::{Looked, Trace};
