//! What somebody says to a control of a form, however they fill it in.

use catalogue::{Edition, Field, FieldKind};
use expression::Value;
use form::{Answer, example_answer};
use jiff::civil::Date;

use crate::people::Person;

/// What is asked for, as the page shows it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// `f.FIELD`, or `f.FIELD.ROW.COLUMN`.
    pub name: &'a str,
    /// One of a list.
    pub is_list: bool,
    pub required: bool,
    pub filled: bool,
}

/// What is said to it.
#[derive(Debug)]
pub struct Said {
    /// As a form sends it; several where several are chosen.
    pub texts: Vec<String>,
    /// The person cannot know or have it, and had to make it up so that the rest is seen too.
    pub lacked: Option<String>,
}

/// Nothing where the person says nothing.
pub fn said(person: &Person, edition: &Edition, today: Date, asked: Asked<'_>) -> Option<Said> {
    let name = asked.name.strip_prefix("f.")?;
    let mut parts = name.splitn(3, '.');
    let id = parts.next().unwrap_or_default();
    let cell = parts.next().and_then(|row| row.parse().ok()).zip(parts.next());
    let field = edition.field(&id.into())?;
    let lacks = person.lacks.contains(&field.id);
    if lacks && !asked.required {
        return None;
    }
    let value = match person.answers.get(field.id.as_str()) {
        Some(Answer::Given(value)) => value.clone(),
        Some(_) => return None,
        None if asked.required => example_answer(field, today)?,
        None => return None,
    };
    let (field, value) = match (cell, &value) {
        (Some((row, column)), Value::Rows(rows)) => {
            let FieldKind::Rows { columns, .. } = &field.kind else { return None };
            let declared = columns.iter().find(|each| each.id == *column)?;
            (declared, rows.get::<usize>(row)?.get(column)?.clone())
        }
        _ => (field, value),
    };
    let lacked = (lacks && !asked.filled).then(|| field.id.to_string());
    Some(Said { texts: texts(field, &value, asked.is_list), lacked })
}

fn texts(field: &Field, value: &Value, is_list: bool) -> Vec<String> {
    // The kind of paper stands in a list beside its number.
    if let (FieldKind::Identifier { identifier, also }, Value::Text(text)) = (&field.kind, value)
        && !also.is_empty()
    {
        let (kind, number) = identifier::split_paper(*identifier, text);
        return vec![if is_list { format!("{kind}:") } else { number.to_owned() }];
    }
    match value {
        Value::Choices(choices) => choices.iter().map(|choice| choice.to_string()).collect(),
        Value::Bool(yes) => vec![yes.to_string()],
        value => vec![form::edit_text(field, value)],
    }
}
