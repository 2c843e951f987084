//! Supplying what was asked for.

use std::collections::BTreeMap;

use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use catalogue::{Edition, FieldId, ItemId, MaterialId};
use maud::html;
use office::{Act, OpenedCase};

use super::act::{Wish, perform};
use super::page::draw;
use super::todo::{Typed, came_since};
use crate::app::App;
use crate::fault::Failure;
use crate::public::draft::{Sent, receive};
use crate::public::visitor::{Guest, command, value};
use crate::shell::Shell;
use crate::ui;

const FILE: &str = "file:";

/// Corrected answers and papers, all together. Files that came are kept even when something else is still missing.
pub async fn supply(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((number, item)): Path<(String, String)>,
    body: Multipart,
) -> Result<Response, Failure> {
    let opened = guest.case(&app, &shell, &number).await?;
    let item: ItemId = item.into();
    let matter = opened.case.matter(&item).ok_or(Failure::NotFound)?;
    let asked = matter.correction.clone();
    let edition = opened.edition.clone();
    let wanted = |name: &str| name.strip_prefix(FILE).and_then(|id| edition.material(&id.into()));
    let sent =
        receive(&app, opened.by, body, |name| wanted(name).map_or(0, |material| material.max_bytes)).await?;
    let raw = ui::raw_answers(&sent.pairs);
    let command = command(&sent.pairs);
    let sent_pairs = sent.pairs.clone();
    let problem = keep(&app, &shell, &opened, sent, |name| name.strip_prefix(FILE).map(Into::into)).await?;

    let fields = asked.as_ref().map_or(&[][..], |asked| &asked.points.fields);
    let before = app.office.answers(&opened).await?;
    let read = app.office.read_correction(&opened, &before, fields, &raw);
    let problems = wrong_by_field(&shell, &edition, &read.problems);
    let typed =
        Typed { about: Some(item.clone()), answers: raw, problems, opened: read.opened, ..Typed::default() };
    let answers = read.answers;
    if !value(&sent_pairs, ui::ADD_ROW).is_empty() {
        return again(&app, &shell, &opened, problem, &Typed { problems: BTreeMap::new(), ..typed }).await;
    }
    if problem.is_some() || !typed.problems.is_empty() {
        return again(&app, &shell, &opened, problem, &typed).await;
    }
    // An answer sent back as it was is more often a slip than an answer, and nothing can be asked for twice.
    let unchanged =
        !answers.is_empty() && answers.iter().all(|(id, answer)| before.get(id.as_str()) == Some(answer));
    if unchanged && value(&sent_pairs, "as-it-was").is_empty() {
        let told = Some(shell.w.t("p-correction-unchanged"));
        return again(&app, &shell, &opened, told, &Typed { unchanged: true, ..typed }).await;
    }
    let files = app.office.files_of(&opened).await?;
    let materials = asked.as_ref().map(|asked| came_since(&files, asked)).unwrap_or_default();
    let answers = (!answers.is_empty()).then_some(answers);
    let act = Act::SupplyCorrection { item, materials, answers };
    perform(&app, &shell, &opened, Wish { act, command, did: "supplied", typed }).await
}

/// Problems of answers, to be told at their questions.
pub fn wrong_by_field(
    shell: &Shell,
    edition: &Edition,
    problems: &[form::Problem],
) -> BTreeMap<FieldId, Vec<String>> {
    let mut told: BTreeMap<FieldId, Vec<String>> = BTreeMap::new();
    for problem in problems {
        let text = match (&problem.kind, edition.field(&problem.field)) {
            (form::ProblemKind::Required, Some(field)) => {
                shell.w.with("p-required", &[("label", shell.say(&field.label).into())])
            }
            _ => shell.say(&problem.text).to_owned(),
        };
        told.entry(problem.field.clone()).or_default().push(text);
    }
    told
}

/// A tolerated paper comes.
pub async fn close_gap(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((number, item)): Path<(String, String)>,
    body: Multipart,
) -> Result<Response, Failure> {
    let opened = guest.case(&app, &shell, &number).await?;
    let item: ItemId = item.into();
    let matter = opened.case.matter(&item).ok_or(Failure::NotFound)?;
    let edition = opened.edition.clone();
    let most = matter
        .plan
        .gaps()
        .filter_map(|id| edition.material(id))
        .map(|material| material.max_bytes)
        .max()
        .unwrap_or(0);
    let sent = receive(&app, opened.by, body, |_| most).await?;
    let material: MaterialId = value(&sent.pairs, "material").into();
    let command = command(&sent.pairs);
    let none = sent.files.is_empty().then(|| shell.w.t("p-file-none-chosen"));
    let known = matter.plan.gaps().any(|gap| *gap == material);
    let problem = keep(&app, &shell, &opened, sent, |_| known.then(|| material.clone())).await?;
    if let Some(problem) = problem.or(none) {
        return again(&app, &shell, &opened, Some(problem), &Typed::default()).await;
    }
    let act = Act::CloseGap { item, materials: vec![material] };
    perform(&app, &shell, &opened, Wish { act, command, did: "gap", typed: Typed::default() }).await
}

/// Adds the files that are good, and tells about the last that is not.
async fn keep(
    app: &App,
    shell: &Shell,
    opened: &OpenedCase<'_>,
    sent: Sent,
    paper: impl Fn(&str) -> Option<MaterialId>,
) -> Result<Option<String>, Failure> {
    let mut problem = None;
    for (name, file) in sent.files {
        let Some(material) = paper(&name) else { continue };
        match file {
            Ok(mut attachment) => {
                attachment.material = Some(material);
                app.office.add_case_file(opened.id, attachment, opened.by).await?;
            }
            Err(refused) => problem = Some(refused.message(shell)),
        }
    }
    Ok(problem)
}

async fn again(
    app: &App,
    shell: &Shell,
    opened: &OpenedCase<'_>,
    problem: Option<String>,
    typed: &Typed,
) -> Result<Response, Failure> {
    let mut problems: Vec<(String, String)> =
        problem.into_iter().map(|text| ("todo".to_owned(), text)).collect();
    problems.extend(
        typed
            .problems
            .iter()
            .flat_map(|(field, texts)| texts.iter().map(|text| (ui::anchor(field), text.clone()))),
    );
    let said = html! { (ui::error_summary(shell.w, &problems)) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(app, shell, opened, said, typed).await?).into_response())
}
