//! Forgetting a person: whose data, on what ground; and who did it before.

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use office::{Forgotten, Ground, WithinPeriod};
use serde::Deserialize;

use super::Attempt;
use crate::app::App;
use crate::desk::Posted;
use crate::fault::Failure;
use crate::shell::{Page, Shell, Width};
use crate::ui;

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    done: Option<usize>,
    #[serde(default)]
    restricted: usize,
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    draw(&app, &shell, asked, &Attempt::default()).await
}

async fn draw(app: &App, shell: &Shell, asked: Asked, attempt: &Attempt) -> Result<Markup, Failure> {
    // Who watches sees what was forgotten; the form is for whoever forgets.
    let viewer = match shell.duty(office::Duty::Audit) {
        Ok(viewer) => viewer,
        Err(_) => shell.duty(office::Duty::Security)?,
    };
    let w = shell.w;
    let before = app.office.forgotten(viewer).await?;
    let actors: Vec<&str> = before.iter().map(|one| one.by.as_str()).collect();
    let names = app.office.officer_names(&actors).await?;
    let wrong = |field| attempt.wrong(field).is_some();
    let ground = |ground: Ground| w.t(&format!("admin-ground-{}", ground.code()));
    let body = html! {
        (attempt.summary(shell))
        @if let Some(cases) = asked.done { div.panel.good role="status" {
            p { (w.with("admin-forget-done", &[("count", cases.into())])) }
            @if asked.restricted > 0 { p { (w.with("admin-forget-restricted", &[("count", asked.restricted.into())])) } }
        } }
        h1 { (w.t("admin-forget")) }
        p.lead { (w.t("admin-forget-lead")) }
        ul { @for key in ["admin-forget-goes", "admin-forget-stays", "admin-forget-when"] { li { (w.t(key)) } } }
        @if viewer.has_duty(office::Duty::Security) { form.card method="post" action="/admin/forget" autocomplete="off" {
            div.question.wrong[wrong("whom")] {
                label for="whom" { (w.t("admin-forget-whom")) }
                p.hint #whom-hint { (w.t("admin-forget-whom-hint")) }
                input.w-medium #whom type="text" name="whom" value=(attempt.posted.one("whom")) aria-describedby="whom-hint" autocapitalize="none" spellcheck="false" required;
            }
            fieldset.question.wrong[wrong("ground")] #ground {
                legend { (w.t("admin-forget-ground")) }
                div.choices { @for one in Ground::ALL {
                    label.choice { input type="radio" name="ground" value=(one.code()) checked[attempt.posted.one("ground") == one.code()] required; span { (ground(one)) } }
                } }
            }
            div.question {
                label.choice { input type="checkbox" name="restrict" value="yes" checked[attempt.posted.one("restrict") == "yes"]; span { (w.t("admin-forget-restrict")) } }
            }
            div.question.wrong[wrong("sure")] {
                label.choice { input #sure type="checkbox" name="sure" value="yes" required; span { (w.t("admin-forget-sure")) } }
            }
            (ui::actions(html! { button.button.danger type="submit" { (w.t("admin-forget-go")) } }))
        } }
        @if !before.is_empty() {
            h2 { (w.t("admin-forget-before")) }
            div.table-wrap { table.cards {
                caption.visually-hidden { (w.t("admin-forget-before")) }
                thead { tr { @for key in ["admin-forget-at", "admin-forget-by", "admin-forget-ground", "admin-forget-cases", "admin-forget-stored"] { th scope="col" { (w.t(key)) } } } }
                tbody { @for one in &before { tr {
                    td data-label=(w.t("admin-forget-at")) { (ui::date_time(shell, one.at)) }
                    td data-label=(w.t("admin-forget-by")) { (names.get(&one.by).map_or("", String::as_str)) }
                    td data-label=(w.t("admin-forget-ground")) { (ground(one.ground)) }
                    td data-label=(w.t("admin-forget-cases")) { (one.cases) }
                    td data-label=(w.t("admin-forget-stored")) { (one.restricted) }
                } } }
            } }
        }
    };
    Ok(shell.lay_out(
        Page::desk(w.t("admin-forget"), body)
            .width(Width::Normal)
            .crumb(w.t("nav-accounts"), "/admin/accounts"),
    ))
}

pub async fn forget(
    State(app): State<App>,
    shell: Shell,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(office::Duty::Security)?;
    let posted = Posted(pairs);
    let ground = Ground::ALL.into_iter().find(|ground| ground.code() == posted.one("ground"));
    let within_period =
        if posted.one("restrict") == "yes" { WithinPeriod::Restrict } else { WithinPeriod::Refuse };
    let problem = match ground {
        None => ("ground", shell.w.t("admin-forget-ground-missing")),
        Some(_) if posted.one("sure") != "yes" => ("sure", shell.w.t("admin-forget-sure-missing")),
        Some(ground) => {
            match app.office.forget_person(posted.one("whom"), ground, within_period, viewer).await {
                Ok(Forgotten { cases, restricted, .. }) => {
                    let done = format!("/admin/forget?done={cases}&restricted={restricted}");
                    return Ok(Redirect::to(&done).into_response());
                }
                Err(error) => match error.message_in(shell.lang, &shell.edition) {
                    Some(text) => ("whom", text),
                    None => return Err(error.into()),
                },
            }
        }
    };
    let page = draw(&app, &shell, Asked::default(), &Attempt { posted, problem: Some(problem) }).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
