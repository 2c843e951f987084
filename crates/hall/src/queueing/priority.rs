//! Non-preemptive priority: whoever is being served is served to the end.

use super::erlang_c;

/// Mean waits by class, first class first, before equal servers with one exponential service time for all.
/// `arrivals_per_minute` is by class in the same order. A class that the servers cannot carry waits for ever.
pub fn priority_waits(servers: u32, service_minutes: f64, arrivals_per_minute: &[f64]) -> Vec<f64> {
    let capacity = f64::from(servers) / service_minutes;
    let total: f64 = arrivals_per_minute.iter().sum();
    // With more work than capacity all servers are busy, and the chance of waiting is one.
    let residual = erlang_c(servers, total * service_minutes) / capacity;
    waits(residual, arrivals_per_minute.iter().map(|rate| rate / capacity))
}

/// Cobham's formula: one server, any service time by class as `(rate, mean, second moment)`.
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
