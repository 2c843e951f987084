//! Redo data: what a committed group changes beside the journal, as bytes in one row.
//!
//! Stream heads, commands and view rows lie in many trees, and updating each of them in every commit would
//! cost a dozen pages. Instead a group writes its changes as one redo row in the commit of its events, and
//! the writer applies them to the tables later, many groups at once. The transaction that applies redo rows
//! deletes them, so that each change is applied exactly once, whatever fails in between.

use rusqlite::Connection;
use store::{Cell, Digest, Result, Row, StoreError, Version, ViewChange};

use super::state::{CommandRow, StreamRow};
use crate::value::fault;

/// One deferred change.
#[derive(Debug, PartialEq)]
pub(super) enum Entry {
    /// A new head of an existing stream.
    Stream(StreamRow),
    Command([u8; 16], CommandRow),
    View(ViewChange),
}

const STREAM: u8 = 1;
const COMMAND: u8 = 2;
const UPSERT: u8 = 3;
const DELETE: u8 = 4;
const ADD: u8 = 5;

pub(super) fn put_stream(row: &StreamRow, out: &mut Vec<u8>) {
    out.push(STREAM);
    for number in [row.id, row.first, row.last] {
        put_integer(number, out);
    }
    out.extend(row.version.0.to_le_bytes());
    out.extend(row.head.0);
}

pub(super) fn put_command(id: [u8; 16], row: &CommandRow, out: &mut Vec<u8>) {
    out.push(COMMAND);
    out.extend(id);
    for number in [row.at, row.first, row.last] {
        put_integer(number, out);
    }
    put_bytes(&row.numbers, out);
    put_bytes(&row.reply, out);
}

/// Changes of many rows are never deferred; passing one is a fault.
pub(super) fn put_view(change: &ViewChange, out: &mut Vec<u8>) -> Result<()> {
    match change {
        ViewChange::Upsert { table, row } => {
            out.push(UPSERT);
            put_bytes(table.as_bytes(), out);
            put_cells(&row.0, out);
        }
        ViewChange::Delete { table, key } => {
            out.push(DELETE);
            put_bytes(table.as_bytes(), out);
            put_cells(key, out);
        }
        ViewChange::Add { table, key, amounts } => {
            out.push(ADD);
            put_bytes(table.as_bytes(), out);
            put_cells(key, out);
            put_length(amounts.len(), out);
            for (name, amount) in amounts {
                put_bytes(name.as_bytes(), out);
                put_integer(*amount, out);
            }
        }
        ViewChange::DeleteWhere { .. } => return Err(StoreError::fault("a change of many rows cannot wait")),
    }
    Ok(())
}

