//! Whether a value fits its field. The same rules for typed answers, stored answers and known facts.

use catalogue::{Bilingual, Choice, Field, FieldKind, Lang};
use expression::{Number, Value};
use identifier::{IdentifierKind, IdentifierProblem, ProblemCode};
use jiff::civil::Date;

use crate::{Problem, ProblemKind};

/// Longest address, in characters.
const ADDRESS_MAX: usize = 200;
/// Longest reference to a stored file, in bytes.
const FILE_REFERENCE_MAX: usize = 200;

/// All problems of a value. `today` bounds dates that must lie in the past, or must not.
pub fn validate(field: &Field, value: &Value, today: Date) -> Vec<Problem> {
    let mut problems = Vec::new();
    check(field, value, today, &mut problems);
    problems
}

/// Warnings about values that look odd but may be right: shown beside the field, never blocking.
pub fn notes(field: &Field, value: &Value) -> Vec<Bilingual> {
    let (Some((usual, also)), Value::Text(text)) = (identifiers_of(field), value) else { return Vec::new() };
    let warnings =
        identifier::parse_paper(usual, also, text).map(|parsed| parsed.warnings).unwrap_or_default();
    warnings
        .iter()
        .map(|each| Bilingual::new(each.text(words(Lang::Zh)), each.text(words(Lang::En))))
        .collect()
}

/// The problem of a file of that size as an answer to the field, if any.
pub fn validate_file(field: &Field, bytes: u64) -> Option<Problem> {
    match field.kind {
        FieldKind::File { max_bytes } if bytes > max_bytes => {
            Some(Problem::new(field, ProblemKind::FileTooLarge { max_bytes }))
        }
        FieldKind::File { .. } if bytes == 0 => Some(Problem::new(field, ProblemKind::NotAFile)),
        _ => None,
    }
}

/// True when [`check`] finds nothing; builds no message in that case.
pub(crate) fn fits(field: &Field, value: &Value, today: Date) -> bool {
    let mut problems = Vec::new();
    check(field, value, today, &mut problems);
    problems.is_empty()
}

fn check(field: &Field, value: &Value, today: Date, problems: &mut Vec<Problem>) {
    let mut problem = |kind| problems.push(Problem::new(field, kind));
    match (&field.kind, value) {
        (FieldKind::Text { min_length, max_length, .. }, Value::Text(text)) => {
            let found = text.chars().count();
            if found < *min_length as usize {
                problem(ProblemKind::TooShort { min: *min_length, found });
            } else if found > *max_length as usize {
                problem(ProblemKind::TooLong { max: *max_length, found });
            } else if *min_length > 1 && !text.chars().any(char::is_alphanumeric) {
                // Dots and dashes fill a box and say nothing; as a name they would stand on papers.
                problem(ProblemKind::SaysNothing);
            } else if let Some(pattern) = field.pattern.as_ref().filter(|pattern| !pattern.matches.fits(text))
            {
                problem(ProblemKind::Pattern { says: pattern.says.clone() });
            }
        }
        (FieldKind::Number { min, max, decimals, .. }, Value::Number(number)) => {
            number_problems(*number, *min, *max, *decimals, &mut problem);
        }
        (FieldKind::Money { min, max }, Value::Number(number)) => {
            // Without a declared minimum an amount of money starts at zero.
            number_problems(*number, min.or(Some(Number::ZERO)), *max, 2, &mut problem);
        }
        (FieldKind::Date { min, max, past, future }, Value::Date(date)) => match (min, max) {
            (Some(min), _) if date < min => problem(ProblemKind::DateTooEarly { min: *min }),
            (_, Some(max)) if date > max => problem(ProblemKind::DateTooLate { max: *max }),
            _ if *past && *date > today => problem(ProblemKind::DateInFuture),
            _ if *future && *date < today => problem(ProblemKind::DateInPast),
            _ => {}
        },
        (FieldKind::YesNo, Value::Bool(_)) => {}
        (FieldKind::Choice { options }, Value::Choice(value) | Value::Text(value)) => {
            if !offers(options, value) {
                problem(ProblemKind::UnknownOption { option: value.to_string() });
            }
        }
        (FieldKind::Choices { options }, Value::Choices(values)) => {
            for value in values.iter().filter(|value| !offers(options, value)) {
                problem(ProblemKind::UnknownOption { option: value.to_string() });
            }
            if values.is_empty() && !field.optional {
                problem(ProblemKind::Required);
            }
        }
        (FieldKind::Identifier { .. } | FieldKind::Phone, Value::Text(text)) => {
            match read_identifier(field, text) {
                Err(found) => problems.push(*found),
                Ok(_) => problems.extend(not_born_yet(field, text, today)),
            }
        }
        (FieldKind::Address, Value::Text(text)) => {
            let length = text.chars().count();
            if length > ADDRESS_MAX {
                problem(ProblemKind::TooLong { max: ADDRESS_MAX as u32, found: length });
            } else if length < 4 || !text.chars().any(char::is_alphabetic) {
                problem(ProblemKind::NotAnAddress);
            }
        }
        (FieldKind::File { .. }, Value::Text(text)) => {
            if text.is_empty() || text.len() > FILE_REFERENCE_MAX || text.chars().any(char::is_control) {
                problem(ProblemKind::NotAFile);
            }
        }
        (FieldKind::Location, Value::Text(text)) => {
            if let Err(kind) = crate::parse::location(text) {
                problem(kind);
            }
        }
        (FieldKind::Rows { columns, min_rows, max_rows }, Value::Rows(rows)) => {
            let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            if count < *min_rows {
                problem(ProblemKind::TooFewRows { min: *min_rows });
            } else if count > *max_rows {
                problem(ProblemKind::TooManyRows { max: *max_rows });
            }
            for (index, row) in rows.iter().enumerate() {
                for column in columns {
                    match row.get(column.id.as_str()) {
                        Some(value) => problems.extend(
                            validate(column, value, today).into_iter().map(|cell| cell.in_row(field, index)),
                        ),
                        None if !column.optional => {
                            problems.push(Problem::new(column, ProblemKind::Required).in_row(field, index));
                        }
                        None => {}
                    }
                }
            }
        }
        // JSON does not tell an empty table from empty choices; [`crate::Answers::retype`] restores the right
        // kind.
        (FieldKind::Rows { .. }, Value::Choices(values)) if values.is_empty() => {
            check(field, &Value::Rows(Vec::new()), today, problems);
        }
        _ => problem(ProblemKind::OtherKind),
    }
}

