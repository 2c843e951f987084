//! Who comes to the public pages: somebody signed in, or a guest whose browser holds a key.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use office::{AccessKey, By, CaseId, DraftId, NotPossible, OfficeError, OpenDraft, OpenedCase};
use uuid::Uuid;

use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Shell, cookie};

pub const KEY_COOKIE: &str = "yc_key";
/// As long as the office keeps what a key opens.
const KEY_SECONDS: u32 = 180 * 24 * 60 * 60;

/// What a form sent, in its order.
pub type Pairs = axum::Form<Vec<(String, String)>>;

/// The key in the browser's cookie. Anything that cannot be one counts as none.
#[derive(Clone, Debug)]
pub struct Guest(pub Option<AccessKey>);

impl FromRequestParts<App> for Guest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Infallible> {
        let text = cookie(&parts.headers, KEY_COOKIE);
        let text = text.filter(|text| text.len() == 48 && text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        Ok(Self(text.map(|text| AccessKey(text.to_owned()))))
    }
}

impl Guest {
    /// All that this browser may act as, the account first. Staff have their own pages: here they are guests.
    pub fn ways<'a>(&'a self, shell: &'a Shell) -> Vec<By<'a>> {
        let viewer = shell.viewer.as_ref().filter(|viewer| viewer.is_applicant()).map(By::Viewer);
        viewer.into_iter().chain(self.0.as_ref().map(By::Guest)).collect()
    }

    /// The account, acting for somebody who agreed to it. Comes last: what is one's own needs no consent.
    fn as_agent(shell: &Shell) -> Option<By<'_>> {
        shell.viewer.as_ref().filter(|viewer| !viewer.is_administrator()).map(By::Agent)
    }

    /// As [`Guest::ways`], then as an agent.
    pub fn ways_to_cases<'a>(&'a self, shell: &'a Shell) -> Vec<By<'a>> {
        self.ways(shell).into_iter().chain(Self::as_agent(shell)).collect()
    }

    /// As [`Guest::ways`]; and a clerk at the window fills in for somebody present.
    fn ways_to_drafts<'a>(&'a self, shell: &'a Shell) -> Vec<By<'a>> {
        let clerk =
            shell.viewer.as_ref().filter(|viewer| viewer.works_at_window(&shell.edition)).map(By::Viewer);
        clerk.into_iter().chain(self.ways(shell)).collect()
    }

    /// The draft, and as whom it opens.
    pub async fn draft<'a>(
        &'a self,
        app: &App,
        shell: &'a Shell,
        id: DraftId,
    ) -> Result<(OpenDraft, By<'a>), Failure> {
        for by in self.ways_to_drafts(shell).into_iter().chain(Self::as_agent(shell)) {
            match app.office.open_draft(id, by).await {
                Ok(open) => return Ok((open, by)),
                Err(OfficeError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Failure::NotFound)
    }

    /// The case with this number, and as whom it opens wholly. Other people's numbers do not exist.
    pub async fn case<'a>(
        &'a self,
        app: &App,
        shell: &'a Shell,
        number: &str,
    ) -> Result<OpenedCase<'a>, Failure> {
        let opened = self.case_in_progress(app, shell, number).await?;
        opened.whole()?;
        Ok(opened)
    }

    /// As [`Guest::case`], also where it opens only as far as its progress.
    pub async fn case_in_progress<'a>(
        &'a self,
        app: &App,
        shell: &'a Shell,
        number: &str,
    ) -> Result<OpenedCase<'a>, Failure> {
        let ways = self.ways_to_cases(shell);
        if ways.is_empty() {
            return Err(Failure::NotFound);
        }
        app.office.open_case(find_case(app, number).await?, ways).await.map_err(|error| match error {
            OfficeError::NotFound => Failure::NotFound,
            error => error.into(),
        })
    }

    /// The key, or a new one that the answer has to hand to the browser.
    pub fn key_or_new(&self, app: &App) -> (AccessKey, bool) {
        match &self.0 {
            Some(key) => (key.clone(), false),
            None => (app.office.new_access_key(), true),
        }
    }
}

/// People write numbers with spaces and hyphens.
pub async fn find_case(app: &App, number: &str) -> Result<CaseId, Failure> {
    let number = match identifier::CaseNumber::parse(number) {
        Ok(number) => number.to_string(),
        Err(_) => return Err(Failure::NotFound),
    };
    Ok(app.office.case_numbered(&number).await?)
}

pub fn key_cookie(app: &App, key: &AccessKey) -> Option<HeaderValue> {
    cookie_line(app, KEY_COOKIE, &key.0, "/", KEY_SECONDS)
}

/// The line that sets a cookie: not read by scripts, not sent along from other sites. None, where it cannot be said in a header.
pub fn cookie_line(
    app: &App,
    name: &str,
    value: &str,
    path: &str,
    seconds: impl std::fmt::Display,
) -> Option<HeaderValue> {
    let secure = if app.settings.secure_cookies { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).ok()
}

pub fn no_key_cookie(app: &App) -> Option<HeaderValue> {
    cookie_line(app, KEY_COOKIE, "", "/", 0)
}

/// After a form was taken: go on there.
pub fn see(to: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, to.to_owned())]).into_response()
}

/// The page with what was typed again, and why it was not taken.
pub fn again(error: &OfficeError, page: impl IntoResponse) -> Response {
    let status = match error {
        OfficeError::Enough(_) | OfficeError::Wait { .. } => StatusCode::TOO_MANY_REQUESTS,
        OfficeError::NotPossible(NotPossible::CommandUsed) => StatusCode::CONFLICT,
        OfficeError::Crowded => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut response = page.into_response();
    *response.status_mut() = status;
    if let Some(minutes) = error.wait_minutes() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(minutes * 60));
    }
    response
}

pub fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The first value under a name.
pub fn value<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
}

pub fn values<'p>(pairs: &'p [(String, String)], name: &str) -> Vec<&'p str> {
    pairs
        .iter()
        .filter(|(key, value)| key == name && !value.is_empty())
        .map(|(_, value)| value.as_str())
        .collect()
}

/// The id under which the office does a command once.
pub fn command(pairs: &[(String, String)]) -> Option<Uuid> {
    value(pairs, "command").parse().ok()
}

/// The path, if it is one of this site, so that no link can lead a person elsewhere.
pub fn local(next: &str) -> Option<&str> {
    let mut characters = next.chars();
    let rooted = characters.next() == Some('/') && !matches!(characters.next(), Some('/' | '\\'));
    // A browser drops tabs and line ends from addresses, which could make two slashes meet.
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (rooted && plain).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_gone_to() {
        for next in ["/my", "/cases/1?x=%2F", "/"] {
            assert_eq!(local(next), Some(next));
        }
        for next in ["//evil", "https://evil", "/\\evil", "/\t/evil", "javascript:1", "", "/a b", "/办"] {
            assert_eq!(local(next), None);
        }
    }
}
