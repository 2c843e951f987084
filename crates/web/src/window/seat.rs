//! The officer's window in the hall: who is called, and what to do with whom. Every act has a key.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use catalogue::{HallId, WindowId};
use hall::{Day, PostState, Ticket, TicketNo, TicketState};
use maud::{Markup, html};
use office::{LoadedDay, OfficeError, TicketAbout, TicketRef, Viewer, WindowAct};

use super::clerk;
use super::console::{self, Asked};
use crate::app::App;
use crate::desk::Posted;
use crate::fault::Failure;
use crate::hall::Names;
use crate::public::visitor::Pairs;
use crate::shell::{Shell, encode};
use crate::ui;

/// What the console shows of the hall.
#[derive(Debug)]
pub struct Seat {
    loaded: Option<(LoadedDay, WindowId)>,
    about: TicketAbout,
    cases: Vec<String>,
    /// The first hall with its day, for whoever has not sat down yet.
    days: Vec<(HallId, Option<LoadedDay>)>,
}

impl Seat {
    pub async fn load(app: &App, shell: &Shell, viewer: &Viewer) -> Result<Self, Failure> {
        let office = &app.office;
        let loaded = office.seat_of(viewer).await?;
        let mut seat = Self { loaded, about: TicketAbout::default(), cases: Vec::new(), days: Vec::new() };
        if let Some(ticket) = seat.ticket_ref() {
            seat.about = office.ticket_about(&ticket, viewer).await?;
            seat.cases = office.cases_of_ticket(&ticket).await?;
        }
        if seat.loaded.is_none() {
            for hall in shell.edition.parts().halls.keys() {
                seat.days.push((hall.clone(), office.hall_day(hall, office.today()).await?));
            }
        }
        Ok(seat)
    }

    /// The number that is called or served here now.
    pub fn ticket_ref(&self) -> Option<TicketRef> {
        let (loaded, window) = self.loaded.as_ref()?;
        let number = loaded.day.post(window)?.ticket?;
        Some(TicketRef { hall: loaded.hall.clone(), date: loaded.date, number })
    }

    /// Where the console hears of changes; nothing before the officer sits down.
    pub fn live(&self) -> Option<String> {
        self.loaded.as_ref().map(|(loaded, _)| format!("/live/{}", encode(loaded.hall.as_str())))
    }

    pub fn draw(&self, app: &App, shell: &Shell, problem: &str) -> Markup {
        let w = shell.w;
        html! {
            section.card.seat aria-labelledby="seat-title" data-region="seat" {
                @if !problem.is_empty() { p.problem role="alert" { (problem) } }
                @match &self.loaded {
                    None => { h2 #seat-title { (w.t("seat-none")) } (self.sit_down(app, shell)) }
                    Some((loaded, window)) => { (self.at(app, shell, loaded, window)) }
                }
            }
        }
    }

    fn sit_down(&self, app: &App, shell: &Shell) -> Markup {
        let w = shell.w;
        let parts = shell.edition.parts();
        let taken = |hall: &HallId, window: &WindowId| {
            let day = self.days.iter().find(|(id, _)| id == hall).and_then(|(_, loaded)| loaded.as_ref());
            day.and_then(|loaded| loaded.day.post(window)).is_some_and(|post| post.officer().is_some())
        };
        let free: Vec<_> = parts.windows.values().filter(|window| !taken(&window.hall, &window.id)).collect();
        // Whoever sits down most likely sits at a window that should be open now.
        let local = ui::civil(shell, shell.now);
        let weekday = shell.edition.hours_of(local.date());
        let staffed = |window: &&&catalogue::Window| {
            let spans = catalogue::staffed_on(window, weekday);
            spans.iter().any(|(from, to)| (*from..*to).contains(&local.time()))
        };
        let first = free.iter().find(staffed).or(free.first()).map(|window| &window.id);
        html! {
            form.filter method="post" action="/window/hall" {
                (ui::hidden("command", &app.office.new_id().to_string())) (ui::hidden("act", "open"))
                div { label for="seat-window" { (w.t("seat-choose")) }
                    select #seat-window name="seat" {
                        @for window in &free {
                            option value=(format!("{}/{}", window.hall, window.id)) selected[Some(&window.id) == first] { (shell.say(&window.name)) }
                        }
                    } }
                div { button.button type="submit" data-key="o" { (w.t("seat-open")) " " kbd { "Alt+O" } } }
            }
        }
    }

