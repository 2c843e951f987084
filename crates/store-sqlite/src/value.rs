//! Conversions between SQLite's values and ours.

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};
use store::{Cell, CellRef, StoreError};

/// A cell as a statement parameter, without a copy.
pub(crate) struct Bind<'a>(pub(crate) &'a Cell);

impl ToSql for Bind<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Cell::Null => ValueRef::Null,
            Cell::Integer(number) => ValueRef::Integer(*number),
            Cell::Real(number) => ValueRef::Real(*number),
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
            Cell::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Whether a stored value equals the cell, without a copy.
pub(crate) fn is_cell(value: ValueRef<'_>, cell: &Cell) -> bool {
    match (value, cell) {
        (ValueRef::Null, Cell::Null) => true,
        (ValueRef::Integer(a), Cell::Integer(b)) => a == *b,
        (ValueRef::Real(a), Cell::Real(b)) => a.to_bits() == b.to_bits(),
        (ValueRef::Text(a), Cell::Text(b)) => a == b.as_bytes(),
        (ValueRef::Blob(a), Cell::Bytes(b)) => a == b,
        _ => false,
    }
}

/// Whether two cells have the same stored form; reals are compared by their bits.
pub(crate) fn is_same(a: &Cell, b: &Cell) -> bool {
    match (a, b) {
        (Cell::Null, Cell::Null) => true,
        (Cell::Integer(a), Cell::Integer(b)) => a == b,
        (Cell::Real(a), Cell::Real(b)) => a.to_bits() == b.to_bits(),
        (Cell::Text(a), Cell::Text(b)) => a == b,
        (Cell::Bytes(a), Cell::Bytes(b)) => a == b,
        _ => false,
    }
}

pub(crate) fn to_cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Integer(number),
        ValueRef::Real(number) => Cell::Real(number),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
    }
}

pub(crate) fn to_cell_ref(value: ValueRef<'_>) -> CellRef<'_> {
    match value {
        ValueRef::Null => CellRef::Null,
        ValueRef::Integer(number) => CellRef::Integer(number),
        ValueRef::Real(number) => CellRef::Real(number),
        ValueRef::Text(text) => CellRef::Text(text),
        ValueRef::Blob(bytes) => CellRef::Bytes(bytes),
    }
}

/// SQLite's integers are signed 64-bit; our counts stay far below their maximum.
pub(crate) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn nat(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

pub(crate) fn fault(error: rusqlite::Error) -> StoreError {
    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) {
        return StoreError::NoRoom;
    }
    StoreError::fault(error)
}

/// Maps an I/O error: a full disk or quota to [`StoreError::NoRoom`], the rest to a fault.
pub(crate) fn disk(error: std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StoreError::NoRoom,
        _ => StoreError::fault(error),
    }
}
