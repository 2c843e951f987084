//! What waits for the person, with the way to do it right there.

use std::collections::BTreeMap;

use casework::{ClockKind, Correction, Doer, Matter, MatterState, PlannedStep};
use catalogue::{FieldId, Item, ItemId, StepKind};
use form::Raw;
use maud::{Markup, html};
use office::{Attachment, LoadedCase};

use super::visit;
use super::words::Names;
use crate::app::App;
use crate::desk::words;
use crate::fault::Failure;
use crate::public::law;
use crate::public::my::grouped;
use crate::public::papers_list;
use crate::public::{file_input, file_sayings};
use crate::shell::{Shell, encode};
use crate::ui::{self, FieldView};

/// What was typed and not taken, to stand in its box again.
#[derive(Debug, Default)]
pub struct Typed {
    pub message: String,
    pub objection: String,
    pub withdrawal: String,
    pub comment: String,
    pub level: Option<u8>,
    pub step_opinion: String,
    pub answers: BTreeMap<FieldId, Raw>,
    pub problems: BTreeMap<FieldId, Vec<String>>,
    /// The matter whose questions were answered, and those that the answers brought with them.
    pub about: Option<ItemId>,
    pub opened: Vec<FieldId>,
    /// What was to be corrected came back as it was.
    pub unchanged: bool,
}

pub async fn todo(
    app: &App,
    shell: &Shell,
    loaded: &LoadedCase,
    files: &[Attachment],
    typed: &Typed,
) -> Result<Markup, Failure> {
    let names = Names { shell, edition: &loaded.edition };
    let mut tasks = acted_for(app, &names, loaded).await?;
    for matter in loaded.case.matters.iter().filter(|matter| !matter.state.is_over()) {
        if matter.state == MatterState::Correcting
            && let Some(correction) = &matter.correction
        {
            tasks.push(correction_form(app, &names, loaded, matter, correction, files, typed).await?);
            continue;
        }
        if matter.has_open_gap() {
            tasks.push(gap_form(app, &names, loaded, matter));
        }
        for (step, _) in matter.open_steps().filter(|(step, _)| step.by == Doer::Applicant) {
            tasks.push(step_form(app, &names, loaded, matter, step, typed));
        }
        for step in visit::due(loaded, matter) {
            tasks.push(visit::card(&names, loaded, matter, step, &app.office.new_id().to_string()));
        }
    }
    Ok(html! {
        @if !tasks.is_empty() {
            section.todo aria-labelledby="todo" {
                h2 #todo { (shell.w.t("p-todo-title")) }
                @for task in &tasks { (task) }
            }
        }
    })
}

/// What the window did in the person's name since yesterday, to be taken back where it was not meant.
async fn acted_for(app: &App, names: &Names<'_>, loaded: &LoadedCase) -> Result<Vec<Markup>, Failure> {
    let (shell, w) = (names.shell, names.shell.w);
    let mut told = Vec::new();
    for (place, acted) in loaded.case.acted_for.iter().enumerate() {
        let fresh = shell.now.duration_since(acted.at) <= jiff::SignedDuration::from_hours(24);
        let followed = u32::try_from(place).is_ok_and(|place| loaded.case.is_followed(place));
        if acted.undone || acted.overtaken || followed || !fresh {
            continue;
        }
        let changes = changed(app, names, loaded, u32::try_from(place).unwrap_or(u32::MAX)).await?;
        let officer =
            app.office.officer_names(&[acted.by.as_str()]).await?.into_values().next().unwrap_or_default();
        let step = acted.step.as_ref().map(|id| names.step(acted.item.as_ref(), id)).unwrap_or_default();
        let about = [("step", step.into()), ("proof", words::proof(shell, &acted.proof).into())];
        let note = app.office.text(&acted.note).await?;
        told.push(html! {
            form.card.task method="post" action=(format!("/cases/{}/undo", encode(&loaded.case.number))) {
                h3 { (w.with(&format!("p-acted-{}", words::acted_code(acted.act)), &about)) }
                @if let Some(note) = &note { blockquote.lines { (note) } }
                @if !changes.is_empty() { ul { @for change in &changes { li { (change) } } } }
                p { (w.with("p-undo-who", &[("officer", officer.into()), ("time", ui::date_time(shell, acted.at).into())])) }
                (ui::hidden("command", &app.office.new_id().to_string()))
                (ui::hidden("acted", &place.to_string()))
                div.actions { button.button.second type="submit" { (w.t("p-undo")) } }
            }
        });
    }
    Ok(told)
}

