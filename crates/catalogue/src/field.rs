//! The zone's field dictionary: each fact is defined once and asked at most once.

use std::sync::Arc;

use diagnostic::{Bilingual, Lang};
use expression::{Number, Type};
use identifier::IdentifierKind;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{FieldId, RegistryId, SectionId};

/// One fact about an applicant or an undertaking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub id: FieldId,
    /// What is asked.
    pub label: Bilingual,
    /// What the answer is called as a fact on papers and at the desk, where the label is a question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noun: Option<Bilingual>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Bilingual>,
    pub kind: FieldKind,
    pub sensitivity: Sensitivity,
    /// How much is shown to those who need not see it; left out, it follows from the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<Mask>,
    pub section: SectionId,
    /// Who already knows it: then it is shown for confirmation rather than asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<RegistryId>,
    /// An example of a right answer, shown beside the box and used for demonstration data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// May be left blank although an item uses it.
    #[serde(default)]
    pub optional: bool,
    /// Required, but one may say in these words that one has none: 没有电话.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent: Option<Bilingual>,
    /// Why nobody without a number of this kind can be asked for it here: 只有中国公民有户口.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Bilingual>,
    /// A day of birth that this identity number holds: whoever gave the number is not asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<FieldId>,
}

/// Characters that are shown at the beginning and at the end; what lies between is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mask {
    pub first: u32,
    pub last: u32,
}

/// What kind of answer a field takes. Bounds are inclusive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FieldKind {
    Text {
        #[serde(default)]
        multiline: bool,
        /// Characters, not bytes.
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
    /// Yuan, two decimals.
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
        /// Not after the day on which it is answered.
        #[serde(default)]
        past: bool,
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
        /// Other kinds that are taken too, each kept with its kind: identity papers of people without a resident number.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<IdentifierKind>,
    },
    /// Region, street and door; one line of text with a structured helper.
    Address,
    Phone,
    /// A file that answers the question (materials are declared apart).
    File {
        max_bytes: u64,
    },
    /// A point on the map: `latitude,longitude` in degrees.
    Location,
    /// A table whose columns are fields of the dictionary.
    Rows {
        columns: Vec<Field>,
        min_rows: u32,
        max_rows: u32,
    },
}

/// One option of a choice; `value` is what conditions compare with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub value: Arc<str>,
    pub label: Bilingual,
}

/// Who may see an answer outside the task that needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Sensitivity {
    /// About an undertaking; may be published.
    Public,
    /// About a person: masked outside tasks.
    #[default]
    Personal,
    /// Biometrics, health, accounts, whereabouts, children: masked, and reading it leaves a trace.
    Sensitive,
}

/// A heading of the form. Sections appear in declared order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub id: SectionId,
    pub title: Bilingual,
}

impl Field {
    /// What the answer is called as a fact.
    pub fn fact(&self) -> &Bilingual {
        self.noun.as_ref().unwrap_or(&self.label)
    }

    /// Nothing is an answer: the field is optional, or one can say that one has none.
    pub fn may_be_blank(&self) -> bool {
        self.optional || self.absent.is_some()
    }

    /// The kinds of identifier that are taken, the usual one first; none for other fields than identifiers.
    pub fn papers(&self) -> Vec<IdentifierKind> {
        match &self.kind {
            FieldKind::Identifier { identifier, also } => {
                std::iter::once(*identifier).chain(also.iter().copied()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The type under which conditions see the field.
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
