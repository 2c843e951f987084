//! Applying a group's batches in memory, and the statements that write the result, table by table.

use std::collections::BTreeMap;

use jiff::Timestamp;
use store::{
    Append, Batch, Change, Digest, Outcome, Position, PositionRange, Result, StoreError, Version,
    check_batch, vault_digest,
};
use uuid::Uuid;

use super::state::{JobRow, Kv, KvRow, State, StreamRow, Vault};
use super::{Reply, Task, position};
use crate::value::{Value, int, nat};

const DONE: i16 = 1;
const GIVEN_UP: i16 = 2;

/// The columns of new events, one array each.
#[derive(Debug, Default)]
struct Events {
    positions: Vec<i64>,
    streams: Vec<i64>,
    versions: Vec<i64>,
    ids: Vec<Uuid>,
    ats: Vec<i64>,
    kinds: Vec<String>,
    schemas: Vec<i64>,
    actors: Vec<String>,
    bodies: Vec<Vec<u8>>,
    hashes: Vec<Vec<u8>>,
}

#[derive(Debug, Default)]
struct Commands {
    ids: Vec<Uuid>,
    ats: Vec<i64>,
    firsts: Vec<i64>,
    lasts: Vec<i64>,
    numbers: Vec<Vec<u8>>,
    replies: Vec<Vec<u8>>,
}

/// A group being applied in memory.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) state: State,
    head_before: i64,
    events: Events,
    commands: Commands,
    vault: BTreeMap<String, Vault>,
    erased_keys: Vec<String>,
    erased_subjects: Vec<String>,
    owners: BTreeMap<(Digest, String), bool>,
    editions: Vec<(String, Vec<u8>)>,
}

impl Plan {
    pub(super) fn new(state: State) -> Self {
        let (events, commands, vault, owners) = Default::default();
        let (erased_keys, erased_subjects, editions) = Default::default();
        let head_before = state.head;
        Self { state, head_before, events, commands, vault, erased_keys, erased_subjects, owners, editions }
    }

    pub(super) fn play(&mut self, task: &Task) -> Reply {
        match task {
            Task::Commit { batch, .. } => Reply::Commit(self.batch(batch)),
            Task::Numbers { counter, count, .. } => Reply::Numbers(self.state.take_numbers(counter, *count)),
        }
    }

    /// Applies a batch. A refusal comes before any change.
    fn batch(&mut self, batch: &Batch) -> Result<Outcome> {
        if let Some(first) = batch.command.and_then(|command| self.state.commands.get(&command.0)) {
            return Ok(first.clone());
        }
        check_batch(batch, &mut self.state)?;
        let before = self.state.head;
        batch.appends.iter().for_each(|append| self.append(append));
        let mut numbers = Vec::new();
        for change in &batch.changes {
            self.change(change, batch.at, &mut numbers)?;
        }
        let positions = (self.state.head > before)
            .then(|| PositionRange { first: position(before + 1), last: position(self.state.head) });
        if let Some(command) = batch.command {
            let reply = batch.reply.clone();
            let first = Outcome::Repeated { positions, numbers: numbers.clone(), reply };
            self.state.commands.insert(command.0, first);
            self.commands.ids.push(command.0);
            self.commands.ats.push(batch.at.as_microsecond());
            self.commands.firsts.push(positions.map_or(0, |range| int(range.first.0)));
            self.commands.lasts.push(positions.map_or(0, |range| int(range.last.0)));
            self.commands.numbers.push(numbers.iter().flat_map(|number| number.to_be_bytes()).collect());
            self.commands.replies.push(batch.reply.clone());
        }
        Ok(Outcome::Committed { positions, numbers })
    }

    fn append(&mut self, Append { stream, events, .. }: &Append) {
        if events.is_empty() {
            return;
        }
        let next = self.state.head + 1;
        let row = self.state.streams.entry(stream.clone()).or_insert(StreamRow {
            first: next,
            version: 0,
            head: Digest::ZERO,
            changed: true,
        });
        row.changed = true;
        for event in events {
            row.version += 1;
            row.head = event.seal(stream, Version(nat(row.version)), row.head);
            self.state.head += 1;
            let columns = &mut self.events;
            columns.positions.push(self.state.head);
            columns.streams.push(row.first);
            columns.versions.push(row.version);
            columns.ids.push(event.id);
            columns.ats.push(event.at.as_microsecond());
            columns.kinds.push(event.kind.clone());
            columns.schemas.push(event.schema.into());
            columns.actors.push(event.actor.clone());
            columns.bodies.push(event.body.clone());
            columns.hashes.push(row.head.0.to_vec());
        }
    }

