//! The papers: what the zone gets itself, what is uploaded, what may follow, and what a promise stands in for.

use std::collections::BTreeMap;

use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Response};
use catalogue::{FieldId, FieldKind, Item, MaterialId, MaterialNeed};
use form::{Form, MaterialDue, MaterialStatus, Modes};
use maud::{Markup, html};
use office::{Attachment, By, NotPossible, OfficeError, OpenDraft};

use super::upload::{Sent, receive, serve_file, size};
use super::{dead_ends, gone_on, id, page_in, saved};
use crate::app::App;
use crate::fault::Failure;
use crate::public::item::media;
use crate::public::law;
use crate::public::thing::supplier;
use crate::public::visitor::{Guest, Pairs, again, see, value, values};
use crate::shell::{Shell, encode};
use crate::ui;

const ACCEPT: &str = ".pdf,.jpg,.jpeg,.png,.webp,.heic,.doc,.docx,.xls,.xlsx,.txt";

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(draft): Path<String>,
) -> Result<Response, Failure> {
    let (open, _) = guest.draft(&app, &shell, id(&draft)?).await?;
    if let Some(to) = gone_on(&shell, &open) {
        return Ok(see(&to));
    }
    Ok(draw(&shell, &open, &[])?.into_response())
}

fn anchor(material: &MaterialId) -> String {
    format!("m-{}", material.as_str().replace(char::is_whitespace, "-"))
}

/// The form of the whole page: controls stand beside their papers, and whichever button is pressed, all that was chosen and
/// ticked goes.
pub const ALL: &str = "papers";
/// Before the name of a paper, in the name of its control.
const FILE: &str = "file:";
/// Sent by a page that offers ways of handling: without a tick, none is chosen.
const MODES: &str = "modes";

/// A paper, and why its file was not taken.
type Refusals = [(MaterialId, String)];

fn draw(shell: &Shell, open: &OpenDraft, problems: &Refusals) -> Result<Markup, Failure> {
    let w = shell.w;
    let form = open.form()?;
    let (held, brought): (Vec<_>, Vec<_>) =
        form.materials().iter().partition(|due| due.status == MaterialStatus::Supplied);
    let summary: Vec<(String, String)> =
        problems.iter().map(|(material, text)| (anchor(material), text.clone())).collect();
    let missing = open.papers_missing()?;
    let problem = |due: &MaterialDue<'_>| {
        problems.iter().find(|(id, _)| *id == due.material.id).map(|(_, text)| text.as_str())
    };
    let body = html! {
        (ui::error_summary(w, &summary))
        h1 { (w.t("p-papers-title")) }
        (saved(shell, open))
        (dead_ends(shell, open, &form, None))
        @if form.items().next().is_none() { (ui::panel("soon", html! { p { (w.t("p-papers-after-situation")) } })) }
        @else if brought.is_empty() { (ui::panel("good", html! { p { (w.t("p-papers-none")) } })) }
        (crate::window::seen_papers(shell, open))
        (choices(shell, open, &form))
        form id=(ALL) method="post" enctype="multipart/form-data" action=(format!("/drafts/{}/papers", open.id)) {}
        (alike(shell, open))
        @for due in &brought { (paper(shell, open, due, problem(due))) }
        @if !held.is_empty() {
            section.card aria-labelledby="held" {
                h2 #held { (w.t("p-papers-held")) }
                ul.papers.held { @for due in &held { li { (shell.say(&due.material.title)) @if let Some(from) = due.supplied_by { " " span.quiet.small { (supplier(shell, &from)) } } } } }
            }
        }
        (ui::actions(html! {
            // A button, so that a file that was chosen and not sent yet goes along.
            button.button.second[!missing.is_empty()] type="submit" form=(ALL) name="go" value="check" data-to=(format!("/drafts/{}/check", open.id)) { (w.t("p-check-title")) }
            a href=(format!("/drafts/{}", open.id)) { (w.t("p-back-to-list")) }
        }))
    };
    Ok(page_in(shell, open, &w.t("p-papers-title"), body))
}

/// Papers that were given the same file.
pub fn alike(shell: &Shell, open: &OpenDraft) -> Markup {
    let w = shell.w;
    html! {
        @for papers in office::papers_alike(&open.draft.attachments) {
            (ui::panel("soon", html! { p { (w.with("papers-alike", &[("papers", titles(shell, &open.edition, &papers).into())])) } }))
        }
    }
}

