//! Forecasts against exact results, and against later outcomes.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::collections::BTreeMap;

use hall::model::{ServiceTime, Span, sample};
use hall::predict::trial::{Trial, three_skills};
use hall::predict::{
    Basis, Forecaster, History, Present, Promise, Reason, ServingNow, Told, Waiting, WindowNow,
};
use hall::simulate::{Floor, Hall, Recorder, Stream, Ticket};

fn waiting(number: u32, line: usize, joined_at: f64) -> Waiting {
    Waiting { number, line, lane: 0, joined_at, ready_at: joined_at }
}

fn serving(line: usize, number: u32, since: f64) -> WindowNow {
    let serving = Some(ServingNow { line, number, since, attended: true });
    WindowNow { is_on: true, serving, lingers: false, back_at: None }
}

/// All windows busy and nine ahead: the wait is Erlang distributed, the sum of ten exponential gaps.
#[test]
fn behind_a_queue_the_paths_are_erlang() {
    let hall = Hall::new(sample::plain(5, 0.9, 8.0)).unwrap();
    let mut present = Present { now: 600.0, ..Present::default() };
    present.windows = (0..5).map(|n| serving(0, n, 590.0 + f64::from(n))).collect();
    present.waiting = (0..10).map(|n| waiting(10 + n, 0, 595.0 + f64::from(n) / 10.0)).collect();
    let ensembles = Forecaster::new(&hall, 20_000, 1).waiting(&hall, &present);
    let gap = 8.0 / 5.0;
    for (ahead, ensemble) in ensembles.iter().enumerate() {
        let mean = (ahead + 1) as f64 * gap;
        assert!((ensemble.mean() / mean - 1.0).abs() < 0.03, "{ahead}: {} {mean}", ensemble.mean());
    }
    // Quantiles of the sum of ten gaps, from chi-squared tables with 20 degrees of freedom.
    for (share, chi) in [(0.1, 12.443), (0.5, 19.337), (0.9, 28.412)] {
        let wanted = chi / 2.0 * gap;
        assert!((ensembles[9].quantile(share) / wanted - 1.0).abs() < 0.03, "{share}");
    }
}

#[test]
fn the_same_present_gives_the_same_forecast_and_a_moment_later_nearly_the_same() {
    let hall = Hall::new(sample::mixed(900.0)).unwrap();
    let mut present = Present { now: 600.0, ..Present::default() };
    present.windows = (0..24_u32)
        .map(|n| serving(hall.day().windows[n as usize].serves[0], n, 599.0 - f64::from(n) / 3.0))
        .collect();
    present.waiting = (0..40).map(|n| waiting(100 + n, n as usize % 6, 590.0 + f64::from(n) / 4.0)).collect();
    let mut forecaster = Forecaster::new(&hall, 200, 1);
    let first = forecaster.waiting(&hall, &present);
    assert_eq!(first, forecaster.waiting(&hall, &present));
    present.now += 0.05;
    for (now, later) in first.iter().zip(forecaster.waiting(&hall, &present)) {
        let moved = (now.quantile(0.5) - later.quantile(0.5)).abs();
        assert!(moved < 0.6, "{moved} minutes in three seconds");
    }
}

#[test]
fn a_newcomer_is_told_what_a_ticket_in_that_place_is_told_and_a_later_one_more_or_less() {
    let hall = Hall::new(sample::mixed(900.0)).unwrap();
    let mut present = Present { now: 600.0, ..Present::default() };
    present.windows = (0..24_u32)
        .map(|n| serving(hall.day().windows[n as usize].serves[0], n, 599.0 - f64::from(n) / 3.0))
        .collect();
    present.waiting = (0..30).map(|n| waiting(100 + n, n as usize % 6, 590.0 + f64::from(n) / 4.0)).collect();
    let mut forecaster = Forecaster::new(&hall, 400, 1);
    let alone = forecaster.only_newcomers(&hall, &present, &[(0, 0, 0.0)]);
    let (everybody, together) =
        forecaster.newcomers(&hall, &present, &[(0, 0, 0.0), (3, 2, 600.0), (0, 0, 1_000.0)]);
    assert_eq!(everybody.len(), 30);
    assert_eq!(alone[0], together[0], "somebody who looks changes nothing for others");
    assert!(together[1].mean() < together[0].mean(), "the green lane is faster");
    assert!(together[2].mean() < together[0].mean(), "the evening is quiet");
    present.waiting.push(waiting(500, 0, 600.0));
    let ticket = forecaster.waiting(&hall, &present).pop().unwrap();
    assert!((ticket.mean() - alone[0].mean()).abs() < 0.05 * alone[0].mean());
}

