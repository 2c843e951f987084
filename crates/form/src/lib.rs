//! The one form: from an edition, a thing, a party and the answers so far it computes the questions still
//! needed, the problems of the answers, the papers due, and the savings.
//!
//! [`Form::new`] is a pure function of its [`Input`] without state between calls, so that leaving the page,
//! another device and a new edition need no special case. Guarantees: a field is asked once, on one page, and
//! only when something that applies or may apply needs it; everything needed is asked before
//! [`Form::complete`]; and fields that decide whether an item applies are asked first.
//!
//! This crate must not know cases, clocks of running cases, pages, storage or what time it is.
//! Start at [`Input`] and [`Form::new`]; [`parse_answer`] reads what a browser sent.

mod answers;
mod change;
mod count;
mod example;
mod facts;
mod form;
mod material;
mod member;
mod need;
mod obstacle;
mod outlook;
mod parse;
mod plan;
mod problem;
mod question;
mod report;
mod sent;
mod show;
mod validate;

pub use answers::{Answer, Answers, Known, KnownFacts, Raw, Source, key_of};
pub use change::{Changes, changes};
pub use count::Counts;
pub use example::{example_answer, example_answers};
pub use facts::FormFacts;
pub use form::{Form, Input, Modes, born_by, party_of};
pub use material::{MaterialDue, MaterialDueUse, MaterialStatus, Supplier};
pub use member::{Applies, MemberState};
pub use obstacle::Obstacle;
pub use outlook::{Outlook, Page, usual_answers};
pub use parse::parse_answer;
pub use plan::{Begun, ItemPlan, Plan, StepPlan};
pub use problem::{Problem, ProblemKind};
pub use question::{Part, Progress, Question, SectionView, State, Why, WhyKind};
pub use report::{FormReport, Incomplete, MaterialLine, QuestionLine};
pub use sent::{CONTROL_PREFIX, raw_answers};
pub use show::{edit_text, show_text};
pub use validate::{notes, validate, validate_file};
