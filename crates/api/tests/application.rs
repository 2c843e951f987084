//! One application from the first question to the licence, by programs alone.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use axum::http::Method;
use office::{Scope, Standing};
use serde_json::json;
use support::{PDF, Program, Site, TAKE_AWAY, answers, edition};

const THING: &str = "开办餐饮店";

/// Begins, fills in and hands in; gives the number.
async fn apply(site: &Site, program: &Program) -> String {
    apply_with(site, program, &TAKE_AWAY).await
}

async fn apply_with(site: &Site, program: &Program, said: &[(&str, &str)]) -> String {
    let begun = program.with("idempotency-key", "begin-1");
    let draft = begun.post("/drafts", &json!({ "thing": THING })).await;
    let id = draft.is(201).text("/id");
    let again = begun.post("/drafts", &json!({ "thing": THING })).await;
    assert_eq!(again.is(201).text("/id"), id, "the same request begins one draft");
    let given = answers(&edition(), THING, said, site.office.today());
    let mut draft = program.patch(&format!("/drafts/{id}/answers"), &json!({ "answers": given })).await;
    assert_eq!(draft.is(200).json["form"]["complete"], true, "{}", draft.json);
    for paper in draft.json["missing"].as_array().unwrap().clone() {
        let paper = paper.as_str().unwrap();
        let bytes = [PDF, paper.as_bytes()].concat();
        let path = format!("/drafts/{id}/files?material={paper}&name=a.pdf");
        draft = program.send_bytes(Method::POST, &path, Some("application/octet-stream"), bytes).await;
        draft.is(201);
    }
    assert_eq!(draft.json["ready"], true);
    let hand_in = program.with("idempotency-key", "hand-in-1");
    let number = hand_in.post(&format!("/drafts/{id}/submission"), &json!({})).await.is(201).text("/number");
    let again = hand_in.post(&format!("/drafts/{id}/submission"), &json!({})).await.is(201).text("/number");
    assert_eq!(again, number);
    number
}

#[tokio::test]
async fn a_program_applies_and_officers_programs_decide() {
    let site = Site::new().await;
    let applicant = site.account("applicant", Standing::Applicant, &[]).await;
    let applicant = site.program(&applicant).await;
    let number = apply(&site, &applicant).await;

    let case = applicant.get(&format!("/cases/{number}")).await;
    assert_eq!(case.is(200).text("/matters/0/state"), "received");
    assert_eq!(applicant.get("/cases").await.is(200).text("/items/0/number"), number);
    let clocks = applicant.get(&format!("/cases/{number}/clocks")).await;
    assert!(clocks.is(200).json["items"][0]["explanation"]["counted"].is_array());

    let roles: Vec<String> = edition().parts().roles.keys().map(ToString::to_string).collect();
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    let officer = site.account("everybody", Standing::Officer, &roles).await;
    let officer = site.program(&officer).await;
    let tasks = officer.get("/worklist?limit=1").await;
    assert_eq!(tasks.is(200).text("/items/0/number"), number);

    let item = case.text("/matters/0/item");
    let accept = officer.with("idempotency-key", "accept-1");
    let acts = format!("/cases/{number}/acts");
    for _ in 0..2 {
        let done = accept.post(&acts, &json!({ "act": "accept", "item": item })).await;
        assert_eq!(done.is(200).text("/matters/0/state"), "accepted");
    }
    accept.post(&acts, &json!({ "act": "message", "text": "x" })).await.is_problem(422, "key-used");
    let refused =
        officer.with("accept-language", "en").post(&acts, &json!({ "act": "accept", "item": item })).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.header("content-language"), "en");
    assert!(refused.text("/detail").contains("not at this stage"), "{}", refused.json);

    let told = applicant.get(&format!("/cases/{number}/timeline")).await;
    assert!(told.json["items"].as_array().unwrap().iter().any(|entry| entry["what"] == "accepted"));
    officer.post(&acts, &json!({ "act": "withdraw", "item": "没有" })).await.is(422);
}

#[tokio::test]
async fn somebody_without_an_account_has_a_key() {
    let site = Site::new().await;
    let guest = site.guest().await;
    let number = apply(&site, &guest).await;
    guest.get(&format!("/cases/{number}")).await.is(200);
    site.guest().await.get(&format!("/cases/{number}")).await.is_problem(404, "not-found");
    site.nobody().get(&format!("/cases/{number}")).await.is_problem(401, "unauthenticated");
    // Who has the telephone opens it for another key.
    let other = site.guest().await;
    let access = format!("/cases/{number}/access");
    other.post(&access, &json!({ "last_four": "9999" })).await.is_problem(404, "not-found");
    let id = site.office.case_by_number(&number).await.unwrap();
    let phone = site.office.party(id).await.unwrap().phone;
    let last_four = &phone[phone.len() - 4..];
    // The telephone, which many know, shows how far it is, and nothing else.
    let seen = other.post(&access, &json!({ "last_four": last_four })).await;
    assert_eq!(seen.is(200).json["progress_only"], true);
    assert_eq!(other.get(&format!("/cases/{number}")).await.is(200).json["progress_only"], true);
    for closed in ["files", "timeline", "traces", "agents"] {
        other.get(&format!("/cases/{number}/{closed}")).await.is_problem(422, "progress-only");
    }
    let acts = format!("/cases/{number}/acts");
    other.post(&acts, &json!({ "act": "withdraw" })).await.is_problem(422, "progress-only");
    // The receipt opens everything, and who came how is on record.
    let code = site.office.receipt_code(id, office::By::System).await.unwrap();
    other.post(&access, &json!({ "receipt_code": "ABCDEFGH" })).await.is_problem(404, "not-found");
    let opened = other.post(&access, &json!({ "receipt_code": code.to_string() })).await;
    assert_eq!(opened.is(200).json["progress_only"], false);
    other.get(&format!("/cases/{number}/files")).await.is(200);
    let traces = guest.get(&format!("/cases/{number}/traces")).await;
    let kinds: Vec<_> =
        traces.is(200).json["items"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["came-by-receipt", "came-by-telephone"]);
    other.post(&acts, &json!({ "act": "withdraw" })).await.is(200);
}

