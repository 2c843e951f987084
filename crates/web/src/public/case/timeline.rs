//! What has happened, in plain words, newest first.

use std::collections::HashMap;

use casework::{
    Case, ClockKind, Delivery, DocRef, Happening, PauseKind, ReplanCause, Side, TimelineEntry, WarningColour,
};
use jiff::Timestamp;
use maud::{Markup, html};
use office::{LoadedCase, OfficeEvent};

use super::todo::changed;
use super::words::{Names, change_key};
use crate::app::App;
use crate::fault::Failure;
use crate::public::law;
use crate::shell::Shell;
use crate::ui;

/// One line, ready to be drawn.
struct Line {
    at: Timestamp,
    class: &'static str,
    text: String,
    note: Option<String>,
    /// Who did it for the applicant.
    agent: Option<String>,
    /// The officer at the window who did it for the applicant.
    officer: Option<String>,
    /// What changed among the answers: before and after.
    changes: Vec<String>,
}

/// The actor, where it may be somebody who acts for the applicant. What an agent hands in is the applicant's.
pub(crate) fn acted_for<'a>(loaded: &'a LoadedCase, entry: &'a TimelineEntry) -> Option<&'a str> {
    if !matches!(entry.what, Happening::Submitted) {
        return Some(entry.actor.as_str());
    }
    loaded.office_events.iter().find_map(|event| match event {
        OfficeEvent::FiledByAgent { agent } => Some(agent.as_str()),
        _ => None,
    })
}

pub async fn timeline(app: &App, shell: &Shell, loaded: &LoadedCase) -> Result<Markup, Failure> {
    let texts = texts(app, &loaded.case).await?;
    let names = Names { shell, edition: &loaded.edition };
    let agents = app.office.agent_names(&loaded.consents()).await?;
    let by: Vec<&str> = loaded.case.acted_for.iter().map(|acted| acted.by.as_str()).collect();
    let officers = app.office.officer_names(&by).await?;
    let at_window = |entry: &TimelineEntry| {
        let acted = loaded.case.acted_for.iter().any(|acted| acted.at == entry.at && acted.by == entry.actor);
        officers.get(entry.actor.as_str()).filter(|_| acted).cloned()
    };
    let moved = loaded.days_moved().map(|(at, moved)| {
        let text = format!("{}{}{}", names.item(&moved.item), shell.colon(), ui::moved_day(shell, moved));
        Line { at, class: "", text, note: None, agent: None, officer: None, changes: Vec::new() }
    });
    let mut changes = HashMap::new();
    for (place, acted) in (0..).zip(&loaded.case.acted_for) {
        changes.insert(acted.at, changed(app, &names, loaded, place).await?);
    }
    let mut lines: Vec<Line> = loaded
        .case
        .timeline()
        .iter()
        .filter(|entry| !tells_again(&loaded.case, entry))
        .filter_map(|entry| {
            let agent = acted_for(loaded, entry).and_then(|actor| agents.get(actor));
            Some(Line {
                agent: agent.cloned(),
                officer: at_window(entry),
                changes: match entry.what {
                    Happening::ActedFor { .. } => changes.get(&entry.at).cloned().unwrap_or_default(),
                    _ => Vec::new(),
                },
                ..line(&names, loaded, entry, &texts)?
            })
        })
        .chain(moved)
        .collect();
    lines.sort_by_key(|line| line.at);
    lines.reverse();
    Ok(html! {
        ol.timeline {
            @for line in &lines {
                li class=(line.class) {
                    time datetime=(line.at) { (ui::date_time(shell, line.at)) }
                    p { (line.text) }
                    @if let Some(agent) = &line.agent { p.small.quiet { (shell.w.with("p-said-by-agent", &[("agent", agent.as_str().into())])) } }
                    @if let Some(officer) = &line.officer { p.small.quiet { (shell.w.with("p-said-at-window", &[("officer", officer.as_str().into())])) } }
                    @if !line.changes.is_empty() { ul { @for change in &line.changes { li { (change) } } } }
                    @if let Some(note) = &line.note { blockquote.lines { (note) } }
                }
            }
        }
    })
}

/// What the window did in somebody's name is one line: that answers changed with it needs no others.
pub(crate) fn tells_again(case: &Case, entry: &TimelineEntry) -> bool {
    matches!(entry.what, Happening::AnswersRestated | Happening::CorrectedOnTheSpot { .. })
        && case.acted_for.iter().any(|acted| {
            acted.act == casework::ApplicantAct::Answers && acted.at == entry.at && acted.by == entry.actor
        })
}

/// Whether anything that the person or the administration wrote is repeated.
pub fn quotes(case: &Case) -> bool {
    references(case).next().is_some()
}

fn references(case: &Case) -> impl Iterator<Item = &DocRef> {
    case.timeline().iter().filter_map(|entry| {
        let matter = entry.item.as_ref().and_then(|item| case.matter(item));
        entry.what.text_for_applicant(matter.is_some_and(|matter| matter.feedback))
    })
}

