//! What an applicant does to a case: answer, ask, object, withdraw, rate.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Side;
use maud::{Markup, html};
use office::{Act, By, LoadedCase, OfficeError};
use uuid::Uuid;

use super::page::draw;
use super::todo::Typed;
use crate::app::App;
use crate::fault::Failure;
use crate::public::visitor::{Guest, Pairs, command, see, value};
use crate::shell::{Shell, encode};
use crate::ui;

/// What somebody wants done to a case.
#[derive(Debug)]
pub struct Wish {
    pub act: Act,
    pub command: Option<Uuid>,
    /// The word of thanks that follows.
    pub did: &'static str,
    /// Stands in its boxes again if it is refused.
    pub typed: Typed,
}

/// Does the act and comes back to the page; a refusal is shown there, with what was typed.
pub async fn perform(
    app: &App,
    shell: &Shell,
    loaded: &LoadedCase,
    by: By<'_>,
    wish: Wish,
) -> Result<Response, Failure> {
    let Wish { act, command, did, typed } = wish;
    match app.office.act(loaded.id, act, by, command).await {
        Ok(_) => Ok(see(&format!("/cases/{}?did={did}", encode(&loaded.case.number)))),
        Err(error @ (OfficeError::Refused(_) | OfficeError::NotPossible(_))) => {
            let text = error.message(shell.lang).unwrap_or_default();
            let loaded = app.office.load_case(loaded.id).await?;
            let said = ui::panel("late", html! { p.strong { (text) } });
            Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(app, shell, &loaded, by, said, &typed).await?)
                .into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn step(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (loaded, by) = guest.case(&app, &shell, &number).await?;
    let yes = match value(&pairs, "answer") {
        "yes" => true,
        "no" => false,
        _ => return Err(Failure::BadRequest),
    };
    let opinion = value(&pairs, "opinion").to_owned();
    let act = Act::CompleteStep {
        item: value(&pairs, "item").into(),
        step: value(&pairs, "step").into(),
        yes,
        opinion: opinion.clone(),
        officers: Vec::new(),
        joint: false,
    };
    let typed = Typed { step_opinion: opinion, ..Typed::default() };
    perform(&app, &shell, &loaded, by, Wish { act, command: command(&pairs), did: "step", typed }).await
}

pub async fn message(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (loaded, by) = guest.case(&app, &shell, &number).await?;
    let text = value(&pairs, "text").to_owned();
    let act = Act::Message { item: None, text: text.clone() };
    perform(
        &app,
        &shell,
        &loaded,
        by,
        Wish {
            act,
            command: command(&pairs),
            did: "message",
            typed: Typed { message: text, ..Typed::default() },
        },
    )
    .await
}

pub async fn object(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (loaded, by) = guest.case(&app, &shell, &number).await?;
    let text = value(&pairs, "text").to_owned();
    let item = Some(value(&pairs, "item")).filter(|item| !item.is_empty()).map(Into::into);
    let act = Act::Object { item, text: text.clone() };
    perform(
        &app,
        &shell,
        &loaded,
        by,
        Wish {
            act,
            command: command(&pairs),
            did: "objection",
            typed: Typed { objection: text, ..Typed::default() },
        },
    )
    .await
}

pub async fn withdraw(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (loaded, by) = guest.case(&app, &shell, &number).await?;
    let reason = value(&pairs, "reason").to_owned();
    let item = Some(value(&pairs, "item")).filter(|item| !item.is_empty()).map(Into::into);
    let act = Act::Withdraw { item, reason: reason.clone() };
    perform(
        &app,
        &shell,
        &loaded,
        by,
        Wish {
            act,
            command: command(&pairs),
            did: "withdrawn",
            typed: Typed { withdrawal: reason, ..Typed::default() },
        },
    )
    .await
}

pub async fn rate(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (loaded, by) = guest.case(&app, &shell, &number).await?;
    let comment = value(&pairs, "comment").to_owned();
    let Some(level) = value(&pairs, "level").parse::<u8>().ok() else {
        let said = ui::panel("late", html! { p.strong { (shell.w.t("p-rating-missing")) } });
        let typed = Typed { comment, ..Typed::default() };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(&app, &shell, &loaded, by, said, &typed).await?)
            .into_response());
    };
    let named = value(&pairs, "named") == "yes";
    let typed = Typed { comment: comment.clone(), level: Some(level), ..Typed::default() };
    perform(
        &app,
        &shell,
        &loaded,
        by,
        Wish { act: Act::Rate { level, comment, named }, command: command(&pairs), did: "rated", typed },
    )
    .await
}

