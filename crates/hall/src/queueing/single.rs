//! One server, any service time.

/// Mean wait (Pollaczek–Khinchine) before one first-come-first-served server, from the first two moments of
/// its service time; infinite when not stable.
pub fn pollaczek_khinchine(arrivals_per_minute: f64, mean_minutes: f64, second_moment: f64) -> f64 {
    let busy = arrivals_per_minute * mean_minutes;
    if busy >= 1.0 {
        return f64::INFINITY;
    }
    arrivals_per_minute * second_moment / (2.0 * (1.0 - busy))
}
