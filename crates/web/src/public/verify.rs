//! Is this paper genuine, and does it still hold? For anybody.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use credential::{MAX_FILE_BYTES, PublicView, Reason, SignedDocument, Verified};
use diagnostic::Lang;
use maud::{Markup, html};
use office::OfficeError;
use serde::Deserialize;

use super::case_became;
use super::visitor::see;
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell, encode};
use crate::ui;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/v", get(page).post(upload))
        .route("/v/keys", get(keys))
        .route("/v/status", get(status))
        .route("/v/{identifier}", get(online))
        .layer(DefaultBodyLimit::max(MAX_FILE_BYTES + 64 * 1024))
}

/// The public keys of everybody who ever signed here: what `yichuang verify --keys` takes.
async fn keys(State(app): State<App>) -> Response {
    file("yichuang-keys.json", app.office.trust().to_json().into_bytes())
}

/// Which documents were withdrawn, signed and dated: what `yichuang verify --status` takes.
async fn status(State(app): State<App>) -> Result<Response, Failure> {
    Ok(file("yichuang-status.json", app.office.status_list().await?))
}

fn file(name: &str, bytes: Vec<u8>) -> Response {
    let kind = (header::CONTENT_TYPE, "application/json".to_owned());
    let name = (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""));
    ([kind, name], bytes).into_response()
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    id: String,
}

async fn page(shell: Shell, Query(asked): Query<Asked>) -> Response {
    let id = asked.id.trim();
    // People paste the whole address that a code opens.
    let id = id.rsplit_once("/v/").map_or(id, |(_, id)| id);
    let id = id.split(['#', '?']).next().unwrap_or(id);
    if id.is_empty() {
        draw(&shell, "", html! {}).into_response()
    } else {
        see(&format!("/v/{}", encode(id).replace('/', "%2F")))
    }
}

fn draw(shell: &Shell, typed: &str, outcome: Markup) -> Markup {
    let w = shell.w;
    let body = html! {
        h1 { (w.t("p-verify-title")) }
        (outcome)
        form.card method="get" action="/v" {
            div.question {
                label for="id" { (w.t("p-verify-identifier")) }
                p.hint #id-hint { (w.t("p-verify-identifier-hint")) }
                input.mono #id type="text" name="id" value=(typed) maxlength="200" autocomplete="off" spellcheck="false" aria-describedby="id-hint" required;
            }
            (ui::actions(html! { button.button type="submit" { (w.t("p-verify-go")) } }))
        }
        form.card method="post" action="/v" enctype="multipart/form-data" {
            div.question {
                label for="file" { (w.t("p-verify-file")) }
                p.hint #file-hint { (w.t("p-verify-file-hint")) }
                input #file type="file" name="file" accept=".json,application/json" aria-describedby="file-hint" required;
            }
            (ui::actions(html! { button.button.second type="submit" { (w.t("p-verify-file-go")) } }))
        }
        p.quiet.small { (w.t("p-verify-how")) }
        p.quiet.small {
            (w.t("p-verify-offline")) " "
            a href="/v/keys" download { (w.t("p-verify-keys")) } " · "
            a href="/v/status" download { (w.t("p-verify-status")) }
        }
    };
    shell.lay_out(Page::public(w.t("p-verify-title"), body).crumb(w.t("nav-home"), "/"))
}

async fn online(
    State(app): State<App>,
    shell: Shell,
    Path(identifier): Path<String>,
) -> Result<Response, Failure> {
    let w = shell.w;
    let found = match app.office.verify_online(&identifier).await {
        Ok(found) => found,
        Err(OfficeError::NotFound) => {
            // Numbers that stand on papers too are no identifiers: that is no sign of a forgery.
            let (told, next) = if identifier::LicenceIdentifier::parse(&identifier).is_ok() {
                ("p-verify-unknown", "p-verify-unknown-next")
            } else {
                ("p-verify-other", "p-verify-other-next")
            };
            let outcome = ui::panel("late", html! { p.strong { (w.t(told)) } p { (w.t(next)) } });
            return Ok((StatusCode::NOT_FOUND, draw(&shell, &identifier, outcome)).into_response());
        }
        Err(error) => return Err(error.into()),
    };
    let short = short(&found.digest);
    let outcome = html! {
        (verdict(&shell, &found.verified, found.became()))
        (public(&shell, &found.view))
        div.card {
            h2 { (w.t("p-verify-digest")) }
            p.mono { (short) }
            p.quiet { (w.t("p-verify-digest-hint")) }
            p.strong role="status" data-digest=(short) data-same=(w.t("p-verify-same")) data-different=(w.t("p-verify-different")) {}
        }
    };
    Ok(draw(&shell, &identifier, outcome).into_response())
}

