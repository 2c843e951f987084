//! What somebody sees whose request failed: the frame of every page, what happened, what was typed, and a next step.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts as _, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;
use form::CONTROL_PREFIX;
use maud::{Markup, html};

use crate::app::App;
use crate::fault::{self, FailurePage};
use crate::public::see;
use crate::shell::{Page, Shell, encode, language};
use crate::texts::Words;
use crate::ui;

/// Boxes for sentences, besides the answers of forms. A test finds every one of the pages here.
const SENTENCES: [&str; 6] = ["text", "comment", "opinion", "reason", "why", "words"];
/// Never shown again, and a form that has one of them is not offered to be sent again.
const SECRETS: [&str; 7] = ["password", "old", "again", "code", "case_code", "phone", "secret"];
/// Forms have some hundred controls.
const SENT_MAX: usize = 400;

/// What is kept of a request until it is answered.
#[derive(Clone, Debug)]
pub struct Asked {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl Asked {
    pub fn of(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
        }
    }

    /// The page of this site that the request came from.
    fn from(&self) -> Option<String> {
        let text = |name| self.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let (_, rest) = text(header::REFERER)?.split_once("://")?;
        let (host, path) = rest.split_once('/')?;
        (Some(host) == text(header::HOST)).then(|| format!("/{path}"))
    }

    /// The page with the form that is sent to this address.
    fn page(&self) -> String {
        page_of(self.uri.path())
    }
}

/// The page with the form that is sent to an address: the one above it, but for a few.
fn page_of(path: &str) -> String {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["drafts", draft, "submit"] => format!("/drafts/{draft}/check"),
        ["drafts", draft, "detach"] => format!("/drafts/{draft}/papers"),
        ["cases", number, "correction" | "gap", _] => format!("/cases/{number}"),
        ["window", ..] => "/window".to_owned(),
        ["zone", "logs", ..] => "/zone/logs".to_owned(),
        // The administrator's account has no page above its acts but its own.
        [above @ .., _] if !above.is_empty() => format!("/{}", above.join("/")),
        _ => "/".to_owned(),
    }
}

/// Gives a failure its page; everything else goes through as it is.
pub async fn framed(app: &App, asked: &Asked, form: Option<&Bytes>, mut response: Response) -> Response {
    let status = response.status();
    // Somebody opened the address of a form, or came back to it.
    if status == StatusCode::METHOD_NOT_ALLOWED && asked.method == Method::GET {
        return see(&asked.page());
    }
    let Some(page) = response.extensions_mut().remove::<FailurePage>().or_else(|| unsaid(&response)) else {
        return response;
    };
    let body = draw(app, asked, form, &page, status).await.into_string();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::from(body);
    response
}

/// What the framework refuses by itself (unknown address, wrong method, malformed body) gets a page too.
fn unsaid(response: &Response) -> Option<FailurePage> {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let has_page = kind.is_some_and(|kind| !kind.starts_with("text/plain"));
    if has_page || !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    let (title_key, next_key) = match status {
        StatusCode::NOT_FOUND => ("error-not-found", "error-not-found-next"),
        StatusCode::METHOD_NOT_ALLOWED => ("error-method", "error-method-next"),
        StatusCode::PAYLOAD_TOO_LARGE => ("error-too-large", "error-too-large-next"),
        StatusCode::REQUEST_TIMEOUT => ("error-slow", "error-slow-next"),
        StatusCode::TOO_MANY_REQUESTS => ("error-conflict", "error-wait-next"),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => ("error-busy", "error-busy-next"),
        status if status.is_server_error() => ("error-title", "error-nothing-lost"),
        _ => ("error-bad-request", "error-bad-request-next"),
    };
    let incident = status.is_server_error().then(fault::next_incident);
    let (zh, en, refusal) = (None, None, None);
    Some(FailurePage { title_key, next_key: Some(next_key), zh, en, incident, refusal, wrong: &[] })
}

/// Who asked, as far as it can be found out: when the store is what failed, the page comes up for a guest.
async fn shell(app: &App, asked: &Asked) -> Shell {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = asked.uri.clone();
    *request.headers_mut() = asked.headers.clone();
    let (mut parts, _) = request.into_parts();
    let lang = language(&asked.headers);
    let mut shell = Shell::from_request_parts(&mut parts, app).await.unwrap_or_else(|_| Shell {
        lang,
        w: Words(lang),
        edition: app.office.edition(),
        viewer: None,
        session: None,
        now: app.office.now(),
        here: String::new(),
    });
    // The language is changed, and the fault reported, on a page that can be come back to.
    shell.here = match asked.method {
        Method::GET | Method::HEAD => asked.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        _ => asked.from().unwrap_or_else(|| asked.page()),
    };
    shell
}

