//! Editions: the first one at start, and new ones published by an administrator.

mod publish;
mod start;

pub use publish::{Checked, OpenCaseImpact, Published};
pub use start::StartFault;
