//! Figures as text.

use hall::simulate::{Figures, Spread};

use crate::command::Language;

/// Picks the words of a language.
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

/// A line for each group, columns in line with each other however wide Chinese is drawn.
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
