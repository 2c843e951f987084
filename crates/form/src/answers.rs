//! Facts known before anything is asked, and the applicant's answers.

use std::collections::BTreeMap;

use catalogue::{Edition, Field, FieldId, FieldKind, RegistryId};
use expression::Value;
use identifier::split_paper;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::parse::says_none;
use crate::{Problem, parse_answer};

/// A fact that need not be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    pub value: Value,
    pub source: Source,
    /// The date of the source's record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// For a registry: the key that found the record. `None` in data written before keys were stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Known {
    /// Whether the fact still holds under these answers. A fact from a registry or an identity number holds
    /// only while its key is the current answer.
    pub fn holds(&self, edition: &Edition, answers: &Answers) -> bool {
        match (&self.source, &self.key) {
            (Source::Registry { registry } | Source::Entry { registry, .. }, Some(found_by)) => {
                key_of(edition, registry, answers).as_ref() == Some(found_by)
            }
            (Source::Number { field }, Some(number)) => {
                let given = answers.value(field.as_str()).zip(edition.field(field));
                given.is_some_and(|(value, field)| crate::edit_text(field, value) == *number)
            }
            _ => true,
        }
    }

    /// Whether a registry found a record by exactly this text as the answer of `field`.
    pub fn vouches_for(&self, edition: &Edition, field: &FieldId, text: &str) -> bool {
        let registry = self.source.registry().and_then(|registry| edition.parts().registries.get(registry));
        registry.is_some_and(|registry| registry.key == *field) && self.key.as_deref() == Some(text)
    }
}

/// The key by which a registry is queried, if it is answered. A registry knows only the usual kind of its
/// key: it is neither queried by a passport number in place of a resident's card, nor told of one.
pub fn key_of(edition: &Edition, registry: &RegistryId, answers: &Answers) -> Option<String> {
    let field = edition.field(&edition.parts().registries.get(registry)?.key)?;
    let key = crate::edit_text(field, answers.value(field.id.as_str())?);
    match &field.kind {
        FieldKind::Identifier { identifier, .. } if split_paper(*identifier, &key).0 != *identifier => None,
        _ => Some(key),
    }
}

/// The source of a known fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum Source {
    Registry {
        registry: RegistryId,
    },
    /// A result of this zone that is a newer entry in the registry, under the same key, than the registry is known to have.
    Entry {
        registry: RegistryId,
        number: String,
    },
    /// An earlier case of the same party, used with consent.
    Case {
        number: String,
    },
    /// Contained in an identity number: the day of birth.
    Number {
        field: FieldId,
    },
    /// The account of the signed-in party.
    Account,
    /// The page or case from which the application was opened.
    Context,
}

impl Source {
    /// The registry whose word it is.
    pub const fn registry(&self) -> Option<&RegistryId> {
        match self {
            Self::Registry { registry } | Self::Entry { registry, .. } => Some(registry),
            Self::Case { .. } | Self::Number { .. } | Self::Account | Self::Context => None,
        }
    }
}

/// Known facts by field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KnownFacts(BTreeMap<FieldId, Known>);

/// What a browser sent for one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Raw {
    One(String),
    Many(Vec<String>),
    /// One map per row, by column.
    Rows(Vec<BTreeMap<FieldId, Raw>>),
}

/// The applicant's answer to one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Given(Value),
    /// Seen and left blank; only optional fields allow it.
    Blank,
    /// Typed, but not valid (yet): kept, so that no input is lost.
    Typed(Raw),
}

/// Answers by field. Answers that are not needed any more stay here unseen, in case they are needed again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<FieldId, Answer>);

impl KnownFacts {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn with(mut self, field: impl Into<FieldId>, known: Known) -> Self {
        self.insert(field, known);
        self
    }

    pub fn insert(&mut self, field: impl Into<FieldId>, known: Known) {
        self.0.insert(field.into(), known);
    }

    pub fn get(&self, field: &str) -> Option<&Known> {
        self.0.get(field)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&FieldId, &Known)> {
        self.0.iter()
    }

    /// Removes the facts for which `gone` is true, and returns them.
    pub fn take(&mut self, gone: impl Fn(&Known) -> bool) -> Vec<(FieldId, Known)> {
        self.0.extract_if(.., |_, known| gone(known)).collect()
    }

    /// Only the facts that hold under these answers.
    #[must_use]
    pub fn held(mut self, edition: &Edition, answers: &Answers) -> Self {
        self.0.retain(|_, known| known.holds(edition, answers));
        self
    }

    /// As [`Answers::retype`]: a fact that was kept would else differ from the same answer.
    pub fn retype(&mut self, edition: &Edition) {
        for (id, known) in &mut self.0 {
            let Some(field) = edition.field(id) else { continue };
            if let Ok(typed) = known.value.retyped(&field.value_type()) {
                known.value = typed;
            }
        }
    }
}

impl FromIterator<(FieldId, Known)> for KnownFacts {
    fn from_iter<I: IntoIterator<Item = (FieldId, Known)>>(facts: I) -> Self {
        Self(facts.into_iter().collect())
    }
}

impl Answers {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn with(mut self, field: impl Into<FieldId>, value: impl Into<Value>) -> Self {
        self.0.insert(field.into(), Answer::Given(value.into()));
        self
    }

    pub fn give(&mut self, field: impl Into<FieldId>, value: Value) {
        self.0.insert(field.into(), Answer::Given(value));
    }

