//! `/t/KEY`: one's own number, live: people before, when it will be, “come now”, and how it was.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use hall::{Day, Ticket, TicketNo, TicketState};
use maud::{Markup, html};
use office::{HallForecasts, LoadedDay, NotPossible, OfficeError, RateVisit, TicketKey, TicketRef};

use super::names::{Names, hall_of, path};
use super::{forecast, why};
use crate::app::App;
use crate::fault::Failure;
use crate::public::visitor::{Pairs, again, see, value};
use crate::shell::{Page, Shell};
use crate::ui;

/// Without script the page loads again so often.
const REFRESH_SECONDS: u32 = 20;
/// With so few people before one, it is time to be in the hall.
const NEAR: usize = 3;

/// The ticket of a key, with its day.
pub async fn found(app: &App, key: &TicketKey) -> Result<(TicketRef, LoadedDay), Failure> {
    let ticket = app.office.ticket_of(key).await?;
    let loaded = app.office.hall_day(&ticket.hall, ticket.date).await?.ok_or(Failure::NotFound)?;
    if loaded.day.ticket(ticket.number).is_none() {
        return Err(Failure::NotFound);
    }
    Ok((ticket, loaded))
}

pub async fn page(State(app): State<App>, shell: Shell, Path(key): Path<String>) -> Result<Markup, Failure> {
    draw(&app, &shell, &TicketKey(key), &Typed::default(), None).await
}

/// What was typed into the rating, while it is not taken.
#[derive(Debug, Default)]
struct Typed {
    level: Option<u8>,
    comment: String,
    named: bool,
    phone: String,
}

