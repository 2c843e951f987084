//! Proof that a zone works: dated stories and seeded histories, played through the real use cases of the office.
//!
//! It must not know pages, nor write a row or event of its own: whatever happens here, people could have done.
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
