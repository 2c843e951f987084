//! `yichuang bench NAME`: the measurements in `bench/`. Each line is `name value unit`.
//!
//! Machines are shared and noisy: alternatives are measured in turns within one run, and their ratio is
//! printed.

mod applicants;
mod board;
mod check;
mod condition;
mod deadline;
mod fill;
mod form;
mod hall;
mod http;
mod mine;
mod pages;
mod postgres;
mod scale;
mod steps;
mod wait;
mod zone;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

#[derive(Debug, clap::Args)]
pub struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Durable human steps per second on SQLite, against bare commits of the same disk.
    Steps(steps::Steps),
    /// Compiling packs of many items.
    Check(check::Check),
    /// Computing the one form.
    Form,
    /// Due days, bare and explained.
    Deadline,
    /// Compiled conditions.
    Condition,
    /// Simulated customers, and forecasts of a full hall.
    Hall,
    /// What keeping everybody in a hall told costs by event.
    Board(board::BoardBench),
    /// Reading a log and reporting on it, against pm4py.
    Mine(mine::Mine),
    /// The score table of the wait forecasts.
    Wait(wait::Wait),
    /// Pages over HTTP with many cases stored, against a trivial page that reads one row.
    Pages(pages::Pages),
    /// Durable commits per second on PostgreSQL, one node and two, against pgbench's inserts.
    Postgres(postgres::Postgres),
    /// Start, worklist, memory and rebuild of a store with millions of events.
    Scale(scale::Scale),
}

impl Bench {
    pub fn run(self) -> Result<ExitCode> {
        match self.what {
            What::Steps(steps) => steps.run()?,
            What::Check(check) => check.run()?,
            What::Form => form::run()?,
            What::Deadline => deadline::run()?,
            What::Condition => condition::run()?,
            What::Hall => hall::run()?,
            What::Board(board) => board.run()?,
            What::Mine(mine) => mine.run()?,
            What::Wait(wait) => wait.run()?,
            What::Pages(pages) => pages.run()?,
            What::Postgres(postgres) => postgres.run()?,
            What::Scale(scale) => scale.run()?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Prints one result line.
fn line(name: &str, value: f64, unit: &str) {
    if value >= 1000.0 || value.fract() == 0.0 {
        println!("{name} {value:.0} {unit}")
    } else {
        println!("{name} {value:.3} {unit}")
    }
}

/// Runs of `work` per second of this thread's processor time, so that other processes do not affect it.
fn per_cpu_second(mut work: impl FnMut()) -> f64 {
    const AT_LEAST: Duration = Duration::from_millis(700);
    for _ in 0..1000 {
        work();
    }
    let begun = thread_cpu();
    let mut rounds = 0_u64;
    loop {
        for _ in 0..1000 {
            work();
        }
        rounds += 1000;
        let used = thread_cpu().saturating_sub(begun);
        if used >= AT_LEAST {
            #[expect(clippy::cast_precision_loss, reason = "counts of a short run")]
            return rounds as f64 / used.as_secs_f64();
        }
    }
}

/// Processor time of this thread, from the scheduler.
fn thread_cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = text.split_whitespace().next().and_then(|field| field.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}

/// Peak resident memory of this process, in MiB.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}
