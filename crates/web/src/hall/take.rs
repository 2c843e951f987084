//! Taking a number on the phone, and how long one would wait now.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use catalogue::{LaneKind, Tongue};
use hall::{Source, Want};
use maud::{Markup, html};
use office::{By, NotPossible, OfficeError, TakeTicket, TicketAbout};
use serde::Deserialize;

use super::forecast;
use super::names::{Names, hall_of, path};
use crate::app::App;
use crate::fault::Failure;
use crate::public::visitor::{Guest, Pairs, again, command, key_cookie, see, value, values, with_cookie};
use crate::shell::{Page, Shell};
use crate::ui;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    thing: String,
    #[serde(default)]
    specialist: String,
}

/// The hall itself where there is one, a choice where there are several.
pub async fn halls(shell: Shell) -> Response {
    let halls = &shell.edition.parts().halls;
    if let (1, Some(hall)) = (halls.len(), halls.values().next()) {
        return Redirect::to(&path("hall", &hall.id)).into_response();
    }
    let body = html! {
        h1 { (shell.w.t("hall-choose")) }
        @if halls.is_empty() { (ui::empty(&shell.w.t("hall-none"), &shell.w.t("hall-none-next"), None)) }
        ul.doors { @for hall in halls.values() {
            li { a href=(path("hall", &hall.id)) { (shell.say(&hall.name)) } p { (shell.say(&hall.address)) } }
        } }
    };
    shell.lay_out(Page::public(shell.w.t("hall-choose"), body)).into_response()
}

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(hall): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    draw(&app, &shell, &guest, &hall, &asked, &[], None).await
}

pub async fn take(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(hall): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let hall = hall_of(&shell, &hall)?;
    let (key, new) = guest.key_or_new(&app);
    let case = value(&pairs, "case").trim();
    let mut ways = guest.ways(&shell);
    if ways.is_empty() {
        ways.push(By::Guest(&key));
    }
    let specialist = Some(value(&pairs, "specialist")).filter(|text| !text.is_empty());
    let take = TakeTicket {
        hall: hall.id.clone(),
        wants: values(&pairs, "line")
            .into_iter()
            .map(|line| Want { line: line.into(), thing: None })
            .collect(),
        lane: LaneKind::parse(value(&pairs, "lane")).unwrap_or(LaneKind::WalkIn),
        language: Tongue::parse(value(&pairs, "language")).unwrap_or_default(),
        source: Source::Phone,
        specialist: specialist.map(Into::into),
        on_the_way: value(&pairs, "here") == "no",
        about: TicketAbout {
            case_number: case.to_owned(),
            case_code: value(&pairs, "case_code").to_owned(),
            ..TicketAbout::default()
        },
    };
    match app.office.take_ticket_as(take, ways, command(&pairs)).await {
        Ok(taken) => {
            let cookie = new.then(|| key_cookie(&app, &key)).flatten();
            Ok(with_cookie(see(&format!("/t/{}", taken.key.0)), cookie))
        }
        Err(
            error @ (OfficeError::Hall(_)
            | OfficeError::NotPossible(_)
            | OfficeError::Enough(_)
            | OfficeError::Wait { .. }),
        ) => {
            let specialist = value(&pairs, "specialist").to_owned();
            let asked = Asked { specialist, ..Asked::default() };
            let told = error.message_in(shell.lang, &shell.edition);
            let problem = told.map(|message| (control(&error).to_owned(), message));
            let page = draw(&app, &shell, &guest, hall.id.as_str(), &asked, &pairs, problem).await?;
            Ok(again(&error, page))
        }
        Err(error) => Err(error.into()),
    }
}

/// The control that the refusal is about.
const fn control(error: &OfficeError) -> &'static str {
    match error {
        OfficeError::Hall(hall::Refusal::NobodySpeaks) => "language",
        OfficeError::NotPossible(
            NotPossible::CaseUnproved | NotPossible::AboutTooLong | NotPossible::AboutPhone,
        ) => "case",
        _ => "line-title",
    }
}

