//! The tables under the sentences; the same ones leave as files.

use maud::{Markup, html};
use office::{Counted, FigureFilter, Figures, Grouped, Totals};

use crate::shell::Shell;
use crate::zone::{draw, period, words};

/// What stands in a cell.
#[derive(Clone, Debug)]
pub enum Value {
    /// Opens what it counts.
    Count(u64, FigureFilter),
    Number(f64),
    Nothing,
}

#[derive(Clone, Debug)]
pub struct Table {
    /// In addresses and as the anchor on the page.
    pub key: &'static str,
    pub title: String,
    pub label: String,
    pub head: Vec<String>,
    pub rows: Vec<(String, Vec<Value>)>,
}

type Column = (&'static str, fn(&Totals) -> Shown);

enum Shown {
    Count(Counted),
    Number(Option<f64>),
}

const COLUMNS: [Column; 11] = [
    ("received", |_| Shown::Count(Counted::Received)),
    ("accepted", |_| Shown::Count(Counted::Accepted)),
    ("decided", |_| Shown::Count(Counted::Decided)),
    ("early", |_| Shown::Count(Counted::Early)),
    ("early-mean", |totals| Shown::Number(totals.days_early_mean())),
    ("saved-mean", |totals| Shown::Number(totals.days_saved_mean())),
    ("late", |_| Shown::Count(Counted::Late)),
    ("corrections", |totals| Shown::Number(totals.corrections_per_hundred())),
    ("open", |_| Shown::Count(Counted::Open)),
    ("due-today", |_| Shown::Count(Counted::DueToday)),
    ("overdue", |_| Shown::Count(Counted::Overdue)),
];

const MONTH_COLUMNS: [Column; 9] = [
    ("received", |_| Shown::Count(Counted::Received)),
    ("accepted", |_| Shown::Count(Counted::Accepted)),
    ("decided", |_| Shown::Count(Counted::Decided)),
    ("same-day", |_| Shown::Count(Counted::SameDay)),
    ("early", |_| Shown::Count(Counted::Early)),
    ("early-mean", |totals| Shown::Number(totals.days_early_mean())),
    ("saved-mean", |totals| Shown::Number(totals.days_saved_mean())),
    ("late", |_| Shown::Count(Counted::Late)),
    ("corrections", |totals| Shown::Number(totals.corrections_per_hundred())),
];

#[allow(clippy::cast_precision_loss)]
const SPARED_COLUMNS: [Column; 4] = [
    ("cases", |_| Shown::Count(Counted::Cases)),
    ("questions", |totals| Shown::Number(Some(totals.questions_spared as f64))),
    ("papers", |totals| Shown::Number(Some(totals.papers_spared as f64))),
    ("visits", |totals| Shown::Number(Some(totals.visits_spared as f64))),
];

fn values(columns: &[Column], totals: &Totals, filter: &FigureFilter) -> Vec<Value> {
    let each = columns.iter().map(|(_, shown)| match shown(totals) {
        Shown::Count(what) => Value::Count(totals.count(what), FigureFilter { what, ..filter.clone() }),
        Shown::Number(Some(number)) => Value::Number(number),
        Shown::Number(None) => Value::Nothing,
    });
    each.collect()
}

fn head(shell: &Shell, columns: &[Column]) -> Vec<String> {
    columns.iter().map(|(key, _)| shell.w.t(&format!("zone-col-{key}"))).collect()
}

/// All tables of a report, in the order in which they are read.
pub fn all(shell: &Shell, figures: &Figures) -> Vec<Table> {
    let w = shell.w;
    let base = figures.filter(Counted::Received);
    let grouped = |key: &'static str,
                   title: &str,
                   label: &str,
                   rows: &[Grouped],
                   name: &dyn Fn(&str) -> String,
                   set: fn(&mut FigureFilter, String)| Table {
        key,
        title: w.t(title),
        label: w.t(label),
        head: head(shell, &COLUMNS),
        rows: rows
            .iter()
            .map(|row| {
                let mut filter = base.clone();
                set(&mut filter, row.id.clone());
                (name(&row.id), values(&COLUMNS, &row.totals, &filter))
            })
            .collect(),
    };
    let mut columns = MONTH_COLUMNS.to_vec();
    if figures.whole_zone() {
        columns.extend(SPARED_COLUMNS);
    }
    // The period as far as it has come, and in any case a year.
    let begun = figures.by_month.iter().filter(|(month, _)| figures.period.contains(*month)).count();
    let from = figures.by_month.len().saturating_sub(begun.max(12));
    // Nothing is told of the months before there was anything to count.
    let first = figures.by_month.iter().position(|(_, totals)| !totals.is_empty());
    let from = from.max(first.unwrap_or(figures.by_month.len()));
    let months = figures.by_month[from..].iter().rev().map(|(month, totals)| {
        let filter = FigureFilter::new(Counted::Received, office::Period::month(*month));
        (period::month_name(shell, *month), values(&columns, totals, &filter))
    });
    let months = Table {
        key: "months",
        title: w.t("zone-by-month"),
        label: w.t("zone-month"),
        head: head(shell, &columns),
        rows: months.collect(),
    };
    vec![
        months,
        grouped(
            "departments",
            "zone-by-department",
            "zone-department",
            &figures.by_department,
            &|id| words::department(shell, id),
            |f, id| f.department = Some(id),
        ),
        grouped(
            "items",
            "zone-by-item",
            "zone-item",
            &figures.by_item,
            &|id| words::item(shell, id),
            |f, id| f.item = Some(id),
        ),
        grouped(
            "things",
            "zone-by-thing",
            "zone-thing",
            &figures.by_thing,
            &|id| words::thing(shell, id),
            |f, id| f.thing = Some(id),
        ),
        grouped(
            "channels",
            "zone-by-channel",
            "zone-channel",
            &figures.by_channel,
            &|id| words::channel(shell, id),
            |f, id| f.channel = Some(id),
        ),
    ]
}

impl Table {
    pub fn draw(&self) -> Markup {
        html! {
            div.table-wrap tabindex="0" role="region" aria-labelledby=(format!("table-{}", self.key)) {
                table {
                    caption id=(format!("table-{}", self.key)) { (self.title) }
                    thead { tr {
                        th scope="col" { (self.label) }
                        @for title in &self.head { th.n scope="col" { (title) } }
                    } }
                    tbody {
                        @for (name, values) in &self.rows {
                            tr {
                                th scope="row" { (name) }
                                @for value in values {
                                    td.n {
                                        @match value {
                                            Value::Count(0, _) => span.quiet { "0" },
                                            Value::Count(count, filter) => a href=(words::address(filter)) { (count) },
                                            Value::Number(number) => { @if number.fract() == 0.0 { (format!("{number:.0}")) } @else { (format!("{number:.1}")) } }
                                            Value::Nothing => span.quiet { "—" },
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The first count of each row as bars, with the third beside it where both are counts.
    pub fn bars(&self) -> Markup {
        let count = |value: Option<&Value>| match value {
            Some(Value::Count(count, _)) => Some(*count),
            _ => None,
        };
        let rows = self
            .rows
            .iter()
            .filter_map(|(name, values)| Some((name.clone(), count(values.first())?, count(values.get(2)))));
        let mut rows: Vec<_> = rows.take(24).collect();
        if self.key == "months" {
            // In time's order, from the first month with anything in it.
            rows.reverse();
            let first = rows.iter().position(|(_, one, other)| one + other.unwrap_or(0) > 0);
            rows.drain(..first.unwrap_or(0));
        }
        draw::bars(&rows, &self.head[0], Some(&self.head[2]))
    }
}
