//! Appointments: free times, booking, moving, cancelling, coming.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hall::Want;
use office::{Booking, BookingView, OfficeError, Scope, TicketAbout};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::drafts::Nothing;
use super::halls::{TakenView, hall_of, language};
use crate::app::Api;
use crate::ask::{Ask, Body, Once, PageOf, Place, Who};
use crate::shown::{At, On};
use crate::trouble::Trouble;

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(slots))
        .routes(routes!(book))
        .routes(routes!(own))
        .routes(routes!(appointment, change, cancel))
        .routes(routes!(check_in))
}

/// For what, and in which language.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SlotsAsked {
    line: String,
    language: Option<String>,
}

/// A day with free times.
#[derive(Debug, Serialize, ToSchema)]
struct DayView {
    date: On,
    slots: Vec<SlotView>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SlotView {
    from: At,
    to: At,
    /// How many more fit.
    free: u32,
}

/// Free times of a hall, by real capacity
#[utoipa::path(get, path = "/halls/{hall}/slots", tag = "halls", params(("hall" = String, Path), SlotsAsked), responses((status = 200, body = PageOf<DayView>)))]
async fn slots(
    State(api): State<Api>,
    Place(hall): Place<String>,
    Ask(asked): Ask<SlotsAsked>,
) -> Result<Json<PageOf<DayView>>, Trouble> {
    let hall = hall_of(&api, &hall)?;
    let days =
        api.office.free_slots(&hall.id, &asked.line.into(), language(asked.language.as_deref())?).await?;
    let slot =
        |slot: hall::Slot| SlotView { from: slot.at.from.into(), to: slot.at.to.into(), free: slot.free };
    let day = |day: office::FreeDay| DayView {
        date: On(day.date),
        slots: day.slots.into_iter().map(slot).collect(),
    };
    Ok(Json(PageOf::whole(days.into_iter().map(day).collect())))
}

/// A time to come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BookingAsked {
    date: On,
    /// `from` of a free time.
    slot: At,
    line: String,
    language: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    /// The case about which one comes: one that the account may open, or whose code is given.
    case: Option<String>,
    /// The code of its receipt.
    case_code: Option<String>,
}

/// An appointment.
#[derive(Debug, Serialize, ToSchema)]
struct AppointmentView {
    /// Opens the appointment. Whoever has it has the appointment.
    code: String,
    hall: String,
    date: On,
    from: At,
    to: At,
    line: String,
    /// `booked`, `checked-in`, `cancelled` or `moved`.
    state: String,
}

fn view(found: BookingView) -> AppointmentView {
    AppointmentView {
        code: found.code,
        hall: found.place.hall.to_string(),
        date: On(found.place.date),
        from: found.appointment.slot.into(),
        to: found.ends_at.into(),
        line: found.appointment.want.line.to_string(),
        state: found.appointment.state.code().to_owned(),
    }
}

/// Books a time
#[utoipa::path(post, path = "/halls/{hall}/appointments", tag = "halls", params(("hall" = String, Path)), request_body = BookingAsked, responses((status = 201, body = AppointmentView)))]
async fn book(
    State(api): State<Api>,
    who: Who,
    Place(hall): Place<String>,
    once: Once<BookingAsked>,
) -> Result<(StatusCode, Json<AppointmentView>), Trouble> {
    who.may(Scope::Halls)?;
    let hall = hall_of(&api, &hall)?;
    let (asked, command, claim) = once.open();
    let booking = Booking {
        hall: hall.id,
        date: asked.date.0,
        slot: asked.slot.0,
        want: Want { line: asked.line.into(), thing: None },
        language: language(asked.language.as_deref())?,
        specialist: None,
        about: TicketAbout {
            name: asked.name,
            phone: asked.phone,
            case_number: asked.case.unwrap_or_default(),
            case_code: asked.case_code.unwrap_or_default(),
            ..TicketAbout::default()
        },
    };
    let booked = api.office.book(booking, who.by()?, command).await.map_err(Trouble::from);
    let booked = claim.settle(&api, booked).await?;
    Ok((StatusCode::CREATED, Json(view(api.office.booking(&booked.code).await?))))
}

/// A line of one's own appointments.
#[derive(Debug, Serialize, ToSchema)]
struct OwnView {
    code: String,
    hall: String,
    date: On,
    slot: At,
    line: String,
    state: String,
}

/// One's own appointments to come
#[utoipa::path(get, path = "/appointments", tag = "halls", responses((status = 200, body = PageOf<OwnView>)))]
async fn own(State(api): State<Api>, who: Who) -> Result<Json<PageOf<OwnView>>, Trouble> {
    who.may(Scope::Halls)?;
    let own = api.office.own_bookings(who.by()?).await?.into_iter().map(|(row, code)| OwnView {
        code,
        hall: row.hall.to_string(),
        date: On(row.date),
        slot: row.slot.into(),
        line: row.line,
        state: row.state,
    });
    Ok(Json(PageOf::whole(own.collect())))
}

/// An appointment
///
/// Its code is all that is needed.
#[utoipa::path(get, path = "/appointments/{code}", tag = "halls", params(("code" = String, Path)), responses((status = 200, body = AppointmentView)))]
async fn appointment(
    State(api): State<Api>,
    Place(code): Place<String>,
) -> Result<Json<AppointmentView>, Trouble> {
    Ok(Json(view(api.office.booking(&code).await?)))
}

/// Another time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeAsked {
    date: On,
    slot: At,
}

/// Moves an appointment
#[utoipa::path(patch, path = "/appointments/{code}", tag = "halls", params(("code" = String, Path)), request_body = ChangeAsked, responses((status = 200, body = AppointmentView)))]
async fn change(
    State(api): State<Api>,
    Place(code): Place<String>,
    Body(asked): Body<ChangeAsked>,
) -> Result<Json<AppointmentView>, Trouble> {
    api.office.move_booking(&code, asked.date.0, asked.slot.0).await?;
    Ok(Json(view(api.office.booking(&code).await?)))
}

/// Cancels an appointment
#[utoipa::path(delete, path = "/appointments/{code}", tag = "halls", params(("code" = String, Path)), responses((status = 200, body = AppointmentView)))]
async fn cancel(
    State(api): State<Api>,
    Place(code): Place<String>,
) -> Result<Json<AppointmentView>, Trouble> {
    api.office.cancel_booking(&code).await?;
    Ok(Json(view(api.office.booking(&code).await?)))
}

/// Turns an appointment into a number, on the day
#[utoipa::path(post, path = "/appointments/{code}/check-in", tag = "halls", params(("code" = String, Path)), request_body = Nothing, responses((status = 201, body = TakenView)))]
async fn check_in(
    State(api): State<Api>,
    who: Who,
    Place(code): Place<String>,
    once: Once<Nothing>,
) -> Result<(StatusCode, Json<TakenView>), Trouble> {
    who.may(Scope::Halls)?;
    let (_, command, claim) = once.open();
    let by = who.by()?;
    let taken = match api.office.booking(&code).await {
        Ok(_) => api.office.check_in(&code, by, command).await.map_err(Trouble::from),
        Err(error) => Err(error.into()),
    };
    let taken: office::Taken = claim.settle(&api, taken).await?;
    if taken.key.0.is_empty() {
        return Err(OfficeError::NotFound.into());
    }
    Ok((StatusCode::CREATED, Json(taken.into())))
}
