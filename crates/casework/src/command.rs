//! What people and timers may ask of a case.

use std::fmt;
use std::sync::Arc;

use calendar::Limit;
use catalogue::{
    Channel, FieldId, ItemId, LocalPauseId, MaterialId, PartyKind, ResultId, StatutoryPause, StepId, ThingId,
};
use expression::Facts;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ActorId, DocRef, Proof, ResultChange};

/// One act. `item` names the matter; where it is optional, `None` means every matter of the case that the act fits.
#[derive(Clone, Debug)]
pub enum Command<'a> {
    /// Hands the application in: the only command without a case.
    Submit(Submission<'a>),
    /// Corrected answers before a decision; the parts that are not yet decided are planned again.
    Restate {
        answers: Answers<'a>,
    },
    /// More papers come in before the decision, without anybody having asked for a correction.
    AddMaterials {
        materials: Vec<MaterialId>,
    },

    /// Everybody who has to be there for the application stands at the window; how that was seen.
    Present {
        item: ItemId,
        proof: Proof,
    },
    /// That they came was noted by mistake: in the wrong case, or of somebody else.
    TakeBackPresence {
        item: ItemId,
        reason: DocRef,
    },
    /// 受理. `accept` step of the item.
    Accept {
        item: Option<ItemId>,
    },
    /// 不受理: nothing to be permitted here.
    NotRequired {
        item: ItemId,
        reason: DocRef,
    },
    /// 不予受理: another organ's remit; `organ` names it.
    NotOurRemit {
        item: ItemId,
        reason: DocRef,
        organ: Arc<str>,
    },
    /// 当场更正: corrected at the counter; intake goes on. With `answers` the applicant put answers right there, which needs
    /// [`Command::ForApplicant`]; without, a paper was put right by hand.
    CorrectOnTheSpot {
        item: ItemId,
        note: DocRef,
        answers: Option<Answers<'a>>,
    },
    /// 补正: everything that is missing, once.
    AskCorrection {
        item: ItemId,
        points: CorrectionPoints,
        notice: DocRef,
        again: Option<DocRef>,
    },
    /// What was asked for comes in; all of it, else it is refused with the list of what is still missing.
    SupplyCorrection {
        item: ItemId,
        materials: Vec<MaterialId>,
        answers: Option<Answers<'a>>,
    },

    /// Takes an open task on oneself, or gives it to `officer`.
    Claim {
        item: ItemId,
        step: StepId,
        officer: Option<ActorId>,
    },
    Release {
        item: ItemId,
        step: StepId,
    },
    /// Finishes a step of any kind but accept, decide, issue and deliver, which have commands of their own. `officers`
    /// besides the actor. With `joint` it was concluded on the visit of a joint inspection: that day and that record are
    /// shown to the other departments, whose own steps stay open until their own officers conclude them.
    CompleteStep {
        item: ItemId,
        step: StepId,
        yes: bool,
        opinion: Option<DocRef>,
        finding: Finding,
        officers: Vec<ActorId>,
        joint: bool,
    },
    /// The window does something of the applicant's own, for a person who wants it: names why, and how that was shown.
    ForApplicant {
        act: Box<Command<'a>>,
        proof: Proof,
        note: DocRef,
    },
    /// The applicant takes back what the window did in their name: by its place among such acts.
    UndoActedFor {
        acted: u32,
    },

    /// Stops clocks. A statutory pause needs the written notice of the time needed (行政许可法 Art. 45).
    Pause {
        item: ItemId,
        kind: PauseKind,
        needed: Option<Limit>,
        notice: Option<DocRef>,
    },
    Resume {
        item: ItemId,
        kind: PauseKind,
    },
    RequestExtension {
        item: ItemId,
        reason: DocRef,
    },
    ApproveExtension {
        item: ItemId,
    },
    DenyExtension {
        item: ItemId,
        reason: DocRef,
    },

    /// Grants or refuses. `officers` besides the actor, where the step asks for more than one.
    Decide {
        item: ItemId,
        verdict: Verdict,
        officers: Vec<ActorId>,
    },
    /// The shell assigns number and identifier before it asks.
    Issue {
        item: ItemId,
        result: ResultId,
        number: Arc<str>,
        identifier: Option<Arc<str>>,
    },
    Deliver {
        item: ItemId,
        how: Delivery,
    },
    /// A tolerated material follows (容缺).
    CloseGap {
        item: ItemId,
        materials: Vec<MaterialId>,
    },
    /// Outcome of the later check of a promise (告知承诺).
    VerifyPromise {
        item: ItemId,
        kept: bool,
        record: DocRef,
    },
    /// The issued result is taken back, changed, annulled, revoked or cancelled.
    ChangeResult {
        item: ItemId,
        result: ResultId,
        change: ResultChange,
        reason: DocRef,
    },

    /// A newer result of the same holder, with this number, was made out in place of this one: by the system alone.
    ReplaceResult {
        item: ItemId,
        result: ResultId,
        number: Arc<str>,
    },

    /// 撤回申请, before the decision.
    Withdraw {
        item: Option<ItemId>,
        reason: Option<DocRef>,
    },
    /// Asks that something be looked at again.
    Object {
        item: Option<ItemId>,
        text: DocRef,
    },
    AnswerObjection {
        objection: u32,
        text: DocRef,
    },
    /// 好差评: 1 (非常不满意) to 5 (非常满意), one per case.
    Rate {
        level: u8,
        comment: Option<DocRef>,
        named: bool,
    },
    Message {
        item: Option<ItemId>,
        text: DocRef,
    },
    /// Runs the case under `Context::edition` from now on; open matters are planned again.
    MoveEdition {
        facts: FactsRef<'a>,
    },
    /// Tells the applicant when officers come, or call by video.
    SetVisit {
        item: ItemId,
        step: StepId,
        at: Timestamp,
        remote: bool,
        /// Why it is outside working hours, where it is.
        reason: Option<DocRef>,
    },
    /// Overrunning the promise has to be explained in public (优化营商环境条例 Art. 36).
    ExplainOverdue {
        item: ItemId,
        text: DocRef,
    },
    /// Fires every timer that is due at `Context::now`.
    Tick,
}

