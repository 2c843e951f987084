//! Sources of the random numbers of a day.

use super::hall::Hall;
use super::random::{Bits, Tables, Xoshiro, exponential, normal};

/// A number is taken.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    pub at: f64,
    pub queue: u16,
    pub number: u32,
}

impl Arrival {
    pub(crate) const NEVER: Self = Self { at: f64::INFINITY, queue: 0, number: 0 };
}

/// The random draws of the simulation loop. One stream for all is fastest; a forecast wants draws tied to
/// their ticket, so that a small change of the present changes the future little.
pub trait Chance {
    fn next_arrival(&mut self, hall: &Hall) -> Arrival;
    /// Service minutes of this ticket at a window of speed 1.
    fn minutes(&mut self, hall: &Hall, line: usize, number: u32) -> f64;
    /// Minutes until the holder abandons; drawn only for lines with finite patience.
    fn patience(&mut self, mean_minutes: f64, number: u32) -> f64;
    /// Whether the holder is absent when called.
    fn is_missing(&mut self, share: f64, number: u32) -> bool;
    /// When this booking's holder checks in; `None` for never.
    fn check_in(&mut self, hall: &Hall, booking: usize) -> Option<f64>;
    /// The number that this booking's holder gets at check-in.
    fn number(&mut self, booking: usize) -> u32;
    /// Remaining minutes of a service that has lasted `age` minutes, at a window of speed 1.
    fn remaining(&mut self, hall: &Hall, line: usize, number: u32, age: f64) -> f64;
}

/// One stream of random bits, consumed in the order of events.
#[derive(Clone, Debug)]
pub struct Stream {
    bits: Xoshiro,
    tables: &'static Tables,
    segment: usize,
    at: f64,
    last_number: u32,
}

impl Stream {
    pub fn new(seed: u64) -> Self {
        Self { bits: Xoshiro::new(seed), tables: Tables::get(), segment: 0, at: 0.0, last_number: 0 }
    }

    /// Starts another day on the same stream.
    pub fn begin(&mut self) {
        self.segment = 0;
        self.at = f64::NEG_INFINITY;
        self.last_number = 0;
    }
}

impl Chance for Stream {
    #[inline]
    fn next_arrival(&mut self, hall: &Hall) -> Arrival {
        let mut work = exponential(&mut self.bits, self.tables);
        while let Some(segment) = hall.segments.get(self.segment) {
            let from = if self.at > segment.from { self.at } else { segment.from };
            let at = from + work * segment.minutes_each;
            if at < segment.to {
                self.at = at;
                self.last_number += 1;
                let queue = hall.pick_queue(segment, &mut self.bits);
                return Arrival { at, queue, number: self.last_number };
            }
            work -= (segment.to - from).max(0.0) * segment.per_minute;
            self.segment += 1;
        }
        Arrival::NEVER
    }

    #[inline]
    fn minutes(&mut self, hall: &Hall, line: usize, _number: u32) -> f64 {
        hall.samplers[line].draw(&mut self.bits, self.tables)
    }

    #[inline]
    fn patience(&mut self, mean_minutes: f64, _number: u32) -> f64 {
        mean_minutes * exponential(&mut self.bits, self.tables)
    }

    #[inline]
    fn is_missing(&mut self, share: f64, _number: u32) -> bool {
        self.bits.unit() < share
    }

    fn check_in(&mut self, hall: &Hall, booking: usize) -> Option<f64> {
        let booking = &hall.bookings[booking];
        let punctuality = &hall.punctuality;
        let shift =
            punctuality.spread_minutes * normal(&mut self.bits, self.tables) - punctuality.early_minutes;
        (self.bits.unit() >= booking.absent_share).then_some(booking.booked_at + shift)
    }

    fn number(&mut self, _booking: usize) -> u32 {
        self.last_number += 1;
        self.last_number
    }

    fn remaining(&mut self, hall: &Hall, line: usize, _number: u32, age: f64) -> f64 {
        hall.samplers[line].remaining(age, self.bits.open_unit())
    }
}