    pub fn leave_blank(&mut self, field: impl Into<FieldId>) {
        self.0.insert(field.into(), Answer::Blank);
    }

    pub fn keep_typed(&mut self, field: impl Into<FieldId>, raw: Raw) {
        self.0.insert(field.into(), Answer::Typed(raw));
    }

    /// Takes a typed answer; returns whether the field has an answer now. A required field left empty has
    /// none.
    ///
    /// # Errors
    /// The problems of the text, which is then kept as typed.
    pub fn take(&mut self, field: &Field, raw: &Raw, today: Date) -> Result<bool, Vec<Problem>> {
        match parse_answer(field, raw, today) {
            Ok(Some(value)) => self.give(field.id.clone(), value),
            Ok(None) if field.optional || says_none(field, raw) => self.leave_blank(field.id.clone()),
            Ok(None) => {
                self.remove(field.id.as_str());
                return Ok(false);
            }
            Err(problems) => {
                self.keep_typed(field.id.clone(), raw.clone());
                return Err(problems);
            }
        }
        Ok(true)
    }

    pub fn remove(&mut self, field: &str) -> Option<Answer> {
        self.0.remove(field)
    }

    pub fn get(&self, field: &str) -> Option<&Answer> {
        self.0.get(field)
    }

    pub fn value(&self, field: &str) -> Option<&Value> {
        match self.get(field) {
            Some(Answer::Given(value)) => Some(value),
            _ => None,
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&FieldId, &Answer)> {
        self.0.iter()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Converts every stored value to the exact type that the edition declares, because JSON does not tell a
    /// date from a text. A value that does not fit is kept as typed text.
    pub fn retype(&mut self, edition: &Edition) {
        for (id, answer) in &mut self.0 {
            let Some(field) = edition.field(id) else { continue };
            let Answer::Given(value) = answer else { continue };
            match value.retyped(&field.value_type()) {
                Ok(typed) => *value = typed,
                Err(_) => *answer = Answer::Typed(Raw::of(value)),
            }
        }
    }

    /// Answers from an applicant's file: field → value, `null` for one left blank.
    pub fn from_json(edition: &Edition, json: &serde_json::Map<String, serde_json::Value>) -> Self {
        let mut answers = Self::new();
        for (name, json) in json {
            let answer = match edition.field(&FieldId::from(name.as_str())) {
                _ if json.is_null() => Answer::Blank,
                Some(field) => match Value::from_json(&field.value_type(), json) {
                    Ok(value) => Answer::Given(value),
                    Err(_) => Answer::Typed(Raw::of_json(json)),
                },
                None => Answer::Typed(Raw::of_json(json)),
            };
            answers.0.insert(name.as_str().into(), answer);
        }
        answers
    }
}

impl FromIterator<(FieldId, Value)> for Answers {
    fn from_iter<I: IntoIterator<Item = (FieldId, Value)>>(values: I) -> Self {
        Self(values.into_iter().map(|(field, value)| (field, Answer::Given(value))).collect())
    }
}

impl Raw {
    pub fn is_blank(&self) -> bool {
        match self {
            Raw::One(text) => text.trim().is_empty(),
            Raw::Many(texts) => texts.iter().all(|text| text.trim().is_empty()),
            Raw::Rows(rows) => rows.iter().all(|row| row.values().all(Raw::is_blank)),
        }
    }

    /// The text of a single box; of several, the first; empty for a table.
    pub fn one(&self) -> &str {
        match self {
            Raw::One(text) => text,
            Raw::Many(texts) => texts.first().map_or("", String::as_str),
            Raw::Rows(_) => "",
        }
    }

    /// The input that would give this value.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Bool(true) => Raw::One("yes".into()),
            Value::Bool(false) => Raw::One("no".into()),
            Value::Choices(choices) => Raw::Many(choices.iter().map(|choice| choice.to_string()).collect()),
            Value::Rows(rows) => Raw::Rows(
                rows.iter()
                    .map(|row| {
                        row.iter()
                            .map(|(column, value)| (FieldId::new(column.clone()), Raw::of(value)))
                            .collect()
                    })
                    .collect(),
            ),
            other => Raw::One(other.to_string()),
        }
    }

    /// The input that would give this JSON value; numbers and booleans become text, `null` becomes blank.
    pub fn of_json(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::String(text) => Raw::One(text.clone()),
            serde_json::Value::Array(list) if list.iter().all(serde_json::Value::is_string) => {
                Raw::Many(list.iter().filter_map(|json| json.as_str().map(str::to_owned)).collect())
            }
            serde_json::Value::Array(list) if list.iter().all(serde_json::Value::is_object) => {
                let row = |json: &serde_json::Value| {
                    let cells = json.as_object().into_iter().flatten();
                    cells.map(|(column, json)| (FieldId::new(column.as_str()), Raw::of_json(json))).collect()
                };
                Raw::Rows(list.iter().map(row).collect())
            }
            serde_json::Value::Array(list) => {
                Raw::Many(list.iter().map(|json| Raw::of_json(json).one().to_owned()).collect())
            }
            serde_json::Value::Null => Raw::One(String::new()),
            other => Raw::One(other.to_string()),
        }
    }
}

impl From<&str> for Raw {
    fn from(text: &str) -> Self {
        Raw::One(text.to_owned())
    }
}
