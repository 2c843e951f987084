//! One number: what somebody takes home after handing in.

use axum::extract::{Path, State};
use axum::response::Response;
use calendar::Date;
use casework::ClockKind;
use form::{Form, Input, KnownFacts, Modes};
use maud::{Markup, html};
use office::{By, LoadedCase, OfficeError, OpenedCase};

use crate::app::App;
use crate::fault::Failure;
use crate::public::my::grouped;
use crate::public::visitor::Guest;
use crate::shell::{Page, Shell, encode};
use crate::ui;

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
) -> Result<Markup, Failure> {
    let loaded = guest.case(&app, &shell, &number).await?;
    let code = code_of(app.office.receipt_code(loaded.id, loaded.by).await)?;
    draw(&app, &shell, &loaded, code).await
}

/// Another code, for whoever lost the first.
pub async fn new_code(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
) -> Result<Markup, Failure> {
    let loaded = guest.case(&app, &shell, &number).await?;
    let code = app.office.new_receipt_code(loaded.id, loaded.by).await?;
    draw(&app, &shell, &loaded, Some(code)).await
}

/// Whoever acts for another sees the number and no code: it would outlive the consent.
fn code_of(code: Result<Option<String>, OfficeError>) -> Result<Option<String>, Failure> {
    match code {
        Err(OfficeError::Denied) => Ok(None),
        code => Ok(code?),
    }
}

async fn draw(
    app: &App,
    shell: &Shell,
    loaded: &OpenedCase<'_>,
    code: Option<String>,
) -> Result<Markup, Failure> {
    let w = shell.w;
    let case = &loaded.case;
    let number = encode(&case.number);
    let due = done_on(app, loaded).await?;
    let by_agent = matches!(loaded.by, By::Agent(_));
    let address = format!("{}/track?number={number}", app.office.public_url());
    let title =
        loaded.edition.thing(&case.thing).map(|thing| shell.say(&thing.title).to_owned()).unwrap_or_default();
    let phone = app.office.party(loaded.id).await?.phone;
    let body = html! {
        div.card.number {
            h1 { (w.t("p-number-title")) }
            p.lead { (title) }
            span.no { (grouped(&case.number)) }
            (ui::qr(&address, &w.t("p-number-qr")))
            p.quiet.small { (w.t("p-number-qr")) }
            @if let Some(day) = due { p.strong { (w.with("p-number-due", &[("day", ui::date(shell, day).into())])) } }
            @if let Some(code) = &code { p { (w.t("p-number-code")) " " span.strong.mono { (code) } } p.quiet.small { (w.t("p-number-code-hint")) } }
        }
        @if code.is_none() && !by_agent {
            form method="post" action=(format!("/cases/{number}/number")) {
                p.quiet.small { (w.t("p-number-code-shown")) }
                button.button.second.small type="submit" { (w.t("p-number-code-new")) }
            }
        }
        h2 { (w.t("p-number-next")) }
        ol.steps {
            @for matter in case.matters.iter().filter(|matter| matter.plan.after.is_empty()) {
                @let item = loaded.edition.item(&matter.item);
                @let department = loaded.edition.department(&matter.department);
                li {
                    (w.with("p-number-intake", &[
                        ("department", department.map_or(matter.department.as_str(), |department| shell.say(&department.name)).into()),
                        ("item", item.map_or(matter.item.as_str(), |item| shell.say(&item.title)).into()),
                        ("limit", matter.plan.limits.intake.text(crate::public::law::calendar_lang(shell.lang)).into()),
                    ]))
                }
            }
            @if case.matters.iter().any(|matter| !matter.plan.after.is_empty()) { li { (w.t("p-number-others")) } }
            li { @if phone.is_empty() { (w.t("p-number-told-not")) } @else { (w.t("p-number-told")) } }
        }
        (ui::actions(html! {
            a.button href=(format!("/cases/{number}")) { (w.t("p-number-track")) }
            @if due.is_some() { a.button.second href=(format!("/cases/{number}/due.ics")) { (w.t("p-number-calendar")) } }
            button.button.second type="button" data-print="" hidden { (w.t("p-print")) }
        }))
        p.quiet.small { (w.t("p-number-keep")) }
    };
    Ok(shell.lay_out(Page::public(w.t("p-number-title"), body)))
}

/// The day by which everything is decided as promised: by the running clocks, and by the plan for what has not begun.
pub async fn done_on(app: &App, loaded: &LoadedCase) -> Result<Option<Date>, Failure> {
    let (edition, case) = (&loaded.edition, &loaded.case);
    let offset = edition.offset();
    let clocks = case.clocks(edition.calendar(), offset, app.office.now());
    let promised = |item: &catalogue::ItemId| {
        clocks.iter().find(|clock| clock.kind == ClockKind::Promised && clock.item == *item)
    };
    let open: Vec<_> = case.matters.iter().filter(|matter| !matter.state.is_over()).collect();
    let known: Vec<Option<Date>> =
        open.iter().map(|matter| promised(&matter.item).map(|clock| clock.due.due_on)).collect();
    if known.iter().all(Option::is_some) {
        return Ok(known.into_iter().flatten().max());
    }
    let Some(thing) = edition.thing(&case.thing) else { return Ok(None) };
    let answers = app.office.answers(loaded).await?;
    let received = offset.to_datetime(case.received_at).date();
    let (modes, facts) = (Modes::default(), KnownFacts::new());
    let form = Form::new(Input {
        edition,
        thing,
        party: case.party,
        known: &facts,
        answers: &answers,
        modes: &modes,
        today: received,
    });
    let planned = form.plan(received).done_on;
    Ok(known.into_iter().flatten().chain(planned).max())
}

/// The due day for one's own calendar.
pub async fn calendar(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let loaded = guest.case(&app, &shell, &number).await?;
    let day = done_on(&app, &loaded).await?.ok_or(Failure::NotFound)?;
    let number = &loaded.case.number;
    let title = loaded
        .edition
        .thing(&loaded.case.thing)
        .map(|thing| shell.say(&thing.title).to_owned())
        .unwrap_or_default();
    let summary =
        shell.w.with("p-calendar-summary", &[("thing", title.into()), ("number", grouped(number).into())]);
    let next = day.tomorrow().unwrap_or(day);
    let lines = [
        format!("UID:case-{number}@yichuang"),
        format!("DTSTAMP:{}", ui::ics::instant(shell.now)),
        format!("DTSTART;VALUE=DATE:{}", day.strftime("%Y%m%d")),
        format!("DTEND;VALUE=DATE:{}", next.strftime("%Y%m%d")),
        format!("SUMMARY:{}", ui::ics::escape(&summary)),
        format!("URL:{}/track?number={number}", app.office.public_url()),
    ];
    Ok(ui::ics::file("Case", "PUBLISH", &lines, number))
}
