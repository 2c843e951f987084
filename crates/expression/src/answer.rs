//! Parsing JSON answers into typed values, or the reason why one does not fit.

use std::sync::Arc;

use diagnostic::{Bilingual, nearest};
use jiff::civil::Date;
use serde_json::Value as Json;

use crate::number::NumberProblem;
use crate::value::Row;
use crate::{Number, Type, Value};

/// Why a JSON value is not a value of the requested type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueProblem {
    NotABool,
    NotANumber,
    TooPrecise,
    NumberOutOfRange,
    NotADate,
    NotText,
    UnknownChoice {
        choice: String,
        nearest: Option<String>,
    },
    RepeatedChoice {
        choice: String,
    },
    NotAList,
    NotRows,
    UnknownColumn {
        column: String,
        nearest: Option<String>,
    },
    /// A problem of one cell; `row` counts from 1.
    InRow {
        row: usize,
        column: String,
        problem: Box<ValueProblem>,
    },
}

impl ValueProblem {
    pub fn message(&self) -> Bilingual {
        match self {
            ValueProblem::NotABool => Bilingual::new("请回答是或否", "answer yes or no"),
            ValueProblem::NotANumber => Bilingual::new("请填写数字", "enter a number"),
            ValueProblem::TooPrecise => Bilingual::new("最多四位小数", "at most four decimal places"),
            ValueProblem::NumberOutOfRange => Bilingual::new("数字太大", "the number is too large"),
            ValueProblem::NotADate => {
                Bilingual::new("请填写日期，如 2026-03-01", "enter a date such as 2026-03-01")
            }
            ValueProblem::NotText => Bilingual::new("请填写文字", "enter text"),
            ValueProblem::UnknownChoice { choice, nearest } => with_nearest(
                format!("没有“{choice}”这个选项"),
                format!("there is no option “{choice}”"),
                nearest.as_deref(),
            ),
            ValueProblem::RepeatedChoice { choice } => {
                Bilingual::new(format!("“{choice}”选了两次"), format!("“{choice}” is chosen twice"))
            }
            ValueProblem::NotAList => Bilingual::new("请选择选项", "choose from the options"),
            ValueProblem::NotRows => Bilingual::new("请逐行填写", "fill in row by row"),
            ValueProblem::UnknownColumn { column, nearest } => with_nearest(
                format!("没有“{column}”这一列"),
                format!("there is no column “{column}”"),
                nearest.as_deref(),
            ),
            ValueProblem::InRow { row, column, problem } => {
                let inner = problem.message();
                Bilingual::new(
                    format!("第 {row} 行“{column}”：{}", inner.zh),
                    format!("row {row}, “{column}”: {}", inner.en),
                )
            }
        }
    }
}

fn with_nearest(zh: String, en: String, nearest: Option<&str>) -> Bilingual {
    match nearest {
        Some(name) => {
            Bilingual::new(format!("{zh}，是不是“{name}”？"), format!("{en}; did you mean “{name}”?"))
        }
        None => Bilingual::new(zh, en),
    }
}

impl Value {
    /// Parses an answer as its field's type. Besides the form that [`Value::to_json`] writes, it accepts what
    /// web forms send: numbers as text, `是`/`否`, one choice where several are allowed.
    ///
    /// # Errors
    /// A [`ValueProblem`] when the JSON value is not of that type.
    pub fn from_json(kind: &Type, json: &Json) -> Result<Value, ValueProblem> {
        match kind {
            Type::Bool => read_bool(json).map(Value::Bool).ok_or(ValueProblem::NotABool),
            Type::Number { .. } => read_number(json).map(Value::Number),
            Type::Date => read_date(json).map(Value::Date).ok_or(ValueProblem::NotADate),
            Type::Text => match json {
                Json::String(text) => Ok(Value::Text(text.as_str().into())),
                _ => Err(ValueProblem::NotText),
            },
            Type::Choice(options) => match json {
                Json::String(text) => read_choice(options, text).map(Value::Choice),
                _ => Err(ValueProblem::NotAList),
            },
            Type::Choices(options) => read_choices(options, json).map(Value::Choices),
            Type::Rows(columns) => read_rows(columns, json).map(Value::Rows),
        }
    }

