//! Halls: how long one waits, taking a number, working at a window, and the figures of their days.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use catalogue::{Closing, Hall, LaneKind, LineId, Tongue};
use hall::{Source, Ticket, TicketState, Want};
use jiff::civil::Date;
use office::{
    By, HallFilter, HallForecasts, HallGroup, LoadedDay, OfficeError, RateVisit, Scope, TakeTicket, Taken,
    TicketAbout, TicketKey, WindowAct,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Api;
use crate::ask::{Account, Ask, Body, Once, PageOf, Place, Who, page};
use crate::shown::{At, On, Text};
use crate::trouble::Trouble;

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(halls))
        .routes(routes!(hall))
        .routes(routes!(take))
        .routes(routes!(own_tickets))
        .routes(routes!(ticket, leave))
        .routes(routes!(come))
        .routes(routes!(rate_visit))
        .routes(routes!(window))
        .routes(routes!(window_act))
        .routes(routes!(numbers))
        .routes(routes!(tickets))
}

/// The hall with this id.
pub fn hall_of(api: &Api, id: &str) -> Result<Hall, Trouble> {
    let edition = api.office.edition();
    Ok(edition.parts().halls.get(id).cloned().ok_or(OfficeError::NotFound)?)
}

/// A hall.
#[derive(Debug, Serialize, ToSchema)]
struct HallLine {
    id: String,
    name: Text,
    address: Text,
}

/// The halls of the zone
#[utoipa::path(get, path = "/halls", tag = "halls", responses((status = 200, body = PageOf<HallLine>)))]
async fn halls(State(api): State<Api>) -> Json<PageOf<HallLine>> {
    let edition = api.office.edition();
    let line = |hall: &Hall| HallLine {
        id: hall.id.to_string(),
        name: (&hall.name).into(),
        address: (&hall.address).into(),
    };
    Json(PageOf::whole(edition.parts().halls.values().map(line).collect()))
}

/// A hall today.
#[derive(Debug, Serialize, ToSchema)]
struct HallView {
    id: String,
    name: Text,
    address: Text,
    date: On,
    doors: DoorsView,
    /// When the doors close; none on a day on which the hall is closed.
    closes_at: Option<At>,
    /// What becomes of whoever still waits then: `serve-all` or `carry-over` (to the next open day).
    closing: String,
    /// People who wait.
    waiting: usize,
    lines: Vec<LineView>,
}

/// Whether somebody who comes now gets a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum DoorsView {
    /// Numbers are given.
    Open,
    /// Numbers are given from an hour before the doors open.
    NotYet,
    /// No more numbers today; whoever has one is dealt with as `closing` says.
    Closed,
    /// The hall does not open today.
    Rests,
}

impl DoorsView {
    fn of(setup: &hall::Setup, day: Option<&hall::Day>, now: jiff::Timestamp) -> Self {
        match setup.gives_numbers(day, now) {
            Ok(()) => Self::Open,
            Err(hall::Refusal::NotOpenYet { .. }) => Self::NotYet,
            Err(hall::Refusal::HallRests) => Self::Rests,
            Err(_) => Self::Closed,
        }
    }
}

/// What people stand in line for.
#[derive(Debug, Serialize, ToSchema)]
struct LineView {
    id: String,
    name: Text,
    waiting: usize,
    /// Somebody who comes now; none when it cannot be said.
    wait: Option<Minutes>,
    /// Somebody who comes now is probably called after today's hours: book, or come another day.
    after_hours: bool,
}

/// Minutes: half of all wait less than the median, four in five between low and high.
#[derive(Debug, Serialize, ToSchema)]
struct Minutes {
    median: f64,
    low: f64,
    high: f64,
}

