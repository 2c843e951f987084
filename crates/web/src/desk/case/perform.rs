//! What a form of the case page does.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Form, Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use calendar::Limit;
use casework::{Delivery, Doer, ResultChange};
use catalogue::{ItemId, StepId};
use office::{Act, By, Correction, LoadedCase, OfficeError, OpenedCase, Shown};

use super::super::posted::Posted;
use super::super::record;
use super::acts::pause_of;
use super::gather::Attempt;
use super::page;
use crate::app::App;
use crate::fault::Failure;
use crate::public::{came_since, receive};
use crate::shell::{Shell, encode};
use crate::ui;

pub async fn act(
    State(app): State<App>,
    shell: Shell,
    Path(number): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.officer()?;
    let posted = Posted(pairs);
    let loaded = app.office.case_for_officer(&number, viewer).await?;
    if !posted.one(ui::ADD_ROW).is_empty() {
        return said_again(&app, &shell, &loaded, posted, String::new()).await;
    }
    let read = match posted.one("act") {
        "supply" => supply(&app, &loaded, &posted).await?,
        _ => read(&posted, &loaded),
    };
    let act = match read {
        Ok(act) => act,
        Err(Unread::Nonsense) => return Err(Failure::BadRequest),
        Err(Unread::Wrong) => {
            let message = shell.w.t("desk-supply-wrong");
            return said_again(&app, &shell, &loaded, posted, message).await;
        }
        Err(Unread::Missing(key)) => return said_again(&app, &shell, &loaded, posted, shell.w.t(key)).await,
    };
    let upon = Some(posted.one("basis")).filter(|key| !key.is_empty());
    match app.office.act_upon(loaded.id, act, upon, By::Viewer(viewer), posted.command()).await {
        Ok(_) => {
            let item = posted.one("item");
            let done =
                format!("/desk/cases/{number}?done={}&item={}", encode(posted.one("act")), encode(item));
            Ok(Redirect::to(&posted.next(&done)).into_response())
        }
        Err(error) => refuse(&app, &shell, &loaded, posted, error).await,
    }
}

/// The page again, with the refusal at its form and all that was typed.
async fn refuse(
    app: &App,
    shell: &Shell,
    opened: &OpenedCase<'_>,
    posted: Posted,
    error: OfficeError,
) -> Result<Response, Failure> {
    let Some(message) = message_of(shell, &error) else { return Err(error.into()) };
    said_again(app, shell, opened, posted, message).await
}

/// What the officer is told of a refusal, with the article behind it; none where it is no refusal.
pub fn message_of(shell: &Shell, error: &OfficeError) -> Option<String> {
    let message = error.message_in(shell.lang, &shell.edition)?;
    let cite = match error {
        OfficeError::Refused(refusal) => refusal.statute(),
        _ => None,
    };
    Some(cite.map_or(message.clone(), |cite| format!("{message}（{cite}）")))
}

