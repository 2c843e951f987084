//! Who may ask what: every operation against every kind of person. A new operation is added here with its line.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use axum::http::Method;
use office::{By, CameFrom, Scope, Standing, StartDraft};
use serde_json::{Value, json};
use support::{Program, Site, TAKE_AWAY};

/// In the order of the columns below. Tokens have every right, so what is refused is the account's.
const PEOPLE: [&str; 12] = [
    "nobody",
    "guest with a key",
    "applicant",
    "other applicant",
    "other department",
    "officer",
    "window clerk",
    "head",
    "administrator",
    "system administrator",
    "security administrator",
    "audit administrator",
];

/// `2xx` answered, `401` without token, `403` not theirs, `404` no such thing for them; other `4xx`: theirs, but not so.
#[rustfmt::skip]
const MATRIX: &[(&str, &str, &str, [u16; 12])] = &[
    // method, path                              body        none key  appl other dept offi clerk head admin sys sec audit
    ("GET",    "/zone",                                         "",       [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",    "/things",                                       "",       [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",    "/things/开办餐饮店",                                 "",       [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",    "/things/没有",                                    "",       [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST",   "/things/开办餐饮店/form",                            r#"{"answers":{}}"#, [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",    "/items",                                        "",       [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",    "/items/食品经营许可",                                 "",       [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",    "/documents/没有",                                 "",       [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",    "/reports",                                      "",       [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",    "/halls",                                        "",       [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",    "/halls/政务服务大厅",                                 "",       [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",    "/halls/没有",                                     "",       [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",    "/halls/政务服务大厅/slots?line=没有",                   "",       [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST",   "/access-keys",                                  "",       [201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),
    ("GET",    "/me",                                           "",       [401, 403, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",    "/drafts",                                       "",       [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST",   "/drafts",                                       r#"{"thing":"开办餐饮店"}"#, [401, 201, 201, 201, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST",   "/drafts",                                       r#"{"thing":"开办餐饮店","at_window":true}"#, [401, 403, 403, 403, 403, 403, 201, 403, 403, 403, 403, 403]),
    ("GET",    "/drafts/{draft}",                               "",       [401, 404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",    "/drafts/not-an-id",                             "",       [401, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("PATCH",  "/drafts/{draft}/answers",                       r#"{"answers":{}}"#, [401, 404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("PATCH",  "/drafts/{draft}/choices",                       r#"{}"#,  [401, 404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST",   "/drafts/{draft}/confirmations",                 r#"{"fields":[]}"#, [401, 404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST",   "/drafts/{draft}/files?material=没有",             "FILE",   [401, 404, 400, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",    "/drafts/{draft}/files/{digest}",                "",       [401, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("DELETE", "/drafts/{draft}/files/{digest}",                "",       [401, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST",   "/drafts/{draft}/submission",                    r#"{}"#,  [401, 404, 422, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",    "/cases",                                        "",       [401, 200, 200, 200, 200, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",    "/worklist",                                     "",       [401, 403, 403, 403, 200, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",    "/cases/{number}",                               "",       [401, 404, 200, 404, 403, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",    "/cases/2026-000000-0",                          "",       [401, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST",   "/cases/{number}/acts",                          r#"{"act":"accept","item":"没有"}"#, [401, 404, 422, 404, 403, 422, 422, 422, 403, 403, 403, 403]),
    ("POST",   "/cases/{number}/acts",                          r#"{"act":"grant","item":"食品经营许可"}"#, [401, 404, 422, 404, 403, 422, 422, 422, 403, 403, 403, 403]),
    ("POST",   "/cases/{number}/acts",                          r#"{"act":"message","text":""}"#, [401, 404, 422, 404, 403, 422, 422, 422, 403, 403, 403, 403]),
    ("POST",   "/cases/{number}/access",                        r#"{"last_four":"9999"}"#, [401, 404, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET",    "/cases/{number}/timeline",                      "",       [401, 404, 200, 404, 403, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",    "/cases/{number}/clocks",                        "",       [401, 404, 200, 404, 403, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",    "/cases/{number}/facts",                         "",       [401, 403, 403, 403, 403, 200, 200, 200, 403, 403, 403, 403]),
    ("POST",   "/cases/{number}/facts",                         r#"{"fields":[],"reason":""}"#, [401, 403, 403, 403, 403, 422, 422, 422, 403, 403, 403, 403]),
    ("GET",    "/cases/{number}/traces",                        "",       [401, 404, 200, 404, 403, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",    "/cases/{number}/files",                         "",       [401, 404, 200, 404, 403, 200, 200, 200, 403, 403, 403, 403]),
    ("POST",   "/cases/{number}/files?material=没有",             "FILE",   [401, 404, 400, 404, 403, 400, 400, 400, 403, 403, 403, 403]),
    ("GET",    "/cases/{number}/files/{digest}",                "",       [401, 404, 200, 404, 403, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",    "/cases/{number}/results",                       "",       [401, 404, 200, 404, 403, 200, 200, 200, 403, 403, 403, 403]),
    ("GET",    "/cases/{number}/results/没有",                    "",       [401, 404, 404, 404, 403, 404, 404, 404, 403, 403, 403, 403]),
    ("POST",   "/halls/政务服务大厅/tickets",                         r#"{"lines":["没有"]}"#, [401, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("GET",    "/tickets",                                      "",       [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",    "/tickets/没有",                                   "",       [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("DELETE", "/tickets/没有",                                   "",       [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST",   "/tickets/没有/come",                              "",       [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST",   "/tickets/没有/rating",                            "{\"level\": 5}", [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",    "/window",                                       "",       [401, 403, 403, 403, 200, 200, 200, 200, 403, 403, 403, 403]),
    ("POST",   "/window/acts",                                  r#"{"hall":"政务服务大厅","window":"没有","act":"next"}"#, [401, 403, 403, 403, 403, 403, 422, 422, 403, 403, 403, 403]),
    ("GET",    "/halls/政务服务大厅/numbers",                         "",       [401, 403, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403]),
    ("GET",    "/halls/政务服务大厅/tickets",                         "",       [401, 403, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403]),
    ("POST",   "/halls/政务服务大厅/appointments",                    r#"{"date":"2026-11-24","slot":"2026-11-24T02:00:00Z","line":"没有"}"#, [401, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("GET",    "/appointments",                                 "",       [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",    "/appointments/2222222222",                      "",       [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("PATCH",  "/appointments/2222222222",                      r#"{"date":"2026-11-24","slot":"2026-11-24T02:00:00Z"}"#, [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("DELETE", "/appointments/2222222222",                      "",       [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST",   "/appointments/2222222222/check-in",             r#"{}"#,  [401, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",    "/figures",                                      "",       [401, 403, 403, 403, 403, 403, 403, 200, 200, 403, 403, 200]),
    ("GET",    "/figures/received/cases",                       "",       [401, 403, 403, 403, 403, 403, 403, 200, 200, 403, 403, 200]),
    ("GET",    "/figures/nothing/cases",                        "",       [401, 403, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",    "/accounts",                                     "",       [401, 403, 403, 403, 403, 403, 403, 403, 200, 200, 200, 200]),
    ("POST",   "/accounts",                                     r#"{"login":"x","password":"short","name":"x"}"#, [401, 403, 403, 403, 403, 403, 403, 403, 422, 422, 403, 403]),
    ("PATCH",  "/accounts/{account}",                           r#"{}"#,  [401, 403, 403, 403, 403, 403, 403, 403, 200, 200, 200, 200]),
    ("PATCH",  "/accounts/{account}",                           r#"{"roles":[]}"#, [401, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET",    "/webhooks",                                     "",       [401, 403, 403, 403, 403, 403, 403, 403, 200, 200, 403, 403]),
    ("POST",   "/webhooks",                                     r#"{"url":"http://10.0.0.1/","kinds":["case.*"]}"#, [401, 403, 403, 403, 403, 403, 403, 403, 422, 422, 403, 403]),
    ("GET",    "/webhooks/not-an-id",                           "",       [401, 403, 403, 403, 403, 403, 403, 403, 404, 404, 403, 403]),
    ("PATCH",  "/webhooks/not-an-id",                           r#"{"open":false}"#, [401, 403, 403, 403, 403, 403, 403, 403, 404, 404, 403, 403]),
    ("DELETE", "/webhooks/not-an-id",                           "",       [401, 403, 403, 403, 403, 403, 403, 403, 404, 404, 403, 403]),
    ("GET",    "/webhooks/not-an-id/deliveries",                "",       [401, 403, 403, 403, 403, 403, 403, 403, 404, 404, 403, 403]),
    ("POST",   "/webhooks/not-an-id/replays",                   r#"{"after":0}"#, [401, 403, 403, 403, 403, 403, 403, 403, 404, 404, 403, 403]),
    ("GET",    "/editions",                                     "",       [401, 403, 403, 403, 403, 403, 403, 403, 200, 200, 403, 403]),
    ("GET",    "/cases/{number}/agents",                        "",       [401, 404, 200, 404, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST",   "/cases/{number}/agents",                        r#"{"login":"x","name":"x","days":1}"#, [401, 404, 422, 404, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("DELETE", "/cases/{number}/agents/{account}",              "",       [401, 404, 200, 404, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET",    "/drafts/{draft}/agents",                        "",       [401, 404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST",   "/drafts/{draft}/agents",                        r#"{"login":"x","name":"x","days":1}"#, [401, 404, 422, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("DELETE", "/drafts/{draft}/agents/{account}",              "",       [401, 404, 200, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET",    "/halls/政务服务大厅/floor",                           "",       [401, 403, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403]),
    ("POST",   "/halls/政务服务大厅/floor",                           r#"{"act":"pause","window":"没有"}"#, [401, 403, 403, 403, 403, 403, 403, 422, 403, 403, 403, 403]),
    ("POST",   "/halls/政务服务大厅/what-if",                         r#"{"change":"extend","minutes":30}"#, [401, 403, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403]),
    ("POST",   "/packs",                                        "FILE",   [401, 403, 403, 403, 403, 403, 403, 403, 422, 422, 403, 403]),
    ("POST",   "/editions",                                     "FILE",   [401, 403, 403, 403, 403, 403, 403, 403, 422, 422, 403, 403]),
    ("GET",    "/editions/{digest}/source",                     "",       [401, 403, 403, 403, 403, 403, 403, 403, 404, 404, 403, 403]),
    ("GET",    "/forgotten",                                    "",       [401, 403, 403, 403, 403, 403, 403, 403, 200, 403, 200, 200]),
    ("POST",   "/forgotten",                                    r#"{"whom":"没有","ground":"unlawful"}"#, [401, 403, 403, 403, 403, 403, 403, 403, 422, 403, 422, 403]),
    ("GET",    "/records/due",                                  "",       [401, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403, 200]),
    ("GET",    "/records/holds",                                "",       [401, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403, 200]),
    ("POST",   "/records/holds",                                r#"{"number":"没有","why":"x","until":"2026-11-24"}"#, [401, 403, 403, 403, 403, 403, 403, 403, 422, 403, 403, 422]),
    ("DELETE", "/records/holds/{number}",                       "",       [401, 403, 403, 403, 403, 403, 403, 403, 404, 403, 403, 404]),
    ("GET",    "/trail",                                        "",       [401, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403, 200]),
    ("GET",    "/specialists",                                  "",       [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET",    "/specialists?thing=没有",                         "",       [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST",   "/drafts/{draft}/code",                          "",       [401, 404, 201, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST",   "/resume",                                       r#"{"code":"没有"}"#, [401, 404, 404, 404, 403, 403, 404, 403, 403, 403, 403, 403]),
    ("GET",    "/process",                                      "",       [401, 403, 403, 403, 403, 403, 403, 200, 200, 403, 403, 200]),
    ("POST",   "/accounts/{account}/password",                  r#"{"password":"short"}"#, [401, 403, 403, 403, 403, 403, 403, 403, 422, 422, 403, 403]),
    ("DELETE", "/accounts/{account}/second-factor",             "",       [401, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("PATCH",  "/accounts/{account}",                           r#"{"duty":"audit"}"#, [401, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]),
];

struct Names {
    number: String,
    draft: String,
    digest: String,
    account: String,
}

impl Names {
    fn fill(&self, text: &str) -> String {
        text.replace("{number}", &self.number)
            .replace("{draft}", &self.draft)
            .replace("{digest}", &self.digest)
            .replace("{account}", &self.account)
    }
}

async fn people(site: &Site) -> (Names, Vec<Program>) {
    let applicant = site.account("applicant", Standing::Applicant, &[]).await;
    let others = [
        site.account("other", Standing::Applicant, &[]).await,
        site.account("elsewhere", Standing::Officer, &["税务专员"]).await,
        site.account("officer", Standing::Officer, &["审批审查员"]).await,
        site.account("clerk", Standing::Officer, &["综合窗口"]).await,
        site.account("head", Standing::Officer, &["审批部负责人"]).await,
        site.account("admin", Standing::Administrator, &[]).await,
        site.account("system", Standing::SystemAdministrator, &[]).await,
        site.account("security", Standing::SecurityAdministrator, &[]).await,
        site.account("auditor", Standing::AuditAdministrator, &[]).await,
    ];
    let number = site.file(By::Viewer(&applicant), "开办餐饮店", &TAKE_AWAY).await;
    let case = site.office.case_by_number(&number).await.unwrap();
    let start = StartDraft {
        thing: "开办餐饮店".into(),
        party: None,
        channel: catalogue::Channel::Online,
        came_from: CameFrom::default(),
    };
    let names = Names {
        digest: site.office.case_files(case, By::Viewer(&applicant)).await.unwrap()[0].digest.clone(),
        draft: site.office.start_draft(start, By::Viewer(&applicant)).await.unwrap().id.to_string(),
        account: applicant.id.0.to_string(),
        number,
    };
    let mut programs = vec![site.nobody(), site.guest().await, site.program(&applicant).await];
    for other in &others {
        programs.push(site.program(other).await);
    }
    (names, programs)
}

async fn status(program: &Program, method: &str, path: &str, body: &str) -> u16 {
    let method: Method = method.parse().unwrap();
    if body == "FILE" {
        let bytes = support::PDF.to_vec();
        return program.send_bytes(method, path, Some("application/octet-stream"), bytes).await.status;
    }
    let body: Value = if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap() };
    program.send(method, path, Some(&body)).await.status
}

#[tokio::test]
async fn everybody_asks_what_is_theirs_and_nothing_else() {
    let site = Site::new().await;
    let (names, programs) = people(&site).await;
    let mut wrong = Vec::new();
    for (method, path, body, expected) in MATRIX {
        let mut actual = [0; PEOPLE.len()];
        for (place, program) in programs.iter().enumerate() {
            actual[place] = status(program, method, &names.fill(path), &names.fill(body)).await;
        }
        if actual != *expected {
            wrong.push(format!("{method} {path} {body}\n  expected {expected:?}\n  actual   {actual:?}"));
        }
    }
    assert!(wrong.is_empty(), "columns: {PEOPLE:?}\n{}", wrong.join("\n"));
}

/// An operation that nobody thought about has no line, and fails here.
#[tokio::test]
async fn every_operation_has_its_line() {
    let site = Site::new().await;
    let described = site.nobody().get("/openapi.json").await;
    let mut missing = Vec::new();
    for (path, operations) in described.json["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let fits = |line: &str| {
                let (pattern, line): (Vec<&str>, Vec<&str>) =
                    (path.split('/').collect(), line.split(['?']).next().unwrap().split('/').collect());
                pattern.len() == line.len()
                    && pattern.iter().zip(&line).all(|(part, said)| part.starts_with('{') || part == said)
            };
            if !MATRIX.iter().any(|(verb, line, ..)| verb.eq_ignore_ascii_case(method) && fits(line)) {
                missing.push(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    assert!(missing.is_empty(), "operations without a line in the matrix:\n{}", missing.join("\n"));
}

/// What a description calls guarded is guarded, whatever the account may do.
#[tokio::test]
async fn a_token_without_rights_opens_nothing_that_needs_one() {
    let site = Site::new().await;
    let (names, _) = people(&site).await;
    let roles: Vec<String> = support::edition().parts().roles.keys().map(ToString::to_string).collect();
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    let everybody = site.account("everybody", Standing::Officer, &roles).await;
    let admin = site.account("second", Standing::Administrator, &[]).await;
    let described = site.nobody().get("/openapi.json").await;
    let guarded = |method: &str, line: &str| {
        let line: Vec<&str> = line.split('?').next().unwrap().split('/').collect();
        let paths = described.json["paths"].as_object().unwrap();
        let fits = |path: &str| {
            let path: Vec<&str> = path.split('/').collect();
            path.len() == line.len()
                && path.iter().zip(&line).all(|(part, said)| part == said || part.starts_with('{'))
        };
        let mut found: Vec<_> = paths.iter().filter(|(path, _)| fits(path)).collect();
        found.sort_by_key(|(path, _)| path.matches('{').count());
        found.first().is_some_and(|(_, operations)| operations[method.to_lowercase()]["security"].is_array())
    };
    // The one right that the operation in question does not need.
    for viewer in [&everybody, &admin] {
        let figures = site.program_with(viewer, &[Scope::ReadFigures]).await;
        let drafts = site.program_with(viewer, &[Scope::Drafts]).await;
        for (method, path, body, _) in MATRIX.iter().filter(|(method, path, ..)| guarded(method, path)) {
            if *path == "/me" {
                continue;
            }
            let of_figures = path.contains("/figures")
                || *path == "/process"
                || path.contains("/numbers")
                || *path == "/halls/政务服务大厅/tickets" && *method == "GET";
            let program = if of_figures { &drafts } else { &figures };
            let actual = status(program, method, &names.fill(path), &names.fill(body)).await;
            assert_eq!(actual, 403, "{method} {path}");
        }
    }
}

#[test]
fn bodies_of_the_matrix_are_json() {
    for (_, _, body, _) in MATRIX.iter().filter(|(_, _, body, _)| !body.is_empty() && *body != "FILE") {
        assert_ne!(serde_json::from_str::<Value>(body).unwrap(), json!(null));
    }
}
