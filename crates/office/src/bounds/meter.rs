//! Buckets that fill evenly: what is taken from one comes back within its time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::Timestamp;

use super::settings::{Bounds, Making};

/// So many are remembered; those that are full again need no memory.
const REMEMBERED: usize = 100_000;

type Key = (Making, Box<str>);

/// What is counted on this node.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    bounds: RwLock<Arc<Bounds>>,
    buckets: Mutex<HashMap<Key, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    used: f64,
    most: f64,
    at: Timestamp,
}

/// What was taken, to be given back.
#[derive(Debug)]
pub(crate) struct Share {
    key: Key,
    amount: f64,
}

impl Bucket {
    #[allow(clippy::cast_precision_loss, reason = "seconds of a day")]
    fn at(self, now: Timestamp, making: Making) -> Self {
        // A clock that was set back gives nothing and takes nothing.
        let passed = now.duration_since(self.at).as_secs_f64().max(0.0);
        let back = passed * self.most / making.seconds() as f64;
        Self { used: (self.used - back).max(0.0), at: now.max(self.at), ..self }
    }
}

impl Meter {
    pub fn bounds(&self) -> Arc<Bounds> {
        self.bounds.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_bounds(&self, bounds: Bounds) {
        *self.bounds.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(bounds);
    }

    /// Takes so much, or says in how many seconds it can be had.
    #[allow(clippy::cast_precision_loss, reason = "amounts far below 2^52")]
    pub fn take(
        &self,
        making: Making,
        name: &str,
        amount: u64,
        most: u64,
        now: Timestamp,
    ) -> Result<Share, i64> {
        let (wanted, most) = (amount as f64, most as f64);
        let key = (making, Box::from(name));
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= REMEMBERED && !buckets.contains_key(&key) {
            forget(&mut buckets, now);
        }
        let fresh = Bucket { used: 0.0, most, at: now };
        let bucket = buckets.get(&key).map_or(fresh, |bucket| bucket.at(now, making));
        let left = most - bucket.used;
        // What is larger than the whole is let through once there is the whole.
        if left < wanted.min(most) {
            let missing = wanted.min(most) - left;
            return Err(whole((missing * making.seconds() as f64 / most).ceil()));
        }
        buckets.insert(key.clone(), Bucket { used: bucket.used + wanted, most, at: bucket.at });
        Ok(Share { key, amount: wanted })
    }

    pub fn give_back(&self, share: Option<Share>, now: Timestamp) {
        let Some(Share { key, amount }) = share else { return };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(&key) {
            *bucket = bucket.at(now, key.0);
            bucket.used = (bucket.used - amount).max(0.0);
        }
    }
}

/// Room for others: those that used least can be forgotten with the least harm.
fn forget(buckets: &mut HashMap<Key, Bucket>, now: Timestamp) {
    let part = |(making, _): &Key, bucket: &Bucket| bucket.at(now, *making).used / bucket.most.max(1.0);
    for used in [0.0, 0.02, 0.25] {
        buckets.retain(|key, bucket| part(key, bucket) > used);
        if buckets.len() < REMEMBERED {
            return;
        }
    }
    buckets.clear();
}

#[allow(clippy::cast_possible_truncation, reason = "seconds of some days")]
fn whole(seconds: f64) -> i64 {
    (seconds as i64).max(1)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T01:30:00Z".parse().unwrap()
    }

    #[test]
    fn an_amount_is_there_at_once_and_comes_back_evenly() {
        let meter = Meter::default();
        let mut now = now();
        for _ in 0..24 {
            meter.take(Making::Drafts, "a", 1, 24, now).unwrap();
        }
        // One an hour comes back, and whoever waits as long as told is served.
        assert_eq!(meter.take(Making::Drafts, "a", 1, 24, now).unwrap_err(), 3600);
        meter.take(Making::Drafts, "b", 1, 24, now).unwrap();
        meter.take(Making::Reports, "a", 1, 24, now).unwrap();
        now += SignedDuration::from_secs(3600);
        meter.take(Making::Drafts, "a", 1, 24, now).unwrap();
        assert!(meter.take(Making::Drafts, "a", 1, 24, now).is_err());
        now += SignedDuration::from_hours(48);
        let took = (0..).take_while(|_| meter.take(Making::Drafts, "a", 1, 24, now).is_ok()).count();
        assert_eq!(took, 24);
    }

    #[test]
    fn what_is_given_back_can_be_had_again_and_no_more() {
        let meter = Meter::default();
        let share = meter.take(Making::Numbers, "a", 1, 1, now()).unwrap();
        assert!(meter.take(Making::Numbers, "a", 1, 1, now()).is_err());
        meter.give_back(Some(share), now());
        meter.take(Making::Numbers, "a", 1, 1, now()).unwrap();
        assert!(meter.take(Making::Numbers, "a", 1, 1, now()).is_err());
    }

    #[test]
    fn a_file_larger_than_the_whole_amount_is_taken_once_nothing_else_was() {
        let meter = Meter::default();
        meter.take(Making::Uploads, "a", 500, 100, now()).unwrap();
        assert!(meter.take(Making::Uploads, "a", 1, 100, now()).is_err());
    }

    #[test]
    fn a_crowd_of_addresses_makes_nobody_forget_who_took_most() {
        let meter = Meter::default();
        for _ in 0..10 {
            meter.take(Making::Numbers, "flood", 1, 10, now()).unwrap();
        }
        for each in 0..REMEMBERED + 10 {
            meter.take(Making::Numbers, &each.to_string(), 1, 100, now()).unwrap();
        }
        assert!(meter.take(Making::Numbers, "flood", 1, 10, now()).is_err());
        assert!(meter.buckets.lock().unwrap().len() <= REMEMBERED);
    }
}
