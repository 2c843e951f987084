//! Acts on a case, as programs say them.

use calendar::Limit;
use casework::{Delivery, PauseKind, ResultChange};
use catalogue::StatutoryPause;
use office::{Act, Correction};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::trouble::Trouble;

/// What somebody does to a case. Who may do what follows from the account's roles and its relation to the case; the refusal
/// says what is missing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ActIn {
    /// Accepts an item, or all that can be accepted.
    Accept {
        item: Option<String>,
    },
    /// Those who apply came to the window, shown by `ticket` or `identity-seen`: from then on intake counts.
    Present {
        item: String,
        proof: ProofIn,
    },
    /// It was noted by mistake that they came.
    TakeBackPresence {
        item: String,
        reason: String,
    },
    NotRequired {
        item: String,
        reason: String,
    },
    NotOurRemit {
        item: String,
        organ: String,
        reason: String,
    },
    /// Answers that the applicant puts right on the spot go inside `for-applicant`; without them, a paper was put right.
    CorrectOnTheSpot {
        item: String,
        note: String,
        #[serde(default)]
        answers: super::form::AnswersIn,
    },
    /// Everything that is missing or wrong, told once.
    AskCorrection {
        item: String,
        #[serde(default)]
        materials: Vec<String>,
        #[serde(default)]
        fields: Vec<String>,
        note: String,
        /// Why it is asked a second time.
        again: Option<String>,
    },
    /// The papers were uploaded before; answers are corrected here.
    SupplyCorrection {
        item: String,
        #[serde(default)]
        materials: Vec<String>,
        #[serde(default)]
        answers: super::form::AnswersIn,
    },
    AddMaterials {
        materials: Vec<String>,
    },
    /// Takes a step, or gives it to another officer (`account/…`).
    Claim {
        item: String,
        step: String,
        officer: Option<String>,
    },
    Release {
        item: String,
        step: String,
    },
    CompleteStep {
        item: String,
        step: String,
        #[serde(default = "yes")]
        yes: bool,
        #[serde(default)]
        opinion: String,
        /// Who else stands in the record.
        #[serde(default)]
        officers: Vec<String>,
        /// Points of the checklist that did not hold.
        #[serde(default)]
        failed: u8,
        /// What is wrong with each of them, and why the step may pass all the same: to pass, one for each.
        #[serde(default)]
        failed_reasons: Vec<String>,
        /// Concluded on the visit of a joint inspection. Other departments conclude for themselves.
        #[serde(default)]
        joint: bool,
    },
    /// The window does something of the applicant's own for them: a step, a withdrawal, an objection, a correction.
    ForApplicant {
        #[schema(no_recursion)]
        what: Box<ActIn>,
        proof: ProofIn,
        /// The last four digits of the telephone, where they are the proof.
        #[serde(default)]
        digits: String,
        /// Why the applicant does not do it.
        note: String,
    },
    /// The applicant takes back, within a day, what the window did in their name: its place among such acts.
    UndoActedFor {
        acted: u32,
    },
    /// `kind` is `statutory:NAME` or `local:ID`.
    Pause {
        item: String,
        kind: String,
        /// Working days that the proceeding needs.
        #[schema(minimum = 1, maximum = 366)]
        needed_days: Option<u32>,
        #[serde(default)]
        notice: String,
    },
    Resume {
        item: String,
        kind: String,
    },
    RequestExtension {
        item: String,
        reason: String,
    },
    ApproveExtension {
        item: String,
    },
    DenyExtension {
        item: String,
        reason: String,
    },
    Grant {
        item: String,
        #[serde(default)]
        opinion: String,
        #[serde(default)]
        officers: Vec<String>,
    },
    Refuse {
        item: String,
        reason: String,
        #[serde(default)]
        officers: Vec<String>,
    },
    /// Makes a result out and signs it.
    Issue {
        item: String,
        result: String,
        /// Identifiers that only the applicant stated were held against the original now.
        #[serde(default)]
        originals_seen: bool,
    },
    Deliver {
        item: String,
        how: HowIn,
    },
    /// A paper that was let follow later has come.
    CloseGap {
        item: String,
        materials: Vec<String>,
    },
    VerifyPromise {
        item: String,
        kept: bool,
        record: String,
    },
    ChangeResult {
        item: String,
        result: String,
        change: ChangeIn,
        reason: String,
    },
    Withdraw {
        item: Option<String>,
        #[serde(default)]
        reason: String,
    },
    Object {
        item: Option<String>,
        text: String,
    },
    AnswerObjection {
        objection: u32,
        text: String,
    },
    /// Five levels, 1 the worst.
    Rate {
        #[schema(minimum = 1, maximum = 5)]
        level: u8,
        #[serde(default)]
        comment: String,
        #[serde(default)]
        named: bool,
    },
    Message {
        item: Option<String>,
        text: String,
    },
    MoveEdition {},
    /// Tells the applicant when officers come, or call by video.
    SetVisit {
        item: String,
        step: String,
        #[schema(value_type = String, format = DateTime)]
        at: jiff::Timestamp,
        #[serde(default)]
        remote: bool,
        /// Why it is outside working hours; not needed within them. The applicant can read it.
        #[serde(default)]
        why: String,
    },
    ExplainOverdue {
        item: String,
        text: String,
    },
}

