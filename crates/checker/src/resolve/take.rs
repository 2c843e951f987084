//! Typed values from a validated tree. A broken value reads as a neutral default; [`super::Soundness`] keeps
//! rules from judging it.

use std::sync::Arc;

use calendar::Limit;
use catalogue::{Certainty, Citation, Condition};
use diagnostic::Bilingual;
use expression::Number;
use indexmap::IndexMap;

use super::scalar;
use super::validate::Reading;
use crate::syntax::{Map, Node, Value};

pub fn bilingual(node: &Node<'_>) -> Bilingual {
    match &node.value {
        Value::Scalar(scalar) => Bilingual::same(scalar.text.trim()),
        Value::Map(map) => {
            let get = |key: &str| map.get(key).and_then(Node::text).map(str::trim);
            let (zh, en) = (get("zh"), get("en"));
            Bilingual::new(zh.or(en).unwrap_or_default(), en.or(zh).unwrap_or_default())
        }
        _ => Bilingual::default(),
    }
}

pub fn citation(node: &Node<'_>) -> Citation {
    match &node.value {
        Value::Map(map) => Citation {
            cite: line(map, "cite"),
            certainty: match word(map, "certainty") {
                Some("verified") => Certainty::Verified,
                Some("inferred") => Certainty::Inferred,
                _ => Certainty::Recalled,
            },
            says: text(map, "says"),
        },
        _ => Citation {
            cite: node.text().unwrap_or_default().trim().to_owned(),
            certainty: Certainty::default(),
            says: None,
        },
    }
}

pub fn text(map: &Map<'_>, key: &str) -> Option<Bilingual> {
    sound(map, key).map(bilingual)
}

pub fn cited(map: &Map<'_>, key: &str) -> Option<Citation> {
    sound(map, key).map(citation)
}

fn sound<'m, 'a>(map: &'m Map<'a>, key: &str) -> Option<&'m Node<'a>> {
    map.get(key).filter(|node| !matches!(node.value, Value::Broken | Value::Empty))
}

pub fn word<'m>(map: &'m Map<'_>, key: &str) -> Option<&'m str> {
    map.get(key).and_then(Node::text).map(str::trim)
}

pub fn line(map: &Map<'_>, key: &str) -> String {
    word(map, key).unwrap_or_default().to_owned()
}

pub fn flag(map: &Map<'_>, key: &str) -> bool {
    word(map, key).and_then(scalar::yes_no).unwrap_or(false)
}

pub fn whole<N: TryFrom<i64>>(map: &Map<'_>, key: &str) -> Option<N> {
    word(map, key)?.parse::<i64>().ok().and_then(|value| N::try_from(value).ok())
}

pub fn number(map: &Map<'_>, key: &str) -> Option<Number> {
    word(map, key)?.parse().ok()
}

pub fn limit(map: &Map<'_>, key: &str) -> Option<Limit> {
    word(map, key).and_then(scalar::limit)
}

/// A reference, if given and resolved.
pub fn name<I: for<'t> From<&'t str>>(map: &Map<'_>, key: &str) -> Option<I> {
    word(map, key).map(I::from)
}

pub fn list<'m, 'a>(map: &'m Map<'a>, key: &str) -> &'m [Node<'a>] {
    map.get(key).and_then(Node::list).unwrap_or_default()
}

/// The texts of a list, without broken ones.
pub fn names<I: for<'t> From<&'t str>>(map: &Map<'_>, key: &str) -> Vec<I> {
    list(map, key).iter().filter_map(Node::text).map(|text| I::from(text.trim())).collect()
}

pub fn strings(map: &Map<'_>, key: &str) -> Vec<String> {
    list(map, key).iter().filter_map(Node::text).map(|text| text.trim().to_owned()).collect()
}

pub fn citations(map: &Map<'_>, key: &str) -> Vec<Citation> {
    list(map, key).iter().filter(|node| !node.is_broken()).map(citation).collect()
}

pub fn texts(map: &Map<'_>, key: &str) -> Vec<Bilingual> {
    list(map, key).iter().filter(|node| !node.is_broken()).map(bilingual).collect()
}

/// The entries of a dictionary whose values are mappings.
pub fn entries<'m, 'a>(map: &'m Map<'a>, key: &str) -> impl Iterator<Item = (&'m str, &'m Map<'a>)> {
    map.get(key).and_then(Node::map).into_iter().flat_map(records)
}

pub fn records<'m, 'a>(map: &'m Map<'a>) -> impl Iterator<Item = (&'m str, &'m Map<'a>)> {
    map.entries.iter().filter_map(|entry| Some((&*entry.key.text, entry.value.map()?)))
}

pub fn record<'m, 'a>(map: &'m Map<'a>, key: &str) -> Option<&'m Map<'a>> {
    map.get(key).and_then(Node::map)
}

/// A dictionary of plain strings.
pub fn pairs<I: for<'t> From<&'t str> + std::hash::Hash + Eq>(
    map: &Map<'_>,
    key: &str,
) -> IndexMap<I, String> {
    let Some(inner) = record(map, key) else { return IndexMap::new() };
    let pair = |entry: &crate::syntax::Entry<'_>| {
        Some((I::from(&*entry.key.text), entry.value.text()?.trim().to_owned()))
    };
    inner.entries.iter().filter_map(pair).collect()
}

/// The condition that was parsed when the file was validated.
pub fn condition(reading: &Reading, map: &Map<'_>, key: &str) -> Option<Condition> {
    let node = sound(map, key)?;
    reading.conditions.get(&node.at.start).cloned()
}

/// A shared copy of a short text.
pub fn shared(text: &str) -> Arc<str> {
    text.into()
}
