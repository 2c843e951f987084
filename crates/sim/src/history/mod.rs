//! A seeded history of a whole zone: weeks of applications, played by people with their own minds and hours.

mod join;
pub(crate) mod paper;

pub(crate) use join::all;