async fn draw(
    app: &App,
    asked: &Asked,
    form: Option<&Bytes>,
    page: &FailurePage,
    status: StatusCode,
) -> Markup {
    let shell = &shell(app, asked).await;
    let w = shell.w;
    let told = page.refusal.as_ref().map(|refusal| refusal.message_in(shell.lang, &*shell.edition));
    let reason = told.as_ref().or(if shell.lang == diagnostic::Lang::Zh {
        page.zh.as_ref()
    } else {
        page.en.as_ref()
    });
    let (title_key, next_key) = match gone(asked, status) {
        Some((title_key, next_key)) => (title_key, Some(next_key)),
        None => (page.title_key, page.next_key),
    };
    let body = html! {
        div data-refused {}
        h1 { (w.t(title_key)) }
        @if let Some(reason) = reason { p.lead { (reason) } }
        @if let Some(key) = next_key { p { (w.t(key)) } }
        @if let Some(incident) = &page.incident { p.quiet { (w.with("error-incident", &[("incident", incident.as_str().into())])) } }
        (put_right(shell, asked, page.wrong))
        (typed(shell, asked, form, status))
        (next_step(shell, asked, status))
    };
    let title = w.t(title_key);
    let desk = shell.viewer.as_ref().is_some_and(|viewer| !viewer.is_applicant());
    let page = if desk {
        Page::desk(title, body).width(crate::shell::Width::Normal)
    } else {
        Page::public(title, body)
    };
    shell.lay_out(page)
}

/// The address of a draft that this browser does not open, be it somebody else's or one's own after the session was
/// lost. The page is the same for both: it tells nobody whether there is such a draft.
fn is_shut_draft(asked: &Asked, status: StatusCode) -> bool {
    status == StatusCode::NOT_FOUND && asked.uri.path().starts_with("/drafts/")
}

/// What an address was of that nothing is found under: what happened and what to do differ by what it was.
fn gone(asked: &Asked, status: StatusCode) -> Option<(&'static str, &'static str)> {
    let path = asked.uri.path();
    match status {
        _ if is_shut_draft(asked, status) => Some(("error-draft-shut", "error-draft-shut-next")),
        StatusCode::NOT_FOUND if path.starts_with("/t/") => {
            Some(("error-ticket-gone", "error-ticket-gone-next"))
        }
        StatusCode::NOT_FOUND if path.starts_with("/a/") => {
            Some(("error-booking-gone", "error-booking-gone-next"))
        }
        _ if shut_case(asked, status).is_some() => Some(("error-case-shut", "error-case-shut-next")),
        _ => None,
    }
}

/// The number of a case that this browser does not open: one's own after the session was lost, somebody else's, or none at
/// all. The page is the same for each.
fn shut_case(asked: &Asked, status: StatusCode) -> Option<&str> {
    let number = asked.uri.path().strip_prefix("/cases/").and_then(|rest| rest.split('/').next());
    number.filter(|number| status == StatusCode::NOT_FOUND && identifier::CaseNumber::parse(number).is_ok())
}

/// Where to go from here: back to the form, to the case by its number, to the search.
fn next_step(shell: &Shell, asked: &Asked, status: StatusCode) -> Markup {
    let w = shell.w;
    let number = shut_case(asked, status);
    if is_shut_draft(asked, status) {
        return ui::actions(html! {
            a.button href="/resume" { (w.t("p-home-resume")) }
            @if shell.viewer.is_none() { a.button.second href=(format!("/sign-in?next={}", encode(&shell.here))) { (w.t("nav-sign-in")) } }
            a.button.second href="/" { (w.t("back-home")) }
        });
    }
    if number.is_none() && gone(asked, status).is_some() {
        return ui::actions(html! {
            a.button href="/hall" { (w.t("nav-hall-take")) }
            a.button.second href="/" { (w.t("back-home")) }
        });
    }
    let back =
        (!matches!(asked.method, Method::GET | Method::HEAD) && number.is_none()).then(|| shell.here.clone());
    html! {
        @if status == StatusCode::NOT_FOUND && number.is_none() {
            form.search role="search" method="get" action="/search" {
                label for="fail-q" { (w.t("fail-search")) }
                div.with-unit { input #fail-q type="search" name="q" enterkeyhint="search"; button.button type="submit" { (w.t("fail-search-go")) } }
            }
        }
        (ui::actions(html! {
            @if let Some(number) = number { a.button href=(format!("/track?number={}", encode(number))) { (w.t("fail-track")) } }
            @if number.is_some() && shell.viewer.is_none() { a.button.second href=(format!("/sign-in?next={}", encode(&shell.here))) { (w.t("nav-sign-in")) } }
            @if let Some(back) = &back { a.button href=(back) { (w.t("fail-back")) } }
            a.button.second[number.is_some() || back.is_some()] href="/" { (w.t("back-home")) }
        }))
    }
}

/// The same address with what is wrong in it to be put right; the rest of what was asked for stays.
fn put_right(shell: &Shell, asked: &Asked, wrong: &[&str]) -> Markup {
    if wrong.is_empty() {
        return html! {};
    }
    let query = asked.uri.query().unwrap_or_default();
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .take(SENT_MAX)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let is_wrong = |name: &str| wrong.contains(&name);
    html! {
        form.card method="get" action=(asked.uri.path()) {
            @for (name, value) in pairs.iter().filter(|(name, _)| !is_wrong(name)) { (ui::hidden(name, value)) }
            @for name in wrong {
                @let value = pairs.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value.as_str());
                div.question { label for=(format!("asked-{name}")) { (shell.w.t(&format!("error-asked-{name}"))) }
                    input type="text" id=(format!("asked-{name}")) name=(name) value=(value); }
            }
            (ui::actions(html! { button.button type="submit" { (shell.w.t("error-asked-go")) } }))
        }
    }
}

