//! Views: rows, filters, pages, figures.

use super::{Ground, append, at, event, events, id, stream};
use crate::{
    Batch, Cell, Change, ColumnKind, CommandId, Condition, Cursor, Expected, Measure, Position, Row, Store,
    StoreError, ViewChange, ViewQuery, ViewSchema, ViewTally,
};

/// A worklist as an office would declare it.
pub(super) fn tasks() -> ViewSchema {
    ViewSchema::new("tasks", 1)
        .text("case_id")
        .text("step")
        .text("department")
        .text("state")
        .integer("due_at")
        .nullable("assignee", ColumnKind::Text)
        .text("title")
        .column("share", ColumnKind::Real)
        .column("mark", ColumnKind::Bytes)
        .key(&["case_id", "step"])
        .index(&["department", "state", "due_at"])
        .index(&["assignee", "due_at"])
        .search(&["title", "case_id"])
}

/// Figures with a key of two columns and no search.
pub(super) fn figures() -> ViewSchema {
    ViewSchema::new("figures", 1)
        .text("month")
        .text("item")
        .integer("opened")
        .integer("closed")
        .nullable("note", ColumnKind::Text)
        .key(&["month", "item"])
        .index(&["item"])
}

pub(super) fn task(case: u64, step: &str, department: &str, state: &str, due_at: i64) -> Row {
    Row(vec![
        format!("C{case:05}").into(),
        step.into(),
        department.into(),
        state.into(),
        due_at.into(),
        case.is_multiple_of(3).then(|| format!("officer/{}", case % 5)).into(),
        format!("第{case}号 甲事项 Alpha{case}").into(),
        Cell::Real(case as f64 / 4.0),
        Cell::Bytes(vec![case as u8, 0, 255]),
    ])
}

fn upsert(row: Row) -> ViewChange {
    ViewChange::Upsert { table: "tasks".into(), row }
}

async fn apply(store: &dyn Store, changes: Vec<ViewChange>) {
    store.commit(Batch::new(at(0)).views(changes)).await.unwrap();
}

/// A store with 40 tasks: cases 0 to 19 with two steps each.
async fn filled(ground: &dyn Ground) -> std::sync::Arc<dyn Store> {
    let store = ground.fresh().await;
    assert_eq!(store.declare_views(vec![tasks(), figures()]).await.unwrap(), [""; 0]);
    let rows = (0..20).flat_map(|case| {
        let department = ["甲部", "乙部", "丙部"][case as usize % 3];
        let state = if case % 4 == 0 { "done" } else { "open" };
        let due = i64::try_from(case * 7 % 11).unwrap();
        [task(case, "accept", department, state, due), task(case, "decide", department, "open", due - 5)]
    });
    apply(&*store, rows.map(upsert).collect()).await;
    store
}

/// Cases and steps of the rows found, in their order.
async fn found(store: &dyn Store, query: ViewQuery) -> Vec<String> {
    let page = store.view_rows(query).await.unwrap();
    page.rows.iter().map(|row| format!("{}/{}", row.text(0).unwrap(), row.text(1).unwrap())).collect()
}

fn key(case: &str, step: &str) -> Vec<Cell> {
    vec![case.into(), step.into()]
}

