//! Export and import of the data beside the journal, for moving a store.

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params};
use store::{
    Belonging, BelongingKind, CommandId, Digest, JobState, KeptJob, Outcome, Result, StoreError, VaultEntry,
};
use uuid::Uuid;

use crate::read::{instant, outcome_from, texts};
use crate::value::{fault, int, nat};

/// The items after `after`, by key, in SQLite's order: numbers before texts before bytes.
pub(crate) fn after(
    connection: &Connection,
    kind: BelongingKind,
    after: Option<&Belonging>,
    limit: usize,
) -> Result<Vec<Belonging>> {
    let key = after.map_or_else(|| vec![Value::Null, Value::Null], key_of);
    let sql = match kind {
        BelongingKind::Vault => {
            "select key, subject, salt, bytes, digest from vault where $1 is null or key > $1 order by key limit $3"
        }
        BelongingKind::Value => {
            "select space, key, bytes, expires_at from kv where $1 is null or (space, key) > ($1, $2)
             order by space, key limit $3"
        }
        BelongingKind::Counter => {
            "select name, last from counters where $1 is null or name > $1 order by name limit $3"
        }
        BelongingKind::Job => {
            "select id, queue, due_at, free_at, leased, attempt, state, body, problem, ended_at from jobs
             where $1 is null or id > $1 order by id limit $3"
        }
        BelongingKind::Command => {
            "select id, at, first, last, numbers, reply from commands where $1 is null or id > $1
             order by id limit $3"
        }
        BelongingKind::File => {
            "select digest, stored_at from blobs where $1 is null or digest > $1 order by digest limit $3"
        }
    };
    let mut select = connection.prepare_cached(sql).map_err(fault)?;
    // A statement may only be bound to parameters that it mentions: `$2` occurs for values alone.
    let mut named = vec![("$1", &key[0]), ("$2", &key[1])];
    named.truncate(if kind == BelongingKind::Value { 2 } else { 1 });
    let limit = Value::Integer(int(limit as u64));
    named.push(("$3", &limit));
    for (name, value) in named {
        let place = select.parameter_index(name).map_err(fault)?;
        let place = place.ok_or_else(|| StoreError::fault(format!("no parameter {name}")))?;
        select.raw_bind_parameter(place, value).map_err(fault)?;
    }
    let mut rows = select.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(fault)? {
        found.push(read(connection, kind, row)?);
    }
    Ok(found)
}

fn key_of(belonging: &Belonging) -> Vec<Value> {
    let (first, second) = match belonging {
        Belonging::Vault { key, .. } => (Value::Text(key.clone()), Value::Null),
        Belonging::Value { space, key, .. } => (Value::Text(space.clone()), Value::Text(key.clone())),
        Belonging::Counter { name, .. } => (Value::Text(name.clone()), Value::Null),
        Belonging::Job(job) => (Value::Blob(job.id.as_bytes().to_vec()), Value::Null),
        Belonging::Command { id, .. } => (Value::Blob(id.0.as_bytes().to_vec()), Value::Null),
        Belonging::File { digest, .. } => (Value::Blob(digest.0.to_vec()), Value::Null),
    };
    vec![first, second]
}

fn read(connection: &Connection, kind: BelongingKind, row: &Row<'_>) -> Result<Belonging> {
    match kind {
        BelongingKind::Vault => vault(row).map_err(fault),
        BelongingKind::Value => value(row).map_err(fault),
        BelongingKind::Counter => {
            let last = nat(row.get(1).map_err(fault)?);
            Ok(Belonging::Counter { name: row.get(0).map_err(fault)?, last })
        }
        BelongingKind::Job => job(row).map_err(fault),
        BelongingKind::Command => Ok(Belonging::Command {
            id: CommandId(Uuid::from_bytes(row.get(0).map_err(fault)?)),
            at: instant(row.get(1).map_err(fault)?),
            outcome: outcome_from(row, 2).map_err(fault)?,
        }),
        BelongingKind::File => {
            let digest = Digest(row.get(0).map_err(fault)?);
            let sql = "select owner from blob_owners where digest = $1 order by owner";
            let stored_at = instant(row.get(1).map_err(fault)?);
            Ok(Belonging::File { digest, stored_at, owners: texts(connection, sql, [digest.0])? })
        }
    }
}

fn vault(row: &Row<'_>) -> rusqlite::Result<Belonging> {
    let entry = match row.get(3)? {
        Some(bytes) => {
            VaultEntry::Kept { subject: row.get(1)?, salt: row.get(2)?, bytes, digest: Digest(row.get(4)?) }
        }
        None => VaultEntry::Erased,
    };
    Ok(Belonging::Vault { key: row.get(0)?, entry })
}

