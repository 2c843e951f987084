//! The hall by numbers: queues in closed form, whole days played by chance, waits forecast from the present state, and
//! the rosters that keep a target.
//!
//! This crate must not know packs, cases, pages, files or what time it is: halls come as plain data ([`model`]), seeds as
//! arguments. Minutes are `f64` minutes after the midnight that begins the day. The modules are public because each is
//! a language of its own: [`model::Window`] is a plan for a day, not a live window. Start at [`model::HallDay`], then
//! [`simulate::Simulation`].

pub mod model;
pub mod predict;
pub mod queueing;
pub mod simulate;
pub mod staff;
