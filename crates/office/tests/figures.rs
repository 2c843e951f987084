//! Every figure opens exactly what it counts, whatever happened before.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeSet;

use calendar::Limit;
use casework::{MatterState, PauseKind};
use catalogue::StatutoryPause;
use jiff::SignedDuration;
use office::{Act, By, Counted, FigureFilter, Figures, OfficeError, Period, Viewer};
use support::{Zone, officer, views};

/// How many lines there are, page by page; none twice.
async fn listed(zone: &Zone, filter: &FigureFilter, by: &Viewer) -> u64 {
    const PAGE: u32 = 7;
    let mut seen = BTreeSet::new();
    let mut after = None;
    loop {
        let page = zone.office.matters(filter, PAGE, after, by).await.unwrap();
        for line in &page.lines {
            let item = line.matter.as_ref().map(|matter| matter.item.clone());
            assert!(seen.insert((line.case, item)), "{filter:?} lists a line twice");
            if matches!(filter.what, Counted::Settled | Counted::SettledLate) {
                let decided = line.matter.as_ref().is_some_and(|matter| matter.decided_at.is_some());
                assert!(decided, "what waits is not decided: {line:?}");
            }
        }
        match page.next {
            Some(cursor) => after = Some(cursor),
            None => return seen.len() as u64,
        }
    }
}

async fn check(zone: &Zone, figures: &Figures, by: &Viewer) {
    for what in Counted::all() {
        let filter = figures.filter(what);
        assert_eq!(
            figures.total.count(what),
            listed(zone, &filter, by).await,
            "{what:?} of {:?}",
            figures.period
        );
        for row in &figures.by_department {
            let filter = FigureFilter { department: Some(row.id.clone()), ..filter.clone() };
            if !what.is_of_cases() {
                assert_eq!(row.totals.count(what), listed(zone, &filter, by).await, "{what:?} of {}", row.id);
            }
        }
        for row in &figures.by_item {
            let filter = FigureFilter { item: Some(row.id.clone()), ..filter.clone() };
            if !what.is_of_cases() {
                assert_eq!(row.totals.count(what), listed(zone, &filter, by).await, "{what:?} of {}", row.id);
            }
        }
        for row in &figures.by_thing {
            let filter = FigureFilter { thing: Some(row.id.clone()), ..filter.clone() };
            assert_eq!(row.totals.count(what), listed(zone, &filter, by).await, "{what:?} of {}", row.id);
        }
        for row in &figures.by_channel {
            let filter = FigureFilter { channel: Some(row.id.clone()), ..filter.clone() };
            assert_eq!(row.totals.count(what), listed(zone, &filter, by).await, "{what:?} of {}", row.id);
        }
    }
}

#[tokio::test]
async fn every_figure_opens_exactly_what_it_counts() {
    let zone = Zone::open(12).await;
    zone.history(80, 24).await;
    let leader = zone.leader();
    let now = zone.office.this_month();
    let year = Period::between(now.plus(-11), now);
    let figures = zone.office.figures(year, &leader).await.unwrap();
    // The history must be worth counting.
    for what in [
        Counted::Received,
        Counted::Corrected,
        Counted::Accepted,
        Counted::Deemed,
        Counted::Decided,
        Counted::Granted,
        Counted::Refused,
        Counted::SameDay,
        Counted::Early,
        Counted::Saved,
        Counted::Late,
        Counted::Open,
        Counted::Overdue,
        Counted::Cases,
        Counted::Reports,
        Counted::Rated,
        Counted::RatedBadly,
    ] {
        assert!(figures.total.count(what) > 0, "nothing was {what:?} in this history: {:#?}", figures.total);
    }
    check(&zone, &figures, &leader).await;
    for month in [now, now.previous()] {
        let figures = zone.office.figures(Period::month(month), &leader).await.unwrap();
        check(&zone, &figures, &leader).await;
    }
}

/// A day passes, nobody acts and no timer has fired yet: what is due today is said so by counts and lists alike.
#[tokio::test]
async fn a_day_that_passes_without_an_act_moves_counts_and_lists_together() {
    let zone = Zone::open(16).await;
    zone.history(40, 16).await;
    let leader = zone.leader();
    let (mut due_today, mut overdue) = (0, 0);
    for _ in 0..10 {
        zone.pass(SignedDuration::from_hours(24));
        let figures = zone.office.figures(Period::month(zone.office.this_month()), &leader).await.unwrap();
        check(&zone, &figures, &leader).await;
        let page = zone.office.matters(&figures.filter(Counted::DueToday), 100, None, &leader).await.unwrap();
        let offset = zone.office.edition().offset();
        let today = offset.to_datetime(zone.office.now()).date();
        for line in &page.lines {
            assert_eq!(line.colour, "due-today");
            // The clock of the case page says the same.
            let loaded = zone.office.load_case(line.case).await.unwrap();
            let matter = line.matter.as_ref().unwrap();
            let clocks = loaded.case.clocks(loaded.edition.calendar(), offset, zone.office.now());
            let mut own = clocks.iter().filter(|clock| clock.item.as_str() == matter.item);
            assert!(own.any(|clock| clock.colour == casework::Colour::DueToday && clock.due.due_on == today));
        }
        due_today += page.lines.len();
        overdue = overdue.max(figures.total.count(Counted::Overdue));
    }
    assert!(due_today > 0 && overdue > 0, "{due_today}, {overdue}");
}