/// Whether streams and commands are in their tables; view rows may still be deferred.
pub(crate) fn is_settled(connection: &Connection) -> Result<bool> {
    let mut select = connection.prepare("select bytes from redo").map_err(fault)?;
    let mut rows = select.query([]).map_err(fault)?;
    while let Some(row) = rows.next().map_err(fault)? {
        let bytes: Vec<u8> = row.get(0).map_err(fault)?;
        if !entries(&bytes)?.iter().all(|entry| matches!(entry, Entry::View(_))) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn put_integer(number: i64, out: &mut Vec<u8>) {
    out.extend(number.to_le_bytes());
}

fn put_length(length: usize, out: &mut Vec<u8>) {
    out.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
}

fn put_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    put_length(bytes.len(), out);
    out.extend(bytes);
}

fn put_cells(cells: &[Cell], out: &mut Vec<u8>) {
    put_length(cells.len(), out);
    for cell in cells {
        match cell {
            Cell::Null => out.push(0),
            Cell::Integer(number) => {
                out.push(1);
                put_integer(*number, out);
            }
            Cell::Real(number) => {
                out.push(2);
                out.extend(number.to_bits().to_le_bytes());
            }
            Cell::Text(text) => {
                out.push(3);
                put_bytes(text.as_bytes(), out);
            }
            Cell::Bytes(bytes) => {
                out.push(4);
                put_bytes(bytes, out);
            }
        }
    }
}

/// Decodes the entries, in order.
///
/// # Errors
/// A fault when the bytes are not valid entries.
pub(super) fn entries(bytes: &[u8]) -> Result<Vec<Entry>> {
    let mut reader = Reader(bytes);
    let mut entries = Vec::new();
    while !reader.0.is_empty() {
        entries.push(reader.entry().ok_or_else(|| StoreError::fault("waiting changes are damaged"))?);
    }
    Ok(entries)
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn entry(&mut self) -> Option<Entry> {
        Some(match self.array::<1>()?[0] {
            STREAM => Entry::Stream(StreamRow {
                id: self.integer()?,
                first: self.integer()?,
                last: self.integer()?,
                version: Version(u64::from_le_bytes(self.array()?)),
                head: Digest(self.array()?),
            }),
            COMMAND => Entry::Command(
                self.array()?,
                CommandRow {
                    at: self.integer()?,
                    first: self.integer()?,
                    last: self.integer()?,
                    numbers: self.bytes()?,
                    reply: self.bytes()?,
                },
            ),
            UPSERT => Entry::View(ViewChange::Upsert { table: self.text()?, row: Row(self.cells()?) }),
            DELETE => Entry::View(ViewChange::Delete { table: self.text()?, key: self.cells()? }),
            ADD => {
                let (table, key) = (self.text()?, self.cells()?);
                let count = self.length()?;
                let amounts = (0..count).map(|_| Some((self.text()?, self.integer()?)));
                Entry::View(ViewChange::Add { table, key, amounts: amounts.collect::<Option<_>>()? })
            }
            _ => return None,
        })
    }

    fn take(&mut self, length: usize) -> Option<&[u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        self.take(LENGTH)?.try_into().ok()
    }

    fn integer(&mut self) -> Option<i64> {
        Some(i64::from_le_bytes(self.array()?))
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(self.array()?)).ok()
    }

    fn bytes(&mut self) -> Option<Vec<u8>> {
        let length = self.length()?;
        Some(self.take(length)?.to_vec())
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?).ok()
    }

    fn cells(&mut self) -> Option<Vec<Cell>> {
        let count = self.length()?;
        let cell = |_| {
            Some(match self.array::<1>()?[0] {
                0 => Cell::Null,
                1 => Cell::Integer(self.integer()?),
                2 => Cell::Real(f64::from_bits(u64::from_le_bytes(self.array()?))),
                3 => Cell::Text(self.text()?),
                4 => Cell::Bytes(self.bytes()?),
                _ => return None,
            })
        };
        (0..count).map(cell).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_read_back_and_every_cut_is_noticed() {
        let stream = StreamRow { id: 7, first: 2, last: 9, version: Version(3), head: Digest([5; 32]) };
        let command = CommandRow { at: -1, first: 2, last: 3, numbers: vec![0, 1], reply: vec![9] };
        let cells = vec![
            Cell::Null,
            Cell::Integer(i64::MIN),
            Cell::Real(-0.0),
            Cell::Text("一窗".into()),
            Cell::Bytes(vec![0, 255]),
        ];
        let changes = [
            ViewChange::Upsert { table: "cases".into(), row: Row(cells.clone()) },
            ViewChange::Delete { table: "cases".into(), key: cells.clone() },
            ViewChange::Add { table: "sums".into(), key: cells, amounts: vec![("甲".into(), -3)] },
        ];
        let mut bytes = Vec::new();
        put_stream(&stream, &mut bytes);
        put_command([8; 16], &command, &mut bytes);
        let mut ends = vec![0, bytes.len()];
        for change in &changes {
            put_view(change, &mut bytes).unwrap();
            ends.push(bytes.len());
        }
        let read = entries(&bytes).unwrap();
        assert_eq!(read[0], Entry::Stream(stream));
        assert_eq!(read[1], Entry::Command([8; 16], command));
        assert_eq!(read[2..], changes.map(Entry::View));
        let first = 1 + 4 * 8 + 32;
        ends.push(first);
        for cut in 0..bytes.len() {
            assert_eq!(entries(&bytes[..cut]).is_ok(), ends.contains(&cut), "{cut}");
        }
    }
}
