//! Requirements that the answers do not meet.

use catalogue::{Bilingual, Citation, Item};
use expression::Truth;

use crate::need::Applying;

/// A requirement that is not met, reported before submission.
#[derive(Clone, Copy, Debug)]
pub struct Obstacle<'a> {
    pub item: &'a Item,
    pub text: &'a Bilingual,
    pub basis: Option<&'a Citation>,
    /// Fields whose answers decide it.
    pub fields: &'a [std::sync::Arc<str>],
}

pub(crate) fn collect_obstacles<'a>(applying: &[Applying<'a>]) -> Vec<Obstacle<'a>> {
    let mut obstacles = Vec::new();
    for Applying { item, requirements, .. } in applying {
        for (requirement, truth) in item.requirements.iter().zip(requirements) {
            if *truth == Truth::False {
                obstacles.push(Obstacle {
                    item,
                    text: &requirement.otherwise,
                    basis: requirement.basis.as_ref(),
                    fields: requirement.condition.names_used(),
                });
            }
        }
    }
    obstacles
}
