//! What the vault and the editions hold is proved by the journal: an audit finds every change behind its back, whatever the
//! zone did before.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use office::{By, DerivedKeys, Standing, audit_store};
use store::{
    Batch, Belonging, BelongingKind, Envelope, Expected, Finding, MemoryStore, NewEvent, Position, Store,
    VaultEntry, Version,
};
use support::Zone;

async fn findings(store: &MemoryStore) -> Vec<Finding> {
    let keys = DerivedKeys::new([7; 32]);
    audit_store(store, &keys, jiff::Timestamp::UNIX_EPOCH, &mut |_| {}).await.unwrap().findings
}

async fn rows(store: &MemoryStore) -> BTreeMap<String, VaultEntry> {
    let rows = store.belongings(BelongingKind::Vault, None, 100_000).await.unwrap();
    let row = |row| match row {
        Belonging::Vault { key, entry } => (key, entry),
        other => panic!("{other:?}"),
    };
    rows.into_iter().map(row).collect()
}

/// Writes rows as somebody does who has the tables and no say in the journal.
async fn force<'a>(store: &MemoryStore, rows: impl IntoIterator<Item = (&'a String, &'a VaultEntry)>) {
    let rows =
        rows.into_iter().map(|(key, entry)| Belonging::Vault { key: key.clone(), entry: entry.clone() });
    store.take_in(rows.collect()).await.unwrap();
}

/// A key without what is different for each case, account and day.
fn kind(key: &str) -> String {
    let is_id = |part: &str| {
        part.chars().any(|c| c.is_ascii_digit()) && part.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
    };
    key.split('/').map(|part| if is_id(part) { "…" } else { part }).collect::<Vec<_>>().join("/")
}

/// The journal alone, with these rows.
async fn copy(store: &MemoryStore, rows: &BTreeMap<String, VaultEntry>, editions: bool) -> MemoryStore {
    let to = MemoryStore::new();
    for event in store.read_all(Position::START, 100_000).await.unwrap() {
        let before = Expected::Version(Version(event.version.0 - 1));
        let Envelope { id, stream, at, kind, schema, actor, body, .. } = event;
        let event = NewEvent { id, at, kind, schema, actor, body };
        to.commit(Batch::new(at).append(stream, before, vec![event])).await.unwrap();
    }
    force(&to, rows).await;
    if editions {
        for hash in store.editions().await.unwrap() {
            let bytes = store.edition(&hash).await.unwrap().unwrap();
            let put = store::Change::EditionPut { hash, bytes };
            to.commit(Batch::new(jiff::Timestamp::UNIX_EPOCH).change(put)).await.unwrap();
        }
    }
    to
}

/// Applicants with and without an account, cases in many states, somebody forgotten, records whose time is over.
async fn lived(seed: u64) -> Zone {
    let zone = Zone::open(seed).await;
    let office = &zone.office;
    let security = zone.account("security", Standing::SecurityAdministrator, Vec::new()).await;
    zone.history(6, 2).await;
    let (somebody, other) = (zone.applicant("somebody").await, zone.applicant("other").await);
    let things = zone.services();
    for viewer in [&somebody, &other] {
        let applied = zone.apply(&things[0], false, By::Viewer(viewer)).await.unwrap();
        zone.finish(applied.id, By::Viewer(viewer)).await;
        let officer = By::Viewer(&zone.officers[0]);
        office
            .act(applied.id, office::Act::Message { item: None, text: "请看".into() }, officer, None)
            .await
            .unwrap();
    }
    office.checkpoint().await.unwrap();
    assert_eq!(findings(&zone.store).await, []);
    let (ground, within) = (office::Ground::Unlawful, office::WithinPeriod::Restrict);
    office.forget_person("other", ground, within, &security).await.unwrap();
    zone.pass(SignedDuration::from_hours(24 * 366 * 11));
    office.keep_no_longer().await.unwrap();
    zone.history(4, 1).await;
    for key in [zone.guest(), zone.guest()] {
        let open = zone.start(&things[0], catalogue::Channel::Online, By::Guest(&key)).await.unwrap();
        zone.fill(open, false, By::Guest(&key)).await.unwrap();
    }
    office.checkpoint().await.unwrap();
    zone
}

