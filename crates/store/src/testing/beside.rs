//! Audits of what lies beside the journal: the vault and the editions.

use std::sync::Arc;

use super::proof::Key;
use super::{Ground, append, at, events};
use crate::{
    Batch, Belonging, BelongingKind, Change, Envelope, Expected, Finding, NewEvent, Position, Store,
    VaultEntry, Version, audit, take_checkpoint, vault_digest,
};

fn put(key: &str, subject: &str, text: &str) -> Change {
    let salt = [key.len() as u8; 16];
    Change::VaultPut { key: key.into(), subject: subject.into(), salt, bytes: text.into() }
}

async fn findings(store: &dyn Store) -> Vec<Finding> {
    audit(store, None).await.unwrap().findings
}

async fn row(store: &dyn Store, key: &str) -> VaultEntry {
    store.vault_get(key).await.unwrap().unwrap()
}

/// Writes a row as somebody does who has the tables and no say in the journal.
async fn force(store: &dyn Store, key: &str, entry: VaultEntry) {
    store.take_in(vec![Belonging::Vault { key: key.into(), entry }]).await.unwrap();
}

/// Two people with what lets them in, some events, a checkpoint.
async fn history(store: &dyn Store) {
    let two = append("1", Expected::Any, events(0..2))
        .change(put("a/party", "a", "甲"))
        .change(put("a/password", "a", "first"))
        .change(put("b/party", "b", "乙"))
        .change(Change::EditionPut { hash: "e".into(), bytes: vec![1] });
    store.commit(two).await.unwrap();
    store.commit(Batch::new(at(1)).change(put("b/password", "b", "second"))).await.unwrap();
    take_checkpoint(store, &Key("k"), at(2)).await.unwrap().unwrap();
    // Rows may be replaced, and go on to another subject.
    let again = append("2", Expected::Any, events(2..3))
        .change(put("a/password", "a", "third"))
        .change(put("b/party", "c", "乙"));
    store.commit(again).await.unwrap();
    assert_eq!(findings(store).await, []);
}

pub(super) async fn rows_that_changed_places_are_found(ground: &dyn Ground) {
    let store = ground.fresh().await;
    history(&*store).await;
    for (one, other) in [("a/party", "b/party"), ("a/password", "b/password")] {
        let (first, second) = (row(&*store, one).await, row(&*store, other).await);
        force(&*store, one, second.clone()).await;
        force(&*store, other, first.clone()).await;
        let differ = |key: &str| Finding::VaultDiffers { key: key.into() };
        assert_eq!(findings(&*store).await, [differ(one), differ(other)]);
        force(&*store, one, first).await;
        force(&*store, other, second).await;
        assert_eq!(findings(&*store).await, []);
    }
    // What a key held before is not what it holds now; and somebody else's row is not found when that person is forgotten.
    let salt = ["a/password".len() as u8; 16];
    let kept = |subject: &str, text: &str| VaultEntry::Kept {
        subject: subject.into(),
        salt,
        bytes: text.into(),
        digest: vault_digest(&salt, text.as_bytes()),
    };
    for changed in [kept("a", "first"), kept("b", "third")] {
        force(&*store, "a/password", changed).await;
        assert_eq!(findings(&*store).await, [Finding::VaultDiffers { key: "a/password".into() }]);
    }
    force(&*store, "a/password", kept("a", "third")).await;
    assert_eq!(findings(&*store).await, []);
}

