//! The store fails at every commit in turn, or stops after it: repeating the same command does the act once.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use casework::Case;
use catalogue::Channel;
use jiff::SignedDuration;
use office::{AccessKey, Attachment, By, CaseId, Fault, Office, OfficeError};
use store::{Fate, MemoryStore, Outcome, Position, StoreError, ViewQuery};
use support::{Zone, edition, examples, surroundings, views};
use uuid::Uuid;

/// A fault of the store, after which people press the button again.
fn is_fault(error: &OfficeError) -> bool {
    matches!(error, OfficeError::Fault(Fault::Store(StoreError::Fault { .. } | StoreError::Unanswered)))
}

/// Does something, and once more with the same arguments if the store failed.
macro_rules! again {
    ($do:expr) => {
        match $do.await {
            Err(error) if is_fault(&error) => $do.await.expect("the second try works"),
            done => done.expect("without a fault it works"),
        }
    };
}

/// Somebody applies for the first service, and everything is done to the end.
async fn play(zone: &Zone, key: &AccessKey) -> CaseId {
    let by = By::Guest(key);
    let thing = zone.services().remove(0);
    let open = again!(zone.start(&thing, Channel::Online, by));
    let answers = examples(&open, &open.draft.answers).unwrap();
    let mut open = again!(zone.office.save_answers(open.id, &answers, by));
    let paper = zone.paper(by).await.unwrap();
    for material in open.papers_missing().unwrap() {
        let paper = Attachment { material: Some(material), ..paper.clone() };
        open = again!(zone.office.attach(open.id, paper.clone(), by));
    }
    let command = zone.office.new_id();
    let id = again!(zone.office.submit(open.id, by, Some(command))).id;
    for _ in 0..100 {
        zone.pass(SignedDuration::from_mins(20));
        let tasks = zone.tasks(id).await;
        let Some(task) = tasks.iter().find(|task| task.held_by.is_none()) else { return id };
        let command = zone.office.new_id();
        let (act, doer) = (zone.act_for(task), zone.doer(task, by));
        again!(zone.office.act(id, act.clone(), doer, Some(command)));
    }
    panic!("a case never ends");
}

/// What a case came to, apart from numbers and instants.
fn outcome(case: &Case) -> Vec<(String, String, usize)> {
    let each = case.matters.iter();
    each.map(|matter| (matter.item.to_string(), matter.state.code().to_owned(), matter.results.len()))
        .collect()
}

async fn events(zone: &Zone, id: CaseId) -> Vec<String> {
    let all = zone.office.store().read_all(Position::START, 10_000).await.unwrap();
    let own = all.iter().filter(|event| event.stream.id() == id.to_string());
    own.map(|event| event.kind.to_string()).collect()
}

async fn cases(office: &Office) -> usize {
    office.store().view_rows(ViewQuery::new("cases").limit(100)).await.unwrap().rows.len()
}

#[tokio::test]
async fn every_commit_may_fail_once_and_is_repeated_once() {
    let sound = Zone::open(31).await;
    let id = play(&sound, &sound.guest()).await;
    let wanted = outcome(&sound.office.load_case(id).await.unwrap().case);
    let kinds = events(&sound, id).await;
    assert!(wanted.iter().all(|(_, state, _)| state == "completed"), "{wanted:?}");
    for fate in [Fate::Fails, Fate::AnswerLost] {
        for nth in 0.. {
            let zone = Zone::open(31).await;
            let key = zone.guest();
            let tried = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
            let seen = tried.clone();
            zone.store.set_fates(move |number| {
                seen.store(number + 1, std::sync::atomic::Ordering::Relaxed);
                if number == nth { fate } else { Fate::Sound }
            });
            let id = play(&zone, &key).await;
            if tried.load(std::sync::atomic::Ordering::Relaxed) <= nth {
                assert!(nth > 10, "only {nth} commits were tried");
                break;
            }
            let case = zone.office.load_case(id).await.unwrap().case;
            assert_eq!(outcome(&case), wanted, "{fate:?} at commit {nth}");
            assert_eq!(events(&zone, id).await, kinds, "{fate:?} at commit {nth}");
            assert_eq!(cases(&zone.office).await, 1, "{fate:?} at commit {nth}");
            assert!(zone.office.audit().await.unwrap().is_clean());
        }
    }
}

