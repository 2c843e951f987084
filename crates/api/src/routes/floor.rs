//! A hall as its manager sees and runs it: who waits for what, what each window does, what will break, and what a change
//! would do.

use axum::Json;
use axum::extract::State;
use catalogue::{Edition, LaneKind, WindowId};
use hall::predict::{Counted, WhatIf};
use hall::simulate::{Change, Spread};
use hall::{Alert, Desk, Doors, Post, PostState, Ticket, TicketNo};
use office::{HallForecasts, LoadedDay, Scope, WindowAct};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::halls::{hall_of, manager, window_name};
use crate::app::Api;
use crate::ask::{Account, Body, Once, Place};
use crate::shown::{At, On, Text};
use crate::trouble::Trouble;

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default().routes(routes!(floor)).routes(routes!(floor_act)).routes(routes!(what_if))
}

/// A hall today, for whoever runs it.
#[derive(Debug, Serialize, ToSchema)]
struct FloorView {
    hall: String,
    date: On,
    doors: DoorsWord,
    alerts: Vec<AlertView>,
    windows: Vec<PostView>,
    /// In the order in which they would be called, were every window to serve every line.
    waiting: Vec<WaitingView>,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum DoorsWord {
    /// Nobody has come yet.
    Quiet,
    Open,
    /// Nobody comes in any more; whoever holds a number is dealt with.
    Closed,
    Ended,
}

/// What a manager would want to know before it hurts.
#[derive(Debug, Default, Serialize, ToSchema)]
struct AlertView {
    /// `target-broken`, `target-at-risk`, `nobody-can`, `window-missing`, `paused-long`, `called-long`.
    kind: &'static str,
    line: Option<String>,
    window: Option<String>,
    window_name: Option<Text>,
    number: Option<String>,
    /// That have passed, or are expected.
    minutes: Option<i64>,
    target_minutes: Option<u32>,
    waiting: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PostView {
    window: String,
    window_name: Option<Text>,
    state: PostWord,
    /// `account/…` of whoever sits there.
    officer: Option<String>,
    since: Option<At>,
    /// The number that is called or served.
    ticket: Option<String>,
    /// By the roster somebody should sit there now.
    on_roster: bool,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum PostWord {
    Shut,
    Open,
    Paused,
}

#[derive(Debug, Serialize, ToSchema)]
struct WaitingView {
    number: String,
    line: String,
    /// What else the person came for, by its place; [`ActOnFloor::Split`] names these.
    wants: Vec<WantView>,
    lane: String,
    joined_at: At,
    /// How often it was called for this without being there.
    calls: u32,
    /// When it will probably be called.
    median_at: Option<At>,
}

#[derive(Debug, Serialize, ToSchema)]
struct WantView {
    place: usize,
    line: String,
}

fn view(
    api: &Api,
    loaded: Option<&LoadedDay>,
    hall: &catalogue::Hall,
    told: Option<&HallForecasts>,
) -> FloorView {
    let now = api.office.now();
    let date = On(api.office.today());
    let Some(day) = loaded.map(|loaded| &loaded.day) else {
        let (alerts, windows, waiting) = (Vec::new(), Vec::new(), Vec::new());
        return FloorView {
            hall: hall.id.to_string(),
            date,
            doors: DoorsWord::Quiet,
            alerts,
            windows,
            waiting,
        };
    };
    let edition = api.office.edition();
    let expected = |line: &catalogue::LineId| told?.newcomer_minutes(line);
    FloorView {
        hall: hall.id.to_string(),
        date,
        doors: match day.doors {
            Doors::Open => DoorsWord::Open,
            Doors::Closed { .. } => DoorsWord::Closed,
            Doors::Ended { .. } => DoorsWord::Ended,
        },
        alerts: day.alerts(now, expected).iter().map(|each| alert(&edition, each)).collect(),
        windows: day
            .setup
            .windows
            .iter()
            .zip(&day.posts)
            .map(|(desk, at)| post(&edition, desk, at, now))
            .collect(),
        waiting: day.queue().into_iter().map(|ticket| waiting(ticket, told)).collect(),
    }
}

fn alert(edition: &Edition, alert: &Alert) -> AlertView {
    let none = AlertView::default();
    let at = |window: &WindowId| AlertView {
        window: Some(window.to_string()),
        window_name: window_name(edition, window),
        ..AlertView::default()
    };
    match alert {
        Alert::TargetBroken { line, number, waited_minutes, target_minutes } => AlertView {
            kind: "target-broken",
            line: Some(line.to_string()),
            number: Some(number.to_string()),
            minutes: Some(*waited_minutes),
            target_minutes: Some(*target_minutes),
            ..none
        },
        Alert::NobodyCan { line, waiting } => {
            AlertView { kind: "nobody-can", line: Some(line.to_string()), waiting: Some(*waiting), ..none }
        }
        Alert::TargetAtRisk { line, expected_minutes, target_minutes } => AlertView {
            kind: "target-at-risk",
            line: Some(line.to_string()),
            minutes: Some(i64::from(*expected_minutes)),
            target_minutes: Some(*target_minutes),
            ..none
        },
        Alert::WindowMissing { window } => AlertView { kind: "window-missing", ..at(window) },
        Alert::PausedLong { window, minutes } => {
            AlertView { kind: "paused-long", minutes: Some(*minutes), ..at(window) }
        }
        Alert::CalledLong { window, number, minutes } => AlertView {
            kind: "called-long",
            number: Some(number.to_string()),
            minutes: Some(*minutes),
            ..at(window)
        },
    }
}

fn post(edition: &Edition, desk: &Desk, post: &Post, now: jiff::Timestamp) -> PostView {
    let (state, since) = match &post.state {
        PostState::Shut => (PostWord::Shut, None),
        PostState::Open { since, .. } => (PostWord::Open, Some(At(*since))),
        PostState::Paused { since, .. } => (PostWord::Paused, Some(At(*since))),
    };
    PostView {
        window: post.window.to_string(),
        window_name: window_name(edition, &post.window),
        state,
        officer: post.officer().map(ToString::to_string),
        since,
        ticket: post.ticket.map(|number| number.to_string()),
        on_roster: desk.staffed_at(now),
    }
}

fn waiting(ticket: &Ticket, told: Option<&HallForecasts>) -> WaitingView {
    let wants = ticket.wants.iter().enumerate().skip(ticket.current);
    let told = told.and_then(|told| told.tickets.get(&ticket.number));
    WaitingView {
        number: ticket.number.to_string(),
        line: ticket.want().line.to_string(),
        wants: wants.map(|(place, want)| WantView { place, line: want.line.to_string() }).collect(),
        lane: ticket.lane.to_string(),
        joined_at: ticket.joined_at.into(),
        calls: ticket.calls,
        median_at: told.and_then(|told| told.median_at).map(At::from),
    }
}

async fn now(api: &Api, hall: &catalogue::Hall, day: Option<&LoadedDay>) -> FloorView {
    let told = api.office.hall_forecasts(&hall.id).await;
    view(api, day, hall, told.as_deref())
}

/// A hall as its manager sees it
#[utoipa::path(get, path = "/halls/{hall}/floor", tag = "halls", params(("hall" = String, Path)), responses((status = 200, body = FloorView)))]
async fn floor(
    State(api): State<Api>,
    account: Account,
    Place(hall): Place<String>,
) -> Result<Json<FloorView>, Trouble> {
    manager(&api, account.may(Scope::Halls)?)?;
    let hall = hall_of(&api, &hall)?;
    let day = api.office.hall_day(&hall.id, api.office.today()).await?;
    Ok(Json(now(&api, &hall, day.as_ref()).await))
}

/// What a manager does on the floor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
enum ActOnFloor {
    /// Somebody's window, from the floor.
    Pause {
        window: String,
    },
    Resume {
        window: String,
    },
    /// Only while nobody is there.
    Close {
        window: String,
    },
    /// Nobody comes in any more today.
    CloseDoors {},
    /// Whoever holds a kept number is there.
    Come {
        number: String,
    },
    /// A lane that was verified: green, or for the elderly and disabled.
    GiveLane {
        number: String,
        lane: String,
    },
    /// Part of what somebody came for gets a number of its own.
    Split {
        number: String,
        #[schema(min_items = 1)]
        wants: Vec<usize>,
    },
    /// A family comes together.
    Merge {
        number: String,
        into: String,
    },
}

fn number_of(text: &str) -> Result<TicketNo, Trouble> {
    TicketNo::parse(text).ok_or_else(|| Trouble::Body(format!("number: {text:?}")))
}

/// Acts on the floor: pauses a window, gives a lane, splits, merges, closes the doors
#[utoipa::path(post, path = "/halls/{hall}/floor", tag = "halls", params(("hall" = String, Path)), request_body = ActOnFloor, responses((status = 200, body = FloorView)))]
async fn floor_act(
    State(api): State<Api>,
    account: Account,
    Place(hall): Place<String>,
    once: Once<ActOnFloor>,
) -> Result<Json<FloorView>, Trouble> {
    let viewer = manager(&api, account.may(Scope::Halls)?)?;
    let hall = hall_of(&api, &hall)?;
    let (asked, command, claim) = once.open();
    let done = perform(&api, &hall, asked, viewer, command).await;
    let done = claim.settle(&api, done).await?;
    Ok(Json(now(&api, &hall, Some(&done)).await))
}

async fn perform(
    api: &Api,
    hall: &catalogue::Hall,
    asked: ActOnFloor,
    viewer: &office::Viewer,
    command: Option<uuid::Uuid>,
) -> Result<LoadedDay, Trouble> {
    let office = &api.office;
    let at = async |window: String, act: WindowAct| {
        office.at_window(&hall.id, &window.into(), act, viewer, command).await
    };
    let done = match asked {
        ActOnFloor::Pause { window } => at(window, WindowAct::Pause).await,
        ActOnFloor::Resume { window } => at(window, WindowAct::Resume).await,
        ActOnFloor::Close { window } => at(window, WindowAct::Close).await,
        ActOnFloor::CloseDoors {} => office.close_doors(&hall.id, viewer, command).await,
        ActOnFloor::Come { number } => office.came(&hall.id, number_of(&number)?, viewer, command).await,
        ActOnFloor::GiveLane { number, lane } => {
            let lane = LaneKind::parse(&lane).ok_or_else(|| Trouble::Body(format!("lane: {lane:?}")))?;
            office.give_lane(&hall.id, number_of(&number)?, lane, viewer, command).await
        }
        ActOnFloor::Split { number, wants } => {
            office.split_ticket(&hall.id, number_of(&number)?, wants, viewer, command).await
        }
        ActOnFloor::Merge { number, into } => {
            office.merge_tickets(&hall.id, number_of(&number)?, number_of(&into)?, viewer, command).await
        }
    };
    Ok(done?.loaded)
}

/// A change to try on the rest of today. It changes nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "change", rename_all = "kebab-case", deny_unknown_fields)]
enum ChangeTried {
    OpenWindow {
        window: String,
    },
    CloseWindow {
        window: String,
    },
    MoveLunch {
        window: String,
        begins_at: At,
    },
    /// The doors close later.
    Extend {
        #[schema(minimum = 1, maximum = 240)]
        minutes: u32,
    },
}

/// What a change would do.
#[derive(Debug, Serialize, ToSchema)]
struct OutcomeView {
    counted: CountedView,
    /// Lines for which people wait and that, with the change, no window serves any more today.
    without_window: Vec<String>,
    /// So often the rest of the day was played, with and without the change, by the same accidents.
    runs: usize,
    all: DifferenceView,
    lines: Vec<LineDifference>,
}

/// The windows from which both sides begin.
#[derive(Debug, Serialize, ToSchema)]
struct CountedView {
    at: At,
    open: Vec<String>,
    /// Not open, and due later by the roster: counted from then on.
    later: Vec<LaterView>,
    /// By the roster they should be open; they are shut or paused, and not counted.
    missing: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct LaterView {
    window: String,
    from: At,
}

impl From<&Counted> for CountedView {
    fn from(counted: &Counted) -> Self {
        let ids = |windows: &[WindowId]| windows.iter().map(ToString::to_string).collect();
        let later = |(window, from): &(WindowId, jiff::Timestamp)| LaterView {
            window: window.to_string(),
            from: (*from).into(),
        };
        Self {
            at: counted.at.into(),
            open: ids(&counted.open),
            later: counted.later.iter().map(later).collect(),
            missing: ids(&counted.missing),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct LineDifference {
    line: String,
    #[serde(flatten)]
    difference: DifferenceView,
}

/// Mean waits of everybody who waits now or is still to come.
#[derive(Debug, Serialize, ToSchema)]
struct DifferenceView {
    before_minutes: f64,
    after_minutes: f64,
    /// After less before.
    wait_minutes: SpreadView,
    /// People who are not served, after less before.
    unserved: SpreadView,
    /// People who still wait when the doors close, whatever becomes of them then.
    before_left_at_closing: f64,
    after_left_at_closing: f64,
    /// After less before.
    left_at_closing: SpreadView,
}

/// A mean and the half width of its 95 % interval.
#[derive(Debug, Serialize, ToSchema)]
struct SpreadView {
    mean: f64,
    half_width: f64,
}

impl From<Spread> for SpreadView {
    fn from(spread: Spread) -> Self {
        // What is not known has no width, and JSON no infinity.
        let finite = |value: f64| if value.is_finite() { value } else { 0.0 };
        Self { mean: finite(spread.mean), half_width: finite(spread.half_width) }
    }
}

impl From<&Change> for DifferenceView {
    fn from(change: &Change) -> Self {
        Self {
            before_minutes: change.before_minutes,
            after_minutes: change.after_minutes,
            wait_minutes: change.mean_wait_minutes.into(),
            unserved: change.unserved.into(),
            before_left_at_closing: change.before_left,
            after_left_at_closing: change.after_left,
            left_at_closing: change.left_at_closing.into(),
        }
    }
}

/// Tries a change on the rest of today, by simulation
#[utoipa::path(post, path = "/halls/{hall}/what-if", tag = "halls", params(("hall" = String, Path)), request_body = ChangeTried, responses((status = 200, body = OutcomeView)))]
async fn what_if(
    State(api): State<Api>,
    account: Account,
    Place(hall): Place<String>,
    Body(asked): Body<ChangeTried>,
) -> Result<Json<OutcomeView>, Trouble> {
    let viewer = manager(&api, account.may(Scope::Halls)?)?;
    let hall = hall_of(&api, &hall)?;
    let window = |id: String| WindowId::from(id.as_str());
    let change = match asked {
        ChangeTried::OpenWindow { window: id } => WhatIf::OpenWindow { window: window(id) },
        ChangeTried::CloseWindow { window: id } => WhatIf::CloseWindow { window: window(id) },
        ChangeTried::MoveLunch { window: id, begins_at } => {
            WhatIf::MoveLunch { window: window(id), begins_at: begins_at.0 }
        }
        ChangeTried::Extend { minutes: minutes @ 1..=240 } => WhatIf::Extend { minutes },
        ChangeTried::Extend { .. } => return Err(Trouble::Body("minutes: 1..=240".into())),
    };
    let tried = api.office.hall_what_if(&hall.id, change, viewer).await?;
    let changes = &tried.changes;
    let line = |change: &Change| LineDifference { line: change.name.clone(), difference: change.into() };
    Ok(Json(OutcomeView {
        counted: (&tried.counted).into(),
        without_window: tried.without_window.iter().map(ToString::to_string).collect(),
        runs: changes.runs,
        all: (&changes.all).into(),
        lines: changes.lines.iter().map(line).collect(),
    }))
}
