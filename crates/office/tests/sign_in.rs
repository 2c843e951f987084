//! The way in: two factors, few guesses, and sessions that end.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use jiff::SignedDuration;
use office::{
    Clock as _, Entered, FactorSecret, NotPossible, OfficeError, PendingToken, RECOVERY_CODES, SecondFactor,
    SessionToken, SignedIn, Standing, Viewer, Visit,
};
use store::MemoryStore;
use support::Zone;

const PASSWORD: &str = "long enough 8";

/// A zone that demands the second factor of its staff.
async fn strict(seed: u64) -> Zone {
    let mut zone = Zone::on(MemoryStore::new(), support::edition(), seed).await;
    let surroundings = office::Surroundings {
        second_factor: SecondFactor::Officers,
        ..support::surroundings(&zone.store, &zone.clock, seed + 1)
    };
    zone.office = office::Office::start(surroundings, None).await.unwrap();
    zone
}

async fn begin(zone: &Zone, login: &str) -> SignedIn {
    zone.office.begin_sign_in(login, PASSWORD, &Visit::default()).await.unwrap()
}

async fn pending(zone: &Zone, login: &str) -> PendingToken {
    match begin(zone, login).await {
        SignedIn::Code(token) | SignedIn::Enrol(token) => token,
        SignedIn::Entered(_) | SignedIn::Password(_) => panic!("no second factor was asked"),
    }
}

async fn enter(zone: &Zone, login: &str, visit: &Visit) -> Entered {
    match zone.office.begin_sign_in(login, PASSWORD, visit).await.unwrap() {
        SignedIn::Entered(entered) => entered,
        other => panic!("{other:?}"),
    }
}

fn inside(signed_in: Result<SignedIn, OfficeError>) -> Entered {
    match signed_in.unwrap() {
        SignedIn::Entered(entered) => entered,
        other => panic!("{other:?}"),
    }
}

fn wrong_code<T: std::fmt::Debug>(answer: Result<T, OfficeError>) {
    assert!(matches!(answer, Err(OfficeError::NotPossible(NotPossible::WrongCode))), "{answer:?}");
}

/// An officer with an authenticator, and the recovery codes.
async fn enrolled(zone: &Zone, login: &str) -> (Viewer, FactorSecret, Vec<String>) {
    let officer = zone.account(login, Standing::Officer, Vec::new()).await;
    let enrolment = zone.office.begin_factor(officer.id).await.unwrap();
    let secret = FactorSecret::from_base32(&enrolment.key).unwrap();
    assert!(enrolment.address.starts_with("otpauth://totp/") && enrolment.address.contains(&enrolment.key));
    let codes = zone.office.confirm_factor(officer.id, &secret.code_at(zone.clock.now())).await.unwrap();
    zone.pass(SignedDuration::from_secs(90));
    (officer, secret, codes)
}

#[tokio::test]
async fn whoever_has_a_second_factor_is_asked_for_it_and_each_code_opens_once() {
    let zone = Zone::open(71).await;
    let (officer, secret, _) = enrolled(&zone, "clerk").await;
    let plain = zone.office.sign_in("clerk", PASSWORD).await;
    assert!(matches!(plain, Err(OfficeError::NotPossible(NotPossible::CodeNeeded))), "{plain:?}");
    let code = secret.code_at(zone.clock.now());
    let first = pending(&zone, "clerk").await;
    wrong_code(zone.office.finish_sign_in(&first, "000000", &Visit::default()).await);
    let entered = inside(zone.office.finish_sign_in(&first, &code, &Visit::default()).await);
    assert_eq!(entered.viewer.id, officer.id);
    assert!(zone.office.session(&entered.token).await.unwrap().is_some());
    // Neither the same code nor the same pending sign-in opens a second session.
    let again = pending(&zone, "clerk").await;
    wrong_code(zone.office.finish_sign_in(&again, &code, &Visit::default()).await);
    let over = zone.office.finish_sign_in(&first, &code, &Visit::default()).await;
    assert!(matches!(over, Err(OfficeError::NotPossible(NotPossible::SignInOver))), "{over:?}");
    zone.pass(SignedDuration::from_secs(30));
    let next = secret.code_at(zone.clock.now());
    zone.office.finish_sign_in(&again, &next, &Visit::default()).await.unwrap();
}

#[tokio::test]
async fn two_who_give_one_code_at_once_do_not_both_come_in() {
    let zone = Zone::open(72).await;
    let (_, secret, _) = enrolled(&zone, "clerk").await;
    let (one, two) = (pending(&zone, "clerk").await, pending(&zone, "clerk").await);
    let (code, visit) = (secret.code_at(zone.clock.now()), Visit::default());
    let (a, b) = tokio::join!(
        zone.office.finish_sign_in(&one, &code, &visit),
        zone.office.finish_sign_in(&two, &code, &visit)
    );
    assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|open| **open).count(), 1);
}

