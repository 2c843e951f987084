//! Lists that people work from: cases, worklists, figures.

mod cases;
mod reports;
mod worklist;

pub use cases::{CaseFilter, CaseLine, CaseList};
pub use reports::PublicReport;
pub use worklist::{Worklist, WorklistFilter};
