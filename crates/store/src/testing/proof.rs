//! Checkpoints and audits.

use std::sync::Arc;

use super::{Ground, append, at, events};
use crate::{
    AuditReport, Checkpoint, CheckpointSigner, CheckpointVerifier, Digest, Expected, Finding, Position,
    Result, Store, StoreError, audit, take_checkpoint,
};

/// Stands for a signature: a digest over the key's name and the message.
pub(super) struct Key(pub(super) &'static str);

impl CheckpointSigner for Key {
    fn key_id(&self) -> String {
        self.0.into()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        Ok(Digest::of(&[self.0.as_bytes(), message].concat()).0.to_vec())
    }
}

impl CheckpointVerifier for Key {
    fn verify(&self, key_id: &str, message: &[u8], signature: &[u8]) -> bool {
        key_id == self.0 && self.sign(message).is_ok_and(|wanted| wanted == signature)
    }
}

/// 70 events on 4 streams, a checkpoint after every 20 and 10 events after the last checkpoint. The first checkpoint adds the
/// event that takes over what an earlier version kept.
async fn history(store: &dyn Store) -> Vec<Checkpoint> {
    let mut checkpoints = Vec::new();
    for number in 0..35 {
        let name = (number * number % 7).to_string();
        store.commit(append(&name, Expected::Any, events(number..number + 2))).await.unwrap();
        if number % 10 == 9 {
            let at = at(i64::try_from(number).unwrap());
            checkpoints.push(take_checkpoint(store, &Key("k"), at).await.unwrap().expect("there is news"));
            assert_eq!(take_checkpoint(store, &Key("k"), at).await.unwrap(), None);
        }
    }
    checkpoints
}

pub(super) async fn checkpoints_follow_one_another(ground: &dyn Ground) {
    let mut store = ground.fresh().await;
    assert_eq!(take_checkpoint(&*store, &Key("k"), at(0)).await.unwrap(), None);
    let made = history(&*store).await;
    assert_eq!(made.len(), 3);
    store = ground.reopen(store).await;
    assert_eq!(store.checkpoints().await.unwrap(), made);
    for pair in made.windows(2) {
        assert_eq!(pair[1].previous, pair[0].digest());
        assert!(pair[1].survey.position > pair[0].survey.position);
    }
    let model = crate::MemoryStore::new();
    let made_by_model = history(&model).await;
    for (made, model) in made.iter().zip(made_by_model) {
        assert_eq!((made.survey.heads, made.survey.streams), (model.survey.heads, model.survey.streams));
    }
}

pub(super) async fn an_untouched_store_passes_the_audit(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let report = audit(&*store, Some(&Key("k"))).await.unwrap();
    assert_eq!(report, AuditReport::default());
    let made = history(&*store).await;
    let report = audit(&*store, Some(&Key("k"))).await.unwrap();
    assert!(report.is_clean(), "{:?}", report.findings);
    assert_eq!((report.events, report.streams, report.checkpoints), (71, 5, 3));
    assert_eq!(report.covered_to, made[2].survey.position);
}

/// A checkpoint signs one consistent snapshot: a concurrent commit is in it whole or not at all.
pub(super) async fn checkpoints_taken_while_others_write_are_true(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..4_u64 {
        let store = Arc::clone(&store);
        writers.spawn(async move {
            for number in 0..60 {
                // Long streams (135 events each) and new short ones.
                let name = if number % 4 == 0 { format!("{writer}-{number}") } else { writer.to_string() };
                let from = writer * 1_000 + number * 3;
                store.commit(append(&name, Expected::Any, events(from..from + 3))).await.unwrap();
            }
        });
    }
    let mut second = 0;
    while !writers.is_empty() {
        while let Some(written) = writers.try_join_next() {
            written.unwrap();
        }
        second += 1;
        take_checkpoint(&*store, &Key("k"), at(second)).await.unwrap();
        assert_eq!(store.self_check().await.unwrap(), Vec::<String>::new());
    }
    let report = audit(&*store, Some(&Key("k"))).await.unwrap();
    assert_eq!(report.findings, []);
    assert!(report.checkpoints > 1, "{}", report.checkpoints);
}

pub(super) async fn a_false_signature_is_found(ground: &dyn Ground) {
    let store = ground.fresh().await;
    history(&*store).await;
    let report = audit(&*store, Some(&Key("other"))).await.unwrap();
    let wanted: Vec<_> =
        (1..=3).map(|number| Finding::CheckpointNotSigned { number, key_id: "k".into() }).collect();
    assert_eq!(report.findings, wanted);
    // A forged checkpoint with a valid signature is found, because it does not match the journal.
    let last = store.checkpoints().await.unwrap().pop().unwrap();
    let mut made_up = Checkpoint { number: 4, previous: last.digest(), ..last };
    made_up.survey.position = Position(made_up.survey.position.0 + 2);
    made_up.signature = Key("k").sign(&made_up.message()).unwrap();
    store.save_checkpoint(made_up).await.unwrap();
    let report = audit(&*store, Some(&Key("k"))).await.unwrap();
    assert_eq!(report.findings, [Finding::CheckpointDiffers { number: 4 }]);
}

pub(super) async fn a_checkpoint_that_skips_a_number_is_refused(ground: &dyn Ground) {
    let store = ground.fresh().await;
    history(&*store).await;
    let last = store.checkpoints().await.unwrap().pop().unwrap();
    for number in [0, 1, 3, 5] {
        let refused = store.save_checkpoint(Checkpoint { number, ..last.clone() }).await;
        assert!(matches!(refused, Err(StoreError::Malformed(_))), "{refused:?}");
    }
}
