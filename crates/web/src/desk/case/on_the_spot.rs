//! 当场更正: the applicant stands there, an answer is wrong, and whoever takes the application in writes down what they say. The
//! whole form of the matter is shown with what was answered; only what differs is changed.

use std::collections::BTreeMap;

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::{Matter, MatterState};
use catalogue::{Field, FieldId, FieldKind, ItemId};
use form::{Answer, Answers, Raw};
use maud::{Markup, html};
use office::{Act, By, Corrected, OfficeError, OpenedCase};

use super::super::posted::Posted;
use super::gather::Attempt;
use super::perform::{Unread, behalf, message_of};
use super::{Desk, forms};
use crate::app::App;
use crate::fault::Failure;
use crate::public::wrong_by_field;
use crate::shell::{Page, Shell, Width, encode};
use crate::ui;

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Path((number, item)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let opened = app.office.case_for_officer(&number, shell.officer()?).await?;
    let desk = Desk::gather(&app, &shell, &opened, None).await?;
    let Some(matter) = desk.at_intake(&item.into()) else {
        return Ok(Redirect::to(&home(&number)).into_response());
    };
    app.office.trace_at_work(opened.id, desk.shown_about_a_person(), desk.viewer).await?;
    Ok(desk.correcting(matter, &Retold::default()).into_response())
}

pub async fn correct(
    State(app): State<App>,
    shell: Shell,
    Path((number, item)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.officer()?;
    let opened = app.office.case_for_officer(&number, viewer).await?;
    let item: ItemId = item.into();
    let posted = Posted(pairs);
    let raw = ui::raw_answers(&posted.0);
    let desk = Desk::gather(&app, &shell, &opened, None).await?;
    // Somebody else has taken the application in by now; what was typed stays on the page with the reason.
    let read = desk.corrected(&item, raw);
    let problems = wrong_by_field(&shell, &opened.edition, &read.problems);
    let answers = read.answers;
    let mut retold = Retold { problems, opened: read.opened };
    let basis = app.office.answers_under(&opened, posted.one("basis")).await?;
    let basis = basis.unwrap_or_else(|| desk.answers.clone());
    let changed = differing(&basis, answers);
    let overtaken = changed.iter().any(|(id, _)| basis.get(id.as_str()) != desk.answers.get(id.as_str()));
    if !posted.one(ui::ADD_ROW).is_empty() {
        retold.problems.clear();
        return again(&app, &shell, &opened, &item, posted, String::new(), &retold).await;
    }
    let done = Redirect::to(&format!("{}?done=corrected&item={}", home(&number), encode(item.as_str())));
    if !retold.problems.is_empty() {
        return again(&app, &shell, &opened, &item, posted, String::new(), &retold).await;
    }
    let note = posted.one("text").to_owned();
    let act =
        Act::CorrectOnTheSpot { item: item.clone(), note: note.clone(), answers: Some(changed.clone()) };
    let act = behalf(act, &posted, &note);
    // Sent twice, as after a lost answer: the first time changed what the page began from.
    if let Ok(act) = &act
        && overtaken
        && app.office.was_done(opened.id, act, By::Viewer(viewer), posted.command()).await?
    {
        return Ok(done.into_response());
    }
    if overtaken {
        let posted = only_changed(posted, &changed);
        let message = shell.w.t("desk-spot-overtaken");
        return again(&app, &shell, &opened, &item, posted, message, &retold).await;
    }
    if changed.is_empty() {
        let message = shell.w.t("desk-spot-nothing");
        return again(&app, &shell, &opened, &item, posted, message, &retold).await;
    }
    let act = match act {
        Ok(act) => act,
        Err(Unread::Missing(key)) => {
            let message = shell.w.t(key);
            return again(&app, &shell, &opened, &item, posted, message, &retold).await;
        }
        Err(_) => return Err(Failure::BadRequest),
    };
    // Held against what stands there now: whoever changes something at the same moment is not overwritten.
    let upon = Some(&*opened.case.answers.key);
    match app.office.act_upon(opened.id, act, upon, By::Viewer(viewer), posted.command()).await {
        Ok(_) => Ok(done.into_response()),
        Err(OfficeError::Unfit(wrong)) => {
            retold.problems = wrong_by_field(&shell, &opened.edition, &wrong);
            again(&app, &shell, &opened, &item, posted, String::new(), &retold).await
        }
        Err(error) => {
            let Some(message) = message_of(&shell, &error) else { return Err(error.into()) };
            again(&app, &shell, &opened, &item, posted, message, &retold).await
        }
    }
}

/// What the page says when it is shown anew.
#[derive(Debug, Default)]
struct Retold {
    problems: BTreeMap<FieldId, Vec<String>>,
    /// Questions that the new answers bring with them.
    opened: Vec<FieldId>,
}

/// Only what was changed here is shown as it was typed; the rest stands as it is now.
fn only_changed(posted: Posted, changed: &Answers) -> Posted {
    let kept = |name: &str| match name.strip_prefix(form::CONTROL_PREFIX) {
        Some(field) => changed.get(field.split('.').next().unwrap_or_default()).is_some(),
        None => true,
    };
    Posted(posted.0.into_iter().filter(|(name, _)| kept(name)).collect())
}

fn home(number: &str) -> String {
    format!("/desk/cases/{}", encode(number))
}

/// Where the answers of a matter are put right.
pub fn place(number: &str, item: &ItemId) -> String {
    format!("{}/items/{}/correct", home(number), encode(item.as_str()))
}

/// The page again with everything that was typed.
async fn again(
    app: &App,
    shell: &Shell,
    opened: &OpenedCase<'_>,
    item: &ItemId,
    posted: Posted,
    message: String,
    retold: &Retold,
) -> Result<Response, Failure> {
    let attempt = Attempt { posted, message };
    let desk = Desk::gather(app, shell, opened, Some(&attempt)).await?;
    let matter = opened.case.matter(item).ok_or(Failure::NotFound)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, desk.correcting(matter, retold)).into_response())
}