/// Copies a store but for one row and, when `editions` is false, the editions: as if they had been deleted.
async fn copy_without(store: &dyn Store, to: &dyn Store, key: &str, editions: bool) {
    for event in store.read_all(Position::START, 1_000).await.unwrap() {
        let before = Expected::Version(Version(event.version.0 - 1));
        let Envelope { id, stream, at, kind, schema, actor, body, .. } = event;
        let event = NewEvent { id, at, kind, schema, actor, body };
        to.commit(Batch::new(at).append(stream, before, vec![event])).await.unwrap();
    }
    let rows = store.belongings(BelongingKind::Vault, None, 1_000).await.unwrap();
    let others =
        rows.into_iter().filter(|row| !matches!(row, Belonging::Vault { key: name, .. } if name == key));
    to.take_in(others.collect()).await.unwrap();
    if editions {
        to.commit(Batch::new(at(0)).change(Change::EditionPut { hash: "e".into(), bytes: vec![1] }))
            .await
            .unwrap();
    }
}

pub(super) async fn rows_and_editions_that_are_gone_are_found(ground: &dyn Ground) {
    let store = ground.fresh().await;
    history(&*store).await;
    let edition = "ab".repeat(32);
    let mut refers = events(7..8);
    refers[0].body = format!("{{\"edition\":\"{edition}\"}}").into_bytes();
    let keeps = append("3", Expected::Any, refers)
        .change(Change::EditionPut { hash: edition.clone(), bytes: vec![1] });
    store.commit(keeps).await.unwrap();
    assert_eq!(findings(&*store).await, []);
    for key in ["a/party", "b/password"] {
        let copy = ground.fresh().await;
        copy_without(&*store, &*copy, key, true).await;
        let found = findings(&*copy).await;
        let missing = |one: &Finding| matches!(one, Finding::VaultMissing { key: name, .. } if name == key);
        assert!(found.len() == 2 && missing(&found[0]), "{found:?}");
        assert_eq!(found[1], Finding::EditionMissing { hash: edition.clone(), position: Position(7) });
    }
    let copy = ground.fresh().await;
    copy_without(&*store, &*copy, "", false).await;
    let gone = |hash: &str, at| Finding::EditionMissing { hash: hash.into(), position: Position(at) };
    assert_eq!(findings(&*copy).await, [gone(&edition, 7), gone("e", 1)]);
}

pub(super) async fn an_erasure_that_nothing_says_is_found(ground: &dyn Ground) {
    let store = ground.fresh().await;
    history(&*store).await;
    for key in ["a/party", "a/password", "b/password"] {
        let kept = row(&*store, key).await;
        force(&*store, key, VaultEntry::Erased).await;
        assert_eq!(findings(&*store).await, [Finding::VaultErasedUnsaid { key: key.into() }]);
        force(&*store, key, kept).await;
    }
    let (one, other) = (row(&*store, "a/party").await, row(&*store, "b/password").await);
    let erase = Batch::new(at(5))
        .change(Change::VaultErase { key: "b/password".into() })
        .change(Change::VaultErase { key: "never/there".into() })
        .change(Change::VaultEraseSubject { subject: "a".into() })
        .change(put("a/password", "a", "of a new one"));
    store.commit(erase).await.unwrap();
    assert_eq!(findings(&*store).await, []);
    // What was erased does not come back from an old copy.
    for (key, kept) in [("a/party", one), ("b/password", other)] {
        force(&*store, key, kept).await;
        assert_eq!(findings(&*store).await, [Finding::VaultDiffers { key: key.into() }]);
        force(&*store, key, VaultEntry::Erased).await;
    }
    let made_up = row(&*store, "a/password").await;
    force(&*store, "nobody/put-it", made_up).await;
    assert_eq!(findings(&*store).await, [Finding::VaultUnsaid { key: "nobody/put-it".into() }]);
}

