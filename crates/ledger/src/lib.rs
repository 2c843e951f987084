//! Cases and events as files for other programs: XES and OCEL for process mining, CSV and XLSX as ledgers (台账).
//!
//! Files are written while the cases are iterated, with one case in memory at a time. They hold no personal
//! data: no names, answers, texts or licence numbers, and people only as pseudonyms. It must not know pages,
//! SQL or how events are kept. Start at [`write_xes`]; every writer returns the counts of [`Written`].

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

/// Counts of a written file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub cases: u64,
    /// Traces (XES), objects (OCEL), or rows of the cases sheet or of the only sheet (ledgers).
    pub entries: u64,
    pub events: u64,
    /// The distinct names of activities.
    pub activities: BTreeSet<String>,
}

/// Why a file could not be completed.
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
