//! Dated stories: worked cases that a clerk could sign, run as tests.

use std::collections::BTreeMap;

use expression::Value;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::{FieldId, ItemId, MaterialId, StepId, ThingId};

/// One application told from start to end, in local time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// Where it is written, relative to the pack.
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
    /// Line of the file, for messages.
    pub line: u32,
    pub act: StoryAct,
}

/// What happens, or what must be so, at that moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum StoryAct {
    Submit {
        promise: Vec<ItemId>,
        tolerate: Vec<MaterialId>,
    },
    /// `None`: every matter that waits for it.
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
    /// `yes` false: the opinion or confirmation is negative.
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
    /// Time passes: timers fire.
    Wait,
    Expect(Expectation),
}

/// All that is given must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
pub struct Expectation {
    pub item: Option<ItemId>,
    /// A state of the matter (or of the case, without `item`), by its code name.
    pub state: Option<String>,
    /// Statutory due day.
    pub due_on: Option<Date>,
    pub promised_on: Option<Date>,
    /// Last day for issuing and delivering.
    pub delivery_on: Option<Date>,
    /// Exactly these items apply.
    pub items: Option<Vec<ItemId>>,
    /// Exactly these materials are asked of the applicant.
    pub materials: Option<Vec<MaterialId>>,
    pub visits: Option<u8>,
    /// Steps open now.
    pub open: Option<Vec<StepId>>,
    /// The previous act was refused with this code.
    pub refused: Option<String>,
}
