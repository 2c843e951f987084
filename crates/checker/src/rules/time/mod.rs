//! Y2: limits, pauses and calendars.

rules! {
    reading { unknown_pause }
}
