//! What has happened to a case. Events hold references, never personal data, and carry all that state needs, so that a
//! case is rebuilt without its edition.

use std::sync::Arc;

use calendar::Limit;
use catalogue::{
    Channel, DepartmentId, EditionHash, ItemId, MaterialId, PartyKind, ResultId, StepId, ThingId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ActorId, CorrectionPoints, Delivery, DocRef, PauseKind, Plan};

engine::events! {
    /// An application came in.
    CaseOpened "case-opened" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        number: Arc<str>,
        #[serde(deserialize_with = "engine::lean::one")]
        thing: ThingId,
        edition: EditionHash,
        party: PartyKind,
        channel: Channel,
        answers: DocRef,
        received_at: Timestamp,
    }
    /// One item of the thing applies.
    MatterOpened "matter-opened" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(deserialize_with = "engine::lean::one")]
        department: DepartmentId,
        received_at: Timestamp,
        plan: Arc<Plan>,
        #[serde(default, skip_serializing_if = "is_false")]
        feedback: bool,
    }
    /// The results that a waiting matter needs are there: its materials count as received now.
    MatterReleased "matter-released" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
    }
    AnswersRestated "answers-restated" 1 {
        answers: DocRef,
        /// Nothing changed that says who those are who apply.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        same_people: bool,
    }
    /// Corrected answers or a new edition changed what is still to be done.
    MatterReplanned "matter-replanned" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        plan: Arc<Plan>,
        cause: ReplanCause,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        changes: Vec<PlanChange>,
    }
    /// The matter has become pointless without a decision.
    MatterDropped "matter-dropped" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        cause: DropCause,
    }
    EditionMoved "edition-moved" 1 {
        edition: EditionHash,
    }
    MaterialsAdded "materials-added" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(deserialize_with = "engine::lean::many")]
        materials: Vec<MaterialId>,
    }

    /// Everybody who has to be there for the application came to the window: from here on intake counts.
    PartiesCame "parties-came" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        proof: Proof,
    }
    /// It was noted by mistake that they came.
    PresenceTakenBack "presence-taken-back" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        reason: DocRef,
    }
    /// 受理
    Accepted "accepted" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        /// The engine did it by itself.
        #[serde(default, skip_serializing_if = "is_false")]
        automatic: bool,
    }
    /// Silence beyond the intake limit: accepted from the day of receipt (行政许可法 Art. 32).
    DeemedAccepted "deemed-accepted" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        accepted_at: Timestamp,
    }
    /// 不受理、不予受理
    AcceptanceRefused "acceptance-refused" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        ground: IntakeGround,
        reason: DocRef,
    }
    /// 当场更正
    CorrectedOnTheSpot "corrected-on-the-spot" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        note: DocRef,
    }
    /// 一次性告知补正
    CorrectionAsked "correction-asked" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        points: CorrectionPoints,
        notice: DocRef,
    }
    /// A second correction was asked for although everything has to be told once: supervision looks at it.
    RepeatedCorrection "repeated-correction" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        reason: DocRef,
    }
    CorrectionSupplied "correction-supplied" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[serde(deserialize_with = "engine::lean::many")]
        materials: Vec<MaterialId>,
    }
    /// Closed because the applicant let a limit pass.
    MatterLapsed "matter-lapsed" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        cause: LapseCause,
    }

    TaskClaimed "task-claimed" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(deserialize_with = "engine::lean::one")]
        step: StepId,
        #[serde(deserialize_with = "engine::lean::one")]
        officer: ActorId,
    }
    TaskReleased "task-released" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(deserialize_with = "engine::lean::one")]
        step: StepId,
    }
    StepDone "step-done" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(deserialize_with = "engine::lean::one")]
        step: StepId,
        #[serde(default = "yes", skip_serializing_if = "is_true")]
        yes: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opinion: Option<DocRef>,
        /// Besides the one who recorded it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[serde(deserialize_with = "engine::lean::many")]
        officers: Vec<ActorId>,
        /// The answer was no: this step and all that follows it are done again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[serde(deserialize_with = "engine::lean::optional")]
        returns_to: Option<StepId>,
        /// Concluded on the visit of a joint inspection.
        #[serde(default, skip_serializing_if = "is_false")]
        joint: bool,
        /// Another department has recorded that visit before, so no journey of its own.
        #[serde(default, skip_serializing_if = "is_false")]
        same_visit: bool,
        /// Points of the checklist that did not hold.
        #[serde(default, skip_serializing_if = "is_zero")]
        failed: u8,
        /// The engine did it by itself.
        #[serde(default, skip_serializing_if = "is_false")]
        automatic: bool,
    }

    ClockPaused "clock-paused" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        pause: PauseKind,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        needed: Option<Limit>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notice: Option<DocRef>,
    }
    ClockResumed "clock-resumed" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        pause: PauseKind,
    }
    ExtensionRequested "extension-requested" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        reason: DocRef,
    }
    ExtensionApproved "extension-approved" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        more: Limit,
        reason: DocRef,
        /// Approved before the promised day was over, so the promise grows too.
        #[serde(default, skip_serializing_if = "is_false")]
        lengthens_promise: bool,
    }
    ExtensionDenied "extension-denied" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        reason: DocRef,
    }

    Granted "granted" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(deserialize_with = "engine::lean::one")]
        step: StepId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opinion: Option<DocRef>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[serde(deserialize_with = "engine::lean::many")]
        officers: Vec<ActorId>,
        /// The engine did it by itself.
        #[serde(default, skip_serializing_if = "is_false")]
        automatic: bool,
    }
    /// In writing, with reasons and remedies (行政许可法 Art. 38).
    Refused "refused" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(deserialize_with = "engine::lean::one")]
        step: StepId,
        reason: DocRef,
        /// Citations of the remedies that were told.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remedies: Vec<Arc<str>>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[serde(deserialize_with = "engine::lean::many")]
        officers: Vec<ActorId>,
    }
    ResultIssued "result-issued" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(deserialize_with = "engine::lean::one")]
        step: StepId,
        #[serde(deserialize_with = "engine::lean::one")]
        result: ResultId,
        #[serde(deserialize_with = "engine::lean::one")]
        number: Arc<str>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[serde(deserialize_with = "engine::lean::optional")]
        identifier: Option<Arc<str>>,
    }
    Delivered "delivered" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(deserialize_with = "engine::lean::one")]
        step: StepId,
        how: Delivery,
        /// The engine did it by itself.
        #[serde(default, skip_serializing_if = "is_false")]
        automatic: bool,
    }
    GapClosed "gap-closed" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(deserialize_with = "engine::lean::many")]
        materials: Vec<MaterialId>,
    }
    PromiseVerified "promise-verified" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        kept: bool,
        record: DocRef,
    }
    ResultChanged "result-changed" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(deserialize_with = "engine::lean::one")]
        result: ResultId,
        change: ResultChange,
        reason: DocRef,
    }
    /// A newer result of the same holder was made out in its place: nobody decided against anybody, and what rests on it goes on.
    ResultReplaced "result-replaced" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(deserialize_with = "engine::lean::one")]
        result: ResultId,
        /// The number of the newer one.
        #[serde(deserialize_with = "engine::lean::one")]
        number: Arc<str>,
    }

    /// An officer at the window does for the applicant what comes next in the log.
    ActedFor "acted-for" 1 {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[serde(deserialize_with = "engine::lean::optional")]
        item: Option<ItemId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[serde(deserialize_with = "engine::lean::optional")]
        step: Option<StepId>,
        act: ApplicantAct,
        proof: Proof,
        note: DocRef,
    }
    /// The applicant takes back what the window did in their name.
    ActUndone "act-undone" 1 {
        acted: u32,
    }

    /// 撤回申请
    Withdrawn "withdrawn" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<DocRef>,
    }
    ObjectionRaised "objection-raised" 1 {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[serde(deserialize_with = "engine::lean::optional")]
        item: Option<ItemId>,
        text: DocRef,
    }
    ObjectionAnswered "objection-answered" 1 {
        objection: u32,
        text: DocRef,
    }
    Rated "rated" 1 {
        level: u8,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<DocRef>,
        /// A bad rating under a name is called back without exception.
        #[serde(default, skip_serializing_if = "is_false")]
        named: bool,
    }
    MessageSent "message-sent" 1 {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[serde(deserialize_with = "engine::lean::optional")]
        item: Option<ItemId>,
        from: Side,
        text: DocRef,
    }

    Warned "warned" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        level: WarningColour,
    }
    Overdue "overdue" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        clock: ClockKind,
        due_at: Timestamp,
    }
    /// When officers come, or call by video, for a step at which the applicant has to be there. A later one takes its place.
    VisitSet "visit-set" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        #[serde(deserialize_with = "engine::lean::one")]
        step: StepId,
        at: Timestamp,
        #[serde(default, skip_serializing_if = "is_false")]
        remote: bool,
        /// Why it is outside working hours, where it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<DocRef>,
    }
    OverdueExplained "overdue-explained" 1 {
        #[serde(deserialize_with = "engine::lean::one")]
        item: ItemId,
        text: DocRef,
    }
}

