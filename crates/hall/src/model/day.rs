//! The declarations of one day, and their errors.

use serde::{Deserialize, Serialize};

use super::{Patience, ServiceTime};

/// Quarter-hours of a day; number n begins at minute 15 n.
pub const QUARTERS: usize = 96;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HallDay {
    pub lines: Vec<Line>,
    /// The first is the ordinary one; late bookings drop to it.
    pub lanes: Vec<Lane>,
    pub windows: Vec<Window>,
    #[serde(default)]
    pub bookings: Vec<Booking>,
    #[serde(default)]
    pub punctuality: Punctuality,
    pub closing: Closing,
    /// Minutes that a window loses on a called person who does not come.
    pub vain_call_minutes: f64,
}

/// One kind of business: its tickets have the same service time distribution and the same windows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub name: String,
    pub time: ServiceTime,
    #[serde(default)]
    pub patience: Patience,
    /// Share of called tickets whose holder is not there.
    #[serde(default)]
    pub no_show_share: f64,
    /// Share of walk-ins by lane, in the order of [`HallDay::lanes`]; sums to one.
    pub lane_shares: Vec<f64>,
    /// Expected walk-ins by quarter-hour, [`QUARTERS`] values; arrivals are a Poisson process.
    pub arrivals: Vec<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    pub name: String,
    pub head_start_minutes: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Window {
    pub name: String,
    /// Indices into [`HallDay::lines`].
    pub serves: Vec<usize>,
    pub shifts: Vec<Span>,
    /// A break begins when the service under way is over, and ends on time.
    #[serde(default)]
    pub breaks: Vec<Span>,
    /// Speed factor: 1 is normal, 2 halves the service times.
    pub speed: f64,
}

/// Minutes after midnight; the end is excluded.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Span {
    pub from: f64,
    pub to: f64,
}

/// One person with an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Booking {
    pub line: usize,
    /// The lane of the ticket if the person is on time.
    pub lane: usize,
    pub booked_at: f64,
    /// Probability that the person does not come.
    pub absent_share: f64,
}

/// When people with appointments check in, relative to the booked time (normal distribution).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Punctuality {
    /// Mean minutes before the booked time.
    pub early_minutes: f64,
    pub spread_minutes: f64,
    /// Minutes of lateness that still count as on time.
    pub grace_minutes: f64,
}

impl Default for Punctuality {
    fn default() -> Self {
        Self { early_minutes: 6.0, spread_minutes: 6.0, grace_minutes: 10.0 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Closing {
    /// From here on no number is given.
    pub last_number_at: f64,
    pub closes_at: f64,
    pub rest: Rest,
}

/// What happens to tickets that still wait at closing time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rest {
    /// Windows on duty at closing time stay until nobody waits whom they can serve.
    Served,
    SentAway,
}

/// Why a day cannot be simulated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("a hall needs at least one line, one lane and one window")]
    Empty,
    #[error("line {0}: the service time, patience or no-show share is not a sound distribution")]
    Distribution(String),
    #[error("line {0}: lane shares must be one for each lane and sum to one")]
    LaneShares(String),
    #[error("line {0}: arrivals must be {QUARTERS} numbers that are not negative")]
    Arrivals(String),
    #[error(
        "window {0}: serves a line that does not exist, has a speed that is not positive, or a span that ends before it begins"
    )]
    Window(String),
    #[error("a booking names a line or lane that does not exist, or has no sound time or chance")]
    Booking,
    #[error("the hall closes before its last number, or not within the day")]
    Closing,
    #[error("a lane's head start must be a finite number")]
    HeadStart,
    #[error("more than {0} lines, lanes or windows")]
    TooLarge(usize),
}

impl HallDay {
    /// Upper bound of lines × lanes, and of windows.
    pub const SIZE_MAX: usize = 4_096;