/// What was written in the form that was refused, and a way to send it again where that may help.
fn typed(shell: &Shell, asked: &Asked, form: Option<&Bytes>, status: StatusCode) -> Markup {
    let w = shell.w;
    let Some(form) = form else { return html! {} };
    let pairs: Vec<(String, String)> = form_urlencoded::parse(form)
        .take(SENT_MAX)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let written: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, value)| !value.trim().is_empty() && is_written(shell, name))
        .collect();
    if written.is_empty() {
        return html! {};
    }
    let passing = status.is_server_error()
        || matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS
        );
    let again = passing && !pairs.iter().any(|(name, _)| SECRETS.contains(&name.as_str()));
    let boxes = html! {
        @for (place, (name, value)) in written.iter().enumerate() {
            div.question {
                label for=(format!("typed-{place}")) { (label(shell, name, place + 1)) }
                textarea id=(format!("typed-{place}")) name=[again.then_some(*name)] rows=(if value.chars().count() > 40 { 5 } else { 2 }) readonly[!again] { (value) }
            }
        }
    };
    html! {
        section.card aria-labelledby="typed" {
            h2 #typed { (w.t("fail-typed")) }
            p { (w.t(if again { "fail-typed-hint" } else { "fail-typed-copy" })) }
            @if again {
                form method="post" action=(asked.uri.path_and_query().map_or("/", |path| path.as_str())) {
                    @for (name, value) in pairs.iter().filter(|(name, value)| !written.contains(&(name.as_str(), value.as_str()))) { (ui::hidden(name, value)) }
                    (boxes)
                    (ui::actions(html! { button.button.second type="submit" { (w.t("fail-again")) } }))
                }
            } @else { (boxes) }
        }
    }
}

/// A person typed it: a sentence, or an answer of a form that is no mere choice.
fn is_written(shell: &Shell, name: &str) -> bool {
    use catalogue::FieldKind;
    // Points of a checklist have a box each for why.
    if SENTENCES.contains(&name) || (name.starts_with("check-") && name.ends_with("-why")) {
        return true;
    }
    let Some(field) = name.strip_prefix(CONTROL_PREFIX) else { return false };
    let field = shell.edition.field(&field.split('.').next().unwrap_or_default().into());
    field.is_some_and(|field| {
        !matches!(
            field.kind,
            FieldKind::YesNo | FieldKind::Choice { .. } | FieldKind::Choices { .. } | FieldKind::File { .. }
        )
    })
}

fn label(shell: &Shell, name: &str, place: usize) -> String {
    let field = name.strip_prefix(CONTROL_PREFIX).and_then(|field| {
        let field = shell.edition.field(&field.split('.').next().unwrap_or_default().into())?;
        Some(shell.say(&field.label).to_owned())
    });
    field.unwrap_or_else(|| shell.w.with("fail-written", &[("place", place.into())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_form_leads_to_the_page_that_has_it() {
        for (address, page) in [
            ("/drafts/1/papers/x", "/drafts/1/papers"),
            ("/drafts/1/submit", "/drafts/1/check"),
            ("/cases/2/correction/x", "/cases/2"),
            ("/cases/2/message", "/cases/2"),
            ("/hall/h/take", "/hall/h"),
            ("/window/hall", "/window"),
            ("/sign-out", "/"),
        ] {
            assert_eq!(page_of(address), page);
        }
    }

    /// A box that is new on some page is named here, or what is written in it would be lost on a refusal.
    #[test]
    fn every_box_for_sentences_is_shown_again() {
        fn collect(folder: &std::path::Path, names: &mut std::collections::BTreeSet<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    collect(&path, names);
                } else {
                    let text = std::fs::read_to_string(&path).unwrap();
                    for part in text.split("textarea").skip(1) {
                        let tag = part.split(['{', ';']).next().unwrap_or_default();
                        if let Some(name) =
                            tag.split("name=\"").nth(1).and_then(|rest| rest.split('"').next())
                        {
                            names.insert(name.to_owned());
                        }
                    }
                }
            }
        }
        let mut names = std::collections::BTreeSet::new();
        collect(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
        assert!(names.contains("opinion"), "{names:?}");
        let unknown: Vec<_> = names.iter().filter(|name| !SENTENCES.contains(&name.as_str())).collect();
        assert!(unknown.is_empty(), "boxes that are not shown again: {unknown:?}");
    }
}
