//! What is sent in the wrong form is told so, wherever it is sent; and each name of the description means one thing.

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use api::Settings;
use axum::http::Method;
use office::{By, Standing};
use serde_json::Value;
use support::{Site, TAKE_AWAY};

/// Every path that takes JSON, with what its parts can be.
fn writes(described: &Value) -> Vec<(Method, String, bool)> {
    let mut all = Vec::new();
    for (path, operations) in described["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let json = &operation["requestBody"]["content"]["application/json"]["schema"];
            if !json.is_object() {
                continue;
            }
            let name = json["$ref"].as_str().and_then(|name| name.rsplit('/').next()).unwrap_or_default();
            let schema = &described["components"]["schemas"][name];
            let needs = schema["required"].as_array().is_some_and(|required| !required.is_empty());
            let method = method.to_uppercase().parse().unwrap();
            all.push((method, path.clone(), needs || schema["oneOf"].is_array()));
        }
    }
    all
}

#[tokio::test]
async fn a_body_in_the_wrong_form_is_a_bad_body_on_every_route() {
    let site = Site::with(Settings { requests_per_minute: 1_000_000, ..Settings::default() }).await;
    let applicant = site.account("applicant", Standing::Applicant, &[]).await;
    let number = site.file(By::Viewer(&applicant), "开办餐饮店", &TAKE_AWAY).await;
    let account = applicant.id.0.to_string();
    let described = site.nobody().get("/openapi.json").await.json;
    let writes = writes(&described);
    assert!(writes.len() > 20, "{writes:?}");
    let officer = site.account("officer", Standing::Officer, &["审批审查员"]).await;
    let admin = site.account("system", Standing::SystemAdministrator, &[]).await;
    let programs = [
        site.program(&applicant).await,
        site.program(&officer).await,
        site.program(&admin).await,
        site.guest().await,
    ];
    for (method, path, needs) in &writes {
        let path = path.replace("{number}", &number).replace("{account}", &account);
        let path = path.replace("{hall}", "政务服务大厅");
        let part = |part: &str| if part.starts_with('{') { "2222222222".into() } else { part.to_owned() };
        let path = path.split('/').map(part).collect::<Vec<_>>().join("/");
        let mut read = 0;
        for program in &programs {
            // Who may not do it at all need not be told what is wrong with it.
            let told = |answer: &support::Answer| match answer.status {
                401 | 403 => 0,
                400 => {
                    answer.is_problem(400, "bad-body");
                    1
                }
                status => panic!("{method} {path}: {status} {}", answer.json),
            };
            for body in ["[]", "null", "", "7", "{"] {
                let json = Some("application/json");
                read += told(&program.send_bytes(method.clone(), &path, json, body.into()).await);
            }
            let none = program.send_bytes(method.clone(), &path, None, Vec::new()).await;
            assert!(matches!(none.status, 401 | 403 | 415), "{method} {path}: {}", none.status);
            let json = Some("application/json");
            let empty = program.send_bytes(method.clone(), &path, json, "{}".into()).await;
            assert!(empty.status < 500, "{method} {path}: {}", empty.json);
            if *needs {
                told(&empty);
            }
        }
        assert!(read > 0, "{method} {path}");
    }
}

#[tokio::test]
async fn a_case_is_not_asked_for_without_a_proof() {
    let site = Site::new().await;
    let applicant = site.account("applicant", Standing::Applicant, &[]).await;
    let number = site.file(By::Viewer(&applicant), "开办餐饮店", &TAKE_AWAY).await;
    let guest = site.guest().await;
    for body in [serde_json::json!({}), serde_json::json!({ "last_four": " " })] {
        guest.post(&format!("/cases/{number}/access"), &body).await.is_problem(400, "bad-body");
    }
}

#[test]
fn a_name_of_the_description_means_one_type() {
    fn read(folder: &Path, names: &mut BTreeMap<String, Vec<String>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, names);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let mut described = false;
            for line in text.lines().map(str::trim) {
                if line.starts_with("#[derive(") {
                    described = line.contains("ToSchema");
                }
                let line = line.trim_start_matches("pub ");
                let Some(rest) = line.strip_prefix("struct ").or_else(|| line.strip_prefix("enum ")) else {
                    continue;
                };
                if std::mem::take(&mut described) {
                    let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
                    names.entry(name).or_default().push(path.display().to_string());
                }
            }
        }
    }
    let mut names = BTreeMap::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
    assert!(names.len() > 80, "{}", names.len());
    let twice: Vec<_> = names.iter().filter(|(_, places)| places.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[tokio::test]
async fn a_change_of_an_account_is_described_as_what_it_takes() {
    let site = Site::new().await;
    let described = site.nobody().get("/openapi.json").await.json;
    let of = |path: &str| {
        let schema =
            &described["paths"][path]["patch"]["requestBody"]["content"]["application/json"]["schema"];
        let name = schema["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        let members = described["components"]["schemas"][name]["properties"].as_object().unwrap().clone();
        members.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(of("/accounts/{account}"), ["duty", "open", "roles"]);
    assert_eq!(of("/appointments/{code}"), ["date", "slot"]);
}
