//! The state of a case: what its events amount to.

use std::collections::BTreeSet;
use std::sync::Arc;

use calendar::Limit;
use catalogue::{
    Channel, DepartmentId, Edition, EditionHash, ItemId, ItemResult, MaterialId, PartyKind, ResultId, RoleId,
    RoleRank, StepId, ThingId,
};
use jiff::Timestamp;

use crate::{
    ActorId, ApplicantAct, ClockKind, CorrectionPoints, Delivery, DocRef, DropCause, IntakeGround,
    LapseCause, PauseKind, Plan, PlannedStep, Proof, ResultChange, Side, TimelineEntry, WarningColour,
};

/// One application for one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub number: Arc<str>,
    pub thing: ThingId,
    pub edition: EditionHash,
    pub party: PartyKind,
    pub channel: Channel,
    pub answers: DocRef,
    /// Whoever handed it in: the applicant, an agent, or an officer at the window.
    pub opened_by: ActorId,
    pub received_at: Timestamp,
    pub matters: Vec<Matter>,
    pub rating: Option<Rating>,
    pub objections: Vec<Objection>,
    pub messages: Vec<Message>,
    /// What the window did in the applicant's name, in its order.
    pub acted_for: Vec<ActedForApplicant>,
    /// Events so far.
    pub version: u64,
    /// When the last event was recorded.
    pub changed_at: Timestamp,
    pub(crate) visits_made: u16,
    pub(crate) entries: Vec<TimelineEntry>,
}

/// One item inside a case, with its own department, steps and clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    pub item: ItemId,
    pub department: DepartmentId,
    pub feedback: bool,
    pub state: MatterState,
    pub plan: Arc<Plan>,
    /// One for each step of the plan, in its order.
    pub steps: Vec<StepRun>,
    /// When everything that intake has to look at was last received.
    pub received_at: Timestamp,
    pub(crate) entered_intake: bool,
    /// It came in from elsewhere and is accepted only from people who stand at the window, who have not come yet. Until then
    /// nobody is late, and silence means nothing.
    pub awaits_presence: bool,
    /// When they came.
    pub came_at: Option<Timestamp>,
    /// The window accepted, refused, or asked for a correction; silence ends it too.
    pub(crate) intake_ended_at: Option<Timestamp>,
    pub accepted_at: Option<Timestamp>,
    /// Nobody answered in time, so it counts as accepted.
    pub deemed: bool,
    pub correction: Option<Correction>,
    /// How often a correction was asked for.
    pub corrections: u16,
    pub pauses: Vec<PauseRun>,
    /// Stretches in which delivery waited for the applicant, in the order in which they began.
    pub(crate) awaited: Vec<Awaited>,
    /// Stretches before the decision in which nobody but the applicant could go on.
    pub(crate) awaited_answers: Vec<Awaited>,
    /// Stretches in which an open step waited for the result of another item of the case.
    pub(crate) awaited_results: Vec<Awaited>,
    pub extension: Option<ExtensionRun>,
    pub decided_at: Option<Timestamp>,
    /// In the order of issue; done again, the newest counts.
    pub results: Vec<IssuedResult>,
    pub delivered: Option<(Timestamp, Delivery)>,
    pub(crate) gap_closed_at: Option<Timestamp>,
    pub promise_kept: Option<bool>,
    pub(crate) promise_checked_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub warned: Option<WarningColour>,
    /// Clocks that ran out before they were stopped.
    pub overdue: Vec<ClockKind>,
    pub overdue_explained: bool,
}

/// Where a matter stands. Each name is a contract: stories and pages use [`MatterState::code`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatterState {
    /// For the result of another item.
    Waiting,
    /// With the window: to be accepted, corrected or refused.
    Received,
    /// With the applicant: a correction was asked for.
    Correcting,
    /// With the departments.
    Accepted,
    /// Granted; something is still to be issued, delivered or confirmed.
    Granted,
    /// Everything is done.
    Completed,
    /// Refused in writing.
    Refused,
    NotAccepted(IntakeGround),
    Lapsed(LapseCause),
    /// By the applicant.
    Withdrawn,
    Dropped(DropCause),
}

