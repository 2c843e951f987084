//! The server crashes under load: everything acknowledged is there, once, and there is no half batch.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use store::{Batch, Cell, Change, CommandId, Expected, Position, Row, Store, Version, ViewChange, audit};
use store_postgres::testing::Server;
use uuid::Uuid;

mod load;
use load::{at, counts, event, node, stream};

const WRITERS: u64 = 8;
const CRASHES: u32 = 4;

/// Two events on the writer's own stream, one on a shared stream, a row that counts, a number, a vault entry.
/// Odd writers send no command id: a batch without one must not be applied twice either.
fn batch(writer: u64, number: u64) -> Batch {
    let own = stream("own", writer);
    let row = Row(vec![own.to_string().into(), Cell::Integer(i64::try_from(number * 2 + 2).unwrap())]);
    let batch = Batch::new(at(0))
        .append(own, Expected::Version(Version(number * 2)), vec![event(), event()])
        .append(stream("all", 0), Expected::Any, vec![event()])
        .views([ViewChange::Upsert { table: "counts".into(), row }])
        .change(Change::NumberTake { counter: "c".into() })
        .change(Change::VaultPut {
            key: format!("{writer}/{number}"),
            subject: format!("{writer}"),
            salt: [1; 16],
            bytes: vec![1, 2, 3],
        });
    if writer.is_multiple_of(2) { batch.command(id(writer, number), vec![7]) } else { batch }
}

fn id(writer: u64, number: u64) -> CommandId {
    CommandId(Uuid::from_u128(u128::from((writer << 40) + number)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_of_the_server_loses_and_doubles_nothing() {
    let mut server = Server::start(&[]).unwrap();
    let nodes = [node(&server, "n").await, node(&server, "n").await];
    for node in &nodes {
        node.declare_views(vec![counts()]).await.unwrap();
    }
    let stop = Arc::new(AtomicBool::new(false));
    let acknowledged = Arc::new(AtomicU64::new(0));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let node = Arc::clone(&nodes[usize::try_from(writer).unwrap() % 2]);
            let (stop, acknowledged) = (Arc::clone(&stop), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                let mut number = 0;
                while !stop.load(Ordering::Relaxed) {
                    // The store waits for the server and resolves a lost answer itself; a caller sees neither
                    // a fault nor `Unanswered`.
                    let outcome = node.commit(batch(writer, number)).await.unwrap();
                    assert!(!outcome.is_repeated());
                    number += 1;
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                }
                number
            })
        })
        .collect();
    for _ in 0..CRASHES {
        let before = acknowledged.load(Ordering::Relaxed);
        while acknowledged.load(Ordering::Relaxed) < before + 60 {
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        server.crash().unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        server.start_again().unwrap();
    }
    let before = acknowledged.load(Ordering::Relaxed);
    while acknowledged.load(Ordering::Relaxed) < before + 60 {
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    stop.store(true, Ordering::Relaxed);
    let mut batches = 0;
    for (writer, done) in (0..).zip(writers) {
        let done = done.await.unwrap();
        let own = stream("own", writer);
        let version = nodes[0].stream_head(&own).await.unwrap().unwrap().version;
        assert_eq!(version, Version(done * 2), "writer {writer}");
        let row = nodes[1].view_row("counts", &[own.to_string().into()]).await.unwrap().unwrap();
        assert_eq!(row.integer(1), i64::try_from(version.0).ok());
        assert_eq!(nodes[1].vault_keys(&writer.to_string()).await.unwrap().len() as u64, done);
        if writer % 2 == 0 {
            assert!(nodes[1].outcome(id(writer, done - 1)).await.unwrap().is_some());
        }
        batches += done;
    }
    assert_eq!(batches, acknowledged.load(Ordering::Relaxed));
    assert_eq!(nodes[0].head().await.unwrap(), Position(batches * 3));
    assert_eq!(nodes[0].stream_head(&stream("all", 0)).await.unwrap().unwrap().version, Version(batches));
    assert_eq!(nodes[0].take_numbers("c", 1).await.unwrap(), batches + 1);
    let report = audit(&*nodes[1], None).await.unwrap();
    assert!(report.is_clean(), "{:?}", report.findings);
    // Notifications work again after the crashes.
    let mut told = nodes[1].subscribe();
    nodes[0].commit(batch(99, 0)).await.unwrap();
    let last = tokio::time::timeout(Duration::from_secs(5), told.wait_for(|told| told.0 == batches * 3 + 3));
    last.await.expect("the other node hears of it").unwrap();
}

/// Queries wait for the server too, and so does a node that is opened meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_and_new_nodes_wait_for_a_server_that_is_away() {
    let mut server = Server::start(&[]).unwrap();
    let a = node(&server, "n").await;
    a.commit(batch_of_one()).await.unwrap();
    server.crash().unwrap();
    let asked = {
        let a = Arc::clone(&a);
        tokio::spawn(async move { a.read_all(Position::START, 9).await.unwrap().len() })
    };
    let url = format!("{}?schema=n", server.url());
    let opened = tokio::spawn(async move {
        let options = store_postgres::PostgresOptions::new(&url).unwrap();
        store_postgres::PostgresStore::open(options).await.unwrap().head().await.unwrap()
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!asked.is_finished() && !opened.is_finished());
    server.start_again().unwrap();
    assert_eq!(asked.await.unwrap(), 1);
    assert_eq!(opened.await.unwrap(), Position(1));
    // Patience ends.
    server.crash().unwrap();
    let url = format!("{}?schema=n", server.url());
    let options = store_postgres::PostgresOptions {
        patience: Duration::from_millis(300),
        ..store_postgres::PostgresOptions::new(&url).unwrap()
    };
    let error = store_postgres::PostgresStore::open(options).await.unwrap_err();
    assert!(error.to_string().contains("the database is away"), "{error}");
}

fn batch_of_one() -> Batch {
    Batch::new(at(0)).append(stream("s", 1), Expected::Any, vec![event()])
}

/// A node that is paused in the middle of a group does not block the others for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_left_open_ends_by_itself() {
    let server = Server::start(&[]).unwrap();
    let a = node(&server, "n").await;
    let (client, connection) = tokio_postgres::connect(&server.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
        .batch_execute(
            "set idle_in_transaction_session_timeout = '700ms'; begin; select 1 from n.journal for update",
        )
        .await
        .unwrap();
    let committed = tokio::time::timeout(Duration::from_secs(5), a.commit(batch_of_one())).await;
    committed.expect("the lock is given back").unwrap();
}
