//! Opening the file: one process writes, connections are set up alike.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use store::{Result, StoreError};

use crate::fault;

/// Keeps other processes from writing the same store while it lives.
#[derive(Debug)]
pub(crate) struct Claim(#[expect(dead_code, reason = "the lock is held as long as the file is open")] File);

/// `<path>.lock`, held by the writing process. The heads and positions that the writer remembers are true only
/// while nobody else writes.
pub(crate) fn claim(path: &Path) -> Result<Claim> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(beside(path, ".lock"))
        .map_err(StoreError::fault)?;
    match file.try_lock() {
        Ok(()) => Ok(Claim(file)),
        Err(TryLockError::WouldBlock) => {
            Err(StoreError::fault(format!("{} is in use by another process", path.display())))
        }
        Err(TryLockError::Error(error)) => Err(StoreError::fault(error)),
    }
}

/// The path with a suffix after its whole name.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

pub(crate) fn writer(path: &Path, cache_kib: u32) -> Result<Connection> {
    let connection = Connection::open(path).map_err(fault)?;
    connection.busy_timeout(Duration::from_secs(10)).map_err(fault)?;
    let mode: String =
        connection.query_row("pragma journal_mode = wal", [], |row| row.get(0)).map_err(fault)?;
    if mode != "wal" {
        return Err(StoreError::fault(format!("{} cannot have a write-ahead log", path.display())));
    }
    connection
        .execute_batch(&format!(
            "pragma synchronous = full;
             pragma wal_autocheckpoint = 0;
             pragma temp_store = memory;
             pragma secure_delete = on;
             pragma cache_size = -{cache_kib};
             pragma foreign_keys = off;"
        ))
        .map_err(fault)?;
    keep_plans(&connection)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

pub(crate) fn reader(path: &Path, cache_kib: u32) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(fault)?;
    connection.busy_timeout(Duration::from_secs(10)).map_err(fault)?;
    connection
        .execute_batch(&format!("pragma temp_store = memory; pragma cache_size = -{cache_kib};"))
        .map_err(fault)?;
    keep_plans(&connection)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// Without this, a statement is compiled anew whenever another value is bound to a `limit` or to a range, because the
/// value might have changed the plan. Statistics are not kept, so it could not; the compiling costs more than the rows.
fn keep_plans(connection: &Connection) -> Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fault)?;
    Ok(())
}
