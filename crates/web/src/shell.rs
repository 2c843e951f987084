//! The frame of every page: who looks, in which language, and the layout around what the page says.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::HeaderMap;
use axum::http::header;
use axum::http::request::Parts;
use catalogue::Edition;
use diagnostic::Lang;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use office::{Duty, OfficeError, SessionToken, Viewer};

use crate::app::App;
use crate::assets;
use crate::fault::Failure;
use crate::texts::Words;
use crate::ui::icons;

pub const SESSION_COOKIE: &str = "yc_session";
pub const LANGUAGE_COOKIE: &str = "yc_lang";

/// Who asks for a page, and how it is to be told. An extractor: every page handler takes one.
#[derive(Clone, Debug)]
pub struct Shell {
    pub lang: Lang,
    pub w: Words,
    pub edition: Arc<Edition>,
    pub viewer: Option<Viewer>,
    pub session: Option<SessionToken>,
    pub now: jiff::Timestamp,
    /// Path and query of this page, to come back to.
    pub here: String,
}

/// For whom a page is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Large type, one column.
    Public,
    /// Denser, for people who sit before it all day.
    Desk,
    /// A machine or a wall: the whole screen, without the frame.
    Screen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    Narrow,
    Normal,
    Wide,
}

/// A page to be framed.
#[derive(Debug)]
pub struct Page {
    title: String,
    room: Room,
    width: Width,
    crumbs: Vec<(String, String)>,
    refresh_seconds: Option<u32>,
    /// Where the page hears that it has changed.
    live: Option<String>,
    /// Where the page goes by itself, and after how many seconds.
    go_on: Option<(String, u32)>,
    body: Markup,
}

impl Page {
    pub fn public(title: impl Into<String>, body: Markup) -> Self {
        Self {
            title: title.into(),
            room: Room::Public,
            width: Width::Narrow,
            crumbs: Vec::new(),
            refresh_seconds: None,
            live: None,
            go_on: None,
            body,
        }
    }

    pub fn screen(title: impl Into<String>, body: Markup) -> Self {
        Self { room: Room::Screen, width: Width::Wide, ..Self::public(title, body) }
    }

    pub fn desk(title: impl Into<String>, body: Markup) -> Self {
        Self { room: Room::Desk, width: Width::Wide, ..Self::public(title, body) }
    }

    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// Where the page stands: label and address of each page above it, outermost first.
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push((label.into(), href.into()));
        self
    }

    /// Load again by itself, for wall screens; works without script.
    pub fn refresh(mut self, seconds: u32) -> Self {
        self.refresh_seconds = Some(seconds);
        self
    }

    /// Go there by itself after a while: a machine that waits for the next person.
    pub fn go_on(mut self, to: impl Into<String>, seconds: u32) -> Self {
        self.go_on = Some((to.into(), seconds));
        self
    }

    /// Show what has changed as soon as this address says so; every so many seconds without script.
    pub fn live(mut self, address: impl Into<String>, seconds: u32) -> Self {
        (self.live, self.refresh_seconds) = (Some(address.into()), Some(seconds));
        self
    }
}

impl Shell {
    /// The person who is signed in; everybody else is sent away.
    pub fn signed_in(&self) -> Result<&Viewer, Failure> {
        self.viewer.as_ref().ok_or_else(|| Failure::sign_in(&self.here))
    }

    /// An officer who is signed in.
    pub fn officer(&self) -> Result<&Viewer, Failure> {
        let viewer = self.signed_in()?;
        if viewer.is_officer() { Ok(viewer) } else { Err(OfficeError::Denied.into()) }
    }

    /// Somebody from the zone's own staff.
    pub fn staff(&self) -> Result<&Viewer, Failure> {
        let viewer = self.signed_in()?;
        if viewer.is_applicant() { Err(OfficeError::Denied.into()) } else { Ok(viewer) }
    }

    /// Whoever has one of the duties of administration.
    pub fn administrator(&self) -> Result<&Viewer, Failure> {
        let viewer = self.signed_in()?;
        if viewer.has_any_duty() { Ok(viewer) } else { Err(OfficeError::Denied.into()) }
    }

    pub fn duty(&self, duty: Duty) -> Result<&Viewer, Failure> {
        let viewer = self.signed_in()?;
        if viewer.has_duty(duty) { Ok(viewer) } else { Err(OfficeError::Denied.into()) }
    }

