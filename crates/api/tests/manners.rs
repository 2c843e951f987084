//! How the interface behaves whoever asks: tokens, limits, pages, and everything that can be wrong with a request.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use api::Settings;
use axum::http::Method;
use office::{By, NewToken, Scope, Standing};
use serde_json::{Value, json};
use support::{Site, TAKE_AWAY};

#[tokio::test]
async fn a_token_opens_what_it_is_for_and_until_it_is_taken_back() {
    let site = Site::new().await;
    let viewer = site.account("officer", Standing::Officer, &["审批审查员"]).await;
    let reader = site.program_with(&viewer, &[Scope::ReadCases]).await;
    assert_eq!(reader.get("/me").await.is(200).json["scopes"], json!(["cases:read"]));
    reader.get("/worklist").await.is(200);
    let refused = reader.get("/figures").await;
    refused.is_problem(403, "scope-missing");
    assert!(refused.header("www-authenticate").contains("insufficient_scope"));
    let own = site.office.tokens(&viewer).await.unwrap();
    assert!(own[0].used_at.is_some());
    site.office.revoke_token(&own[0].id, &viewer).await.unwrap();
    reader.get("/me").await.is_problem(401, "wrong-token");
}

#[tokio::test]
async fn a_new_password_a_closed_account_and_time_end_tokens() {
    let site = Site::new().await;
    let viewer = site.account("officer", Standing::Officer, &["审批审查员"]).await;
    let admin = site.account("admin", Standing::Administrator, &[]).await;
    let program = site.program(&viewer).await;
    program.get("/me").await.is(200);
    site.office.reset_password(viewer.id, "another long one", &admin).await.unwrap();
    program.get("/me").await.is_problem(401, "wrong-token");
    let program = site.program(&viewer).await;
    site.wait_minutes(31 * 24 * 60);
    program.get("/me").await.is_problem(401, "wrong-token");
    let secrets = ["", "yct_", "yct_0_0", "x", "yct_00000000000000000000000000000000_00", "ycg_short"];
    for secret in secrets {
        let mut forged = site.nobody();
        forged.secret = Some(secret.into());
        forged.get("/me").await.is_problem(401, "wrong-token");
    }
}

#[tokio::test]
async fn what_is_kept_of_a_token_does_not_open_anything() {
    let site = Site::new().await;
    let viewer = site.account("officer", Standing::Officer, &[]).await;
    let new = NewToken { name: "x".into(), scopes: vec![Scope::ReadCases], days: 1 };
    let (token, own) = site.office.make_token(new, &viewer).await.unwrap();
    let secret = token.0.rsplit('_').next().unwrap().to_owned();
    let kept = site
        .office
        .store()
        .kv_list(&format!("api-token/{}", viewer.id), "", site.office.now())
        .await
        .unwrap();
    for (key, bytes) in kept {
        assert!(
            key == own.id && !key.contains(&secret) && !String::from_utf8_lossy(&bytes).contains(&secret)
        );
    }
    for (name, scopes, days) in
        [("", vec![Scope::Halls], 1), ("x", vec![], 1), ("x", vec![Scope::Halls], 366)]
    {
        assert!(site.office.make_token(NewToken { name: name.into(), scopes, days }, &viewer).await.is_err());
    }
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let site = Site::with(Settings { requests_per_minute: 8, ..Settings::default() }).await;
    let nobody = site.nobody();
    let first = nobody.get("/zone").await;
    assert_eq!(first.is(200).header("ratelimit-policy"), "\"minute\";q=2;w=60");
    assert_eq!(first.header("ratelimit"), "\"minute\";r=1;t=30");
    nobody.get("/zone").await.is(200);
    let refused = nobody.get("/zone").await;
    assert_eq!(refused.is_problem(429, "too-many-requests").header("retry-after"), "30");
    site.wait_minutes(1);
    nobody.get("/zone").await.is(200);
    // Guesses at tokens are counted by where they come from, each with a new token or not.
    let mut guess = site.nobody();
    guess.secret = Some("yct_1_1".into());
    guess.get("/me").await.is(401);
    guess.secret = Some("yct_2_2".into());
    guess.get("/me").await.is(429);
}

