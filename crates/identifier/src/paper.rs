//! One of several kinds of identity paper in one text: the usual kind bare, every other as `kind:number`.
//!
//! So numbers written down before a field took more than one kind stay as they are.

use crate::identify::{Parsed, Parts, parse};
use crate::kind::IdentifierKind;
use crate::normal::{compact, half_width};
use crate::problem::{IdentifierProblem, ProblemCode};
use crate::resident::ResidentNumber;
use jiff::civil::Date;

/// Between the kind and the number.
const MARK: char = ':';

/// The kind that a text names, and the number alone. What names none is of the usual kind.
pub fn split_paper(usual: IdentifierKind, text: &str) -> (IdentifierKind, &str) {
    let end = text.char_indices().find(|(_, c)| half_width(*c) == MARK);
    let named = end.and_then(|(at, mark)| {
        let kind: IdentifierKind = text[..at].parse().ok()?;
        Some((kind, &text[at + mark.len_utf8()..]))
    });
    named.unwrap_or((usual, text))
}

/// The text under which a number of that kind is kept.
pub fn join_paper(usual: IdentifierKind, kind: IdentifierKind, number: &str) -> String {
    if kind == usual { number.to_owned() } else { format!("{kind}{MARK}{number}") }
}

/// Reads a number of one of the kinds that are taken; the value is as [`join_paper`] writes it.
///
/// # Errors
/// As [`parse`]; a number of a kind that is not taken, or that is plainly of another kind than was named, is told as
/// [`ProblemCode::OtherPaper`].
pub fn parse_paper(
    usual: IdentifierKind,
    also: &[IdentifierKind],
    text: &str,
) -> Result<Parsed, IdentifierProblem> {
    let (kind, number) = split_paper(usual, text);
    let taken = |kind: &IdentifierKind| *kind == usual || also.contains(kind);
    if !taken(&kind) {
        let is = kind;
        return Err(IdentifierProblem::new(usual, ProblemCode::OtherPaper { is, taken: false }));
    }
    match parse(kind, number) {
        Ok(mut parsed) => {
            parsed.value = join_paper(usual, kind, &parsed.value);
            Ok(parsed)
        }
        Err(problem) => Err(match plainly(kind, number) {
            Some(is) => IdentifierProblem::new(kind, ProblemCode::OtherPaper { is, taken: taken(&is) }),
            None => problem,
        }),
    }
}

/// The kind that the number is of by its check character or its letters, where it is not of the kind asked for.
fn plainly(asked: IdentifierKind, number: &str) -> Option<IdentifierKind> {
    const TELLING: [IdentifierKind; 4] = [
        IdentifierKind::Resident,
        IdentifierKind::ForeignResident,
        IdentifierKind::CreditCode,
        IdentifierKind::HongKongMacaoPermit,
    ];
    // A slip in a resident number of Beijing may fit a credit code; codes of undertakings begin with 9.
    let fits = |kind: &IdentifierKind| {
        let stray = *kind == IdentifierKind::CreditCode && !compact(number).starts_with('9');
        *kind != asked && !stray && parse(*kind, number).is_ok()
    };
    TELLING.into_iter().find(fits)
}

/// The day of birth that a number holds: resident numbers, and the new numbers of foreign permanent residents.
pub fn born_on(kind: IdentifierKind, number: &str) -> Option<Date> {
    match parse(kind, number).ok()?.parts {
        Parts::Resident(ResidentNumber { born_on, .. }) => Some(born_on),
        Parts::Document(document) => document.born_on(),
        _ => None,
    }
}

/// Nobody can hold a number that says they are born after today.
pub fn not_born_by(kind: IdentifierKind, number: &str, today: Date) -> Option<IdentifierProblem> {
    let born = born_on(kind, number).filter(|born| *born > today)?;
    Some(IdentifierProblem::new(kind, ProblemCode::NotBornYet { position: 7, born }))
}
