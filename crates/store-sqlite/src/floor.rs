//! Baselines for measurements: what the disk and SQLite can do at best.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension as _};
use store::{Result, StoreError};

use crate::open;
use crate::value::fault;

/// Commits of one small row per second, one after another, with the settings of a store. Disks shared with
/// neighbours vary tenfold, so measure this in the same run as what is compared with it.
///
/// # Errors
/// Faults of the disk. The file at `path` is created for the measurement; it should lie in the store's
/// folder.
pub fn commits_per_second(path: &Path, duration: Duration) -> Result<f64> {
    let connection = open::writer(path, 2048)?;
    connection
        .execute_batch("create table floor (number integer primary key, body blob not null) strict")
        .map_err(fault)?;
    let body = [7_u8; 256];
    let begun = Instant::now();
    let mut commits = 0_u32;
    while begun.elapsed() < duration {
        connection
            .prepare_cached("insert into floor (body) values ($1)")
            .and_then(|mut insert| insert.execute([body]))
            .map_err(fault)?;
        commits += 1;
        if commits.is_multiple_of(1000) {
            connection.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(())).map_err(fault)?;
        }
    }
    Ok(f64::from(commits) / begun.elapsed().as_secs_f64())
}

/// Rows to be read one by one: the baseline for reading pages.
#[derive(Debug)]
pub struct OneRow {
    idle: Mutex<Vec<Connection>>,
}

impl OneRow {
    /// Creates a file with rows numbered from 1, and `readers` connections.
    ///
    /// # Errors
    /// Faults of the disk.
    pub fn make(path: &Path, rows: u32, readers: usize) -> Result<Self> {
        let writer = open::writer(path, 2048)?;
        writer
            .execute_batch(
                "create table floor (number integer primary key, body text not null) strict; begin;",
            )
            .map_err(fault)?;
        for number in 1..=rows {
            writer
                .prepare_cached("insert into floor (number, body) values ($1, $2)")
                .and_then(|mut insert| insert.execute((number, format!("row number {number}"))))
                .map_err(fault)?;
        }
        writer.execute_batch("commit").map_err(fault)?;
        let idle = (0..readers).map(|_| open::reader(path, 16_384)).collect::<Result<Vec<_>>>()?;
        Ok(Self { idle: Mutex::new(idle) })
    }

    /// The text of a row, read on the calling thread.
    ///
    /// # Errors
    /// Faults of the disk; more reads at once than there are connections.
    pub fn read(&self, number: i64) -> Result<Option<String>> {
        let connection = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = connection.ok_or_else(|| StoreError::fault("all connections are lent"))?;
        let read = connection
            .prepare_cached("select body from floor where number = $1")
            .and_then(|mut select| select.query_row([number], |row| row.get(0)).optional());
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        read.map_err(fault)
    }
}
