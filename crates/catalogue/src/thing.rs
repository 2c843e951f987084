//! Things (一件事): what a person wants, as a bundle of items behind a few questions.

use diagnostic::Bilingual;
use expression::{Facts, Truth};
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
    /// Situations in which others of their fields say who applies; the first whose condition holds counts. Whoever has no
    /// licence yet has no code of one, and goes by name and identity document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applicant_when: Vec<Identity>,
    /// Asked of whoever says that they have no telephone: who takes messages for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_phone: Vec<FieldId>,
    /// Fields of several parties whose answers must not be the same: nobody sells to themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<Vec<FieldId>>,
    /// Fields that are filled from where the application came from, as far as that is known.
    #[serde(default)]
    pub context: IndexMap<FieldId, ContextFact>,
    /// Shown on the home page, smaller first; `None` keeps it to search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_order: Option<u16>,
}

/// Fields that say who applies in one situation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    pub when: Condition,
    pub name: FieldId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<FieldId>,
    /// Left out: the thing's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<FieldId>,
}

/// The fields that say who applies, once the situation is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identified<'a> {
    pub name: &'a FieldId,
    pub code: Option<&'a FieldId>,
    pub phone: Option<&'a FieldId>,
}

impl Thing {
    /// By what the applicant goes in this situation; `None` while the facts leave it open.
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

    /// By what the applicant goes in the situation of `identity`, or in all that are not declared apart.
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

    /// The field holds the applicant's name in some situation.
    pub fn names_applicant(&self, field: &FieldId) -> bool {
        self.applicant_name == *field || self.applicant_when.iter().any(|identity| identity.name == *field)
    }

    /// The field that says whether a person or an undertaking applies.
    pub fn party_field(&self) -> Option<&FieldId> {
        self.context.iter().find(|(_, fact)| **fact == ContextFact::Party).map(|(field, _)| field)
    }

    /// Every field that says who applies in some situation; one of several situations comes several times.
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
    /// `natural` or `legal`, as whoever begins says who applies.
    Party,
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
