//! Erlang's formulas for Poisson arrivals and exponential services.

/// Erlang B: share of arrivals lost when nobody may wait. The recursion adds and divides positive numbers
/// only, so it neither overflows nor cancels for any number of servers.
pub fn erlang_b(servers: u32, load: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, n| {
        let asked = load * blocked;
        asked / (f64::from(n) + asked)
    })
}

/// Erlang C: share of arrivals that have to wait; 1 when the load is not below `servers`.
pub fn erlang_c(servers: u32, load: f64) -> f64 {
    if load >= f64::from(servers) {
        return 1.0;
    }
    from_blocked(erlang_b(servers, load), servers, load)
}

/// Erlang C from Erlang B at the same number of servers; needs `load < servers`.
pub(super) fn from_blocked(blocked: f64, servers: u32, load: f64) -> f64 {
    let busy = load / f64::from(servers);
    blocked / (1.0 - busy * (1.0 - blocked))
}

/// M/M/c: one line before identical servers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MultiServer {
    pub servers: u32,
    pub arrivals_per_minute: f64,
    pub service_minutes: f64,
}

impl MultiServer {
    pub fn load(&self) -> f64 {
        self.arrivals_per_minute * self.service_minutes
    }

    pub fn is_stable(&self) -> bool {
        self.load() < f64::from(self.servers)
    }

    pub fn wait_probability(&self) -> f64 {
        erlang_c(self.servers, self.load())
    }

    /// Mean over all people, those who do not wait included; infinite when not stable.
    pub fn mean_wait_minutes(&self) -> f64 {
        match self.drain_per_minute() {
            Some(drain) => self.wait_probability() / drain,
            None => f64::INFINITY,
        }
    }

    pub fn mean_waiting(&self) -> f64 {
        self.arrivals_per_minute * self.mean_wait_minutes()
    }

    /// Share of arrivals that wait longer than `minutes`.
    pub fn waiting_longer_than(&self, minutes: f64) -> f64 {
        match self.drain_per_minute() {
            _ if minutes < 0.0 => 1.0,
            Some(drain) => self.wait_probability() * (-drain * minutes).exp(),
            None => 1.0,
        }
    }

    /// Quantile of the wait at level `share`, over all people.
    pub fn wait_quantile_minutes(&self, share: f64) -> f64 {
        let over = 1.0 - share;
        let waiting = self.wait_probability();
        match self.drain_per_minute() {
            _ if over >= waiting => 0.0,
            Some(drain) => (waiting / over).ln() / drain,
            None => f64::INFINITY,
        }
    }

    /// Service rate with all servers busy minus arrival rate; `None` when not stable.
    fn drain_per_minute(&self) -> Option<f64> {
        let drain = f64::from(self.servers) / self.service_minutes - self.arrivals_per_minute;
        self.is_stable().then_some(drain)
    }
}
