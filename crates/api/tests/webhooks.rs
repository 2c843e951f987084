//! Webhooks: nothing missed, nothing doubled, signed, tried again, and never into the internal network.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use api::{Settings, carry_due_webhooks};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use office::{By, Reach, Standing, Viewer};
use serde_json::{Value, json};
use store::{MemoryStore, Position, Store};
use support::{Program, Site, TAKE_AWAY};

/// One message as it came.
#[derive(Clone, Debug)]
struct Came {
    id: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

#[derive(Clone, Default)]
struct Destination {
    came: Arc<Mutex<Vec<Came>>>,
    /// What it answers next, before it is well again.
    answers: Arc<Mutex<Vec<u16>>>,
}

async fn receive(State(destination): State<Destination>, headers: HeaderMap, body: Bytes) -> Response {
    let id = headers["webhook-id"].to_str().unwrap().to_owned();
    destination.came.lock().unwrap().push(Came { id, headers, body: body.to_vec() });
    let status = destination.answers.lock().unwrap().pop().unwrap_or(204);
    (StatusCode::from_u16(status).unwrap(), [("retry-after", "600"), ("location", "http://127.0.0.1:1/")])
        .into_response()
}

impl Destination {
    async fn open() -> (Self, String) {
        let destination = Self::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().route("/hook", post(receive)).with_state(destination.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (destination, url)
    }

    fn came(&self) -> Vec<Came> {
        self.came.lock().unwrap().clone()
    }

    fn ids(&self) -> Vec<String> {
        self.came().into_iter().map(|came| came.id).collect()
    }
}

fn reach() -> Reach {
    Reach::allowing(["127.0.0.1", "::1"]).unwrap()
}

fn settings() -> Settings {
    Settings { requests_per_minute: 1_000_000, reach: reach(), ..Settings::default() }
}

struct Zone {
    site: Site,
    store: Arc<MemoryStore>,
    applicant: Viewer,
    admin: Program,
    hook: String,
    secret: String,
}

async fn zone(url: &str, kinds: Value) -> Zone {
    let store = Arc::new(MemoryStore::new());
    let site = Site::on(store.clone(), 7, settings()).await;
    let applicant = site.account("applicant", Standing::Applicant, &[]).await;
    let admin = site.account("admin", Standing::Administrator, &[]).await;
    let admin = site.program(&admin).await;
    let made = admin.post("/webhooks", &json!({ "url": url, "kinds": kinds })).await;
    let (hook, secret) = (made.is(201).text("/id"), made.text("/secret"));
    Zone { site, store, applicant, admin, hook, secret }
}

impl Zone {
    async fn file(&self) -> String {
        self.site.file(By::Viewer(&self.applicant), "开办餐饮店", &TAKE_AWAY).await
    }