async fn draw(
    app: &App,
    shell: &Shell,
    guest: &Guest,
    hall: &str,
    asked: &Asked,
    typed: &[(String, String)],
    problem: Option<(String, String)>,
) -> Result<Markup, Failure> {
    let w = shell.w;
    let hall = hall_of(shell, hall)?;
    let names = Names::new(shell);
    let today = app.office.today();
    let loaded = app.office.hall_day(&hall.id, today).await?;
    let day = loaded.as_ref().map(|loaded| &*loaded.day);
    let told = app.office.hall_forecasts(&hall.id).await;
    let setup = app.office.hall_setup(&hall.id, today)?;
    let chosen = shell.edition.thing(&asked.thing.as_str().into()).and_then(|thing| {
        thing.members.iter().find_map(|member| shell.edition.line_of(&member.item)).map(|line| line.id)
    });
    let (mut own, mut held) = (Vec::new(), Vec::new());
    for by in guest.ways(shell) {
        own.extend(app.office.own_bookings(by).await?);
        held.extend(app.office.own_tickets(by).await?);
    }
    let problems: Vec<_> = problem.into_iter().collect();
    let staffed = shell.edition.parts().windows.values().any(|window| window.hall == hall.id);
    let bookable = setup.booking.is_some() && staffed;
    let over = setup.is_over(day, shell.now);
    // Nobody is invited to a hall in which nobody receives them.
    let served = names.lines().iter().any(|line| serves(&setup, line));
    let specialist =
        shell.edition.parts().specialists.get(&catalogue::SpecialistId::from(asked.specialist.as_str()));
    let body = html! {
        (ui::error_summary(w, &problems))
        h1 { (w.t("hall-take")) }
        p.lead { (shell.say(&hall.name)) }
        @if served || hall.self_service { (opening(shell, &setup)) }
        (ui::panel("plain", html! {
            p { (shell.say(&hall.address)) }
            @if let Some(directions) = &hall.directions { p.quiet { (w.t("hall-directions")) (shell.colon()) (shell.say(directions)) } }
        }))
        @for taken in &held {
            div.panel.good { p { a.strong href=(format!("/t/{}", taken.key.0)) { (w.with("hall-own-ticket", &[("number", taken.number.to_string().into())])) } } }
        }
        @if !own.is_empty() {
            section.card aria-labelledby="own-title" {
                h2 #own-title { (w.t("hall-own-bookings")) }
                ul.plain-list { @for (each, code) in &own {
                    li { a href=(format!("/a/{code}")) { (ui::date_time(shell, each.slot)) } " · " (names.line(&each.line.as_str().into()))
                        @if each.reminded { " " span.tag.soon { (w.t("hall-reminder")) } } }
                } }
            }
        }
        @if setup.hours.is_empty() { (ui::panel("soon", html! { p { (w.t("hall-closed-today")) } })) }
        @else if hall.self_service { (ui::panel("plain", html! { p { (w.t("hall-machines")) } })) }
        @else if !served { (ui::panel("soon", html! { p { (w.t("hall-unserved")) } })) }
        // Nobody fills in what would be refused at the end.
        @else if over { (ui::panel("soon", html! { p { (w.t("hall-over-today")) } @if bookable { p { a.button.second href=(path("book", &hall.id)) { (w.t("hall-book")) } } } })) }
        @if !over && served { form method="post" action=(format!("{}/take", path("hall", &hall.id))) {
            (ui::hidden("command", &app.office.new_id().to_string()))
            @if let Some(found) = specialist {
                (ui::hidden("specialist", found.id.as_str()))
                p { span.strong { (w.with("hall-with-specialist", &[("name", found.id.as_str().into())])) } " " a href=(path("hall", &hall.id)) { (w.t("hall-book-other")) } }
            }
            fieldset.question {
                legend #line-title { (w.t("hall-what-for")) }
                p.hint { (w.t("hall-what-for-hint")) }
                div.choices { @for line in names.lines().iter().filter(|line| serves(&setup, line) && specialist.is_none_or(|found| found.covers.contains(&line.id))) {
                    label.choice {
                        input type="checkbox" name="line" value=(line.id) checked[chosen.as_ref() == Some(&line.id) || values(typed, "line").contains(&line.id.as_str())];
                        span { (shell.say(&line.name)) " " (forecast::newcomer(shell, day, told.as_deref(), &line.id)) }
                    }
                } }
            }
            (forecast::newcomers_thin(shell, told.as_deref()))
            (more(shell, &names, &setup, typed))
            fieldset.question { legend { (w.t("hall-here")) }
                div.choices { @for answer in ["yes", "no"] {
                    label.choice { input type="radio" name="here" value=(answer) checked[value(typed, "here") == answer] required; span { (w.t(&format!("hall-here-{answer}"))) } }
                } }
            }
            (ui::actions(html! { button.button.big type="submit" { (w.t("hall-take-go")) } }))
        } }
        ul.doors {
            @if bookable { li { a href=(path("book", &hall.id)) { (w.t("hall-book")) } p { (w.t("hall-book-hint")) } } }
            @if !shell.edition.parts().specialists.is_empty() { li { a href="/specialists" { (w.t("hall-specialists")) } p { (w.t("hall-specialists-hint")) } } }
            li { a href=(path("wall", &hall.id)) { (w.t("hall-wall")) } p { (w.t("hall-wall-hint")) } }
        }
        (lanes_told(shell, &names))
    };
    Ok(shell.lay_out(Page::public(w.t("hall-take"), body)))
}

