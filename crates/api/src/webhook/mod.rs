//! Webhooks by the Standard Webhooks text: signed, sent again with growing waits, and only to where they may go.

mod courier;
mod reach;

pub use courier::{message_id, round, run, secret_text};
pub use reach::Reach;
