//! The pack: what its checker says of a new one, making it current, and the editions that cases run under.

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use catalogue::EditionHash;
use checker::Compiled;
use office::{Checked, Duty, OfficeError, PACK_ARCHIVE_BYTES_MAX, Published, Rehearsed, Scope};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Api;
use crate::ask::{Account, Ask, File, PageOf, Place};
use crate::shown::Text;
use crate::trouble::Trouble;

pub fn routes() -> OpenApiRouter<Api> {
    let uploads = OpenApiRouter::default()
        .routes(routes!(check_pack))
        .routes(routes!(publish))
        .layer(DefaultBodyLimit::disable());
    OpenApiRouter::default().routes(routes!(editions)).routes(routes!(edition_source)).merge(uploads)
}

/// An edition with the cases that run under it.
#[derive(Debug, Serialize, ToSchema)]
struct EditionView {
    hash: String,
    current: bool,
    open: u64,
    over: u64,
}

/// The editions in use
#[utoipa::path(get, path = "/editions", tag = "packs", responses((status = 200, body = PageOf<EditionView>)))]
async fn editions(State(api): State<Api>, account: Account) -> Result<Json<PageOf<EditionView>>, Trouble> {
    let viewer = account.may(Scope::Packs)?;
    let used = api.office.editions_in_use(viewer).await?.into_iter().map(|edition| EditionView {
        hash: edition.hash.to_string(),
        current: edition.current,
        open: edition.open,
        over: edition.over,
    });
    Ok(Json(PageOf::whole(used.collect())))
}

/// What the checker says of a pack, and what making it current would change.
#[derive(Debug, Serialize, ToSchema)]
struct PackView {
    /// The edition that it compiles to; none while there are errors.
    edition: Option<String>,
    findings: Vec<FindingView>,
    red_tape: RedTapeView,
    /// Items that the current edition has not, or not so.
    added: Vec<String>,
    removed: Vec<String>,
    changed: Vec<String>,
    open_cases: Vec<ImpactView>,
    /// Open cases of which a last day moves, because the pack says something new of working days.
    days_move: u64,
    stories: StoriesView,
}

/// What came of the pack's own stories, as `yichuang test` plays them.
#[derive(Debug, Serialize, ToSchema)]
struct StoriesView {
    /// None while there are errors.
    played: usize,
    /// The first line of each story that goes otherwise than it is written.
    differ: Vec<StoryView>,
}

#[derive(Debug, Serialize, ToSchema)]
struct StoryView {
    file: String,
    line: u32,
    message: Text,
}

/// As `yichuang check --format json` gives it, in both languages.
#[derive(Debug, Serialize, ToSchema)]
struct FindingView {
    /// `Y214` and so on; `yichuang explain` tells more.
    code: String,
    severity: String,
    message: Text,
    file: String,
    line: usize,
    /// In characters, from 1.
    column: usize,
    help: Option<Text>,
}

/// What mending all findings would save each applicant.
#[derive(Debug, Serialize, ToSchema)]
struct RedTapeView {
    questions: u32,
    papers: u32,
    visits: u32,
}

/// Open matters of an item that changes or goes. They go on under the edition they began with.
#[derive(Debug, Serialize, ToSchema)]
struct ImpactView {
    item: String,
    open: u64,
    removed: bool,
}

fn view(checked: &Checked) -> PackView {
    let compiled = &checked.compiled;
    let all = |ids: &[catalogue::ItemId]| ids.iter().map(ToString::to_string).collect();
    PackView {
        edition: compiled.edition.as_ref().map(|edition| edition.hash().to_string()),
        findings: findings(compiled),
        red_tape: RedTapeView {
            questions: compiled.red_tape.questions,
            papers: compiled.red_tape.papers,
            visits: compiled.red_tape.visits,
        },
        added: all(&checked.added),
        removed: all(&checked.removed),
        changed: all(&checked.changed),
        days_move: checked.days_move,
        stories: stories(&checked.stories),
        open_cases: checked
            .open_cases
            .iter()
            .map(|impact| ImpactView {
                item: impact.item.to_string(),
                open: impact.open,
                removed: impact.removed,
            })
            .collect(),
    }
}

