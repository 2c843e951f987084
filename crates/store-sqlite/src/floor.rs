//! What the disk allows: the measure that steps are held against.

use std::path::Path;
use std::time::{Duration, Instant};

use store::Result;

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