pub(super) async fn rows_are_put_changed_and_removed(ground: &dyn Ground) {
    let store = filled(ground).await;
    let row = store.view_row("tasks", &key("C00003", "accept")).await.unwrap().unwrap();
    assert_eq!(row, task(3, "accept", "甲部", "open", 10));
    let mut changed = row.clone();
    changed.0[3] = "done".into();
    changed.0[5] = Cell::Null;
    changed.0[6] = "另一标题".into();
    apply(&*store, vec![upsert(changed.clone())]).await;
    assert_eq!(store.view_row("tasks", &key("C00003", "accept")).await.unwrap(), Some(changed));
    let titled = |text: &str| ViewQuery::new("tasks").filter(Condition::Matches(text.into()));
    assert_eq!(found(&*store, titled("另一")).await, ["C00003/accept"]);
    assert_eq!(found(&*store, titled("alpha3")).await, ["C00003/decide"]);
    apply(&*store, vec![ViewChange::delete("tasks", key("C00003", "accept"))]).await;
    assert_eq!(store.view_row("tasks", &key("C00003", "accept")).await.unwrap(), None);
    assert_eq!(found(&*store, titled("另一")).await, [""; 0]);
    apply(&*store, vec![ViewChange::delete("tasks", key("C00003", "accept"))]).await;
    let gone =
        ViewChange::DeleteWhere { table: "tasks".into(), column: "case_id".into(), value: "C00004".into() };
    apply(&*store, vec![gone]).await;
    assert_eq!(found(&*store, ViewQuery::new("tasks").limit(100)).await.len(), 37);
    assert_eq!(found(&*store, titled("C00004")).await, [""; 0]);
    let nobody =
        ViewChange::DeleteWhere { table: "tasks".into(), column: "assignee".into(), value: Cell::Null };
    apply(&*store, vec![nobody]).await;
    let left = store.view_rows(ViewQuery::new("tasks").limit(100)).await.unwrap();
    assert!(!left.rows.is_empty() && left.rows.iter().all(|row| !row.cell(5).is_null()));
}

pub(super) async fn a_refused_batch_leaves_rows_alone(ground: &dyn Ground) {
    let store = filled(ground).await;
    let before = store.view_digest("tasks").await.unwrap();
    let batch = append("a", Expected::Version(crate::Version(7)), events(0..1)).views([
        upsert(task(3, "accept", "乙部", "gone", 1)),
        ViewChange::delete("tasks", key("C00005", "accept")),
    ]);
    assert!(store.commit(batch).await.unwrap_err().conflict().is_some());
    assert_eq!(store.view_digest("tasks").await.unwrap(), before);
    // A repeated command leaves them alone too.
    let given =
        |row| append("a", Expected::Any, events(0..1)).views([upsert(row)]).command(CommandId(id(1)), vec![]);
    store.commit(given(task(3, "accept", "乙部", "once", 1))).await.unwrap();
    let once = store.view_digest("tasks").await.unwrap();
    assert_ne!(once, before);
    store.commit(given(task(3, "accept", "乙部", "twice", 1))).await.unwrap();
    assert_eq!(store.view_digest("tasks").await.unwrap(), once);
}

pub(super) async fn rows_that_do_not_fit_are_refused(ground: &dyn Ground) {
    let store = filled(ground).await;
    let with = |place: usize, cell: Cell| {
        let mut row = task(1, "accept", "甲部", "open", 1);
        row.0[place] = cell;
        upsert(row)
    };
    let mut short = task(1, "accept", "甲部", "open", 1);
    short.0.pop();
    let bad = vec![
        with(0, Cell::Null),
        with(4, "soon".into()),
        with(4, Cell::Real(1.0)),
        with(6, Cell::Integer(1)),
        with(7, Cell::Real(f64::NAN)),
        upsert(short),
        ViewChange::delete("tasks", vec!["C00001".into()]),
        ViewChange::delete("nothing", key("C00001", "accept")),
        ViewChange::Add {
            table: "tasks".into(),
            key: key("C00001", "accept"),
            amounts: vec![("title".into(), 1)],
        },
        ViewChange::DeleteWhere { table: "tasks".into(), column: "none".into(), value: Cell::Null },
    ];
    for change in bad {
        let batch = append("a", Expected::Any, vec![event(1)]).views([change.clone()]);
        let refused = store.commit(batch).await;
        assert!(matches!(refused, Err(StoreError::Malformed(_))), "{change:?}: {refused:?}");
    }
    assert_eq!(store.head().await.unwrap(), Position::START);
}

