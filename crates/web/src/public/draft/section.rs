//! The questions of one section.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use catalogue::FieldId;
use form::{Answer, Form, Part, Question, Raw, Source, State as Standing, WhyKind};
use maud::{Markup, html};
use office::{OfficeError, OpenDraft};

use super::news::News;
use super::{dead_ends, gone_on, id, moved, page_in, saved};
use crate::app::App;
use crate::fault::Failure;
use crate::public::law;
use crate::public::thing::party_kind;
use crate::public::visitor::{Guest, Pairs, see, value, values};
use crate::shell::{Shell, encode};
use crate::ui::{self, FieldView};

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((draft, section)): Path<(String, String)>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (open, _) = guest.draft(&app, &shell, id(&draft)?).await?;
    if let Some(to) = gone_on(&shell, &open) {
        return Ok(see(&to));
    }
    // A section that the answers no longer need leads back to the list, where the others are.
    if open.form()?.section(&section).is_none() {
        return Ok(see(&format!("/drafts/{}", open.id)));
    }
    let shown = Shown { news: News::read(&pairs), ..Shown::default() };
    Ok(draw(&shell, &open, &section, &shown)?.into_response())
}

/// The form with the questions.
const QUESTIONS: &str = "questions";

/// Why a section is shown, besides that somebody opened it.
#[derive(Default)]
struct Shown<'s> {
    news: News,
    /// What was on the page that is shown again because something of it is missing or wrong.
    sent: Option<&'s [FieldId]>,
    /// Another device saved something else since the page was shown: the stored draft, and the fields that differ.
    stored: Option<(&'s OpenDraft, &'s [FieldId])>,
}

/// With `stored`, `open` holds what is not saved.
fn draw(shell: &Shell, open: &OpenDraft, key: &str, shown: &Shown<'_>) -> Result<Markup, Failure> {
    let Shown { news, sent, stored } = shown;
    let w = shell.w;
    let form = open.form()?;
    let section = form.section(key).ok_or(Failure::NotFound)?;
    let title = section.part.title(shell.lang);
    let problems: Vec<(String, String)> = section
        .questions
        .iter()
        .flat_map(|question| {
            problems_of(shell, question, *sent).into_iter().map(|text| (ui::anchor(question.id()), text))
        })
        .collect();
    let outlook = form.outlook();
    let place = outlook.pages.iter().position(|page| page.part.key() == key).unwrap_or(0) + 1;
    let settled = if outlook.settled { "yes" } else { "no" };
    let address = format!("/drafts/{}/s/{}", open.id, encode(key));
    let body = html! {
        @if sent.is_some() { (ui::error_summary(w, &problems)) }
        @if let Some((stored, fields)) = *stored { (elsewhere(shell, stored, fields)) }
        p.quiet { (w.with("p-section-of", &[("place", place.into()), ("count", outlook.pages.len().into()), ("settled", settled.into())])) }
        h1 { (title) }
        (saved(shell, open))
        (moved(shell, open))
        (news.told(shell, &form))
        (dead_ends(shell, open, &form, Some(QUESTIONS)))
        form id=(QUESTIONS) method="post" action=(address) data-autosave=(format!("/drafts/{}/autosave", open.id)) novalidate {
            // Enter in a box must go on, not press whatever button comes first.
            button.visually-hidden type="submit" name="go" value="on" tabindex="-1" aria-hidden="true" { (w.t("p-save-and-go-on")) }
            (news.carried())
            @for question in section.questions { (ui::hidden("seen", &seen(stored.map_or(open, |(stored, _)| stored), question.id()))) }
            @for question in section.questions { (news.mark(shell, &form, question, draw_question(shell, open, &form, question, *sent))) }
            (ui::actions(html! {
                button.button type="submit" name="go" value="on" { (w.t("p-save-and-go-on")) }
                button.button.second type="submit" name="go" value="later" { (w.t("p-save-for-later")) }
            }))
        }
    };
    Ok(page_in(shell, open, title, body))
}