    /// # Errors
    /// The first [`Flaw`] found.
    pub fn check(&self) -> Result<(), Flaw> {
        if self.lines.is_empty() || self.lanes.is_empty() || self.windows.is_empty() {
            return Err(Flaw::Empty);
        }
        if self.lines.len() * self.lanes.len() > Self::SIZE_MAX || self.windows.len() > Self::SIZE_MAX {
            return Err(Flaw::TooLarge(Self::SIZE_MAX));
        }
        if self.lanes.iter().any(|lane| !lane.head_start_minutes.is_finite()) {
            return Err(Flaw::HeadStart);
        }
        self.lines.iter().try_for_each(|line| self.check_line(line))?;
        self.windows.iter().try_for_each(|window| self.check_window(window))?;
        let booking_is_sound = |booking: &Booking| {
            booking.line < self.lines.len()
                && booking.lane < self.lanes.len()
                && booking.booked_at.is_finite()
                && (0.0..=1.0).contains(&booking.absent_share)
        };
        if !self.bookings.iter().all(booking_is_sound) {
            return Err(Flaw::Booking);
        }
        let Closing { last_number_at, closes_at, .. } = self.closing;
        // Negated, so that NaN fails the check.
        if !(last_number_at <= closes_at && closes_at <= 1_440.0 && self.vain_call_minutes >= 0.0) {
            return Err(Flaw::Closing);
        }
        Ok(())
    }

    fn check_line(&self, line: &Line) -> Result<(), Flaw> {
        let patient = match line.patience {
            Patience::Endless => true,
            Patience::Exponential { mean_minutes } => mean_minutes.is_finite() && mean_minutes > 0.0,
        };
        if !line.time.is_sound() || !patient || !(0.0..=1.0).contains(&line.no_show_share) {
            return Err(Flaw::Distribution(line.name.clone()));
        }
        let total: f64 = line.lane_shares.iter().sum();
        if line.lane_shares.len() != self.lanes.len()
            || line.lane_shares.iter().any(|share| !(0.0..=1.0).contains(share))
            || (total - 1.0).abs() > 1e-6
        {
            return Err(Flaw::LaneShares(line.name.clone()));
        }
        if line.arrivals.len() != QUARTERS
            || line.arrivals.iter().any(|count| !count.is_finite() || *count < 0.0)
        {
            return Err(Flaw::Arrivals(line.name.clone()));
        }
        Ok(())
    }

    fn check_window(&self, window: &Window) -> Result<(), Flaw> {
        let spans_sound = window
            .shifts
            .iter()
            .chain(&window.breaks)
            .all(|span| span.from.is_finite() && span.from < span.to);
        let sound = spans_sound
            && window.serves.iter().all(|line| *line < self.lines.len())
            && window.speed.is_finite()
            && window.speed > 0.0;
        if sound { Ok(()) } else { Err(Flaw::Window(window.name.clone())) }
    }
}

impl Window {
    /// The spans in which it calls: shifts less breaks, in order, with touching shifts joined.
    pub fn duty(&self) -> Vec<Span> {
        let mut shifts = self.shifts.clone();
        shifts.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut duty: Vec<Span> = Vec::new();
        for shift in shifts {
            match duty.last_mut() {
                Some(last) if shift.from <= last.to => last.to = last.to.max(shift.to),
                _ => duty.push(shift),
            }
        }
        for pause in &self.breaks {
            duty = duty.into_iter().flat_map(|span| span.without(*pause)).collect();
        }
        duty
    }

    pub fn duty_minutes(&self) -> f64 {
        self.duty().iter().map(|span| span.to - span.from).sum()
    }
}

impl Span {
    pub const fn new(from: f64, to: f64) -> Self {
        Self { from, to }
    }

    pub fn contains(&self, at: f64) -> bool {
        self.from <= at && at < self.to
    }

    fn without(self, other: Self) -> impl Iterator<Item = Self> {
        let parts = [
            Self { from: self.from, to: self.to.min(other.from) },
            Self { from: self.from.max(other.to), to: self.to },
        ];
        let apart = other.to <= self.from || self.to <= other.from;
        let parts = if apart { [self, Self { from: 0.0, to: 0.0 }] } else { parts };
        parts.into_iter().filter(|part| part.from < part.to)
    }
}