pub(super) async fn filters_find_what_they_say(ground: &dyn Ground) {
    let store = filled(ground).await;
    let count = async |conditions: Vec<Condition>| {
        let mut query = ViewQuery::new("tasks").limit(100);
        query.filter = conditions;
        found(&*store, query).await.len()
    };
    assert_eq!(count(vec![]).await, 40);
    assert_eq!(count(vec![Condition::eq("department", "甲部")]).await, 14);
    assert_eq!(count(vec![Condition::eq("department", "甲部"), Condition::eq("state", "done")]).await, 2);
    assert_eq!(count(vec![Condition::NotEq("state".into(), "open".into())]).await, 5);
    assert_eq!(count(vec![Condition::is_in("department", ["甲部", "丙部", "丁部"])]).await, 26);
    assert_eq!(count(vec![Condition::In("department".into(), Vec::new())]).await, 0);
    assert_eq!(count(vec![Condition::between("due_at", 0_i64, 5_i64)]).await, 18);
    assert_eq!(count(vec![Condition::at_least("due_at", 5_i64), Condition::below("due_at", 5_i64)]).await, 0);
    assert_eq!(count(vec![Condition::IsNull("assignee".into())]).await, 26);
    assert_eq!(count(vec![Condition::NotNull("assignee".into())]).await, 14);
    assert_eq!(count(vec![Condition::NotEq("assignee".into(), "officer/0".into())]).await, 10);
    assert_eq!(count(vec![Condition::Prefix("case_id".into(), "C0001".into())]).await, 20);
    assert_eq!(count(vec![Condition::Prefix("department".into(), "甲".into())]).await, 14);
    assert_eq!(count(vec![Condition::Prefix("department".into(), "%".into())]).await, 0);
    assert_eq!(count(vec![Condition::Prefix("department".into(), String::new())]).await, 40);
    assert_eq!(count(vec![Condition::eq("share", Cell::Real(0.25))]).await, 2);
    assert_eq!(count(vec![Condition::eq("mark", vec![7, 0, 255])]).await, 2);
    let mine_or_nobodys = Condition::AnyOf(vec![
        vec![Condition::eq("assignee", "officer/0")],
        vec![Condition::IsNull("assignee".into()), Condition::eq("department", "乙部")],
    ]);
    assert_eq!(count(vec![mine_or_nobodys, Condition::eq("step", "accept")]).await, 9);
    assert_eq!(count(vec![Condition::AnyOf(Vec::new())]).await, 0);
    assert_eq!(count(vec![Condition::eq("department", "'; drop table tasks; --")]).await, 0);
}

pub(super) async fn text_is_found_in_chinese_and_latin(ground: &dyn Ground) {
    let store = filled(ground).await;
    for (text, wanted) in [
        ("甲事项", 40),
        ("事项", 40),
        ("项事", 0),
        ("事", 40),
        ("alpha7", 2),
        ("Ａlpha7", 2),
        ("alpha1", 22),
        ("lpha7", 0),
        ("c00007", 2),
        ("甲事项 alpha7", 2),
        ("乙事项", 0),
        ("", 0),
        ("\" OR 1", 0),
        ("alpha7* AND NOT", 0),
    ] {
        let query = ViewQuery::new("tasks").filter(Condition::Matches(text.into())).limit(100);
        assert_eq!(found(&*store, query).await.len(), wanted, "{text}");
    }
}

pub(super) async fn pages_follow_one_another_without_gap_or_overlap(ground: &dyn Ground) {
    let store = filled(ground).await;
    let orders = [
        ViewQuery::new("tasks"),
        ViewQuery::new("tasks").ascending("due_at"),
        ViewQuery::new("tasks").descending("due_at"),
        ViewQuery::new("tasks").ascending("department").descending("due_at"),
        ViewQuery::new("tasks").descending("state").ascending("due_at").descending("case_id"),
        ViewQuery::new("tasks").ascending("share").filter(Condition::eq("state", "open")),
        ViewQuery::new("tasks").descending("mark").filter(Condition::Matches("事项".into())),
    ];
    for query in orders {
        let all = store.view_rows(query.clone().limit(1000)).await.unwrap();
        assert_eq!(all.next, None);
        for size in [1, 7, 39, 40, 41] {
            let mut rows = Vec::new();
            let mut cursor = None;
            loop {
                let page = store.view_rows(query.clone().limit(size).after(cursor)).await.unwrap();
                assert!(page.rows.len() <= size as usize);
                rows.extend(page.rows);
                let Some(next) = page.next else { break };
                // Cursors travel as text.
                cursor = Some(Cursor::parse(&next.to_text()).expect("a cursor survives travelling"));
            }
            assert_eq!(rows, all.rows, "{query:?} by {size}");
        }
    }
    // The next page also follows a row that was deleted meanwhile.
    let query = ViewQuery::new("tasks").ascending("due_at").limit(5);
    let first = store.view_rows(query.clone()).await.unwrap();
    let last = first.rows.last().unwrap();
    let all = store.view_rows(query.clone().limit(1000)).await.unwrap().rows;
    apply(&*store, vec![ViewChange::delete("tasks", tasks().key_of(last))]).await;
    let second = store.view_rows(query.after(first.next)).await.unwrap();
    assert_eq!(second.rows[..], all[5..10]);
}

