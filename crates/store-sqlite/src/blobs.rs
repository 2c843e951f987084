//! Files in a folder beside the database, under their digests: `<path>.blobs/ab/abcd…`.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use rusqlite::params;
use sha2::{Digest as _, Sha256};
use store::{BlobRef, BlobSink, BlobSource, BoxFuture, Digest, Result, StoreError};

use crate::open::{beside, make_private_folder};
use crate::value::{disk, fault, int};
use crate::writer::{Writer, WriterHandle};

/// The size of the chunks in which files are read.
const PIECE_BYTES: usize = 256 * 1024;

#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    begun: AtomicU64,
}

impl Folder {
    /// Opens the folder and removes unfinished files of an earlier process.
    pub(crate) fn open(database: &Path) -> Result<Self> {
        let root = folder_of(database);
        let incoming = root.join("incoming");
        if incoming.exists() {
            fs::remove_dir_all(&incoming).map_err(StoreError::fault)?;
        }
        make_private_folder(&incoming).map_err(StoreError::fault)?;
        Ok(Self { root, begun: AtomicU64::new(0) })
    }

    /// The folder unchanged, for read-only use.
    pub(crate) fn as_it_is(database: &Path) -> Self {
        Self { root: folder_of(database), begun: AtomicU64::new(0) }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn place(&self, digest: Digest) -> PathBuf {
        place_in(&self.root, digest)
    }

    pub(crate) fn begin(
        self: &Arc<Self>,
        writer: Arc<WriterHandle>,
        limit: u64,
        now: Timestamp,
    ) -> Result<Sink> {
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        let path = self.root.join("incoming").join(number.to_string());
        let file = File::options().write(true).create(true).truncate(true).mode(0o600).open(&path);
        let file = file.map_err(disk)?;
        let unfinished = Some(Unfinished { path, file });
        Ok(Sink { folder: Arc::clone(self), writer, unfinished, hasher: Sha256::new(), bytes: 0, limit, now })
    }

    /// Deletes the rows of files without owner and returns the paths, for the caller to remove. Runs on the
    /// writer, so that no such file is stored again meanwhile.
    pub(crate) fn sweep(&self, writer: &mut Writer, stored_before: Timestamp) -> Result<Vec<PathBuf>> {
        let mut delete = writer
            .connection
            .prepare_cached(
                "delete from blobs where stored_at < $1
                 and not exists (select 1 from blob_owners o where o.digest = blobs.digest) returning digest",
            )
            .map_err(fault)?;
        let gone = delete
            .query_map([stored_before.as_microsecond()], |row| row.get::<_, [u8; 32]>(0))
            .and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>)
            .map_err(fault)?;
        Ok(gone.into_iter().map(|digest| self.place(Digest(digest))).collect())
    }
}

pub(crate) fn folder_of(database: &Path) -> PathBuf {
    beside(database, ".blobs")
}

pub(crate) fn place_in(root: &Path, digest: Digest) -> PathBuf {
    let name = digest.to_string();
    root.join(&name[..2]).join(&name)
}

/// Makes new names in a folder durable (fsync of the folder).
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

pub(crate) struct Sink {
    folder: Arc<Folder>,
    writer: Arc<WriterHandle>,
    unfinished: Option<Unfinished>,
    hasher: Sha256,
    bytes: u64,
    limit: u64,
    now: Timestamp,
}

/// A temporary file, removed on drop unless it was renamed.
struct Unfinished {
    path: PathBuf,
    file: File,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After a rename the path does not exist any more.
        let _ = fs::remove_file(&self.path);
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink").field("bytes", &self.bytes).field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl Sink {
    fn write_now(&mut self, chunk: &[u8]) -> Result<()> {
        let unfinished =
            self.unfinished.as_mut().ok_or_else(|| StoreError::malformed("the file failed before"))?;
        self.bytes += chunk.len() as u64;
        if self.bytes > self.limit {
            self.unfinished = None;
            return Err(StoreError::TooLarge { limit: self.limit });
        }
        self.hasher.update(chunk);
        unfinished.file.write_all(chunk).map_err(disk)
    }
}

impl BlobSink for Sink {
    fn write<'a>(&'a mut self, chunk: &'a [u8]) -> BoxFuture<'a, Result<()>> {
        // Goes to the page cache in memory; `finish` waits for the disk.
        let result = self.write_now(chunk);
        Box::pin(std::future::ready(result))
    }

    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<BlobRef>> {
        Box::pin(async move {
            let Self { folder, writer, unfinished, hasher, bytes, now, .. } = *self;
            let unfinished = unfinished.ok_or_else(|| StoreError::malformed("the file failed before"))?;
            let blob = BlobRef { digest: Digest(hasher.finalize().into()), bytes };
            let synced = tokio::task::spawn_blocking(move || unfinished.file.sync_all().map(|()| unfinished));
            let unfinished = synced.await.map_err(StoreError::fault)?.map_err(disk)?;
            let kept = move |writer: &mut Writer| keep(writer, &folder, &unfinished, blob, now);
            writer.alone(kept).await?;
            Ok(blob)
        })
    }
}

fn keep(
    writer: &mut Writer,
    folder: &Folder,
    unfinished: &Unfinished,
    blob: BlobRef,
    now: Timestamp,
) -> Result<()> {
    let place = folder.place(blob.digest);
    let parent = place.parent().unwrap_or(&folder.root);
    make_private_folder(parent)
        .and_then(|()| fs::rename(&unfinished.path, &place))
        .and_then(|()| sync_folder(parent))
        .map_err(disk)?;
    writer
        .connection
        .execute(
            "insert into blobs values ($1, $2, $3)
             on conflict (digest) do update set stored_at = max(stored_at, excluded.stored_at)",
            params![blob.digest.0, int(blob.bytes), now.as_microsecond()],
        )
        .map_err(fault)?;
    Ok(())
}

#[derive(Debug)]
pub(crate) struct Source {
    file: Option<File>,
    bytes: u64,
}

impl Source {
    pub(crate) fn open(path: &Path, bytes: u64) -> Result<Self> {
        let file = File::open(path).map_err(StoreError::fault)?;
        Ok(Self { file: Some(file), bytes })
    }
}

impl BlobSource for Source {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>>> {
        Box::pin(async move {
            let Some(mut file) = self.file.take() else { return Ok(None) };
            let read = tokio::task::spawn_blocking(move || {
                let mut piece = Vec::with_capacity(PIECE_BYTES);
                Read::by_ref(&mut file)
                    .take(PIECE_BYTES as u64)
                    .read_to_end(&mut piece)
                    .map(|_| (file, piece))
            });
            let (file, piece) = read.await.map_err(StoreError::fault)?.map_err(StoreError::fault)?;
            self.file = Some(file);
            Ok((!piece.is_empty()).then_some(piece))
        })
    }
}

/// The digest of a file on disk.
pub(crate) fn digest_of(path: &Path) -> io::Result<Digest> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(Digest(hasher.finalize().into())),
            read => hasher.update(&piece[..read]),
        }
    }
}
