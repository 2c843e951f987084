//! The memory store passes the conformance suite, and injected faults happen as they are set.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use jiff::Timestamp;
use store::testing::{Ground, run_all};
use store::{
    Batch, BoxFuture, Change, CommandId, Expected, Fate, MemoryStore, NewEvent, Position, Store, StoreError,
    StreamId,
};
use uuid::Uuid;

struct Memory;

impl Ground for Memory {
    fn fresh(&self) -> BoxFuture<'_, Arc<dyn Store>> {
        Box::pin(async { Arc::new(MemoryStore::new()) as Arc<dyn Store> })
    }

    fn reopen(&self, store: Arc<dyn Store>) -> BoxFuture<'_, Arc<dyn Store>> {
        Box::pin(async { store })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_memory_store_conforms() {
    run_all(&Memory).await;
}

fn batch(number: u128) -> Batch {
    let event = NewEvent {
        id: Uuid::from_u128(number),
        at: Timestamp::UNIX_EPOCH,
        kind: "NoteTaken".into(),
        schema: 1,
        actor: "a".into(),
        body: b"{}".to_vec(),
    };
    Batch::new(Timestamp::UNIX_EPOCH)
        .append(StreamId::new("case/1").unwrap(), Expected::Any, vec![event])
        .change(Change::NumberTake { counter: "c".into() })
        .command(CommandId(Uuid::from_u128(number)), b"reply".to_vec())
}

/// Retrying a command until it is answered applies it exactly once, whatever faults happen.
#[tokio::test]
async fn repeating_a_command_outlasts_every_fate() {
    let fates = [Fate::Sound, Fate::Fails, Fate::AnswerLost, Fate::CrashesBefore, Fate::CrashesAfter];
    for first in fates {
        for second in fates {
            let store = MemoryStore::recording();
            store.set_fates(move |number| match number {
                1 => first,
                2 => second,
                _ => Fate::Sound,
            });
            for number in 0..4 {
                let outcome = loop {
                    match store.commit(batch(number)).await {
                        Ok(outcome) => break outcome,
                        Err(StoreError::Fault(_) | StoreError::Unanswered) => store.restart(),
                        Err(other) => panic!("{other}"),
                    }
                };
                assert_eq!(outcome.numbers(), [number as u64 + 1], "{first:?} {second:?}");
            }
            assert_eq!(store.read_all(Position::START, 99).await.unwrap().len(), 4, "{first:?} {second:?}");
            assert_eq!(store.recorded(), 4);
        }
    }
}

#[tokio::test]
async fn a_crashed_store_answers_nothing_until_it_is_restarted() {
    let store = MemoryStore::new();
    store.set_fates(|_| Fate::CrashesAfter);
    assert!(matches!(store.commit(batch(1)).await, Err(StoreError::Unanswered)));
    assert!(matches!(store.head().await, Err(StoreError::Fault(_))));
    assert!(matches!(store.commit(batch(2)).await, Err(StoreError::Fault(_))));
    store.restart();
    store.clear_fates();
    assert_eq!(store.head().await.unwrap(), Position(1));
    assert!(store.commit(batch(1)).await.unwrap().is_repeated());
}

#[tokio::test]
async fn every_prefix_of_the_commits_is_a_store() {
    let store = MemoryStore::recording();
    for number in 0..5 {
        store.commit(batch(number)).await.unwrap();
        store.commit(batch(number)).await.unwrap();
    }
    assert_eq!(store.recorded(), 5);
    for commits in 0..=5 {
        let prefix = store.prefix(commits).unwrap();
        assert_eq!(prefix.head().await.unwrap(), Position(commits as u64));
        assert!(store::audit(&prefix, None).await.unwrap().is_clean());
        prefix.commit(batch(99)).await.unwrap();
        assert_eq!(prefix.head().await.unwrap(), Position(commits as u64 + 1));
    }
    assert!(store.prefix(6).is_none());
    assert_eq!(store.head().await.unwrap(), Position(5));
}
