//! Who may read what a case says to its applicant: the applicant, by account or by the browser's key, and officers who
//! have to do with it; and whoever acts for the applicant with consent.

use office::{By, OfficeError, OpenedCase};

use crate::app::App;
use crate::fault::Failure;
use crate::public::visitor::Guest;
use crate::shell::Shell;

/// The case, for whoever may read it. Strangers are told that there is no such case, officers that it is not theirs.
pub async fn case<'a>(
    app: &App,
    shell: &'a Shell,
    guest: &'a Guest,
    number: &str,
) -> Result<OpenedCase<'a>, Failure> {
    let Some(viewer) = shell.viewer.as_ref().filter(|viewer| viewer.is_officer()) else {
        return guest.case(app, shell, number).await;
    };
    match app.office.case_for_officer(number, viewer).await {
        Err(OfficeError::Denied) => {
            let id = app.office.case_by_number(number).await?;
            let entrusted = app.office.open_case(id, vec![By::Agent(viewer)]).await;
            entrusted.map_err(|_| OfficeError::Denied.into())
        }
        opened => Ok(opened?),
    }
}
