//! Applications on their way in: begin, fill in, attach, hand in.

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::Response;
use catalogue::{Channel, FieldId, PartyKind};
use form::Modes;
use office::{By, CameFrom, OfficeError, OpenDraft, Scope, StartDraft};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::form::{AnswersIn, FormView, Party, read_answers};
use crate::app::Api;
use crate::ask::{Ask, Body, File, Once, PageOf, Place, Who, who};
use crate::shown::{At, FileView, download};
use crate::trouble::Trouble;

pub fn routes() -> OpenApiRouter<Api> {
    let uploads = OpenApiRouter::default().routes(routes!(attach)).layer(DefaultBodyLimit::disable());
    OpenApiRouter::default()
        .routes(routes!(make_key))
        .routes(routes!(drafts, start))
        .routes(routes!(draft))
        .routes(routes!(save_answers))
        .routes(routes!(set_choices))
        .routes(routes!(confirm))
        .routes(routes!(file, detach))
        .routes(routes!(submit))
        .routes(routes!(resume_code))
        .routes(routes!(resume))
        .merge(uploads)
}

/// What opens drafts and cases without an account.
#[derive(Debug, Serialize, ToSchema)]
struct NewKey {
    /// Send it as `Authorization: Bearer …`, and keep it: nobody can find it again.
    key: String,
}

/// A key for somebody without an account
///
/// Drafts and cases that are begun with it open with it alone.
#[utoipa::path(post, path = "/access-keys", tag = "drafts", responses((status = 201, body = NewKey)))]
async fn make_key(State(api): State<Api>) -> (StatusCode, Json<NewKey>) {
    let key = format!("{}{}", who::GUEST, api.office.new_access_key().0);
    (StatusCode::CREATED, Json(NewKey { key }))
}

/// A draft with the one form as it stands.
#[derive(Debug, Serialize, ToSchema)]
struct DraftView {
    id: String,
    thing: String,
    started_at: At,
    saved_at: At,
    /// How often it was saved.
    saves: u64,
    form: FormView,
    files: Vec<FileView>,
    /// Papers that are due now and not there.
    missing: Vec<String>,
    /// It can be handed in.
    ready: bool,
    /// Number of the case, once it was handed in.
    submitted: Option<String>,
    /// A new edition has changed what is asked since somebody last looked.
    moved: bool,
}

fn view(open: &OpenDraft) -> Result<DraftView, Trouble> {
    let draft = &open.draft;
    Ok(DraftView {
        id: open.id.to_string(),
        thing: draft.thing.to_string(),
        started_at: draft.started_at.into(),
        saved_at: draft.saved_at.into(),
        saves: open.saves(),
        form: FormView::of(&open.form()?, open.today),
        files: draft.attachments.iter().map(FileView::from).collect(),
        missing: open.papers_missing()?.iter().map(ToString::to_string).collect(),
        ready: open.is_ready()?,
        submitted: draft.submitted.clone(),
        moved: draft.moved.is_some(),
    })
}

/// A line of the list of drafts.
#[derive(Debug, Serialize, ToSchema)]
struct DraftLine {
    id: String,
    thing: String,
    saved_at: At,
}

/// Drafts that were begun and not handed in
///
/// The newest first; those that one fills in for somebody else come last.
#[utoipa::path(get, path = "/drafts", tag = "drafts", responses((status = 200, body = PageOf<DraftLine>)))]
async fn drafts(State(api): State<Api>, who: Who) -> Result<Json<PageOf<DraftLine>>, Trouble> {
    who.may(Scope::Drafts)?;
    let mut drafts = api.office.drafts(who.by()?).await?;
    if let Some(viewer) = who.viewer() {
        drafts.extend(api.office.entrusted_drafts(viewer).await?);
    }
    let lines = drafts.iter().map(|open| DraftLine {
        id: open.id.to_string(),
        thing: open.draft.thing.to_string(),
        saved_at: open.draft.saved_at.into(),
    });
    Ok(Json(PageOf::whole(lines.collect())))
}

