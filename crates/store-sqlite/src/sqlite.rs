//! The adapter: writes go to the writer, queries to the pool.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use store::{
    Answer, Batch, Belonging, BelongingKind, BlobSink, BlobSource, Cell, Checkpoint, CommandId, Condition,
    Digest, Envelope, Hindrance, Job, JobState, Load, Outcome, Page, Position, RebuildEnd, RebuiltView,
    Result, Row, Store, StoreError, StreamHead, StreamId, Survey, TallyRow, VaultEntry, Version, ViewChange,
    ViewQuery, ViewSchema, ViewTally,
};
use tokio::sync::watch;
use uuid::Uuid;

use crate::backup::{self, CopyReport};
use crate::blobs::{Folder, Source};
use crate::heads::{Head, Heads};
use crate::migrations::{Standing, migrate, standing};
use crate::open::{self, Claim};
use crate::options::SqliteOptions;
use crate::pool::Pool;
use crate::value::{fault, int, nat};
use crate::views::{self, LivingViews};
use crate::wal::Wal;
use crate::writer::{StreamRow, WAITING_MAX, Writer, WriterHandle, is_settled};
use crate::{belongings, check, read};

/// A store in one SQLite file and a folder beside it. Clones share one store.
#[derive(Clone)]
pub struct SqliteStore {
    pool: Arc<Pool>,
    writer: Arc<WriterHandle>,
    views: Arc<LivingViews>,
    heads: Arc<Heads>,
    /// Number of committed changes that are not yet in the tables.
    unsettled: Arc<AtomicU64>,
    blobs: Arc<Folder>,
    visible: Arc<watch::Sender<Position>>,
    /// Database and log with their inodes at opening.
    files: Arc<[(std::path::PathBuf, Option<open::Inode>)]>,
    /// Dropped last, when the writer has stopped.
    _held: Arc<Held>,
}

/// Free disk space in bytes below which the store reports [`Hindrance::LittleRoom`]: requests then go
/// elsewhere while enough is left to stop in order.
const ROOM_MIN: u64 = 64 << 20;

#[derive(Debug)]
struct Held {
    #[expect(dead_code, reason = "the locks are held as long as it lives")]
    claim: Claim,
    /// The claim on the original, when this store is a private copy of it, and the copy.
    _looked_at: Option<(Claim, Private)>,
}

/// A copy of a database in a temporary folder that is removed on drop.
#[derive(Debug)]
struct Private {
    folder: std::path::PathBuf,
    database: std::path::PathBuf,
}

