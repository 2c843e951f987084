//! The zone's field dictionary: each fact is defined once and asked at most once.

use std::sync::Arc;

use diagnostic::{Bilingual, Lang};
use expression::{Number, Type};
use identifier::IdentifierKind;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{FieldId, RegistryId, SectionId, TextPattern};

/// One fact about an applicant or an undertaking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub id: FieldId,
    /// The question.
    pub label: Bilingual,
    /// The name of the answer as a fact on papers and for officers, where the label is a question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noun: Option<Bilingual>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Bilingual>,
    pub kind: FieldKind,
    /// Of a text: its form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<TextPattern>,
    pub sensitivity: Sensitivity,
    /// How much is shown to people without need to know; when left out, it follows from the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<Mask>,
    pub section: SectionId,
    /// The registry that already has it: then it is shown for confirmation rather than asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<RegistryId>,
    /// An example of a valid answer, shown beside the input and used for demonstration data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// May be left blank although an item uses it.
    #[serde(default)]
    pub optional: bool,
    /// Required, but the applicant may declare, in these words, to have none: 没有电话.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<Bilingual>,
    /// Why no other kind of identity paper is accepted here, added to that refusal: 只有中国公民有户口.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Bilingual>,
    /// The identity number that contains this date of birth: a person who gave the number is not asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<FieldId>,
    /// Of a yes or no: yes says that the person with the identity number of `held_by` is younger than so many years. The day of
    /// birth in the number has to agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub younger_than: Option<u8>,
}

/// Number of characters shown at the beginning and at the end; those between are hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mask {
    pub first: u32,
    pub last: u32,
}

/// The kind of answer a field takes. Bounds are inclusive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FieldKind {
    Text {
        #[serde(default)]
        multiline: bool,
        /// In characters, not bytes.
        min_length: u32,
        max_length: u32,
    },
    Number {
        #[serde(default)]
        min: Option<Number>,
        #[serde(default)]
        max: Option<Number>,
        #[serde(default)]
        unit: Option<Bilingual>,
        /// Digits allowed after the point, at most four.
        decimals: u8,
    },
    /// In yuan, with two decimals.
    Money {
        #[serde(default)]
        min: Option<Number>,
        #[serde(default)]
        max: Option<Number>,
    },
    Date {
        #[serde(default)]
        min: Option<Date>,
        #[serde(default)]
        max: Option<Date>,
        /// Not later than the day on which it is answered.
        #[serde(default)]
        past: bool,
        /// Not before the day on which it is answered. Left out of the text of an edition where it says nothing, so that
        /// editions of before keep their hash.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        future: bool,
    },
    YesNo,
    Choice {
        options: Vec<Choice>,
    },
    Choices {
        options: Vec<Choice>,
    },
    Identifier {
        identifier: IdentifierKind,
        /// Further kinds that are accepted, each stored with its kind: identity papers of people without a
        /// resident number.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<IdentifierKind>,
    },
    /// Region, street and door, stored as one line of text.
    Address,
    Phone,
    /// A file as the answer; materials are declared separately.
    File {
        max_bytes: u64,
    },
    /// A point on the map: `latitude,longitude` in degrees.
    Location,
    /// A table; its columns are fields of the dictionary.
    Rows {
        columns: Vec<Field>,
        min_rows: u32,
        max_rows: u32,
    },
}

/// One option of a choice; conditions compare with `value`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub value: Arc<str>,
    pub label: Bilingual,
}

/// Who may see an answer outside the tasks that need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Sensitivity {
    /// About an undertaking; it may be published.
    Public,
    /// About a person; it is masked outside tasks.
    #[default]
    Personal,
    /// Biometrics, health, accounts, whereabouts, children: masked, and every reading is recorded.
    Sensitive,
}

/// A heading of the form. Sections appear in declared order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub id: SectionId,
    pub title: Bilingual,
}

impl Field {
    /// The name of the answer as a fact.
    pub fn fact(&self) -> &Bilingual {
        self.noun.as_ref().unwrap_or(&self.label)
    }

    /// Whether a blank answer is allowed: the field is optional, or the applicant may declare to have none.
    pub fn may_be_blank(&self) -> bool {
        self.optional || self.absent.is_some()
    }

    /// The kinds of identifier that are accepted, the usual one first; empty for fields that are not
    /// identifiers.
    pub fn papers(&self) -> Vec<IdentifierKind> {
        match &self.kind {
            FieldKind::Identifier { identifier, also } => {
                std::iter::once(*identifier).chain(also.iter().copied()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The identity number that contains the day of birth which this field asks for.
    pub fn birth_held_by(&self) -> Option<&FieldId> {
        self.held_by.as_ref().filter(|_| matches!(self.kind, FieldKind::Date { .. }))
    }

    /// The identity number that tells whether the person is younger than so many years, which this field asks.
    pub fn age_held_by(&self) -> Option<(&FieldId, u8)> {
        self.held_by.as_ref().zip(self.younger_than).filter(|_| self.kind == FieldKind::YesNo)
    }

    /// The type of the field in conditions.
    pub fn value_type(&self) -> Type {
        match &self.kind {
            FieldKind::Text { .. }
            | FieldKind::Identifier { .. }
            | FieldKind::Address
            | FieldKind::Phone
            | FieldKind::File { .. }
            | FieldKind::Location => Type::Text,
            FieldKind::Number { unit, .. } => {
                Type::Number { unit: unit.as_ref().map(|unit| Arc::from(unit.get(Lang::Zh))) }
            }
            FieldKind::Money { .. } => Type::Number { unit: Some("元".into()) },
            FieldKind::Date { .. } => Type::Date,
            FieldKind::YesNo => Type::Bool,
            FieldKind::Choice { options } => Type::Choice(values(options)),
            FieldKind::Choices { options } => Type::Choices(values(options)),
            FieldKind::Rows { columns, .. } => Type::Rows(
                columns.iter().map(|column| (Arc::from(column.id.as_str()), column.value_type())).collect(),
            ),
        }
    }
}

fn values(options: &[Choice]) -> Vec<Arc<str>> {
    options.iter().map(|option| option.value.clone()).collect()
}
