//! Several nodes on one database: nothing lost, nothing twice, nothing unseen.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use store::{
    Batch, Cell, Change, CommandId, Conflict, Expected, Position, RebuildEnd, Row, Store, StoreError,
    Version, ViewChange, ViewQuery, audit,
};
use store_postgres::PostgresStore;
use store_postgres::testing::Server;
use uuid::Uuid;

mod load;
use load::{at, counts, event, node, stream};

/// Follows the journal as a projection does: reads on from its position whenever the channel changes.
fn follow(store: Arc<PostgresStore>, end: Arc<AtomicBool>) -> tokio::task::JoinHandle<Vec<u64>> {
    tokio::spawn(async move {
        let mut told = store.subscribe();
        let (mut seen, mut reached) = (Vec::new(), Position::START);
        loop {
            let last_look = end.load(Ordering::SeqCst);
            let visible = *told.borrow_and_update();
            while reached < visible {
                let part = store.read_all(reached, 37).await.unwrap();
                // Announced events can be read, and a later read never finds an event before the end of an
                // earlier one.
                assert!(!part.is_empty(), "told of {visible}, nothing after {reached}");
                seen.extend(part.iter().map(|event| event.position.0));
                reached = part.last().unwrap().position;
            }
            if last_look {
                return seen;
            }
            let _ = tokio::time::timeout(Duration::from_millis(300), told.changed()).await;
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn followers_on_every_node_see_every_event_once_and_in_order() {
    const WRITERS: u64 = 12;
    const EACH: u64 = 60;
    let server = Server::start(&[]).unwrap();
    let nodes = [node(&server, "n").await, node(&server, "n").await, node(&server, "n").await];
    for node in &nodes {
        assert_eq!(node.declare_views(vec![counts()]).await.unwrap(), [""; 0]);
    }
    let end = Arc::new(AtomicBool::new(false));
    let followers: Vec<_> = nodes.iter().map(|node| follow(Arc::clone(node), Arc::clone(&end))).collect();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let node = Arc::clone(&nodes[usize::try_from(writer).unwrap() % nodes.len()]);
            tokio::spawn(async move {
                for number in 0..EACH {
                    // All append to one stream, change one row and take from one counter; each also appends
                    // to its own stream.
                    let add = ViewChange::Add {
                        table: "counts".into(),
                        key: vec!["all".into()],
                        amounts: vec![("events".into(), 1)],
                    };
                    let batch = Batch::new(at(0))
                        .append(stream("own", writer), Expected::Version(Version(number)), vec![event()])
                        .append(stream("all", 0), Expected::Any, vec![event()])
                        .views([add])
                        .change(Change::NumberTake { counter: "c".into() })
                        .command(CommandId(Uuid::from_u128(u128::from((writer << 32) + number))), Vec::new());
                    node.commit(batch).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    end.store(true, Ordering::SeqCst);
    for follower in followers {
        let seen = follower.await.unwrap();
        assert!(seen.windows(2).all(|pair| pair[0] < pair[1]));
        // The writer's own node knows at once; others learn of it by polling at the latest.
        assert!(seen.len() as u64 <= WRITERS * EACH * 2);
    }
    let all = WRITERS * EACH;
    for node in &nodes {
        let mut told = node.subscribe();
        let last =
            tokio::time::timeout(Duration::from_secs(5), told.wait_for(|told| told.0 == all * 2)).await;
        assert_eq!(last.unwrap().unwrap().0, all * 2);
        let end = Arc::new(AtomicBool::new(true));
        assert_eq!(follow(Arc::clone(node), end).await.unwrap(), (1..=all * 2).collect::<Vec<_>>());
        let row = node.view_row("counts", &["all".into()]).await.unwrap().unwrap();
        assert_eq!(row.integer(1), i64::try_from(all).ok(), "no update was lost");
    }
    assert_eq!(nodes[0].take_numbers("c", 1).await.unwrap(), all + 1, "no number was given twice");
    assert!(audit(&*nodes[1], None).await.unwrap().is_clean());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_node_acknowledged_binds_the_other_at_once() {
    let server = Server::start(&[]).unwrap();
    let (a, b) = (node(&server, "n").await, node(&server, "n").await);
    let append = |expected| Batch::new(at(0)).append(stream("s", 1), expected, vec![event()]);
    for turn in 0..20 {
        let (here, there) = if turn % 2 == 0 { (&a, &b) } else { (&b, &a) };
        here.commit(append(Expected::Version(Version(turn)))).await.unwrap();
        assert_eq!(there.stream_head(&stream("s", 1)).await.unwrap().unwrap().version, Version(turn + 1));
        let refused = there.commit(append(Expected::Version(Version(turn)))).await;
        assert!(matches!(refused, Err(StoreError::Conflict(Conflict::Version { .. }))), "{refused:?}");
    }
    // One command sent to both nodes at once takes effect once.
    for round in 0..20 {
        let command = CommandId(Uuid::from_u128(round));
        let give = |node: &Arc<PostgresStore>| {
            let (node, batch) = (Arc::clone(node), append(Expected::Any).command(command, Vec::new()));
            tokio::spawn(async move { node.commit(batch).await.unwrap() })
        };
        let (here, there) = (give(&a), give(&b));
        let (here, there) = (here.await.unwrap(), there.await.unwrap());
        assert!(here.is_repeated() != there.is_repeated());
        assert_eq!(here.positions(), there.positions());
    }
    // A file stored at one node is read at the other; a job is leased by one of them.
    let mut sink = a.blob_create(1 << 20, at(0)).await.unwrap();
    sink.write(&[5; 600_000]).await.unwrap();
    let file = sink.finish().await.unwrap();
    let link = Change::BlobLink { digest: file.digest, owner: "case/1".into() };
    let job = Change::JobPut { id: Uuid::from_u128(9), queue: "q".into(), due_at: at(0), body: vec![] };
    b.commit(Batch::new(at(0)).change(link).change(job)).await.unwrap();
    let mut source = b.blob_open(file.digest).await.unwrap().unwrap();
    let mut bytes = 0;
    while let Some(piece) = source.next().await.unwrap() {
        bytes += piece.len();
    }
    assert_eq!(bytes, 600_000);
    let (here, there) = tokio::join!(a.lease_jobs("q", at(1), at(9), 5), b.lease_jobs("q", at(1), at(9), 5));
    assert_eq!(here.unwrap().len() + there.unwrap().len(), 1);
}

fn put(name: &str, events: i64) -> ViewChange {
    ViewChange::Upsert { table: "counts".into(), row: Row(vec![name.into(), Cell::Integer(events)]) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_that_one_node_swaps_are_found_by_the_other() {
    let server = Server::start(&[]).unwrap();
    let (a, b) = (node(&server, "n").await, node(&server, "n").await);
    for node in [&a, &b] {
        node.declare_views(vec![counts()]).await.unwrap();
    }
    for round in 0..4 {
        let (here, there) = if round % 2 == 0 { (&a, &b) } else { (&b, &a) };
        here.commit(Batch::new(at(0)).append(stream("s", 1), Expected::Any, vec![event()])).await.unwrap();
        here.rebuild_begin().await.unwrap();
        here.rebuild_apply(vec![put("rebuilt", round)], Position(here.head().await.unwrap().0))
            .await
            .unwrap();
        assert_eq!(here.rebuild_finish().await.unwrap(), RebuildEnd::Swapped);
        // The other node writes and reads the new rows.
        there.commit(Batch::new(at(0)).views([put("after", round)])).await.unwrap();
        let rows = there.view_rows(ViewQuery::new("counts")).await.unwrap().rows;
        assert_eq!(
            rows,
            [Row(vec!["after".into(), round.into()]), Row(vec!["rebuilt".into(), round.into()])]
        );
        assert_eq!(here.view_digest("counts").await.unwrap(), there.view_digest("counts").await.unwrap());
    }
    // A rebuild belongs to one node while that node is alive, and is taken over when it has ended.
    a.rebuild_begin().await.unwrap();
    a.rebuild_apply(vec![put("rebuilt", 9)], Position(3)).await.unwrap();
    let refused = b.rebuild_begin().await.unwrap_err();
    assert!(refused.to_string().contains("another node is rebuilding"), "{refused}");
    assert!(b.rebuild_apply(vec![put("rebuilt", 9)], Position(4)).await.is_err());
    drop(a);
    assert_eq!(b.rebuild_begin().await.unwrap(), Position(3));
    let a = node(&server, "n").await;
    // After a node of another release has declared a view differently, the old node cannot write rows of the
    // old shape.
    let newer = store::ViewSchema { version: 2, ..counts() };
    a.declare_views(vec![newer]).await.unwrap();
    let refused = b.commit(Batch::new(at(0)).views([put("old", 1)])).await;
    assert!(refused.unwrap_err().to_string().contains("another node has declared view counts otherwise"));
    assert!(b.view_row("counts", &["old".into()]).await.is_err());
}