/// What of the applicant's own the window may do for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicantAct {
    Step,
    Withdrawal,
    Objection,
    Correction,
    Answers,
}

/// By what the window knows that the applicant wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// The person stood at the window with this number.
    Ticket { number: Arc<str> },
    /// The original of an identity document was looked at.
    IdentitySeen,
    /// The person knew the last four digits of the telephone in the application.
    PhoneDigits,
    /// A paper that the applicant signed lies in the file.
    PaperSigned,
    /// What was asked for came: the papers themselves, brought or sent.
    PapersBrought,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReplanCause {
    Restated,
    EditionMoved,
}

/// One difference between the old plan and the new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlanChange {
    StepAdded(StepId),
    StepRemoved(StepId),
    MaterialAdded(MaterialId),
    MaterialRemoved(MaterialId),
    LimitsChanged,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DropCause {
    /// The corrected answers no longer call for it.
    NoLongerApplies,
    /// The result that it needs will not come.
    PrerequisiteFailed,
    /// The new edition has no such item.
    Abolished,
}

/// Outcomes 1 and 2 of intake (行政许可法 Art. 32).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IntakeGround {
    NotRequired,
    NotOurRemit { organ: Arc<str> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LapseCause {
    /// The correction did not come in time.
    CorrectionExpired,
    /// The tolerated material did not come in time.
    GapNotClosed,
    /// The promise turned out broken before anything was issued on it.
    PromiseBroken,
    /// What was issued was ended before it was handed out.
    ResultEnded,
}

/// What may become of a result after it was issued; each is its own thing in law (行政许可法 Art. 8, 49, 69, 70).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResultChange {
    /// 撤回: law or circumstances changed.
    TakenBack,
    /// 变更
    Altered,
    /// 撤销: should not have been granted.
    Annulled,
    /// 吊销: as a penalty.
    Revoked,
    /// 注销: struck off.
    Cancelled,
    /// 换发: a newer one was made out in its place. It follows from that alone, and nobody gives it as a command.
    Replaced,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    Applicant,
    Administration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarningColour {
    Yellow,
    Red,
}

/// The clocks that a matter can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockKind {
    /// The window's: to say what is missing.
    Intake,
    /// The applicant's: to supply a correction.
    Correction,
    Statutory,
    Promised,
    /// From the grant to the delivery of the result.
    Delivery,
    /// The applicant's: to bring a tolerated material.
    Gap,
    /// To verify a promise after the grant.
    PromiseCheck,
}

