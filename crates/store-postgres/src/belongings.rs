//! Export and import of the data beside the journal, for moving a store.

use deadpool_postgres::Transaction;
use jiff::Timestamp;
use store::{
    Belonging, BelongingKind, CommandId, JobState, KeptJob, Outcome, Result, StoreError, VaultEntry,
};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::connect::Connections;
use crate::in_order::{Sent, in_order};
use crate::read::{outcome_of, vault_of};
use crate::value::{Value, fault, instant, int, nat, to_digest};

/// The items after `after`, by key.
pub(crate) async fn after(
    connections: &Connections,
    kind: BelongingKind,
    after: Option<&Belonging>,
    limit: usize,
) -> Result<Vec<Belonging>> {
    let (columns, table, keys) = match kind {
        BelongingKind::Vault => ("key, subject, salt, bytes, digest", "vault", "key"),
        BelongingKind::Value => ("space, key, bytes, expires_at", "kv", "space, key"),
        BelongingKind::Counter => ("name, last", "counters", "name"),
        BelongingKind::Job => {
            ("id, queue, due_at, free_at, leased, attempt, state, body, problem, ended_at", "jobs", "id")
        }
        BelongingKind::Command => ("id, at, first, last, numbers, reply", "commands", "id"),
        BelongingKind::File => (
            "digest, stored_at, array(select owner from blob_owners o where o.digest = blobs.digest order by owner)",
            "blobs",
            "digest",
        ),
    };
    let mut values: Vec<Value> = vec![Box::new(int(limit as u64))];
    let beyond = match after {
        None => String::new(),
        Some(last) => {
            values.extend(key_of(last));
            let marks: Vec<String> = (2..=values.len()).map(|n| format!("${n}")).collect();
            format!("where ({keys}) > ({})", marks.join(", "))
        }
    };
    let sql = format!("select {columns} from {table} {beyond} order by {keys} limit $1");
    let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| &**value as _).collect();
    connections.rows(&sql, &values).await?.iter().map(|row| read(kind, row)).collect()
}

fn key_of(belonging: &Belonging) -> Vec<Value> {
    match belonging {
        Belonging::Vault { key, .. } => vec![Box::new(key.clone())],
        Belonging::Value { space, key, .. } => vec![Box::new(space.clone()), Box::new(key.clone())],
        Belonging::Counter { name, .. } => vec![Box::new(name.clone())],
        Belonging::Job(job) => vec![Box::new(job.id)],
        Belonging::Command { id, .. } => vec![Box::new(id.0)],
        Belonging::File { digest, .. } => vec![Box::new(digest.0.to_vec())],
    }
}

fn read(kind: BelongingKind, row: &Row) -> Result<Belonging> {
    Ok(match kind {
        BelongingKind::Vault => {
            Belonging::Vault { key: row.try_get(0).map_err(fault)?, entry: vault_of(row, 1)? }
        }
        BelongingKind::Value => Belonging::Value {
            space: row.try_get(0).map_err(fault)?,
            key: row.try_get(1).map_err(fault)?,
            bytes: row.try_get(2).map_err(fault)?,
            expires_at: row.try_get::<_, Option<i64>>(3).map_err(fault)?.map(instant),
        },
        BelongingKind::Counter => Belonging::Counter {
            name: row.try_get(0).map_err(fault)?,
            last: nat(row.try_get(1).map_err(fault)?),
        },
        BelongingKind::Job => Belonging::Job(Box::new(job(row)?)),
        BelongingKind::Command => Belonging::Command {
            id: CommandId(row.try_get(0).map_err(fault)?),
            at: instant(row.try_get(1).map_err(fault)?),
            outcome: outcome_of(row, 2)?,
        },
        BelongingKind::File => Belonging::File {
            digest: to_digest(row, 0)?,
            stored_at: instant(row.try_get(1).map_err(fault)?),
            owners: row.try_get(2).map_err(fault)?,
        },
    })
}

fn job(row: &Row) -> Result<KeptJob> {
    let attempt: i64 = row.try_get(5).map_err(fault)?;
    let (free_at, leased): (i64, bool) = (row.try_get(3).map_err(fault)?, row.try_get(4).map_err(fault)?);
    Ok(KeptJob {
        id: row.try_get(0).map_err(fault)?,
        queue: row.try_get(1).map_err(fault)?,
        due_at: instant(row.try_get(2).map_err(fault)?),
        attempt: u32::try_from(attempt).map_err(StoreError::fault)?,
        state: match row.try_get::<_, i16>(6).map_err(fault)? {
            0 => JobState::Waiting,
            1 => JobState::Done,
            _ => JobState::GivenUp,
        },
        lease_until: leased.then(|| instant(free_at)),
        body: row.try_get(7).map_err(fault)?,
        problem: row.try_get(8).map_err(fault)?,
        ended_at: row.try_get::<_, Option<i64>>(9).map_err(fault)?.map(instant),
    })
}