pub(super) async fn a_cursor_fits_only_its_query(ground: &dyn Ground) {
    let store = filled(ground).await;
    let page = store.view_rows(ViewQuery::new("tasks").ascending("due_at").limit(3)).await.unwrap();
    for other in
        [ViewQuery::new("tasks").descending("due_at"), ViewQuery::new("tasks"), ViewQuery::new("figures")]
    {
        let refused = store.view_rows(other.after(page.next.clone())).await;
        assert!(matches!(refused, Err(StoreError::Malformed(_))), "{refused:?}");
    }
    for text in ["", "zz", "7b7d", "5b5d", "é"] {
        assert_eq!(Cursor::parse(text), None, "{text}");
    }
}

pub(super) async fn figures_are_counted_by_group(ground: &dyn Ground) {
    let store = filled(ground).await;
    let rows = store.view_tally(ViewTally::new("tasks").by("department").by("state")).await.unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.group[0].as_text().unwrap(), row.group[1].as_text().unwrap(), row.count))
        .collect();
    let wanted = [
        ("丙部", "done", 1),
        ("丙部", "open", 11),
        ("乙部", "done", 2),
        ("乙部", "open", 12),
        ("甲部", "done", 2),
        ("甲部", "open", 12),
    ];
    assert_eq!(told, wanted);
    let tally = ViewTally::new("tasks")
        .filter(Condition::eq("step", "accept"))
        .sum("due_at")
        .sum("share")
        .measure(Measure::Min("assignee".into()))
        .measure(Measure::Max("due_at".into()));
    let all = store.view_tally(tally).await.unwrap();
    let due: i64 = (0..20).map(|case| case * 7 % 11).sum();
    let share = (0..20).map(|case| f64::from(case) / 4.0).sum::<f64>();
    assert_eq!((all[0].count, all.len()), (20, 1));
    let wanted = [Cell::Integer(due), Cell::Real(share), "officer/0".into(), Cell::Integer(10)];
    assert_eq!(all[0].measures, wanted);
    let nothing = ViewTally::new("tasks").filter(Condition::eq("state", "none")).sum("due_at");
    let rows = store.view_tally(nothing.clone()).await.unwrap();
    assert_eq!((rows[0].count, &rows[0].measures[0]), (0, &Cell::Null));
    assert_eq!(store.view_tally(nothing.by("state")).await.unwrap(), []);
    let by_null = store.view_tally(ViewTally::new("tasks").by("assignee")).await.unwrap();
    assert_eq!((&by_null[0].group[0], by_null[0].count), (&Cell::Null, 26));
}

