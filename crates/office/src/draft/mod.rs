//! Drafts: an application before it is handed in. Answers survive leaving the page, another device and a new edition.

mod attach;
mod fill;
mod keep;
mod kind;
mod lapse;
mod own_files;
mod prefill;
mod resume;
mod start;
mod submit;

pub use attach::{Attachment, Upload, papers_alike};
pub use keep::{Draft, DraftId, OpenDraft, SeenPaper};
pub use kind::{TEXT_GB, sniff};
pub(crate) use lapse::began;
pub use resume::ResumeCode;
pub(crate) use start::context_answers;
pub use start::{CameFrom, StartDraft};
pub use submit::Submitted;
