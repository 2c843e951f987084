//! Things (一件事): what a person wants to achieve, as a bundle of items behind a few questions.

use diagnostic::Bilingual;
use expression::{Facts, Truth};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Condition, FieldId, ItemId, PartyKind, StepId, ThingId};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thing {
    pub id: ThingId,
    pub title: Bilingual,
    /// What the person has in the end.
    pub outcome: Bilingual,
    /// Further search words.
    #[serde(default)]
    pub keywords: Vec<String>,
    pub applicants: Vec<PartyKind>,
    /// Situation questions (情形导办), asked first.
    #[serde(default)]
    pub questions: Vec<Question>,
    pub members: Vec<Member>,
    #[serde(default)]
    pub joint_inspections: Vec<JointInspection>,
    /// The fields that identify the applicant: name, identifier, telephone.
    pub applicant_name: FieldId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant_code: Option<FieldId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant_phone: Option<FieldId>,
    /// Situations in which other fields identify the applicant; the first one whose condition holds applies.
    /// An applicant without a licence yet, for example, has no code, and is identified by name and identity
    /// document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applicant_when: Vec<Identity>,
    /// Asked of an applicant who declares to have no telephone: who takes messages for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_phone: Vec<FieldId>,
    /// Groups of fields of different parties whose answers must differ: nobody sells to themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<Vec<FieldId>>,
    /// Fields that are filled in from the context in which the application was started, as far as it is
    /// known.
    #[serde(default)]
    pub context: IndexMap<FieldId, ContextFact>,
    /// Order on the home page, smaller first; `None` means that it is found by search only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_order: Option<u16>,
}

/// The fields that identify the applicant in one situation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    pub when: Condition,
    pub name: FieldId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<FieldId>,
    /// The thing's own field when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<FieldId>,
}

/// The fields that identify the applicant, once the situation is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identified<'a> {
    pub name: &'a FieldId,
    pub code: Option<&'a FieldId>,
    pub phone: Option<&'a FieldId>,
}

impl Thing {
    /// The fields that identify the applicant in this situation; `None` while the facts do not decide it.
    pub fn applicant(&self, facts: &dyn Facts) -> Option<Identified<'_>> {
        for identity in &self.applicant_when {
            match identity.when.evaluate(facts) {
                Truth::True => return Some(self.goes_by(Some(identity))),
                Truth::False => {}
                Truth::Unknown => return None,
            }
        }
        Some(self.goes_by(None))
    }

    /// The fields that identify the applicant in the situation of `identity`, or by default.
    pub fn goes_by<'a>(&'a self, identity: Option<&'a Identity>) -> Identified<'a> {
        let phone = self.applicant_phone.as_ref();
        match identity {
            Some(identity) => Identified {
                name: &identity.name,
                code: identity.code.as_ref(),
                phone: identity.phone.as_ref().or(phone),
            },
            None => Identified { name: &self.applicant_name, code: self.applicant_code.as_ref(), phone },
        }
    }

    /// Whether the field holds the applicant's name in some situation.
    pub fn names_applicant(&self, field: &FieldId) -> bool {
        self.applicant_name == *field || self.applicant_when.iter().any(|identity| identity.name == *field)
    }

    /// The field that says whether a natural or a legal person applies.
    pub fn party_field(&self) -> Option<&FieldId> {
        self.context.iter().find(|(_, fact)| **fact == ContextFact::Party).map(|(field, _)| field)
    }

    /// Every field that identifies the applicant in some situation; a field may occur several times.
    pub fn applicant_fields(&self) -> impl Iterator<Item = &FieldId> {
        let situations = self.applicant_when.iter().map(Some).chain([None]);
        situations.flat_map(|identity| self.goes_by(identity).fields())
    }
}

impl<'a> Identified<'a> {
    pub fn fields(self) -> impl Iterator<Item = &'a FieldId> {
        [Some(self.name), self.code, self.phone].into_iter().flatten()
    }
}

/// What is known about how a person came to a thing, from a page or another case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContextFact {
    /// The URL of the page.
    Page,
    /// The title of the thing that the page or the other case is about.
    ThingTitle,
    /// The number of the other case.
    CaseNumber,
    /// The level of a rating, in the words of the five levels (非常满意 … 非常不满意).
    RatingLevel,
    RatingComment,
    /// `natural` or `legal`: who applies, as chosen at the start.
    Party,
}

/// A situation question: a field of the dictionary, worded for this thing.
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
    /// Items whose results this one needs first; otherwise members run in parallel.
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