    async fn log(&self) -> Vec<Value> {
        let found = self.admin.get(&format!("/webhooks/{}/deliveries", self.hook)).await;
        found.is(200).json["items"].as_array().unwrap().clone()
    }
}

/// The ids of all messages that the journal is worth.
async fn expected(store: &MemoryStore) -> BTreeSet<String> {
    let events = store.read_all(Position(0), 100_000).await.unwrap();
    let told = events.iter().filter(|event| event.stream.as_str().starts_with("case/"));
    let told = told.filter(|event| casework::Event::KINDS.iter().any(|(kind, _)| *kind == event.kind));
    told.map(|event| format!("msg_{}", event.id.simple())).collect()
}

#[tokio::test]
async fn nothing_is_missed_and_nothing_doubled_over_a_restart() {
    let (destination, url) = Destination::open().await;
    let zone = zone(&url, json!(["case.*"])).await;
    zone.file().await;
    carry_due_webhooks(&zone.site.office, &reach()).await.unwrap();
    zone.file().await;
    // What was put down before the server stopped is carried after it started, and so is what was not.
    zone.site.office.follow_webhooks().await.unwrap();
    zone.file().await;
    let again = Site::on(zone.store.clone(), 8, settings()).await;
    let (one, other) = (again.office.clone(), zone.site.office.clone());
    let (here, there) = (reach(), reach());
    // Two nodes at once.
    let (first, second) = tokio::join!(carry_due_webhooks(&one, &here), carry_due_webhooks(&other, &there));
    first.and(second).unwrap();
    carry_due_webhooks(&again.office, &reach()).await.unwrap();
    let ids = destination.ids();
    let distinct: BTreeSet<String> = ids.iter().cloned().collect();
    assert_eq!(distinct.len(), ids.len(), "something was doubled");
    assert_eq!(distinct, expected(&zone.store).await);
}

#[tokio::test]
async fn a_message_says_what_happened_and_names_nobody() {
    let (destination, url) = Destination::open().await;
    let zone = zone(&url, json!(["case.matter-opened"])).await;
    let number = zone.file().await;
    carry_due_webhooks(&zone.site.office, &reach()).await.unwrap();
    let came = destination.came();
    assert_eq!(came.len(), 1);
    let body: Value = serde_json::from_slice(&came[0].body).unwrap();
    assert_eq!((&body["type"], &body["data"]["number"]), (&json!("case.matter-opened"), &json!(number)));
    assert_eq!(body["data"]["item"], "食品经营许可");
    let members: Vec<&String> = body["data"].as_object().unwrap().keys().collect();
    assert_eq!(members, ["item", "number", "position", "thing"]);
    assert!(zone.secret.starts_with("whsec_"));
    for name in ["webhook-timestamp", "webhook-signature"] {
        assert!(came[0].headers.contains_key(name));
    }
    assert!(came[0].headers["webhook-signature"].to_str().unwrap().starts_with("v1,"));
}

#[tokio::test]
async fn a_destination_that_fails_is_tried_again_and_again_under_the_same_id() {
    let (destination, url) = Destination::open().await;
    let zone = zone(&url, json!(["case.case-opened"])).await;
    // Taken from the end: 503, then a redirect, which is not followed.
    *destination.answers.lock().unwrap() = vec![302, 503];
    zone.file().await;
    carry_due_webhooks(&zone.site.office, &reach()).await.unwrap();
    let line = &zone.log().await[0];
    assert_eq!(
        (&line["state"], &line["attempts"], &line["status"]),
        (&json!("waiting"), &json!(1), &json!(503))
    );
    zone.site.wait_minutes(1);
    carry_due_webhooks(&zone.site.office, &reach()).await.unwrap();
    assert_eq!(destination.ids().len(), 1, "it asked for ten minutes");
    zone.site.wait_minutes(10);
    carry_due_webhooks(&zone.site.office, &reach()).await.unwrap();
    zone.site.wait_minutes(30);
    carry_due_webhooks(&zone.site.office, &reach()).await.unwrap();
    let ids = destination.ids();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|id| *id == ids[0]));
    let line = &zone.log().await[0];
    assert_eq!(
        (&line["state"], &line["attempts"], &line["status"]),
        (&json!("delivered"), &json!(3), &json!(204))
    );
}

