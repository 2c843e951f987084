//! Opening a case for somebody: the proof that they may see it, which what reads the case's papers asks for.

use std::ops::Deref;

use crate::case::access::Access;
use crate::case::{By, CaseId, LoadedCase};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

/// A case, for somebody who may see it. Only the office makes one.
#[derive(Debug)]
pub struct OpenedCase<'a> {
    loaded: LoadedCase,
    /// As whom it opened.
    pub by: By<'a>,
    /// How far.
    pub access: Access,
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
        Self { loaded, by, access: Access::Whole }
    }
}

impl OpenedCase<'_> {
    /// # Errors
    /// `ProgressOnly` where it opened only so far.
    pub fn whole(&self) -> Result<()> {
        match self.access {
            Access::Whole => Ok(()),
            Access::Progress => Err(NotPossible::ProgressOnly.into()),
        }
    }
}

impl Office {
    /// Opens a case to the first of these that it opens to wholly, else to the first to which it opens at all. Other people's
    /// cases do not exist.
    pub async fn open_case<'a>(&self, id: CaseId, ways: Vec<By<'a>>) -> Result<OpenedCase<'a>> {
        if ways.is_empty() {
            return Err(OfficeError::NotFound);
        }
        let loaded = self.load_case(id).await?;
        let mut lesser = None;
        for by in ways {
            match self.standing_in(id, &loaded.case, by).await {
                Ok((_, Access::Whole)) => return Ok(OpenedCase::let_in(loaded, by)),
                Ok((_, access)) => lesser = lesser.or(Some((by, access))),
                Err(OfficeError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        let (by, access) = lesser.ok_or(OfficeError::NotFound)?;
        Ok(OpenedCase { loaded, by, access })
    }
}
