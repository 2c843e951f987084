//! Erlang A: waiting people abandon after an exponential time.

/// M/M/c+M. Stable at every load, because people abandon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impatient {
    pub servers: u32,
    pub arrivals_per_minute: f64,
    pub service_minutes: f64,
    pub patience_minutes: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImpatientFigures {
    pub wait_probability: f64,
    pub abandoned_share: f64,
    /// Over all people, served or not.
    pub mean_wait_minutes: f64,
    pub mean_waiting: f64,
    pub mean_busy: f64,
}

impl Impatient {
    /// Sums the stationary distribution outwards from its largest term, so that no term overflows and the
    /// truncated rest is below 10^-18 of the whole.
    pub fn figures(&self) -> ImpatientFigures {
        let servers = u64::from(self.servers);
        let mode = self.mode();
        let mut sums = Sums::default();
        sums.add(mode, 1.0, servers);
        let mut weight = 1.0;
        for people in (0..mode).rev() {
            weight *= self.departures_per_minute(people + 1) / self.arrivals_per_minute;
            sums.add(people, weight, servers);
            if weight < NEGLIGIBLE * sums.all {
                break;
            }
        }
        weight = 1.0;
        for people in mode + 1.. {
            weight *= self.arrivals_per_minute / self.departures_per_minute(people);
            sums.add(people, weight, servers);
            if weight < NEGLIGIBLE * sums.all {
                break;
            }
        }
        let mean_waiting = sums.waiting / sums.all;
        ImpatientFigures {
            wait_probability: sums.all_busy / sums.all,
            abandoned_share: mean_waiting / (self.patience_minutes * self.arrivals_per_minute),
            mean_wait_minutes: mean_waiting / self.arrivals_per_minute,
            mean_waiting,
            mean_busy: sums.busy / sums.all,
        }
    }

    fn departures_per_minute(&self, people: u64) -> f64 {
        let servers = u64::from(self.servers);
        as_f64(people.min(servers)) / self.service_minutes
            + as_f64(people.saturating_sub(servers)) / self.patience_minutes
    }

    /// The most likely number of people: the last at which arrivals outpace departures.
    fn mode(&self) -> u64 {
        let (mut low, mut high) = (0_u64, 1_u64);
        while self.departures_per_minute(high) < self.arrivals_per_minute {
            low = high;
            high *= 2;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.departures_per_minute(middle) < self.arrivals_per_minute {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }
}

const NEGLIGIBLE: f64 = 1e-19;

#[derive(Default)]
struct Sums {
    all: f64,
    all_busy: f64,
    waiting: f64,
    busy: f64,
}

impl Sums {
    fn add(&mut self, people: u64, weight: f64, servers: u64) {
        self.all += weight;
        self.busy += weight * as_f64(people.min(servers));
        if people >= servers {
            self.all_busy += weight;
            self.waiting += weight * as_f64(people - servers);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of people, far below 2^52")]
fn as_f64(people: u64) -> f64 {
    people as f64
}
