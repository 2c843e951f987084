//! Non-preemptive priority: a service under way is never interrupted.

use super::erlang_c;

/// Mean wait in minutes by class, highest priority first, before identical servers with one exponential
/// service time for all classes. `arrivals_per_minute` is in the same order. Infinite for a class that the
/// servers cannot carry.
pub fn priority_waits(servers: u32, service_minutes: f64, arrivals_per_minute: &[f64]) -> Vec<f64> {
    let capacity = f64::from(servers) / service_minutes;
    let total: f64 = arrivals_per_minute.iter().sum();
    // When the load exceeds the capacity, all servers are busy and the probability of waiting is 1.
    let residual = erlang_c(servers, total * service_minutes) / capacity;
    waits(residual, arrivals_per_minute.iter().map(|rate| rate / capacity))
}

/// Cobham's formula: one server, any service time by class as `(rate, mean, second moment)`, in minutes.
pub fn single_server_priority_waits(classes: &[(f64, f64, f64)]) -> Vec<f64> {
    let residual = classes.iter().map(|(rate, _, second)| rate * second / 2.0).sum();
    waits(residual, classes.iter().map(|(rate, mean, _)| rate * mean))
}

fn waits(residual: f64, busy: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut above = 0.0;
    busy.map(|share| {
        let before = above;
        above += share;
        if above >= 1.0 { f64::INFINITY } else { residual / ((1.0 - before) * (1.0 - above)) }
    })
    .collect()
}
