//! What those who run the zone see: counts that name nobody, and whether the server can work.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use std::collections::BTreeSet;

use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use catalogue::Channel;
use office::By;
use store::{Fate, MemoryStore};
use support::flow::{EXISTING, RESTAURANT, hand_in};
use support::{Site, percent};
use tower::ServiceExt as _;
use web::{App, Settings};

async fn fetch(router: &axum::Router, path: &str, token: &str) -> (u16, String) {
    let request = Request::get(path).header(header::AUTHORIZATION, token).body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

/// The value of the only sample that begins so.
fn sample(text: &str, begins: &str) -> f64 {
    let mut lines = text.lines().filter(|line| line.starts_with(begins));
    let line = lines.next().unwrap_or_else(|| panic!("no {begins} in\n{text}"));
    assert!(lines.next().is_none(), "more than one {begins}");
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

/// A zone in which something of every kind has happened.
async fn lived_in() -> (Site, String) {
    let site = Site::new().await;
    let mut person = site.guest();
    let number = hand_in(&mut person, RESTAURANT, EXISTING).await;
    person.get(&format!("/cases/{number}")).await.is(200);
    let hall = person.get("/hall/政务服务大厅").await;
    let taken = person.submit(&hall.form("/take"), &[("line", "公共服务")]).await;
    taken.is(303);
    person.get("/nowhere/张三丰").await.is(404);
    (site, number)
}

#[tokio::test]
async fn metrics_count_what_happened_and_name_nobody() {
    let (site, number) = lived_in().await;
    let (status, text) = fetch(&site.operations, "/metrics", "").await;
    assert_eq!(status, 200);
    assert!(text.ends_with("# EOF\n"), "{text}");
    assert_eq!(
        sample(&text, "yichuang_requests_total{method=\"GET\",route=\"/cases/{number}\",status=\"200\"}"),
        1.0
    );
    assert_eq!(
        sample(&text, "yichuang_requests_total{method=\"GET\",route=\"unknown\",status=\"404\"}"),
        1.0
    );
    assert_eq!(sample(&text, "yichuang_request_seconds_count{route=\"/cases/{number}\"}"), 1.0);
    let open: f64 = text
        .lines()
        .filter(|line| line.starts_with("yichuang_cases_open{"))
        .map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap())
        .sum();
    assert_eq!(open, 1.0);
    assert_eq!(sample(&text, "yichuang_cases_overdue"), 0.0);
    assert!(sample(&text, "yichuang_events ") > 3.0);
    assert_eq!(sample(&text, "yichuang_ready{check=\"store\"}"), 1.0);
    for secret in [number.as_str(), "张三丰", &percent("张三丰"), "13800005678", "店名"] {
        assert!(!text.contains(secret), "the metrics name {secret}");
    }
    // People come by another address, where there are none.
    site.guest().get("/metrics").await.is(404);
}

#[tokio::test]
async fn every_metric_on_the_dashboard_and_in_the_alerts_is_served() {
    let (site, _) = lived_in().await;
    let (_, text) = fetch(&site.operations, "/metrics", "").await;
    let served: BTreeSet<&str> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(['{', ' ']).next().unwrap_or_default())
        .collect();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ops/grafana");
    let mut named = BTreeSet::new();
    for file in ["yichuang.json", "alerts.yaml"] {
        let content = std::fs::read_to_string(folder.join(file)).unwrap();
        let expressions =
            content.lines().filter(|line| line.trim_start().trim_start_matches('"').starts_with("expr"));
        for word in
            expressions.flat_map(|line| line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')))
        {
            if word.starts_with("yichuang_") {
                named.insert(word.to_owned());
            }
        }
    }
    assert!(named.len() > 12, "{named:?}");
    let missing: Vec<_> = named.iter().filter(|name| !served.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "not served: {missing:?}\n{served:?}");
    let board: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("yichuang.json")).unwrap()).unwrap();
    assert!(board["panels"].as_array().unwrap().len() > 10);
}

