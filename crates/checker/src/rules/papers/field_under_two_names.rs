//! Y306 · 同一件事里同一内容问两遍 / One question under two names
//!
//! 这件事的事项用两个数据元问同样的内容：名称相同、类型相同，或者来自同一数据源的同一列。申请人要填两遍。合并成一个。
//! 两个人的同一项内容（申请人、代办人的姓名），放在各自的 section 里，或者各写一句 hint 说明是谁的，就不算一个。
//!
//! ---
//!
//! The items of this thing ask one fact through two fields: same label and type, or the same column of a registry.
//! Applicants answer twice. Merge them. Fields about two people (applicant and agent) count as two when they stand in sections of
//! their own or the hint of each says whose it is.

use std::collections::HashMap;

use indexmap::IndexSet;

use super::told_apart;
use crate::rules::kit::*;
use crate::uses;

pub const CODE: Code = Code("Y306");

pub fn check(thing: &ThingView<'_>, out: &mut Vec<Finding>) {
    let pack = thing.pack;
    let mut asked: IndexSet<&str> = IndexSet::new();
    asked.extend(thing.thing.questions.iter().map(|question| question.field.as_str()));
    asked.extend(uses::of_thing(thing.thing));
    for member in &thing.thing.members {
        let Some(item) = pack.parts.items.get(&member.item) else { continue };
        asked.extend(item.fields.iter().map(|each| each.field.as_str()));
    }
    let mut labels: HashMap<(String, &'static str), &str> = HashMap::new();
    let mut columns: HashMap<(&str, &str), &str> = HashMap::new();
    for name in asked {
        let Some(field) = pack.parts.fields.get(name).filter(|_| pack.field_is_sound(name)) else { continue };
        let label: String = field.label.zh.chars().filter(|c| c.is_alphanumeric()).collect();
        let by_label = (!label.is_empty()).then(|| labels.insert((label, kind(&field.kind)), name)).flatten();
        let column = field.registry.as_ref().and_then(|id| {
            let registry = pack.parts.registries.get(id)?;
            Some((id.as_str(), registry.supplies.get(&field.id)?.as_str()))
        });
        let by_column = column.and_then(|column| columns.insert(column, name));
        let by_label = by_label.filter(|other| {
            let other = pack.parts.fields.get(*other);
            other.is_some_and(|other| other.section == field.section && !told_apart(other.hint.as_ref(), field.hint.as_ref()))
        });
        let Some(other) = by_label.or(by_column) else { continue };
        // Told once for the pair, however many things ask both.
        if !pack.told_twins.borrow_mut().insert((other.to_owned(), name.to_owned())) {
            continue;
        }
        out.push(
            Finding::warning(
                CODE,
                pack.field(name),
                format!("“{}”里“{other}”和“{name}”问的是同一内容", thing.thing.id),
                format!("in “{}” the fields “{other}” and “{name}” ask the same", thing.thing.id),
            )
            .also(pack.field(other), "另一个在这里", "the other is here")
            .help("合并成一个数据元", "merge them into one field")
            .cost(RedTape::questions(1)),
        );
    }
}

fn kind(kind: &catalogue::FieldKind) -> &'static str {
    use catalogue::FieldKind as K;
    match kind {
        K::Text { .. } => "text",
        K::Number { .. } => "number",
        K::Money { .. } => "money",
        K::Date { .. } => "date",
        K::YesNo => "yes-no",
        K::Choice { .. } | K::Choices { .. } => "choice",
        K::Identifier { .. } => "identifier",
        K::Address => "address",
        K::Phone => "phone",
        K::File { .. } => "file",
        K::Location => "location",
        K::Rows { .. } => "rows",
    }
}
