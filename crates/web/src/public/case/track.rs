//! Finding a case again by its number and the telephone that was given.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use office::OfficeError;
use serde::Deserialize;

use crate::app::App;
use crate::fault::Failure;
use crate::public::visit::Knock;
use crate::public::visitor::{Guest, Pairs, again, key_cookie, see, value, with_cookie};
use crate::shell::{Page, Shell, encode};
use crate::ui;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    number: String,
}

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Query(asked): Query<Asked>,
) -> Response {
    // Who scanned the code on the device that applied need prove nothing again.
    if !asked.number.is_empty()
        && let Ok(loaded) = guest.case_in_progress(&app, &shell, &asked.number).await
    {
        return see(&format!("/cases/{}", encode(&loaded.case.number)));
    }
    draw(&shell, &asked.number, None).into_response()
}

fn draw(shell: &Shell, number: &str, problem: Option<String>) -> Markup {
    let w = shell.w;
    let problems: Vec<(String, String)> =
        problem.iter().map(|text| ("number".to_owned(), text.clone())).collect();
    let body = html! {
        (ui::error_summary(w, &problems))
        h1 { (w.t("p-home-track")) }
        form method="post" action="/track" {
            div.question.wrong[problem.is_some()] {
                label for="number" { (w.t("p-track-number")) }
                p.hint #number-hint { (w.t("p-track-number-hint")) }
                input.w-long.mono #number type="text" name="number" value=(number) inputmode="numeric" maxlength="30" autocomplete="off" aria-describedby="number-hint" required;
            }
            div.question.wrong[problem.is_some()] {
                label for="phone" { (w.t("p-track-phone")) }
                p.hint #phone-hint { (w.t("p-track-phone-hint")) }
                input.w-short.mono #phone type="text" name="phone" maxlength="20" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="phone-hint" required;
            }
            (ui::actions(html! { button.button type="submit" { (w.t("p-track-go")) } }))
        }
        p { a href="/my" { (w.t("p-track-mine")) } }
    };
    shell.lay_out(Page::public(w.t("p-home-track"), body).crumb(w.t("nav-home"), "/"))
}

pub async fn open(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    knock: Knock,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let typed = value(&pairs, "number");
    let (key, fresh) = guest.key_or_new(&app);
    let number = match identifier::CaseNumber::parse(typed) {
        Ok(number) => number.to_string(),
        Err(problem) => {
            let lang =
                if shell.lang == diagnostic::Lang::Zh { identifier::Lang::Zh } else { identifier::Lang::En };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(&shell, typed, Some(problem.text(lang))))
                .into_response());
        }
    };
    let from = knock.visit.origin();
    let (proof, ways) = (value(&pairs, "phone"), guest.ways_to_cases(&shell));
    let (error, problem) = match app.office.open_case_with(&number, proof, &from, &key, ways).await {
        Ok(_) => {
            let cookie = if fresh { key_cookie(&app, &key) } else { None };
            return Ok(with_cookie(see(&format!("/cases/{number}")), cookie));
        }
        Err(error @ OfficeError::Wait { .. }) => {
            let told = error.message_in(shell.lang, &shell.edition).unwrap_or_default();
            let told = format!("{told} {}", shell.w.t("p-track-wait"));
            (error, told)
        }
        Err(error @ OfficeError::NotFound) => (error, shell.w.t("p-track-wrong")),
        Err(error) => match error.message_in(shell.lang, &shell.edition) {
            Some(text) => (error, text),
            None => return Err(error.into()),
        },
    };
    Ok(again(&error, draw(&shell, typed, Some(problem))))
}
