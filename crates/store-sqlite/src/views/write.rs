//! Applying row changes. Only columns that differ are written, so that the indexes of the others are not
//! touched.

use rusqlite::{Connection, params_from_iter};
use store::{Cell, Result, Row, ViewChange, search_words};

use super::View;
use crate::value::{Bind, fault, is_cell, is_same, to_cell};

/// Applies a change that the caller has checked against the view.
pub(crate) fn apply(connection: &Connection, view: &View, change: &ViewChange) -> Result<()> {
    match change {
        ViewChange::Upsert { row, .. } => upsert(connection, view, row),
        ViewChange::Delete { key, .. } => delete(connection, view, key),
        ViewChange::DeleteWhere { column, value, .. } => delete_where(connection, view, column, value),
        ViewChange::Add { key, amounts, .. } => add(connection, view, key, amounts),
    }
    .map_err(fault)
}

/// What must be written to turn the stored row into the wanted one.
pub(super) enum Difference {
    New,
    Same,
    Changed { places: Vec<usize>, rowid: i64 },
}

fn upsert(connection: &Connection, view: &View, row: &Row) -> rusqlite::Result<()> {
    match difference(connection, view, row)? {
        Difference::Same => Ok(()),
        Difference::New => {
            connection.prepare_cached(&view.insert)?.execute(params_from_iter(row.0.iter().map(Bind)))?;
            if view.has_search() {
                add_words(connection, view, row, connection.last_insert_rowid())
            } else {
                Ok(())
            }
        }
        Difference::Changed { places, rowid } => {
            let values = places.iter().chain(&view.key_places).map(|&place| Bind(row.cell(place)));
            connection.prepare_cached(&view.update(&places))?.execute(params_from_iter(values))?;
            if places.iter().any(|place| view.search_places.contains(place)) {
                connection.prepare_cached(&view.words_delete)?.execute([rowid])?;
                add_words(connection, view, row, rowid)?;
            }
            Ok(())
        }
    }
}

/// The difference to a known version of the row.
pub(super) fn between(known: &Row, wanted: &Row) -> Difference {
    let differs = |place: &usize| !is_same(known.cell(*place), wanted.cell(*place));
    let places: Vec<usize> = (0..wanted.0.len()).filter(differs).collect();
    if places.is_empty() { Difference::Same } else { Difference::Changed { places, rowid: 0 } }
}

pub(super) fn difference(connection: &Connection, view: &View, row: &Row) -> rusqlite::Result<Difference> {
    let mut select = connection.prepare_cached(&view.select)?;
    let key = view.key_places.iter().map(|&place| Bind(row.cell(place)));
    let mut found = select.query(params_from_iter(key))?;
    let Some(stored) = found.next()? else { return Ok(Difference::New) };
    let mut places = Vec::new();
    for (place, cell) in row.0.iter().enumerate() {
        if !is_cell(stored.get_ref(place)?, cell) {
            places.push(place);
        }
    }
    let rowid = if view.has_search() { stored.get(row.0.len())? } else { 0 };
    Ok(if places.is_empty() { Difference::Same } else { Difference::Changed { places, rowid } })
}

fn add_words(connection: &Connection, view: &View, row: &Row, rowid: i64) -> rusqlite::Result<()> {
    let texts = view.search_places.iter().filter_map(|&place| row.text(place));
    let words: std::collections::BTreeSet<String> = texts.flat_map(search_words).collect();
    let words = words.into_iter().collect::<Vec<_>>().join(" ");
    connection.prepare_cached(&view.words_insert)?.execute((rowid, words))?;
    Ok(())
}

pub(super) fn delete(connection: &Connection, view: &View, key: &[Cell]) -> rusqlite::Result<()> {
    if view.has_search() {
        let sql = format!("{} returning rowid", view.delete);
        let mut delete = connection.prepare_cached(&sql)?;
        let gone = delete.query_map(params_from_iter(key.iter().map(Bind)), |row| row.get(0))?;
        return forget_words(connection, view, gone);
    }
    connection.prepare_cached(&view.delete)?.execute(params_from_iter(key.iter().map(Bind)))?;
    Ok(())
}

fn delete_where(connection: &Connection, view: &View, column: &str, value: &Cell) -> rusqlite::Result<()> {
    // `is` matches null too, as in the memory store.
    let sql = format!("delete from {} where {column} is $1", view.table);
    if view.has_search() {
        let mut delete = connection.prepare_cached(&format!("{sql} returning rowid"))?;
        let gone = delete.query_map([Bind(value)], |row| row.get(0))?;
        return forget_words(connection, view, gone);
    }
    connection.prepare_cached(&sql)?.execute([Bind(value)])?;
    Ok(())
}

fn forget_words(
    connection: &Connection,
    view: &View,
    rowids: impl Iterator<Item = rusqlite::Result<i64>>,
) -> rusqlite::Result<()> {
    let rowids = rowids.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut forget = connection.prepare_cached(&view.words_delete)?;
    rowids.into_iter().try_for_each(|rowid| forget.execute([rowid]).map(|_| ()))
}

fn add(
    connection: &Connection,
    view: &View,
    key: &[Cell],
    amounts: &[(String, i64)],
) -> rusqlite::Result<()> {
    let mut row = stored(connection, view, key)?.unwrap_or_else(|| view.schema.blank_row(key));
    add_to(view, &mut row, amounts);
    upsert(connection, view, &row)
}

pub(super) fn add_to(view: &View, row: &mut Row, amounts: &[(String, i64)]) {
    for (name, amount) in amounts {
        if let Some(place) = view.schema.place(name) {
            row.0[place] = Cell::Integer(row.integer(place).unwrap_or(0).saturating_add(*amount));
        }
    }
}

/// The row as it is stored in the table.
pub(super) fn stored(connection: &Connection, view: &View, key: &[Cell]) -> rusqlite::Result<Option<Row>> {
    let mut select = connection.prepare_cached(&view.select)?;
    let mut found = select.query(params_from_iter(key.iter().map(Bind)))?;
    let Some(stored) = found.next()? else { return Ok(None) };
    let cells = (0..view.schema.columns.len()).map(|place| stored.get_ref(place).map(to_cell));
    Ok(Some(Row(cells.collect::<rusqlite::Result<_>>()?)))
}
