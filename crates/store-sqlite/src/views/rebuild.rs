//! Making views as declared, and filling their next generation beside the living one.
//!
//! Each function runs in a transaction that the caller commits.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use store::{Position, RebuildEnd, Result, StoreError, ViewChange, ViewSchema};

use super::layout::drop_table;
use super::{View, ViewSet, apply};
use crate::value::{fault, int, nat};

struct Kept {
    digest: [u8; 32],
    generation: i64,
    stale: bool,
}

/// Makes the declared views and drops others. Gives the living views and the names of stale ones.
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
            old => {
                if let Some(old) = old {
                    connection.execute_batch(&drop_table(&name, old.generation)).map_err(fault)?;
                }
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
    for (name, old) in kept {
        connection.execute_batch(&drop_table(&name, old.generation)).map_err(fault)?;
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

/// A generation number is never used twice at the same time, rebuilds included.
fn newest_generation(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row(
        "select max(coalesce((select max(generation) from views), 0),
                    coalesce((select max(generation) from rebuild), 0))",
        [],
        |row| row.get(0),
    )
}

/// The rebuild under way: its generation, and the position that it has reached.
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

/// The views of the generation that is being filled.
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
    next: &ViewSet,
    changes: &[ViewChange],
    up_to: Position,
) -> Result<()> {
    for change in changes {
        change.check(&next.find(change.table())?.schema)?;
    }
    for change in changes {
        apply(connection, next.find(change.table())?, change)?;
    }
    connection.execute("update rebuild set up_to = $1", [int(up_to.0)]).map_err(fault)?;
    Ok(())
}

/// Swaps generations if the rebuilt rows show the whole journal; gives the views that live from now on.
pub(crate) fn finish(
    connection: &Connection,
    living: &ViewSet,
    head: Position,
) -> Result<(RebuildEnd, Option<ViewSet>)> {
    let (generation, up_to) = required(connection)?;
    if up_to != head {
        return Ok((RebuildEnd::Behind(up_to), None));
    }
    for (name, old) in kept_views(connection).map_err(fault)? {
        connection.execute_batch(&drop_table(&name, old.generation)).map_err(fault)?;
    }
    connection.execute("update views set generation = $1, stale = 0", [generation]).map_err(fault)?;
    connection.execute("delete from rebuild", []).map_err(fault)?;
    Ok((RebuildEnd::Swapped, Some(of_generation(living, generation))))
}

pub(crate) fn abandon(connection: &Connection) -> Result<()> {
    let Some((generation, _)) = under_way(connection)? else { return Ok(()) };
    for name in kept_views(connection).map_err(fault)?.keys() {
        connection.execute_batch(&drop_table(name, generation)).map_err(fault)?;
    }
    connection.execute("delete from rebuild", []).map_err(fault)?;
    Ok(())
}
