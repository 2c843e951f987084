//! Queries on the journal and the data beside it.

use deadpool_postgres::GenericClient;
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use store::{
    Checkpoint, CommandId, Digest, Envelope, HeadsRoot, Job, JobState, Outcome, Position, PositionRange,
    Result, SpanDigest, StoreError, StreamHead, StreamId, Survey, VaultEntry, Version,
};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::connect::Connections;
use crate::value::{fault, instant, int, nat, to_digest};

fn limited(limit: usize) -> i64 {
    int(limit as u64)
}

fn damaged(position: i64, what: &str) -> StoreError {
    StoreError::Damaged { position: Position(nat(position)), what: what.into() }
}

/// Columns 0 to 8: position, version, id, at, kind, schema, actor, body, hash.
fn envelope(row: &Row, stream: StreamId) -> Result<Envelope> {
    let position: i64 = row.try_get(0).map_err(fault)?;
    let bad = |error: tokio_postgres::Error| damaged(position, &error.to_string());
    let at: i64 = row.try_get(3).map_err(bad)?;
    let schema: i64 = row.try_get(5).map_err(bad)?;
    Ok(Envelope {
        id: row.try_get(2).map_err(bad)?,
        stream,
        version: Version(nat(row.try_get(1).map_err(bad)?)),
        position: Position(nat(position)),
        at: Timestamp::from_microsecond(at).map_err(|error| damaged(position, &error.to_string()))?,
        kind: row.try_get(4).map_err(bad)?,
        schema: u32::try_from(schema).map_err(|error| damaged(position, &error.to_string()))?,
        actor: row.try_get(6).map_err(bad)?,
        body: row.try_get(7).map_err(bad)?,
        hash: to_digest(row, 8).map_err(|error| damaged(position, &error.to_string()))?,
    })
}

/// Items up to the first damaged one; its error is returned when it is the first of the result.
fn until_damaged<T>(rows: &[Row], read: impl Fn(&Row) -> Result<T>) -> Result<Vec<T>> {
    let mut whole = Vec::with_capacity(rows.len());
    for row in rows {
        match read(row) {
            Ok(thing) => whole.push(thing),
            Err(error) if whole.is_empty() => return Err(error),
            Err(_) => break,
        }
    }
    Ok(whole)
}

pub(crate) async fn stream(
    connections: &Connections,
    stream: &StreamId,
    after: Version,
    limit: usize,
) -> Result<Vec<Envelope>> {
    let rows = connections
        .rows(
            "select e.position, e.version, e.id, e.at, e.kind, e.schema, e.actor, e.body, e.hash
             from events e where e.stream = (select s.first from streams s where s.name = $1) and e.version > $2
             order by e.version limit $3",
            &[&stream.as_str(), &int(after.0), &limited(limit)],
        )
        .await?;
    until_damaged(&rows, |row| envelope(row, stream.clone()))
}

pub(crate) async fn all(connections: &Connections, after: Position, limit: usize) -> Result<Vec<Envelope>> {
    let rows = connections
        .rows(
            "select e.position, e.version, e.id, e.at, e.kind, e.schema, e.actor, e.body, e.hash, s.name
             from (select * from events where position > $1 order by position limit $2) e
             left join streams s on s.first = e.stream order by e.position",
            &[&int(after.0), &limited(limit)],
        )
        .await?;
    until_damaged(&rows, |row| {
        let position: i64 = row.try_get(0).map_err(fault)?;
        let name: Option<&str> = row.try_get(9).map_err(fault)?;
        let name = name.ok_or_else(|| damaged(position, "its stream is unknown"))?;
        envelope(row, StreamId::new(name).map_err(|error| damaged(position, &error.to_string()))?)
    })
}

/// Columns: first, name, version, head.
pub(crate) fn head_of(row: &Row) -> Result<StreamHead> {
    let first: i64 = row.try_get(0).map_err(fault)?;
    let bad = |what: String| damaged(first, &what);
    let name: &str = row.try_get(1).map_err(|error| bad(error.to_string()))?;
    Ok(StreamHead {
        stream: StreamId::new(name).map_err(|error| bad(error.to_string()))?,
        first: Position(nat(first)),
        version: Version(nat(row.try_get(2).map_err(|error| bad(error.to_string()))?)),
        hash: to_digest(row, 3).map_err(|error| bad(error.to_string()))?,
    })
}

pub(crate) async fn stream_head(connections: &Connections, stream: &StreamId) -> Result<Option<StreamHead>> {
    let sql = "select first, name, version, head from streams where name = $1";
    connections.maybe(sql, &[&stream.as_str()]).await?.as_ref().map(head_of).transpose()
}

pub(crate) async fn stream_heads(
    connections: &Connections,
    after: Position,
    limit: usize,
) -> Result<Vec<StreamHead>> {
    let sql = "select first, name, version, head from streams where first > $1 order by first limit $2";
    let rows = connections.rows(sql, &[&int(after.0), &limited(limit)]).await?;
    until_damaged(&rows, head_of)
}