#[tokio::test]
async fn every_prefix_of_the_log_recovers_and_goes_on() {
    let store = MemoryStore::recording();
    let zone = Zone::on(store.clone(), edition(), 32).await;
    let key = zone.guest();
    let id = play(&zone, &key).await;
    let wanted = outcome(&zone.office.load_case(id).await.unwrap().case);
    let mut continued = 0;
    for commits in 1..=store.recorded() {
        let prefix = store.prefix(commits).unwrap();
        // The edition comes out of the store: the pack is not at hand after a crash.
        let office = Office::start(surroundings(&prefix, &zone.clock, 99), None).await.unwrap();
        let before = views(&office).await;
        office.rebuild(&mut |_| {}).await.unwrap();
        assert_eq!(views(&office).await, before, "rows and log agree after {commits} commits");
        assert!(office.audit().await.unwrap().is_clean());
        let recovered = Zone {
            office,
            store: prefix,
            clock: zone.clock.clone(),
            dice: support::Dice::new(1),
            officers: zone.officers.clone(),
        };
        match recovered.office.load_case(id).await {
            Ok(_) => {
                recovered.finish(id, By::Guest(&key)).await;
                let case = recovered.office.load_case(id).await.unwrap().case;
                assert_eq!(outcome(&case), wanted, "after {commits} commits");
                continued += 1;
            }
            Err(OfficeError::NotFound) => assert_eq!(cases(&recovered.office).await, 0),
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(continued > 5, "{continued}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_submit_gives_one_case() {
    for round in 0..10 {
        let zone = Zone::open(40 + round).await;
        let key = zone.guest();
        let thing = zone.services().remove(0);
        let open = zone.start(&thing, Channel::Online, By::Guest(&key)).await.unwrap();
        let open = zone.fill(open, false, By::Guest(&key)).await.unwrap();
        // One form sent twice, and the same draft sent from another page.
        let same = zone.office.new_id();
        let sends = [same, same, zone.office.new_id()].map(|command: Uuid| {
            let (office, key, id) = (zone.office.clone(), key.clone(), open.id);
            tokio::spawn(async move { office.submit(id, By::Guest(&key), Some(command)).await })
        });
        let mut numbers = Vec::new();
        for send in sends {
            let submitted = send.await.unwrap().unwrap();
            numbers.push((submitted.id, submitted.number));
        }
        assert_eq!(numbers[0], numbers[1]);
        assert_eq!(numbers[0], numbers[2]);
        assert_eq!(cases(&zone.office).await, 1);
    }
}

#[tokio::test]
async fn a_repeated_act_is_told_what_it_did_the_first_time() {
    let zone = Zone::open(33).await;
    let key = zone.guest();
    let submitted = zone.apply(&zone.services()[0], false, By::Guest(&key)).await.unwrap();
    let task = zone.tasks(submitted.id).await.remove(0);
    let (act, by, command) = (zone.act_for(&task), zone.doer(&task, By::Guest(&key)), zone.office.new_id());
    let first = zone.office.act(submitted.id, act.clone(), by, Some(command)).await.unwrap();
    assert!(!first.events.is_empty());
    let head = zone.office.store().head().await.unwrap();
    let second = zone.office.act(submitted.id, act.clone(), by, Some(command)).await.unwrap();
    assert_eq!(second.case.number, first.case.number);
    assert_eq!(zone.office.store().head().await.unwrap(), head, "nothing is written twice");
    let known = zone.office.store().outcome(store::CommandId(command)).await.unwrap();
    assert!(known.as_ref().is_some_and(Outcome::is_repeated));
    // What stays with the reply for ever lets nobody try what was written in the act.
    let Some(Outcome::Repeated { reply, .. }) = known else { unreachable!() };
    let plain = format!("{}\n{}\n{act:?}", by.actor_id(), submitted.id);
    assert!(reply.len() > 16 && !store::Digest::of(plain.as_bytes()).0.starts_with(&reply[16..]));
    // The same act as a new command is a new act, and the engine says no.
    assert!(zone.office.act(submitted.id, act, by, Some(zone.office.new_id())).await.is_err());
}
