//! Who may read what a case says to its applicant: the applicant, by account or by the browser's key, and officers who
//! have to do with it; and whoever acts for the applicant with consent.

use axum::http::HeaderMap;
use office::{AccessKey, By, LoadedCase, OfficeError};

use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Shell, cookie};

const KEY_COOKIE: &str = "yc_key";

/// The case, for whoever may read it. Strangers are told that there is no such case.
pub async fn case(
    app: &App,
    shell: &Shell,
    headers: &HeaderMap,
    number: &str,
) -> Result<LoadedCase, Failure> {
    let acts_for = shell.viewer.as_ref().filter(|viewer| !viewer.is_administrator()).map(By::Agent);
    if let Some(viewer) = shell.viewer.as_ref().filter(|viewer| viewer.is_officer()) {
        match app.office.case_for_officer(number, viewer).await {
            Err(OfficeError::Denied) => {
                let loaded = app.office.load_case(app.office.case_by_number(number).await?).await?;
                let entrusted = app.office.actor_in(loaded.id, &loaded.case, By::Agent(viewer)).await;
                return entrusted.map(|_| loaded).map_err(|_| OfficeError::Denied.into());
            }
            found => return Ok(found?),
        }
    }
    let loaded = app.office.load_case(app.office.case_by_number(number).await?).await?;
    let key = cookie(headers, KEY_COOKIE).map(|text| AccessKey(text.to_owned()));
    let viewer = shell.viewer.as_ref().filter(|viewer| viewer.is_applicant()).map(By::Viewer);
    for by in viewer.into_iter().chain(key.as_ref().map(By::Guest)).chain(acts_for) {
        match app.office.actor_in(loaded.id, &loaded.case, by).await {
            Ok(_) => return Ok(loaded),
            Err(OfficeError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Failure::NotFound)
}
