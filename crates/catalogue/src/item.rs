//! Items (事项): one service of one department, as it is declared.

use calendar::Limit;
use diagnostic::Bilingual;
use expression::Number;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{
    Citation, ClassId, DepartmentId, FeeId, FieldId, ItemId, ItemResult, MaterialId, RegistryId, ResultId,
    RoleId, Step, StepId, StepKind,
};

pub use expression::Condition;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub id: ItemId,
    pub title: Bilingual,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Bilingual>,
    /// Further search words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    pub class: ClassId,
    pub department: DepartmentId,
    /// Codes of the item in other systems, by scheme name.
    #[serde(default)]
    pub codes: IndexMap<String, String>,
    pub basis: Vec<Citation>,
    pub applicants: Vec<PartyKind>,
    pub channels: Vec<Channel>,
    /// Conditions that an applicant must meet, each with the explanation for one who does not.
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
    /// Suggested sentences for officers who refuse.
    #[serde(default)]
    pub reasons: Vec<Bilingual>,
    /// Suggested sentences for officers who ask for a correction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Bilingual>,
    /// A case of this item is about the administration itself (a complaint, a call-back): anybody may open
    /// one, and it never ends in a licence.
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
    /// The spelling in packs.
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

/// A condition of the grant that can be decided from answers alone.
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
    /// The purpose of the answer, in words for the applicant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Bilingual>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Citation>,
    /// It repeats what a register says and is not changed here: what to do first for whoever finds it wrong. Where the register says
    /// nothing it is asked as any other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Bilingual>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MaterialUse {
    pub material: MaterialId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    pub need: MaterialNeed,
    #[serde(default = "one")]
    pub copies: u8,
    /// The original must be handed back, as with a licence that is replaced: the zone's own record is no
    /// substitute.
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
    /// May follow later, on a signed promise (容缺).
    Tolerable,
    Optional,
    /// Replaced by a signed promise where the item offers that mode (告知承诺).
    Promisable,
}

/// The time limits of an item, each with its legal basis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// `None`: the statute sets none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory: Option<Limit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory_basis: Option<Citation>,
    /// The published limit, not longer than the statutory one. Zero days: decided on the spot (即办件).
    pub promised: Limit,
    pub intake: Intake,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
    /// From the grant until the result is issued and delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Limit>,
}

/// The limit for the window to say what is missing, and what follows if it says nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intake {
    pub limit: Limit,
    pub silence: Silence,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Citation>,
    /// The applicant's limit for a correction; `None` means none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Limit>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// Deemed accepted, from the day the materials were received.
    AcceptedFromReceipt,
    /// Silence has no effect.
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
    /// The type code of the e-licence catalogue, if any: three digits after the owner's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_code: Option<String>,
    /// Fields printed on it.
    #[serde(default)]
    pub fields: Vec<FieldId>,
    /// The text of the document; `{字段}` is replaced by the answer to that field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Bilingual>,
    /// What the decision tells the applicant stands on it, under this heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Bilingual>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid: Option<Validity>,
    /// The fields that name the holder, when that is not the applicant: a licence may belong to the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Holder>,
    /// Results that this one takes the place of (换发): those of the same holder are no longer in force once it is made out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<ItemResult>,
    /// The register into which it is an entry under its holder's number: newer than what the register is known to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enters: Option<RegisterEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterEntry {
    pub registry: RegistryId,
    /// Fields that the register supplies and whose new value stands in another field: the new address in place of the old.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub fields: IndexMap<FieldId, FieldId>,
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
    /// In yuan.
    pub amount: Number,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// How to pay: where, by what means, with what to bring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<Bilingual>,
    pub basis: Citation,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitClaim {
    /// The number that the guide states; the checker compares it with the steps.
    pub claimed: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Bilingual>,
}

/// Optional ways of handling, which the applicant may choose or decline.
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
    /// The text that informs the applicant and that is promised.
    pub text: Bilingual,
    /// The time after the grant within which the promise is verified.
    pub verify_within: Limit,
    /// Steps that are dropped when the promise is signed.
    #[serde(default)]
    pub skips: Vec<StepId>,
    pub basis: Citation,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToleranceMode {
    pub text: Bilingual,
    /// The time within which the missing material must follow.
    pub close_within: Limit,
    pub basis: Citation,
}

impl Item {
    /// The visits that the declared steps require, whatever is claimed: one per step in person, and one for
    /// handing in if neither online nor post is possible. Conditional steps count too.
    pub fn visits_needed(&self) -> u8 {
        let present = self.steps.values().filter(|step| step.present && !step.remote).count();
        let online = self.channels.contains(&Channel::Online) || self.channels.contains(&Channel::Post);
        let counter = u8::from(!online);
        u8::try_from(present).unwrap_or(u8::MAX).saturating_add(counter)
    }

    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.steps.get(id)
    }

    /// Asks for the field, works with it in a step, or prints it on a result.
    pub fn reads(&self, field: &FieldId) -> bool {
        self.fields.iter().any(|each| each.field == *field)
            || self.steps.values().any(|step| step.uses.contains(field))
            || self.results.values().any(|result| result.prints(field))
    }

    /// What to do first for whoever finds a field wrong that only repeats a register here.
    pub fn fixed(&self, field: &FieldId) -> Option<&Bilingual> {
        self.fields.iter().find(|each| each.field == *field).and_then(|each| each.fixed.as_ref())
    }

    pub fn steps_of_kind(&self, kind: StepKind) -> impl Iterator<Item = &Step> {
        self.steps.values().filter(move |step| step.kind == kind)
    }
}

impl ResultDeclaration {
    /// The field of the case whose answer is what the register says of `field` once this is made out; none where it says nothing
    /// new of it.
    pub fn enters_as<'a>(&'a self, registry: &RegistryId, field: &'a FieldId) -> Option<&'a FieldId> {
        let entry = self.enters.as_ref().filter(|entry| entry.registry == *registry)?;
        entry.fields.get(field).or_else(|| self.prints(field).then_some(field))
    }

    /// Whether the field stands on the document, as a line of its own or within its text.
    pub fn prints(&self, field: &FieldId) -> bool {
        self.fields.contains(field)
            || self.body.iter().flat_map(|body| placeholders(&body.zh)).any(|name| name == field.as_str())
    }
}

/// Names in braces in a document's text; alternatives within a brace are separated by `|`.
pub fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let braces = text.split('{').skip(1).filter_map(|part| part.split_once('}'));
    braces.flat_map(|(names, _)| names.split('|').map(str::trim))
}
