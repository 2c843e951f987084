//! Reads an item from its tree.

use calendar::Limit;
use catalogue::{
    Assignment, Channel, Counting, Extension, Fee, FieldId, FieldUse, Holder, Intake, Item, Limits,
    MaterialNeed, MaterialUse, Modes, PartyKind, Performer, PromiseMode, RegisterEntry, Requirement,
    ResultDeclaration, ResultKind, Silence, StatutoryPause, Step, StepKind, ToleranceMode, VisitClaim,
};
use expression::Number;
use indexmap::IndexMap;

use super::take::*;
use super::validate::Reading;
use super::{place, scalar};
use crate::rules::writing::{bad_placeholder, missing_key};
use crate::shape::Kind;
use crate::syntax::{Map, Node, Value};

pub fn read(reading: &mut Reading, id: &str, map: &Map<'_>) -> Item {
    check_performers(reading, map);
    check_bodies(reading, map);
    Item {
        id: id.into(),
        title: text(map, "title").unwrap_or_default(),
        summary: text(map, "summary"),
        keywords: strings(map, "keywords"),
        class: name(map, "class").unwrap_or_else(|| "".into()),
        department: name(map, "department").unwrap_or_else(|| "".into()),
        codes: codes(map),
        basis: citations(map, "basis"),
        applicants: parties(map),
        channels: channels(map),
        requirements: requirements(reading, map),
        fields: field_uses(reading, map),
        materials: material_uses(reading, map),
        limits: limits(map),
        steps: entries(map, "steps").map(|(id, step)| (id.into(), self::step(reading, id, step))).collect(),
        results: entries(map, "results").map(|(id, found)| (id.into(), result(id, found))).collect(),
        fees: entries(map, "fees").map(|(id, found)| (id.into(), fee(reading, id, found))).collect(),
        visits: visits(map),
        modes: modes(map),
        reasons: texts(map, "reasons"),
        corrections: texts(map, "corrections"),
        feedback: flag(map, "feedback"),
    }
}

fn codes(map: &Map<'_>) -> IndexMap<String, String> {
    let Some(inner) = record(map, "codes") else { return IndexMap::new() };
    let pair = |entry: &crate::syntax::Entry<'_>| {
        Some((entry.key.text.to_string(), entry.value.text()?.trim().to_owned()))
    };
    inner.entries.iter().filter_map(pair).collect()
}

pub fn parties(map: &Map<'_>) -> Vec<PartyKind> {
    let party = |text: &str| match text {
        "natural" => Some(PartyKind::Natural),
        "legal" => Some(PartyKind::Legal),
        _ => None,
    };
    strings(map, "applicants").iter().filter_map(|text| party(text)).collect()
}

fn channels(map: &Map<'_>) -> Vec<Channel> {
    let channel = |text: &str| match text {
        "online" => Some(Channel::Online),
        "window" => Some(Channel::Window),
        "post" => Some(Channel::Post),
        "kiosk" => Some(Channel::Kiosk),
        _ => None,
    };
    strings(map, "channels").iter().filter_map(|text| channel(text)).collect()
}

fn requirements(reading: &Reading, map: &Map<'_>) -> Vec<Requirement> {
    let read = |node: &Node<'_>| {
        let map = node.map()?;
        Some(Requirement {
            // An unreadable condition becomes one that always holds; no edition is made in that case.
            condition: condition(reading, map, "if").unwrap_or_else(catalogue::Condition::always),
            otherwise: text(map, "else").unwrap_or_default(),
            basis: cited(map, "basis"),
        })
    };
    list(map, "requirements").iter().filter_map(read).collect()
}

fn field_uses(reading: &Reading, map: &Map<'_>) -> Vec<FieldUse> {
    let read = |node: &Node<'_>| match &node.value {
        Value::Scalar(scalar) => Some(FieldUse {
            field: scalar.text.trim().into(),
            when: None,
            why: None,
            basis: None,
            fixed: None,
        }),
        Value::Map(map) => Some(FieldUse {
            field: name(map, "field")?,
            when: condition(reading, map, "when"),
            why: text(map, "why"),
            basis: cited(map, "basis"),
            fixed: text(map, "fixed"),
        }),
        _ => None,
    };
    list(map, "fields").iter().filter_map(read).collect()
}

