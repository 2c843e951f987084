//! Y6: the hall and its windows.

rules! {
    item { item_without_window, item_in_no_thing, item_in_no_line }
    pack {
        hours_without_roster, roster_outside_hours, opening_reversed, line_without_window, break_outside_roster,
        ninetieth_below_median, no_walk_in_lane, lane_kind_twice, slot_shorter_than_service, specialist_not_in_role,
        skill_ends_before_it_begins, overlapping_rosters, appointments_take_every_slot, appointment_lane_without_appointments,
        hall_serves_nobody,
    }
}

use catalogue::{Opening, Serves, ServiceLine, Weekday, Window};
use jiff::civil::Time;

use crate::view::Pack;

/// Hours and rosters that can be compared. Spans the wrong way round are told by themselves; what follows from them is
/// not news.
fn spans_are_sound(pack: &Pack<'_>) -> bool {
    let reversed = |openings: &[Opening]| openings.iter().any(|opening| opening.to <= opening.from);
    let confused = pack.parts.halls.values().any(|hall| reversed(&hall.hours))
        || pack.parts.windows.values().any(|window| reversed(&window.roster));
    !confused && pack.zone_is_sound("halls") && pack.zone_is_sound("windows")
}

/// The parts of `whole` on a day that none of `cover` covers, as minutes or finer.
fn uncovered(day: Weekday, whole: &Opening, cover: &[&Opening]) -> Vec<(Time, Time)> {
    let mut spans: Vec<(Time, Time)> = cover
        .iter()
        .filter(|opening| opening.days.contains(&day))
        .map(|opening| (opening.from, opening.to))
        .collect();
    spans.sort_unstable();
    let mut gaps = Vec::new();
    let mut at = whole.from;
    for (from, to) in spans {
        if from > at && at < whole.to {
            gaps.push((at, from.min(whole.to)));
        }
        at = at.max(to);
    }
    if at < whole.to {
        gaps.push((at, whole.to));
    }
    gaps
}

fn day_zh(day: Weekday) -> &'static str {
    ["周一", "周二", "周三", "周四", "周五", "周六", "周日", "法定节假日"][day as usize]
}

fn day_en(day: Weekday) -> &'static str {
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "public holidays"]
        [day as usize]
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// Whether a window serves any item of the pack.
fn serves_something(pack: &Pack<'_>, window: &Window) -> bool {
    let any = |serves: &Serves| pack.parts.items.values().any(|item| serves.covers(item));
    if window.skills.is_empty() {
        return any(&window.serves);
    }
    let spoken = window.skills.iter().filter(|skill| !skill.languages.is_empty());
    let mut lines = spoken.flat_map(|skill| &skill.lines);
    lines.any(|line| pack.parts.service_lines.get(line).is_some_and(|line| any(&line.serves)))
}

/// Whether a window can serve a line, on some day at least.
fn can_serve(pack: &Pack<'_>, window: &Window, line: &ServiceLine) -> bool {
    if !window.skills.is_empty() {
        return window
            .skills
            .iter()
            .any(|skill| skill.lines.contains(&line.id) && !skill.languages.is_empty());
    }
    let mut items = pack.parts.items.values().filter(|item| line.serves.covers(item)).peekable();
    matches!(window.serves, Serves::All)
        || items.peek().is_some() && items.all(|item| window.serves.covers(item))
}
