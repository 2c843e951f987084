//! Moving a whole store into another one.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Ground, append, at, events, id, stream};
use crate::{
    Batch, Belonging, BelongingKind, Change, Checkpoint, CheckpointSigner, CommandId, Expected, JobState,
    MemoryStore, Position, Store, VaultEntry, Version, audit, move_into, take_checkpoint,
};

/// 180 that are appended; of the store's own, two that take rows over at the first checkpoint, one that says what was erased and
/// two that say which editions were kept.
const EVENTS: u64 = 180 + 2 + 1 + 2;

struct Seal;

impl CheckpointSigner for Seal {
    fn key_id(&self) -> String {
        "seal".into()
    }
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        Ok(crate::Digest::of(message).0.to_vec())
    }
}

fn kv(key: u64, expires_at: Option<Timestamp>) -> Change {
    Change::KvPut { space: format!("s{}", key % 2), key: format!("k{key}"), bytes: vec![1], expires_at }
}

/// Fills a store with every kind of data in every state.
async fn filled(store: &dyn Store) {
    for number in 0..60 {
        let mut batch = append(&format!("{}", number % 7), Expected::Any, events(number..number + 2))
            .append(stream("all"), Expected::Any, events(number..number + 1))
            .change(Change::NumberTake { counter: format!("c{}", number % 3) })
            .change(kv(number, (number % 5 == 0).then(|| at(10))))
            .change(Change::VaultPut {
                key: format!("v{number}"),
                subject: format!("p{}", number % 4),
                salt: [number as u8; 16],
                bytes: vec![number as u8; 10],
            })
            .change(Change::JobPut { id: id(number), queue: "q".into(), due_at: at(0), body: vec![3] });
        batch.at = at(i64::try_from(number).unwrap_or(0));
        store.commit(batch.command(CommandId(id(number)), vec![number as u8])).await.unwrap();
        if number == 30 {
            take_checkpoint(store, &Seal, at(30)).await.unwrap();
        }
    }
    take_checkpoint(store, &Seal, at(60)).await.unwrap();
    store
        .commit(Batch::new(at(61)).change(Change::VaultEraseSubject { subject: "p1".into() }))
        .await
        .unwrap();
    let leased = store.lease_jobs("q", at(70), at(80), 9).await.unwrap();
    let ends = Batch::new(at(71))
        .change(Change::JobDone { id: leased[0].id, attempt: 1 })
        .change(Change::JobGiveUp { id: leased[1].id, attempt: 1, problem: "gone".into() })
        .change(Change::JobRetry { id: leased[2].id, attempt: 1, due_at: at(90), problem: "busy".into() });
    store.commit(ends).await.unwrap();
    for (hash, bytes) in [("z", vec![1]), ("a", vec![2])] {
        store
            .commit(Batch::new(at(0)).change(Change::EditionPut { hash: hash.into(), bytes }))
            .await
            .unwrap();
    }
    for (length, owners) in [(600_000, 2), (3, 1), (0, 0)] {
        let mut sink = store.blob_create(1 << 20, at(length)).await.unwrap();
        sink.write(&vec![9; usize::try_from(length).unwrap_or(0)]).await.unwrap();
        let digest = sink.finish().await.unwrap().digest;
        for owner in 0..owners {
            let link = Change::BlobLink { digest, owner: format!("case/{owner}") };
            store.commit(Batch::new(at(0)).change(link)).await.unwrap();
        }
    }
}

/// Everything that must be equal after a move.
async fn all_of(store: &dyn Store) -> (Vec<crate::Envelope>, Vec<Belonging>, Vec<String>, Vec<Checkpoint>) {
    let mut belongings = Vec::new();
    for kind in BelongingKind::ALL {
        let mut last: Option<Belonging> = None;
        loop {
            let some = store.belongings(kind, last.as_ref(), 7).await.unwrap();
            belongings.extend(some.iter().cloned());
            match some.last() {
                Some(end) => last = Some(end.clone()),
                None => break,
            }
        }
    }
    let events = store.read_all(Position::START, 10_000).await.unwrap();
    (events, belongings, store.editions().await.unwrap(), store.checkpoints().await.unwrap())
}

async fn moved(from: &dyn Store, to: &dyn Store) {
    let mut told = Vec::new();
    let report = move_into(from, to, at(100), &mut |position| told.push(position)).await.unwrap();
    assert_eq!((report.events, report.files, report.editions, report.checkpoints), (EVENTS, 3, 2, 2));
    assert_eq!(told.last(), Some(&from.head().await.unwrap()));
    let (here, there) = (all_of(from).await, all_of(to).await);
    assert_eq!(here.0, there.0, "events with hashes and positions");
    assert_eq!(here.1, there.1);
    assert_eq!((here.2, here.3), (there.2, there.3));
    assert_eq!(audit(to, None).await.unwrap().findings, []);
}

pub(super) async fn everything_moves_to_another_store_and_back_as_it_was(ground: &dyn Ground) {
    let store = ground.fresh().await;
    filled(&*store).await;
    let model = MemoryStore::new();
    filled(&model).await;
    assert_eq!(all_of(&*store).await.1, all_of(&model).await.1, "the model holds the same");
    let elsewhere = MemoryStore::new();
    moved(&*store, &elsewhere).await;
    let back: Arc<dyn Store> = ground.fresh().await;
    moved(&elsewhere, &*back).await;
    // The moved store continues where the first one was.
    assert!(back.outcome(CommandId(id(5))).await.unwrap().is_some());
    assert_eq!(back.vault_get("v1").await.unwrap(), Some(VaultEntry::Erased));
    assert_eq!(back.take_numbers("c0", 1).await.unwrap(), 21);
    assert_eq!(back.job_state(id(0)).await.unwrap(), Some(JobState::Done));
    assert_eq!(back.next_job_due("q").await.unwrap(), store.next_job_due("q").await.unwrap());
    let next = append("all", Expected::Version(Version(60)), events(0..1));
    assert_eq!(back.commit(next).await.unwrap().positions().unwrap().first, Position(EVENTS + 1));
    assert_eq!(audit(&*back, None).await.unwrap().findings, []);
}

pub(super) async fn a_move_is_taken_up_and_never_mixes_two_stores(ground: &dyn Ground) {
    let store = ground.fresh().await;
    filled(&*store).await;
    let full = MemoryStore::new();
    full.commit(append("x", Expected::Any, events(7..8))).await.unwrap();
    let refused = move_into(&*store, &full, at(100), &mut |_| {}).await.unwrap_err();
    assert!(refused.to_string().contains("not empty"), "{refused}");
    // A target that fails after some commits keeps what it has; the move resumes from there.
    let to = MemoryStore::new();
    to.set_fates(|commit| if commit >= 2 { crate::Fate::Fails } else { crate::Fate::Sound });
    assert!(move_into(&*store, &to, at(100), &mut |_| {}).await.is_err());
    let refused = move_into(&full, &to, at(100), &mut |_| {}).await;
    assert!(refused.unwrap_err().to_string().contains("another store"));
    to.clear_fates();
    let report = move_into(&*store, &to, at(100), &mut |_| {}).await.unwrap();
    assert!(report.there_before > 0);
    assert_eq!(all_of(&*store).await.1, all_of(&to).await.1);
    let again = move_into(&*store, &to, at(100), &mut |_| {}).await.unwrap_err();
    assert!(again.to_string().contains("not empty"), "a finished move is not begun again");
}
