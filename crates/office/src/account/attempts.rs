//! How often somebody may be wrong. Every attempt takes a place before it is looked at and the place is free again after a
//! while, so that guesses given all at once are no more than guesses given one by one, and no lock lasts longer than that.

use jiff::{SignedDuration, Timestamp};
use store::{Batch, Change, Conflict, Digest};

use crate::error::{OfficeError, Result};
use crate::office::Office;

const SPACE: &str = "attempts";
/// A place that a wrong attempt took is free again after this long, unless it is said otherwise.
const PLACE_MINUTES: i64 = 15;

/// So many attempts in a while, for whoever or whatever it names.
pub(crate) struct Allowance {
    prefix: String,
    places: usize,
    minutes: i64,
    shared: bool,
}

/// Places that an attempt under way has taken; they are given back where it was right.
pub(crate) struct Attempt {
    keys: Vec<String>,
}

impl Allowance {
    /// `who` may be what somebody typed: only its digest is kept.
    pub fn new(kind: &str, who: &str, places: usize) -> Self {
        let digest = Digest::of(who.as_bytes()).to_string();
        Self { prefix: format!("{kind}/{}/", &digest[..32]), places, minutes: PLACE_MINUTES, shared: false }
    }

    /// A place is taken for an hour.
    pub fn an_hour(self) -> Self {
        Self { minutes: 60, ..self }
    }

    /// Others are counted here too: being right gives back the own place, not theirs.
    pub fn shared(self) -> Self {
        Self { shared: true, ..self }
    }
}

impl Attempt {
    pub fn forgive(self) -> impl Iterator<Item = Change> {
        self.keys.into_iter().map(|key| Change::KvRemove { space: SPACE.into(), key })
    }
}

impl Office {
    /// Takes a place of each allowance; when one has none left, tells how long it is until it has.
    pub(crate) async fn attempt(&self, allowances: &[Allowance]) -> Result<Attempt> {
        let now = self.now();
        loop {
            let mut batch = Batch::new(now);
            let mut keys = Vec::new();
            for allowance in allowances {
                let (free, taken) = self.free_place(allowance, now).await?;
                let until = now + SignedDuration::from_mins(allowance.minutes);
                if !allowance.shared {
                    keys.extend(taken);
                }
                keys.push(free.clone());
                batch = batch.change(Change::KvClaim {
                    space: SPACE.into(),
                    key: free,
                    bytes: until.to_string().into_bytes(),
                    expires_at: Some(until),
                });
            }
            match self.store().commit(batch).await {
                Ok(_) => return Ok(Attempt { keys }),
                // Somebody else took a place just now: there are only so many.
                Err(error) if matches!(error.conflict(), Some(Conflict::Taken { .. })) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The key of a place that is free, and of those that are not.
    async fn free_place(&self, allowance: &Allowance, now: Timestamp) -> Result<(String, Vec<String>)> {
        let Allowance { prefix, places, .. } = allowance;
        let kept = self.store().kv_list(SPACE, prefix, now).await?;
        let is_free = |key: &String| kept.iter().all(|(taken, _)| taken != key);
        if let Some(free) = (0..*places).map(|place| format!("{prefix}{place}")).find(is_free) {
            return Ok((free, kept.into_iter().map(|(key, _)| key).collect()));
        }
        let ends = kept.iter().filter_map(|(_, until)| std::str::from_utf8(until).ok()?.parse().ok());
        Err(wait(now, ends.min().unwrap_or(now)))
    }
}

fn wait(now: Timestamp, until: Timestamp) -> OfficeError {
    let seconds = until.duration_since(now).as_secs().max(1);
    OfficeError::Wait { minutes: (seconds + 59) / 60 }
}
