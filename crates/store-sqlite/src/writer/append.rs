//! Applying a batch and its events.

use rusqlite::{OptionalExtension, params};
use store::{
    Append, Batch, CommandId, Digest, Outcome, Position, PositionRange, Result, StreamId, Version,
    check_batch,
};

use super::Writer;
use super::state::{CommandRow, StreamRow};
use crate::value::{fault, int, nat};

/// Every so many versions, a stream gets a mark: an index entry for reading from the middle.
pub(crate) const MARK_EVERY: u64 = 64;

impl Writer {
    /// Applies a batch within the open transaction, which the group commits. A refusal comes before any
    /// write.
    pub(crate) fn batch(&mut self, batch: &Batch) -> Result<Outcome> {
        if let Err(refusal) = check_batch(batch, self) {
            // A repeated command may be refused only because its first run changed the streams.
            return match batch.command {
                Some(command) => self.outcome(command)?.ok_or(refusal),
                None => Err(refusal),
            };
        }
        let events: usize = batch.appends.iter().map(|append| append.events.len()).sum();
        let positions = (events > 0).then(|| PositionRange {
            first: Position(nat(self.head) + 1),
            last: Position(nat(self.head) + events as u64),
        });
        let numbers = self.take_batch_numbers(batch)?;
        if let Some(command) = batch.command
            && !self.claim_command(command, batch, positions, &numbers)?
        {
            return self.outcome(command)?.ok_or_else(|| store::StoreError::fault("a command vanished"));
        }
        for append in &batch.appends {
            self.append(append)?;
        }
        for change in &batch.changes {
            self.change(change, batch.at)?;
        }
        Ok(Outcome::Committed { positions, numbers })
    }

    /// Records the command and returns true, or returns false if it is already there.
    fn claim_command(
        &mut self,
        command: CommandId,
        batch: &Batch,
        positions: Option<PositionRange>,
        numbers: &[u64],
    ) -> Result<bool> {
        let (first, last) = positions.map_or((0, 0), |range| (int(range.first.0), int(range.last.0)));
        let id = *command.0.as_bytes();
        if self.waiting.command(id).is_some()
            || self.exists("select 1 from commands where id = $1", [id.as_slice()])?
        {
            return Ok(false);
        }
        let numbers: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        let (at, reply) = (batch.at.as_microsecond(), batch.reply.clone());
        self.waiting.put_command(id, CommandRow { at, first, last, numbers, reply });
        Ok(true)
    }

    pub(crate) fn outcome(&self, command: CommandId) -> Result<Option<Outcome>> {
        match self.waiting.command(*command.0.as_bytes()) {
            Some(row) => {
                Ok(Some(crate::read::outcome_of(row.first, row.last, &row.numbers, row.reply.clone())))
            }
            None => crate::read::outcome(&self.connection, command),
        }
    }

    fn append(&mut self, append: &Append) -> Result<()> {
        let Append { stream, events, .. } = append;
        if events.is_empty() {
            return Ok(());
        }
        let before = self.stream(stream)?;
        let mut version = before.map_or(Version::NONE, |row| row.version);
        let mut hash = before.map_or(Digest::ZERO, |row| row.head);
        let hashes: Vec<Digest> = events
            .iter()
            .map(|event| {
                version = version.next();
                hash = event.seal(stream, version, hash);
                hash
            })
            .collect();
        let last = self.head + int(events.len() as u64);
        let after = self.put_stream(stream, before, last, version, hash)?;
        self.put_events(append, &hashes, before, after.id)?;
        self.head = last;
        self.remember_stream(stream, after);
        Ok(())
    }

    /// The row of a new stream is inserted at once, because events refer to it; an update may be deferred.
    fn put_stream(
        &mut self,
        stream: &StreamId,
        before: Option<StreamRow>,
        last: i64,
        version: Version,
        head: Digest,
    ) -> Result<StreamRow> {
        if let Some(before) = before {
            let after = StreamRow { last, version, head, ..before };
            self.waiting.put_stream(stream, after);
            return Ok(after);
        }
        let mut insert = self
            .connection
            .prepare_cached(
                "insert into streams (name, first, last, version, head) values ($1, $2, $3, $4, $5)",
            )
            .map_err(fault)?;
        let first = self.head + 1;
        insert.execute(params![stream.as_str(), first, last, int(version.0), head.0]).map_err(fault)?;
        Ok(StreamRow { id: self.connection.last_insert_rowid(), first, last, version, head })
    }

    fn put_events(
        &self,
        append: &Append,
        hashes: &[Digest],
        before: Option<StreamRow>,
        stream: i64,
    ) -> Result<()> {
        let mut insert = self
            .connection
            .prepare_cached("insert into events values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
            .map_err(fault)?;
        let mut previous = before.map_or(0, |row| row.last);
        let mut version = before.map_or(0, |row| row.version.0);
        for ((event, hash), position) in append.events.iter().zip(hashes).zip(self.head + 1..) {
            version += 1;
            insert
                .execute(params![
                    position,
                    stream,
                    int(version),
                    previous,
                    event.id.as_bytes(),
                    event.at.as_microsecond(),
                    event.kind,
                    event.schema,
                    event.actor,
                    event.body,
                    hash.0,
                ])
                .map_err(fault)?;
            if version.is_multiple_of(MARK_EVERY) {
                self.connection
                    .prepare_cached("insert into marks values ($1, $2, $3)")
                    .and_then(|mut mark| mark.execute(params![stream, int(version), position]))
                    .map_err(fault)?;
            }
            previous = position;
        }
        Ok(())
    }

    /// Takes numbers of a counter and returns the first.
    pub(crate) fn take_numbers(&self, counter: &str, count: u64) -> Result<u64> {
        let mut take = self
            .connection
            .prepare_cached(
                "insert into counters values ($1, $2)
                 on conflict (name) do update set last = last + excluded.last returning last",
            )
            .map_err(fault)?;
        let last: Option<i64> =
            take.query_row(params![counter, int(count)], |row| row.get(0)).optional().map_err(fault)?;
        Ok(nat(last.unwrap_or_default()).saturating_sub(count) + 1)
    }
}
