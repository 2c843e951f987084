use hall::model::sample;
use hall::predict::trial::{Trial, three_skills};
fn main() {
    let plain = |windows| {
        let mut day = sample::plain(windows, 0.95, 8.0);
        day.lines[0].time = hall::model::ServiceTime::Exponential { mean_minutes: 8.0 };
        day
    };
    for (name, day, every, clerk_spread) in [
        ("three", three_skills(), 2, 0.15),
        ("mixed", sample::mixed(900.0), 5, 0.15),
        ("M/M/10", plain(10), 10, 0.0),
    ] {
        let begun = std::time::Instant::now();
        let outcome = Trial {
            day,
            learning_days: 40,
            settling_days: 20,
            scored_days: 100,
            every,
            paths: 200,
            clerk_spread,
            seed: 5,
        }
        .run();
        println!(
            "{name}: {} tickets, mean wait {:.2}, {:?}",
            outcome.tickets,
            outcome.mean_wait_minutes,
            begun.elapsed()
        );
        for (method, mse) in &outcome.methods {
            println!("  {method:34} {mse:9.3}  {:.3}", mse.sqrt() / outcome.mean_wait_minutes);
        }
        println!(
            "  vs position {:.3}, vs rolling {:.3}, floor {:?}",
            outcome.ahead / outcome.position_mean,
            outcome.ahead / outcome.best_rolling,
            outcome.erlang_floor.map(|f| outcome.ahead / f)
        );
        for (line, raw) in outcome.lines.iter().zip(&outcome.raw_coverage) {
            println!("  {line:?} raw {raw:.3}");
        }
    }
}
