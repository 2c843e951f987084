//! Checkpoints of the write-ahead log: copying it into the database, mostly beside the writer.
//!
//! A thread copies pages while the writer goes on. Under constant load it can never finish, so when the log
//! exceeds the hard bound the writer copies the few remaining pages, and the log restarts.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::hooks::Wal as WalHook;
use store::{Result, StoreError};

use crate::value::fault;

const PAGE_BYTES: u64 = 4096;
const RETRY: Duration = Duration::from_millis(200);
/// The log is copied this often even under little load, so that the database file alone is never far behind;
/// the first time soon after the start.
const EVERY: Duration = Duration::from_secs(20);
const SOON: Duration = Duration::from_secs(1);

enum Ask {
    /// Copy as much as possible.
    Copy,
    /// Copy everything and truncate the log, because erased data is still in it.
    Empty,
}

#[derive(Debug)]
pub(crate) struct Wal {
    /// Pages in the log, as of the last commit.
    pages: Arc<AtomicU64>,
    soft_pages: u64,
    hard_pages: u64,
    /// Pages in the log when the thread was last asked to copy.
    asked_at: u64,
    asks: Option<SyncSender<Ask>>,
    thread: Option<JoinHandle<()>>,
}

impl Wal {
    pub(crate) fn watch(
        writer: &mut Connection,
        path: &Path,
        soft_bytes: u64,
        hard_bytes: u64,
    ) -> Result<Self> {
        let pages = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&pages);
        writer
            .wal_hook(Some(move |_: &mut WalHook, pages: std::ffi::c_int| {
                counted.store(u64::try_from(pages).unwrap_or(0), Ordering::Relaxed);
                Ok(())
            }))
            .map_err(fault)?;
        let connection = Connection::open(path).map_err(fault)?;
        connection.busy_timeout(Duration::from_millis(50)).map_err(fault)?;
        let (asks, asked) = mpsc::sync_channel(4);
        let written = Arc::clone(&pages);
        let thread = std::thread::Builder::new()
            .name("store-wal".into())
            .spawn(move || serve(&connection, &asked, &written))
            .map_err(StoreError::fault)?;
        Ok(Self {
            pages,
            soft_pages: (soft_bytes / PAGE_BYTES).max(1),
            hard_pages: (hard_bytes / PAGE_BYTES).max(2),
            asked_at: 0,
            asks: Some(asks),
            thread: Some(thread),
        })
    }

    /// For a store that is not written.
    pub(crate) fn none() -> Self {
        let pages = Arc::default();
        Self { pages, soft_pages: u64::MAX, hard_pages: u64::MAX, asked_at: 0, asks: None, thread: None }
    }

    pub(crate) fn after_commit(&mut self, writer: &Connection, erased: bool) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < self.asked_at {
            self.asked_at = 0;
        }
        if erased {
            self.ask(Ask::Empty);
        }
        if pages >= self.asked_at + self.soft_pages {
            self.asked_at = pages;
            self.ask(Ask::Copy);
        }
        if pages >= self.hard_pages {
            copy(writer, "passive");
        }
    }

    /// Whether the log has reached the hard bound, so that the writer copies it after its next commit.
    pub(crate) fn is_full(&self) -> bool {
        self.pages.load(Ordering::Relaxed) >= self.hard_pages
    }

    fn ask(&self, ask: Ask) {
        // A full queue means that the thread is already copying.
        let _ = self.asks.as_ref().map(|asks| asks.try_send(ask));
    }
}

impl Drop for Wal {
    fn drop(&mut self) {
        self.asks = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(connection: &Connection, asked: &mpsc::Receiver<Ask>, pages: &AtomicU64) {
    let mut to_empty = false;
    // An earlier process may have left pages in the log; they are copied as well.
    let mut copied_at = None;
    loop {
        let wait = match (to_empty, copied_at) {
            (true, _) => RETRY,
            (false, None) => SOON,
            (false, Some(_)) => EVERY,
        };
        match asked.recv_timeout(wait) {
            Ok(Ask::Copy) => {
                copy(connection, "passive");
            }
            Ok(Ask::Empty) => to_empty = true,
            Err(RecvTimeoutError::Timeout) => {
                let written = pages.load(Ordering::Relaxed);
                if copied_at != Some(written) {
                    copy(connection, "passive");
                    copied_at = Some(written);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
        // Readers of an old snapshot block the truncation for a while; it is retried.
        to_empty = to_empty && !copy(connection, "truncate");
    }
}

/// Returns whether everything was copied.
fn copy(connection: &Connection, mode: &str) -> bool {
    let done = connection.query_row(&format!("pragma wal_checkpoint({mode})"), [], |row| {
        let (busy, logged, copied): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(busy == 0 && logged == copied)
    });
    done.unwrap_or_else(|error| {
        tracing::debug!(%error, "the write-ahead log could not be copied now");
        false
    })
}
