//! The list of cases, by filter, newest first.

use axum::extract::{Query, State};
use axum::response::Response;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use maud::{Markup, html};
use office::{CaseFilter, CaseLine};
use serde::Deserialize;

use super::words;
use crate::app::App;
use crate::fault::Failure;
use crate::sheet::{Table, Value};
use crate::shell::{Page, Shell};
use crate::ui;

const SHOWN: u32 = 50;
const EXPORTED: u32 = 10_000;
const STATES: [&str; 3] = ["open", "completed", "closed"];
const COLOURS: [&str; 8] = ["overdue", "due-today", "red", "yellow", "green", "paused", "done", "done-late"];

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    words: String,
    #[serde(default)]
    thing: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    colour: String,
    /// `2026-11`.
    #[serde(default)]
    month: String,
    #[serde(default)]
    unanswered: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    /// # Errors
    /// [`Failure::Query`] for a month that there is not.
    fn filter(&self, shell: &Shell) -> Result<CaseFilter, Failure> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let wrong = Failure::Query { wrong: &["month"], next: "error-month-next" };
        let month = match self.month.trim() {
            "" => None,
            text => Some(month(shell, text).ok_or(wrong)?),
        };
        Ok(CaseFilter {
            words: self.words.trim().to_owned(),
            thing: some(&self.thing),
            state: some(&self.state),
            colour: some(&self.colour),
            received_from: month.map(|(from, _)| from),
            received_before: month.map(|(_, before)| before),
            unanswered: !self.unanswered.is_empty(),
            ..CaseFilter::default()
        })
    }
}

/// The first instants of a month and of the next one, in the zone.
fn month(shell: &Shell, text: &str) -> Option<(Timestamp, Timestamp)> {
    let (year, month) = text.split_once('-')?;
    let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
    let next = first.checked_add(1.month()).ok()?;
    let offset = shell.edition.offset();
    let start = |day: Date| offset.to_timestamp(day.at(0, 0, 0, 0)).ok();
    Some((start(first)?, start(next)?))
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    let viewer = shell.officer()?;
    let filter = asked.filter(&shell)?;
    let list = app.office.cases(&filter, SHOWN, store::Cursor::parse(&asked.after), viewer).await?;
    let w = shell.w;
    let body = html! {
        h1 { (w.t("nav-cases")) }
        (filters(&shell, &asked))
        @if list.lines.is_empty() {
            @if filter == CaseFilter::default() {
                (ui::empty(&w.t("desk-cases-empty"), &w.t("desk-cases-empty-next"), None))
            } @else {
                (ui::empty(&w.t("desk-cases-none"), &w.t("desk-cases-none-next"), Some(("/desk/cases", &w.t("desk-filter-clear")))))
            }
        } @else {
            div.table-wrap { table.cards {
                caption.visually-hidden { (w.t("nav-cases")) }
                thead { tr {
                    @for key in ["number", "thing", "applicant", "state", "received", "due"] { th scope="col" { (w.t(&format!("desk-head-{key}"))) } }
                } }
                tbody { @for line in &list.lines { (row(&shell, line)) } }
            } }
        }
        (ui::pages(&shell, list.next.as_ref(), !asked.after.is_empty()))
        p.no-print { a href="/desk/moved" { (w.t("desk-moved")) } }
    };
    Ok(shell.lay_out(Page::desk(w.t("nav-cases"), body)))
}

fn row(shell: &Shell, line: &CaseLine) -> Markup {
    let w = shell.w;
    let row = &line.row;
    html! {
        tr {
            td data-label=(w.t("desk-head-number")) {
                @if line.opens { a.strong data-row="" href=(format!("/desk/cases/{}", row.number)) { (row.number) } }
                @else { div { span.mono { (row.number) } br; span.quiet.small { (w.t("desk-not-yours")) } } }
            }
            td data-label=(w.t("desk-head-thing")) { (words::thing(shell, &row.thing)) }
            td data-label=(w.t("desk-head-applicant")) { (line.applicant) }
            td data-label=(w.t("desk-head-state")) {
                div { (w.t(&format!("desk-case-{}", row.state)))
                    @if row.unanswered > 0 { " " span.tag.soon { (w.with("desk-unanswered", &[("count", row.unanswered.into())])) } }
                }
            }
            td data-label=(w.t("desk-head-received")) { (ui::day(shell, row.received_at)) }
            td data-label=(w.t("desk-head-due")) {
                div {
                    (ui::due_state(shell, &row.colour, row.due_at, None))
                }
            }
        }
    }
}