/// A hall today, and how long one would wait
#[utoipa::path(get, path = "/halls/{hall}", tag = "halls", params(("hall" = String, Path)), responses((status = 200, body = HallView)))]
async fn hall(State(api): State<Api>, Place(id): Place<String>) -> Result<Json<HallView>, Trouble> {
    let hall = hall_of(&api, &id)?;
    let today = api.office.today();
    let loaded = api.office.hall_day(&hall.id, today).await?;
    let told = api.office.hall_forecasts(&hall.id).await;
    let setup = api.office.hall_setup(&hall.id, today)?;
    let waiting = |line: Option<&LineId>| {
        let day = loaded.as_ref().map(|loaded| &loaded.day);
        let all = day.into_iter().flat_map(|day| day.waiting());
        all.filter(|ticket| line.is_none_or(|line| ticket.want().line == *line)).count()
    };
    let edition = api.office.edition();
    let names = edition.lines();
    let lines = setup.lines.iter().filter_map(|rule| {
        let line = names.iter().find(|line| line.id == rule.id)?;
        let wait = told.as_deref().and_then(|told| newcomer(told, &line.id));
        Some(LineView {
            id: line.id.to_string(),
            name: (&line.name).into(),
            waiting: waiting(Some(&line.id)),
            after_hours: told
                .as_deref()
                .is_some_and(|told| told.newcomer_after_hours(&line.id, &setup, api.office.now())),
            wait,
        })
    });
    Ok(Json(HallView {
        id: hall.id.to_string(),
        name: (&hall.name).into(),
        address: (&hall.address).into(),
        date: On(today),
        doors: DoorsView::of(&setup, loaded.as_ref().map(|loaded| &*loaded.day), api.office.now()),
        closes_at: setup.doors().map(|doors| doors.to.into()),
        closing: closing(&setup),
        waiting: waiting(None),
        lines: lines.collect(),
    }))
}

fn closing(setup: &hall::Setup) -> String {
    match setup.closing {
        Closing::ServeAll => "serve-all",
        Closing::CarryOver => "carry-over",
    }
    .to_owned()
}

fn newcomer(told: &HallForecasts, line: &LineId) -> Option<Minutes> {
    let forecast = told.newcomer(line)?;
    let all = [forecast.median_minutes, forecast.low_minutes, forecast.high_minutes];
    let [median, low, high] = all;
    all.iter().all(|minutes| minutes.is_finite()).then_some(Minutes { median, low, high })
}

/// What one comes for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TicketAsked {
    #[schema(min_items = 1, max_items = 10)]
    lines: Vec<String>,
    /// `walk-in` when it is left out; staff may give others.
    lane: Option<LaneIn>,
    /// The language in which one wants to be served: `zh`, `en`, `ja` and so on.
    language: Option<String>,
    /// The case about which one comes: one that the account may open, or whose code is given.
    case: Option<String>,
    /// The code of its receipt.
    case_code: Option<String>,
    /// Whom one wants to be served by.
    specialist: Option<String>,
    /// Not in the hall yet: the place is kept, and the number is called once `come` was said.
    on_the_way: Option<bool>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum LaneIn {
    WalkIn,
    Green,
    ElderlyOrDisabled,
    Specialist,
}

/// A number that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenView {
    hall: String,
    date: On,
    number: String,
    /// Opens the number. Whoever has it has the number.
    key: String,
}

impl From<Taken> for TakenView {
    fn from(taken: Taken) -> Self {
        Self {
            hall: taken.hall.to_string(),
            date: On(taken.date),
            number: taken.number.to_string(),
            key: taken.key.0,
        }
    }
}

/// Takes a number for today
#[utoipa::path(post, path = "/halls/{hall}/tickets", tag = "halls", params(("hall" = String, Path)), request_body = TicketAsked, responses((status = 201, body = TakenView)))]
async fn take(
    State(api): State<Api>,
    who: Who,
    Place(id): Place<String>,
    once: Once<TicketAsked>,
) -> Result<(StatusCode, Json<TakenView>), Trouble> {
    who.may(Scope::Halls)?;
    let hall = hall_of(&api, &id)?;
    let (asked, command, claim) = once.open();
    let by = who.by()?;
    let taken = take_one(&api, hall, asked, by, command).await;
    Ok((StatusCode::CREATED, Json(claim.settle(&api, taken).await?.into())))
}

