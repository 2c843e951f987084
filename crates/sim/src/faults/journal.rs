//! The journal as plain data, read without the engines that are being checked.

use jiff::Timestamp;
use office::{Office, OfficeError};
use serde::Deserialize;
use store::Position;

/// One event, with the parts of its body that a check needs.
#[derive(Debug)]
pub struct Told {
    pub stream: String,
    /// The stream's name after its kind.
    pub id: String,
    pub kind: String,
    pub at: Timestamp,
    pub actor: String,
    pub body: Body,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    /// A text for a case, a number for a ticket.
    pub number: Option<Number>,
    pub identifier: Option<String>,
    pub item: String,
    pub result: Option<String>,
    pub step: String,
    pub automatic: bool,
    pub feedback: bool,
    pub accepted_at: Option<Timestamp>,
    pub received_at: Option<Timestamp>,
    pub pause: Option<serde_json::Value>,
    pub more: Option<Amount>,
    pub lengthens_promise: bool,
    // For halls.
    pub window: String,
    pub goes_on: bool,
    pub wants: Vec<serde_json::Value>,
    pub cause: Option<serde_json::Value>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(untagged)]
pub enum Number {
    Ticket(u32),
    Case(String),
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ticket(number) => number.fmt(f),
            Self::Case(number) => number.fmt(f),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct Amount {
    pub amount: u32,
}

#[derive(Debug)]
pub struct Journal(Vec<Told>);

impl Journal {
    pub async fn read(office: &Office) -> Result<Self, OfficeError> {
        let (mut all, mut at) = (Vec::new(), Position::START);
        loop {
            let events = office.store().read_all(at, 4096).await?;
            let Some(last) = events.last() else { return Ok(Self(all)) };
            at = last.position;
            all.extend(events.iter().map(|event| Told {
                stream: event.stream.kind().to_owned(),
                id: event.stream.id().to_owned(),
                kind: event.kind.to_string(),
                at: event.at,
                actor: event.actor.to_string(),
                body: serde_json::from_slice(&event.body).unwrap_or_default(),
            }));
        }
    }

    /// The events of streams of one kind, oldest first.
    pub fn of(&self, stream: &str) -> impl Iterator<Item = &Told> {
        self.0.iter().filter(move |event| event.stream == stream)
    }
}
