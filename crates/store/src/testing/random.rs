//! Random batches and questions, against the memory store as the model.

use super::views::{figures, task, tasks};
use super::{Dice, Ground, at, event, id, stream};
use crate::{
    Batch, Cell, Change, CommandId, Condition, Conflict, Expected, Measure, MemoryStore, Outcome, Position,
    Result, Row, Store, StoreError, Version, ViewChange, ViewQuery, ViewTally,
};

const ROUNDS: u64 = 400;

/// The part of an outcome that must be equal in stores whose positions differ.
#[derive(Debug, PartialEq)]
enum Told {
    Done { repeated: bool, numbers: Vec<u64>, reply: Vec<u8> },
    Refused(Conflict),
    Malformed,
}

fn told(result: Result<Outcome>) -> Told {
    match result {
        Ok(Outcome::Committed { numbers, .. }) => Told::Done { repeated: false, numbers, reply: Vec::new() },
        Ok(Outcome::Repeated { numbers, reply, .. }) => Told::Done { repeated: true, numbers, reply },
        Err(StoreError::Conflict(conflict)) => Told::Refused(conflict),
        Err(StoreError::Malformed(_)) => Told::Malformed,
        Err(other) => panic!("{other}"),
    }
}

fn random_row(dice: &mut Dice) -> Row {
    let step = *dice.one_of(&["accept", "decide", "issue"]);
    let department = *dice.one_of(&["甲部", "乙部", "丙部", ""]);
    let state = *dice.one_of(&["open", "done"]);
    let due = i64::try_from(dice.below(9)).unwrap_or(0) - 4;
    let mut row = task(dice.below(30), step, department, state, due);
    row.0[6] = format!("{} {}", dice.one_of(&["餐饮店", "大餐馆", "Shop", "书店"]), dice.below(20)).into();
    row
}

fn random_view_change(dice: &mut Dice) -> ViewChange {
    let table = String::from("tasks");
    match dice.below(10) {
        0 => ViewChange::Delete { table, key: tasks().key_of(&random_row(dice)) },
        1 => {
            ViewChange::DeleteWhere { table, column: "case_id".into(), value: random_row(dice).0[0].clone() }
        }
        2 | 3 => ViewChange::Add {
            table: "figures".into(),
            key: vec![format!("2026-{:02}", dice.below(12) + 1).into(), (*dice.one_of(&["甲", "乙"])).into()],
            amounts: vec![("opened".into(), 1), ("closed".into(), -1)],
        },
        4 if dice.below(10) == 0 => ViewChange::Delete { table: "none".into(), key: Vec::new() },
        _ => ViewChange::Upsert { table, row: random_row(dice) },
    }
}

fn random_change(dice: &mut Dice) -> Change {
    let key = format!("k{}", dice.below(6));
    let subject = format!("p/{}", dice.below(3));
    let job = id(5000 + dice.below(8));
    let (space, bytes) = (String::from("s"), vec![dice.below(256) as u8]);
    let expires_at = (dice.below(2) == 0).then(|| at(i64::try_from(dice.below(1000)).unwrap_or(0)));
    let attempt = u32::try_from(dice.below(3)).unwrap_or(0);
    match dice.below(16) {
        0 => Change::VaultPut { key, subject, salt: [3; 16], bytes },
        1 => Change::VaultErase { key },
        2 if dice.below(4) == 0 => Change::VaultEraseSubject { subject },
        3 => Change::EditionPut { hash: key, bytes },
        4 => Change::KvPut { space, key, bytes, expires_at },
        5 => Change::KvClaim { space, key, bytes, expires_at },
        6 => Change::KvRemove { space, key },
        7 => Change::NumberTake { counter: subject },
        8 => Change::JobPut { id: job, queue: "q".into(), due_at: expires_at.unwrap_or(at(0)), body: bytes },
        9 => Change::JobDone { id: job, attempt },
        10 => Change::JobRetry { id: job, attempt, due_at: at(7), problem: key },
        11 if dice.below(3) == 0 => Change::JobGiveUp { id: job, attempt, problem: key },
        _ => Change::View(random_view_change(dice)),
    }
}

fn random_batch(dice: &mut Dice, round: u64) -> Batch {
    let mut batch = Batch::new(at(i64::try_from(round).unwrap_or(0)));
    for _ in 0..dice.below(4) {
        let expected = match dice.below(8) {
            0 => Expected::NoStream,
            1 => Expected::Version(Version(dice.below(6))),
            _ => Expected::Any,
        };
        let count = dice.below(4);
        let events = (0..count).map(|n| event(round * 10 + n)).collect();
        batch = batch.append(stream(dice.below(5)), expected, events);
    }
    for _ in 0..dice.below(6) {
        batch = batch.change(random_change(dice));
    }
    if dice.below(2) == 0 {
        batch = batch.command(CommandId(id(dice.below(ROUNDS))), round.to_be_bytes().to_vec());
    }
    batch
}

