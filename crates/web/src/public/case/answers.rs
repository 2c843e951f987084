//! What was handed in, question by question, as it stands now: for whoever the case opens to wholly.

use axum::extract::{Path, State};
use catalogue::{Field, FieldKind};
use expression::Value;
use maud::{Markup, html};

use crate::app::App;
use crate::fault::Failure;
use crate::public::visitor::Guest;
use crate::shell::{Page, Shell, encode};
use crate::ui;

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
) -> Result<Markup, Failure> {
    let opened = guest.case(&app, &shell, &number).await?;
    let answers = app.office.answers(&opened).await?;
    let edition = &opened.edition;
    let w = shell.w;
    let home = format!("/cases/{}", encode(&opened.case.number));
    let given: Vec<(&Field, &form::Answer)> =
        answers.iter().filter_map(|(id, answer)| Some((edition.field(id)?, answer))).collect();
    let text = |field: &Field, answer: &form::Answer| match answer {
        form::Answer::Given(value) if matches!(field.kind, FieldKind::File { .. }) => html! {
            a href=(format!("{home}/files/{}", encode(&form::edit_text(field, value)))) { (w.t("desk-open-file")) }
        },
        form::Answer::Given(value) => said(&shell, field, value),
        form::Answer::Blank => html! {
            @match &field.absent {
                Some(absent) => (shell.say(absent)),
                None => span.quiet { (w.t("p-answer-blank")) },
            }
        },
        form::Answer::Typed(typed) => html! { (typed.one()) },
    };
    let body = html! {
        h1 { (w.t("p-own-answers")) }
        p.lead { (w.t("p-own-answers-lead")) }
        p.no-print.row {
            button.button.second type="button" data-print="" hidden { (w.t("notice-print")) }
            a href=(home) { (w.t("p-own-answers-back")) }
        }
        @if given.is_empty() { (ui::empty(&w.t("p-own-answers-none"), &w.t("p-own-answers-none-next"), Some((&home, &w.t("p-own-answers-back"))))) }
        @for section in edition.parts().sections.values() {
            @let here: Vec<_> = given.iter().filter(|(field, _)| field.section == section.id).collect();
            @if !here.is_empty() {
                section.card aria-label=(shell.say(&section.title)) {
                    h2 { (shell.say(&section.title)) }
                    dl.facts { @for (field, answer) in here { div { dt { (shell.say(field.fact())) } dd { (text(field, answer)) } } } }
                }
            }
        }
    };
    Ok(shell.lay_out(Page::public(w.t("p-own-answers"), body).crumb(opened.case.number.to_string(), home)))
}

fn said(shell: &Shell, field: &Field, value: &Value) -> Markup {
    html! { span.lines { (form::show_text(field, value, shell.lang)) } }
}
