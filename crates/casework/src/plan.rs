//! What one matter has to go through: the declarations of its item, narrowed to what applies to this case. The plan
//! travels in the event, so that state is rebuilt without any edition.

use calendar::Limit;
use catalogue::{
    Counting, DepartmentId, FeeId, ItemId, ItemResult, MaterialId, MaterialNeed, Performer, ResultId, RoleId,
    Silence, StepId, StepKind,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub steps: Vec<PlannedStep>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<PlannedMaterial>,
    pub limits: PlannedLimits,
    /// The promise was chosen: the grant is checked afterwards within this limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise_check: Option<Limit>,
    /// Journeys that the plan asks of the applicant.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub visits: u8,
    /// A declared requirement does not hold, or cannot be told from the answers: no machine may grant.
    #[serde(default, skip_serializing_if = "is_false")]
    pub needs_judgement: bool,
    /// Accepted only from people who stand at the window.
    #[serde(default, skip_serializing_if = "is_false")]
    pub presence: bool,
    /// Member items that apply and whose result comes first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(deserialize_with = "engine::lean::many")]
    pub after: Vec<ItemId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep {
    #[serde(deserialize_with = "engine::lean::one")]
    pub id: StepId,
    pub kind: StepKind,
    #[serde(default = "Doer::system", skip_serializing_if = "Doer::is_system")]
    pub by: Doer,
    /// Steps of this plan that come first; steps that do not apply are replaced by what they came after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(deserialize_with = "engine::lean::many")]
    pub after: Vec<StepId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    #[serde(default, skip_serializing_if = "is_counted")]
    pub counting: Counting,
    /// Costs the applicant a journey.
    #[serde(default, skip_serializing_if = "is_false")]
    pub visit: bool,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub officers: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "engine::lean::optional")]
    pub result: Option<ResultId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "engine::lean::optional")]
    pub fee: Option<FeeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "engine::lean::optional")]
    pub returns_to: Option<StepId>,
    /// It is not done before it has been open for so long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts: Option<Limit>,
    /// The applicant has said yes who has not answered within the limit.
    #[serde(default, skip_serializing_if = "is_false")]
    pub silent_yes: bool,
    /// The result of another item that a yes in this step rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirms: Option<ItemResult>,
    /// Joint inspection that the step is part of: its place in the thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joint: Option<u8>,
}

impl Plan {
    /// Somebody grants or refuses; matters without a decision (complaints, reports) end with their last step.
    pub fn has_decision(&self) -> bool {
        self.has(StepKind::Decide)
    }

    pub fn has_result(&self) -> bool {
        self.has(StepKind::Issue)
    }

    pub fn delivers(&self) -> bool {
        self.has(StepKind::Deliver)
    }

    fn has(&self, kind: StepKind) -> bool {
        self.steps.iter().any(|step| step.kind == kind)
    }

    pub fn step(&self, id: &StepId) -> Option<&PlannedStep> {
        self.steps.iter().find(|step| step.id == *id)
    }

    /// Materials without which the matter cannot be accepted.
    pub fn missing(&self) -> impl Iterator<Item = &MaterialId> {
        self.materials
            .iter()
            .filter(|material| {
                material.status == MaterialStatus::Missing && material.need != MaterialNeed::Optional
            })
            .map(|material| &material.id)
    }

    /// Tolerated materials that have not come yet (容缺).
    pub fn gaps(&self) -> impl Iterator<Item = &MaterialId> {
        self.materials
            .iter()
            .filter(|material| material.status == MaterialStatus::Tolerated)
            .map(|material| &material.id)
    }
}

/// Who performs a step, with the department that the role belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doer {
    Role {
        #[serde(deserialize_with = "engine::lean::one")]
        role: RoleId,
        #[serde(deserialize_with = "engine::lean::one")]
        department: DepartmentId,
    },
    Applicant,
    System,
}

impl Doer {
    pub fn role(&self) -> Option<&RoleId> {
        match self {
            Self::Role { role, .. } => Some(role),
            _ => None,
        }
    }

    pub fn matches(&self, performer: &Performer) -> bool {
        match (self, performer) {
            (Self::Role { role, .. }, Performer::Role { role: other }) => role == other,
            (Self::Applicant, Performer::Applicant) | (Self::System, Performer::System) => true,
            _ => false,
        }
    }

    fn system() -> Self {
        Self::System
    }

    fn is_system(&self) -> bool {
        *self == Self::System
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedMaterial {
    #[serde(deserialize_with = "engine::lean::one")]
    pub id: MaterialId,
    #[serde(default, skip_serializing_if = "is_required")]
    pub need: MaterialNeed,
    #[serde(default)]
    pub status: MaterialStatus,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialStatus {
    #[default]
    Missing,
    Supplied,
    /// The administration has it already; nobody need bring it.
    Held,
    /// Follows later on a signed promise (容缺): a gap until it comes.
    Tolerated,
    /// Replaced by a signed promise (告知承诺).
    Promised,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedLimits {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory: Option<Limit>,
    pub promised: Limit,
    pub intake: Limit,
    pub silence: Silence,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Limit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<PlannedExtension>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Limit>,
    /// For materials that may follow later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Limit>,
    /// When offices close; only where something is to be done on the day itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<jiff::civil::Time>,
    /// Working days left at which the case turns yellow, and red.
    pub yellow: u32,
    pub red: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedExtension {
    pub limit: Limit,
    #[serde(deserialize_with = "engine::lean::one")]
    pub approver: RoleId,
}

const fn one() -> u8 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_one(value: &u8) -> bool {
    *value == 1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_zero(value: &u8) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_false(value: &bool) -> bool {
    !*value
}

fn is_counted(value: &Counting) -> bool {
    *value == Counting::Counted
}

fn is_required(value: &MaterialNeed) -> bool {
    *value == MaterialNeed::Required
}
