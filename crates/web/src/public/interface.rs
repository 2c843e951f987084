//! `/api`: the interface for programs, told to people from its own description.

use axum::extract::State;
use maud::{Markup, html};
use serde_json::{Map, Value};

use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell, Width};

pub async fn page(State(app): State<App>, shell: Shell) -> Result<Markup, Failure> {
    let described = app.settings.interface.as_deref().ok_or(Failure::NotFound)?;
    let w = shell.w;
    let lang = shell.lang;
    let body = html! {
        h1 { (w.t("p-api-title")) }
        p { (w.t("p-api-what")) }
        ul {
            li { (w.t("p-api-token")) " " a href="/my/account/tokens" { (w.t("p-token-title")) } }
            li { (w.t("p-api-guest")) }
            li { (w.t("p-api-pages")) }
            li { (w.t("p-api-once")) }
            li { (w.t("p-api-limits")) }
            li { a href="/api/v1/openapi.json" { "openapi.json" } " " span.quiet { "OpenAPI " (text(described, "openapi")) } }
        }
        pre.card.mono.prewrap { "curl -H 'Authorization: Bearer yct_…' " (text(&described["servers"][0], "url")) "/cases" }
        h2 { (w.t("p-api-operations")) }
        @for (path, operations) in members(&described["paths"]) {
            @for (method, operation) in members_of(operations) { (operation_of(&shell, path, method, operation)) }
        }
        h2 { (w.t("p-api-shapes")) }
        @for (name, schema) in members(&described["components"]["schemas"]) {
            @if !name.starts_with("PageOf") { (shape(name, schema)) }
        }
        h2 #problems { (w.t("p-api-problems")) }
        p { (w.t("p-api-problems-hint")) }
        @for problem in described["x-problems"].as_array().into_iter().flatten() {
            @let say = |member: &str| problem[member][if lang == diagnostic::Lang::Zh { "zh" } else { "en" }].as_str().unwrap_or_default();
            section.card id=(format!("problem-{}", text(problem, "code"))) {
                h3 { span.mono { (problem["status"]) " " (text(problem, "code")) } " · " (say("title")) }
                p { (say("next")) }
            }
        }
    };
    let page = Page::public(w.t("p-api-title"), body).width(Width::Normal).crumb(w.t("nav-home"), "/");
    Ok(shell.lay_out(page))
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().unwrap_or_default()
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

/// The methods of a path, in the order in which one thinks of them.
fn members_of(operations: &Value) -> Vec<(&str, &Value)> {
    const ORDER: [&str; 5] = ["get", "post", "put", "patch", "delete"];
    let mut all: Vec<_> = members(operations).filter(|(method, _)| ORDER.contains(method)).collect();
    all.sort_by_key(|(method, _)| ORDER.iter().position(|each| each == method));
    all
}

fn operation_of(shell: &Shell, path: &str, method: &str, operation: &Value) -> Markup {
    let w = shell.w;
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let asked: Vec<&Value> = parameters.filter(|each| text(each, "in") != "header").collect();
    let content = &operation["requestBody"]["content"];
    let answered = members(&operation["responses"]).find(|(status, _)| status.starts_with('2'));
    html! {
        details.more id=(text(operation, "operationId")) {
            summary {
                // One piece, so that it breaks like a sentence on a phone.
                span {
                    span.tag.plain.mono { (method.to_uppercase()) } " " span.mono { (path) } " "
                    @if operation["security"].is_array() { span.tag.soon { (w.t("p-api-needs-token")) } " " }
                    span.quiet { (text(operation, "summary")) }
                }
            }
            @if !text(operation, "description").is_empty() { p { (text(operation, "description")) } }
            @if !asked.is_empty() {
                dl.facts { @for parameter in asked {
                    div {
                        dt.mono { (text(parameter, "name")) @if parameter["required"] != true { " ?" } }
                        dd { (kind(&parameter["schema"])) " " (text(parameter, "description")) }
                    }
                } }
            }
            @for (media, body) in members(content) {
                p { (w.t("p-api-body")) " " span.quiet.mono { (media) } " " (kind(&body["schema"])) }
            }
            @if let Some((status, response)) = answered {
                p { (w.t("p-api-answer")) " " span.mono { (status) } " "
                    @for (_, body) in members(&response["content"]) { (kind(&body["schema"])) } }
            }
        }
    }
}

/// A shape in a word, with a link where it has a name.
fn kind(schema: &Value) -> Markup {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let shown = name.strip_prefix("PageOf_").unwrap_or(name);
        return html! { a href=(format!("#shape-{shown}")) { (shown) } @if shown != name { " …" } };
    }
    let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    if let Some(choices) = choices {
        return html! { @for (place, choice) in choices.iter().enumerate() { @if place > 0 { " | " } (kind(choice)) } };
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        return html! { span.mono { (words.join(" | ")) } };
    }
    if schema["type"] == "array" {
        return html! { (kind(&schema["items"])) " …" };
    }
    let word = match &schema["type"] {
        Value::String(word) => word.clone(),
        Value::Array(words) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | "),
        _ => String::new(),
    };
    html! { span.mono { (word) } @if let Some(format) = schema["format"].as_str() { " " span.quiet { (format) } } }
}

fn shape(name: &str, schema: &Value) -> Markup {
    html! {
        details.more id=(format!("shape-{name}")) {
            summary { span { span.mono { (name) } " " span.quiet { (text(schema, "description")) } } }
            (inside(schema))
        }
    }
}

fn inside(schema: &Value) -> Markup {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let parts = schema["oneOf"].as_array().or(schema["allOf"].as_array());
    html! {
        @if schema["properties"].is_object() {
            dl.facts { @for (member, of) in members(&schema["properties"]) {
                div {
                    dt.mono { (member) @if !required.contains(&member) { " ?" } }
                    dd { (kind(of)) " " (text(of, "description")) }
                }
            } }
        } @else if let Some(parts) = parts {
            @for part in parts { @if part["properties"].is_object() { p.small.quiet { (text(part, "description")) } (inside(part)) } @else { p { (kind(part)) } } }
        } @else { p { (kind(schema)) } }
    }
}
