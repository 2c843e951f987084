//! Personal data, files, values, numbers, jobs.

use std::sync::Arc;

use uuid::Uuid;

use super::views::{figures, task, tasks};
use super::{Ground, append, at, events, id};
use crate::{
    Batch, Change, CommandId, Conflict, Digest, Expected, JobState, Position, Store, StoreError, VaultEntry,
    ViewChange, audit, vault_digest,
};

async fn commit(store: &dyn Store, changes: Vec<Change>) -> Result<(), StoreError> {
    store.commit(Batch { changes, ..Batch::new(at(0)) }).await.map(|_| ())
}

fn put(key: &str, subject: &str, text: &str) -> Change {
    Change::VaultPut { key: key.into(), subject: subject.into(), salt: [7; 16], bytes: text.into() }
}

pub(super) async fn erased_personal_data_is_gone_and_chains_hold(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let batch = append("a", Expected::Any, events(0..2)).change(put("k1", "person/1", "王小明"));
    store.commit(batch).await.unwrap();
    let kept = store.vault_get("k1").await.unwrap().unwrap();
    let VaultEntry::Kept { subject, bytes, digest, salt } = &kept else { panic!("{kept:?}") };
    assert_eq!((subject.as_str(), bytes.as_slice()), ("person/1", "王小明".as_bytes()));
    assert_eq!(*digest, vault_digest(salt, bytes));
    assert!(!format!("{kept:?}").contains("王小明"), "personal data must not reach logs");
    commit(&*store, vec![put("k1", "person/1", "王大明")]).await.unwrap();
    commit(&*store, vec![Change::VaultErase { key: "k1".into() }, Change::VaultErase { key: "none".into() }])
        .await
        .unwrap();
    assert_eq!(store.vault_get("k1").await.unwrap(), Some(VaultEntry::Erased));
    assert_eq!(store.vault_get("none").await.unwrap(), None);
    assert_eq!(store.vault_keys("person/1").await.unwrap(), [""; 0]);
    assert_eq!(store.vault_walk("", 9).await.unwrap(), [""; 0]);
    assert_eq!(audit(&*store, None).await.unwrap().findings, []);
}

pub(super) async fn a_subject_is_erased_whole(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let changes = vec![put("a", "p/1", "1"), put("b", "p/2", "2"), put("c", "p/1", "3"), put("d", "p/1", "")];
    commit(&*store, changes).await.unwrap();
    assert_eq!(store.vault_keys("p/1").await.unwrap(), ["a", "c", "d"]);
    assert_eq!(store.vault_walk("a", 2).await.unwrap(), ["b", "c"]);
    commit(&*store, vec![Change::VaultEraseSubject { subject: "p/1".into() }]).await.unwrap();
    assert_eq!(store.vault_walk("", 9).await.unwrap(), ["b"]);
    assert_eq!(store.vault_get("d").await.unwrap(), Some(VaultEntry::Erased));
}

async fn store_file(store: &dyn Store, bytes: &[u8], limit: u64) -> Result<crate::BlobRef, StoreError> {
    let mut sink = store.blob_create(limit, at(0)).await?;
    for chunk in bytes.chunks(50_000) {
        sink.write(chunk).await?;
    }
    sink.finish().await
}

async fn read_file(store: &dyn Store, digest: Digest) -> Option<Vec<u8>> {
    let mut source = store.blob_open(digest).await.unwrap()?;
    let mut bytes = Vec::new();
    while let Some(piece) = source.next().await.unwrap() {
        assert!(!piece.is_empty());
        bytes.extend(piece);
    }
    assert_eq!(source.bytes(), bytes.len() as u64);
    Some(bytes)
}