#[tokio::test]
async fn what_is_given_up_can_be_sent_once_more() {
    let (destination, url) = Destination::open().await;
    let zone = zone(&url, json!(["case.case-opened"])).await;
    *destination.answers.lock().unwrap() = vec![500; 8];
    zone.file().await;
    for _ in 0..8 {
        carry_due_webhooks(&zone.site.office, &reach()).await.unwrap();
        zone.site.wait_minutes(11 * 60);
    }
    let line = zone.log().await[0].clone();
    assert_eq!((&line["state"], &line["attempts"]), (&json!("given-up"), &json!(8)));
    let replays = format!("/webhooks/{}/replays", zone.hook);
    let once = zone.admin.with("idempotency-key", "r1");
    for _ in 0..2 {
        once.post(&replays, &json!({ "message": line["message"] })).await.is(202);
    }
    carry_due_webhooks(&zone.site.office, &reach()).await.unwrap();
    assert_eq!(destination.ids().len(), 9);
    assert_eq!(zone.log().await[0]["state"], "delivered");
    zone.admin.post(&replays, &json!({ "after": 0 })).await.is(202);
    carry_due_webhooks(&zone.site.office, &reach()).await.unwrap();
    assert_eq!(destination.ids().len(), 10);
    zone.admin.post(&replays, &json!({})).await.is_problem(400, "bad-body");
    zone.admin.post(&replays, &json!({ "message": "msg_1" })).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn who_says_gone_is_left_alone_until_somebody_opens_it_again() {
    let (destination, url) = Destination::open().await;
    let zone = zone(&url, json!(["case.case-opened"])).await;
    *destination.answers.lock().unwrap() = vec![410];
    zone.file().await;
    carry_due_webhooks(&zone.site.office, &reach()).await.unwrap();
    let path = format!("/webhooks/{}", zone.hook);
    assert!(zone.admin.get(&path).await.text("/stopped").contains("410"));
    zone.file().await;
    carry_due_webhooks(&zone.site.office, &reach()).await.unwrap();
    assert_eq!(destination.ids().len(), 1);
    zone.admin.patch(&path, &json!({ "open": true })).await.is(200);
    carry_due_webhooks(&zone.site.office, &reach()).await.unwrap();
    assert_eq!(destination.ids().len(), 2, "what happened in between is told");
    zone.admin.send(axum::http::Method::DELETE, &path, None).await.is(200);
    zone.file().await;
    carry_due_webhooks(&zone.site.office, &reach()).await.unwrap();
    assert_eq!(destination.ids().len(), 2);
    zone.admin.get(&path).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn nothing_is_sent_into_the_internal_network() {
    let (destination, url) = Destination::open().await;
    let zone = zone(&url, json!(["case.case-opened"])).await;
    for inside in
        ["http://10.0.0.1/", "https://10.0.0.1/", "https://169.254.169.254/latest", "ftp://example.com/", "x"]
    {
        let asked = json!({ "url": inside, "kinds": ["case.*"] });
        zone.admin.post("/webhooks", &asked).await.is_problem(422, "webhook-address");
    }
    // Names and odd spellings are looked up when they are named.
    let outside = Site::with(Settings { requests_per_minute: 1_000_000, ..Settings::default() }).await;
    let admin = outside.account("admin", Standing::Administrator, &[]).await;
    let admin = outside.program(&admin).await;
    for inside in ["https://localhost/x", "https://127.1/", "https://2130706433/", "https://0x7f.1:22/"] {
        let asked = json!({ "url": inside, "kinds": ["case.*"] });
        admin.post("/webhooks", &asked).await.is_problem(422, "webhook-address");
    }
    let unknown = json!({ "url": "https://203.0.114.1/", "kinds": ["case.nonsense"] });
    zone.admin.post("/webhooks", &unknown).await.is_problem(422, "webhook-kinds");
    // A name that leads inside is found out when it is looked up; here nothing inside is allowed any more.
    let named = zone
        .admin
        .post("/webhooks", &json!({ "url": "https://localhost/x", "kinds": ["case.case-opened"] }))
        .await;
    zone.file().await;
    carry_due_webhooks(&zone.site.office, &Reach::default()).await.unwrap();
    assert!(destination.ids().is_empty());
    let found = zone.admin.get(&format!("/webhooks/{}/deliveries", named.is(201).text("/id"))).await;
    assert!(found.text("/items/0/problem").contains("internal network"), "{}", found.json);
    assert!(zone.log().await[0]["problem"].as_str().unwrap().contains("not allowed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_that_hangs_keeps_nobody_else_waiting() {
    // Takes connections and never answers.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hangs = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((connection, _)) = listener.accept().await {
            held.push(connection);
        }
    });
    let (destination, url) = Destination::open().await;
    // Named first, with more messages than were carried at once.
    let zone = zone(&hangs, json!(["case.*"])).await;
    let mut hanging = vec![zone.hook.clone()];
    for _ in 0..5 {
        let made = zone.admin.post("/webhooks", &json!({ "url": hangs, "kinds": ["case.*"] })).await;
        hanging.push(made.is(201).text("/id"));
    }
    zone.admin.post("/webhooks", &json!({ "url": url, "kinds": ["case.*"] })).await.is(201);
    for _ in 0..3 {
        zone.file().await;
    }
    let wanted = expected(&zone.store).await;
    assert!(wanted.len() * hanging.len() > 16);
    let carrying = tokio::spawn(api::carry_webhooks(zone.site.office.clone(), reach()));
    while destination.ids().into_iter().collect::<BTreeSet<_>>() != wanted {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    // And what happens now comes too, while nobody has given up on the others.
    zone.file().await;
    let wanted = expected(&zone.store).await;
    while destination.ids().into_iter().collect::<BTreeSet<_>>() != wanted {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    for hook in hanging {
        let found = zone.admin.get(&format!("/webhooks/{hook}/deliveries")).await;
        for line in found.is(200).json["items"].as_array().unwrap() {
            assert_eq!(line["attempts"], 0, "{line}");
        }
    }
    carrying.abort();
}

#[tokio::test]
async fn messages_to_a_destination_that_is_no_more_are_let_go() {
    let (destination, url) = Destination::open().await;
    let zone = zone(&url, json!(["case.*"])).await;
    zone.file().await;
    zone.site.office.follow_webhooks().await.unwrap();
    let queues = zone.site.office.webhook_queues().await.unwrap();
    zone.admin.send(axum::http::Method::DELETE, &format!("/webhooks/{}", zone.hook), None).await.is(200);
    for queue in queues {
        assert_eq!(zone.site.office.next_webhook_due(&queue).await.unwrap(), None);
    }
    carry_due_webhooks(&zone.site.office, &reach()).await.unwrap();
    assert!(destination.ids().is_empty());
}