/// What is handed in.
#[derive(Clone, Debug)]
pub struct Submission<'a> {
    pub number: Arc<str>,
    pub thing: ThingId,
    pub answers: Answers<'a>,
    pub party: PartyKind,
    pub channel: Channel,
    /// Papers and files that came with it.
    pub materials: Vec<MaterialId>,
    /// Items for which the applicant signed the promise (告知承诺).
    pub promise: Vec<ItemId>,
    /// Materials that the applicant promised to bring later (容缺).
    pub tolerate: Vec<MaterialId>,
    /// When it came in: not later than now.
    pub received_at: Timestamp,
}

/// Answers twice: as facts for conditions, and as a reference for the event.
#[derive(Clone, Copy)]
pub struct Answers<'a> {
    pub facts: &'a dyn Facts,
    pub document: &'a DocRef,
    /// Nothing changed that says who those are who apply: whoever came need not come again.
    pub same_people: bool,
}

/// Facts alone.
#[derive(Clone, Copy)]
pub struct FactsRef<'a>(pub &'a dyn Facts);

impl fmt::Debug for Answers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answers({:?})", self.document)
    }
}

impl fmt::Debug for FactsRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FactsRef(..)")
    }
}

/// What a checklist found, and whether the officer wrote words of their own beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Finding {
    /// Points that did not hold.
    pub failed: u8,
    pub explained: bool,
}

/// Everything that is missing or wrong, told at once. At least one list is not empty, or the notice says it all.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CorrectionPoints {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<MaterialId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldId>,
}

/// Grant or refuse. A refusal says why in writing (行政许可法 Art. 38).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Grant { opinion: Option<DocRef> },
    Refuse { reason: Option<DocRef> },
}

/// What stops a clock: the statute's closed list stops all, local practice the promise alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PauseKind {
    Statutory(StatutoryPause),
    Local(LocalPauseId),
}

/// How a result reaches the applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    Online,
    Window,
    Post,
}