impl Private {
    fn copy(path: &Path, log: &Path) -> Result<Self> {
        let name = format!("yichuang-look-{}-{}", std::process::id(), Uuid::now_v7());
        let folder = std::env::temp_dir().join(name);
        open::make_private_folder(&folder).map_err(StoreError::fault)?;
        let private = Self { database: folder.join("zone.db"), folder };
        let copied = std::fs::copy(path, &private.database).and_then(|_| match std::fs::metadata(log) {
            Ok(_) => std::fs::copy(log, open::beside(&private.database, "-wal")).map(|_| ()),
            Err(_) => Ok(()),
        });
        copied.map_err(|error| {
            StoreError::fault(format!(
                "{} was not closed in order, and no private copy of it could be made in {} to look at: {error}",
                path.display(),
                private.folder.display()
            ))
        })?;
        Ok(private)
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            tracing::warn!(%error, "a private copy could not be removed");
        }
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("path", &self.pool.path).finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens the store, creates it if it does not exist, and brings its schema up to date.
    ///
    /// # Errors
    /// When another process has it open or a newer version wrote it, and faults of the disk.
    pub fn open(options: SqliteOptions) -> Result<Self> {
        let path = options.path.clone();
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            open::make_private_folder(folder).map_err(StoreError::fault)?;
        }
        open::make_private(&path).map_err(StoreError::fault)?;
        let claim = open::claim(&path)?;
        let blobs = Folder::open(&path)?;
        Self::of_claimed(options, claim, blobs, None)
    }

    /// Whether there is a store at this path; creates and changes nothing.
    ///
    /// # Errors
    /// When a newer version wrote it, a process has it open for writing, or it is no database; faults of the
    /// disk.
    pub fn is_begun(path: &Path) -> Result<bool> {
        match std::fs::metadata(path) {
            Ok(found) if found.len() > 0 => {}
            Ok(_) => return Ok(false),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(StoreError::fault(error)),
        }
        // Everything may still be in the write-ahead log.
        if std::fs::metadata(open::beside(path, "-wal")).is_ok_and(|log| log.len() > 0) {
            return Ok(true);
        }
        let _claim = open::claim_to_look(path)?;
        Ok(standing(&open::reader_of_settled(path, 2048)?)? != Standing::None)
    }

    /// Opens a store for reading. Nothing in it or beside it is created or changed, and it must not be
    /// written meanwhile. A store that was not closed in order, or that an older version wrote, is read
    /// through a temporary private copy.
    ///
    /// # Errors
    /// When there is none, a process has it open for writing, or a newer version wrote it; faults of the
    /// disk.
    pub fn open_to_look(options: SqliteOptions) -> Result<Self> {
        let path = options.path.clone();
        if !path.exists() {
            return Err(StoreError::malformed(format!("{} does not exist", path.display())));
        }
        let claim = open::claim_to_look(&path)?;
        let blobs = Folder::as_it_is(&path);
        let log = open::beside(&path, "-wal");
        if !std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            let connection = open::reader_of_settled(&path, options.reader_cache_kib)?;
            match standing(&connection)? {
                Standing::None => {
                    return Err(StoreError::malformed(format!("{} holds no zone", path.display())));
                }
                Standing::Current if is_settled(&connection)? => {
                    return Self::of_settled(options, connection, claim, blobs);
                }
                Standing::Current | Standing::Older => {}
            }
        }
        let private = Private::copy(&path, &log)?;
        let options = SqliteOptions { path: private.database.clone(), ..options };
        let held = open::claim(&options.path)?;
        Self::of_claimed(options, held, blobs, Some((claim, private)))
    }

    fn of_settled(
        options: SqliteOptions,
        connection: rusqlite::Connection,
        claim: Claim,
        blobs: Folder,
    ) -> Result<Self> {
        let kib = options.reader_cache_kib;
        let pool = Pool::of(options.path.clone(), 1, |path| open::reader_of_settled(path, kib))?;
        Self::assemble(options, connection, Wal::none(), pool, blobs, Held { claim, _looked_at: None })
    }

    fn of_claimed(
        options: SqliteOptions,
        claim: Claim,
        blobs: Folder,
        looked_at: Option<(Claim, Private)>,
    ) -> Result<Self> {
        let path = options.path.clone();
        let mut connection = open::writer(&path, options.writer_cache_kib)?;
        migrate(&mut connection)?;
        let wal = Wal::watch(&mut connection, &path, options.wal_soft_bytes, options.wal_hard_bytes)?;
        let pool = Pool::open(path, options.readers, options.reader_cache_kib)?;
        let held = Held { claim, _looked_at: looked_at };
        Self::assemble(options, connection, wal, pool, blobs, held)
    }

    fn assemble(
        options: SqliteOptions,
        connection: rusqlite::Connection,
        wal: Wal,
        pool: Arc<Pool>,
        blobs: Folder,
        held: Held,
    ) -> Result<Self> {
        let views = Arc::new(LivingViews::default());
        let heads = Arc::new(Heads::new(options.stream_cache, WAITING_MAX));
        let unsettled = Arc::new(AtomicU64::new(0));
        let writer = Writer::new(
            connection,
            Arc::clone(&views),
            Arc::clone(&heads),
            Arc::clone(&unsettled),
            options.stream_cache,
            options.row_cache,
        )?;
        let visible = Arc::new(watch::Sender::new(writer.head()));
        let handle = WriterHandle::start(
            writer,
            Arc::clone(&unsettled),
            Arc::clone(&visible),
            wal,
            options.group_max,
            options.queue_max,
        )?;
        let (writer, blobs, held) = (Arc::new(handle), Arc::new(blobs), Arc::new(held));
        let log = open::beside(&pool.path, "-wal");
        let files = [pool.path.clone(), log].map(|path| {
            let inode = open::inode(&path).ok().flatten();
            (path, inode)
        });
        Ok(Self { pool, writer, views, heads, unsettled, blobs, visible, files: files.into(), _held: held })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.pool.path
    }

    /// Copies the store to `to` while it serves; see [`crate::copy`].
    pub fn backup(&self, to: &Path) -> Answer<'static, CopyReport> {
        let (from, to) = (self.pool.path.clone(), to.to_owned());
        Box::pin(async move {
            let copied = tokio::task::spawn_blocking(move || backup::copy(&from, &to));
            copied.await.map_err(StoreError::fault)?
        })
    }

    /// Waits until the tables contain everything that was committed before this call.
    async fn settled(&self) -> Result<()> {
        if self.unsettled.load(Ordering::Acquire) == 0 {
            return Ok(());
        }
        match self.writer.settle().await {
            // On a full disk the tables cannot be updated; slightly old answers are better than none.
            Err(StoreError::NoRoom) => Ok(()),
            settled => settled,
        }
    }

    /// A small query on tables that are updated some time after a commit.
    fn settled_small<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&rusqlite::Connection) -> Result<T> + Send + 'static,
    ) -> Answer<'_, T> {
        if self.unsettled.load(Ordering::Acquire) == 0 {
            return self.pool.small(ask);
        }
        Box::pin(async move {
            self.settled().await?;
            self.pool.small(ask).await
        })
    }

    /// As [`SqliteStore::settled_small`], for a query that may take long.
    fn settled_large<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&rusqlite::Connection) -> Result<T> + Send + 'static,
    ) -> Answer<'_, T> {
        Box::pin(async move {
            self.settled().await?;
            self.pool.large(ask).await
        })
    }

    /// A query on one snapshot of settled tables, which sees no later commit. (After [`SqliteStore::settled`]
    /// alone it could see the events of a later commit without the rows of their streams.)
    fn one_look<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&rusqlite::Connection) -> Result<T> + Send + 'static,
    ) -> Answer<'_, T> {
        Box::pin(async move {
            let lent = self.pool.lend().await?;
            let begun = move |settled: Result<()>| settled.and_then(|()| lent.begin()).map(|()| lent);
            let lent = self.writer.settle_then(begun).await?;
            let asked = tokio::task::spawn_blocking(move || lent.ask(ask));
            asked.await.map_err(StoreError::fault)?
        })
    }

    /// A query about a stream, given the stream's current head.
    fn stream_row<T: Send + 'static>(
        &self,
        stream: &StreamId,
        ask: impl FnOnce(&rusqlite::Connection, Option<StreamRow>) -> Result<T> + Send + 'static,
    ) -> Answer<'_, T> {
        match self.heads.head(stream) {
            Some(Head::At(row)) => self.pool.small(move |connection| ask(connection, Some(row))),
            head => {
                let stream = stream.clone();
                let from_file = move |connection: &rusqlite::Connection| {
                    let row = read::stream_row(connection, &stream)?;
                    ask(connection, row)
                };
                if head.is_some() { self.settled_small(from_file) } else { self.pool.small(from_file) }
            }
        }
    }

    /// Runs a query on a view; runs it again when the view was swapped between finding and querying it.
    fn view<T: Send + 'static>(
        &self,
        table: String,
        is_small: bool,
        ask: impl Fn(&rusqlite::Connection, &views::View) -> Result<T> + Send + 'static,
    ) -> Answer<'_, T> {
        let views = Arc::clone(&self.views);
        let asked = move |connection: &rusqlite::Connection| {
            let view = views.find(&table)?;
            match ask(connection, &view) {
                Err(StoreError::Fault(_)) if views.find(&table)?.table != view.table => {
                    ask(connection, &*views.find(&table)?)
                }
                result => result,
            }
        };
        if is_small { self.settled_small(asked) } else { self.settled_large(asked) }
    }
}