/// The time of a visit that officers have set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitTime {
    pub at: Timestamp,
    pub remote: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRun {
    pub state: StepState,
    /// When officers come for it, or call by video, as they told.
    pub visit: Option<VisitTime>,
    pub claimed_by: Option<ActorId>,
    /// Places in the plan of the steps that come first.
    pub(crate) after: Box<[u16]>,
    /// How often it was done: more than once after a return.
    pub rounds: u16,
    /// Points of the checklist that did not hold.
    pub failed: u8,
    /// Another department has recorded the joint visit that this step is part of: its day, and what it wrote down.
    pub visited: Option<(Timestamp, Option<DocRef>)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepState {
    Blocked,
    Open { since: Timestamp },
    Done { at: Timestamp, by: ActorId, yes: bool, opinion: Option<DocRef> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub asked_at: Timestamp,
    pub points: CorrectionPoints,
    pub notice: DocRef,
    /// Of the materials asked for, those that were not there at all; the others were faulty.
    pub missing: Vec<MaterialId>,
    pub supplied_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PauseRun {
    pub kind: PauseKind,
    pub from: Timestamp,
    pub to: Option<Timestamp>,
    pub needed: Option<Limit>,
    pub notice: Option<DocRef>,
}

/// A stretch in which a step was open and could not be finished by those who have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Awaited {
    pub step: StepId,
    pub from: Timestamp,
    pub to: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionRun {
    pub reason: DocRef,
    pub requested_by: ActorId,
    pub state: ExtensionState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtensionState {
    Requested,
    Approved { more: Limit, lengthens_promise: bool },
    Denied,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedResult {
    pub result: ResultId,
    pub number: Arc<str>,
    pub identifier: Option<Arc<str>>,
    pub issued_at: Timestamp,
    /// What became of it since.
    pub change: Option<ResultChange>,
    /// The number of the newer one that took its place.
    pub replaced_by: Option<Arc<str>>,
}

impl IssuedResult {
    /// Altered results stay in force; the other changes end them.
    pub fn is_in_force(&self) -> bool {
        matches!(self.change, None | Some(ResultChange::Altered))
    }

    /// What was decided by it still holds: it is in force, or a newer one stands in its place.
    pub fn still_bears(&self) -> bool {
        self.is_in_force() || self.change == Some(ResultChange::Replaced)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    pub level: u8,
    pub comment: Option<DocRef>,
    pub named: bool,
    pub at: Timestamp,
}

impl Rating {
    /// Whether those who work on the case may know the level. Who rated without a name is not to be met at the next window with
    /// what they said, so that it stays closed until nothing of the case is left to decide.
    pub fn is_open_to_officers(&self, state: CaseState) -> bool {
        self.named || state != CaseState::Open
    }

    /// 差评: the two lowest of the five levels.
    pub fn is_bad(&self) -> bool {
        self.level <= 2
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    pub item: Option<ItemId>,
    pub text: DocRef,
    pub at: Timestamp,
    pub answer: Option<DocRef>,
    /// Raised by the window in the applicant's name, who did not want it.
    pub taken_back: bool,
}

impl Objection {
    /// Waits for an answer.
    pub const fn is_open(&self) -> bool {
        self.answer.is_none() && !self.taken_back
    }
}

/// What the window did in the applicant's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActedForApplicant {
    pub at: Timestamp,
    /// The officer.
    pub by: ActorId,
    pub item: Option<ItemId>,
    pub step: Option<StepId>,
    pub act: ApplicantAct,
    pub proof: Proof,
    pub note: DocRef,
    pub undone: bool,
    /// Other such acts came after it, by their places: once all of them are taken back, this one may be.
    pub followed_by: Vec<u32>,
    /// The answers as they were afterwards, where it changed them.
    pub after: Option<DocRef>,
    /// Others have gone on from it.
    pub overtaken: bool,
    pub(crate) before: Arc<Before>,
}

/// The case as it was before the window acted, so that the act can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Before {
    pub matters: Vec<Matter>,
    pub answers: DocRef,
    pub objections: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub item: Option<ItemId>,
    pub from: Side,
    pub text: DocRef,
    pub at: Timestamp,
    pub by: ActorId,
}

/// Where the case as a whole stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaseState {
    Open,
    /// Every matter that was pursued is completed.
    Completed,
    /// Over, with at least one matter that did not end as hoped.
    Closed,
}

impl CaseState {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Completed => "completed",
            Self::Closed => "closed",
        }
    }
}

impl MatterState {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Received => "received",
            Self::Correcting => "correcting",
            Self::Accepted => "accepted",
            Self::Granted => "granted",
            Self::Completed => "completed",
            Self::Refused => "refused",
            Self::NotAccepted(_) => "not-accepted",
            Self::Lapsed(_) => "lapsed",
            Self::Withdrawn => "withdrawn",
            Self::Dropped(_) => "dropped",
        }
    }

    /// Nothing further is done about it.
    pub const fn is_over(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Received | Self::Correcting | Self::Accepted | Self::Granted)
    }

    /// Nobody has decided yet, and somebody still may.
    pub const fn is_undecided(&self) -> bool {
        matches!(self, Self::Waiting | Self::Received | Self::Correcting | Self::Accepted)
    }
}

