//! Who is connected. A full house lets go of whoever has waited longest without asking for anything, so that connections
//! that are only held open keep nobody out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::sync::Notify;

#[derive(Debug)]
pub struct Seats {
    most: usize,
    most_each: usize,
    begun: Instant,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    next: u64,
    places: HashMap<u64, Arc<Place>>,
    by_address: HashMap<IpAddr, usize>,
}

#[derive(Debug)]
struct Place {
    address: Option<IpAddr>,
    /// Milliseconds since the house opened at which the wait began; [`ASKING`] while a request is answered.
    since: AtomicU64,
    wanted: Notify,
}

const ASKING: u64 = u64::MAX;

/// One connection's; free again when it is dropped.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Seats>,
    id: u64,
    place: Arc<Place>,
}

impl Seats {
    pub fn new(most: usize, most_each: usize) -> Arc<Self> {
        Arc::new(Self { most, most_each, begun: Instant::now(), held: Mutex::default() })
    }

    /// A seat, at the cost of who has waited longest if there is none. `None` when everybody is being answered. An
    /// address is counted when it is given.
    pub fn take(self: &Arc<Self>, address: Option<IpAddr>) -> Option<Seat> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = address.and_then(|address| held.by_address.get(&address)).copied().unwrap_or(0);
        if of_one >= self.most_each {
            held.let_go(|place| place.address == address)?;
        } else if held.places.len() >= self.most {
            held.let_go(|_| true)?;
        }
        let id = held.next;
        held.next += 1;
        let place = Arc::new(Place { address, since: AtomicU64::new(self.now()), wanted: Notify::new() });
        held.places.insert(id, place.clone());
        if let Some(address) = address {
            *held.by_address.entry(address).or_default() += 1;
        }
        Some(Seat { seats: self.clone(), id, place })
    }

    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(0)
    }
}

impl Held {
    fn let_go(&mut self, may: impl Fn(&Place) -> bool) -> Option<()> {
        let waits = |place: &Place| place.since.load(Ordering::Relaxed);
        let (id, place) = self
            .places
            .iter()
            .filter(|(_, place)| may(place) && waits(place) != ASKING)
            .min_by_key(|(id, place)| (waits(place), **id))?;
        place.wanted.notify_one();
        let id = *id;
        self.free(id);
        Some(())
    }

    fn free(&mut self, id: u64) {
        let Some(place) = self.places.remove(&id) else { return };
        let Some(address) = place.address else { return };
        if let Some(count) = self.by_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&address);
            }
        }
    }
}

impl Seat {
    pub fn asks(&self) {
        self.place.since.store(ASKING, Ordering::Relaxed);
    }

    pub fn waits(&self) {
        self.place.since.store(self.seats.now(), Ordering::Relaxed);
    }

    /// Ends when somebody else gets this seat.
    pub async fn is_wanted(&self) {
        self.place.wanted.notified().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.held.lock().unwrap_or_else(PoisonError::into_inner).free(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_wanted(seat: &Seat) -> bool {
        let mut wanted = std::pin::pin!(seat.place.wanted.notified());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        wanted.as_mut().poll(&mut context).is_ready()
    }

    #[test]
    fn a_full_house_lets_go_of_who_waited_longest_and_never_of_who_is_being_answered() {
        let seats = Seats::new(2, 2);
        let first = seats.take(None).unwrap();
        first.asks();
        let second = seats.take(None).unwrap();
        let third = seats.take(None).unwrap();
        assert!(!is_wanted(&first) && is_wanted(&second));
        third.asks();
        assert!(seats.take(None).is_none(), "both are being answered");
        drop(first);
        assert!(seats.take(None).is_some());
        // Who was let go gives back nothing a second time.
        drop((second, third));
        assert_eq!(seats.held.lock().unwrap().places.len(), 0);
    }

    #[test]
    fn one_address_costs_only_itself() {
        let seats = Seats::new(10, 2);
        let (one, other) = (Some([10, 0, 0, 1].into()), Some([10, 0, 0, 2].into()));
        let quiet = seats.take(other).unwrap();
        let held = [seats.take(one).unwrap(), seats.take(one).unwrap()];
        let more = seats.take(one).unwrap();
        assert!(is_wanted(&held[0]) && !is_wanted(&quiet));
        held[1].asks();
        more.asks();
        assert!(seats.take(one).is_none() && seats.take(other).is_some());
        drop((held, more));
        assert!(!seats.held.lock().unwrap().by_address.contains_key(&one.unwrap()));
    }
}
