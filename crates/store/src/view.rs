//! Declared tables of rows that are computed from events.
//!
//! Callers compute rows and never write SQL; each adapter turns the same declarations into its own tables.

use std::cmp::Ordering;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::{Digest, Result, StoreError};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnKind {
    Integer,
    Real,
    Text,
    Bytes,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: ColumnKind,
    /// Columns that may be null cannot be in a key or an order.
    pub nullable: bool,
}

/// One view: its columns, its key, its indexes and its full-text columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewSchema {
    pub table: String,
    /// Raise it when rows are computed differently; the view is then rebuilt.
    pub version: u32,
    pub columns: Vec<Column>,
    pub key: Vec<String>,
    /// Columns of each index, in order: those filtered by equality first, then those of the order.
    pub indexes: Vec<Vec<String>>,
    /// Text columns that [`crate::Condition::Matches`] searches.
    pub search: Vec<String>,
}

impl ViewSchema {
    #[must_use]
    pub fn new(table: &str, version: u32) -> Self {
        let (columns, key, indexes, search) = Default::default();
        Self { table: table.into(), version, columns, key, indexes, search }
    }

    #[must_use]
    pub fn column(mut self, name: &str, kind: ColumnKind) -> Self {
        self.columns.push(Column { name: name.into(), kind, nullable: false });
        self
    }

    #[must_use]
    pub fn nullable(mut self, name: &str, kind: ColumnKind) -> Self {
        self.columns.push(Column { name: name.into(), kind, nullable: true });
        self
    }

    #[must_use]
    pub fn integer(self, name: &str) -> Self {
        self.column(name, ColumnKind::Integer)
    }

    #[must_use]
    pub fn text(self, name: &str) -> Self {
        self.column(name, ColumnKind::Text)
    }

    #[must_use]
    pub fn key(mut self, columns: &[&str]) -> Self {
        self.key = columns.iter().map(|&name| name.into()).collect();
        self
    }

    #[must_use]
    pub fn index(mut self, columns: &[&str]) -> Self {
        self.indexes.push(columns.iter().map(|&name| name.into()).collect());
        self
    }

    #[must_use]
    pub fn search(mut self, columns: &[&str]) -> Self {
        self.search = columns.iter().map(|&name| name.into()).collect();
        self
    }

    /// The index of a column in a row.
    #[must_use]
    pub fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|each| each.name == column)
    }

    /// The index of a column that must exist.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when the view has no such column.
    pub fn require(&self, column: &str) -> Result<usize> {
        self.place(column)
            .ok_or_else(|| StoreError::malformed(format!("view {} has no column {column}", self.table)))
    }

    /// The indices of the key columns.
    #[must_use]
    pub fn key_places(&self) -> Vec<usize> {
        self.key.iter().filter_map(|name| self.place(name)).collect()
    }

    /// Checks that names are plain, and that key, indexes and search name columns of the right kind.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] naming the first fault.
    pub fn check(&self) -> Result<()> {
        let plain = |name: &str| {
            name.len() <= 40
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        let refuse = |what: String| Err(StoreError::malformed(format!("view {}: {what}", self.table)));
        if !plain(&self.table) {
            return refuse("a table name has small letters, digits and _".into());
        }
        for (place, column) in self.columns.iter().enumerate() {
            if !plain(&column.name) || self.place(&column.name) != Some(place) {
                return refuse(format!("column name {:?} is not plain or not unique", column.name));
            }
        }
        if self.key.is_empty() {
            return refuse("a key is needed".into());
        }
        for name in &self.key {
            if self.columns[self.require(name)?].nullable {
                return refuse(format!("key column {name} may not be null"));
            }
        }
        for name in self.indexes.iter().flatten() {
            self.require(name)?;
        }
        for name in &self.search {
            if self.columns[self.require(name)?].kind != ColumnKind::Text {
                return refuse(format!("search column {name} is not text"));
            }
        }
        Ok(())
    }

    /// Identifies the declaration: stored rows are kept only while the digest stays the same.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut text = format!("{} {}\n", self.table, self.version);
        for Column { name, kind, nullable } in &self.columns {
            let _ = writeln!(text, "{name} {kind:?} {nullable}");
        }
        let _ = writeln!(text, "{:?} {:?} {:?}", self.key, self.indexes, self.search);
        Digest::of(text.as_bytes())
    }

    /// Checks that the row has a fitting cell for each column.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] naming the first cell that does not fit.
    pub fn check_row(&self, row: &Row) -> Result<()> {
        if row.0.len() != self.columns.len() {
            return Err(StoreError::malformed(format!("a row of {} has {} cells", self.table, row.0.len())));
        }
        self.columns.iter().zip(&row.0).try_for_each(|(column, cell)| self.check_cell(column, cell))
    }

    /// Checks that the cells fit the key.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when their number or a kind differs.
    pub fn check_key(&self, key: &[Cell]) -> Result<()> {
        if key.len() != self.key.len() {
            return Err(StoreError::malformed(format!("a key of {} has {} cells", self.table, key.len())));
        }
        self.key.iter().zip(key).try_for_each(|(name, cell)| {
            let column = &self.columns[self.require(name)?];
            self.check_cell(column, cell)
        })
    }

    pub(crate) fn check_cell(&self, column: &Column, cell: &Cell) -> Result<()> {
        let fits = match (cell, column.kind) {
            (Cell::Null, _) => column.nullable,
            (Cell::Integer(_), ColumnKind::Integer)
            | (Cell::Text(_), ColumnKind::Text)
            | (Cell::Bytes(_), ColumnKind::Bytes) => true,
            (Cell::Real(number), ColumnKind::Real) => number.is_finite(),
            _ => false,
        };
        if fits {
            Ok(())
        } else {
            Err(StoreError::malformed(format!("{}.{} cannot hold {cell:?}", self.table, column.name)))
        }
    }

    /// The key of a row of this view.
    #[must_use]
    pub fn key_of(&self, row: &Row) -> Vec<Cell> {
        self.key_places().into_iter().map(|place| row.0[place].clone()).collect()
    }
}

