//! The trail: what those who administer did, who came in, and who opened what is masked. Read by the audit administrator,
//! changed by nobody.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use office::{Duty, OfficeError, TrailFilter, TrailLine};
use serde::Deserialize;
use store::Cursor;

use crate::app::App;
use crate::fault::Failure;
use crate::sheet::{Table, Value};
use crate::shell::{Page, Shell, encode};
use crate::ui;

const SHOWN: u32 = 50;
const LEAVES_MAX: u32 = 5_000;

/// Every kind that there is, in the order in which it is offered.
pub const KINDS: [&str; 31] = [
    "account-opened",
    "roles-set",
    "standing-set",
    "duties-apart",
    "account-closed",
    "account-reopened",
    "password-given",
    "password-set",
    "second-factor-set",
    "second-factor-removed",
    "recovery-code-used",
    "signed-in",
    "sign-in-refused",
    "personal-data-read",
    "receipt-code-given",
    "person-forgotten",
    "account-forgotten",
    "edition-published",
    "identity-linked",
    "identity-unlinked",
    "records-erased",
    "erasure-held",
    "hold-lifted",
    "processing-restricted",
    "restriction-lifted",
    "token-made",
    "token-revoked",
    "webhook-named",
    "webhook-removed",
    "webhook-started",
    "webhook-stopped",
];

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    kind: String,
    /// A login.
    #[serde(default)]
    who: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    /// The number of a case.
    #[serde(default)]
    case: String,
    #[serde(default)]
    after: String,
}

struct Found {
    lines: Vec<TrailLine>,
    next: Option<Cursor>,
    /// By actor, and by the account that something was done to.
    names: BTreeMap<String, String>,
    problem: Option<(&'static str, String)>,
}

async fn find(app: &App, shell: &Shell, asked: &Asked, limit: u32) -> Result<Found, Failure> {
    let viewer = shell.duty(Duty::Audit)?;
    let mut problem = None;
    let mut day = |field: &'static str, text: &str| {
        if text.trim().is_empty() {
            return None;
        }
        let parsed = text.trim().parse::<jiff::civil::Date>().ok();
        if parsed.is_none() {
            problem = Some((field, shell.w.t("trail-bad-day")));
        }
        parsed
    };
    let (from, until) = (day("from", &asked.from), day("until", &asked.until));
    if from.zip(until).is_some_and(|(from, until)| from > until) {
        problem = Some(("until", shell.w.t("trail-bad-order")));
    }
    let midnight = |date: jiff::civil::Date| {
        shell.edition.offset().to_timestamp(date.to_datetime(jiff::civil::Time::midnight())).ok()
    };
    let mut actor = None;
    if !asked.who.trim().is_empty() {
        let wanted = asked.who.trim().to_lowercase();
        let rows = app.office.accounts(viewer).await?;
        match rows.into_iter().find(|row| row.login == wanted) {
            Some(row) => actor = Some(row.id.to_string()),
            None => problem = Some(("who", shell.w.t("trail-nobody"))),
        }
    }
    let mut case = None;
    if !asked.case.trim().is_empty() {
        let number = identifier::CaseNumber::parse(&asked.case).map(|number| number.to_string());
        match app.office.case_by_number(number.as_deref().unwrap_or_default()).await {
            Ok(id) => case = Some(id),
            Err(OfficeError::NotFound) => problem = Some(("case", shell.w.t("trail-no-case"))),
            Err(error) => return Err(error.into()),
        }
    }
    if problem.is_some() {
        return Ok(Found { lines: Vec::new(), next: None, names: BTreeMap::new(), problem });
    }
    let filter = TrailFilter {
        kind: KINDS.contains(&asked.kind.as_str()).then(|| asked.kind.clone()),
        actor,
        from: from.and_then(midnight),
        before: until.and_then(|day| day.tomorrow().ok()).and_then(midnight),
        case,
    };
    let (lines, next) = app.office.trail(&filter, limit, Cursor::parse(&asked.after), viewer).await?;
    let mut actors: Vec<&str> = lines.iter().map(|line| line.actor.as_str()).collect();
    actors.extend(lines.iter().map(|line| line.stream.as_str()));
    let names = app.office.officer_names(&actors).await?;
    Ok(Found { lines, next, names, problem })
}

impl Found {
    /// Who did it: a name, the office itself, or somebody of the public.
    fn actor(&self, shell: &Shell, line: &TrailLine) -> String {
        let name = self.names.get(&line.actor).cloned();
        name.unwrap_or_else(|| {
            let key =
                if line.actor.starts_with("account/") { "trail-by-applicant" } else { "trail-by-machine" };
            shell.w.t(key)
        })
    }

    /// To whom or what.
    fn about(&self, shell: &Shell, line: &TrailLine) -> String {
        match line.stream.split_once('/') {
            Some(("account", _)) => {
                self.names.get(&line.stream).cloned().unwrap_or_else(|| shell.w.t("trail-an-applicant"))
            }
            _ => line.case.clone().unwrap_or_default(),
        }
    }
}