async fn take_one(
    api: &Api,
    hall: Hall,
    asked: TicketAsked,
    by: By<'_>,
    command: Option<uuid::Uuid>,
) -> Result<Taken, Trouble> {
    let lane = match asked.lane {
        None | Some(LaneIn::WalkIn) => LaneKind::WalkIn,
        Some(LaneIn::Green) => LaneKind::Green,
        Some(LaneIn::ElderlyOrDisabled) => LaneKind::ElderlyOrDisabled,
        Some(LaneIn::Specialist) => LaneKind::Specialist,
    };
    // Whoever works in the hall gives a number to somebody present.
    let staff = matches!(by, By::Viewer(viewer) if viewer.is_officer());
    let take = TakeTicket {
        hall: hall.id,
        wants: asked.lines.into_iter().map(|line| Want { line: line.into(), thing: None }).collect(),
        lane,
        language: language(asked.language.as_deref())?,
        source: if staff { Source::Window } else { Source::Phone },
        specialist: asked.specialist.map(Into::into),
        on_the_way: asked.on_the_way.unwrap_or(false),
        about: TicketAbout {
            case_number: asked.case.unwrap_or_default(),
            case_code: asked.case_code.unwrap_or_default(),
            ..TicketAbout::default()
        },
    };
    Ok(api.office.take_ticket(take, by, command).await?)
}

pub fn language(code: Option<&str>) -> Result<Tongue, Trouble> {
    match code {
        None => Ok(Tongue::default()),
        Some(code) => Tongue::parse(code).ok_or_else(|| Trouble::Body(format!("language: {code:?}"))),
    }
}

/// One's own numbers of today that are not over
#[utoipa::path(get, path = "/tickets", tag = "halls", responses((status = 200, body = PageOf<TakenView>)))]
async fn own_tickets(State(api): State<Api>, who: Who) -> Result<Json<PageOf<TakenView>>, Trouble> {
    who.may(Scope::Halls)?;
    let own = api.office.own_tickets(who.by()?).await?;
    Ok(Json(PageOf::whole(own.into_iter().map(TakenView::from).collect())))
}

/// A number as it stands.
#[derive(Debug, Serialize, ToSchema)]
struct TicketView {
    hall: String,
    date: On,
    number: String,
    /// `waiting`, `called`, `serving`, `done`, `left`, `lost`, `carried-over`, `merged`.
    state: String,
    /// The number that this one was joined with: that is the one which is called.
    merged_into: Option<String>,
    /// The number that it had been joined with, whose holder went: it waits by itself again, in its own place.
    restored_from: Option<String>,
    /// Where to go.
    window: Option<String>,
    /// What the window is called: in the hall, on its screen and on the number.
    window_name: Option<Text>,
    ahead: usize,
    /// The place is kept, and the number is not called before `come` was said.
    held: bool,
    /// When it will probably be called; half are called before.
    median_at: Option<At>,
    low_at: Option<At>,
    high_at: Option<At>,
    /// It is probably called after today's hours, or not today: `closing` says what becomes of it. Book, or come another day.
    after_hours: bool,
    /// What becomes of whoever still waits when the doors close: `serve-all` or `carry-over` (to the next open day).
    closing: String,
    /// Why this is not what was told before.
    reason: Option<String>,
    /// Cases that were filed or looked at under it.
    cases: Vec<String>,
    /// The visit is over and can be rated.
    ratable: bool,
    /// 1 to 5, as whoever has the number rated the visit.
    rating: Option<u8>,
}

async fn seen(api: &Api, key: &TicketKey) -> Result<TicketView, Trouble> {
    let place = api.office.ticket_of(key).await?;
    let loaded = api.office.hall_day(&place.hall, place.date).await?.ok_or(OfficeError::NotFound)?;
    let ticket: &Ticket = loaded.day.ticket(place.number).ok_or(OfficeError::NotFound)?;
    let told =
        if place.date == api.office.today() { api.office.hall_forecasts(&place.hall).await } else { None };
    let told = told.as_deref().and_then(|told| told.tickets.get(&place.number));
    Ok(TicketView {
        hall: place.hall.to_string(),
        date: On(place.date),
        number: place.number.to_string(),
        state: ticket.state.code().to_owned(),
        merged_into: match &ticket.state {
            TicketState::Merged { into, .. } => Some(into.to_string()),
            _ => None,
        },
        restored_from: ticket.restored_from.map(|from| from.to_string()),
        window: ticket.state.window().map(ToString::to_string),
        window_name: ticket.state.window().and_then(|window| window_name(&api.office.edition(), window)),
        held: ticket.held && ticket.state.is_waiting(),
        ahead: if ticket.waits() { loaded.day.ahead_of(ticket).count() } else { 0 },
        median_at: told.and_then(|told| told.median_at).map(At::from),
        low_at: told.and_then(|told| told.low_at).map(At::from),
        high_at: told.and_then(|told| told.high_at).map(At::from),
        after_hours: told.is_some_and(|told| told.is_after_hours(&loaded.day.setup)),
        closing: closing(&loaded.day.setup),
        reason: told.and_then(|told| told.reason.as_ref()).map(|reason| reason.code().to_owned()),
        cases: api.office.cases_of_ticket(&place).await?,
        ratable: ticket.is_ratable(),
        rating: ticket.rating.map(|rating| rating.level),
    })
}

