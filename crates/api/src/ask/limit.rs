//! How often somebody may ask: a bucket that fills evenly, and an answer that says when to come back.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// Strangers from one address share a quarter of what an account has.
const STRANGERS_SHARE: u32 = 4;
/// So many are remembered; those whose bucket is full need no memory.
const REMEMBERED: usize = 50_000;

/// Buckets by account or address. They belong to one node.
#[derive(Debug)]
pub struct Limiter {
    per_minute: u32,
    buckets: Mutex<HashMap<String, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Timestamp,
}

/// What is left after one more request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Left {
    /// Requests a minute.
    pub quota: u32,
    pub remaining: u32,
    /// Until the bucket is full again.
    pub full_seconds: u64,
    /// Until the next request is answered; none when this one was.
    pub wait_seconds: Option<u64>,
}

impl Limiter {
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute: per_minute.max(STRANGERS_SHARE), buckets: Mutex::default() }
    }

    /// Counts one request.
    pub fn take(&self, account: Option<String>, address: &str, now: Timestamp) -> Left {
        let quota = if account.is_some() { self.per_minute } else { self.per_minute / STRANGERS_SHARE };
        let key = account.unwrap_or_else(|| format!("from/{address}"));
        let (most, rate) = (f64::from(quota), f64::from(quota) / 60.0);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let filled = |bucket: Bucket, most: f64, rate: f64| {
            let seconds = now.duration_since(bucket.at).as_secs_f64().max(0.0);
            (bucket.left + seconds * rate).min(most)
        };
        if buckets.len() >= REMEMBERED && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| now.duration_since(bucket.at).as_secs() < 60);
            if buckets.len() >= REMEMBERED {
                buckets.clear();
            }
        }
        let before = buckets.get(&key).map_or(most, |bucket| filled(*bucket, most, rate));
        let granted = before >= 1.0;
        let left = if granted { before - 1.0 } else { before };
        buckets.insert(key, Bucket { left, at: now });
        Left {
            quota,
            remaining: whole(left.floor()) as u32,
            full_seconds: whole(((most - left) / rate).ceil()),
            wait_seconds: (!granted).then(|| whole(((1.0 - left) / rate).ceil()).max(1)),
        }
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small, whole and not negative")]
fn whole(number: f64) -> u64 {
    number.max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn whoever_waits_as_long_as_told_is_answered() {
        let limiter = Limiter::new(8);
        let mut now: Timestamp = "2026-11-23T01:30:00Z".parse().unwrap();
        for left in (0..8).rev() {
            let taken = limiter.take(Some("a".into()), "", now);
            assert_eq!((taken.remaining, taken.wait_seconds), (left, None));
        }
        let refused = limiter.take(Some("a".into()), "", now);
        assert_eq!((refused.wait_seconds, refused.full_seconds), (Some(8), 60));
        now += SignedDuration::from_secs(7);
        assert!(limiter.take(Some("a".into()), "", now).wait_seconds.is_some());
        now += SignedDuration::from_secs(1);
        assert!(limiter.take(Some("a".into()), "", now).wait_seconds.is_none());
    }

    #[test]
    fn one_asker_does_not_use_up_what_another_has() {
        let limiter = Limiter::new(8);
        let now: Timestamp = "2026-11-23T01:30:00Z".parse().unwrap();
        for _ in 0..2 {
            assert!(limiter.take(None, "198.51.100.1", now).wait_seconds.is_none());
        }
        assert!(limiter.take(None, "198.51.100.1", now).wait_seconds.is_some());
        assert!(limiter.take(None, "198.51.100.2", now).wait_seconds.is_none());
        assert!(limiter.take(Some("a".into()), "198.51.100.1", now).wait_seconds.is_none());
    }
}
