//! Somebody with a browser: cookies are kept, forms are read from the page and sent as they stand.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use office::Office;
use tower::ServiceExt;

use super::html::{Form, forms, text};

/// A small file that is what its name says.
pub const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";

pub struct Actor {
    pub router: Router,
    pub office: Office,
    pub cookies: BTreeMap<String, String>,
    pub headers: Vec<(&'static str, String)>,
    /// Where the connection comes from; unknown, nobody is counted.
    pub from: Option<IpAddr>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn forms(&self) -> Vec<Form> {
        forms(&self.body)
    }

    /// The form that goes there.
    pub fn form(&self, action_part: &str) -> Form {
        let mut found = self.forms().into_iter().filter(|form| form.action.contains(action_part));
        found.next().unwrap_or_else(|| panic!("no form goes to {action_part} in {}", self.text()))
    }

    pub fn text(&self) -> String {
        text(&self.body)
    }

    #[track_caller]
    pub fn shows(&self, words: &str) -> &Self {
        assert!(self.text().contains(words), "the page does not say {words:?}:\n{}", self.text());
        self
    }

    #[track_caller]
    pub fn shows_not(&self, words: &str) -> &Self {
        assert!(!self.text().contains(words), "the page says {words:?}:\n{}", self.text());
        self
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{} {}", self.location(), self.text());
        self
    }
}

impl Actor {
    pub fn new(router: Router, office: Office) -> Self {
        Self { router, office, cookies: BTreeMap::new(), headers: Vec::new(), from: None }
    }

    /// The same person on the same device, in a second window.
    pub fn second_window(&self) -> Self {
        Self {
            router: self.router.clone(),
            office: self.office.clone(),
            cookies: self.cookies.clone(),
            headers: self.headers.clone(),
            from: self.from,
        }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(encoded(path)).body(Body::empty()).unwrap()).await
    }

    /// Whatever method, with an empty form.
    pub async fn request(&mut self, method: &str, path: &str) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        let request = Request::builder().method(method).uri(encoded(path)).header(header::CONTENT_TYPE, kind);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Follows what a form answers with.
    pub async fn follow(&mut self, answer: &Answer) -> Answer {
        assert_eq!(answer.status, 303, "{}", answer.text());
        let path = answer.location().split('#').next().unwrap_or_default().to_owned();
        self.get(&path).await
    }

    pub async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        self.post_pairs(path, &pairs).await
    }

    pub async fn post_pairs(&mut self, path: &str, pairs: &[(String, String)]) -> Answer {
        let body: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
        self.post_raw(path, "application/x-www-form-urlencoded", body.join("&").into_bytes()).await
    }

    pub async fn post_raw(&mut self, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let request =
            Request::post(encoded(path)).header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
        self.send(request).await
    }

    /// Sends a form as it stands on the page, with some controls changed.
    pub async fn submit(&mut self, form: &Form, changed: &[(&str, &str)]) -> Answer {
        let mut pairs = form.untouched();
        pairs.retain(|(name, _)| !changed.iter().any(|(other, _)| other == name));
        pairs.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.post_pairs(&form.action, &pairs).await
    }

    /// Sends a form with files: control, file name, content.
    pub async fn upload(
        &mut self,
        form: &Form,
        changed: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        let boundary = "----people-before-pages";
        let mut body = Vec::new();
        let mut pairs = form.untouched();
        pairs.retain(|(name, _)| !changed.iter().any(|(other, _)| other == name));
        pairs.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        for (name, value) in pairs {
            body.extend_from_slice(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .as_bytes(),
            );
        }
        for (name, file, content) in files {
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        self.post_raw(&form.action, &format!("multipart/form-data; boundary={boundary}"), body).await
    }

    async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        for (name, value) in &self.headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        if let Some(from) = self.from {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from((from, 40_000))));
        }
        let path = request.uri().path().to_owned();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        keep(&path, parts.status.as_u16(), &bytes);
        armoured(&path, &parts.headers, &bytes);
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }
}

/// What every answer carries, whoever asks for whatever, and what no page contains.
#[track_caller]
pub fn armoured(path: &str, headers: &HeaderMap, body: &[u8]) {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let policy = header("content-security-policy");
    let strict = policy.contains("script-src 'self';") && !policy.contains("unsafe");
    assert!(
        policy.contains("default-src 'none'") && (strict || policy.contains("sandbox")),
        "{path}: {policy:?}"
    );
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(header(name), value, "{path}: {name}");
    }
    assert!(!header("cache-control").is_empty(), "{path}: nothing says how long it may be kept");
    if !header("content-type").starts_with("text/html") {
        return;
    }
    let page = String::from_utf8_lossy(body);
    for tag in page.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default()) {
        let name = tag.split_ascii_whitespace().next().unwrap_or_default();
        let inline = match name {
            "script" => !tag.contains(" src=\"/assets/"),
            "style" => true,
            _ => tag.contains(" style=\"") || tag.contains("=\"javascript:") || has_event_attribute(tag),
        };
        assert!(!inline, "{path}: the policy would stop <{tag}>");
    }
}

fn has_event_attribute(tag: &str) -> bool {
    let attribute = |text: &str| {
        text.starts_with("on")
            && text.split('=').next().is_some_and(|name| name.chars().all(|c| c.is_ascii_lowercase()))
    };
    // Values hold no bare quotes, so names are what stands before every other one.
    tag.split('"')
        .step_by(2)
        .filter_map(|part| part.rsplit_once(' '))
        .any(|(_, name)| name.ends_with('=') && attribute(name))
}

/// Addresses on pages are encoded already; those in tests are written as people read them.
pub fn encoded(path: &str) -> String {
    path.chars().map(|c| if c.is_ascii_graphic() { c.to_string() } else { percent(&c.to_string()) }).collect()
}

pub fn percent(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}

/// With `PAGES_DIR` set, every page that somebody saw is kept there, to be looked at with eyes.
fn keep(path: &str, status: u16, bytes: &[u8]) {
    let Ok(folder) = std::env::var("PAGES_DIR") else { return };
    let name: String =
        path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).rev().take(60).collect();
    let name: String = name.chars().rev().collect();
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(format!("{folder}/{status}{name}.html"), bytes).unwrap();
}
