//! Passwords: changed by whoever knows the old one, given for one step only by whoever does not.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use jiff::SignedDuration;
use office::{
    Clock as _, Entered, FactorSecret, NewAccount, NotPossible, OfficeError, SignedIn, Standing, Viewer,
    Visit,
};
use support::Zone;

const OLD: &str = "long enough 8";
const NEW: &str = "another one 9";

fn refused<T: std::fmt::Debug>(answer: Result<T, OfficeError>, reason: NotPossible) {
    assert!(matches!(answer, Err(OfficeError::NotPossible(why)) if why == reason), "{answer:?}");
}

async fn change(zone: &Zone, entered: &Entered, old: &str, new: &str, code: &str) -> office::Result<Entered> {
    let Entered { token, viewer, .. } = entered;
    zone.office.change_password(viewer, token, old, new, code, &Visit::default()).await
}

async fn enter(zone: &Zone, login: &str, password: &str) -> Entered {
    match zone.office.begin_sign_in(login, password, &Visit::default()).await.unwrap() {
        SignedIn::Entered(entered) => entered,
        other => panic!("{other:?}"),
    }
}

async fn staff(zone: &Zone, login: &str, by: &Viewer) -> office::Result<office::AccountId> {
    let new = NewAccount {
        login: login.into(),
        password: OLD.into(),
        name: "某".into(),
        phone: String::new(),
        standing: Standing::Officer,
        roles: Vec::new(),
    };
    zone.office.open_staff_account(new, by).await
}

#[tokio::test]
async fn a_password_is_changed_with_the_old_one_and_ends_every_other_session() {
    let zone = Zone::open(101).await;
    zone.applicant("somebody").await;
    let (here, there) = (enter(&zone, "somebody", OLD).await, enter(&zone, "somebody", OLD).await);
    refused(change(&zone, &here, "not the old one", NEW, "").await, NotPossible::WrongOldPassword);
    refused(change(&zone, &here, OLD, OLD, "").await, NotPossible::SamePassword);
    refused(change(&zone, &here, OLD, "短", "").await, NotPossible::WeakPassword);
    assert!(zone.office.session(&there.token).await.unwrap().is_some(), "nothing has changed yet");
    let after = change(&zone, &here, OLD, NEW, "").await.unwrap();
    assert!(zone.office.session(&there.token).await.unwrap().is_none());
    assert!(zone.office.session(&here.token).await.unwrap().is_none(), "the secret is a new one");
    assert!(zone.office.session(&after.token).await.unwrap().is_some());
    assert_eq!(zone.office.sessions(&after.viewer, &after.token).await.unwrap().len(), 1);
    refused(zone.office.sign_in("somebody", OLD).await, NotPossible::WrongPassword);
    enter(&zone, "somebody", NEW).await;
}

#[tokio::test]
async fn an_open_session_does_not_help_to_guess_the_password() {
    let zone = Zone::open(102).await;
    zone.applicant("somebody").await;
    let here = enter(&zone, "somebody", OLD).await;
    for _ in 0..8 {
        refused(change(&zone, &here, "guess guess", NEW, "").await, NotPossible::WrongOldPassword);
    }
    let locked = change(&zone, &here, OLD, NEW, "").await;
    assert!(matches!(locked, Err(OfficeError::Wait { .. })), "{locked:?}");
    zone.pass(SignedDuration::from_mins(15));
    change(&zone, &here, OLD, NEW, "").await.unwrap();
}

#[tokio::test]
async fn whoever_has_a_second_factor_shows_it_for_a_new_password() {
    let zone = Zone::open(103).await;
    zone.account("clerk", Standing::Officer, Vec::new()).await;
    let here = enter(&zone, "clerk", OLD).await;
    let key = zone.office.begin_factor(here.viewer.id).await.unwrap().key;
    let secret = FactorSecret::from_base32(&key).unwrap();
    zone.office.confirm_factor(here.viewer.id, &secret.code_at(zone.clock.now())).await.unwrap();
    zone.pass(SignedDuration::from_secs(90));
    let code = secret.code_at(zone.clock.now());
    refused(change(&zone, &here, OLD, NEW, "").await, NotPossible::WrongCode);
    refused(change(&zone, &here, OLD, "短", &code).await, NotPossible::WeakStaffPassword);
    change(&zone, &here, OLD, NEW, &code).await.expect("a weak password has not used the code up");
}

