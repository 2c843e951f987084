//! Opening the file: one process writes, all connections have the same settings, only the owner may read.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use store::{Result, StoreError};

use crate::fault;

/// The identity of a file: device and inode.
pub(crate) type Inode = (u64, u64);

/// Databases that this process holds. No second descriptor of one of them may be opened and closed in this
/// process: closing it would release SQLite's own POSIX locks on the file.
static HELD: Mutex<BTreeSet<Inode>> = Mutex::new(BTreeSet::new());

/// Prevents other processes from writing the same store while it is held.
#[derive(Debug)]
pub(crate) struct Claim {
    #[expect(dead_code, reason = "the lock is held as long as the file is open")]
    lock: Option<File>,
    #[expect(dead_code, reason = "the lock is held as long as the file is open")]
    database: Option<Held>,
}

/// The lock on the database file itself; it stays with the file when that is renamed.
#[derive(Debug)]
struct Held {
    inode: Inode,
    file: File,
}

impl Drop for Held {
    fn drop(&mut self) {
        HELD.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.inode);
    }
}

/// Locks `<path>.lock` and, if it exists, the database for the writing process. The heads and positions that
/// the writer caches are right only while no other process writes.
pub(crate) fn claim(path: &Path) -> Result<Claim> {
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(beside(path, ".lock"))
        .map_err(StoreError::fault)?;
    is_locked(lock.try_lock(), path)?;
    Ok(Claim { lock: Some(lock), database: hold(path, File::try_lock)? })
}

/// Prevents writing while the store is read (shared locks); creates no file.
pub(crate) fn claim_to_look(path: &Path) -> Result<Claim> {
    let lock = File::open(beside(path, ".lock")).ok();
    if let Some(lock) = &lock {
        is_locked(lock.try_lock_shared(), path)?;
    }
    Ok(Claim { lock, database: hold(path, File::try_lock_shared)? })
}

fn hold(path: &Path, lock: impl Fn(&File) -> Result<(), TryLockError>) -> Result<Option<Held>> {
    let Some(inode) = inode(path).map_err(StoreError::fault)? else { return Ok(None) };
    if !HELD.lock().unwrap_or_else(PoisonError::into_inner).insert(inode) {
        return Err(in_use(path));
    }
    let file = File::open(path).map_err(StoreError::fault);
    let held = file.map(|file| Held { inode, file });
    let held = held.inspect_err(|_| {
        HELD.lock().unwrap_or_else(PoisonError::into_inner).remove(&inode);
    })?;
    is_locked(lock(&held.file), path)?;
    Ok(Some(held))
}

fn is_locked(tried: Result<(), TryLockError>, path: &Path) -> Result<()> {
    tried.map_err(|error| match error {
        TryLockError::WouldBlock => in_use(path),
        TryLockError::Error(error) => StoreError::fault(error),
    })
}

fn in_use(path: &Path) -> StoreError {
    StoreError::fault(format!("{} is in use by another process", path.display()))
}

/// `None` when there is no such file.
pub(crate) fn inode(path: &Path) -> io::Result<Option<Inode>> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some((found.dev(), found.ino()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Creates an empty file with mode 0600, whatever the umask, unless it exists. SQLite gives its log the mode
/// of the database.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    match File::options().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Creates a folder and its missing parents with mode 0700.
pub(crate) fn make_private_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// The path with `suffix` appended to its whole name.
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
    set_up_reader(Connection::open_with_flags(path, TO_READ).map_err(fault)?, cache_kib)
}

const TO_READ: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// As [`reader`], for a file that nobody writes and that has no log; SQLite then creates no files of its own
/// either.
pub(crate) fn reader_of_settled(path: &Path, cache_kib: u32) -> Result<Connection> {
    use std::os::unix::ffi::OsStrExt as _;
    let absolute = std::path::absolute(path).map_err(StoreError::fault)?;
    let mut address = String::from("file://");
    for &byte in absolute.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => address.push(byte.into()),
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    address.push_str("?immutable=1");
    let flags = TO_READ | OpenFlags::SQLITE_OPEN_URI;
    set_up_reader(Connection::open_with_flags(address, flags).map_err(fault)?, cache_kib)
}

fn set_up_reader(connection: Connection, cache_kib: u32) -> Result<Connection> {
    connection.busy_timeout(Duration::from_secs(10)).map_err(fault)?;
    connection
        .execute_batch(&format!("pragma temp_store = memory; pragma cache_size = -{cache_kib};"))
        .map_err(fault)?;
    keep_plans(&connection)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// Keeps compiled statements when another value is bound to a `limit` or a range. Otherwise SQLite compiles
/// anew, since the value could change the plan; without statistics it cannot, and compiling costs more than
/// reading the rows.
fn keep_plans(connection: &Connection) -> Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fault)?;
    Ok(())
}
