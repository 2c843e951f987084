//! Halls: numbers taken and called, appointments, what is linked to cases, and what it all came to.

mod act;
mod book;
mod check_in;
mod close;
mod forecast;
mod lane;
mod lapse;
mod let_go;
mod link;
pub(crate) mod load;
mod numbers;
mod party;
mod rate;
mod remind;
mod take;
mod window;

pub(crate) use book::{CODES as APPOINTMENT_CODES, row_of};
pub(crate) use forecast::Boards;
pub(crate) use load::{DayCache, fold_bookings, fold_day};
pub(crate) use rate::rating_key;

pub use act::OnFloor;
pub use book::{Booked, Booking, BookingPlace, BookingView, FreeDay};
pub use close::HallsTicked;
pub use forecast::{HallForecasts, Scored, TicketForecast, ToldReason};
pub use link::TicketRef;
pub use load::LoadedDay;
pub use numbers::{HallFilter, HallGroup, HallNumbers, HallTotals, TicketLine};
pub use party::{AboutPart, AboutRead, TicketAbout};
pub use rate::RateVisit;
pub use take::{TakeTicket, Taken, TicketKey};
pub use window::WindowAct;
