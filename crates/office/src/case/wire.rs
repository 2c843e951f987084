//! Events that the office itself writes into a case's stream, beside the engine's. Their kinds begin with `office.`, so
//! that the two never meet.

use casework::{ClockKind, DocRef};
use catalogue::{EditionHash, FieldId, ItemId, ResultId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::account::AccountId;
use crate::case::Consent;
use crate::draft::SeenPaper;
use crate::error::Result;
use crate::hall::TicketRef;

pub const SCHEMA: u32 = 1;
pub const PREFIX: &str = "office.";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum OfficeEvent {
    /// What one form spared the applicant, counted when it was handed in.
    FormMeasured { separate: Burden, merged: Burden },
    /// A clerk at the window filled the form in for somebody present.
    FiledAtWindow { clerk: String },
    /// The number under which somebody came to a hall about it.
    TicketLinked {
        ticket: TicketRef,
        /// Noted by a clerk afterwards, which shows nothing of who stands there.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_hand: bool,
    },
    /// The applicant lets somebody act for a time.
    AgentAllowed { consent: Consent },
    /// The applicant took it back, or the agent gave it up.
    AgentDismissed { agent: AccountId, at: Timestamp },
    /// Somebody handed the form in for the applicant, with consent.
    FiledByAgent { agent: String },
    /// A result or notice was made out and signed; the document is in the vault.
    DocumentSigned { item: Option<ItemId>, result: Option<ResultId>, identifier: String, document: DocRef },
    /// A code came into being with a result; the field holds it from now on, and the vault keeps it.
    CodeAssigned { item: ItemId, field: FieldId, document: DocRef },
    /// An officer held the answer against the original. Who it was, and when, was not written at first.
    OriginalSeen {
        field: FieldId,
        document: DocRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
    },
    /// Whoever handed it in for themselves was signed in as an officer: others handle it (回避).
    OfficerApplies { account: String },
    /// Papers that the window saw in the original before the form was handed in.
    PapersSeen { papers: Vec<SeenPaper> },
    /// The State said which days are worked, and days of clocks that run moved with it.
    DaysMoved { at: Timestamp, calendar_of: EditionHash, moves: Vec<MovedDay> },
}

/// A last day that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedDay {
    pub item: ItemId,
    pub clock: ClockKind,
    pub from: Date,
    pub to: Date,
}

/// What an applicant has to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Burden {
    pub questions: u32,
    pub materials: u32,
    pub visits: u32,
}

impl OfficeEvent {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::FormMeasured { .. } => "office.form-measured",
            Self::FiledAtWindow { .. } => "office.filed-at-window",
            Self::TicketLinked { .. } => "office.ticket-linked",
            Self::AgentAllowed { .. } => "office.agent-allowed",
            Self::AgentDismissed { .. } => "office.agent-dismissed",
            Self::FiledByAgent { .. } => "office.filed-by-agent",
            Self::DocumentSigned { .. } => "office.document-signed",
            Self::CodeAssigned { .. } => "office.code-assigned",
            Self::OriginalSeen { .. } => "office.original-seen",
            Self::OfficerApplies { .. } => "office.officer-applies",
            Self::PapersSeen { .. } => "office.papers-seen",
            Self::DaysMoved { .. } => "office.days-moved",
        }
    }

    pub fn read(bytes: &[u8]) -> Result<Self> {
        Ok(serde_json::from_slice(bytes)?)
    }
}
