//! Creating declared views, and filling their next generation while the live one serves.
//!
//! Each function runs in a transaction that the caller commits. Replaced tables stay until they are swept in
//! portions: deleting a large table at once would block commits and be held in memory.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use store::{Digest, Position, RebuildEnd, Result, StoreError, ViewChange, ViewSchema};

use super::find::digest;
use super::layout::{generation_of, table_name};
use super::{Behind, View, ViewSet};
use crate::value::{fault, int, nat};

struct Kept {
    digest: [u8; 32],
    generation: i64,
    stale: bool,
}

/// Creates the declared views and drops others. Returns the live views and the names of stale ones.
pub(crate) fn declare(
    connection: &Connection,
    schemas: Vec<ViewSchema>,
    head: Position,
) -> Result<(ViewSet, Vec<String>)> {
    for schema in &schemas {
        schema.check()?;
    }
    let mut kept = kept_views(connection).map_err(fault)?;
    let known =
        |schema: &ViewSchema| kept.get(&schema.table).is_some_and(|old| old.digest == schema.digest().0);
    if kept.len() != schemas.len() || !schemas.iter().all(known) {
        abandon(connection)?;
    }
    let mut living = ViewSet::default();
    let mut stale = Vec::new();
    let newest = newest_generation(connection).map_err(fault)?;
    for schema in schemas {
        let digest = schema.digest();
        let name = schema.table.clone();
        let (generation, is_stale) = match kept.remove(&name) {
            Some(old) if old.digest == digest.0 => (old.generation, old.stale),
            // The table of another declaration is swept later.
            _ => {
                let (generation, is_stale) = (newest + 1, head > Position::START);
                let view = View::new(schema.clone(), generation);
                connection.execute_batch(&view.create()).map_err(fault)?;
                connection
                    .execute(
                        "insert or replace into views values ($1, $2, $3, $4)",
                        params![name, digest.0, generation, is_stale],
                    )
                    .map_err(fault)?;
                (generation, is_stale)
            }
        };
        if is_stale {
            stale.push(name.clone());
        }
        living.0.insert(name, Arc::new(View::new(schema, generation)));
    }
    for name in kept.into_keys() {
        connection.execute("delete from views where name = $1", [&name]).map_err(fault)?;
    }
    stale.sort();
    Ok((living, stale))
}

fn kept_views(connection: &Connection) -> rusqlite::Result<HashMap<String, Kept>> {
    let mut select = connection.prepare("select name, digest, generation, stale from views")?;
    let rows = select.query_map([], |row| {
        let kept = Kept { digest: row.get(1)?, generation: row.get(2)?, stale: row.get(3)? };
        Ok((row.get::<_, String>(0)?, kept))
    })?;
    rows.collect()
}

/// The highest generation in use; the next one is above it, so that no number is shared by live views, a
/// rebuild and tables not yet swept.
fn newest_generation(connection: &Connection) -> rusqlite::Result<i64> {
    let newest: i64 = connection.query_row(
        "select max(coalesce((select max(generation) from views), 0),
                    coalesce((select max(generation) from rebuild), 0))",
        [],
        |row| row.get(0),
    )?;
    let lying = tables(connection)?.iter().filter_map(|table| generation_of(table)).max();
    Ok(newest.max(lying.unwrap_or(0)))
}

/// The tables of views of all generations.
fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut select = connection.prepare(
        "select name from sqlite_master where type = 'table' and name glob 'view_*' order by name",
    )?;
    let names = select.query_map([], |row| row.get::<_, String>(0))?;
    names.filter(|name| name.as_ref().map_or(true, |name| generation_of(name).is_some())).collect()
}

/// Rows deleted in one portion.
const SWEPT_ROWS: usize = 5_000;

/// Removes a portion of one replaced table: an index, the search table, some rows, and at last the empty
/// table. Returns whether there was anything to remove.
pub(crate) fn sweep(connection: &Connection) -> Result<bool> {
    let under_way = under_way(connection)?.map(|(generation, _)| generation);
    let living = kept_views(connection).map_err(fault)?;
    let living: Vec<String> = living.iter().map(|(name, kept)| table_name(name, kept.generation)).collect();
    let replaced = tables(connection)
        .map_err(fault)?
        .into_iter()
        .find(|table| !living.contains(table) && (under_way.is_none() || generation_of(table) != under_way));
    let Some(table) = replaced else { return Ok(false) };
    sweep_part(connection, &table).map_err(fault)?;
    Ok(true)
}