pub(super) async fn files_are_stored_by_content(ground: &dyn Ground) {
    let mut store = ground.fresh().await;
    let long: Vec<u8> = (0..1_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for bytes in [&long[..], b"", b"short"] {
        let stored = store_file(&*store, bytes, 1_000_000).await.unwrap();
        assert_eq!((stored.digest, stored.bytes), (Digest::of(bytes), bytes.len() as u64));
        assert_eq!(store_file(&*store, bytes, 1_000_000).await.unwrap(), stored);
        assert_eq!(read_file(&*store, stored.digest).await.as_deref(), Some(bytes));
    }
    assert_eq!(read_file(&*store, Digest::ZERO).await, None);
    let link = |owner: &str| Change::BlobLink { digest: Digest::of(&long), owner: owner.into() };
    commit(&*store, vec![link("case/1"), link("case/2"), link("case/1")]).await.unwrap();
    store = ground.reopen(store).await;
    assert_eq!(store.blob_owners(Digest::of(&long)).await.unwrap(), ["case/1", "case/2"]);
    assert_eq!(read_file(&*store, Digest::of(&long)).await, Some(long));
    let missing = Change::BlobLink { digest: Digest::ZERO, owner: "case/1".into() };
    let refused = store.commit(append("a", Expected::Any, events(0..1)).change(missing)).await.unwrap_err();
    assert_eq!(refused.conflict(), Some(&Conflict::NoBlob { digest: Digest::ZERO }));
    assert_eq!(store.head().await.unwrap(), Position::START);
    assert_eq!(audit(&*store, None).await.unwrap().findings, []);
}

pub(super) async fn files_over_the_limit_leave_nothing(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let refused = store_file(&*store, &[1; 100_001], 100_000).await;
    assert!(matches!(refused, Err(StoreError::TooLarge { limit: 100_000 })), "{refused:?}");
    assert_eq!(read_file(&*store, Digest::of(&[1; 100_001])).await, None);
    assert!(store_file(&*store, &[1; 100_000], 100_000).await.is_ok());
    // A file that is dropped half way is not there either.
    let mut sink = store.blob_create(10, at(0)).await.unwrap();
    sink.write(b"half").await.unwrap();
    drop(sink);
    assert_eq!(read_file(&*store, Digest::of(b"half")).await, None);
}

pub(super) async fn unowned_files_are_swept(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let owned = store_file(&*store, b"owned", 10).await.unwrap().digest;
    let loose = store_file(&*store, b"loose", 10).await.unwrap().digest;
    let owner = String::from("case/1");
    commit(&*store, vec![Change::BlobLink { digest: owned, owner: owner.clone() }]).await.unwrap();
    assert_eq!(store.blob_sweep(at(0)).await.unwrap(), 0, "young files are kept");
    assert_eq!(store.blob_sweep(at(1)).await.unwrap(), 1);
    assert_eq!(read_file(&*store, loose).await, None);
    assert_eq!(read_file(&*store, owned).await.as_deref(), Some(&b"owned"[..]));
    commit(&*store, vec![Change::BlobUnlink { digest: owned, owner }]).await.unwrap();
    assert_eq!(store.blob_sweep(at(1)).await.unwrap(), 1);
    assert_eq!(read_file(&*store, owned).await, None);
    store_file(&*store, b"owned", 10).await.unwrap();
    assert_eq!(read_file(&*store, owned).await.as_deref(), Some(&b"owned"[..]));
}

pub(super) async fn editions_are_kept_once(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let edition = |hash: &str, text: &str| Change::EditionPut { hash: hash.into(), bytes: text.into() };
    commit(&*store, vec![edition("z", "first"), edition("a", "second")]).await.unwrap();
    commit(&*store, vec![edition("z", "again")]).await.unwrap();
    assert_eq!(store.edition("z").await.unwrap().as_deref(), Some(&b"first"[..]));
    assert_eq!(store.edition("none").await.unwrap(), None);
    assert_eq!(store.editions().await.unwrap(), ["z", "a"]);
}

fn kv(key: &str, text: &str, expires: Option<i64>) -> Change {
    Change::KvPut { space: "s".into(), key: key.into(), bytes: text.into(), expires_at: expires.map(at) }
}

pub(super) async fn values_expire(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let changes = vec![kv("a/1", "one", None), kv("a/2", "two", Some(10)), kv("b/1", "three", Some(20))];
    commit(&*store, changes).await.unwrap();
    let other = Change::KvPut { space: "t".into(), key: "a/1".into(), bytes: vec![9], expires_at: None };
    commit(&*store, vec![other]).await.unwrap();
    let get = async |key: &str, now| store.kv_get("s", key, at(now)).await.unwrap();
    assert_eq!(get("a/2", 9).await.as_deref(), Some(&b"two"[..]));
    assert_eq!(get("a/2", 10).await, None);
    assert_eq!(get("none", 0).await, None);
    let list = async |prefix: &str, now| {
        let list = store.kv_list("s", prefix, at(now)).await.unwrap();
        list.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert_eq!(list("a/", 0).await, ["a/1", "a/2"]);
    assert_eq!(list("a/", 10).await, ["a/1"]);
    assert_eq!(list("", 0).await, ["a/1", "a/2", "b/1"]);
    assert_eq!(store.kv_sweep(at(10)).await.unwrap(), 1);
    commit(
        &*store,
        vec![kv("b/1", "longer", None), Change::KvRemove { space: "s".into(), key: "a/1".into() }],
    )
    .await
    .unwrap();
    assert_eq!(store.kv_sweep(at(1000)).await.unwrap(), 0);
    assert_eq!(list("", 1000).await, ["b/1"]);
    assert_eq!(get("b/1", 1000).await.as_deref(), Some(&b"longer"[..]));
    assert!(store.kv_get("t", "a/1", at(0)).await.unwrap().is_some());
}

pub(super) async fn a_key_is_claimed_once(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let claim = |now: i64, expires: Option<i64>| {
        let (space, key) = (String::from("s"), String::from("k"));
        let claim = Change::KvClaim { space, key, bytes: vec![1], expires_at: expires.map(at) };
        Batch::new(at(now)).change(claim)
    };
    store.commit(claim(0, Some(10))).await.unwrap();
    let refused = store.commit(claim(5, None)).await.unwrap_err();
    assert_eq!(refused.conflict(), Some(&Conflict::Taken { space: "s".into(), key: "k".into() }));
    store.commit(claim(10, None)).await.unwrap();
    let removed = Change::KvRemove { space: "s".into(), key: "k".into() };
    let again = Batch { changes: [vec![removed], claim(11, None).changes].concat(), ..Batch::new(at(11)) };
    store.commit(again).await.unwrap();
    let twice =
        Batch { changes: [claim(0, None).changes, claim(0, None).changes].concat(), ..Batch::new(at(0)) };
    assert!(store.commit(twice).await.is_err());
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let store = Arc::clone(&store);
            let claim =
                Change::KvClaim { space: "s".into(), key: "x".into(), bytes: vec![], expires_at: None };
            tokio::spawn(async move { commit(&*store, vec![claim]).await.is_ok() })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        won += u32::from(task.await.unwrap());
    }
    assert_eq!(won, 1);
}

pub(super) async fn numbers_are_never_given_twice(ground: &dyn Ground) {
    let mut store = ground.fresh().await;
    assert_eq!(store.take_numbers("a", 1).await.unwrap(), 1);
    assert_eq!(store.take_numbers("a", 10).await.unwrap(), 2);
    assert_eq!(store.take_numbers("b", 1).await.unwrap(), 1);
    let take = Change::NumberTake { counter: "a".into() };
    let outcome = store.commit(Batch::new(at(0)).change(take.clone()).change(take.clone())).await.unwrap();
    assert_eq!(outcome.numbers(), [12, 13]);
    store = ground.reopen(store).await;
    let tasks: Vec<_> = (0..40)
        .map(|task| {
            let (store, take) = (Arc::clone(&store), take.clone());
            tokio::spawn(async move {
                if task % 2 == 0 {
                    vec![store.take_numbers("a", 1).await.unwrap()]
                } else {
                    store.commit(Batch::new(at(0)).change(take)).await.unwrap().numbers().to_vec()
                }
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.extend(task.await.unwrap());
    }
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 40);
    assert!(numbers[0] > 13);
}

fn job(number: u64, due: i64) -> Change {
    Change::JobPut { id: id(number), queue: "mail".into(), due_at: at(due), body: vec![number as u8] }
}

async fn lease(store: &dyn Store, now: i64, limit: usize) -> Vec<(Uuid, u32)> {
    let jobs = store.lease_jobs("mail", at(now), at(now + 10), limit).await.unwrap();
    jobs.into_iter().map(|job| (job.id, job.attempt)).collect()
}

pub(super) async fn jobs_are_leased_retried_and_done(ground: &dyn Ground) {
    let store = ground.fresh().await;
    assert_eq!(store.next_job_due("mail").await.unwrap(), None);
    commit(&*store, vec![job(1, 5), job(2, 3), job(3, 100), job(1, 0)]).await.unwrap();
    assert_eq!(store.next_job_due("mail").await.unwrap(), Some(at(3)));
    assert_eq!(lease(&*store, 2, 9).await, []);
    assert_eq!(lease(&*store, 5, 9).await, [(id(2), 1), (id(1), 1)]);
    assert_eq!(lease(&*store, 14, 9).await, []);
    assert_eq!(store.next_job_due("mail").await.unwrap(), Some(at(15)));
    let retry =
        |attempt, due| Change::JobRetry { id: id(2), attempt, due_at: at(due), problem: "busy".into() };
    commit(&*store, vec![Change::JobDone { id: id(1), attempt: 1 }, retry(1, 16)]).await.unwrap();
    assert_eq!(store.job_state(id(1)).await.unwrap(), Some(JobState::Done));
    commit(&*store, vec![job(1, 0)]).await.unwrap();
    let again = store.lease_jobs("mail", at(16), at(26), 9).await.unwrap();
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].id, again[0].attempt, again[0].problem.as_deref()), (id(2), 2, Some("busy")));
    assert_eq!((again[0].due_at, again[0].body.as_slice()), (at(16), &[2_u8][..]));
    commit(&*store, vec![Change::JobGiveUp { id: id(2), attempt: 2, problem: "gone".into() }]).await.unwrap();
    let given_up = store.jobs_given_up("mail", 9).await.unwrap();
    assert_eq!((given_up.len(), given_up[0].problem.as_deref()), (1, Some("gone")));
    assert_eq!(store.job_state(id(2)).await.unwrap(), Some(JobState::GivenUp));
    assert_eq!(store.job_state(id(9)).await.unwrap(), None);
    assert_eq!(store.lease_jobs("other", at(999), at(1000), 9).await.unwrap(), []);
    assert_eq!(lease(&*store, 100, 9).await, [(id(3), 1)]);
    assert_eq!(store.forget_commands(at(1)).await.unwrap(), 1, "only done jobs are forgotten");
    assert_eq!(store.job_state(id(1)).await.unwrap(), None);
}

