//! Results and notices as signed documents: made out, kept, found again, checked.

pub(crate) mod assign;
mod find;
pub(crate) mod holder;
mod issue;
mod notice;
mod status;

pub use assign::Proof;
pub use find::{DocumentRow, VerifiedOnline};
pub use notice::NoticeText;
pub(crate) use status::StatusBook;