#[tokio::test]
async fn recovery_codes_open_once_each_and_leave_a_trace() {
    let zone = Zone::open(73).await;
    let (officer, _, codes) = enrolled(&zone, "clerk").await;
    assert_eq!(codes.len(), RECOVERY_CODES);
    let typed = codes[3].to_lowercase().replace('-', " ");
    let first = pending(&zone, "clerk").await;
    zone.office.finish_sign_in(&first, &typed, &Visit::default()).await.unwrap();
    let second = pending(&zone, "clerk").await;
    wrong_code(zone.office.finish_sign_in(&second, &codes[3], &Visit::default()).await);
    assert_eq!(zone.office.recovery_codes_left(officer.id).await.unwrap(), RECOVERY_CODES - 1);
    let events = zone.office.store().read_all(store::Position::START, 1000).await.unwrap();
    assert_eq!(events.iter().filter(|event| event.kind == "recovery-code-used").count(), 1);
}

#[tokio::test]
async fn codes_cannot_be_tried_out() {
    let zone = Zone::open(74).await;
    let (_, secret, _) = enrolled(&zone, "clerk").await;
    let token = pending(&zone, "clerk").await;
    let right = secret.code_at(zone.clock.now());
    for guess in (0..).map(|guess| format!("{guess:06}")).filter(|guess| *guess != right).take(6) {
        wrong_code(zone.office.finish_sign_in(&token, &guess, &Visit::default()).await);
    }
    // A new password does not buy new guesses.
    let fresh = pending(&zone, "clerk").await;
    let locked = zone.office.finish_sign_in(&fresh, &right, &Visit::default()).await;
    assert!(matches!(locked, Err(OfficeError::Wait { minutes: 15 })), "{locked:?}");
    zone.pass(SignedDuration::from_mins(15));
    let fresh = pending(&zone, "clerk").await;
    let right = secret.code_at(zone.clock.now());
    zone.office.finish_sign_in(&fresh, &right, &Visit::default()).await.unwrap();
}

#[tokio::test]
async fn a_strict_zone_lets_its_staff_in_only_with_a_second_factor() {
    let zone = strict(75).await;
    zone.account("clerk", Standing::Officer, Vec::new()).await;
    zone.account("keeper", Standing::Administrator, Vec::new()).await;
    zone.applicant("somebody").await;
    assert!(matches!(begin(&zone, "somebody").await, SignedIn::Entered(_)));
    assert!(matches!(begin(&zone, "keeper").await, SignedIn::Enrol(_)));
    let SignedIn::Enrol(token) = begin(&zone, "clerk").await else { panic!("the clerk was let in") };
    let account = zone.office.pending_account(&token).await.unwrap();
    let key = zone.office.begin_factor(account).await.unwrap().key;
    assert_eq!(
        zone.office.begin_factor(account).await.unwrap().key,
        key,
        "a page loaded twice shows one code"
    );
    let code = FactorSecret::from_base32(&key).unwrap().code_at(zone.clock.now());
    wrong_code(zone.office.enrol_and_sign_in(&token, "12345", &Visit::default()).await);
    let (codes, entered) = zone.office.enrol_and_sign_in(&token, &code, &Visit::default()).await.unwrap();
    assert_eq!(codes.len(), RECOVERY_CODES);
    assert!(zone.office.session(&entered.token).await.unwrap().is_some());
    assert!(matches!(begin(&zone, "clerk").await, SignedIn::Code(_)));
    // A second enrolment cannot take the place of the first.
    let there = zone.office.begin_factor(account).await;
    assert!(matches!(there, Err(OfficeError::NotPossible(NotPossible::FactorThere))), "{there:?}");
}

#[tokio::test]
async fn an_administrator_resets_a_lost_factor_and_the_log_keeps_no_secret() {
    let zone = Zone::open(76).await;
    let (officer, secret, codes) = enrolled(&zone, "clerk").await;
    let keeper = zone.account("keeper", Standing::Administrator, Vec::new()).await;
    let token = pending(&zone, "clerk").await;
    let code = secret.code_at(zone.clock.now());
    let entered = inside(zone.office.finish_sign_in(&token, &code, &Visit::default()).await);
    let refused = zone.office.reset_factor(officer.id, &officer).await;
    assert!(matches!(refused, Err(OfficeError::Denied)));
    zone.office.reset_factor(officer.id, &keeper).await.unwrap();
    assert!(zone.office.session(&entered.token).await.unwrap().is_none(), "sessions end with the factor");
    assert!(matches!(begin(&zone, "clerk").await, SignedIn::Entered(_)));
    let events = zone.office.store().read_all(store::Position::START, 1000).await.unwrap();
    let removed = events.iter().find(|event| event.kind == "second-factor-removed").unwrap();
    assert_eq!(&*removed.actor, keeper.id.to_string());
    for event in &events {
        let body = String::from_utf8_lossy(&event.body);
        assert!(!body.contains(&secret.base32()));
        assert!(codes.iter().all(|code| !body.contains(code.as_str())));
    }
    assert!(zone.office.audit().await.unwrap().is_clean());
    let before = support::views(&zone.office).await;
    zone.office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(support::views(&zone.office).await, before);
}

