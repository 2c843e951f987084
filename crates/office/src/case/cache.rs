//! Cases that were loaded lately. Every load still asks the store what came after, so a stale copy is never acted on;
//! only the reading of old events is spared.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use casework::Case;
use store::Version;

use crate::case::CaseId;
use crate::case::wire::OfficeEvent;
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

/// Two generations: what was not asked for while the younger filled up is forgotten.
#[derive(Debug)]
pub struct CaseCache {
    generations: Mutex<Generations>,
    each_max: usize,
}

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<CaseId, Kept>,
    old: HashMap<CaseId, Kept>,
}

impl CaseCache {
    pub fn new(each_max: usize) -> Self {
        Self { generations: Mutex::default(), each_max }
    }

    pub fn get(&self, id: CaseId) -> Option<Kept> {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = generations.young.get(&id) {
            return Some(kept.clone());
        }
        let kept = generations.old.remove(&id)?;
        generations.young.insert(id, kept.clone());
        Some(kept)
    }

    pub fn put(&self, id: CaseId, kept: Kept) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have come further meanwhile.
        if generations.young.get(&id).is_some_and(|known| known.version > kept.version) {
            return;
        }
        if generations.young.len() >= self.each_max {
            generations.old = std::mem::take(&mut generations.young);
        }
        generations.young.insert(id, kept);
    }
}