const fn yes() -> bool {
    true
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HowIn {
    Online,
    Window,
    Post,
}

/// How the window knows that the applicant wants it.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProofIn {
    /// The number that the window serves now, where the case came in with it.
    Ticket,
    IdentitySeen,
    PhoneDigits,
    PaperSigned,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeIn {
    TakenBack,
    Altered,
    Annulled,
    Revoked,
    Cancelled,
}

/// The name of a small enum on the wire.
pub fn code_of(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).ok();
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

pub fn pause_code(kind: &PauseKind) -> String {
    match kind {
        PauseKind::Statutory(kind) => format!("statutory:{}", code_of(kind)),
        PauseKind::Local(id) => format!("local:{id}"),
    }
}

fn pause_of(code: &str) -> Result<PauseKind, Trouble> {
    let kind = match code.split_once(':') {
        Some(("statutory", name)) => StatutoryPause::parse(name).map(PauseKind::Statutory),
        Some(("local", id)) => Some(PauseKind::Local(id.into())),
        _ => None,
    };
    kind.ok_or_else(|| Trouble::Body(format!("kind: {code:?}")))
}

fn all<T: From<String>>(texts: Vec<String>) -> Vec<T> {
    texts.into_iter().map(T::from).collect()
}

fn shown(proof: ProofIn, digits: String) -> office::Shown {
    match proof {
        ProofIn::Ticket => office::Shown::Ticket,
        ProofIn::IdentitySeen => office::Shown::IdentitySeen,
        ProofIn::PhoneDigits => office::Shown::PhoneDigits(digits),
        ProofIn::PaperSigned => office::Shown::PaperSigned,
    }
}

impl ActIn {
    /// What is corrected here is read against the case's edition by the caller.
    pub fn into_act(self, answers: Option<form::Answers>) -> Result<Act, Trouble> {
        Ok(match self {
            Self::Accept { item } => Act::Accept { item: item.map(Into::into) },
            Self::Present { item, proof } => {
                Act::Present { item: item.into(), proof: shown(proof, String::new()) }
            }
            Self::TakeBackPresence { item, reason } => Act::TakeBackPresence { item: item.into(), reason },
            Self::NotRequired { item, reason } => Act::NotRequired { item: item.into(), reason },
            Self::NotOurRemit { item, organ, reason } => {
                Act::NotOurRemit { item: item.into(), organ, reason }
            }
            Self::CorrectOnTheSpot { item, note, .. } => {
                Act::CorrectOnTheSpot { item: item.into(), note, answers }
            }
            Self::AskCorrection { item, materials, fields, note, again } => Act::AskCorrection(Correction {
                item: Some(item.into()),
                materials: all(materials),
                fields: all(fields),
                note,
                again,
            }),
            Self::SupplyCorrection { item, materials, .. } => {
                Act::SupplyCorrection { item: item.into(), materials: all(materials), answers }
            }
            Self::AddMaterials { materials } => Act::AddMaterials { materials: all(materials) },
            Self::Claim { item, step, officer } => {
                Act::Claim { item: item.into(), step: step.into(), officer }
            }
            Self::Release { item, step } => Act::Release { item: item.into(), step: step.into() },
            Self::CompleteStep { item, step, yes, opinion, officers, failed, failed_reasons, joint } => {
                Act::CompleteStep {
                    item: item.into(),
                    step: step.into(),
                    yes,
                    opinion,
                    checked: office::Checklist {
                        record: failed_reasons.join("\n"),
                        failed,
                        reasons: failed_reasons,
                    },
                    officers,
                    joint,
                }
            }
            Self::ForApplicant { what, proof, digits, note } => Act::ForApplicant {
                act: match *what {
                    what @ (Self::CompleteStep { .. }
                    | Self::Withdraw { .. }
                    | Self::Object { .. }
                    | Self::SupplyCorrection { .. }
                    | Self::CorrectOnTheSpot { .. }) => Box::new(what.into_act(answers)?),
                    _ => {
                        let fits =
                            "what: complete-step, withdraw, object, supply-correction or correct-on-the-spot";
                        return Err(Trouble::Body(fits.into()));
                    }
                },
                proof: shown(proof, digits),
                note,
            },
            Self::UndoActedFor { acted } => Act::UndoActedFor { acted },
            Self::Pause { item, kind, needed_days, notice } => Act::Pause {
                item: item.into(),
                kind: pause_of(&kind)?,
                needed: match needed_days {
                    None => None,
                    Some(days @ 1..=366) => Some(Limit::working_days(days)),
                    Some(_) => return Err(Trouble::Body("needed_days: 1..=366".into())),
                },
                notice,
            },
            Self::Resume { item, kind } => Act::Resume { item: item.into(), kind: pause_of(&kind)? },
            Self::RequestExtension { item, reason } => Act::RequestExtension { item: item.into(), reason },
            Self::ApproveExtension { item } => Act::ApproveExtension { item: item.into() },
            Self::DenyExtension { item, reason } => Act::DenyExtension { item: item.into(), reason },
            Self::Grant { item, opinion, officers } => Act::Grant { item: item.into(), opinion, officers },
            Self::Refuse { item, reason, officers } => Act::Refuse { item: item.into(), reason, officers },
            Self::Issue { item, result, originals_seen } => {
                Act::Issue { item: item.into(), result: result.into(), originals_seen }
            }
            Self::Deliver { item, how } => Act::Deliver {
                item: item.into(),
                how: match how {
                    HowIn::Online => Delivery::Online,
                    HowIn::Window => Delivery::Window,
                    HowIn::Post => Delivery::Post,
                },
            },
            Self::CloseGap { item, materials } => {
                Act::CloseGap { item: item.into(), materials: all(materials) }
            }
            Self::VerifyPromise { item, kept, record } => {
                Act::VerifyPromise { item: item.into(), kept, record }
            }
            Self::ChangeResult { item, result, change, reason } => Act::ChangeResult {
                item: item.into(),
                result: result.into(),
                change: match change {
                    ChangeIn::TakenBack => ResultChange::TakenBack,
                    ChangeIn::Altered => ResultChange::Altered,
                    ChangeIn::Annulled => ResultChange::Annulled,
                    ChangeIn::Revoked => ResultChange::Revoked,
                    ChangeIn::Cancelled => ResultChange::Cancelled,
                },
                reason,
            },
            Self::Withdraw { item, reason } => Act::Withdraw { item: item.map(Into::into), reason },
            Self::Object { item, text } => Act::Object { item: item.map(Into::into), text },
            Self::AnswerObjection { objection, text } => Act::AnswerObjection { objection, text },
            Self::Rate { level, comment, named } => Act::Rate { level, comment, named },
            Self::Message { item, text } => Act::Message { item: item.map(Into::into), text },
            Self::MoveEdition {} => Act::MoveEdition,
            Self::SetVisit { item, step, at, remote, why } => {
                Act::SetVisit { item: item.into(), step: step.into(), at, remote, why }
            }
            Self::ExplainOverdue { item, text } => Act::ExplainOverdue { item: item.into(), text },
        })
    }
}
