//! What must be read before a group is decided: in one round trip, under the lock.

use std::collections::{BTreeMap, BTreeSet};

use store::{Batch, Change, Outcome, Result, StoreError, StreamId, ViewChange};
use tokio_postgres::Row;
use uuid::Uuid;

use super::Task;
use super::state::{JobRow, Kv, State, StreamRow};
use crate::read;
use crate::value::{Value, fault, to_digest};
use crate::views::{Gathered, ViewSet, Wish};

/// The queries of a group, in the order in which their answers are evaluated.
pub(super) struct Asked {
    pub(super) questions: Vec<(String, Vec<Value>)>,
    kinds: Vec<Kind>,
}

enum Kind {
    Streams,
    Commands,
    Kv,
    Blobs,
    Counters,
    Jobs,
    View(String),
}

#[derive(Default)]
struct Names<'a> {
    streams: BTreeSet<&'a str>,
    commands: BTreeSet<Uuid>,
    kv: BTreeSet<(&'a str, &'a str)>,
    blobs: BTreeSet<[u8; 32]>,
    counters: BTreeSet<&'a str>,
    jobs: BTreeSet<Uuid>,
    changes: Vec<&'a ViewChange>,
}

impl<'a> Names<'a> {
    fn of(group: &'a [Task]) -> Self {
        let mut names = Self::default();
        for task in group {
            match task {
                Task::Commit { batch, .. } => names.add(batch),
                Task::Numbers { counter, .. } => {
                    names.counters.insert(counter);
                }
            }
        }
        names
    }

    fn add(&mut self, batch: &'a Batch) {
        self.streams.extend(batch.appends.iter().map(|append| append.stream.as_str()));
        self.commands.extend(batch.command.map(|command| command.0));
        for change in &batch.changes {
            match change {
                Change::View(change) => self.changes.push(change),
                Change::KvClaim { space, key, .. } => {
                    self.kv.insert((space, key));
                }
                Change::BlobLink { digest, .. } => {
                    self.blobs.insert(digest.0);
                }
                Change::NumberTake { counter } => {
                    self.counters.insert(counter);
                }
                Change::JobPut { id, .. }
                | Change::JobDone { id, .. }
                | Change::JobRetry { id, .. }
                | Change::JobGiveUp { id, .. } => {
                    self.jobs.insert(*id);
                }
                _ => {}
            }
        }
    }
}

fn texts<'a>(names: impl IntoIterator<Item = &'a str>) -> Value {
    Box::new(names.into_iter().map(str::to_owned).collect::<Vec<_>>())
}

impl Asked {
    pub(super) fn of(group: &[Task], views: &ViewSet) -> Self {
        let names = Names::of(group);
        let mut asked = Self { questions: Vec::new(), kinds: Vec::new() };
        let mut ask = |kind, is_needed: bool, sql: &str, values: Vec<Value>| {
            if is_needed {
                asked.kinds.push(kind);
                asked.questions.push((sql.to_owned(), values));
            }
        };
        ask(
            Kind::Streams,
            !names.streams.is_empty(),
            "select name, first, version, head from streams where name = any($1)",
            vec![texts(names.streams.iter().copied())],
        );
        ask(
            Kind::Commands,
            !names.commands.is_empty(),
            "select id, first, last, numbers, reply from commands where id = any($1)",
            vec![Box::new(Vec::from_iter(names.commands))],
        );
        ask(
            Kind::Kv,
            !names.kv.is_empty(),
            "select k.space, k.key, k.expires_at from unnest($1::text[], $2::text[]) as u(space, key)
             join kv k on k.space = u.space and k.key = u.key",
            vec![texts(names.kv.iter().map(|pair| pair.0)), texts(names.kv.iter().map(|pair| pair.1))],
        );
        ask(
            Kind::Blobs,
            !names.blobs.is_empty(),
            "select digest from blobs where digest = any($1)",
            vec![Box::new(names.blobs.iter().map(|digest| digest.to_vec()).collect::<Vec<_>>())],
        );
        ask(
            Kind::Counters,
            !names.counters.is_empty(),
            "select name, last from counters where name = any($1)",
            vec![texts(names.counters.iter().copied())],
        );
        ask(
            Kind::Jobs,
            !names.jobs.is_empty(),
            "select id, queue, due_at, free_at, leased, attempt, state, problem, ended_at
             from jobs where id = any($1)",
            vec![Box::new(Vec::from_iter(names.jobs))],
        );
        let wishes: BTreeMap<String, Wish> = Wish::of(names.changes.into_iter(), views);
        for (table, wish) in wishes {
            let Ok(view) = views.find(&table) else { continue };
            for (sql, values) in wish.questions(view) {
                asked.kinds.push(Kind::View(table.clone()));
                asked.questions.push((sql, values));
            }
        }
        asked
    }

    /// The state that the answers describe.
    pub(super) fn state(&self, head: i64, views: ViewSet, answers: &[Vec<Row>]) -> Result<State> {
        let mut state = State { head, views, ..State::default() };
        for (kind, rows) in self.kinds.iter().zip(answers) {
            match kind {
                Kind::View(table) => {
                    let view = std::sync::Arc::clone(state.views.find(table)?);
                    state.gathered.entry(table.clone()).or_insert_with(|| Gathered::new(view)).know(rows)?;
                }
                kind => rows.iter().try_for_each(|row| take_up(&mut state, kind, row))?,
            }
        }
        Ok(state)
    }
}

fn take_up(state: &mut State, kind: &Kind, row: &Row) -> Result<()> {
    match kind {
        Kind::Streams => {
            let stream = StreamId::new(row.try_get(0).map_err(fault)?)?;
            let (first, version) = (row.try_get(1).map_err(fault)?, row.try_get(2).map_err(fault)?);
            let head = to_digest(row, 3)?;
            state.streams.insert(stream, StreamRow { first, version, head, changed: false });
        }
        Kind::Commands => {
            let id: Uuid = row.try_get(0).map_err(fault)?;
            let outcome: Outcome = read::outcome_of(row, 1)?;
            state.commands.insert(id, outcome);
        }
        Kind::Kv => {
            let key = (row.try_get(0).map_err(fault)?, row.try_get(1).map_err(fault)?);
            state.kv.insert(key, Kv::Stored { expires_at: row.try_get(2).map_err(fault)? });
        }
        Kind::Blobs => {
            state.blobs.insert(to_digest(row, 0)?);
        }
        Kind::Counters => {
            let last: i64 = row.try_get(1).map_err(fault)?;
            state.counters.insert(row.try_get(0).map_err(fault)?, (last, false));
        }
        Kind::Jobs => {
            let job = JobRow {
                queue: row.try_get(1).map_err(fault)?,
                due_at: row.try_get(2).map_err(fault)?,
                free_at: row.try_get(3).map_err(fault)?,
                leased: row.try_get(4).map_err(fault)?,
                attempt: row.try_get(5).map_err(fault)?,
                state: row.try_get(6).map_err(fault)?,
                body: Vec::new(),
                problem: row.try_get(7).map_err(fault)?,
                ended_at: row.try_get(8).map_err(fault)?,
                changed: false,
            };
            state.jobs.insert(row.try_get(0).map_err(fault)?, job);
        }
        Kind::View(_) => return Err(StoreError::fault("rows of a view were taken up twice")),
    }
    Ok(())
}
