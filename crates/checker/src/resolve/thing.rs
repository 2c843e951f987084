//! Reads a thing from its tree.

use catalogue::{ContextFact, Identity, JointInspection, Member, Question, Thing};

use super::item::parties;
use super::take::*;
use super::validate::Reading;
use crate::syntax::{Entry, Map, Node, Value};

pub fn read(reading: &Reading, id: &str, map: &Map<'_>) -> Thing {
    let applicant = record(map, "applicant");
    let role = |key: &str| applicant.and_then(|map| name(map, key));
    Thing {
        id: id.into(),
        title: text(map, "title").unwrap_or_default(),
        outcome: text(map, "outcome").unwrap_or_default(),
        keywords: strings(map, "keywords"),
        applicants: parties(map),
        questions: list(map, "questions").iter().filter_map(|node| question(reading, node)).collect(),
        members: list(map, "items").iter().filter_map(|node| member(reading, node)).collect(),
        joint_inspections: list(map, "joint_inspections").iter().filter_map(joint).collect(),
        applicant_name: role("name").unwrap_or_else(|| "".into()),
        applicant_code: role("code"),
        applicant_phone: role("phone"),
        applicant_when: list(map, "applicant_when")
            .iter()
            .filter_map(|node| identity(reading, node))
            .collect(),
        without_phone: applicant.map(|map| names(map, "without_phone")).unwrap_or_default(),
        apart: list(map, "apart").iter().map(apart).collect(),
        context: record(map, "context")
            .into_iter()
            .flat_map(|map| &map.entries)
            .filter_map(context)
            .collect(),
        home_order: whole(map, "home_order"),
    }
}

fn context(entry: &Entry<'_>) -> Option<(catalogue::FieldId, ContextFact)> {
    let fact = match entry.value.text()? {
        "page" => ContextFact::Page,
        "thing-title" => ContextFact::ThingTitle,
        "case-number" => ContextFact::CaseNumber,
        "rating-level" => ContextFact::RatingLevel,
        "rating-comment" => ContextFact::RatingComment,
        "party" => ContextFact::Party,
        _ => return None,
    };
    Some(((*entry.key.text).into(), fact))
}

fn identity(reading: &Reading, node: &Node<'_>) -> Option<Identity> {
    let map = node.map()?;
    Some(Identity {
        when: condition(reading, map, "when")?,
        name: name(map, "name")?,
        code: name(map, "code"),
        phone: name(map, "phone"),
    })
}

fn apart(node: &Node<'_>) -> Vec<catalogue::FieldId> {
    let Value::List(nodes) = &node.value else { return Vec::new() };
    nodes.iter().filter_map(|node| Some(node.text()?.trim().into())).collect()
}

fn question(reading: &Reading, node: &Node<'_>) -> Option<Question> {
    let map = node.map()?;
    Some(Question {
        field: name(map, "field")?,
        ask: text(map, "ask").unwrap_or_default(),
        hint: text(map, "hint"),
        when: condition(reading, map, "when"),
    })
}

fn member(reading: &Reading, node: &Node<'_>) -> Option<Member> {
    match &node.value {
        Value::Scalar(scalar) => {
            Some(Member { item: scalar.text.trim().into(), when: None, after: Vec::new(), route: None })
        }
        Value::Map(map) => Some(Member {
            item: name(map, "item")?,
            when: condition(reading, map, "when"),
            after: names(map, "after"),
            route: word(map, "route").map(str::to_owned),
        }),
        _ => None,
    }
}

fn joint(node: &Node<'_>) -> Option<JointInspection> {
    let map = node.map()?;
    let step = |node: &Node<'_>| {
        let map = node.map()?;
        Some((name(map, "item")?, name(map, "step")?))
    };
    Some(JointInspection {
        title: text(map, "title").unwrap_or_default(),
        steps: list(map, "steps").iter().filter_map(step).collect(),
    })
}
