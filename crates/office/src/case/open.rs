//! Opening a case for somebody: the proof that they may see it, which what reads the case's papers asks for.

use std::ops::Deref;

use crate::case::{By, CaseId, LoadedCase};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

/// A case, for somebody who may see it. Only the office makes one.
#[derive(Debug)]
pub struct OpenedCase<'a> {
    loaded: LoadedCase,
    /// As whom it opened.
    pub by: By<'a>,
}

impl Deref for OpenedCase<'_> {
    type Target = LoadedCase;

    fn deref(&self) -> &LoadedCase {
        &self.loaded
    }
}

impl<'a> OpenedCase<'a> {
    /// Whoever calls this has seen that `by` may.
    pub(crate) const fn let_in(loaded: LoadedCase, by: By<'a>) -> Self {
        Self { loaded, by }
    }
}

impl OpenedCase<'_> {
    /// The case alone, for whoever shows no more than it says.
    pub fn into_loaded(self) -> LoadedCase {
        self.loaded
    }
}

impl Office {
    /// Opens a case to the first of these that it opens to. Other people's cases do not exist.
    pub async fn open_case<'a>(&self, id: CaseId, ways: Vec<By<'a>>) -> Result<OpenedCase<'a>> {
        if ways.is_empty() {
            return Err(OfficeError::NotFound);
        }
        let loaded = self.load_case(id).await?;
        let mut refused = OfficeError::NotFound;
        for by in ways {
            match self.actor_in(id, &loaded.case, by).await {
                Ok(_) => return Ok(OpenedCase::let_in(loaded, by)),
                Err(OfficeError::NotFound) => {}
                // Another way may open all.
                Err(error @ OfficeError::NotPossible(NotPossible::ProgressOnly)) => refused = error,
                Err(error) => return Err(error),
            }
        }
        Err(refused)
    }
}
