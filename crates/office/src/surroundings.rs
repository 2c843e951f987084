//! Time and chance, as arguments: so that a whole zone can be played again from a seed.

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

/// The time of day.
pub trait Clock: Send + Sync + fmt::Debug + 'static {
    fn now(&self) -> Timestamp;
}

/// Unforeseeable bytes: tokens, salts, keys.
pub trait Entropy: Send + Sync + fmt::Debug + 'static {
    fn fill(&self, bytes: &mut [u8]);
}

/// A UUID v7 for this instant: ids made later sort later, which keeps indexes append-mostly.
pub(crate) fn new_id(now: Timestamp, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// A secret of `BYTES` random bytes in lower-case hexadecimal.
pub(crate) fn new_secret<const BYTES: usize>(entropy: &dyn Entropy) -> String {
    let mut random = [0; BYTES];
    entropy.fill(&mut random);
    hex(&random)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
