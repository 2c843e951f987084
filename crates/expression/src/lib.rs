//! Conditions on the facts of a case, such as `营业面积 > 200 and 经营方式 = "堂食"`: parsed and typed once, then
//! evaluated, explained and analysed. It must not know fields, items, packs or files: names and their types
//! come through [`Names`], facts and today's date through [`Facts`]. Start at [`Condition`].

pub mod analysis;
mod answer;
mod condition;
mod dates;
mod evaluate;
mod explain;
mod facts;
mod number;
mod print;
mod problem;
mod program;
mod read;
mod told;
mod tree;
mod value;

pub use answer::ValueProblem;
pub use condition::Condition;
pub use explain::{Explanation, Reason};
pub use facts::{Answers, Domain, Fact, Facts, Names, Truth};
pub use number::{Number, NumberProblem};
pub use problem::{ExpressionProblem, ProblemKind};
pub use program::{Layout, MissingSlot, Program};
pub use read::{MAX_LENGTH, MAX_PROBLEMS};
pub use told::Labels;
pub use value::{Kind, Row, Type, Value};
