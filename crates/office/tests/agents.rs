//! Whoever acts for an applicant stands on the applicant's side of the table.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use casework::Doer;
use office::{By, Entrusted, NotPossible, OfficeError, Standing};
use support::Zone;

#[tokio::test]
async fn an_agent_who_is_given_a_post_takes_no_step_in_the_case() {
    let zone = Zone::open(61).await;
    let keeper = zone.account("keeper", Standing::Administrator, Vec::new()).await;
    let owner = zone.applicant("owner").await;
    let submitted = zone.apply(&zone.services()[0], false, By::Viewer(&owner)).await.unwrap();
    let task = zone.tasks(submitted.id).await.remove(0);
    let Doer::Role { role, .. } = &task.by else { panic!("somebody accepts: {task:?}") };
    let helper = zone.account("helper", Standing::Officer, Vec::new()).await;
    let what = Entrusted::Case(submitted.id);
    zone.office.allow_agent(what, "helper", &helper.name, 10, By::Viewer(&owner)).await.unwrap();
    zone.office.set_roles(helper.id, vec![role.clone()], &keeper).await.unwrap();
    let helper = zone.office.viewer(helper.id).await.unwrap().unwrap();
    for ended in [false, true] {
        if ended {
            zone.office.end_consent(what, helper.id, By::Viewer(&owner)).await.unwrap();
        }
        let taken = zone.office.act(submitted.id, zone.act_for(&task), By::Viewer(&helper), None).await;
        assert!(
            matches!(taken, Err(OfficeError::NotPossible(NotPossible::AgentsApplication))),
            "ended: {ended}: {taken:?}"
        );
    }
    zone.office.act(submitted.id, zone.act_for(&task), By::Viewer(&zone.officers[1]), None).await.unwrap();
}
