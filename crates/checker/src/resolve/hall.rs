//! The queues of `zone.yaml`.

use catalogue::{
    AppointmentRules, Closing, Lane, LaneKind, NoShow, QueueRules, ServiceLine, ServiceMinutes, Skill,
    Specialist, Tongue, WaitTarget,
};

use super::scalar;
use super::take::*;
use super::zone::serves;
use crate::syntax::{Map, Node};

pub fn line(id: &str, map: &Map<'_>) -> ServiceLine {
    let minutes = record(map, "minutes");
    let of = |key: &str| minutes.and_then(|map| whole(map, key)).unwrap_or(1);
    ServiceLine {
        id: id.into(),
        name: text(map, "name").unwrap_or_default(),
        serves: serves(map),
        minutes: ServiceMinutes { median: of("median"), p90: of("p90") },
        target: record(map, "target").and_then(|map| {
            Some(WaitTarget { minutes: whole(map, "minutes")?, share_percent: whole(map, "share")? })
        }),
    }
}

pub fn lane(id: &str, map: &Map<'_>) -> Lane {
    Lane {
        id: id.into(),
        name: text(map, "name").unwrap_or_default(),
        kind: word(map, "kind").and_then(LaneKind::parse).unwrap_or(LaneKind::WalkIn),
        head_start_minutes: whole(map, "head_start_minutes").unwrap_or(0),
        who: text(map, "who"),
    }
}

pub fn specialist(id: &str, map: &Map<'_>) -> Specialist {
    Specialist {
        id: id.into(),
        role: name(map, "role").unwrap_or_else(|| "".into()),
        covers: names(map, "covers"),
        languages: tongues(map),
        phone: word(map, "phone").map(str::to_owned),
        about: text(map, "about"),
    }
}

pub fn skills(map: &Map<'_>) -> Vec<Skill> {
    let read = |node: &Node<'_>| {
        let map = node.map()?;
        Some(Skill {
            lines: names(map, "lines"),
            languages: tongues(map),
            from: word(map, "from").and_then(scalar::date),
            until: word(map, "until").and_then(scalar::date),
        })
    };
    list(map, "skills").iter().filter_map(read).collect()
}

fn tongues(map: &Map<'_>) -> Vec<Tongue> {
    strings(map, "languages").iter().filter_map(|code| Tongue::parse(code)).collect()
}

pub fn queue(map: &Map<'_>) -> Option<QueueRules> {
    let map = record(map, "queue")?;
    Some(QueueRules {
        no_show: record(map, "no_show")
            .and_then(|map| {
                Some(NoShow {
                    returns_behind: whole(map, "returns_behind")?,
                    calls: whole(map, "calls")?,
                    wait_seconds: whole(map, "wait_seconds").unwrap_or(NoShow::WAIT_SECONDS),
                })
            })
            .unwrap_or_default(),
        closing: match word(map, "closing") {
            Some("carry-over") => Closing::CarryOver,
            _ => Closing::ServeAll,
        },
        appointments: record(map, "appointments").and_then(|map| {
            Some(AppointmentRules {
                slot_minutes: whole(map, "slot_minutes")?,
                share_percent: whole(map, "share")?,
                horizon_days: whole(map, "horizon_days")?,
                early_minutes: whole(map, "early_minutes")?,
                late_minutes: whole(map, "late_minutes")?,
            })
        }),
    })
}