/// A number, live
///
/// Its key is all that is needed.
#[utoipa::path(get, path = "/tickets/{key}", tag = "halls", params(("key" = String, Path)), responses((status = 200, body = TicketView)))]
async fn ticket(State(api): State<Api>, Place(key): Place<String>) -> Result<Json<TicketView>, Trouble> {
    Ok(Json(seen(&api, &TicketKey(key)).await?))
}

/// Says that whoever holds a kept number is in the hall
#[utoipa::path(post, path = "/tickets/{key}/come", tag = "halls", params(("key" = String, Path)), responses((status = 200, body = TicketView)))]
async fn come(State(api): State<Api>, Place(key): Place<String>) -> Result<Json<TicketView>, Trouble> {
    let key = TicketKey(key);
    api.office.come(&key).await?;
    Ok(Json(seen(&api, &key).await?))
}

/// Gives a number back
#[utoipa::path(delete, path = "/tickets/{key}", tag = "halls", params(("key" = String, Path)), responses((status = 200, body = TicketView)))]
async fn leave(State(api): State<Api>, Place(key): Place<String>) -> Result<Json<TicketView>, Trouble> {
    let key = TicketKey(key);
    api.office.leave_queue(&key).await?;
    Ok(Json(seen(&api, &key).await?))
}

/// How a visit was.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VisitRatingIn {
    /// Five levels, 1 the worst.
    #[schema(minimum = 1, maximum = 5)]
    level: u8,
    #[serde(default)]
    #[schema(max_length = 4000)]
    comment: String,
    /// They may be called back. Without it the rating counts in figures and nobody sees whose it is.
    #[serde(default)]
    named: bool,
    /// Where they are called back, unless they left a number before (`visit-phone`).
    #[serde(default)]
    phone: String,
}

/// Rates the visit of a number that was served
///
/// Once. A bad rating of somebody who may be called opens a call-back. The same rating sent again is the same rating.
#[utoipa::path(post, path = "/tickets/{key}/rating", tag = "halls", params(("key" = String, Path)), request_body = VisitRatingIn, responses((status = 200, body = TicketView)))]
async fn rate_visit(
    State(api): State<Api>,
    Place(key): Place<String>,
    Body(asked): Body<VisitRatingIn>,
) -> Result<Json<TicketView>, Trouble> {
    let key = TicketKey(key);
    let VisitRatingIn { level, comment, named, phone } = asked;
    api.office.rate_visit(&key, RateVisit { level, comment, named, phone }).await?;
    Ok(Json(seen(&api, &key).await?))
}

/// The window at which an officer sits.
#[derive(Debug, Serialize, ToSchema)]
struct SeatView {
    hall: Option<String>,
    window: Option<String>,
    window_name: Option<Text>,
    /// The number that is called or served.
    ticket: Option<String>,
    /// Its state.
    state: Option<String>,
    waiting: usize,
}

/// What a window is called; its id is for acts.
pub fn window_name(edition: &catalogue::Edition, window: &catalogue::WindowId) -> Option<Text> {
    edition.parts().windows.get(window).map(|window| (&window.name).into())
}

fn seat(edition: &catalogue::Edition, loaded: &LoadedDay, window: &catalogue::WindowId) -> SeatView {
    let post = loaded.day.post(window);
    let number = post.and_then(|post| post.ticket);
    SeatView {
        hall: Some(loaded.hall.to_string()),
        window: Some(window.to_string()),
        window_name: window_name(edition, window),
        ticket: number.map(|number| number.to_string()),
        state: number
            .and_then(|number| loaded.day.ticket(number))
            .map(|ticket| ticket.state.code().to_owned()),
        waiting: loaded.day.waiting().count(),
    }
}

