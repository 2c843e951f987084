//! What a form of the case page does.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Form, Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use calendar::Limit;
use casework::{Delivery, ResultChange};
use catalogue::{Item, ItemId, StepId};
use office::{Act, By, Correction, LoadedCase, OfficeError, OpenedCase};

use super::super::posted::Posted;
use super::acts::pause_of;
use super::gather::Attempt;
use super::page;
use crate::app::App;
use crate::fault::Failure;
use crate::public::receive;
use crate::shell::{Shell, encode};

pub async fn act(
    State(app): State<App>,
    shell: Shell,
    Path(number): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.officer()?;
    let posted = Posted(pairs);
    let loaded = app.office.case_for_officer(&number, viewer).await?;
    let act = read(&posted, &loaded).ok_or(Failure::BadRequest)?;
    match app.office.act(loaded.id, act, By::Viewer(viewer), posted.command()).await {
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
    let Some(message) = error.message(shell.lang) else { return Err(error.into()) };
    let cite = match &error {
        OfficeError::Refused(refusal) => refusal.statute(),
        _ => None,
    };
    let message = cite.map_or(message.clone(), |cite| format!("{message}（{cite}）"));
    let attempt = Attempt { posted, message };
    let page = page::draw(app, shell, opened, Some(&attempt)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
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
    app.office.see_original(loaded.id, &posted.one("field").into(), viewer).await?;
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

/// The act that a form asks for; `None` when it asks for nothing that there is.
fn read(posted: &Posted, loaded: &LoadedCase) -> Option<Act> {
    let item: ItemId = posted.one("item").into();
    let step: StepId = posted.one("step").into();
    let text = || reason(posted);
    let kind = || pause_of(posted.one("kind"));
    let needed = || {
        posted
            .one("needed")
            .trim()
            .parse()
            .ok()
            .filter(|days| (1..=3650).contains(days))
            .map(Limit::working_days)
    };
    let officers: Vec<String> = posted.all("officer").map(str::to_owned).collect();
    Some(match posted.one("act") {
        "accept" => Act::Accept { item: (!posted.one("item").is_empty()).then_some(item) },
        "correction" => Act::AskCorrection(Correction {
            item: Some(item),
            materials: posted.all("material").map(Into::into).collect(),
            fields: posted.all("field").map(Into::into).collect(),
            note: text(),
            again: Some(posted.one("again").to_owned()).filter(|again| !again.is_empty()),
        }),
        "corrected" => Act::CorrectOnTheSpot { item, note: text() },
        "not-required" => Act::NotRequired { item, reason: text() },
        "not-remit" => Act::NotOurRemit { item, organ: posted.one("organ").to_owned(), reason: text() },
        "claim" => Act::Claim { item, step, officer: None },
        "assign" => Act::Claim { item, step, officer: Some(posted.one("officer").to_owned()) },
        "release" => Act::Release { item, step },
        "complete" => Act::CompleteStep {
            yes: posted.one("yes") != "no",
            opinion: record(posted, loaded.edition.item(&item), &step),
            joint: posted.has("joint", "1"),
            officers,
            item,
            step,
        },
        "grant" => Act::Grant { item, opinion: text(), officers },
        "refuse" => Act::Refuse { item, reason: text(), officers },
        "pause" | "pause-local" => Act::Pause { item, kind: kind()?, needed: needed(), notice: text() },
        "resume" => Act::Resume { item, kind: kind()? },
        "extend" => Act::RequestExtension { item, reason: text() },
        "extend-approve" => Act::ApproveExtension { item },
        "extend-deny" => Act::DenyExtension { item, reason: text() },
        "issue" => Act::Issue { item, result: posted.one("result").into() },
        "deliver" => Act::Deliver { item, how: delivery(posted.one("how"))? },
        "gap" => Act::CloseGap { item, materials: posted.all("material").map(Into::into).collect() },
        "promise" => Act::VerifyPromise { item, kept: posted.one("kept") != "no", record: text() },
        "change-result" => Act::ChangeResult {
            item,
            result: posted.one("result").into(),
            change: change(posted.one("change"))?,
            reason: text(),
        },
        "visit" => {
            Act::SetVisit { item, step, at: visit_at(posted, loaded)?, remote: posted.one("way") == "video" }
        }
        "explain-overdue" => Act::ExplainOverdue { item, text: text() },
        "withdraw" => Act::Withdraw { item: Some(item), reason: text() },
        "answer-objection" => {
            Act::AnswerObjection { objection: posted.one("step").parse().ok()?, text: text() }
        }
        "message" => Act::Message { item: None, text: text() },
        "move-edition" => Act::MoveEdition,
        _ => return None,
    })
}

/// Day and time of the zone. An answer that is no time is one that has passed, so that the refusal says what to do.
fn visit_at(posted: &Posted, loaded: &LoadedCase) -> Option<jiff::Timestamp> {
    let typed = format!("{}T{}", posted.one("day"), posted.one("time"));
    match typed.parse::<jiff::civil::DateTime>() {
        Ok(at) => loaded.edition.offset().to_timestamp(at).ok(),
        Err(_) => Some(jiff::Timestamp::UNIX_EPOCH),
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

/// The record of a step: how the site was seen, every point of the checklist, the opinion.
fn record(posted: &Posted, item: Option<&Item>, step: &StepId) -> String {
    let mut lines = Vec::new();
    match posted.one("way") {
        "video" => lines.push("核查方式：远程视频".to_owned()),
        "site" => lines.push("核查方式：现场".to_owned()),
        _ => {}
    }
    let checklist =
        item.and_then(|item| item.step(step)).map(|step| step.checklist.as_slice()).unwrap_or_default();
    for (place, point) in checklist.iter().enumerate() {
        let verdict = match posted.one(&format!("check-{place}")) {
            "pass" => "符合",
            "fail" => "不符合",
            "na" => "不适用",
            _ => "未查",
        };
        lines.push(format!("{}. {}：{verdict}", place + 1, point.zh));
    }
    let text = reason(posted);
    if !text.is_empty() {
        lines.push(text);
    }
    lines.join("\n")
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