async fn said_again(
    app: &App,
    shell: &Shell,
    opened: &OpenedCase<'_>,
    posted: Posted,
    message: String,
) -> Result<Response, Failure> {
    let attempt = Attempt { posted, message };
    let page = page::draw(app, shell, opened, Some(&attempt)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Why a form says nothing that could be done.
pub enum Unread {
    /// No page of ours sends this.
    Nonsense,
    /// Answers that are told at their questions.
    Wrong,
    /// A choice or a number that only the officer can give: what to say at the form.
    Missing(&'static str),
}

pub async fn reveal(
    State(app): State<App>,
    shell: Shell,
    Path(number): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.officer()?;
    let posted = Posted(pairs);
    let loaded = app.office.case_for_officer(&number, viewer).await?;
    let fields: Vec<_> = posted.all("field").map(Into::into).collect();
    match app.office.reveal(loaded.id, fields, posted.one("text"), viewer).await {
        Ok(()) => Ok(Redirect::to(&format!("/desk/cases/{number}#facts")).into_response()),
        Err(error) => refuse(&app, &shell, &loaded, posted, error).await,
    }
}

/// An identifier was held against the original.
pub async fn original(
    State(app): State<App>,
    shell: Shell,
    Path(number): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.officer()?;
    let posted = Posted(pairs);
    let loaded = app.office.case_for_officer(&number, viewer).await?;
    let field = posted.one("field").into();
    match app.office.see_original(loaded.id, &field, posted.one("basis"), viewer).await {
        Ok(()) => {}
        Err(error) => return refuse(&app, &shell, &loaded, posted, error).await,
    }
    Ok(Redirect::to(&format!("/desk/cases/{number}#facts")).into_response())
}

/// A paper that an applicant brought to the window, or that a department received.
pub async fn add_paper(
    State(app): State<App>,
    shell: Shell,
    Path(number): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Failure> {
    let viewer = shell.officer()?;
    let loaded = app.office.case_for_officer(&number, viewer).await?;
    let form = form.map_err(|_| Failure::BadRequest)?;
    let by = By::Viewer(viewer);
    let sent = receive(&app, by, form, |_| app.settings.upload_bytes_max as u64).await?;
    let posted = Posted(sent.pairs);
    let mut attachment = None;
    for (_, taken) in sent.files {
        match taken {
            Ok(kept) => attachment = Some(kept),
            Err(refused) => return refuse(&app, &shell, &loaded, posted, refused.error).await,
        }
    }
    let Some(attachment) = attachment else { return Err(Failure::BadRequest) };
    let paper = posted.one("material");
    if loaded.edition.material(&paper.into()).is_none() {
        return Err(Failure::BadRequest);
    }
    app.office.receive_paper(&loaded, paper.into(), attachment, posted.command()).await?;
    Ok(Redirect::to(&format!("/desk/cases/{number}?done=paper#files")).into_response())
}

/// The act that a form asks for.
fn read(posted: &Posted, loaded: &LoadedCase) -> Result<Act, Unread> {
    let item: ItemId = posted.one("item").into();
    let step: StepId = posted.one("step").into();
    let text = || reason(posted);
    let kind = || pause_of(posted.one("kind")).ok_or(Unread::Missing("desk-choose-pause"));
    let officers: Vec<String> = posted.all("officer").map(str::to_owned).collect();
    Ok(match posted.one("act") {
        "accept" => Act::Accept { item: (!posted.one("item").is_empty()).then_some(item) },
        "present" => Act::Present { item, proof: proof(posted)? },
        "presence-back" => Act::TakeBackPresence { item, reason: text() },
        "correction" => Act::AskCorrection(Correction {
            item: Some(item),
            materials: posted.all("material").map(Into::into).collect(),
            fields: posted.all("field").map(Into::into).collect(),
            note: text(),
            again: Some(posted.one("again").to_owned()).filter(|again| !again.is_empty()),
        }),
        "corrected" => Act::CorrectOnTheSpot { item, note: text(), answers: None },
        "not-required" => Act::NotRequired { item, reason: text() },
        "not-remit" => Act::NotOurRemit { item, organ: posted.one("organ").to_owned(), reason: text() },
        "claim" => Act::Claim { item, step, officer: None },
        "assign" => {
            let officer = chosen(posted.one("officer"), "desk-choose-officer")?;
            Act::Claim { item, step, officer: Some(officer.to_owned()) }
        }
        "release" => Act::Release { item, step },
        "complete" => {
            let for_applicant = is_applicants(loaded, &item, &step);
            let declared = loaded.edition.item(&item).and_then(|item| item.step(&step));
            if declared.is_some_and(|step| !step.checklist.is_empty()) {
                chosen(posted.one("yes"), "desk-choose-outcome")?;
            }
            let act = Act::CompleteStep {
                yes: posted.one("yes") != "no",
                opinion: text(),
                checked: record::write(posted, loaded.edition.item(&item), &step),
                joint: posted.has("joint", "1"),
                officers,
                item,
                step,
            };
            if for_applicant { behalf(act, posted, posted.one("behalf"))? } else { act }
        }
        "grant" => Act::Grant { item, opinion: text(), officers },
        "refuse" => Act::Refuse { item, reason: text(), officers },
        "pause" | "pause-local" => {
            Act::Pause { item, kind: kind()?, needed: needed(posted)?, notice: text() }
        }
        "resume" => Act::Resume { item, kind: kind()? },
        "extend" => Act::RequestExtension { item, reason: text() },
        "extend-approve" => Act::ApproveExtension { item },
        "extend-deny" => Act::DenyExtension { item, reason: text() },
        "issue" => Act::Issue {
            item,
            result: posted.one("result").into(),
            originals_seen: posted.has("originals", "1"),
        },
        "deliver" => Act::Deliver {
            item,
            how: delivery(posted.one("how")).ok_or(Unread::Missing("desk-choose-delivery"))?,
        },
        "promise" => Act::VerifyPromise { item, kept: posted.one("kept") != "no", record: text() },
        "change-result" => Act::ChangeResult {
            item,
            result: chosen(posted.one("result"), "desk-choose-result")?.into(),
            change: change(posted.one("change")).ok_or(Unread::Missing("desk-choose-change"))?,
            reason: text(),
        },
        "visit" => {
            let (at, why) = (visit_at(posted, loaded)?, posted.one("why").to_owned());
            Act::SetVisit { item, step, at, remote: posted.one("way") == "video", why }
        }
        "explain-overdue" => Act::ExplainOverdue { item, text: text() },
        "withdraw" => {
            behalf(Act::Withdraw { item: Some(item), reason: text() }, posted, posted.one("behalf"))?
        }
        "answer-objection" => {
            let objection = posted.one("step").parse().map_err(|_| Unread::Nonsense)?;
            Act::AnswerObjection { objection, text: text() }
        }
        "message" => Act::Message { item: None, text: text() },
        "move-edition" => Act::MoveEdition,
        _ => return Err(Unread::Nonsense),
    })
}

/// Answers that a person gives anew at the window, with the papers that came since they were asked for.
async fn supply(app: &App, opened: &OpenedCase<'_>, posted: &Posted) -> Result<Result<Act, Unread>, Failure> {
    let item: ItemId = posted.one("item").into();
    let Some(asked) = opened.case.matter(&item).and_then(|matter| matter.correction.as_ref()) else {
        return Ok(Err(Unread::Nonsense));
    };
    let raw = ui::raw_answers(&posted.0);
    let before = app.office.answers(opened).await?;
    let office::Corrected { answers, problems, .. } =
        app.office.read_correction(opened, &before, &asked.points.fields, &raw);
    if !problems.is_empty() {
        return Ok(Err(Unread::Wrong));
    }
    let materials = came_since(&app.office.files_of(opened).await?, asked);
    let act = Act::SupplyCorrection { item, materials, answers: (!answers.is_empty()).then_some(answers) };
    Ok(behalf(act, posted, posted.one("behalf")))
}

fn chosen<'p>(value: &'p str, missing: &'static str) -> Result<&'p str, Unread> {
    if value.is_empty() { Err(Unread::Missing(missing)) } else { Ok(value) }
}

/// Working days that a proceeding needs; none where none were written.
fn needed(posted: &Posted) -> Result<Option<Limit>, Unread> {
    let written = posted.one("needed").trim();
    if written.is_empty() {
        return Ok(None);
    }
    let days = written.parse().ok().filter(|days| (1..=366).contains(days));
    days.map(|days| Some(Limit::working_days(days))).ok_or(Unread::Missing("desk-write-days"))
}

fn is_applicants(loaded: &LoadedCase, item: &ItemId, step: &StepId) -> bool {
    let planned = loaded.case.matter(item).and_then(|matter| matter.plan.step(step));
    planned.is_some_and(|step| step.by == Doer::Applicant)
}

/// The window does it for the applicant, with the reason and the proof that the form asks for.
pub fn behalf(act: Act, posted: &Posted, why: &str) -> Result<Act, Unread> {
    let proof = proof(posted)?;
    let note = chosen(why, "desk-write-behalf")?.to_owned();
    Ok(Act::ForApplicant { act: Box::new(act), proof, note })
}

fn proof(posted: &Posted) -> Result<Shown, Unread> {
    Ok(match posted.one("proof") {
        "ticket" => Shown::Ticket,
        "identity-seen" => Shown::IdentitySeen,
        "phone-digits" => Shown::PhoneDigits(posted.one("digits").to_owned()),
        "paper-signed" => Shown::PaperSigned,
        _ => return Err(Unread::Missing("desk-choose-proof")),
    })
}

/// Day and time of the zone. An answer that is no time is one that has passed, so that the refusal says what to do.
fn visit_at(posted: &Posted, loaded: &LoadedCase) -> Result<jiff::Timestamp, Unread> {
    let typed = format!("{}T{}", posted.one("day"), posted.one("time"));
    match typed.parse::<jiff::civil::DateTime>() {
        Ok(at) => loaded.edition.offset().to_timestamp(at).map_err(|_| Unread::Nonsense),
        Err(_) => Ok(jiff::Timestamp::UNIX_EPOCH),
    }
}

/// Chosen sentences, numbered when there are several, then what was written.
fn reason(posted: &Posted) -> String {
    let mut parts: Vec<&str> = posted.all("template").collect();
    let text = posted.one("text");
    if !text.is_empty() {
        parts.push(text);
    }
    match parts.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        many => many
            .iter()
            .zip(1..)
            .map(|(part, place)| format!("{place}. {part}"))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

fn delivery(code: &str) -> Option<Delivery> {
    Some(match code {
        "online" => Delivery::Online,
        "window" => Delivery::Window,
        "post" => Delivery::Post,
        _ => return None,
    })
}

fn change(code: &str) -> Option<ResultChange> {
    Some(match code {
        "taken-back" => ResultChange::TakenBack,
        "altered" => ResultChange::Altered,
        "annulled" => ResultChange::Annulled,
        "revoked" => ResultChange::Revoked,
        "cancelled" => ResultChange::Cancelled,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(pairs: &[(&str, &str)]) -> Posted {
        Posted(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn chosen_sentences_come_before_what_was_written() {
        assert_eq!(
            reason(&posted(&[("template", "甲"), ("template", "乙"), ("text", "丙")])),
            "1. 甲\n2. 乙\n3. 丙"
        );
        assert_eq!(reason(&posted(&[("text", "丙 ")])), "丙");
        assert_eq!(reason(&posted(&[])), "");
    }
}
