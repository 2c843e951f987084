//! A hall on one day: the live engine and its numerical models.
//!
//! **Live**: people take numbers, windows call them in an order that explains itself, appointments fill slots. [`decide`]
//! judges a [`Command`] against a [`Day`]; [`Day::apply`] folds an [`Event`] into it; [`Day::next_for`] is the calling order
//! and [`Day::explain_order`] says why. Must not know: cases, pages, who is logged in, where events are kept. Start at
//! [`Day`], then [`decide`] and `order.rs`.
//!
//! **By numbers**: [`queueing`] has the closed formulas, [`simulate`] plays random days of a
//! [`model::HallDay`], [`predict`] forecasts waits from the present state, [`staff`] finds the cheapest
//! roster that keeps a target. These modules must not know packs; their times are minutes after midnight.
//! They are public because each has its own types: [`model::Window`] is a window's plan for a day, not the
//! live window. Start at [`model::HallDay`], then [`simulate::Simulation`].

mod alert;
mod apply;
mod booking;
mod command;
mod day;
mod decide;
mod event;
pub mod model;
mod number;
mod order;
pub mod predict;
pub mod queueing;
mod refusal;
mod setup;
pub mod simulate;
mod slots;
pub mod staff;

pub use alert::Alert;
pub use booking::{Appointment, AppointmentState, BookCommand, Bookings, decide_booking};
pub use command::{Carried, Command, Context, Join};
pub use day::{
    Cause, Day, Doors, Post, PostState, Source, Ticket, TicketState, Visit, VisitEnd, VisitRating, Want,
};
pub use decide::{BEFORE_DOORS, decide};
pub use engine::{ActorId, Encoded, Folded, Stamp, UnreadableEvent, decode, encode};
pub use event::{
    AppointmentBooked, AppointmentCancelled, AppointmentCheckedIn, AppointmentMoved, AppointmentReminded,
    Called, DayEnded, DayOpened, DoorsClosed, Event, LaneGiven, Recalled, Served, Skipped, Started,
    TicketCame, TicketCarriedOver, TicketLeft, TicketLost, TicketRated, TicketRestored, TicketSplit,
    TicketTaken, TicketsMerged, Transferred, WindowClosed, WindowOpened, WindowPaused, WindowResumed,
};
pub use number::TicketNo;
pub use order::{Ahead, Reason, Why};
pub use refusal::Refusal;
pub use setup::{Booking, Desk, LaneRule, LineRule, Setup, Span};
pub use slots::Slot;