#[tokio::test]
async fn a_first_password_opens_nothing_but_the_choice_of_another() {
    let zone = Zone::open(104).await;
    let keeper = zone.account("keeper", Standing::Administrator, Vec::new()).await;
    let somebody = zone.applicant("somebody").await;
    assert!(matches!(staff(&zone, "clerk", &somebody).await, Err(OfficeError::Denied)));
    let clerk = staff(&zone, "clerk", &keeper).await.unwrap();
    refused(zone.office.sign_in("clerk", OLD).await, NotPossible::CodeNeeded);
    let begun = zone.office.begin_sign_in("clerk", OLD, &Visit::default()).await.unwrap();
    let SignedIn::Password(token) = begun else { panic!("{begun:?}") };
    let visit = Visit::default();
    refused(zone.office.choose_password(&token, OLD, &visit).await, NotPossible::SamePassword);
    refused(zone.office.choose_password(&token, "短", &visit).await, NotPossible::WeakStaffPassword);
    let inside = zone.office.choose_password(&token, NEW, &visit).await.unwrap();
    let SignedIn::Entered(entered) = inside else { panic!("{inside:?}") };
    assert_eq!(entered.viewer.id, clerk);
    refused(zone.office.choose_password(&token, "a third one 10", &visit).await, NotPossible::SignInOver);
    enter(&zone, "clerk", NEW).await;
    // The same after an administrator's reset; and nobody resets their own.
    zone.office.reset_password(clerk, OLD, &keeper).await.unwrap();
    assert!(zone.office.session(&entered.token).await.unwrap().is_none());
    let begun = zone.office.begin_sign_in("clerk", OLD, &visit).await.unwrap();
    assert!(matches!(begun, SignedIn::Password(_)), "{begun:?}");
    assert!(matches!(zone.office.reset_password(keeper.id, NEW, &keeper).await, Err(OfficeError::Denied)));
    let before = support::views(&zone.office).await;
    zone.office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(support::views(&zone.office).await, before);
}

#[tokio::test]
async fn a_reset_does_not_go_around_the_second_factor() {
    let zone = Zone::open(105).await;
    let keeper = zone.account("keeper", Standing::Administrator, Vec::new()).await;
    let clerk = zone.account("clerk", Standing::Officer, Vec::new()).await;
    let key = zone.office.begin_factor(clerk.id).await.unwrap().key;
    let secret = FactorSecret::from_base32(&key).unwrap();
    zone.office.confirm_factor(clerk.id, &secret.code_at(zone.clock.now())).await.unwrap();
    zone.pass(SignedDuration::from_secs(90));
    zone.office.reset_password(clerk.id, NEW, &keeper).await.unwrap();
    let visit = Visit::default();
    let begun = zone.office.begin_sign_in("clerk", NEW, &visit).await.unwrap();
    let SignedIn::Code(token) = begun else { panic!("{begun:?}") };
    refused(zone.office.choose_password(&token, "a third one 10", &visit).await, NotPossible::SignInOver);
    let next = zone.office.finish_sign_in(&token, &secret.code_at(zone.clock.now()), &visit).await.unwrap();
    let SignedIn::Password(token) = next else { panic!("{next:?}") };
    let inside = zone.office.choose_password(&token, "a third one 10", &visit).await.unwrap();
    assert!(matches!(inside, SignedIn::Entered(_)), "{inside:?}");
}

#[tokio::test]
async fn a_password_that_is_guessed_at_once_is_not_taken() {
    let zone = Zone::open(97).await;
    let open = async |login: &str, password: &str, standing| {
        let new = NewAccount {
            login: login.into(),
            password: password.into(),
            name: "某".into(),
            phone: String::new(),
            standing,
            roles: Vec::new(),
        };
        match zone.office.open_account(new, "system").await {
            Ok(_) => None,
            Err(OfficeError::NotPossible(reason)) => Some(reason),
            Err(error) => panic!("{error:?}"),
        }
    };
    for common in [
        "password",
        "Password1",
        "12345678",
        "13800000000",
        "ｐａｓｓｗｏｒｄ",
        "aaaaaaaa",
        "qwertyuiop",
        "zhangwei",
        "zhangwei2026",
        "qingdao2026",
    ] {
        let found = open("zhangwei", common, Standing::Applicant).await;
        assert_eq!(found, Some(NotPossible::CommonPassword), "{common}");
    }
    assert_eq!(open("zhangwei", "x7#kq2p", Standing::Applicant).await, Some(NotPossible::WeakPassword));
    assert_eq!(open("clerk-a", "x7#kq2pb9", Standing::Officer).await, Some(NotPossible::WeakStaffPassword));
    assert_eq!(open("zhangwei", "x7#kq2pb", Standing::Applicant).await, None);
    assert_eq!(open("clerk-a", "x7#kq2pb9v", Standing::Officer).await, None);
}

#[tokio::test]
async fn nobody_takes_a_login_that_looks_like_anothers() {
    let zone = Zone::open(98).await;
    let open = async |login: &str| {
        let new = NewAccount {
            login: login.into(),
            password: "x7#kq2pb9v".into(),
            name: "某".into(),
            phone: String::new(),
            standing: Standing::Applicant,
            roles: Vec::new(),
        };
        match zone.office.open_account(new, "system").await {
            Ok(_) => None,
            Err(OfficeError::NotPossible(reason)) => Some(reason),
            Err(error) => panic!("{error:?}"),
        }
    };
    assert_eq!(open("paul01").await, None);
    for alike in ["Paul01", "ｐａｕｌ０１", "pau1ol", "paulo1", "pauloL"] {
        assert_eq!(open(alike).await, Some(NotPossible::LoginTaken), "{alike}");
    }
    // Cyrillic а, Greek ο, a zero width joiner, a combining mark.
    for other in ["p\u{430}ul01", "paul\u{3bf}1", "pa\u{200d}ul01", "pau\u{301}l01"] {
        assert_eq!(open(other).await, Some(NotPossible::BadLogin), "{other}");
    }
    assert_eq!(open("王伟").await, None);
    assert_eq!(open("paul02").await, None);
    zone.office.sign_in("ＰＡＵＬ０１", "x7#kq2pb9v").await.unwrap();
}
