//! A case as whoever may open it sees it.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::State;
use casework::{Case, ClockKind, ClockView, Doer, Matter, Side, StepState, Whose};
use catalogue::FieldId;
use office::{Access, By, LoadedCase, Looked, OfficeError, OpenedCase, Scope, Viewer, is_masked, masked};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts::{code_of, pause_code};
use super::form::Party;
use crate::app::Api;
use crate::ask::{Account, Body, PageOf, Place, Who};
use crate::shown::{At, Length, On, Text};
use crate::trouble::Trouble;

/// A case with its matters, one for each item.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseView {
    number: String,
    thing: String,
    title: Option<Text>,
    /// `open`, `completed` or `closed`.
    state: String,
    party: Party,
    channel: String,
    /// An undertaking's name, a person's masked; empty once forgotten.
    applicant: String,
    received_at: At,
    changed_at: At,
    /// How many events it rests on: with the same number it is the same case.
    version: u64,
    /// It opened by the telephone only: texts of messages, objections and corrections are left out, and nothing but this
    /// and its due days can be asked for.
    progress_only: bool,
    matters: Vec<MatterView>,
    messages: Vec<MessageView>,
    objections: Vec<ObjectionView>,
    /// 1 to 5. One without a name is nothing for officers while an item of the case is open.
    rating: Option<u8>,
}

#[derive(Debug, Serialize, ToSchema)]
struct MatterView {
    item: String,
    title: Option<Text>,
    department: String,
    state: String,
    received_at: At,
    accepted_at: Option<At>,
    /// Accepted by the administration's silence.
    deemed: bool,
    decided_at: Option<At>,
    closed_at: Option<At>,
    /// Who has to move next.
    waits_for: Vec<WaitsFor>,
    clocks: Vec<Clock>,
    steps: Vec<Step>,
    correction: Option<CorrectionView>,
    pauses: Vec<PauseView>,
    results: Vec<Issued>,
}

