//! `/zone/cases`: exactly what a figure counts.

use axum::extract::{Query, State};
use maud::{Markup, html};
use office::{Counted, FigureFilter, Figures, MatterLine};
use serde::Deserialize;

use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell};
use crate::ui;
use crate::zone::{period, words};

const SHOWN: u32 = 50;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    what: String,
    #[serde(default)]
    period: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    thing: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    after: String,
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    let viewer = shell.staff()?;
    let what = Counted::parse(&asked.what).ok_or(Failure::NotFound)?;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let filter = FigureFilter {
        what,
        period: period::parse(&asked.period, app.office.this_month())?,
        department: some(&asked.department),
        item: some(&asked.item),
        thing: some(&asked.thing),
        channel: some(&asked.channel),
    };
    let list = app.office.matters(&filter, SHOWN, store::Cursor::parse(&asked.after), viewer).await?;
    let figures = app.office.figures(filter.period, viewer).await?;
    let w = shell.w;
    let title = w.t(&format!("zone-what-{}", what.code()));
    let may_open = viewer.is_officer();
    let body = html! {
        h1 { (title) @if let Some(count) = count(&figures, &filter) { " " span.quiet { (w.with("zone-count", &[("count", count.into())])) } } }
        p.quiet { (told(&shell, &filter)) }
        @if matches!(what, Counted::RatedBadly | Counted::RatedAt(_)) { p.quiet { (w.t("zone-ratings-closed")) } }
        @if list.lines.is_empty() {
            (ui::empty(&w.t("zone-none"), &w.t("zone-none-next"), Some(("/zone", &w.t("zone-back")))))
        } @else if list.lines.iter().all(|line| line.matter.is_none()) {
            (whole_cases(&shell, &list.lines, may_open))
        } @else {
            (matters(&shell, &list.lines, may_open))
        }
        (ui::pages(&shell, list.next.as_ref(), !asked.after.is_empty()))
    };
    let back = format!("/zone?period={}", period::code(filter.period));
    Ok(shell.lay_out(Page::desk(title, body).crumb(w.t("nav-figures"), back)))
}

/// The figure that led here, where one of the report's rows holds it.
fn count(figures: &Figures, filter: &FigureFilter) -> Option<u64> {
    let rows = [
        (&filter.department, &figures.by_department),
        (&filter.item, &figures.by_item),
        (&filter.thing, &figures.by_thing),
        (&filter.channel, &figures.by_channel),
    ];
    let mut given = rows.into_iter().filter_map(|(wanted, rows)| Some((wanted.as_ref()?, rows)));
    let Some((wanted, rows)) = given.next() else { return Some(figures.total.count(filter.what)) };
    if given.next().is_some() {
        return None;
    }
    Some(rows.iter().find(|row| row.id == *wanted).map_or(0, |row| row.totals.count(filter.what)))
}

fn told(shell: &Shell, filter: &FigureFilter) -> String {
    let mut parts = Vec::new();
    if filter.what.is_now() {
        parts.push(shell.w.t("zone-right-now"));
    } else {
        parts.push(period::name(shell, filter.period));
    }
    parts.extend(filter.department.as_ref().map(|id| words::department(shell, id)));
    parts.extend(filter.item.as_ref().map(|id| words::item(shell, id)));
    parts.extend(filter.thing.as_ref().map(|id| words::thing(shell, id)));
    parts.extend(filter.channel.as_ref().map(|id| words::channel(shell, id)));
    parts.join(" · ")
}

fn number(line: &MatterLine, may_open: bool) -> Markup {
    html! { @if may_open { a.strong data-row="" href=(format!("/desk/cases/{}", line.number)) { (line.number) } } @else { span.strong { (line.number) } } }
}

fn matters(shell: &Shell, lines: &[MatterLine], may_open: bool) -> Markup {
    let w = shell.w;
    let day = |at: Option<jiff::Timestamp>| at.map_or_else(|| "—".to_owned(), |at| ui::day(shell, at));
    let days = |days: Option<i64>| days.map_or_else(|| "—".to_owned(), |days| days.to_string());
    let head = [
        "number",
        "item",
        "department",
        "applicant",
        "received-on",
        "accepted-on",
        "decided-on",
        "days-early",
        "days-saved",
        "state",
    ];
    html! {
        div.table-wrap { table.cards {
            caption.visually-hidden { (w.t("zone-behind")) }
            thead { tr { @for key in head { th scope="col" class=[key.starts_with("days").then_some("n")] { (w.t(&format!("zone-col-{key}"))) } } } }
            tbody {
                @for line in lines {
                    @if let Some(matter) = &line.matter {
                        tr {
                            td data-label=(w.t("zone-col-number")) { (number(line, may_open)) }
                            td data-label=(w.t("zone-col-item")) { (words::item(shell, &matter.item)) }
                            td data-label=(w.t("zone-col-department")) { (words::department(shell, &matter.department)) }
                            td data-label=(w.t("zone-col-applicant")) { (line.applicant) }
                            td data-label=(w.t("zone-col-received-on")) { (day(Some(matter.received_at))) }
                            td data-label=(w.t("zone-col-accepted-on")) { (day(matter.accepted_at)) }
                            td data-label=(w.t("zone-col-decided-on")) { (day(matter.decided_at)) }
                            td.n data-label=(w.t("zone-col-days-early")) { (days(matter.days_early)) }
                            td.n data-label=(w.t("zone-col-days-saved")) { (days(matter.days_saved)) }
                            td data-label=(w.t("zone-col-state")) { div {
                                (ui::tag(shell, &line.colour))
                                @if matter.overdue && !matter.overdue_explained { " " span.tag.late { (w.t("zone-unexplained")) } }
                                @if matter.deemed { " " span.tag.soon { (w.t("zone-deemed")) } }
                            } }
                        }
                    }
                }
            }
        } }
    }
}

fn whole_cases(shell: &Shell, lines: &[MatterLine], may_open: bool) -> Markup {
    let w = shell.w;
    let head =
        ["number", "thing", "applicant", "received-on", "rating", "questions", "papers", "visits", "state"];
    html! {
        div.table-wrap { table.cards {
            caption.visually-hidden { (w.t("zone-behind")) }
            thead { tr { @for key in head { th scope="col" class=[matches!(key, "rating" | "questions" | "papers" | "visits").then_some("n")] { (w.t(&format!("zone-col-{key}"))) } } } }
            tbody {
                @for line in lines {
                    tr {
                        td data-label=(w.t("zone-col-number")) { (number(line, may_open)) }
                        td data-label=(w.t("zone-col-thing")) { (words::thing(shell, &line.thing)) }
                        td data-label=(w.t("zone-col-applicant")) { (line.applicant) }
                        td data-label=(w.t("zone-col-received-on")) { (ui::day(shell, line.received_at)) }
                        td.n data-label=(w.t("zone-col-rating")) { @if let Some(level) = line.rating { (level) } @else { "—" } }
                        @for (key, place) in [("questions", 0), ("papers", 1), ("visits", 2)] {
                            td.n data-label=(w.t(&format!("zone-col-{key}"))) { @if let Some(spared) = line.spared { (spared[place]) } @else { "—" } }
                        }
                        td data-label=(w.t("zone-col-state")) { (ui::tag(shell, &line.colour)) }
                    }
                }
            }
        } }
    }
}
