//! Answers that change are held to what the form held them to, also among one another, and to what was decided on them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use catalogue::{FieldId, FieldKind, ItemId};
use form::{Answers, Form, Input, KnownFacts, Modes, Problem, Question, Raw};
use jiff::civil::Date;

use crate::case::LoadedCase;
use crate::case::perform::{HandedIn, day_of, merge};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

impl Office {
    /// Refuses answers that the form would refuse, unless it would refuse those of before as well: what was handed in under a former
    /// edition is nobody's fault here. Questions that the new answers open are answered with them.
    pub(crate) fn need_fitting(&self, loaded: &LoadedCase, before: &Answers, after: &Answers) -> Result<()> {
        let today = day_of(&loaded.edition, self.now());
        let Some((was, now)) = form_of(loaded, before, today).zip(form_of(loaded, after, today)) else {
            return Ok(());
        };
        let old: Vec<&Problem> = was.problems().collect();
        let mut new: Vec<Problem> =
            now.problems().filter(|problem| !old.contains(problem)).cloned().collect();
        new.extend(newly_open(&was, &now).map(|question| Problem::required(question.field)));
        if !new.is_empty() {
            return Err(OfficeError::Unfit(new));
        }
        if was.closed_to_party().is_empty() && !now.closed_to_party().is_empty() {
            return Err(NotPossible::DraftObstacle.into());
        }
        Ok(())
    }

    /// Reads what was typed to the questions that are put right, and to those that these answers open, one after another.
    pub fn read_correction(
        &self,
        loaded: &LoadedCase,
        before: &Answers,
        asked: &[FieldId],
        typed: &BTreeMap<FieldId, Raw>,
    ) -> Corrected {
        let today = day_of(&loaded.edition, self.now());
        let mut read = Corrected::default();
        let mut given = Answers::new();
        for (id, raw) in typed {
            let Some(field) = loaded.edition.field(id) else { continue };
            match given.take(field, raw, today) {
                Ok(true) => {}
                Ok(false) => read.problems.push(Problem::required(field)),
                Err(wrong) => {
                    given.remove(id.as_str());
                    read.problems.extend(wrong);
                }
            }
        }
        let fields = self.asked_with(loaded, before, asked, &given);
        read.answers = only(&given, &fields);
        read.problems.retain(|problem| fields.contains(&problem.field));
        read.opened = fields.into_iter().skip(asked.len()).collect();
        for id in &read.opened {
            let unread = !typed.contains_key(id) && read.answers.get(id.as_str()).is_none();
            read.problems.extend(loaded.edition.field(id).filter(|_| unread).map(Problem::required));
        }
        read
    }

    /// The questions that are asked, and those that have to be answered once what was given to these stands.
    pub(crate) fn asked_with(
        &self,
        loaded: &LoadedCase,
        before: &Answers,
        asked: &[FieldId],
        given: &Answers,
    ) -> Vec<FieldId> {
        let mut fields = asked.to_vec();
        let today = day_of(&loaded.edition, self.now());
        let Some(was) = form_of(loaded, before, today) else { return fields };
        loop {
            let mut after = before.clone();
            merge(&mut after, &only(given, &fields));
            let Some(now) = form_of(loaded, &after, today) else { return fields };
            let opened = newly_open(&was, &now).map(|question| &question.field.id);
            let opened: Vec<FieldId> = opened.filter(|id| !fields.contains(id)).cloned().collect();
            if opened.is_empty() {
                return fields;
            }
            fields.extend(opened);
        }
    }
}

/// What was typed to the questions of a correction, as far as it can be read.
#[derive(Debug, Default)]
pub struct Corrected {
    pub answers: Answers,
    pub problems: Vec<Problem>,
    /// Questions that nobody asked for and that the new answers bring with them.
    pub opened: Vec<FieldId>,
}

fn only(answers: &Answers, fields: &[FieldId]) -> Answers {
    let mut kept = answers.clone();
    for (id, _) in answers.iter().filter(|(id, _)| !fields.contains(id)) {
        kept.remove(id.as_str());
    }
    kept
}

static NOTHING_KNOWN: LazyLock<(KnownFacts, Modes)> = LazyLock::new(Default::default);

/// The form as it would stand with these answers of a case.
fn form_of<'a>(loaded: &'a LoadedCase, answers: &'a Answers, today: Date) -> Option<Form<'a>> {
    let thing = loaded.edition.thing(&loaded.case.thing)?;
    let (known, modes) = &*NOTHING_KNOWN;
    let edition = &*loaded.edition;
    Some(Form::new(Input { edition, thing, party: loaded.case.party, known, answers, modes, today }))
}

/// Papers are no answers: they are asked for as such.
fn newly_open<'f, 'a>(was: &'f Form<'a>, now: &'f Form<'a>) -> impl Iterator<Item = &'f Question<'a>> {
    let open = |question: &&Question<'_>| {
        question.is_missing()
            && question.problems.is_empty()
            && !matches!(question.field.kind, FieldKind::File { .. })
    };
    now.questions()
        .iter()
        .filter(open)
        .filter(move |question| was.question(question.field.id.as_str()).is_none_or(|before| !open(&before)))
}

/// Whether a field says who those are who apply: their names and numbers, also in tables, as far as the pack tells.
pub(crate) fn says_who(loaded: &LoadedCase, field: &FieldId) -> bool {
    let Some(declared) = loaded.edition.field(field) else { return true };
    let personal = declared.sensitivity != catalogue::Sensitivity::Public;
    let by_kind = match &declared.kind {
        FieldKind::Identifier { .. } | FieldKind::Rows { .. } => true,
        FieldKind::Text { multiline, .. } => !multiline && personal,
        _ => false,
    };
    let by_thing = loaded.edition.thing(&loaded.case.thing).is_some_and(|thing| {
        let apart = thing.apart.iter().flatten().any(|each| each == field);
        apart || thing.applicant_fields().any(|each| each == field)
    });
    by_kind || by_thing && !matches!(declared.kind, FieldKind::Phone)
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
        .filter(|field| !matches!(field.kind, FieldKind::Phone))
        .filter(|field| items.iter().any(|item| item.reads(&field.id)))
        .map(|field| field.id.clone())
        .collect()
}
