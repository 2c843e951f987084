//! Pictures of where time goes. They read in black on white: patterns tell the parts apart, and every number stands in
//! them or in the table beside them.

use maud::{Markup, html};
use mining::{Follows, Times};

use crate::shell::Shell;
use crate::zone::process::tables::{activity, hours};

const WIDTH: f64 = 360.0;
/// Rows of a picture; the table has them all.
const ROWS: usize = 10;
/// Activities in the picture of what follows what.
const NODES: usize = 10;

fn px(number: f64) -> String {
    format!("{number:.1}")
}

/// As much as stands over a bar: some twenty-two Chinese characters.
fn shortened(label: &str, mut room: usize) -> String {
    let mut text = String::new();
    for letter in label.chars() {
        let wide = if letter.is_ascii() { 1 } else { 2 };
        if room < wide {
            text.push('…');
            break;
        }
        room -= wide;
        text.push(letter);
    }
    text
}

/// Patterns, each picture with ids of its own.
fn patterns(id: &str) -> Markup {
    html! {
        defs {
            pattern id=(format!("{id}-waiting")) width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                rect.paper width="6" height="6" {} line.stroke x1="0" y1="0" x2="0" y2="6" stroke-width="4" {}
            }
            pattern id=(format!("{id}-applicant")) width="6" height="6" patternUnits="userSpaceOnUse" {
                rect.paper width="6" height="6" {} circle.dot cx="3" cy="3" r="1.5" {}
            }
            pattern id=(format!("{id}-undivided")) width="5" height="5" patternUnits="userSpaceOnUse" {
                rect.paper width="5" height="5" {} line.stroke x1="0" y1="0" x2="5" y2="0" stroke-width="1.5" {}
            }
        }
    }
}

const PARTS: [&str; 4] = ["waiting", "working", "applicant", "undivided"];

fn fill(id: &str, part: &str) -> Option<String> {
    (part != "working").then(|| format!("url(#{id}-{part})"))
}

/// Where each part of a bar begins, and how wide it is.
#[allow(clippy::cast_precision_loss)]
fn stretches(seconds: [i64; 4], each: f64) -> Vec<(&'static str, f64, f64)> {
    let mut x = 0.5;
    let mut stretches = Vec::new();
    for (part, seconds) in PARTS.into_iter().zip(seconds).filter(|(_, seconds)| *seconds > 0) {
        let width = (seconds as f64 * each).max(1.0);
        stretches.push((part, x, width));
        x += width;
    }
    stretches
}

/// Where the time of each row went, longest first.
#[allow(clippy::cast_precision_loss)]
pub fn times(shell: &Shell, id: &str, all: &[Times]) -> Markup {
    let shown = &all[..all.len().min(ROWS)];
    let longest = shown.iter().map(|each| each.whole.sum_seconds).max().unwrap_or(0);
    if longest == 0 {
        return html! {};
    }
    let parts = |each: &Times| {
        [each.waiting, each.working, each.applicant, each.undivided].map(|part| part.sum_seconds)
    };
    let used: Vec<bool> = (0..4).map(|place| shown.iter().any(|each| parts(each)[place] > 0)).collect();
    let legend: Vec<&str> =
        PARTS.into_iter().zip(&used).filter(|(_, used)| **used).map(|(part, _)| part).collect();
    let room = WIDTH - 62.0;
    let top = 8.0 + 18.0 * legend.len().div_ceil(2) as f64;
    let height = top + 36.0 * shown.len() as f64;
    html! {
        svg.mine viewBox=(format!("0 0 {WIDTH:.0} {height:.0}")) aria-hidden="true" {
            (patterns(id))
            @for (place, part) in legend.iter().enumerate() {
                @let (x, y) = (180.0 * (place % 2) as f64, 4.0 + 18.0 * (place / 2) as f64);
                rect.part x=(px(x + 0.5)) y=(px(y)) width="18" height="11" fill=[fill(id, part)] {}
                text x=(px(x + 24.0)) y=(px(y + 10.0)) { (shell.w.t(&format!("mine-part-{part}"))) }
            }
            @for (place, each) in shown.iter().enumerate() {
                @let y = top + 36.0 * place as f64;
                text x="0" y=(px(y + 12.0)) { (shortened(&activity(shell, &each.name), 46)) }
                @let stretches = stretches(parts(each), room / longest as f64);
                @for (part, x, width) in &stretches {
                    rect.part x=(px(*x)) y=(px(y + 16.0)) width=(px(*width)) height="13" fill=[fill(id, part)] {}
                }
                @let end = stretches.last().map_or(0.5, |(_, x, width)| x + width);
                text.q x=(px(end + 5.0)) y=(px(y + 27.0)) { (hours(Some(each.whole.sum_seconds))) }
            }
        }
    }
}

/// One bar for each row.
#[allow(clippy::cast_precision_loss)]
pub fn counts(rows: &[(String, u64)]) -> Markup {
    let shown = &rows[..rows.len().min(ROWS)];
    let most = shown.iter().map(|(_, count)| *count).max().unwrap_or(0);
    if most == 0 {
        return html! {};
    }
    let room = WIDTH - 52.0;
    html! {
        svg.mine viewBox=(format!("0 0 {WIDTH:.0} {:.0}", 36.0 * shown.len() as f64)) aria-hidden="true" {
            @for (place, (name, count)) in shown.iter().enumerate() {
                @let y = 36.0 * place as f64;
                @let width = (room * *count as f64 / most as f64).max(1.0);
                text x="0" y=(px(y + 12.0)) { (shortened(name, 46)) }
                rect.part x="0.5" y=(px(y + 16.0)) width=(px(width)) height="13" {}
                text.q x=(px(width + 6.0)) y=(px(y + 27.0)) { (count) }
            }
        }
    }
}

