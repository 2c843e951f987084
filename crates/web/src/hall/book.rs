//! `/book/HALL`: choosing what for, then a day and a time, from what the windows can really do.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use catalogue::{Hall, LineId, Tongue};
use hall::Want;
use jiff::Timestamp;
use maud::{Markup, html};
use office::{Booking, By, FreeDay, OfficeError, TicketAbout};
use serde::Deserialize;

use super::names::{Names, hall_of, path};
use crate::app::App;
use crate::fault::Failure;
use crate::public::visitor::{Guest, Pairs, again, command, key_cookie, see, value, with_cookie};
use crate::shell::{Page, Shell};
use crate::ui;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    line: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    specialist: String,
}

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    Path(hall): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    draw(&app, &shell, hall_of(&shell, &hall)?, &asked, &[], None).await
}

pub async fn book(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(hall): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let hall = hall_of(&shell, &hall)?;
    let (key, new) = guest.key_or_new(&app);
    let by = guest.ways(&shell).into_iter().next().unwrap_or(By::Guest(&key));
    let asked = Asked {
        line: value(&pairs, "line").to_owned(),
        language: value(&pairs, "language").to_owned(),
        specialist: value(&pairs, "specialist").to_owned(),
    };
    let Some(slot) = instant(value(&pairs, "slot")) else {
        let problem = Some(shell.w.t("hall-book-choose-slot"));
        let page = draw(&app, &shell, hall, &asked, &pairs, problem).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let booking = Booking {
        hall: hall.id.clone(),
        date: ui::civil(&shell, slot).date(),
        slot,
        want: Want { line: asked.line.as_str().into(), thing: None },
        language: Tongue::parse(&asked.language).unwrap_or_default(),
        specialist: Some(asked.specialist.as_str()).filter(|text| !text.is_empty()).map(Into::into),
        about: TicketAbout {
            name: value(&pairs, "name").to_owned(),
            phone: value(&pairs, "phone").to_owned(),
            ..TicketAbout::default()
        },
    };
    match app.office.book(booking, by, command(&pairs)).await {
        Ok(booked) => {
            let cookie = new.then(|| key_cookie(&app, &key)).flatten();
            Ok(with_cookie(see(&format!("/a/{}", booked.code)), cookie))
        }
        Err(error @ (OfficeError::Hall(_) | OfficeError::NotPossible(_) | OfficeError::Enough(_))) => {
            let page = draw(&app, &shell, hall, &asked, &pairs, error.message_in(shell.lang, &shell.edition))
                .await?;
            Ok(again(&error, page))
        }
        Err(error) => Err(error.into()),
    }
}

/// The value of a slot's radio button.
pub fn instant(text: &str) -> Option<Timestamp> {
    text.parse::<i64>().ok().and_then(|second| Timestamp::from_second(second).ok())
}

async fn draw(
    app: &App,
    shell: &Shell,
    hall: &Hall,
    asked: &Asked,
    typed: &[(String, String)],
    problem: Option<String>,
) -> Result<Markup, Failure> {
    let w = shell.w;
    let names = Names::new(shell);
    let line = names.lines().iter().find(|line| line.id.as_str() == asked.line);
    let specialist =
        shell.edition.parts().specialists.get(&catalogue::SpecialistId::from(asked.specialist.as_str()));
    let language = Tongue::parse(&asked.language).unwrap_or_default();
    let days = match line {
        Some(line) => match app.office.free_slots(&hall.id, &line.id, language).await {
            Err(OfficeError::Hall(refusal)) => {
                let body = html! { h1 { (w.t("hall-book")) } (ui::empty(&w.t("hall-book-none"), &refusal.message_in(shell.lang, &*shell.edition), Some((&path("hall", &hall.id), &w.t("hall-take"))))) };
                return Ok(shell.lay_out(Page::public(w.t("hall-book"), body)));
            }
            days => days?,
        },
        None => Vec::new(),
    };
    let problems: Vec<_> = problem.map(|message| ("slots".to_owned(), message)).into_iter().collect();
    let body = html! {
        (ui::error_summary(w, &problems))
        h1 { (w.t("hall-book")) }
        p.lead { (shell.say(&hall.name)) @if let Some(found) = specialist { " · " (w.with("hall-with-specialist", &[("name", found.id.as_str().into())])) } }
        @match line {
            None => {
                p { (w.t("hall-book-what")) }
                ul.doors { @for line in names.lines().iter().filter(|line| specialist.is_none_or(|found| found.covers.contains(&line.id))) {
                    li { a href=(format!("{}?line={}&specialist={}", path("book", &hall.id), crate::shell::encode(line.id.as_str()), crate::shell::encode(&asked.specialist))) { (shell.say(&line.name)) }
                        p { (w.with("hall-book-takes", &[("minutes", line.minutes.median.into())])) } }
                } }
            }
            Some(line) => {
                p { span.strong { (shell.say(&line.name)) } " " a href=(format!("{}?specialist={}", path("book", &hall.id), crate::shell::encode(&asked.specialist))) { (w.t("hall-book-other")) } }
                form method="post" action=(path("book", &hall.id)) {
                    (ui::hidden("command", &app.office.new_id().to_string()))
                    (ui::hidden("line", line.id.as_str())) (ui::hidden("language", language.code())) (ui::hidden("specialist", &asked.specialist))
                    (slots(shell, &days, chosen(&days, typed)))
                    div.question { label for="name" { (w.t("hall-book-name")) } input.w-medium type="text" #name name="name" value=(value(typed, "name")) autocomplete="name" maxlength="60"; }
                    div.question { label for="phone" { (w.t("hall-book-phone")) } p.hint { (w.t("hall-book-phone-hint")) } input.w-medium type="tel" #phone name="phone" value=(value(typed, "phone")) autocomplete="tel" maxlength="20"; }
                    (ui::actions(html! { button.button.big type="submit" { (w.t("hall-book-go")) } }))
                }
            }
        }
    };
    let page = Page::public(w.t("hall-book"), body);
    Ok(shell.lay_out(page.crumb(w.t("hall-take"), path("hall", &hall.id))))
}

/// The time that was chosen before something else was refused, if it is still to be had.
fn chosen(days: &[FreeDay], typed: &[(String, String)]) -> Option<Timestamp> {
    let slot = instant(value(typed, "slot"))?;
    let free = |found: &&hall::Slot| found.at.from == slot && found.free > 0;
    days.iter().flat_map(|day| &day.slots).find(free).map(|found| found.at.from)
}

/// Days with their times; full ones stay visible, so that nobody wonders.
pub fn slots(shell: &Shell, days: &[FreeDay], now_at: Option<Timestamp>) -> Markup {
    let w = shell.w;
    let some = days.iter().any(|day| day.slots.iter().any(|slot| slot.free > 0));
    html! {
        div #slots {
            @if !some { (ui::empty(&w.t("hall-book-full"), &w.t("hall-book-full-next"), None)) }
            @for (place, day) in days.iter().enumerate() {
                @let free: u32 = day.slots.iter().map(|slot| slot.free).sum();
                details.slots-day open[place == 0 && free > 0] {
                    summary { (ui::date(shell, day.date)) " " span.quiet { @if free == 0 { (w.t("hall-slot-full")) } @else { (w.with("hall-slots-free", &[("count", free.into())])) } } }
                    fieldset.question {
                        legend.visually-hidden { (ui::date(shell, day.date)) }
                        div.slots { @for slot in &day.slots {
                            @if slot.free > 0 || Some(slot.at.from) == now_at {
                                label.choice { input type="radio" name="slot" value=(slot.at.from.as_second()) checked[Some(slot.at.from) == now_at];
                                    span { (ui::time(shell, slot.at.from)) } }
                            } @else {
                                span.choice.full { (ui::time(shell, slot.at.from)) " " span.small { (w.t("hall-slot-full")) } }
                            }
                        } }
                    }
                }
            }
        }
    }
}

/// The line of an appointment, for its other slots.
pub async fn other_slots(
    app: &App,
    hall: &catalogue::HallId,
    line: &LineId,
    language: Tongue,
) -> Result<Vec<FreeDay>, Failure> {
    match app.office.free_slots(hall, line, language).await {
        Ok(days) => Ok(days),
        Err(OfficeError::Hall(_)) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}
