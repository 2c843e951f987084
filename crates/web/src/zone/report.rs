//! `/zone`: the report, written as a newspaper would write it.

use axum::extract::{Query, State};
use maud::{Markup, html};
use office::{Counted, Figures, Totals};

use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell};
use crate::ui;
use crate::zone::words::{figure, one_place, sentence};
use crate::zone::{draw, period, tables, words};

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<period::Asked>,
) -> Result<Markup, Failure> {
    let viewer = shell.staff()?;
    let this_month = app.office.this_month();
    let figures = app.office.figures(period::parse(&asked.period, this_month)?, viewer).await?;
    let w = shell.w;
    let name = period::name(&shell, figures.period);
    let title = w.with("zone-title", &[("period", name.clone().into())]);
    let nothing_ever =
        figures.total.is_empty() && figures.by_month.iter().all(|(_, totals)| totals.is_empty());
    let tables = tables::all(&shell, &figures);
    let body = html! {
        h1 { (title) }
        p.quiet { (scope(&shell, &figures)) }
        (period::chooser(&shell, figures.period, this_month))
        p.no-print.small { a href=(format!("/zone/process?period={}", period::code(figures.period))) { (w.t("mine-title")) } }
        @if nothing_ever {
            (ui::empty(&w.t("zone-empty"), &w.t("zone-empty-next"), None))
        } @else {
            (article(&shell, &figures, &name))
            (now(&shell, &figures))
            h2 { (w.t("zone-tables")) }
            p.no-print.small {
                a href=(format!("/zone/export.xlsx?period={}", period::code(figures.period))) { (w.t("zone-export-xlsx")) }
                " · " a href=(format!("/zone/wall?period={}", period::code(figures.period))) { (w.t("zone-wall")) }
                " " button.button.second type="button" data-print="" hidden { (w.t("zone-print")) }
            }
            @for table in &tables {
                section.zone-table {
                    @if table.rows.is_empty() { h3 { (table.title) } p.quiet { (w.t("zone-table-empty")) } }
                    @else {
                        @if table.key != "channels" { div.zone-bars { (table.bars()) } }
                        (table.draw())
                        p.no-print.small { a href=(format!("/zone/export.csv?table={}&period={}", table.key, period::code(figures.period))) {
                            (w.with("zone-export-csv", &[("table", table.title.clone().into())])) } }
                    }
                }
            }
            p.small.quiet { (w.t("zone-how-counted")) }
        }
    };
    Ok(shell.lay_out(Page::desk(title, body)))
}

/// The departments that are counted; nothing to say for the whole zone.
pub fn departments(shell: &Shell, figures: &Figures) -> Option<String> {
    let ids = figures.departments.as_ref()?;
    let names: Vec<String> = ids.iter().map(|id| words::department(shell, id)).collect();
    Some(shell.w.list(&names))
}

fn scope(shell: &Shell, figures: &Figures) -> String {
    match departments(shell, figures) {
        None => shell.w.t("zone-scope-all"),
        Some(names) => shell.w.with("zone-scope-departments", &[("departments", names.into())]),
    }
}