fn filters(shell: &Shell, asked: &Asked) -> Markup {
    let w = shell.w;
    let query = shell.here.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    html! {
        form.filter.no-print method="get" action="/desk/cases" role="search" {
            div { label for="words" { (w.t("desk-filter-words")) " " kbd { "/" } }
                input type="search" id="words" name="words" value=(asked.words) data-search="" autocomplete="off"; }
            div { label for="thing" { (w.t("desk-head-thing")) }
                select id="thing" name="thing" {
                    option value="" { (w.t("desk-filter-all")) }
                    @for thing in shell.edition.parts().things.values() {
                        option value=(thing.id) selected[thing.id.as_str() == asked.thing] { (shell.say(&thing.title)) }
                    }
                }
            }
            div { label for="state" { (w.t("desk-head-state")) }
                select id="state" name="state" {
                    option value="" { (w.t("desk-filter-all")) }
                    @for state in STATES { option value=(state) selected[state == asked.state] { (w.t(&format!("desk-case-{state}"))) } }
                }
            }
            div { label for="colour" { (w.t("desk-filter-colour")) }
                select id="colour" name="colour" {
                    option value="" { (w.t("desk-filter-all")) }
                    @for colour in COLOURS { option value=(colour) selected[colour == asked.colour] { (w.t(&format!("colour-{colour}"))) } }
                }
            }
            div { label for="month" { (w.t("desk-filter-month")) } input type="month" id="month" name="month" value=(asked.month) placeholder="2026-11"; }
            label.choice { input type="checkbox" name="unanswered" value="1" checked[!asked.unanswered.is_empty()]; span { (w.t("desk-filter-unanswered")) } }
            button.button.second type="submit" { (w.t("desk-filter-go")) }
            span.small { (w.t("desk-export")) " " a href=(format!("/desk/cases.xlsx{query}")) { "Excel" } " · " a href=(format!("/desk/cases.csv{query}")) { "CSV" } }
        }
    }
}

async fn table(app: &App, shell: &Shell, asked: &Asked) -> Result<Table, Failure> {
    let list = app.office.cases(&asked.filter(shell)?, EXPORTED, None, shell.officer()?).await?;
    let w = shell.w;
    let text = |text: String| Value::Text(text);
    let time = |at: Option<Timestamp>| at.map_or(Value::Nothing, |at| Value::Time(ui::civil(shell, at)));
    let day = |due_at: Option<Timestamp>| {
        due_at.map_or(Value::Nothing, |due_at| Value::Day(ui::last_day(shell, due_at)))
    };
    let head = [
        "number",
        "thing",
        "applicant",
        "state",
        "channel",
        "received",
        "due-day",
        "colour",
        "matters",
        "rating",
        "unanswered",
    ];
    let rows = list.lines.iter().map(|line| {
        let row = &line.row;
        vec![
            text(row.number.clone()),
            text(words::thing(shell, &row.thing)),
            text(line.applicant.clone()),
            text(w.t(&format!("desk-case-{}", row.state))),
            text(w.t(&format!("desk-channel-{}", row.channel))),
            time(Some(row.received_at)),
            day(row.due_at),
            text(w.t(&format!("colour-{}", row.colour))),
            Value::Number(row.matters.into()),
            row.rating_shown.map_or(Value::Nothing, |level| Value::Number(level.into())),
            Value::Number(row.unanswered.into()),
        ]
    });
    let head = head.map(|key| w.t(&format!("desk-head-{key}"))).to_vec();
    Ok(Table { name: w.t("nav-cases"), head, rows: rows.collect() })
}

pub async fn as_csv(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    Ok(table(&app, &shell, &asked).await?.csv())
}

pub async fn as_xlsx(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    table(&app, &shell, &asked).await?.xlsx()
}