/// What the other device saved, beside what stands in the boxes.
fn elsewhere(shell: &Shell, stored: &OpenDraft, fields: &[FieldId]) -> Markup {
    let w = shell.w;
    let there = |id: &FieldId| {
        let field = stored.edition.field(id)?;
        let value = match stored.draft.answers.get(id.as_str())? {
            Answer::Given(value) => form::show_text(field, value, shell.lang),
            Answer::Typed(raw) => raw.one().to_owned(),
            Answer::Blank => return None,
        };
        Some(value)
    };
    html! {
        div.error-summary #problems tabindex="-1" role="alert" data-focus="" {
            h2 { (w.t("conflict-title")) }
            p { (w.t("conflict-hint")) }
            ul { @for id in fields { @if let Some(field) = stored.edition.field(id) {
                li { a href=(format!("#{}", ui::anchor(id))) { (shell.say(&field.label)) } " " (w.with("conflict-there", &[("value", there(id).unwrap_or_else(|| w.t("conflict-blank")).into())])) }
            } } }
        }
    }
}

/// `field=mark`: which answer a page shows, so that it is noticed when another device has saved a different one.
fn seen(open: &OpenDraft, id: &FieldId) -> String {
    format!("{id}={}", mark(open, id))
}

/// A short mark of the answer that is stored, the same in every process.
fn mark(open: &OpenDraft, id: &FieldId) -> String {
    let text = match (open.draft.answers.get(id.as_str()), open.edition.field(id)) {
        (Some(Answer::Given(value)), Some(field)) => format!("={}", form::edit_text(field, value)),
        (Some(Answer::Typed(raw)), _) => format!("~{raw:?}"),
        (Some(Answer::Blank), Some(field)) if field.absent.is_some() => "-".to_owned(),
        // Blank, and not answered yet: an empty box either way.
        _ => String::new(),
    };
    // FNV-1a: it need not keep anything secret, only differ.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:x}")
}

/// The fields that another device changed since this page was shown, to something else than this page says.
fn changed_elsewhere(
    open: &OpenDraft,
    mine: &OpenDraft,
    pairs: &[(String, String)],
    raw: &BTreeMap<FieldId, Raw>,
) -> Vec<FieldId> {
    let shown = values(pairs, "seen").into_iter().filter_map(|seen| seen.rsplit_once('='));
    shown
        .map(|(id, mark)| (FieldId::from(id), mark))
        .filter(|(id, _)| raw.contains_key(id))
        .filter(|(id, shown)| {
            let now = mark(open, id);
            now != *shown && now != mark(mine, id)
        })
        .map(|(id, _)| id)
        .collect()
}

fn problems_of(shell: &Shell, question: &Question<'_>, sent: Option<&[FieldId]>) -> Vec<String> {
    let mut texts: Vec<String> =
        question.problems.iter().map(|problem| shell.say(&problem.text).to_owned()).collect();
    // Missing is only told about what was on the page: a question that has just come up is simply asked.
    let was_there = sent.is_some_and(|sent| sent.contains(question.id()));
    if texts.is_empty() && was_there && question.is_missing() {
        texts.push(shell.w.with("p-required", &[("label", shell.say(question.label).into())]));
    }
    texts
}

fn draw_question(
    shell: &Shell,
    open: &OpenDraft,
    form: &Form<'_>,
    question: &Question<'_>,
    sent: Option<&[FieldId]>,
) -> Markup {
    let view = FieldView {
        field: question.field,
        label: question.label,
        hint: question.hint,
        value: question.value,
        typed: question.typed,
        problems: problems_of(shell, question, sent),
        required: question.required,
        none: question.says_none(),
        why: why(shell, form, question),
    };
    let known = question.known.filter(|_| matches!(question.state, Standing::Known | Standing::Confirmed));
    match known.or(question.known.filter(|_| question.fixed.is_some())) {
        Some(known) if let Some(first) = question.fixed => html! {
            div.known id=(ui::anchor(question.id())) tabindex=[(!view.problems.is_empty()).then_some("-1")] {
                span.label { (shell.say(question.label)) }
                span.value { (form::show_text(question.field, &known.value, shell.lang)) }
                span.source { (source(shell, open, known)) }
                @for problem in &view.problems { p.problem { span.visually-hidden { (shell.w.t("form-problem-mark")) } (problem) } }
                // Sent with the page, so that going on takes what is registered.
                (ui::hidden(&format!("{}{}", form::CONTROL_PREFIX, question.id()), &form::edit_text(question.field, &known.value)))
                details.more { summary { (shell.w.t("p-known-fixed")) } p { (shell.say(first)) } }
            }
        },
        Some(known) => html! {
            div.known {
                span.label { (shell.say(question.label)) }
                span.value { (form::show_text(question.field, &known.value, shell.lang)) }
                span.source { (source(shell, open, known)) }
                // What is in the box is sent with the page, so going on confirms it.
                details.more { summary { (shell.w.t("p-known-wrong")) } (ui::field(shell, &view)) }
            }
        },
        None => ui::field(shell, &view),
    }
}

