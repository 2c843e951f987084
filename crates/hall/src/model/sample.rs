//! Two sample days for benchmarks and tests; the names mean nothing.

use super::{
    Booking, Closing, HallDay, Lane, Line, Patience, Punctuality, QUARTERS, Rest, ServiceTime, Span, Window,
};

const ALL_DAY: Span = Span::new(0.0, 1_440.0);

/// One line before identical windows around the clock, exponential services of mean `service_minutes`,
/// utilisation `busy`. Short services bring the day near its steady state.
pub fn plain(windows: usize, busy: f64, service_minutes: f64) -> HallDay {
    #[expect(clippy::cast_precision_loss, reason = "a number of windows")]
    let per_quarter = busy * windows as f64 / service_minutes * 15.0;
    HallDay {
        lines: vec![line(
            "plain",
            ServiceTime::Exponential { mean_minutes: service_minutes },
            &[1.0],
            vec![per_quarter; QUARTERS],
        )],
        lanes: vec![lane("ordinary", 0.0)],
        windows: (0..windows).map(|n| window(&format!("W{n}"), &[0], vec![ALL_DAY], vec![])).collect(),
        bookings: Vec::new(),
        punctuality: Punctuality::default(),
        closing: Closing { last_number_at: 1_440.0, closes_at: 1_440.0, rest: Rest::Served },
        vain_call_minutes: 1.0,
    }
}

/// Six lines, three lanes and 24 windows of five skill sets, with staggered lunch, appointments, abandonment,
/// no-shows, and a morning and an afternoon peak; `visitors` is the expected number of walk-ins.
pub fn mixed(visitors: f64) -> HallDay {
    let lines = [
        (9.0, 0.8, 0.30),
        (14.0, 0.6, 0.14),
        (7.0, 0.9, 0.20),
        (11.0, 0.7, 0.12),
        (5.0, 1.0, 0.18),
        (18.0, 0.5, 0.06),
    ];
    let shape = day_shape();
    let lines: Vec<Line> = lines
        .iter()
        .enumerate()
        .map(|(n, (mean_minutes, cv, share))| Line {
            patience: if n % 2 == 0 {
                Patience::Exponential { mean_minutes: 120.0 }
            } else {
                Patience::Endless
            },
            no_show_share: 0.03,
            ..line(
                &format!("L{n}"),
                ServiceTime::Lognormal { mean_minutes: *mean_minutes, cv: *cv },
                &[0.92, 0.0, 0.08],
                shape.iter().map(|weight| weight * share * visitors).collect(),
            )
        })
        .collect();
    let skills: [&[usize]; 5] = [&[0, 1, 2, 3, 4, 5], &[0, 4], &[1, 3], &[2, 4], &[3, 5]];
    let windows = (0..24_usize)
        .map(|n| {
            let skill = if n < 8 { 0 } else { 1 + n % 4 };
            let lunch = 690.0 + 30.0 * [0.0, 1.0, 2.0, 3.0][n % 4];
            let to = if n % 6 == 5 { 1_080.0 } else { 1_020.0 };
            window(
                &format!("W{n:02}"),
                skills[skill],
                vec![Span::new(540.0, to)],
                vec![Span::new(lunch, lunch + 30.0)],
            )
        })
        .collect();
    let bookings = (0..48_u32)
        .map(|n| Booking {
            line: n as usize % 6,
            lane: 1,
            booked_at: 555.0 + f64::from(n) * 9.0,
            absent_share: 0.1,
        })
        .collect();
    HallDay {
        lines,
        lanes: vec![lane("ordinary", 0.0), lane("appointment", 15.0), lane("green", 30.0)],
        windows,
        bookings,
        punctuality: Punctuality::default(),
        closing: Closing { last_number_at: 1_035.0, closes_at: 1_080.0, rest: Rest::Served },
        vain_call_minutes: 1.0,
    }
}

/// Weights by quarter-hour that sum to one: opening at 9:00, peaks at 10:00 and 14:30, few arrivals at noon.
fn day_shape() -> Vec<f64> {
    let bump = |at: f64, centre: f64, width: f64| (-((at - centre) / width).powi(2)).exp();
    #[expect(clippy::cast_precision_loss, reason = "a quarter-hour")]
    let at = |quarter: usize| quarter as f64 * 15.0 + 7.5;
    let weight = |at: f64| {
        if (540.0..1_035.0).contains(&at) {
            0.25 + bump(at, 600.0, 60.0) + 0.8 * bump(at, 870.0, 75.0)
        } else {
            0.0
        }
    };
    let weights: Vec<f64> = (0..QUARTERS).map(|quarter| weight(at(quarter))).collect();
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

fn line(name: &str, time: ServiceTime, lane_shares: &[f64], arrivals: Vec<f64>) -> Line {
    Line {
        name: name.to_owned(),
        time,
        patience: Patience::Endless,
        no_show_share: 0.0,
        lane_shares: lane_shares.to_vec(),
        arrivals,
    }
}

fn lane(name: &str, head_start_minutes: f64) -> Lane {
    Lane { name: name.to_owned(), head_start_minutes }
}

fn window(name: &str, serves: &[usize], shifts: Vec<Span>, breaks: Vec<Span>) -> Window {
    Window { name: name.to_owned(), serves: serves.to_vec(), shifts, breaks, speed: 1.0 }
}