/// What the window changed among the answers: each with what stood there before.
pub(super) async fn changed(
    app: &App,
    names: &Names<'_>,
    loaded: &LoadedCase,
    place: u32,
) -> Result<Vec<String>, Failure> {
    let (shell, w) = (names.shell, names.shell.w);
    let Some((before, after)) = app.office.answers_changed(loaded, place).await? else {
        return Ok(Vec::new());
    };
    let text = |answers: &form::Answers, field: &catalogue::Field| match answers.value(field.id.as_str()) {
        Some(value) => form::show_text(field, value, shell.lang),
        None => w.t("p-acted-blank"),
    };
    let ids: std::collections::BTreeSet<_> = before.iter().chain(after.iter()).map(|(id, _)| id).collect();
    let fields = ids.into_iter().filter(|id| before.get(id.as_str()) != after.get(id.as_str()));
    let fields = fields.filter_map(|id| loaded.edition.field(id));
    Ok(fields
        .map(|field| {
            let about = [
                ("field", shell.say(field.fact()).into()),
                ("before", text(&before, field).into()),
                ("after", text(&after, field).into()),
            ];
            w.with("p-acted-changed", &about)
        })
        .collect())
}

/// Papers that came after the correction was asked for count as supplied, also when something else was still missing.
pub fn came_since(files: &[Attachment], correction: &Correction) -> Vec<catalogue::MaterialId> {
    let since = files.iter().filter(|file| file.at >= correction.asked_at);
    let mut papers: Vec<_> = since
        .filter_map(|file| file.material.clone())
        .filter(|paper| correction.points.materials.contains(paper))
        .collect();
    papers.sort();
    papers.dedup();
    papers
}

async fn correction_form(
    app: &App,
    names: &Names<'_>,
    loaded: &LoadedCase,
    matter: &Matter,
    correction: &Correction,
    files: &[Attachment],
    typed: &Typed,
) -> Result<Markup, Failure> {
    let (shell, w) = (names.shell, names.shell.w);
    let notice = app.office.text(&correction.notice).await?.unwrap_or_default();
    let answers = app.office.answers(loaded).await?;
    let there = came_since(files, correction);
    let opened = if typed.about.as_ref() == Some(&matter.item) { &*typed.opened } else { &[] };
    let edition = &loaded.edition;
    let clock = loaded.case.explain(
        &matter.item,
        ClockKind::Correction,
        edition.calendar(),
        edition.offset(),
        app.office.now(),
    );
    let address =
        format!("/cases/{}/correction/{}", encode(&loaded.case.number), encode(matter.item.as_str()));
    Ok(html! {
        form.card.task method="post" enctype="multipart/form-data" action=(address) {
            h3 { (w.with("p-correction-title", &[("item", names.item(&matter.item).into())])) }
            @if !notice.is_empty() { blockquote.lines { (notice) } }
            @match &clock {
                Some(clock) => (ui::due_line(shell, matter, &clock.view, Some(&clock.explanation))),
                None => { p.quiet { (w.t("p-correction-no-limit")) } }
            }
            p.quiet.small { (w.t("p-correction-clock")) }
            (ui::hidden("command", &app.office.new_id().to_string()))
            @for paper in &correction.points.materials {
                @let material = edition.material(paper);
                @let anchor = format!("c-{}-{}", matter.item.as_str().replace(char::is_whitespace, "-"), paper.as_str().replace(char::is_whitespace, "-"));
                @let new: Vec<&Attachment> = files.iter().filter(|file| file.material.as_ref() == Some(paper) && file.at >= correction.asked_at).collect();
                (papers_list(shell, &format!("/cases/{}/files", encode(&loaded.case.number)), &new, &BTreeMap::new()))
                (named_file_input(shell, &anchor, &format!("file:{paper}"), &names.material(paper), material.map_or(10 * 1024 * 1024, |material| material.max_bytes), there.contains(paper)))
            }
            @for id in correction.points.fields.iter().chain(opened) {
                @if let Some(field) = edition.field(id) {
                    (ui::field(shell, &FieldView {
                        field,
                        label: &field.label,
                        hint: field.hint.as_ref(),
                        value: answers.value(id.as_str()),
                        typed: typed.answers.get(id),
                        problems: typed.problems.get(id).cloned().unwrap_or_default(),
                        required: !field.optional,
                        none: matches!(answers.get(id.as_str()), Some(form::Answer::Blank)),
                        why: html! {},
                    }))
                }
            }
            @if typed.unchanged {
                div.question.wrong { label.choice { input type="checkbox" name="as-it-was" value="1"; span { (w.t("p-correction-as-it-was")) } } }
            }
            (ui::actions(html! { button.button type="submit" { (w.t("p-correction-send")) } }))
        }
    })
}

fn named_file_input(
    shell: &Shell,
    anchor: &str,
    name: &str,
    title: &str,
    max_bytes: u64,
    there: bool,
) -> Markup {
    let w = shell.w;
    html! {
        div.question {
            label for=(anchor) { (w.with("p-file-choose", &[("paper", title.into())])) }
            p.hint id=(format!("{anchor}-hint")) {
                @if there { (w.t("p-file-there-already")) " " }
                (w.with("p-file-hint", &[("megabytes", (max_bytes.div_ceil(1024 * 1024)).into())]))
            }
            input type="file" id=(anchor) name=(name) data-max=(max_bytes) aria-describedby=(format!("{anchor}-hint"));
            (file_sayings(shell, max_bytes))
        }
    }
}

