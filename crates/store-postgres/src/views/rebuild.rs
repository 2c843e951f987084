//! Creating declared views, and filling their next generation while the live one serves.
//!
//! Callers provide the transaction and commit it. [`declare`], [`begin`], [`finish`] and [`abandon`] need the
//! lock on the journal's row, [`advance`] the one on the row of `rebuild`; [`compare`] reads one snapshot.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use deadpool_postgres::{GenericClient, Transaction};
use store::{
    Digest, Position, RebuildEnd, RebuiltView, Result, RowsDigest, StoreError, ViewChange, ViewSchema,
};
use uuid::Uuid;

use super::layout::table_name;
use super::{Gathered, View, ViewSet, Wish, find};
use crate::read;
use crate::value::{fault, int, nat};

struct Kept {
    digest: Vec<u8>,
    generation: i64,
    stale: bool,
}

/// Limits the wait for readers of a table to be dropped to 2 s, because all commits wait as long.
async fn be_brief(work: &Transaction<'_>) -> Result<()> {
    work.batch_execute("set local lock_timeout = '2s'").await.map_err(fault)
}

/// Creates the declared views and drops others. Returns the live views and the names of stale ones.
pub(crate) async fn declare(
    work: &Transaction<'_>,
    schemas: Vec<ViewSchema>,
    head: Position,
) -> Result<(ViewSet, Vec<String>)> {
    let mut kept = kept_views(work).await?;
    let known =
        |schema: &ViewSchema| kept.get(&schema.table).is_some_and(|old| old.digest == schema.digest().0);
    let same = kept.len() == schemas.len() && schemas.iter().all(known);
    if !same {
        be_brief(work).await?;
        abandon(work).await?;
    }
    let newest = newest_generation(work).await?;
    let mut views = HashMap::new();
    let mut stale = Vec::new();
    for schema in schemas {
        let name = schema.table.clone();
        let (generation, is_stale) = match kept.remove(&name) {
            Some(old) if old.digest == schema.digest().0 => (old.generation, old.stale),
            old => {
                if let Some(old) = old {
                    drop_table(work, &name, old.generation).await?;
                }
                (newest + 1, make(work, &schema, newest + 1, head).await?)
            }
        };
        if is_stale {
            stale.push(name.clone());
        }
        views.insert(name, Arc::new(View::new(schema, generation)));
    }
    for (name, old) in kept {
        drop_table(work, &name, old.generation).await?;
        work.execute("delete from views where name = $1", &[&name]).await.map_err(fault)?;
    }
    stale.sort();
    let epoch = if same { epoch(work).await? } else { next_epoch(work).await? };
    Ok((ViewSet { views, epoch, ..ViewSet::default() }, stale))
}

async fn make(work: &Transaction<'_>, schema: &ViewSchema, generation: i64, head: Position) -> Result<bool> {
    let is_stale = head > Position::START;
    let digest = schema.digest().0.to_vec();
    work.batch_execute(&View::new(schema.clone(), generation).create()).await.map_err(fault)?;
    work.execute(
        "insert into views values ($1, $2, $3, $4) on conflict (name) do update set
         digest = excluded.digest, generation = excluded.generation, stale = excluded.stale",
        &[&schema.table, &digest, &generation, &is_stale],
    )
    .await
    .map_err(fault)?;
    Ok(is_stale)
}

async fn drop_table(work: &Transaction<'_>, view: &str, generation: i64) -> Result<()> {
    let sql = format!("drop table if exists {}", table_name(view, generation));
    work.batch_execute(&sql).await.map_err(fault)
}

async fn epoch(work: &Transaction<'_>) -> Result<i64> {
    Ok(work.query_one("select views from journal", &[]).await.map_err(fault)?.get(0))
}

async fn next_epoch(work: &Transaction<'_>) -> Result<i64> {
    let sql = "update journal set views = views + 1 returning views";
    Ok(work.query_one(sql, &[]).await.map_err(fault)?.get(0))
}

