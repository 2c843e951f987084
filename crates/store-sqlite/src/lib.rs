//! The journal on embedded SQLite: one writer, group commit.
//!
//! Only this crate knows SQLite's SQL and files; it must not know what events mean. Start at
//! [`SqliteStore::open`]; `writer/` makes batches durable, `views/` turns declared rows into tables,
//! `migrations/` holds the schema.

mod backup;
mod belongings;
mod blobs;
mod check;
mod floor;
mod heads;
mod migrations;
mod open;
mod options;
mod pool;
mod read;
mod sqlite;
mod value;
mod views;
mod wal;
mod writer;

pub use backup::{CopyReport, Progress, copy, copy_told, restore, restore_told};
pub use floor::{OneRow, commits_per_second};
pub use options::SqliteOptions;
pub use sqlite::SqliteStore;
use value::fault;
