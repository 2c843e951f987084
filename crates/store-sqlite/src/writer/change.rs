//! Applying the changes beside the journal.

use jiff::Timestamp;
use rusqlite::{Params, params};
use store::{
    Batch, Change, Checkpoint, Digest, Facts, Job, Result, StoreError, StreamId, Version, ViewChange,
    vault_digest,
};
use uuid::Uuid;

use super::Writer;
use crate::read::job_from;
use crate::value::{fault, int};

/// States of a job in the table.
const DONE: i64 = 1;
const GIVEN_UP: i64 = 2;

impl Facts for Writer {
    fn version(&mut self, stream: &StreamId) -> Result<Version> {
        Ok(self.stream(stream)?.map_or(Version::NONE, |row| row.version))
    }

    fn key_lives(&mut self, space: &str, key: &str, now: Timestamp) -> Result<bool> {
        self.exists(
            "select 1 from kv where space = $1 and key = $2 and (expires_at is null or expires_at > $3)",
            params![space, key, now.as_microsecond()],
        )
    }

    fn blob_is_stored(&mut self, digest: Digest) -> Result<bool> {
        self.exists("select 1 from blobs where digest = $1", [digest.0])
    }

    fn lease_holds(&mut self, id: Uuid, attempt: u32) -> Result<bool> {
        self.exists(
            "select 1 from jobs where id = $1 and attempt = $2 and state = 0 and leased = 1",
            params![id.as_bytes(), attempt],
        )
    }

    fn check_view_change(&mut self, change: &ViewChange) -> Result<()> {
        change.check(&self.views.find(change.table())?.schema)
    }
}

impl Writer {
    pub(super) fn exists(&self, sql: &str, params: impl Params) -> Result<bool> {
        self.connection.prepare_cached(sql).and_then(|mut select| select.exists(params)).map_err(fault)
    }

    fn put(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.connection.prepare_cached(sql).and_then(|mut put| put.execute(params)).map_err(fault)
    }

    /// The numbers that a batch takes; for a repeated command, those of its first run.
    pub(super) fn take_batch_numbers(&self, batch: &Batch) -> Result<Vec<u64>> {
        let wanted = || {
            batch.changes.iter().filter_map(|change| match change {
                Change::NumberTake { counter } => Some(counter),
                _ => None,
            })
        };
        if wanted().next().is_none() {
            return Ok(Vec::new());
        }
        if let Some(command) = batch.command
            && let Some(first) = self.outcome(command)?
        {
            return Ok(first.numbers().to_vec());
        }
        wanted().map(|counter| self.take_numbers(counter, 1)).collect()
    }

    /// A change of one row is deferred; one of many rows, or of a view with a search index, is applied at
    /// once.
    fn change_view(&mut self, change: &ViewChange) -> Result<()> {
        if matches!(change, ViewChange::DeleteWhere { .. }) {
            self.settle()?;
        }
        if self.behind.change(&self.connection, &self.views, change)? {
            self.waiting.put_view(change)?;
        }
        Ok(())
    }