/// Where the officer sits now
#[utoipa::path(get, path = "/window", tag = "halls", responses((status = 200, body = SeatView)))]
async fn window(State(api): State<Api>, account: Account) -> Result<Json<SeatView>, Trouble> {
    let viewer = account.may(Scope::Halls)?;
    if !viewer.is_officer() {
        return Err(OfficeError::Denied.into());
    }
    let none =
        SeatView { hall: None, window: None, window_name: None, ticket: None, state: None, waiting: 0 };
    let found = api.office.seat_of(viewer).await?;
    Ok(Json(found.map_or(none, |(loaded, window)| seat(&api.office.edition(), &loaded, &window))))
}

/// What somebody does at a window.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WindowActIn {
    hall: String,
    window: String,
    act: WindowWord,
    /// The line to which the person is passed on.
    to: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum WindowWord {
    Open,
    Pause,
    Resume,
    Close,
    Next,
    Recall,
    Skip,
    Start,
    Finish,
    Transfer,
}

/// Works at a window: opens it, calls the next, begins, ends, passes on
#[utoipa::path(post, path = "/window/acts", tag = "halls", request_body = WindowActIn, responses((status = 200, body = SeatView)))]
async fn window_act(
    State(api): State<Api>,
    account: Account,
    once: Once<WindowActIn>,
) -> Result<Json<SeatView>, Trouble> {
    let viewer = account.may(Scope::Halls)?;
    let (asked, command, claim) = once.open();
    let hall = hall_of(&api, &asked.hall)?;
    let act = match (asked.act, asked.to) {
        (WindowWord::Transfer, Some(to)) => WindowAct::Transfer { to: to.into() },
        (WindowWord::Transfer, None) => return Err(Trouble::Body("to".into())),
        (WindowWord::Open, _) => WindowAct::Open,
        (WindowWord::Pause, _) => WindowAct::Pause,
        (WindowWord::Resume, _) => WindowAct::Resume,
        (WindowWord::Close, _) => WindowAct::Close,
        (WindowWord::Next, _) => WindowAct::Next,
        (WindowWord::Recall, _) => WindowAct::Recall,
        (WindowWord::Skip, _) => WindowAct::Skip,
        (WindowWord::Start, _) => WindowAct::Start,
        (WindowWord::Finish, _) => WindowAct::Finish,
    };
    let window = asked.window.into();
    let done = api.office.at_window(&hall.id, &window, act, viewer, command).await.map_err(Trouble::from);
    let done = claim.settle(&api, done).await?;
    Ok(Json(seat(&api.office.edition(), &done.loaded, &window)))
}

/// Which days of a hall, and how they are counted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DaysAsked {
    /// First day; today when it is left out.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Last day.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    #[param(inline)]
    by: Option<GroupIn>,
    line: Option<String>,
    window: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    #[param(max_length = 4096)]
    cursor: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum GroupIn {
    Hour,
    Line,
    Window,
    Day,
}

/// Figures of a hall.
#[derive(Debug, Serialize, ToSchema)]
struct NumbersView {
    total: TotalsView,
    groups: Vec<GroupView>,
}

#[derive(Debug, Serialize, ToSchema)]
struct GroupView {
    id: String,
    totals: TotalsView,
}

#[derive(Debug, Serialize, ToSchema)]
struct TotalsView {
    taken: u64,
    served: u64,
    left_unserved: u64,
    wait_minutes_median: Option<i64>,
    wait_minutes_p90: Option<i64>,
    service_minutes_median: Option<i64>,
    service_minutes_p90: Option<i64>,
    /// Of the hours that windows were open.
    used_percent: Option<i64>,
    /// Served within the target, of those who had one.
    in_target_percent: Option<u64>,
    /// Visits that were rated.
    rated: u64,
    /// With one of the three upper levels, of those.
    content_percent: Option<u64>,
}