/// What is to be applied for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DraftAsked {
    thing: String,
    /// Left out, the first kind that the thing is open to.
    party: Option<Party>,
    /// A clerk at the window fills it in for somebody present.
    #[serde(default)]
    at_window: bool,
    /// What a report is about: a page of this site,
    about_page: Option<String>,
    /// a thing,
    about_thing: Option<String>,
    /// or a case.
    about_case: Option<String>,
    /// The code of its receipt, unless the account may open the case anyhow.
    about_code: Option<String>,
}

/// Begins an application
#[utoipa::path(post, path = "/drafts", tag = "drafts", request_body = DraftAsked, responses((status = 201, body = DraftView)))]
async fn start(
    State(api): State<Api>,
    who: Who,
    once: Once<DraftAsked>,
) -> Result<(StatusCode, Json<DraftView>), Trouble> {
    who.may(Scope::Drafts)?;
    let (asked, command, claim) = once.open();
    let begun = begin(&api, &who, asked, command).await;
    Ok((StatusCode::CREATED, Json(view(&claim.settle(&api, begun).await?)?)))
}

async fn begin(
    api: &Api,
    who: &Who,
    asked: DraftAsked,
    command: Option<uuid::Uuid>,
) -> Result<OpenDraft, Trouble> {
    let by = who.by()?;
    // As on the pages: staff apply for nobody but at the window, for somebody present.
    let fits = match by {
        By::Viewer(viewer) if asked.at_window => viewer.works_at_window(&api.office.edition()),
        By::Viewer(viewer) => viewer.is_applicant(),
        _ => !asked.at_window,
    };
    if !fits {
        return Err(OfficeError::Denied.into());
    }
    let start = StartDraft {
        thing: asked.thing.into(),
        party: asked.party.map(PartyKind::from),
        channel: if asked.at_window { Channel::Window } else { Channel::Online },
        came_from: CameFrom {
            page: asked.about_page,
            thing: asked.about_thing.map(Into::into),
            case_number: asked.about_case,
            case_code: asked.about_code.unwrap_or_default(),
            ..CameFrom::default()
        },
    };
    Ok(api.office.start_draft_once(start, by, command).await?)
}

/// A draft with the one form as it stands
#[utoipa::path(get, path = "/drafts/{draft}", tag = "drafts", params(("draft" = String, Path)), responses((status = 200, body = DraftView)))]
async fn draft(
    State(api): State<Api>,
    who: Who,
    Place(id): Place<String>,
) -> Result<Json<DraftView>, Trouble> {
    who.may(Scope::Drafts)?;
    let (open, _) = who.draft(&api, &id).await?;
    Ok(Json(view(&open)?))
}

/// Answers to some fields; the others keep what they have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswersAsked {
    answers: AnswersIn,
}

/// Saves answers
///
/// What cannot be read is kept as it was typed, and the form says what is wrong with it.
#[utoipa::path(patch, path = "/drafts/{draft}/answers", tag = "drafts", params(("draft" = String, Path)), request_body = AnswersAsked, responses((status = 200, body = DraftView)))]
async fn save_answers(
    State(api): State<Api>,
    who: Who,
    Place(id): Place<String>,
    Body(asked): Body<AnswersAsked>,
) -> Result<Json<DraftView>, Trouble> {
    who.may(Scope::Drafts)?;
    let (open, by) = who.draft(&api, &id).await?;
    let answers = read_answers(&open.edition, asked.answers)?;
    Ok(Json(view(&api.office.save_answers(open.id, &answers, by).await?)?))
}

/// Who applies, and which ways of handling are chosen. What is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChoicesAsked {
    party: Option<Party>,
    /// Items for which the promise is signed.
    promised: Option<Vec<String>>,
    /// Papers that follow later.
    tolerated: Option<Vec<String>>,
    /// Papers that the window has seen in the original; for clerks.
    seen: Option<Vec<String>>,
}

