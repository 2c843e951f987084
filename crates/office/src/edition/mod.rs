//! Editions: the first one at start, and new ones published by an administrator.

mod archive;
mod calendar;
mod held;
mod publish;
mod rehearse;
mod start;

pub use archive::PACK_ARCHIVE_BYTES_MAX;
pub use held::EditionUse;
pub use publish::{Checked, OpenCaseImpact, Published};
pub(crate) use rehearse::Player;
pub use rehearse::{Mismatch, Rehearsed};
pub use start::StartFault;