/// Ends the stretches of steps that wait no more and begins those of `waiting`, each since when.
pub(crate) fn note_stretches(stretches: &mut Vec<Awaited>, waiting: Vec<(StepId, Timestamp)>, at: Timestamp) {
    for stretch in stretches.iter_mut().filter(|stretch| stretch.to.is_none()) {
        if waiting.iter().all(|(step, _)| *step != stretch.step) {
            stretch.to = Some(at);
        }
    }
    for (step, from) in waiting {
        if !stretches.iter().any(|stretch| stretch.to.is_none() && stretch.step == step) {
            // What waits again, waits from now.
            let before = stretches.iter().any(|stretch| stretch.step == step);
            stretches.push(Awaited { step, from: if before { from.max(at) } else { from }, to: None });
        }
    }
}

impl StepState {
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    pub const fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }
}

impl Case {
    /// The rating as far as officers see it, everywhere: see [`Rating::is_open_to_officers`].
    pub fn rating_for_officers(&self) -> Option<&Rating> {
        let state = self.state();
        self.rating.as_ref().filter(|rating| rating.is_open_to_officers(state))
    }

    pub fn state(&self) -> CaseState {
        if self.matters.iter().any(|matter| !matter.state.is_over()) {
            return CaseState::Open;
        }
        let mut pursued =
            self.matters.iter().filter(|matter| !matches!(matter.state, MatterState::Dropped(_))).peekable();
        if pursued.peek().is_some() && pursued.all(|matter| matter.state == MatterState::Completed) {
            CaseState::Completed
        } else {
            CaseState::Closed
        }
    }

    /// Whether the window did something else afterwards that still stands: that is taken back first.
    pub fn is_followed(&self, acted: u32) -> bool {
        let later = self.acted_for.get(acted as usize).into_iter().flat_map(|acted| &acted.followed_by);
        later.filter_map(|later| self.acted_for.get(*later as usize)).any(|later| !later.undone)
    }

    /// The answers as they were before the window did something in the applicant's name: by its place among such acts.
    pub fn answers_before(&self, acted: u32) -> Option<&DocRef> {
        self.acted_for.get(acted as usize).map(|acted| &acted.before.answers)
    }

    pub fn matter(&self, item: &ItemId) -> Option<&Matter> {
        self.matters.iter().find(|matter| matter.item == *item)
    }

    /// An item of this case is to issue the result and has not: what rests on it cannot pass yet. False where no such
    /// item applies.
    pub fn awaits(&self, confirmed: &ItemResult) -> bool {
        let applies = |matter: &&Matter| {
            !matches!(
                matter.state,
                MatterState::NotAccepted(IntakeGround::NotRequired)
                    | MatterState::Dropped(DropCause::NoLongerApplies | DropCause::Abolished)
            )
        };
        let stands = |issued: &IssuedResult| issued.result == confirmed.result && issued.still_bears();
        self.matter(&confirmed.item).filter(applies).is_some_and(|matter| !matter.results.iter().any(stands))
    }

    /// The item whose result this one rests on, at however many removes or because a step of it confirms it, once that result
    /// was ended: nothing is granted or issued on it any more. What was issued before is for those who issued it.
    pub fn rests_on_ended(&self, matter: &Matter) -> Option<&Matter> {
        if matter.state.is_over() || !matter.results.is_empty() {
            return None;
        }
        let ended = |issued: &IssuedResult| !issued.still_bears();
        let (mut below, mut seen) = (vec![matter], BTreeSet::new());
        while let Some(matter) = below.pop() {
            let before = matter.plan.after.iter().filter_map(|before| self.matter(before));
            for before in before.filter(|before| seen.insert(before.item.as_str())) {
                if !before.results.is_empty() && before.results.iter().all(ended) {
                    return Some(before);
                }
                below.push(before);
            }
        }
        // Whether the step was done or not: nothing is left for it to confirm.
        matter.plan.steps.iter().filter_map(|step| step.confirms.as_ref()).find_map(|confirmed| {
            let other = self.matter(&confirmed.item)?;
            let mut results = other.results.iter().filter(|issued| issued.result == confirmed.result);
            results.any(ended).then_some(other)
        })
    }

    /// Items that could be neither granted nor issued any more if this one's results were ended.
    pub fn resting_on<'a>(&'a self, item: &'a ItemId) -> Vec<&'a ItemId> {
        let mut resting: Vec<&ItemId> = vec![item];
        let mut at = 0;
        while let Some(&below) = resting.get(at) {
            at += 1;
            for matter in &self.matters {
                let confirms =
                    |step: &PlannedStep| step.confirms.as_ref().is_some_and(|each| each.item == *item);
                let rests = matter.plan.after.contains(below) || matter.plan.steps.iter().any(confirms);
                if rests && !resting.contains(&&matter.item) {
                    resting.push(&matter.item);
                }
            }
        }
        let open = |id: &&&ItemId| {
            self.matter(id).is_some_and(|matter| !matter.state.is_over() && matter.results.is_empty())
        };
        resting.iter().skip(1).filter(open).copied().collect()
    }