/// 好差评: five levels, once, when something is finished.
pub fn rating(shell: &Shell, loaded: &LoadedCase, typed: &Typed, command: &dyn Fn() -> String) -> Markup {
    let w = shell.w;
    let case = &loaded.case;
    let ratable = case.matters.iter().any(|matter| matter.state.is_over() || matter.decided_at.is_some());
    html! {
        @if let Some(rating) = &case.rating {
            section.card aria-labelledby="rated" { h2 #rated { (w.t("p-rating-title")) } p { (w.with("p-rating-yours", &[("level", w.t(&format!("p-rating-{}", rating.level)).into())])) } }
        } @else if ratable {
            form.card method="post" action=(format!("/cases/{}/rate", encode(&case.number))) {
                (ui::hidden("command", &command()))
                fieldset.question {
                    legend { h2 { (w.t("p-rating-ask")) } }
                    div.choices.ratings {
                        @for level in (1..=5_u8).rev() {
                            label.choice { input type="radio" name="level" value=(level) checked[typed.level == Some(level)] required; span { (w.t(&format!("p-rating-{level}"))) } }
                        }
                    }
                }
                div.question { label for="comment" { (w.t("p-rating-comment")) " " span.quiet { (w.t("form-optional")) } } textarea #comment name="comment" rows="3" maxlength="4000" { (typed.comment) } }
                label.choice { input type="checkbox" name="named" value="yes"; span { (w.t("p-rating-named")) } }
                (ui::actions(html! { button.button type="submit" { (w.t("p-rating-send")) } }))
            }
        }
    }
}

/// Asking, objecting, withdrawing.
pub fn talk(shell: &Shell, loaded: &LoadedCase, typed: &Typed, command: &dyn Fn() -> String) -> Markup {
    let w = shell.w;
    let case = &loaded.case;
    let number = encode(&case.number);
    let command = || ui::hidden("command", &command());
    let withdrawable = case.matters.iter().any(|matter| matter.state.is_undecided());
    let waits = case.messages.last().is_some_and(|message| message.from == Side::Applicant);
    html! {
        section aria-labelledby="talk" {
            h2 #talk { (w.t("p-talk-title")) }
            form.card method="post" action=(format!("/cases/{number}/message")) {
                (command())
                @if waits { p.quiet { (w.t("p-message-waits")) } }
                div.question { label for="message" { (w.t("p-message-ask")) } textarea #message name="text" rows="3" maxlength="4000" required { (typed.message) } }
                (ui::actions(html! { button.button.second type="submit" { (w.t("p-message-send")) } }))
            }
            details.card.more open[!typed.objection.is_empty()] {
                summary { (w.t("p-object-title")) }
                form method="post" action=(format!("/cases/{number}/object")) {
                    (command())
                    p.quiet { (w.t("p-object-hint")) }
                    div.question { label for="objection" { (w.t("p-object-ask")) } textarea #objection name="text" rows="4" maxlength="4000" required { (typed.objection) } }
                    (ui::actions(html! { button.button.second type="submit" { (w.t("p-object-send")) } }))
                }
            }
            @if withdrawable {
                details.card.more open[!typed.withdrawal.is_empty()] {
                    summary { (w.t("p-withdraw-title")) }
                    form method="post" action=(format!("/cases/{number}/withdraw")) {
                        (command())
                        p { (w.t("p-withdraw-hint")) }
                        div.question { label for="withdrawal" { (w.t("p-withdraw-ask")) " " span.quiet { (w.t("form-optional")) } } textarea #withdrawal name="reason" rows="2" maxlength="4000" { (typed.withdrawal) } }
                        (ui::actions(html! { button.button.danger type="submit" { (w.t("p-withdraw-send")) } }))
                    }
                }
            }
        }
    }
}