    /// Applies a change that was checked.
    fn change(&mut self, change: &Change, at: Timestamp, numbers: &mut Vec<u64>) -> Result<()> {
        match change {
            Change::View(change) => self.state.gathered(change.table())?.change(change),
            Change::VaultPut { key, subject, salt, bytes } => {
                let (subject, salt, bytes) = (subject.clone(), *salt, bytes.clone());
                let digest = vault_digest(&salt, &bytes);
                self.vault.insert(key.clone(), Vault::Put { subject, salt, bytes, digest });
            }
            Change::VaultErase { key } => match self.vault.get_mut(key) {
                Some(entry) => *entry = Vault::Erased,
                None => self.erased_keys.push(key.clone()),
            },
            Change::VaultEraseSubject { subject } => {
                for entry in self.vault.values_mut() {
                    if matches!(entry, Vault::Put { subject: whose, .. } if whose == subject) {
                        *entry = Vault::Erased;
                    }
                }
                self.erased_subjects.push(subject.clone());
            }
            Change::BlobLink { digest, owner } => {
                self.owners.insert((*digest, owner.clone()), true);
            }
            Change::BlobUnlink { digest, owner } => {
                self.owners.insert((*digest, owner.clone()), false);
            }
            Change::EditionPut { hash, bytes } => {
                if self.editions.iter().all(|(known, _)| known != hash) {
                    self.editions.push((hash.clone(), bytes.clone()));
                }
            }
            Change::KvPut { space, key, bytes, expires_at }
            | Change::KvClaim { space, key, bytes, expires_at } => {
                let expires_at = expires_at.map(Timestamp::as_microsecond);
                let row = KvRow { bytes: bytes.clone(), expires_at };
                self.state.kv.insert((space.clone(), key.clone()), Kv::Put(row));
            }
            Change::KvRemove { space, key } => {
                self.state.kv.insert((space.clone(), key.clone()), Kv::Removed);
            }
            Change::NumberTake { counter } => numbers.push(self.state.take_numbers(counter, 1)),
            Change::JobPut { id, queue, due_at, body } => {
                let due_at = due_at.as_microsecond();
                self.state.jobs.entry(*id).or_insert_with(|| JobRow {
                    queue: queue.clone(),
                    due_at,
                    free_at: due_at,
                    leased: false,
                    attempt: 0,
                    state: 0,
                    body: body.clone(),
                    problem: None,
                    ended_at: None,
                    changed: true,
                });
            }
            Change::JobDone { id, .. } => self.end_job(*id, DONE, None, at),
            Change::JobGiveUp { id, problem, .. } => self.end_job(*id, GIVEN_UP, Some(problem), at),
            Change::JobRetry { id, due_at, problem, .. } => {
                if let Some(job) = self.state.jobs.get_mut(id) {
                    job.due_at = due_at.as_microsecond();
                    job.free_at = job.due_at;
                    job.leased = false;
                    job.problem = Some(problem.clone());
                    job.changed = true;
                }
            }
            other => return Err(StoreError::fault(format!("this store cannot yet do {other:?}"))),
        }
        Ok(())
    }

    fn end_job(&mut self, id: Uuid, state: i16, problem: Option<&String>, at: Timestamp) {
        if let Some(job) = self.state.jobs.get_mut(&id) {
            job.state = state;
            job.leased = false;
            job.problem = problem.cloned().or(job.problem.take());
            job.ended_at = Some(at.as_microsecond());
            job.changed = true;
        }
    }

    pub(super) fn head(&self) -> Position {
        position(self.state.head)
    }

    fn has_events(&self) -> bool {
        self.state.head > self.head_before
    }

    /// Statements that write the plan, with their parameters: one for each table that changes, two where rows
    /// are removed.
    pub(super) fn statements(self) -> Vec<(String, Vec<Value>)> {
        let mut all = Statements::default();
        if self.has_events() {
            all.add("update journal set last = $1", vec![Box::new(self.state.head)]);
        }
        all.streams(self.state.streams.iter().filter(|(_, row)| row.changed));
        all.events(self.events);
        all.commands(self.commands);
        all.vault(self.vault, self.erased_keys, self.erased_subjects);
        all.owners(self.owners);
        all.editions(self.editions);
        all.kv(self.state.kv);
        all.counters(self.state.counters);
        all.jobs(self.state.jobs);
        all.0.extend(self.state.gathered.values().flat_map(crate::views::Gathered::statements));
        all.0
    }
}

