//! Who read personal data of a case, and why: for the person whose data it is.

use axum::extract::{Path, State};
use catalogue::{Edition, FieldId};
use maud::{Markup, html};
use office::Looked;

use super::{reader, words};
use crate::app::App;
use crate::fault::Failure;
use crate::public::visitor::Guest;
use crate::shell::{Page, Shell};
use crate::ui;

/// `姓名、手机；理由：复核现场联系人`.
pub fn looked(shell: &Shell, edition: &Edition, what: &Looked) -> String {
    let w = shell.w;
    let label = |field: &FieldId| {
        edition.field(field).map_or_else(|| field.to_string(), |field| shell.say(field.fact()).to_owned())
    };
    let labels = |fields: &[FieldId]| w.list(&fields.iter().map(label).collect::<Vec<_>>());
    match what {
        Looked::Revealed { fields, reason } => {
            let about = [("fields", labels(fields).into()), ("reason", reason.as_str().into())];
            w.with("desk-traces-reason", &about)
        }
        Looked::Came { with: office::Access::Progress } => w.t("desk-traces-came-progress"),
        Looked::Came { with: office::Access::Whole } => w.t("desk-traces-came-whole"),
        Looked::CodeGiven => w.t("desk-traces-code-given"),
        Looked::AtWork { fields } => w.with("desk-traces-task", &[("fields", labels(fields).into())]),
        Looked::File { material, field, .. } => {
            let paper = material.as_ref().map(|id| words::material_in(shell, edition, id));
            let name = paper.or_else(|| field.as_ref().map(label)).unwrap_or_default();
            w.with("desk-traces-file", &[("name", name.into())])
        }
    }
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
) -> Result<Markup, Failure> {
    let loaded = reader::case(&app, &shell, &guest, &number).await?;
    let traces = app.office.traces_of(&loaded).await?;
    let readers: Vec<&str> = traces.iter().map(|trace| trace.by.as_str()).collect();
    let names = app.office.officer_names(&readers).await?;
    let w = shell.w;
    let body = html! {
        h1 { (w.t("desk-traces-title")) }
        p { (w.t("desk-traces-lead")) }
        @if traces.is_empty() { (ui::empty(&w.t("desk-traces-none"), &w.t("desk-traces-none-next"), None)) }
        ol.timeline {
            @for trace in &traces {
                li {
                    p.strong { (names.get(&trace.by).cloned().unwrap_or_else(|| w.t(if trace.by.starts_with("guest/") { "desk-by-visitor" } else { "desk-by-officer" }))) }
                    p { (looked(&shell, &loaded.edition, &trace.what)) }
                    time { (ui::date_time(&shell, trace.at)) }
                }
            }
        }
    };
    let back =
        if shell.viewer.as_ref().is_some_and(office::Viewer::is_officer) { "/desk/cases" } else { "/cases" };
    Ok(shell.lay_out(
        Page::public(w.t("desk-traces-title"), body).crumb(number.clone(), format!("{back}/{number}")),
    ))
}
