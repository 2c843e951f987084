//! The journal: appending, reading, ordering, concurrency.

use std::sync::Arc;

use super::{Ground, append, at, event, events, stream, version_of};
use crate::{Batch, Conflict, Digest, Envelope, Expected, Outcome, Position, StoreError, StreamId, Version};

pub(super) async fn what_was_appended_is_read_back(ground: &dyn Ground) {
    let store = ground.fresh().await;
    assert_eq!(store.head().await.unwrap(), Position::START);
    assert_eq!(store.read_stream(&stream("a"), Version::NONE, 9).await.unwrap(), []);
    assert_eq!(store.stream_head(&stream("a")).await.unwrap(), None);
    let wanted = events(1..4);
    let outcome = store.commit(append("a", Expected::NoStream, wanted.clone())).await.unwrap();
    let range = outcome.positions().unwrap();
    assert!(!outcome.is_repeated() && range.first < range.last);
    let read = store.read_stream(&stream("a"), Version::NONE, 9).await.unwrap();
    assert_eq!(read.len(), 3);
    let mut previous = Digest::ZERO;
    for ((read, wanted), version) in read.iter().zip(wanted).zip(1..) {
        let position = read.position;
        assert!(range.first <= position && position <= range.last);
        let hash = wanted.seal(&stream("a"), Version(version), previous);
        assert_eq!(*read, wanted.into_envelope(stream("a"), Version(version), position, hash));
        assert_eq!(read.expected_hash(previous), read.hash);
        previous = read.hash;
    }
    let head = store.stream_head(&stream("a")).await.unwrap().unwrap();
    assert_eq!((head.version, head.hash, head.first), (Version(3), previous, range.first));
    assert_eq!(store.head().await.unwrap(), range.last);
}

fn refused_at(result: Result<Outcome, StoreError>) -> Version {
    match result {
        Err(StoreError::Conflict(Conflict::Version { actual, .. })) => actual,
        other => panic!("a version conflict was due, not {other:?}"),
    }
}

pub(super) async fn an_unexpected_version_is_refused_and_told(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let at_two = Expected::Version(Version(2));
    assert_eq!(refused_at(store.commit(append("a", at_two, events(0..1))).await), Version::NONE);
    store.commit(append("a", Expected::Any, events(0..2))).await.unwrap();
    assert_eq!(refused_at(store.commit(append("a", Expected::NoStream, events(2..3))).await), Version(2));
    let at_one = Expected::Version(Version(1));
    assert_eq!(refused_at(store.commit(append("a", at_one, events(2..3))).await), Version(2));
    let at_nine = Expected::Version(Version(9));
    assert_eq!(refused_at(store.commit(append("a", at_nine, events(2..3))).await), Version(2));
    store.commit(append("a", at_two, events(2..3))).await.unwrap();
    store.commit(append("a", Expected::Any, events(3..4))).await.unwrap();
    assert_eq!(version_of(&*store, &stream("a")).await, Version(4));
    assert_eq!(store.read_all(Position::START, 99).await.unwrap().len(), 4);
}

pub(super) async fn a_batch_over_several_streams_is_atomic(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let both = |expected| {
        Batch::new(at(0)).append(stream("a"), Expected::Any, events(0..2)).append(
            stream("b"),
            expected,
            events(2..4),
        )
    };
    store.commit(both(Expected::NoStream)).await.unwrap();
    let head = store.head().await.unwrap();
    assert_eq!(refused_at(store.commit(both(Expected::NoStream)).await), Version(2));
    assert_eq!(store.head().await.unwrap(), head);
    assert_eq!(version_of(&*store, &stream("a")).await, Version(2));
    assert_eq!(store.read_stream(&stream("a"), Version::NONE, 9).await.unwrap().len(), 2);
    store.commit(both(Expected::Version(Version(2)))).await.unwrap();
    assert_eq!(version_of(&*store, &stream("a")).await, Version(4));
    assert_eq!(version_of(&*store, &stream("b")).await, Version(4));
}