#[tokio::test]
async fn lists_come_in_pages_that_miss_nothing() {
    let site = Site::new().await;
    let applicant = site.account("applicant", Standing::Applicant, &[]).await;
    let mut filed = Vec::new();
    for _ in 0..5 {
        filed.push(site.file(By::Viewer(&applicant), "开办餐饮店", &TAKE_AWAY).await);
        site.wait_minutes(1);
    }
    let clerk = site.account("clerk", Standing::Officer, &["综合窗口"]).await;
    let clerk = site.program(&clerk).await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = clerk.get(&format!("/cases?limit=2{cursor}")).await;
        let items = page.is(200).json["items"].as_array().unwrap().clone();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|item| item["number"].as_str().unwrap().to_owned()));
        match page.json["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    filed.reverse();
    assert_eq!(seen, filed);
    let things = site.nobody().get("/things?limit=1").await;
    let next = things.text("/next_cursor");
    assert_ne!(
        site.nobody().get(&format!("/things?limit=1&cursor={next}")).await.json["items"],
        things.json["items"]
    );
    let foreign = clerk.get("/worklist?limit=1").await.json["next_cursor"].as_str().map(str::to_owned);
    for wrong in [Some("zz".to_owned()), Some("00".to_owned()), foreign].into_iter().flatten() {
        clerk.get(&format!("/cases?cursor={wrong}")).await.is_problem(400, "bad-cursor");
    }
    for query in ["limit=0", "limit=201", "limit=x", "limit=", "nonsense=1", "unanswered=perhaps"] {
        clerk.get(&format!("/cases?{query}")).await.is_problem(400, "bad-query");
    }
}

#[tokio::test]
async fn whatever_is_wrong_with_a_request_is_told_in_one_form() {
    let site = Site::new().await;
    let guest = site.guest().await;
    guest.get("/nothing").await.is_problem(404, "not-found");
    let wrong = guest.send(Method::PUT, "/drafts", None).await;
    assert!(wrong.is_problem(405, "method-not-allowed").header("allow").contains("POST"));
    guest.send_bytes(Method::POST, "/drafts", None, b"{}".to_vec()).await.is_problem(415, "media-type");
    let json = Some("application/json");
    for body in [
        "",
        "{",
        "[]",
        "[\"开办餐饮店\",null,false,null,null,null]",
        "{\"thing\":1}",
        "{\"thing\":\"x\",\"other\":1}",
        "\u{0}",
    ] {
        let answer = guest.send_bytes(Method::POST, "/drafts", json, body.as_bytes().to_vec()).await;
        assert!(answer.is_problem(400, "bad-body").json["errors"][0]["detail"].is_string());
    }
    let huge = format!("{{\"thing\":\"{}\"}}", "x".repeat(2 << 20));
    guest.send_bytes(Method::POST, "/drafts", json, huge.into_bytes()).await.is_problem(413, "too-large");
    let deep = format!("{{\"answers\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let path = "/things/开办餐饮店/form";
    guest.send_bytes(Method::POST, path, json, deep.into_bytes()).await.is_problem(400, "bad-body");
    let keyed = guest.with("idempotency-key", "with space");
    keyed.post("/drafts", &json!({ "thing": "x" })).await.is_problem(400, "bad-key");
    guest
        .with("sec-fetch-site", "cross-site")
        .post("/drafts", &json!({}))
        .await
        .is_problem(403, "cross-site");
}

/// A request that had no effect gives its key back.
#[tokio::test]
async fn a_key_may_be_used_again_after_a_refusal() {
    let site = Site::new().await;
    let keyed = site.guest().await.with("idempotency-key", "k");
    keyed.post("/drafts", &json!({ "thing": "没有" })).await.is_problem(404, "not-found");
    keyed.post("/drafts", &json!({ "thing": "开办餐饮店" })).await.is(201);
    keyed.post("/drafts", &json!({ "thing": "人才落户" })).await.is_problem(422, "key-used");
}

#[tokio::test]
async fn the_description_is_whole_and_names_every_operation_once() {
    let site = Site::new().await;
    let described = site.nobody().get("/openapi.json").await;
    assert_eq!(described.is(200).text("/openapi"), "3.1.0");
    let mut names = std::collections::BTreeSet::new();
    let mut references = Vec::new();
    collect(&described.json, &mut references);
    for reference in references {
        let found = described.json.pointer(reference.strip_prefix('#').unwrap());
        assert!(found.is_some(), "{reference} leads nowhere");
    }
    for (path, operations) in described.json["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} twice");
            assert!(operation["summary"].is_string(), "{method} {path} says nothing about itself");
        }
    }
    assert!(names.len() > 45, "{}", names.len());
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                references.push(reference.clone());
            }
            members.values().for_each(|member| collect(member, references));
        }
        Value::Array(members) => members.iter().for_each(|member| collect(member, references)),
        _ => {}
    }
}
