//! Programs before the interface: a zone on a memory store, and callers who send JSON.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by failing")]

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use api::{Api, Settings};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, header};
use catalogue::{Channel, Edition, FieldId, PartyKind};
use form::{Answers, KnownFacts, Raw, example_answers, parse_answer};
use jiff::{SignedDuration, Timestamp};
use office::{
    By, CameFrom, Clock, DerivedKeys, NewAccount, NewToken, Office, Scope, SecondFactor, Standing,
    StartDraft, Surroundings, Viewer,
};
use serde_json::{Value, json};
use sim::SeededEntropy;
use store::MemoryStore;
use tower::ServiceExt as _;

pub const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";
pub const PASSWORD: &str = "long enough 8";

/// A small take-away: one licence.
pub const TAKE_AWAY: [(&str, &str); 6] = [
    ("主体状况", "已有营业执照"),
    ("经营方式", "外卖"),
    ("营业面积", "40"),
    ("排水方式", "物业统一办证"),
    ("大型户外广告", "false"),
    ("统一社会信用代码", "92370271MBYC100173"),
];

#[derive(Debug)]
pub struct TestClock(Mutex<Timestamp>);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

pub struct Site {
    pub office: Office,
    pub clock: Arc<TestClock>,
    pub router: Router,
    pub api: Api,
}

fn read(folder: &Path, prefix: &str, files: &mut checker::PackFiles) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read(entry.path()).unwrap().into());
        }
    }
}

/// The files of the shipped zone.
pub fn pack() -> checker::PackFiles {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zones/qingdao");
    let mut files = checker::PackFiles::new();
    read(&root, "", &mut files);
    files
}

/// The shipped zone, compiled once for all tests of a file.
pub fn edition() -> Edition {
    static EDITION: OnceLock<Edition> = OnceLock::new();
    EDITION.get_or_init(|| checker::compile(&pack()).edition.expect("the shipped zone compiles")).clone()
}

impl Site {
    pub async fn new() -> Self {
        Self::with(Settings { requests_per_minute: 1_000_000, ..Settings::default() }).await
    }

    pub async fn with(settings: Settings) -> Self {
        Self::on(Arc::new(MemoryStore::new()), 7, settings).await
    }

    /// A zone on this store, as a server finds it when it starts again.
    pub async fn on(store: Arc<MemoryStore>, seed: u64, settings: Settings) -> Self {
        // Monday morning in the zone.
        let clock = Arc::new(TestClock(Mutex::new("2026-11-23T01:30:00Z".parse().unwrap())));
        let surroundings = Surroundings {
            store,
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new(seed)),
            keys: Arc::new(DerivedKeys::new([7; 32])),
            public_url: "http://zone.test".into(),
            second_factor: SecondFactor::Off,
        };
        let office = Office::start(surroundings, Some(edition())).await.unwrap();
        let api = Api::new(office.clone(), settings);
        Self { office, clock, router: api::router(api.clone()), api }
    }

    pub fn wait_minutes(&self, minutes: i64) {
        *self.clock.0.lock().unwrap() += SignedDuration::from_mins(minutes);
    }

    pub async fn account(&self, login: &str, standing: Standing, roles: &[&str]) -> Viewer {
        let new = NewAccount {
            login: login.into(),
            password: PASSWORD.into(),
            name: login.into(),
            phone: "13800001234".into(),
            standing,
            roles: roles.iter().map(|role| (*role).into()).collect(),
        };
        let id = self.office.open_account(new, "test").await.unwrap();
        self.office.viewer(id).await.unwrap().unwrap()
    }

    /// A program that may do for the account whatever the account may do.
    pub async fn program(&self, viewer: &Viewer) -> Program {
        self.program_with(viewer, &Scope::ALL).await
    }

    pub async fn program_with(&self, viewer: &Viewer, scopes: &[Scope]) -> Program {
        let new = NewToken { name: "test".into(), scopes: scopes.to_vec(), days: 30 };
        let (token, _) = self.office.make_token(new, viewer).await.unwrap();
        Program { secret: Some(token.0), ..self.nobody() }
    }

    pub fn nobody(&self) -> Program {
        Program { router: self.router.clone(), secret: None, headers: Vec::new(), from: None }
    }

    /// Somebody without an account, with a key.
    pub async fn guest(&self) -> Program {
        let made = self.nobody().post("/access-keys", &Value::Null).await;
        Program { secret: Some(made.json["key"].as_str().unwrap().into()), ..self.nobody() }
    }

    /// Hands a thing in by the office and gives its number.
    pub async fn file(&self, by: By<'_>, thing: &str, situation: &[(&str, &str)]) -> String {
        let start = StartDraft {
            thing: thing.into(),
            party: None,
            channel: Channel::Online,
            came_from: CameFrom::default(),
        };
        let open = self.office.start_draft(start, by).await.unwrap();
        let raw: BTreeMap<FieldId, Raw> = answers(&open.edition, thing, situation, self.office.today())
            .into_iter()
            .map(|(field, text)| (FieldId::from(field), serde_json::from_value(text).unwrap()))
            .collect();
        let mut open = self.office.save_answers(open.id, &raw, by).await.unwrap();
        let fixed = open.unlike_registered().unwrap();
        if !fixed.is_empty() {
            open = self.office.confirm_known(open.id, &fixed, by).await.unwrap();
        }
        for material in open.papers_missing().unwrap() {
            let mut upload = self.office.begin_upload(1 << 20, by).await.unwrap();
            upload.write(PDF).await.unwrap();
            upload.write(material.as_str().as_bytes()).await.unwrap();
            let mut kept = self.office.finish_upload(upload, "a.pdf", by).await.unwrap();
            kept.material = Some(material);
            open = self.office.attach(open.id, kept, by).await.unwrap();
        }
        self.office.submit(open.id, by, None).await.unwrap().number
    }
}