/// Titles in one line.
pub fn titles(shell: &Shell, edition: &catalogue::Edition, papers: &[catalogue::MaterialId]) -> String {
    let title = |id: &catalogue::MaterialId| {
        edition.material(id).map_or_else(|| id.to_string(), |material| shell.say(&material.title).to_owned())
    };
    let between = match shell.lang {
        catalogue::Lang::Zh => "、",
        catalogue::Lang::En => ", ",
    };
    papers.iter().map(title).collect::<Vec<_>>().join(between)
}

/// The promises that may be signed, each with its whole text, and the papers that may follow.
fn choices(shell: &Shell, open: &OpenDraft, form: &Form<'_>) -> Markup {
    let w = shell.w;
    let promises: Vec<&Item> = form.items().filter(|item| item.modes.promise.is_some()).collect();
    let tolerable: Vec<&MaterialDue<'_>> = form
        .materials()
        .iter()
        .filter(|due| {
            due.uses.iter().any(|each| each.need == MaterialNeed::Tolerable)
                && due.status != MaterialStatus::Supplied
                && !open.has_paper(&due.material.id)
        })
        .collect();
    let modes = &open.draft.modes;
    html! {
        @if !promises.is_empty() || !tolerable.is_empty() {
            section.card aria-labelledby="modes" {
                h2 #modes { (w.t("p-modes-title")) }
                input type="hidden" name=(MODES) value="shown" form=(ALL);
                p.quiet { (w.t("p-modes-hint")) }
                @for item in promises {
                    @if let Some(promise) = &item.modes.promise {
                        fieldset.question {
                            legend { (w.with("p-promise-title", &[("item", shell.say(&item.title).into())])) }
                            div.promise { p { (shell.say(&promise.text)) } p.small { (w.with("p-promise-check", &[("limit", law::limit(shell, promise.verify_within).into())])) } p.small { (law::cite(shell, &promise.basis)) } }
                            div.choices { label.choice { input type="checkbox" name="promise" form=(ALL) value=(item.id) checked[modes.promised.contains(&item.id)]; span { (w.t("p-promise-sign")) } } }
                        }
                    }
                }
                @for due in tolerable {
                    @let tolerance = due.uses.iter().find_map(|each| each.item.modes.tolerance.as_ref());
                    @if let Some(tolerance) = tolerance {
                        fieldset.question {
                            legend { (w.with("p-tolerate-title", &[("paper", shell.say(&due.material.title).into())])) }
                            div.promise { p { (shell.say(&tolerance.text)) } p.small { (w.with("p-tolerate-within", &[("limit", law::limit(shell, tolerance.close_within).into())])) } p.small { (law::cite(shell, &tolerance.basis)) } }
                            div.choices { label.choice { input type="checkbox" name="tolerate" form=(ALL) value=(due.material.id) checked[modes.tolerated.contains(&due.material.id)]; span { (w.t("p-tolerate-sign")) } } }
                        }
                    }
                }
                (ui::actions(html! { button.button.second type="submit" form=(ALL) name="go" value="modes" { (w.t("p-modes-save")) } }))
            }
        }
    }
}

fn paper(shell: &Shell, open: &OpenDraft, due: &MaterialDue<'_>, problem: Option<&str>) -> Markup {
    let w = shell.w;
    let material = due.material;
    let anchor = anchor(&material.id);
    let files: Vec<&Attachment> =
        open.draft.attachments.iter().filter(|file| file.material.as_ref() == Some(&material.id)).collect();
    let wanted_by: Vec<&str> = due.uses.iter().map(|each| shell.say(&each.item.title)).collect();
    html! {
        section.card.paper aria-labelledby=(format!("{anchor}-title")) {
            div.row.between {
                h2 id=(format!("{anchor}-title")) { (shell.say(&material.title)) }
                @if !files.is_empty() { span.tag.good { (w.t("p-paper-there")) } }
                @else if open.seen_at(&material.id).is_some() { span.tag.good { (w.t("p-paper-seen")) } }
                @else {
                    @match due.status {
                        MaterialStatus::Due => { span.tag { (w.t("p-paper-due")) } }
                        MaterialStatus::Later => { span.tag.pause { (w.t("p-paper-later")) } }
                        MaterialStatus::Promised => { span.tag.good { (w.t("p-paper-promised")) } }
                        MaterialStatus::Optional | MaterialStatus::Supplied => { span.tag.plain { (w.t("p-need-optional")) } }
                    }
                }
            }
            @if let Some(hint) = &material.hint { p { (shell.say(hint)) } }
            p.quiet.small { (w.with("p-paper-for", &[("items", w.list(&wanted_by).into())])) " · " (media(shell, &material.media)) }
            @if let Some(template) = &material.template { details.more { summary { (w.t("p-paper-template")) } pre.template { (shell.say(template)) } } }
            @for basis in due.uses.iter().filter_map(|each| each.basis).take(1) { p.small { (law::cite(shell, basis)) } }
            (seen_line(shell, open, &material.id))
            (file_list(shell, &format!("/drafts/{}/files", open.id), &files, Some(Removal::With(ALL)), &BTreeMap::new()))
            @if due.status != MaterialStatus::Promised {
                @let upload = html! {
                    div.upload data-upload=(format!("/drafts/{}/papers/{}", open.id, encode(material.id.as_str()))) {
                        (chooser(shell, &Chooser {
                            anchor: &anchor,
                            name: &format!("{FILE}{}", material.id),
                            form: Some(ALL),
                            title: shell.say(&material.title),
                            max_bytes: material.max_bytes,
                            problem,
                        }))
                        button.button.second type="submit" form=(ALL) { (w.t("file-send-all")) }
                    }
                };
                @if files.is_empty() || problem.is_some() { (upload) }
                @else { details.more { summary { (w.t("p-file-more")) } (upload) } }
            }
        }
    }
}

