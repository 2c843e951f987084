//! A hall on one day: people take numbers, windows call them in an order that explains itself, appointments fill slots.
//!
//! [`decide`] judges a [`Command`] against a [`Day`]; [`Day::apply`] folds an [`Event`] into it; [`Day::next_for`] is the
//! calling order and [`Day::explain_order`] says why. Must not know: cases, pages, who is logged in, where events are kept.
//! Start at [`Day`], then [`decide`] and `order.rs`.

mod alert;
mod apply;
mod booking;
mod command;
mod day;
mod decide;
mod event;
mod number;
mod order;
mod refusal;
mod setup;
mod slots;
mod wait;
mod wire;

pub use alert::Alert;
pub use booking::{Appointment, AppointmentState, BookCommand, Bookings, decide_booking};
pub use command::{Carried, Command, Context, Join};
pub use day::{
    Cause, Day, Doors, Post, PostState, Source, Stamp, Ticket, TicketState, Visit, VisitEnd, Want,
};
pub use decide::decide;
pub use event::*;
pub use number::TicketNo;
pub use order::{Ahead, Reason, Why};
pub use refusal::Refusal;
pub use setup::{Booking, Desk, LaneRule, LineRule, Setup, Span};
pub use slots::Slot;
pub use wait::Wait;
pub use wire::{Encoded, UnreadableEvent, decode, encode};