impl Store for SqliteStore {
    fn commit(&self, batch: Batch) -> Answer<'_, Outcome> {
        // Here and not on the writer's thread, which all commits share.
        match batch.said() {
            Ok(batch) => Box::pin(self.writer.grouped(move |writer| writer.batch(&batch))),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }
    }

    fn outcome(&self, command: CommandId) -> Answer<'_, Option<Outcome>> {
        self.settled_small(move |connection| read::outcome(connection, command))
    }

    fn read_stream<'a>(
        &'a self,
        stream: &'a StreamId,
        after: Version,
        limit: usize,
    ) -> Answer<'a, Vec<Envelope>> {
        // A caller with the state in memory is mostly up to date already, which needs no query.
        if let Some(Head::At(row)) = self.heads.head(stream)
            && row.version <= after
        {
            return Box::pin(std::future::ready(Ok(Vec::new())));
        }
        let asked = stream.clone();
        self.stream_row(stream, move |connection, row| read::stream(connection, &asked, row, after, limit))
    }

    fn stream_head<'a>(&'a self, stream: &'a StreamId) -> Answer<'a, Option<StreamHead>> {
        let asked = stream.clone();
        self.stream_row(stream, move |_, row| {
            Ok(row.map(|row| StreamHead {
                stream: asked,
                first: Position(nat(row.first)),
                version: row.version,
                hash: row.head,
            }))
        })
    }

    fn stream_heads(&self, after: Position, limit: usize) -> Answer<'_, Vec<StreamHead>> {
        self.settled_large(move |connection| read::stream_heads(connection, after, limit))
    }

    fn read_all(&self, after: Position, limit: usize) -> Answer<'_, Vec<Envelope>> {
        self.pool.large(move |connection| read::all(connection, after, limit))
    }

    fn head(&self) -> Answer<'_, Position> {
        self.pool.small(read::head)
    }

    fn subscribe(&self) -> watch::Receiver<Position> {
        self.visible.subscribe()
    }

    fn load(&self) -> Load {
        let (commits, waiting) = self.writer.load();
        Load { commits, waiting, unsettled: self.unsettled.load(Ordering::Relaxed) }
    }

    fn declare_views(&self, schemas: Vec<ViewSchema>) -> Answer<'_, Vec<String>> {
        Box::pin(self.writer.alone(move |writer| {
            let head = writer.head();
            let (living, stale) = views::declare(&writer.connection, schemas, head)?;
            writer.take_up_views(&living, &stale)?;
            writer.change_views(living);
            Ok(stale)
        }))
    }

    fn view_row<'a>(&'a self, table: &'a str, key: &'a [Cell]) -> Answer<'a, Option<Row>> {
        let key = key.to_vec();
        self.view(table.into(), true, move |connection, view| views::row(connection, view, &key))
    }

    fn view_rows(&self, query: ViewQuery) -> Answer<'_, Page> {
        let is_small = self.views.find(&query.table).is_ok_and(|view| is_one_by_index(&query, &view.schema));
        self.view(query.table.clone(), is_small, move |connection, view| {
            views::page(connection, view, &query)
        })
    }

    fn view_tally(&self, tally: ViewTally) -> Answer<'_, Vec<TallyRow>> {
        self.view(tally.table.clone(), false, move |connection, view| views::tally(connection, view, &tally))
    }

    fn view_digest<'a>(&'a self, table: &'a str) -> Answer<'a, Digest> {
        self.view(table.into(), false, views::digest)
    }

    fn rebuild_begin(&self) -> Answer<'_, Position> {
        Box::pin(self.writer.alone(|writer| views::begin(&writer.connection, &writer.views)))
    }

    fn rebuild_apply(&self, changes: Vec<ViewChange>, up_to: Position) -> Answer<'_, ()> {
        Box::pin(self.writer.lazily(move |writer| writer.advance_rebuild(&changes, up_to)))
    }

    fn rebuild_compare<'a>(&'a self, tables: &'a [String]) -> Answer<'a, Option<Vec<RebuiltView>>> {
        let digests = |rebuilt| {
            let (tables, living) = (tables.to_vec(), Arc::clone(&self.views));
            self.pool.large(move |connection| views::digests(connection, &living.all(), rebuilt, &tables))
        };
        Box::pin(async move {
            self.settled().await?;
            let (before, after) = tokio::join!(digests(false), digests(true));
            // Each uses its own snapshot, so both must be of the same position.
            Ok(match (before?, after?) {
                (Some((at, before)), Some((also_at, after))) if at == also_at => {
                    let views = tables.iter().zip(before).zip(after);
                    let view = |((table, before), after): ((&String, _), _)| RebuiltView {
                        table: table.clone(),
                        before,
                        after,
                    };
                    Some(views.map(view).collect())
                }
                _ => None,
            })
        })
    }

    fn rebuild_finish(&self) -> Answer<'_, RebuildEnd> {
        Box::pin(self.writer.alone(|writer| {
            let head = writer.head();
            let (end, living) = views::finish(&writer.connection, &writer.views, head)?;
            if let Some(living) = living {
                writer.change_views(living);
            }
            Ok(end)
        }))
    }

    fn rebuild_sweep(&self) -> Answer<'_, bool> {
        Box::pin(self.writer.sweeping(|writer| views::sweep(&writer.connection)))
    }

    fn rebuild_abandon(&self) -> Answer<'_, ()> {
        Box::pin(self.writer.alone(|writer| {
            views::abandon(&writer.connection)?;
            writer.forget_rebuild();
            Ok(())
        }))
    }

    fn vault_get<'a>(&'a self, key: &'a str) -> Answer<'a, Option<VaultEntry>> {
        let key = key.to_owned();
        self.pool.small(move |connection| read::vault_get(connection, &key))
    }

    fn vault_keys<'a>(&'a self, subject: &'a str) -> Answer<'a, Vec<String>> {
        let subject = subject.to_owned();
        self.pool.small(move |connection| {
            read::texts(connection, "select key from vault where subject = $1 order by key", [subject])
        })
    }

    fn vault_walk<'a>(&'a self, after: &'a str, limit: usize) -> Answer<'a, Vec<String>> {
        let after = after.to_owned();
        self.pool.large(move |connection| {
            read::texts(
                connection,
                "select key from vault where key > $1 and bytes is not null order by key limit $2",
                params![after, int(limit as u64)],
            )
        })
    }

    fn blob_create(&self, limit: u64, now: Timestamp) -> Answer<'_, Box<dyn BlobSink>> {
        let sink = self.blobs.begin(Arc::clone(&self.writer), limit, now);
        Box::pin(std::future::ready(sink.map(|sink| Box::new(sink) as Box<dyn BlobSink>)))
    }

    fn blob_open(&self, digest: Digest) -> Answer<'_, Option<Box<dyn BlobSource>>> {
        let place = self.blobs.place(digest);
        self.pool.large(move |connection| {
            let bytes: Option<i64> = connection
                .query_row("select bytes from blobs where digest = $1", [digest.0], |row| row.get(0))
                .optional()
                .map_err(fault)?;
            let source = bytes.map(|bytes| Source::open(&place, nat(bytes))).transpose()?;
            Ok(source.map(|source| Box::new(source) as Box<dyn BlobSource>))
        })
    }

    fn blob_owners(&self, digest: Digest) -> Answer<'_, Vec<String>> {
        self.pool.small(move |connection| {
            let sql = "select owner from blob_owners where digest = $1 order by owner";
            read::texts(connection, sql, [digest.0])
        })
    }

    fn blob_sweep(&self, stored_before: Timestamp) -> Answer<'_, u64> {
        let folder = Arc::clone(&self.blobs);
        Box::pin(self.writer.alone_then(
            move |writer| folder.sweep(writer, stored_before),
            |gone| {
                for path in &gone {
                    if let Err(error) = std::fs::remove_file(path) {
                        tracing::warn!(%error, "an unwanted file could not be removed");
                    }
                }
                gone.len() as u64
            },
        ))
    }

    fn edition<'a>(&'a self, hash: &'a str) -> Answer<'a, Option<Vec<u8>>> {
        let hash = hash.to_owned();
        self.pool.large(move |connection| {
            connection
                .query_row("select bytes from editions where hash = $1", [hash], |row| row.get(0))
                .optional()
                .map_err(fault)
        })
    }

    fn editions(&self) -> Answer<'_, Vec<String>> {
        self.pool.small(|connection| read::texts(connection, "select hash from editions order by number", []))
    }

    fn kv_get<'a>(&'a self, space: &'a str, key: &'a str, now: Timestamp) -> Answer<'a, Option<Vec<u8>>> {
        let (space, key) = (space.to_owned(), key.to_owned());
        self.pool.small(move |connection| {
            connection
                .prepare_cached(
                    "select bytes from kv where space = $1 and key = $2
                     and (expires_at is null or expires_at > $3)",
                )
                .and_then(|mut select| {
                    select.query_row(params![space, key, now.as_microsecond()], |row| row.get(0)).optional()
                })
                .map_err(fault)
        })
    }

    fn kv_list<'a>(
        &'a self,
        space: &'a str,
        prefix: &'a str,
        now: Timestamp,
    ) -> Answer<'a, Vec<(String, Vec<u8>)>> {
        let (space, prefix) = (space.to_owned(), prefix.to_owned());
        // Answered on the calling thread, on the assumption that a listed space has few keys.
        self.pool.small(move |connection| {
            let mut select = connection
                .prepare_cached(
                    "select key, bytes from kv where space = $1 and key >= $2
                     and substr(key, 1, length($2)) = $2 and (expires_at is null or expires_at > $3) order by key",
                )
                .map_err(fault)?;
            let rows = select
                .query_map(params![space, prefix, now.as_microsecond()], |row| Ok((row.get(0)?, row.get(1)?)))
                .map_err(fault)?;
            rows.collect::<rusqlite::Result<_>>().map_err(fault)
        })
    }

    fn kv_sweep(&self, now: Timestamp) -> Answer<'_, u64> {
        Box::pin(self.writer.grouped(move |writer| writer.sweep_kv(now)))
    }

    fn take_numbers<'a>(&'a self, counter: &'a str, count: u64) -> Answer<'a, u64> {
        let counter = counter.to_owned();
        Box::pin(self.writer.grouped(move |writer| writer.take_numbers(&counter, count)))
    }

    fn lease_jobs<'a>(
        &'a self,
        queue: &'a str,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Answer<'a, Vec<Job>> {
        let queue = queue.to_owned();
        Box::pin(self.writer.grouped(move |writer| writer.lease_jobs(&queue, now, lease_until, limit)))
    }

    fn job_state(&self, id: Uuid) -> Answer<'_, Option<JobState>> {
        self.pool.small(move |connection| read::job_state(connection, id))
    }

    fn next_job_due<'a>(&'a self, queue: &'a str) -> Answer<'a, Option<Timestamp>> {
        let queue = queue.to_owned();
        self.pool.small(move |connection| {
            let due: Option<i64> = connection
                .prepare_cached("select min(free_at) from jobs where state = 0 and queue = $1")
                .and_then(|mut select| select.query_row([queue], |row| row.get(0)))
                .map_err(fault)?;
            Ok(due.map(read::instant))
        })
    }

    fn jobs_given_up<'a>(&'a self, queue: &'a str, limit: usize) -> Answer<'a, Vec<Job>> {
        let queue = queue.to_owned();
        self.pool.large(move |connection| {
            let mut select = connection
                .prepare_cached(
                    "select id, queue, due_at, attempt, body, problem from jobs
                     where queue = $1 and state = 2 order by ended_at, id limit $2",
                )
                .map_err(fault)?;
            let rows = select.query_map(params![queue, int(limit as u64)], read::job_from).map_err(fault)?;
            rows.collect::<rusqlite::Result<_>>().map_err(fault)
        })
    }

    fn survey(&self, after: Position) -> Answer<'_, Survey> {
        self.one_look(move |connection| read::survey(connection, after))
    }

    fn checkpoints(&self) -> Answer<'_, Vec<Checkpoint>> {
        self.pool.large(read::checkpoints)
    }

    fn save_checkpoint(&self, checkpoint: Checkpoint) -> Answer<'_, ()> {
        Box::pin(self.writer.grouped(move |writer| writer.save_checkpoint(&checkpoint)))
    }

    fn room(&self) -> Answer<'_, Option<u64>> {
        let files = Arc::clone(&self.files);
        Box::pin(async move {
            let looked = tokio::task::spawn_blocking(move || free_room(&files[0].0));
            Ok(looked.await.map_err(StoreError::fault)?.ok())
        })
    }

    fn hindrances(&self) -> Answer<'_, Vec<Hindrance>> {
        let (files, failing) = (Arc::clone(&self.files), self.writer.is_failing());
        Box::pin(async move {
            let looked = tokio::task::spawn_blocking(move || {
                let mut found = Vec::new();
                // A log that does not exist yet when the store is opened is created by the first commit.
                let gone = |(path, then): &(std::path::PathBuf, Option<open::Inode>)| {
                    then.is_some() && open::inode(path).ok().flatten() != *then
                };
                if files.iter().any(gone) {
                    found.push(Hindrance::FilesGone);
                }
                match free_room(&files[0].0) {
                    Ok(bytes) if bytes < ROOM_MIN => found.push(Hindrance::LittleRoom { bytes }),
                    Ok(_) => {}
                    Err(_) => found.push(Hindrance::FilesGone),
                }
                if failing {
                    found.push(Hindrance::CommitsFail);
                }
                found
            });
            looked.await.map_err(StoreError::fault)
        })
    }

    fn self_check(&self) -> Answer<'_, Vec<String>> {
        let folder = self.blobs.root().to_owned();
        self.one_look(move |connection| check::self_check(connection, &folder))
    }

    fn forget_commands(&self, given_before: Timestamp) -> Answer<'_, u64> {
        Box::pin(self.writer.grouped(move |writer| writer.forget_commands(given_before)))
    }

    fn belongings<'a>(
        &'a self,
        kind: BelongingKind,
        after: Option<&'a Belonging>,
        limit: usize,
    ) -> Answer<'a, Vec<Belonging>> {
        let after = after.cloned();
        self.settled_large(move |connection| belongings::after(connection, kind, after.as_ref(), limit))
    }

    fn take_in(&self, things: Vec<Belonging>) -> Answer<'_, ()> {
        Box::pin(self.writer.alone(move |writer| belongings::take_in(&writer.connection, things)))
    }
}

