//! `/zone/wall`: the figures for a screen on the wall. Big, loads again by itself, names nobody.

use axum::extract::{Query, State};
use maud::{Markup, html};
use office::{Counted, Totals};

use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell, Width};
use crate::ui;
use crate::zone::words::one_place;
use crate::zone::{draw, period, report};

const REFRESH_SECONDS: u32 = 60;

#[allow(clippy::cast_precision_loss)]
pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<period::Asked>,
) -> Result<Markup, Failure> {
    let viewer = shell.staff()?;
    let figures = app.office.figures(period::parse(&asked.period, app.office.this_month())?, viewer).await?;
    let w = shell.w;
    let total = &figures.total;
    let name = period::name(&shell, figures.period);
    let line = |of: &dyn Fn(&Totals) -> f64| draw::spark(&figures.history(of), &w.t("zone-last-months"));
    let counted = |what: Counted| move |totals: &Totals| totals.count(what) as f64;
    let big = |value: String, key: &str, class: &str, line: Markup| {
        html! { li class=(format!("figure {class}")) { span.n { (value) } span.what { (w.t(key)) } (line) } }
    };
    let count = |what: Counted, class: &str| {
        let key = format!("zone-what-{}", what.code());
        let line = if what.is_now() {
            html! {}
        } else {
            line(&counted(what))
        };
        big(total.count(what).to_string(), &key, if total.count(what) > 0 { class } else { "" }, line)
    };
    let body = html! {
        div.wall {
            h1 { (w.with("zone-title", &[("period", name.clone().into())])) }
            p.quiet { @if let Some(whose) = report::departments(&shell, &figures) { (whose) " · " } (w.with("zone-wall-at", &[("at", ui::date_time(&shell, shell.now).into())])) }
            ul.figures {
                (count(Counted::Received, ""))
                (count(Counted::Decided, ""))
                (count(Counted::SameDay, ""))
                (count(Counted::Early, ""))
                (big(one_place(total.days_early_mean()), "zone-col-early-mean", "", line(&|totals: &Totals| totals.days_early_mean().unwrap_or(0.0))))
                (big(total.saved_days.to_string(), "zone-saved-days", "", line(&|totals: &Totals| totals.saved_days as f64)))
            }
            ul.figures {
                (count(Counted::Open, ""))
                (count(Counted::Yellow, "soon"))
                (count(Counted::DueToday, "late"))
                (count(Counted::Overdue, "late"))
                (count(Counted::Paused, ""))
                @if figures.whole_zone() {
                    (big(total.questions_spared.to_string(), "zone-wall-questions", "", html! {}))
                    (big(total.papers_spared.to_string(), "zone-wall-papers", "", html! {}))
                    (big(total.visits_spared.to_string(), "zone-wall-visits", "", html! {}))
                }
            }
        }
    };
    let title = w.t("zone-wall");
    Ok(shell.lay_out(Page::desk(title, body).width(Width::Wide).refresh(REFRESH_SECONDS)))
}
