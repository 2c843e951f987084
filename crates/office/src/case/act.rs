//! Acts on a case, with their texts in full. The office puts each text into the vault and hands the engine a reference.

use calendar::Limit;
use casework::{Delivery, PauseKind, ResultChange};
use catalogue::{FieldId, ItemId, MaterialId, ResultId, StepId};
use jiff::Timestamp;

use crate::account::AccountId;

/// What somebody does to a case. `None` for an item means every matter that the act fits.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Those who apply came to the window.
    Present {
        item: ItemId,
        proof: Shown,
    },
    /// It was noted by mistake that they came.
    TakeBackPresence {
        item: ItemId,
        reason: String,
    },
    Accept {
        item: Option<ItemId>,
    },
    NotRequired {
        item: ItemId,
        reason: String,
    },
    NotOurRemit {
        item: ItemId,
        organ: String,
        reason: String,
    },
    /// With `answers`, inside [`Act::ForApplicant`]: the applicant stood there and said them.
    CorrectOnTheSpot {
        item: ItemId,
        note: String,
        answers: Option<form::Answers>,
    },
    AskCorrection(Correction),
    /// Papers that were uploaded for the correction are named here; answers come through [`Act::Restate`] first.
    SupplyCorrection {
        item: ItemId,
        materials: Vec<MaterialId>,
        answers: Option<form::Answers>,
    },
    AddMaterials {
        materials: Vec<MaterialId>,
    },
    Restate {
        answers: form::Answers,
    },
    Claim {
        item: ItemId,
        step: StepId,
        officer: Option<String>,
    },
    Release {
        item: ItemId,
        step: StepId,
    },
    CompleteStep {
        item: ItemId,
        step: StepId,
        yes: bool,
        opinion: String,
        checked: Checklist,
        officers: Vec<String>,
        joint: bool,
    },
    /// The window does something of the applicant's own for them.
    ForApplicant {
        act: Box<Act>,
        proof: Shown,
        note: String,
    },
    /// The applicant takes back what the window did in their name.
    UndoActedFor {
        acted: u32,
    },
    Pause {
        item: ItemId,
        kind: PauseKind,
        needed: Option<Limit>,
        notice: String,
    },
    Resume {
        item: ItemId,
        kind: PauseKind,
    },
    RequestExtension {
        item: ItemId,
        reason: String,
    },
    ApproveExtension {
        item: ItemId,
    },
    DenyExtension {
        item: ItemId,
        reason: String,
    },
    Grant {
        item: ItemId,
        opinion: String,
        officers: Vec<String>,
    },
    Refuse {
        item: ItemId,
        reason: String,
        officers: Vec<String>,
    },
    /// Number, identifier and signature are the office's. Identifiers that nothing bears out yet have to be held against the
    /// original: `originals_seen` says that this was done now.
    Issue {
        item: ItemId,
        result: ResultId,
        originals_seen: bool,
    },
    Deliver {
        item: ItemId,
        how: Delivery,
    },
    CloseGap {
        item: ItemId,
        materials: Vec<MaterialId>,
    },
    VerifyPromise {
        item: ItemId,
        kept: bool,
        record: String,
    },
    ChangeResult {
        item: ItemId,
        result: ResultId,
        change: ResultChange,
        reason: String,
    },
    Withdraw {
        item: Option<ItemId>,
        reason: String,
    },
    Object {
        item: Option<ItemId>,
        text: String,
    },
    AnswerObjection {
        objection: u32,
        text: String,
    },
    Rate {
        level: u8,
        comment: String,
        named: bool,
    },
    Message {
        item: Option<ItemId>,
        text: String,
    },
    /// To the edition that is current now.
    MoveEdition,
    /// Tells the applicant when officers come, or call by video. Outside working hours only with a reason.
    SetVisit {
        item: ItemId,
        step: StepId,
        at: Timestamp,
        remote: bool,
        why: String,
    },
    ExplainOverdue {
        item: ItemId,
        text: String,
    },
    Tick,
}

/// One spelling of the account whose id this is; people without accounts, as in plays, keep their names.
pub(crate) fn spelled(officer: &str) -> String {
    officer.parse::<AccountId>().map_or_else(|_| officer.to_owned(), |account| account.to_string())
}

impl Act {
    /// The act with everybody who is named in it under one spelling, so that nobody counts twice.
    #[must_use]
    pub(crate) fn spelled(mut self) -> Self {
        match &mut self {
            Self::CompleteStep { officers, .. }
            | Self::Grant { officers, .. }
            | Self::Refuse { officers, .. } => {
                officers.iter_mut().for_each(|officer| *officer = spelled(officer));
            }
            Self::Claim { officer: Some(officer), .. } => *officer = spelled(officer),
            _ => {}
        }
        self
    }

    /// What an officer does because the answers are what they are.
    pub const fn rests_on_answers(&self) -> bool {
        match self {
            Self::ForApplicant { act, .. } => matches!(**act, Self::CorrectOnTheSpot { .. }),
            Self::Present { .. }
            | Self::Accept { .. }
            | Self::NotRequired { .. }
            | Self::NotOurRemit { .. }
            | Self::CorrectOnTheSpot { .. }
            | Self::AskCorrection(_)
            | Self::CompleteStep { .. }
            | Self::Grant { .. }
            | Self::Refuse { .. }
            | Self::Issue { .. }
            | Self::VerifyPromise { .. } => true,
            _ => false,
        }
    }

    /// What an applicant does, and the window for one who wants it.
    pub const fn is_applicants(&self) -> bool {
        matches!(
            self,
            Self::CompleteStep { .. }
                | Self::Withdraw { .. }
                | Self::Object { .. }
                | Self::SupplyCorrection { .. }
                | Self::Restate { .. }
                | Self::CorrectOnTheSpot { answers: Some(_), .. }
        )
    }
}

/// Everything that is missing or wrong, told once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Correction {
    pub item: Option<ItemId>,
    pub materials: Vec<MaterialId>,
    pub fields: Vec<FieldId>,
    pub note: String,
    /// Why it is asked a second time, which supervision will read.
    pub again: Option<String>,
}

/// What was looked at on the checklist of a step, in the words of the administration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checklist {
    pub record: String,
    /// Points that did not hold.
    pub failed: u8,
    /// What is wrong with each of them, and why the step may pass all the same: to pass, one for each.
    pub reasons: Vec<String>,
}

impl Checklist {
    /// Every point that did not hold is explained.
    pub(crate) fn explains_all(&self) -> bool {
        let explained = self.reasons.iter().filter(|reason| !reason.trim().is_empty()).count();
        self.failed > 0 && explained >= usize::from(self.failed)
    }
}

/// How the window knows that the applicant wants an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The number that this window serves.
    Ticket,
    IdentitySeen,
    /// Held against the telephone in the application.
    PhoneDigits(String),
    PaperSigned,
    /// The papers that were asked for came to the officer.
    PapersBrought,
}
