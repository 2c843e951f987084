//! What people see of a case, computed from its state: clocks, tasks, timers, the timeline.

use std::sync::Arc;

use calendar::{Due, Explanation, Limit};
use catalogue::{DepartmentId, ItemId, MaterialId, ResultId, StepId, StepKind};
use jiff::Timestamp;

use crate::{
    ActorId, ApplicantAct, ClockKind, CorrectionPoints, Delivery, DocRef, Doer, DropCause, IntakeGround,
    LapseCause, PauseKind, PlanChange, Proof, ReplanCause, ResultChange, Side, WarningColour,
};

/// One clock of one matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockView {
    pub item: ItemId,
    pub kind: ClockKind,
    pub started_at: Timestamp,
    pub limit: Limit,
    pub due: Due,
    /// Working days that are left; negative when it is over. Zero on the last day.
    pub days_left: i32,
    pub colour: Colour,
    /// When what it limits was done; `None` while it runs or stands still.
    pub stopped_at: Option<Timestamp>,
}

impl ClockView {
    pub const fn is_running(&self) -> bool {
        self.stopped_at.is_none()
    }

    /// The last instant of the limit, as far as there is one: a clock that stands still has none.
    pub fn runs_out_at(&self) -> Option<Timestamp> {
        (self.colour != Colour::Paused).then_some(self.due.due_at)
    }
}

/// A clock with every day that it counted or left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedClock {
    pub view: ClockView,
    pub explanation: Explanation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Colour {
    Green,
    Yellow,
    Red,
    /// The last day that is in time, whatever the thresholds say.
    DueToday,
    Overdue,
    Paused,
    /// Stopped in time.
    Done,
    /// Stopped too late.
    DoneLate,
}

impl Colour {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
            Self::DueToday => "due-today",
            Self::Overdue => "overdue",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::DoneLate => "done-late",
        }
    }

    /// The higher, the sooner somebody has to look.
    pub const fn urgency(self) -> u8 {
        match self {
            Self::Overdue => 7,
            Self::DueToday => 6,
            Self::Red => 5,
            Self::Yellow => 4,
            Self::Green => 3,
            Self::Paused => 2,
            Self::DoneLate => 1,
            Self::Done => 0,
        }
    }
}

/// Something that will happen by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    pub at: Timestamp,
    pub item: ItemId,
    pub kind: TimerKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimerKind {
    /// Silence becomes acceptance.
    DeemedAcceptance,
    CorrectionExpiry,
    GapExpiry,
    /// A question to the applicant whose silence is a yes has not been answered.
    Unanswered,
    Warning(WarningColour),
    Overdue(ClockKind),
}

/// Why somebody is asked to look at a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// A step of its plan is open.
    Step,
    /// More time was asked for; whoever approves it decides.
    Extension,
    /// A limit was overrun, and nobody has said why.
    Explanation,
}

/// What waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub item: ItemId,
    pub need: Need,
    /// The open step; for an extension or an explanation, the step whose role it falls to.
    pub step: StepId,
    pub kind: StepKind,
    pub by: Doer,
    /// The department that it waits for; for the applicant's own steps the item's.
    pub department: DepartmentId,
    pub since: Timestamp,
    pub claimed_by: Option<ActorId>,
    /// When the step should be done by its own limit.
    pub step_due_at: Option<Timestamp>,
    /// When the clock that presses most runs out: intake before acceptance, then the promise, then delivery.
    pub matter_due_at: Option<Timestamp>,
    pub colour: Colour,
    /// Joint inspection that the step is part of.
    pub joint: Option<u8>,
    /// The joint visit was made and recorded by another department; this one has still to conclude.
    pub to_confirm: bool,
    /// Why it cannot be finished yet, although it is open.
    pub held_by: Option<Hold>,
    /// Until when it has to run before it can be finished, such as a public notice.
    pub runs_until: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hold {
    /// Nothing is issued while a tolerated material is missing.
    GapOpen,
    /// The applicant has to supply a correction first.
    CorrectionOpen,
    /// Another item of the case has to issue its result first.
    ResultAwaited,
    /// Those who apply have to come to the window.
    PresenceAwaited,
}