    /// Applies a change that the caller has checked.
    pub(super) fn change(&mut self, change: &Change, at: Timestamp) -> Result<()> {
        match change {
            Change::View(change) => self.change_view(change)?,
            Change::VaultPut { key, subject, salt, bytes } => {
                let digest = vault_digest(salt, bytes);
                self.put(
                    "insert into vault values ($1, $2, $3, $4, $5) on conflict (key) do update set
                     subject = excluded.subject, salt = excluded.salt, bytes = excluded.bytes,
                     digest = excluded.digest",
                    params![key, subject, salt, bytes, digest.0],
                )?;
            }
            Change::VaultErase { key } => self.erase("key", key)?,
            Change::VaultEraseSubject { subject } => self.erase("subject", subject)?,
            Change::BlobLink { digest, owner } => {
                self.put("insert or ignore into blob_owners values ($1, $2)", params![digest.0, owner])?;
            }
            Change::BlobUnlink { digest, owner } => {
                self.put(
                    "delete from blob_owners where digest = $1 and owner = $2",
                    params![digest.0, owner],
                )?;
            }
            Change::EditionPut { hash, bytes } => {
                self.put(
                    "insert or ignore into editions (hash, bytes) values ($1, $2)",
                    params![hash, bytes],
                )?;
            }
            Change::KvPut { space, key, bytes, expires_at }
            | Change::KvClaim { space, key, bytes, expires_at } => {
                let expires_at = expires_at.map(Timestamp::as_microsecond);
                self.put(
                    "insert into kv values ($1, $2, $3, $4) on conflict (space, key) do update set
                     bytes = excluded.bytes, expires_at = excluded.expires_at",
                    params![space, key, bytes, expires_at],
                )?;
            }
            Change::KvRemove { space, key } => {
                self.put("delete from kv where space = $1 and key = $2", params![space, key])?;
            }
            Change::JobPut { id, queue, due_at, body } => {
                let due_at = due_at.as_microsecond();
                self.put(
                    "insert or ignore into jobs values ($1, $2, $3, $3, 0, 0, 0, $4, null, null)",
                    params![id.as_bytes(), queue, due_at, body],
                )?;
            }
            Change::JobDone { id, .. } => self.end_job(*id, DONE, None, at)?,
            Change::JobGiveUp { id, problem, .. } => self.end_job(*id, GIVEN_UP, Some(problem), at)?,
            Change::JobRetry { id, due_at, problem, .. } => {
                self.put(
                    "update jobs set due_at = $1, free_at = $1, leased = 0, problem = $2 where id = $3",
                    params![due_at.as_microsecond(), problem, id.as_bytes()],
                )?;
            }
            // Numbers are taken before the command is recorded.
            Change::NumberTake { .. } => {}
            other => return Err(StoreError::fault(format!("this store cannot yet do {other:?}"))),
        }
        Ok(())
    }

    /// SQLite overwrites erased bytes (`secure_delete`); the log is truncated after the commit.
    fn erase(&mut self, column: &str, value: &str) -> Result<()> {
        self.erased = true;
        self.put(
            &format!(
                "update vault set subject = null, salt = null, bytes = null, digest = null where {column} = $1"
            ),
            [value],
        )?;
        Ok(())
    }

    fn end_job(&self, id: Uuid, state: i64, problem: Option<&String>, at: Timestamp) -> Result<()> {
        self.put(
            "update jobs set state = $1, leased = 0, problem = coalesce($2, problem), ended_at = $3 where id = $4",
            params![state, problem, at.as_microsecond(), id.as_bytes()],
        )?;
        Ok(())
    }

    pub(crate) fn lease_jobs(
        &self,
        queue: &str,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Job>> {
        let mut select = self
            .connection
            .prepare_cached(
                "select id, queue, due_at, attempt + 1, body, problem from jobs
                 where state = 0 and queue = $1 and free_at <= $2 order by free_at, id limit $3",
            )
            .map_err(fault)?;
        let due = select
            .query_map(params![queue, now.as_microsecond(), int(limit as u64)], job_from)
            .and_then(Iterator::collect::<rusqlite::Result<Vec<Job>>>)
            .map_err(fault)?;
        for job in &due {
            self.put(
                "update jobs set leased = 1, free_at = $1, attempt = $2 where id = $3",
                params![until.as_microsecond(), job.attempt, job.id.as_bytes()],
            )?;
        }
        Ok(due)
    }

    pub(crate) fn save_checkpoint(&self, checkpoint: &Checkpoint) -> Result<()> {
        let Checkpoint { number, at, survey, previous, key_id, signature } = checkpoint;
        let is_next = "select 1 where $1 = (select coalesce(max(number), 0) + 1 from checkpoints)";
        if !self.exists(is_next, [int(*number)])? {
            return Err(StoreError::malformed(format!("checkpoint {number} is not the next")));
        }
        self.put(
            "insert into checkpoints values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![
                int(*number),
                at.as_microsecond(),
                int(survey.position.0),
                int(survey.streams),
                survey.heads.0,
                survey.span.0,
                previous.0,
                key_id,
                signature,
            ],
        )?;
        Ok(())
    }

    pub(crate) fn sweep_kv(&self, now: Timestamp) -> Result<u64> {
        Ok(self.put("delete from kv where expires_at <= $1", [now.as_microsecond()])? as u64)
    }

    pub(crate) fn forget_commands(&mut self, before: Timestamp) -> Result<u64> {
        self.settle()?;
        let before = before.as_microsecond();
        let commands = self.put("delete from commands where at < $1", [before])?;
        let jobs = self.put("delete from jobs where state = 1 and ended_at < $1", [before])?;
        Ok((commands + jobs) as u64)
    }
}
