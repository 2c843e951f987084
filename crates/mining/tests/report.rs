//! The report follows from the log: checked by hand on a small one, by properties on random ones.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use jiff::tz::Offset;
use mining::{
    Bounds, Chosen, Declared, DeclaredStep, Ending, Event, Hours, Log, LogBuilder, Report, Side, Stray,
    Strays, Trace, Transition, read_xes,
};

const HOUR: i64 = 3_600_000_000;

struct Case<'a> {
    id: &'a str,
    kind: &'a str,
    ending: Ending,
    /// Activity, hour, department.
    acts: &'a [(&'a str, i64, &'a str)],
}

fn log(cases: &[Case<'_>], plan: Option<Declared>) -> Log {
    let mut log = LogBuilder::new("by hand");
    let plan = plan.map(|plan| log.plan(plan));
    for case in cases {
        let events = case.acts.iter().map(|(activity, hour, group)| Event {
            activity: log.name(activity),
            at: hour * HOUR,
            transition: Transition::Complete,
            group: Some(log.name(group)),
            ready_at: None,
            side: Side::Office,
        });
        let events = events.collect();
        let kind = Some(log.name(case.kind));
        log.trace(Trace { id: case.id.into(), kind, ending: case.ending, plan, events, ..Trace::default() });
    }
    log.finish()
}

fn step(name: &str, after: &[usize], optional: bool) -> DeclaredStep {
    DeclaredStep {
        name: name.into(),
        after: after.to_vec(),
        optional,
        again: name == "b",
        decides: name == "decide",
    }
}

/// `a`, then `b` and `c` in any order, then the decision, then `issue`.
fn plan() -> Declared {
    let steps = [
        step("a", &[], false),
        step("b", &[0], false),
        step("c", &[0], true),
        step("decide", &[1, 2], false),
        step("issue", &[3], false),
    ];
    Declared { steps: steps.into() }
}

fn fit(ending: Ending, acts: &[&str]) -> (u64, u64, Vec<(String, u64, u64)>) {
    let acts: Vec<(&str, i64, &str)> = acts.iter().zip(0..).map(|(act, hour)| (*act, hour, "d")).collect();
    let log = log(&[Case { id: "1", kind: "k", ending, acts: &acts }], Some(plan()));
    let fit = Report::of(&log, &Chosen::default(), &Hours::Clock).fit;
    let strayed = fit.strayed.into_iter().map(|each| (each.step, each.left_out, each.out_of_place));
    (fit.judged, fit.fitting, strayed.collect())
}

#[test]
fn steps_that_come_as_declared_fit_and_others_are_named() {
    let fits = (1, 1, vec![]);
    assert_eq!(fit(Ending::Through, &["a", "b", "c", "decide", "issue"]), fits);
    assert_eq!(fit(Ending::Through, &["a", "c", "b", "decide", "issue"]), fits, "in any order");
    assert_eq!(fit(Ending::Through, &["a", "b", "decide", "issue"]), fits, "c may be left out");
    assert_eq!(fit(Ending::Through, &["a", "b", "c", "b", "decide", "issue"]), fits, "b may be done again");
    assert_eq!(fit(Ending::Through, &["a", "x", "b", "decide", "issue"]), fits, "x is no step");
    assert_eq!(fit(Ending::Refused, &["a", "b", "c", "decide"]), fits, "nothing is issued after a refusal");
    let strays = |step: &str, left: u64, place: u64| (1, 0, vec![(step.to_owned(), left, place)]);
    assert_eq!(fit(Ending::Through, &["a", "decide", "issue"]), strays("b", 1, 0));
    assert_eq!(fit(Ending::Through, &["a", "b", "decide"]), strays("issue", 1, 0));
    assert_eq!(fit(Ending::Refused, &["a", "decide"]), strays("b", 1, 0));
    assert_eq!(fit(Ending::Through, &["a", "b", "c", "c", "decide", "issue"]), strays("c", 0, 1));
    assert_eq!(fit(Ending::Open, &["a"]), (0, 0, vec![]), "what is to come is not known");
    assert_eq!(fit(Ending::BrokenOff, &["a"]), (0, 0, vec![]));
}

fn two_kinds() -> Log {
    log(
        &[
            Case {
                id: "1",
                kind: "k",
                ending: Ending::Through,
                acts: &[("a", 0, "one"), ("b", 10, "two"), ("c", 12, "one")],
            },
            Case {
                id: "2",
                kind: "k",
                ending: Ending::Through,
                acts: &[("a", 0, "one"), ("b", 4, "two"), ("c", 9, "one")],
            },
            Case { id: "3", kind: "l", ending: Ending::Open, acts: &[("a", 5, "one"), ("c", 6, "one")] },
        ],
        None,
    )
}

#[test]
fn time_is_told_by_step_and_by_department() {
    let report = Report::of(&two_kinds(), &Chosen::default(), &Hours::Clock);
    assert_eq!((report.cases, report.events, report.activities, report.ways_in_all), (3, 8, 3, 2));
    let steps: Vec<(&str, u64, i64, i64)> = report
        .steps
        .iter()
        .map(|each| {
            (
                each.name.as_str(),
                each.times,
                each.whole.sum_seconds / 3600,
                each.undivided.median_seconds / 3600,
            )
        })
        .collect();
    assert_eq!(steps, [("b", 2, 14, 7), ("c", 3, 8, 2), ("a", 3, 0, 0)]);
    let groups: Vec<(&str, u64, i64)> = report
        .groups
        .iter()
        .map(|each| (each.name.as_str(), each.cases, each.whole.sum_seconds / 3600))
        .collect();
    assert_eq!(groups, [("two", 2, 14), ("one", 3, 8)]);
    assert_eq!(report.ways[0].activities, ["a", "b", "c"]);
    assert_eq!((report.ways[0].cases, report.ways[0].duration.median_seconds / 1800), (2, 21));
    let follows: Vec<(&str, &str, u64, i64)> = report
        .follows
        .iter()
        .map(|each| (each.from.as_str(), each.to.as_str(), each.times, each.gap.median_seconds / 1800))
        .collect();
    assert_eq!(follows, [("a", "b", 2, 14), ("b", "c", 2, 7), ("a", "c", 1, 2)]);
}

#[test]
fn what_is_chosen_is_what_is_counted_and_listed() {
    let log = two_kinds();
    let way = Report::of(&log, &Chosen::default(), &Hours::Clock).ways[1].key.clone();
    let some = |text: &str| Some(text.to_owned());
    let rows = [
        (Chosen { kind: some("k"), ..Chosen::default() }, vec!["1", "2"]),
        (Chosen { group: some("two"), ..Chosen::default() }, vec!["1", "2"]),
        (Chosen { activity: some("c"), ..Chosen::default() }, vec!["2", "1", "3"]),
        (Chosen { way: Some(way), ..Chosen::default() }, vec!["3"]),
        (Chosen { follows: Some(("a".into(), "c".into())), ..Chosen::default() }, vec!["3"]),
        (
            Chosen { kind: some("k"), group: some("two"), activity: some("nobody"), ..Chosen::default() },
            vec![],
        ),
        (Chosen { strays: Some(Strays::Anyhow), ..Chosen::default() }, vec![]),
    ];
    for (chosen, ids) in rows {
        let report = Report::of(&log, &chosen, &Hours::Clock);
        let (lines, all) = Report::cases(&log, &chosen, &Hours::Clock, 0, 100);
        assert_eq!(lines.iter().map(|line| line.id.as_str()).collect::<Vec<_>>(), ids, "{chosen:?}");
        assert_eq!((report.cases, all), (ids.len() as u64, ids.len() as u64));
    }
    let (lines, all) = Report::cases(&log, &Chosen::default(), &Hours::Clock, 1, 1);
    assert_eq!((lines.len(), lines[0].id.as_str(), all), (1, "2", 3));
}

#[test]
fn nothing_at_all_is_told_as_nothing() {
    let report = Report::of(&Log::default(), &Chosen::default(), &Hours::Clock);
    assert_eq!(report, Report::default());
}

#[test]
fn sums_are_the_same_however_they_are_taken() {
    for seed in 1..40 {
        let mut log =
            read_xes(support::log(seed, 60, seed % 2 == 0).as_bytes(), Bounds::PAGE, Offset::UTC).unwrap();
        log.declare_all(support::declared());
        let report = Report::of(&log, &Chosen::default(), &Hours::Clock);
        let times: u64 = report.steps.iter().map(|each| each.times).sum();
        let all = log.traces().iter().flat_map(|trace| &trace.events);
        assert_eq!(times, all.filter(|event| event.transition == Transition::Complete).count() as u64);
        assert_eq!(report.ways.iter().map(|way| way.cases).sum::<u64>(), report.cases);
        assert_eq!(report.follows.iter().map(|each| each.times).sum::<u64>(), times - report.cases);
        for each in report.steps.iter().chain(&report.groups) {
            let parts = [&each.waiting, &each.working, &each.undivided, &each.applicant];
            assert_eq!(parts.iter().map(|part| part.sum_seconds).sum::<i64>(), each.whole.sum_seconds);
        }
        // The cases checked are those that conform and those that deviate, and the list of deviations has as
        // many.
        let strays = Chosen { strays: Some(Strays::Anyhow), ..Chosen::default() };
        let (_, listed) = Report::cases(&log, &strays, &Hours::Clock, 0, 0);
        assert_eq!(listed + report.fit.fitting, report.fit.judged);
        for each in &report.fit.strayed {
            let so = [Stray::LeftOut(each.step.clone()), Stray::OutOfPlace(each.step.clone())];
            for (stray, count) in so.into_iter().zip([each.left_out, each.out_of_place]) {
                let chosen = Chosen { strays: Some(Strays::So(stray)), ..Chosen::default() };
                assert_eq!(Report::cases(&log, &chosen, &Hours::Clock, 0, 0).1, count, "{chosen:?}");
            }
        }
        assert!(report.fit.fitness.is_some_and(|fitness| (0.0..=1.0).contains(&fitness)));
        // The order of the cases does not matter.
        let mut turned = LogBuilder::new("");
        for trace in log.traces().iter().rev() {
            let again = |place: u32, turned: &mut LogBuilder| turned.name(log.name(place));
            let mut trace = trace.clone();
            trace.plan = None;
            for event in &mut trace.events {
                event.activity = again(event.activity, &mut turned);
                event.group = event.group.map(|group| again(group, &mut turned));
            }
            turned.trace(trace);
        }
        let turned = Report::of(&turned.finish(), &Chosen::default(), &Hours::Clock);
        assert_eq!((turned.ways, turned.follows, turned.steps), (report.ways, report.follows, report.steps));
    }
}

/// In each fifth case the last step is begun and not completed.
fn partly_open(seed: u64) -> Log {
    let whole = support::log(seed, 60, true);
    let (mut lines, mut cases) = (Vec::new(), 0);
    for line in whole.lines() {
        if line.ends_with("</trace>") {
            cases += 1;
            if cases % 5 == 0 {
                lines.pop();
            }
        }
        lines.push(line);
    }
    let mut log = read_xes(lines.join("\n").as_bytes(), Bounds::PAGE, Offset::UTC).unwrap();
    log.declare_all(support::declared());
    log
}

#[test]
fn every_number_of_cases_is_the_length_of_the_list_that_it_opens() {
    for seed in 1..20 {
        let log = partly_open(seed);
        let report = Report::of(&log, &Chosen::default(), &Hours::Clock);
        let listed = |chosen: Chosen| Report::cases(&log, &chosen, &Hours::Clock, 0, 0).1;
        let some = |text: &str| Some(text.to_owned());
        for each in &report.steps {
            let chosen = Chosen { activity: some(&each.name), ..Chosen::default() };
            assert_eq!(listed(chosen), each.cases, "{}", each.name);
        }
        for each in &report.groups {
            let chosen = Chosen { group: some(&each.name), ..Chosen::default() };
            assert_eq!(listed(chosen), each.cases, "{}", each.name);
        }
        for each in &report.ways {
            assert_eq!(listed(Chosen { way: some(&each.key), ..Chosen::default() }), each.cases);
        }
        for each in &report.follows {
            let chosen = Chosen { follows: Some((each.from.clone(), each.to.clone())), ..Chosen::default() };
            assert_eq!(listed(chosen), each.cases, "{} → {}", each.from, each.to);
            assert!(each.cases <= each.times);
        }
        for each in &report.corrections {
            let chosen = Chosen { corrected: some(&each.name), ..Chosen::default() };
            assert_eq!(listed(chosen), each.cases, "{}", each.name);
        }
    }
}
