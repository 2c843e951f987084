//! Values and types of facts and answers.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Number;

/// One row of a table answer: column name to value; a missing column was left blank.
pub type Row = BTreeMap<Arc<str>, Value>;

/// The value of a fact or an answer.
///
/// In JSON a value is written in its natural form, without a tag. Read back without knowing its type, every
/// string becomes `Text` and a list of strings `Choices`; conditions interpret these by the type they were
/// checked with, and [`Value::from_json`] restores the exact variant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Bool(bool),
    Number(Number),
    Date(Date),
    Text(Arc<str>),
    Choice(Arc<str>),
    Choices(Vec<Arc<str>>),
    Rows(Vec<Row>),
}

/// The type of a fact, as the field dictionary declares it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    Bool,
    /// The unit is shown beside numbers, and must be equal where two fields are compared or added.
    Number {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<Arc<str>>,
    },
    Date,
    Text,
    Choice(Vec<Arc<str>>),
    Choices(Vec<Arc<str>>),
    Rows(Vec<(Arc<str>, Type)>),
}

impl Type {
    pub fn number() -> Self {
        Type::Number { unit: None }
    }

    pub fn kind(&self) -> Kind {
        match self {
            Type::Bool => Kind::Bool,
            Type::Number { .. } => Kind::Number,
            Type::Date => Kind::Date,
            Type::Text => Kind::Text,
            Type::Choice(_) => Kind::Choice,
            Type::Choices(_) => Kind::Choices,
            Type::Rows(_) => Kind::Rows,
        }
    }
}

/// A [`Type`] without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Bool,
    Number,
    Date,
    Text,
    Choice,
    Choices,
    Rows,
}

impl Kind {
    pub fn zh(self) -> &'static str {
        match self {
            Kind::Bool => "是否",
            Kind::Number => "数字",
            Kind::Date => "日期",
            Kind::Text => "文字",
            Kind::Choice => "单选",
            Kind::Choices => "多选",
            Kind::Rows => "表格",
        }
    }

    pub fn en(self) -> &'static str {
        match self {
            Kind::Bool => "yes/no",
            Kind::Number => "number",
            Kind::Date => "date",
            Kind::Text => "text",
            Kind::Choice => "choice",
            Kind::Choices => "multiple choice",
            Kind::Rows => "table",
        }
    }
}

impl Value {
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Value::Text(text.into())
    }

    pub fn choice(choice: impl Into<Arc<str>>) -> Self {
        Value::Choice(choice.into())
    }

    pub fn kind(&self) -> Kind {
        match self {
            Value::Bool(_) => Kind::Bool,
            Value::Number(_) => Kind::Number,
            Value::Date(_) => Kind::Date,
            Value::Text(_) => Kind::Text,
            Value::Choice(_) => Kind::Choice,
            Value::Choices(_) => Kind::Choices,
            Value::Rows(_) => Kind::Rows,
        }
    }

    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("every value has string keys and finite numbers")
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Value::Number(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Value::Number(value.into())
    }
}

impl From<Date> for Value {
    fn from(value: Date) -> Self {
        Value::Date(value)
    }
}

/// The form for people: `是`, `320`, `2026-03-01`, `堂食`, `甲、乙`; a table shows its number of rows.
impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Bool(true) => out.write_str("是"),
            Value::Bool(false) => out.write_str("否"),
            Value::Number(number) => number.fmt(out),
            Value::Date(date) => date.fmt(out),
            Value::Text(text) | Value::Choice(text) => out.write_str(text),
            Value::Choices(choices) => out.write_str(&choices.join("、")),
            Value::Rows(rows) => write!(out, "{} 行", rows.len()),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Bool(value) => to.serialize_bool(*value),
            Value::Number(number) => number.serialize(to),
            Value::Date(date) => to.collect_str(date),
            Value::Text(text) | Value::Choice(text) => to.serialize_str(text),
            Value::Choices(choices) => choices.serialize(to),
            Value::Rows(rows) => rows.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;

        enum Element {
            Choice(Arc<str>),
            Row(Row),
        }

        impl<'de> Deserialize<'de> for Element {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct ElementReader;

                impl<'de> Visitor<'de> for ElementReader {
                    type Value = Element;

                    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                        out.write_str("a choice or a row")
                    }

                    fn visit_str<E: de::Error>(self, text: &str) -> Result<Element, E> {
                        Ok(Element::Choice(text.into()))
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Element, A::Error> {
                        let mut row = Row::new();
                        while let Some((column, value)) = map.next_entry::<Arc<str>, Option<Value>>()? {
                            if let Some(value) = value {
                                row.insert(column, value);
                            }
                        }
                        Ok(Element::Row(row))
                    }
                }

                from.deserialize_any(ElementReader)
            }
        }

        impl<'de> Visitor<'de> for Reader {
            type Value = Value;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("true or false, a number, a string, a list of strings or a list of rows")
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
                Ok(Value::Bool(value))
            }

            fn visit_i64<E: de::Error>(self, integer: i64) -> Result<Value, E> {
                Number::deserialize(de::value::I64Deserializer::new(integer)).map(Value::Number)
            }

            fn visit_u64<E: de::Error>(self, integer: u64) -> Result<Value, E> {
                Number::deserialize(de::value::U64Deserializer::new(integer)).map(Value::Number)
            }

            fn visit_f64<E: de::Error>(self, float: f64) -> Result<Value, E> {
                Number::deserialize(de::value::F64Deserializer::new(float)).map(Value::Number)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(text.into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
                let (mut choices, mut rows) = (Vec::new(), Vec::new());
                while let Some(element) = list.next_element()? {
                    match element {
                        Element::Choice(choice) => choices.push(choice),
                        Element::Row(row) => rows.push(row),
                    }
                }
                match (choices.is_empty(), rows.is_empty()) {
                    (_, true) => Ok(Value::Choices(choices)),
                    (true, false) => Ok(Value::Rows(rows)),
                    (false, false) => Err(de::Error::custom("a list of both choices and rows")),
                }
            }
        }

        from.deserialize_any(Reader)
    }
}
