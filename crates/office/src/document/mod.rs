//! Results and notices as signed documents: made out, kept, found again, checked.

mod find;
mod issue;

pub use find::{DocumentRow, VerifiedOnline};