/// One consistent snapshot: heads and events are read in one repeatable-read transaction.
pub(crate) async fn survey(connections: &Connections, after: Position) -> Result<Survey> {
    let mut client = connections.get().await.map_err(|trouble| StoreError::fault(format!("{trouble:?}")))?;
    let look = client
        .build_transaction()
        .isolation_level(tokio_postgres::IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await
        .map_err(fault)?;
    let position: i64 = look.query_one("select last from journal", &[]).await.map_err(fault)?.get(0);
    let mut heads = HeadsRoot::default();
    let sql = "select first, name, version, head from streams order by first";
    each(&look, sql, &[], |row| {
        heads.add(&head_of(row)?);
        Ok(())
    })
    .await?;
    let mut span = SpanDigest::default();
    let sql = "select position, hash from events where position > $1 order by position";
    each(&look, sql, &[&int(after.0)], |row| {
        span.add(Position(nat(row.try_get(0).map_err(fault)?)), to_digest(row, 1)?);
        Ok(())
    })
    .await?;
    Ok(Survey {
        position: Position(nat(position)),
        streams: heads.count(),
        heads: heads.finish(),
        span: span.finish(),
    })
}

/// Streams the rows to `see`, holding only a few of them in memory.
pub(crate) async fn each(
    client: &impl GenericClient,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
    mut see: impl FnMut(&Row) -> Result<()>,
) -> Result<()> {
    let params: Vec<&(dyn ToSql + Sync)> = params.to_vec();
    let mut rows = std::pin::pin!(client.query_raw(sql, params).await.map_err(fault)?);
    while let Some(row) = rows.try_next().await.map_err(fault)? {
        see(&row)?;
    }
    Ok(())
}

pub(crate) async fn checkpoints(connections: &Connections) -> Result<Vec<Checkpoint>> {
    let sql = "select number, at, position, streams, heads, span, previous, key_id, signature
               from checkpoints order by number";
    let rows = connections.rows(sql, &[]).await?;
    let read = |row: &Row| {
        Ok(Checkpoint {
            number: nat(row.try_get(0).map_err(fault)?),
            at: instant(row.try_get(1).map_err(fault)?),
            survey: Survey {
                position: Position(nat(row.try_get(2).map_err(fault)?)),
                streams: nat(row.try_get(3).map_err(fault)?),
                heads: to_digest(row, 4)?,
                span: to_digest(row, 5)?,
            },
            previous: to_digest(row, 6)?,
            key_id: row.try_get(7).map_err(fault)?,
            signature: row.try_get(8).map_err(fault)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Columns from `place` on: first, last, numbers, reply.
pub(crate) fn outcome_of(row: &Row, place: usize) -> Result<Outcome> {
    let (first, last): (i64, i64) =
        (row.try_get(place).map_err(fault)?, row.try_get(place + 1).map_err(fault)?);
    let range = PositionRange { first: Position(nat(first)), last: Position(nat(last)) };
    let numbers: &[u8] = row.try_get(place + 2).map_err(fault)?;
    let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
    Ok(Outcome::Repeated {
        positions: (first > 0).then_some(range),
        numbers: numbers.chunks_exact(8).map(number).collect(),
        reply: row.try_get(place + 3).map_err(fault)?,
    })
}

pub(crate) async fn outcome(connections: &Connections, command: CommandId) -> Result<Option<Outcome>> {
    let sql = "select first, last, numbers, reply from commands where id = $1";
    connections.maybe(sql, &[&command.0]).await?.map(|row| outcome_of(&row, 0)).transpose()
}

/// Columns: subject, salt, bytes, digest.
pub(crate) fn vault_of(row: &Row, place: usize) -> Result<VaultEntry> {
    let Some(bytes) = row.try_get::<_, Option<Vec<u8>>>(place + 2).map_err(fault)? else {
        return Ok(VaultEntry::Erased);
    };
    let salt: &[u8] = row.try_get(place + 1).map_err(fault)?;
    Ok(VaultEntry::Kept {
        subject: row.try_get(place).map_err(fault)?,
        salt: salt.try_into().map_err(|_| StoreError::fault("a salt has another length"))?,
        bytes,
        digest: to_digest(row, place + 3)?,
    })
}

pub(crate) async fn vault_get(connections: &Connections, key: &str) -> Result<Option<VaultEntry>> {
    let sql = "select subject, salt, bytes, digest from vault where key = $1";
    connections.maybe(sql, &[&key]).await?.map(|row| vault_of(&row, 0)).transpose()
}

/// Columns: id, queue, due_at, attempt, body, problem.
pub(crate) fn job_of(row: &Row) -> Result<Job> {
    let attempt: i64 = row.try_get(3).map_err(fault)?;
    Ok(Job {
        id: row.try_get(0).map_err(fault)?,
        queue: row.try_get(1).map_err(fault)?,
        due_at: instant(row.try_get(2).map_err(fault)?),
        attempt: u32::try_from(attempt).map_err(StoreError::fault)?,
        body: row.try_get(4).map_err(fault)?,
        problem: row.try_get(5).map_err(fault)?,
    })
}

pub(crate) async fn job_state(connections: &Connections, id: Uuid) -> Result<Option<JobState>> {
    let row = connections.maybe("select state from jobs where id = $1", &[&id]).await?;
    Ok(row.map(|row| match row.get::<_, i16>(0) {
        0 => JobState::Waiting,
        1 => JobState::Done,
        _ => JobState::GivenUp,
    }))
}

/// The first column, as texts.
pub(crate) async fn texts(
    connections: &Connections,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Vec<String>> {
    let rows = connections.rows(sql, params).await?;
    rows.iter().map(|row| row.try_get(0).map_err(fault)).collect()
}

pub(crate) fn digest_param(digest: Digest) -> Vec<u8> {
    digest.0.to_vec()
}