#[tokio::test]
async fn a_new_telephone_takes_the_old_ones_place_with_its_code() {
    let zone = Zone::open(77).await;
    let (officer, secret, _) = enrolled(&zone, "clerk").await;
    wrong_code(zone.office.drop_factor(&officer, "000000").await);
    zone.office.drop_factor(&officer, &secret.code_at(zone.clock.now())).await.unwrap();
    let key = zone.office.begin_factor(officer.id).await.unwrap().key;
    assert_ne!(key, secret.base32());
}

#[tokio::test]
async fn applicants_have_no_second_factor() {
    let zone = Zone::open(78).await;
    let somebody = zone.applicant("somebody").await;
    assert!(matches!(zone.office.begin_factor(somebody.id).await, Err(OfficeError::Denied)));
}

fn from(address: &str) -> Visit {
    Visit { address: Some(address.parse().unwrap()), agent: String::new(), device: None }
}

#[tokio::test]
async fn strangers_who_guess_do_not_keep_the_owner_out() {
    let zone = Zone::open(79).await;
    zone.applicant("somebody").await;
    let mut home = from("198.51.100.7");
    home.device = Some(enter(&zone, "somebody", &home).await.device);
    // Many addresses guess for an hour, as often as they are let.
    let mut looked_at = 0;
    for minute in 0..60 {
        for host in 0..10 {
            let stranger = from(&format!("203.0.113.{host}"));
            match zone.office.begin_sign_in("somebody", &format!("guess {minute} {host}"), &stranger).await {
                Err(OfficeError::NotPossible(NotPossible::WrongPassword)) => looked_at += 1,
                Err(OfficeError::Wait { minutes }) => assert!((1..=15).contains(&minutes)),
                other => panic!("{other:?}"),
            }
        }
        zone.pass(SignedDuration::from_mins(1));
    }
    assert_eq!(looked_at, 4 * 40, "forty in a quarter of an hour");
    // The browser that was there before comes in at any time, from wherever it is now.
    enter(&zone, "somebody", &home).await;
    let travelling = Visit { address: Some("192.0.2.1".parse().unwrap()), ..home.clone() };
    enter(&zone, "somebody", &travelling).await;
    // Its own guesses are counted too.
    for _ in 0..8 {
        assert!(zone.office.begin_sign_in("somebody", "wrong guess", &home).await.is_err());
    }
    let locked = zone.office.begin_sign_in("somebody", PASSWORD, &home).await;
    assert!(matches!(locked, Err(OfficeError::Wait { .. })), "{locked:?}");
    // And a new browser waits a quarter of an hour after the guessing ends, no longer.
    zone.pass(SignedDuration::from_mins(15));
    enter(&zone, "somebody", &from("192.0.2.9")).await;
}

#[tokio::test]
async fn one_address_does_not_try_all_logins_and_its_own_password_buys_no_more_guesses() {
    let zone = Zone::open(80).await;
    zone.applicant("somebody").await;
    let visit = from("203.0.113.5");
    let mut looked_at = 0;
    for number in 0..80 {
        if number % 7 == 0 {
            let _ = zone.office.begin_sign_in("somebody", PASSWORD, &visit).await;
        }
        let guess = zone.office.begin_sign_in(&format!("login{number}"), PASSWORD, &visit).await;
        looked_at += u32::from(!matches!(guess, Err(OfficeError::Wait { .. })));
    }
    assert_eq!(looked_at, 60);
    enter(&zone, "somebody", &from("203.0.113.6")).await;
}

