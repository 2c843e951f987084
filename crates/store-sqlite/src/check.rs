//! Checks that only this adapter can make: the database file, the links between its tables, the files on
//! disk.

use std::path::Path;

use rusqlite::Connection;
use store::{Digest, Result};

use crate::blobs::{digest_of, place_in};
use crate::read::texts;
use crate::value::fault;

/// The most findings of one kind that are reported.
const TOLD_MAX: usize = 100;

/// Runs in one snapshot of settled tables, so that they must agree.
pub(crate) fn self_check(look: &Connection, blobs: &Path) -> Result<Vec<String>> {
    let mut findings: Vec<String> = texts(look, &format!("pragma integrity_check({TOLD_MAX})"), [])?;
    findings.retain(|line| line != "ok");
    for (what, sql) in LINKS {
        let sql = format!("{sql} limit {TOLD_MAX}");
        findings.extend(texts(look, &sql, [])?.into_iter().map(|place| format!("{what}: {place}")));
    }
    findings.extend(check_blobs(look, blobs)?);
    Ok(findings)
}

/// Each query finds rows of one table that contradict another.
const LINKS: &[(&str, &str)] = &[
    (
        "an event does not know the one before it, position",
        "select cast(e.position as text) from events e left join events p on p.position = e.previous
         where case when e.version = 1 then e.previous <> 0
               else p.position is null or p.stream <> e.stream or p.version <> e.version - 1 end",
    ),
    (
        "a position is missing before",
        "select cast(position as text) from
         (select position, lag(position, 1, 0) over (order by position) as before from events)
         where position <> before + 1",
    ),
    (
        "a stream does not know its last event",
        "select s.name from streams s left join events e on e.position = s.last
         where e.position is null or e.stream <> s.id or e.version <> s.version or e.hash <> s.head",
    ),
    (
        "a mark is not an event",
        "select m.stream || '/' || m.version from marks m left join events e on e.position = m.position
         where e.position is null or e.stream <> m.stream or e.version <> m.version or m.version % 64 <> 0",
    ),
    (
        "a mark is missing at position",
        "select cast(e.position as text) from events e
         where e.version % 64 = 0 and not exists
         (select 1 from marks m where m.stream = e.stream and m.version = e.version)",
    ),
];

fn check_blobs(connection: &Connection, folder: &Path) -> Result<Vec<String>> {
    let mut select = connection.prepare("select digest from blobs order by digest").map_err(fault)?;
    let mut rows = select.query([]).map_err(fault)?;
    let mut findings = Vec::new();
    while let Some(row) = rows.next().map_err(fault)? {
        let digest = Digest(row.get(0).map_err(fault)?);
        match digest_of(&place_in(folder, digest)) {
            Ok(found) if found == digest => {}
            Ok(_) => findings.push(format!("file {digest} was changed")),
            Err(error) => findings.push(format!("file {digest} cannot be read: {error}")),
        }
    }
    Ok(findings)
}
