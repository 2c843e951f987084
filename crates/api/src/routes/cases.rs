//! Cases: lists, worklists, acts, files, results, and who looked at what.

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::Response;
use form::Answers;
use jiff::tz::Offset;
use office::{Access, By, CaseFilter, CaseLine, LoadedCase, OfficeError, OpenedCase, Scope, WorklistFilter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::acts::ActIn;
use super::drafts::FileAsked;
use super::form::read_answers;
use super::tracking::{self, CaseView};
use crate::app::Api;
use crate::ask::{Account, Ask, Body, File, Once, PageOf, Place, Who, page};
use crate::frame::From;
use crate::shown::{At, FileView, On, download};
use crate::trouble::Trouble;

pub fn routes() -> OpenApiRouter<Api> {
    let uploads = OpenApiRouter::default().routes(routes!(add_file)).layer(DefaultBodyLimit::disable());
    OpenApiRouter::default()
        .routes(routes!(cases))
        .routes(routes!(worklist))
        .routes(routes!(case))
        .routes(routes!(act))
        .routes(routes!(open))
        .routes(routes!(tracking::timeline))
        .routes(routes!(tracking::clocks))
        .routes(routes!(tracking::facts, tracking::reveal))
        .routes(routes!(tracking::traces))
        .routes(routes!(files))
        .routes(routes!(file))
        .routes(routes!(results))
        .routes(routes!(result))
        .merge(uploads)
}

/// One line of a list of cases.
#[derive(Debug, Serialize, ToSchema)]
struct CaseRow {
    number: String,
    thing: String,
    /// An undertaking's name, a person's masked; empty once forgotten.
    applicant: String,
    channel: String,
    /// `open`, `completed` or `closed`.
    state: String,
    /// Of the clock that presses most: `green`, `yellow`, `red`, `due-today`, `overdue`, `paused`, `done`, `done-late`.
    colour: String,
    received_at: At,
    changed_at: At,
    /// The last day that is in time.
    due_on: Option<On>,
    /// The first instant that is too late.
    due_at: Option<At>,
    /// 1 to 5. One without a name is nothing for officers while an item of the case is open.
    rating: Option<u8>,
    /// Messages and objections that wait for an answer.
    unanswered: bool,
}

fn row(line: CaseLine, offset: Offset, reader: tracking::Reader) -> CaseRow {
    let CaseLine { row, applicant, .. } = line;
    CaseRow {
        number: row.number,
        thing: row.thing,
        applicant,
        channel: row.channel,
        state: row.state,
        colour: row.colour,
        received_at: row.received_at.into(),
        changed_at: row.changed_at.into(),
        due_on: row.due_at.map(|due_at| On(calendar::last_day(due_at, offset))),
        due_at: row.due_at.map(At::from),
        rating: match reader {
            tracking::Reader::Applicant => row.rating,
            tracking::Reader::Officer => row.rating_shown,
        },
        unanswered: row.unanswered > 0,
    }
}

/// Which cases. Everything that is given must hold.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct CasesAsked {
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    #[param(max_length = 4096)]
    cursor: Option<String>,
    /// Words of the number, the thing, or an undertaking's name or code. The filters are for officers.
    #[param(max_length = 200)]
    words: Option<String>,
    thing: Option<String>,
    state: Option<String>,
    colour: Option<String>,
    channel: Option<String>,
    /// Only those with a message or objection that waits for an answer.
    unanswered: Option<bool>,
}

/// Cases
///
/// For officers all of the zone by filter; for everybody else their own and those in which they act for somebody. The
/// newest first.
#[utoipa::path(get, path = "/cases", tag = "cases", params(CasesAsked), responses((status = 200, body = PageOf<CaseRow>)))]
async fn cases(
    State(api): State<Api>,
    who: Who,
    Ask(asked): Ask<CasesAsked>,
) -> Result<Json<PageOf<CaseRow>>, Trouble> {
    who.may(Scope::ReadCases)?;
    let (limit, after) = (page::limit(asked.limit)?, page::cursor(asked.cursor.as_deref())?);
    if asked.words.as_ref().is_some_and(|words| words.chars().count() > 200) {
        return Err(Trouble::Query("words: 200".into()));
    }
    if who.viewer().is_some_and(office::Viewer::is_administrator) {
        return Err(OfficeError::Denied.into());
    }
    let offset = api.office.edition().offset();
    if let Some(viewer) = who.viewer().filter(|viewer| viewer.is_officer()) {
        let filter = CaseFilter {
            words: asked.words.unwrap_or_default(),
            thing: asked.thing,
            state: asked.state,
            colour: asked.colour,
            channel: asked.channel,
            unanswered: asked.unanswered.unwrap_or(false),
            ..CaseFilter::default()
        };
        let list = page::fits(api.office.cases(&filter, limit, after, viewer).await)?;
        let lines = list.lines.into_iter().map(|line| row(line, offset, tracking::Reader::Officer));
        return Ok(Json(PageOf::new(lines.collect(), list.next.as_ref())));
    }
    let mut own = api.office.own_cases(who.by()?).await?;
    if let Some(viewer) = who.viewer() {
        own.extend(api.office.entrusted_cases(viewer).await?);
    }
    Ok(Json(PageOf::whole(
        own.into_iter().map(|line| row(line, offset, tracking::Reader::Applicant)).collect(),
    )))
}

