//! Diagnostics for pack authors: positions in texts, codes, labels, help, fixes, and their rendering for
//! people and for programs. It must not know any service, rule or file format, and reads no files. Start at
//! [`Diagnostic`]; [`Sources`] holds the texts that its spans refer to.

mod bilingual;
mod contract;
mod nearest;
mod red_tape;
mod render;
mod report;
mod source;

pub use bilingual::{Bilingual, Lang, UnknownLang};
pub use contract::{Entry, entries, to_json};
pub use nearest::{distance, nearest};
pub use red_tape::RedTape;
pub use render::{Style, render, render_all};
pub use report::{Code, Diagnostic, Fix, Label, Severity, has_errors, sort};
pub use source::{Place, Source, SourceId, Sources, Span};
