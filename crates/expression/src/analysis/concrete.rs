//! Turning chosen cells into concrete answers that were evaluated.

use std::sync::Arc;

use jiff::civil::Date;

use super::cells::Cell;
use super::search::Assignment;
use super::skeleton::{Problem, Subject};
use super::{Witness, holds};
use crate::dates::{date_of, day_number};
use crate::tree::{Term, Test};
use crate::value::Row;
use crate::{Answers, Domain, Names, Number, Type, Value};

/// The most answers tried for one choice of cells, and for one run of the analysis.
const TRIES_PER_CHOICE: usize = 600;
const TRIES: usize = 6_000;
/// The day on which witnesses are judged when the conditions do not depend on it.
const SOME_DAY: Date = Date::constant(2026, 1, 1);

pub(super) struct Concretiser<'t> {
    goal: &'t Test,
    names: &'t dyn Names,
    /// Names in the goal, each once.
    used: Vec<Arc<str>>,
    pools: Pools,
    tries: usize,
}

/// Values from the text of the goal, on which its comparisons are likely to depend.
#[derive(Default)]
struct Pools {
    numbers: Vec<Number>,
    dates: Vec<Date>,
    texts: Vec<Arc<str>>,
}

impl<'t> Concretiser<'t> {
    pub(super) fn new(goal: &'t Test, names: &'t dyn Names) -> Self {
        let mut used: Vec<Arc<str>> = Vec::new();
        goal.each_name(&mut |name| {
            if !used.contains(name) {
                used.push(name.clone());
            }
        });
        Concretiser { goal, names, used, pools: Pools::of(goal), tries: TRIES }
    }

    /// Answers within the chosen cells for which evaluation makes the goal true.
    pub(super) fn witness(&mut self, problem: &Problem, assignment: &Assignment) -> Option<Witness> {
        let mut base = Answers::new();
        let mut targets = Vec::new();
        for (variable, cell) in problem.variables.iter().zip(assignment) {
            let Some(cell) = cell.map(|at| &variable.cells[at]) else { continue };
            match (&variable.subject, cell) {
                // Of a table only its presence was chosen, not its rows.
                (Subject::Name(_), Cell::Value(Value::Rows(_))) => {}
                (Subject::Name(name), cell) => {
                    base.values.insert(name.clone(), cell.value().cloned());
                }
                (Subject::Today, Cell::Value(Value::Date(date))) => base.today = Some(*date),
                (Subject::Computed(_), Cell::Value(Value::Number(number))) => targets.push(*number),
                _ => {}
            }
        }
        if holds(self.goal, &base) {
            return Some(as_witness(base));
        }
        let free: Vec<(Arc<str>, Vec<Option<Value>>)> = self
            .used
            .iter()
            .filter(|name| !base.values.contains_key(*name))
            .map(|name| (name.clone(), self.candidates(name, problem, &targets, base.today)))
            .collect();
        base.today.get_or_insert(SOME_DAY);
        // If the combinations are few, all are tried in order; otherwise a fixed sample.
        let combinations =
            free.iter().try_fold(1usize, |product, (_, each)| product.checked_mul(each.len().max(1)));
        let all = combinations.filter(|product| *product <= TRIES_PER_CHOICE);
        let mut random = Steps(0x9e37_79b9_7f4a_7c15);
        for attempt in 0..all.unwrap_or(TRIES_PER_CHOICE) {
            self.tries = self.tries.checked_sub(1)?;
            let mut rest = attempt;
            for (name, candidates) in &free {
                let size = candidates.len().max(1);
                let at = if all.is_some() { rest % size } else { random.next() % size };
                rest /= size;
                base.values.insert(name.clone(), candidates.get(at).cloned().flatten());
            }
            if holds(self.goal, &base) {
                return Some(as_witness(base));
            }
        }
        None
    }

    fn candidates(
        &self,
        name: &Arc<str>,
        problem: &Problem,
        targets: &[Number],
        today: Option<Date>,
    ) -> Vec<Option<Value>> {
        let direct = problem.variables.iter().find(|each| each.subject == Subject::Name(name.clone()));
        let mut values: Vec<Option<Value>> = Vec::new();
        if let Some(variable) = direct {
            let cells = variable.cells.iter().map(Cell::value);
            values.extend(
                cells.filter(|value| !matches!(value, Some(Value::Rows(_)))).map(Option::<&Value>::cloned),
            );
        }
        let numbers = self.pools.numbers_with(targets);
        let domain = self.names.domain(name).unwrap_or_default();
        if let Some(kind) = self.names.type_of(name) {
            let more = self.of_type(&kind, &numbers, today.unwrap_or(SOME_DAY));
            values.extend(more.into_iter().filter(|value| within(value, &domain)).map(Some));
        }
        if direct.is_none() && self.names.may_be_absent(name) == Some(true) {
            values.push(None);
        }
        values
    }

    fn of_type(&self, kind: &Type, numbers: &[Number], today: Date) -> Vec<Value> {
        match kind {
            Type::Bool => vec![false.into(), true.into()],
            Type::Number { .. } => numbers.iter().copied().map(Value::from).collect(),
            Type::Date => self.pools.dates_around(numbers, today).into_iter().map(Value::from).collect(),
            Type::Text => {
                let texts = self.pools.texts.iter().cloned().map(Value::Text);
                texts.chain([Value::text("其他")]).collect()
            }
            Type::Choice(options) => options.iter().cloned().map(Value::Choice).collect(),
            Type::Choices(options) => (0..=options.len().min(16))
                .flat_map(|n| [options[..n].to_vec(), options[options.len() - n..].to_vec()])
                .map(Value::Choices)
                .collect(),
            Type::Rows(columns) => self.tables(columns, numbers, today),
        }
    }

