//! Queries on events and the data beside them, on any connection.

use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};
use store::{
    Checkpoint, CommandId, Digest, Envelope, HeadsRoot, Job, JobState, Outcome, Position, PositionRange,
    Result, SpanDigest, StoreError, StreamHead, StreamId, Survey, VaultEntry, Version,
};
use uuid::Uuid;

use crate::value::{fault, int, nat};
use crate::writer::StreamRow;

pub(crate) fn outcome(connection: &Connection, command: CommandId) -> Result<Option<Outcome>> {
    let mut select = connection
        .prepare_cached("select first, last, numbers, reply from commands where id = $1")
        .map_err(fault)?;
    select.query_row([command.0.as_bytes()], |row| outcome_from(row, 0)).optional().map_err(fault)
}

/// Columns from `place` on: first, last, numbers, reply.
pub(crate) fn outcome_from(row: &Row<'_>, place: usize) -> rusqlite::Result<Outcome> {
    let numbers: Vec<u8> = row.get(place + 2)?;
    Ok(outcome_of(row.get(place)?, row.get(place + 1)?, &numbers, row.get(place + 3)?))
}

/// The outcome of a repeated command, from its row.
pub(crate) fn outcome_of(first: i64, last: i64, numbers: &[u8], reply: Vec<u8>) -> Outcome {
    let (first, last) = (Position(nat(first)), Position(nat(last)));
    let numbers = numbers
        .chunks_exact(8)
        .map(|eight| eight.iter().fold(0, |number, &byte| number << 8 | u64::from(byte)));
    Outcome::Repeated {
        positions: (last > Position::START).then_some(PositionRange { first, last }),
        numbers: numbers.collect(),
        reply,
    }
}

pub(crate) fn head(connection: &Connection) -> Result<Position> {
    let mut select =
        connection.prepare_cached("select coalesce(max(position), 0) from events").map_err(fault)?;
    select.query_row([], |row| Ok(Position(nat(row.get(0)?)))).map_err(fault)
}

/// The stream's row in the file, which may lag behind the last commits.
pub(crate) fn stream_row(connection: &Connection, stream: &StreamId) -> Result<Option<StreamRow>> {
    let mut find = connection
        .prepare_cached("select id, first, last, version, head from streams where name = $1")
        .map_err(fault)?;
    find.query_row([stream.as_str()], |row| {
        Ok(StreamRow {
            id: row.get(0)?,
            first: row.get(1)?,
            last: row.get(2)?,
            version: Version(nat(row.get(3)?)),
            head: Digest(row.get(4)?),
        })
    })
    .optional()
    .map_err(fault)
}

/// Follows a stream backwards from its last event, or from the first mark at or after the wanted part.
/// Events never change, so no transaction is needed.
pub(crate) fn stream(
    connection: &Connection,
    stream: &StreamId,
    row: Option<StreamRow>,
    after: Version,
    limit: usize,
) -> Result<Vec<Envelope>> {
    let Some(StreamRow { id, last, version, .. }) = row.filter(|row| row.version > after && limit > 0) else {
        return Ok(Vec::new());
    };
    let until = version.0.min(after.0.saturating_add(limit as u64));
    let mut at = if version.0 - until < crate::writer::MARK_EVERY {
        last
    } else {
        nearest_mark(connection, id, until)?.unwrap_or(last)
    };
    let mut select = connection
        .prepare_cached(
            "select position, version, id, at, kind, schema, actor, body, hash, previous, stream
             from events where position = $1",
        )
        .map_err(fault)?;
    let mut events = Vec::with_capacity(usize::try_from(until - after.0).unwrap_or(0).min(1024));
    loop {
        let (event, previous, owner) = one_event(&mut select, stream, at)?;
        let version = event.version.0;
        if owner != id || previous >= at {
            return Err(damaged(at, "it does not belong to its stream"));
        }
        if version <= after.0 {
            break;
        }
        if version <= until {
            events.push(event);
        }
        if version == after.0 + 1 {
            break;
        }
        at = previous;
    }
    events.reverse();
    Ok(events)
}

