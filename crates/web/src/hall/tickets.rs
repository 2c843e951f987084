//! `/floor/HALL/tickets`: the numbers behind a figure, each with its wait, its service and the cases that came of it.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use office::{TicketLine, TicketRef};
use serde::Deserialize;
use store::Cursor;

use super::floor::manager;
use super::names::{Names, hall_of, path};
use super::numbers::Asked;
use crate::app::App;
use crate::fault::Failure;
use crate::sheet::{Table, Value};
use crate::shell::{Page, Shell, encode};
use crate::ui;

const PAGE: u32 = 100;
/// A file holds at most so many.
const FILE_MAX: u32 = 10_000;

#[derive(Debug, Default, Deserialize)]
pub struct Turn {
    #[serde(default)]
    after: String,
}

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    Path(hall): Path<String>,
    Query(asked): Query<Asked>,
    Query(turn): Query<Turn>,
) -> Result<Markup, Failure> {
    let viewer = manager(&shell)?;
    let hall = hall_of(&shell, &hall)?;
    let w = shell.w;
    let filter = asked.filter(&hall.id, app.office.today())?;
    let (lines, next) = app.office.hall_tickets(&filter, PAGE, Cursor::parse(&turn.after), viewer).await?;
    let names = Names::new(&shell);
    let mut shown = Vec::with_capacity(lines.len());
    for line in &lines {
        let ticket = TicketRef { hall: hall.id.clone(), date: line.date, number: line.number };
        shown.push((line, app.office.cases_of_ticket(&ticket).await?));
    }
    let mut narrowed: Vec<String> =
        vec![format!("{} – {}", ui::date(&shell, filter.from), ui::date(&shell, filter.to))];
    narrowed.extend(filter.line.as_ref().map(|line| names.line(&line.as_str().into())));
    narrowed.extend(filter.window.as_ref().map(|window| names.window(&window.as_str().into())));
    narrowed.extend(filter.hour.map(|hour| format!("{hour:02}:00")));
    if filter.left_unserved {
        narrowed.push(w.t("hall-num-left-count"));
    }
    let query = shell.here.split_once('?').map_or("", |(_, query)| query);
    let base = path("floor", &hall.id);
    let body = html! {
        h1 { (w.t("hall-tickets")) }
        p.quiet { (narrowed.join(" · ")) }
        @if shown.is_empty() { (ui::empty(&w.t("hall-numbers-none"), &w.t("hall-numbers-none-next"), None)) }
        @else { (table(&shell, &names, &shown)) }
        (ui::pages(&shell, next.as_ref(), !turn.after.is_empty()))
        p { a href=(format!("{base}/tickets.xlsx?{query}")) { (w.t("hall-as-xlsx")) } " · " a href=(format!("{base}/tickets.csv?{query}")) { (w.t("hall-as-csv")) } }
    };
    let page = Page::desk(w.t("hall-tickets"), body).crumb(w.t("nav-hall"), base.clone());
    Ok(shell.lay_out(page.crumb(w.t("hall-numbers"), format!("{base}/numbers"))))
}

