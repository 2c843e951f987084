//! Answers of applicants: the fields' examples, varied so that no two applications are alike.

use std::collections::BTreeMap;

use catalogue::{Field, FieldId, FieldKind};
use diagnostic::Lang;
use expression::{Number, Value};
use form::{Answers, Form, Input, Part, Raw};
use jiff::ToSpan as _;
use office::{OfficeError, OpenDraft};

use super::people;
use super::phrases::PAINS;
use crate::dice::Dice;

/// The person who answers.
#[derive(Clone, Debug)]
pub(crate) struct Persona {
    pub name: String,
    pub phone: String,
}

/// Answers, as typed, to everything still asked. `situation`: only the questions that come first.
pub(crate) fn answer(
    open: &OpenDraft,
    persona: &Persona,
    situation: bool,
    varied: bool,
    dice: &mut Dice,
) -> Result<BTreeMap<FieldId, Raw>, OfficeError> {
    const ROUNDS: usize = 40;
    let thing = open.thing()?;
    let draft = &open.draft;
    let mut answers: Answers = draft.answers.clone();
    let mut typed = BTreeMap::new();
    for _ in 0..ROUNDS {
        let form = Form::new(Input {
            edition: &open.edition,
            thing,
            party: draft.party,
            known: &draft.known,
            answers: &answers,
            modes: &draft.modes,
            today: open.today,
        });
        let asked: Vec<(&Field, bool)> = form
            .questions()
            .iter()
            .filter(|question| !situation || question.part == Part::Situation)
            .filter(|question| {
                let wanted = question.is_missing()
                    || thing.applicant_fields().any(|field| question.field.id == *field);
                wanted && !question.is_answered() && !typed.contains_key(&question.field.id)
            })
            .map(|question| (question.field, question.part == Part::Situation))
            .collect();
        let mut more = Vec::new();
        for (field, decides) in &asked {
            let (field, decides) = (*field, *decides);
            // A day of birth is contained in the number, which is answered first.
            let waits = field.birth_held_by().filter(|id| asked.iter().any(|(other, _)| other.id == **id));
            if waits.is_some() {
                continue;
            }
            if let Some(day) = held_day(open, &answers, field) {
                more.push((field.id.clone(), Value::Date(day)));
            } else if let Some(value) = value(open, field, decides, persona, varied, dice) {
                more.push((field.id.clone(), value));
            }
        }
        drop(form);
        if more.is_empty() {
            break;
        }
        for (field, value) in more {
            typed.insert(field.clone(), Raw::of(&value));
            answers.give(field, value);
        }
    }
    Ok(typed)
}

/// The day of birth contained in an answer given before.
fn held_day(open: &OpenDraft, answers: &Answers, field: &Field) -> Option<jiff::civil::Date> {
    let holder = open.edition.field(field.birth_held_by()?)?;
    form::born_by(holder, answers.value(holder.id.as_str())?)
}

/// A valid answer: the varied one, or the example if that is not valid.
fn value(
    open: &OpenDraft,
    field: &Field,
    decides: bool,
    persona: &Persona,
    varied: bool,
    dice: &mut Dice,
) -> Option<Value> {
    let fits = |value: &Value| form::validate(field, value, open.today).is_empty();
    let other = vary(open, field, decides, varied, persona, dice);
    other.filter(fits).or_else(|| form::example_answer(field, open.today))
}

fn vary(
    open: &OpenDraft,
    field: &Field,
    decides: bool,
    varied: bool,
    persona: &Persona,
    dice: &mut Dice,
) -> Option<Value> {
    let thing = open.thing().ok()?;
    let example = form::example_answer(field, open.today);
    let text = || example.as_ref().map(|value| form::show_text(field, value, Lang::Zh)).unwrap_or_default();
    if Some(&field.id) == thing.applicant_phone.as_ref() {
        return Some(Value::text(persona.phone.clone()));
    }
    let names_applicant = thing.names_applicant(&field.id);
    if names_applicant && (field.optional || people::is_person(&text())) {
        return Some(Value::text(persona.name.clone()));
    }
    if !varied && decides {
        return None;
    }
    match &field.kind {
        FieldKind::Text { .. } if field.pattern.is_some() => example,
        FieldKind::Text { multiline: true, .. } if is_report(open) => Some(Value::text(*dice.pick(PAINS)?)),
        FieldKind::Text { multiline: false, .. } if people::is_person(&text()) => {
            Some(Value::text(people::person(dice)))
        }
        FieldKind::Text { .. } if names_applicant => Some(Value::text(people::undertaking(&text(), dice))),
        FieldKind::Identifier { identifier, .. } => {
            let known = people::registered(&open.edition, &field.id, dice);
            let number = known.or_else(|| people::number(&open.edition, *identifier, dice));
            number.map(Value::text)
        }
        FieldKind::Phone => Some(Value::text(people::mobile(dice))),
        FieldKind::Address => Some(Value::text(people::other_digits(&text(), dice))),
        FieldKind::Number { .. } | FieldKind::Money { .. } => scaled(example?, dice),
        FieldKind::Date { .. } => match example? {
            Value::Date(day) => {
                Some(Value::Date(day.checked_add(i64::try_from(dice.below(15)).ok()?.days()).ok()?))
            }
            _ => None,
        },
        // Everybody here is grown up, as their numbers say.
        FieldKind::YesNo if field.age_held_by().is_some() => Some(Value::Bool(false)),
        FieldKind::YesNo if decides => Some(Value::Bool(dice.chance(0.5))),
        FieldKind::Choice { options } if decides || dice.chance(0.4) => {
            Some(Value::Choice(dice.pick(options)?.value.clone()))
        }
        _ => None,
    }
}

/// From half to three times the example.
fn scaled(example: Value, dice: &mut Dice) -> Option<Value> {
    let Value::Number(number) = example else { return None };
    let halves = i32::try_from(1 + dice.below(6)).ok()?;
    let doubled = number.checked_mul(Number::from(halves))?;
    let scaled = doubled.checked_div(Number::from(2_i32))?;
    let whole = Number::from_integer(scaled.ten_thousandths() / Number::ONE.ten_thousandths())?;
    Some(Value::Number(if number.is_integer() { whole } else { scaled }))
}

/// Whether the thing is a report about the administration itself.
pub(crate) fn is_report(open: &OpenDraft) -> bool {
    open.thing().is_ok_and(|thing| {
        thing.members.iter().any(|member| open.edition.item(&member.item).is_some_and(|item| item.feedback))
    })
}