/// Who has to move next, for each matter that is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub item: ItemId,
    pub who: Whose,
    /// What they are doing, where it is a step.
    pub step: Option<StepId>,
    pub since: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    Applicant,
    Department {
        department: DepartmentId,
        officer: Option<ActorId>,
    },
    /// The engine, in a moment.
    System,
    /// Waits for the results of these items.
    Items(Vec<ItemId>),
}

/// One line of the timeline: facts only, the words are the page's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineEntry {
    pub at: Timestamp,
    pub actor: ActorId,
    pub item: Option<ItemId>,
    pub what: Happening,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    Submitted,
    MatterOpened,
    MatterReleased,
    AnswersRestated,
    Replanned {
        cause: ReplanCause,
        changes: Vec<PlanChange>,
    },
    Dropped(DropCause),
    EditionMoved,
    MaterialsAdded(Vec<MaterialId>),
    Accepted,
    DeemedAccepted {
        accepted_at: Timestamp,
    },
    NotAccepted {
        ground: IntakeGround,
        reason: DocRef,
    },
    PartiesCame {
        proof: Proof,
    },
    PresenceTakenBack {
        reason: DocRef,
    },
    CorrectedOnTheSpot {
        note: DocRef,
    },
    CorrectionAsked {
        points: CorrectionPoints,
        notice: DocRef,
    },
    RepeatedCorrection {
        reason: DocRef,
    },
    CorrectionSupplied(Vec<MaterialId>),
    Lapsed(LapseCause),
    Claimed {
        step: StepId,
        officer: ActorId,
    },
    Released {
        step: StepId,
    },
    StepDone {
        step: StepId,
        yes: bool,
        opinion: Option<DocRef>,
        officers: Vec<ActorId>,
        returns_to: Option<StepId>,
        joint: bool,
        /// The engine did it: as its own step, or because the applicant's silence is a yes.
        automatic: bool,
    },
    Paused {
        pause: PauseKind,
        needed: Option<Limit>,
        notice: Option<DocRef>,
    },
    Resumed {
        pause: PauseKind,
    },
    ExtensionRequested {
        reason: DocRef,
    },
    Extended {
        more: Limit,
        reason: DocRef,
    },
    ExtensionDenied {
        reason: DocRef,
    },
    Granted {
        opinion: Option<DocRef>,
    },
    Refused {
        reason: DocRef,
        remedies: Vec<Arc<str>>,
    },
    Issued {
        number: Arc<str>,
    },
    Delivered {
        how: Delivery,
    },
    GapClosed(Vec<MaterialId>),
    PromiseVerified {
        kept: bool,
        record: DocRef,
    },
    ResultChanged {
        result: ResultId,
        change: ResultChange,
        reason: DocRef,
    },
    /// A newer one, with this number, took its place.
    ResultReplaced {
        result: ResultId,
        number: Arc<str>,
    },
    /// The window did what comes next, in the applicant's name.
    ActedFor {
        act: ApplicantAct,
        step: Option<StepId>,
        proof: Proof,
        note: DocRef,
    },
    /// The applicant took such an act back.
    ActUndone,
    Withdrawn {
        reason: Option<DocRef>,
    },
    ObjectionRaised {
        text: DocRef,
    },
    ObjectionAnswered {
        text: DocRef,
    },
    Rated {
        level: u8,
    },
    Message {
        from: Side,
        text: DocRef,
    },
    Warned(WarningColour),
    Overdue {
        clock: ClockKind,
        due_at: Timestamp,
    },
    VisitSet {
        step: StepId,
        at: Timestamp,
        remote: bool,
        reason: Option<DocRef>,
    },
    OverdueExplained {
        text: DocRef,
    },
}

/// Journeys of the applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Visits {
    pub made: u16,
    /// Still to come by the plan, joint ones counted once.
    pub to_come: u16,
}
