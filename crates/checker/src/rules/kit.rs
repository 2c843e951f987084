//! What every rule needs at hand.

pub use catalogue::{Condition, StepKind};
pub use diagnostic::{Code, RedTape};

pub use crate::finding::{Finding, Place};
pub use crate::view::{ItemView, Pack, ThingView};