/// When the window saw the original of a paper.
pub fn seen_line(shell: &Shell, open: &OpenDraft, material: &MaterialId) -> Markup {
    html! {
        @if let Some(Some(at)) = open.seen_at(material) {
            p.small { (shell.w.with("p-paper-seen-at", &[("at", ui::date_time(shell, at).into())])) }
        }
    }
}

/// A control for one file, with what it may be.
pub fn file_input(shell: &Shell, anchor: &str, title: &str, max_bytes: u64, problem: Option<&str>) -> Markup {
    chooser(shell, &Chooser { anchor, name: "file", form: None, title, max_bytes, problem })
}

/// A control for a file: where it stands, as what it is sent, and what is said about it.
#[derive(Debug)]
pub struct Chooser<'a> {
    anchor: &'a str,
    name: &'a str,
    /// The form that it goes with, where it does not stand in it.
    form: Option<&'a str>,
    title: &'a str,
    max_bytes: u64,
    problem: Option<&'a str>,
}

/// The sentences that the script says while files are on their way, each with its places left open.
pub fn sayings(shell: &Shell, max_bytes: u64) -> Markup {
    let w = shell.w;
    let open = |key: &str| {
        w.with(
            key,
            &[("name", "{name}".into()), ("size", "{size}".into()), ("limit", size(max_bytes).into())],
        )
    };
    html! {
        p.file-state role="status" hidden data-sending=(open("file-sending")) data-sent=(open("file-sent")) data-net=(open("file-net"))
            data-failed=(open("file-failed")) data-large=(open("file-too-large")) data-again=(open("file-again")) data-all=(open("file-sending-all")) {}
    }
}

fn chooser(shell: &Shell, chooser: &Chooser<'_>) -> Markup {
    let w = shell.w;
    let Chooser { anchor, name, form, title, max_bytes, problem } = *chooser;
    let hint = format!("{anchor}-hint");
    html! {
        div.question.wrong[problem.is_some()] {
            label for=(anchor) { (w.with("p-file-choose", &[("paper", title.into())])) }
            p.hint id=(hint) { (w.with("p-file-hint", &[("megabytes", (max_bytes.div_ceil(1024 * 1024)).into())])) }
            @if let Some(problem) = problem { p.problem { (problem) } }
            input type="file" id=(anchor) name=(name) form=[form] accept=(ACCEPT) data-max=(max_bytes) aria-describedby=(hint) aria-invalid=[problem.map(|_| "true")];
            (sayings(shell, max_bytes))
        }
    }
}