fn number_problems(
    number: Number,
    min: Option<Number>,
    max: Option<Number>,
    decimals: u8,
    problem: &mut impl FnMut(ProblemKind),
) {
    let step = 10_i64.pow(u32::from(4 - decimals.min(4)));
    if number.ten_thousandths() % step != 0 {
        problem(ProblemKind::TooPrecise { decimals });
    }
    match (min, max) {
        (Some(min), _) if number < min => problem(ProblemKind::NumberTooSmall { min }),
        (_, Some(max)) if number > max => problem(ProblemKind::NumberTooLarge { max: Some(max) }),
        _ => {}
    }
}

fn offers(options: &[Choice], value: &str) -> bool {
    options.iter().any(|option| &*option.value == value)
}

/// The usual kind of identifier of a field (telephone numbers included), and the other kinds accepted.
fn identifiers_of(field: &Field) -> Option<(IdentifierKind, &[IdentifierKind])> {
    match &field.kind {
        FieldKind::Identifier { identifier, also } => Some((*identifier, also)),
        FieldKind::Phone => Some((IdentifierKind::Phone, &[])),
        _ => None,
    }
}

fn words(lang: Lang) -> identifier::Lang {
    match lang {
        Lang::Zh => identifier::Lang::Zh,
        Lang::En => identifier::Lang::En,
    }
}

/// The normalised text; else the identifier's own problem, with the field's explanation for a paper that is
/// not accepted.
pub(crate) fn read_identifier(field: &Field, text: &str) -> Result<String, Box<Problem>> {
    let (usual, also) = identifiers_of(field).unwrap_or((IdentifierKind::Other, &[]));
    identifier::parse_paper(usual, also, text).map(|parsed| parsed.value).map_err(|found| {
        let closed = matches!(found.code, ProblemCode::OtherPaper { taken: false, .. });
        Box::new(told(field, &found, field.only.as_ref().filter(|_| closed)))
    })
}

fn not_born_yet(field: &Field, text: &str, today: Date) -> Option<Problem> {
    let (usual, _) = identifiers_of(field)?;
    let (kind, number) = identifier::split_paper(usual, text);
    Some(told(field, &identifier::not_born_by(kind, number, today)?, None))
}

fn told(field: &Field, found: &IdentifierProblem, why: Option<&Bilingual>) -> Problem {
    let mut text = Bilingual::new(found.text(words(Lang::Zh)), found.text(words(Lang::En)));
    if let Some(why) = why {
        text = Bilingual::new(format!("{}{}", text.zh, why.zh), format!("{} {}", text.en, why.en));
    }
    Problem::with_text(field, ProblemKind::Identifier, text)
}