/// Sends all statements without waiting for answers in between.
pub(crate) async fn take_in(work: &Transaction<'_>, belongings: Vec<Belonging>) -> Result<()> {
    let statements: Vec<(&str, Vec<Value>)> = belongings.into_iter().flat_map(statements_of).collect();
    let mut prepared = Vec::new();
    for (sql, values) in &statements {
        prepared.push((*sql, work.prepare_cached(sql).await.map_err(fault)?, values));
    }
    let sent: Vec<Sent<'_, _>> = prepared
        .iter()
        .map(|(_, statement, values)| {
            let sent: Sent<'_, _> = Box::pin(async move {
                let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| &**value as _).collect();
                work.execute(statement, &values).await
            });
            sent
        })
        .collect();
    for (changed, (sql, _, _)) in in_order(sent).await.into_iter().zip(&prepared) {
        if changed.map_err(fault)? == 0 && *sql == FILE {
            return Err(StoreError::malformed("a file is taken in before its bytes"));
        }
    }
    Ok(())
}

const VAULT: &str = "insert into vault (key, subject, salt, bytes, digest) values ($1, $2, $3, $4, $5)
    on conflict (key) do update set subject = excluded.subject, salt = excluded.salt, bytes = excluded.bytes,
    digest = excluded.digest";
const VALUE: &str = "insert into kv (space, key, bytes, expires_at) values ($1, $2, $3, $4)
    on conflict (space, key) do update set bytes = excluded.bytes, expires_at = excluded.expires_at";
const COUNTER: &str = "insert into counters (name, last) values ($1, $2)
    on conflict (name) do update set last = excluded.last";
const NO_JOB: &str = "delete from jobs where id = $1";
const JOB: &str =
    "insert into jobs (id, queue, due_at, free_at, leased, attempt, state, body, problem, ended_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const NO_COMMAND: &str = "delete from commands where id = $1";
const COMMAND: &str =
    "insert into commands (id, at, first, last, numbers, reply) values ($1, $2, $3, $4, $5, $6)";
const FILE: &str = "update blobs set stored_at = $1 where digest = $2";
const NO_OWNERS: &str = "delete from blob_owners where digest = $1";
const OWNERS: &str =
    "insert into blob_owners (digest, owner) select $1, owner from unnest($2::text[]) as u(owner)";

fn statements_of(belonging: Belonging) -> Vec<(&'static str, Vec<Value>)> {
    match belonging {
        Belonging::Vault { key, entry } => {
            let (subject, salt, bytes, digest) = match entry {
                VaultEntry::Kept { subject, salt, bytes, digest } => {
                    (Some(subject), Some(salt.to_vec()), Some(bytes), Some(digest.0.to_vec()))
                }
                VaultEntry::Erased => (None, None, None, None),
            };
            let values: Vec<Value> =
                vec![Box::new(key), Box::new(subject), Box::new(salt), Box::new(bytes), Box::new(digest)];
            vec![(VAULT, values)]
        }
        Belonging::Value { space, key, bytes, expires_at } => {
            let end = expires_at.map(Timestamp::as_microsecond);
            vec![(VALUE, vec![Box::new(space), Box::new(key), Box::new(bytes), Box::new(end)])]
        }
        Belonging::Counter { name, last } => {
            vec![(COUNTER, vec![Box::new(name), Box::new(int(last))])]
        }
        Belonging::Job(job) => {
            let due_at = job.due_at.as_microsecond();
            let state: i16 = match job.state {
                JobState::Waiting => 0,
                JobState::Done => 1,
                JobState::GivenUp => 2,
            };
            let values: Vec<Value> = vec![
                Box::new(job.id),
                Box::new(job.queue),
                Box::new(due_at),
                Box::new(job.lease_until.map_or(due_at, Timestamp::as_microsecond)),
                Box::new(job.lease_until.is_some()),
                Box::new(i64::from(job.attempt)),
                Box::new(state),
                Box::new(job.body),
                Box::new(job.problem),
                Box::new(job.ended_at.map(Timestamp::as_microsecond)),
            ];
            vec![(NO_JOB, vec![Box::new(job.id)]), (JOB, values)]
        }
        Belonging::Command { id, at, outcome } => {
            let range = outcome.positions();
            let numbers: Vec<u8> = outcome.numbers().iter().flat_map(|number| number.to_be_bytes()).collect();
            let reply = match outcome {
                Outcome::Repeated { reply, .. } => reply,
                Outcome::Committed { .. } => Vec::new(),
            };
            let values: Vec<Value> = vec![
                Box::new(id.0),
                Box::new(at.as_microsecond()),
                Box::new(range.map_or(0, |range| int(range.first.0))),
                Box::new(range.map_or(0, |range| int(range.last.0))),
                Box::new(numbers),
                Box::new(reply),
            ];
            vec![(NO_COMMAND, vec![Box::new(id.0)]), (COMMAND, values)]
        }
        Belonging::File { digest, stored_at, owners } => {
            let name = digest.0.to_vec();
            vec![
                (FILE, vec![Box::new(stored_at.as_microsecond()), Box::new(name.clone())]),
                (NO_OWNERS, vec![Box::new(name.clone())]),
                (OWNERS, vec![Box::new(name), Box::new(owners)]),
            ]
        }
    }
}
