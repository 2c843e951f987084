//! Runs dated stories as they are written.

mod act;
mod expect;
mod play;

pub use play::{Mismatch, play};
