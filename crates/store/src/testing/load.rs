//! Measuring durable steps: how many, how long each takes, how much processor time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::{BoxFuture, Result, StoreError};

/// One user's step: `(user, number of the step)`.
pub type StepLoad = Arc<dyn Fn(u64, u64) -> BoxFuture<'static, Result<()>> + Send + Sync>;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadReport {
    pub steps: u64,
    pub steps_per_second: f64,
    /// Of the whole process, all threads.
    pub cpu_per_step: Duration,
    pub p50: Duration,
    pub p99: Duration,
    pub max: Duration,
}

/// Runs `users` loops of steps at the same time, each for `duration`. Run it on a runtime of several threads.
///
/// # Errors
/// The error of a failed step; it is returned once the loops of the users before it have ended.
pub async fn run_steps(users: u64, duration: Duration, step: StepLoad) -> Result<LoadReport> {
    let begun = Instant::now();
    let cpu_before = cpu_time();
    let steps = Arc::new(AtomicU64::new(0));
    let tasks: Vec<_> = (0..users)
        .map(|user| {
            let (step, steps) = (Arc::clone(&step), Arc::clone(&steps));
            tokio::spawn(async move {
                let mut waits = Vec::new();
                for number in 0.. {
                    let started = Instant::now();
                    if started - begun >= duration {
                        break;
                    }
                    step(user, number).await?;
                    steps.fetch_add(1, Ordering::Relaxed);
                    waits.push(started.elapsed());
                }
                Ok::<_, StoreError>(waits)
            })
        })
        .collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await.map_err(StoreError::fault)??);
    }
    let lasted = begun.elapsed();
    let cpu = cpu_time().saturating_sub(cpu_before);
    let steps = steps.load(Ordering::Relaxed);
    waits.sort_unstable();
    let share = |hundredths: usize| waits.get(waits.len() * hundredths / 100).copied().unwrap_or_default();
    Ok(LoadReport {
        steps,
        #[allow(clippy::cast_precision_loss)]
        steps_per_second: steps as f64 / lasted.as_secs_f64(),
        cpu_per_step: cpu.checked_div(u32::try_from(steps).unwrap_or(u32::MAX)).unwrap_or_default(),
        p50: share(50),
        p99: share(99),
        max: waits.last().copied().unwrap_or_default(),
    })
}

/// The processor time of this process so far, to a hundredth of a second; zero where it is unknown.
#[must_use]
pub fn cpu_time() -> Duration {
    // Fields 14 and 15 of proc(5) stat, in clock ticks; Linux reports hundredths of a second on every
    // architecture. The program's name, field 2, may contain blanks and ends with the last parenthesis.
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 =
        fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