fn material_uses(reading: &Reading, map: &Map<'_>) -> Vec<MaterialUse> {
    let read = |node: &Node<'_>| match &node.value {
        Value::Scalar(scalar) => Some(MaterialUse {
            material: scalar.text.trim().into(),
            when: None,
            need: MaterialNeed::Required,
            copies: 1,
            surrender: false,
            basis: None,
        }),
        Value::Map(map) => Some(MaterialUse {
            material: name(map, "material")?,
            when: condition(reading, map, "when"),
            need: match word(map, "need") {
                Some("tolerable") => MaterialNeed::Tolerable,
                Some("optional") => MaterialNeed::Optional,
                Some("promisable") => MaterialNeed::Promisable,
                _ => MaterialNeed::Required,
            },
            copies: whole(map, "copies").unwrap_or(1),
            surrender: flag(map, "surrender"),
            basis: cited(map, "basis"),
        }),
        _ => None,
    };
    list(map, "materials").iter().filter_map(read).collect()
}

fn limits(map: &Map<'_>) -> Limits {
    let empty = Map::default();
    let map = record(map, "limits").unwrap_or(&empty);
    let intake = record(map, "intake").unwrap_or(&empty);
    Limits {
        statutory: limit(map, "statutory"),
        statutory_basis: cited(map, "statutory_basis"),
        promised: limit(map, "promised").unwrap_or(Limit::working_days(0)),
        intake: Intake {
            limit: limit(intake, "limit").unwrap_or(Limit::working_days(5)),
            silence: match word(intake, "silence") {
                Some("nothing") => Silence::Nothing,
                _ => Silence::AcceptedFromReceipt,
            },
            basis: cited(intake, "basis"),
            correction: limit(intake, "correction"),
        },
        extension: record(map, "extension").and_then(|found| {
            Some(Extension {
                limit: limit(found, "limit")?,
                approver: name(found, "approver")?,
                basis: cited(found, "basis"),
            })
        }),
        delivery: limit(map, "delivery"),
    }
}

fn step(reading: &Reading, id: &str, map: &Map<'_>) -> Step {
    Step {
        id: id.into(),
        title: text(map, "title").unwrap_or_default(),
        kind: step_kind(word(map, "kind")),
        by: match (word(map, "role"), word(map, "by")) {
            (Some(role), _) => Performer::Role { role: role.into() },
            (None, Some("applicant")) => Performer::Applicant,
            _ => Performer::System,
        },
        after: names(map, "after"),
        when: condition(reading, map, "when"),
        limit: limit(map, "limit"),
        lasts: limit(map, "lasts"),
        counting: counting(map),
        present: flag(map, "present"),
        remote: flag(map, "remote"),
        place: text(map, "place"),
        officers: whole(map, "officers").unwrap_or(1),
        result: name(map, "result"),
        fee: name(map, "fee"),
        returns_to: name(map, "returns_to"),
        silent_yes: word(map, "silence") == Some("counts-as-yes"),
        confirms: map.get("confirms").and_then(Node::map).and_then(item_result),
        tells: text(map, "tells"),
        uses: names(map, "uses"),
        checklist: texts(map, "checklist"),
        assigns: list(map, "assigns").iter().filter_map(assignment).collect(),
    }
}

fn item_result(map: &Map<'_>) -> Option<catalogue::ItemResult> {
    Some(catalogue::ItemResult { item: name(map, "item")?, result: name(map, "result")? })
}

fn assignment(node: &Node<'_>) -> Option<Assignment> {
    let map = node.map()?;
    Some(Assignment {
        field: name(map, "field")?,
        prefix: word(map, "prefix")?.to_owned(),
        block: word(map, "block")?.to_owned(),
    })
}

fn step_kind(word: Option<&str>) -> StepKind {
    match word {
        Some("accept") => StepKind::Accept,
        Some("inspect") => StepKind::Inspect,
        Some("hear") => StepKind::Hear,
        Some("examine") => StepKind::Examine,
        Some("act") => StepKind::Act,
        Some("decide") => StepKind::Decide,
        Some("pay") => StepKind::Pay,
        Some("record") => StepKind::Record,
        Some("issue") => StepKind::Issue,
        Some("deliver") => StepKind::Deliver,
        Some("confirm") => StepKind::Confirm,
        _ => StepKind::Review,
    }
}

fn counting(map: &Map<'_>) -> Counting {
    match map.get("not_counted").map(|node| &node.value) {
        Some(Value::Scalar(scalar)) => match StatutoryPause::parse(scalar.text.trim()) {
            Some(pause) => Counting::Statutory { pause },
            None => Counting::Counted,
        },
        Some(Value::Map(inner)) => match name(inner, "local") {
            Some(pause) => Counting::Local { pause },
            None => Counting::Counted,
        },
        _ => Counting::Counted,
    }
}

