//! A case: commands become events, events become state, and state says what is due when.
//!
//! [`decide`] judges a [`Command`] against a [`Case`]; [`Case::apply`] folds an [`Event`] into it. Neither reads a clock
//! or a store. Must not know: how answers are asked, where events are kept, who is logged in, what words a page uses.
//! Start at [`decide`], then [`Matter`] and [`Plan`].

mod actor;
mod apply;
mod case;
mod clocks;
mod command;
mod decide;
mod event;
mod matter;
mod plan;
mod planning;
mod refusal;
mod timeline;
mod views;
mod worklist;

pub use actor::{Actor, Context, DocRef, Standing};
pub use case::{
    ActedForApplicant, Case, CaseState, Correction, ExtensionRun, ExtensionState, IssuedResult, Matter,
    MatterState, Message, Objection, PauseRun, Rating, StepRun, StepState, VisitTime,
};
pub use clocks::{APPLICANT_STEP, RESULT_AWAITED};
pub use command::{
    Answers, Command, CorrectionPoints, Delivery, FactsRef, Finding, PauseKind, Submission, Verdict,
};
pub use decide::decide;
pub use engine::{ActorId, Encoded, Folded, Stamp, UnreadableEvent, decode, encode};
pub use event::{
    AcceptanceRefused, Accepted, ActUndone, ActedFor, AnswersRestated, ApplicantAct, CaseOpened, ClockKind,
    ClockPaused, ClockResumed, CorrectedOnTheSpot, CorrectionAsked, CorrectionSupplied, DeemedAccepted,
    Delivered, DropCause, EditionMoved, Event, ExtensionApproved, ExtensionDenied, ExtensionRequested,
    GapClosed, Granted, IntakeGround, LapseCause, MaterialsAdded, MatterDropped, MatterLapsed, MatterOpened,
    MatterReleased, MatterReplanned, MessageSent, ObjectionAnswered, ObjectionRaised, Overdue,
    OverdueExplained, PartiesCame, PlanChange, PresenceTakenBack, PromiseVerified, Proof, Rated, Refused,
    RepeatedCorrection, ReplanCause, ResultChange, ResultChanged, ResultIssued, ResultReplaced, Side,
    StepDone, TaskClaimed, TaskReleased, VisitSet, Warned, WarningColour, Withdrawn,
};
pub use plan::{Doer, MaterialStatus, Plan, PlannedExtension, PlannedLimits, PlannedMaterial, PlannedStep};
pub use refusal::Refusal;
pub use views::{
    ClockView, Colour, ExplainedClock, Happening, Hold, Holder, Need, Task, TimelineEntry, Timer, TimerKind,
    Visits, Whose,
};
