//! What the disk allows: the measure that steps are held against.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension as _};
use store::{Result, StoreError};

use crate::open;
use crate::value::fault;

/// How many bare commits of one small row the disk takes per second, one after another, with the settings of a store.
/// Disks shared with neighbours swing tenfold, so measure it in the same run as what it is compared with.
///
/// # Errors
/// Faults of the disk. The file at `path` is made for the measurement; its folder should be that of the store.
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

/// Rows to be read one by one with nothing else around it: the measure that pages are held against.
#[derive(Debug)]
pub struct OneRow {
    idle: Mutex<Vec<Connection>>,
}

impl OneRow {
    /// A file of its own with rows numbered from 1, and connections for this many who read at once.
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

    /// The text of a row, on the thread that asks.
    ///
    /// # Errors
    /// Faults of the disk; more readers at once than were foreseen.
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
