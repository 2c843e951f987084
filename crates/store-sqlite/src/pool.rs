//! The pool of read connections.
//!
//! Small queries (a row by key, a stream) run on the calling thread: with the pages in memory they take
//! microseconds, less than a switch to another thread. Larger ones run on the runtime's blocking threads.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use rusqlite::Connection;
use store::{Answer, Result, StoreError};

use crate::value::fault;
use crate::{open, read};

#[derive(Debug)]
pub(crate) struct Pool {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
    pub(crate) path: PathBuf,
}

impl Pool {
    pub(crate) fn open(path: PathBuf, readers: usize, cache_kib: u32) -> Result<Arc<Self>> {
        Self::of(path, readers, |path| open::reader(path, cache_kib))
    }

    pub(crate) fn of(
        path: PathBuf,
        readers: usize,
        open: impl Fn(&Path) -> Result<Connection>,
    ) -> Result<Arc<Self>> {
        let idle = (0..readers.max(1)).map(|_| open(&path)).collect::<Result<Vec<_>>>()?;
        Ok(Arc::new(Self { idle: Mutex::new(idle), returned: Condvar::new(), path }))
    }

    fn take_idle(&self) -> Option<Connection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn take(&self) -> Connection {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match idle.pop() {
                Some(connection) => return connection,
                None => idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn give_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        self.returned.notify_one();
    }

    /// A connection to keep for more than one query.
    pub(crate) async fn lend(self: &Arc<Self>) -> Result<Lent> {
        let pool = Arc::clone(self);
        let taken = tokio::task::spawn_blocking(move || Lent { connection: Some(pool.take()), pool });
        taken.await.map_err(StoreError::fault)
    }

    /// A small query, run on the calling thread when a connection is idle.
    pub(crate) fn small<T: Send + 'static>(
        self: &Arc<Self>,
        ask: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Answer<'static, T> {
        let Some(connection) = self.take_idle() else { return self.large(ask) };
        let lent = Lent { pool: Arc::clone(self), connection: Some(connection) };
        let result = lent.ask(ask);
        Box::pin(std::future::ready(result))
    }

    /// A query that may take long, run on a blocking thread.
    pub(crate) fn large<T: Send + 'static>(
        self: &Arc<Self>,
        ask: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Answer<'static, T> {
        let pool = Arc::clone(self);
        Box::pin(async move {
            let asked = tokio::task::spawn_blocking(move || {
                let lent = Lent { connection: Some(pool.take()), pool };
                lent.ask(ask)
            });
            asked.await.map_err(StoreError::fault)?
        })
    }
}

/// A borrowed connection, returned to the pool on drop, also when a query panics.
#[derive(Debug)]
pub(crate) struct Lent {
    pool: Arc<Pool>,
    connection: Option<Connection>,
}

impl Lent {
    /// Begins a transaction: all queries until its end read one snapshot.
    pub(crate) fn begin(&self) -> Result<()> {
        self.ask(|connection| {
            connection.execute_batch("begin").map_err(fault)?;
            // SQLite takes the snapshot with the first read, not with `begin`.
            read::head(connection).map(|_| ())
        })
    }

    pub(crate) fn ask<T>(&self, ask: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = self.connection.as_ref().ok_or_else(|| StoreError::fault("no connection"))?;
        ask(connection)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            if !connection.is_autocommit() && connection.execute_batch("rollback").is_err() {
                tracing::error!("a look at the file could not be ended");
            }
            self.pool.give_back(connection);
        }
    }
}