#[allow(clippy::cast_precision_loss)]
fn article(shell: &Shell, figures: &Figures, name: &str) -> Markup {
    let w = shell.w;
    let total = &figures.total;
    let link = |what| figure(total, &figures.filter(what));
    let text = |text: String| html! { (text) };
    let line = |of: &dyn Fn(&Totals) -> f64| draw::spark(&figures.history(of), &w.t("zone-last-months"));
    let count = |what: Counted| move |totals: &Totals| totals.count(what) as f64;
    html! {
        div.sentences {
            @if total.received + total.accepted + total.decided == 0 {
                p { (w.with("zone-says-quiet", &[("period", name.into())])) }
            } @else {
                p {
                    (sentence(shell, "zone-says-received", &[
                        ("period", text(name.to_owned())), ("received", link(Counted::Received)), ("accepted", link(Counted::Accepted)),
                    ]))
                    @if total.deemed > 0 { (sentence(shell, "zone-says-deemed", &[("deemed", link(Counted::Deemed))])) }
                    " " (line(&count(Counted::Received)))
                    @if figures.period.is_month() && figures.before.received > 0 { " " span.quiet.small { (compared(shell, total.received, figures.before.received)) } }
                }
                @if total.decided > 0 {
                    p {
                        (sentence(shell, "zone-says-decided", &[
                            ("decided", link(Counted::Decided)), ("granted", link(Counted::Granted)),
                            ("refused", link(Counted::Refused)), ("sameday", link(Counted::SameDay)),
                        ]))
                        @if total.count(Counted::Otherwise) > 0 {
                            " " (sentence(shell, "zone-says-otherwise", &[("otherwise", link(Counted::Otherwise))]))
                        }
                        " " (line(&count(Counted::Decided)))
                    }
                    p {
                        (sentence(shell, "zone-says-early", &[
                            ("early", link(Counted::Early)), ("earlymean", text(one_place(total.days_early_mean()))),
                            ("saved", link(Counted::Saved)), ("savedmean", text(one_place(total.days_saved_mean()))),
                            ("saveddays", text(total.saved_days.to_string())),
                        ]))
                        " " (line(&|totals: &Totals| totals.saved_days as f64))
                    }
                    p {
                        @if total.late == 0 { (w.t("zone-says-none-late")) } @else {
                            (sentence(shell, "zone-says-late", &[
                                ("late", link(Counted::Late)), ("explained", link(Counted::LateExplained)), ("unexplained", link(Counted::LateUnexplained)),
                            ]))
                            " " (line(&count(Counted::Late)))
                        }
                    }
                }
                p {
                    (sentence(shell, "zone-says-corrections", &[
                        ("rate", text(one_place(total.corrections_per_hundred()))), ("corrected", link(Counted::Corrected)),
                    ]))
                    " " (line(&|totals: &Totals| totals.corrections_per_hundred().unwrap_or(0.0)))
                }
            }
            @if total.cases > 0 {
                p {
                    (sentence(shell, "zone-says-spared", &[
                        ("cases", link(Counted::Cases)), ("questions", text(total.questions_spared.to_string())),
                        ("papers", text(total.papers_spared.to_string())), ("visits", text(total.visits_spared.to_string())),
                    ]))
                    " " (line(&|totals: &Totals| totals.questions_spared as f64))
                }
            }
            (voices(shell, figures))
        }
    }
}

fn voices(shell: &Shell, figures: &Figures) -> Markup {
    let w = shell.w;
    let total = &figures.total;
    let link = |what| figure(total, &figures.filter(what));
    html! {
        @if total.count(Counted::Rated) > 0 {
            p {
                (sentence(shell, if figures.whole_zone() { "zone-says-rated" } else { "zone-says-rated-matters" }, &[
                    ("rated", link(Counted::Rated)), ("mean", html! { (one_place(total.rating_mean())) }), ("badly", link(Counted::RatedBadly)),
                ]))
                @if figures.callbacks > 0 {
                    @let filter = office::FigureFilter { thing: shell.edition.zone().callback.as_ref().map(ToString::to_string), ..figures.filter(Counted::Reports) };
                    (sentence(shell, "zone-says-callbacks", &[("callbacks", html! { a href=(words::address(&filter)) { (figures.callbacks) } })]))
                }
            }
            ul.zone-ratings.small {
                @for level in (1..=5).rev() {
                    li { (w.t(&format!("zone-level-{level}"))) " " (link(Counted::RatedAt(level))) }
                }
            }
        }
        @if total.reports > 0 { p { (sentence(shell, "zone-says-reports", &[("reports", link(Counted::Reports))])) } }
    }
}

/// What is open, late and red at this moment.
fn now(shell: &Shell, figures: &Figures) -> Markup {
    let w = shell.w;
    let total = &figures.total;
    let colours = [
        (Counted::Overdue, "late"),
        (Counted::DueToday, "late"),
        (Counted::Red, "late"),
        (Counted::Yellow, "soon"),
        (Counted::Green, "run"),
        (Counted::Paused, "pause"),
        (Counted::Settled, "good"),
        (Counted::SettledLate, "late"),
    ];
    html! {
        h2 { (w.with("zone-now", &[("at", ui::date_time(shell, shell.now).into())])) }
        ul.figures {
            li.figure { a.n href=(words::address(&figures.filter(Counted::Open))) { (total.open) } span.what { (w.t("zone-col-open")) } }
            @for (what, class) in colours {
                @if total.count(what) > 0 || matches!(what, Counted::Overdue | Counted::DueToday) {
                    li.figure {
                        a.n href=(words::address(&figures.filter(what))) { (total.count(what)) }
                        span.what { span class=(format!("tag {class}")) { (w.t(&format!("zone-what-{}", what.code()))) } }
                    }
                }
            }
        }
    }
}

/// `比上月多 12 件`.
fn compared(shell: &Shell, now: u64, before: u64) -> String {
    let args = [("count", now.abs_diff(before).into())];
    match now.cmp(&before) {
        std::cmp::Ordering::Greater => shell.w.with("zone-more", &args),
        std::cmp::Ordering::Less => shell.w.with("zone-fewer", &args),
        std::cmp::Ordering::Equal => shell.w.t("zone-same"),
    }
}