async fn kept_views(work: &Transaction<'_>) -> Result<HashMap<String, Kept>> {
    let rows = work.query("select name, digest, generation, stale from views", &[]).await.map_err(fault)?;
    let kept = rows
        .iter()
        .map(|row| (row.get(0), Kept { digest: row.get(1), generation: row.get(2), stale: row.get(3) }));
    Ok(kept.collect())
}

/// The highest generation in use; the next one is above it, so that live views and a rebuild share none.
async fn newest_generation(work: &Transaction<'_>) -> Result<i64> {
    let sql =
        "select greatest((select max(generation) from views), (select max(generation) from rebuild), 0)";
    Ok(work.query_one(sql, &[]).await.map_err(fault)?.get(0))
}

/// The running rebuild.
struct UnderWay {
    generation: i64,
    up_to: Position,
    owner: Uuid,
}

async fn under_way(work: &impl GenericClient) -> Result<Option<UnderWay>> {
    let row = work.query_opt("select generation, up_to, owner from rebuild", &[]).await.map_err(fault)?;
    Ok(row.map(|row| UnderWay {
        generation: row.get(0),
        up_to: Position(nat(row.get(1))),
        owner: row.get(2),
    }))
}

async fn required(work: &impl GenericClient) -> Result<UnderWay> {
    under_way(work).await?.ok_or_else(|| StoreError::malformed("no rebuild is under way"))
}

/// The running rebuild, if it belongs to this node.
async fn own(work: &Transaction<'_>, node: Uuid) -> Result<UnderWay> {
    let found = required(work).await?;
    if found.owner == node {
        Ok(found)
    } else {
        Err(StoreError::malformed("another node has taken over the rebuild"))
    }
}

fn of_generation(living: &ViewSet, generation: i64) -> ViewSet {
    let next = |view: &View| Arc::new(View::new(view.schema.clone(), generation));
    let views = living.views.iter().map(|(name, view)| (name.clone(), next(view))).collect();
    ViewSet { views, ..living.clone() }
}

/// The result of starting a rebuild.
pub(crate) enum Begun {
    From(Position),
    /// Another node that is alive is rebuilding.
    Elsewhere,
}

/// Starts or resumes a rebuild. It belongs to one node, because two nodes that add to the same rows would
/// count twice; a rebuild whose node has ended is taken over. A live node holds the advisory lock of its id.
pub(crate) async fn begin(work: &Transaction<'_>, living: &ViewSet, node: Uuid) -> Result<Begun> {
    if let Some(found) = under_way(work).await? {
        if found.owner != node {
            let key = name_lock(found.owner);
            let free =
                work.query_one("select pg_try_advisory_xact_lock($1)", &[&key]).await.map_err(fault)?;
            if !free.get::<_, bool>(0) {
                return Ok(Begun::Elsewhere);
            }
            work.execute("update rebuild set owner = $1", &[&node]).await.map_err(fault)?;
        }
        return Ok(Begun::From(found.up_to));
    }
    let generation = newest_generation(work).await? + 1;
    for view in of_generation(living, generation).views.values() {
        work.batch_execute(&view.create()).await.map_err(fault)?;
    }
    let sql = "insert into rebuild (owner, generation, up_to) values ($1, $2, 0)";
    work.execute(sql, &[&node, &generation]).await.map_err(fault)?;
    Ok(Begun::From(Position::START))
}

/// The advisory lock that all nodes of a store share.
pub(crate) fn use_lock(schema: &str) -> i64 {
    let digest = Digest::of(format!("yichuang use of {schema}").as_bytes()).0;
    i64::from_be_bytes(std::array::from_fn(|n| digest[n]))
}

/// The advisory lock that a node holds while it is alive.
pub(crate) fn name_lock(node: Uuid) -> i64 {
    let digest = Digest::of(format!("yichuang node {node}").as_bytes()).0;
    i64::from_be_bytes(std::array::from_fn(|n| digest[n]))
}