/// One value of a row.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub enum Cell {
    #[default]
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Cell {
    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Integer(_) | Self::Real(_) => 1,
            Self::Text(_) => 2,
            Self::Bytes(_) => 3,
        }
    }

    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }

    #[must_use]
    pub fn as_real(&self) -> Option<f64> {
        if let Self::Real(number) = self { Some(*number) } else { None }
    }

    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// The order that every adapter must keep: null, then numbers, then texts by their UTF-8 bytes, then bytes.
impl Ord for Cell {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.cmp(b),
            (Self::Real(a), Self::Real(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Bytes(a), Self::Bytes(b)) => a.cmp(b),
            #[allow(clippy::cast_precision_loss)]
            (Self::Integer(a), Self::Real(b)) => (*a as f64).total_cmp(b),
            #[allow(clippy::cast_precision_loss)]
            (Self::Real(a), Self::Integer(b)) => a.total_cmp(&(*b as f64)),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cell {}

macro_rules! cell_from {
    ($($source:ty => $value:ident $make:expr;)*) => {$(
        impl From<$source> for Cell {
            fn from($value: $source) -> Self { $make }
        }
    )*};
}

cell_from! {
    i64 => value Self::Integer(value);
    i32 => value Self::Integer(value.into());
    u32 => value Self::Integer(value.into());
    bool => value Self::Integer(value.into());
    f64 => value Self::Real(value);
    &str => value Self::Text(value.into());
    String => value Self::Text(value);
    Vec<u8> => value Self::Bytes(value);
    jiff::Timestamp => value Self::Integer(value.as_microsecond());
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The cells of one row, in the order of the view's columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row(pub Vec<Cell>);

impl Row {
    /// The cell at an index; null when there is none.
    #[must_use]
    pub fn cell(&self, place: usize) -> &Cell {
        self.0.get(place).unwrap_or(&Cell::Null)
    }

    #[must_use]
    pub fn integer(&self, place: usize) -> Option<i64> {
        self.cell(place).as_integer()
    }

    #[must_use]
    pub fn text(&self, place: usize) -> Option<&str> {
        self.cell(place).as_text()
    }
}

/// A change of one view's rows.
#[derive(Debug, Clone, PartialEq)]
pub enum ViewChange {
    /// Inserts the row, or replaces the one with the same key.
    Upsert { table: String, row: Row },
    /// Removes the row with this key, if it is there.
    Delete { table: String, key: Vec<Cell> },
    /// Removes all rows whose `column` equals `value`: all tasks of a case, say. Index that column.
    DeleteWhere { table: String, column: String, value: Cell },
    /// Adds to integer columns of the row with this key; a missing row starts with zeros, empty texts and nulls.
    Add { table: String, key: Vec<Cell>, amounts: Vec<(String, i64)> },
}

impl ViewChange {
    #[must_use]
    pub fn upsert(table: &str, cells: Vec<Cell>) -> Self {
        Self::Upsert { table: table.into(), row: Row(cells) }
    }

    #[must_use]
    pub fn delete(table: &str, key: Vec<Cell>) -> Self {
        Self::Delete { table: table.into(), key }
    }

    #[must_use]
    pub fn table(&self) -> &str {
        match self {
            Self::Upsert { table, .. }
            | Self::Delete { table, .. }
            | Self::DeleteWhere { table, .. }
            | Self::Add { table, .. } => table,
        }
    }

    /// Checks that the change fits its view.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] for an unknown column, a cell that does not fit, or an amount for a column
    /// that is not an integer or belongs to the key.
    pub fn check(&self, schema: &ViewSchema) -> Result<()> {
        match self {
            Self::Upsert { row, .. } => schema.check_row(row),
            Self::Delete { key, .. } => schema.check_key(key),
            Self::DeleteWhere { column, value, .. } => {
                let column = &schema.columns[schema.require(column)?];
                schema.check_cell(column, value)
            }
            Self::Add { key, amounts, .. } => {
                schema.check_key(key)?;
                for (name, _) in amounts {
                    let column = &schema.columns[schema.require(name)?];
                    if column.kind != ColumnKind::Integer || schema.key.contains(name) {
                        return Err(StoreError::malformed(format!(
                            "{}.{name} cannot be added to",
                            schema.table
                        )));
                    }
                }
                Ok(())
            }
        }
    }
}

impl ViewSchema {
    /// The row that [`ViewChange::Add`] starts from.
    #[must_use]
    pub fn blank_row(&self, key: &[Cell]) -> Row {
        let mut row = Row(self
            .columns
            .iter()
            .map(|column| match column.kind {
                _ if column.nullable => Cell::Null,
                ColumnKind::Integer => Cell::Integer(0),
                ColumnKind::Real => Cell::Real(0.0),
                ColumnKind::Text => Cell::Text(String::new()),
                ColumnKind::Bytes => Cell::Bytes(Vec::new()),
            })
            .collect());
        for (place, cell) in self.key_places().into_iter().zip(key) {
            row.0[place] = cell.clone();
        }
        row
    }
}
