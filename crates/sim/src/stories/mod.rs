//! Runs dated stories as they are written.

mod act;
mod expect;
mod play;
mod rehearse;

pub use office::Mismatch;
pub use play::play;
pub use rehearse::{differing, rehearse_for};