impl Event {
    /// The matter that it is about, unless it is about the case as a whole.
    pub fn item(&self) -> Option<&ItemId> {
        Some(match self {
            Self::CaseOpened(_)
            | Self::AnswersRestated(_)
            | Self::EditionMoved(_)
            | Self::ObjectionAnswered(_)
            | Self::ActUndone(_)
            | Self::Rated(_) => return None,
            Self::ActedFor(event) => return event.item.as_ref(),
            Self::ObjectionRaised(event) => return event.item.as_ref(),
            Self::MessageSent(event) => return event.item.as_ref(),
            Self::MatterOpened(event) => &event.item,
            Self::MatterReleased(event) => &event.item,
            Self::MatterReplanned(event) => &event.item,
            Self::MatterDropped(event) => &event.item,
            Self::MaterialsAdded(event) => &event.item,
            Self::Accepted(event) => &event.item,
            Self::DeemedAccepted(event) => &event.item,
            Self::AcceptanceRefused(event) => &event.item,
            Self::CorrectedOnTheSpot(event) => &event.item,
            Self::PartiesCame(event) => &event.item,
            Self::PresenceTakenBack(event) => &event.item,
            Self::CorrectionAsked(event) => &event.item,
            Self::RepeatedCorrection(event) => &event.item,
            Self::CorrectionSupplied(event) => &event.item,
            Self::MatterLapsed(event) => &event.item,
            Self::TaskClaimed(event) => &event.item,
            Self::TaskReleased(event) => &event.item,
            Self::StepDone(event) => &event.item,
            Self::ClockPaused(event) => &event.item,
            Self::ClockResumed(event) => &event.item,
            Self::ExtensionRequested(event) => &event.item,
            Self::ExtensionApproved(event) => &event.item,
            Self::ExtensionDenied(event) => &event.item,
            Self::Granted(event) => &event.item,
            Self::Refused(event) => &event.item,
            Self::ResultIssued(event) => &event.item,
            Self::Delivered(event) => &event.item,
            Self::GapClosed(event) => &event.item,
            Self::PromiseVerified(event) => &event.item,
            Self::ResultChanged(event) => &event.item,
            Self::ResultReplaced(event) => &event.item,
            Self::Withdrawn(event) => &event.item,
            Self::Warned(event) => &event.item,
            Self::Overdue(event) => &event.item,
            Self::OverdueExplained(event) => &event.item,
            Self::VisitSet(event) => &event.item,
        })
    }