/// Chooses who applies and how
#[utoipa::path(patch, path = "/drafts/{draft}/choices", tag = "drafts", params(("draft" = String, Path)), request_body = ChoicesAsked, responses((status = 200, body = DraftView)))]
async fn set_choices(
    State(api): State<Api>,
    who: Who,
    Place(id): Place<String>,
    Body(asked): Body<ChoicesAsked>,
) -> Result<Json<DraftView>, Trouble> {
    who.may(Scope::Drafts)?;
    let (mut open, by) = who.draft(&api, &id).await?;
    let office = &api.office;
    if let Some(party) = asked.party {
        open = office.set_party(open.id, party.into(), by).await?;
    }
    if asked.promised.is_some() || asked.tolerated.is_some() {
        let held = &open.draft.modes;
        let modes = Modes {
            promised: asked
                .promised
                .map_or_else(|| held.promised.clone(), |items| items.into_iter().map(Into::into).collect()),
            tolerated: asked.tolerated.map_or_else(
                || held.tolerated.clone(),
                |papers| papers.into_iter().map(Into::into).collect(),
            ),
        };
        open = office.set_modes(open.id, modes, by).await?;
    }
    if let Some(seen) = asked.seen {
        open = office.set_seen(open.id, seen.into_iter().map(Into::into).collect(), by).await?;
    }
    Ok(Json(view(&open)?))
}

/// Known facts that are right.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmAsked {
    fields: Vec<String>,
}

/// Confirms facts that a registry supplied
#[utoipa::path(post, path = "/drafts/{draft}/confirmations", tag = "drafts", params(("draft" = String, Path)), request_body = ConfirmAsked, responses((status = 200, body = DraftView)))]
async fn confirm(
    State(api): State<Api>,
    who: Who,
    Place(id): Place<String>,
    Body(asked): Body<ConfirmAsked>,
) -> Result<Json<DraftView>, Trouble> {
    who.may(Scope::Drafts)?;
    let (open, by) = who.draft(&api, &id).await?;
    let fields: Vec<FieldId> = asked.fields.into_iter().map(FieldId::from).collect();
    Ok(Json(view(&api.office.confirm_known(open.id, &fields, by).await?)?))
}

/// What a file is: a paper, or the answer to a question.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FileAsked {
    pub material: Option<String>,
    pub field: Option<String>,
    /// Its name; what it is, its content says.
    #[param(max_length = 200)]
    pub name: Option<String>,
}

/// Attaches a file
///
/// The bytes of the file are the body. The same file for the same paper is kept once.
#[utoipa::path(post, path = "/drafts/{draft}/files", tag = "drafts", params(("draft" = String, Path), FileAsked), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = DraftView)))]
async fn attach(
    State(api): State<Api>,
    who: Who,
    Place(id): Place<String>,
    Ask(asked): Ask<FileAsked>,
    file: File,
) -> Result<(StatusCode, Json<DraftView>), Trouble> {
    who.may(Scope::Drafts)?;
    let (open, by) = who.draft(&api, &id).await?;
    let material = asked.material.map(catalogue::MaterialId::from);
    let field = asked.field.map(FieldId::from);
    let known = match (&material, &field) {
        (Some(id), None) => open.edition.material(id).is_some(),
        (None, Some(id)) => open.edition.field(id).is_some(),
        _ => false,
    };
    if !known {
        return Err(Trouble::Query("material, field".into()));
    }
    let mut kept = file.keep(&api, asked.name.as_deref().unwrap_or_default(), by).await?;
    (kept.material, kept.field) = (material, field);
    Ok((StatusCode::CREATED, Json(view(&api.office.attach(open.id, kept, by).await?)?)))
}

/// The bytes of a file
#[utoipa::path(get, path = "/drafts/{draft}/files/{digest}", tag = "drafts", params(("draft" = String, Path), ("digest" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn file(
    State(api): State<Api>,
    who: Who,
    Place((id, digest)): Place<(String, String)>,
) -> Result<Response, Trouble> {
    who.may(Scope::Drafts)?;
    let (open, by) = who.draft(&api, &id).await?;
    let (file, source) = api.office.draft_file(open.id, &digest, by).await?;
    Ok(download(&file, source))
}

