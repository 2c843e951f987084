//! Beginning: a thing from its guide, or a report from whatever page somebody was on.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use catalogue::{Channel, Thing, ThingId};
use form::{Answers, Form, Input, KnownFacts, Modes, Part};
use maud::{Markup, html};
use office::{By, CameFrom, OpenDraft, PublicReport, StartDraft};
use serde::Deserialize;

use crate::app::App;
use crate::fault::Failure;
use crate::public::home::safe_next;
use crate::public::thing::party_kind;
use crate::public::visitor::{Guest, Pairs, key_cookie, see, value, with_cookie};
use crate::shell::{Page, Shell, encode};
use crate::ui;

pub async fn start(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let thing: ThingId = value(&pairs, "thing").into();
    let party = party_kind(value(&pairs, "party"));
    let declared = shell.edition.thing(&thing).ok_or(Failure::NotFound)?;
    let page = safe_next(value(&pairs, "from"));
    let about = thing_of_page(&shell, &page);
    let came_from = if declared.context.is_empty() {
        CameFrom::default()
    } else {
        CameFrom { page: (page != "/").then_some(page), thing: about, ..CameFrom::default() }
    };
    let report = shell.edition.zone().feedback.as_ref() == Some(&thing);
    let start = StartDraft { thing, party, channel: Channel::Online, came_from };
    let (key, fresh) = guest.key_or_new(&app);
    let signed_in = shell.viewer.as_ref().filter(|viewer| viewer.is_applicant());
    let by = signed_in.map_or(By::Guest(&key), By::Viewer);
    let mut open = app.office.start_draft(start, by).await?;
    let raw = ui::raw_answers(&pairs);
    if !raw.is_empty() {
        open = app.office.save_answers(open.id, &raw, by).await?;
    }
    let ready = report && value(&pairs, "go") == "send" && open.form()?.complete();
    let to = if ready {
        // One sentence and one button: nothing else is asked, so there is nothing to check.
        let submitted = app.office.submit(open.id, by, None).await?;
        format!("/cases/{}/number", encode(&submitted.number))
    } else if report {
        first_page(&open)?
    } else {
        format!("/drafts/{}", open.id)
    };
    let cookie = if fresh && signed_in.is_none() { key_cookie(&app, &key) } else { None };
    Ok(with_cookie(see(&to), cookie))
}

/// A report is short: its first page is its form.
fn first_page(open: &OpenDraft) -> Result<String, Failure> {
    let form = open.form()?;
    let key = form.sections().next().map_or(Part::Situation.key(), |section| section.part.key());
    Ok(format!("/drafts/{}/s/{}", open.id, encode(key)))
}

/// The thing that a page of this site is about.
fn thing_of_page(shell: &Shell, page: &str) -> Option<ThingId> {
    let name = page.strip_prefix("/things/")?.split(['/', '?']).next()?;
    let things = shell.edition.parts().things.keys();
    things.into_iter().find(|id| encode(id.as_str()) == name).cloned()
}

#[derive(Debug, Default, Deserialize)]
pub struct From {
    #[serde(default)]
    from: String,
}

/// 找茬: one sentence from any page, and what became of the last ones.
pub async fn feedback(
    State(app): State<App>,
    shell: Shell,
    Query(from): Query<From>,
) -> Result<Response, Failure> {
    const SHOWN: u32 = 8;
    let w = shell.w;
    let thing = shell.edition.zone().feedback.clone().ok_or(Failure::NotFound)?;
    let thing = shell.edition.thing(&thing).ok_or(Failure::NotFound)?;
    let page = safe_next(&from.from);
    let about = thing_of_page(&shell, &page);
    let about = about.and_then(|id| shell.edition.thing(&id));
    let reports = app.office.recent_reports(SHOWN).await?;
    let body = html! {
        h1 { (shell.say(&thing.title)) }
        p.lead { (shell.say(&thing.outcome)) }
        form method="post" action="/drafts" {
            (ui::hidden("thing", thing.id.as_str()))
            (ui::hidden("from", &page))
            @if let Some(about) = about { p { (w.with("p-feedback-about", &[("thing", shell.say(&about.title).into())])) } }
            @else if page != "/" { p.quiet { (w.with("feedback-page", &[("page", readable(&page).into())])) } }
            (boxes(&shell, thing))
            (ui::actions(html! {
                button.button.big type="submit" name="go" value="send" { (w.t("feedback-send")) }
                button.button.second type="submit" name="go" value="on" { (w.t("feedback-picture")) }
            }))
        }
        h2 { (w.t("p-feedback-last")) }
        @if reports.is_empty() { (ui::empty(&w.t("p-feedback-none"), &w.t("p-feedback-none-next"), None)) }
        @else { ul.own-list { @for report in &reports { (report_line(&shell, report)) } } }
    };
    Ok(shell.lay_out(Page::public(shell.say(&thing.title), body).crumb(w.t("nav-home"), "/")).into_response())
}

/// An address as people read it.
fn readable(page: &str) -> String {
    percent_encoding::percent_decode_str(page).decode_utf8_lossy().into_owned()
}

/// What has to be said, and behind a fold what may be said besides. Files are added on a page of their own, and what the
/// page knows itself is not asked.
fn boxes(shell: &Shell, thing: &Thing) -> Markup {
    let (modes, known, answers) = (Modes::default(), KnownFacts::new(), Answers::new());
    let party = thing.applicants.first().copied().unwrap_or(catalogue::PartyKind::Natural);
    let today = ui::civil(shell, shell.now).date();
    let form = Form::new(Input {
        edition: &shell.edition,
        thing,
        party,
        known: &known,
        answers: &answers,
        modes: &modes,
        today,
    });
    let asked = form.questions().iter().filter(|question| {
        !matches!(question.field.kind, catalogue::FieldKind::File { .. })
            && !thing.context.contains_key(question.id())
    });
    let (first, more): (Vec<_>, Vec<_>) = asked.partition(|question| question.required);
    let field = |question: &form::Question<'_>| {
        ui::field(
            shell,
            &ui::FieldView {
                field: question.field,
                label: question.label,
                hint: question.hint,
                value: None,
                typed: None,
                problems: Vec::new(),
                required: question.required,
                none: false,
                why: html! {},
            },
        )
    };
    html! {
        @for question in first { (field(question)) }
        @if !more.is_empty() { details.card.more { summary { (shell.w.t("feedback-more")) } @for question in more { (field(question)) } } }
    }
}

fn report_line(shell: &Shell, report: &PublicReport) -> Markup {
    let w = shell.w;
    let item = report.item.as_ref().and_then(|id| shell.edition.item(id));
    let step = item.zip(report.step.as_ref()).and_then(|(item, step)| item.step(step));
    html! {
        li {
            span.mono { (report.number) } " "
            @match (report.closed_at, report.confirmed) {
                (Some(_), true) => { span.tag.good { (w.t("p-feedback-confirmed")) } }
                (Some(_), false) => { span.tag { (w.t("p-state-closed")) } }
                (None, _) => { span.tag.run { (step.map_or_else(|| w.t("p-feedback-open"), |step| shell.say(&step.title).to_owned())) } }
            }
            p.quiet.small {
                (w.with("p-received-on", &[("day", ui::day(shell, report.received_at).into())]))
                @if let Some(at) = report.closed_at { " · " (w.with("p-closed-on", &[("day", ui::day(shell, at).into())])) }
            }
        }
    }
}