#[tokio::test]
async fn programs_are_held_to_the_same_bounds_and_counted() {
    let settings = Settings::default();
    let routes = axum::Router::new()
        .route("/api/v1/things/{id}", axum::routing::post(|body: String| async move { body }));
    let router = web::for_programs(routes, &settings);
    let ask = |bytes: usize| {
        let request = Request::post("/api/v1/things/7").header(header::CONTENT_TYPE, "application/json");
        router.clone().oneshot(request.body(Body::from("x".repeat(bytes))).unwrap())
    };
    assert_eq!(ask(10).await.unwrap().status(), 200);
    let refused = ask(1_100_000).await.unwrap();
    assert_eq!(refused.status(), 413);
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    let site = Site::new().await;
    let app = App { office: site.office.clone(), settings: settings.into() };
    let (_, text) = fetch(&web::operations(app, None), "/metrics", "").await;
    let counted = |status: u16| {
        sample(
            &text,
            &format!(
                "yichuang_requests_total{{method=\"POST\",route=\"/api/v1/things/{{id}}\",status=\"{status}\"}}"
            ),
        )
    };
    assert_eq!((counted(200), counted(413)), (1.0, 1.0));
}

#[tokio::test]
async fn a_token_keeps_others_out() {
    let site = Site::new().await;
    let app = App { office: site.office.clone(), settings: Settings::default().into() };
    let router = web::operations(app, Some("a long token".into()));
    for path in ["/metrics", "/ready", "/health"] {
        for wrong in ["", "Bearer", "Bearer a long toke", "Bearer a long tokem", "Basic a long token"] {
            assert_eq!(fetch(&router, path, wrong).await.0, 401, "{path} with {wrong:?}");
        }
        assert_eq!(fetch(&router, path, "Bearer a long token").await.0, 200, "{path}");
    }
}

/// The zone as it is after a restart: what was in memory is gone.
async fn restarted(site: &Site) -> office::Office {
    let surroundings = office::Surroundings {
        store: site.store.clone(),
        clock: site.clock.clone(),
        entropy: std::sync::Arc::new(support::TestEntropy::default()),
        keys: std::sync::Arc::new(office::DerivedKeys::new([7; 32])),
        public_url: String::new(),
        second_factor: office::SecondFactor::Off,
    };
    office::Office::start(surroundings, None).await.unwrap()
}

#[tokio::test]
async fn a_clock_that_was_ahead_for_a_moment_is_remembered_over_restarts_until_somebody_confirms() {
    let site = Site::new().await;
    let start = || office::StartDraft {
        thing: "开办餐饮店".into(),
        party: None,
        channel: Channel::Online,
        came_from: Default::default(),
    };
    site.office.start_draft(start(), By::System).await.unwrap();
    assert_eq!(site.office.clock_doubt().await.unwrap(), None);
    site.wait(30);
    assert!(matches!(site.office.clock_doubt().await.unwrap(), Some(office::ClockDoubt::Ahead { .. })));
    assert!(site.office.readiness().await.clock, "nobody came for a month: people are served");
    site.office.start_draft(start(), By::System).await.unwrap();
    site.wait(-30);
    // The last event is right again; the one before it was not.
    site.office.start_draft(start(), By::System).await.unwrap();
    assert!(!site.office.readiness().await.clock);
    let again = restarted(&site).await;
    assert!(!again.readiness().await.clock);
    again.confirm_clock().await.unwrap();
    assert!(again.readiness().await.clock);
    assert!(restarted(&site).await.readiness().await.clock);
}

#[tokio::test]
async fn a_server_is_ready_while_its_store_its_edition_and_its_clock_are_in_order() {
    let site = Site::new().await;
    site.guest().get("/ready").await.is(200);
    assert_eq!(
        fetch(&site.operations, "/ready", "").await,
        (200, "store ok\nedition ok\nclock ok\ndisk ok\ntimers ok\n".into())
    );
    let mut person = site.guest();
    let start = office::StartDraft {
        thing: "开办餐饮店".into(),
        party: None,
        channel: Channel::Online,
        came_from: Default::default(),
    };
    site.office.start_draft(start, By::System).await.unwrap();
    // The clock falls back behind what has happened.
    site.wait(-1);
    assert!(!site.office.readiness().await.clock);
    site.wait(1);
    assert!(site.office.readiness().await.is_ready());
    // Nothing can be written any more.
    let store: &MemoryStore = &site.store;
    store.set_fates(|_| Fate::Fails);
    assert!(!site.office.readiness().await.store);
    let later = web::router(App { office: site.office.clone(), settings: Settings::default().into() });
    person.router = later;
    person.get("/ready").await.is(503);
    person.get("/health").await.is(200);
}
