//! Write-behind for view rows: a cache of recently written rows, and changes not yet in the tables.
//!
//! Batches often change the same row, and most changed rows were written lately. So changes are gathered over
//! many groups; when the writer settles, each row is written once, and its cached version tells which columns
//! differ without a query. Views with a search index are written at once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rusqlite::{Connection, params_from_iter};
use store::{Cell, Result, Row, ViewChange};

use super::write::{self, Difference};
use super::{View, ViewSet};
use crate::value::{Bind, fault};

/// The key of a row as bytes; equal exactly when the cells are equal.
type Key = Vec<u8>;

/// The gathered changes and cached rows of all views.
#[derive(Debug)]
pub(crate) struct Behind {
    views: HashMap<String, Gathered>,
    half: usize,
}

#[derive(Debug)]
struct Gathered {
    view: Arc<View>,
    /// The wanted state of each changed row.
    wanted: BTreeMap<Key, Wanted>,
    young: HashMap<Key, Row>,
    old: HashMap<Key, Row>,
    /// Update statements by the set of columns that they write, one bit per column.
    updates: HashMap<u128, String>,
}

#[derive(Debug)]
enum Wanted {
    Row(Row),
    Gone(Vec<Cell>),
}

impl Behind {
    /// Caches at most this many rows of each view.
    pub(crate) fn new(rows: usize) -> Self {
        Self { views: HashMap::new(), half: (rows / 2).max(1) }
    }

    /// Number of changed rows that are not yet in the tables.
    pub(crate) fn waiting(&self) -> usize {
        self.views.values().map(|gathered| gathered.wanted.len()).sum()
    }

    /// Applies a change that was checked against the views. Returns whether it is deferred until
    /// [`Behind::flush`]; otherwise the table has it at once.
    pub(crate) fn change(
        &mut self,
        connection: &Connection,
        views: &ViewSet,
        change: &ViewChange,
    ) -> Result<bool> {
        let gathered = match self.views.get_mut(change.table()) {
            Some(gathered) => gathered,
            None => {
                let view = Arc::clone(views.find(change.table())?);
                // The set of updated columns must fit into the 128 bits of the statement cache's key.
                if view.has_search() || view.schema.columns.len() > 128 {
                    return write::apply(connection, &view, change).map(|()| false);
                }
                self.views.entry(change.table().to_owned()).or_insert_with(|| Gathered::new(view))
            }
        };
        gathered.change(connection, change, self.half)
    }

    /// Writes the gathered changes.
    pub(crate) fn flush(&mut self, connection: &Connection) -> Result<()> {
        let half = self.half;
        self.views.values_mut().try_for_each(|gathered| gathered.flush(connection, half))
    }

    /// Drops everything, after a rollback or when the set of views changes.
    pub(crate) fn clear(&mut self) {
        self.views.clear();
    }
}

impl Gathered {
    fn new(view: Arc<View>) -> Self {
        let (young, old) = Default::default();
        Self { view, wanted: BTreeMap::new(), young, old, updates: HashMap::new() }
    }

    fn change(&mut self, connection: &Connection, change: &ViewChange, half: usize) -> Result<bool> {
        match change {
            ViewChange::Upsert { row, .. } => {
                let key = key_of(self.view.key_places.iter().map(|&place| row.cell(place)));
                self.wanted.insert(key, Wanted::Row(row.clone()));
                Ok(true)
            }
            ViewChange::Delete { key, .. } => {
                self.wanted.insert(key_of(key.iter()), Wanted::Gone(key.clone()));
                Ok(true)
            }
            ViewChange::Add { key, amounts, .. } => self.add(connection, key, amounts, half).map(|()| true),
            ViewChange::DeleteWhere { .. } => {
                self.flush(connection, half)?;
                self.young.clear();
                self.old.clear();
                write::apply(connection, &self.view, change).map(|()| false)
            }
        }
    }

    fn add(
        &mut self,
        connection: &Connection,
        cells: &[Cell],
        amounts: &[(String, i64)],
        half: usize,
    ) -> Result<()> {
        let key = key_of(cells.iter());
        if !matches!(self.wanted.get(&key), Some(Wanted::Row(_))) {
            let now = match self.wanted.get(&key) {
                Some(_) => None,
                None => match self.remembered(&key, half) {
                    Some(row) => Some(row.clone()),
                    None => {
                        let stored = write::stored(connection, &self.view, cells).map_err(fault)?;
                        if let Some(row) = &stored {
                            self.remember(key.clone(), row.clone(), half);
                        }
                        stored
                    }
                },
            };
            let row = now.unwrap_or_else(|| self.view.schema.blank_row(cells));
            self.wanted.insert(key.clone(), Wanted::Row(row));
        }
        if let Some(Wanted::Row(row)) = self.wanted.get_mut(&key) {
            write::add_to(&self.view, row, amounts);
        }
        Ok(())
    }

    fn flush(&mut self, connection: &Connection, half: usize) -> Result<()> {
        for (key, wanted) in std::mem::take(&mut self.wanted) {
            match wanted {
                Wanted::Row(row) => {
                    self.put(connection, &key, &row).map_err(fault)?;
                    self.remember(key, row, half);
                }
                Wanted::Gone(cells) => {
                    self.young.remove(&key);
                    self.old.remove(&key);
                    write::delete(connection, &self.view, &cells).map_err(fault)?;
                }
            }
        }
        Ok(())
    }

    fn put(&mut self, connection: &Connection, key: &Key, row: &Row) -> rusqlite::Result<()> {
        let known = self.young.get(key).or_else(|| self.old.get(key));
        let difference = match known {
            Some(known) => write::between(known, row),
            None => {
                // Most rows that are not cached are new, so an insert is tried first.
                let mut insert = connection.prepare_cached(&self.view.insert_new)?;
                if insert.execute(params_from_iter(row.0.iter().map(Bind)))? == 1 {
                    return Ok(());
                }
                write::difference(connection, &self.view, row)?
            }
        };
        let Difference::Changed { places, .. } = difference else { return Ok(()) };
        let bits = places.iter().fold(0_u128, |bits, place| bits | 1 << place);
        let view = &self.view;
        let update = self.updates.entry(bits).or_insert_with(|| view.update(&places));
        let values = places.iter().chain(&view.key_places).map(|&place| Bind(row.cell(place)));
        connection.prepare_cached(update)?.execute(params_from_iter(values))?;
        Ok(())
    }

    fn remembered(&mut self, key: &Key, half: usize) -> Option<&Row> {
        if let Some(row) = self.old.remove(key) {
            self.remember(key.clone(), row, half);
        }
        self.young.get(key)
    }

    /// A cache in two generations: when the young one is full it becomes the old one, and the old one is
    /// dropped.
    fn remember(&mut self, key: Key, row: Row, half: usize) {
        self.old.remove(&key);
        if self.young.len() >= half && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, row);
    }
}

fn key_of<'a>(cells: impl Iterator<Item = &'a Cell>) -> Key {
    let mut key = Vec::with_capacity(64);
    let mut put = |tag: u8, bytes: &[u8]| {
        key.push(tag);
        key.extend((bytes.len() as u64).to_be_bytes());
        key.extend(bytes);
    };
    for cell in cells {
        match cell {
            Cell::Null => put(0, &[]),
            Cell::Integer(number) => put(1, &number.to_be_bytes()),
            Cell::Real(number) => put(2, &number.to_bits().to_be_bytes()),
            Cell::Text(text) => put(3, text.as_bytes()),
            Cell::Bytes(bytes) => put(4, bytes),
        }
    }
    key
}
