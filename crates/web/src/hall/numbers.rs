//! `/floor/HALL/numbers`: what days came to, by hour, line, window and day; each figure opens its tickets.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use catalogue::{Hall, HallId};
use jiff::ToSpan as _;
use jiff::civil::Date;
use maud::{Markup, html};
use office::{HallFilter, HallGroup, HallNumbers, HallTotals};
use serde::Deserialize;

use super::floor::manager;
use super::forecast;
use super::names::{Names, hall_of, path};
use crate::app::App;
use crate::fault::Failure;
use crate::sheet::{Table, Value};
use crate::shell::{Page, Shell, encode};
use crate::ui;

/// So many days back when nobody says otherwise.
const DAYS_BACK: i64 = 27;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    pub line: String,
    #[serde(default)]
    pub window: String,
    #[serde(default)]
    pub hour: String,
    /// `1`: only those who went away unserved.
    #[serde(default)]
    pub left: String,
}

impl Asked {
    /// # Errors
    /// [`Failure::Query`] for days that there are not, or in the wrong order.
    pub fn filter(&self, hall: &HallId, today: Date) -> Result<HallFilter, Failure> {
        let wrong = || Failure::Query { wrong: &["from", "to"], next: "error-days-next" };
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let day = |text: &str, or: Date| match text.trim() {
            "" => Ok(or),
            text => text.parse::<Date>().map_err(|_| wrong()),
        };
        let to = day(&self.to, today)?;
        let from = day(&self.from, to.checked_sub(DAYS_BACK.days()).unwrap_or(to))?;
        if from > to {
            return Err(wrong());
        }
        Ok(HallFilter {
            hall: hall.clone(),
            from,
            to,
            line: some(&self.line),
            window: some(&self.window),
            hour: self.hour.parse().ok(),
            left_unserved: self.left == "1",
        })
    }

