//! Prints figures as text.

use hall::simulate::{Changes, Figures, Spread};

use crate::command::Language;

/// Selects texts by language.
#[derive(Clone, Copy, Debug)]
pub struct Words(pub Language);

impl Words {
    pub fn pick<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self.0 {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

/// "4.2 ± 0.1".
pub fn spread(spread: Spread, scale: f64, digits: usize) -> String {
    if spread.half_width.is_finite() {
        format!("{:.digits$} ± {:.digits$}", spread.mean * scale, spread.half_width * scale)
    } else {
        format!("{:.digits$} ± ?", spread.mean * scale)
    }
}

/// Prints one row per group; columns are aligned with double-width Chinese characters.
pub fn figures_table<'f>(words: Words, title: &str, groups: impl Iterator<Item = (String, &'f Figures)>) {
    let mut rows = vec![vec![
        title.to_owned(),
        words.pick("人数", "people").to_owned(),
        words.pick("平均等候(分)", "mean wait (min)").to_owned(),
        words.pick("中位", "median").to_owned(),
        words.pick("九成以内", "90 % within").to_owned(),
        words.pick("达标%", "in target %").to_owned(),
        words.pick("弃号%", "gave up %").to_owned(),
        words.pick("未办", "unserved").to_owned(),
    ]];
    for (name, figures) in groups {
        rows.push(vec![
            name,
            spread(figures.tickets, 1.0, 1),
            spread(figures.mean_wait_minutes, 1.0, 1),
            format!("{:.1}", figures.median_wait_minutes.mean),
            format!("{:.1}", figures.p90_wait_minutes.mean),
            spread(figures.within_target_share, 100.0, 1),
            format!("{:.1}", figures.abandoned_share.mean * 100.0),
            format!("{:.1}", figures.unserved.mean),
        ]);
    }
    print_rows(&rows);
}

/// "-4.2 ± 0.1": a signed difference.
fn difference(spread: Spread, scale: f64, digits: usize) -> String {
    // Adding zero turns a rounded negative zero into zero.
    let round = |value: f64| (value * 10_f64.powi(3)).round() / 10_f64.powi(3) + 0.0;
    if spread.half_width.is_finite() {
        format!("{:+.digits$} ± {:.digits$}", round(spread.mean * scale), spread.half_width * scale)
    } else {
        format!("{:+.digits$} ± ?", round(spread.mean * scale))
    }
}

/// Prints the effect of a change by line.
pub fn changes_table(words: Words, changes: &Changes) {
    let mut rows = vec![vec![
        words.pick("业务", "line").to_owned(),
        words.pick("原等候(分)", "wait before (min)").to_owned(),
        words.pick("改后", "after").to_owned(),
        words.pick("变化", "change").to_owned(),
        words.pick("达标变化(百分点)", "in target (points)").to_owned(),
        words.pick("未办变化", "unserved").to_owned(),
    ]];
    let all = (words.pick("全部", "all").to_owned(), &changes.all);
    for (name, change) in
        std::iter::once(all).chain(changes.lines.iter().map(|line| (line.name.clone(), line)))
    {
        rows.push(vec![
            name,
            format!("{:.1}", change.before_minutes),
            format!("{:.1}", change.after_minutes),
            difference(change.mean_wait_minutes, 1.0, 2),
            difference(change.within_target_share, 100.0, 1),
            difference(change.unserved, 1.0, 2),
        ]);
    }
    print_rows(&rows);
}

fn print_rows(rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or_default()
        })
        .collect();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width_of_column)| format!("{cell}{}", " ".repeat(width_of_column - width(cell))))
            .collect();
        println!("{}", cells.join("  ").trim_end());
    }
}

fn width(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) >= 0x2E80 { 2 } else { 1 }).sum()
}