#[tokio::test]
async fn every_kind_of_row_that_is_exchanged_erased_or_gone_is_found() {
    let zone = lived(31).await;
    let store = &zone.store;
    assert_eq!(findings(store).await, []);
    let all = rows(store).await;
    let mut kinds: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for (key, _) in all.iter().filter(|(_, entry)| matches!(entry, VaultEntry::Kept { .. })) {
        kinds.entry(kind(key)).or_default().push(key);
    }
    let known = [
        "account/…/login",
        "account/…/password",
        "account/…/profile",
        "case/…/answers/…",
        "case/…/files",
        "case/…/known",
        "case/…/party",
        "case/…/receipt",
        "draft/…",
        "handed-in/…",
    ];
    for known in known {
        assert!(kinds.get(known).is_some_and(|keys| keys.len() > 1), "{known} is not in {:?}", kinds.keys());
    }
    assert!(all.values().filter(|entry| matches!(entry, VaultEntry::Erased)).count() > 5);
    for keys in kinds.values() {
        let key = keys[0];
        force(store, [(key, &VaultEntry::Erased)]).await;
        assert_eq!(findings(store).await, [Finding::VaultErasedUnsaid { key: key.clone() }]);
        force(store, [(key, &all[key])]).await;
        let Some(other) = keys.get(1) else { continue };
        force(store, [(key, &all[*other]), (*other, &all[key])]).await;
        let differ = |key: &String| Finding::VaultDiffers { key: key.clone() };
        assert_eq!(findings(store).await, [differ(key), differ(other)]);
        force(store, [(key, &all[key]), (*other, &all[*other])]).await;
    }
    let mut kept = all.clone();
    for keys in kinds.values() {
        kept.remove(keys[0]);
    }
    let mut missing: Vec<String> = kinds.values().map(|keys| keys[0].clone()).collect();
    missing.sort();
    let found = findings(&copy(store, &kept, true).await).await;
    let mut named: Vec<String> = found
        .iter()
        .filter_map(|one| match one {
            Finding::VaultMissing { key, .. } => Some(key.clone()),
            _ => None,
        })
        .collect();
    named.sort();
    assert_eq!(named, missing);
}

#[tokio::test]
async fn editions_that_cases_refer_to_and_that_are_gone_are_found() {
    let zone = lived(32).await;
    let all = rows(&zone.store).await;
    let gone = |findings: Vec<Finding>| {
        let missing = findings.into_iter().filter_map(|one| match one {
            Finding::EditionMissing { hash, .. } => Some(hash),
            _ => None,
        });
        missing.collect::<Vec<_>>()
    };
    let without = copy(&zone.store, &all, false).await;
    assert_eq!(gone(findings(&without).await), [zone.office.edition().hash().to_string()]);
    let whole = copy(&zone.store, &all, true).await;
    assert_eq!(gone(findings(&whole).await), Vec::<String>::new());
}

/// A zone whose journal says nothing of its vault goes on under this version: rows are held to what they were by then.
#[tokio::test]
async fn a_zone_from_before_is_taken_over_and_held_to_it() {
    let zone = lived(33).await;
    let before = MemoryStore::new();
    for event in zone.store.read_all(Position::START, 100_000).await.unwrap() {
        if event.stream.kind() == "vault" {
            continue;
        }
        let Envelope { id, stream, at, kind, schema, actor, body, .. } = event;
        let body = store::as_appended(&body).into_owned();
        let event = NewEvent { id, at, kind, schema, actor, body };
        before.commit(Batch::new(at).append(stream, Expected::Any, vec![event])).await.unwrap();
    }
    let all = rows(&zone.store).await;
    force(&before, &all).await;
    let whole = |one: &Finding| !matches!(one, Finding::EditionMissing { .. });
    let left = async || findings(&before).await.into_iter().filter(whole).collect::<Vec<_>>();
    assert_eq!(left().await, [], "what was erased before is no finding");
    let is_kept = |key: &&String| key.ends_with("/password") && matches!(all[*key], VaultEntry::Kept { .. });
    let key = all.keys().find(is_kept).unwrap();
    let other = all.keys().rfind(is_kept).unwrap();
    let clock = std::sync::Arc::new(support::TestClock::at("2038-01-01T00:00:00Z"));
    let surroundings = support::surroundings(&before, &clock, 5);
    let office = office::Office::start(surroundings, Some(support::edition())).await.unwrap();
    assert_eq!(left().await, []);
    office.checkpoint().await.unwrap();
    assert_eq!(findings(&before).await, []);
    force(&before, [(key, &all[other])]).await;
    assert_eq!(findings(&before).await, [Finding::VaultDiffers { key: key.clone() }]);
    force(&before, [(key, &all[key])]).await;
    assert_eq!(findings(&before).await, []);
}