    /// The same language and edition before nobody, on a day: what is drawn with it may be kept and shown to others.
    pub fn for_nobody(&self, day: calendar::Date) -> Self {
        let midnight = self.edition.offset().to_timestamp(day.to_datetime(jiff::civil::Time::midnight()));
        Self {
            lang: self.lang,
            w: self.w,
            edition: self.edition.clone(),
            viewer: None,
            session: None,
            now: midnight.unwrap_or(self.now),
            here: String::new(),
        }
    }

    /// Between a name and what is said of it.
    pub const fn colon(&self) -> &'static str {
        match self.lang {
            Lang::Zh => "：",
            Lang::En => ": ",
        }
    }

    /// A text of the pack in the reader's language.
    pub fn say<'a>(&self, text: &'a catalogue::Bilingual) -> &'a str {
        text.get(self.lang)
    }

    pub fn lay_out(&self, page: Page) -> Markup {
        // The body is the most of a page: it is put in last, so that it is copied once.
        const PLACE: &str = "\u{1}";
        let body = page.body.0.as_str();
        let frame = self.frame(&page, PreEscaped(PLACE)).0;
        // What the title and the crumbs say may be anybody's text; the body comes after them, and so does the footer.
        let Some((before, after)) = frame.rsplit_once(PLACE) else {
            return self.frame(&page, PreEscaped(body));
        };
        let mut whole = String::with_capacity(frame.len() + body.len());
        whole.push_str(before);
        whole.push_str(body);
        whole.push_str(after);
        PreEscaped(whole)
    }

    fn frame(&self, page: &Page, body: PreEscaped<&str>) -> Markup {
        let w = self.w;
        let zone = self.say(&self.edition.zone().name);
        let (desk, screen) = (page.room == Room::Desk, page.room == Room::Screen);
        let class = match page.room {
            Room::Public => "public",
            Room::Desk => "desk",
            Room::Screen => "screen",
        };
        let reload = page.refresh_seconds.filter(|_| page.live.is_none());
        let width = match page.width {
            Width::Narrow => "narrow",
            Width::Normal => "normal",
            Width::Wide => "wide",
        };
        html! {
            (DOCTYPE)
            html lang=(if self.lang == Lang::Zh { "zh-CN" } else { "en" }) class=(class) data-refresh=[reload] data-live=[&page.live] {
                (self.head(page))
                body {
                    a.skip href="#content" { (w.t("skip-to-content")) }
                    @if !screen { header.bar {
                        div.bar-in {
                            a.brand href=(self.home(desk)) {
                                (icons::mark())
                                span {
                                    span.brand-zone { (zone) }
                                    span.brand-name { "一窗 YICHUANG" }
                                }
                            }
                            (self.navigation())
                        }
                    } }
                    main #content tabindex="-1" class=(width) {
                        @if !page.crumbs.is_empty() {
                            nav.crumbs aria-label=(w.t("nav-crumbs")) {
                                ol {
                                    @for (label, href) in &page.crumbs { li { a href=(href) { (label) } } }
                                    li aria-current="page" { (page.title) }
                                }
                            }
                        }
                        (body)
                    }
                    @if !screen { footer.foot {
                        div.foot-in {
                            span { (self.say(&self.edition.zone().contact)) }
                            @if self.edition.zone().feedback.is_some() {
                                a href=(format!("/feedback?from={}", encode(&self.here))) { (w.t("foot-feedback")) }
                            }
                            a href="/v" { (w.t("foot-verify")) }
                            span.quiet { (w.with("foot-edition", &[("edition", self.edition.hash().short().into())])) }
                        }
                    } }
                }
            }
        }
    }

    /// Title, styles and scripts.
    fn head(&self, page: &Page) -> Markup {
        let w = self.w;
        let zone = self.say(&self.edition.zone().name);
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if let Some(seconds) = page.refresh_seconds { noscript { meta http-equiv="refresh" content=(seconds); } }
                @if let Some((to, seconds)) = &page.go_on { noscript { meta http-equiv="refresh" content=(format!("{seconds};url={to}")); } }
                title { (page.title) " · " (zone) " " (w.t("product")) }
                link rel="icon" type="image/svg+xml" href=(assets::url("mark.svg"));
                link rel="stylesheet" href=(assets::url("app.css"));
                script src=(assets::url("vendor/htmx-4.0.1.min.js")) defer {}
                script src=(assets::url("keep.js")) defer {}
                script src=(assets::url("app.js")) defer {}
                @if page.live.is_some() { script src=(assets::url("live.js")) defer {} }
            }
        }
    }

    /// Where the name of the zone leads: administrators have no worklist.
    fn home(&self, desk: bool) -> &'static str {
        match &self.viewer {
            Some(viewer) if desk && viewer.has_any_duty() => "/admin/accounts",
            _ if desk => "/desk",
            _ => "/",
        }
    }

    fn navigation(&self) -> Markup {
        let w = self.w;
        let mut links: Vec<(&str, String)> = vec![];
        match &self.viewer {
            Some(viewer) if viewer.is_officer() => {
                if viewer.works_at_window(&self.edition) {
                    links.push(("/window", w.t("nav-window")));
                }
                links.push(("/desk", w.t("nav-worklist")));
                links.push(("/desk/cases", w.t("nav-cases")));
                if viewer.runs_halls(&self.edition) {
                    links.push(("/floor", w.t("nav-hall")));
                }
                if viewer.leads(&self.edition) {
                    links.push(("/zone", w.t("nav-figures")));
                }
            }
            Some(viewer) if viewer.is_administrator() => {
                if viewer.has_duty(Duty::System) {
                    links.push(("/admin/pack", w.t("nav-pack")));
                }
                if viewer.has_any_duty() {
                    links.push(("/admin/accounts", w.t("nav-accounts")));
                }
                if viewer.has_duty(Duty::System) {
                    links.push(("/admin/webhooks", w.t("nav-webhooks")));
                }
                if viewer.has_duty(Duty::Audit) {
                    links.push(("/admin/trail", w.t("nav-trail")));
                    links.push(("/admin/keeping", w.t("nav-keeping")));
                    links.push(("/zone", w.t("nav-figures")));
                }
            }
            Some(_) => {
                links.push(("/", w.t("nav-home")));
                links.push(("/my", w.t("nav-my-cases")));
            }
            None => {
                links.push(("/", w.t("nav-home")));
                links.push(("/track", w.t("nav-track")));
            }
        }
        let path = self.here.split('?').next().unwrap_or("/");
        let current = |href: &str| {
            // The most specific link that leads to this page.
            let fits = |link: &str| path == link || (link != "/" && path.starts_with(&format!("{link}/")));
            fits(href) && !links.iter().any(|(other, _)| other.len() > href.len() && fits(other))
        };
        html! {
            nav.nav aria-label=(w.t("nav-main")) {
                @for (href, label) in &links {
                    a href=(href) aria-current=[current(href).then_some("page")] { (label) }
                }
                @if let Some(viewer) = &self.viewer {
                    a.small.who href="/my/account" title=(w.t("nav-account")) { (viewer.name) }
                    form method="post" action="/sign-out" { button type="submit" { (w.t("nav-sign-out")) } }
                } @else {
                    a href=(format!("/sign-in?next={}", encode(&self.here))) { (w.t("nav-sign-in")) }
                }
                form method="post" action="/language" {
                    input type="hidden" name="next" value=(self.here);
                    button type="submit" lang=(if self.lang == Lang::Zh { "en" } else { "zh-CN" }) { (w.t("language-other")) }
                }
            }
        }
    }
}