impl<'a> Desk<'a> {
    /// The matter, while it waits for this officer to take it in.
    fn at_intake(&self, item: &ItemId) -> Option<&'a Matter> {
        let matter = self.loaded.case.matter(item)?;
        (matter.state == MatterState::Received && self.may_take_in(matter)).then_some(matter)
    }

    /// What was asked and can be said: files come in as papers.
    pub fn corrigible(&self, item: &ItemId) -> Vec<&'a Field> {
        office::asked_of(self.loaded, &self.answers, item)
            .iter()
            .filter_map(|id| self.loaded.edition.field(id))
            .filter(|field| !matches!(field.kind, FieldKind::File { .. }))
            .collect()
    }

    /// What was typed; a box that stays blank because its answer is masked says nothing.
    fn corrected(&self, item: &ItemId, mut raw: BTreeMap<FieldId, Raw>) -> Corrected {
        let fields = self.corrigible(item);
        let masked = |id: &FieldId| fields.iter().any(|field| field.id == *id && self.is_masked(field));
        raw.retain(|id, raw| !raw.is_blank() || !masked(id));
        let ids: Vec<FieldId> = fields.iter().map(|field| field.id.clone()).collect();
        self.app.office.read_correction(self.loaded, &self.answers, &ids, &raw)
    }

    fn correcting(&self, matter: &Matter, retold: &Retold) -> Markup {
        let shell = self.shell;
        let w = shell.w;
        let id = forms::form_id("spot", matter.item.as_str(), "");
        let raw = self.attempt.map(|attempt| ui::raw_answers(&attempt.posted.0)).unwrap_or_default();
        let told = self.attempt.map(|attempt| attempt.message.as_str()).filter(|message| !message.is_empty());
        let mut summary: Vec<(String, String)> =
            told.map(|message| ("spot-agreed".to_owned(), message.to_owned())).into_iter().collect();
        let problems = &retold.problems;
        summary.extend(
            problems
                .iter()
                .flat_map(|(field, texts)| texts.iter().map(|text| (ui::anchor(field), text.clone()))),
        );
        let mut fields = self.corrigible(&matter.item);
        let edition = &self.loaded.edition;
        let more = retold.opened.iter().filter_map(|id| edition.field(id));
        let more: Vec<_> = more.filter(|field| !fields.contains(field)).collect();
        fields.extend(more);
        let home = home(self.number());
        let body = html! {
            (ui::error_summary(w, &summary))
            p.lead { (w.t("desk-spot-hint")) }
            @if fields.is_empty() { p.panel { (w.t("desk-spot-none")) } p { a href=(home) { (w.t("notice-back")) } } }
            @else {
                form method="post" action=(place(self.number(), &matter.item)) {
                    // What stands in the boxes, so that a page that is older than the last change takes nothing of it back.
                    (ui::hidden("basis", &self.loaded.case.answers.key))
                    (ui::hidden("form", &id)) (ui::hidden("command", &self.app.office.new_id().to_string()))
                    @for section in self.loaded.edition.parts().sections.values() {
                        @let here: Vec<_> = fields.iter().filter(|field| field.section == section.id).collect();
                        @if !here.is_empty() {
                            section.card aria-label=(shell.say(&section.title)) {
                                h2 { (shell.say(&section.title)) }
                                @for field in here { (self.correctable(field, raw.get(&field.id), problems)) }
                            }
                        }
                    }
                    section.card #spot-agreed aria-labelledby="spot-agreed-title" tabindex="-1" {
                        h2 id="spot-agreed-title" { (w.t("desk-spot-agreed")) }
                        (self.proof_of(&id, &w.t("desk-spot-law"), &["ticket", "identity-seen"]))
                        (self.text_area(&id, "text", &w.t("desk-corrected-note"), Some(&w.t("desk-read-by-applicant"))))
                        div.actions { button.button type="submit" { (w.t("desk-spot-do")) } a href=(home) { (w.t("notice-back")) } }
                    }
                }
            }
        };
        let title = w.with("desk-spot-title", &[("item", self.item_title(matter).into())]);
        let page = Page::desk(title, body).width(Width::Normal);
        shell.lay_out(page.crumb(w.t("nav-worklist"), "/desk").crumb(self.number().to_owned(), home))
    }

    /// One question with its answer; what this officer sees masked stays as it is unless something is written.
    fn correctable(
        &self,
        field: &Field,
        typed: Option<&Raw>,
        problems: &BTreeMap<FieldId, Vec<String>>,
    ) -> Markup {
        let w = self.shell.w;
        let masked = self.is_masked(field);
        let value = self.answers.value(field.id.as_str());
        let kept = value.filter(|_| masked);
        let why = html! {
            @if let Some(value) = kept {
                p.hint { (w.with("desk-spot-masked", &[("value", office::masked(field, value, self.shell.lang).into())])) }
            }
        };
        ui::field(
            self.shell,
            &ui::FieldView {
                field,
                label: &field.label,
                hint: field.hint.as_ref(),
                value: value.filter(|_| !masked),
                typed,
                problems: problems.get(&field.id).cloned().unwrap_or_default(),
                required: kept.is_none() && !field.optional,
                none: self.answers.get(field.id.as_str()) == Some(&Answer::Blank) && field.absent.is_some(),
                why,
            },
        )
    }
}

/// The answers that say something else than `before`.
fn differing(before: &Answers, answers: Answers) -> Answers {
    let mut changed = Answers::new();
    for (id, answer) in answers.iter().filter(|(id, answer)| before.get(id.as_str()) != Some(answer)) {
        match answer {
            Answer::Given(value) => changed.give(id.clone(), value.clone()),
            Answer::Blank if before.get(id.as_str()).is_some() => changed.leave_blank(id.clone()),
            Answer::Blank | Answer::Typed(_) => {}
        }
    }
    changed
}
