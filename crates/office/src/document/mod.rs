//! Results and notices as signed documents: made out, kept, found again, checked.

mod find;
mod issue;
mod notice;
mod status;

pub use find::{DocumentRow, VerifiedOnline};
pub use notice::NoticeText;
pub(crate) use status::StatusBook;
