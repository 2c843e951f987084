//! Stories: dated, worked cases that a clerk could sign, run as tests.

use std::collections::BTreeMap;

use expression::Value;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::{FieldId, ItemId, MaterialId, StepId, ThingId};

/// One application from start to end, in local time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// Its file, relative to the pack.
    pub file: String,
    pub title: String,
    pub thing: ThingId,
    pub answers: BTreeMap<FieldId, Value>,
    #[serde(default)]
    pub materials: Vec<MaterialId>,
    pub events: Vec<StoryEvent>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoryEvent {
    pub at: DateTime,
    /// The line in the file, for messages.
    pub line: u32,
    pub act: StoryAct,
}

/// An act, or an expectation, at that moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum StoryAct {
    Submit {
        promise: Vec<ItemId>,
        tolerate: Vec<MaterialId>,
    },
    /// Those who apply come to the window, as the item asks of them.
    Come {
        item: ItemId,
    },
    /// `None`: every matter that waits for acceptance.
    Accept {
        item: Option<ItemId>,
    },
    AskCorrection {
        item: ItemId,
        materials: Vec<MaterialId>,
        note: Option<String>,
    },
    Correct {
        item: ItemId,
    },
    RefuseAcceptance {
        item: ItemId,
        reason: String,
    },
    /// `yes` is false for a negative opinion or confirmation.
    Step {
        item: ItemId,
        step: StepId,
        yes: bool,
    },
    Pause {
        item: ItemId,
        kind: String,
        until: Date,
    },
    Resume {
        item: ItemId,
    },
    Extend {
        item: ItemId,
        reason: String,
    },
    Decide {
        item: ItemId,
        grant: bool,
        reason: Option<String>,
    },
    Withdraw {
        item: Option<ItemId>,
    },
    CloseGap {
        material: MaterialId,
    },
    Rate {
        level: u8,
    },
    /// Time passes and timers fire.
    Wait,
    Expect(Expectation),
}

/// All fields that are given must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
pub struct Expectation {
    pub item: Option<ItemId>,
    /// The state of the matter (of the case, without `item`), by its code name.
    pub state: Option<String>,
    /// The statutory due day.
    pub due_on: Option<Date>,
    pub promised_on: Option<Date>,
    /// The last day for issuing and delivering.
    pub delivery_on: Option<Date>,
    /// Exactly these items apply.
    pub items: Option<Vec<ItemId>>,
    /// Exactly these materials are required of the applicant.
    pub materials: Option<Vec<MaterialId>>,
    pub visits: Option<u8>,
    /// Steps open now.
    pub open: Option<Vec<StepId>>,
    /// The previous act was refused with this code.
    pub refused: Option<String>,
}
