//! Last days that moved when the State published a calendar: what a head looks through afterwards.

use axum::extract::State;
use maud::{Markup, html};

use super::words;
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell, encode};
use crate::ui;

const SHOWN: u32 = 200;

pub async fn show(State(app): State<App>, shell: Shell) -> Result<Markup, Failure> {
    let moved = app.office.moved_days(SHOWN, shell.officer()?).await?;
    let w = shell.w;
    let body = html! {
        h1 { (w.t("desk-moved")) }
        p.lead { (w.t("desk-moved-lead")) }
        @if moved.is_empty() { (ui::empty(&w.t("desk-moved-none"), &w.t("desk-moved-none-next"), Some(("/desk/cases", &w.t("nav-cases"))))) }
        @else {
            div.table-wrap { table.cards {
                thead { tr {
                    th scope="col" { (w.t("desk-head-number")) } th scope="col" { (w.t("desk-head-item")) }
                    th scope="col" { (w.t("desk-moved-clock")) } th scope="col" { (w.t("desk-moved-from")) }
                    th scope="col" { (w.t("desk-moved-to")) } th scope="col" { (w.t("desk-moved-at")) }
                } }
                tbody { @for row in &moved {
                    tr {
                        td data-label=(w.t("desk-head-number")) { a.strong href=(format!("/desk/cases/{}", encode(&row.number))) { (row.number) } }
                        td data-label=(w.t("desk-head-item")) { (words::item_in(&shell, &shell.edition, &row.item)) }
                        td data-label=(w.t("desk-moved-clock")) { (w.t(&format!("desk-clock-{}", row.clock.code()))) }
                        td data-label=(w.t("desk-moved-from")) { (ui::date(&shell, row.from)) }
                        td data-label=(w.t("desk-moved-to")) { (ui::date(&shell, row.to)) }
                        td data-label=(w.t("desk-moved-at")) { (ui::day(&shell, row.at)) }
                    }
                } }
            } }
            @if moved.len() >= SHOWN as usize { p.quiet { (w.with("desk-moved-more", &[("count", SHOWN.into())])) } }
        }
    };
    Ok(shell.lay_out(Page::desk(w.t("desk-moved"), body).crumb(w.t("nav-cases"), "/desk/cases")))
}