#[tokio::test]
async fn months_add_up_to_the_year() {
    let zone = Zone::open(12).await;
    zone.history(40, 20).await;
    let leader = zone.leader();
    let now = zone.office.this_month();
    let figures = zone.office.figures(Period::between(now.plus(-11), now), &leader).await.unwrap();
    for what in Counted::all().filter(|what| !what.is_now()) {
        let months: u64 = figures.by_month.iter().map(|(_, totals)| totals.count(what)).sum();
        assert_eq!(months, figures.total.count(what), "{what:?}");
        if !what.is_of_cases() {
            let items: u64 = figures.by_item.iter().map(|row| row.totals.count(what)).sum();
            assert_eq!(items, figures.total.count(what), "{what:?} by item");
        }
    }
    let spared: i64 = figures.by_month.iter().map(|(_, totals)| totals.questions_spared).sum();
    assert_eq!(spared, figures.total.questions_spared);
    assert!(spared > 0, "one form spares somebody a question");
    let mut listed = 0;
    let mut after = None;
    loop {
        let page = zone.office.matters(&figures.filter(Counted::Cases), 9, after, &leader).await.unwrap();
        listed += page.lines.iter().map(|line| line.spared.expect("every form is measured")[0]).sum::<i64>();
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(listed, spared, "what one form spared is the sum over its cases");
}

#[tokio::test]
async fn a_head_sees_the_department_and_nothing_else() {
    let zone = Zone::open(13).await;
    zone.history(40, 16).await;
    let head = zone.head();
    let own = zone.office.edition().role(&head.roles[0]).unwrap().department.to_string();
    let now = zone.office.this_month();
    let figures = zone.office.figures(Period::between(now.plus(-11), now), &head).await.unwrap();
    assert_eq!(figures.departments.as_deref(), Some(&[own.clone()][..]));
    assert!(figures.total.received > 0);
    assert!(figures.by_department.iter().all(|row| row.id == own));
    check(&zone, &figures, &head).await;
    // A department named in the address does not open another's matters.
    let others =
        zone.office.edition().parts().departments.keys().find(|id| id.as_str() != own).cloned().unwrap();
    let filter = FigureFilter { department: Some(others.to_string()), ..figures.filter(Counted::Received) };
    assert_eq!(listed(&zone, &filter, &head).await, 0);
}

#[tokio::test]
async fn figures_are_for_heads_leaders_and_administrators() {
    let zone = Zone::open(14).await;
    let period = Period::month(zone.office.this_month());
    let edition = zone.office.edition();
    let clerk =
        edition.parts().roles.values().find(|role| role.rank == catalogue::RoleRank::Officer).unwrap();
    let mut applicant = officer(3, Vec::new());
    applicant.standing = office::Standing::Applicant;
    for stranger in [officer(2, vec![clerk.id.clone()]), officer(4, Vec::new()), applicant] {
        assert!(matches!(zone.office.figures(period, &stranger).await, Err(OfficeError::Denied)));
        let filter = FigureFilter::new(Counted::Open, period);
        assert!(matches!(zone.office.matters(&filter, 5, None, &stranger).await, Err(OfficeError::Denied)));
    }
    let mut administrator = officer(5, Vec::new());
    administrator.standing = office::Standing::Administrator;
    assert!(zone.office.figures(period, &administrator).await.unwrap().total.is_empty());
}

#[tokio::test]
async fn a_rebuild_leaves_every_row_as_it_was() {
    let zone = Zone::open(15).await;
    let applicant = zone.applicant("somebody").await;
    let service = zone.services().remove(0);
    zone.apply(&service, false, office::By::Viewer(&applicant)).await.unwrap();
    zone.history(40, 20).await;
    let before = views(&zone.office).await;
    let report = zone.office.rebuild(&mut |_| {}).await.unwrap();
    assert!(report.events > 400, "{report:?}");
    assert_eq!(views(&zone.office).await, before);
}

/// The day that it would have moves on with every day that it stands: none goes into a list or a file.
#[tokio::test]
async fn a_clock_that_stands_still_has_no_day_in_lists_and_files() {
    let zone = Zone::open(71).await;
    let key = zone.guest();
    let clerk = By::Viewer(&zone.officers[0]);
    // Some promise an answer on the same day, which no pause moves.
    let mut found = None;
    for thing in zone.services() {
        let Some(submitted) = zone.apply(&thing, false, By::Guest(&key)).await else { continue };
        zone.office.act(submitted.id, Act::Accept { item: None }, clerk, None).await.unwrap();
        let loaded = zone.office.load_case(submitted.id).await.unwrap();
        let lasts = |matter: &&casework::Matter| {
            matter.state == MatterState::Accepted && matter.plan.limits.promised.amount > 1
        };
        if let Some(matter) = loaded.case.matters.iter().find(lasts) {
            found = Some((submitted.id, matter.item.clone()));
            break;
        }
    }
    let (id, item) = found.unwrap();
    let days = async || {
        let mut records = zone.office.records().await.unwrap();
        let case = loop {
            let case = records.next().await.unwrap().unwrap();
            if case.id == id {
                break case;
            }
        };
        let matter = case.matters.into_iter().find(|matter| matter.item == item).unwrap();
        (matter.row.promised_due_at, matter.row.statutory_due_at)
    };
    let before = days().await;
    assert!(before.0.is_some());
    let kind = PauseKind::Statutory(StatutoryPause::ALL[0]);
    let notice = "需要鉴定。".to_owned();
    let pause =
        Act::Pause { item: item.clone(), kind: kind.clone(), needed: Some(Limit::working_days(5)), notice };
    zone.office.act(id, pause, clerk, None).await.unwrap();
    assert_eq!(days().await, (None, None));
    zone.pass(SignedDuration::from_hours(24 * 30));
    zone.office.act(id, Act::Resume { item: item.clone(), kind }, clerk, None).await.unwrap();
    let after = days().await;
    assert!(after.0 > before.0, "it goes on from where it stood: {before:?}, {after:?}");
}
