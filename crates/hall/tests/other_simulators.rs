//! Compares our simulator with Ciw (one skill: priorities, shifts, reneging) and with a SimPy script (many
//! skills). They share no code with ours, so results are compared by confidence intervals, and the test
//! prints them.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::io::Write;
use std::process::{Command, Stdio};

use hall::model::{HallDay, Lane, Line, Patience, Rest, ServiceTime, Span, Window, sample};
use hall::simulate::{Hall, Report, Simulation, Spread};
use serde_json::{Value, json};

fn ask(script: &str, question: &Value) -> Option<Value> {
    let Ok(python) = std::env::var("YICHUANG_ORACLES") else {
        eprintln!("NOT COMPARED: YICHUANG_ORACLES names no python with ciw and simpy (ops/test does)");
        return None;
    };
    let mut child = Command::new(python)
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("YICHUANG_ORACLES names a python");
    child.stdin.take().unwrap().write_all(question.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the oracle failed");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn play(day: HallDay, days: u32) -> Report {
    let hall = Hall::new(day).unwrap();
    let mut simulation = Simulation::new(&hall, 15.0, 9);
    simulation.play(&hall, days);
    simulation.report()
}

/// The mean over days of a ratio of sums, like [`Spread`], computed from the other simulator's days.
fn ratio(days: &[Value], over: impl Fn(&Value) -> f64, under: impl Fn(&Value) -> f64) -> Spread {
    let pairs: Vec<(f64, f64)> = days.iter().map(|day| (over(day), under(day))).collect();
    let count = pairs.len() as f64;
    let (top, bottom) = pairs.iter().fold((0.0, 0.0), |sums, pair| (sums.0 + pair.0, sums.1 + pair.1));
    let mean = top / bottom;
    let squares: f64 = pairs.iter().map(|(top, bottom)| (top - mean * bottom).powi(2)).sum();
    Spread { mean, half_width: 1.96 * (squares / (count - 1.0) / count).sqrt() / (bottom / count) }
}

/// Two means agree when their difference is within 1.8 of its own 95 % half widths; by chance that fails once
/// in 2,400 comparisons, and each test makes about a hundred.
fn agree(what: &str, ours: Spread, theirs: Spread) {
    let width = ours.half_width.hypot(theirs.half_width);
    println!(
        "{what}: ours {:.4} ± {:.4}, theirs {:.4} ± {:.4}",
        ours.mean, ours.half_width, theirs.mean, theirs.half_width
    );
    assert!((ours.mean - theirs.mean).abs() <= 1.8 * width + 1e-9, "{what} differ");
}

#[test]
fn days_of_one_skill_agree_with_ciw() {
    // Ciw brings new servers with every shift while the old ones finish, so each shift has its own windows
    // here.
    let shifts = [(3_u32, 120.0), (5, 300.0), (4, 480.0), (4, 1_400.0)];
    let classes = [(0.06, 8.0, 60.0), (0.34, 8.0, 25.0), (0.10, 8.0, 40.0)];
    let last_at = 480.0;
    let question = json!({
        "days": 250,
        "last_at": last_at,
        "shifts": shifts,
        "classes": classes
            .iter()
            .map(|(rate, mean, patience)| json!({"rate": rate, "mean": mean, "patience": patience}))
            .collect::<Vec<_>>(),
    });
    let Some(answer) = ask(include_str!("oracles/ciw_day.py"), &question) else { return };
    let mut day = sample::plain(1, 0.5, 8.0);
    let class_count = classes.len();
    day.lanes = (0..class_count)
        .map(|class| Lane {
            name: format!("{class}"),
            head_start_minutes: (class_count - class) as f64 * 1e5,
        })
        .collect();
    day.lines = classes
        .iter()
        .enumerate()
        .map(|(n, (rate, mean_minutes, patience))| Line {
            name: format!("class {n}"),
            time: ServiceTime::Exponential { mean_minutes: *mean_minutes },
            patience: Patience::Exponential { mean_minutes: *patience },
            no_show_share: 0.0,
            lane_shares: (0..class_count).map(|lane| if lane == n { 1.0 } else { 0.0 }).collect(),
            arrivals: vec![rate * 15.0; 96],
        })
        .collect();
    let mut from = 0.0;
    day.windows.clear();
    for (count, to) in shifts {
        for _ in 0..count {
            day.windows.push(Window {
                name: format!("W{}", day.windows.len()),
                serves: (0..class_count).collect(),
                shifts: vec![Span { from, to }],
                breaks: vec![],
                speed: 1.0,
            });
        }
        from = to;
    }
    day.closing.last_number_at = last_at;
    day.closing.rest = Rest::SentAway;
    let ours = play(day, 4_000);
    let days = answer.as_array().unwrap();
    let at = |class: usize, what: usize| move |day: &Value| day[class][what].as_f64().unwrap();
    for (class, figures) in ours.lines.iter().enumerate() {
        let (served, wait, gone) = (at(class, 0), at(class, 1), at(class, 2));
        agree(&format!("Ciw, wait of class {class}"), figures.mean_wait_minutes, ratio(days, wait, served));
        let all = |day: &Value| served(day) + gone(day);
        agree(&format!("Ciw, gone of class {class}"), figures.abandoned_share, ratio(days, gone, all));
        agree(&format!("Ciw, tickets of class {class}"), figures.tickets, ratio(days, all, |_| 1.0));
    }
}

#[test]
fn days_of_many_skills_agree_with_simpy() {
    for (visitors, rest) in [(900.0, Rest::Served), (1_050.0, Rest::SentAway)] {
        let mut day = sample::mixed(visitors);
        day.closing.rest = rest;
        day.windows[3].speed = 1.4;
        day.windows[9].speed = 0.8;
        // Staggers the shifts: which window was idle longest must not depend on the order of simultaneous
        // events.
        for (n, window) in day.windows.iter_mut().enumerate() {
            let later = n as f64 * 0.013;
            window.shifts[0].from += later;
            window.breaks[0] = Span { from: window.breaks[0].from + later, to: window.breaks[0].to + later };
        }
        if rest == Rest::SentAway {
            // Duty that ends at closing time is over in both; SimPy has no event at which all queues are
            // emptied.
            day.windows.iter_mut().for_each(|window| window.shifts[0].to = window.shifts[0].to.min(1_080.0));
        }
        let question = json!({"days": 150, "day": day});
        let Some(answer) = ask(include_str!("oracles/simpy_day.py"), &question) else { return };
        let ours = play(day, 4_000);
        let days = answer.as_array().unwrap();
        for (kind, groups) in [("lines", &ours.lines), ("lanes", &ours.lanes)] {
            for (place, figures) in groups.iter().enumerate() {
                let at = |what: usize| move |day: &Value| day[kind][place][what].as_f64().unwrap();
                let (served, wait, gone, missing, left) = (at(0), at(1), at(2), at(3), at(4));
                let all = |day: &Value| served(day) + gone(day) + missing(day) + left(day);
                let name = format!("SimPy, {visitors} visitors, {kind} {place}");
                agree(&format!("{name}, wait"), figures.mean_wait_minutes, ratio(days, wait, served));
                agree(&format!("{name}, gone"), figures.abandoned_share, ratio(days, gone, all));
                agree(&format!("{name}, missing"), figures.no_show_share, ratio(days, missing, all));
                agree(&format!("{name}, left"), figures.unserved, ratio(days, left, |_| 1.0));
                agree(&format!("{name}, tickets"), figures.tickets, ratio(days, all, |_| 1.0));
            }
        }
        for (place, figures) in ours.windows.iter().enumerate() {
            let busy = |day: &Value| day["busy"][place].as_f64().unwrap();
            let time = figures.duty_minutes + figures.overtime_minutes.mean;
            agree(&format!("SimPy, window {place}"), figures.busy_share, ratio(days, busy, |_| time));
        }
        let overtime = Spread {
            mean: ours.windows.iter().map(|window| window.overtime_minutes.mean).sum(),
            half_width: ours.windows.iter().map(|window| window.overtime_minutes.half_width).sum(),
        };
        agree("SimPy, overtime", overtime, ratio(days, |day| day["overtime"].as_f64().unwrap(), |_| 1.0));
    }
}
