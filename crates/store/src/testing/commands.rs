//! Idempotency: a command takes effect once, however often it is given.

use std::sync::Arc;

use super::{Ground, append, at, events, id, stream, version_of};
use crate::{Change, CommandId, Expected, Outcome, Position, Version};

fn command(number: u64) -> CommandId {
    CommandId(id(number))
}

pub(super) async fn a_repeated_command_has_no_effect_and_the_first_reply(ground: &dyn Ground) {
    let mut store = ground.fresh().await;
    let give = |expected, reply: &str| {
        append("a", expected, events(0..2))
            .change(Change::NumberTake { counter: "c".into() })
            .change(Change::NumberTake { counter: "c".into() })
            .command(command(1), reply.as_bytes().to_vec())
    };
    assert_eq!(store.outcome(command(1)).await.unwrap(), None);
    let first = store.commit(give(Expected::NoStream, "first")).await.unwrap();
    assert_eq!(first.numbers(), [1, 2]);
    let wanted =
        Outcome::Repeated { positions: first.positions(), numbers: vec![1, 2], reply: b"first".to_vec() };
    for expected in [Expected::NoStream, Expected::Any, Expected::Version(Version(2))] {
        assert_eq!(store.commit(give(expected, "second")).await.unwrap(), wanted, "{expected:?}");
    }
    assert_eq!(store.outcome(command(1)).await.unwrap(), Some(wanted.clone()));
    assert_eq!(version_of(&*store, &stream("a")).await, Version(2));
    assert_eq!(store.take_numbers("c", 1).await.unwrap(), 3);
    store = ground.reopen(store).await;
    assert_eq!(store.commit(give(Expected::Any, "third")).await.unwrap(), wanted);
}

pub(super) async fn a_refused_command_may_be_given_again(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let give = |expected| append("a", expected, events(0..1)).command(command(1), b"done".to_vec());
    assert!(store.commit(give(Expected::Version(Version(5)))).await.is_err());
    assert_eq!(store.outcome(command(1)).await.unwrap(), None);
    assert!(!store.commit(give(Expected::NoStream)).await.unwrap().is_repeated());
    assert!(store.commit(give(Expected::NoStream)).await.unwrap().is_repeated());
}

pub(super) async fn one_command_given_at_once_by_many_takes_effect_once(ground: &dyn Ground) {
    let store = ground.fresh().await;
    for round in 0..10 {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    let batch = append("a", Expected::Any, events(round..round + 1))
                        .change(Change::NumberTake { counter: "c".into() });
                    store.commit(batch.command(command(round), Vec::new())).await.unwrap()
                })
            })
            .collect();
        let mut outcomes = Vec::new();
        for task in tasks {
            outcomes.push(task.await.unwrap());
        }
        assert_eq!(outcomes.iter().filter(|outcome| !outcome.is_repeated()).count(), 1);
        assert!(outcomes.windows(2).all(|pair| pair[0].positions() == pair[1].positions()));
        assert!(outcomes.iter().all(|outcome| outcome.numbers() == [round + 1]));
    }
    assert_eq!(store.read_all(Position::START, 99).await.unwrap().len(), 10);
}

pub(super) async fn a_forgotten_command_is_new(ground: &dyn Ground) {
    let store = ground.fresh().await;
    for number in 0..4 {
        let mut batch = append("a", Expected::Any, events(0..1)).command(command(number), Vec::new());
        batch.at = at(i64::try_from(number).unwrap() * 100);
        store.commit(batch).await.unwrap();
    }
    assert_eq!(store.forget_commands(at(200)).await.unwrap(), 2);
    assert_eq!(store.outcome(command(1)).await.unwrap(), None);
    assert!(store.outcome(command(2)).await.unwrap().is_some());
    let again = append("a", Expected::Any, events(0..1)).command(command(1), Vec::new());
    assert!(!store.commit(again).await.unwrap().is_repeated());
}

/// A cancelled commit may or may not take effect; repeating the command tells which, and never applies it
/// twice.
pub(super) async fn a_cancelled_caller_finds_out_by_repeating(ground: &dyn Ground) {
    let store = ground.fresh().await;
    for number in 0..20 {
        let batch =
            append("a", Expected::Any, events(number..number + 1)).command(command(number), Vec::new());
        let task = {
            let (store, batch) = (Arc::clone(&store), batch.clone());
            tokio::spawn(async move { store.commit(batch).await })
        };
        if number % 2 == 0 {
            tokio::task::yield_now().await;
        }
        task.abort();
        let _ = task.await;
        store.commit(batch).await.unwrap();
        assert_eq!(version_of(&*store, &stream("a")).await, Version(number + 1));
    }
}