#[tokio::test]
async fn guesses_given_all_at_once_are_no_more_than_one_by_one() {
    let zone = Zone::open(81).await;
    zone.applicant("somebody").await;
    let guesses = (0..30).map(|_| {
        let office = zone.office.clone();
        tokio::spawn(async move {
            let answer = office.sign_in("somebody", "not the password").await;
            matches!(answer, Err(OfficeError::NotPossible(NotPossible::WrongPassword)))
        })
    });
    let mut looked_at = 0;
    for guess in guesses.collect::<Vec<_>>() {
        looked_at += u32::from(guess.await.unwrap());
    }
    assert_eq!(looked_at, 8);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_alone() {
    let zone = Zone::open(82).await;
    let somebody = zone.applicant("somebody").await;
    let other = zone.applicant("other").await;
    let mut visit = from("203.0.113.5");
    visit.agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into();
    let here = enter(&zone, "somebody", &visit).await.token;
    zone.pass(SignedDuration::from_mins(10));
    let there = enter(&zone, "somebody", &from("2001:db8::1")).await.token;
    let third = enter(&zone, "somebody", &Visit::default()).await.token;
    let sessions = zone.office.sessions(&somebody, &here).await.unwrap();
    assert_eq!(sessions.len(), 3);
    assert!(sessions[0].is_this && !sessions[1].is_this && !sessions[2].is_this);
    assert_eq!((sessions[0].machine.as_str(), sessions[0].from.as_str()), ("Firefox · Linux", "203.0.*.*"));
    let id = &zone.office.sessions(&somebody, &there).await.unwrap()[0].id;
    assert!(matches!(zone.office.end_session(&other, id).await, Err(OfficeError::NotFound)));
    zone.office.end_session(&somebody, id).await.unwrap();
    assert!(zone.office.session(&there).await.unwrap().is_none());
    assert!(zone.office.session(&third).await.unwrap().is_some());
    zone.office.end_other_sessions(&somebody, &here).await.unwrap();
    assert!(zone.office.session(&third).await.unwrap().is_none());
    assert!(zone.office.session(&here).await.unwrap().is_some());
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_at_the_latest_after_half_a_day() {
    let zone = Zone::open(83).await;
    zone.applicant("somebody").await;
    let open = async |token: &SessionToken| zone.office.session(token).await.unwrap().is_some();
    let left = enter(&zone, "somebody", &Visit::default()).await.token;
    let used = enter(&zone, "somebody", &Visit::default()).await.token;
    for _ in 0..11 {
        zone.pass(SignedDuration::from_mins(60));
        assert!(open(&used).await);
    }
    assert!(!open(&left).await);
    zone.pass(SignedDuration::from_mins(60));
    assert!(!open(&used).await);
    let idle = enter(&zone, "somebody", &Visit::default()).await.token;
    zone.pass(SignedDuration::from_mins(office::IDLE_MINUTES - 1));
    assert!(open(&idle).await);
    zone.pass(SignedDuration::from_mins(office::IDLE_MINUTES));
    assert!(!open(&idle).await);
}

#[tokio::test]
async fn other_roles_or_another_password_end_all_sessions() {
    let zone = Zone::open(84).await;
    let clerk = zone.account("clerk", Standing::Officer, Vec::new()).await;
    let keeper = zone.account("keeper", Standing::Administrator, Vec::new()).await;
    let (before, _) = zone.office.sign_in("clerk", PASSWORD).await.unwrap();
    let role = zone.office.edition().parts().roles.keys().next().unwrap().clone();
    zone.office.set_roles(clerk.id, vec![role], &keeper).await.unwrap();
    assert!(zone.office.session(&before).await.unwrap().is_none());
    let (before, _) = zone.office.sign_in("clerk", PASSWORD).await.unwrap();
    zone.office.reset_password(clerk.id, "another one 9", &keeper).await.unwrap();
    assert!(zone.office.session(&before).await.unwrap().is_none());
    assert!(zone.office.sessions(&clerk, &before).await.unwrap().is_empty());
    for junk in ["", ".", "x.y", "00000000-0000-0000-0000-000000000000."] {
        assert!(zone.office.session(&SessionToken(junk.into())).await.unwrap().is_none());
    }
}

/// Logins that were given before looks were claimed are not given again in another spelling.
#[tokio::test]
async fn what_looks_like_an_old_login_is_not_given() {
    let mut zone = Zone::open(95).await;
    zone.account("lao0", Standing::Applicant, Vec::new()).await;
    // As an earlier version left it.
    let batch = [("login-looks", "laoo"), ("zone", "login-looks-claimed")]
        .into_iter()
        .fold(store::Batch::new(zone.office.now()), |batch, (space, key)| {
            batch.change(store::Change::KvRemove { space: space.into(), key: key.into() })
        });
    zone.office.store().commit(batch).await.unwrap();
    let surroundings = support::surroundings(&zone.store, &zone.clock, 96);
    zone.office = office::Office::start(surroundings, None).await.unwrap();
    let alike = office::NewAccount {
        login: "laoo".into(),
        password: PASSWORD.into(),
        name: "别人".into(),
        phone: String::new(),
        standing: Standing::Applicant,
        roles: Vec::new(),
    };
    let refused = zone.office.open_account(alike, "guest").await;
    assert!(matches!(refused, Err(OfficeError::NotPossible(NotPossible::LoginTaken))), "{refused:?}");
}
