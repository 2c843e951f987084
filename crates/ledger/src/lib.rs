//! Cases and events as files for other programs: XES and OCEL for process mining, CSV and XLSX as ledgers (台账).
//!
//! Files are written while the cases are walked, one case in memory at a time, and hold no personal data: no names,
//! answers, texts or licence numbers, and people only as pseudonyms. It must not know pages, SQL or how events are kept.
//! Start at [`write_xes`]; [`Written`] is what every writer counts.

mod csv;
mod ocel;
mod table;
mod words;
mod xes;
mod xlsx;
mod xml;

use std::collections::BTreeSet;

pub use csv::write_csv;
pub use ocel::{OCEL_PASSES, write_ocel};
pub use table::Sheet;
pub use xes::{Trace, write_xes};
pub use xlsx::{XLSX_PASSES, write_xlsx};

/// How much a file came to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub cases: u64,
    /// Traces of a log, objects of an object-centric one, rows of the first sheet of a ledger.
    pub entries: u64,
    pub events: u64,
    /// The different names of what was done.
    pub activities: BTreeSet<String>,
}

/// Why a file was not finished.
#[derive(Debug, thiserror::Error)]
pub enum LedgerFault {
    #[error(transparent)]
    Office(#[from] office::OfficeError),
    #[error("writing: {0}")]
    Write(#[from] std::io::Error),
    #[error("writing: {0}")]
    Json(#[from] serde_json::Error),
    #[error("writing a workbook: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}

pub type Result<T, E = LedgerFault> = std::result::Result<T, E>;
