//! Items (事项): one service of one department, as it is declared.

use calendar::Limit;
use diagnostic::Bilingual;
use expression::Number;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{
    Citation, ClassId, DepartmentId, FeeId, FieldId, ItemId, MaterialId, ResultId, RoleId, Step, StepId,
    StepKind,
};

pub use expression::Condition;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub id: ItemId,
    pub title: Bilingual,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Bilingual>,
    /// Other words by which people look for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    pub class: ClassId,
    pub department: DepartmentId,
    /// Codes under which other systems know the item, by scheme name.
    #[serde(default)]
    pub codes: IndexMap<String, String>,
    pub basis: Vec<Citation>,
    pub applicants: Vec<PartyKind>,
    pub channels: Vec<Channel>,
    /// What an applicant must satisfy; each with the words that tell one who does not.
    #[serde(default)]
    pub requirements: Vec<Requirement>,
    #[serde(default)]
    pub fields: Vec<FieldUse>,
    #[serde(default)]
    pub materials: Vec<MaterialUse>,
    pub limits: Limits,
    pub steps: IndexMap<StepId, Step>,
    #[serde(default)]
    pub results: IndexMap<ResultId, ResultDeclaration>,
    #[serde(default)]
    pub fees: IndexMap<FeeId, Fee>,
    pub visits: VisitClaim,
    #[serde(default)]
    pub modes: Modes,
    /// Sentences that officers start from when they refuse or ask for a correction.
    #[serde(default)]
    pub reasons: Vec<Bilingual>,
    /// A case of this item is about the administration itself (a complaint, a call-back): open to anybody, never a licence.
    #[serde(default)]
    pub feedback: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartyKind {
    Natural,
    Legal,
}

impl PartyKind {
    /// As packs write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            PartyKind::Natural => "natural",
            PartyKind::Legal => "legal",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    Online,
    Window,
    Post,
    Kiosk,
}

/// A condition of the grant that can be told from answers alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Requirement {
    pub condition: Condition,
    pub otherwise: Bilingual,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Citation>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldUse {
    pub field: FieldId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// What the answer is for, in the applicant's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Bilingual>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Citation>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MaterialUse {
    pub material: MaterialId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    pub need: MaterialNeed,
    #[serde(default = "one")]
    pub copies: u8,
    /// The original itself is handed back, as with a licence that is replaced: what the zone knows of it is no substitute.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub surrender: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Citation>,
}

const fn one() -> u8 {
    1
}

/// 材料必要性.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialNeed {
    #[default]
    Required,
    /// May follow later on a signed promise (容缺).
    Tolerable,
    Optional,
    /// Replaced by a signed promise where the item offers that mode (告知承诺).
    Promisable,
}

/// The clocks of an item. Every limit is data with its basis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// `None`: the statute sets none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory: Option<Limit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory_basis: Option<Citation>,
    /// Published promise, not longer than the statute. Zero days: decided on the spot (即办件).
    pub promised: Limit,
    pub intake: Intake,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
    /// From the grant until the result is issued and delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Limit>,
}

/// How long the window may take to say what is missing, and what its silence means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intake {
    pub limit: Limit,
    pub silence: Silence,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Citation>,
    /// Days the applicant has for a correction; none means no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Limit>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// Deemed accepted, from the day the materials were received.
    AcceptedFromReceipt,
    /// Nothing follows from silence.
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extension {
    pub limit: Limit,
    pub approver: RoleId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Citation>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultDeclaration {
    pub id: ResultId,
    pub title: Bilingual,
    pub kind: ResultKind,
    /// The type code of the e-licence catalogue, where there is one: three digits after the owner's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_code: Option<String>,
    /// Fields printed on it.
    #[serde(default)]
    pub fields: Vec<FieldId>,
    /// The text of the document; `{字段}` is replaced by the field's answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Bilingual>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid: Option<Validity>,
    /// Fields that say who holds it, where that is not the applicant: a licence belongs to the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Holder>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub name: FieldId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<FieldId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResultKind {
    /// 证照
    Licence,
    /// 批文
    Approval,
    /// 登记、备案
    Record,
    /// 证明
    Certificate,
    /// 答复
    Reply,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "unit", content = "length", rename_all = "kebab-case")]
pub enum Validity {
    Years(u16),
    Months(u16),
    Days(u16),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fee {
    pub id: FeeId,
    pub title: Bilingual,
    /// Yuan.
    pub amount: Number,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// What a person does to pay it: where, by what means, with what in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<Bilingual>,
    pub basis: Citation,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitClaim {
    /// What the guide says; the checker compares it with the steps.
    pub claimed: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Bilingual>,
}

/// Ways of handling that the applicant may choose and may decline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
pub struct Modes {
    /// 告知承诺
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<PromiseMode>,
    /// 容缺受理
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<ToleranceMode>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromiseMode {
    /// What is told and promised.
    pub text: Bilingual,
    /// Working days after the grant in which the promise is checked.
    pub verify_within: Limit,
    /// Steps that fall away when the promise is signed.
    #[serde(default)]
    pub skips: Vec<StepId>,
    pub basis: Citation,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToleranceMode {
    pub text: Bilingual,
    /// Days in which the gap must close.
    pub close_within: Limit,
    pub basis: Citation,
}

impl Item {
    /// Journeys that the declared steps force on an applicant: computed, never claimed.
    /// Steps on alternative routes count when any answers can lead to them.
    pub fn visits_needed(&self) -> u8 {
        let present = self.steps.values().filter(|step| step.present && !step.remote).count();
        let online = self.channels.contains(&Channel::Online) || self.channels.contains(&Channel::Post);
        let counter = u8::from(!online);
        u8::try_from(present).unwrap_or(u8::MAX).saturating_add(counter)
    }

    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.steps.get(id)
    }

    pub fn steps_of_kind(&self, kind: StepKind) -> impl Iterator<Item = &Step> {
        self.steps.values().filter(move |step| step.kind == kind)
    }
}
