//! Editions: the first one at start, and new ones published by an administrator.

mod held;
mod publish;
mod start;

pub use held::EditionUse;
pub use publish::{Checked, OpenCaseImpact, Published};
pub use start::StartFault;
