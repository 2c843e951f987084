//! What the one form saves: its figures against those of separate applications.

use catalogue::{Item, MaterialNeed, Step, StepKind};
use expression::Truth;
use serde::{Deserialize, Serialize};

use crate::need::Applying;
use crate::{Form, State};

/// Numbers of questions, papers and journeys.
///
/// Only items that are known to apply count, so both figures grow as the situation becomes clear, and on a complete
/// form they are final.
///
/// *Separate* is the sum, over these items, of what each would ask if applied for alone at its own counter:
/// - questions: the distinct fields that the item uses under these answers, those that its own conditions
///   consulted, and the thing's fields that identify the applicant, because every counter asks these again. Facts
///   that a registry knows count: a counter without the registry asks for them. The situation questions count only
///   where the item itself uses their field.
/// - materials: its distinct papers that are due under these answers and not optional, papers that the zone or a
///   registry holds included. Copies do not multiply.
/// - visits: one for each of its steps at which the applicant must be present (and which cannot be done remotely), and
///   one more if it can neither be applied for online nor by post.
///
/// *Merged* is this form:
/// - questions: the fields asked, without those that are known and only shown for confirmation;
/// - materials: the papers that the applicant brings, now or later, each once;
/// - visits: a joint inspection is one; all counters and intakes together are one, all deliveries together are
///   one; every other step with the applicant present is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub questions: usize,
    pub materials: usize,
    pub visits: usize,
}

impl Form<'_> {
    /// The sum over the items, each applied for alone.
    pub fn separate(&self) -> Counts {
        let mut counts = Counts::default();
        for applying in &self.applying {
            counts.questions += applying.alone.len();
            counts.materials += papers(applying);
            counts.visits += present(applying).count() + usize::from(needs_counter(applying.item));
        }
        counts
    }

    /// The figures of this form.
    pub fn merged(&self) -> Counts {
        let known = |state| matches!(state, State::Known | State::Confirmed);
        Counts {
            questions: self.questions().iter().filter(|question| !known(question.state)).count(),
            materials: self.materials().iter().filter(|material| material.is_asked()).count(),
            visits: self.visits(),
        }
    }

    /// Journeys that the applicant has to make, joined where they can be.
    pub fn visits(&self) -> usize {
        let joint = &self.input.thing.joint_inspections;
        let mut joined = vec![false; joint.len()];
        let (mut counter, mut delivery, mut single) = (false, false, 0);
        for applying in &self.applying {
            counter |= needs_counter(applying.item);
            for step in present(applying) {
                let place = joint.iter().position(|inspection| {
                    inspection.steps.iter().any(|(item, id)| *item == applying.item.id && *id == step.id)
                });
                match (place, step.kind) {
                    (Some(place), _) => joined[place] = true,
                    (None, StepKind::Accept) => counter = true,
                    (None, StepKind::Deliver) => delivery = true,
                    (None, _) => single += 1,
                }
            }
        }
        let joined = joined.into_iter().filter(|joined| *joined).count();
        joined + single + usize::from(counter) + usize::from(delivery)
    }
}

fn papers(applying: &Applying<'_>) -> usize {
    let wanted = applying.item.materials.iter().zip(&applying.materials);
    let due = wanted.filter(|(each, truth)| **truth == Truth::True && each.need != MaterialNeed::Optional);
    let mut names: Vec<&str> = due.map(|(each, _)| each.material.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

/// Steps that happen under these answers and require the applicant's presence.
fn present<'f>(applying: &'f Applying<'_>) -> impl Iterator<Item = &'f Step> {
    let happening = applying.steps.iter().filter(|(_, truth)| truth.is_true()).map(|(step, _)| *step);
    happening.filter(|step| step.present && !step.remote)
}

fn needs_counter(item: &Item) -> bool {
    use catalogue::Channel;
    !item.channels.iter().any(|channel| matches!(channel, Channel::Online | Channel::Post))
}