fn gap_form(app: &App, names: &Names<'_>, loaded: &LoadedCase, matter: &Matter) -> Markup {
    let (shell, w) = (names.shell, names.shell.w);
    let edition = &loaded.edition;
    let clock = loaded.case.explain(
        &matter.item,
        ClockKind::Gap,
        edition.calendar(),
        edition.offset(),
        app.office.now(),
    );
    let address = format!("/cases/{}/gap/{}", encode(&loaded.case.number), encode(matter.item.as_str()));
    html! {
        @for paper in matter.plan.gaps() {
            @let anchor = format!("g-{}", paper.as_str().replace(char::is_whitespace, "-"));
            form.card.task method="post" enctype="multipart/form-data" action=(address) {
                h3 { (w.with("p-gap-title", &[("paper", names.material(paper).into())])) }
                p { (w.with("p-gap-hint", &[("item", names.item(&matter.item).into())])) }
                p { (super::number::owed(shell, matter, &names.material(paper))) }
                @if let Some(clock) = &clock { (ui::due_line(shell, matter, &clock.view, Some(&clock.explanation))) }
                (ui::hidden("command", &app.office.new_id().to_string()))
                (ui::hidden("material", paper.as_str()))
                (file_input(shell, &anchor, &names.material(paper), edition.material(paper).map_or(10 * 1024 * 1024, |material| material.max_bytes), None))
                (ui::actions(html! { button.button type="submit" { (w.t("p-gap-send")) } }))
            }
        }
    }
}

/// A step of the person's own: pay, confirm, or say that it is done.
fn step_form(
    app: &App,
    names: &Names<'_>,
    loaded: &LoadedCase,
    matter: &Matter,
    step: &PlannedStep,
    typed: &Typed,
) -> Markup {
    let (shell, w) = (names.shell, names.shell.w);
    let item = loaded.edition.item(&matter.item);
    let title = names.step(Some(&matter.item), &step.id);
    let comment = format!("opinion-{}", step.id.as_str().replace(char::is_whitespace, "-"));
    let edition = &loaded.edition;
    let silent_yes_at =
        matter.silent_yes_at(&step.id, edition.calendar(), edition.offset(), app.office.now());
    let confirming = step.returns_to.is_some() || step.kind == StepKind::Confirm;
    html! {
        form.card.task method="post" action=(format!("/cases/{}/step", encode(&loaded.case.number))) {
            h3 { (title) }
            p.quiet { (names.item(&matter.item)) }
            (ui::hidden("command", &app.office.new_id().to_string()))
            (ui::hidden("item", matter.item.as_str()))
            (ui::hidden("step", step.id.as_str()))
            @if step.kind == StepKind::Pay { (fee(shell, item, step, &loaded.case.number)) }
            @if step.visit { p { (w.t("p-step-come")) } (visit::hall(names, loaded, matter, step.kind, item.and_then(|item| item.step(&step.id)).and_then(|step| step.place.as_ref()))) }
            @if confirming {
                @if let Some(at) = silent_yes_at { p { (w.with("p-step-silent", &[("day", ui::day(shell, at).into())])) } }
                @if let Some(back) = &step.returns_to { p.quiet.small { (w.with("p-step-no-means", &[("back", names.step(Some(&matter.item), back).into())])) } }
                div.question { label for=(comment) { (w.t("p-step-comment")) " " span.quiet { (w.t("form-optional")) } } textarea id=(comment) name="opinion" rows="3" maxlength="4000" { (typed.step_opinion) } }
                (ui::actions(html! {
                    button.button type="submit" name="answer" value="yes" { (w.t("p-step-yes")) }
                    button.button.second type="submit" name="answer" value="no" { (w.t("p-step-no")) }
                }))
            } @else {
                (ui::actions(html! { button.button type="submit" name="answer" value="yes" { (w.t(if step.kind == StepKind::Pay { "p-step-paid" } else { "p-step-finished" })) } }))
            }
        }
    }
}

fn fee(shell: &Shell, item: Option<&Item>, step: &PlannedStep, number: &str) -> Markup {
    let fee = item.zip(step.fee.as_ref()).and_then(|(item, fee)| item.fees.get(fee));
    html! {
        @if let Some(fee) = fee {
            p { (shell.say(&fee.title)) (shell.colon()) span.strong { (fee.amount) " " (shell.w.t("unit-yuan")) } }
            @if let Some(how) = &fee.how { p { (shell.say(how)) } }
            @else { p { (shell.w.t("p-pay-how")) } }
            p { (shell.w.t("p-pay-with")) " " span.mono { (grouped(number)) } }
            p.small { (law::cite(shell, &fee.basis)) }
        }
    }
}