#[tokio::test]
async fn facts_about_a_person_are_masked_and_leave_a_trace() {
    let site = Site::new().await;
    let applicant = site.account("applicant", Standing::Applicant, &[]).await;
    let number = site.file(office::By::Viewer(&applicant), THING, &TAKE_AWAY).await;
    let head_account = site.account("head", Standing::Officer, &["审批部负责人"]).await;
    let head = site.program(&head_account).await;
    let facts = head.get(&format!("/cases/{number}/facts")).await;
    let hidden = facts.is(200).json["items"].as_array().unwrap().iter().find(|fact| fact["masked"] == true);
    let (field, masked) = (hidden.unwrap()["field"].clone(), hidden.unwrap()["value"].clone());
    let asked = json!({ "fields": [field], "reason": "" });
    head.post(&format!("/cases/{number}/facts"), &asked).await.is_problem(422, "reason-missing");
    for weak in ["xx", "看看", "核对电话"] {
        let asked = json!({ "fields": [field], "reason": weak });
        head.post(&format!("/cases/{number}/facts"), &asked).await.is_problem(422, "look-short");
    }
    let asked = json!({ "fields": [field], "reason": "核对电话是不是本人的" });
    let shown = head.post(&format!("/cases/{number}/facts"), &asked).await;
    let fact = shown.is(200).json["items"].as_array().unwrap().iter().find(|fact| fact["field"] == field);
    let fact = fact.unwrap();
    // A token that only reads opens nothing that is masked, and is told which right would.
    let reads = site.program_with(&head_account, &[Scope::ReadCases]).await;
    let refused = reads.post(&format!("/cases/{number}/facts"), &asked).await;
    assert!(
        refused.is_problem(403, "scope-missing").json.to_string().contains("cases:act"),
        "{}",
        refused.json
    );
    assert!(fact["masked"] == false && fact["value"] != masked);
    let traces = site.program(&applicant).await.get(&format!("/cases/{number}/traces")).await;
    assert!(
        traces.json["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|trace| trace["reason"] == "核对电话是不是本人的")
    );
}

#[tokio::test]
async fn answers_that_do_not_fit_are_kept_and_told() {
    let site = Site::new().await;
    let guest = site.guest().await;
    let id = guest.post("/drafts", &json!({ "thing": THING })).await.text("/id");
    let path = format!("/drafts/{id}/answers");
    let saved = guest.patch(&path, &json!({ "answers": { "营业面积": "很大" } })).await;
    let questions = saved.is(200).json["form"]["questions"].as_array().unwrap();
    let question = questions.iter().find(|question| question["field"] == "营业面积").unwrap();
    assert_eq!((&question["state"], &question["value"]), (&json!("problem"), &json!("很大")));
    let unknown = guest.patch(&path, &json!({ "answers": { "没有这个": "1" } })).await;
    assert_eq!(unknown.is_problem(422, "answers").json["errors"][0]["field"], "没有这个");
    guest.post(&format!("/drafts/{id}/submission"), &json!({})).await.is_problem(422, "draft-incomplete");
    let path = format!("/drafts/{id}/files?material=没有");
    let evil =
        guest.send_bytes(Method::POST, &path, Some("application/octet-stream"), b"MZ\x90\0".to_vec()).await;
    evil.is_problem(400, "bad-query");
}

#[tokio::test]
async fn officers_learn_the_level_of_a_rating_without_a_name_once_the_case_is_over() {
    let site = Site::new().await;
    let applicant = site.account("applicant", Standing::Applicant, &[]).await;
    let applicant = site.program(&applicant).await;
    let advertising =
        TAKE_AWAY.map(|(field, said)| (field, if field == "大型户外广告" { "true" } else { said }));
    let number = apply_with(&site, &applicant, &advertising).await;
    let roles: Vec<String> = edition().parts().roles.keys().map(ToString::to_string).collect();
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    let officer = site.account("everybody", Standing::Officer, &roles).await;
    let officer = site.program(&officer).await;
    let (case, acts) = (format!("/cases/{number}"), format!("/cases/{number}/acts"));
    let items = applicant.get(&case).await.json["matters"].as_array().unwrap().clone();
    assert!(items.len() > 1, "something of it stays open");
    applicant.post(&acts, &json!({ "act": "withdraw", "item": items[0]["item"] })).await.is(200);
    let rated = applicant.post(&acts, &json!({ "act": "rate", "level": 2, "comment": "来了三次" })).await;
    assert_eq!(rated.is(200).json["rating"], 2, "whoever rated sees it");
    let levels = async |program: &Program| {
        let (one, list) = (program.get(&case).await, program.get("/cases").await);
        [one.is(200).json["rating"].clone(), list.is(200).json["items"][0]["rating"].clone()]
    };
    assert_eq!(levels(&applicant).await, [json!(2), json!(2)]);
    assert_eq!(levels(&officer).await, [json!(null), json!(null)]);
    applicant.post(&acts, &json!({ "act": "withdraw" })).await.is(200);
    assert_eq!(levels(&officer).await, [json!(2), json!(2)]);
}
