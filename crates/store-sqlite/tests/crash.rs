//! Killed at any time, the store loses nothing that was acknowledged and has no half batch.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use store::{
    Batch, Cell, Change, CommandId, Conflict, Expected, NewEvent, Position, Row, Store, StoreError, StreamId,
    Version, ViewChange, ViewSchema, audit,
};
use store_sqlite::{SqliteOptions, SqliteStore};
use uuid::Uuid;

mod place;
use place::Place;

const CHILD: &str = "YICHUANG_CRASH_TEST_DATABASE";
const WRITERS: u64 = 6;

fn options(path: &Path) -> SqliteOptions {
    SqliteOptions { wal_soft_bytes: 128 << 10, wal_hard_bytes: 1 << 20, ..SqliteOptions::new(path) }
}

fn counts() -> ViewSchema {
    ViewSchema::new("counts", 1).text("stream").integer("events").key(&["stream"])
}

/// Two events on the writer's own stream, one on a shared stream, a row that counts, a number, a vault entry.
fn batch(writer: u64, number: u64) -> Batch {
    let event = |place: u64| NewEvent {
        id: Uuid::from_u128(u128::from((writer << 40) + number * 3 + place)),
        at: Timestamp::UNIX_EPOCH,
        kind: "NoteTaken".into(),
        schema: 1,
        actor: "a".into(),
        body: format!("{{\"text\":\"{}\"}}", "x".repeat(288)).into_bytes(),
    };
    let own = StreamId::of("own", writer).unwrap();
    let row = Row(vec![own.to_string().into(), Cell::Integer(i64::try_from(number * 2 + 2).unwrap())]);
    Batch::new(Timestamp::UNIX_EPOCH)
        .append(own, Expected::Version(Version(number * 2)), vec![event(0), event(1)])
        .append(StreamId::new("all").unwrap(), Expected::Any, vec![event(2)])
        .views([ViewChange::Upsert { table: "counts".into(), row }])
        .change(Change::NumberTake { counter: "c".into() })
        .change(Change::VaultPut {
            key: format!("{writer}/{number}"),
            subject: format!("{writer}"),
            salt: [1; 16],
            bytes: vec![1, 2, 3],
        })
        .command(CommandId(Uuid::from_u128(u128::from((writer << 40) + number))), Vec::new())
}

/// The process that is killed: commits and prints each acknowledgement, for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_child_that_is_killed() {
    let Ok(path) = std::env::var(CHILD) else { return };
    let store = Arc::new(SqliteStore::open(options(Path::new(&path))).unwrap());
    store.declare_views(vec![counts()]).await.unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let own = StreamId::of("own", writer).unwrap();
                let head = store.stream_head(&own).await.unwrap();
                for number in head.map_or(0, |head| head.version.0 / 2).. {
                    store.commit(batch(writer, number)).await.unwrap();
                    println!("\nacknowledged {writer} {number}");
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

/// Runs the child until so many commits are acknowledged, kills it, and returns the last one of each writer.
fn run_and_kill(path: &Path, acknowledgements: usize) -> Vec<Option<u64>> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_child_that_is_killed", "--nocapture"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut last = vec![None; WRITERS as usize];
    let mut seen = 0;
    let begun = Instant::now();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let Some(told) = line.strip_prefix("acknowledged ") else { continue };
        // The kill may cut the last line short.
        let mut parts = told.split(' ').map(str::parse::<u64>);
        let (Some(Ok(writer)), Some(Ok(number))) = (parts.next(), parts.next()) else { continue };
        last[usize::try_from(writer).unwrap()] = Some(number);
        seen += 1;
        if seen == acknowledgements {
            child.kill().unwrap();
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "the child is too slow");
    }
    child.wait().unwrap();
    assert!(seen >= acknowledgements, "the child stopped by itself after {seen}");
    last
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_is_half_done() {
    let place = Place::new("crash");
    let path = place.path("store.db");
    for round in 0..4 {
        let last = run_and_kill(&path, 40 + round * 25);
        let store = SqliteStore::open(options(&path)).unwrap();
        assert_eq!(store.declare_views(vec![counts()]).await.unwrap(), [""; 0]);
        let mut batches = 0;
        for (writer, last) in (0..).zip(&last) {
            let own = StreamId::of("own", writer).unwrap();
            let version = store.stream_head(&own).await.unwrap().map_or(0, |head| head.version.0);
            assert_eq!(version % 2, 0, "half a batch");
            if let Some(last) = last {
                // A commit in flight at the kill may have taken effect without being acknowledged.
                assert!(
                    (last * 2 + 2..=last * 2 + 4).contains(&version),
                    "{last} acknowledged, {version} there"
                );
                let again = store.commit(batch(writer, *last)).await.unwrap();
                assert!(again.is_repeated());
            }
            let row = store.view_row("counts", &[own.to_string().into()]).await.unwrap();
            assert_eq!(row.and_then(|row| row.integer(1)).unwrap_or(0), i64::try_from(version).unwrap());
            assert_eq!(store.vault_keys(&writer.to_string()).await.unwrap().len() as u64, version / 2);
            batches += version / 2;
        }
        let all = store.stream_head(&StreamId::new("all").unwrap()).await.unwrap().unwrap();
        assert_eq!(all.version.0, batches);
        assert_eq!(store.head().await.unwrap(), Position(batches * 3));
        let report = audit(&store, None).await.unwrap();
        assert!(report.is_clean(), "{:?}", report.findings);
        assert_eq!(store.take_numbers("c", 1).await.unwrap(), batches + round as u64 + 1);
    }
}

#[tokio::test]
async fn a_second_process_is_kept_out() {
    let place = Place::new("claim");
    let path = place.path("store.db");
    let store = SqliteStore::open(options(&path)).unwrap();
    let error = SqliteStore::open(options(&path)).unwrap_err();
    assert!(error.to_string().contains("in use"), "{error}");
    drop(store);
    SqliteStore::open(options(&path)).unwrap();
}

/// The database and its log, copied while they are written, as a power cut would leave them, open to a whole
/// state.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_and_its_log_taken_at_any_moment_are_whole() {
    let place = Place::new("torn");
    let store = Arc::new(SqliteStore::open(SqliteOptions::new(place.path("living.db"))).unwrap());
    store.declare_views(vec![counts()]).await.unwrap();
    let mut acknowledged = 0;
    for copy in 0..5 {
        for _ in 0..10 {
            store.commit(batch(0, acknowledged)).await.unwrap();
            acknowledged += 1;
        }
        let going_on = {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.commit(batch(0, acknowledged)).await })
        };
        // The log is copied after the database and ends in garbage.
        let to = place.path(&format!("copy{copy}.db"));
        std::fs::copy(place.path("living.db"), &to).unwrap();
        let mut log = std::fs::read(place.path("living.db-wal")).unwrap();
        log.extend([0x5A; 1000]);
        std::fs::write(place.path(&format!("copy{copy}.db-wal")), log).unwrap();
        going_on.await.unwrap().unwrap();
        acknowledged += 1;
        let taken = SqliteStore::open(SqliteOptions::new(&to)).unwrap();
        let version = taken.stream_head(&StreamId::of("own", 0).unwrap()).await.unwrap().unwrap().version.0;
        assert!(version / 2 >= acknowledged - 1 && version % 2 == 0);
        assert!(audit(&taken, None).await.unwrap().is_clean());
        let next = taken.commit(batch(0, version / 2 + 5)).await;
        assert!(matches!(next, Err(StoreError::Conflict(Conflict::Version { .. }))));
    }
}
