//! The changes of a view's rows in one transaction.
//!
//! They are applied in memory to the few rows that must be read first; then each row is written once, all
//! rows of a view in one statement.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use store::{Cell, Result, Row, ViewChange, search_words};
use tokio_postgres::Row as SqlRow;

use super::find::{cut, row_of};
use super::layout::quoted;
use super::{View, ViewSet};
use crate::value::{Value, array};

type Key = Vec<Cell>;

/// The rows of a view that must be read before its changes can be applied.
#[derive(Debug, Default)]
pub(crate) struct Wish {
    keys: BTreeSet<Key>,
    /// By column index: the values whose rows are to be deleted.
    values: BTreeMap<usize, BTreeSet<Cell>>,
}

impl Wish {
    /// What all these changes need, by view. Changes that do not fit are left out: they are refused later.
    pub(crate) fn of<'a>(
        changes: impl Iterator<Item = &'a ViewChange>,
        views: &ViewSet,
    ) -> BTreeMap<String, Self> {
        let mut wishes: BTreeMap<String, Self> = BTreeMap::new();
        for change in changes {
            let Ok(view) = views.find(change.table()) else { continue };
            if change.check(&view.schema).is_err() {
                continue;
            }
            match change {
                ViewChange::Add { key, .. } => {
                    wishes.entry(change.table().into()).or_default().keys.insert(key.clone());
                }
                ViewChange::DeleteWhere { column, value, .. } => {
                    let Some(place) = view.schema.place(column) else { continue };
                    let wish = wishes.entry(change.table().into()).or_default();
                    wish.values.entry(place).or_default().insert(value.clone());
                }
                ViewChange::Upsert { .. } | ViewChange::Delete { .. } => {}
            }
        }
        wishes
    }

    /// Queries for the rows needed, with their parameters.
    pub(crate) fn questions(&self, view: &View) -> Vec<(String, Vec<Value>)> {
        let mut questions = Vec::new();
        if !self.keys.is_empty() {
            questions.push((view.select.clone(), keys(view, self.keys.iter())));
        }
        for (&place, values) in &self.values {
            let column = &view.schema.columns[place];
            let name = quoted(&column.name);
            let or_null =
                if values.contains(&Cell::Null) { format!(" or {name} is null") } else { String::new() };
            questions.push((
                format!("select {} from {} where {name} = any($1){or_null}", view.columns, view.table),
                vec![array(column.kind, values.iter().filter(|value| !value.is_null()))],
            ));
        }
        questions
    }
}

/// One array for each key column.
fn keys<'a>(view: &View, keys: impl Iterator<Item = &'a Key> + Clone) -> Vec<Value> {
    let kinds = view.key_places.iter().map(|&place| view.schema.columns[place].kind);
    kinds.enumerate().map(|(n, kind)| array(kind, keys.clone().map(|key| &key[n]))).collect()
}

/// The stored and the wanted rows of one view.
#[derive(Debug)]
pub(crate) struct Gathered {
    view: Arc<View>,
    stored: BTreeMap<Key, Row>,
    wanted: BTreeMap<Key, Option<Row>>,
}

impl Gathered {
    pub(crate) fn new(view: Arc<View>) -> Self {
        Self { view, stored: BTreeMap::new(), wanted: BTreeMap::new() }
    }

    /// Records rows that a [`Wish`] asked for.
    pub(crate) fn know(&mut self, rows: &[SqlRow]) -> Result<()> {
        for row in rows {
            let row = row_of(&self.view, row)?;
            self.stored.insert(self.view.schema.key_of(&row), row);
        }
        Ok(())
    }

    /// Applies a change that was checked, after the rows it needs were read.
    pub(crate) fn change(&mut self, change: &ViewChange) {
        match change {
            ViewChange::Upsert { row, .. } => {
                self.wanted.insert(self.view.schema.key_of(row), Some(row.clone()));
            }
            ViewChange::Delete { key, .. } => {
                self.wanted.insert(key.clone(), None);
            }
            ViewChange::DeleteWhere { column, value, .. } => {
                let Some(place) = self.view.schema.place(column) else { return };
                for row in self.wanted.values_mut() {
                    if row.as_ref().is_some_and(|row| row.cell(place) == value) {
                        *row = None;
                    }
                }
                for (key, row) in &self.stored {
                    if row.cell(place) == value {
                        self.wanted.entry(key.clone()).or_insert(None);
                    }
                }
            }
            ViewChange::Add { key, amounts, .. } => self.add(key, amounts),
        }
    }

    fn add(&mut self, key: &Key, amounts: &[(String, i64)]) {
        let schema = &self.view.schema;
        let row = self.wanted.entry(key.clone()).or_insert_with(|| self.stored.get(key).cloned());
        let row = row.get_or_insert_with(|| schema.blank_row(key));
        for (name, amount) in amounts {
            if let Some(place) = schema.place(name) {
                row.0[place] = Cell::Integer(row.integer(place).unwrap_or(0).saturating_add(*amount));
            }
        }
    }

    /// Statements that write the wanted rows, with their parameters.
    pub(crate) fn statements(&self) -> Vec<(String, Vec<Value>)> {
        let view = &*self.view;
        let mut statements = Vec::new();
        let gone: Vec<&Key> =
            self.wanted.iter().filter(|(_, row)| row.is_none()).map(|(key, _)| key).collect();
        if !gone.is_empty() {
            statements.push((view.delete.clone(), keys(view, gone.iter().copied())));
        }
        let rows: Vec<&Row> = self.wanted.values().flatten().collect();
        if !rows.is_empty() {
            let columns = view.schema.columns.iter().enumerate();
            let mut values: Vec<Value> = columns
                .map(|(place, column)| array(column.kind, rows.iter().map(|row| row.cell(place))))
                .collect();
            if view.has_search() {
                values.push(Box::new(rows.iter().map(|row| words(view, row)).collect::<Vec<_>>()));
            }
            statements.push((view.upsert.clone(), values));
        }
        statements
    }
}

/// The search terms of a row, separated by blanks; they contain letters and digits only.
fn words(view: &View, row: &Row) -> String {
    let texts = view.search_places.iter().filter_map(|&place| row.text(place));
    let words: BTreeSet<String> = texts.flat_map(search_words).map(|word| cut(&word).to_owned()).collect();
    words.into_iter().collect::<Vec<_>>().join(" ")
}
