//! `bench wait`: the scores of the forecasts on days that nothing was learnt from.

use anyhow::Result;
use hall::model::{HallDay, sample};
use hall::predict::trial::{Outcome, Trial, three_skills};

#[derive(Debug, clap::Args)]
pub struct Wait {
    /// Days that are scored.
    #[arg(long, default_value_t = 300)]
    days: u32,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Wait {
    pub fn run(&self) -> Result<()> {
        self.table("three skills", three_skills(), 5, 0.15);
        self.table("mixed", sample::mixed(900.0), 10, 0.15);
        self.table("plain", sample::plain(10, 0.95, 8.0), 20, 0.0);
        Ok(())
    }

    fn table(&self, name: &str, day: HallDay, every: u32, clerk_spread: f64) {
        let names: Vec<String> = day.lines.iter().map(|line| line.name.clone()).collect();
        let outcome = Trial {
            day,
            learning_days: 60,
            settling_days: 60,
            scored_days: self.days,
            every,
            paths: 200,
            clerk_spread,
            seed: self.seed,
        }
        .run();
        let Outcome { tickets, mean_wait_minutes, .. } = outcome;
        println!("\n{name}: {tickets} tickets that had to wait, {mean_wait_minutes:.2} min on average\n");
        println!("| forecast | squared error (min²) | root, of the mean wait |\n| --- | ---: | ---: |");
        for (method, error) in &outcome.methods {
            println!("| {method} | {error:.2} | {:.2} |", error.sqrt() / mean_wait_minutes);
        }
        println!("\n- of position × mean: {:.3}", outcome.ahead / outcome.position_mean);
        println!("- of the best rolling mean: {:.3}", outcome.ahead / outcome.best_rolling);
        if let Some(floor) = outcome.erlang_floor {
            println!("- of the forecast that knows the true rates: {:.4}", outcome.ahead / floor);
        }
        println!("\n| line | forecasts | mean absolute error (min) | band covers | paths' own band |");
        println!("| --- | ---: | ---: | ---: | ---: |");
        for score in &outcome.lines {
            println!(
                "| {} | {} | {:.2} | {:.1} % | {:.1} % |",
                names[score.line],
                score.forecasts,
                score.mean_absolute_error_minutes,
                score.coverage * 100.0,
                outcome.raw_coverage[score.line] * 100.0
            );
        }
    }
}