/// What the event says besides: roles, a duty, a ground.
fn detail(shell: &Shell, line: &TrailLine) -> String {
    let w = shell.w;
    let Ok(body) = serde_json::from_str::<serde_json::Value>(&line.body) else { return String::new() };
    let text = |key: &str| body.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
    let list = |key: &str| -> Vec<String> {
        let values = body.get(key).and_then(serde_json::Value::as_array).into_iter().flatten();
        values.filter_map(|value| value.as_str().map(str::to_owned)).collect()
    };
    match line.kind.as_str() {
        "account-opened" | "roles-set" => w.list(&list("roles")),
        "standing-set" => match text("standing") {
            "officer" => w.t("admin-duty-none"),
            standing => w.t(&format!("admin-duty-{}", standing.trim_end_matches("-administrator"))),
        },
        "person-forgotten" => w.t(&format!("admin-ground-{}", text("ground"))),
        "personal-data-read" => w.list(&list("fields")),
        "edition-published" => text("edition").chars().take(8).collect(),
        "identity-linked" | "identity-unlinked" => text("issuer").to_owned(),
        "token-made" => list("scopes").join(" "),
        "webhook-named" | "webhook-removed" | "webhook-started" | "webhook-stopped" => text("url").to_owned(),
        "records-erased" | "processing-restricted" => text("rule").to_owned(),
        "erasure-held" => text("until").to_owned(),
        _ => String::new(),
    }
}

fn kind(shell: &Shell, line: &TrailLine) -> String {
    let key = format!("trail-{}", line.kind);
    if shell.w.has(&key) { shell.w.t(&key) } else { line.kind.clone() }
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    let found = find(&app, &shell, &asked, SHOWN).await?;
    let w = shell.w;
    let query = format!(
        "kind={}&who={}&case={}&from={}&until={}",
        encode(&asked.kind),
        encode(&asked.who),
        encode(&asked.case),
        encode(&asked.from),
        encode(&asked.until)
    );
    let problems: Vec<_> =
        found.problem.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
    let body = html! {
        (ui::error_summary(w, &problems))
        div.row.between { h1 { (w.t("nav-trail")) } span.small { (w.t("desk-export")) " " a href=(format!("/admin/trail.xlsx?{query}")) { "Excel" } " · " a href=(format!("/admin/trail.csv?{query}")) { "CSV" } } }
        p { (w.t("trail-lead")) }
        form.filter method="get" action="/admin/trail" role="search" {
            div { label for="kind" { (w.t("trail-kind")) } select #kind name="kind" {
                option value="" { (w.t("trail-all")) }
                @for one in KINDS { option value=(one) selected[asked.kind == one] { (w.t(&format!("trail-{one}"))) } }
            } }
            div { label for="who" { (w.t("trail-who")) } input #who type="search" name="who" value=(asked.who) autocapitalize="none" spellcheck="false"; }
            div { label for="case" { (w.t("trail-case")) } input #case type="search" name="case" value=(asked.case) autocapitalize="none" spellcheck="false"; }
            div { label for="from" { (w.t("trail-from")) } input #from type="date" name="from" value=(asked.from); }
            div { label for="until" { (w.t("trail-until")) } input #until type="date" name="until" value=(asked.until); }
            button.button.second type="submit" { (w.t("window-find-go")) }
        }
        @if found.lines.is_empty() { (ui::empty(&w.t("trail-none"), &w.t("trail-none-next"), None)) }
        @else { div.table-wrap { table.cards {
            caption.visually-hidden { (w.t("nav-trail")) }
            thead { tr { @for key in ["trail-at", "trail-kind", "trail-actor", "trail-about", "trail-detail"] { th scope="col" { (w.t(key)) } } } }
            tbody { @for line in &found.lines { tr {
                td data-label=(w.t("trail-at")) { (ui::date_time(&shell, line.at)) }
                td data-label=(w.t("trail-kind")) { (kind(&shell, line)) }
                td data-label=(w.t("trail-actor")) { (found.actor(&shell, line)) }
                td data-label=(w.t("trail-about")) {
                    @if let Some(number) = &line.case { a.mono href=(format!("/admin/trail?case={}", encode(number))) { (number) } }
                    @else { (found.about(&shell, line)) }
                }
                td data-label=(w.t("trail-detail")) { (detail(&shell, line)) }
            } } }
        } } }
        (ui::pages(&shell, found.next.as_ref(), !asked.after.is_empty()))
    };
    Ok(shell.lay_out(Page::desk(w.t("nav-trail"), body)))
}

async fn table(app: &App, shell: &Shell, asked: &Asked) -> Result<Table, Failure> {
    let asked = Asked { after: String::new(), ..asked.clone() };
    let found = find(app, shell, &asked, LEAVES_MAX).await?;
    if let Some((field, _)) = &found.problem {
        return Err(match *field {
            "from" | "until" => Failure::Query { wrong: &["from", "until"], next: "error-days-next" },
            _ => Failure::BadRequest,
        });
    }
    let w = shell.w;
    let rows = found.lines.iter().map(|line| {
        vec![
            Value::Time(shell.edition.offset().to_datetime(line.at)),
            Value::Text(kind(shell, line)),
            Value::Text(found.actor(shell, line)),
            Value::Text(found.about(shell, line)),
            Value::Text(detail(shell, line)),
            Value::Text(line.id.clone()),
        ]
    });
    let head = ["trail-at", "trail-kind", "trail-actor", "trail-about", "trail-detail", "trail-id"];
    Ok(Table {
        name: w.t("nav-trail"),
        head: head.iter().map(|key| w.t(key)).collect(),
        rows: rows.collect(),
    })
}

pub async fn csv(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    Ok(table(&app, &shell, &asked).await?.csv())
}

pub async fn xlsx(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    table(&app, &shell, &asked).await?.xlsx()
}
