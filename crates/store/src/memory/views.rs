//! Views as ordered maps.

use std::collections::BTreeMap;

use crate::{
    Cell, Condition, Digest, Page, Position, RebuildEnd, RebuiltView, Result, Row, RowsDigest, StoreError,
    TallyRow, ViewChange, ViewQuery, ViewSchema, ViewTally, matching,
};

#[derive(Debug, Clone)]
struct Table {
    schema: ViewSchema,
    rows: BTreeMap<Vec<Cell>, Row>,
    stale: bool,
}

type Tables = BTreeMap<String, Table>;

#[derive(Debug, Clone, Default)]
pub(super) struct Views {
    living: Tables,
    rebuilt: Option<(Position, Tables)>,
}

fn find<'a>(tables: &'a Tables, name: &str) -> Result<&'a Table> {
    tables.get(name).ok_or_else(|| StoreError::malformed(format!("no view is named {name}")))
}

impl Views {
    pub(super) fn declare(&mut self, schemas: Vec<ViewSchema>, head: Position) -> Result<Vec<String>> {
        for schema in &schemas {
            schema.check()?;
        }
        let mut before = std::mem::take(&mut self.living);
        let mut changed = before.len() != schemas.len();
        for schema in schemas {
            let table = match before.remove(&schema.table) {
                Some(table) if table.schema.digest() == schema.digest() => table,
                _ => {
                    changed = true;
                    Table { schema, rows: BTreeMap::new(), stale: head > Position::START }
                }
            };
            self.living.insert(table.schema.table.clone(), table);
        }
        if changed {
            self.rebuilt = None;
        }
        Ok(self.living.values().filter(|table| table.stale).map(|table| table.schema.table.clone()).collect())
    }

    pub(super) fn check(&self, change: &ViewChange) -> Result<()> {
        change.check(&find(&self.living, change.table())?.schema)
    }

    /// Applies a change that the caller has checked.
    pub(super) fn apply(&mut self, change: ViewChange) {
        apply(&mut self.living, change);
    }

    pub(super) fn row(&self, table: &str, key: &[Cell]) -> Result<Option<Row>> {
        let table = find(&self.living, table)?;
        table.schema.check_key(key)?;
        Ok(table.rows.get(key).cloned())
    }

    pub(super) fn page(&self, query: &ViewQuery) -> Result<Page> {
        let table = find(&self.living, &query.table)?;
        matching::page(&table.schema, table.rows.values(), query)
    }

    pub(super) fn tally(&self, tally: &ViewTally) -> Result<Vec<TallyRow>> {
        let table = find(&self.living, &tally.table)?;
        matching::tally(&table.schema, table.rows.values(), tally)
    }

    pub(super) fn digest(&self, table: &str) -> Result<Digest> {
        digest(&self.living, table)
    }

    pub(super) fn rebuild_begin(&mut self) -> Position {
        let blank = || {
            let emptied = |table: &Table| Table { rows: BTreeMap::new(), stale: false, ..table.clone() };
            (
                Position::START,
                self.living.iter().map(|(name, table)| (name.clone(), emptied(table))).collect(),
            )
        };
        self.rebuilt.get_or_insert_with(blank).0
    }

    pub(super) fn rebuild_apply(&mut self, changes: Vec<ViewChange>, up_to: Position) -> Result<()> {
        let Some((reached, tables)) = &mut self.rebuilt else {
            return Err(StoreError::malformed("no rebuild is under way"));
        };
        for change in &changes {
            change.check(&find(tables, change.table())?.schema)?;
        }
        changes.into_iter().for_each(|change| apply(tables, change));
        *reached = up_to;
        Ok(())
    }

    pub(super) fn rebuild_compare(
        &self,
        tables: &[String],
        head: Position,
    ) -> Result<Option<Vec<RebuiltView>>> {
        let Some((reached, rebuilt)) = &self.rebuilt else {
            return Err(StoreError::malformed("no rebuild is under way"));
        };
        if *reached != head {
            return Ok(None);
        }
        let views = tables.iter().map(|table| {
            let (before, after) = (digest(&self.living, table)?, digest(rebuilt, table)?);
            Ok(RebuiltView { table: table.clone(), before, after })
        });
        views.collect::<Result<_>>().map(Some)
    }

    pub(super) fn rebuild_finish(&mut self, head: Position) -> Result<RebuildEnd> {
        match self.rebuilt.take() {
            None => Err(StoreError::malformed("no rebuild is under way")),
            Some((reached, tables)) if reached == head => {
                self.living = tables;
                Ok(RebuildEnd::Swapped)
            }
            Some((reached, tables)) => {
                self.rebuilt = Some((reached, tables));
                Ok(RebuildEnd::Behind(reached))
            }
        }
    }

    pub(super) fn rebuild_abandon(&mut self) {
        self.rebuilt = None;
    }
}

fn digest(tables: &Tables, table: &str) -> Result<Digest> {
    let mut digest = RowsDigest::default();
    find(tables, table)?.rows.values().for_each(|row| digest.add(row));
    Ok(digest.finish())
}

fn apply(tables: &mut Tables, change: ViewChange) {
    let Some(Table { schema, rows, .. }) = tables.get_mut(change.table()) else { return };
    match change {
        ViewChange::Upsert { row, .. } => {
            rows.insert(schema.key_of(&row), row);
        }
        ViewChange::Delete { key, .. } => {
            rows.remove(&key);
        }
        ViewChange::DeleteWhere { column, value, .. } => {
            let condition = Condition::Eq(column, value);
            rows.retain(|_, row| !matching::holds(&condition, schema, row));
        }
        ViewChange::Add { key, amounts, .. } => {
            let row = rows.entry(key.clone()).or_insert_with(|| schema.blank_row(&key));
            for (name, amount) in amounts {
                let Some(place) = schema.place(&name) else { continue };
                let sum = row.integer(place).unwrap_or(0).saturating_add(amount);
                row.0[place] = Cell::Integer(sum);
            }
        }
    }
}