fn sweep_part(connection: &Connection, table: &str) -> rusqlite::Result<()> {
    let one =
        |sql: &str, name: &str| connection.query_row(sql, [name], |row| row.get::<_, String>(0)).optional();
    let index = "select name from sqlite_master where type = 'index' and tbl_name = $1 and sql is not null";
    if let Some(index) = one(index, table)? {
        return connection.execute_batch(&format!("drop index {index}"));
    }
    let searched = "select name from sqlite_master where type = 'table' and name = $1";
    if let Some(words) = one(searched, &format!("{table}_words"))? {
        return connection.execute_batch(&format!("drop table {words}"));
    }
    let mut select = connection.prepare("select name from pragma_table_info($1) where pk > 0 order by pk")?;
    let key =
        select.query_map([table], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let key = key.join(", ");
    let some = format!("delete from {table} where ({key}) in (select {key} from {table} limit {SWEPT_ROWS})");
    if connection.execute(&some, [])? < SWEPT_ROWS {
        connection.execute_batch(&format!("drop table {table}"))?;
    }
    Ok(())
}

/// The running rebuild: its generation, and the position that it has reached.
fn under_way(connection: &Connection) -> Result<Option<(i64, Position)>> {
    connection
        .query_row("select generation, up_to from rebuild", [], |row| {
            Ok((row.get(0)?, Position(nat(row.get(1)?))))
        })
        .optional()
        .map_err(fault)
}

fn required(connection: &Connection) -> Result<(i64, Position)> {
    under_way(connection)?.ok_or_else(|| StoreError::malformed("no rebuild is under way"))
}

/// The generation being filled by a rebuild.
#[derive(Debug)]
pub(crate) struct Next {
    pub(crate) views: ViewSet,
    pub(crate) rows: Behind,
}

/// The views of the generation being filled.
pub(crate) fn next_views(connection: &Connection, living: &ViewSet) -> Result<ViewSet> {
    let (generation, _) = required(connection)?;
    Ok(of_generation(living, generation))
}

fn of_generation(living: &ViewSet, generation: i64) -> ViewSet {
    let next = |view: &View| Arc::new(View::new(view.schema.clone(), generation));
    ViewSet(living.0.iter().map(|(name, view)| (name.clone(), next(view))).collect())
}

pub(crate) fn begin(connection: &Connection, living: &ViewSet) -> Result<Position> {
    if let Some((_, up_to)) = under_way(connection)? {
        return Ok(up_to);
    }
    let generation = newest_generation(connection).map_err(fault)? + 1;
    for view in of_generation(living, generation).0.values() {
        connection.execute_batch(&view.create()).map_err(fault)?;
    }
    connection.execute("insert into rebuild values (1, $1, 0)", [generation]).map_err(fault)?;
    Ok(Position::START)
}

pub(crate) fn advance(
    connection: &Connection,
    next: &mut Next,
    changes: &[ViewChange],
    up_to: Position,
) -> Result<()> {
    for change in changes {
        change.check(&next.views.find(change.table())?.schema)?;
    }
    // Flushed at the end of the step, so that each row is written once and in the order of the table.
    for change in changes {
        next.rows.change(connection, &next.views, change)?;
    }
    next.rows.flush(connection)?;
    connection.execute("update rebuild set up_to = $1", [int(up_to.0)]).map_err(fault)?;
    Ok(())
}

/// The digests of the live or of the rebuilt rows and their position; `None` unless the rebuilt rows reflect
/// the whole journal and no change is still on its way to the tables.
pub(crate) fn digests(
    connection: &Connection,
    living: &ViewSet,
    rebuilt: bool,
    tables: &[String],
) -> Result<Option<(Position, Vec<Digest>)>> {
    let snapshot = connection.unchecked_transaction().map_err(fault)?;
    let (generation, up_to) = required(&snapshot)?;
    let (head, waits): (i64, bool) = snapshot
        .query_row("select coalesce(max(position), 0), exists (select 1 from redo) from events", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .map_err(fault)?;
    if waits || up_to != Position(nat(head)) {
        return Ok(None);
    }
    let views = if rebuilt { of_generation(living, generation) } else { living.clone() };
    let digests = tables.iter().map(|table| digest(&snapshot, views.find(table)?));
    Ok(Some((up_to, digests.collect::<Result<_>>()?)))
}

/// Swaps generations if the rebuilt rows reflect the whole journal, and then returns the new live views.
pub(crate) fn finish(
    connection: &Connection,
    living: &ViewSet,
    head: Position,
) -> Result<(RebuildEnd, Option<ViewSet>)> {
    let (generation, up_to) = required(connection)?;
    if up_to != head {
        return Ok((RebuildEnd::Behind(up_to), None));
    }
    connection.execute("update views set generation = $1, stale = 0", [generation]).map_err(fault)?;
    connection.execute("delete from rebuild", []).map_err(fault)?;
    Ok((RebuildEnd::Swapped, Some(of_generation(living, generation))))
}

pub(crate) fn abandon(connection: &Connection) -> Result<()> {
    connection.execute("delete from rebuild", []).map_err(fault)?;
    Ok(())
}
