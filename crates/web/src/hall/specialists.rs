//! `/specialists`: “有事请找我”: who helps with what, by name.

use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::names::{Names, path};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell, encode};
use crate::ui;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// A thing: only those who help with it.
    #[serde(default)]
    thing: String,
}

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    let w = shell.w;
    let names = Names::new(&shell);
    let thing = shell.edition.thing(&asked.thing.as_str().into());
    let found = shell.edition.specialists_for(thing);
    let hall = shell.edition.parts().halls.keys().next();
    let bookable = match hall {
        Some(hall) => app.office.hall_setup(hall, app.office.today())?.booking.is_some(),
        None => false,
    };
    let mut things: Vec<_> =
        shell.edition.parts().things.values().filter(|thing| thing.home_order.is_some()).collect();
    things.sort_by_key(|thing| thing.home_order);
    let body = html! {
        h1 { (w.t("hall-specialists")) }
        p.lead { (w.t("hall-specialists-lead")) }
        form.filter method="get" action="/specialists" {
            div { label for="thing" { (w.t("hall-specialists-thing")) }
                select #thing name="thing" { option value="" { (w.t("hall-specialists-any")) }
                    @for each in things { option value=(each.id) selected[thing.is_some_and(|thing| thing.id == each.id)] { (shell.say(&each.title)) } } } }
            div { button.button.second type="submit" { (w.t("hall-specialists-find")) } }
        }
        @if found.is_empty() { (ui::empty(&w.t("hall-specialists-none"), shell.say(&shell.edition.zone().contact), None)) }
        @for each in found {
            section.card {
                h2 { (each.id) }
                @if let Some(about) = &each.about { p { (shell.say(about)) } }
                p { span.quiet { (w.t("hall-specialist-covers")) } " " (each.covers.iter().map(|line| names.line(line)).collect::<Vec<_>>().join(" · ")) }
                @if !each.languages.is_empty() { p.quiet { (each.languages.iter().map(|tongue| names.tongue(*tongue)).collect::<Vec<_>>().join(" · ")) } }
                div.actions {
                    @if let Some(phone) = &each.phone { a.button.second href=(format!("tel:{}", phone.replace('-', ""))) { (w.with("hall-specialist-call", &[("phone", phone.clone().into())])) } }
                    @if let Some(hall) = hall {
                        @if bookable { a.button.second href=(format!("{}?specialist={}", path("book", hall), encode(each.id.as_str()))) { (w.t("hall-specialist-book")) } }
                        a.button.second href=(format!("{}?specialist={}", path("hall", hall), encode(each.id.as_str()))) { (w.t("hall-specialist-take")) }
                    }
                }
            }
        }
    };
    Ok(shell.lay_out(Page::public(w.t("hall-specialists"), body)))
}
