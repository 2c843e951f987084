//! A zone on a memory store, with people of every kind, before whom the interface for programs stands.

use std::sync::Arc;

use api::{Api, Settings};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Method, Request, header};
use catalogue::{Channel, PartyKind};
use form::{Answers, KnownFacts, Raw, example_answers, parse_answer};
use jiff::Timestamp;
use office::{
    By, CameFrom, Clock, DerivedKeys, NewAccount, NewToken, Office, Scope, SecondFactor, Standing,
    StartDraft, Surroundings, Viewer,
};
use serde_json::Value;
use sim::SeededEntropy;
use store::MemoryStore;
use tower::ServiceExt as _;

const THING: &str = "开办餐饮店";
const HALL: &str = "政务服务大厅";
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// Whose token is sent; before them come nobody, and a guest with a key.
const PEOPLE: [(&str, Standing, &[&str]); 9] = [
    ("applicant", Standing::Applicant, &[]),
    ("other", Standing::Applicant, &[]),
    ("officer", Standing::Officer, &["审批审查员"]),
    ("clerk", Standing::Officer, &["综合窗口"]),
    ("head", Standing::Officer, &["审批部负责人"]),
    ("admin", Standing::Administrator, &[]),
    ("system", Standing::SystemAdministrator, &[]),
    ("security", Standing::SecurityAdministrator, &[]),
    ("auditor", Standing::AuditAdministrator, &[]),
];

/// Monday morning in the zone, always.
#[derive(Debug)]
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::constant(1_795_397_400, 0)
    }
}

/// An operation that takes JSON, with its path filled in.
#[derive(Debug)]
pub struct Operation {
    pub method: Method,
    pub path: String,
}

pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub bytes: Vec<u8>,
}

pub struct Site {
    router: Router,
    pub operations: Vec<Operation>,
    /// What each kind of person sends in `authorization`.
    pub people: Vec<Option<HeaderValue>>,
}

impl Site {
    pub async fn new() -> Self {
        let surroundings = Surroundings {
            store: Arc::new(MemoryStore::new()),
            clock: Arc::new(Still),
            entropy: Arc::new(SeededEntropy::new(7)),
            keys: Arc::new(DerivedKeys::new([7; 32])),
            public_url: "http://zone.test".into(),
            second_factor: SecondFactor::Off,
        };
        let office =
            Office::start(surroundings, Some(crate::edition().clone())).await.expect("the zone starts");
        let settings = Settings { requests_per_minute: u32::MAX, ..Settings::default() };
        let mut site = Self {
            router: api::router(Api::new(office.clone(), settings)),
            operations: Vec::new(),
            people: vec![None],
        };
        let key = site.json(Method::POST, "/access-keys", &None, Vec::new()).await;
        site.people.push(bearer(key["key"].as_str().expect("a key")));
        let mut viewers = Vec::new();
        for (login, standing, roles) in PEOPLE {
            let viewer = account(&office, login, standing, roles).await;
            let new = NewToken { name: "all".into(), scopes: Scope::ALL.to_vec(), days: 30 };
            let (token, _) = office.make_token(new, &viewer).await.expect("a token");
            site.people.push(bearer(&token.0));
            viewers.push(viewer);
        }
        let applicant = &viewers[0];
        let system = site.people[site.people.len() - 3].clone();
        let hook = br#"{"url":"https://example.com/","kinds":["case.*"]}"#.to_vec();
        let hook = site.json(Method::POST, "/webhooks", &system, hook).await;
        let names = [
            ("{thing}", THING.to_owned()),
            ("{hall}", HALL.to_owned()),
            ("{number}", file(&office, By::Viewer(applicant)).await),
            ("{draft}", draft(&office, By::Viewer(applicant)).await.id.to_string()),
            ("{account}", applicant.id.0.to_string()),
            ("{webhook}", hook["id"].as_str().expect("a webhook").to_owned()),
            ("{code}", site.appointment().await),
        ];
        site.operations = site.described(&names).await;
        site
    }

    /// Every operation that is described as taking JSON: a new one is tried without being named here.
    async fn described(&self, names: &[(&str, String)]) -> Vec<Operation> {
        let described = self.json(Method::GET, "/openapi.json", &None, Vec::new()).await;
        let mut found = Vec::new();
        for (pattern, operations) in described["paths"].as_object().expect("paths") {
            for (method, operation) in operations.as_object().expect("operations") {
                let takes_json = operation["requestBody"]["content"].get("application/json").is_some();
                if takes_json && ["post", "put", "patch"].contains(&method.as_str()) {
                    let path =
                        names.iter().fold(pattern.clone(), |path, (name, real)| path.replace(name, real));
                    assert!(!path.contains('{'), "{path} has a name that nothing is known for");
                    let method = method.to_uppercase().parse().expect("a method");
                    found.push(Operation { method, path });
                }
            }
        }
        // The first byte of an input counts along this order.
        found.sort_by(|one, other| {
            (&one.path, one.method.as_str()).cmp(&(&other.path, other.method.as_str()))
        });
        assert!(found.len() > 20, "{found:?}");
        found
    }

