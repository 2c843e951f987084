//! `/kiosk/HALL`: the machine at the door. Large targets; it reads what people have: a code, a card's number, a case's number.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use catalogue::{Hall, LaneKind, LineId, Tongue};
use hall::{Source, TicketNo, Want};
use maud::{Markup, html};
use office::{By, OfficeError, TakeTicket, TicketAbout, TicketKey};

use super::names::{Names, hall_of, path};
use super::take::serves;
use super::{forecast, ticket};
use crate::app::App;
use crate::fault::Failure;
use crate::public::visitor::{Pairs, again, command, see, value};
use crate::shell::{Page, Shell};
use crate::ui;

const REFRESH_SECONDS: u32 = 30;
/// So long the slip stands on the screen for the next person to see nothing of it.
const SLIP_SECONDS: u32 = 12;
const CODE_LETTERS: usize = 10;

/// What the machine knows about the person before it.
#[derive(Debug, Default)]
struct Known {
    about: TicketAbout,
    line: Option<LineId>,
    /// What to say about it.
    told: Option<String>,
    problem: Option<String>,
    /// Why, where a use case said no.
    error: Option<OfficeError>,
    /// A case or a number was named, and its code is asked for: what the code is called.
    asks: Option<&'static str>,
}

impl Known {
    fn unknown(shell: &Shell) -> Self {
        Self { problem: Some(shell.w.t("hall-kiosk-unknown")), ..Self::default() }
    }

    /// With what a use case said, if it said it to the person.
    fn refused(self, shell: &Shell, error: OfficeError) -> Result<Self, Failure> {
        match error.message_in(shell.lang, &shell.edition) {
            Some(problem) => Ok(Self { problem: Some(problem), error: Some(error), ..self }),
            None => Err(error.into()),
        }
    }
}

pub async fn page(State(app): State<App>, shell: Shell, Path(hall): Path<String>) -> Result<Markup, Failure> {
    draw(&app, &shell, hall_of(&shell, &hall)?, &Known::default()).await
}

pub async fn press(
    State(app): State<App>,
    shell: Shell,
    Path(hall): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let hall = hall_of(&shell, &hall)?;
    let slip = |key: &TicketKey| see(&format!("{}/slip/{}", path("kiosk", &hall.id), key.0));
    let typed: String = value(&pairs, "code").chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let line = value(&pairs, "line");
    let mut known = Known::default();
    if line.is_empty() && plain_code(&typed) {
        known = match app.office.check_in(&typed, By::System, command(&pairs)).await {
            Ok(taken) => return Ok(slip(&taken.key)),
            Err(OfficeError::NotFound) => Known::unknown(&shell),
            Err(error) => known.refused(&shell, error)?,
        }
    } else if let (true, Some(number)) = (line.is_empty(), TicketNo::parse(&typed)) {
        known = come(&app, &shell, hall, number, value(&pairs, "case_code")).await?;
    } else {
        known = recognise(&app, &shell, hall, &typed, value(&pairs, "case_code"), line).await?;
        if !line.is_empty() && known.problem.is_none() {
            let take = TakeTicket {
                hall: hall.id.clone(),
                wants: vec![Want { line: line.into(), thing: None }],
                lane: LaneKind::parse(value(&pairs, "lane")).unwrap_or(LaneKind::WalkIn),
                language: Tongue::parse(value(&pairs, "language")).unwrap_or_default(),
                source: Source::Kiosk,
                specialist: None,
                about: known.about.clone(),
                on_the_way: false,
            };
            match app.office.take_ticket(take, By::System, command(&pairs)).await {
                Ok(taken) => return Ok(slip(&taken.key)),
                Err(error) => known = known.refused(&shell, error)?,
            }
        }
    }
    let page = draw(&app, &shell, hall, &known).await?;
    Ok(match &known.error {
        Some(error) => again(error, page),
        None if known.problem.is_some() => (StatusCode::UNPROCESSABLE_ENTITY, page).into_response(),
        None => page.into_response(),
    })
}

