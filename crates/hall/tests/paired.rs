//! A hall compared with the same hall with a change.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use hall::model::{HallDay, Span, sample};
use hall::simulate::{Changes, Hall, Paired, Simulation, Spread};

const TARGET: f64 = 15.0;

fn beside(before: &HallDay, after: &HallDay, runs: u32) -> Changes {
    let names = before.lines.iter().map(|line| line.name.clone()).collect();
    let lines = before.lines.len();
    let mut paired = Paired::new(names, (0..lines).collect(), vec![TARGET; lines], 7);
    paired.play(&Hall::new(before.clone()).unwrap(), &Hall::new(after.clone()).unwrap(), runs);
    paired.changes()
}

fn alone(day: &HallDay, runs: u32, seed: u64) -> Spread {
    let hall = Hall::new(day.clone()).unwrap();
    let mut simulation = Simulation::new(&hall, TARGET, seed);
    simulation.play(&hall, runs);
    simulation.report().all.mean_wait_minutes
}

/// Six lines, three lanes, bookings, breaks.
fn hall() -> HallDay {
    sample::mixed(620.0)
}

#[test]
fn a_change_that_changes_nothing_has_a_difference_of_exactly_zero() {
    let day = hall();
    let nothing = Spread { mean: 0.0, half_width: 0.0 };
    let changes = beside(&day, &day, 40);
    for change in std::iter::once(&changes.all).chain(&changes.lines) {
        assert!(change.before_minutes > 0.0, "{change:?}");
        assert_eq!(change.before_minutes, change.after_minutes);
        assert_eq!((change.mean_wait_minutes, change.within_target_share), (nothing, nothing));
        assert_eq!(change.unserved, nothing);
    }
    // Opening a window that is open anyway changes nothing.
    let mut same = day.clone();
    let span = same.windows[0].shifts[0];
    let name = same.windows[0].name.clone();
    same.open_window(&name, Span::new(span.from + 10.0, span.to - 10.0));
    assert_eq!(beside(&day, &same, 40).all.mean_wait_minutes, nothing);
}

#[test]
fn side_by_side_a_difference_is_surer_than_that_of_two_means_and_agrees_with_it() {
    let before = hall();
    let mut after = before.clone();
    let lunch = Span::new(690.0, 750.0);
    after.windows[0].move_lunch(lunch);
    after.windows[1].move_lunch(lunch);
    after.open_window("extra", Span::new(600.0, 720.0));
    let runs = 300;
    let paired = beside(&before, &after, runs).all.mean_wait_minutes;
    let (one, other) = (alone(&before, runs, 1), alone(&after, runs, 2));
    let unpaired = Spread { mean: other.mean - one.mean, half_width: one.half_width.hypot(other.half_width) };
    println!(
        "paired {:+.3} ± {:.3} min, unpaired {:+.3} ± {:.3} min: {:.1} times narrower",
        paired.mean,
        paired.half_width,
        unpaired.mean,
        unpaired.half_width,
        unpaired.half_width / paired.half_width
    );
    assert!(paired.half_width < 0.6 * unpaired.half_width, "{paired:?} {unpaired:?}");
    let apart = (paired.mean - unpaired.mean).abs();
    assert!(apart < 1.5 * paired.half_width.hypot(unpaired.half_width), "{paired:?} {unpaired:?}");
}

#[test]
fn the_interval_holds_the_true_difference_about_as_often_as_it_says() {
    let before = hall();
    let mut after = before.clone();
    after.open_window("extra", Span::new(600.0, 720.0));
    let halls = [&before, &after].map(|day| Hall::new(day.clone()).unwrap());
    let lines = before.lines.len();
    let small = |seed: u64, runs: u32| {
        let names = before.lines.iter().map(|line| line.name.clone()).collect();
        let mut paired = Paired::new(names, (0..lines).collect(), vec![TARGET; lines], seed);
        paired.play(&halls[0], &halls[1], runs);
        paired.changes().all.mean_wait_minutes
    };
    let truth = small(999, 4_000);
    let held = (0..100).filter(|seed| small(*seed, 30).contains(truth.mean)).count();
    // Ratios and skewness lower the 95 % a little; fewer than 86 of a hundred would mean a wrong formula.
    assert!((86..=100).contains(&held), "{held} of 100 hold {truth:?}");
}

#[test]
fn a_longer_day_and_a_window_that_closes_early_move_waits_as_one_expects() {
    let before = hall();
    let mut shorter = before.clone();
    for window in &mut shorter.windows[..6] {
        window.close_at(780.0);
    }
    let closed = beside(&before, &shorter, 60).all;
    assert!(closed.mean_wait_minutes.low() > 0.0, "{closed:?}");
    assert!(closed.within_target_share.high() < 0.0, "{closed:?}");
    let mut longer = before.clone();
    longer.extend(60.0);
    assert_eq!(longer.closing.closes_at, before.closing.closes_at + 60.0);
    let people = |day: &HallDay| -> f64 { day.lines.iter().flat_map(|line| &line.arrivals).sum() };
    assert!((people(&longer) - people(&before)).abs() < 1e-9, "as many come, over a longer time");
    assert!(beside(&before, &longer, 60).all.mean_wait_minutes.high() < 0.5);
}
