//! The field dictionary, materials and registries.

use catalogue::{
    Choice, Field, FieldKind, Issuer, Mask, Material, Medium, Pattern, Sensitivity, TextPattern,
};
use expression::Number;
use identifier::IdentifierKind;

use super::take::*;
use super::validate::Reading;
use super::{place, scalar};
use crate::finding::Place;
use crate::rules::writing::{bad_value, missing_key};
use crate::syntax::{Entry, Map, Node, Value};

const MEGABYTE: u64 = 1024 * 1024;
const MAX_MB: u64 = 20;

/// A field of the dictionary; `None` when its type is unknown.
pub fn read(reading: &mut Reading, id: &str, map: &Map<'_>, at: &Place) -> Option<Field> {
    let kind = kind(reading, map, at)?;
    if kind == FieldKind::YesNo {
        // Neither says anything without the other.
        if map.get("younger_than").is_some() {
            lacking(reading, map, at, "held_by", "看谁的证件号码", "whose identity number tells");
        }
        if map.get("held_by").is_some() {
            lacking(reading, map, at, "younger_than", "不满几周岁", "the age that a yes is about");
        }
    }
    Some(Field {
        id: id.into(),
        label: text(map, "label").unwrap_or_default(),
        noun: text(map, "noun"),
        hint: text(map, "hint"),
        pattern: pattern(reading, map, at),
        kind,
        mask: record(map, "mask").map(|map| Mask {
            first: whole(map, "first").unwrap_or(0),
            last: whole(map, "last").unwrap_or(0),
        }),
        sensitivity: match word(map, "sensitivity") {
            Some("public") => Sensitivity::Public,
            Some("sensitive") => Sensitivity::Sensitive,
            _ => Sensitivity::Personal,
        },
        section: name(map, "section").unwrap_or_else(|| "".into()),
        registry: name(map, "registry"),
        example: word(map, "example").map(str::to_owned),
        optional: flag(map, "optional"),
        absent: text(map, "absent"),
        only: text(map, "only"),
        held_by: name(map, "held_by"),
        younger_than: whole(map, "younger_than"),
    })
}

fn pattern(reading: &mut Reading, map: &Map<'_>, at: &Place) -> Option<TextPattern> {
    let found = record(map, "pattern")?;
    let at = at.clone().key("pattern").key("matches");
    match Pattern::read(word(found, "matches")?) {
        Ok(matches) => Some(TextPattern {
            matches,
            capitals: flag(found, "capitals"),
            says: text(found, "says").unwrap_or_default(),
        }),
        Err(_) => {
            reading.push(bad_value::reversed(at, "这不是正则表达式", "this is no regular expression"));
            None
        }
    }
}

fn kind(reading: &mut Reading, map: &Map<'_>, at: &Place) -> Option<FieldKind> {
    Some(match word(map, "type")? {
        "text" => {
            let (min_length, max_length) =
                (whole(map, "min_length").unwrap_or(1), whole(map, "max_length").unwrap_or(200));
            ordered(reading, at, min_length <= max_length, "min_length", "max_length");
            FieldKind::Text { multiline: flag(map, "multiline"), min_length, max_length }
        }
        "number" => {
            let (min, max) = numbers(reading, map, at);
            FieldKind::Number {
                min,
                max,
                unit: text(map, "unit"),
                decimals: whole(map, "decimals").unwrap_or(0),
            }
        }
        "money" => {
            let (min, max) = numbers(reading, map, at);
            FieldKind::Money { min, max }
        }
        "date" => {
            let (min, max) =
                (bound(reading, map, "min", at, scalar::date), bound(reading, map, "max", at, scalar::date));
            ordered(reading, at, min.zip(max).is_none_or(|(min, max)| min <= max), "min", "max");
            let (past, future) = (flag(map, "past"), flag(map, "future"));
            if past && future {
                reading.push(bad_value::reversed(
                    at.clone().key("future"),
                    "“past”和“future”同时写了，只有填写当天能通过",
                    "`past` and `future` together leave the day of answering alone",
                ));
            }
            FieldKind::Date { min, max, past, future }
        }
        "yes-no" => FieldKind::YesNo,
        "choice" => FieldKind::Choice { options: options(reading, map, at)? },
        "choices" => FieldKind::Choices { options: options(reading, map, at)? },
        "identifier" => match word(map, "identifier") {
            Some(word) => FieldKind::Identifier {
                identifier: word.parse::<IdentifierKind>().ok()?,
                also: strings(map, "also").iter().filter_map(|word| word.parse().ok()).collect(),
            },
            None => {
                lacking(reading, map, at, "identifier", "哪种证件或编号", "the kind of identifier");
                FieldKind::Identifier { identifier: IdentifierKind::Other, also: Vec::new() }
            }
        },
        "address" => FieldKind::Address,
        "phone" => FieldKind::Phone,
        "file" => FieldKind::File { max_bytes: megabytes(map) },
        "location" => FieldKind::Location,
        "rows" => rows(reading, map, at)?,
        _ => return None,
    })
}