fn nearest_mark(connection: &Connection, stream: i64, version: u64) -> Result<Option<i64>> {
    let mut select = connection
        .prepare_cached(
            "select position from marks where stream = $1 and version >= $2 order by version limit 1",
        )
        .map_err(fault)?;
    select.query_row(params![stream, int(version)], |row| row.get(0)).optional().map_err(fault)
}

fn one_event(select: &mut CachedStatement<'_>, stream: &StreamId, at: i64) -> Result<(Envelope, i64, i64)> {
    let mut rows = select.query([at]).map_err(fault)?;
    let row = rows.next().map_err(fault)?.ok_or_else(|| damaged(at, "it is missing"))?;
    let event = envelope(row, stream.clone())?;
    Ok((event, row.get(9).map_err(fault)?, row.get(10).map_err(fault)?))
}

/// Columns 0 to 8: position, version, id, at, kind, schema, actor, body, hash.
fn envelope(row: &Row<'_>, stream: StreamId) -> Result<Envelope> {
    let position: i64 = row.get(0).map_err(fault)?;
    let bad = |error: rusqlite::Error| damaged(position, &error.to_string());
    let at: i64 = row.get(3).map_err(bad)?;
    Ok(Envelope {
        id: Uuid::from_bytes(row.get(2).map_err(bad)?),
        stream,
        version: Version(nat(row.get(1).map_err(bad)?)),
        position: Position(nat(position)),
        at: Timestamp::from_microsecond(at).map_err(|error| damaged(position, &error.to_string()))?,
        kind: row.get(4).map_err(bad)?,
        schema: row.get(5).map_err(bad)?,
        actor: row.get(6).map_err(bad)?,
        body: row.get(7).map_err(bad)?,
        hash: Digest(row.get(8).map_err(bad)?),
    })
}

fn damaged(position: i64, what: &str) -> StoreError {
    StoreError::Damaged { position: Position(nat(position)), what: what.into() }
}

/// Events up to the first damaged one; its error is returned when it is the first of the result.
pub(crate) fn all(connection: &Connection, after: Position, limit: usize) -> Result<Vec<Envelope>> {
    let mut select = connection
        .prepare_cached(
            "select e.position, e.version, e.id, e.at, e.kind, e.schema, e.actor, e.body, e.hash, s.name
             from events e left join streams s on s.id = e.stream
             where e.position > $1 order by e.position limit $2",
        )
        .map_err(fault)?;
    let mut rows = select.query(params![int(after.0), int(limit as u64)]).map_err(fault)?;
    let mut events = Vec::new();
    while let Some(row) = rows.next().map_err(fault)? {
        let position: i64 = row.get(0).map_err(fault)?;
        let read = row
            .get::<_, String>(9)
            .map_err(|_| damaged(position, "its stream is unknown"))
            .and_then(|name| StreamId::new(&name).map_err(|error| damaged(position, &error.to_string())))
            .and_then(|stream| envelope(row, stream));
        match read {
            Ok(event) => events.push(event),
            Err(error) if events.is_empty() => return Err(error),
            Err(_) => break,
        }
    }
    Ok(events)
}

fn head_from(row: &Row<'_>) -> Result<StreamHead> {
    let first: i64 = row.get(0).map_err(fault)?;
    let bad = |error: rusqlite::Error| damaged(first, &error.to_string());
    let name: String = row.get(1).map_err(bad)?;
    Ok(StreamHead {
        stream: StreamId::new(&name).map_err(|error| damaged(first, &error.to_string()))?,
        first: Position(nat(first)),
        version: Version(nat(row.get(2).map_err(bad)?)),
        hash: Digest(row.get(3).map_err(bad)?),
    })
}

pub(crate) fn stream_heads(
    connection: &Connection,
    after: Position,
    limit: usize,
) -> Result<Vec<StreamHead>> {
    let mut select = connection
        .prepare_cached(
            "select first, name, version, head from streams where first > $1 order by first limit $2",
        )
        .map_err(fault)?;
    let mut rows = select.query(params![int(after.0), int(limit as u64)]).map_err(fault)?;
    let mut heads = Vec::new();
    while let Some(row) = rows.next().map_err(fault)? {
        match head_from(row) {
            Ok(head) => heads.push(head),
            Err(error) if heads.is_empty() => return Err(error),
            Err(_) => break,
        }
    }
    Ok(heads)
}