/// Where a known fact comes from, and of which day it is.
fn source(shell: &Shell, open: &OpenDraft, known: &form::Known) -> String {
    let w = shell.w;
    let from = match &known.source {
        Source::Registry { registry } => {
            let registry = open.edition.parts().registries.get(registry);
            registry
                .map_or_else(|| w.t("p-source-registry"), |registry| shell.say(&registry.title).to_owned())
        }
        Source::Entry { number, .. } => w.with("p-source-entry", &[("number", number.as_str().into())]),
        Source::Case { number } => w.with("p-source-case", &[("number", number.as_str().into())]),
        Source::Number { field } => {
            let field = open.edition.field(field).map_or(field.as_str(), |field| shell.say(&field.label));
            w.with("p-source-number", &[("field", field.into())])
        }
        Source::Account => w.t("p-source-account"),
        Source::Context => w.t("p-source-context"),
    };
    match known.as_of {
        Some(day) => {
            w.with("p-source-as-of", &[("source", from.into()), ("day", ui::date(shell, day).into())])
        }
        None => w.with("p-source", &[("source", from.into())]),
    }
}

/// Why it is asked: each use once, with its article.
fn why(shell: &Shell, form: &Form<'_>, question: &Question<'_>) -> Markup {
    let mut lines: Vec<(String, Option<&catalogue::Citation>)> = Vec::new();
    for why in &question.why {
        // The items' names say more than their ids, and repeating that an answer is used says nothing.
        let item = form.items().find(|item| item.id == *why.item);
        let name = item.map_or(why.item.as_str(), |item| shell.say(&item.title));
        let sentence = match why.kind {
            WhyKind::Use if why.text.is_none() => shell.w.with("p-why-use", &[("item", name.into())]),
            _ => why.sentence(shell.lang),
        };
        if lines.iter().all(|(known, _)| *known != sentence) {
            lines.push((sentence, why.basis));
        }
    }
    html! {
        @if !lines.is_empty() {
            details.why {
                summary { (shell.w.t("p-why")) }
                ul { @for (sentence, basis) in &lines { li { (sentence) @if let Some(basis) = basis { " " (law::cite(shell, basis)) } } } }
            }
        }
    }
}

pub async fn save(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((draft, section)): Path<(String, String)>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (open, by) = guest.draft(&app, &shell, id(&draft)?).await?;
    if let Some(to) = gone_on(&shell, &open) {
        return Ok(see(&to));
    }
    let on_page = on_page(&open, &section, &pairs)?;
    let mut raw = ui::raw_answers(&pairs);
    // A file is an answer through its upload alone.
    raw.retain(|field, _| !is_file(&open, field));
    let mut mine = open.clone();
    mine.take_answers(&raw);
    let changed = changed_elsewhere(&open, &mine, &pairs, &raw);
    if !changed.is_empty() && mine.form()?.section(&section).is_some() {
        let news = News::read(&pairs);
        let shown = Shown { news, stored: Some((&open, &changed)), ..Shown::default() };
        let page = draw(&shell, &mine, &section, &shown)?;
        return Ok((StatusCode::CONFLICT, page).into_response());
    }
    let before = open;
    let open = app.office.save_answers(before.id, &raw, by).await?;
    let here = format!("/drafts/{}/s/{}", open.id, encode(&section));
    let attach = value(&pairs, "attach");
    if !attach.is_empty() {
        return Ok(see(&format!("/drafts/{}/answer-file/{}", open.id, encode(attach))));
    }
    if let Some(party) = party_kind(value(&pairs, "party")) {
        app.office.set_party(open.id, party, by).await?;
        return Ok(see(&format!("/drafts/{}", open.id)));
    }
    if !value(&pairs, ui::ADD_ROW).is_empty() {
        return Ok(see(&here));
    }
    if value(&pairs, "go") == "later" {
        return Ok(see(&format!("/drafts/{}", open.id)));
    }
    let form = open.form()?;
    let to_check = News::read(&pairs).to_check;
    let view = form.section(&section);
    let asked = || view.iter().flat_map(|view| view.questions);
    let new = asked().filter(|question| question.is_open() && !on_page.contains(question.id()));
    let new = new.filter(|question| question.problems.is_empty()).map(|question| question.id().clone());
    let new: Vec<FieldId> = new.collect();
    let nothing_new = new.is_empty();
    let news = News::between(&before, &open, new)?.leading_to_check(to_check);
    let wrong = |question: &Question<'_>| {
        !question.problems.is_empty() || (on_page.contains(question.id()) && question.is_missing())
    };
    if asked().any(wrong) {
        let shown = Shown { news, sent: Some(&on_page), stored: None };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(&shell, &open, &section, &shown)?).into_response());
    }
    // What the answers brought up on this page is asked before going on, also what may be left blank.
    let done = nothing_new && view.as_ref().is_none_or(form::SectionView::is_done);
    let to = match (done, to_check && form.complete()) {
        (false, _) => here,
        (true, true) => format!("/drafts/{}/check", open.id),
        (true, false) => next(&open, &form, &section),
    };
    Ok(see(&news.address(&to)))
}

