//! One number: what somebody takes home after handing in.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use calendar::Date;
use casework::{ClockKind, MatterState};
use catalogue::ItemId;
use form::Counts;
use maud::html;
use office::{Burden, LoadedCase, OfficeEvent};

use crate::app::App;
use crate::fault::Failure;
use crate::public::my::grouped;
use crate::public::reckon::Reckoned;
use crate::public::visitor::{Guest, see};
use crate::shell::{Page, Shell, encode};
use crate::ui;

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let loaded = match guest.case(&app, &shell, &number).await {
        // Whoever sits at the window has the same as a receipt to print.
        Err(Failure::NotFound)
            if shell.viewer.as_ref().is_some_and(|one| one.works_at_window(&shell.edition)) =>
        {
            return Ok(see(&format!("/desk/cases/{}/receipt", encode(&number))));
        }
        found => found?,
    };
    let w = shell.w;
    let case = &loaded.case;
    let number = encode(&case.number);
    let days = app.office.promised_days(&loaded).await?;
    let due = days.values().max().copied();
    let lines = clock_lines(&app, &shell, &loaded, &days);
    let address = format!("{}/track?number={number}", app.office.public_url());
    let title =
        loaded.edition.thing(&case.thing).map(|thing| shell.say(&thing.title).to_owned()).unwrap_or_default();
    let phone = app.office.party(loaded.id).await?.phone;
    // Whoever acts for the applicant has consent, not the receipt.
    let code = match loaded.by {
        office::By::Agent(_) => None,
        by => Some(app.office.receipt_code(loaded.id, by).await?),
    };
    let body = html! {
        div.card.number {
            h1 { (w.t("p-number-title")) }
            p.lead { (title) }
            span.no { (grouped(&case.number)) }
            (ui::qr(&address, &w.t("p-number-qr")))
            p.quiet.small { (w.t("p-number-qr")) }
            @if let Some(code) = &code { p { (w.t("p-number-code")) " " strong.mono { (code) } } p.quiet.small { (w.t("p-number-code-why")) } }
            @if let Some(measured) = measured(&loaded, due) { (measured.line(&shell, html! {})) }
            @if let Some(day) = due { p.strong { (w.with("p-number-due", &[("day", ui::date(&shell, day).into())])) } }
        }
        h2 { (w.t("p-number-next")) }
        ol.steps {
            @for line in &lines { li { (line) } }
            @for matter in &case.matters {
                @for paper in matter.plan.gaps() {
                    @let title = loaded.edition.material(paper).map_or(paper.as_str(), |paper| shell.say(&paper.title));
                    li.strong { (owed(&shell, matter, title)) }
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
        p.quiet.small { (w.t(if phone.is_empty() { "number-keep-here" } else { "p-number-keep" })) }
    };
    Ok(shell.lay_out(Page::public(w.t("p-number-title"), body)).into_response())
}

/// What the form came to when it was handed in.
pub fn measured(loaded: &LoadedCase, done_on: Option<Date>) -> Option<Reckoned> {
    let counts = |burden: Burden| Counts {
        questions: burden.questions as usize,
        materials: burden.materials as usize,
        visits: burden.visits as usize,
    };
    loaded.office_events.iter().find_map(|event| match event {
        OfficeEvent::FormMeasured { separate, merged } => {
            Some(Reckoned { merged: counts(*merged), separate: counts(*separate), settled: true, done_on })
        }
        _ => None,
    })
}

/// When everything is done, as the case's own page and lists of cases tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prospect {
    /// How long a correction takes is the applicant's: until then no day is promised.
    AfterCorrection,
    /// A clock stands still by law or because the applicant has something to do: the day moves on with it.
    Paused,
    By(Date),
    /// A day that has passed is no prospect.
    Passed(Date),
}

/// `None` once the case is over.
pub async fn prospect(app: &App, shell: &Shell, loaded: &LoadedCase) -> Result<Option<Prospect>, Failure> {
    if loaded.case.state() != casework::CaseState::Open {
        return Ok(None);
    }
    if loaded.case.matters.iter().any(|matter| matter.state == casework::MatterState::Correcting) {
        return Ok(Some(Prospect::AfterCorrection));
    }
    let today = ui::civil(shell, shell.now).date();
    let edition = &loaded.edition;
    let clocks = loaded.case.clocks(edition.calendar(), edition.offset(), shell.now);
    let paused = clocks
        .iter()
        .any(|clock| clock.kind == ClockKind::Promised && clock.colour == casework::Colour::Paused);
    let told = |day| match (day < today, paused) {
        (false, _) => Prospect::By(day),
        (true, true) => Prospect::Paused,
        (true, false) => Prospect::Passed(day),
    };
    Ok(done_on(app, loaded).await?.map(told))
}

/// The day by which everything is decided as promised.
pub async fn done_on(app: &App, loaded: &LoadedCase) -> Result<Option<Date>, Failure> {
    Ok(app.office.promised_days(loaded).await?.into_values().max())
}

/// What each clock of an open item means, with its last day: for the receipt and the page of the number.
pub fn clock_lines(
    app: &App,
    shell: &Shell,
    loaded: &LoadedCase,
    days: &BTreeMap<ItemId, Date>,
) -> Vec<String> {
    let (w, edition, case) = (shell.w, &loaded.edition, &loaded.case);
    let lang = crate::public::law::calendar_lang(shell.lang);
    let clocks = case.clocks(edition.calendar(), edition.offset(), app.office.now());
    let mut lines = Vec::new();
    for matter in case.matters.iter().filter(|matter| !matter.state.is_over()) {
        let item = edition.item(&matter.item).map_or(matter.item.as_str(), |item| shell.say(&item.title));
        let department = edition.department(&matter.department);
        let department =
            department.map_or(matter.department.as_str(), |department| shell.say(&department.name));
        let of_kind = |kind| clocks.iter().find(|clock| clock.kind == kind && clock.item == matter.item);
        let about = |limit: calendar::Limit, day: Date| {
            [
                ("item", item.to_owned().into()),
                ("department", department.to_owned().into()),
                ("limit", limit.text(lang).into()),
                ("day", ui::date(shell, day).into()),
            ]
        };
        let limits = &matter.plan.limits;
        if let Some(intake) = of_kind(ClockKind::Intake).filter(|_| matter.state == MatterState::Received) {
            let key = if limits.intake.amount == 0 { "p-number-intake-today" } else { "p-number-intake" };
            lines.push(w.with(key, &about(limits.intake, intake.due.due_on)));
        }
        if let Some(day) = days.get(&matter.item) {
            let key = match (matter.accepted_at, limits.promised.amount) {
                (Some(_), _) => "p-number-promised",
                (None, 0) => "p-number-promise-same-day",
                (None, _) => "p-number-promise",
            };
            lines.push(w.with(key, &about(limits.promised, *day)));
        }
    }
    lines
}

/// The due day for one's own calendar.
pub async fn calendar(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let loaded = guest.case_in_progress(&app, &shell, &number).await?;
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

/// A paper that was promised for later: until when, and what follows otherwise.
pub fn owed(shell: &Shell, matter: &casework::Matter, paper: &str) -> String {
    let paper = ("paper", paper.to_owned().into());
    match matter.plan.limits.gap {
        Some(limit) => {
            let limit = limit.text(crate::public::law::calendar_lang(shell.lang));
            let item = shell.edition.item(&matter.item).map(|item| shell.say(&item.title).to_owned());
            let item = item.unwrap_or_else(|| matter.item.to_string());
            shell.w.with("p-owed-by", &[paper, ("limit", limit.into()), ("item", item.into())])
        }
        None => shell.w.with("p-owed", &[paper]),
    }
}