/// The texts that the person may read, by their references.
async fn texts(app: &App, case: &Case) -> Result<HashMap<String, String>, Failure> {
    let mut texts = HashMap::new();
    for document in references(case) {
        if let Some(text) = app.office.text(document).await? {
            texts.insert(document.key.to_string(), text);
        }
    }
    Ok(texts)
}

fn line(
    names: &Names<'_>,
    loaded: &LoadedCase,
    entry: &TimelineEntry,
    texts: &HashMap<String, String>,
) -> Option<Line> {
    let matter = entry.item.as_ref().and_then(|item| loaded.case.matter(item));
    let (class, text) = sentence(names, loaded, entry)?;
    let feedback = matter.is_some_and(|matter| matter.feedback);
    let note =
        entry.what.text_for_applicant(feedback).and_then(|document| texts.get(&*document.key)).cloned();
    Some(Line { at: entry.at, class, text, note, agent: None, officer: None, changes: Vec::new() })
}

/// `None` for what is nobody's news.
fn sentence(names: &Names<'_>, loaded: &LoadedCase, entry: &TimelineEntry) -> Option<(&'static str, String)> {
    let w = names.shell.w;
    let item = entry.item.as_ref().map(|item| names.item(item)).unwrap_or_default();
    let about = |key: &str| w.with(key, &[("item", item.clone().into())]);
    let step = |id: &catalogue::StepId| names.step(entry.item.as_ref(), id);
    Some(match &entry.what {
        Happening::Submitted => ("done", w.t("p-said-submitted")),
        Happening::MatterOpened | Happening::Claimed { .. } | Happening::Released { .. } => return None,
        Happening::MatterReleased => ("done", about("p-said-released")),
        Happening::AnswersRestated => ("done", w.t("p-said-restated")),
        Happening::Replanned { cause: ReplanCause::Restated, .. } => ("", about("p-said-replanned")),
        Happening::Replanned { cause: ReplanCause::EditionMoved, .. } => {
            ("", about("p-said-replanned-edition"))
        }
        Happening::Dropped(_) => ("", about("p-said-dropped")),
        Happening::EditionMoved => ("", w.t("p-said-edition-moved")),
        Happening::MaterialsAdded(papers) => (
            "done",
            w.with("p-said-materials", &[("item", item.into()), ("papers", names.materials(papers).into())]),
        ),
        Happening::Accepted => ("done", about("p-said-accepted")),
        Happening::DeemedAccepted { accepted_at } => {
            let day = ui::day(names.shell, *accepted_at);
            ("done", w.with("p-said-deemed", &[("item", item.into()), ("day", day.into())]))
        }
        Happening::NotAccepted { .. } => ("late", about("p-said-not-accepted")),
        Happening::PartiesCame { .. } => ("done", about("p-said-present")),
        Happening::PresenceTakenBack { .. } => ("late", about("p-said-presence-back")),
        Happening::CorrectedOnTheSpot { .. } => ("done", about("p-said-on-the-spot")),
        Happening::CorrectionAsked { .. } => ("now", about("p-said-correction")),
        Happening::RepeatedCorrection { .. } => ("late", about("p-said-correction-again")),
        Happening::CorrectionSupplied(_) => ("done", about("p-said-supplied")),
        Happening::Lapsed(_) => ("late", about("p-said-lapsed")),
        Happening::StepDone { step: id, automatic: true, .. } if is_asked(entry, loaded, id) => {
            ("done", w.with("p-said-step-silent", &[("step", step(id).into())]))
        }
        Happening::StepDone { step: id, yes, returns_to, .. } => {
            step_done(names, loaded, entry, id, *yes, returns_to.as_ref().map(&step))
        }
        Happening::Paused { pause, needed, .. } => {
            let needed = needed.map(|limit| law::limit(names.shell, limit)).unwrap_or_default();
            let key = if needed.is_empty() { "p-said-paused" } else { "p-said-paused-for" };
            (
                "",
                w.with(
                    key,
                    &[
                        ("item", item.into()),
                        ("pause", pause_name(names, pause).into()),
                        ("needed", needed.into()),
                    ],
                ),
            )
        }
        Happening::Resumed { pause } => (
            "",
            w.with("p-said-resumed", &[("item", item.into()), ("pause", pause_name(names, pause).into())]),
        ),
        Happening::ExtensionRequested { .. } => ("", about("p-said-extension-asked")),
        Happening::Extended { more, .. } => (
            "",
            w.with(
                "p-said-extended",
                &[("item", item.into()), ("more", law::limit(names.shell, *more).into())],
            ),
        ),
        Happening::ExtensionDenied { .. } => ("", about("p-said-extension-denied")),
        Happening::Granted { .. } => ("done", about("p-said-granted")),
        Happening::Refused { .. } => ("late", about("p-said-refused")),
        Happening::Issued { number } => {
            ("done", w.with("p-said-issued", &[("item", item.into()), ("number", number.to_string().into())]))
        }
        Happening::Delivered { how } => {
            let how = w.t(match how {
                Delivery::Online => "p-delivery-online",
                Delivery::Window => "p-delivery-window",
                Delivery::Post => "p-delivery-post",
            });
            ("done", w.with("p-said-delivered", &[("item", item.into()), ("how", how.into())]))
        }
        Happening::GapClosed(papers) => {
            ("done", w.with("p-said-gap-closed", &[("papers", names.materials(papers).into())]))
        }
        Happening::PromiseVerified { kept: true, .. } => ("done", about("p-said-promise-kept")),
        Happening::PromiseVerified { kept: false, .. } => ("late", about("p-said-promise-broken")),
        Happening::ResultChanged { change, .. } => (
            "late",
            w.with(
                "p-said-result-changed",
                &[("item", item.into()), ("change", w.t(change_key(*change)).into())],
            ),
        ),
        Happening::ResultReplaced { number, .. } => {
            let about = [("item", item.into()), ("number", number.to_string().into())];
            ("", w.with("p-said-result-replaced", &about))
        }
        Happening::ActedFor { act, step: id, proof, .. } => {
            let about = [
                ("step", id.as_ref().map(step).unwrap_or_default().into()),
                ("proof", crate::desk::words::proof(names.shell, proof).into()),
            ];
            ("", w.with(&format!("p-acted-{}", crate::desk::words::acted_code(*act)), &about))
        }
        Happening::ActUndone => ("done", w.t("p-said-act-undone")),
        Happening::Withdrawn { .. } => ("", about("p-said-withdrawn")),
        Happening::ObjectionRaised { .. } => ("done", w.t("p-said-objection")),
        Happening::ObjectionAnswered { .. } => ("done", w.t("p-said-objection-answered")),
        Happening::Rated { level } => {
            ("done", w.with("p-said-rated", &[("level", w.t(&format!("p-rating-{level}")).into())]))
        }
        Happening::Message { from: Side::Applicant, .. } => ("done", w.t("p-said-message-yours")),
        Happening::Message { from: Side::Administration, .. } => ("done", w.t("p-said-message")),
        Happening::Warned(colour) => (
            "",
            w.with(
                if *colour == WarningColour::Red { "p-said-warned-red" } else { "p-said-warned" },
                &[("item", item.into())],
            ),
        ),
        Happening::Overdue {
            clock:
                clock @ (ClockKind::Promised | ClockKind::Statutory | ClockKind::Delivery | ClockKind::Intake),
            due_at,
        } => {
            let day = ui::due_day(names.shell, *due_at);
            let about = [("item", item.into()), ("clock", names.clock(*clock).into()), ("day", day.into())];
            ("late", w.with("p-said-overdue", &about))
        }
        Happening::Overdue { .. } => return None,
        Happening::VisitSet { step: id, at, remote, .. } => {
            let key = if *remote { "p-said-visit-video" } else { "p-said-visit" };
            let at = ui::date_time(names.shell, *at);
            ("now", w.with(key, &[("step", step(id).into()), ("at", at.into())]))
        }
        Happening::OverdueExplained { .. } => ("", about("p-said-overdue-explained")),
    })
}