pub(crate) async fn advance(
    work: &Transaction<'_>,
    living: &ViewSet,
    node: Uuid,
    changes: &[ViewChange],
    up_to: Position,
) -> Result<()> {
    let next = of_generation(living, own(work, node).await?.generation);
    for change in changes {
        change.check(&next.find(change.table())?.schema)?;
    }
    let mut gathered: BTreeMap<String, Gathered> = BTreeMap::new();
    for (table, wish) in Wish::of(changes.iter(), &next) {
        let view = next.find(&table)?;
        let mut known = Gathered::new(Arc::clone(view));
        for (sql, values) in wish.questions(view) {
            let values: Vec<_> = values.iter().map(|value| &**value as _).collect();
            known.know(&work.query(&sql, &values).await.map_err(fault)?)?;
        }
        gathered.insert(table, known);
    }
    for change in changes {
        let table = change.table();
        if !gathered.contains_key(table) {
            gathered.insert(table.into(), Gathered::new(Arc::clone(next.find(table)?)));
        }
        if let Some(view) = gathered.get_mut(table) {
            view.change(change);
        }
    }
    for (sql, values) in gathered.values().flat_map(Gathered::statements) {
        let values: Vec<_> = values.iter().map(|value| &**value as _).collect();
        work.execute(&sql, &values).await.map_err(fault)?;
    }
    work.execute("update rebuild set up_to = $1", &[&int(up_to.0)]).await.map_err(fault)?;
    Ok(())
}

/// The digests of the live and the rebuilt rows; `None` unless the rebuilt ones reflect the whole journal.
/// Needs a repeatable-read transaction.
pub(crate) async fn compare(
    moment: &Transaction<'_>,
    living: &ViewSet,
    tables: &[String],
) -> Result<Option<Vec<RebuiltView>>> {
    let UnderWay { generation, up_to, .. } = required(moment).await?;
    let head: i64 = moment.query_one("select last from journal", &[]).await.map_err(fault)?.get(0);
    if up_to != Position(nat(head)) {
        return Ok(None);
    }
    let living = living.clone().refreshed(moment).await?;
    let next = of_generation(&living, generation);
    let mut views = Vec::with_capacity(tables.len());
    for table in tables {
        let before = digest(moment, living.find(table)?).await?;
        let after = digest(moment, next.find(table)?).await?;
        views.push(RebuiltView { table: table.clone(), before, after });
    }
    Ok(Some(views))
}

pub(crate) async fn digest(client: &impl GenericClient, view: &View) -> Result<Digest> {
    let mut digest = RowsDigest::default();
    read::each(client, &find::digest(view), &[], |row| {
        digest.add(&find::row_of(view, row)?);
        Ok(())
    })
    .await?;
    Ok(digest.finish())
}

/// Swaps generations if the rebuilt rows reflect the whole journal, and then returns the new live views.
pub(crate) async fn finish(
    work: &Transaction<'_>,
    living: &ViewSet,
    node: Uuid,
    head: Position,
) -> Result<(RebuildEnd, Option<ViewSet>)> {
    let UnderWay { generation, up_to, .. } = own(work, node).await?;
    if up_to != head {
        return Ok((RebuildEnd::Behind(up_to), None));
    }
    be_brief(work).await?;
    for (name, old) in kept_views(work).await? {
        drop_table(work, &name, old.generation).await?;
    }
    work.execute("update views set generation = $1, stale = false", &[&generation]).await.map_err(fault)?;
    work.execute("delete from rebuild", &[]).await.map_err(fault)?;
    let swapped = ViewSet { epoch: next_epoch(work).await?, ..of_generation(living, generation) };
    Ok((RebuildEnd::Swapped, Some(swapped)))
}

pub(crate) async fn abandon(work: &Transaction<'_>) -> Result<()> {
    let Some(UnderWay { generation, .. }) = under_way(work).await? else { return Ok(()) };
    for name in kept_views(work).await?.keys() {
        drop_table(work, name, generation).await?;
    }
    work.execute("delete from rebuild", &[]).await.map_err(fault)?;
    Ok(())
}