/// What the page asked when it was drawn. An answer that was saved in the background may have brought questions since.
fn on_page(open: &OpenDraft, section: &str, pairs: &[(String, String)]) -> Result<Vec<FieldId>, Failure> {
    let seen: Vec<&str> =
        values(pairs, "seen").into_iter().filter_map(|seen| Some(seen.rsplit_once('=')?.0)).collect();
    let form = open.form()?;
    let questions = form.section(section).into_iter().flat_map(|section| section.questions);
    let ids = questions.map(|question| question.id().clone());
    Ok(ids.filter(|id| seen.is_empty() || seen.contains(&id.as_str())).collect())
}

/// The next section that misses something, the one after this, then papers and the check.
fn next(open: &OpenDraft, form: &Form<'_>, section: &str) -> String {
    let after =
        form.sections().skip_while(|each| each.part.key() != section).skip(1).find(|each| !each.is_done());
    // Answers of the situation may be wanted by sections before this one.
    if let Some(next) = after.or_else(|| form.next_section()) {
        return format!("/drafts/{}/s/{}", open.id, encode(next.part.key()));
    }
    if section == Part::Situation.key()
        && let Some(unseen) = form.section_after(section)
    {
        return format!("/drafts/{}/s/{}", open.id, encode(unseen.part.key()));
    }
    let papers = form.materials().iter().any(|due| due.status != form::MaterialStatus::Supplied);
    let page = if papers { "papers" } else { "check" };
    format!("/drafts/{}/{page}", open.id)
}

fn is_file(open: &OpenDraft, field: &FieldId) -> bool {
    open.edition.field(field).is_some_and(|field| matches!(field.kind, catalogue::FieldKind::File { .. }))
}

/// Saves in the background, and answers with the marks of what is stored now. Known facts that nobody touched stay
/// unconfirmed.
pub async fn autosave(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(draft): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (open, by) = guest.draft(&app, &shell, id(&draft)?).await?;
    if open.draft.submitted.is_some() {
        return Err(OfficeError::Stale.into());
    }
    let mut raw = ui::raw_answers(&pairs);
    {
        let form = open.form()?;
        raw.retain(|id, raw: &mut Raw| {
            let untouched = form.question(id.as_str()).is_some_and(|question| {
                question.state == Standing::Known
                    && question.known.is_some_and(|known| {
                        form::parse_answer(question.field, raw, open.today).ok().flatten().as_ref()
                            == Some(&known.value)
                    })
            });
            !untouched && !is_file(&open, id)
        });
    }
    let mut mine = open.clone();
    mine.take_answers(&raw);
    if !changed_elsewhere(&open, &mine, &pairs, &raw).is_empty() {
        return Err(OfficeError::Stale.into());
    }
    let open = app.office.save_answers(open.id, &raw, by).await?;
    let marks: BTreeMap<&str, String> = raw.keys().map(|id| (id.as_str(), mark(&open, id))).collect();
    Ok(axum::Json(marks).into_response())
}
