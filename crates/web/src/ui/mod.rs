//! Pieces that pages are made of.

mod dates;
mod due;
mod fields;
pub mod icons;
pub mod ics;
mod list;
mod parts;

pub use dates::{civil, date, date_time, day, due_day, full_date, full_day, last_day, time};
pub use due::{clock_code, colour_of, done_line, due_line, due_state, moved_day, tag};
pub use fields::{ADD_ROW, FieldView, anchor, field};
pub use form::raw_answers;
pub use list::pages;
pub use parts::{actions, empty, error_summary, facts, hidden, panel, qr};
