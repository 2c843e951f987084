//! Y222 · 假期中间夹着工作日 / Working days inside a holiday
//!
//! 放假通知里同一个节日的假期是连着的。同名的两天假期之间还有工作日，多半有一天的日期抄错了；调休上班离它的节日太远，也是这样。
//!
//! ---
//!
//! The days of one holiday follow each other. With working days between two days of one name, one of the dates is probably
//! miscopied; so is a make-up day that lies far from its holiday.

use std::collections::{BTreeMap, HashSet};

use calendar::{Date, DayKind};

use super::FESTIVALS;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y222");

/// Two days of one name that lie further apart are those of two years, such as New Year’s Day in December and in January.
const ONE_HOLIDAY_DAYS: i32 = 300;
/// Make-up days lie within some weeks of their holiday.
const MAKEUP_DAYS: i32 = 45;

type Days<'p> = BTreeMap<&'p str, BTreeMap<Date, Place>>;

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let parts = pack.parts;
    let sound = |file: &str| pack.soundness.is_sound(file, "days");
    let mut holidays = Days::new();
    let mut worked: HashSet<Date> = HashSet::new();
    let mut made_up = Vec::new();
    for (table, file) in parts.years.iter().zip(&pack.origin.years).filter(|(_, file)| sound(file)) {
        for (index, day) in table.days.iter().enumerate().filter(|(_, day)| day.date.year() == table.year) {
            let at = Place::file(file.clone()).key("days").index(index).key("date");
            if day.kind == DayKind::Holiday {
                holidays.entry(&day.name).or_default().entry(day.date).or_insert(at);
            } else {
                worked.insert(day.date);
                made_up.push((day, at));
            }
        }
    }
    let mut festivals = Days::new();
    if let Some(declared) = parts.festivals.as_ref().filter(|_| sound(FESTIVALS)) {
        for (index, day) in declared.days.iter().enumerate() {
            let at = Place::file(FESTIVALS).key("days").index(index).key("date");
            festivals.entry(&day.name).or_default().entry(day.date).or_insert(at);
        }
    }
    let off: HashSet<Date> = holidays.values().chain(festivals.values()).flat_map(BTreeMap::keys).copied().collect();
    let works = |day: Date| {
        worked.contains(&day) || !off.contains(&day) && day.weekday().to_monday_zero_offset() < 5
    };
    holidays.iter().chain(&festivals).for_each(|(name, days)| torn(name, days, &works, out));
    for (day, at) in made_up {
        // On a weekday it is told by another rule.
        let weekend = day.date.weekday().to_monday_zero_offset() >= 5;
        let near = |other: &Date| days_between(*other, day.date).abs() <= MAKEUP_DAYS;
        if weekend && !holidays.get(&*day.name).is_some_and(|days| days.keys().any(near)) {
            out.push(Finding::warning(
                CODE,
                at,
                format!("{} 调休上班，可前后都没有“{}”的假期", day.date, day.name),
                format!("{} makes up for “{}”, but no day of that holiday is near", day.date, day.name),
            ));
        }
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// The days of one name, in order: each gap with working days is told at its shorter side.
fn torn(name: &str, days: &BTreeMap<Date, Place>, works: &dyn Fn(Date) -> bool, out: &mut Vec<Finding>) {
    let mut runs: Vec<Vec<(Date, &Place)>> = Vec::new();
    let mut gaps = Vec::new();
    for (date, at) in days {
        let last = runs.last().and_then(|run| run.last()).map(|(last, _)| *last);
        let Some(last) = last else {
            runs.push(vec![(*date, at)]);
            continue;
        };
        let apart = days_between(last, *date);
        let between = last.series(jiff::Span::new().days(1)).skip(1).take_while(|day| day < date);
        let working = if apart > ONE_HOLIDAY_DAYS { 0 } else { between.filter(|day| works(*day)).count() };
        if apart > ONE_HOLIDAY_DAYS || working > 0 {
            gaps.push(working);
            runs.push(Vec::new());
        }
        if let Some(run) = runs.last_mut() {
            run.push((*date, at));
        }
    }
    for (pair, working) in runs.windows(2).zip(gaps).filter(|(_, working)| *working > 0) {
        let ([.., before], [after, ..]) = (&pair[0][..], &pair[1][..]) else { continue };
        let (odd, other) = if pair[0].len() < pair[1].len() { (before, after) } else { (after, before) };
        out.push(
            Finding::warning(
                CODE,
                odd.1.clone(),
                format!("“{name}”的 {} 和 {} 之间有 {working} 个工作日", before.0, after.0),
                format!("“{name}”: {working} working days lie between {} and {}", before.0, after.0),
            )
            .also(other.1.clone(), "另一天在这里", "the other day is here")
            .help("对照放假通知核对日期", "compare the dates with the notice"),
        );
    }
}
