//! Every operation that is described, with every identifier and parameter that leads to somebody's case, draft, file, number or
//! appointment, asked by programs of everybody else: nothing of theirs is in any answer, and nothing of theirs changes.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use std::collections::BTreeSet;
use std::net::IpAddr;

use axum::http::Method;
use catalogue::FieldKind;
use office::{AccessKey, Bounds, By, Standing};
use serde_json::{Map, Value, json};
use support::{PDF, Program, Site, answers};

const THING: &str = "人才落户";
const HALL: &str = "政务服务大厅";
const PHONE: &str = "13911112222";

struct Owner {
    program: Program,
    key: AccessKey,
    number: String,
    draft: String,
    ticket: String,
    booking: String,
    marks: BTreeSet<String>,
    identifiers: Vec<String>,
}

/// Answers whose texts are found nowhere else.
fn marked(site: &Site) -> Value {
    let edition = site.office.edition();
    let mut all = answers(&edition, THING, &[], site.office.today());
    for (id, value) in &mut all {
        let field = edition.field(&id.as_str().into()).unwrap();
        match &field.kind {
            FieldKind::Text { max_length, min_length, .. } if *max_length >= 8 && field.pattern.is_none() => {
                let text = format!("隐文{}", id.chars().count());
                let filled = text.chars().chain(std::iter::repeat('隐')).take((*min_length as usize).max(6));
                *value = json!(filled.collect::<String>());
            }
            FieldKind::Phone => *value = json!(PHONE),
            _ => {}
        }
    }
    json!({ "answers": all })
}

async fn filled(program: &Program, answers: &Value) -> String {
    let draft = program.post("/drafts", &json!({ "thing": THING })).await.is(201).text("/id");
    let saved = program.patch(&format!("/drafts/{draft}/answers"), answers).await;
    for paper in saved.is(200).json["missing"].as_array().unwrap() {
        let path = format!("/drafts/{draft}/files?material={}&name=隐件.pdf", paper.as_str().unwrap());
        program.send_bytes(Method::POST, &path, Some("application/octet-stream"), PDF.to_vec()).await.is(201);
    }
    draft
}

async fn owner(site: &Site) -> Owner {
    let program = site.guest().await;
    let key = AccessKey(program.secret.clone().unwrap().trim_start_matches("ycg_").to_owned());
    let said = marked(site);
    let filed = filled(&program, &said).await;
    let handed = program.post(&format!("/drafts/{filed}/submission"), &json!({})).await;
    let (number, receipt) = (handed.is(201).text("/number"), handed.text("/receipt_code"));
    let acts = format!("/cases/{number}/acts");
    program.post(&acts, &json!({ "act": "message", "text": "隐话乙" })).await.is(200);
    let draft = filled(&program, &said).await;
    let code = program.post(&format!("/drafts/{draft}/code"), &Value::Null).await.is(201).text("/code");
    let taken = program.post(&format!("/halls/{HALL}/tickets"), &json!({ "lines": ["税务"] })).await;
    let ticket = taken.is(201).text("/key");
    let days = program.get(&format!("/halls/{HALL}/slots?line=税务")).await;
    let (date, slot) = (days.text("/items/1/date"), days.text("/items/1/slots/0/from"));
    let booking =
        json!({ "date": date, "slot": slot, "line": "税务", "name": "隐约人", "phone": "13911113333" });
    let booked = program.post(&format!("/halls/{HALL}/appointments"), &booking).await;
    let booking = booked.is(201).text("/code");
    let case = site.office.case_by_number(&number).await.unwrap();
    let files = site.office.case_files(case, By::System).await.unwrap();
    let party = site.office.party(case).await.unwrap();
    let mut identifiers = vec![number.clone(), draft.clone(), case.to_string(), key.actor(), filed];
    identifiers.extend(files.iter().take(2).map(|file| file.digest.clone()));
    identifiers.extend(["A001".to_owned(), HALL.to_owned(), THING.to_owned()]);
    let own = ["隐话乙", "隐约人", "隐件", PHONE, "13911113333"].map(str::to_owned);
    let mut marks: BTreeSet<String> = own.into();
    let texts = said["answers"].as_object().unwrap().values().filter_map(Value::as_str);
    marks.extend(texts.filter(|text| text.starts_with("隐文")).map(str::to_owned));
    marks.extend([receipt, code, ticket.clone(), booking.clone(), key.0.clone(), party.name]);
    marks.retain(|mark| mark.chars().count() >= 2);
    Owner { program, key, number, draft, ticket, booking, marks, identifiers }
}

async fn others(site: &Site, owner: &Owner) -> Vec<(&'static str, Program)> {
    let other = site.account("other", Standing::Applicant, &[]).await;
    let elsewhere = site.account("elsewhere", Standing::Officer, &["税务专员"]).await;
    let progress = site.guest().await;
    let last = json!({ "last_four": &PHONE[PHONE.len() - 4..] });
    progress.post(&format!("/cases/{}/access", owner.number), &last).await.is(200);
    assert_eq!(progress.get(&format!("/cases/{}", owner.number)).await.is(200).json["progress_only"], true);
    vec![
        ("nobody", site.nobody()),
        ("another key", site.guest().await),
        ("another applicant", site.program(&other).await),
        ("who knows the telephone", progress),
        ("an officer elsewhere", site.program(&elsewhere).await),
    ]
}

fn refer<'a>(described: &'a Value, schema: &'a Value) -> &'a Value {
    schema["$ref"].as_str().map_or(schema, |to| described.pointer(to.trim_start_matches('#')).unwrap())
}

