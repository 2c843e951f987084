//! Reads `zone.yaml` and the calendars.

use std::sync::Arc;

use calendar::{DayKind, DayRule, FestivalDay, Festivals, FixedDay, Notice, YearTable};
use catalogue::{
    Citation, Class, Department, EditionParts, Hall, LocalPause, Opening, OpeningKind, RecordKind, Retention,
    Role, RoleRank, Section, Serves, Warnings, Window, Zone,
};
use indexmap::IndexMap;
use jiff::civil::Time;

use super::hall;
use super::scalar;
use super::take::*;
use crate::syntax::{Map, Node, Value};

/// The edition parts declared by `zone.yaml` alone.
pub fn read(map: &Map<'_>) -> EditionParts {
    let warnings = record(map, "warnings");
    let days_left = |key: &str| warnings.and_then(|map| whole(map, key)).unwrap_or(0);
    let zone = Zone {
        id: name(map, "id").unwrap_or_else(|| "".into()),
        name: text(map, "name").unwrap_or_default(),
        region: line(map, "region"),
        utc_offset_minutes: word(map, "utc_offset").and_then(scalar::offset).unwrap_or(8 * 60),
        feedback: name(map, "feedback"),
        callback: name(map, "callback"),
        warnings: Warnings {
            yellow_days_left: days_left("yellow_days_left"),
            red_days_left: days_left("red_days_left"),
        },
        remedies: citations(map, "remedies"),
        retention: entries(map, "retention").map(|(id, map)| retention(id, map)).collect(),
        contact: text(map, "contact").unwrap_or_default(),
    };
    let title = |map: &Map<'_>, key: &str| text(map, key).unwrap_or_default();
    EditionParts {
        zone,
        classes: entries(map, "classes").map(|(id, map)| (id.into(), class(id, map))).collect(),
        departments: entries(map, "departments").map(|(id, map)| (id.into(), department(id, map))).collect(),
        roles: entries(map, "roles").map(|(id, map)| (id.into(), role(id, map))).collect(),
        local_pauses: entries(map, "local_pauses")
            .map(|(id, map)| {
                (
                    id.into(),
                    LocalPause { id: id.into(), name: title(map, "name"), basis: cited(map, "basis") },
                )
            })
            .collect(),
        halls: entries(map, "halls")
            .map(|(id, map)| {
                let (name, address) = (title(map, "name"), title(map, "address"));
                let (hours, queue) = (openings(map, "hours"), hall::queue(map));
                let directions = text(map, "directions");
                let self_service = flag(map, "self_service");
                (id.into(), Hall { id: id.into(), name, address, directions, hours, self_service, queue })
            })
            .collect(),
        windows: entries(map, "windows").map(|(id, map)| (id.into(), window(id, map))).collect(),
        sections: entries(map, "sections")
            .map(|(id, map)| (id.into(), Section { id: id.into(), title: title(map, "title") }))
            .collect(),
        fields: IndexMap::new(),
        materials: IndexMap::new(),
        registries: IndexMap::new(),
        items: IndexMap::new(),
        things: IndexMap::new(),
        years: Vec::new(),
        festivals: None,
        service_lines: entries(map, "service_lines")
            .map(|(id, map)| (id.into(), hall::line(id, map)))
            .collect(),
        lanes: entries(map, "lanes").map(|(id, map)| (id.into(), hall::lane(id, map))).collect(),
        specialists: entries(map, "specialists")
            .map(|(id, map)| (id.into(), hall::specialist(id, map)))
            .collect(),
    }
}

fn retention(id: &str, map: &Map<'_>) -> Retention {
    let of = match word(map, "of") {
        Some("reports") => RecordKind::Reports,
        Some("drafts") => RecordKind::Drafts,
        Some("numbers") => RecordKind::Numbers,
        _ => RecordKind::Cases,
    };
    let basis = cited(map, "basis").unwrap_or_else(|| Citation {
        cite: String::new(),
        certainty: Default::default(),
        says: None,
    });
    let (years, days) = (whole(map, "years"), whole(map, "days"));
    Retention { id: id.to_owned(), of, classes: names(map, "classes"), years, days, basis }
}

