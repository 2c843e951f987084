//! Editions: the first one at start, and new ones published by an administrator.

mod start;

pub use start::StartFault;
