//! Rebuilding views from the journal.

use std::sync::Arc;

use super::views::{figures, tasks};
use super::{Ground, append, at, events};
use crate::{
    Answer, Batch, Cell, Envelope, Expected, Position, Projector, Result, Row, Store, ViewChange, ViewQuery,
    rebuild,
};

/// Counts the events of each stream into `figures` and keeps one task per event; it has state, as real
/// projectors do.
#[derive(Default)]
struct Counting {
    seen: std::collections::BTreeMap<String, i64>,
    stop_after: Option<usize>,
}

impl Projector for Counting {
    fn project<'a>(&'a mut self, events: &'a Arc<Vec<Envelope>>) -> Answer<'a, Vec<ViewChange>> {
        let changes: Result<Vec<_>> = events.iter().map(|event| self.count(event)).collect();
        Box::pin(std::future::ready(changes.map(|changes| changes.into_iter().flatten().collect())))
    }
}

impl Counting {
    fn count(&mut self, event: &Envelope) -> Result<Vec<ViewChange>> {
        if let Some(left) = &mut self.stop_after {
            if *left == 0 {
                return Err(crate::StoreError::fault("stopped on purpose"));
            }
            *left -= 1;
        }
        let count = self.seen.entry(event.stream.to_string()).or_default();
        *count += 1;
        let (stream, step) = (event.stream.to_string(), format!("{}", *count % 3));
        let month = format!("2026-{:02}", *count % 5 + 1);
        let row = Row(vec![
            stream.clone().into(),
            step.into(),
            "甲部".into(),
            "open".into(),
            (*count).into(),
            Cell::Null,
            format!("第{count}号 {}", event.actor).into(),
            Cell::Real(0.5),
            Cell::Bytes(event.hash.0.to_vec()),
        ]);
        let add = ViewChange::Add {
            table: "figures".into(),
            key: vec![month.into(), stream.into()],
            amounts: vec![("opened".into(), 1), ("closed".into(), *count)],
        };
        Ok(vec![ViewChange::Upsert { table: "tasks".into(), row }, add])
    }
}

fn tables() -> Vec<String> {
    vec!["figures".into(), "tasks".into()]
}

/// Appends events with the rows that the projector makes of them, as an office does.
async fn lived(store: &dyn Store, numbers: std::ops::Range<u64>) {
    store.declare_views(vec![tasks(), figures()]).await.unwrap();
    let mut projector = Counting::default();
    for event in store.read_all(Position::START, 10_000).await.unwrap() {
        projector.count(&event).unwrap();
    }
    for number in numbers {
        let stream = format!("{}", number % 5);
        // The event to be appended is known beforehand except for its position, which no row shows.
        let model = crate::MemoryStore::new();
        for before in store.read_stream(&super::stream(&stream), crate::Version::NONE, 10_000).await.unwrap()
        {
            model
                .commit(Batch::new(at(0)).append(before.stream.clone(), Expected::Any, vec![again(before)]))
                .await
                .unwrap();
        }
        let batch = append(&stream, Expected::Any, events(number..number + 1));
        model.commit(batch.clone()).await.unwrap();
        let event = model.read_all(Position::START, 10_000).await.unwrap().pop().unwrap();
        let changes = projector.count(&event).unwrap();
        store.commit(batch.views(changes)).await.unwrap();
    }
}

fn again(event: Envelope) -> crate::NewEvent {
    let Envelope { id, at, kind, schema, actor, body, .. } = event;
    crate::NewEvent { id, at, kind, schema, actor, body }
}

pub(super) async fn rebuilt_rows_equal_the_living_ones(ground: &dyn Ground) {
    let store = ground.fresh().await;
    lived(&*store, 0..60).await;
    let mut told = Vec::new();
    let report =
        rebuild(&*store, &tables(), &mut Counting::default(), &mut |at| told.push(at)).await.unwrap();
    assert!(report.unchanged(), "{report:?}");
    assert_eq!((report.events, report.resumed_from), (60, Position::START));
    assert_eq!(told.last(), Some(&store.head().await.unwrap()));
    // The new rows are read and changed as the old ones were, also while the old ones are being deleted.
    let living = store.view_digest("tasks").await.unwrap();
    while store.rebuild_sweep().await.unwrap() {
        assert_eq!(store.view_digest("tasks").await.unwrap(), living);
    }
    lived(&*store, 60..80).await;
    let matching = ViewQuery::new("tasks").filter(crate::Condition::Matches("account".into())).limit(100);
    assert_eq!(store.view_rows(matching).await.unwrap().rows.len(), 15);
    let report = rebuild(&*store, &tables(), &mut Counting::default(), &mut |_| {}).await.unwrap();
    assert!(report.unchanged(), "{report:?}");
}