    fn group(&self) -> HallGroup {
        HallGroup::ALL.into_iter().find(|group| group.code() == self.by).unwrap_or(HallGroup::Hour)
    }
}

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    Path(hall): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    let viewer = manager(&shell)?;
    let hall = hall_of(&shell, &hall)?;
    let w = shell.w;
    let filter = asked.filter(&hall.id, app.office.today())?;
    let group = asked.group();
    let numbers = app.office.hall_numbers(&filter, group, viewer).await?;
    let scored = app.office.forecast_scores(&hall.id, (filter.from, filter.to), viewer).await?;
    let names = Names::new(&shell);
    let query = format!("from={}&to={}", filter.from, filter.to);
    let base = path("floor", &hall.id);
    let title = w.t("hall-numbers");
    let body = html! {
        h1 { (title) }
        p.quiet { (shell.say(&hall.name)) }
        form.filter method="get" action=(format!("{base}/numbers")) {
            (ui::hidden("by", group.code()))
            div { label for="from" { (w.t("hall-from")) } input type="date" #from name="from" value=(filter.from); }
            div { label for="to" { (w.t("hall-to")) } input type="date" #to name="to" value=(filter.to); }
            div { button.button.second type="submit" { (w.t("hall-show")) } }
        }
        (total(&shell, &numbers.total, &format!("{base}/tickets?{query}")))
        nav.row.by-group aria-label=(w.t("hall-by")) {
            @for each in HallGroup::ALL {
                a href=(format!("{base}/numbers?{query}&by={}", each.code())) aria-current=[(each == group).then_some("page")] { (w.t(&format!("hall-by-{}", each.code()))) }
            }
        }
        @if numbers.groups.is_empty() { (ui::empty(&w.t("hall-numbers-none"), &w.t("hall-numbers-none-next"), None)) }
        @else { (table(&shell, &names, hall, &filter, group, &numbers)) }
        (forecast::published(&shell, &names, &scored))
        p { a href=(format!("{base}/numbers.xlsx?{query}&by={}", group.code())) { (w.t("hall-as-xlsx")) } " · " a href=(format!("{base}/numbers.csv?{query}&by={}", group.code())) { (w.t("hall-as-csv")) } }
    };
    Ok(shell.lay_out(Page::desk(title, body).crumb(w.t("nav-hall"), base)))
}

fn total(shell: &Shell, total: &HallTotals, tickets: &str) -> Markup {
    let w = shell.w;
    let minutes = |minutes: Option<i64>| {
        minutes.map_or("–".into(), |minutes| w.with("hall-minutes", &[("minutes", minutes.into())]))
    };
    let percent = |share: Option<i64>| share.map_or("–".into(), |share| format!("{share}%"));
    let whole = |share: Option<u64>| share.and_then(|share| i64::try_from(share).ok());
    let figure =
        |value: String, key: &str| html! { li.figure { span.n { (value) } span.what { (w.t(key)) } } };
    html! {
        ul.figures {
            li.figure { a.n href=(tickets) { (total.taken) } span.what { (w.t("hall-num-taken")) } }
            (figure(minutes(total.wait_minutes(50)), "hall-num-wait-50"))
            (figure(minutes(total.wait_minutes(90)), "hall-num-wait-90"))
            (figure(percent(whole(total.in_target_percent())), "hall-num-in-target"))
            (figure(minutes(total.service_minutes(50)), "hall-num-service-50"))
            li.figure { a.n href=(format!("{tickets}&left=1")) { (percent(whole(total.left_percent()))) } span.what { (w.t("hall-num-left")) } }
            (figure(percent(total.used_percent()), "hall-num-used"))
            (figure(total.rated().to_string(), "hall-num-rated"))
            (figure(percent(whole(total.content_percent())), "hall-num-content"))
        }
    }
}

fn label(shell: &Shell, names: &Names<'_>, group: HallGroup, key: &str) -> String {
    match group {
        HallGroup::Hour => format!("{:0>2}:00", key),
        HallGroup::Line => names.line(&key.into()),
        HallGroup::Window => names.window(&key.into()),
        HallGroup::Day => key.parse().map_or_else(|_| key.to_owned(), |day| ui::date(shell, day)),
    }
}

/// The tickets that a line of figures counts.
fn behind(hall: &Hall, filter: &HallFilter, group: HallGroup, key: &str) -> String {
    let (from, to) = (filter.from, filter.to);
    let base = format!("{}/tickets", path("floor", &hall.id));
    match group {
        HallGroup::Day => format!("{base}?from={key}&to={key}"),
        _ => format!("{base}?from={from}&to={to}&{}={}", group.code(), encode(key)),
    }
}

fn table(
    shell: &Shell,
    names: &Names<'_>,
    hall: &Hall,
    filter: &HallFilter,
    group: HallGroup,
    numbers: &HallNumbers,
) -> Markup {
    let w = shell.w;
    let longest =
        numbers.groups.iter().filter_map(|(_, totals)| totals.wait_minutes(90)).max().unwrap_or(1).max(1);
    html! {
        div.table-wrap { table {
            caption.visually-hidden { (w.t("hall-numbers")) }
            thead { tr { @for head in heads(shell, group) { th scope="col" { (head) } } th scope="col" { (w.t("hall-num-wait-90-bar")) } } }
            tbody { @for (key, totals) in &numbers.groups {
                @let href = behind(hall, filter, group, key);
                tr {
                    th scope="row" { (label(shell, names, group, key)) }
                    td.n { a href=(href) { (totals.taken) } }
                    @for cell in cells(totals) { td.n { (cell) } }
                    td { @if let Some(minutes) = totals.wait_minutes(90) { (bar(minutes, longest)) } }
                }
            } }
        } }
    }
}

/// A bar as long as the wait; the number stands in the table beside it.
fn bar(minutes: i64, longest: i64) -> Markup {
    let width = minutes * 100 / longest;
    html! {
        svg.wait-bar viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" { rect width=(width) height="10" {} }
    }
}

fn heads(shell: &Shell, group: HallGroup) -> Vec<String> {
    let mut heads = vec![shell.w.t(&format!("hall-by-{}", group.code()))];
    let keys = [
        "taken",
        "served",
        "left-count",
        "wait-50",
        "wait-90",
        "in-target",
        "service-50",
        "service-90",
        "used",
        "rated",
        "content",
    ];
    heads.extend(keys.iter().map(|key| shell.w.t(&format!("hall-num-{key}"))));
    heads
}

/// Everything after the count of numbers given out.
fn cells(totals: &HallTotals) -> Vec<String> {
    let whole = |value: Option<i64>| value.map_or_else(|| "–".to_owned(), |value| value.to_string());
    let percent = |value: Option<i64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value}%"));
    vec![
        totals.served.to_string(),
        totals.left_unserved.to_string(),
        whole(totals.wait_minutes(50)),
        whole(totals.wait_minutes(90)),
        percent(totals.in_target_percent().and_then(|share| i64::try_from(share).ok())),
        whole(totals.service_minutes(50)),
        whole(totals.service_minutes(90)),
        percent(totals.used_percent()),
        totals.rated().to_string(),
        percent(totals.content_percent().and_then(|share| i64::try_from(share).ok())),
    ]
}

async fn exported(app: &App, shell: &Shell, hall: &str, asked: &Asked) -> Result<Table, Failure> {
    let viewer = manager(shell)?;
    let hall = hall_of(shell, hall)?;
    let filter = asked.filter(&hall.id, app.office.today())?;
    let group = asked.group();
    let numbers = app.office.hall_numbers(&filter, group, viewer).await?;
    let names = Names::new(shell);
    #[allow(clippy::cast_precision_loss)]
    let number = |value: Option<i64>| value.map_or(Value::Nothing, |value| Value::Number(value as f64));
    let count = |value: u64| number(i64::try_from(value).ok());
    let rows = numbers.groups.iter().map(|(key, totals)| {
        vec![
            Value::Text(label(shell, &names, group, key)),
            count(totals.taken),
            count(totals.served),
            count(totals.left_unserved),
            number(totals.wait_minutes(50)),
            number(totals.wait_minutes(90)),
            number(totals.in_target_percent().and_then(|share| i64::try_from(share).ok())),
            number(totals.service_minutes(50)),
            number(totals.service_minutes(90)),
            number(totals.used_percent()),
            count(totals.rated()),
            number(totals.content_percent().and_then(|share| i64::try_from(share).ok())),
        ]
    });
    let name =
        format!("{} {} {}–{}", shell.say(&hall.name), shell.w.t("hall-numbers"), filter.from, filter.to);
    Ok(Table { name, head: heads(shell, group), rows: rows.collect() })
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
