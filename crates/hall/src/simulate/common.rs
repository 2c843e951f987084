//! Common random numbers: every draw is a function of its path and its ticket, booking or quarter-hour. Two
//! forecasts a moment apart, or a day with and without a change, use the same draws and differ by the change,
//! not by chance.

use super::chance::{Arrival, Chance};
use super::hall::Hall;
use super::random::{Bits, Split};
use super::sampler::{normal_beyond, normal_inverse};

/// Numbers from here on are of people who have not come yet.
const FIRST_FUTURE: u32 = 0x8000_0000;
const FIRST_BOOKED: u32 = 0x7000_0000;

/// Slower than [`super::Stream`], which draws in the order of events.
#[derive(Clone, Debug)]
pub struct Common {
    seed: u64,
    path: u64,
    now: f64,
    segment: usize,
    at: f64,
    arrivals: Split,
    index: u32,
}

#[derive(Clone, Copy)]
enum Purpose {
    Minutes,
    Patience,
    Missing,
    CheckIn,
    Remaining,
    Arrivals,
}

impl Common {
    pub fn new(seed: u64) -> Self {
        let nothing = Split::new(0);
        Self { seed, path: 0, now: 0.0, segment: usize::MAX, at: 0.0, arrivals: nothing, index: 0 }
    }

    /// Starts a path at this minute; minus infinity for a whole day.
    pub fn begin(&mut self, path: u64, now: f64) {
        self.path = Split::of(self.seed, path).bits();
        self.now = now;
        self.segment = usize::MAX;
    }

    fn draw(&self, purpose: Purpose, key: u32) -> Split {
        Split::of(self.path, u64::from(key) << 3 | purpose as u64)
    }

    fn enter(&mut self, hall: &Hall, segment: usize) {
        self.segment = segment;
        self.index = 0;
        if let Some((from, quarter)) = hall.quarter_of(segment) {
            self.at = from;
            self.arrivals = self.draw(Purpose::Arrivals, quarter);
        }
    }
}

impl Chance for Common {
    fn next_arrival(&mut self, hall: &Hall) -> Arrival {
        if self.segment == usize::MAX {
            self.enter(hall, hall.segment_after(self.now));
        }
        loop {
            let gap = self.arrivals.exponential();
            let Some((at, queue, quarter)) = hall.arrive_in(self.segment, self.at, gap, &mut self.arrivals)
            else {
                if hall.quarter_of(self.segment).is_none() {
                    return Arrival::NEVER;
                }
                self.enter(hall, self.segment + 1);
                continue;
            };
            self.at = at;
            self.index += 1;
            if at > self.now {
                return Arrival { at, queue, number: FIRST_FUTURE | quarter << 20 | self.index & 0xF_FFFF };
            }
        }
    }

    fn minutes(&mut self, hall: &Hall, line: usize, number: u32) -> f64 {
        hall.sampler(line).fresh(&mut self.draw(Purpose::Minutes, number))
    }

    fn patience(&mut self, mean_minutes: f64, number: u32) -> f64 {
        mean_minutes * self.draw(Purpose::Patience, number).exponential()
    }

    fn is_missing(&mut self, share: f64, number: u32) -> bool {
        self.draw(Purpose::Missing, number).unit() < share
    }

    /// Conditional on not having checked in until now.
    fn check_in(&mut self, hall: &Hall, booking: usize) -> Option<f64> {
        let declared = hall.day().bookings[booking];
        let punctuality = hall.day().punctuality;
        let mut draw = self.draw(Purpose::CheckIn, u32::try_from(booking).unwrap_or(u32::MAX));
        let middle = declared.booked_at - punctuality.early_minutes;
        let spread = punctuality.spread_minutes.max(1e-6);
        let still_to_come = normal_beyond((self.now - middle) / spread);
        let coming = (1.0 - declared.absent_share) * still_to_come;
        if draw.unit() * (coming + declared.absent_share) >= coming {
            return None;
        }
        let z = -normal_inverse(still_to_come * draw.open_unit());
        Some((middle + spread * z).max(self.now))
    }

    fn number(&mut self, booking: usize) -> u32 {
        FIRST_BOOKED + u32::try_from(booking).unwrap_or_default()
    }

    fn remaining(&mut self, hall: &Hall, line: usize, number: u32, age: f64) -> f64 {
        hall.sampler(line).remaining(age, self.draw(Purpose::Remaining, number).open_unit())
    }
}
