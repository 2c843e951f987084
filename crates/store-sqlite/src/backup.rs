//! Copies of a whole store: one database file and the folder of its uploaded files. A copy is itself a store.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use store::{Digest, Result, StoreError};

use crate::blobs::{digest_of, folder_of, place_in, sync_folder};
use crate::migrations::{Standing, standing};
use crate::open::{beside, claim, make_private, make_private_folder, reader, writer};
use crate::value::{fault, nat};
use crate::writer::Writer;

/// What a copy contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyReport {
    pub database_bytes: u64,
    /// Position of its last event.
    pub position: store::Position,
    pub files: u64,
    pub file_bytes: u64,
}

/// Copies the store at `from` to `to` while it serves. The copy is one snapshot; writers are not blocked. An
/// earlier copy at `to` is replaced, and its uploaded files are kept.
///
/// # Errors
/// When `from` does not exist, is no store or lacks a file, when `to` is the same file, in use or no database, and faults
/// of the disk. The database at `to` is replaced only at the end; files may already have been added beside
/// it.
pub fn copy(from: &Path, to: &Path) -> Result<CopyReport> {
    copy_told(from, to, &mut |_, _| {})
}

/// Called with the bytes copied so far and the bytes in all.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64);

/// As [`copy`]; `progress` is called as the copying goes on.
///
/// # Errors
/// As [`copy`].
pub fn copy_told(from: &Path, to: &Path, progress: Progress<'_>) -> Result<CopyReport> {
    if !from.exists() {
        return Err(StoreError::fault(format!("{} does not exist", from.display())));
    }
    if to.exists() && same_file(from, to) {
        return Err(StoreError::malformed("a store cannot be copied onto itself"));
    }
    if to.exists() && !is_database(to).map_err(StoreError::fault)? {
        return Err(StoreError::malformed(format!("{} is no database, and is not replaced", to.display())));
    }
    // The claim refuses to overwrite a store that is serving.
    let _claim = claim(to)?;
    let partial = beside(to, ".partial");
    remove(&partial)?;
    let position = copy_database(from, &partial)?;
    let database = fs::metadata(&partial).map_err(StoreError::fault)?.len();
    // Files are copied after the rows that name them, so that none is missing; files never change.
    let folders = (folder_of(from), folder_of(to));
    let (files, file_bytes) = copy_files(&partial, &folders.0, &folders.1, database, progress)?;
    for suffix in ["-wal", "-shm"] {
        remove(&beside(to, suffix))?;
    }
    fs::rename(&partial, to).map_err(StoreError::fault)?;
    sync_parent(to)?;
    let database_bytes = fs::metadata(to).map_err(StoreError::fault)?.len();
    Ok(CopyReport { database_bytes, position, files, file_bytes })
}

/// Replaces the database at `to`, which must not be serving, by a copy, after SQLite's quick check of the
/// copy.
///
/// # Errors
/// When the copy is damaged, when `to` exists and `replace` is false, or when `to` is in use.
pub fn restore(copy_at: &Path, to: &Path, replace: bool) -> Result<CopyReport> {
    restore_told(copy_at, to, replace, &mut |_, _| {})
}

/// As [`restore`]; `progress` is called as the copying goes on.
///
/// # Errors
/// As [`restore`].
pub fn restore_told(copy_at: &Path, to: &Path, replace: bool, progress: Progress<'_>) -> Result<CopyReport> {
    if to.exists() && !replace {
        return Err(StoreError::malformed(format!("{} exists already", to.display())));
    }
    if !copy_at.exists() {
        return Err(StoreError::fault(format!("{} does not exist", copy_at.display())));
    }
    let connection = reader(copy_at, 2048)?;
    let verdict: String =
        connection.query_row("pragma quick_check(1)", [], |row| row.get(0)).map_err(fault)?;
    drop(connection);
    if verdict != "ok" {
        return Err(StoreError::fault(format!("the copy is damaged: {verdict}")));
    }
    copy_told(copy_at, to, progress)
}

fn copy_database(from: &Path, to: &Path) -> Result<store::Position> {
    let source = reader(from, 2048)?;
    if standing(&source)? == Standing::None {
        return Err(StoreError::malformed(format!("{} holds no zone", from.display())));
    }
    make_private(to).map_err(StoreError::fault)?;
    let mut target = Connection::open(to).map_err(fault)?;
    {
        // All pages in one step, so that they are one snapshot; with a write-ahead log a long read does not
        // block the writer.
        let backup = Backup::new(&source, &mut target).map_err(fault)?;
        match backup.step(-1).map_err(fault)? {
            StepResult::Done => {}
            other => return Err(StoreError::fault(format!("the copy stopped: {other:?}"))),
        }
    }
    let position = crate::read::head(&target)?;
    drop(target);
    if standing(&source)? == Standing::Current {
        // Settled, so that the copy can be opened for reading without being changed.
        Writer::settle_file(writer(to, 2048)?)?;
    }
    File::open(to).and_then(|file| file.sync_all()).map_err(StoreError::fault)?;
    Ok(position)
}

fn copy_files(
    database: &Path,
    from: &Path,
    to: &Path,
    before: u64,
    progress: Progress<'_>,
) -> Result<(u64, u64)> {
    let connection = Connection::open(database).map_err(fault)?;
    let all = connection
        .query_row("select coalesce(sum(bytes), 0) from blobs", [], |row| row.get(0))
        .map(nat)
        .map_err(fault)?;
    progress(before, before + all);
    let mut select = connection
        .prepare(
            "select digest, bytes, exists (select 1 from blob_owners o where o.digest = blobs.digest) from blobs",
        )
        .map_err(fault)?;
    let mut rows = select.query([]).map_err(fault)?;
    let (mut files, mut total) = (0, 0);
    while let Some(row) = rows.next().map_err(fault)? {
        let digest = Digest(row.get(0).map_err(fault)?);
        let bytes = nat(row.get(1).map_err(fault)?);
        let owned: bool = row.get(2).map_err(fault)?;
        let source = place_in(from, digest);
        if !owned && !source.exists() {
            continue; // Without owner, and swept since the snapshot was taken.
        }
        copy_file(&source, &place_in(to, digest), digest, bytes)?;
        files += 1;
        total += bytes;
        progress(before + total, before + all);
    }
    Ok((files, total))
}

fn copy_file(from: &Path, to: &Path, digest: Digest, bytes: u64) -> Result<()> {
    if fs::metadata(to).is_ok_and(|known| known.len() == bytes) {
        return Ok(());
    }
    let parent = to.parent().ok_or_else(|| StoreError::fault("a file without folder"))?;
    let partial = beside(to, ".partial");
    make_private_folder(parent)
        .and_then(|()| fs::copy(from, &partial))
        .and_then(|_| {
            let file = File::open(&partial)?;
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
            file.sync_all()
        })
        .map_err(StoreError::fault)?;
    if digest_of(&partial).map_err(StoreError::fault)? != digest {
        remove(&partial)?;
        return Err(StoreError::fault(format!("file {digest} is damaged")));
    }
    fs::rename(&partial, to).and_then(|()| sync_folder(parent)).map_err(StoreError::fault)
}

/// Empty files become databases.
fn is_database(path: &Path) -> std::io::Result<bool> {
    let mut head = [0; 16];
    let mut file = File::open(path)?;
    let read = std::io::Read::read(&mut file, &mut head)?;
    Ok(read == 0 || head == *b"SQLite format 3\0")
}

fn same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn sync_parent(path: &Path) -> Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync_folder(parent).map_err(StoreError::fault)
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::fault(error)),
        _ => Ok(()),
    }
}
