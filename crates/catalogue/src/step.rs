//! Steps: who does what, in which order, and whether the clock runs meanwhile.

use calendar::Limit;
use diagnostic::Bilingual;
use serde::{Deserialize, Serialize};

use crate::{Condition, FeeId, FieldId, ItemId, LocalPauseId, ResultId, RoleId, StatutoryPause, StepId};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub id: StepId,
    pub title: Bilingual,
    pub kind: StepKind,
    pub by: Performer,
    /// All of these that apply must be done before. Empty: starts with acceptance.
    #[serde(default)]
    pub after: Vec<StepId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// It is not done before it has been open for so long, such as a public notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts: Option<Limit>,
    #[serde(default)]
    pub counting: Counting,
    /// The applicant must be there in person: one visit unless `remote`.
    #[serde(default)]
    pub present: bool,
    /// May be done by video or by post although the applicant takes part.
    #[serde(default)]
    pub remote: bool,
    /// Where the applicant comes, and with what, where it is not the department's own address: the lane that a car is driven to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Bilingual>,
    /// The number of officers who must be named in the record.
    #[serde(default = "one")]
    pub officers: u8,
    /// For `issue`: the result issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ResultId>,
    /// For `pay`: the fee paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<FeeId>,
    /// For `confirm` and `review`: the step that is repeated when the answer is no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns_to: Option<StepId>,
    /// For `confirm` by the applicant: who has not answered within the limit has said yes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub silent_yes: bool,
    /// The result of another item that a yes in this step rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirms: Option<ItemResult>,
    /// For `decide`: what whoever grants writes for the applicant, such as the amount that is assessed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tells: Option<Bilingual>,
    /// Fields that the performer of the step reads.
    #[serde(default)]
    pub uses: Vec<FieldId>,
    #[serde(default)]
    pub checklist: Vec<Bilingual>,
    /// For `issue`: codes assigned together with the result, such as the credit code of a new business.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assigns: Vec<Assignment>,
}

/// A result that an item issues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemResult {
    pub item: ItemId,
    pub result: ResultId,
}

/// A code that a step assigns to the case: nobody can have it before, so nobody is asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The field that holds it afterwards.
    pub field: FieldId,
    /// Registration authority and category of a credit code: 91 for enterprises, 92 for sole traders.
    pub prefix: String,
    /// First characters of the organisation code: the block from which this office may assign codes.
    pub block: String,
}

const fn one() -> u8 {
    1
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Intake at the window: accept, correct or refuse to accept. Every item has exactly one.
    Accept,
    /// An officer reads and gives an opinion.
    Review,
    /// A site is inspected, by several officers where the statute says so.
    Inspect,
    /// A hearing is held.
    Hear,
    /// Tests, appraisals or expert reviews by others.
    Examine,
    /// Something is corrected or carried out (used where the case is not a licence).
    Act,
    /// Grant or refuse.
    Decide,
    /// The applicant pays a fee.
    Pay,
    /// A result is recorded in a register.
    Record,
    /// A licence, reply or record is issued.
    Issue,
    /// The result reaches the applicant.
    Deliver,
    /// The applicant says whether the outcome is satisfactory.
    Confirm,
}

/// Who performs a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "kebab-case")]
pub enum Performer {
    Role {
        role: RoleId,
    },
    Applicant,
    /// Done by the engine as soon as it may start.
    System,
}

/// Whether time spent in a step counts against the applicant's limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(tag = "how", rename_all = "kebab-case")]
pub enum Counting {
    #[default]
    Counted,
    /// Not counted by the statute.
    Statutory { pause: StatutoryPause },
    /// Counted by the statute, not by the promise.
    Local { pause: LocalPauseId },
}
