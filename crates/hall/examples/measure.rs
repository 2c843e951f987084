//! Customers per second of this thread's processor time, on the two sample days.

use hall::model::sample;
use hall::predict::Forecaster;
use hall::simulate::{Hall, Present, ServingNow, Simulation, Waiting, WindowNow};

fn main() {
    refresh();
    for (name, day, days) in [
        ("plain M/M/10", sample::plain(10, 0.9, 8.0), 2_000),
        ("plain M/M/10 long", sample::plain(10, 0.9, 0.02), 10),
        ("mixed 700", sample::mixed(700.0), 4_000),
        ("mixed 900", sample::mixed(900.0), 4_000),
    ] {
        let hall = Hall::new(day).expect("a sample day is sound");
        let mut simulation = Simulation::new(&hall, 15.0, 7);
        simulation.play(&hall, days / 10);
        let before = simulation.customers();
        let begun = cpu();
        simulation.play(&hall, days);
        let used = cpu() - begun;
        let report = simulation.report();
        println!(
            "{name}: {:.2} million/s; {:.1} tickets, wait {:?}, within {:?}, unserved {:?}",
            (simulation.customers() - before) / used / 1e6,
            report.all.tickets.mean,
            report.all.mean_wait_minutes,
            report.all.within_target_share,
            report.all.unserved
        );
    }
}

fn refresh() {
    let mut day = sample::mixed(2_400.0);
    while day.windows.len() < 40 {
        let mut window = day.windows[day.windows.len() - 24].clone();
        window.name = format!("W{}", day.windows.len());
        day.windows.push(window);
    }
    let hall = Hall::new(day).expect("a sample day is sound");
    let at = 600.0;
    let mut present = Present { now: at, ..Present::default() };
    for n in 0..300_u32 {
        let joined_at = at - 0.2 * f64::from(300 - n);
        present.waiting.push(Waiting {
            number: n + 100,
            line: n as usize % 6,
            lane: if n % 12 == 0 { 2 } else { 0 },
            joined_at,
            ready_at: joined_at,
        });
    }
    for n in 0..40_u32 {
        let serving = ServingNow {
            line: hall.day().windows[n as usize].serves[0],
            number: n,
            since: at - f64::from(n) / 4.0,
            attended: true,
        };
        present.windows.push(WindowNow {
            is_on: true,
            serving: Some(serving),
            lingers: false,
            back_at: None,
        });
    }
    let mut forecaster = Forecaster::new(&hall, 200, 1);
    forecaster.waiting(&hall, &present);
    let begun = cpu();
    let rounds = 20;
    let mut mean = 0.0;
    for _ in 0..rounds {
        let ensembles = forecaster.waiting(&hall, &present);
        mean = ensembles
            .iter()
            .map(|e| e.forecast((0.1, 0.9), hall::predict::Basis::History { services: 1000 }).median_minutes)
            .sum::<f64>()
            / 300.0;
    }
    println!(
        "refresh of 300 over 40 windows, 200 paths: {:.1} ms (mean median {mean:.1} min)",
        (cpu() - begun) * 1000.0 / f64::from(rounds)
    );
}

fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or_default() / 1e9
}