pub(super) async fn amounts_are_added(ground: &dyn Ground) {
    let store = filled(ground).await;
    let add = |opened, closed| ViewChange::Add {
        table: "figures".into(),
        key: vec!["2026-11".into(), "甲事项".into()],
        amounts: vec![("opened".into(), opened), ("closed".into(), closed)],
    };
    apply(&*store, vec![add(1, 0), add(2, 1)]).await;
    apply(&*store, vec![add(0, -3)]).await;
    let row = store.view_row("figures", &["2026-11".into(), "甲事项".into()]).await.unwrap().unwrap();
    assert_eq!(row.0[2..], [Cell::Integer(3), Cell::Integer(-2), Cell::Null]);
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (store, change) = (std::sync::Arc::clone(&store), add(1, 1));
            tokio::spawn(async move { apply(&*store, vec![change]).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let row = store.view_row("figures", &["2026-11".into(), "甲事项".into()]).await.unwrap().unwrap();
    assert_eq!((row.integer(2), row.integer(3)), (Some(19), Some(14)));
}

pub(super) async fn changed_declarations_start_empty_and_stale(ground: &dyn Ground) {
    let mut store = filled(ground).await;
    store.commit(append("a", Expected::Any, events(0..1))).await.unwrap();
    assert_eq!(store.declare_views(vec![tasks(), figures()]).await.unwrap(), [""; 0]);
    let before = store.view_digest("tasks").await.unwrap();
    store = ground.reopen(store).await;
    assert_eq!(store.declare_views(vec![tasks(), figures()]).await.unwrap(), [""; 0]);
    assert_eq!(store.view_digest("tasks").await.unwrap(), before);
    let newer = ViewSchema { version: 2, ..tasks() };
    assert_eq!(store.declare_views(vec![newer.clone(), figures()]).await.unwrap(), ["tasks"]);
    assert_eq!(found(&*store, ViewQuery::new("tasks")).await, [""; 0]);
    // It stays stale until it is rebuilt, however often it is declared.
    assert_eq!(store.declare_views(vec![newer.clone(), figures()]).await.unwrap(), ["tasks"]);
    assert_eq!(store.declare_views(vec![newer]).await.unwrap(), ["tasks"]);
    assert!(store.view_rows(ViewQuery::new("figures")).await.is_err());
    assert_eq!(store.declare_views(vec![figures()]).await.unwrap(), ["figures"]);
    let bad = [
        ViewSchema::new("Bad name", 1).text("a").key(&["a"]),
        ViewSchema::new("v", 1).text("a"),
        ViewSchema::new("v", 1).text("a").key(&["b"]),
        ViewSchema::new("v", 1).nullable("a", ColumnKind::Text).key(&["a"]),
        ViewSchema::new("v", 1).text("a").text("a").key(&["a"]),
        ViewSchema::new("v", 1).integer("a").key(&["a"]).search(&["a"]),
        ViewSchema::new("v", 1).text("a").key(&["a"]).index(&["c"]),
    ];
    for schema in bad {
        let refused = store.declare_views(vec![schema.clone()]).await;
        assert!(matches!(refused, Err(StoreError::Malformed(_))), "{schema:?}");
    }
    assert_eq!(found(&*store, ViewQuery::new("figures").limit(5)).await.len(), 0);
}

pub(super) async fn questions_with_unknown_names_are_refused(ground: &dyn Ground) {
    let store = filled(ground).await;
    for query in [
        ViewQuery::new("none"),
        ViewQuery::new("tasks").ascending("none"),
        ViewQuery::new("tasks").ascending("assignee"),
        ViewQuery::new("tasks").limit(0),
        ViewQuery::new("tasks").limit(u32::MAX),
        ViewQuery::new("tasks").filter(Condition::eq("none", 1_i64)),
        ViewQuery::new("tasks").filter(Condition::eq("due_at", "1")),
        ViewQuery::new("tasks").filter(Condition::eq("assignee", Cell::Null)),
        ViewQuery::new("tasks").filter(Condition::Prefix("due_at".into(), "1".into())),
        ViewQuery::new("figures").filter(Condition::Matches("甲".into())),
        ViewQuery::new("tasks").filter(Condition::AnyOf(vec![vec![Condition::IsNull("none".into())]])),
    ] {
        let refused = store.view_rows(query.clone()).await;
        assert!(matches!(refused, Err(StoreError::Malformed(_))), "{query:?}: {refused:?}");
    }
    for tally in [
        ViewTally::new("none"),
        ViewTally::new("tasks").by("none"),
        ViewTally::new("tasks").sum("title"),
        ViewTally::new("tasks").sum("none"),
    ] {
        let refused = store.view_tally(tally.clone()).await;
        assert!(matches!(refused, Err(StoreError::Malformed(_))), "{tally:?}: {refused:?}");
    }
    assert!(store.view_row("tasks", &["C00001".into()]).await.is_err());
    let batch = Batch::new(at(0)).append(stream("a"), Expected::Any, events(0..1));
    let ghost = Change::View(ViewChange::delete("none", vec![]));
    assert!(store.commit(batch.change(ghost)).await.is_err());
    assert_eq!(store.head().await.unwrap(), Position::START);
}
