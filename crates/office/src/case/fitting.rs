//! Answers that change are held to what the form held them to, also among one another, and to what was decided on them.

use std::collections::BTreeSet;

use catalogue::{FieldId, ItemId};
use form::{Answers, Form, Input, KnownFacts, Modes, Problem};

use crate::case::LoadedCase;
use crate::case::perform::{HandedIn, day_of};
use crate::error::{OfficeError, Result};
use crate::office::Office;

impl Office {
    /// Refuses answers that the form would refuse, unless it would refuse those of before as well: what was handed in under a former
    /// edition is nobody's fault here.
    pub(crate) fn need_fitting(&self, loaded: &LoadedCase, before: &Answers, after: &Answers) -> Result<()> {
        let Some(thing) = loaded.edition.thing(&loaded.case.thing) else { return Ok(()) };
        let today = day_of(&loaded.edition, self.now());
        let (known, modes) = (KnownFacts::new(), Modes::default());
        let problems = |answers: &Answers| -> Vec<Problem> {
            let form = Form::new(Input {
                edition: &loaded.edition,
                thing,
                party: loaded.case.party,
                known: &known,
                answers,
                modes: &modes,
                today,
            });
            form.problems().cloned().collect()
        };
        let was = problems(before);
        let new: Vec<Problem> =
            problems(after).into_iter().filter(|problem| !was.contains(problem)).collect();
        if new.is_empty() { Ok(()) } else { Err(OfficeError::Unfit(new)) }
    }
}

/// The fields of an item that were asked of this applicant and can still be put right: nobody decided on them yet.
pub fn asked_of(loaded: &LoadedCase, answers: &Answers, item: &ItemId) -> Vec<FieldId> {
    let settled = settled(loaded);
    let mut asked = ever_asked(loaded, answers, item);
    asked.retain(|field| !settled.contains(field));
    asked
}

/// The fields of an item that were asked of this applicant. Nobody can put right what they were never asked.
pub(crate) fn ever_asked(loaded: &LoadedCase, answers: &Answers, item: &ItemId) -> Vec<FieldId> {
    let facts = HandedIn { answers, today: day_of(&loaded.edition, loaded.case.received_at) };
    let fields = loaded.edition.item(item).map_or(&[][..], |item| &item.fields);
    let asked = |used: &&catalogue::FieldUse| {
        used.when.as_ref().is_none_or(|when| when.evaluate(&facts) == expression::Truth::True)
    };
    fields.iter().filter(asked).map(|used| used.field.clone()).collect()
}

/// Requirements of an item that these answers do not meet: its officers see them before they decide.
pub fn unmet<'l>(
    loaded: &'l LoadedCase,
    answers: &Answers,
    item: &ItemId,
) -> Vec<&'l catalogue::Requirement> {
    let facts = HandedIn { answers, today: day_of(&loaded.edition, loaded.case.received_at) };
    let declared = loaded.edition.item(item).into_iter().flat_map(|item| &item.requirements);
    declared.filter(|each| each.condition.evaluate(&facts) == expression::Truth::False).collect()
}

/// Fields by which an item was decided or paid for: what was decided on does not change under the decision. A telephone is no
/// ground of one.
pub(crate) fn settled(loaded: &LoadedCase) -> BTreeSet<FieldId> {
    let paid = |(step, run): (&casework::PlannedStep, &casework::StepRun)| {
        step.kind == catalogue::StepKind::Pay && matches!(run.state, casework::StepState::Done { .. })
    };
    let decided = |matter: &&casework::Matter| {
        matches!(matter.state, casework::MatterState::Granted | casework::MatterState::Completed)
            || matter.runs().any(paid)
    };
    let items: Vec<_> = loaded
        .case
        .matters
        .iter()
        .filter(decided)
        .filter(|matter| !matter.feedback)
        .filter_map(|matter| loaded.edition.item(&matter.item))
        .collect();
    let fields = loaded.edition.parts().fields.values();
    fields
        .filter(|field| !matches!(field.kind, catalogue::FieldKind::Phone))
        .filter(|field| items.iter().any(|item| item.reads(&field.id)))
        .map(|field| field.id.clone())
        .collect()
}
