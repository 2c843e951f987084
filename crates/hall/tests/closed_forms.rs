//! Simulated days against closed formulas, within narrow confidence intervals.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use hall::model::{HallDay, Lane, Line, Patience, ServiceTime, sample};
use hall::queueing::{
    Impatient, MultiServer, pollaczek_khinchine, priority_waits, single_server_priority_waits,
};
use hall::simulate::{Hall, Report, Simulation, Spread};

/// Times are scaled so that a minute stands for an hour: one day then reaches the steady state.
const SERVICE: f64 = 0.02;

fn play(day: HallDay, target_minutes: f64, days: u32, seed: u64) -> Report {
    let hall = Hall::new(day).unwrap();
    let mut simulation = Simulation::new(&hall, target_minutes, seed);
    simulation.play(&hall, days);
    simulation.report()
}

/// Checks against the interval widened from 95 % to 99.7 %, so that another seed does not break the build; it
/// must be narrow.
fn agrees(what: &str, measured: Spread, formula: f64, at_most: f64) {
    println!("{what}: simulated {:.5} ± {:.5}, formula {formula:.5}", measured.mean, measured.half_width);
    assert!(measured.half_width <= 1.5 * at_most * formula, "{what}: ± {} says nothing", measured.half_width);
    assert!(
        (measured.mean - formula).abs() <= 1.5 * measured.half_width,
        "{what}: {measured:?}, not {formula}"
    );
}

#[test]
fn equal_windows_agree_with_erlang_c() {
    for (servers, busy) in [(1, 0.7), (5, 0.9), (10, 0.9), (20, 0.95), (100, 0.95)] {
        let queue = MultiServer {
            servers,
            arrivals_per_minute: busy * f64::from(servers) / SERVICE,
            service_minutes: SERVICE,
        };
        let target = SERVICE / 10.0;
        let days = if servers == 100 { 3 } else { 10 };
        let report = play(sample::plain(servers as usize, busy, SERVICE), target, days, 1);
        let name = format!("M/M/{servers} at {busy}");
        agrees(&format!("{name} wait"), report.all.mean_wait_minutes, queue.mean_wait_minutes(), 0.05);
        let within = 1.0 - queue.waiting_longer_than(target);
        agrees(&format!("{name} within"), report.all.within_target_share, within, 0.02);
        let p90 = queue.wait_quantile_minutes(0.9);
        // Quantiles below a second share a bin; the other bins are one per cent wide.
        if p90 > 0.03 {
            let measured = report.all.p90_wait_minutes;
            assert!((measured.mean / p90 - 1.0).abs() < 0.03, "{name}: p90 {measured:?}, not {p90}");
        }
        let used =
            report.windows.iter().map(|window| window.busy_share.mean).sum::<f64>() / f64::from(servers);
        assert!((used - busy).abs() < 0.005, "{name}: windows were busy {used}");
    }
}

#[test]
fn quantiles_of_longer_waits_agree_too() {
    let report = play(sample::plain(10, 0.9, 2.0), 5.0, 1_000, 5);
    let queue = MultiServer { servers: 10, arrivals_per_minute: 4.5, service_minutes: 2.0 };
    // A day of 720 services starts empty, which lowers the quantile a little.
    let p90 = queue.wait_quantile_minutes(0.9);
    assert!(
        (report.all.p90_wait_minutes.mean / p90 - 1.0).abs() < 0.05,
        "{:?} {p90}",
        report.all.p90_wait_minutes
    );
}

#[test]
fn one_window_agrees_with_pollaczek_and_khinchine() {
    for time in [
        ServiceTime::Lognormal { mean_minutes: SERVICE, cv: 1.2 },
        ServiceTime::Deterministic { minutes: SERVICE },
        ServiceTime::Empirical { minutes: [0.2, 0.5, 0.6, 1.0, 3.0].map(|share| share * SERVICE).to_vec() },
    ] {
        let mut day = sample::plain(1, 0.8, time.mean_minutes());
        let rate = 0.8 / time.mean_minutes();
        day.lines[0].time = time.clone();
        let report = play(day, 0.0, 40, 2);
        let formula = pollaczek_khinchine(rate, time.mean_minutes(), time.second_moment());
        agrees(&format!("M/G/1 {time:?}"), report.all.mean_wait_minutes, formula, 0.03);
        agrees("  no wait", report.all.within_target_share, 0.2, 0.02);
    }
}

