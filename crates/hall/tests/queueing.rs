//! Closed formulas against independently computed vectors, against each other, and against plain sums.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use hall::queueing::{
    Impatient, MultiServer, Target, erlang_b, erlang_c, least_servers, pollaczek_khinchine, priority_waits,
    single_server_priority_waits,
};

fn near(left: f64, right: f64, tolerance: f64) {
    assert!((left - right).abs() <= tolerance, "{left} is not {right}");
}

#[test]
fn waiting_probability_and_mean_wait_match_the_vectors() {
    let vectors = [
        (5, 0.9, 0.762_493, 1.524_986),
        (10, 0.9, 0.668_732, 0.668_732),
        (10, 0.95, 0.825_586, 1.651_171),
        (20, 0.95, 0.755_401, 0.755_401),
        (100, 0.95, 0.506_457, 0.101_291),
    ];
    for (servers, busy, waiting, mean) in vectors {
        let load = f64::from(servers) * busy;
        near(erlang_c(servers, load), waiting, 5e-7);
        let queue = MultiServer { servers, arrivals_per_minute: load, service_minutes: 1.0 };
        near(queue.mean_wait_minutes(), mean, 5e-7);
    }
}

#[test]
fn four_separate_groups_wait_six_times_as_long_as_one_pool() {
    let apart = MultiServer { servers: 3, arrivals_per_minute: 2.5, service_minutes: 1.0 };
    let pooled = MultiServer { servers: 12, arrivals_per_minute: 10.0, service_minutes: 1.0 };
    near(apart.mean_wait_minutes(), 1.404, 5e-4);
    near(pooled.mean_wait_minutes(), 0.225, 5e-4);
    near(apart.mean_wait_minutes() / pooled.mean_wait_minutes(), 6.25, 0.01);
}

#[test]
fn a_green_lane_of_a_tenth_waits_a_tenth_and_the_mean_is_kept() {
    let waits = priority_waits(10, 1.0, &[0.9, 8.1]);
    near(waits[0], 0.073_487, 5e-7);
    near(waits[1], 0.734_870, 5e-7);
    near(0.1 * waits[0] + 0.9 * waits[1], 0.668_732, 5e-7);
}

#[test]
fn a_class_beyond_capacity_waits_for_ever_and_the_one_before_it_does_not() {
    let waits = priority_waits(2, 1.0, &[1.0, 2.0]);
    near(waits[0], 0.5 / (1.0 - 0.5), 1e-12);
    assert_eq!(waits[1], f64::INFINITY);
}

#[test]
fn one_server_formulas_agree_where_they_meet() {
    // Exponential service of mean 1: the second moment is 2, and the formula becomes that of M/M/1.
    near(pollaczek_khinchine(0.8, 1.0, 2.0), 4.0, 1e-12);
    near(
        MultiServer { servers: 1, arrivals_per_minute: 0.8, service_minutes: 1.0 }.mean_wait_minutes(),
        4.0,
        1e-12,
    );
    near(pollaczek_khinchine(0.8, 1.0, 1.0), 2.0, 1e-12);
    assert_eq!(pollaczek_khinchine(1.0, 1.0, 1.0), f64::INFINITY);
    let by_class = single_server_priority_waits(&[(0.3, 1.0, 2.0), (0.5, 1.0, 2.0)]);
    let equal = priority_waits(1, 1.0, &[0.3, 0.5]);
    near(by_class[0], equal[0], 1e-12);
    near(by_class[1], equal[1], 1e-12);
}

#[test]
fn work_is_conserved_whatever_comes_first() {
    // Kleinrock's conservation law: the waits weighted with the load by class do not depend on the order.
    let classes = [(0.1, 2.0, 9.0), (0.2, 1.0, 1.0), (0.05, 6.0, 50.0)];
    let weighted = |order: &[(f64, f64, f64)]| -> f64 {
        let waits = single_server_priority_waits(order);
        order.iter().zip(waits).map(|((rate, mean, _), wait)| rate * mean * wait).sum()
    };
    let backwards: Vec<_> = classes.iter().rev().copied().collect();
    near(weighted(&classes), weighted(&backwards), 1e-12);
}

#[test]
fn the_distribution_of_waits_has_its_mean_and_its_quantiles() {
    let queue = MultiServer { servers: 9, arrivals_per_minute: 1.0, service_minutes: 8.0 };
    let step = 0.01;
    let mean: f64 = (0..200_000).map(|n| queue.waiting_longer_than((f64::from(n) + 0.5) * step) * step).sum();
    near(mean, queue.mean_wait_minutes(), 1e-4);
    for share in [0.4, 0.5, 0.9, 0.99] {
        let wait = queue.wait_quantile_minutes(share);
        if wait > 0.0 {
            near(queue.waiting_longer_than(wait), 1.0 - share, 1e-12);
        } else {
            assert!(queue.wait_probability() <= 1.0 - share);
        }
    }
}

