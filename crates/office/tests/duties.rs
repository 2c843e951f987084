//! 三员分立: three duties of administration in three hands, and a trail that nobody changes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use office::{
    AccountId, Clock as _, Duty, FactorSecret, Ground, NewAccount, NotPossible, OfficeError, Standing,
    TrailFilter, Viewer,
};
use support::Zone;

fn denied<T: std::fmt::Debug>(answer: office::Result<T>) {
    assert!(matches!(answer, Err(OfficeError::Denied)), "{answer:?}");
}

fn refused<T: std::fmt::Debug>(answer: office::Result<T>, reason: NotPossible) {
    assert!(matches!(answer, Err(OfficeError::NotPossible(why)) if why == reason), "{answer:?}");
}

fn new(login: &str) -> NewAccount {
    NewAccount {
        login: login.into(),
        password: "long enough 8".into(),
        name: "某".into(),
        phone: String::new(),
        standing: Standing::Officer,
        roles: Vec::new(),
    }
}

async fn seen(zone: &Zone, id: AccountId) -> Viewer {
    zone.office.viewer(id).await.unwrap().unwrap()
}

/// A zone whose first administrator has appointed the three.
async fn apart(seed: u64) -> (Zone, Viewer, [Viewer; 3]) {
    let zone = Zone::open(seed).await;
    let founder = zone.account("founder", Standing::Administrator, Vec::new()).await;
    let mut three = Vec::new();
    for (login, duty) in ["wang-system", "li-security", "zhao-audit"].into_iter().zip(Duty::ALL) {
        let id = zone.office.open_staff_account(new(login), &founder).await.unwrap();
        assert!(!zone.office.duties_apart().await.unwrap());
        zone.office.set_duty(id, Some(duty), &founder).await.unwrap();
        three.push(seen(&zone, id).await);
    }
    let founder = seen(&zone, founder.id).await;
    (zone, founder, three.try_into().unwrap())
}

#[tokio::test]
async fn each_duty_does_its_part_and_nothing_of_the_others() {
    let (zone, founder, [system, security, audit]) = apart(111).await;
    let office = &zone.office;
    assert!(office.duties_apart().await.unwrap());
    assert!(Duty::ALL.iter().all(|duty| !founder.has_duty(*duty)), "who set the zone up has nothing left");
    let role = zone.office.edition().parts().roles.keys().next().unwrap().clone();
    let clerk = office.open_staff_account(new("clerk"), &system).await.unwrap();
    let with_roles = NewAccount { roles: vec![role.clone()], ..new("sly") };
    denied(office.open_staff_account(with_roles, &system).await);
    let mighty = NewAccount { standing: Standing::SecurityAdministrator, ..new("sly") };
    denied(office.open_staff_account(mighty, &system).await);
    denied(
        office
            .open_staff_account(NewAccount { standing: Standing::Administrator, ..new("sly") }, &system)
            .await,
    );
    for other in [&security, &audit, &founder] {
        denied(office.open_staff_account(new("sly"), other).await);
        denied(office.set_account_open(clerk, false, other).await);
        denied(office.reset_password(clerk, "another one 9", other).await);
        denied(office.hold_pack(Vec::new(), other).await);
    }
    for other in [&system, &audit, &founder] {
        denied(office.set_roles(clerk, vec![role.clone()], other).await);
        denied(office.set_duty(clerk, Some(Duty::Audit), other).await);
        denied(office.reset_factor(clerk, other).await);
        denied(office.forget_person("clerk", Ground::Unlawful, office::WithinPeriod::Refuse, other).await);
    }
    office.set_roles(clerk, vec![role], &security).await.unwrap();
    for other in [&system, &security, &founder, &zone.officers[0]] {
        denied(office.trail(&TrailFilter::default(), 10, None, other).await);
    }
    // Nobody administers themselves, nobody decides cases besides, and no duty is left alone.
    denied(office.set_duty(security.id, Some(Duty::System), &security).await);
    denied(office.set_roles(audit.id, Vec::new(), &security).await);
    refused(office.set_duty(clerk, Some(Duty::Audit), &security).await, NotPossible::DutyAndRoles);
    refused(office.set_duty(audit.id, None, &security).await, NotPossible::DutyLast);
    refused(office.set_account_open(audit.id, false, &system).await, NotPossible::DutyHeld);
    let second = office.open_staff_account(new("second"), &system).await.unwrap();
    office.set_duty(second, Some(Duty::Audit), &security).await.unwrap();
    office.set_duty(audit.id, None, &security).await.unwrap();
    assert!(!seen(&zone, audit.id).await.has_any_duty());
    office.set_account_open(audit.id, false, &system).await.unwrap();
    let somebody = zone.applicant("somebody").await;
    denied(office.set_duty(somebody.id, Some(Duty::Audit), &security).await);
}