#[derive(Default)]
struct Statements(Vec<(String, Vec<Value>)>);

impl Statements {
    fn add(&mut self, sql: &str, values: Vec<Value>) {
        self.0.push((sql.to_owned(), values));
    }

    fn streams<'a>(&mut self, rows: impl Iterator<Item = (&'a store::StreamId, &'a StreamRow)>) {
        let mut rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            return;
        }
        rows.sort_unstable_by_key(|(_, row)| row.first);
        self.add(
            "insert into streams (first, name, version, head)
             select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bytea[])
             on conflict (first) do update set version = excluded.version, head = excluded.head",
            vec![
                Box::new(rows.iter().map(|(_, row)| row.first).collect::<Vec<_>>()),
                Box::new(rows.iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>()),
                Box::new(rows.iter().map(|(_, row)| row.version).collect::<Vec<_>>()),
                Box::new(rows.iter().map(|(_, row)| row.head.0.to_vec()).collect::<Vec<_>>()),
            ],
        );
    }

    fn events(&mut self, events: Events) {
        if events.positions.is_empty() {
            return;
        }
        self.add(
            "insert into events (position, stream, version, id, at, kind, schema, actor, body, hash)
             select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::uuid[], $5::bigint[], $6::text[],
             $7::bigint[], $8::text[], $9::bytea[], $10::bytea[])",
            vec![
                Box::new(events.positions),
                Box::new(events.streams),
                Box::new(events.versions),
                Box::new(events.ids),
                Box::new(events.ats),
                Box::new(events.kinds),
                Box::new(events.schemas),
                Box::new(events.actors),
                Box::new(events.bodies),
                Box::new(events.hashes),
            ],
        );
    }

    fn commands(&mut self, commands: Commands) {
        if commands.ids.is_empty() {
            return;
        }
        self.add(
            "insert into commands (id, at, first, last, numbers, reply)
             select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bytea[])",
            vec![
                Box::new(commands.ids),
                Box::new(commands.ats),
                Box::new(commands.firsts),
                Box::new(commands.lasts),
                Box::new(commands.numbers),
                Box::new(commands.replies),
            ],
        );
    }

    /// Erases stored entries first, so that entries put afterwards in the group stay.
    fn vault(&mut self, puts: BTreeMap<String, Vault>, keys: Vec<String>, subjects: Vec<String>) {
        const NOTHING: &str =
            "update vault set subject = null, salt = null, bytes = null, digest = null where";
        if !keys.is_empty() {
            self.add(&format!("{NOTHING} key = any($1)"), vec![Box::new(keys)]);
        }
        if !subjects.is_empty() {
            self.add(&format!("{NOTHING} subject = any($1)"), vec![Box::new(subjects)]);
        }
        if puts.is_empty() {
            return;
        }
        let (mut keys, mut whose, mut salts, mut bodies, mut digests) =
            (vec![], vec![], vec![], vec![], vec![]);
        for (key, entry) in puts {
            keys.push(key);
            let put = match entry {
                Vault::Put { subject, salt, bytes, digest } => Some((subject, salt, bytes, digest)),
                Vault::Erased => None,
            };
            whose.push(put.as_ref().map(|put| put.0.clone()));
            salts.push(put.as_ref().map(|put| put.1.to_vec()));
            digests.push(put.as_ref().map(|put| put.3.0.to_vec()));
            bodies.push(put.map(|put| put.2));
        }
        self.add(
            "insert into vault (key, subject, salt, bytes, digest)
             select * from unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::bytea[])
             on conflict (key) do update set subject = excluded.subject, salt = excluded.salt,
             bytes = excluded.bytes, digest = excluded.digest",
            vec![Box::new(keys), Box::new(whose), Box::new(salts), Box::new(bodies), Box::new(digests)],
        );
    }

    fn owners(&mut self, owners: BTreeMap<(Digest, String), bool>) {
        let side = |linked: bool| {
            let of: Vec<_> = owners.iter().filter(|(_, is)| **is == linked).map(|(pair, _)| pair).collect();
            let digests: Vec<Vec<u8>> = of.iter().map(|(digest, _)| digest.0.to_vec()).collect();
            let names: Vec<String> = of.iter().map(|(_, owner)| owner.clone()).collect();
            (!of.is_empty()).then(|| vec![Box::new(digests) as Value, Box::new(names)])
        };
        if let Some(values) = side(true) {
            self.add(
                "insert into blob_owners (digest, owner) select * from unnest($1::bytea[], $2::text[])
                 on conflict do nothing",
                values,
            );
        }
        if let Some(values) = side(false) {
            self.add(
                "delete from blob_owners o using unnest($1::bytea[], $2::text[]) as u(digest, owner)
                 where o.digest = u.digest and o.owner = u.owner",
                values,
            );
        }
    }

    fn editions(&mut self, editions: Vec<(String, Vec<u8>)>) {
        if editions.is_empty() {
            return;
        }
        let (hashes, bodies): (Vec<String>, Vec<Vec<u8>>) = editions.into_iter().unzip();
        self.add(
            "insert into editions (hash, bytes)
             select hash, bytes from unnest($1::text[], $2::bytea[]) with ordinality as u(hash, bytes, n) order by n
             on conflict (hash) do nothing",
            vec![Box::new(hashes), Box::new(bodies)],
        );
    }

    fn kv(&mut self, kv: std::collections::HashMap<(String, String), Kv>) {
        let (mut spaces, mut keys, mut bodies, mut ends) = (vec![], vec![], vec![], vec![]);
        let (mut gone_spaces, mut gone_keys) = (vec![], vec![]);
        for ((space, key), value) in kv {
            match value {
                Kv::Stored { .. } => {}
                Kv::Removed => {
                    gone_spaces.push(space);
                    gone_keys.push(key);
                }
                Kv::Put(row) => {
                    spaces.push(space);
                    keys.push(key);
                    bodies.push(row.bytes);
                    ends.push(row.expires_at);
                }
            }
        }
        if !gone_keys.is_empty() {
            self.add(
                "delete from kv k using unnest($1::text[], $2::text[]) as u(space, key)
                 where k.space = u.space and k.key = u.key",
                vec![Box::new(gone_spaces), Box::new(gone_keys)],
            );
        }
        if !keys.is_empty() {
            self.add(
                "insert into kv (space, key, bytes, expires_at)
                 select * from unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[])
                 on conflict (space, key) do update set bytes = excluded.bytes, expires_at = excluded.expires_at",
                vec![Box::new(spaces), Box::new(keys), Box::new(bodies), Box::new(ends)],
            );
        }
    }

    fn counters(&mut self, counters: BTreeMap<String, (i64, bool)>) {
        let taken = counters.into_iter().filter(|(_, (_, changed))| *changed);
        let (names, lasts): (Vec<String>, Vec<i64>) = taken.map(|(name, (last, _))| (name, last)).unzip();
        if !names.is_empty() {
            self.add(
                "insert into counters (name, last) select * from unnest($1::text[], $2::bigint[])
                 on conflict (name) do update set last = excluded.last",
                vec![Box::new(names), Box::new(lasts)],
            );
        }
    }

    fn jobs(&mut self, jobs: BTreeMap<Uuid, JobRow>) {
        let jobs: Vec<(Uuid, JobRow)> = jobs.into_iter().filter(|(_, job)| job.changed).collect();
        if jobs.is_empty() {
            return;
        }
        fn column<T>(jobs: &[(Uuid, JobRow)], of: impl Fn(&JobRow) -> T) -> Vec<T> {
            jobs.iter().map(|(_, job)| of(job)).collect()
        }
        self.add(
            "insert into jobs (id, queue, due_at, free_at, leased, attempt, state, body, problem, ended_at)
             select * from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::boolean[], $6::bigint[],
             $7::smallint[], $8::bytea[], $9::text[], $10::bigint[])
             on conflict (id) do update set due_at = excluded.due_at, free_at = excluded.free_at,
             leased = excluded.leased, attempt = excluded.attempt, state = excluded.state,
             problem = excluded.problem, ended_at = excluded.ended_at",
            vec![
                Box::new(jobs.iter().map(|(id, _)| *id).collect::<Vec<_>>()),
                Box::new(column(&jobs, |job| job.queue.clone())),
                Box::new(column(&jobs, |job| job.due_at)),
                Box::new(column(&jobs, |job| job.free_at)),
                Box::new(column(&jobs, |job| job.leased)),
                Box::new(column(&jobs, |job| job.attempt)),
                Box::new(column(&jobs, |job| job.state)),
                Box::new(column(&jobs, |job| job.body.clone())),
                Box::new(column(&jobs, |job| job.problem.clone())),
                Box::new(column(&jobs, |job| job.ended_at)),
            ],
        );
    }
}
