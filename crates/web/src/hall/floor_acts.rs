//! What a hall manager does on the floor.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use catalogue::LaneKind;
use hall::TicketNo;
use office::{OfficeError, OnFloor, Viewer, WindowAct};

use super::floor::{draw, manager};
use super::names::{hall_of, path};
use crate::app::App;
use crate::desk::Posted;
use crate::fault::Failure;
use crate::public::visitor::Pairs;
use crate::shell::Shell;

pub async fn act(
    State(app): State<App>,
    shell: Shell,
    Path(hall): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let viewer = manager(&shell)?;
    let hall = hall_of(&shell, &hall)?;
    let posted = Posted(pairs);
    // A number that was mistyped would take a stranger's away, and nothing brings it back.
    if posted.one("act") == "merge" && posted.one("same").is_empty() {
        let page = draw(&app, &shell, hall, Some(shell.w.t("hall-merge-ask"))).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    match perform(&app, hall.id.as_str(), &posted, viewer).await {
        Ok(_) => Ok(Redirect::to(&path("floor", &hall.id)).into_response()),
        Err(Failure::Office(error @ OfficeError::Hall(_))) => {
            let page = draw(&app, &shell, hall, error.message_in(shell.lang, &shell.edition)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}

async fn perform(app: &App, hall: &str, posted: &Posted, by: &Viewer) -> Result<OnFloor, Failure> {
    let office = &app.office;
    let hall = hall.into();
    let number = || posted.one("number").parse().map(TicketNo).map_err(|_| Failure::BadRequest);
    let window = posted.one("window").into();
    let command = posted.command();
    let at = |act: WindowAct| office.at_window(&hall, &window, act, by, command);
    Ok(match posted.one("act") {
        "pause" => at(WindowAct::Pause).await?,
        "resume" => at(WindowAct::Resume).await?,
        "close" => at(WindowAct::Close).await?,
        // Whoever sits there is gone: the number keeps its place and waits again.
        "free" => {
            let today = office.hall_day(&hall, office.today()).await?;
            let line = today.and_then(|loaded| {
                let number = loaded.day.post(&window)?.ticket?;
                Some(loaded.day.ticket(number)?.want().line.clone())
            });
            if let Some(to) = line {
                office.at_window(&hall, &window, WindowAct::Transfer { to }, by, None).await?;
            }
            at(WindowAct::Close).await?
        }
        "come" => office.came(&hall, number()?, by, command).await?,
        "close-doors" => office.close_doors(&hall, by, command).await?,
        "lane" => {
            let lane = LaneKind::parse(posted.one("lane")).ok_or(Failure::BadRequest)?;
            office.give_lane(&hall, number()?, lane, by, command).await?
        }
        "split" => {
            let wants = posted.all("want").filter_map(|place| place.parse().ok()).collect();
            office.split_ticket(&hall, number()?, wants, by, command).await?
        }
        "merge" => {
            let typed = TicketNo::parse(posted.one("into")).unwrap_or(TicketNo(0));
            office.merge_tickets(&hall, number()?, typed, by, command).await?
        }
        _ => return Err(Failure::BadRequest),
    })
}
