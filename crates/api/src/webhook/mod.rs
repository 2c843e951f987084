//! Webhooks by the Standard Webhooks text: signed, sent again with growing waits, and only to where they may go.

mod courier;

pub use courier::{round, run};