/// A share of a whole, the rest hatched.
#[allow(clippy::cast_precision_loss)]
pub fn share(shell: &Shell, id: &str, part: u64, whole: u64) -> Markup {
    let width = (WIDTH - 1.0) * part as f64 / whole.max(1) as f64;
    html! {
        svg.mine viewBox="0 0 360 44" aria-hidden="true" {
            (patterns(id))
            @if part > 0 { rect.part x="0.5" y="1" width=(px(width)) height="18" {} }
            @if part < whole { rect.part x=(px(0.5 + width)) y="1" width=(px(WIDTH - 1.0 - width)) height="18" fill=(format!("url(#{id}-waiting)")) {} }
            text x="0" y="36" { (shell.w.with("mine-fits", &[("count", part.into())])) }
            text x="360" y="36" text-anchor="end" { (shell.w.with("mine-strays", &[("count", (whole - part).into())])) }
        }
    }
}

/// What follows what: activities from the first to the last, on the right what goes on, on the left, broken, what goes back.
#[allow(clippy::cast_precision_loss)]
pub fn follows(shell: &Shell, ways: &[mining::Way], all: &[Follows]) -> Markup {
    let nodes = nodes(ways);
    let place = |name: &str| nodes.iter().position(|each| each == name);
    let mut arcs: Vec<(usize, usize, u64)> = all
        .iter()
        .filter_map(|each| Some((place(&each.from)?, place(&each.to)?, each.times)))
        .filter(|(from, to, _)| from != to)
        .collect();
    arcs.truncate(2 * NODES);
    let most = arcs.iter().map(|(_, _, times)| *times).max().unwrap_or(0);
    if nodes.len() < 2 || most == 0 {
        return html! {};
    }
    let (left, right) = (100.0, 236.0);
    let y = |place: usize| 22.0 + 40.0 * place as f64;
    let height = y(nodes.len() - 1) + 26.0;
    let longest = arcs.iter().map(|(from, to, _)| from.abs_diff(*to)).max().unwrap_or(1).max(1);
    html! {
        svg.mine viewBox=(format!("0 0 {WIDTH:.0} {height:.0}")) aria-hidden="true" {
            defs {
                marker id="mine-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto" { path.head d="M0 0 L8 4 L0 8 z" {} }
            }
            @for (from, to, times) in arcs.iter().rev() {
                @let on = to > from;
                @let reach = 26.0 + 74.0 * (from.abs_diff(*to) as f64 / longest as f64);
                @let (side, bend) = if on { (right, right + reach) } else { (left, left - reach) };
                @let (start, end) = if on { (y(*from) + 6.0, y(*to) - 6.0) } else { (y(*from) - 6.0, y(*to) + 6.0) };
                @let width = 0.8 + 4.0 * *times as f64 / most as f64;
                path.arc.back[!on] d=(format!("M{side:.0} {start:.0} C{bend:.0} {start:.0} {bend:.0} {end:.0} {side:.0} {end:.0}")) stroke-width=(px(width)) marker-end="url(#mine-arrow)" {}
                @let middle = side + (bend - side) * 0.75;
                @if *times * 12 >= most {
                    text.count x=(px(middle)) y=(px(f64::midpoint(start, end) + 4.0)) text-anchor="middle" { (times) }
                }
            }
            @for (place, name) in nodes.iter().enumerate() {
                rect.node x=(px(left)) y=(px(y(place) - 13.0)) width=(px(right - left)) height="26" rx="4" {}
                text x=(px(f64::midpoint(left, right))) y=(px(y(place) + 4.0)) text-anchor="middle" { (shortened(&activity(shell, name), 20)) }
            }
        }
    }
}

/// The most frequent activities, in the order in which they come on the whole.
#[allow(clippy::cast_precision_loss)]
fn nodes(ways: &[mining::Way]) -> Vec<String> {
    let mut found: Vec<(&str, f64, f64)> = Vec::new();
    for way in ways {
        let length = way.activities.len().max(2) as f64 - 1.0;
        for (place, name) in way.activities.iter().enumerate() {
            let cases = way.cases as f64;
            let at = cases * place as f64 / length;
            match found.iter_mut().find(|(each, _, _)| each == name) {
                Some(each) => {
                    each.1 += cases;
                    each.2 += at;
                }
                None => found.push((name, cases, at)),
            }
        }
    }
    found.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    found.truncate(NODES);
    found.sort_by(|one, other| {
        (one.2 / one.1).total_cmp(&(other.2 / other.1)).then_with(|| one.0.cmp(other.0))
    });
    found.into_iter().map(|(name, _, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(activities: &[&str], cases: u64) -> mining::Way {
        let activities = activities.iter().map(|name| (*name).to_owned()).collect();
        mining::Way { key: String::new(), activities, cases, duration: mining::Spread::default() }
    }

    #[test]
    fn activities_stand_in_the_order_in_which_they_come() {
        assert_eq!(
            nodes(&[way(&["a", "b", "c"], 5), way(&["a", "c"], 2), way(&["a", "x", "b", "c"], 1)]),
            ["a", "x", "b", "c"]
        );
        assert!(nodes(&[]).is_empty());
    }

    #[test]
    fn a_bar_of_nothing_is_not_drawn() {
        assert!(counts(&[("甲".into(), 0)]).into_string().is_empty());
        assert!(counts(&[("甲".into(), 4), ("乙".into(), 2)]).into_string().contains("width=\"308.0\""));
    }
}
