//! Declared views as tables.

mod behind;
mod find;
mod layout;
mod rebuild;
mod write;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use store::{Result, StoreError};

pub(crate) use self::behind::Behind;
pub(crate) use self::find::{digest, page, row, tally};
pub(crate) use self::layout::View;
pub(crate) use self::rebuild::{Next, abandon, advance, begin, declare, digests, finish, next_views, sweep};
pub(crate) use self::write::apply;

/// The views of one generation, by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct ViewSet(pub(crate) HashMap<String, Arc<View>>);

impl ViewSet {
    pub(crate) fn find(&self, name: &str) -> Result<&Arc<View>> {
        self.0.get(name).ok_or_else(|| StoreError::malformed(format!("no view is named {name}")))
    }
}

/// The live views as readers see them; the writer publishes them after its commit.
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
