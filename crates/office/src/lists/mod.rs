//! Lists that people work from: cases, worklists, figures.

mod cases;
mod reports;
mod trail;
mod worklist;

pub use cases::{CaseFilter, CaseLine, CaseList};
pub use reports::PublicReport;
pub use trail::{TrailFilter, TrailLine};
pub use worklist::{Worklist, WorklistFilter};
