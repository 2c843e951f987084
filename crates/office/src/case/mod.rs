//! Cases: loading them, acting on them, and what their pages show.

mod access;
mod act;
pub(crate) mod cache;
mod call_back;
mod desk;
mod files;
mod load;
pub(crate) mod perform;
mod timers;
mod traces;
pub(crate) mod wire;

pub use access::{AccessKey, By};
pub use act::{Act, Correction};
pub(crate) use load::fold;
pub use load::{CaseId, LoadedCase, Party};
pub use perform::Done;
pub use timers::Ticked;
pub use traces::{Looked, Trace};
