//! Dividing the values of a name into cells, within which no comparison with the given constants changes.

use std::cmp::Ordering;

use jiff::civil::Date;

use crate::dates::{date_of, day_number};
use crate::evaluate::Reading;
use crate::tree::Term;
use crate::{Domain, Number, Value};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// A representative value of the cell.
    Value(Value),
    Ordering(Ordering),
    Absent,
}

impl Cell {
    pub(super) fn value(&self) -> Option<&Value> {
        match self {
            Cell::Value(value) => Some(value),
            Cell::Ordering(_) | Cell::Absent => None,
        }
    }

    pub(super) fn reading(&self) -> Reading<'_> {
        match self {
            Cell::Value(Value::Bool(value)) => Reading::Bool(*value),
            Cell::Value(Value::Number(number)) => Reading::Number(*number),
            Cell::Value(Value::Date(date)) => Reading::Date(*date),
            Cell::Value(Value::Text(text) | Value::Choice(text)) => Reading::Text(text),
            _ => Reading::Absent,
        }
    }
}

/// The points and the gaps between them, as integer ranges with both ends inclusive.
fn ranges(mut points: Vec<i128>, low: i128, high: i128) -> Vec<(i128, i128)> {
    points.retain(|point| (low..=high).contains(point));
    points.sort_unstable();
    points.dedup();
    let mut ranges = Vec::with_capacity(points.len() * 2 + 1);
    let mut from = low;
    for point in points {
        if from < point {
            ranges.push((from, point - 1));
        }
        ranges.push((point, point));
        from = point + 1;
    }
    if from <= high {
        ranges.push((from, high));
    }
    ranges
}

pub(super) fn number_cells(constants: &[Term], domain: &Domain) -> Vec<Cell> {
    let raw = |number: Number| i128::from(number.ten_thousandths());
    let points = constants.iter().filter_map(|constant| match constant {
        Term::Number(number) => Some(raw(*number)),
        _ => None,
    });
    let low = domain.min.map_or(i128::from(i64::MIN), raw);
    let high = domain.max.map_or(i128::from(i64::MAX), raw);
    let step = domain.step.map(raw).filter(|step| *step > 0).unwrap_or(1);
    ranges(points.collect(), low, high)
        .into_iter()
        .filter_map(|(from, to)| {
            // A whole number near the constant is easiest to read, if the cell has one.
            let lowest = from == low && to != high;
            let near = |step: i128| if lowest { last(to, step) } else { first(from, step) };
            let chosen = [step.max(raw(Number::ONE) / gcd(step, raw(Number::ONE)) * step), step];
            let found = chosen.into_iter().map(near).find(|at| (from..=to).contains(at))?;
            i64::try_from(found).ok().map(|raw| Cell::Value(Number::from_ten_thousandths(raw).into()))
        })
        .collect()
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn first(from: i128, step: i128) -> i128 {
    from + (-from).rem_euclid(step)
}

fn last(to: i128, step: i128) -> i128 {
    to - to.rem_euclid(step)
}

pub(super) fn date_cells(constants: &[Term]) -> Vec<Cell> {
    let points = constants.iter().filter_map(|constant| match constant {
        Term::Date(date) => Some(i128::from(day_number(*date))),
        _ => None,
    });
    let (low, high) = (i128::from(day_number(Date::MIN)), i128::from(day_number(Date::MAX)));
    ranges(points.collect(), low, high)
        .into_iter()
        .filter_map(|(from, to)| {
            let near = if from == low { to } else { from };
            date_of(i64::try_from(near).ok()?).map(|date| Cell::Value(date.into()))
        })
        .collect()
}

/// Each constant, and one text that equals none of them.
pub(super) fn text_cells(constants: &[Term]) -> Vec<Cell> {
    let mut texts: Vec<Value> = Vec::new();
    for constant in constants {
        if let Term::Text(text) = constant
            && !texts.contains(&Value::Text(text.clone()))
        {
            texts.push(Value::Text(text.clone()));
        }
    }
    let mut other = "其他".to_owned();
    while texts.contains(&Value::text(other.as_str())) {
        other.push('…');
    }
    texts.push(Value::text(other));
    texts.into_iter().map(Cell::Value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cells: Vec<Cell>) -> Vec<String> {
        cells.iter().map(|cell| cell.value().expect("these cells have values").to_string()).collect()
    }

    #[test]
    fn numbers_are_divided_at_the_constants() {
        let n = |text: &str| Term::Number(text.parse().unwrap());
        let constants = [n("5"), n("2"), n("5"), n("2.5")];
        assert_eq!(
            shown(number_cells(&constants, &Domain::default())),
            ["1", "2", "2.0001", "2.5", "3", "5", "6"]
        );
        assert_eq!(shown(number_cells(&constants, &Domain::count())), ["1", "2", "3", "5", "6"]);
        let narrow = Domain { min: Some(2.into()), max: Some(5.into()), step: None };
        assert_eq!(shown(number_cells(&constants, &narrow)), ["2", "2.0001", "2.5", "3", "5"]);
        let half = Domain { step: Some("0.5".parse().unwrap()), ..Domain::default() };
        assert_eq!(shown(number_cells(&[n("2"), n("3")], &half)), ["1", "2", "2.5", "3", "4"]);
        let none = Domain { min: Some(3.into()), max: Some(2.into()), step: None };
        assert!(number_cells(&constants, &none).is_empty());
        assert_eq!(number_cells(&[Term::Number(Number::MAX)], &Domain::default()).len(), 2);
    }

    #[test]
    fn dates_and_texts_are_divided_at_the_constants() {
        let date = Term::Date(Date::constant(2026, 3, 1));
        assert_eq!(shown(date_cells(&[date])), ["2026-02-28", "2026-03-01", "2026-03-02"]);
        let text = |text: &str| Term::Text(text.into());
        assert_eq!(shown(text_cells(&[text("甲"), text("其他"), text("甲")])), ["甲", "其他", "其他…"]);
    }
}
