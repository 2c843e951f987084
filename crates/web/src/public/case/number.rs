//! One number: what somebody takes home after handing in.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use calendar::Date;
use casework::ClockKind;
use form::{Form, Input, KnownFacts, Modes};
use maud::{Markup, html};
use office::LoadedCase;

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
    let (loaded, _) = guest.case(&app, &shell, &number).await?;
    let w = shell.w;
    let case = &loaded.case;
    let number = encode(&case.number);
    let due = done_on(&app, &loaded).await?;
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
            @if let Some(day) = due { p.strong { (w.with("p-number-due", &[("day", ui::date(&shell, day).into())])) } }
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
    let (loaded, _) = guest.case(&app, &shell, &number).await?;
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
    let stamp = jiff::tz::Offset::UTC.to_datetime(shell.now).strftime("%Y%m%dT%H%M%SZ").to_string();
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Yichuang//Case//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:case-{number}@yichuang"),
        format!("DTSTAMP:{stamp}"),
        format!("DTSTART;VALUE=DATE:{}", day.strftime("%Y%m%d")),
        format!("DTEND;VALUE=DATE:{}", next.strftime("%Y%m%d")),
        format!("SUMMARY:{}", escape(&summary)),
        format!("URL:{}/track?number={number}", app.office.public_url()),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    let text: String = lines.iter().map(|line| fold(line)).collect();
    let name = format!("attachment; filename=\"{number}.ics\"");
    Ok((
        [
            (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ],
        text,
    )
        .into_response())
}

/// RFC 5545 §3.3.11.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n").replace('\r', "")
}

/// RFC 5545 §3.1: at most 75 octets a line, never inside a character.
fn fold(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar_lines_are_folded_between_characters() {
        let folded = fold(&format!("SUMMARY:{}", "办".repeat(40)));
        assert!(folded.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(folded.replace("\r\n ", "").trim_end().matches('办').count(), 40);
        assert_eq!(escape("a,b;c\\d\r\ne"), "a\\,b\\;c\\\\d\\ne");
    }
}