#[test]
fn a_window_that_will_be_back_soon_shortens_the_wait() {
    let hall = Hall::new(sample::plain(2, 0.9, 10.0)).unwrap();
    let mut present = Present { now: 600.0, ..Present::default() };
    present.windows = vec![serving(0, 1, 595.0), WindowNow::default()];
    present.waiting = (0..6).map(|n| waiting(10 + n, 0, 596.0)).collect();
    let mut forecaster = Forecaster::new(&hall, 500, 1);
    let away = forecaster.waiting(&hall, &present).pop().unwrap().mean();
    present.windows[1].back_at = Some(610.0);
    let back = forecaster.waiting(&hall, &present).pop().unwrap().mean();
    assert!(back < 0.8 * away, "{back} {away}");
}

#[test]
fn nobody_is_promised_a_call_after_the_last_window_has_gone() {
    let mut day = sample::plain(1, 0.5, 10.0);
    day.windows[0].shifts = vec![Span::new(540.0, 620.0)];
    let hall = Hall::new(day).unwrap();
    let mut present = Present { now: 600.0, ..Present::default() };
    present.windows = vec![serving(0, 1, 600.0)];
    present.waiting = (0..8).map(|n| waiting(10 + n, 0, 598.0)).collect();
    let ensembles = Forecaster::new(&hall, 500, 1).waiting(&hall, &present);
    let reached: Vec<f64> = ensembles.iter().map(hall::predict::Ensemble::reached_share).collect();
    assert!(reached[0] > 0.8 && reached[7] < 0.05, "{reached:?}");
    assert!(reached.is_sorted_by(|a, b| a >= b));
}

#[test]
fn thin_history_leans_on_what_is_declared_and_says_so() {
    let day = sample::mixed(700.0);
    let mut history = History::new(6, 3);
    assert_eq!(history.basis(0), Basis::Declared { services: 0 });
    assert_eq!(history.day(&day).lines[0].time.mean_minutes(), 9.0);
    for _ in 0..20 {
        history.served(0, 15.0);
    }
    let blended = history.day(&day).lines[0].time.mean_minutes();
    assert!((blended - 12.0).abs() < 0.01, "{blended}");
    for _ in 0..200 {
        history.served(0, 15.0);
    }
    assert!(matches!(history.basis(0), Basis::History { services: 220 }));
    assert!(matches!(history.day(&day).lines[0].time, ServiceTime::Empirical { .. }));
    assert!(history.day(&day).check().is_ok());
}

#[test]
fn simulating_ahead_beats_position_and_rolling_means_on_days_it_has_not_seen() {
    for (name, day, every) in [("three skills", three_skills(), 4), ("mixed", sample::mixed(900.0), 12)] {
        let outcome = Trial {
            day,
            learning_days: 20,
            settling_days: 20,
            scored_days: 40,
            every,
            paths: 200,
            clerk_spread: 0.15,
            seed: 3,
        }
        .run();
        let (position, rolling) =
            (outcome.ahead / outcome.position_mean, outcome.ahead / outcome.best_rolling);
        println!("{name}: {position:.3} of position × mean, {rolling:.3} of the best rolling mean");
        assert!(outcome.tickets > 800, "{}", outcome.tickets);
        assert!(position <= 0.6 && rolling <= 0.7, "{name}: {position} {rolling}");
        let (mut inside, mut all) = (0.0, 0.0);
        for line in outcome.lines {
            inside += line.coverage * line.forecasts as f64;
            all += line.forecasts as f64;
        }
        let share = inside / all;
        println!("{name}: the band covers {share:.3} of {all}");
        // Two standard deviations of a share of 0.8; outcomes in one queue are correlated, so that three
        // count as one.
        let slack = 2.0 * (0.16_f64 * 3.0 / all).sqrt();
        assert!((share - 0.8).abs() <= 0.02 + slack, "{name}: {share}");
    }
}

