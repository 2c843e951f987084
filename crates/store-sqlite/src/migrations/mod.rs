//! Numbered changes of the schema. A released file is never edited: its checksum is stored with the data.

use rusqlite::{Connection, OptionalExtension, params};
use store::{Digest, Result, StoreError};

use crate::fault;

const MIGRATIONS: &[(u32, &str, &str)] = &[
    (1, "journal", include_str!("0001_journal.sql")),
    (2, "keeping", include_str!("0002_keeping.sql")),
    (3, "views", include_str!("0003_views.sql")),
    (4, "redo", include_str!("0004_redo.sql")),
];

/// Brings the schema up to date, each migration in its own transaction.
pub(crate) fn migrate(connection: &mut Connection) -> Result<()> {
    connection
        .execute_batch(
            "create table if not exists migrations
             (number integer primary key, name text not null, checksum blob not null) strict",
        )
        .map_err(fault)?;
    let newest: Option<u32> =
        connection.query_row("select max(number) from migrations", [], |row| row.get(0)).map_err(fault)?;
    let known = MIGRATIONS.last().map_or(0, |migration| migration.0);
    if newest.is_some_and(|newest| newest > known) {
        return Err(newer());
    }
    for (number, name, sql) in MIGRATIONS {
        let checksum = Digest::of(sql.as_bytes());
        let applied: Option<[u8; 32]> = connection
            .query_row("select checksum from migrations where number = $1", [number], |row| row.get(0))
            .optional()
            .map_err(fault)?;
        match applied {
            Some(applied) if applied == checksum.0 => {}
            Some(_) => {
                return Err(StoreError::fault(format!("migration {number} differs from the applied one")));
            }
            None => {
                let transaction = connection.transaction().map_err(fault)?;
                transaction.execute_batch(sql).map_err(fault)?;
                transaction
                    .execute("insert into migrations values ($1, $2, $3)", params![number, name, checksum.0])
                    .map_err(fault)?;
                transaction.commit().map_err(fault)?;
            }
        }
    }
    Ok(())
}

/// How a store's schema compares with this program's, found without changing anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Not one of our stores.
    None,
    Older,
    Current,
}

/// # Errors
/// When a newer version of the program wrote it, and faults of the disk.
pub(crate) fn standing(connection: &Connection) -> Result<Standing> {
    let sql = "select exists (select 1 from sqlite_schema where type = 'table' and name = 'migrations')";
    if !connection.query_row(sql, [], |row| row.get(0)).map_err(fault)? {
        return Ok(Standing::None);
    }
    let newest: Option<u32> =
        connection.query_row("select max(number) from migrations", [], |row| row.get(0)).map_err(fault)?;
    let known = MIGRATIONS.last().map_or(0, |migration| migration.0);
    match newest {
        None => Ok(Standing::None),
        Some(newest) if newest > known => Err(newer()),
        Some(newest) if newest < known => Ok(Standing::Older),
        Some(_) => Ok(Standing::Current),
    }
}

fn newer() -> StoreError {
    StoreError::fault("the store was written by a newer version of this program")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edited_migration_is_noticed() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        connection.execute("update migrations set checksum = zeroblob(32) where number = 2", []).unwrap();
        assert!(migrate(&mut connection).unwrap_err().to_string().contains("migration 2"));
    }

    #[test]
    fn a_newer_store_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        connection.execute("insert into migrations values (9999, 'later', zeroblob(32))", []).unwrap();
        assert!(migrate(&mut connection).unwrap_err().to_string().contains("newer"));
    }
}