/// As an earlier version left it: rows of which no event says anything, but for some that events refer to.
async fn from_before(store: &dyn Store) -> Vec<Belonging> {
    let rows = (0..600_u32).map(|number| {
        let (salt, bytes) = ([3; 16], number.to_be_bytes().to_vec());
        let digest = vault_digest(&salt, &bytes);
        let kept = VaultEntry::Kept { subject: format!("p{}", number % 3), salt, bytes, digest };
        let entry = if number % 50 == 7 { VaultEntry::Erased } else { kept };
        Belonging::Vault { key: format!("k{number:04}"), entry }
    });
    let rows: Vec<Belonging> = rows.collect();
    store.take_in(rows.clone()).await.unwrap();
    let refers = |number: u64, digest: String| {
        let mut event = events(number..number + 1);
        event[0].body =
            format!("{{\"text\":{{\"key\":\"k{number:04}\",\"digest\":\"{digest}\"}}}}").into_bytes();
        append("old", Expected::Any, event)
    };
    for number in [7_u64, 8] {
        let digest = vault_digest(&[3; 16], &(number as u32).to_be_bytes()).to_string();
        store.commit(refers(number, digest)).await.unwrap();
    }
    rows
}

pub(super) async fn rows_from_before_are_taken_over_once(ground: &dyn Ground) {
    let mut store = ground.fresh().await;
    let rows = from_before(&*store).await;
    assert_eq!(findings(&*store).await, [], "nothing was said of them yet");
    force(&*store, "k0100", VaultEntry::Erased).await;
    assert_eq!(findings(&*store).await, []);
    // While one row after another is taken over, others are changed and erased by commits that say so.
    let meanwhile = append("new", Expected::Any, events(900..901))
        .change(put("k0001", "p1", "another"))
        .change(Change::VaultErase { key: "k0002".into() })
        .change(Change::VaultEraseSubject { subject: "p0".into() });
    store.commit(meanwhile).await.unwrap();
    assert_eq!(findings(&*store).await, []);
    take_checkpoint(&*store, &Key("k"), at(900)).await.unwrap().unwrap();
    let head = store.head().await.unwrap();
    store = ground.reopen(store).await;
    assert_eq!(take_checkpoint(&*store, &Key("k"), at(901)).await.unwrap(), None, "once");
    assert_eq!(store.head().await.unwrap(), head);
    assert_eq!(findings(&*store).await, []);
    // From now on they are held to it.
    let Belonging::Vault { entry: other, .. } = rows[11].clone() else { unreachable!() };
    let (now, erased) = (row(&*store, "k0008").await, Finding::VaultErasedUnsaid { key: "k0008".into() });
    force(&*store, "k0008", VaultEntry::Erased).await;
    assert_eq!(findings(&*store).await, [erased]);
    force(&*store, "k0008", now).await;
    for (key, back) in [("k0010", row(&*store, "k0010").await), ("k0599", row(&*store, "k0599").await)] {
        force(&*store, key, other.clone()).await;
        assert_eq!(findings(&*store).await, [Finding::VaultDiffers { key: key.into() }]);
        force(&*store, key, back).await;
    }
    force(&*store, "made-up", other.clone()).await;
    assert_eq!(findings(&*store).await, [Finding::VaultUnsaid { key: "made-up".into() }]);
    store.commit(Batch::new(at(902)).change(Change::VaultErase { key: "made-up".into() })).await.unwrap();
    store
        .commit(Batch::new(at(903)).change(Change::VaultEraseSubject { subject: "p2".into() }))
        .await
        .unwrap();
    assert_eq!(findings(&*store).await, []);
}

/// Rows change while an audit runs: what was said meanwhile counts.
pub(super) async fn an_audit_beside_commits_finds_nothing(ground: &dyn Ground) {
    let store = ground.fresh().await;
    history(&*store).await;
    let writer = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for number in 0..150_u64 {
                let key = format!("row/{}", number % 5);
                let batch = append("busy", Expected::Any, events(number..number + 1));
                let batch = if number % 7 == 3 {
                    batch.change(Change::VaultErase { key })
                } else {
                    batch.change(put(&key, "busy", &number.to_string()))
                };
                store.commit(batch).await.unwrap();
                tokio::task::yield_now().await;
            }
        })
    };
    while !writer.is_finished() {
        assert_eq!(findings(&*store).await, []);
    }
    writer.await.unwrap();
    assert_eq!(findings(&*store).await, []);
}