pub(super) async fn one_batch_may_append_twice_to_a_stream(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let twice = |second| {
        Batch::new(at(0))
            .append(stream("a"), Expected::NoStream, events(0..2))
            .append(stream("b"), Expected::NoStream, events(2..3))
            .append(stream("a"), second, events(3..5))
    };
    assert_eq!(refused_at(store.commit(twice(Expected::NoStream)).await), Version(2));
    assert_eq!(store.head().await.unwrap(), Position::START);
    store.commit(twice(Expected::Version(Version(2)))).await.unwrap();
    let read = store.read_stream(&stream("a"), Version::NONE, 9).await.unwrap();
    assert_eq!(read.iter().map(|event| event.version.0).collect::<Vec<_>>(), [1, 2, 3, 4]);
    check_chain(&read, Version::NONE, Digest::ZERO);
}

pub(super) async fn an_empty_append_checks_the_version(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let outcome = store.commit(append("a", Expected::NoStream, Vec::new())).await.unwrap();
    assert_eq!(outcome.positions(), None);
    assert_eq!(store.stream_head(&stream("a")).await.unwrap(), None);
    let at_one = Expected::Version(Version(1));
    assert_eq!(refused_at(store.commit(append("a", at_one, Vec::new())).await), Version::NONE);
}

fn check_chain(events: &[Envelope], after: Version, mut previous: Digest) {
    let mut version = after;
    for event in events {
        version = version.next();
        assert_eq!(event.version, version);
        assert_eq!(event.expected_hash(previous), event.hash, "{event:?}");
        previous = event.hash;
    }
}

pub(super) async fn every_part_of_a_long_stream_can_be_read(ground: &dyn Ground) {
    let store = ground.fresh().await;
    const LENGTH: u64 = 300;
    for start in (0..LENGTH).step_by(7) {
        let end = (start + 7).min(LENGTH);
        let batch = append("long", Expected::Version(Version(start)), events(start..end));
        store.commit(batch.append(stream("other"), Expected::Any, events(0..1))).await.unwrap();
    }
    let long = stream("long");
    let all = store.read_stream(&long, Version::NONE, 1000).await.unwrap();
    check_chain(&all, Version::NONE, Digest::ZERO);
    assert_eq!(all.len() as u64, LENGTH);
    for after in [0, 1, 62, 63, 64, 65, 127, 128, 200, 255, 256, 298, 299, 300, 301, u64::MAX] {
        for limit in [0, 1, 2, 63, 64, 65, 100, 300, usize::MAX] {
            let part = store.read_stream(&long, Version(after), limit).await.unwrap();
            let wanted: Vec<_> =
                all.iter().filter(|event| event.version.0 > after).take(limit).cloned().collect();
            assert_eq!(part, wanted, "after {after}, limit {limit}");
        }
    }
}

pub(super) async fn the_whole_journal_is_read_in_order(ground: &dyn Ground) {
    let store = ground.fresh().await;
    for number in 0..50 {
        store
            .commit(append(&format!("{}", number % 7), Expected::Any, events(number..number + 2)))
            .await
            .unwrap();
    }
    let all = store.read_all(Position::START, 1000).await.unwrap();
    assert_eq!(all.len(), 100);
    assert!(all.windows(2).all(|pair| pair[0].position < pair[1].position));
    let mut paged = Vec::new();
    let mut reached = Position::START;
    loop {
        let page = store.read_all(reached, 9).await.unwrap();
        assert!(page.len() <= 9);
        let Some(last) = page.last() else { break };
        reached = last.position;
        paged.extend(page);
    }
    assert_eq!(paged, all);
    let heads = store.stream_heads(Position::START, 100).await.unwrap();
    assert_eq!(heads.len(), 7);
    assert!(heads.windows(2).all(|pair| pair[0].first < pair[1].first));
    let mut walked = Vec::new();
    let mut reached = Position::START;
    while let Some(head) = store.stream_heads(reached, 1).await.unwrap().pop() {
        reached = head.first;
        walked.push(head);
    }
    assert_eq!(walked, heads);
    for head in heads {
        assert_eq!(store.stream_head(&head.stream).await.unwrap(), Some(head));
    }
}

pub(super) async fn subscribers_are_told_how_far(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let mut told = store.subscribe();
    assert_eq!(*told.borrow_and_update(), Position::START);
    let range = store.commit(append("a", Expected::Any, events(0..3))).await.unwrap().positions().unwrap();
    let wait = async {
        while *told.borrow_and_update() < range.last {
            told.changed().await.expect("the store lives");
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), wait).await.expect("subscribers are told");
    assert!(store.head().await.unwrap() >= range.last);
}

