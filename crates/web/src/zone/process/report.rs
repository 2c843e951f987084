//! The page itself: sentences first, then pictures with their tables.

use axum::extract::{Query, State};
use maud::{Markup, html};
use mining::Report;
use office::{KeptLog, Viewer};

use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell};
use crate::ui;
use crate::zone::process::asked::{Asked, Source};
use crate::zone::process::charts;
use crate::zone::process::tables::{self, Table, activity, hours};
use crate::zone::{period, words};

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    let viewer = shell.staff()?;
    let source = Source::of(&app, &asked, viewer).await?;
    let report = source.report(&app, &asked).await?;
    let w = shell.w;
    let title = w.t("mine-title");
    let body = html! {
        h1 { (title) }
        p.quiet { (scope(&shell, &source)) }
        (chooser(&app, &shell, &asked, &source, viewer).await?)
        (narrowed(&shell, &asked))
        @if report.cases == 0 {
            (nothing(&shell, &asked, &source))
        } @else {
            (sums(&shell, &asked, &source, &report))
            (sections(&shell, &asked, &source, &report))
            p.small.quiet { (w.t(if asked.by_the_clock() { "mine-how-clock" } else { "mine-how-working" })) " " (w.t("mine-how")) }
        }
    };
    let page = Page::desk(title, body).crumb(w.t("nav-figures"), "/zone");
    Ok(shell.lay_out(page))
}

/// Whose log it is, and what is left out of it.
fn scope(shell: &Shell, source: &Source) -> Markup {
    let w = shell.w;
    match source {
        Source::Own(own, _) => html! {
            @match &own.departments {
                None => (w.t("zone-scope-all")),
                Some(ids) => {
                    @let names: Vec<String> = ids.iter().map(|id| words::department(shell, id)).collect();
                    (w.with("zone-scope-departments", &[("departments", w.list(&names).into())]))
                },
            }
            " " (w.with("mine-as-of", &[("at", ui::date_time(shell, own.read_at).into())]))
            @if own.cut { " " (w.t("mine-cut")) }
        },
        Source::Other(kept, log) => html! {
            (w.with("mine-other", &[("file", kept.file.as_str().into()), ("on", ui::day(shell, kept.added_at).into())]))
            @if log.zoneless > 0 { " " (w.with("mine-zoneless", &[("count", log.zoneless.into()), ("zone", zone(log.read_at_offset).into())])) }
            @if log.undated > 0 { " " (w.with("mine-undated", &[("count", log.undated.into())])) }
        },
    }
}