    fn at(&self, app: &App, shell: &Shell, loaded: &LoadedDay, window: &WindowId) -> Markup {
        let w = shell.w;
        let day = &*loaded.day;
        let names = Names::new(shell);
        let Some(post) = day.post(window) else { return html! {} };
        let ticket = post.ticket.and_then(|number| day.ticket(number));
        let can = day.waiting().filter(|ticket| day.can_serve(window, ticket)).count();
        let paused = matches!(post.state, PostState::Paused { .. });
        let act = |act: &str, key: &str, label: &str, class: &str| {
            html! {
                form.one method="post" action="/window/hall" {
                    (ui::hidden("command", &app.office.new_id().to_string())) (ui::hidden("act", act)) (ui::hidden("seat", &format!("{}/{window}", loaded.hall)))
                    button.button.(class) type="submit" data-key=(key) { (w.t(label)) " " kbd { (format!("Alt+{key}")) } }
                }
            }
        };
        html! {
            div.row.between {
                h2 #seat-title { (names.window(window)) @if paused { " " span.tag.pause { (w.t("seat-paused")) } } }
                p.quiet { (w.with("seat-waiting", &[("count", can.into())])) }
            }
            @match ticket {
                Some(ticket) => { (self.person(shell, &names, ticket)) }
                None => { p.lead { (w.t(if can > 0 { "seat-call-next" } else { "seat-nobody" })) } }
            }
            div.seat-acts {
                @match ticket.map(|ticket| &ticket.state) {
                    Some(TicketState::Called { .. }) => {
                        (act("start", "1", "seat-start", "")) (act("recall", "2", "seat-recall", "second")) (act("skip", "3", "seat-skip", "second"))
                    }
                    Some(_) => { (act("finish", "4", "seat-finish", "")) @if !paused { (act("next", "5", "seat-finish-next", "second")) } }
                    None => {
                        @if paused { (act("resume", "6", "seat-resume", "")) } @else { (act("next", "5", "seat-next", "")) (act("pause", "6", "seat-pause", "second")) }
                        (act("close", "7", "seat-close", "second"))
                    }
                }
                @if ticket.is_some() { @if paused { (act("resume", "6", "seat-resume", "second")) } @else { (act("pause", "6", "seat-pause-after", "second")) } }
            }
            @if let Some(ticket) = ticket { (self.pass_on(app, shell, &names, day, window, ticket)) }
            (held(app, shell, day, window))
        }
    }

    fn person(&self, shell: &Shell, names: &Names<'_>, ticket: &Ticket) -> Markup {
        let w = shell.w;
        let find = if self.about.case_number.is_empty() { &self.about.code } else { &self.about.case_number };
        html! {
            div.seat-person {
                span.no { (ticket.number) }
                div {
                    p.strong { (names.wants(ticket)) @if ticket.wants.len() > 1 { " " span.quiet { (w.with("seat-part", &[("part", (ticket.current + 1).into()), ("of", ticket.wants.len().into())])) } } }
                    p.quiet {
                        (w.t(&format!("hall-state-{}", ticket.state.code()))) " · " (names.lane(&ticket.lane))
                        @if ticket.language != catalogue::Tongue::Zh { " · " (names.tongue(ticket.language)) }
                        " · " (w.with("hall-since", &[("at", ui::time(shell, ticket.joined_at).into())]))
                        @if let Some(booked) = ticket.booked_for { " · " (w.with("seat-booked-for", &[("at", ui::time(shell, booked).into())])) }
                        @if let Some(specialist) = &ticket.specialist { " · " (w.with("hall-with-specialist", &[("name", specialist.to_string().into())])) }
                    }
                    @if !self.about.name.is_empty() || !find.is_empty() {
                        p { span.strong { (self.about.name) } @if !self.about.phone.is_empty() { " · " (self.about.phone) }
                            @if !find.is_empty() { " " a href=(format!("/window?q={}", encode(find))) data-key="f" { (w.t("seat-find")) " " kbd { "Alt+F" } } } }
                    }
                    @if !self.cases.is_empty() {
                        p { (w.t("seat-cases")) " " @for number in &self.cases { a href=(format!("/desk/cases/{}", encode(number))) { (number) } " " } }
                    }
                }
            }
        }
    }