/// Every answer that a thing needs in this situation, as programs send them.
pub fn answers(
    edition: &Edition,
    thing: &str,
    situation: &[(&str, &str)],
    today: jiff::civil::Date,
) -> BTreeMap<String, Value> {
    let thing = edition.thing(&thing.into()).unwrap();
    let mut chosen = Answers::new();
    for (id, text) in situation {
        let field = edition.field(&(*id).into()).unwrap_or_else(|| panic!("no field {id}"));
        if let Ok(Some(value)) = parse_answer(field, &Raw::One((*text).into()), today) {
            chosen.give(field.id.clone(), value);
        }
    }
    let party = thing.applicants.first().copied().unwrap_or(PartyKind::Natural);
    let all = example_answers(edition, thing, party, &KnownFacts::new(), &chosen, today);
    all.iter()
        .filter_map(|(id, _)| {
            let raw = Raw::of(all.value(id.as_str())?);
            Some((id.to_string(), serde_json::to_value(raw).unwrap()))
        })
        .collect()
}

/// Somebody's program, with its token or key.
#[derive(Clone)]
pub struct Program {
    pub router: Router,
    pub secret: Option<String>,
    pub headers: Vec<(&'static str, String)>,
    /// Where the connection comes from; unknown, nobody is counted.
    pub from: Option<IpAddr>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub json: Value,
    pub bytes: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}", self.json);
        self
    }

    #[track_caller]
    pub fn is_problem(&self, status: u16, code: &str) -> &Self {
        self.is(status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.json["code"], code, "{}", self.json);
        assert_eq!(self.json["status"], status);
        for member in ["type", "title", "detail"] {
            assert!(
                self.json[member].as_str().is_some_and(|text| !text.is_empty()),
                "{member}: {}",
                self.json
            );
        }
        self
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    #[track_caller]
    pub fn text(&self, pointer: &str) -> String {
        let found = self.json.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_else(|| panic!("nothing at {pointer} in {}", self.json)).to_owned()
    }
}

impl Program {
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut other = self.clone();
        other.headers.push((name, value.to_owned()));
        other
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// `null` sends no body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let (kind, bytes) = match body {
            None | Some(Value::Null) => (None, Vec::new()),
            Some(body) => (Some("application/json"), serde_json::to_vec(body).unwrap()),
        };
        self.send_bytes(method, path, kind, bytes).await
    }

    pub async fn send_bytes(&self, method: Method, path: &str, kind: Option<&str>, bytes: Vec<u8>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(encoded(&format!("/api/v1{path}")))
            .body(Body::from(bytes))
            .unwrap();
        let headers = request.headers_mut();
        if let Some(kind) = kind {
            headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        }
        if let Some(secret) = &self.secret {
            headers.insert(header::AUTHORIZATION, format!("Bearer {secret}").parse().unwrap());
        }
        for (name, value) in &self.headers {
            headers.insert(*name, value.parse().unwrap());
        }
        if let Some(from) = self.from {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from((from, 40_000))));
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or(json!(null));
        Answer { status: parts.status.as_u16(), headers: parts.headers, json, bytes }
    }
}

fn encoded(path: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_graphic() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    path.bytes().map(byte).collect()
}