/// A step that waits for somebody.
#[derive(Debug, Serialize, ToSchema)]
struct TaskView {
    number: String,
    thing: String,
    item: String,
    step: String,
    kind: String,
    role: String,
    applicant: String,
    colour: String,
    /// Why it cannot be finished yet: `gap`, `correction`, `result` (of another item of the case), `presence` (of those who apply) or empty.
    held_by: String,
    /// The first instant at which it can be finished, of a step that has to run for a time, such as a public notice.
    runs_until: Option<At>,
    /// `account/…` of whoever has taken it; empty when nobody has.
    claimed_by: String,
    since: At,
    /// The last day that is in time.
    due_on: Option<On>,
    /// The first instant that is too late.
    due_at: Option<At>,
    /// Belongs to a visit for several items.
    joint: bool,
}

/// Which tasks.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TasksAsked {
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    #[param(max_length = 4096)]
    cursor: Option<String>,
    /// One of the account's roles; all of them when it is left out.
    role: Option<String>,
    item: Option<String>,
    colour: Option<String>,
    /// Only what the account has taken.
    mine: Option<bool>,
}

/// What waits for this officer, the earliest due first
#[utoipa::path(get, path = "/worklist", tag = "cases", params(TasksAsked), responses((status = 200, body = PageOf<TaskView>)))]
async fn worklist(
    State(api): State<Api>,
    account: Account,
    Ask(asked): Ask<TasksAsked>,
) -> Result<Json<PageOf<TaskView>>, Trouble> {
    let viewer = account.may(Scope::ReadCases)?;
    let (limit, after) = (page::limit(asked.limit)?, page::cursor(asked.cursor.as_deref())?);
    let filter = WorklistFilter {
        role: asked.role,
        item: asked.item,
        colour: asked.colour,
        mine: asked.mine.unwrap_or(false),
    };
    let list = page::fits(api.office.worklist(&filter, limit, after, viewer).await)?;
    let offset = api.office.edition().offset();
    let tasks = list.tasks.into_iter().map(|(task, applicant)| TaskView {
        number: task.number,
        thing: task.thing,
        item: task.item,
        step: task.step,
        kind: task.kind,
        role: task.role,
        applicant,
        colour: task.colour,
        held_by: task.held_by,
        runs_until: task.runs_until.map(At::from),
        claimed_by: task.claimed_by,
        since: task.since.into(),
        due_on: task.due_at.map(|due_at| On(calendar::last_day(due_at, offset))),
        due_at: task.due_at.map(At::from),
        joint: task.joint,
    });
    Ok(Json(PageOf::new(tasks.collect(), list.next.as_ref())))
}

/// A case with all its matters, clocks and results
#[utoipa::path(get, path = "/cases/{number}", tag = "cases", params(("number" = String, Path)), responses((status = 200, body = CaseView)))]
async fn case(
    State(api): State<Api>,
    who: Who,
    Place(number): Place<String>,
) -> Result<Json<CaseView>, Trouble> {
    who.may(Scope::ReadCases)?;
    let opened = who.case_in_progress(&api, &number).await?;
    Ok(Json(tracking::view_opened(&api, &opened).await?))
}

/// Acts on a case
///
/// Accept, ask for a correction, decide, pause, extend, issue, withdraw, object, rate and so on: see the acts. With an
/// Idempotency-Key the same act takes effect once.
#[utoipa::path(post, path = "/cases/{number}/acts", tag = "cases", params(("number" = String, Path)), request_body = ActIn, responses((status = 200, body = CaseView)))]
async fn act(
    State(api): State<Api>,
    who: Who,
    Place(number): Place<String>,
    once: Once<ActIn>,
) -> Result<Json<CaseView>, Trouble> {
    who.may(Scope::ActOnCases)?;
    let (asked, command, claim) = once.open();
    let opened = who.case(&api, &number).await?;
    let done = perform(&api, &opened, asked, command).await;
    claim.settle(&api, done).await?;
    let loaded = api.office.load_case(opened.id).await?;
    Ok(Json(tracking::view(&api, &loaded, tracking::Reader::of(opened.by)).await?))
}