fn value(row: &Row<'_>) -> rusqlite::Result<Belonging> {
    let expires_at: Option<i64> = row.get(3)?;
    Ok(Belonging::Value {
        space: row.get(0)?,
        key: row.get(1)?,
        bytes: row.get(2)?,
        expires_at: expires_at.map(instant),
    })
}

fn job(row: &Row<'_>) -> rusqlite::Result<Belonging> {
    let (free_at, leased): (i64, bool) = (row.get(3)?, row.get(4)?);
    let ended_at: Option<i64> = row.get(9)?;
    Ok(Belonging::Job(Box::new(KeptJob {
        id: Uuid::from_bytes(row.get(0)?),
        queue: row.get(1)?,
        due_at: instant(row.get(2)?),
        attempt: row.get(5)?,
        state: match row.get::<_, i64>(6)? {
            0 => JobState::Waiting,
            1 => JobState::Done,
            _ => JobState::GivenUp,
        },
        lease_until: leased.then(|| instant(free_at)),
        body: row.get(7)?,
        problem: row.get(8)?,
        ended_at: ended_at.map(instant),
    })))
}

/// Runs within a transaction of the writer.
pub(crate) fn take_in(connection: &Connection, belongings: Vec<Belonging>) -> Result<()> {
    belongings.into_iter().try_for_each(|belonging| take_one(connection, belonging))
}

fn take_one(connection: &Connection, belonging: Belonging) -> Result<()> {
    let put = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
        connection.prepare_cached(sql).and_then(|mut put| put.execute(values)).map_err(fault)
    };
    match belonging {
        Belonging::Vault { key, entry } => {
            let (subject, salt, bytes, digest) = match entry {
                VaultEntry::Kept { subject, salt, bytes, digest } => {
                    (Some(subject), Some(salt), Some(bytes), Some(digest.0))
                }
                VaultEntry::Erased => (None, None, None, None),
            };
            put(
                "insert into vault values ($1, $2, $3, $4, $5) on conflict (key) do update set
                 subject = excluded.subject, salt = excluded.salt, bytes = excluded.bytes,
                 digest = excluded.digest",
                params![key, subject, salt, bytes, digest],
            )?;
        }
        Belonging::Value { space, key, bytes, expires_at } => {
            let expires_at = expires_at.map(Timestamp::as_microsecond);
            put("insert or replace into kv values ($1, $2, $3, $4)", params![space, key, bytes, expires_at])?;
        }
        Belonging::Counter { name, last } => {
            put("insert or replace into counters values ($1, $2)", params![name, int(last)])?;
        }
        Belonging::Job(job) => {
            let due_at = job.due_at.as_microsecond();
            let free_at = job.lease_until.map_or(due_at, Timestamp::as_microsecond);
            let state = match job.state {
                JobState::Waiting => 0,
                JobState::Done => 1,
                JobState::GivenUp => 2,
            };
            let ended_at = job.ended_at.map(Timestamp::as_microsecond);
            put(
                "insert or replace into jobs values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                params![
                    job.id.as_bytes(),
                    job.queue,
                    due_at,
                    free_at,
                    job.lease_until.is_some(),
                    job.attempt,
                    state,
                    job.body,
                    job.problem,
                    ended_at,
                ],
            )?;
        }
        Belonging::Command { id, at, outcome } => {
            let range = outcome.positions();
            let (first, last) = range.map_or((0, 0), |range| (int(range.first.0), int(range.last.0)));
            let numbers: Vec<u8> = outcome.numbers().iter().flat_map(|number| number.to_be_bytes()).collect();
            let reply = match outcome {
                Outcome::Repeated { reply, .. } => reply,
                Outcome::Committed { .. } => Vec::new(),
            };
            put(
                "insert or replace into commands values ($1, $2, $3, $4, $5, $6)",
                params![id.0.as_bytes(), at.as_microsecond(), first, last, numbers, reply],
            )?;
        }
        Belonging::File { digest, stored_at, owners } => {
            let sql = "update blobs set stored_at = $1 where digest = $2";
            if put(sql, params![stored_at.as_microsecond(), digest.0])? == 0 {
                return Err(StoreError::malformed("a file is taken in before its bytes"));
            }
            put("delete from blob_owners where digest = $1", params![digest.0])?;
            for owner in owners {
                put("insert into blob_owners values ($1, $2)", params![digest.0, owner])?;
            }
        }
    }
    Ok(())
}