/// Bodies with this text in every box that takes one.
fn bodies(described: &Value, operation: &Value, text: &str) -> Vec<Value> {
    let Some(content) = operation.pointer("/requestBody/content") else { return vec![Value::Null] };
    let Some(json) = content.get("application/json") else { return vec![Value::Null] };
    let schema = refer(described, &json["schema"]);
    let mut body = Map::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let property = refer(described, property);
        let kind = property["type"].as_str().or(property.pointer("/type/0").and_then(Value::as_str));
        let value = match kind {
            Some("string") => property.pointer("/enum/0").cloned().unwrap_or(json!(text)),
            Some("array") => json!([text]),
            Some("integer" | "number") => json!(1),
            Some("boolean") => json!(false),
            Some("object") => json!({}),
            _ => continue,
        };
        body.insert(name.clone(), value);
    }
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let least: Map<String, Value> =
        body.clone().into_iter().filter(|(name, _)| required.contains(&json!(name))).collect();
    vec![Value::Object(body), Value::Object(least)]
}

fn addresses(path: &str, operation: &Value, owner: &Owner) -> Vec<String> {
    let mut filled = vec![String::new()];
    for part in path.split('/').skip(1) {
        let texts = match part {
            "{number}" => vec![owner.number.clone()],
            "{hall}" => vec![HALL.to_owned()],
            part if part.starts_with('{') => owner.identifiers.clone(),
            part => vec![part.to_owned()],
        };
        filled = filled
            .iter()
            .flat_map(|before| texts.iter().map(move |text| format!("{before}/{text}")))
            .collect();
    }
    let first = filled[0].clone();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        if parameter["in"] == "query" {
            let name = parameter["name"].as_str().unwrap();
            filled.extend(owner.identifiers.iter().map(|value| format!("{first}?{name}={value}")));
        }
    }
    filled
}

async fn standing(site: &Site, owner: &Owner) -> (u64, u64, String, String) {
    let case = owner.program.get(&format!("/cases/{}", owner.number)).await;
    let draft = owner.program.get(&format!("/drafts/{}", owner.draft)).await;
    let ticket = owner.program.get(&format!("/tickets/{}", owner.ticket)).await;
    let booking = site.nobody().get(&format!("/appointments/{}", owner.booking)).await;
    (
        case.is(200).json["version"].as_u64().unwrap(),
        draft.is(200).json["saves"].as_u64().unwrap(),
        ticket.is(200).text("/state"),
        booking.is(200).text("/state"),
    )
}

#[tokio::test]
async fn no_program_reads_or_changes_what_is_somebody_elses_by_any_path_parameter_or_body() {
    let site = Site::new().await;
    let owner = owner(&site).await;
    let people = others(&site, &owner).await;
    let described = site.nobody().get("/openapi.json").await.json;
    let before = standing(&site, &owner).await;
    let (mut found, mut asked) = (Vec::new(), 0);
    for (path, operations) in described["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            for address in addresses(path, operation, &owner) {
                for (who, program) in &people {
                    for body in bodies(&described, operation, &owner.number) {
                        let answer = program.send(method.clone(), &address, Some(&body)).await;
                        asked += 1;
                        let text = String::from_utf8_lossy(&answer.bytes);
                        for mark in owner.marks.iter().filter(|mark| text.contains(mark.as_str())) {
                            found.push(format!("{method} {address} tells {who} {mark:?}"));
                        }
                    }
                }
            }
        }
    }
    assert!(found.is_empty(), "of {asked}:\n{}", found.join("\n"));
    assert!(asked > 3_000, "{asked}");
    assert_eq!(standing(&site, &owner).await, before);
    let whole = owner.program.get(&format!("/cases/{}", owner.number)).await;
    assert!(String::from_utf8_lossy(&whole.bytes).contains("隐话乙"), "the marks are really there");
    site.office.open_draft(owner.draft.parse().unwrap(), By::Guest(&owner.key)).await.unwrap();
}

#[tokio::test]
async fn what_strangers_make_and_look_at_is_counted_by_address_whatever_key_they_bring() {
    let site = Site::new().await;
    let mut bounds = Bounds::default();
    for amount in ["checks=2", "numbers=2", "drafts=2", "bookings=1", "upload-mb=1"] {
        bounds.set(amount).unwrap();
    }
    site.office.set_bounds(bounds);
    let here: IpAddr = "198.51.100.7".parse().unwrap();
    let fresh = async || Program { from: Some(here), ..site.guest().await };
    let take = json!({ "lines": ["税务"] });
    let tickets = format!("/halls/{HALL}/tickets");
    for _ in 0..2 {
        fresh().await.post(&tickets, &take).await.is(201);
        fresh().await.post("/drafts", &json!({ "thing": THING })).await.is(201);
        fresh().await.get("/documents/none").await.is_problem(404, "not-found");
    }
    let refused = [
        fresh().await.post(&tickets, &take).await,
        fresh().await.post("/drafts", &json!({ "thing": THING })).await,
        fresh().await.get("/documents/none").await,
    ];
    for refused in refused {
        refused.is_problem(429, "too-many-requests");
        assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 60);
        assert!(refused.text("/detail").contains("分钟后再试"), "{}", refused.json);
    }
    let english = fresh().await.with("accept-language", "en");
    assert!(english.post(&tickets, &take).await.text("/detail").contains("Try again in"));
    Program { from: Some("198.51.100.8".parse().unwrap()), ..site.guest().await }
        .post(&tickets, &take)
        .await
        .is(201);
    // Over-long words are refused as the pages refuse them.
    let days = site.nobody().get(&format!("/halls/{HALL}/slots?line=税务")).await;
    let slot = json!({ "date": days.text("/items/1/date"), "slot": days.text("/items/1/slots/0/from"), "line": "税务", "name": "名".repeat(5000) });
    fresh().await.post(&format!("/halls/{HALL}/appointments"), &slot).await.is_problem(422, "about-too-long");
}
