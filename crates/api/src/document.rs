//! The description (OpenAPI 3.1) of the routes, with what holds for all of them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::OpenApi;

use crate::app::Api;
use crate::trouble;

/// Operations that need no token: anybody may ask, or a key in the path opens them.
const OPEN: [&str; 20] = [
    "specialists",
    "come",
    "rate_visit",
    "zone",
    "things",
    "thing",
    "compute_form",
    "items",
    "item",
    "document",
    "reports",
    "halls",
    "hall",
    "slots",
    "make_key",
    "ticket",
    "leave",
    "appointment",
    "change_appointment",
    "cancel",
];
/// Operations that take effect once for a key: those that read it ([`crate::ask::Once`]).
const ONCE: [&str; 9] =
    ["start_draft", "submit", "act", "take", "window_act", "floor_act", "book", "check_in", "replay"];
const INTRODUCTION: &str = "政务一窗接口：页面上能办的事，程序也能办。One window for programs: what the pages do, by the same rules.\n\n\
Send a token as `Authorization: Bearer …`; people without an account get a key from `/access-keys`. Send `Accept-Language: en` \
for problems in English. Every refusal is a problem (RFC 9457). Lists come in pages with `next_cursor`. With an \
`Idempotency-Key`, what takes one takes effect once, however often it is sent. Every answer says in `RateLimit` how much is left, and a 429 in \
`Retry-After` when to come back.";

/// As it is served.
pub fn json(described: OpenApi, api: &Api) -> String {
    serde_json::to_string(&value(described, api)).unwrap_or_default()
}

pub fn finish(described: OpenApi, api: &Api) -> Value {
    value(described, api)
}

fn value(described: OpenApi, api: &Api) -> Value {
    let mut all = serde_json::to_value(&described).unwrap_or_default();
    all["info"] = json!({
        "title": "Yichuang 一窗",
        "version": "1",
        "description": INTRODUCTION,
        "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
    });
    all["servers"] = json!([{ "url": format!("{}{}", api.office.public_url(), crate::PREFIX) }]);
    all["components"]["securitySchemes"] = json!({
        "token": { "type": "http", "scheme": "bearer", "description": "A token of an account, or an access key." },
    });
    all["components"]["schemas"]["Problem"] = schema::<trouble::Problem>();
    all["components"]["schemas"]["ProblemAt"] = schema::<trouble::ProblemAt>();
    all["components"]["headers"] = json!({
        "RateLimit": { "description": "What is left: `\"minute\";r=REMAINING;t=SECONDS`.", "schema": { "type": "string" } },
        "RateLimitPolicy": { "description": "What there is: `\"minute\";q=QUOTA;w=60`.", "schema": { "type": "string" } },
        "RetryAfter": { "description": "Seconds until the next request is answered.", "schema": { "type": "integer", "minimum": 0 } },
    });
    let kinds = trouble::kinds().into_iter().map(|(status, code, title, next)| {
        json!({ "status": status, "code": code, "title": { "zh": title[0], "en": title[1] },
            "next": { "zh": next[0], "en": next[1] } })
    });
    all["x-problems"] = kinds.collect();
    let paths = all["paths"].as_object_mut().map(std::mem::take).unwrap_or_default();
    let mut finished = BTreeMap::new();
    for (path, mut operations) in paths {
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            finish_operation(&path, method, operation);
        }
        finished.insert(path, operations);
    }
    all["paths"] = json!(finished);
    all
}

fn schema<T: utoipa::PartialSchema>() -> Value {
    serde_json::to_value(T::schema()).unwrap_or_default()
}

/// What holds for every operation: who may ask, the headers, and the problems.
fn finish_operation(path: &str, method: &str, operation: &mut Value) {
    let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let named = match (name.as_str(), path) {
        ("change", "/appointments/{code}") => "change_appointment".to_owned(),
        ("change", _) => "change_account".to_owned(),
        ("start", _) => "start_draft".to_owned(),
        ("own", _) => "own_appointments".to_owned(),
        ("make", _) => "open_account".to_owned(),
        ("file", path) if path.starts_with("/drafts") => "draft_file".to_owned(),
        ("file", _) => "case_file".to_owned(),
        _ => name,
    };
    let open = OPEN.contains(&named.as_str());
    operation["operationId"] = json!(named);
    if !open {
        operation["security"] = json!([{ "token": [] }]);
    }
    let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let text = |name: &str, description: &str, example: Value| {
        json!({ "name": name, "in": "header", "required": false, "description": description,
            "schema": { "type": "string", "examples": example } })
    };
    parameters.push(text("Accept-Language", "The language of problems.", json!(["zh-CN", "en"])));
    if ONCE.contains(&named.as_str()) {
        let mut key =
            text("Idempotency-Key", "Within a day, requests with the same key take effect once.", json!([]));
        key["schema"] = json!({ "type": "string", "pattern": "^[!-~]{1,255}$" });
        parameters.push(key);
    }
    operation["parameters"] = json!(parameters);
    let limits = json!({
        "RateLimit": { "$ref": "#/components/headers/RateLimit" },
        "RateLimit-Policy": { "$ref": "#/components/headers/RateLimitPolicy" },
    });
    for (_, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        response["headers"] = limits.clone();
    }
    let mut problems = vec![400, 403, 404, 422, 429, 500, 503];
    if !open {
        problems.push(401);
    }
    if operation["requestBody"].is_object() {
        problems.extend([413, 415]);
    }
    if method != "get" {
        problems.push(409);
    }
    for status in problems {
        let mut headers = limits.clone();
        if matches!(status, 429 | 503) {
            headers["Retry-After"] = json!({ "$ref": "#/components/headers/RetryAfter" });
        }
        operation["responses"][status.to_string()] = json!({
            "description": problem_words(status),
            "headers": headers,
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        });
    }
}

fn problem_words(status: u16) -> &'static str {
    match status {
        400 => "The request cannot be read.",
        401 => "A token is needed, or the one that was sent opens nothing.",
        403 => "Not this account's to do, or not with this token.",
        404 => "No such thing, or none of this account.",
        409 => "Somebody changed it in the meantime.",
        413 => "The body is too large.",
        415 => "The media type does not fit.",
        422 => "The law, the state of the case or an answer stands against it.",
        429 => "Too many requests.",
        503 => "Nothing can be kept for the moment; come back.",
        _ => "The server failed; nothing that was saved is lost.",
    }
}
