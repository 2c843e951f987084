//! Cases that were loaded lately. Every load still asks the store what came after, so a stale copy is never acted on;
//! only the reading of old events is spared.

use std::sync::{Arc, Mutex, PoisonError};

use casework::Case;
use store::Version;

use crate::case::CaseId;
use crate::case::wire::OfficeEvent;
use crate::recent::Recent;
use crate::views::Rows;

/// A case as of a version of its stream.
#[derive(Clone, Debug)]
pub struct Kept {
    pub case: Arc<Case>,
    pub office_events: Arc<Vec<OfficeEvent>>,
    pub version: Version,
    /// The rows that people see of it, if they were computed for this version.
    pub rows: Option<Arc<Rows>>,
}

#[derive(Debug)]
pub struct CaseCache(Mutex<Recent<CaseId, Kept>>);

impl CaseCache {
    pub fn new(each_max: usize) -> Self {
        Self(Mutex::new(Recent::new(each_max)))
    }

    pub fn get(&self, id: CaseId) -> Option<Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    pub fn put(&self, id: CaseId, kept: Kept) {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have come further meanwhile.
        if recent.get(&id).is_some_and(|known| known.version > kept.version) {
            return;
        }
        recent.put(id, kept);
    }
}
