//! Declared views as tables.

mod find;
mod gather;
mod layout;
mod rebuild;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use store::{Result, StoreError, ViewSchema};

pub(crate) use self::find::{Question, page, page_of, row, row_of, tally, tally_of};
pub(crate) use self::gather::{Gathered, Wish};
pub(crate) use self::layout::View;
pub(crate) use self::rebuild::{
    Begun, abandon, advance, begin, compare, declare, digest, finish, name_lock, use_lock,
};
use crate::value::fault;

/// The views as this process declared them, in the generations that the database has.
#[derive(Debug, Clone, Default)]
pub(crate) struct ViewSet {
    pub(crate) views: HashMap<String, Arc<View>>,
    /// Views that another node has since declared differently.
    foreign: Vec<ViewSchema>,
    /// The value of `journal.views` for which this set is right.
    pub(crate) epoch: i64,
}

impl ViewSet {
    pub(crate) fn find(&self, name: &str) -> Result<&Arc<View>> {
        if let Some(view) = self.views.get(name) {
            return Ok(view);
        }
        if self.foreign.iter().any(|schema| schema.table == name) {
            return Err(StoreError::fault(format!("another node has declared view {name} otherwise")));
        }
        Err(StoreError::malformed(format!("no view is named {name}")))
    }

    /// The same declarations with the tables that are live now.
    pub(crate) async fn refreshed(&self, client: &impl deadpool_postgres::GenericClient) -> Result<Self> {
        // One statement, so one snapshot: the epoch belongs to the generations.
        let sql = "select j.views, v.name, v.digest, v.generation from journal j left join views v on true";
        let rows = client.query(sql, &[]).await.map_err(fault)?;
        let mut now = Self { epoch: rows.first().map_or(0, |row| row.get(0)), ..Self::default() };
        let schemas = self.views.values().map(|view| &view.schema).chain(&self.foreign);
        for schema in schemas {
            let kept = rows.iter().find(|row| {
                row.get::<_, Option<&str>>(1) == Some(&schema.table)
                    && row.get::<_, Option<&[u8]>>(2) == Some(&schema.digest().0)
            });
            match kept {
                Some(row) => {
                    let view = View::new(schema.clone(), row.get(3));
                    now.views.insert(schema.table.clone(), Arc::new(view));
                }
                None => now.foreign.push(schema.clone()),
            }
        }
        Ok(now)
    }
}

/// The live views as queries see them.
#[derive(Debug, Default)]
pub(crate) struct LivingViews(RwLock<ViewSet>);

impl LivingViews {
    pub(crate) fn publish(&self, set: ViewSet) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = set;
    }

    pub(crate) fn all(&self) -> ViewSet {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn find(&self, name: &str) -> Result<Arc<View>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).find(name).cloned()
    }
}
