//! `bench hall`: simulated customers on two days, and forecasts of a full hall. Processor time of one thread.

use anyhow::Result;
use hall::model::{HallDay, sample};
use hall::predict::trial::crowded;
use hall::predict::{Basis, Calibration, Forecaster};
use hall::simulate::{Hall, Simulation};

/// Simulated paths of one forecast.
const PATHS: usize = 200;
const REFRESHES: u32 = 20;

pub fn run() -> Result<()> {
    customers("hall_plain", sample::plain(10, 0.9, 8.0), 2_500)?;
    customers("hall_mixed", sample::mixed(900.0), 5_000)?;
    let (day, present) = crowded();
    let hall = Hall::new(day)?;
    let calibration = Calibration::new(hall.day().lines.len());
    let mut forecaster = Forecaster::new(&hall, PATHS, 1);
    let mut refresh = || -> f64 {
        let ensembles = forecaster.waiting(&hall, &present);
        let told = present.waiting.iter().zip(&ensembles).map(|(waiting, ensemble)| {
            ensemble.forecast(calibration.band(waiting.line), Basis::Declared { services: 0 }).median_minutes
        });
        told.sum()
    };
    std::hint::black_box(refresh());
    let begun = super::thread_cpu();
    for _ in 0..REFRESHES {
        std::hint::black_box(refresh());
    }
    let used = super::thread_cpu().saturating_sub(begun);
    super::line("hall_refresh_300_tickets_40_windows", used.as_secs_f64() * 1e3 / f64::from(REFRESHES), "ms");
    Ok(())
}

fn customers(name: &str, day: HallDay, days: u32) -> Result<()> {
    let hall = Hall::new(day)?;
    let mut simulation = Simulation::new(&hall, 15.0, 7);
    simulation.play(&hall, days / 10);
    let before = simulation.customers();
    let begun = super::thread_cpu();
    simulation.play(&hall, days);
    let used = super::thread_cpu().saturating_sub(begun);
    super::line(name, (simulation.customers() - before) / used.as_secs_f64(), "customers/s");
    Ok(())
}