/// Free bytes for unprivileged users on the disk of a file.
fn free_room(path: &std::path::Path) -> Result<u64, rustix::io::Errno> {
    rustix::fs::statvfs(path).map(|disk| disk.f_bavail * disk.f_frsize)
}

/// Whether at most one row is asked for and an index leads to it: as quick as a row by its key.
fn is_one_by_index(query: &ViewQuery, schema: &ViewSchema) -> bool {
    let equals = |column: Option<&String>| {
        query.filter.iter().any(|each| matches!(each, Condition::Eq(name, _) if Some(name) == column))
    };
    let indexed = schema.indexes.iter().chain([&schema.key]).any(|columns| equals(columns.first()));
    query.limit <= 1 && query.after.is_none() && query.order.is_empty() && indexed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One batch of a group fails while it is written: its own writes are undone, the rest of the group is
    /// committed.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_batch_that_cannot_be_written_does_not_spoil_its_group() {
        let folder = std::env::temp_dir().join(format!("yichuang-group-{}", std::process::id()));
        let store = SqliteStore::open(SqliteOptions::new(folder.join("store.db"))).unwrap();
        // The writer is blocked, so that the batches that follow form one group.
        let (release, held) = std::sync::mpsc::channel::<()>();
        let holding = {
            let writer = Arc::clone(&store.writer);
            tokio::spawn(async move { writer.alone(move |_| held.recv().map_err(StoreError::fault)).await })
        };
        let mut waiting = Vec::new();
        for number in 0..6_u64 {
            let store = store.clone();
            waiting.push(tokio::spawn(async move {
                let put = Batch::new(Timestamp::UNIX_EPOCH).change(store::Change::KvPut {
                    space: "s".into(),
                    key: number.to_string(),
                    bytes: Vec::new(),
                    expires_at: None,
                });
                let ask = move |writer: &mut Writer| {
                    writer.batch(&put)?;
                    if number == 3 { Err(StoreError::fault("the disk is full")) } else { Ok(()) }
                };
                store.writer.grouped(ask).await
            }));
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        release.send(()).unwrap();
        holding.await.unwrap().unwrap();
        for (number, task) in waiting.into_iter().enumerate() {
            assert_eq!(task.await.unwrap().is_ok(), number != 3, "{number}");
        }
        let kept = store.kv_list("s", "", Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(kept.into_iter().map(|(key, _)| key).collect::<Vec<_>>(), ["0", "1", "2", "4", "5"]);
        drop(store);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