impl From<&office::HallTotals> for TotalsView {
    fn from(totals: &office::HallTotals) -> Self {
        Self {
            taken: totals.taken,
            served: totals.served,
            left_unserved: totals.left_unserved,
            wait_minutes_median: totals.wait_minutes(50),
            wait_minutes_p90: totals.wait_minutes(90),
            service_minutes_median: totals.service_minutes(50),
            service_minutes_p90: totals.service_minutes(90),
            used_percent: totals.used_percent(),
            in_target_percent: totals.in_target_percent(),
            rated: totals.rated(),
            content_percent: totals.content_percent(),
        }
    }
}

fn filter(api: &Api, hall: &str, asked: &DaysAsked) -> Result<HallFilter, Trouble> {
    let hall = hall_of(api, hall)?;
    let today = api.office.today();
    let from = asked.from.unwrap_or(today);
    Ok(HallFilter {
        hall: hall.id,
        from,
        to: asked.to.unwrap_or(from.max(today)),
        line: asked.line.clone(),
        window: asked.window.clone(),
        hour: None,
        left_unserved: false,
    })
}

/// Whoever runs halls, as on the floor's pages.
pub fn manager<'a>(api: &Api, viewer: &'a office::Viewer) -> Result<&'a office::Viewer, Trouble> {
    if viewer.runs_halls(&api.office.edition()) { Ok(viewer) } else { Err(OfficeError::Denied.into()) }
}

/// Waits, services and use of a hall's windows
#[utoipa::path(get, path = "/halls/{hall}/numbers", tag = "figures", params(("hall" = String, Path), DaysAsked), responses((status = 200, body = NumbersView)))]
async fn numbers(
    State(api): State<Api>,
    account: Account,
    Place(hall): Place<String>,
    Ask(asked): Ask<DaysAsked>,
) -> Result<Json<NumbersView>, Trouble> {
    let viewer = manager(&api, account.may(Scope::ReadFigures)?)?;
    page::limit(asked.limit)?;
    page::cursor(asked.cursor.as_deref())?;
    let group = match asked.by {
        None | Some(GroupIn::Hour) => HallGroup::Hour,
        Some(GroupIn::Line) => HallGroup::Line,
        Some(GroupIn::Window) => HallGroup::Window,
        Some(GroupIn::Day) => HallGroup::Day,
    };
    let found = api.office.hall_numbers(&filter(&api, &hall, &asked)?, group, viewer).await?;
    let groups = found.groups.iter().map(|(id, totals)| GroupView { id: id.clone(), totals: totals.into() });
    Ok(Json(NumbersView { total: (&found.total).into(), groups: groups.collect() }))
}

/// A number that was given, without anything about the person.
#[derive(Debug, Serialize, ToSchema)]
struct TicketRow {
    date: On,
    number: String,
    state: String,
    line: String,
    lane: String,
    source: String,
    window: String,
    joined_at: At,
    called_at: Option<At>,
    ended_at: Option<At>,
    wait_seconds: Option<i64>,
    service_seconds: i64,
    served: bool,
    /// 1 to 5, where the visitor may be named.
    rating: Option<u8>,
}

/// The numbers behind a hall's figures, the newest first
#[utoipa::path(get, path = "/halls/{hall}/tickets", tag = "figures", params(("hall" = String, Path), DaysAsked), responses((status = 200, body = PageOf<TicketRow>)))]
async fn tickets(
    State(api): State<Api>,
    account: Account,
    Place(hall): Place<String>,
    Ask(asked): Ask<DaysAsked>,
) -> Result<Json<PageOf<TicketRow>>, Trouble> {
    let viewer = manager(&api, account.may(Scope::ReadFigures)?)?;
    let filter = filter(&api, &hall, &asked)?;
    let (limit, after) = (page::limit(asked.limit)?, page::cursor(asked.cursor.as_deref())?);
    let (lines, next) = page::fits(api.office.hall_tickets(&filter, limit, after, viewer).await)?;
    let row = |line: office::TicketLine| TicketRow {
        date: On(line.date),
        number: line.number.to_string(),
        state: line.state,
        line: line.line,
        lane: line.lane,
        source: line.source,
        window: line.window,
        joined_at: line.joined_at.into(),
        called_at: line.called_at.map(At::from),
        ended_at: line.ended_at.map(At::from),
        wait_seconds: line.wait_seconds,
        service_seconds: line.service_seconds,
        served: line.served,
        rating: line.rating,
    };
    Ok(Json(PageOf::new(lines.into_iter().map(row).collect(), next.as_ref())))
}