fn table(shell: &Shell, names: &Names<'_>, shown: &[(&TicketLine, Vec<String>)]) -> Markup {
    let w = shell.w;
    html! {
        div.table-wrap { table.cards {
            caption.visually-hidden { (w.t("hall-tickets")) }
            thead { tr { @for head in heads(shell) { th scope="col" { (head) } } th scope="col" { (w.t("hall-tick-cases")) } } }
            tbody { @for (line, cases) in shown {
                tr {
                    th scope="row" data-label=(w.t("hall-tick-number")) { (line.number) }
                    td data-label=(w.t("hall-tick-joined")) { (ui::date_time(shell, line.joined_at)) }
                    td data-label=(w.t("hall-by-line")) { (names.line(&line.line.as_str().into())) }
                    td data-label=(w.t("hall-tick-lane")) { (names.lane(&line.lane.as_str().into())) }
                    td data-label=(w.t("hall-tick-source")) { (w.t(&format!("hall-source-{}", line.source))) }
                    td data-label=(w.t("hall-tick-state")) { (w.t(&format!("hall-state-{}", line.state))) }
                    td.n data-label=(w.t("hall-tick-wait")) { (minutes(line.wait_seconds)) }
                    td.n data-label=(w.t("hall-tick-service")) { (minutes(Some(line.service_seconds).filter(|seconds| *seconds > 0))) }
                    td data-label=(w.t("hall-by-window")) { @if line.window.is_empty() { "–" } @else { (names.window(&line.window.as_str().into())) } }
                    td data-label=(w.t("hall-tick-rating")) { (rating(shell, line)) }
                    td data-label=(w.t("hall-tick-cases")) { div { @for number in cases { a href=(format!("/desk/cases/{}", encode(number))) { (number) } " " } } }
                }
            } }
        } }
    }
}

fn heads(shell: &Shell) -> Vec<String> {
    let keys = [
        "hall-tick-number",
        "hall-tick-joined",
        "hall-by-line",
        "hall-tick-lane",
        "hall-tick-source",
        "hall-tick-state",
        "hall-tick-wait",
        "hall-tick-service",
        "hall-by-window",
        "hall-tick-rating",
    ];
    keys.iter().map(|key| shell.w.t(key)).collect()
}

fn rating(shell: &Shell, line: &TicketLine) -> String {
    line.rating.map_or_else(|| "–".to_owned(), |level| shell.w.t(&format!("p-rating-{level}")))
}

#[allow(clippy::cast_precision_loss)]
fn minutes(seconds: Option<i64>) -> String {
    seconds.map_or_else(|| "–".to_owned(), |seconds| format!("{:.1}", seconds as f64 / 60.0))
}

async fn exported(app: &App, shell: &Shell, hall: &str, asked: &Asked) -> Result<Table, Failure> {
    let viewer = manager(shell)?;
    let hall = hall_of(shell, hall)?;
    let filter = asked.filter(&hall.id, app.office.today())?;
    let (lines, _) = app.office.hall_tickets(&filter, FILE_MAX, None, viewer).await?;
    let names = Names::new(shell);
    #[allow(clippy::cast_precision_loss)]
    let minutes = |seconds: Option<i64>| {
        seconds.map_or(Value::Nothing, |seconds| Value::Number((seconds as f64 / 6.0).round() / 10.0))
    };
    let rows = lines.iter().map(|line| {
        vec![
            Value::Text(line.number.to_string()),
            Value::Time(ui::civil(shell, line.joined_at)),
            Value::Text(names.line(&line.line.as_str().into())),
            Value::Text(names.lane(&line.lane.as_str().into())),
            Value::Text(shell.w.t(&format!("hall-source-{}", line.source))),
            Value::Text(shell.w.t(&format!("hall-state-{}", line.state))),
            minutes(line.wait_seconds),
            minutes(Some(line.service_seconds).filter(|seconds| *seconds > 0)),
            Value::Text(if line.window.is_empty() {
                String::new()
            } else {
                names.window(&line.window.as_str().into())
            }),
            line.rating.map_or(Value::Nothing, |level| Value::Number(level.into())),
        ]
    });
    let name =
        format!("{} {} {}–{}", shell.say(&hall.name), shell.w.t("hall-tickets"), filter.from, filter.to);
    Ok(Table { name, head: heads(shell), rows: rows.collect() })
}

pub async fn as_xlsx(
    State(app): State<App>,
    shell: Shell,
    Path(hall): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    exported(&app, &shell, &hall, &asked).await?.xlsx()
}

pub async fn as_csv(
    State(app): State<App>,
    shell: Shell,
    Path(hall): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    Ok(exported(&app, &shell, &hall, &asked).await?.csv())
}
