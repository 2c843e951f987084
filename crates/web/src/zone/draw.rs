//! Small pictures of numbers, drawn on the server. What they show always stands beside them as text.

use maud::{Markup, html};

/// A line of a figure's last months, the last one marked. Nothing when there is no course to show.
pub fn spark(values: &[f64], label: &str) -> Markup {
    const WIDTH: f64 = 84.0;
    const HEIGHT: f64 = 22.0;
    const EDGE: f64 = 3.0;
    let highest = values.iter().copied().fold(0.0, f64::max);
    if values.len() < 2 || values.iter().filter(|value| **value > 0.0).count() < 2 {
        return html! {};
    }
    #[allow(clippy::cast_precision_loss)]
    let step = (WIDTH - 2.0 * EDGE) / (values.len() - 1) as f64;
    #[allow(clippy::cast_precision_loss)]
    let points: Vec<(f64, f64)> = values
        .iter()
        .enumerate()
        .map(|(place, value)| {
            (EDGE + step * place as f64, HEIGHT - EDGE - (HEIGHT - 2.0 * EDGE) * value / highest)
        })
        .collect();
    let line: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let (x, y) = points.last().copied().unwrap_or_default();
    let numbers: Vec<String> = values.iter().map(|value| plain(*value)).collect();
    html! {
        svg.spark viewBox="0 0 84 22" role="img" aria-label=(format!("{label} {}", numbers.join(", "))) {
            polyline points=(line.join(" ")) {}
            circle cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="2.5" {}
        }
    }
}

fn plain(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}

/// One bar, or two, for each row; the table with the same numbers stands beside it.
pub fn bars(rows: &[(String, u64, Option<u64>)], first: &str, second: Option<&str>) -> Markup {
    const NAME: f64 = 132.0;
    const ROOM: f64 = 330.0;
    let highest = rows.iter().flat_map(|(_, one, other)| [*one, other.unwrap_or(0)]).max().unwrap_or(0);
    if highest == 0 {
        return html! {};
    }
    let line = if second.is_some() { 34.0 } else { 24.0 };
    #[allow(clippy::cast_precision_loss)]
    let width = |value: u64| (ROOM * value as f64 / highest as f64).max(if value > 0 { 2.0 } else { 0.0 });
    #[allow(clippy::cast_precision_loss)]
    let top = |place: usize| 26.0 + line * place as f64;
    let height = top(rows.len()) + 4.0;
    let px = |number: f64| format!("{number:.1}");
    html! {
        svg.bars viewBox=(format!("0 0 520 {height:.0}")) aria-hidden="true" {
            rect x=(px(NAME)) y="5" width="10" height="10" {}
            text x=(px(NAME + 16.0)) y="14" { (first) }
            @if let Some(second) = second {
                rect.second x=(px(NAME + 120.0)) y="5" width="10" height="10" {}
                text x=(px(NAME + 136.0)) y="14" { (second) }
            }
            line x1=(px(NAME)) y1="22" x2=(px(NAME)) y2=(px(height - 4.0)) {}
            @for (place, (label, one, other)) in rows.iter().enumerate() {
                text x=(px(NAME - 8.0)) y=(px(top(place) + line / 2.0)) text-anchor="end" { (shortened(label)) }
                rect x=(px(NAME)) y=(px(top(place))) width=(px(width(*one))) height="12" {}
                text.q x=(px(NAME + width(*one) + 6.0)) y=(px(top(place) + 10.5)) { (one) }
                @if let Some(other) = other {
                    rect.second x=(px(NAME)) y=(px(top(place) + 14.0)) width=(px(width(*other))) height="12" {}
                    text.q x=(px(NAME + width(*other) + 6.0)) y=(px(top(place) + 24.5)) { (other) }
                }
            }
        }
    }
}

/// As much of a name as stands before a bar: eight Chinese characters or seventeen others.
fn shortened(label: &str) -> String {
    let mut room = 17_usize;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_needs_two_points() {
        assert!(spark(&[0.0, 3.0], "x").into_string().is_empty());
        let line = spark(&[1.0, 3.0, 2.5], "近 3 个月").into_string();
        assert!(line.contains("1, 3, 2.5") && line.contains("polyline"), "{line}");
    }

    #[test]
    fn the_longest_bar_fills_the_room() {
        let drawn = bars(&[("甲".into(), 10, None), ("乙".into(), 5, None)], "件", None).into_string();
        assert!(drawn.contains("width=\"330.0\"") && drawn.contains("width=\"165.0\""), "{drawn}");
        assert!(bars(&[("甲".into(), 0, None)], "件", None).into_string().is_empty());
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(shortened("一二三四五六七八九十甲"), "一二三四五六七八…");
        assert_eq!(shortened("短"), "短");
    }
}