#[test]
fn impatience_lies_between_losing_everybody_and_losing_nobody() {
    let with = |patience_minutes| {
        Impatient { servers: 10, arrivals_per_minute: 9.0, service_minutes: 1.0, patience_minutes }.figures()
    };
    let patient = with(1e9);
    near(patient.wait_probability, erlang_c(10, 9.0), 1e-5);
    near(patient.mean_wait_minutes, 0.668_732, 1e-5);
    let hasty = with(1e-9);
    near(hasty.abandoned_share, erlang_b(10, 9.0), 1e-6);
    let even =
        Impatient { servers: 10, arrivals_per_minute: 12.0, service_minutes: 1.0, patience_minutes: 1.0 };
    // Mean patience equal to the mean service time: the number of people is Poisson, as in M/M/∞.
    let figures = even.figures();
    let poisson: Vec<f64> = (0..200)
        .scan((-12.0_f64).exp(), |term, n| {
            let now = *term;
            *term *= 12.0 / f64::from(n + 1);
            Some(now)
        })
        .collect();
    near(figures.wait_probability, poisson[10..].iter().sum(), 1e-12);
    near(figures.mean_busy, 12.0 * (1.0 - figures.abandoned_share), 1e-12);
}

#[test]
fn hundreds_of_servers_neither_overflow_nor_lose_digits() {
    for (servers, load) in [(500, 480.0), (2_000, 1_950.0), (10_000, 9_900.0)] {
        near(erlang_c(servers, load), plain_sum(servers, load), 1e-10);
    }
    let busy =
        Impatient { servers: 900, arrivals_per_minute: 100.0, service_minutes: 10.0, patience_minutes: 5.0 };
    let figures = busy.figures();
    near(figures.mean_busy, 1000.0 * (1.0 - figures.abandoned_share), 1e-8);
}

#[test]
fn staffing_gives_the_counts_of_the_anchors() {
    let target = Target { share: 0.9, minutes: 10.0 };
    assert_eq!(least_servers(16.0, 8.0, target), 18);
    assert_eq!(least_servers(32.0, 8.0, target), 34);
    assert_eq!(least_servers(0.0, 8.0, target), 0);
}

#[test]
fn staffing_is_the_least_on_a_grid_of_ten_thousand_points() {
    let mut points = 0;
    for (load, minutes, target) in grid() {
        let count = least_servers(load, minutes, target);
        let longer = |servers: u32| {
            if f64::from(servers) <= load {
                1.0
            } else {
                plain_sum(servers, load) * (-(f64::from(servers) - load) * target.minutes / minutes).exp()
            }
        };
        assert!(
            longer(count) <= 1.0 - target.share + 1e-12,
            "{load} {minutes} {target}: {count} are too few"
        );
        assert!(
            longer(count - 1) > 1.0 - target.share - 1e-12,
            "{load} {minutes} {target}: {count} are too many"
        );
        points += 1;
    }
    assert_eq!(points, 10_000);
}

/// Loads up to 200 Erlang, three service times, targets from loose to strict.
fn grid() -> impl Iterator<Item = (f64, f64, Target)> {
    (0..2_500_u32).flat_map(|index| {
        let load = 0.04 + f64::from(index) * 0.08;
        let service = [4.0, 8.0, 15.0][index as usize % 3];
        [(0.8, 5.0), (0.9, 10.0), (0.9, 15.0), (0.95, 2.0)]
            .map(|(share, minutes)| (load, service, Target { share, minutes }))
    })
}

/// Erlang C by its definition: terms relative to the last, summed from the smallest.
fn plain_sum(servers: u32, load: f64) -> f64 {
    let mut term = 1.0;
    let mut terms = Vec::new();
    for n in (1..=servers).rev() {
        term *= f64::from(n) / load;
        terms.push(term);
    }
    terms.sort_by(f64::total_cmp);
    let below: f64 = terms.iter().sum();
    let last = f64::from(servers) / (f64::from(servers) - load);
    last / (below + last)
}

#[test]
fn targets_are_read_as_people_write_them() {
    for text in ["90 % under 15 min", "90% under 15 min", "90% < 15min", "90 % 15 分钟内"] {
        assert_eq!(text.parse(), Ok(Target { share: 0.9, minutes: 15.0 }), "{text}");
    }
    for text in ["", "90 under 15", "90 %", "100 % under 1 min", "90 % under 15 min or 3"] {
        assert!(text.parse::<Target>().is_err(), "{text}");
    }
    assert_eq!(Target { share: 0.9, minutes: 15.0 }.to_string(), "90 % under 15 min");
}