#[test]
fn where_nothing_can_beat_the_queue_length_simulating_ahead_loses_next_to_nothing() {
    let outcome = Trial {
        day: sample::plain(10, 0.95, 8.0),
        learning_days: 30,
        settling_days: 10,
        scored_days: 40,
        every: 16,
        paths: 200,
        clerk_spread: 0.0,
        seed: 3,
    }
    .run();
    let ratio = outcome.ahead / outcome.erlang_floor.unwrap();
    println!("of the Erlang floor: {ratio:.4}, {} tickets", outcome.tickets);
    assert!((0.97..=1.03).contains(&ratio), "{ratio}");
}

/// Refreshes all forecasts whenever somebody joins, and checks each change of what was told.
struct Audience {
    forecaster: Forecaster,
    promises: BTreeMap<u32, (Promise, Told, Vec<bool>)>,
    changes: usize,
    rises: usize,
    kinds: BTreeMap<&'static str, usize>,
}

impl Recorder for Audience {
    fn joined(&mut self, hall: &Hall, floor: &Floor, _ticket: &Ticket, _at_once: bool) {
        let present = Present::of(hall, floor);
        let ensembles = self.forecaster.waiting(hall, &present);
        let on: Vec<bool> = present.windows.iter().map(|window| window.is_on).collect();
        for (ticket, ensemble) in present.waiting.iter().zip(ensembles) {
            let forecast = ensemble.forecast((0.1, 0.9), Basis::History { services: 1_000 });
            let Some((promise, before, was_on)) = self.promises.get_mut(&ticket.number) else {
                let promise = Promise::new(hall, &present, ticket, &forecast);
                let told = promise.told();
                self.promises.insert(ticket.number, (promise, told, on.clone()));
                continue;
            };
            let told = promise.update(hall, &present, ticket, &forecast);
            assert!(told.low_at <= told.median_at && told.median_at <= told.high_at);
            if told.median_at == before.median_at {
                assert_eq!(told.reason, before.reason);
                continue;
            }
            self.changes += 1;
            self.rises += usize::from(told.median_at > before.median_at);
            let reason = told.reason.expect("whatever changes has a reason");
            let kind = match reason {
                Reason::WindowClosed { window } => {
                    assert!(was_on[window] && !on[window]);
                    "closed"
                }
                Reason::WindowOpened { window } => {
                    assert!(!was_on[window] && on[window]);
                    "opened"
                }
                Reason::PriorityAhead { tickets } => {
                    assert!(tickets > 0);
                    "priority"
                }
                Reason::LongService { window } => {
                    let serving = present.windows[window].serving.unwrap();
                    assert!(present.now - serving.since > hall.day().lines[serving.line].time.mean_minutes());
                    "long"
                }
                Reason::MovedUp { .. } => "moved up",
                Reason::SlowerThanForeseen => "slower",
                Reason::FasterThanForeseen => "faster",
            };
            let lower = matches!(kind, "opened" | "moved up" | "faster");
            assert_eq!(lower, told.median_at < before.median_at, "{reason:?}");
            *self.kinds.entry(kind).or_default() += 1;
            *before = told;
            was_on.clone_from(&on);
        }
    }

    fn called(&mut self, _: &Hall, _: &Ticket, _: usize, _: f64, _: f64, _: bool) {}
    fn gone(&mut self, _: &Hall, _: &Ticket, _: f64) {}
    fn unserved(&mut self, _: &Hall, _: &Ticket, _: f64) {}
}

#[test]
fn what_was_told_never_rises_without_a_reason_that_can_be_seen() {
    let hall = Hall::new(sample::mixed(1_000.0)).unwrap();
    let mut audience = Audience {
        forecaster: Forecaster::new(&hall, 60, 1),
        promises: BTreeMap::new(),
        changes: 0,
        rises: 0,
        kinds: BTreeMap::new(),
    };
    for seed in 0..3 {
        audience.promises.clear();
        Floor::new(&hall).play(&hall, &mut Stream::new(seed), &mut audience);
    }
    println!("{} changes, {} of them later: {:?}", audience.changes, audience.rises, audience.kinds);
    assert!(audience.rises > 20 && audience.kinds.len() >= 5);
}