/// Says how the visit was.
pub async fn rate(
    State(app): State<App>,
    shell: Shell,
    Path(key): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let key = TicketKey(key);
    let typed = Typed {
        level: value(&pairs, "level").parse().ok(),
        comment: value(&pairs, "comment").to_owned(),
        named: value(&pairs, "named") == "yes",
        phone: value(&pairs, "phone").to_owned(),
    };
    let Some(level) = typed.level else {
        let problem = ("rating-title".to_owned(), shell.w.t("p-rating-missing"));
        let page = draw(&app, &shell, &key, &typed, Some(problem)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let (comment, phone) = (typed.comment.clone(), typed.phone.clone());
    match app.office.rate_visit(&key, RateVisit { level, comment, named: typed.named, phone }).await {
        Ok(()) => Ok(see(&format!("/t/{}#rating", key.0))),
        Err(error @ (OfficeError::Hall(_) | OfficeError::NotPossible(_))) => {
            let control = match &error {
                OfficeError::NotPossible(NotPossible::VisitPhone | NotPossible::AboutPhone) => "phone",
                OfficeError::NotPossible(NotPossible::TextTooLong) => "comment",
                _ => "rating-title",
            };
            let told = error.message_in(shell.lang, &shell.edition);
            let problem = told.map(|message| (control.to_owned(), message));
            let page = draw(&app, &shell, &key, &typed, problem).await?;
            Ok(again(&error, page))
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn leave(
    State(app): State<App>,
    shell: Shell,
    Path(key): Path<String>,
) -> Result<Response, Failure> {
    let key = TicketKey(key);
    let done = app.office.leave_queue(&key).await;
    answer(&app, &shell, &key, done).await
}

/// “I am here”: whose number is held is called from now on.
pub async fn come(
    State(app): State<App>,
    shell: Shell,
    Path(key): Path<String>,
) -> Result<Response, Failure> {
    let key = TicketKey(key);
    let done = app.office.come(&key).await;
    answer(&app, &shell, &key, done).await
}

async fn answer(
    app: &App,
    shell: &Shell,
    key: &TicketKey,
    done: Result<(), OfficeError>,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(see(&format!("/t/{}", key.0))),
        Err(error @ (OfficeError::Hall(_) | OfficeError::NotPossible(_))) => {
            let told = error.message_in(shell.lang, &shell.edition);
            let problem = told.map(|message| ("content".to_owned(), message));
            let page = draw(app, shell, key, &Typed::default(), problem).await?;
            Ok(again(&error, page))
        }
        Err(error) => Err(error.into()),
    }
}

async fn draw(
    app: &App,
    shell: &Shell,
    key: &TicketKey,
    typed: &Typed,
    problem: Option<(String, String)>,
) -> Result<Markup, Failure> {
    let w = shell.w;
    let (reference, loaded) = found(app, key).await?;
    let day = &*loaded.day;
    let ticket = day.ticket(reference.number).ok_or(Failure::NotFound)?;
    let names = Names::new(shell);
    let cases = app.office.cases_of_ticket(&reference).await?;
    let mut others = app.office.tickets_held_by(&ticket.holder).await?;
    others.retain(|other| other.hall == reference.hall && other.number != reference.number);
    // Of another day nobody is told anything any more.
    let told = if reference.date == app.office.today() {
        app.office.hall_forecasts(&reference.hall).await
    } else {
        None
    };
    let seen = seen(app, shell, &reference).await?;
    let rating = rating(app, shell, (key, &reference), ticket, typed).await?;
    let problems: Vec<_> = problem.into_iter().collect();
    let hall_name = hall_of(shell, reference.hall.as_str())
        .map_or_else(|_| reference.hall.to_string(), |hall| shell.say(&hall.name).to_owned());
    let body = html! {
        (ui::error_summary(w, &problems))
        div data-region="ticket" aria-live="polite" {
            div.card.number {
                h1 { (w.t("hall-your-number")) }
                span.no.ticket-no { (ticket.number) }
                p.quiet { (names.wants(ticket)) " · " (hall_name) }
                @if let (Some(from), true) = (ticket.restored_from, ticket.state.is_waiting()) {
                    p.strong { (w.with("hall-restored", &[("number", from.to_string().into())])) }
                }
                (standing(shell, &names, day, ticket, told.as_deref(), &app.office.arrival_code(&reference)))
            }
            @for other in &others {
                @let wants = day.ticket(other.number).map(|other| names.wants(other)).unwrap_or_default();
                p.panel { a href=(format!("/t/{}", other.key.0)) { (w.with("hall-other-number", &[("number", other.number.to_string().into()), ("wants", wants.into())])) } }
            }
            @if !cases.is_empty() {
                section.card { h2 { (w.t("hall-ticket-cases")) }
                    ul.plain-list { @for number in &cases { li { a href=(format!("/track?number={number}")) { (number) } } } } }
            }
            (why::why(shell, &names, day, ticket.number))
            (seen)
            @if ticket.held && ticket.state.is_waiting() {
                form method="post" action=(format!("/t/{}/come", key.0)) {
                    (ui::actions(html! { button.button.big type="submit" { (w.t("hall-come")) } }))
                }
            }
            @if ticket.state.is_waiting() {
                form method="post" action=(format!("/t/{}/leave", key.0)) {
                    (ui::actions(html! { button.button.second type="submit" { (w.t("hall-leave")) } }))
                }
            }
            @if ticket.state.is_over() {
                (ui::actions(html! { a.button href=(path("hall", &reference.hall)) { (w.t("hall-take-another")) } }))
            }
        }
        div data-region="rating" { (rating) }
        p.quiet.small data-live-state="" data-lost=(w.t("hall-live-lost")) { (w.t("hall-ticket-keep")) }
    };
    let title = format!("{} {}", ticket.number, w.t(&format!("hall-state-{}", ticket.state.code())));
    let page = Page::public(title, body);
    // Nothing more happens to it, and a page that loads again would lose what is being written.
    if matches!(ticket.state, TicketState::Done { .. }) {
        return Ok(shell.lay_out(page));
    }
    Ok(shell.lay_out(page.live(path("live", &reference.hall), REFRESH_SECONDS)))
}

/// 好差评 of the visit: five levels, once, when it is over.
async fn rating(
    app: &App,
    shell: &Shell,
    (key, reference): (&TicketKey, &TicketRef),
    ticket: &Ticket,
    typed: &Typed,
) -> Result<Markup, Failure> {
    let w = shell.w;
    if let Some(rating) = ticket.rating {
        let level = w.t(&format!("p-rating-{}", rating.level));
        return Ok(html! {
            section.card #rating aria-labelledby="rating-title" {
                h2 #rating-title { (w.t("p-rating-title")) }
                p { (w.with("p-rating-yours", &[("level", level.into())])) " " (w.t("hall-rating-thanks")) }
                @if app.office.calls_back(rating.level, rating.named) { p { (w.t("hall-rating-called")) } }
            }
        });
    }
    if !ticket.is_ratable() {
        return Ok(html! {});
    }
    let reachable = app.office.visitor_is_reachable(reference).await?;
    Ok(html! {
        form.card #rating method="post" action=(format!("/t/{}/rate", key.0)) {
            fieldset.question {
                legend { h2 #rating-title tabindex="-1" { (w.t("hall-rating-ask")) } }
                div.choices.ratings {
                    @for level in (1..=5_u8).rev() {
                        label.choice { input type="radio" name="level" value=(level) checked[typed.level == Some(level)] required; span { (w.t(&format!("p-rating-{level}"))) } }
                    }
                }
            }
            div.question { label for="comment" { (w.t("p-rating-comment")) " " span.quiet { (w.t("form-optional")) } } textarea #comment name="comment" rows="3" maxlength="4000" { (typed.comment) } }
            div.question { label.choice { input type="checkbox" name="named" value="yes" checked[typed.named]; span { (w.t("hall-rating-named")) } } }
            @if !reachable {
                div.question { label for="phone" { (w.t("hall-rating-phone")) } p.hint #phone-hint { (w.t("hall-rating-phone-hint")) } input type="tel" #phone name="phone" autocomplete="tel" maxlength="20" aria-describedby="phone-hint" value=(typed.phone); }
            }
            p.quiet.small { (w.t("hall-rating-seen")) }
            (ui::actions(html! { button.button type="submit" { (w.t("p-rating-send")) } }))
        }
    })
}

/// Who read what one said about oneself; nothing before anybody did.
async fn seen(app: &App, shell: &Shell, ticket: &TicketRef) -> Result<Markup, Failure> {
    let w = shell.w;
    let reads = app.office.reads_of_about(ticket).await?;
    let readers: Vec<&str> = reads.iter().map(|read| read.by.as_str()).collect();
    let officers = app.office.officer_names(&readers).await?;
    let told = |read: &office::AboutRead| {
        let part = |part: &office::AboutPart| w.t(&format!("hall-seen-{}", part.code()));
        let officer = officers.get(&read.by).cloned().unwrap_or_else(|| w.t("desk-by-officer"));
        let parts = w.list(&read.parts.iter().map(part).collect::<Vec<_>>());
        w.with("hall-seen-by", &[("officer", officer.into()), ("parts", parts.into())])
    };
    Ok(html! {
        @if !reads.is_empty() {
            section.card aria-labelledby="seen-title" {
                h2 #seen-title { (w.t("hall-seen")) }
                ul.plain-list { @for read in &reads {
                    li { (told(read)) " · " time { (ui::date_time(shell, read.at)) } }
                } }
            }
        }
    })
}

/// The number that one was joined with, and that with another, to the last.
fn last_of(day: &Day, mut number: TicketNo) -> TicketNo {
    for _ in 0..day.tickets.len() {
        match day.ticket(number).map(|ticket| &ticket.state) {
            Some(TicketState::Merged { into, .. }) => number = *into,
            _ => break,
        }
    }
    number
}

fn standing(
    shell: &Shell,
    names: &Names<'_>,
    day: &Day,
    ticket: &Ticket,
    told: Option<&HallForecasts>,
    arrival: &str,
) -> Markup {
    let w = shell.w;
    match &ticket.state {
        TicketState::Waiting { .. } if ticket.held => html! {
            p.strong { @match ticket.carried {
                Some((date, number)) => (w.with("hall-held-carried", &[("day", ui::date(shell, date).into()), ("number", number.to_string().into())])),
                None => (w.t("hall-held")),
            } }
            p { (w.t("hall-held-now")) " " (forecast::newcomer(shell, Some(day), told, &ticket.want().line)) }
            p { (w.t("hall-arrival-code")) (shell.colon()) span.mono.strong { (arrival) } }
        },
        TicketState::Waiting { .. } => html! {
            (forecast::ticket(shell, names, day, ticket, told))
            @if day.ahead_of(ticket).count() <= NEAR { div.panel.soon { p { (w.t("hall-come-near")) } } }
        },
        TicketState::Called { window, .. } => html! {
            div.panel.good role="alert" data-come="" {
                p.come { (w.with("hall-come-now", &[("window", names.window(window).into())])) }
                p { (w.t("hall-come-now-hint")) }
            }
        },
        TicketState::Serving { window, .. } => html! {
            p.strong { (w.with("hall-being-served", &[("window", names.window(window).into())])) }
        },
        TicketState::Done { .. } => html! { p.strong { (w.t("hall-done")) } },
        TicketState::Left { .. } => html! { p.strong { (w.t("hall-left")) } },
        TicketState::Lost { .. } => html! { p.strong { (w.t("hall-lost")) } p { (w.t("hall-lost-next")) } },
        TicketState::CarriedOver { .. } if ticket.carried.is_some() || ticket.held => html! {
            p.strong { (w.t("hall-carried-out")) }
        },
        TicketState::CarriedOver { .. } => html! { p.strong { (w.t("hall-carried")) } },
        TicketState::Merged { into, .. } => {
            let into = last_of(day, *into);
            let number = || [("number", into.to_string().into())];
            let over = day.ticket(into).is_none_or(|ticket| ticket.state.is_over());
            html! {
                p.strong { (w.with("hall-merged", &number())) }
                @if over { p { (w.with("hall-merged-over", &number())) } }
            }
        }
    }
}