    /// Tables with as many rows as the numbers in the goal: with equal rows, and with a different first row.
    fn tables(&self, columns: &[(Arc<str>, Type)], numbers: &[Number], today: Date) -> Vec<Value> {
        let mut sizes: Vec<usize> = vec![1, 0, 2];
        for number in numbers {
            if let Some(size) = number.as_integer().and_then(|n| usize::try_from(n).ok()).filter(|n| *n <= 24)
                && !sizes.contains(&size)
            {
                sizes.push(size);
            }
        }
        let candidates: Vec<Vec<Value>> =
            columns
                .iter()
                .map(|(_, kind)| {
                    if matches!(kind, Type::Rows(_)) {
                        Vec::new()
                    } else {
                        self.of_type(kind, numbers, today)
                    }
                })
                .collect();
        let mut random = Steps(0x2545_f491_4f6c_dd1d);
        let mut row = || -> Row {
            let cells = columns.iter().zip(&candidates).filter(|(_, values)| !values.is_empty());
            cells
                .map(|((column, _), values)| (column.clone(), values[random.next() % values.len()].clone()))
                .collect()
        };
        let mut tables = vec![Value::Rows(Vec::new())];
        for size in sizes.into_iter().filter(|size| *size > 0) {
            for number in numbers.iter().take(16) {
                for flag in [true, false] {
                    let uniform = |kind: &Type| match kind {
                        Type::Number { .. } => Some(Value::Number(*number)),
                        Type::Bool => Some(Value::Bool(flag)),
                        other => self.of_type(other, &[], today).into_iter().next(),
                    };
                    let cells =
                        columns.iter().filter_map(|(name, kind)| Some((name.clone(), uniform(kind)?)));
                    tables.push(Value::Rows(vec![cells.collect(); size]));
                }
            }
            for _ in 0..8 {
                let mut mixed = vec![row(); size];
                mixed[0] = row();
                tables.push(Value::Rows(mixed));
            }
        }
        tables
    }
}

fn within(value: &Value, domain: &Domain) -> bool {
    let size = |size: usize| i64::try_from(size).ok().and_then(Number::from_integer);
    let number = match value {
        Value::Number(number) => Some(*number),
        Value::Choices(chosen) => size(chosen.len()),
        Value::Rows(rows) => size(rows.len()),
        _ => None,
    };
    let Some(number) = number else { return true };
    let stepped = domain
        .step
        .is_none_or(|step| step <= Number::ZERO || number.ten_thousandths() % step.ten_thousandths() == 0);
    stepped && domain.min.is_none_or(|min| min <= number) && domain.max.is_none_or(|max| number <= max)
}

fn as_witness(answers: Answers) -> Witness {
    let mut witness = Witness { today: answers.today, ..Witness::default() };
    for (name, value) in answers.values {
        match value {
            Some(value) => {
                witness.values.insert(name, value);
            }
            None => witness.absent.push(name),
        }
    }
    witness.absent.sort();
    witness
}

/// A fixed pseudo-random sequence (xorshift), so that the same input always gives the same answer.
struct Steps(u64);

impl Steps {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0)
    }
}

impl Pools {
    fn of(goal: &Test) -> Self {
        let mut pools = Pools::default();
        pools.test(goal);
        pools.numbers.extend([Number::ONE, Number::ZERO, Number::from(2)]);
        pools
    }

    fn numbers_with(&self, targets: &[Number]) -> Vec<Number> {
        let mut numbers = targets.to_vec();
        for number in &self.numbers {
            numbers.push(*number);
            numbers.extend(number.checked_add(Number::ONE));
            numbers.extend(number.checked_sub(Number::ONE));
        }
        let mut unique = Vec::with_capacity(numbers.len());
        for number in numbers {
            if !unique.contains(&number) {
                unique.push(number);
            }
        }
        unique.truncate(48);
        unique
    }

    fn dates_around(&self, numbers: &[Number], today: Date) -> Vec<Date> {
        let mut dates = vec![today];
        let day = day_number(today);
        for number in numbers.iter().filter_map(|number| number.as_integer()).filter(|n| n.abs() < 100_000) {
            for days in [number, number * 365, number * 366] {
                dates.extend([day - days, day + days].into_iter().filter_map(date_of));
            }
        }
        for date in &self.dates {
            dates.push(*date);
            dates.extend(date.yesterday());
            dates.extend(date.tomorrow());
        }
        dates
    }

    fn test(&mut self, test: &Test) {
        match test {
            Test::Constant(_) | Test::Flag(_) | Test::Exists(_) => {}
            Test::Not(inner) | Test::Every(_, inner) | Test::Some(_, inner) => self.test(inner),
            Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| self.test(test)),
            Test::Compare(left, _, right) => [left, right].into_iter().for_each(|term| self.term(term)),
            Test::Between(term, low, high) => [term, low, high].into_iter().for_each(|term| self.term(term)),
            Test::OneOf { term, list, .. } => {
                self.term(term);
                list.iter().for_each(|term| self.term(term));
            }
            Test::Contains(_, text) => self.texts.push(text.clone()),
        }
    }

    fn term(&mut self, term: &Term) {
        match term {
            Term::Number(number) => self.numbers.push(*number),
            Term::Date(date) => self.dates.push(*date),
            Term::Text(text) => self.texts.push(text.clone()),
            Term::Bool(_) | Term::Field(..) | Term::Today | Term::Count(_) | Term::Sum(..) => {}
            Term::Minus(inner) => self.term(inner),
            Term::Chain(first, rest) => {
                self.term(first);
                rest.iter().for_each(|(_, term)| self.term(term));
            }
            Term::YearsBetween(from, to) | Term::DaysBetween(from, to) => {
                self.term(from);
                self.term(to);
            }
        }
    }
}
