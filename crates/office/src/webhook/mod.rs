//! Webhooks: what happens to cases, told to systems that an administrator has named.
//!
//! A follower reads the journal behind a cursor and puts down one job for each event and destination; jobs and cursor are
//! one commit, and a job's id follows from the event, so that nothing is missed and nothing put down twice, over restarts
//! and on several nodes. Who carries the messages is not the office's business.

mod deliver;
mod follow;
mod manage;
mod reach;
mod secret;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use deliver::{Carried, DueDelivery};
pub use manage::{DeliveryLine, DeliveryState, Hook, NewHook, Replay};
pub use reach::Reach;
pub use secret::{HookSecret, message_name};

const HOOKS: &str = "webhook";
const CURSORS: &str = "webhook-cursor";
/// Of messages that were put down before each destination had a queue of its own.
const QUEUE: &str = "webhook";
const REPLAYS: &str = "webhook-replay";
/// What became of messages is kept so long.
const LOG_DAYS: i64 = 30;
const PREFIX: &str = "case.";

fn log_space(hook: Uuid) -> String {
    format!("webhook-log/{hook}")
}

/// The messages of one destination, in a queue of their own: one that hangs holds up nobody but itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HookQueue(String);

impl HookQueue {
    fn of(hook: Uuid) -> Self {
        Self(format!("{QUEUE}/{hook}"))
    }
}

/// A message as it waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Message {
    hook: Uuid,
    /// Of the event: the same however often it is sent.
    id: Uuid,
    kind: String,
    at: Timestamp,
    position: u64,
    data: MessageData,
}

/// Nobody is named in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct MessageData {
    number: String,
    thing: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<String>,
    /// In the journal: later events have greater ones.
    position: u64,
}