/// Takes a file out of the draft
#[utoipa::path(delete, path = "/drafts/{draft}/files/{digest}", tag = "drafts", params(("draft" = String, Path), ("digest" = String, Path)), responses((status = 200, body = DraftView)))]
async fn detach(
    State(api): State<Api>,
    who: Who,
    Place((id, digest)): Place<(String, String)>,
) -> Result<Json<DraftView>, Trouble> {
    who.may(Scope::Drafts)?;
    let (open, by) = who.draft(&api, &id).await?;
    if open.draft.submitted.is_some() {
        return Err(OfficeError::Stale.into());
    }
    if !open.draft.attachments.iter().any(|file| file.digest == digest) {
        return Err(OfficeError::NotFound.into());
    }
    Ok(Json(view(&api.office.detach(open.id, &digest, by).await?)?))
}

/// The case that came in.
#[derive(Debug, Serialize, ToSchema)]
struct SubmittedView {
    /// The one number.
    number: String,
    /// With the number it opens the case to another access key; none for an agent, and none for an officer who did not file
    /// it at a window.
    receipt_code: Option<String>,
}

/// Nothing but the wish.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Hands the form in
///
/// One commit makes the case of the draft. Doing it twice gives the same number.
#[utoipa::path(post, path = "/drafts/{draft}/submission", tag = "drafts", params(("draft" = String, Path)), request_body = Nothing, responses((status = 201, body = SubmittedView)))]
async fn submit(
    State(api): State<Api>,
    who: Who,
    Place(id): Place<String>,
    once: Once<Nothing>,
) -> Result<(StatusCode, Json<SubmittedView>), Trouble> {
    who.may(Scope::Drafts)?;
    let (_, command, claim) = once.open();
    let (open, by) = who.draft(&api, &id).await?;
    let done = api.office.submit(open.id, by, command).await.map_err(Trouble::from);
    let submitted = claim.settle(&api, done).await?;
    let receipt_code = match api.office.receipt_code(submitted.id, by).await {
        Ok(code) => Some(code.to_string()),
        Err(OfficeError::Denied | OfficeError::NotPossible(_)) => None,
        Err(error) => return Err(error.into()),
    };
    Ok((StatusCode::CREATED, Json(SubmittedView { number: submitted.number, receipt_code })))
}

/// What opens a draft elsewhere.
#[derive(Debug, Serialize, ToSchema)]
struct CodeView {
    /// Eight characters in two groups, to be read aloud; good for a week and for whoever enters it first.
    code: String,
}

/// A code with which a draft goes on elsewhere
///
/// On another device, or at the window. Whoever enters it first opens the draft, nobody after them.
#[utoipa::path(post, path = "/drafts/{draft}/code", tag = "drafts", params(("draft" = String, Path)), responses((status = 201, body = CodeView)))]
async fn resume_code(
    State(api): State<Api>,
    who: Who,
    Place(id): Place<String>,
) -> Result<(StatusCode, Json<CodeView>), Trouble> {
    who.may(Scope::Drafts)?;
    let (open, by) = who.draft(&api, &id).await?;
    let code = api.office.resume_code(open.id, by).await?;
    Ok((StatusCode::CREATED, Json(CodeView { code: code.to_string() })))
}

/// A code as somebody reads it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeAsked {
    #[schema(max_length = 40)]
    code: String,
}

/// Codes stay out of logs.
impl std::fmt::Debug for CodeAsked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CodeAsked").finish_non_exhaustive()
    }
}

/// Goes on with a draft by its code
///
/// Twenty wrong codes an hour, and forty from one address.
#[utoipa::path(post, path = "/resume", tag = "drafts", request_body = CodeAsked, responses((status = 200, body = DraftView)))]
async fn resume(
    State(api): State<Api>,
    who: Who,
    Body(asked): Body<CodeAsked>,
) -> Result<Json<DraftView>, Trouble> {
    who.may(Scope::Drafts)?;
    let by = who.by()?;
    // Applicants go on with what is theirs, and whoever works at the window helps somebody present.
    if let By::Viewer(viewer) = by
        && !viewer.is_applicant()
        && !viewer.works_at_window(&api.office.edition())
    {
        return Err(OfficeError::Denied.into());
    }
    let id = api.office.resume(&asked.code, by).await?;
    Ok(Json(view(&api.office.open_draft(id, by).await?)?))
}