#[test]
fn impatient_people_agree_with_erlang_a() {
    for (busy, patience) in [(0.9, 2.0), (1.2, 1.0), (1.5, 0.3)] {
        let patience_minutes = patience * SERVICE;
        let mut day = sample::plain(10, busy, SERVICE);
        day.lines[0].patience = Patience::Exponential { mean_minutes: patience_minutes };
        let figures = Impatient {
            servers: 10,
            arrivals_per_minute: busy * 10.0 / SERVICE,
            service_minutes: SERVICE,
            patience_minutes,
        }
        .figures();
        let report = play(day, 0.0, 6, 3);
        let name = format!("M/M/10+M at {busy}, patience {patience}");
        agrees(&format!("{name} abandoned"), report.all.abandoned_share, figures.abandoned_share, 0.02);
        agrees(&format!("{name} stay"), report.all.mean_stay_minutes, figures.mean_wait_minutes, 0.02);
        agrees(
            &format!("{name} at once"),
            report.all.within_target_share,
            1.0 - figures.wait_probability,
            0.02,
        );
    }
}

#[test]
fn an_enormous_head_start_is_strict_priority() {
    let mut day = sample::plain(10, 0.9, SERVICE);
    day.lanes.push(Lane { name: "first".into(), head_start_minutes: 1e6 });
    day.lines[0].lane_shares = vec![0.9, 0.1];
    let report = play(day, 0.0, 20, 4);
    let rate = 9.0 / SERVICE;
    let waits = priority_waits(10, SERVICE, &[0.1 * rate, 0.9 * rate]);
    agrees("first class", report.lanes[1].mean_wait_minutes, waits[0], 0.02);
    agrees("ordinary", report.lanes[0].mean_wait_minutes, waits[1], 0.04);
    agrees("conserved", report.all.mean_wait_minutes, 0.668_732 * SERVICE, 0.04);
}

#[test]
fn classes_of_different_length_agree_with_cobham() {
    let times = [
        ServiceTime::Deterministic { minutes: SERVICE },
        ServiceTime::Lognormal { mean_minutes: 2.0 * SERVICE, cv: 0.8 },
        ServiceTime::Exponential { mean_minutes: 0.5 * SERVICE },
    ];
    let shares = [0.25, 0.3, 0.25];
    let mut day = sample::plain(1, 0.8, SERVICE);
    day.lanes = (0..3)
        .map(|lane| Lane { name: format!("{lane}"), head_start_minutes: f64::from(2 - lane) * 1e5 })
        .collect();
    let rates: Vec<f64> = times.iter().zip(shares).map(|(time, busy)| busy / time.mean_minutes()).collect();
    day.lines = times
        .iter()
        .enumerate()
        .map(|(n, time)| Line {
            name: format!("{n}"),
            time: time.clone(),
            patience: Patience::Endless,
            no_show_share: 0.0,
            lane_shares: (0..3).map(|lane| if lane == n { 1.0 } else { 0.0 }).collect(),
            arrivals: vec![rates[n] * 15.0; 96],
        })
        .collect();
    day.windows[0].serves = vec![0, 1, 2];
    let classes: Vec<_> = times
        .iter()
        .zip(&rates)
        .map(|(time, rate)| (*rate, time.mean_minutes(), time.second_moment()))
        .collect();
    let report = play(day, 0.0, 50, 5);
    for (n, wait) in single_server_priority_waits(&classes).into_iter().enumerate() {
        agrees(&format!("class {n}"), report.lines[n].mean_wait_minutes, wait, 0.04);
    }
}