    /// The engine did it by itself, whoever gave the command that led to it.
    pub fn is_automatic(&self) -> bool {
        match self {
            Self::Accepted(event) => event.automatic,
            Self::StepDone(event) => event.automatic,
            Self::Granted(event) => event.automatic,
            Self::Delivered(event) => event.automatic,
            Self::MatterDropped(event) => event.cause == DropCause::PrerequisiteFailed,
            Self::ResultReplaced(_) => true,
            Self::MatterLapsed(event) => {
                !matches!(event.cause, LapseCause::PromiseBroken | LapseCause::ResultEnded)
            }
            Self::MatterReleased(_) | Self::DeemedAccepted(_) | Self::Warned(_) | Self::Overdue(_) => true,
            _ => false,
        }
    }

    /// True for what may still happen to a matter that is over: supervision, objection, the later life of its result.
    pub fn is_aftercare(&self) -> bool {
        matches!(
            self,
            Self::ObjectionRaised(_)
                | Self::ActedFor(_)
                | Self::ActUndone(_)
                | Self::ObjectionAnswered(_)
                | Self::Rated(_)
                | Self::MessageSent(_)
                | Self::PromiseVerified(_)
                | Self::ResultChanged(_)
                | Self::ResultReplaced(_)
                | Self::OverdueExplained(_)
                | Self::EditionMoved(_)
                | Self::AnswersRestated(_)
        ) || matches!(self, Self::Overdue(event) if event.clock == ClockKind::PromiseCheck)
    }
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_true(value: &bool) -> bool {
    *value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_false(value: &bool) -> bool {
    !*value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_zero(value: &u8) -> bool {
    *value == 0
}