/// As it stands in the code: the first half of the digest.
fn short(digest: &str) -> String {
    let bytes = credential::from_hex(digest).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.map_or_else(|| digest.to_owned(), |bytes| credential::Digest::from(bytes).short())
}

/// A file is checked by its signature; whether it was taken back since is asked of the register.
async fn upload(State(app): State<App>, shell: Shell, mut body: Multipart) -> Result<Response, Failure> {
    let w = shell.w;
    let mut bytes = Vec::new();
    while let Some(mut field) = body.next_field().await.map_err(|_| Failure::BadRequest)? {
        if field.name() != Some("file") {
            continue;
        }
        while let Some(chunk) = field.chunk().await.map_err(|_| Failure::TooLarge)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_FILE_BYTES {
                return Err(Failure::TooLarge);
            }
        }
    }
    if bytes.is_empty() {
        let outcome = ui::panel("late", html! { p.strong { (w.t("p-file-none-chosen")) } });
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(&shell, "", outcome)).into_response());
    }
    let verified = credential::verify(&bytes, &app.office.trust(), app.office.now());
    let signed =
        SignedDocument::read(&bytes).ok().filter(|_| verified.valid || verified.reason == Reason::Expired);
    let change = match &signed {
        Some(signed) => match app.office.verify_online(&signed.document().identifier).await {
            Ok(found) => found.change.map(|change| (change, found.replaced_by)),
            // Signed by us, and not in the register: its case is gone.
            Err(OfficeError::NotFound) => None,
            // A document that was withdrawn must not pass for one that is in force.
            Err(error) => return Err(error.into()),
        },
        None => None,
    };
    let outcome = html! {
        (verdict(&shell, &verified, change.as_ref().map(|(change, by)| (*change, by.as_deref()))))
        @if let Some(signed) = &signed { (public(&shell, &PublicView::from(signed.document()))) }
    };
    Ok(draw(&shell, "", outcome).into_response())
}

/// What became of a result, and the number of the one in its place.
type Became<'a> = Option<(casework::ResultChange, Option<&'a str>)>;

fn verdict(shell: &Shell, verified: &Verified, became: Became<'_>) -> Markup {
    let w = shell.w;
    let reason = if shell.lang == Lang::Zh { verified.reason.zh() } else { verified.reason.en() };
    match (verified.valid, became) {
        (true, None) => ui::panel("good", html! { p.strong { (w.t("p-verify-good")) } p { (reason) } }),
        (true, Some((change, by))) => ui::panel(
            "late",
            html! { p.strong { (w.with("p-verify-changed", &[("change", case_became(w, change, by).into())])) } p { (w.t("p-verify-changed-next")) } },
        ),
        (false, _) => ui::panel("late", html! { p.strong { (w.t("p-verify-bad")) } p { (reason) } }),
    }
}

/// What the public part of a document says.
fn public(shell: &Shell, view: &PublicView) -> Markup {
    let w = shell.w;
    let say = |text: &credential::Bilingual| {
        if shell.lang == Lang::Zh { text.zh.clone() } else { text.english().to_owned() }
    };
    let mut rows = vec![
        (w.t("p-verify-document"), html! { span.strong { (say(&view.title)) } }),
        (w.t("p-verify-identifier"), html! { span.mono { (view.identifier) } }),
        (w.t("p-verify-issuer"), html! { (say(&view.issuer_name)) }),
        (
            w.t("p-verify-holder"),
            html! { (view.subject.name) @if let Some(code) = &view.subject.identifier { br; span.mono.small { (code) } } },
        ),
        (w.t("p-verify-issued"), html! { (ui::full_day(shell, view.issued_at)) }),
    ];
    if let Some(until) = view.valid_until {
        rows.push((w.t("p-verify-until"), html! { (ui::full_date(shell, until)) }));
    }
    for entry in &view.content {
        rows.push((say(&entry.label), html! { span.lines { (say(&entry.text)) } }));
    }
    html! {
        div.card { (ui::facts(&rows)) @if view.hidden > 0 { p.quiet.small { (w.with("p-verify-hidden", &[("count", view.hidden.into())])) } } }
    }
}
