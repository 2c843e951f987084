//! `/zone/process/cases`: the cases behind a number, those that took longest first.

use axum::extract::{Query, State};
use maud::{Markup, html};
use mining::{CaseLine, Ending};

use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell};
use crate::ui;
use crate::zone::process::asked::{Asked, Source};
use crate::zone::process::report::narrowed;
use crate::zone::process::tables::{activity, hours};

const SHOWN: usize = 50;

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    let viewer = shell.staff()?;
    let source = Source::of(&app, &asked, viewer).await?;
    let (lines, all) = source.cases(&app, &asked, SHOWN).await?;
    let w = shell.w;
    let title = w.t("mine-cases");
    let may_open = source.is_own() && viewer.is_officer();
    let back = Asked { page: 0, ..asked.clone() }.address("/zone/process");
    let body = html! {
        h1 { (title) }
        p { (w.with("mine-cases-count", &[("count", all.into())])) " " span.quiet { (told(&shell, &asked, &source)) } }
        (narrowed(&shell, &asked))
        @if lines.is_empty() {
            (ui::empty(&w.t("mine-none"), &w.t("mine-none-next"), Some((&back, &w.t("mine-back")))))
        } @else {
            (list(&shell, &asked, &lines, may_open))
            (pages(&shell, &asked, all))
        }
        p.no-print { a href=(back) { (w.t("mine-back")) } }
    };
    let page =
        Page::desk(title, body).crumb(w.t("nav-figures"), "/zone").crumb(w.t("mine-title"), back.clone());
    Ok(shell.lay_out(page))
}

fn told(shell: &Shell, asked: &Asked, source: &Source) -> String {
    let mut parts = vec![source.name(shell)];
    parts.extend(
        [&asked.kind, &asked.group]
            .into_iter()
            .filter(|text| !text.is_empty())
            .map(|text| activity(shell, text)),
    );
    parts.join(" · ")
}

fn list(shell: &Shell, asked: &Asked, lines: &[CaseLine], may_open: bool) -> Markup {
    let w = shell.w;
    let day =
        |at: i64| jiff::Timestamp::from_microsecond(at).map(|at| ui::day(shell, at)).unwrap_or_default();
    let spent = !asked.activity.is_empty();
    html! {
        div.table-wrap tabindex="0" role="region" aria-label=(w.t("mine-cases")) { table.cards {
            caption.visually-hidden { (w.t("mine-cases")) }
            thead { tr {
                th scope="col" { (w.t("mine-col-case")) } th scope="col" { (w.t("mine-col-kind")) }
                th scope="col" { (w.t("mine-col-first")) } th scope="col" { (w.t("mine-col-last")) }
                th.n scope="col" { (w.t("mine-col-events")) }
                @if spent { th.n scope="col" { (w.t("mine-col-spent")) } }
                th.n scope="col" { (w.t("mine-col-duration")) }
                th scope="col" { (w.t("mine-col-ending")) } th scope="col" { (w.t("mine-col-fits")) }
            } }
            tbody { @for line in lines { tr {
                th scope="row" data-label=(w.t("mine-col-case")) {
                    @if may_open { a data-row="" href=(format!("/desk/cases/{}", line.id)) { (line.id) } } @else { (line.id) }
                }
                td data-label=(w.t("mine-col-kind")) { (line.kind.as_deref().map_or_else(|| "—".to_owned(), |kind| activity(shell, kind))) }
                td data-label=(w.t("mine-col-first")) { (day(line.first_at)) }
                td data-label=(w.t("mine-col-last")) { (day(line.last_at)) }
                td.n data-label=(w.t("mine-col-events")) { (line.events) }
                @if spent { td.n data-label=(w.t("mine-col-spent")) { (hours(Some(line.spent_seconds))) } }
                td.n data-label=(w.t("mine-col-duration")) { (hours(Some(line.duration_seconds))) }
                td data-label=(w.t("mine-col-ending")) { (w.t(ending(line.ending))) }
                td data-label=(w.t("mine-col-fits")) {
                    @match line.fits {
                        Some(true) => (w.t("mine-yes")),
                        Some(false) => span.tag.soon { (w.t("mine-no")) },
                        None => "—",
                    }
                }
            } } }
        } }
    }
}

const fn ending(ending: Ending) -> &'static str {
    match ending {
        Ending::Unknown => "mine-ending-unknown",
        Ending::Through => "mine-ending-through",
        Ending::Refused => "mine-ending-refused",
        Ending::BrokenOff => "mine-ending-broken-off",
        Ending::Open => "mine-ending-open",
    }
}

fn pages(shell: &Shell, asked: &Asked, all: u64) -> Markup {
    let to = |page: usize| Asked { page, ..asked.clone() }.address("/zone/process/cases");
    let more = (asked.page.saturating_add(1).saturating_mul(SHOWN) as u64) < all;
    html! {
        nav.pages aria-label=(shell.w.t("list-pages")) {
            @if asked.page > 0 { a href=(to(0)) { (shell.w.t("list-first")) } }
            @if more { a href=(to(asked.page + 1)) { (shell.w.t("list-next")) } }
        }
    }
}
