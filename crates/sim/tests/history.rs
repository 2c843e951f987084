//! A history is reproducible, reaches every state, and leaves a sound journal.

mod zone;

use std::collections::BTreeSet;
use std::sync::Arc;

use casework::{ClockKind, MatterState, StepState};
use jiff::Timestamp;
use office::{CaseFilter, DerivedKeys, Office, Surroundings, WorklistFilter};
use sim::history::{self, HistoryReport, Spec};
use sim::{Cast, PlayClock, SeededEntropy};
use store::{Digest, MemoryStore, Position, Store};

struct Played {
    office: Office,
    cast: Cast,
    store: MemoryStore,
    report: HistoryReport,
    now: Timestamp,
}

async fn played(cases: u32, seed: u64) -> Played {
    let compiled = zone::compiled();
    let edition = compiled.edition.as_ref().expect("the shipped zone compiles");
    let former = history::former_edition(edition).expect("the shipped zone tolerates a paper");
    let now: Timestamp = "2026-09-18T06:30:00Z".parse().expect("an instant");
    let store = MemoryStore::new();
    let surroundings = Surroundings {
        store: Arc::new(store.clone()),
        clock: Arc::new(PlayClock::standing_at(now)),
        entropy: Arc::new(SeededEntropy::new(seed)),
        keys: Arc::new(DerivedKeys::new([7; 32])),
        public_url: "http://localhost".into(),
        second_factor: office::SecondFactor::Off,
    };
    let cast = Cast::unseated(edition, seed);
    let office = Office::start(surroundings, Some(former)).await.expect("the office opens");
    let spec = Spec { cases, weeks: 8, until: now, seed, at_once: 1, mended: Some(compiled) };
    let report = history::play(&office, &cast, spec).await.expect("nothing breaks");
    Played { office, cast, store, report, now }
}

/// The digest of all heads.
async fn heads(store: &MemoryStore) -> Digest {
    store.survey(Position::START).await.expect("a memory store answers").heads
}

#[tokio::test]
async fn the_same_seed_gives_the_same_journal() {
    let (one, two, other) = (played(25, 5).await, played(25, 5).await, played(25, 6).await);
    assert_eq!(one.report, two.report);
    assert_eq!(heads(&one.store).await, heads(&two.store).await);
    assert_ne!(heads(&one.store).await, heads(&other.store).await);
}

#[tokio::test]
async fn a_history_is_lived_in_and_sound() {
    let played = played(260, 1).await;
    let Played { office, cast, store, report, now } = &played;
    println!("{report:#?}");
    assert!(report.call_backs > 0, "a bad rating is called back: {report:?}");
    let refused: u32 = report.refused.values().sum();
    assert!(report.cases >= 255, "{report:?}");
    assert!(refused * 20 < report.acts, "people know what they may do: {report:?}");

    let viewer = cast.officers.first().expect("the zone has officers");
    let filter = CaseFilter::default();
    let (mut states, mut after) = (BTreeSet::new(), None);
    let (mut pauses, mut deemed, mut extended, mut late, mut ratings, mut promises) = (0, 0, 0, 0, 0, 0);
    loop {
        let list = office.cases(&filter, 200, after, viewer).await.expect("a list");
        for line in &list.lines {
            let loaded = office.load_case(line.row.id).await.expect("a case");
            let case = &loaded.case;
            assert!(case.changed_at <= *now, "nothing happens in the future");
            ratings += u32::from(case.rating.is_some());
            for matter in &case.matters {
                states.insert(matter.state.code());
                pauses += matter.pauses.len();
                deemed += usize::from(matter.deemed);
                extended += usize::from(matter.extension.is_some());
                promises += usize::from(matter.plan.promise_check.is_some());
                late += usize::from(matter.overdue.contains(&ClockKind::Promised));
                for pause in matter.pauses.iter().filter(|pause| pause.to.is_none()) {
                    let paused = matter.clock(ClockKind::Promised).is_some_and(|clock| {
                        clock.pauses.iter().any(|span| span.from == pause.from && span.to.is_none())
                    });
                    assert!(
                        paused || matter.state.is_over(),
                        "{}: a clock runs through its pause",
                        case.number
                    );
                }
                if matter.state == MatterState::Completed {
                    let open = matter.runs().any(|(_, run)| matches!(run.state, StepState::Open { .. }));
                    assert!(!open, "{}: completed with open steps", case.number);
                }
            }
        }
        match list.next {
            Some(cursor) => after = Some(cursor),
            None => break,
        }
    }
    for state in
        ["received", "correcting", "accepted", "granted", "completed", "refused", "not-accepted", "withdrawn"]
    {
        assert!(states.contains(state), "no matter is {state}: {states:?}");
    }
    assert!(pauses > 0 && deemed > 0 && extended > 0 && late > 0 && promises > 0 && ratings > 20);

    let edition = office.edition();
    let mut idle = Vec::new();
    for role in edition.parts().roles.values() {
        let takes_steps = edition
            .parts()
            .items
            .values()
            .flat_map(|item| item.steps.values())
            .any(|step| matches!(&step.by, catalogue::Performer::Role { role: by } if *by == role.id));
        let Some(holder) = cast.holders(&role.id).first().copied() else { continue };
        let mine = WorklistFilter { role: Some(role.id.to_string()), ..WorklistFilter::default() };
        let list = office.worklist(&mine, 5, None, holder).await.expect("a worklist");
        if takes_steps && list.tasks.is_empty() {
            idle.push(role.id.to_string());
        }
    }
    println!("roles without work: {idle:?}");
    let roles = edition.parts().roles.len();
    assert!(idle.len() * 5 < roles, "{} of {roles} roles have nothing to do: {idle:?}", idle.len());

    let audit = store::audit(store, None).await.expect("the audit runs");
    assert!(audit.findings.is_empty(), "{:?}", audit.findings);
    let rebuilt = office.rebuild(&mut |_| {}).await.expect("a rebuild runs");
    assert!(rebuilt.unchanged(), "views differ from the journal: {:?}", rebuilt.views);
}

#[tokio::test]
async fn the_applicants_with_accounts_find_their_cases() {
    let played = played(40, 2).await;
    for viewer in &played.cast.applicants {
        let own = played.office.own_cases(office::By::Viewer(viewer)).await.expect("a list");
        assert!(own.len() >= 2, "{} has {} cases", viewer.login, own.len());
    }
    let mut states = BTreeSet::new();
    for viewer in &played.cast.applicants {
        for line in played.office.own_cases(office::By::Viewer(viewer)).await.expect("a list") {
            let case = played.office.load_case(line.row.id).await.expect("a case").case;
            states.extend(case.matters.iter().map(|matter| matter.state.code()));
        }
    }
    assert!(states.contains("correcting") && states.contains("completed"), "{states:?}");
}