fn result(id: &str, map: &Map<'_>) -> ResultDeclaration {
    ResultDeclaration {
        id: id.into(),
        title: text(map, "title").unwrap_or_default(),
        kind: match word(map, "kind") {
            Some("approval") => ResultKind::Approval,
            Some("record") => ResultKind::Record,
            Some("certificate") => ResultKind::Certificate,
            Some("reply") => ResultKind::Reply,
            _ => ResultKind::Licence,
        },
        type_code: word(map, "type_code").map(str::to_owned),
        fields: names(map, "fields"),
        body: text(map, "body"),
        valid: word(map, "valid").and_then(scalar::validity),
        told: text(map, "told"),
        holder: record(map, "holder")
            .and_then(|map| Some(Holder { name: name(map, "name")?, code: name(map, "code") })),
        replaces: list(map, "replaces").iter().filter_map(Node::map).filter_map(item_result).collect(),
        enters: record(map, "enters").and_then(|map| {
            let renamed = pairs::<FieldId>(map, "as").into_iter();
            let fields = renamed.map(|(field, from)| (field, from.as_str().into()));
            Some(RegisterEntry { registry: name(map, "registry")?, fields: fields.collect() })
        }),
    }
}

fn fee(reading: &Reading, id: &str, map: &Map<'_>) -> Fee {
    Fee {
        id: id.into(),
        title: text(map, "title").unwrap_or_default(),
        amount: number(map, "amount").unwrap_or(Number::ZERO),
        when: condition(reading, map, "when"),
        how: text(map, "how"),
        basis: map.get("basis").map(citation).unwrap_or_else(|| catalogue::Citation {
            cite: String::new(),
            certainty: Default::default(),
            says: None,
        }),
    }
}

fn visits(map: &Map<'_>) -> VisitClaim {
    match map.get("visits").map(|node| &node.value) {
        Some(Value::Map(inner)) => {
            VisitClaim { claimed: whole(inner, "claimed").unwrap_or(0), reason: text(inner, "reason") }
        }
        _ => VisitClaim { claimed: whole(map, "visits").unwrap_or(0), reason: None },
    }
}

fn modes(map: &Map<'_>) -> Modes {
    let Some(map) = record(map, "modes") else { return Modes::default() };
    Modes {
        promise: record(map, "promise").and_then(|found| {
            Some(PromiseMode {
                text: text(found, "text").unwrap_or_default(),
                verify_within: limit(found, "verify_within")?,
                skips: names(found, "skips"),
                basis: cited(found, "basis")?,
            })
        }),
        tolerance: record(map, "tolerance").and_then(|found| {
            Some(ToleranceMode {
                text: text(found, "text").unwrap_or_default(),
                close_within: limit(found, "close_within")?,
                basis: cited(found, "basis")?,
            })
        }),
    }
}

/// Reports steps without a performer.
fn check_performers(reading: &mut Reading, map: &Map<'_>) {
    let missing = |map: &Map<'_>| map.get("role").is_none() && map.get("by").is_none() && !map.incomplete;
    let lacking: Vec<String> =
        entries(map, "steps").filter(|(_, step)| missing(step)).map(|(id, _)| id.to_owned()).collect();
    for id in lacking {
        let at = place(&reading.file).key("steps").key(id).name();
        reading.push(missing_key::one_of(at, &["role", "by"]));
    }
}

/// Reports `{字段}` placeholders in the text of a result that name no field.
fn check_bodies(reading: &mut Reading, map: &Map<'_>) {
    let mut found = Vec::new();
    for (_, result) in entries(map, "results") {
        let Some(body) = record(result, "body") else { continue };
        for entry in &body.entries {
            let Some(scalar) = entry.value.scalar() else { continue };
            for (range, name) in placeholders(&scalar.text) {
                let inner = range.start + 1..range.end - 1;
                let lost = reading.names.is_uncertain(Kind::Field) || reading.names.fields.is_lost(name);
                if reading.names.has(Kind::Field, name) || lost {
                    continue;
                }
                let guess = reading.names.nearest(Kind::Field, name);
                let at = reading.at(scalar.range(inner));
                found.push(bad_placeholder::finding(at, name, guess.as_deref()));
            }
        }
    }
    reading.findings.extend(found);
}

/// The `{…}` placeholders of a text with their names; `{甲|乙}` has two names, of which the first one answered
/// is printed.
pub fn placeholders(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, &str)> {
    let mut from = 0;
    let found = std::iter::from_fn(move || {
        let open = from + text[from..].find('{')?;
        let close = open + text[open..].find('}')?;
        from = close + 1;
        Some((open..close + 1, &text[open + 1..close]))
    });
    found.flat_map(|(range, names)| names.split('|').map(move |name| (range.clone(), name.trim())))
}
