//! The tables of the page; the same ones leave as files.

use maud::{Markup, html};
use mining::{Report, Spread, Times};

use crate::shell::Shell;
use crate::zone::process::asked::Asked;

/// What stands in a cell.
#[derive(Clone, Debug)]
pub enum Value {
    /// Opens the cases that it counts.
    Count(u64, String),
    /// Counts what no list shows one by one.
    Number(u64),
    /// Hours with one place; nothing of nothing.
    Hours(Option<i64>),
    Text(String),
}

#[derive(Clone, Debug)]
pub struct Table {
    /// In addresses and as the anchor on the page.
    pub key: &'static str,
    pub title: String,
    /// The first is what a row is about.
    pub head: Vec<String>,
    pub rows: Vec<(String, Vec<Value>)>,
    /// How many more rows there are.
    pub left_out: u64,
}

/// As many rows as people read; the files have as many as a report tells.
const SHOWN: usize = 10;

/// What was done, in the reader's language where it is no title of the pack.
pub fn activity(shell: &Shell, name: &str) -> String {
    match name.strip_prefix(office::STEP_KIND) {
        Some(kind) => {
            let key = format!("mine-kind-{kind}");
            if shell.w.has(&key) { shell.w.t(&key) } else { kind.to_owned() }
        }
        None => office::said(&shell.edition, name, shell.lang),
    }
}

/// In the order in which they are read.
pub fn all(shell: &Shell, asked: &Asked, report: &Report) -> Vec<Table> {
    vec![
        times(shell, asked, "steps", &report.steps),
        times(shell, asked, "groups", &report.groups),
        corrections(shell, asked, report),
        strayed(shell, asked, report),
        ways(shell, asked, report),
        follows(shell, asked, report),
    ]
}

fn head(shell: &Shell, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| shell.w.t(&format!("mine-col-{key}"))).collect()
}

fn times(shell: &Shell, asked: &Asked, key: &'static str, all: &[Times]) -> Table {
    let sum = |spread: &Spread| (spread.count > 0).then_some(spread.sum_seconds);
    let rows = all.iter().map(|each| {
        let address = asked.cases(|asked| match key {
            "steps" => asked.activity.clone_from(&each.name),
            _ => asked.group.clone_from(&each.name),
        });
        let values = vec![
            Value::Count(each.cases, address),
            Value::Hours(sum(&each.waiting)),
            Value::Hours(sum(&each.working)),
            Value::Hours(sum(&each.applicant)),
            Value::Hours(sum(&each.undivided)),
            Value::Hours(Some(each.whole.median_seconds)),
            Value::Hours(Some(each.whole.p90_seconds)),
        ];
        (activity(shell, &each.name), values)
    });
    let first = if key == "steps" { "step" } else { "group" };
    let keys = [first, "cases", "waiting", "working", "applicant", "undivided", "median", "p90"];
    Table {
        key,
        title: shell.w.t(&format!("mine-{key}")),
        head: head(shell, &keys),
        rows: rows.collect(),
        left_out: 0,
    }
}

fn corrections(shell: &Shell, asked: &Asked, report: &Report) -> Table {
    let rows = report.corrections.iter().map(|each| {
        let address = asked.cases(|asked| asked.corrected.clone_from(&each.name));
        (activity(shell, &each.name), vec![Value::Count(each.cases, address)])
    });
    Table {
        key: "corrections",
        title: shell.w.t("mine-corrections"),
        head: head(shell, &["point", "cases"]),
        rows: rows.collect(),
        left_out: 0,
    }
}

fn strayed(shell: &Shell, asked: &Asked, report: &Report) -> Table {
    let rows = report.fit.strayed.iter().map(|each| {
        let address = |how: &str| asked.cases(|asked| asked.strays = format!("{how}:{}", each.step));
        let values = vec![
            Value::Count(each.left_out, address("left")),
            Value::Count(each.out_of_place, address("place")),
        ];
        (activity(shell, &each.step), values)
    });
    Table {
        key: "strayed",
        title: shell.w.t("mine-strayed"),
        head: head(shell, &["step", "left-out", "out-of-place"]),
        rows: rows.collect(),
        left_out: 0,
    }
}

fn ways(shell: &Shell, asked: &Asked, report: &Report) -> Table {
    let arrow = " → ";
    let rows = report.ways.iter().map(|each| {
        let names: Vec<String> = each.activities.iter().map(|name| activity(shell, name)).collect();
        let address = asked.cases(|asked| asked.way.clone_from(&each.key));
        let name = if names.is_empty() { shell.w.t("mine-nothing-done") } else { names.join(arrow) };
        (name, vec![Value::Count(each.cases, address), Value::Hours(Some(each.duration.median_seconds))])
    });
    let rows: Vec<_> = rows.collect();
    Table {
        key: "ways",
        title: shell.w.t("mine-ways"),
        head: head(shell, &["way", "cases", "median"]),
        left_out: report.ways_in_all - rows.len() as u64,
        rows,
    }
}

fn follows(shell: &Shell, asked: &Asked, report: &Report) -> Table {
    let rows = report.follows.iter().map(|each| {
        let address = asked.cases(|asked| {
            asked.from.clone_from(&each.from);
            asked.to.clone_from(&each.to);
        });
        let values = vec![
            Value::Text(activity(shell, &each.to)),
            Value::Count(each.cases, address),
            Value::Number(each.times),
            Value::Hours(Some(each.gap.median_seconds)),
        ];
        (activity(shell, &each.from), values)
    });
    let rows: Vec<_> = rows.collect();
    Table {
        key: "follows",
        title: shell.w.t("mine-follows"),
        head: head(shell, &["from", "to", "cases", "times", "median"]),
        left_out: report.follows_in_all - rows.len() as u64,
        rows,
    }
}

/// `12.5`; a dash where there is nothing.
#[allow(clippy::cast_precision_loss)]
pub fn hours(seconds: Option<i64>) -> String {
    seconds.map_or_else(|| "—".to_owned(), |seconds| format!("{:.1}", seconds as f64 / 3600.0))
}

impl Table {
    pub fn draw(&self, shell: &Shell) -> Markup {
        let hidden = self.left_out + self.rows.len().saturating_sub(SHOWN) as u64;
        html! {
            div.table-wrap tabindex="0" role="region" aria-label=(self.title) { table.held {
                caption.visually-hidden { (self.title) }
                thead { tr { @for (place, title) in self.head.iter().enumerate() {
                    th scope="col" class=[self.is_number(place).then_some("n")] { (title) }
                } } }
                tbody { @for (name, values) in self.rows.iter().take(SHOWN) { tr {
                    th scope="row" { (name) }
                    @for value in values {
                        @match value {
                            Value::Count(0, _) => td.n { "0" },
                            Value::Count(count, address) => td.n { a href=(address) { (count) } },
                            Value::Number(number) => td.n { (number) },
                            Value::Hours(seconds) => td.n { (hours(*seconds)) },
                            Value::Text(text) => td { (text) },
                        }
                    }
                } } }
            } }
            @if hidden > 0 { p.small.quiet { (shell.w.with("mine-more-rows", &[("count", hidden.into())])) } }
        }
    }

    fn is_number(&self, place: usize) -> bool {
        let first = self.rows.first().and_then(|(_, values)| values.get(place.checked_sub(1)?));
        first.is_some_and(|value| !matches!(value, Value::Text(_)))
    }
}