async fn perform(
    api: &Api,
    opened: &OpenedCase<'_>,
    mut asked: ActIn,
    command: Option<uuid::Uuid>,
) -> Result<(), Trouble> {
    let what = match &mut asked {
        ActIn::ForApplicant { what, .. } => &mut **what,
        own => own,
    };
    let answers = match what {
        ActIn::SupplyCorrection { item, answers, .. } => {
            let before = api.office.answers(opened).await?;
            let asked =
                opened.case.matter(&item.as_str().into()).and_then(|matter| matter.correction.as_ref());
            let fields = asked.map(|asked| asked.points.fields.clone()).unwrap_or_default();
            corrected(api, opened, (&before, &fields), std::mem::take(answers))?
        }
        ActIn::CorrectOnTheSpot { item, answers, .. } => {
            let before = api.office.answers(opened).await?;
            let fields = office::asked_of(opened, &before, &item.as_str().into());
            corrected(api, opened, (&before, &fields), std::mem::take(answers))?
        }
        _ => None,
    };
    api.office.act(opened.id, asked.into_act(answers)?, opened.by, command).await?;
    Ok(())
}

/// Answers to the fields that may be corrected now and to those that they open, each of which must be readable.
fn corrected(
    api: &Api,
    loaded: &LoadedCase,
    (before, fields): (&Answers, &[catalogue::FieldId]),
    given: super::form::AnswersIn,
) -> Result<Option<Answers>, Trouble> {
    let typed = read_answers(&loaded.edition, given)?;
    let read = api.office.read_correction(loaded, before, fields, &typed);
    let asked = |id: &&catalogue::FieldId| fields.contains(id) || read.opened.contains(id);
    let unasked = || diagnostic::Bilingual::new("这一项没有要求补正。", "No correction of it was asked for.");
    let unasked = typed.keys().filter(|id| !asked(id)).map(|id| (id.to_string(), unasked()));
    let wrong = read.problems.iter().map(|problem| (problem.field.to_string(), problem.text.clone()));
    let problems: Vec<_> = unasked.chain(wrong).collect();
    if !problems.is_empty() {
        return Err(Trouble::Answers(problems));
    }
    Ok((!read.answers.is_empty()).then_some(read.answers))
}

/// One of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpenAsked {
    /// The last four digits of the applicant's telephone: they show progress only.
    #[serde(default)]
    #[schema(pattern = "^[0-9]{4}$")]
    last_four: String,
    /// The code of the receipt: it opens everything.
    #[serde(default)]
    receipt_code: String,
}

/// Opens a case for an access key
///
/// For somebody without an account who has the number and the receipt, or the telephone. Ten wrong tries an hour at one
/// number, thirty from one address; with digits sixty at one number from everywhere, which keeps nobody out who has the code.
#[utoipa::path(post, path = "/cases/{number}/access", tag = "cases", params(("number" = String, Path)), request_body = OpenAsked, responses((status = 200, body = CaseView)))]
async fn open(
    State(api): State<Api>,
    who: Who,
    Place(number): Place<String>,
    axum::Extension(From(from)): axum::Extension<From>,
    Body(asked): Body<OpenAsked>,
) -> Result<Json<CaseView>, Trouble> {
    who.may(Scope::ReadCases)?;
    let By::Guest(key) = who.by()? else { return Err(OfficeError::Denied.into()) };
    let proof = [&asked.receipt_code, &asked.last_four].into_iter().find(|text| !text.trim().is_empty());
    let proof = proof.ok_or_else(|| Trouble::Body("last_four or receipt_code".into()))?;
    let number = identifier::CaseNumber::parse(&number).map_err(|_| Trouble::from(OfficeError::NotFound))?;
    let number = number.to_string();
    let ways = vec![By::Guest(key)];
    let (id, access) = api.office.open_case_with(&number, proof, &from, key, ways).await?;
    let loaded = api.office.load_case(id).await?;
    Ok(Json(match access {
        Access::Whole => tracking::view(&api, &loaded, tracking::Reader::Applicant).await?,
        Access::Progress => tracking::view_progress(&api, &loaded).await?,
    }))
}

