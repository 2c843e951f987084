//! The declarations of a zone, checked and immutable: the [`Edition`] that every engine and page reads.
//!
//! An edition is built once (by the checker), named by the hash of its content and never changed; a case
//! keeps its edition for life. This crate must not know how packs are written (it parses no files), what a
//! case is, or what time it is. Start at [`Edition`], then [`Item`] and [`Thing`].

mod edition;
mod field;
mod hall;
mod id;
mod item;
mod law;
mod material;
mod pattern;
mod registry;
mod step;
mod story;
mod thing;
mod told;
mod zone;

pub use calendar::{Festivals, YearTable};
pub use diagnostic::{Bilingual, Lang};
pub use edition::{Edition, EditionHash, EditionParts, NotAHash, UnreadableEdition};
pub use field::{Choice, Field, FieldKind, Mask, Section, Sensitivity};
pub use hall::{
    AppointmentRules, Closing, Lane, LaneKind, NoShow, QueueRules, ServiceLine, ServiceMinutes, Skill,
    Specialist, Tongue, WaitTarget, staffed_on,
};
pub use id::{
    ClassId, DepartmentId, FeeId, FieldId, HallId, ItemId, LaneId, LineId, LocalPauseId, MaterialId,
    RegistryId, ResultId, RoleId, SectionId, SpecialistId, StepId, ThingId, WindowId, ZoneId,
};
pub use item::{
    Channel, Condition, Extension, Fee, FieldUse, Holder, Intake, Item, Limits, MaterialNeed, MaterialUse,
    Modes, PartyKind, PromiseMode, RegisterEntry, Requirement, ResultDeclaration, ResultKind, Silence,
    ToleranceMode, Validity, VisitClaim, placeholders,
};
pub use law::{Certainty, Citation, StatutoryPause};
pub use material::{Issuer, Material, Medium};
pub use pattern::{Pattern, TextPattern};
pub use registry::{Registry, RegistrySource};
pub use step::{Assignment, Counting, ItemResult, Performer, Step, StepKind};
pub use story::{Expectation, Story, StoryAct, StoryEvent};
pub use thing::{ContextFact, Identified, Identity, JointInspection, Member, Question, Thing};
pub use told::StepOf;
pub use zone::{
    Class, Department, Hall, LocalPause, Opening, OpeningKind, RecordKind, Retention, Role, RoleRank, Serves,
    Warnings, Weekday, Window, Zone,
};
