//! Customers per second of this thread's processor time, on the two sample days.

use hall::model::sample;
use hall::simulate::{Hall, Simulation};

fn main() {
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

fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or_default() / 1e9
}
