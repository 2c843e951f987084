//! The reference semantics of conditions, orders and tallies, row by row; every adapter must agree with it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use crate::{
    Cell, Condition, Digest, Direction, Measure, OrderBy, Page, Result, Row, TallyRow, ViewQuery, ViewSchema,
    ViewTally, search_words, wanted_words, words_match,
};

/// Whether a row satisfies a condition; the query was checked against the view's schema.
pub(crate) fn holds(condition: &Condition, schema: &ViewSchema, row: &Row) -> bool {
    let cell = |name: &str| schema.place(name).map_or(&Cell::Null, |place| row.cell(place));
    match condition {
        Condition::Eq(name, wanted) => cell(name) == wanted,
        Condition::NotEq(name, other) => !cell(name).is_null() && cell(name) != other,
        Condition::In(name, wanted) => wanted.contains(cell(name)),
        Condition::Range { column, from, to } => {
            let cell = cell(column);
            !cell.is_null()
                && from.as_ref().is_none_or(|from| cell >= from)
                && to.as_ref().is_none_or(|to| cell < to)
        }
        Condition::Prefix(name, start) => cell(name).as_text().is_some_and(|text| text.starts_with(start)),
        Condition::IsNull(name) => cell(name).is_null(),
        Condition::NotNull(name) => !cell(name).is_null(),
        Condition::Matches(query) => words_match(&row_words(schema, row), &wanted_words(query)),
        Condition::AnyOf(branches) => {
            branches.iter().any(|branch| branch.iter().all(|each| holds(each, schema, row)))
        }
    }
}

fn row_words(schema: &ViewSchema, row: &Row) -> BTreeSet<String> {
    let places = schema.search.iter().filter_map(|name| schema.place(name));
    places.filter_map(|place| row.text(place)).flat_map(search_words).collect()
}

fn compare(order: &[(usize, Direction)], a: &Row, b: &[Cell]) -> Ordering {
    order.iter().zip(b).fold(Ordering::Equal, |so_far, (&(place, direction), other)| {
        so_far.then_with(|| match direction {
            Direction::Ascending => a.cell(place).cmp(other),
            Direction::Descending => a.cell(place).cmp(other).reverse(),
        })
    })
}

pub(crate) fn page<'a>(
    schema: &ViewSchema,
    rows: impl Iterator<Item = &'a Row>,
    query: &ViewQuery,
) -> Result<Page> {
    query.check(schema)?;
    let order: Vec<(usize, Direction)> = query
        .total_order(schema)
        .into_iter()
        .map(|OrderBy { column, direction }| Ok((schema.require(&column)?, direction)))
        .collect::<Result<_>>()?;
    let after = |row: &Row| {
        query.after.as_ref().is_none_or(|cursor| compare(&order, row, cursor.cells()) == Ordering::Greater)
    };
    let mut found: Vec<&Row> = rows
        .filter(|row| query.filter.iter().all(|condition| holds(condition, schema, row)) && after(row))
        .collect();
    found.sort_by(|a, b| {
        let other: Vec<Cell> = order.iter().map(|&(place, _)| b.cell(place).clone()).collect();
        compare(&order, a, &other)
    });
    let limit = query.limit as usize;
    let more = found.len() > limit;
    let rows: Vec<Row> = found.into_iter().take(limit).cloned().collect();
    let next = match rows.last() {
        Some(last) if more => Some(query.cursor_at(schema, last)?),
        _ => None,
    };
    Ok(Page { rows, next })
}

pub(crate) fn tally<'a>(
    schema: &ViewSchema,
    rows: impl Iterator<Item = &'a Row>,
    tally: &ViewTally,
) -> Result<Vec<TallyRow>> {
    tally.check(schema)?;
    let group: Vec<usize> = tally.group_by.iter().map(|name| schema.require(name)).collect::<Result<_>>()?;
    let mut groups: BTreeMap<Vec<Cell>, Vec<&Row>> = BTreeMap::new();
    if group.is_empty() {
        groups.insert(Vec::new(), Vec::new());
    }
    for row in rows.filter(|row| tally.filter.iter().all(|condition| holds(condition, schema, row))) {
        let key = group.iter().map(|&place| row.cell(place).clone()).collect();
        groups.entry(key).or_default().push(row);
    }
    groups
        .into_iter()
        .map(|(group, rows)| {
            let measures =
                tally.measures.iter().map(|each| measure(schema, &rows, each)).collect::<Result<_>>()?;
            Ok(TallyRow { group, count: rows.len() as u64, measures })
        })
        .collect()
}