    /// The same value as the variant for `kind`.
    ///
    /// # Errors
    /// As [`Value::from_json`], when the value cannot be understood as that type.
    pub fn retyped(&self, kind: &Type) -> Result<Value, ValueProblem> {
        Value::from_json(kind, &self.to_json())
    }
}

fn read_bool(json: &Json) -> Option<bool> {
    match json {
        Json::Bool(value) => Some(*value),
        Json::String(text) => match text.trim() {
            "是" | "true" | "yes" => Some(true),
            "否" | "false" | "no" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn read_number(json: &Json) -> Result<Number, ValueProblem> {
    let problem = |problem| match problem {
        NumberProblem::NotANumber => ValueProblem::NotANumber,
        NumberProblem::TooPrecise => ValueProblem::TooPrecise,
        NumberProblem::OutOfRange => ValueProblem::NumberOutOfRange,
    };
    match json {
        // The decimal digits of the JSON text count, not the nearest double.
        Json::Number(number) => {
            let digits = number.to_string();
            if digits.contains(['e', 'E']) {
                return serde_json::from_value(json.clone()).map_err(|_| ValueProblem::NumberOutOfRange);
            }
            digits.parse().map_err(problem)
        }
        Json::String(text) => text.parse().map_err(problem),
        _ => Err(ValueProblem::NotANumber),
    }
}

/// Parses `2026-03-01`, and what people type instead: `2026-3-1`, `2026/3/1`, `2026.3.1`, `2026年3月1日`,
/// `20260301`.
fn read_date(json: &Json) -> Option<Date> {
    match json {
        Json::String(text) => parse_date(text),
        _ => None,
    }
}

pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Date::new(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?).ok();
    }
    let mut parts = text.trim_end_matches('日').split(['-', '/', '.', '年', '月']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let plain = |part: &str, most: usize| {
        !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if parts.next().is_some() || year.len() != 4 || !plain(year, 4) || !plain(month, 2) || !plain(day, 2) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn read_choice(options: &[Arc<str>], text: &str) -> Result<Arc<str>, ValueProblem> {
    match options.iter().find(|option| &***option == text) {
        Some(option) => Ok(option.clone()),
        None => Err(ValueProblem::UnknownChoice {
            choice: text.to_owned(),
            nearest: nearest(text, options).map(str::to_owned),
        }),
    }
}

fn read_choices(options: &[Arc<str>], json: &Json) -> Result<Vec<Arc<str>>, ValueProblem> {
    let list = match json {
        Json::Array(list) => list.as_slice(),
        Json::String(_) => std::slice::from_ref(json),
        _ => return Err(ValueProblem::NotAList),
    };
    let mut chosen: Vec<Arc<str>> = Vec::with_capacity(list.len());
    for element in list {
        let Json::String(text) = element else { return Err(ValueProblem::NotAList) };
        let choice = read_choice(options, text)?;
        if chosen.contains(&choice) {
            return Err(ValueProblem::RepeatedChoice { choice: text.clone() });
        }
        chosen.push(choice);
    }
    Ok(chosen)
}

fn read_rows(columns: &[(Arc<str>, Type)], json: &Json) -> Result<Vec<Row>, ValueProblem> {
    let Json::Array(list) = json else { return Err(ValueProblem::NotRows) };
    let mut rows = Vec::with_capacity(list.len());
    for (at, element) in list.iter().enumerate() {
        let Json::Object(cells) = element else { return Err(ValueProblem::NotRows) };
        let mut row = Row::new();
        for (name, cell) in cells {
            let Some((column, kind)) = columns.iter().find(|(column, _)| **column == **name) else {
                return Err(ValueProblem::UnknownColumn {
                    column: name.clone(),
                    nearest: nearest(name, columns.iter().map(|(column, _)| column)).map(str::to_owned),
                });
            };
            if cell.is_null() {
                continue;
            }
            let value = Value::from_json(kind, cell).map_err(|problem| ValueProblem::InRow {
                row: at + 1,
                column: name.clone(),
                problem: Box::new(problem),
            })?;
            row.insert(column.clone(), value);
        }
        rows.push(row);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn options() -> Vec<Arc<str>> {
        ["堂食", "外带", "配送"].into_iter().map(Arc::from).collect()
    }

    fn table() -> Type {
        Type::Rows(vec![
            ("姓名".into(), Type::Text),
            ("出资额".into(), Type::Number { unit: Some("万元".into()) }),
        ])
    }

    #[test]
    fn answers_are_read_by_their_type_and_written_back_the_same() {
        let date = Date::constant(2026, 3, 1);
        let row = Row::from([("姓名".into(), Value::text("甲")), ("出资额".into(), Value::from(5))]);
        for (kind, json, value) in [
            (Type::Bool, json!(true), Value::Bool(true)),
            (Type::Bool, json!("否"), Value::Bool(false)),
            (Type::number(), json!(1.5), "1.5".parse::<Number>().unwrap().into()),
            (Type::number(), json!("922337203685477.5807"), Value::Number(Number::MAX)),
            (Type::number(), json!("3万"), Value::from(30_000)),
            (Type::Date, json!("2026-03-01"), date.into()),
            (Type::Date, json!("2026/3/1"), date.into()),
            (Type::Date, json!("2026年3月1日"), date.into()),
            (Type::Date, json!("20260301"), date.into()),
            (Type::Text, json!("2026-03-01"), Value::text("2026-03-01")),
            (Type::Choice(options()), json!("堂食"), Value::choice("堂食")),
            (
                Type::Choices(options()),
                json!(["配送", "堂食"]),
                Value::Choices(vec!["配送".into(), "堂食".into()]),
            ),
            (Type::Choices(options()), json!("配送"), Value::Choices(vec!["配送".into()])),
            (Type::Choices(options()), json!([]), Value::Choices(vec![])),
            (
                table(),
                json!([{"姓名": "甲", "出资额": 5}, {"姓名": null}]),
                Value::Rows(vec![row, Row::new()]),
            ),
        ] {
            assert_eq!(Value::from_json(&kind, &json), Ok(value.clone()), "{json}");
            assert_eq!(Value::from_json(&kind, &value.to_json()), Ok(value.clone()), "{json}");
            let untyped: Value = serde_json::from_value(value.to_json()).unwrap();
            assert_eq!(untyped.retyped(&kind), Ok(value), "{json}");
        }
    }

    #[test]
    fn answers_of_a_wrong_type_say_what_is_wrong() {
        for (kind, json, zh) in [
            (Type::Bool, json!("也许"), "请回答是或否"),
            (Type::number(), json!("二十"), "请填写数字"),
            (Type::number(), json!(0.00001), "最多四位小数"),
            (Type::number(), json!(1e300), "数字太大"),
            (Type::Date, json!("2026-02-30"), "请填写日期，如 2026-03-01"),
            (Type::Date, json!(20260301), "请填写日期，如 2026-03-01"),
            (Type::Text, json!(1), "请填写文字"),
            (Type::Choice(options()), json!("堂吃"), "没有“堂吃”这个选项，是不是“堂食”？"),
            (Type::Choices(options()), json!(["堂食", "堂食"]), "“堂食”选了两次"),
            (Type::Choices(options()), json!(7), "请选择选项"),
            (table(), json!({}), "请逐行填写"),
            (table(), json!([{"姓明": "甲"}]), "没有“姓明”这一列，是不是“姓名”？"),
            (table(), json!([{}, {"出资额": "多"}]), "第 2 行“出资额”：请填写数字"),
        ] {
            let problem = Value::from_json(&kind, &json).unwrap_err();
            assert_eq!(problem.message().zh, zh, "{json}");
            assert!(!problem.message().en.is_empty());
        }
    }
}