/// Runs in one snapshot of settled tables, so that heads and events agree.
pub(crate) fn survey(look: &Connection, after: Position) -> Result<Survey> {
    let position = head(look)?;
    let mut heads = HeadsRoot::default();
    {
        // Ids grow with the position of the first event.
        let mut select = look
            .prepare_cached("select first, name, version, head from streams order by id")
            .map_err(fault)?;
        let mut rows = select.query([]).map_err(fault)?;
        while let Some(row) = rows.next().map_err(fault)? {
            heads.add(&head_from(row)?);
        }
    }
    let mut span = SpanDigest::default();
    {
        let mut select = look
            .prepare_cached("select position, hash from events where position > $1 order by position")
            .map_err(fault)?;
        let mut rows = select.query([int(after.0)]).map_err(fault)?;
        while let Some(row) = rows.next().map_err(fault)? {
            span.add(Position(nat(row.get(0).map_err(fault)?)), Digest(row.get(1).map_err(fault)?));
        }
    }
    Ok(Survey { position, streams: heads.count(), heads: heads.finish(), span: span.finish() })
}

pub(crate) fn checkpoints(connection: &Connection) -> Result<Vec<Checkpoint>> {
    let mut select = connection
        .prepare_cached(
            "select number, at, position, streams, heads, span, previous, key_id, signature
             from checkpoints order by number",
        )
        .map_err(fault)?;
    let rows = select
        .query_map([], |row| {
            Ok(Checkpoint {
                number: nat(row.get(0)?),
                at: instant(row.get(1)?),
                survey: Survey {
                    position: Position(nat(row.get(2)?)),
                    streams: nat(row.get(3)?),
                    heads: Digest(row.get(4)?),
                    span: Digest(row.get(5)?),
                },
                previous: Digest(row.get(6)?),
                key_id: row.get(7)?,
                signature: row.get(8)?,
            })
        })
        .map_err(fault)?;
    rows.collect::<rusqlite::Result<_>>().map_err(fault)
}

/// An instant changed to a value out of range reads as the earliest instant, for which no hash or signature
/// holds.
pub(crate) fn instant(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::MIN)
}

pub(crate) fn vault_get(connection: &Connection, key: &str) -> Result<Option<VaultEntry>> {
    let mut select = connection
        .prepare_cached("select subject, salt, bytes, digest from vault where key = $1")
        .map_err(fault)?;
    select
        .query_row([key], |row| {
            Ok(match row.get(2)? {
                Some(bytes) => VaultEntry::Kept {
                    subject: row.get(0)?,
                    salt: row.get(1)?,
                    bytes,
                    digest: Digest(row.get(3)?),
                },
                None => VaultEntry::Erased,
            })
        })
        .optional()
        .map_err(fault)
}

/// Columns: id, queue, due_at, attempt, body, problem.
pub(crate) fn job_from(row: &Row<'_>) -> rusqlite::Result<Job> {
    Ok(Job {
        id: Uuid::from_bytes(row.get(0)?),
        queue: row.get(1)?,
        due_at: instant(row.get(2)?),
        attempt: row.get(3)?,
        body: row.get(4)?,
        problem: row.get(5)?,
    })
}

pub(crate) fn job_state(connection: &Connection, id: Uuid) -> Result<Option<JobState>> {
    let mut select = connection.prepare_cached("select state from jobs where id = $1").map_err(fault)?;
    let state: Option<i64> = select.query_row([id.as_bytes()], |row| row.get(0)).optional().map_err(fault)?;
    Ok(state.map(|state| match state {
        0 => JobState::Waiting,
        1 => JobState::Done,
        _ => JobState::GivenUp,
    }))
}

/// The first column, as texts.
pub(crate) fn texts(
    connection: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<String>> {
    let mut select = connection.prepare_cached(sql).map_err(fault)?;
    let rows = select.query_map(params, |row| row.get(0)).map_err(fault)?;
    rows.collect::<rusqlite::Result<_>>().map_err(fault)
}