    /// Books the first free time of the hall for the applicant, and gives its code.
    async fn appointment(&self) -> String {
        let own = &self.people[2];
        let lines = crate::edition().parts().service_lines.keys();
        for line in lines {
            let line = line.as_str();
            let days =
                self.json(Method::GET, &format!("/halls/{HALL}/slots?line={line}"), own, Vec::new()).await;
            for day in days["items"].as_array().into_iter().flatten() {
                let Some(slot) = day["slots"].as_array().and_then(|slots| slots.first()) else { continue };
                let asked = serde_json::json!({ "date": day["date"], "slot": slot["from"], "line": line, "name": "甲", "phone": "13800001234" });
                let asked = serde_json::to_vec(&asked).expect("JSON");
                let booked =
                    self.json(Method::POST, &format!("/halls/{HALL}/appointments"), own, asked).await;
                if let Some(code) = booked["code"].as_str() {
                    return code.to_owned();
                }
            }
        }
        panic!("the hall has a free time");
    }

    async fn json(&self, method: Method, path: &str, who: &Option<HeaderValue>, body: Vec<u8>) -> Value {
        let answer = self.send(method, path, who, None, body).await;
        serde_json::from_slice(&answer.bytes).expect("JSON")
    }

    /// An empty body is sent as none.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        who: &Option<HeaderValue>,
        key: Option<&'static str>,
        body: Vec<u8>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(encoded(&format!("/api/v1{path}")));
        let headers = request.headers_mut().expect("a good request");
        if !body.is_empty() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(who) = who {
            headers.insert(header::AUTHORIZATION, who.clone());
        }
        if let Some(key) = key {
            headers.insert("idempotency-key", HeaderValue::from_static(key));
        }
        let request = request.body(Body::from(body)).expect("a good request");
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let bytes = to_bytes(body, ANSWER_BYTES_MAX).await.expect("an answer of some size").to_vec();
        Answer { status: parts.status.as_u16(), kind: kind.unwrap_or_default().to_owned(), bytes }
    }
}

fn bearer(secret: &str) -> Option<HeaderValue> {
    Some(format!("Bearer {secret}").parse().expect("a secret fits a header"))
}

async fn account(office: &Office, login: &str, standing: Standing, roles: &[&str]) -> Viewer {
    let new = NewAccount {
        login: login.into(),
        password: "long enough 8".into(),
        name: login.into(),
        phone: "13800001234".into(),
        standing,
        roles: roles.iter().map(|role| (*role).into()).collect(),
    };
    let id = office.open_account(new, "test").await.expect("an account");
    office.viewer(id).await.expect("the store answers").expect("the account is there")
}

async fn draft(office: &Office, by: By<'_>) -> office::OpenDraft {
    let start = StartDraft {
        thing: THING.into(),
        party: None,
        channel: Channel::Online,
        came_from: CameFrom::default(),
    };
    office.start_draft(start, by).await.expect("a draft")
}

/// Hands in a small take-away and gives its number.
async fn file(office: &Office, by: By<'_>) -> String {
    let situation = [
        ("主体状况", "已有营业执照"),
        ("经营方式", "外卖"),
        ("营业面积", "40"),
        ("排水方式", "物业统一办证"),
        ("大型户外广告", "false"),
        ("统一社会信用代码", "92370271MBYC100173"),
    ];
    let (edition, today) = (crate::edition(), office.today());
    let mut chosen = Answers::new();
    for (id, text) in situation {
        let field = edition.field(&id.into()).expect("a field of the zone");
        if let Ok(Some(value)) = parse_answer(field, &Raw::One(text.into()), today) {
            chosen.give(field.id.clone(), value);
        }
    }
    let thing = edition.thing(&THING.into()).expect("a thing of the zone");
    let party = thing.applicants.first().copied().unwrap_or(PartyKind::Natural);
    let all = example_answers(edition, thing, party, &KnownFacts::new(), &chosen, today);
    let raw = all.iter().filter_map(|(id, _)| Some((id.clone(), Raw::of(all.value(id.as_str())?)))).collect();
    let open = draft(office, by).await;
    let mut open = office.save_answers(open.id, &raw, by).await.expect("answers are taken");
    for material in open.papers_missing().expect("papers") {
        let mut upload = office.begin_upload(1 << 20).await.expect("an upload");
        upload.write(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n").await.expect("it is written");
        upload.write(material.as_str().as_bytes()).await.expect("it is written");
        let mut kept = office.finish_upload(upload, "a.pdf", by).await.expect("it is kept");
        kept.material = Some(material);
        open = office.attach(open.id, kept, by).await.expect("it is attached");
    }
    office.submit(open.id, by, None).await.expect("it is handed in").number
}

fn encoded(path: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_graphic() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    path.bytes().map(byte).collect()
}
