//! Conversions between PostgreSQL's values and ours.

use std::error::Error;

use jiff::Timestamp;
use store::{Cell, ColumnKind, Digest, StoreError};
use tokio_postgres::Row;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// An owned statement parameter.
pub(crate) type Value = Box<dyn ToSql + Sync + Send>;

/// A cell as a statement parameter.
#[derive(Debug)]
pub(crate) struct Bind(pub(crate) Cell);

impl ToSql for Bind {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match &self.0 {
            Cell::Null => Ok(IsNull::Yes),
            Cell::Integer(number) => number.to_sql(kind, out),
            Cell::Real(number) => number.to_sql(kind, out),
            Cell::Text(text) => text.to_sql(kind, out),
            Cell::Bytes(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::FLOAT8, Type::TEXT, Type::BYTEA].contains(kind)
    }

    to_sql_checked!();
}

pub(crate) fn type_of(kind: ColumnKind) -> Type {
    match kind {
        ColumnKind::Integer => Type::INT8,
        ColumnKind::Real => Type::FLOAT8,
        ColumnKind::Text => Type::TEXT,
        ColumnKind::Bytes => Type::BYTEA,
    }
}

pub(crate) fn array_type_of(kind: ColumnKind) -> Type {
    match kind {
        ColumnKind::Integer => Type::INT8_ARRAY,
        ColumnKind::Real => Type::FLOAT8_ARRAY,
        ColumnKind::Text => Type::TEXT_ARRAY,
        ColumnKind::Bytes => Type::BYTEA_ARRAY,
    }
}

/// The cells of one column as an array.
pub(crate) fn array<'a>(kind: ColumnKind, cells: impl Iterator<Item = &'a Cell>) -> Value {
    match kind {
        ColumnKind::Integer => Box::new(cells.map(Cell::as_integer).collect::<Vec<_>>()),
        ColumnKind::Real => Box::new(cells.map(Cell::as_real).collect::<Vec<_>>()),
        ColumnKind::Text => Box::new(cells.map(|cell| cell.as_text().map(str::to_owned)).collect::<Vec<_>>()),
        ColumnKind::Bytes => {
            Box::new(cells.map(|cell| cell.as_bytes().map(<[u8]>::to_vec)).collect::<Vec<_>>())
        }
    }
}

pub(crate) fn to_cell(row: &Row, place: usize) -> Result<Cell, tokio_postgres::Error> {
    Ok(match *row.columns()[place].type_() {
        Type::INT8 => row.try_get::<_, Option<i64>>(place)?.into(),
        Type::FLOAT8 => row.try_get::<_, Option<f64>>(place)?.into(),
        Type::TEXT => row.try_get::<_, Option<String>>(place)?.into(),
        _ => row.try_get::<_, Option<Vec<u8>>>(place)?.into(),
    })
}

pub(crate) fn to_digest(row: &Row, place: usize) -> Result<Digest, StoreError> {
    let bytes: &[u8] = row.try_get(place).map_err(fault)?;
    bytes.try_into().map(Digest).map_err(|_| StoreError::fault("a digest has another length"))
}

/// An instant changed to a value out of range reads as the earliest instant, for which no hash or signature
/// holds.
pub(crate) fn instant(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::MIN)
}

/// PostgreSQL's integers are signed 64-bit; our counts stay far below their maximum.
pub(crate) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn nat(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

pub(crate) fn fault(error: tokio_postgres::Error) -> StoreError {
    StoreError::fault(error)
}