#[tokio::test]
async fn no_administrator_comes_in_as_another() {
    let (zone, _, [system, security, _]) = apart(112).await;
    let office = &zone.office;
    refused(office.reset_password(security.id, "another one 9", &system).await, NotPossible::DutyUnguarded);
    let key = office.begin_factor(security.id).await.unwrap().key;
    let code = FactorSecret::from_base32(&key).unwrap().code_at(zone.clock.now());
    office.confirm_factor(security.id, &code).await.unwrap();
    // With a second factor that the system administrator cannot take away, a new password opens nothing.
    office.reset_password(security.id, "another one 9", &system).await.unwrap();
    denied(office.reset_factor(security.id, &system).await);
    let begun =
        office.begin_sign_in("li-security", "another one 9", &office::Visit::default()).await.unwrap();
    assert!(matches!(begun, office::SignedIn::Code(_)), "{begun:?}");
}

#[tokio::test]
async fn the_trail_says_who_did_what_and_is_computed_from_the_journal() {
    let (zone, founder, [system, security, audit]) = apart(113).await;
    let office = &zone.office;
    let clerk = office.open_staff_account(new("clerk"), &system).await.unwrap();
    let role = zone.office.edition().parts().roles.keys().next().unwrap().clone();
    office.set_roles(clerk, vec![role.clone()], &security).await.unwrap();
    office.sign_in("clerk", "wrong wrong").await.unwrap_err();
    office.sign_in("founder", "long enough 8").await.unwrap();
    let all = office.trail(&TrailFilter::default(), 100, None, &audit).await.unwrap().0;
    let one =
        |kind: &str| all.iter().find(|line| line.kind == kind).unwrap_or_else(|| panic!("{kind}: {all:#?}"));
    assert_eq!(one("roles-set").actor, security.id.to_string());
    assert_eq!(one("roles-set").stream, clerk.to_string());
    assert!(one("roles-set").body.contains(role.as_str()));
    assert_eq!(one("sign-in-refused").actor, clerk.to_string());
    assert_eq!(one("signed-in").actor, founder.id.to_string());
    assert_eq!(one("duties-apart").actor, founder.id.to_string());
    let by_system = TrailFilter { actor: Some(system.id.to_string()), ..TrailFilter::default() };
    let lines = office.trail(&by_system, 100, None, &audit).await.unwrap().0;
    assert!(!lines.is_empty() && lines.iter().all(|line| line.actor == system.id.to_string()));
    let (first, next) = office.trail(&TrailFilter::default(), 3, None, &audit).await.unwrap();
    let (then, _) = office.trail(&TrailFilter::default(), 3, next, &audit).await.unwrap();
    assert_eq!([first, then].concat(), all[..6], "pages follow each other");
    let before = support::views(office).await;
    office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(support::views(office).await, before);
    assert!(office.audit().await.unwrap().is_clean());
}

#[tokio::test]
async fn whoever_has_the_machine_appoints_again_when_nobody_can_sign_in() {
    let (zone, _, [_, security, _]) = apart(114).await;
    let office = &zone.office;
    let appointed = office.appoint(Duty::Security, "li-security").await.unwrap();
    assert_eq!(appointed.account, security.id);
    let visit = office::Visit::default();
    let begun = office.begin_sign_in("li-security", &appointed.first_password, &visit).await.unwrap();
    assert!(matches!(begun, office::SignedIn::Password(_)), "{begun:?}");
    let fresh = office.appoint(Duty::System, "sun-system").await.unwrap();
    assert!(seen(&zone, fresh.account).await.has_duty(Duty::System));
    refused(office.appoint(Duty::Audit, "li-security").await, NotPossible::DutyLast);
    let somebody = zone.applicant("somebody").await;
    refused(office.appoint(Duty::Audit, &somebody.login).await, NotPossible::DutyAndRoles);
    let trail = office.store().read_all(store::Position::START, 10_000).await.unwrap();
    assert!(trail.iter().any(|event| event.kind == "password-given" && &*event.actor == "system"));
}

/// Events of zones that began before the duties were apart are read for ever.
#[tokio::test]
async fn administrators_of_old_keep_every_duty_until_the_three_are_there() {
    let zone = Zone::open(115).await;
    let keeper = zone.account("keeper", Standing::Administrator, Vec::new()).await;
    let events = zone.office.store().read_all(store::Position::START, 100).await.unwrap();
    let opened = events.iter().rfind(|event| event.kind == "account-opened").unwrap();
    let body = store::as_appended(&opened.body);
    let said = String::from_utf8_lossy(&body);
    assert!(said.ends_with(r#","standing":"administrator","roles":[]}"#), "{said}");
    assert!(Duty::ALL.iter().all(|duty| keeper.has_duty(*duty)));
}
