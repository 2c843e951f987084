//! What an applicant does to a case: answer, ask, object, withdraw, rate.

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Side;
use catalogue::ItemId;
use maud::{Markup, html};
use office::{Act, LoadedCase, OfficeError, OpenedCase};
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
    opened: &OpenedCase<'_>,
    wish: Wish,
) -> Result<Response, Failure> {
    let Wish { act, command, did, typed } = wish;
    match app.office.act(opened.id, act, opened.by, command).await {
        Ok(_) => Ok(see(&format!("/cases/{}?did={did}", encode(&opened.case.number)))),
        Err(error @ (OfficeError::Refused(_) | OfficeError::NotPossible(_) | OfficeError::Unfit(_))) => {
            let text = error.message_in(shell.lang, &shell.edition).unwrap_or_default();
            let opened = app.office.open_case(opened.id, vec![opened.by]).await?;
            said_again(app, shell, &opened, text, &typed).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The page once more, with why nothing was done on top.
async fn said_again(
    app: &App,
    shell: &Shell,
    opened: &OpenedCase<'_>,
    text: String,
    typed: &Typed,
) -> Result<Response, Failure> {
    let said = ui::panel("late", html! { p.strong { (text) } });
    Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(app, shell, opened, said, typed).await?).into_response())
}

/// A form about one case, as somebody sent it.
#[derive(Debug)]
pub struct CaseForm {
    app: App,
    shell: Shell,
    guest: Guest,
    number: String,
    pairs: Vec<(String, String)>,
}

impl FromRequest<App> for CaseForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let shell = Shell::from_request_parts(&mut parts, app).await.map_err(IntoResponse::into_response)?;
        let Ok(guest) = Guest::from_request_parts(&mut parts, app).await;
        let Path(number) =
            Path::from_request_parts(&mut parts, app).await.map_err(IntoResponse::into_response)?;
        let axum::Form(pairs) = Pairs::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(Self { app: app.clone(), shell, guest, number, pairs })
    }
}

impl CaseForm {
    pub fn shell(&self) -> &Shell {
        &self.shell
    }

    pub fn value(&self, name: &str) -> &str {
        value(&self.pairs, name)
    }

    fn text(&self, name: &str) -> String {
        self.value(name).to_owned()
    }

    /// The matter that is meant; none where the whole case is.
    pub fn item(&self) -> Option<ItemId> {
        Some(self.value("item")).filter(|item| !item.is_empty()).map(Into::into)
    }

    /// Does what the form asks for. Whose case it is not learns that before anything is read from the form.
    pub async fn perform(
        &self,
        did: &'static str,
        read: impl FnOnce(&Self) -> Result<(Act, Typed), Unread>,
    ) -> Result<Response, Failure> {
        let opened = self.guest.case(&self.app, &self.shell, &self.number).await?;
        match read(self) {
            Ok((act, typed)) => {
                let wish = Wish { act, command: command(&self.pairs), did, typed };
                perform(&self.app, &self.shell, &opened, wish).await
            }
            Err(Unread::Nonsense) => Err(Failure::BadRequest),
            Err(Unread::Missing(text, typed)) => {
                said_again(&self.app, &self.shell, &opened, text, &typed).await
            }
        }
    }
}

/// Why a form says nothing that could be done.
pub enum Unread {
    /// No page of ours sends this.
    Nonsense,
    /// Something that only the person can choose.
    Missing(String, Box<Typed>),
}

pub async fn step(form: CaseForm) -> Result<Response, Failure> {
    let read = |form: &CaseForm| {
        let yes = match form.value("answer") {
            "yes" => true,
            "no" => false,
            _ => return Err(Unread::Nonsense),
        };
        let opinion = form.text("opinion");
        let act = Act::CompleteStep {
            item: form.value("item").into(),
            step: form.value("step").into(),
            yes,
            opinion: opinion.clone(),
            officers: Vec::new(),
            checked: office::Checklist::default(),
            joint: false,
        };
        Ok((act, Typed { step_opinion: opinion, ..Typed::default() }))
    };
    form.perform("step", read).await
}

pub async fn message(form: CaseForm) -> Result<Response, Failure> {
    let read = |form: &CaseForm| {
        let message = form.text("text");
        let act = Act::Message { item: None, text: message.clone() };
        Ok((act, Typed { message, ..Typed::default() }))
    };
    form.perform("message", read).await
}

pub async fn object(form: CaseForm) -> Result<Response, Failure> {
    let read = |form: &CaseForm| {
        let objection = form.text("text");
        let act = Act::Object { item: form.item(), text: objection.clone() };
        Ok((act, Typed { objection, ..Typed::default() }))
    };
    form.perform("objection", read).await
}

pub async fn withdraw(form: CaseForm) -> Result<Response, Failure> {
    let read = |form: &CaseForm| {
        let withdrawal = form.text("reason");
        let act = Act::Withdraw { item: form.item(), reason: withdrawal.clone() };
        Ok((act, Typed { withdrawal, ..Typed::default() }))
    };
    form.perform("withdrawn", read).await
}

/// Takes back what the window did in the person's name.
pub async fn undo(form: CaseForm) -> Result<Response, Failure> {
    let read = |form: &CaseForm| {
        let acted = form.value("acted").parse().map_err(|_| Unread::Nonsense)?;
        Ok((Act::UndoActedFor { acted }, Typed::default()))
    };
    form.perform("undone", read).await
}

pub async fn rate(form: CaseForm) -> Result<Response, Failure> {
    let read = |form: &CaseForm| {
        let comment = form.text("comment");
        let Ok(level) = form.value("level").parse::<u8>() else {
            let typed = Typed { comment, ..Typed::default() };
            return Err(Unread::Missing(form.shell.w.t("p-rating-missing"), Box::new(typed)));
        };
        let act = Act::Rate { level, comment: comment.clone(), named: form.value("named") == "yes" };
        Ok((act, Typed { comment, level: Some(level), ..Typed::default() }))
    };
    form.perform("rated", read).await
}

/// 好差评: five levels, once, when something is finished.
pub fn rating(shell: &Shell, loaded: &LoadedCase, typed: &Typed, command: &dyn Fn() -> String) -> Markup {
    let w = shell.w;
    let case = &loaded.case;
    html! {
        @if let Some(rating) = &case.rating {
            section.card aria-labelledby="rated" { h2 #rated { (w.t("p-rating-title")) } p { (w.with("p-rating-yours", &[("level", w.t(&format!("p-rating-{}", rating.level)).into())])) } }
        } @else if is_ratable(loaded) {
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

fn is_ratable(loaded: &LoadedCase) -> bool {
    loaded.case.matters.iter().any(|matter| matter.state.is_over() || matter.decided_at.is_some())
}

/// What stands in the place of the rating for an agent, who cannot give it.
pub fn rating_for_agent(shell: &Shell, loaded: &LoadedCase) -> Markup {
    html! {
        @if loaded.case.rating.is_none() && is_ratable(loaded) { (ui::panel("", html! { p { (shell.w.t("p-rating-not-agents")) } })) }
    }
}

/// Asking, objecting, withdrawing.
pub fn talk(shell: &Shell, loaded: &LoadedCase, typed: &Typed, command: &dyn Fn() -> String) -> Markup {
    let w = shell.w;
    let case = &loaded.case;
    let number = encode(&case.number);
    let command = || ui::hidden("command", &command());
    let withdrawable = case.matters.iter().any(casework::Matter::may_be_withdrawn);
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