fn rows(reading: &mut Reading, map: &Map<'_>, at: &Place) -> Option<FieldKind> {
    let Some(columns) = record(map, "columns") else {
        lacking(reading, map, at, "columns", "列", "columns");
        return None;
    };
    let (min_rows, max_rows) = (whole(map, "min_rows").unwrap_or(0), whole(map, "max_rows").unwrap_or(100));
    ordered(reading, at, min_rows <= max_rows, "min_rows", "max_rows");
    let mut read_columns = Vec::new();
    for (id, column) in records(columns) {
        let at = at.clone().key("columns").key(id);
        read_columns.extend(read(reading, id, column, &at));
    }
    Some(FieldKind::Rows { columns: read_columns, min_rows, max_rows })
}

pub fn megabytes(map: &Map<'_>) -> u64 {
    whole::<u64>(map, "max_mb").unwrap_or(MAX_MB) * MEGABYTE
}

fn lacking(reading: &mut Reading, map: &Map<'_>, at: &Place, key: &str, zh: &str, en: &str) {
    if !map.incomplete && map.get(key).is_none() {
        reading.push(missing_key::finding(missing_key::CODE, at.clone(), key, zh, en));
    }
}

fn options(reading: &mut Reading, map: &Map<'_>, at: &Place) -> Option<Vec<Choice>> {
    let Some(options) = record(map, "options").filter(|map| !map.entries.is_empty()) else {
        lacking(reading, map, at, "options", "选项", "options");
        return None;
    };
    let option =
        |entry: &Entry<'_>| Choice { value: shared(&entry.key.text), label: bilingual(&entry.value) };
    Some(options.entries.iter().map(option).collect())
}

fn numbers(reading: &mut Reading, map: &Map<'_>, at: &Place) -> (Option<Number>, Option<Number>) {
    let parse = |text: &str| text.parse::<Number>().ok();
    let (min, max) = (bound(reading, map, "min", at, parse), bound(reading, map, "max", at, parse));
    ordered(reading, at, min.zip(max).is_none_or(|(min, max)| min <= max), "min", "max");
    (min, max)
}

fn bound<T>(
    reading: &mut Reading,
    map: &Map<'_>,
    key: &str,
    at: &Place,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let node: &Node<'_> = map.get(key)?;
    if node.is_broken() {
        return None;
    }
    let text = node.text().unwrap_or_default().trim();
    let value = parse(text);
    if value.is_none() {
        reading.push(bad_value::finding(
            at.clone().key(key),
            text,
            ("与类型相符的数字或日期", "a number or date as the type has it"),
        ));
    }
    value
}

fn ordered(reading: &mut Reading, at: &Place, fine: bool, least: &str, most: &str) {
    if !fine {
        reading.push(bad_value::reversed(
            at.clone().key(least),
            &format!("“{least}”大于“{most}”，没有答案能通过"),
            &format!("`{least}` exceeds `{most}`, so that no answer can pass"),
        ));
    }
}

pub fn material(reading: &mut Reading, id: &str, map: &Map<'_>, file: &std::sync::Arc<str>) -> Material {
    let medium = |text: &str| match text {
        "electronic" => Some(Medium::Electronic),
        "paper-original" => Some(Medium::PaperOriginal),
        "paper-copy" => Some(Medium::PaperCopy),
        _ => None,
    };
    Material {
        id: id.into(),
        title: text(map, "title").unwrap_or_default(),
        hint: text(map, "hint"),
        issuer: issuer(reading, id, map, file),
        media: strings(map, "media").iter().filter_map(|text| medium(text)).collect(),
        template: text(map, "template"),
        max_bytes: megabytes(map),
    }
}

fn issuer(reading: &mut Reading, id: &str, map: &Map<'_>, file: &std::sync::Arc<str>) -> Issuer {
    let Some(Node { value: Value::Map(inner), .. }) = map.get("issuer") else { return Issuer::Applicant };
    if let Some(registry) = name(inner, "registry") {
        return Issuer::Registry { registry };
    }
    if let Some(other) = text(inner, "other") {
        return Issuer::Other { name: other };
    }
    let at = place(file).key(id).key("issuer");
    match (name(inner, "item"), name(inner, "result")) {
        (Some(item), Some(result)) => Issuer::Zone { item, result },
        (Some(_), None) if inner.get("result").is_none() => {
            reading.push(missing_key::finding(missing_key::CODE, at, "result", "该事项的结果", "its result"));
            Issuer::Applicant
        }
        _ => {
            let broken = inner.entries.iter().any(|entry| entry.value.is_broken());
            if !inner.incomplete && !broken {
                reading.push(missing_key::one_of(at, &["item", "registry", "other"]));
            }
            Issuer::Applicant
        }
    }
}
