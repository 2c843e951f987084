//! Measures the store alone: each step reads the case's stream, appends two events with an idempotency key,
//! and updates one row of a worklist and one of an index.
//! `cargo run --release --example steps -- [SECONDS] [EVENTS BEFORE]`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use store::testing::{StepLoad, run_steps};
use store::{
    Batch, Cell, ColumnKind, CommandId, Condition, Expected, NewEvent, Row, Store, StoreError, StreamId,
    Version, ViewChange, ViewQuery, ViewSchema,
};
use store_sqlite::{SqliteOptions, SqliteStore, commits_per_second};
use uuid::Uuid;

const STEPS_PER_CASE: u64 = 6;
const ROUNDS: u32 = 5;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), StoreError> {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(3);
    let before = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(0);
    let folder = std::env::temp_dir().join(format!("yichuang-steps-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(StoreError::fault)?;
    let duration = Duration::from_secs(seconds);
    let store = Arc::new(SqliteStore::open(SqliteOptions::new(folder.join("steps.db")))?);
    store.declare_views(vec![tasks(), cases()]).await?;
    if before > 0 {
        fill(&store, before).await?;
    }
    // Baseline and users alternate within each round, so that other load on the disk affects both alike.
    for round in 0..ROUNDS {
        let slice = duration / ROUNDS;
        let floor = commits_per_second(&folder.join(format!("floor{round}.db")), slice)?;
        print!("floor {floor:.0} commits/s");
        for users in [1, 64] {
            let report = run_steps(users, slice, load(Arc::clone(&store))).await?;
            print!(
                "; {users} users {:.0} steps/s = {:.2}, {:.1} µs CPU, p50 {:?} p99 {:?}",
                report.steps_per_second,
                report.steps_per_second / floor,
                report.cpu_per_step.as_secs_f64() * 1e6,
                report.p50,
                report.p99
            );
        }
        println!();
    }
    let head = store.head().await?;
    for (name, question) in
        [("worklist_rows", worklist as Question), ("stream_reads", stream_read), ("row_reads", row_read)]
    {
        let store = Arc::clone(&store);
        let load: StepLoad =
            Arc::new(move |user, number| question(Arc::clone(&store), user * 7919 + number * 31));
        let report = run_steps(8, Duration::from_secs(1), load).await?;
        let cpu = report.cpu_per_step.as_secs_f64() * 1e6;
        println!("{name} {:.0}/s, {cpu:.1} µs CPU, p99 {:?}", report.steps_per_second, report.p99);
    }
    println!("events {head}");
    drop(store);
    std::fs::remove_dir_all(&folder).map_err(StoreError::fault)
}

type Question = fn(Arc<SqliteStore>, u64) -> store::BoxFuture<'static, Result<(), StoreError>>;

fn worklist(store: Arc<SqliteStore>, number: u64) -> store::BoxFuture<'static, Result<(), StoreError>> {
    Box::pin(async move {
        let query = ViewQuery::new("tasks")
            .filter(Condition::eq("department", format!("dep{}", number % 9)))
            .filter(Condition::eq("state", "open"))
            .ascending("due_at")
            .limit(25);
        store.view_rows(query).await.map(|_| ())
    })
}

fn case_name(user: u64, case: u64) -> String {
    format!("{user:05}-{case:012}")
}

fn stream_read(store: Arc<SqliteStore>, number: u64) -> store::BoxFuture<'static, Result<(), StoreError>> {
    Box::pin(async move {
        let stream = StreamId::of("case", case_name(number % 64, number % 50))?;
        store.read_stream(&stream, Version::NONE, 100).await.map(|_| ())
    })
}

fn row_read(store: Arc<SqliteStore>, number: u64) -> store::BoxFuture<'static, Result<(), StoreError>> {
    Box::pin(async move {
        let key: [Cell; 1] = [case_name(number % 64, number % 50).into()];
        store.view_row("cases", &key).await.map(|_| ())
    })
}

fn tasks() -> ViewSchema {
    ViewSchema::new("tasks", 1)
        .text("case_id")
        .text("department")
        .text("state")
        .integer("due_at")
        .nullable("assignee", ColumnKind::Text)
        .key(&["case_id"])
        .index(&["department", "state", "due_at"])
}

fn cases() -> ViewSchema {
    ViewSchema::new("cases", 1)
        .text("case_id")
        .text("item")
        .text("state")
        .integer("changed_at")
        .key(&["case_id"])
        .index(&["state", "changed_at"])
}

fn load(store: Arc<SqliteStore>) -> StepLoad {
    let ids = Arc::new(AtomicU64::new(1));
    // Every run uses cases of its own.
    let run = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(0) % 100_000_000;
    Arc::new(move |user, number| {
        let (store, ids) = (Arc::clone(&store), Arc::clone(&ids));
        Box::pin(async move {
            let case = case_name(user, run * 10_000 + number / STEPS_PER_CASE);
            let stream = StreamId::of("case", &case)?;
            let history = store.read_stream(&stream, Version::NONE, 1000).await?;
            let version = history.last().map_or(Version::NONE, |event| event.version);
            let batch =
                step(&stream, &case, version, number, || ids.fetch_add(1, Ordering::Relaxed) + (run << 24));
            store.commit(batch).await.map(|_| ())
        })
    })
}

fn step(
    stream: &StreamId,
    case: &str,
    version: Version,
    number: u64,
    mut next_id: impl FnMut() -> u64,
) -> Batch {
    let at = Timestamp::UNIX_EPOCH;
    let event = |id: u64| NewEvent {
        id: Uuid::from_u128(u128::from(id)),
        at,
        kind: "StepFinished".into(),
        schema: 1,
        actor: "account/0190a1b2c3".into(),
        body: vec![b'7'; 220],
    };
    let due = i64::try_from(number * 37 % 10_000).unwrap_or(0);
    let state = ["open", "open", "done"][usize::try_from(number % 3).unwrap_or(0)];
    let department = format!("dep{}", number % 9);
    let row = vec![case.into(), department.into(), state.into(), due.into(), Cell::Null];
    let index = vec![case.into(), "甲事项".into(), state.into(), due.into()];
    Batch::new(at)
        .append(stream.clone(), Expected::Version(version), vec![event(next_id()), event(next_id())])
        .views([
            ViewChange::Upsert { table: "tasks".into(), row: Row(row) },
            ViewChange::Upsert { table: "cases".into(), row: Row(index) },
        ])
        .command(CommandId(Uuid::from_u128(u128::from(next_id()))), b"ok".to_vec())
}

/// Cases with six steps of two events each, many to a batch.
async fn fill(store: &SqliteStore, events: u64) -> Result<(), StoreError> {
    let begun = Instant::now();
    let mut ids = 1_u64 << 60;
    let mut case = 0;
    while case * STEPS_PER_CASE * 2 < events {
        let mut all = Batch::new(Timestamp::UNIX_EPOCH);
        for _ in 0..200 {
            let name = case_name(case % 64, case / 64);
            let stream = StreamId::of("case", &name)?;
            for number in 0..STEPS_PER_CASE {
                let one = step(&stream, &name, Version(number * 2), number + case, || {
                    ids += 1;
                    ids
                });
                all.appends.extend(one.appends);
                if number + 1 == STEPS_PER_CASE {
                    all.changes.extend(one.changes);
                }
            }
            case += 1;
        }
        store.commit(all).await?;
    }
    println!("filled {events} events in {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}
