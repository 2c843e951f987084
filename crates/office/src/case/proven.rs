//! Whose case a number is. Numbers of cases run in sequence and stand on letters that lie about, so that knowing one shows
//! nothing: what comes with a number of a case (a place further ahead, a call-back about a rating) is for whoever may open the
//! case wholly, shows the code of its receipt, or works at the window.

use catalogue::HallId;
use store::Batch;

use crate::account::Viewer;
use crate::case::receipt::Proof;
use crate::case::{By, CaseId};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

impl Office {
    /// The case that somebody names for something in a hall: theirs, as they show. `code` is the one of its receipt.
    ///
    /// # Errors
    /// `CaseUnproved` alike for a number that does not exist, one that is somebody else's, and a wrong code; `Wait` when too
    /// many codes were wrong, from there or in the whole hall.
    pub async fn own_case(
        &self,
        number: &str,
        code: &str,
        by: By<'_>,
        hall: Option<&HallId>,
    ) -> Result<(CaseId, String)> {
        let (id, number, _) = self.own_case_of(number, code, &[by], hall).await?;
        Ok((id, number))
    }

    /// As [`Office::own_case`], for somebody who may come in several ways; with the one as which it is theirs, none where the code
    /// alone shows it.
    pub(crate) async fn own_case_of<'a>(
        &self,
        number: &str,
        code: &str,
        ways: &[By<'a>],
        hall: Option<&HallId>,
    ) -> Result<(CaseId, String, Option<By<'a>>)> {
        let unproved = || OfficeError::from(NotPossible::CaseUnproved);
        let number = identifier::CaseNumber::parse(number).map_err(|_| unproved())?.to_string();
        let found = match self.case_numbered(&number).await {
            Ok(id) => Some(id),
            Err(OfficeError::NotFound) => None,
            Err(error) => return Err(error),
        };
        if let Some(id) = found {
            for by in ways {
                if self.is_theirs(id, &number, *by).await? {
                    return Ok((id, number, Some(*by)));
                }
            }
        }
        let Some(proof @ Proof::Receipt(_)) = Proof::read(code) else { return Err(unproved()) };
        let attempt = self.attempt_code(&proof, &number, hall).await?;
        let shown = match (found, &proof) {
            (Some(id), Proof::Receipt(code)) => self.is_code_of(id, code).await?,
            _ => false,
        };
        let Some(id) = found.filter(|_| shown) else { return Err(unproved()) };
        let mut batch = Batch::new(self.now());
        batch.changes.extend(attempt.forgive());
        self.store().commit(batch).await?;
        Ok((id, number, None))
    }

    /// As [`Office::own_case`], where a number is named at all: as it is kept.
    pub(crate) async fn own_case_number(
        &self,
        number: &str,
        code: &str,
        by: By<'_>,
        hall: Option<&HallId>,
    ) -> Result<String> {
        if number.trim().is_empty() {
            return Ok(String::new());
        }
        Ok(self.own_case(number, code, by, hall).await?.1)
    }

    async fn is_theirs(&self, id: CaseId, number: &str, by: By<'_>) -> Result<bool> {
        let clerk = |viewer: &Viewer| {
            let edition = self.edition();
            viewer.works_at_window(&edition) || viewer.runs_halls(&edition)
        };
        let ways = match by {
            // Machines act as the office, and know nobody.
            By::System => return Ok(false),
            By::Viewer(viewer) if viewer.is_officer() => {
                return match self.case_for_officer(number, viewer).await {
                    Ok(_) => Ok(true),
                    Err(OfficeError::Denied) => Ok(clerk(viewer)),
                    Err(error) => Err(error),
                };
            }
            By::Viewer(viewer) => vec![by, By::Agent(viewer)],
            By::Agent(_) | By::Guest(_) => vec![by],
        };
        match self.open_case(id, ways).await {
            Ok(opened) => Ok(opened.whole().is_ok()),
            Err(OfficeError::NotFound | OfficeError::Denied) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