fn stories(told: &Rehearsed) -> StoriesView {
    let differ = told.differ.iter().map(|story| StoryView {
        file: story.file.clone(),
        line: story.line,
        message: (&story.message).into(),
    });
    StoriesView { played: told.played, differ: differ.collect() }
}

fn findings(compiled: &Compiled) -> Vec<FindingView> {
    let places = diagnostic::entries(&compiled.diagnostics, &compiled.sources, diagnostic::Lang::Zh);
    let both = compiled.diagnostics.iter().zip(places);
    both.map(|(finding, place)| FindingView {
        code: finding.code.0.to_owned(),
        severity: finding.severity.as_str().to_owned(),
        message: (&finding.message).into(),
        file: place.file,
        line: place.line,
        column: place.column,
        help: finding.help.as_ref().map(Text::from),
    })
    .collect()
}

async fn checked(api: &Api, file: File, viewer: &office::Viewer) -> Result<(Vec<u8>, Checked), Trouble> {
    let archive = file.bytes(PACK_ARCHIVE_BYTES_MAX).await?;
    let files = api.office.read_pack(archive.clone(), viewer).await?;
    Ok((archive, api.office.check_pack(files, viewer).await?))
}

/// Reads a pack and says everything about it
///
/// A ZIP archive of the pack's folder is the body. It changes nothing.
#[utoipa::path(post, path = "/packs", tag = "packs", request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 200, body = PackView)))]
async fn check_pack(State(api): State<Api>, account: Account, file: File) -> Result<Json<PackView>, Trouble> {
    let viewer = account.on_duty(Scope::Packs, Duty::System)?;
    let (_, checked) = checked(&api, file, viewer).await?;
    Ok(Json(view(&checked)))
}

/// A pack that was made current.
#[derive(Debug, Serialize, ToSchema)]
struct PublishedView {
    hash: String,
    /// The edition that was current until now; the same when nothing changed.
    before: String,
    pack: PackView,
}

/// What the publisher believes to be current.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PublishAsked {
    /// The hash of the edition that is to be replaced. With another one current, nothing is done.
    instead_of: Option<String>,
    /// How many stories of the pack are known to differ from it. While any do, it is published only with their number.
    stories_differ: Option<usize>,
}

/// Makes a pack the current edition
///
/// Open cases go on under the edition that they began with. A pack with errors is refused, and so is one of which stories
/// differ (`stories-differ`) unless `stories_differ` says how many: `POST /packs` names both. Sent twice, it is published
/// once.
#[utoipa::path(post, path = "/editions", tag = "packs", params(PublishAsked), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = PublishedView)))]
async fn publish(
    State(api): State<Api>,
    account: Account,
    Ask(asked): Ask<PublishAsked>,
    file: File,
) -> Result<(StatusCode, Json<PublishedView>), Trouble> {
    let viewer = account.on_duty(Scope::Packs, Duty::System)?;
    let instead_of = match asked.instead_of.as_deref() {
        None => None,
        Some(text) => Some(text.parse::<EditionHash>().map_err(|_| Trouble::Query("instead_of".into()))?),
    };
    let (archive, checked) = checked(&api, file, viewer).await?;
    let pack = view(&checked);
    let publishing = api.office.publish_checked(checked, instead_of, asked.stories_differ, viewer);
    let Published { hash, before } = publishing.await?;
    api.office.keep_source(hash, archive, viewer).await?;
    let published = PublishedView { hash: hash.to_string(), before: before.to_string(), pack };
    Ok((StatusCode::CREATED, Json(published)))
}

/// The archive from which an edition was compiled
///
/// For those that were published by upload; the one that a server was started with is where it came from.
#[utoipa::path(get, path = "/editions/{edition}/source", tag = "packs", params(("edition" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn edition_source(
    State(api): State<Api>,
    account: Account,
    Place(hash): Place<String>,
) -> Result<Response, Trouble> {
    let viewer = account.on_duty(Scope::Packs, Duty::System)?;
    let hash: EditionHash = hash.parse().map_err(|_| Trouble::from(OfficeError::NotFound))?;
    let archive = api.office.pack_source(hash, viewer).await?.ok_or(OfficeError::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], archive).into_response())
}