#[derive(Debug, Serialize, ToSchema)]
struct WaitsFor {
    who: WhoView,
    department: Option<String>,
    /// The results of these items come first.
    items: Vec<String>,
    step: Option<String>,
    since: At,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum WhoView {
    Applicant,
    Department,
    System,
    Items,
}

#[derive(Debug, Serialize, ToSchema)]
struct Clock {
    /// `intake`, `correction`, `statutory`, `promised`, `delivery`, `gap`, `promise-check`.
    kind: String,
    started_at: At,
    limit: Length,
    /// The last day that is in time.
    due_on: On,
    /// The first instant that is too late.
    due_at: At,
    days_left: i32,
    colour: String,
}

impl From<&ClockView> for Clock {
    fn from(clock: &ClockView) -> Self {
        Self {
            kind: code_of(&clock.kind),
            started_at: clock.started_at.into(),
            limit: clock.limit.into(),
            due_on: On(clock.due.due_on),
            due_at: clock.due.due_at.into(),
            days_left: clock.days_left,
            colour: clock.colour.code().to_owned(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct Step {
    id: String,
    title: Option<Text>,
    kind: String,
    state: StepStateView,
    /// Since when it is open, or when it was done.
    at: Option<At>,
    /// What came of it: yes, or no.
    yes: Option<bool>,
    /// The role that does it; none for the applicant's steps and for what happens by itself.
    role: Option<String>,
    /// An officer has taken it.
    claimed: bool,
    /// When officers come, where that is set.
    visit: Option<VisitView>,
}

#[derive(Debug, Serialize, ToSchema)]
struct VisitView {
    at: At,
    /// By video.
    remote: bool,
    /// It lies after the day that was promised.
    after_promised: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum StepStateView {
    Blocked,
    Open,
    Done,
}

#[derive(Debug, Serialize, ToSchema)]
struct CorrectionView {
    asked_at: At,
    materials: Vec<String>,
    fields: Vec<String>,
    notice: Option<String>,
    supplied_at: Option<At>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PauseView {
    kind: String,
    from: At,
    to: Option<At>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Issued {
    result: String,
    number: String,
    identifier: Option<String>,
    issued_at: At,
    /// What became of it since.
    change: Option<String>,
    /// The number of the one that was made out in its place.
    replaced_by: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct MessageView {
    from: SideView,
    text: Option<String>,
    at: At,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum SideView {
    Applicant,
    Administration,
}

#[derive(Debug, Serialize, ToSchema)]
struct ObjectionView {
    item: Option<String>,
    text: Option<String>,
    at: At,
    answer: Option<String>,
}

/// Who reads a case: officers see less of a rating than whoever gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Applicant,
    Officer,
}

impl Reader {
    pub fn of(by: By<'_>) -> Self {
        if matches!(by, By::Viewer(viewer) if viewer.is_officer()) { Self::Officer } else { Self::Applicant }
    }
}

pub async fn view(api: &Api, loaded: &LoadedCase, reader: Reader) -> Result<CaseView, Trouble> {
    let office = &api.office;
    let (case, edition) = (&*loaded.case, &loaded.edition);
    let clocks = case.clocks(edition.calendar(), edition.offset(), office.now());
    let holders = case.who_has_it_now();
    let mut matters = Vec::new();
    for each in &case.matters {
        let mut view = matter(loaded, each, &clocks, office.now());
        view.waits_for = holders.iter().filter(|holder| holder.item == each.item).map(waits_for).collect();
        if let (Some(correction), Some(shown)) = (&each.correction, &mut view.correction) {
            shown.notice = office.text(&correction.notice).await?;
        }
        matters.push(view);
    }
    let mut messages = Vec::new();
    for message in &case.messages {
        messages.push(MessageView {
            from: match message.from {
                Side::Applicant => SideView::Applicant,
                Side::Administration => SideView::Administration,
            },
            text: office.text(&message.text).await?,
            at: message.at.into(),
        });
    }
    let mut objections = Vec::new();
    for raised in &case.objections {
        objections.push(ObjectionView {
            item: raised.item.as_ref().map(ToString::to_string),
            text: office.text(&raised.text).await?,
            at: raised.at.into(),
            answer: match &raised.answer {
                Some(answer) => office.text(answer).await?,
                None => None,
            },
        });
    }
    Ok(CaseView {
        number: case.number.to_string(),
        thing: case.thing.to_string(),
        title: edition.thing(&case.thing).map(|thing| (&thing.title).into()),
        state: case.state().code().to_owned(),
        party: case.party.into(),
        channel: code_of(&case.channel),
        applicant: office.applicant_shown(loaded.id).await?,
        received_at: case.received_at.into(),
        changed_at: case.changed_at.into(),
        version: loaded.events(),
        progress_only: false,
        matters,
        messages,
        objections,
        rating: match reader {
            Reader::Applicant => case.rating.as_ref(),
            Reader::Officer => case.rating_for_officers(),
        }
        .map(|rating| rating.level),
    })
}

/// As [`view`], without what anybody wrote, for whoever only proved to know the telephone.
pub async fn view_progress(api: &Api, loaded: &LoadedCase) -> Result<CaseView, Trouble> {
    let mut view = view(api, loaded, Reader::Applicant).await?;
    view.progress_only = true;
    view.messages.clear();
    view.objections.clear();
    view.applicant.clear();
    for matter in &mut view.matters {
        if let Some(correction) = &mut matter.correction {
            correction.notice = None;
        }
        for result in &mut matter.results {
            result.identifier = None;
        }
    }
    Ok(view)
}

/// As far as it opened.
pub async fn view_opened(api: &Api, opened: &OpenedCase<'_>) -> Result<CaseView, Trouble> {
    match opened.access {
        Access::Whole => view(api, opened, Reader::of(opened.by)).await,
        Access::Progress => view_progress(api, opened).await,
    }
}

fn matter(loaded: &LoadedCase, matter: &Matter, clocks: &[ClockView], now: jiff::Timestamp) -> MatterView {
    let item = loaded.edition.item(&matter.item);
    let steps = matter.runs().map(|(step, run)| {
        let (state, at, yes) = match &run.state {
            StepState::Blocked => (StepStateView::Blocked, None, None),
            StepState::Open { since } => (StepStateView::Open, Some(*since), None),
            StepState::Done { at, yes, .. } => (StepStateView::Done, Some(*at), Some(*yes)),
        };
        Step {
            id: step.id.to_string(),
            title: item.and_then(|item| item.step(&step.id)).map(|step| (&step.title).into()),
            kind: code_of(&step.kind),
            state,
            at: at.map(At::from),
            yes,
            role: match &step.by {
                Doer::Role { role, .. } => Some(role.to_string()),
                Doer::Applicant | Doer::System => None,
            },
            claimed: run.claimed_by.is_some(),
            visit: run.visit.map(|visit| VisitView {
                at: visit.at.into(),
                remote: visit.remote,
                after_promised: loaded.promised_before(&matter.item, visit.at, now).is_some(),
            }),
        }
    });
    MatterView {
        item: matter.item.to_string(),
        title: item.map(|item| (&item.title).into()),
        department: matter.department.to_string(),
        state: matter.state.code().to_owned(),
        received_at: matter.received_at.into(),
        accepted_at: matter.accepted_at.map(At::from),
        deemed: matter.deemed,
        decided_at: matter.decided_at.map(At::from),
        closed_at: matter.closed_at.map(At::from),
        waits_for: Vec::new(),
        clocks: clocks.iter().filter(|clock| clock.item == matter.item).map(Clock::from).collect(),
        steps: steps.collect(),
        correction: matter.correction.as_ref().map(|asked| CorrectionView {
            asked_at: asked.asked_at.into(),
            materials: asked.points.materials.iter().map(ToString::to_string).collect(),
            fields: asked.points.fields.iter().map(ToString::to_string).collect(),
            notice: None,
            supplied_at: asked.supplied_at.map(At::from),
        }),
        pauses: matter
            .pauses
            .iter()
            .map(|pause| PauseView {
                kind: pause_code(&pause.kind),
                from: pause.from.into(),
                to: pause.to.map(At::from),
            })
            .collect(),
        results: matter
            .results
            .iter()
            .map(|result| Issued {
                result: result.result.to_string(),
                number: result.number.to_string(),
                identifier: result.identifier.as_ref().map(ToString::to_string),
                issued_at: result.issued_at.into(),
                change: result.change.map(|change| code_of(&change)),
                replaced_by: result.replaced_by.as_ref().map(ToString::to_string),
            })
            .collect(),
    }
}

fn waits_for(holder: &casework::Holder) -> WaitsFor {
    let (who, department, items) = match &holder.who {
        Whose::Applicant => (WhoView::Applicant, None, Vec::new()),
        Whose::Department { department, .. } => {
            (WhoView::Department, Some(department.to_string()), Vec::new())
        }
        Whose::System => (WhoView::System, None, Vec::new()),
        Whose::Items(items) => (WhoView::Items, None, items.iter().map(ToString::to_string).collect()),
    };
    let step = holder.step.as_ref().map(ToString::to_string);
    WaitsFor { who, department, items, step, since: holder.since.into() }
}

/// One thing that has happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct Happened {
    at: At,
    /// `submitted`, `accepted`, `correction-asked`, `step-done`, `granted`, `issued` and so on.
    what: String,
    item: Option<String>,
    step: Option<String>,
    /// What somebody wrote with it, as far as it is written for whoever asks.
    text: Option<String>,
}

/// What has happened, oldest first
#[utoipa::path(get, path = "/cases/{number}/timeline", tag = "cases", params(("number" = String, Path)), responses((status = 200, body = PageOf<Happened>)))]
pub async fn timeline(
    State(api): State<Api>,
    who: Who,
    Place(number): Place<String>,
) -> Result<Json<PageOf<Happened>>, Trouble> {
    who.may(Scope::ReadCases)?;
    let opened = who.case(&api, &number).await?;
    let officer = matches!(opened.by, By::Viewer(viewer) if viewer.is_officer());
    let mut told = Vec::new();
    for entry in opened.case.timeline() {
        let matter = entry.item.as_ref().and_then(|item| opened.case.matter(item));
        let feedback = matter.is_some_and(|matter| matter.feedback);
        let text = if officer { entry.what.text() } else { entry.what.text_for_applicant(feedback) };
        told.push(Happened {
            at: entry.at.into(),
            what: entry.what.code().to_owned(),
            item: entry.item.as_ref().map(ToString::to_string),
            step: match &entry.what {
                casework::Happening::StepDone { step, .. } => Some(step.to_string()),
                _ => None,
            },
            text: match text {
                Some(document) => api.office.text(document).await?,
                None => None,
            },
        });
    }
    Ok(Json(PageOf::whole(told)))
}

/// A clock with every day counted and not counted, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct Explained {
    item: String,
    #[serde(flatten)]
    clock: Clock,
    /// As `yichuang deadline --format json` gives it.
    #[schema(value_type = Object)]
    explanation: serde_json::Value,
}

/// Every due day, explained
#[utoipa::path(get, path = "/cases/{number}/clocks", tag = "cases", params(("number" = String, Path)), responses((status = 200, body = PageOf<Explained>)))]
pub async fn clocks(
    State(api): State<Api>,
    who: Who,
    Place(number): Place<String>,
) -> Result<Json<PageOf<Explained>>, Trouble> {
    who.may(Scope::ReadCases)?;
    let opened = who.case(&api, &number).await?;
    let edition = &opened.edition;
    let mut all = Vec::new();
    for matter in &opened.case.matters {
        for kind in KINDS {
            let case: &Case = &opened.case;
            let clock =
                case.explain(&matter.item, kind, edition.calendar(), edition.offset(), api.office.now());
            let Some(clock) = clock else { continue };
            all.push(Explained {
                item: matter.item.to_string(),
                clock: (&clock.view).into(),
                explanation: serde_json::to_value(&clock.explanation).map_err(OfficeError::from)?,
            });
        }
    }
    Ok(Json(PageOf::whole(all)))
}

const KINDS: [ClockKind; 7] = [
    ClockKind::Intake,
    ClockKind::Correction,
    ClockKind::Statutory,
    ClockKind::Promised,
    ClockKind::Delivery,
    ClockKind::Gap,
    ClockKind::PromiseCheck,
];

/// A fact of the application.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fact {
    field: String,
    label: Text,
    /// As people write it; only its beginning and end while it is masked.
    value: String,
    masked: bool,
}

/// What the applicant said, for officers
///
/// What is about a person is masked unless the case waits for the officer, and what is sensitive until a reason was given.
/// What is shown leaves a trace that the applicant sees.
#[utoipa::path(get, path = "/cases/{number}/facts", tag = "cases", params(("number" = String, Path)), responses((status = 200, body = PageOf<Fact>)))]
pub async fn facts(
    State(api): State<Api>,
    account: Account,
    Place(number): Place<String>,
) -> Result<Json<PageOf<Fact>>, Trouble> {
    let viewer = account.may(Scope::ReadCases)?;
    let loaded = api.office.case_for_officer(&number, viewer).await?;
    Ok(Json(PageOf::whole(facts_of(&api, &loaded, viewer).await?)))
}

async fn facts_of(api: &Api, loaded: &LoadedCase, viewer: &Viewer) -> Result<Vec<Fact>, Trouble> {
    let office = &api.office;
    let answers = office.answers(loaded).await?;
    let revealed: BTreeSet<FieldId> = office.revealed(loaded.id, viewer).await?.into_iter().collect();
    let (mut facts, mut at_work) = (Vec::new(), Vec::new());
    for (id, _) in answers.iter() {
        let Some((field, value)) = loaded.edition.field(id).zip(answers.value(id.as_str())) else { continue };
        let text = form::show_text(field, value, diagnostic::Lang::Zh);
        let hidden = is_masked(field, viewer.has_task_with(&loaded.case, &loaded.edition, id))
            && !revealed.contains(id);
        if !hidden && field.sensitivity != catalogue::Sensitivity::Public && !revealed.contains(id) {
            at_work.push(id.clone());
        }
        facts.push(Fact {
            field: id.to_string(),
            label: (&field.label).into(),
            value: if hidden { masked(field, value, diagnostic::Lang::Zh) } else { text },
            masked: hidden,
        });
    }
    office.trace_at_work(loaded.id, at_work, viewer).await?;
    Ok(facts)
}

/// Which masked facts, and why. The applicant reads the reason.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealAsked {
    fields: Vec<String>,
    reason: String,
}

/// Opens masked facts for a while
///
/// Asks for the scope `cases:act`: it leaves a trace with the reason, which the applicant reads.
#[utoipa::path(post, path = "/cases/{number}/facts", tag = "cases", params(("number" = String, Path)), request_body = RevealAsked, responses((status = 200, body = PageOf<Fact>)))]
pub async fn reveal(
    State(api): State<Api>,
    account: Account,
    Place(number): Place<String>,
    Body(asked): Body<RevealAsked>,
) -> Result<Json<PageOf<Fact>>, Trouble> {
    account.may(Scope::ReadCases)?;
    let viewer = account.may(Scope::ActOnCases)?;
    let loaded = api.office.case_for_officer(&number, viewer).await?;
    let fields = asked.fields.into_iter().map(FieldId::from).collect();
    api.office.reveal(loaded.id, fields, &asked.reason, viewer).await?;
    Ok(Json(PageOf::whole(facts_of(&api, &loaded, viewer).await?)))
}

/// Somebody read what is about the person.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraceView {
    at: At,
    /// The officer's name.
    by: Option<String>,
    kind: LookedView,
    fields: Vec<String>,
    digest: Option<String>,
    reason: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum LookedView {
    Revealed,
    AtWork,
    File,
    /// Somebody without an account saw the progress, by number and telephone.
    CameByTelephone,
    /// Somebody without an account opened the case, by number and receipt.
    CameByReceipt,
    /// The window gave out a new code for the receipt, to somebody whose identity it looked at.
    CodeGiven,
}

/// Who read personal data of the case, the newest first
#[utoipa::path(get, path = "/cases/{number}/traces", tag = "cases", params(("number" = String, Path)), responses((status = 200, body = PageOf<TraceView>)))]
pub async fn traces(
    State(api): State<Api>,
    who: Who,
    Place(number): Place<String>,
) -> Result<Json<PageOf<TraceView>>, Trouble> {
    who.may(Scope::ReadCases)?;
    let opened = who.case(&api, &number).await?;
    let traces = api.office.traces_of(&opened).await?;
    let actors: Vec<&str> = traces.iter().map(|trace| trace.by.as_str()).collect();
    let names: BTreeMap<String, String> = api.office.officer_names(&actors).await?;
    let all = |fields: Vec<FieldId>| fields.iter().map(ToString::to_string).collect();
    let shown = traces.into_iter().map(|trace| {
        let (kind, fields, digest, reason) = match trace.what {
            Looked::Revealed { fields, reason } => (LookedView::Revealed, all(fields), None, Some(reason)),
            Looked::Came { with: Access::Progress } => (LookedView::CameByTelephone, Vec::new(), None, None),
            Looked::Came { with: Access::Whole } => (LookedView::CameByReceipt, Vec::new(), None, None),
            Looked::CodeGiven => (LookedView::CodeGiven, Vec::new(), None, None),
            Looked::AtWork { fields } => (LookedView::AtWork, all(fields), None, None),
            Looked::File { digest, .. } => (LookedView::File, Vec::new(), Some(digest), None),
        };
        TraceView { at: trace.at.into(), by: names.get(&trace.by).cloned(), kind, fields, digest, reason }
    });
    Ok(Json(PageOf::whole(shown.collect())))
}
