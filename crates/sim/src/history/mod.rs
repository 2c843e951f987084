//! A seeded history of a whole zone: weeks of applications by people with their own behaviour and hours.
//!
//! Everything goes through the office's use cases, by people entitled to it. What is applied for, what is
//! answered and how it goes follow from the edition and the seed; nothing in here knows any service.

mod agenda;
mod answers;
mod apply;
mod fate;
mod former;
mod hours;
mod intake;
mod join;
mod look;
pub(crate) mod paper;
mod people;
mod phrases;
mod play;
mod steps;
mod wishes;

pub use former::former_edition;
pub(crate) use join::all;
pub use play::{HistoryReport, Spec, play};
