//! Lists that people work from: cases, worklists, figures.

mod cases;
mod worklist;

pub use cases::{CaseFilter, CaseLine, CaseList};
pub use worklist::{Worklist, WorklistFilter};
