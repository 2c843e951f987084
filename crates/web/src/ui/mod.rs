//! Pieces that pages are made of.

mod dates;
mod due;
mod fields;
pub mod icons;
mod list;
mod parts;

pub use dates::{civil, date, date_time, day, in_days, time};
pub use due::{days_left, due_line, explained_days, tag};
pub use fields::{FieldView, anchor, field, raw_answers};
pub use list::{pages, query_with};
pub use parts::{actions, empty, error_summary, facts, hidden, panel, qr};
