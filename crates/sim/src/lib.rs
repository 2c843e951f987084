//! Tests of a zone by simulation: dated stories and seeded histories, run through the real use cases of the
//! office.
//!
//! It must not know pages, nor write a row or event of its own: everything goes through acts that people
//! could do.
//! Start at [`stories::play`], [`history::play`], [`halls::play`] and [`faults::play`].

mod cast;
mod clock;
mod dice;
pub mod faults;
pub mod halls;
pub mod history;
pub mod stories;

pub use cast::{Cast, Seat, seat};
pub use clock::PlayClock;
pub use dice::{Dice, SeededEntropy};
