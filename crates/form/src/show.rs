//! Values as text: for editing and for reading.

use catalogue::{Bilingual, Choice, Field, FieldKind, Lang};
use expression::{Number, Value};
use identifier::{IdentifierKind, split_paper};

/// The text that parses into this value again in the field's box. Tables are edited cell by cell.
pub fn edit_text(field: &Field, value: &Value) -> String {
    match (&field.kind, value) {
        (_, Value::Bool(true)) => "yes".into(),
        (_, Value::Bool(false)) => "no".into(),
        (_, Value::Choices(choices)) => choices.join(","),
        (_, value) => value.to_string(),
    }
}

/// The value for a reader: with unit, digit grouping and option labels.
pub fn show_text(field: &Field, value: &Value, lang: Lang) -> String {
    match (&field.kind, value) {
        (FieldKind::Number { unit, .. }, Value::Number(number)) => {
            let digits = grouped(*number, 0);
            match unit {
                Some(unit) => format!("{digits} {}", unit.get(lang)),
                None => digits,
            }
        }
        (FieldKind::Money { .. }, Value::Number(number)) => {
            let digits = grouped(*number, if number.is_integer() { 0 } else { 2 });
            match lang {
                Lang::Zh => format!("{digits} 元"),
                Lang::En => format!("{digits} yuan"),
            }
        }
        (_, Value::Bool(answer)) => match (lang, answer) {
            (Lang::Zh, true) => "是".into(),
            (Lang::Zh, false) => "否".into(),
            (Lang::En, true) => "Yes".into(),
            (Lang::En, false) => "No".into(),
        },
        (_, Value::Date(date)) => match lang {
            Lang::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
            Lang::En => date.to_string(),
        },
        (FieldKind::Choice { options }, Value::Choice(value) | Value::Text(value)) => {
            label(options, value, lang)
        }
        (FieldKind::Choices { options }, Value::Choices(values)) => {
            let labels: Vec<String> = values.iter().map(|value| label(options, value, lang)).collect();
            labels.join(match lang {
                Lang::Zh => "、",
                Lang::En => ", ",
            })
        }
        (FieldKind::Rows { columns, .. }, Value::Rows(rows)) => {
            let lines = rows.iter().map(|row| {
                let cells: Vec<String> = columns
                    .iter()
                    .filter_map(|column| {
                        row.get(column.id.as_str()).map(|value| show_text(column, value, lang))
                    })
                    .collect();
                cells.join(match lang {
                    Lang::Zh => "，",
                    Lang::En => ", ",
                })
            });
            lines.collect::<Vec<_>>().join("\n")
        }
        (FieldKind::Identifier { identifier, .. }, Value::Text(text)) => paper(*identifier, text, lang),
        (_, value) => value.to_string(),
    }
}

/// A number of other than the usual kind is shown with the name of its paper.
fn paper(usual: IdentifierKind, text: &str, lang: Lang) -> String {
    let (kind, number) = split_paper(usual, text);
    let words = match lang {
        Lang::Zh => identifier::Lang::Zh,
        Lang::En => identifier::Lang::En,
    };
    if kind == usual { number.to_owned() } else { format!("{} {number}", kind.document(words)) }
}

fn label(options: &[Choice], value: &str, lang: Lang) -> String {
    match options.iter().find(|option| &*option.value == value) {
        Some(option) => option.label.get(lang).to_owned(),
        None => value.to_owned(),
    }
}

/// Digits in groups of three, with at least `least_decimals` decimals.
fn grouped(number: Number, least_decimals: u8) -> String {
    let text = number.to_string();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.as_str()),
    };
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    let width = usize::from(least_decimals);
    if !decimals.is_empty() || width > 0 {
        out.push('.');
        out.push_str(&format!("{decimals:0<width$}"));
    }
    out
}

/// The unit of a field's numbers.
pub(crate) fn unit(field: &Field) -> Option<Bilingual> {
    match &field.kind {
        FieldKind::Number { unit, .. } => unit.clone(),
        FieldKind::Money { .. } => Some(Bilingual::new("元", "yuan")),
        _ => None,
    }
}

/// A unit with a space before it, to follow a number; empty without one.
pub(crate) fn before(unit: &Option<Bilingual>, lang: &str) -> String {
    match unit {
        Some(unit) if lang == "zh" => format!(" {}", unit.zh),
        Some(unit) => format!(" {}", unit.en),
        None => String::new(),
    }
}

/// A file size in the units that phones show.
pub(crate) fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match bytes {
        0..KIB => format!("{bytes} B"),
        _ if bytes < KIB * KIB => format!("{} KB", bytes / KIB),
        _ => format!("{} MB", bytes / (KIB * KIB)),
    }
}
