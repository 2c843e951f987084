//! Checks that only this adapter can make: links between tables, files, and server settings that risk
//! durability.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use store::{Digest, Result, StoreError};
use uuid::Uuid;

use crate::connect::Connections;
use crate::read::{each, texts};
use crate::value::fault;

/// The most findings of one kind that are reported.
const TOLD_MAX: usize = 100;

pub(crate) async fn self_check(connections: &Connections) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (what, sql) in LINKS {
        let found = texts(connections, &format!("{sql} limit {TOLD_MAX}"), &[]).await?;
        findings.extend(found.into_iter().map(|place| format!("{what}: {place}")));
    }
    findings.extend(check_blobs(connections).await?);
    Ok(findings)
}

/// Each query finds rows of one table that contradict another; each runs in a snapshot of its own.
const LINKS: &[(&str, &str)] = &[
    (
        "a position is missing before",
        "select position::text from
         (select position, lag(position, 1, 0::bigint) over (order by position) as before from events) e
         where position <> before + 1",
    ),
    (
        "the journal does not know its last event",
        "select j.last::text from journal j
         where j.last <> (select coalesce(max(position), 0) from events)",
    ),
    (
        "a stream does not know its last event",
        "select s.name from streams s left join events e on e.stream = s.first and e.version = s.version
         where e.position is null or e.hash <> s.head",
    ),
    (
        "a stream does not begin with its first event",
        "select s.name from streams s left join events e on e.position = s.first
         where e.position is null or e.stream <> s.first or e.version <> 1",
    ),
    (
        "an event belongs to no stream, position",
        "select e.position::text from events e
         where not exists (select 1 from streams s where s.first = e.stream and s.version >= e.version)",
    ),
    (
        "a file has no owner's row but a link",
        "select encode(o.digest, 'hex') from blob_owners o
         where not exists (select 1 from blobs b where b.digest = o.digest)",
    ),
    (
        "the server may lose what it acknowledged, setting",
        "select name from pg_settings
         where name in ('fsync', 'full_page_writes') and setting = 'off'",
    ),
];

/// Reads all files and compares their digests.
async fn check_blobs(connections: &Connections) -> Result<Vec<String>> {
    let client = connections.get().await.map_err(|trouble| StoreError::fault(format!("{trouble:?}")))?;
    let mut names: BTreeMap<Uuid, Digest> = BTreeMap::new();
    each(&client, "select upload, digest from blobs", &[], |row| {
        names.insert(row.try_get(0).map_err(fault)?, crate::value::to_digest(row, 1)?);
        Ok(())
    })
    .await?;
    let mut findings = Vec::new();
    let mut under_way: Option<(Uuid, Sha256)> = None;
    let mut seen = std::collections::BTreeSet::new();
    let mut end = |file: Option<(Uuid, Sha256)>| {
        let Some((upload, hasher)) = file else { return };
        seen.insert(upload);
        if let Some(name) = names.get(&upload)
            && Digest(hasher.finalize().into()) != *name
        {
            findings.push(format!("file {name} was changed"));
        }
    };
    each(&client, "select upload, piece from blob_pieces order by upload, number", &[], |row| {
        let upload: Uuid = row.try_get(0).map_err(fault)?;
        if under_way.as_ref().is_none_or(|(before, _)| *before != upload) {
            end(under_way.take());
            under_way = Some((upload, Sha256::new()));
        }
        if let Some((_, hasher)) = &mut under_way {
            hasher.update(row.try_get::<_, &[u8]>(1).map_err(fault)?);
        }
        Ok(())
    })
    .await?;
    end(under_way.take());
    let missing = names.iter().filter(|(upload, _)| !seen.contains(*upload));
    let missing: Vec<String> = missing.map(|(_, name)| format!("file {name} has no pieces")).collect();
    findings.extend(missing);
    findings.truncate(TOLD_MAX);
    Ok(findings)
}
