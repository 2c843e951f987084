//! Example answers: for the figures of an empty form, for demonstrations and for pack tests.

use catalogue::{Edition, Field, FieldId, FieldKind, PartyKind, Thing};
use expression::{Number, Value};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::{Answers, Form, Input, KnownFacts, Modes, ProblemKind, Raw, parse_answer};

/// A valid answer for the field: its declared example, else the simplest value of its kind; `None` if none is
/// valid.
pub fn example_answer(field: &Field, today: Date) -> Option<Value> {
    let declared =
        field.example.as_deref().and_then(|typed| parse_answer(field, &Raw::from(typed), today).ok()?);
    declared.or_else(|| plainest(field, today))
}

fn plainest(field: &Field, today: Date) -> Option<Value> {
    let value = match &field.kind {
        FieldKind::Text { min_length, max_length, .. } => {
            let length = (*min_length).max(2).min(*max_length) as usize;
            Value::text("示例".chars().cycle().take(length).collect::<String>())
        }
        FieldKind::Number { min, .. } => Value::Number(min.unwrap_or(Number::ONE).max(Number::ZERO)),
        FieldKind::Money { min, .. } => Value::Number(min.unwrap_or(Number::ZERO)),
        FieldKind::Date { min, max, past, .. } => {
            let last = if *past { today } else { today.checked_add(30.days()).unwrap_or(today) };
            let within = max.map_or(last, |max| last.min(max));
            Value::Date(min.map_or(within, |min| within.max(min)))
        }
        FieldKind::YesNo => Value::Bool(false),
        FieldKind::Choice { options } => Value::Choice(options.first()?.value.clone()),
        FieldKind::Choices { options } => Value::Choices(vec![options.first()?.value.clone()]),
        FieldKind::Identifier { identifier, .. } => Value::text(example_identifier(*identifier)?),
        FieldKind::Address => Value::text("示例路 1 号 101 室"),
        FieldKind::Phone => Value::text("13800000000"),
        FieldKind::File { .. } => Value::text("example.pdf"),
        FieldKind::Location => Value::text("36.06,120.38"),
        FieldKind::Rows { columns, min_rows, .. } => {
            let row = columns
                .iter()
                .filter_map(|column| Some((column.id.as_str().into(), example_answer(column, today)?)))
                .collect::<expression::Row>();
            Value::Rows(vec![row; (*min_rows).max(1) as usize])
        }
    };
    crate::validate(field, &value, today).is_empty().then_some(value)
}

/// Numbers with valid check digits that belong to nobody.
fn example_identifier(kind: identifier::IdentifierKind) -> Option<&'static str> {
    use identifier::IdentifierKind as Kind;
    match kind {
        Kind::CreditCode => Some("91370200MA0000007P"),
        Kind::Resident => Some("370202199001010015"),
        Kind::Region => Some("370200"),
        Kind::Mobile | Kind::Phone => Some("13800000000"),
        Kind::Passport => Some("E00000000"),
        Kind::ForeignResident => Some("91112419900101001X"),
        Kind::HongKongMacaoPermit => Some("H00000000"),
        Kind::TaiwanPermit => Some("00000000"),
        Kind::Other => Some("示例0001"),
        _ => None,
    }
}

/// Answers every question with its example until none is missing or no example is left. Answers in `chosen`
/// take precedence, so that a situation can be set.
pub fn example_answers(
    edition: &Edition,
    thing: &Thing,
    party: PartyKind,
    known: &KnownFacts,
    chosen: &Answers,
    today: Date,
) -> Answers {
    let modes = Modes::default();
    examples(Input { edition, thing, party, known, answers: chosen, modes: &modes, today })
}

/// As [`example_answers`], for an existing form.
pub(crate) fn examples(input: Input<'_>) -> Answers {
    let mut answers = input.answers.clone();
    loop {
        let missing: Vec<_> = Form::new(Input { answers: &answers, ..input })
            .questions()
            .iter()
            .filter(|question| question.is_missing())
            .filter_map(|question| {
                let value = match input.thing.party_field() {
                    // The field for the applicant's kind gets the form's own party.
                    Some(field) if *field == question.field.id => Value::choice(input.party.as_str()),
                    _ => example_answer(question.field, input.today)?,
                };
                Some((question.field.id.clone(), value))
            })
            .filter(|(field, _)| answers.get(field.as_str()).is_none())
            .collect();
        let aged = aged_examples(&input, &answers);
        if missing.is_empty() && aged.is_empty() {
            return answers;
        }
        for (field, value) in aged {
            answers.give(field, value);
        }
        for (field, value) in missing {
            answers.give(field, value);
        }
    }
}

/// Numbers that belong to nobody, for questions whose example is older or younger than was said. What somebody answered stays.
fn aged_examples(input: &Input<'_>, answers: &Answers) -> Vec<(FieldId, Value)> {
    let form = Form::new(Input { answers, ..*input });
    let told = form.questions().iter().filter_map(|question| {
        let id = question.id();
        let born_before = question.problems.iter().find_map(|problem| match &problem.kind {
            ProblemKind::OtherAge { born, .. } => Some(*born),
            _ => None,
        })?;
        let said = form
            .questions()
            .iter()
            .find(|each| each.field.age_held_by().is_some_and(|(held, _)| held == id))?;
        let (_, age) = said.field.age_held_by()?;
        let Some(Value::Bool(younger)) = said.value else { return None };
        let years = if *younger { i16::from(age) / 2 } else { i16::from(age) + 20 };
        let born = Date::new(input.today.year() - years, 1, 1).ok()?;
        let own = input.answers.get(id.as_str()).is_some() || born == born_before;
        let number = identifier::ResidentNumber::compose("370202", born, 1)?;
        (!own).then(|| (id.clone(), Value::text(number)))
    });
    told.collect()
}
