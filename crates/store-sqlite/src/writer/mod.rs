//! The writer: how batches become durable.
//!
//! Group commit: all queued batches, up to a bound, are committed in one transaction, so that one wait for
//! the disk serves many callers. A batch is refused before anything of it is written, so that a refusal does
//! not affect the others. When writing itself fails, the whole group is rolled back and each batch is tried
//! alone.
//!
//! The commit writes events to their table. The group's other changes are written as one row of redo data
//! (`redo`) and applied to their tables later (`waiting`): when enough have gathered, when a reader asks, and
//! when the writer is idle.

mod append;
mod change;
mod handle;
mod redo;
mod state;
mod waiting;
mod work;

pub(crate) use self::append::MARK_EVERY;
pub(crate) use self::handle::WriterHandle;
pub(crate) use self::redo::is_settled;
pub(crate) use self::state::{StreamRow, Writer};
pub(crate) use self::waiting::WAITING_MAX;

use std::time::Instant;

use store::{Result, StoreError};

use crate::value::fault;

impl Writer {
    pub(crate) fn begin(&mut self) -> Result<()> {
        self.take_up()?;
        self.execute("begin immediate")
    }

    /// Settles in a transaction of its own, without waiting for the disk: until its pages are durable, the
    /// redo rows that it removes are still in the file.
    fn settle_alone(&mut self) -> Result<()> {
        self.in_lazy_transaction(|_| Ok(()))
    }

    /// A transaction that does not wait for the disk: a power loss undoes it, unless a later commit has
    /// waited.
    fn in_lazy_transaction<T>(&mut self, ask: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.connection.execute_batch("pragma synchronous = normal").map_err(fault)?;
        let result = self.in_transaction(ask);
        self.connection.execute_batch("pragma synchronous = full").map_err(fault)?;
        result
    }

    pub(crate) fn commit(&mut self) -> Result<()> {
        self.heads.hide(self.moved.iter().map(|(stream, _)| stream));
        let begun = Instant::now();
        self.execute("commit")?;
        self.last_commit = begun.elapsed();
        self.commits += 1;
        self.after_commit();
        Ok(())
    }

    /// Rolls back to the state in the file.
    pub(crate) fn undo(&mut self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.execute("rollback")
        {
            tracing::error!(%error, "a transaction could not be undone");
        }
        self.forget();
    }

    /// As [`Writer::in_lazy_transaction`]; the statements' rollback data is kept in a file meanwhile.
    fn in_large_transaction<T>(&mut self, ask: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.connection.execute_batch("pragma temp_store = file").map_err(fault)?;
        let result = self.in_lazy_transaction(ask);
        self.connection.execute_batch("pragma temp_store = memory").map_err(fault)?;
        result
    }

    fn in_transaction<T>(&mut self, ask: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.begin()?;
        let result = self.settle().and_then(|()| ask(self));
        if result.is_ok() {
            if let Err(error) = self.commit() {
                tracing::error!(%error, "a commit failed");
                self.undo();
                // SQLite rolls back what the disk has no space for.
                return Err(if matches!(error, StoreError::NoRoom) { error } else { StoreError::Unanswered });
            }
        } else {
            self.undo();
        }
        result
    }

    fn execute(&self, sql: &str) -> Result<()> {
        self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map_err(fault)?;
        Ok(())
    }
}
