//! Y6: the hall and its windows.

rules! {
    item { item_without_window, item_in_no_thing }
    pack { hours_without_roster, roster_outside_hours, opening_reversed }
}

use catalogue::{Opening, Weekday};
use jiff::civil::Time;

/// Hours and rosters that can be compared. Spans the wrong way round are told by themselves; what follows from them is
/// not news.
fn spans_are_sound(pack: &crate::view::Pack<'_>) -> bool {
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
    ["周一", "周二", "周三", "周四", "周五", "周六", "周日"][day as usize]
}

fn day_en(day: Weekday) -> &'static str {
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][day as usize]
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