pub(super) async fn a_lost_lease_cannot_finish_a_job(ground: &dyn Ground) {
    let store = ground.fresh().await;
    commit(&*store, vec![job(1, 0)]).await.unwrap();
    let done =
        |attempt| append("a", Expected::Any, events(0..1)).change(Change::JobDone { id: id(1), attempt });
    let lost = Conflict::Lease { id: id(1) };
    assert_eq!(store.commit(done(0)).await.unwrap_err().conflict(), Some(&lost), "it is not leased");
    assert_eq!(lease(&*store, 0, 9).await, [(id(1), 1)]);
    assert_eq!(lease(&*store, 10, 9).await, [(id(1), 2)], "the first lease has run out");
    assert_eq!(store.commit(done(1)).await.unwrap_err().conflict(), Some(&lost));
    let twice = done(2).change(Change::JobDone { id: id(1), attempt: 2 });
    assert_eq!(store.commit(twice).await.unwrap_err().conflict(), Some(&lost));
    assert_eq!(store.head().await.unwrap(), Position::START);
    store.commit(done(2)).await.unwrap();
    assert_eq!(store.commit(done(2)).await.unwrap_err().conflict(), Some(&lost));
}

pub(super) async fn everything_of_a_batch_is_committed_together(ground: &dyn Ground) {
    let store = ground.fresh().await;
    store.declare_views(vec![tasks(), figures()]).await.unwrap();
    let digest = store_file(&*store, b"file", 10).await.unwrap().digest;
    let row = task(1, "accept", "甲部", "open", 1);
    let batch = |expected| {
        append("a", expected, events(0..1))
            .views([ViewChange::Upsert { table: "tasks".into(), row: row.clone() }])
            .change(put("k", "p", "text"))
            .change(Change::BlobLink { digest, owner: "case/a".into() })
            .change(Change::EditionPut { hash: "e".into(), bytes: vec![1] })
            .change(kv("k", "v", None))
            .change(Change::NumberTake { counter: "c".into() })
            .change(job(1, 0))
            .command(CommandId(id(1)), b"reply".to_vec())
    };
    let state = async || {
        (
            store.head().await.unwrap() > Position::START,
            store.view_row("tasks", &["C00001".into(), "accept".into()]).await.unwrap().is_some(),
            store.vault_get("k").await.unwrap().is_some(),
            !store.blob_owners(digest).await.unwrap().is_empty(),
            store.edition("e").await.unwrap().is_some(),
            store.kv_get("s", "k", at(0)).await.unwrap().is_some(),
            store.job_state(id(1)).await.unwrap().is_some(),
            store.outcome(CommandId(id(1))).await.unwrap().is_some(),
        )
    };
    let nothing = (false, false, false, false, false, false, false, false);
    store.commit(batch(Expected::Version(crate::Version(3)))).await.unwrap_err();
    assert_eq!(state().await, nothing);
    let last_fails = batch(Expected::NoStream).change(Change::JobDone { id: id(9), attempt: 1 });
    store.commit(last_fails).await.unwrap_err();
    assert_eq!(state().await, nothing);
    let outcome = store.commit(batch(Expected::NoStream)).await.unwrap();
    assert_eq!(outcome.numbers(), [1], "a refused batch took no number");
    assert_eq!(state().await, (true, true, true, true, true, true, true, true));
}