/// `+08:00`.
fn zone(seconds: i32) -> String {
    let minutes = seconds.abs() / 60;
    format!("{}{:02}:{:02}", if seconds < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
}

fn option(value: &str, label: &str, chosen: &str) -> Markup {
    html! { option value=(value) selected[value == chosen] { (label) } }
}

async fn chooser(
    app: &App,
    shell: &Shell,
    asked: &Asked,
    source: &Source,
    viewer: &Viewer,
) -> Result<Markup, Failure> {
    let w = shell.w;
    let others: Option<Vec<KeptLog>> = match app.office.sees_other_logs(viewer) {
        true => Some(app.office.kept_logs(viewer).await?),
        false => None,
    };
    let log = source.log();
    let periods = periods(app, shell, source);
    Ok(html! {
        form.filter.no-print method="get" action="/zone/process" {
            @if let Some(others) = &others {
                @if !others.is_empty() {
                    div { label for="log" { (w.t("mine-log")) } select id="log" name="log" {
                        (option("", &w.t("mine-own"), &asked.log))
                        @for each in others { (option(&each.id, &each.file, &asked.log)) }
                    } }
                }
            }
            @if source.is_own() {
                div { label for="period" { (w.t("zone-period")) } select id="period" name="period" {
                    @for (value, label, selected) in &periods { option value=(value) selected[*selected] { (label) } }
                } }
            }
            div { label for="kind" { (w.t("mine-kind")) } select id="kind" name="kind" {
                (option("", &w.t("mine-all"), &asked.kind))
                @for each in log.kinds() { (option(each, &activity(shell, each), &asked.kind)) }
            } }
            div { label for="group" { (w.t("mine-group")) } select id="group" name="group" {
                (option("", &w.t("mine-all"), &asked.group))
                @for each in log.groups() { (option(each, &activity(shell, each), &asked.group)) }
            } }
            div { label for="hours" { (w.t("mine-hours")) } select id="hours" name="hours" {
                (option("", &w.t("mine-hours-working"), &asked.hours))
                (option("clock", &w.t("mine-hours-clock"), &asked.hours))
            } }
            @for (name, value) in [("activity", &asked.activity), ("way", &asked.way), ("corrected", &asked.corrected), ("from", &asked.from), ("to", &asked.to), ("strays", &asked.strays)] {
                @if !value.is_empty() { (ui::hidden(name, value)) }
            }
            button.button.second type="submit" { (w.t("zone-show")) }
            @if others.is_some() { span.small { a href="/zone/logs" { (w.t("mine-logs")) } } }
        }
    })
}

/// The last months, quarters and years, and the one that is shown if it is another.
fn periods(app: &App, shell: &Shell, source: &Source) -> Vec<(String, String, bool)> {
    let Source::Own(_, shown) = source else { return Vec::new() };
    let month = app.office.this_month();
    let back = |months: i32| office::Period::between(month.plus(1 - months), month);
    let mut all: Vec<office::Period> = vec![office::Period::month(month), back(3), back(6), back(12)];
    all.extend((1..6).map(|ago| office::Period::month(month.plus(-ago))));
    all.push(office::Period::year(month.year()));
    if !all.contains(shown) {
        all.push(*shown);
    }
    all.into_iter().map(|each| (period::code(each), period::name(shell, each), each == *shown)).collect()
}

/// What narrows the cases, each with a way to be rid of it.
pub fn narrowed(shell: &Shell, asked: &Asked) -> Markup {
    let path = shell.here.split('?').next().unwrap_or("/zone/process").to_owned();
    let narrowed = asked.narrowed();
    html! {
        @if !narrowed.is_empty() {
            ul.mine-chosen {
                @for (key, value, without) in &narrowed {
                    @let value = match *key {
                        "mine-chosen-follows" => format!("{} → {}", activity(shell, &asked.from), activity(shell, &asked.to)),
                        _ => activity(shell, value),
                    };
                    li.tag { (shell.w.with(key, &[("value", value.into())])) " " a.no-print href=(without.address(&path)) { (shell.w.t("mine-chosen-drop")) } }
                }
            }
        }
    }
}

fn nothing(shell: &Shell, asked: &Asked, source: &Source) -> Markup {
    let w = shell.w;
    let narrow = asked.chosen() != mining::Chosen::default();
    let fresh = Asked { log: asked.log.clone(), period: asked.period.clone(), ..Asked::default() };
    let address = fresh.address("/zone/process");
    if narrow {
        ui::empty(&w.t("mine-none"), &w.t("mine-none-next"), Some((&address, &w.t("mine-all-again"))))
    } else if source.is_own() {
        ui::empty(&w.t("mine-empty"), &w.t("mine-empty-next"), Some(("/zone", &w.t("nav-figures"))))
    } else {
        ui::empty(&w.t("mine-none"), &w.t("mine-none-next"), Some(("/zone/logs", &w.t("mine-logs"))))
    }
}

fn sums(shell: &Shell, asked: &Asked, source: &Source, report: &Report) -> Markup {
    let w = shell.w;
    let span = report.first_at.zip(report.last_at);
    let day =
        |at: i64| jiff::Timestamp::from_microsecond(at).map(|at| ui::day(shell, at)).unwrap_or_default();
    html! {
        div.sentences {
            p {
                (words::sentence(shell, "mine-says-cases", &[
                    ("cases", html! { a href=(asked.cases(|_| ())) { (report.cases) } }),
                    ("events", html! { (report.events) }), ("activities", html! { (report.activities) }),
                    ("ways", html! { (report.ways_in_all) }),
                ]))
                @if let Some((first, last)) = span { " " (w.with("mine-says-span", &[("first", day(first).into()), ("last", day(last).into())])) }
            }
            p { (w.with("mine-says-duration", &[
                ("median", hours(Some(report.duration.median_seconds)).into()), ("p90", hours(Some(report.duration.p90_seconds)).into()),
            ])) }
            @if let Some(most) = report.steps.first().filter(|most| most.whole.sum_seconds > 0) {
                @let all: i64 = report.steps.iter().map(|each| each.whole.sum_seconds).sum();
                p { (w.with("mine-says-most", &[
                    ("step", activity(shell, &most.name).into()), ("percent", (most.whole.sum_seconds.saturating_mul(100) / all.max(1)).to_string().into()),
                ])) }
            }
        }
        p.no-print.small {
            a href=(asked.address("/zone/process/export.xlsx")) { (w.t("zone-export-xlsx")) }
            " · " a href=(asked.cases(|_| ())) { (w.t("mine-cases")) }
            @if source.is_own() { " · " a href="/zone" { (w.t("nav-figures")) } }
            " " button.button.second type="button" data-print="" hidden { (w.t("zone-print")) }
        }
    }
}

fn sections(shell: &Shell, asked: &Asked, source: &Source, report: &Report) -> Markup {
    let tables = tables::all(shell, asked, report);
    html! {
        nav.jump.no-print aria-label=(shell.w.t("mine-on-this-page")) { ul { @for table in &tables {
            li { a href={ "#" (table.key) } { (table.title) } }
        } } }
        @for table in &tables {
            section.zone-table id=(table.key) {
                h2 { (table.title) }
                @if table.key == "strayed" { (conformance(shell, asked, report)) }
                @if table.rows.is_empty() {
                    @if let Some(text) = empty(shell, source, table.key, report) { p.quiet { (text) } }
                } @else {
                    div.mine-pair {
                        div.zone-bars { (picture(shell, table, report)) }
                        div {
                            (table.draw(shell))
                            p.no-print.small { a href=(Asked { table: table.key.into(), ..asked.clone() }.address("/zone/process/export.csv")) {
                                (shell.w.with("zone-export-csv", &[("table", table.title.clone().into())])) } }
                        }
                    }
                }
            }
        }
    }
}

fn picture(shell: &Shell, table: &Table, report: &Report) -> Markup {
    let count = |rows: Vec<(String, u64)>| charts::counts(&rows);
    match table.key {
        "steps" => charts::times(shell, "steps-chart", &report.steps),
        "groups" => charts::times(shell, "groups-chart", &report.groups),
        "corrections" => {
            count(report.corrections.iter().map(|each| (activity(shell, &each.name), each.cases)).collect())
        }
        "ways" => count(
            table.rows.iter().zip(&report.ways).map(|((name, _), way)| (name.clone(), way.cases)).collect(),
        ),
        "follows" => charts::follows(shell, &report.ways, &report.follows),
        _ => count(
            report
                .fit
                .strayed
                .iter()
                .map(|each| (activity(shell, &each.step), each.left_out + each.out_of_place))
                .collect(),
        ),
    }
}

/// How well steps came as declared, in words and one bar.
fn conformance(shell: &Shell, asked: &Asked, report: &Report) -> Markup {
    let (w, fit) = (shell.w, &report.fit);
    html! {
        @if fit.judged > 0 {
            @let straying = asked.cases(|asked| asked.strays = "1".into());
            p { (words::sentence(shell, "mine-says-fit", &[
                ("judged", html! { (fit.judged) }), ("fitting", html! { (fit.fitting) }),
                ("straying", html! { a href=(straying) { (fit.judged - fit.fitting) } }),
                ("fitness", html! { (format!("{:.3}", fit.fitness.unwrap_or(0.0))) }),
            ])) }
            div.zone-bars { (charts::share(shell, "fit-chart", fit.fitting, fit.judged)) }
        }
        @for (key, count) in [("mine-fit-open", fit.open), ("mine-fit-undeclared", fit.undeclared), ("mine-fit-given-up", fit.given_up)] {
            @if count > 0 { p.small.quiet { (w.with(key, &[("count", count.into())])) } }
        }
    }
}

fn empty(shell: &Shell, source: &Source, key: &str, report: &Report) -> Option<String> {
    let w = shell.w;
    match key {
        "strayed" if report.fit.judged > 0 => Some(w.t("mine-none-strayed")),
        "strayed" if !source.is_own() => Some(w.t("mine-no-declaration")),
        "strayed" => None,
        "corrections" => Some(w.t("mine-none-corrected")),
        "groups" => Some(w.t("mine-no-groups")),
        _ => Some(w.t("mine-none-here")),
    }
}