/// Whoever holds a number that was kept is there, and shows it by the code on the page of the number.
async fn come(app: &App, shell: &Shell, hall: &Hall, number: TicketNo, code: &str) -> Result<Known, Failure> {
    let about = TicketAbout { code: number.to_string(), ..TicketAbout::default() };
    let asked = Known { about, asks: Some("hall-arrival-code"), ..Known::default() };
    if code.trim().is_empty() {
        return Ok(Known { told: Some(shell.w.t("hall-kiosk-arrival")), ..asked });
    }
    match app.office.come_at_machine(&hall.id, number, code).await {
        Ok(()) => {
            let told = shell.w.with("hall-kiosk-came", &[("number", number.to_string().into())]);
            Ok(Known { told: Some(told), ..Known::default() })
        }
        Err(error) => asked.refused(shell, error),
    }
}

fn plain_code(typed: &str) -> bool {
    typed.len() == CODE_LETTERS && typed.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What was typed or scanned: a case's number with its code, a credit code, a resident number.
async fn recognise(
    app: &App,
    shell: &Shell,
    hall: &Hall,
    typed: &str,
    proof: &str,
    line: &str,
) -> Result<Known, Failure> {
    let w = shell.w;
    if typed.is_empty() {
        return Ok(Known::default());
    }
    if let Ok(number) = identifier::CaseNumber::parse(typed) {
        let number = number.to_string();
        if proof.trim().is_empty() {
            // Nothing is looked up, so that nobody learns which numbers there are. Whoever chooses a service without the code gets
            // a number that says nothing of a case.
            let about = TicketAbout {
                case_number: if line.is_empty() { number } else { String::new() },
                ..TicketAbout::default()
            };
            let told = Some(w.t("hall-kiosk-case-code"));
            return Ok(Known { about, told, asks: Some("hall-case-code"), ..Known::default() });
        }
        let about = TicketAbout {
            case_number: number.clone(),
            case_code: proof.to_owned(),
            ..TicketAbout::default()
        };
        let known = Known { about, asks: Some("hall-case-code"), ..Known::default() };
        // Whoever has chosen a service takes the number with it, which is when it is seen whose the case is.
        if !line.is_empty() {
            return Ok(known);
        }
        return match app.office.own_case(&number, proof, By::System, Some(&hall.id)).await {
            Ok((id, _)) => {
                let case = app.office.load_case(id).await?.case;
                let open =
                    case.matters.iter().find(|matter| !matter.state.is_over()).or(case.matters.first());
                let line = open.and_then(|matter| shell.edition.line_of(&matter.item)).map(|line| line.id);
                let told = Some(w.with("hall-kiosk-case", &[("number", number.into())]));
                Ok(Known { line, told, ..known })
            }
            Err(error) => known.refused(shell, error),
        };
    }
    let known = |kind: &str, code: String| {
        let shown = identifier::mask_number(&code);
        let told = Some(w.with(kind, &[("code", shown.into())]));
        Known { about: TicketAbout { code, ..TicketAbout::default() }, told, ..Known::default() }
    };
    if let Ok(code) = identifier::CreditCode::parse(typed) {
        return Ok(known("hall-kiosk-credit", code.code));
    }
    if let Ok(card) = identifier::ResidentNumber::parse(typed) {
        return Ok(known("hall-kiosk-resident", card.number));
    }
    Ok(Known::unknown(shell))
}

async fn draw(app: &App, shell: &Shell, hall: &Hall, known: &Known) -> Result<Markup, Failure> {
    let w = shell.w;
    let names = Names::new(shell);
    let loaded = app.office.hall_day(&hall.id, app.office.today()).await?;
    let setup = app.office.hall_setup(&hall.id, app.office.today())?;
    let day = loaded.as_ref().map(|loaded| &*loaded.day);
    let told = app.office.hall_forecasts(&hall.id).await;
    let code = if known.about.case_number.is_empty() { &known.about.code } else { &known.about.case_number };
    let elder = names.lanes().iter().find(|lane| lane.kind == LaneKind::ElderlyOrDisabled);
    let mut lines: Vec<_> = names.lines().iter().filter(|line| serves(&setup, line)).collect();
    lines.sort_by_key(|line| known.line.as_ref() != Some(&line.id));
    let body = html! {
        div.kiosk {
            header.row.between {
                h1 { (shell.say(&hall.name)) }
                form method="post" action="/language" { (ui::hidden("next", &shell.here)) button.button.second type="submit" { (w.t("language-other")) } }
            }
            form method="post" action=(path("kiosk", &hall.id)) {
                (ui::hidden("command", &app.office.new_id().to_string()))
                (ui::hidden("language", if shell.lang == diagnostic::Lang::En && speaks(&setup, Tongue::En) { "en" } else { "zh" }))
                section.kiosk-who {
                    label for="code" { (w.t("hall-kiosk-code")) }
                    @if let Some(problem) = &known.problem { p.problem role="alert" { (problem) } }
                    @if let Some(told) = &known.told { div.panel.good role="status" { p { (told) } } }
                    div.with-unit {
                        input type="text" #code name="code" value=(code) autocomplete="off" autocapitalize="characters" spellcheck="false" data-focus=[(known.asks.is_none()).then_some("")];
                        button.button.big type="submit" { (w.t("hall-kiosk-read")) }
                    }
                    @if let Some(code) = known.asks {
                        label for="case_code" { (w.t(code)) }
                        div.with-unit {
                            input.w-short type="text" #case_code name="case_code" value=(known.about.case_code) maxlength="20" autocomplete="off" autocapitalize="characters" spellcheck="false" data-focus="";
                        }
                    }
                }
                @if let Some(lane) = elder {
                    label.choice.kiosk-lane {
                        input type="checkbox" name="lane" value=(lane.kind.code());
                        span { (shell.say(&lane.name)) @if let Some(who) = &lane.who { br; span.quiet.small { (shell.say(who)) } } }
                    }
                }
                @if setup.hours.is_empty() { (ui::panel("soon", html! { p { (w.t("hall-closed-today")) } })) }
                @else if setup.is_over(day, shell.now) { (ui::panel("soon", html! { p { (w.t("hall-over-today")) } })) }
                // Nobody presses what would be refused.
                @else { h2 { (w.t("hall-kiosk-choose")) } div.kiosk-lines data-region="lines" { @for line in &lines {
                    button.kiosk-line.chosen[known.line.as_ref() == Some(&line.id)] type="submit" name="line" value=(line.id) {
                        span.name { (shell.say(&line.name)) }
                        (forecast::newcomer(shell, day, told.as_deref(), &line.id))
                    }
                } } }
            }
        }
    };
    // Somebody in the middle of it is not disturbed; an idle machine shows the waits as they are.
    let page = Page::screen(w.t("hall-kiosk"), body);
    let idle = known.told.is_none() && known.problem.is_none();
    Ok(shell.lay_out(if idle { page.live(path("live", &hall.id), REFRESH_SECONDS) } else { page }))
}

fn speaks(setup: &hall::Setup, tongue: Tongue) -> bool {
    setup.windows.iter().any(|desk| desk.skills.iter().any(|(_, tongues)| tongues.contains(&tongue)))
}

/// What the printer prints, and the screen shows for a moment.
pub async fn slip(
    State(app): State<App>,
    shell: Shell,
    Path((hall, key)): Path<(String, String)>,
) -> Result<Markup, Failure> {
    let w = shell.w;
    let hall = hall_of(&shell, &hall)?;
    let key = TicketKey(key);
    let (reference, loaded) = ticket::found(&app, &key).await?;
    let found = loaded.day.ticket(reference.number).ok_or(Failure::NotFound)?;
    let names = Names::new(&shell);
    let told = app.office.hall_forecasts(&hall.id).await;
    let address = format!("{}/t/{}", app.office.public_url(), key.0);
    let body = html! {
        div.kiosk.slip data-auto-print="" data-return=(path("kiosk", &hall.id)) data-return-seconds=(SLIP_SECONDS) {
            p.strong { (shell.say(&hall.name)) }
            p { (w.t("hall-your-number")) }
            p.no { (found.number) }
            p { (names.wants(found)) @if found.lane != *walk_in(&names) { " · " (names.lane(&found.lane)) } }
            @if found.state.is_waiting() { (forecast::ticket(&shell, &names, &loaded.day, found, told.as_deref())) }
            (ui::qr(&address, &w.t("hall-slip-qr")))
            p.small { (w.t("hall-slip-qr")) }
            p.small.quiet { (ui::date_time(&shell, found.joined_at)) }
            p.no-print { a.button.big href=(path("kiosk", &hall.id)) { (w.t("hall-slip-done")) } }
        }
    };
    let page = Page::screen(found.number.to_string(), body);
    Ok(shell.lay_out(page.go_on(path("kiosk", &hall.id), SLIP_SECONDS)))
}

fn walk_in<'n>(names: &'n Names<'_>) -> &'n catalogue::LaneId {
    let lanes = names.lanes();
    &lanes.iter().find(|lane| lane.kind == LaneKind::WalkIn).unwrap_or(&lanes[0]).id
}