fn measure(schema: &ViewSchema, rows: &[&Row], measure: &Measure) -> Result<Cell> {
    let place = schema.require(measure.column())?;
    let cells = rows.iter().map(|row| row.cell(place)).filter(|cell| !cell.is_null());
    Ok(match measure {
        Measure::Min(_) => cells.min().cloned().unwrap_or_default(),
        Measure::Max(_) => cells.max().cloned().unwrap_or_default(),
        Measure::Sum(_) => cells.fold(Cell::Null, |sum, cell| match (&sum, cell) {
            (Cell::Integer(a), Cell::Integer(b)) => Cell::Integer(a.saturating_add(*b)),
            (Cell::Real(a), Cell::Real(b)) => Cell::Real(a + b),
            _ => cell.clone(),
        }),
    })
}

/// A borrowed cell; text as its UTF-8 bytes.
#[derive(Debug, Clone, Copy)]
pub enum CellRef<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'a [u8]),
    Bytes(&'a [u8]),
}

/// A digest of a set of rows, independent of their order and of the adapter, so that nothing has to be
/// sorted. It sums the rows' hashes: it finds accidental differences, but somebody who may choose rows could
/// construct a collision.
#[derive(Debug, Clone, Default)]
pub struct RowsDigest {
    count: u64,
    sums: [u64; 4],
    row: Vec<u8>,
}

impl RowsDigest {
    pub fn add(&mut self, row: &Row) {
        self.add_cells(row.0.iter().map(|cell| match cell {
            Cell::Null => CellRef::Null,
            Cell::Integer(number) => CellRef::Integer(*number),
            Cell::Real(number) => CellRef::Real(*number),
            Cell::Text(text) => CellRef::Text(text.as_bytes()),
            Cell::Bytes(bytes) => CellRef::Bytes(bytes),
        }));
    }

    /// Adds a row given as borrowed cells.
    pub fn add_cells<'a>(&mut self, cells: impl IntoIterator<Item = CellRef<'a>>) {
        self.row.clear();
        for cell in cells {
            match cell {
                CellRef::Null => self.row.push(0),
                CellRef::Integer(number) => {
                    self.row.push(1);
                    self.row.extend(number.to_be_bytes());
                }
                CellRef::Real(number) => {
                    self.row.push(2);
                    self.row.extend(number.to_bits().to_be_bytes());
                }
                CellRef::Text(text) => self.add_bytes(3, text),
                CellRef::Bytes(bytes) => self.add_bytes(4, bytes),
            }
        }
        let digest = Sha256::digest(&self.row);
        for (sum, lane) in self.sums.iter_mut().zip(digest.as_chunks::<8>().0) {
            *sum = sum.wrapping_add(u64::from_be_bytes(*lane));
        }
        self.count += 1;
    }

    fn add_bytes(&mut self, tag: u8, bytes: &[u8]) {
        self.row.push(tag);
        self.row.extend((bytes.len() as u64).to_be_bytes());
        self.row.extend_from_slice(bytes);
    }

    #[must_use]
    pub fn finish(self) -> Digest {
        let mut all = Sha256::new_with_prefix(self.count.to_be_bytes());
        for sum in self.sums {
            all.update(sum.to_be_bytes());
        }
        Digest(all.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(rows: &[(i64, &str)]) -> Digest {
        let mut digest = RowsDigest::default();
        for (number, text) in rows {
            digest.add(&Row(vec![Cell::Integer(*number), (*text).into()]));
        }
        digest.finish()
    }

    #[test]
    fn rows_are_told_apart_and_their_order_is_not() {
        let both = digest(&[(1, "a"), (2, "b")]);
        assert_eq!(both, digest(&[(2, "b"), (1, "a")]));
        for other in [&[][..], &[(1, "a")], &[(1, "b"), (2, "a")], &[(1, "a"), (2, "b"), (2, "b")]] {
            assert_ne!(both, digest(other));
        }
    }
}