    pub(crate) fn matter_mut(&mut self, item: &ItemId) -> Option<&mut Matter> {
        self.matters.iter_mut().find(|matter| matter.item == *item)
    }
}

impl Matter {
    /// Whether somebody with these roles answers for the matter: works in its department, or has a step of it. A window takes in
    /// and hands out for all departments, and answers for none of them.
    pub fn is_worked_by<'r>(&self, roles: impl IntoIterator<Item = &'r RoleId>, edition: &Edition) -> bool {
        roles.into_iter().any(|id| {
            let declared = edition.role(id);
            declared.is_some_and(|role| role.department == self.department)
                || !declared.is_some_and(|role| role.window)
                    && self.plan.steps.iter().any(|step| step.by.role() == Some(id))
        })
    }

    /// Until it is decided, and after a grant as long as nothing was recorded or issued: what somebody no longer wants would else stay
    /// open for ever. Registers can be left until the entry (不动产登记暂行条例 Art. 15); what was paid is paid back.
    pub fn may_be_withdrawn(&self) -> bool {
        use catalogue::StepKind::{Issue, Record};
        // Also what was sent back since: it was done once.
        let used = |(step, run): (&PlannedStep, &StepRun)| {
            matches!(step.kind, Record | Issue) && (run.state.is_done() || run.rounds > 0)
        };
        let used = self.runs().any(used) || !self.results.is_empty();
        self.state.is_undecided() || self.state == MatterState::Granted && !used
    }

    /// It ended without what was paid for.
    pub fn is_paid_for_nothing(&self) -> bool {
        let paid = |(step, run): (&PlannedStep, &StepRun)| {
            step.kind == catalogue::StepKind::Pay && run.state.is_done()
        };
        self.state.is_over()
            && self.state != MatterState::Completed
            && self.results.is_empty()
            && self.runs().any(paid)
    }

    /// Whether it is noted that those who apply came, and nobody has taken the application in yet.
    pub fn is_there(&self) -> bool {
        self.state == MatterState::Received && !self.awaits_presence && self.came_at.is_some()
    }

    /// Whether somebody with these roles has a step of it, or heads the department that handles it: its clocks are theirs, and no
    /// colleague's next door.
    pub fn is_handled_by<'r>(&self, roles: impl IntoIterator<Item = &'r RoleId>, edition: &Edition) -> bool {
        roles.into_iter().any(|id| {
            let declared = edition.role(id);
            declared.is_some_and(|role| role.rank == RoleRank::Head && role.department == self.department)
                || !declared.is_some_and(|role| role.window)
                    && self.plan.steps.iter().any(|step| step.by.role() == Some(id))
        })
    }

    /// The steps with where each stands.
    pub fn runs(&self) -> impl Iterator<Item = (&PlannedStep, &StepRun)> {
        self.plan.steps.iter().zip(&self.steps)
    }

    /// Steps that wait for somebody.
    pub fn open_steps(&self) -> impl Iterator<Item = (&PlannedStep, &StepRun)> {
        self.runs().filter(|(_, run)| run.state.is_open())
    }

    /// Finished steps that speak against a grant.
    pub fn adverse(&self) -> impl Iterator<Item = (&PlannedStep, &StepRun)> {
        self.runs()
            .filter(|(_, run)| run.failed > 0 || matches!(run.state, StepState::Done { yes: false, .. }))
    }

    /// The administration let a limit of its own pass.
    pub fn has_overrun(&self) -> bool {
        self.overdue.iter().any(|clock| clock.is_the_administrations())
    }

    pub fn has_open_gap(&self) -> bool {
        self.plan.materials.iter().any(|material| material.status == crate::MaterialStatus::Tolerated)
    }

    /// Whether this pause stops the clock at this moment.
    pub fn is_paused(&self, clock: ClockKind) -> bool {
        self.pauses.iter().any(|pause| pause.to.is_none() && pause.kind.stops(clock))
            || clock == ClockKind::Delivery && self.awaited.iter().any(|stretch| stretch.to.is_none())
            || clock == ClockKind::Promised
                && self
                    .awaited_results
                    .iter()
                    .chain(&self.awaited_answers)
                    .any(|stretch| stretch.to.is_none())
    }
}

impl PauseKind {
    /// Local practice stops the promise only; the statute's list stops both.
    pub const fn stops(&self, clock: ClockKind) -> bool {
        match self {
            Self::Statutory(_) => matches!(clock, ClockKind::Statutory | ClockKind::Promised),
            Self::Local(_) => matches!(clock, ClockKind::Promised),
        }
    }
}
