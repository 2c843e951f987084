//! Numbered changes of the schema. A released file is never edited: its checksum is stored with the data.

use deadpool_postgres::Object;
use store::{Digest, Result, StoreError};

use crate::value::fault;

const MIGRATIONS: &[(i64, &str, &str)] = &[(1, "store", include_str!("0001_store.sql"))];

/// Brings the schema up to date, each migration in its own transaction. Nodes that start together take turns;
/// a node with nothing to do takes no lock. A migration waits at most 3 s for a table lock, since it blocks
/// everybody behind it; the caller retries while its patience lasts.
pub(crate) async fn migrate(client: &mut Object, schema: &str) -> Result<()> {
    let known = MIGRATIONS.last().map_or(0, |migration| migration.0);
    if newest(client, schema).await? == Some(known) {
        return check_sums(client).await;
    }
    let turn = client.transaction().await.map_err(fault)?;
    let key = Digest::of(format!("yichuang migrations of {schema}").as_bytes()).0;
    let key = i64::from_be_bytes([key[0], key[1], key[2], key[3], key[4], key[5], key[6], key[7]]);
    turn.execute("select pg_advisory_xact_lock($1)", &[&key]).await.map_err(fault)?;
    turn.batch_execute(&format!(
        "set local lock_timeout = '3s'; set local client_min_messages = warning;
         create schema if not exists \"{schema}\";
         create table if not exists \"{schema}\".migrations
         (number bigint primary key, name text not null, checksum bytea not null)"
    ))
    .await
    .map_err(fault)?;
    turn.commit().await.map_err(fault)?;
    for (number, name, sql) in MIGRATIONS {
        let step = client.transaction().await.map_err(fault)?;
        step.execute("select pg_advisory_xact_lock($1)", &[&key]).await.map_err(fault)?;
        let applied =
            step.query_opt("select 1 from migrations where number = $1", &[number]).await.map_err(fault)?;
        if applied.is_none() {
            step.batch_execute("set local lock_timeout = '3s'").await.map_err(fault)?;
            step.batch_execute(sql).await.map_err(fault)?;
            let checksum = Digest::of(sql.as_bytes()).0.to_vec();
            step.execute("insert into migrations values ($1, $2, $3)", &[number, name, &checksum])
                .await
                .map_err(fault)?;
        }
        step.commit().await.map_err(fault)?;
    }
    check_sums(client).await
}

/// The newest applied migration; `None` in a database without a store.
async fn newest(client: &Object, schema: &str) -> Result<Option<i64>> {
    let table = format!("\"{schema}\".migrations");
    let there = client.query_one("select to_regclass($1) is not null", &[&table]).await.map_err(fault)?;
    if !there.get::<_, bool>(0) {
        return Ok(None);
    }
    Ok(client.query_one("select max(number) from migrations", &[]).await.map_err(fault)?.get(0))
}

async fn check_sums(client: &Object) -> Result<()> {
    for row in client.query("select number, checksum from migrations", &[]).await.map_err(fault)? {
        let (number, applied): (i64, Vec<u8>) = (row.get(0), row.get(1));
        match MIGRATIONS.iter().find(|migration| migration.0 == number) {
            None => {
                return Err(StoreError::fault("the store was written by a newer version of this program"));
            }
            Some((_, _, sql)) if Digest::of(sql.as_bytes()).0[..] != applied[..] => {
                return Err(StoreError::fault(format!("migration {number} differs from the applied one")));
            }
            Some(_) => {}
        }
    }
    Ok(())
}