/// How a file is taken out again.
#[derive(Clone, Copy, Debug)]
pub enum Removal<'a> {
    /// By a form of its own that goes there.
    By(&'a str),
    /// By the form of the whole page, so that what else was chosen on it goes along.
    With(&'a str),
}

/// Files that are there; with `remove`, each can be taken out again. Officers who took one in are told by name.
pub fn file_list(
    shell: &Shell,
    address: &str,
    files: &[&Attachment],
    remove: Option<Removal<'_>>,
    officers: &BTreeMap<String, String>,
) -> Markup {
    let w = shell.w;
    html! {
        @if !files.is_empty() {
            ul.files {
                @for file in files {
                    li {
                        a href=(format!("{address}/{}", file.digest)) { (file.name) }
                        @if remove.is_none() && let Some(paper) = file.material.as_ref().and_then(|id| shell.edition.material(id)) { span.small { (shell.say(&paper.title)) } }
                        " " span.quiet.small { (size(file.bytes)) " · " (ui::date_time(shell, file.at)) @if let Some(officer) = officers.get(&file.by) { " · " (w.with("p-file-by", &[("officer", officer.as_str().into())])) } }
                        @match remove {
                            Some(Removal::By(address)) => {
                                form method="post" action=(address) { (ui::hidden("digest", &file.digest)) button.linkish type="submit" { (w.t("p-file-remove")) span.visually-hidden { (file.name) } } }
                            }
                            Some(Removal::With(form)) => {
                                button.linkish type="submit" form=(form) name="detach" value=(file.digest) { (w.t("p-file-remove")) span.visually-hidden { (file.name) } }
                            }
                            None => {}
                        }
                    }
                }
            }
        }
    }
}

/// Keeps the files that are good, each with what it is for, and tells about the last that is not.
async fn attach(
    app: &App,
    shell: &Shell,
    open: &OpenDraft,
    by: By<'_>,
    sent: Sent,
    belongs: impl Fn(&mut Attachment),
) -> Result<Option<(OfficeError, String)>, Failure> {
    let none = || (NotPossible::NothingNamed.into(), shell.w.t("p-file-none-chosen"));
    let mut problem = sent.files.is_empty().then(none);
    for (_, file) in sent.files {
        match file {
            Ok(mut attachment) => {
                belongs(&mut attachment);
                app.office.attach(open.id, attachment, by).await?;
            }
            Err(refused) => {
                let told = refused.message(shell);
                problem = Some((refused.error, told));
            }
        }
    }
    Ok(problem)
}

pub async fn upload(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((draft, material)): Path<(String, String)>,
    body: Multipart,
) -> Result<Response, Failure> {
    let (open, by) = guest.draft(&app, &shell, id(&draft)?).await?;
    let material: MaterialId = material.into();
    let declared = open.edition.material(&material).ok_or(Failure::NotFound)?;
    let limit = declared.max_bytes;
    let sent = receive(&app, by, body, |_| limit).await?;
    if let Some(to) = gone_on(&shell, &open) {
        return Ok(see(&to));
    }
    let problem =
        attach(&app, &shell, &open, by, sent, |file| file.material = Some(material.clone())).await?;
    match problem {
        None => Ok(see(&format!("/drafts/{}/papers#{}-title", open.id, encode(&anchor(&material))))),
        Some((error, text)) => {
            let open = app.office.open_draft(open.id, by).await?;
            Ok(again(&error, draw(&shell, &open, &[(material, text)])?))
        }
    }
}

/// All that was chosen and ticked on the page, whichever button sent it. What is good is kept when another is not.
pub async fn upload_all(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(draft): Path<String>,
    body: Multipart,
) -> Result<Response, Failure> {
    let (open, by) = guest.draft(&app, &shell, id(&draft)?).await?;
    let edition = open.edition.clone();
    let paper = |name: &str| name.strip_prefix(FILE).and_then(|id| edition.material(&id.into()));
    let sent = receive(&app, by, body, |name| paper(name).map_or(0, |paper| paper.max_bytes)).await?;
    if let Some(to) = gone_on(&shell, &open) {
        return Ok(see(&to));
    }
    let go = value(&sent.pairs, "go");
    let to_check = go == "check";
    let taken_out = value(&sent.pairs, "detach");
    // Ticks go along, whichever button was pressed: the person's, and the clerk's.
    if let Some(modes) = modes(&sent.pairs) {
        app.office.set_modes(open.id, modes, by).await?;
    }
    let ticked = crate::window::ticked(&shell, &sent.pairs);
    let none = sent.files.is_empty() && go.is_empty() && taken_out.is_empty() && ticked.is_none();
    if let Some(seen) = ticked {
        app.office.set_seen(open.id, seen, by).await?;
    }
    if !taken_out.is_empty() {
        app.office.detach(open.id, taken_out, by).await?;
    }
    let mut problems = Vec::new();
    let mut error = OfficeError::from(NotPossible::NothingNamed);
    for (name, file) in sent.files {
        let Some(paper) = paper(&name) else { continue };
        match file {
            Ok(mut attachment) => {
                attachment.material = Some(paper.id.clone());
                app.office.attach(open.id, attachment, by).await?;
            }
            Err(refused) => {
                problems.push((paper.id.clone(), refused.message(&shell)));
                error = refused.error;
            }
        }
    }
    if none && let Some(missing) = open.papers_missing()?.into_iter().next() {
        problems.push((missing, shell.w.t("p-file-none-chosen")));
    }
    if !problems.is_empty() {
        let open = app.office.open_draft(open.id, by).await?;
        return Ok(again(&error, draw(&shell, &open, &problems)?));
    }
    Ok(see(&format!("/drafts/{}/{}", open.id, if to_check { "check" } else { "papers" })))
}

/// The ways of handling that are ticked, where the page offered any.
fn modes(pairs: &[(String, String)]) -> Option<Modes> {
    pairs.iter().any(|(name, _)| name == MODES).then(|| Modes {
        promised: values(pairs, "promise").into_iter().map(Into::into).collect(),
        tolerated: values(pairs, "tolerate").into_iter().map(Into::into).collect(),
    })
}

pub async fn detach(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(draft): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (open, by) = guest.draft(&app, &shell, id(&draft)?).await?;
    if let Some(to) = gone_on(&shell, &open) {
        return Ok(see(&to));
    }
    app.office.detach(open.id, value(&pairs, "digest"), by).await?;
    Ok(see(&format!("/drafts/{}/papers", open.id)))
}

pub async fn file(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((draft, digest)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (open, by) = guest.draft(&app, &shell, id(&draft)?).await?;
    let (file, source) = app.office.draft_file(open.id, &digest, by).await?;
    Ok(serve_file(&file, source))
}

/// The page on which a question is answered by a file.
pub async fn field_page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((draft, field)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (open, _) = guest.draft(&app, &shell, id(&draft)?).await?;
    if let Some(to) = gone_on(&shell, &open) {
        return Ok(see(&to));
    }
    Ok(draw_field(&shell, &open, &field.into(), None)?.into_response())
}

fn draw_field(
    shell: &Shell,
    open: &OpenDraft,
    field: &FieldId,
    problem: Option<&str>,
) -> Result<Markup, Failure> {
    let w = shell.w;
    let declared = open.edition.field(field).ok_or(Failure::NotFound)?;
    let FieldKind::File { max_bytes } = declared.kind else { return Err(Failure::NotFound) };
    let files: Vec<&Attachment> =
        open.draft.attachments.iter().filter(|file| file.field.as_ref() == Some(field)).collect();
    let title = shell.say(&declared.label);
    let problems: Vec<(String, String)> =
        problem.map(|text| ("file".to_owned(), text.to_owned())).into_iter().collect();
    let body = html! {
        (ui::error_summary(w, &problems))
        h1 { (title) }
        @if let Some(hint) = &declared.hint { p { (shell.say(hint)) } }
        (file_list(shell, &format!("/drafts/{}/files", open.id), &files, Some(Removal::By(&format!("/drafts/{}/detach", open.id))), &BTreeMap::new()))
        form method="post" enctype="multipart/form-data" action=(format!("/drafts/{}/answer-file/{}", open.id, encode(field.as_str()))) {
            (file_input(shell, "file", title, max_bytes, problem))
            (ui::actions(html! { button.button type="submit" { (w.t("form-file-add")) } a href=(section_of(open, field)?) { (w.t("p-back-to-form")) } }))
        }
    };
    Ok(page_in(shell, open, title, body))
}

fn section_of(open: &OpenDraft, field: &FieldId) -> Result<String, Failure> {
    let form = open.form()?;
    Ok(match form.question(field.as_str()) {
        Some(question) => {
            format!("/drafts/{}/s/{}#{}", open.id, encode(question.part.key()), encode(&ui::anchor(field)))
        }
        None => format!("/drafts/{}", open.id),
    })
}

pub async fn field_upload(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((draft, field)): Path<(String, String)>,
    body: Multipart,
) -> Result<Response, Failure> {
    let (open, by) = guest.draft(&app, &shell, id(&draft)?).await?;
    let field: FieldId = field.into();
    let declared = open.edition.field(&field).ok_or(Failure::NotFound)?;
    let FieldKind::File { max_bytes } = declared.kind else { return Err(Failure::NotFound) };
    let sent = receive(&app, by, body, |_| max_bytes).await?;
    if let Some(to) = gone_on(&shell, &open) {
        return Ok(see(&to));
    }
    let problem = attach(&app, &shell, &open, by, sent, |file| file.field = Some(field.clone())).await?;
    match problem {
        None => Ok(see(&section_of(&open, &field)?)),
        Some((error, text)) => Ok(again(&error, draw_field(&shell, &open, &field, Some(&text))?)),
    }
}