    fn pass_on(
        &self,
        app: &App,
        shell: &Shell,
        names: &Names<'_>,
        day: &Day,
        window: &WindowId,
        ticket: &Ticket,
    ) -> Markup {
        let w = shell.w;
        html! {
            form.filter method="post" action="/window/hall" {
                (ui::hidden("command", &app.office.new_id().to_string())) (ui::hidden("act", "transfer")) (ui::hidden("seat", &format!("{}/{window}", day.hall)))
                div { label for="to" { (w.t("seat-transfer")) " " kbd { "Alt+8" } }
                    select #to name="to" data-key="8" { @for line in &day.setup.lines { option value=(line.id) selected[line.id == ticket.want().line] { (names.line(&line.id)) } } } }
                div { button.button.second.small type="submit" { (w.t("seat-transfer-go")) } }
            }
        }
    }
}

/// `HALL/WINDOW`, as the form names it.
fn place(posted: &Posted) -> Option<(HallId, WindowId)> {
    let (hall, window) = posted.one("seat").rsplit_once('/')?;
    Some((hall.into(), window.into()))
}

pub async fn act(
    State(app): State<App>,
    shell: Shell,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let viewer = clerk(&shell)?;
    let posted = Posted(pairs);
    if posted.one("act") == "link" {
        return link(&app, viewer, &posted).await;
    }
    let (hall, window) = place(&posted).ok_or(Failure::BadRequest)?;
    if posted.one("act") == "come" {
        let number = posted.one("number").parse().map(TicketNo).map_err(|_| Failure::BadRequest)?;
        return match app.office.came(&hall, number, viewer, posted.command()).await {
            Ok(_) => Ok(Redirect::to("/window").into_response()),
            Err(error) => refused(&app, &shell, error).await,
        };
    }
    let act = match posted.one("act") {
        "open" => WindowAct::Open,
        "pause" => WindowAct::Pause,
        "resume" => WindowAct::Resume,
        "close" => WindowAct::Close,
        "next" => WindowAct::Next,
        "recall" => WindowAct::Recall,
        "skip" => WindowAct::Skip,
        "start" => WindowAct::Start,
        "finish" => WindowAct::Finish,
        "transfer" => WindowAct::Transfer { to: posted.one("to").into() },
        _ => return Err(Failure::BadRequest),
    };
    let before = app.office.ticket_at(viewer).await?;
    match app.office.at_window(&hall, &window, act.clone(), viewer, posted.command()).await {
        Ok(_) => Ok(Redirect::to(&after(&app, &act, before).await?).into_response()),
        Err(error) => refused(&app, &shell, error).await,
    }
}

async fn refused(app: &App, shell: &Shell, error: OfficeError) -> Result<Response, Failure> {
    if !matches!(error, OfficeError::Hall(_)) {
        return Err(error.into());
    }
    let problem = error.message_in(shell.lang, &shell.edition).unwrap_or_default();
    let page = console::draw_with_seat(app, shell, &Asked::default(), &problem).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Whoever holds a kept number may show it at any window.
fn held(app: &App, shell: &Shell, day: &Day, window: &WindowId) -> Markup {
    let w = shell.w;
    html! {
        @if day.held().next().is_some() {
            form.filter method="post" action="/window/hall" {
                (ui::hidden("command", &app.office.new_id().to_string())) (ui::hidden("act", "come")) (ui::hidden("seat", &format!("{}/{window}", day.hall)))
                div { label for="came" { (w.t("hall-held-list")) }
                    select #came name="number" { @for (place, ticket) in day.held().enumerate() { option value=(ticket.number.0) selected[place == 0] { (ticket.number) } } } }
                div { button.button.second.small type="submit" { (w.t("hall-held-here")) } }
            }
        }
    }
}

/// Done with somebody: on to the case that came of it, if there is one.
async fn after(app: &App, act: &WindowAct, ticket: Option<TicketRef>) -> Result<String, Failure> {
    if *act == WindowAct::Finish
        && let Some(ticket) = ticket
        && let Some(number) = app.office.cases_of_ticket(&ticket).await?.last()
    {
        return Ok(format!("/desk/cases/{}", encode(number)));
    }
    Ok("/window".into())
}

/// Notes on a case that the person at the window came about it.
async fn link(app: &App, viewer: &Viewer, posted: &Posted) -> Result<Response, Failure> {
    let ticket = app.office.ticket_at(viewer).await?.ok_or(Failure::BadRequest)?;
    let id = app.office.case_by_number(posted.one("case")).await?;
    app.office.link_ticket(id, &ticket, viewer).await?;
    Ok(Redirect::to("/window").into_response())
}
