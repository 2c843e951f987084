//! Things (一件事): what a person wants, as a bundle of items behind a few questions.

use diagnostic::Bilingual;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Condition, FieldId, ItemId, PartyKind, StepId, ThingId};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thing {
    pub id: ThingId,
    pub title: Bilingual,
    /// What the person ends up with.
    pub outcome: Bilingual,
    /// Other words by which people look for it.
    #[serde(default)]
    pub keywords: Vec<String>,
    pub applicants: Vec<PartyKind>,
    /// Situation questions (情形导办), asked first.
    #[serde(default)]
    pub questions: Vec<Question>,
    pub members: Vec<Member>,
    #[serde(default)]
    pub joint_inspections: Vec<JointInspection>,
    /// Fields that say who applies: name, identifier, telephone.
    pub applicant_name: FieldId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant_code: Option<FieldId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant_phone: Option<FieldId>,
    /// Fields that are filled from where the application came from, as far as that is known.
    #[serde(default)]
    pub context: IndexMap<FieldId, ContextFact>,
    /// Shown on the home page, smaller first; `None` keeps it to search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_order: Option<u16>,
}

/// What a page or another case can tell about how somebody came to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContextFact {
    /// Address of the page.
    Page,
    /// Title of the thing that the page or the other case is about.
    ThingTitle,
    /// Number of the other case.
    CaseNumber,
    /// Level of a rating, in the words of the five levels (非常满意 … 非常不满意).
    RatingLevel,
    RatingComment,
}

/// A situation question: a field of the dictionary in the words of this thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub field: FieldId,
    pub ask: Bilingual,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Bilingual>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    pub item: ItemId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Items whose result this one needs first; otherwise members run in parallel.
    #[serde(default)]
    pub after: Vec<ItemId>,
    /// Members of one route exclude each other: at most one applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
}

/// Inspections of several items at one site, done in one visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JointInspection {
    pub title: Bilingual,
    pub steps: Vec<(ItemId, StepId)>,
}
