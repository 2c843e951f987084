//! Parses what a browser sent (names and values of controls) into raw answers.

use std::collections::BTreeMap;

use catalogue::FieldId;
use identifier::{IdentifierKind, split_paper};

use crate::Raw;

/// Prefix of the names of controls that answer a question.
pub const CONTROL_PREFIX: &str = "f.";

/// Raw answers from controls named `f.FIELD`, or `f.FIELD.ROW.COLUMN` for tables.
pub fn raw_answers(pairs: &[(String, String)]) -> BTreeMap<FieldId, Raw> {
    let mut ones: BTreeMap<FieldId, Vec<String>> = BTreeMap::new();
    let mut tables: BTreeMap<FieldId, BTreeMap<usize, BTreeMap<FieldId, Raw>>> = BTreeMap::new();
    for (name, value) in pairs {
        let Some(name) = name.strip_prefix(CONTROL_PREFIX) else { continue };
        let mut parts = name.splitn(3, '.');
        match (parts.next(), parts.next().map(str::parse::<usize>), parts.next()) {
            (Some(field), Some(Ok(row)), Some(column)) => {
                let rows = tables.entry(FieldId::from(field)).or_default();
                let cell = rows.entry(row).or_default().entry(FieldId::from(column));
                let sent = cell.or_insert_with(|| Raw::One(String::new()));
                *sent = Raw::One(with_kind(sent.one(), value).unwrap_or_else(|| value.clone()));
            }
            (Some(field), None, None) => ones.entry(FieldId::from(field)).or_default().push(value.clone()),
            _ => {}
        }
    }
    let mut answers: BTreeMap<FieldId, Raw> = ones
        .into_iter()
        .map(|(field, mut values)| {
            let paper = match values.as_slice() {
                [kind, number] => with_kind(kind, number),
                _ => None,
            };
            let raw = if let Some(paper) = paper {
                Raw::One(paper)
            } else if values.len() > 1 {
                // The hidden empty value before check boxes is not an answer.
                values.retain(|value| !value.is_empty());
                Raw::Many(values)
            } else {
                Raw::One(values.pop().unwrap_or_default())
            };
            (field, raw)
        })
        .collect();
    for (field, rows) in tables {
        let blank = |row: &BTreeMap<FieldId, Raw>| {
            row.values().all(|cell| matches!(cell, Raw::One(text) if text.trim().is_empty() || is_kind(text)))
        };
        let rows: Vec<_> = rows.into_values().filter(|row| !blank(row)).collect();
        answers.insert(field, Raw::Rows(rows));
    }
    answers
}

/// Whether a text is a kind of paper as the list beside the number sends it: `passport:`.
fn is_kind(sent: &str) -> bool {
    sent.strip_suffix(':').is_some_and(|kind| kind.parse::<IdentifierKind>().is_ok())
}

/// Joins the chosen kind of paper and the number in the box beside it. A kind typed with the number takes
/// precedence.
fn with_kind(kind: &str, number: &str) -> Option<String> {
    let named = split_paper(IdentifierKind::Other, number).0 != IdentifierKind::Other;
    is_kind(kind).then(|| if named { number.to_owned() } else { format!("{kind}{number}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn controls_are_read_back_as_they_were_sent() {
        let raw = raw_answers(&pairs(&[
            ("f.名称", "甲"),
            ("f.方式", ""),
            ("f.方式", "外卖"),
            ("f.方式", "堂食"),
            ("f.股东.0.姓名", "王"),
            ("f.股东.2.姓名", " "),
            ("other", "x"),
            ("f.证件", "passport:"),
            ("f.证件", "E12345678"),
            ("f.股东.0.证件", "resident:"),
            ("f.股东.0.证件", "370202199001010015"),
            ("f.股东.3.证件", "resident:"),
            ("f.股东.3.证件", ""),
        ]));
        assert_eq!(raw.get("名称"), Some(&Raw::One("甲".into())));
        assert_eq!(raw.get("方式"), Some(&Raw::Many(vec!["外卖".into(), "堂食".into()])));
        assert_eq!(raw.get("证件"), Some(&Raw::One("passport:E12345678".into())));
        let row = BTreeMap::from([
            (FieldId::from("姓名"), Raw::One("王".into())),
            (FieldId::from("证件"), Raw::One("resident:370202199001010015".into())),
        ]);
        assert_eq!(raw.get("股东"), Some(&Raw::Rows(vec![row])));
        assert_eq!(raw.len(), 4);
    }
}