/// Whether the applicant's silence is a yes to the step.
fn is_asked(entry: &TimelineEntry, loaded: &LoadedCase, id: &catalogue::StepId) -> bool {
    let matter = entry.item.as_ref().and_then(|item| loaded.case.matter(item));
    matter.and_then(|matter| matter.plan.step(id)).is_some_and(|step| step.silent_yes)
}

fn step_done(
    names: &Names<'_>,
    loaded: &LoadedCase,
    entry: &TimelineEntry,
    id: &catalogue::StepId,
    yes: bool,
    returns: Option<String>,
) -> (&'static str, String) {
    let w = names.shell.w;
    let planned =
        entry.item.as_ref().and_then(|item| loaded.case.matter(item)).and_then(|matter| matter.plan.step(id));
    let who = match planned.map(|step| &step.by) {
        Some(casework::Doer::Role { department, .. }) => names.department(department),
        Some(casework::Doer::Applicant) => w.t("p-you"),
        _ => w.t("p-system"),
    };
    let step = names.step(entry.item.as_ref(), id);
    match (yes, returns) {
        (true, _) => ("done", w.with("p-said-step", &[("who", who.into()), ("step", step.into())])),
        (false, Some(back)) => (
            "now",
            w.with("p-said-step-back", &[("who", who.into()), ("step", step.into()), ("back", back.into())]),
        ),
        (false, None) => ("done", w.with("p-said-step-no", &[("who", who.into()), ("step", step.into())])),
    }
}

fn pause_name(names: &Names<'_>, pause: &PauseKind) -> String {
    match pause {
        PauseKind::Statutory(kind) => names.shell.say(&kind.name()).to_owned(),
        PauseKind::Local(id) => {
            let pause = names.edition.parts().local_pauses.get(id);
            pause.map_or_else(|| id.to_string(), |pause| names.shell.say(&pause.name).to_owned())
        }
    }
}