/// The files of a case, in the order in which they came
#[utoipa::path(get, path = "/cases/{number}/files", tag = "cases", params(("number" = String, Path)), responses((status = 200, body = PageOf<FileView>)))]
async fn files(
    State(api): State<Api>,
    who: Who,
    Place(number): Place<String>,
) -> Result<Json<PageOf<FileView>>, Trouble> {
    who.may(Scope::ReadCases)?;
    let opened = who.case(&api, &number).await?;
    let files = api.office.files_of(&opened).await?;
    Ok(Json(PageOf::whole(files.iter().map(FileView::from).collect())))
}

/// Adds a paper to a case
///
/// The bytes of the file are the body. From an officer, the paper supplies the correction or closes the gap for which it was
/// wanted; an applicant says so by an act of its own, once all is there.
#[utoipa::path(post, path = "/cases/{number}/files", tag = "cases", params(("number" = String, Path), FileAsked), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = FileView)))]
async fn add_file(
    State(api): State<Api>,
    who: Who,
    Place(number): Place<String>,
    Ask(asked): Ask<FileAsked>,
    file: File,
) -> Result<(StatusCode, Json<FileView>), Trouble> {
    who.may(Scope::ActOnCases)?;
    let opened = who.case(&api, &number).await?;
    let material = asked.material.filter(|_| asked.field.is_none()).map(catalogue::MaterialId::from);
    let Some(material) = material.filter(|id| opened.edition.material(id).is_some()) else {
        return Err(Trouble::Query("material".into()));
    };
    let by = opened.by;
    let mut kept = file.keep(&api, asked.name.as_deref().unwrap_or_default(), by).await?;
    kept.material = Some(material.clone());
    let shown = FileView::from(&kept);
    if matches!(by, By::Viewer(viewer) if viewer.is_officer()) {
        api.office.receive_paper(&opened, material, kept, None).await?;
    } else {
        api.office.add_case_file(opened.id, kept, by).await?;
    }
    Ok((StatusCode::CREATED, Json(shown)))
}

/// The bytes of a file
///
/// That an officer opened it is told to the applicant.
#[utoipa::path(get, path = "/cases/{number}/files/{digest}", tag = "cases", params(("number" = String, Path), ("digest" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn file(
    State(api): State<Api>,
    who: Who,
    Place((number, digest)): Place<(String, String)>,
) -> Result<Response, Trouble> {
    who.may(Scope::ReadCases)?;
    let opened = who.case(&api, &number).await?;
    let (file, source) = match opened.by {
        By::Viewer(viewer) if viewer.is_officer() => {
            api.office.case_file_for_officer(opened.id, &digest, viewer).await?
        }
        by => api.office.case_file(opened.id, &digest, by).await?,
    };
    Ok(download(&file, source))
}

/// A signed result.
#[derive(Debug, Serialize, ToSchema)]
struct ResultLine {
    identifier: String,
    item: String,
    result: String,
    signed_at: At,
}

/// The signed results of a case
#[utoipa::path(get, path = "/cases/{number}/results", tag = "cases", params(("number" = String, Path)), responses((status = 200, body = PageOf<ResultLine>)))]
async fn results(
    State(api): State<Api>,
    who: Who,
    Place(number): Place<String>,
) -> Result<Json<PageOf<ResultLine>>, Trouble> {
    who.may(Scope::ReadCases)?;
    let opened = who.case(&api, &number).await?;
    let rows = api.office.documents_of(&opened).await?.into_iter().map(|row| ResultLine {
        identifier: row.identifier,
        item: row.item,
        result: row.result,
        signed_at: row.signed_at.into(),
    });
    Ok(Json(PageOf::whole(rows.collect())))
}

/// A signed result as a file
///
/// JSON in its canonical form with the issuer's signature: `yichuang verify` checks it offline.
#[utoipa::path(get, path = "/cases/{number}/results/{identifier}", tag = "cases", params(("number" = String, Path), ("identifier" = String, Path)), responses((status = 200, body = Object, content_type = "application/json")))]
async fn result(
    State(api): State<Api>,
    who: Who,
    Place((number, identifier)): Place<(String, String)>,
) -> Result<([(&'static str, &'static str); 1], Vec<u8>), Trouble> {
    who.may(Scope::ReadCases)?;
    let opened = who.case(&api, &number).await?;
    let signed = api.office.document_of(&opened, &identifier).await?;
    Ok(([("content-type", "application/json")], signed.as_bytes().to_vec()))
}