pub(super) async fn a_rebuild_mends_rows(ground: &dyn Ground) {
    let store = ground.fresh().await;
    lived(&*store, 0..30).await;
    let right = store.view_digest("tasks").await.unwrap();
    let all = store.view_rows(ViewQuery::new("tasks")).await.unwrap().rows;
    let mut wrong = all[3].clone();
    wrong.0[3] = "forged".into();
    let forged = ViewChange::Upsert { table: "tasks".into(), row: wrong };
    store.commit(Batch::new(at(0)).views([forged])).await.unwrap();
    let report = rebuild(&*store, &tables(), &mut Counting::default(), &mut |_| {}).await.unwrap();
    assert!(!report.unchanged());
    assert_eq!(store.view_digest("tasks").await.unwrap(), right);
    // A view whose declaration changed is stale until it is rebuilt.
    let newer = vec![crate::ViewSchema { version: 2, ..tasks() }, figures()];
    assert_eq!(store.declare_views(newer.clone()).await.unwrap(), ["tasks"]);
    rebuild(&*store, &tables(), &mut Counting::default(), &mut |_| {}).await.unwrap();
    assert_eq!(store.declare_views(newer).await.unwrap(), [""; 0]);
    assert_eq!(store.view_digest("tasks").await.unwrap(), right);
}

pub(super) async fn a_rebuild_is_taken_up_where_it_was_left(ground: &dyn Ground) {
    let mut store = ground.fresh().await;
    lived(&*store, 0..40).await;
    let half = store.read_all(Position::START, 20).await.unwrap();
    let reached = half[19].position;
    let mut projector = Counting::default();
    let changes = half.iter().flat_map(|event| projector.count(event).unwrap()).collect();
    assert_eq!(store.rebuild_begin().await.unwrap(), Position::START);
    store.rebuild_apply(changes, reached).await.unwrap();
    store = ground.reopen(store).await;
    store.declare_views(vec![tasks(), figures()]).await.unwrap();
    let mut stopped = Counting { stop_after: Some(30), ..Counting::default() };
    rebuild(&*store, &tables(), &mut stopped, &mut |_| {}).await.unwrap_err();
    let report = rebuild(&*store, &tables(), &mut Counting::default(), &mut |_| {}).await.unwrap();
    assert_eq!(report.resumed_from, reached);
    assert!(report.unchanged(), "{report:?}");
}

pub(super) async fn commits_during_a_rebuild_are_not_lost(ground: &dyn Ground) {
    let store = ground.fresh().await;
    lived(&*store, 0..30).await;
    // Events committed after the last read and before the swap.
    let mut projector = Counting::default();
    store.rebuild_begin().await.unwrap();
    let all = store.read_all(Position::START, 100).await.unwrap();
    let changes = all.iter().flat_map(|event| projector.count(event).unwrap()).collect();
    store.rebuild_apply(changes, all[29].position).await.unwrap();
    let compared = store.rebuild_compare(&tables()).await.unwrap().unwrap();
    assert!(compared.iter().all(|view| view.before == view.after), "{compared:?}");
    lived(&*store, 30..33).await;
    assert_eq!(store.rebuild_compare(&tables()).await.unwrap(), None);
    let end = store.rebuild_finish().await.unwrap();
    assert_eq!(end, crate::RebuildEnd::Behind(all[29].position));
    let writer = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { lived(&*store, 33..50).await })
    };
    let report = rebuild(&*store, &tables(), &mut Counting::default(), &mut |_| {}).await.unwrap();
    assert!(report.unchanged(), "rows of one moment are compared: {report:?}");
    writer.await.unwrap();
    let report = rebuild(&*store, &tables(), &mut Counting::default(), &mut |_| {}).await.unwrap();
    assert!(report.unchanged(), "{report:?}");
    assert_eq!(report.events, 50);
}

pub(super) async fn an_abandoned_rebuild_changes_nothing(ground: &dyn Ground) {
    let store = ground.fresh().await;
    lived(&*store, 0..10).await;
    let before = store.view_digest("tasks").await.unwrap();
    store.rebuild_begin().await.unwrap();
    store.rebuild_abandon().await.unwrap();
    store.rebuild_abandon().await.unwrap();
    assert!(store.rebuild_finish().await.is_err());
    assert!(store.rebuild_compare(&tables()).await.is_err());
    assert!(store.rebuild_apply(Vec::new(), Position(1)).await.is_err());
    assert_eq!(store.view_digest("tasks").await.unwrap(), before);
}