async fn same_everything(store: &dyn Store, model: &MemoryStore, round: u64) {
    for table in ["tasks", "figures"] {
        let (ours, theirs) = (store.view_digest(table).await, model.view_digest(table).await);
        assert_eq!(ours.unwrap(), theirs.unwrap(), "{table} after round {round}");
    }
    for number in 0..6 {
        let key = format!("k{number}");
        assert_eq!(
            store.vault_get(&key).await.unwrap(),
            model.vault_get(&key).await.unwrap(),
            "round {round}"
        );
        assert_eq!(store.edition(&key).await.unwrap(), model.edition(&key).await.unwrap());
        let subject = format!("p/{number}");
        assert_eq!(store.vault_keys(&subject).await.unwrap(), model.vault_keys(&subject).await.unwrap());
    }
    let now = at(i64::try_from(round).unwrap_or(0));
    assert_eq!(store.kv_list("s", "", now).await.unwrap(), model.kv_list("s", "", now).await.unwrap());
    for number in 5000..5008 {
        assert_eq!(store.job_state(id(number)).await.unwrap(), model.job_state(id(number)).await.unwrap());
    }
    for number in 0..5 {
        let ours = store.read_stream(&stream(number), Version::NONE, 10_000).await.unwrap();
        let theirs = model.read_stream(&stream(number), Version::NONE, 10_000).await.unwrap();
        let hashes = |events: &[crate::Envelope]| events.iter().map(|event| event.hash).collect::<Vec<_>>();
        assert_eq!(hashes(&ours), hashes(&theirs), "stream {number} after round {round}");
    }
}

pub(super) async fn random_batches_do_what_the_model_does(ground: &dyn Ground) {
    for seed in 1..4 {
        let store = ground.fresh().await;
        let model = MemoryStore::new();
        store.declare_views(vec![tasks(), figures()]).await.unwrap();
        model.declare_views(vec![tasks(), figures()]).await.unwrap();
        let mut dice = Dice(seed);
        for round in 0..ROUNDS {
            let batch = random_batch(&mut dice, round);
            let wanted = told(model.commit(batch.clone()).await);
            assert_eq!(
                told(store.commit(batch.clone()).await),
                wanted,
                "seed {seed} round {round}: {batch:?}"
            );
            if dice.below(5) == 0 {
                let now = at(i64::try_from(round).unwrap_or(0));
                let until = at(i64::try_from(round + dice.below(20)).unwrap_or(0));
                let limit = usize::try_from(dice.below(3)).unwrap_or(0);
                let ours = store.lease_jobs("q", now, until, limit).await.unwrap();
                assert_eq!(ours, model.lease_jobs("q", now, until, limit).await.unwrap());
                assert_eq!(store.next_job_due("q").await.unwrap(), model.next_job_due("q").await.unwrap());
            }
            if round % 50 == 49 {
                same_everything(&*store, &model, round).await;
            }
        }
        let all = store.read_all(Position::START, 10_000).await.unwrap();
        assert_eq!(all.len(), model.read_all(Position::START, 10_000).await.unwrap().len());
        assert_eq!(crate::audit(&*store, None).await.unwrap().findings, []);
    }
}

fn random_condition(dice: &mut Dice, depth: u32) -> Condition {
    let row = random_row(dice);
    match dice.below(10) {
        0 => Condition::NotEq("state".into(), row.0[3].clone()),
        1 => Condition::In("department".into(), vec![row.0[2].clone(), random_row(dice).0[2].clone()]),
        2 => Condition::at_least("due_at", row.0[4].clone()),
        3 => Condition::between("due_at", row.0[4].clone(), random_row(dice).0[4].clone()),
        4 => Condition::Prefix("title".into(), row.text(6).unwrap_or("").chars().take(2).collect()),
        5 => Condition::IsNull("assignee".into()),
        6 => Condition::Matches((*dice.one_of(&["餐", "餐饮", "shop", "店 1", "大餐馆", "sho 1"])).into()),
        7 if depth > 0 => Condition::AnyOf(
            (0..dice.below(3))
                .map(|_| (0..dice.below(3)).map(|_| random_condition(dice, depth - 1)).collect())
                .collect(),
        ),
        8 => Condition::eq("step", row.0[1].clone()),
        _ => Condition::eq("department", row.0[2].clone()),
    }
}

pub(super) async fn random_questions_get_the_models_answers(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let model = MemoryStore::new();
    let mut dice = Dice(99);
    let rows: Vec<_> =
        (0..200).map(|_| ViewChange::Upsert { table: "tasks".into(), row: random_row(&mut dice) }).collect();
    for each in [&*store, &model as &dyn Store] {
        each.declare_views(vec![tasks(), figures()]).await.unwrap();
        each.commit(Batch::new(at(0)).views(rows.clone())).await.unwrap();
    }
    let columns = ["case_id", "step", "department", "state", "due_at", "title", "share", "mark"];
    for round in 0..500 {
        let mut query = ViewQuery::new("tasks").limit(u32::try_from(dice.below(30) + 1).unwrap_or(1));
        for _ in 0..dice.below(3) {
            query = query.filter(random_condition(&mut dice, 2));
        }
        for _ in 0..dice.below(3) {
            let column = *dice.one_of(&columns);
            if query.order.iter().all(|order| order.column != column) {
                query = if dice.below(2) == 0 { query.ascending(column) } else { query.descending(column) };
            }
        }
        let first = store.view_rows(query.clone()).await.unwrap();
        assert_eq!(first, model.view_rows(query.clone()).await.unwrap(), "round {round}: {query:?}");
        let next = query.clone().after(first.next);
        assert_eq!(store.view_rows(next.clone()).await.unwrap(), model.view_rows(next).await.unwrap());
        let mut tally = ViewTally::new("tasks").sum("due_at").measure(Measure::Max("title".into()));
        tally.filter = query.filter;
        for _ in 0..dice.below(3) {
            let column: &&str = dice.one_of(&columns);
            tally = tally.by(column);
        }
        let ours = store.view_tally(tally.clone()).await.unwrap();
        assert_eq!(ours, model.view_tally(tally.clone()).await.unwrap(), "round {round}: {tally:?}");
        assert!(
            ours.iter().all(|row| row.measures.len() == 2 && row.measures[0] != Cell::Text(String::new()))
        );
    }
}