pub(super) async fn writers_of_one_stream_take_turns(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let (writers, each) = (8, 12);
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for turn in 0..each {
                    loop {
                        let version = version_of(&*store, &stream("a")).await;
                        let one = vec![event(writer * 1000 + turn)];
                        match store.commit(append("a", Expected::Version(version), one)).await {
                            Ok(_) => break,
                            Err(StoreError::Conflict(Conflict::Version { actual, .. })) => {
                                assert!(actual > version)
                            }
                            Err(other) => panic!("{other}"),
                        }
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let read = store.read_stream(&stream("a"), Version::NONE, 1000).await.unwrap();
    check_chain(&read, Version::NONE, Digest::ZERO);
    let mut ids: Vec<_> = read.iter().map(|event| event.id).collect();
    ids.sort();
    let mut wanted: Vec<_> =
        (0..writers).flat_map(|w| (0..each).map(move |t| super::id(w * 1000 + t))).collect();
    wanted.sort();
    assert_eq!(ids, wanted);
}

pub(super) async fn writers_of_many_streams_lose_nothing(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let tasks: Vec<_> = (0..32_u64)
        .map(|writer| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for turn in 0..20 {
                    let expected = Expected::Version(Version(turn * 2));
                    let batch = append(&writer.to_string(), expected, events(turn..turn + 2));
                    let range = store.commit(batch).await.unwrap().positions().unwrap();
                    // An acknowledged write is visible at once.
                    let tail = store.read_stream(&stream(writer), Version(turn * 2), 9).await.unwrap();
                    assert_eq!(tail.len(), 2);
                    assert_eq!((tail[0].position, tail[1].position), (range.first, range.last));
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(store.read_all(Position::START, 10_000).await.unwrap().len(), 32 * 20 * 2);
    for writer in 0..32 {
        let read = store.read_stream(&stream(writer), Version::NONE, 100).await.unwrap();
        check_chain(&read, Version::NONE, Digest::ZERO);
        assert_eq!(read.len(), 40);
    }
}

pub(super) async fn readers_never_see_half_a_batch(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let writer = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for number in 0..100 {
                let mut batch = Batch::new(at(0));
                for name in ["a", "b", "c"] {
                    batch = batch.append(stream(name), Expected::Any, events(number..number + 1));
                }
                store.commit(batch).await.unwrap();
            }
        })
    };
    let mut seen = Position::START;
    let mut count = 0;
    while count < 300 {
        let part = store.read_all(seen, 1000).await.unwrap();
        assert_eq!(part.len() % 3, 0, "a batch of three was seen in part");
        count += part.len();
        seen = part.last().map_or(seen, |event| event.position);
        tokio::task::yield_now().await;
    }
    writer.await.unwrap();
}

pub(super) async fn everything_is_there_after_opening_again(ground: &dyn Ground) {
    let store = ground.fresh().await;
    for number in 0..70 {
        store.commit(append("a", Expected::Any, events(number..number + 1))).await.unwrap();
    }
    let before = store.read_all(Position::START, 1000).await.unwrap();
    let store = ground.reopen(store).await;
    assert_eq!(store.read_all(Position::START, 1000).await.unwrap(), before);
    assert_eq!(*store.subscribe().borrow(), before[69].position);
    let outcome = store.commit(append("a", Expected::Version(Version(70)), events(70..71))).await.unwrap();
    assert!(outcome.positions().unwrap().first > before[69].position);
    check_chain(
        &store.read_stream(&stream("a"), Version::NONE, 99).await.unwrap(),
        Version::NONE,
        Digest::ZERO,
    );
}

pub(super) async fn names_and_texts_may_be_of_any_script(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let name = StreamId::new("办件/甲-'\";--%_\\\u{1F600}").unwrap();
    let mut odd = event(1);
    odd.actor = "操作员/'); drop table events; --".into();
    odd.body = "{\"文\":\"‘’“”\\u0000\u{10FFFF}\"}".as_bytes().to_vec();
    let mut empty = event(2);
    (empty.body, empty.actor) = (Vec::new(), String::new());
    store.commit(Batch::new(at(0)).append(name.clone(), Expected::NoStream, vec![odd, empty])).await.unwrap();
    let read = store.read_stream(&name, Version::NONE, 9).await.unwrap();
    check_chain(&read, Version::NONE, Digest::ZERO);
    assert_eq!(read[0].actor, "操作员/'); drop table events; --");
    assert_eq!(read[1].body, b"");
    assert_eq!(store.read_all(Position::START, 9).await.unwrap(), read);
}