/// Whether some window of today does it at all.
pub fn serves(setup: &hall::Setup, line: &catalogue::ServiceLine) -> bool {
    setup.windows.iter().any(|desk| desk.skills.iter().any(|(skill, _)| *skill == line.id))
}

fn opening(shell: &Shell, setup: &hall::Setup) -> Markup {
    let spans: Vec<String> = setup
        .hours
        .iter()
        .map(|span| format!("{}–{}", ui::time(shell, span.from), ui::time(shell, span.to)))
        .collect();
    html! { @if !spans.is_empty() { p.quiet { (shell.w.with("hall-open-today", &[("hours", spans.join("，").into())])) } } }
}

/// Language, a priority that anybody may claim, and a case that one comes back about.
fn more(shell: &Shell, names: &Names<'_>, setup: &hall::Setup, typed: &[(String, String)]) -> Markup {
    let w = shell.w;
    let mut tongues: Vec<Tongue> = setup
        .windows
        .iter()
        .flat_map(|desk| desk.skills.iter().flat_map(|(_, spoken)| spoken.clone()))
        .collect();
    tongues.sort_unstable();
    tongues.dedup();
    let chosen = Tongue::parse(value(typed, "language")).unwrap_or_default();
    let elder = names.lanes().iter().find(|lane| lane.kind == LaneKind::ElderlyOrDisabled);
    html! {
        @if let Some(lane) = elder {
            div.question { label.choice {
                input type="checkbox" name="lane" value=(lane.kind.code()) checked[value(typed, "lane") == lane.kind.code()];
                span { (shell.say(&lane.name)) @if let Some(who) = &lane.who { br; span.quiet.small { (shell.say(who)) } } }
            } }
        }
        // Whoever was refused sees all that was chosen.
        details.more open[!value(typed, "case").is_empty() || !value(typed, "case_code").is_empty() || chosen != Tongue::Zh] {
            summary { (w.t("hall-more")) }
            @if tongues.len() > 1 {
                div.question {
                    label for="language" { (w.t("hall-language")) }
                    select #language name="language" { @for tongue in &tongues {
                        option value=(tongue.code()) selected[*tongue == chosen] { (names.tongue(*tongue)) }
                    } }
                }
            }
            div.question {
                label for="case" { (w.t("hall-about-case")) }
                p.hint { (w.t("hall-about-case-hint")) }
                input.w-medium type="text" #case name="case" value=(value(typed, "case")) maxlength="40" autocomplete="off" inputmode="numeric";
            }
            (case_code(shell, value(typed, "case_code")))
        }
    }
}

/// The code of the receipt, for a case that no account and no device shows to be theirs.
fn case_code(shell: &Shell, typed: &str) -> Markup {
    let w = shell.w;
    html! {
        div.question {
            label for="case_code" { (w.t("hall-case-code")) }
            p.hint #case-code-hint { (w.t("hall-case-code-hint")) }
            input.w-short.mono type="text" #case_code name="case_code" value=(typed) maxlength="20" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="case-code-hint";
        }
    }
}

/// Who is called earlier than others, and by how much: told to everybody.
fn lanes_told(shell: &Shell, names: &Names<'_>) -> Markup {
    let w = shell.w;
    html! {
        details.more {
            summary { (w.t("hall-lanes")) }
            p { (w.t("hall-why-rule")) }
            ul { @for lane in names.lanes() {
                li {
                    span.strong { (shell.say(&lane.name)) } " "
                    @if lane.head_start_minutes > 0 { (w.with("hall-lane-minutes", &[("minutes", lane.head_start_minutes.into())])) }
                    @else { (w.t("hall-lane-none")) }
                    @if let Some(who) = &lane.who { " · " span.quiet { (shell.say(who)) } }
                }
            } }
        }
    }
}