fn class(id: &str, map: &Map<'_>) -> Class {
    Class { id: id.into(), name: text(map, "name").unwrap_or_default(), keywords: strings(map, "keywords") }
}

fn department(id: &str, map: &Map<'_>) -> Department {
    Department {
        id: id.into(),
        name: text(map, "name").unwrap_or_default(),
        code: line(map, "code"),
        phone: word(map, "phone").map(str::to_owned),
        address: text(map, "address"),
        reconsideration: text(map, "reconsideration"),
        court: text(map, "court"),
    }
}

fn role(id: &str, map: &Map<'_>) -> Role {
    Role {
        id: id.into(),
        name: text(map, "name").unwrap_or_default(),
        department: name(map, "department").unwrap_or_else(|| "".into()),
        rank: match word(map, "rank") {
            Some("head") => RoleRank::Head,
            Some("leader") => RoleRank::Leader,
            _ => RoleRank::Officer,
        },
        window: flag(map, "window"),
        hall: flag(map, "hall"),
        holders: strings(map, "holders"),
    }
}

fn window(id: &str, map: &Map<'_>) -> Window {
    Window {
        id: id.into(),
        name: text(map, "name").unwrap_or_default(),
        hall: name(map, "hall").unwrap_or_else(|| "".into()),
        serves: serves(map),
        roster: openings(map, "roster"),
        skills: hall::skills(map),
        breaks: openings(map, "breaks"),
    }
}

pub fn serves(map: &Map<'_>) -> Serves {
    match map.get("serves").map(|node| &node.value) {
        Some(Value::Map(inner)) if inner.get("items").is_some() => {
            Serves::Items { items: names(inner, "items") }
        }
        Some(Value::Map(inner)) => Serves::Classes { classes: names(inner, "classes") },
        _ => Serves::All,
    }
}

fn openings(map: &Map<'_>, key: &str) -> Vec<Opening> {
    let read = |node: &Node<'_>| {
        let map = node.map()?;
        let time = |key: &str| word(map, key).and_then(scalar::clock).unwrap_or(Time::MIN);
        Some(Opening {
            days: strings(map, "days").iter().filter_map(|day| scalar::weekday(day)).collect(),
            from: time("from"),
            to: time("to"),
            kind: match word(map, "kind") {
                Some("noon") => OpeningKind::Noon,
                Some("evening") => OpeningKind::Evening,
                Some("weekend") => OpeningKind::Weekend,
                _ => OpeningKind::Regular,
            },
        })
    };
    list(map, key).iter().filter_map(read).collect()
}

pub fn year(map: &Map<'_>) -> Option<YearTable> {
    let day = |node: &Node<'_>| {
        let map = node.map()?;
        Some(DayRule {
            date: word(map, "date").and_then(scalar::date)?,
            kind: match word(map, "kind")? {
                "holiday" => DayKind::Holiday,
                _ => DayKind::MakeupWorkday,
            },
            name: Arc::from(word(map, "name")?),
        })
    };
    Some(YearTable {
        year: whole(map, "year")?,
        notice: record(map, "notice").map(notice),
        days: list(map, "days").iter().filter_map(day).collect(),
    })
}

fn notice(map: &Map<'_>) -> Notice {
    Notice {
        number: line(map, "number").into(),
        issued_on: word(map, "issued_on").and_then(scalar::date),
        url: word(map, "url").map(Arc::from),
    }
}

/// Reads `calendars/festivals.yaml`.
pub fn festivals(map: &Map<'_>) -> Option<Festivals> {
    let fixed = |node: &Node<'_>| {
        let map = node.map()?;
        Some(FixedDay {
            month: whole(map, "month")?,
            day: whole(map, "day")?,
            name: Arc::from(word(map, "name")?),
        })
    };
    let day = |node: &Node<'_>| {
        let map = node.map()?;
        Some(FestivalDay {
            date: word(map, "date").and_then(scalar::date)?,
            name: Arc::from(word(map, "name")?),
        })
    };
    Some(Festivals {
        notice: record(map, "notice").map(notice)?,
        from_year: whole(map, "from_year")?,
        fixed: list(map, "fixed").iter().filter_map(fixed).collect(),
        days: list(map, "days").iter().filter_map(day).collect(),
    })
}