impl FromRequestParts<App> for Shell {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let lang = language(&parts.headers);
        let session = cookie(&parts.headers, SESSION_COOKIE).map(|text| SessionToken(text.to_owned()));
        let viewer = match &session {
            Some(token) => app.office.session(token).await?,
            None => None,
        };
        let here = match parts.extensions.get::<OriginalUri>() {
            Some(uri) => uri.0.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            None => parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        };
        Ok(Self {
            lang,
            w: Words(lang),
            edition: app.office.edition(),
            viewer,
            session,
            now: app.office.now(),
            here,
        })
    }
}

/// The language chosen on this site, else the browser's, else Chinese.
pub fn language(headers: &HeaderMap) -> Lang {
    if let Some(lang) = cookie(headers, LANGUAGE_COOKIE).and_then(|text| text.parse().ok()) {
        return lang;
    }
    let accepted =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for tag in accepted.split(',') {
        let tag = tag.trim().to_ascii_lowercase();
        if tag.starts_with("zh") {
            return Lang::Zh;
        }
        if tag.starts_with("en") {
            return Lang::En;
        }
    }
    Lang::Zh
}

pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Percent-encodes everything that could mean something in an address.
pub fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_chosen_language_wins_over_the_browsers() {
        let mut headers = HeaderMap::new();
        assert_eq!(language(&headers), Lang::Zh);
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("fr, en-GB;q=0.9"));
        assert_eq!(language(&headers), Lang::En);
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; yc_lang=zh"));
        assert_eq!(language(&headers), Lang::Zh);
    }

    #[test]
    fn addresses_are_encoded_whole() {
        assert_eq!(encode("/a?b=办&c"), "/a%3Fb%3D%E5%8A%9E%26c");
    }
}
