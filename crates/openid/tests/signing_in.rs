//! The code flow against a real provider, and everything that must be refused.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by failing")]

mod provider;

use openid::{Answer, Claimed, Provider, Settings, Unproved};
use provider::{BACK, CLIENT, Running, SECRET};

fn settings(issuer: &str) -> Settings {
    Settings {
        issuer: issuer.into(),
        client: CLIENT.into(),
        secret: Some(SECRET.into()),
        back: BACK.into(),
        login_claim: Some("staff_number".into()),
    }
}

fn answer(back: &str) -> Answer {
    let (_, query) = back.split_once('?').unwrap();
    let mut answer = Answer::default();
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        let value = value.replace("%3A", ":").replace("%2F", "/");
        match name {
            "code" => answer.code = value,
            "state" => answer.state = value,
            "iss" => answer.iss = value,
            "error" => answer.error = value,
            _ => {}
        }
    }
    answer
}

fn sign_in(here: &Provider) -> Result<Claimed, Unproved> {
    let begun = here.begin()?;
    here.finish(&begun.pending, &answer(&provider::walk(&begun.address)))
}

fn started() -> Option<(Running, Provider)> {
    let running = provider::start()?;
    let here = Provider::new(settings(&running.issuer)).unwrap();
    Some((running, here))
}

#[test]
fn somebody_is_vouched_for_also_after_the_keys_have_changed() {
    let Some((running, here)) = started() else { return };
    let begun = here.begin().unwrap();
    for part in ["code_challenge_method=S256", "response_type=code", "nonce=", "state=", "scope=openid"] {
        assert!(begun.address.contains(part), "{part}: {}", begun.address);
    }
    let claimed = sign_in(&here).unwrap();
    assert_eq!((claimed.subject.as_str(), claimed.login.as_deref()), ("somebody", Some("nr-somebody")));
    assert_eq!(claimed.issuer, running.issuer);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    running.tell("rotate=1");
    running.tell("person=another");
    assert_eq!(sign_in(&here).unwrap().subject, "another");
}

#[test]
fn what_does_not_prove_itself_is_nobody() {
    let Some((running, here)) = started() else { return };
    for spoil in ["claims", "none", "missing"] {
        running.tell(&format!("spoil={spoil}"));
        let spoiled = sign_in(&here);
        assert!(matches!(spoiled, Err(Unproved::Invalid(_) | Unproved::Silent(_))), "{spoil}: {spoiled:?}");
    }
    running.tell("spoil=");
    let begun = here.begin().unwrap();
    let back = answer(&provider::walk(&begun.address));
    let other = here.begin().unwrap();
    assert!(matches!(here.finish(&other.pending, &back), Err(Unproved::NotOurs("state"))));
    let elsewhere = Answer { iss: "https://evil.example".into(), ..back.clone() };
    assert!(matches!(here.finish(&begun.pending, &elsewhere), Err(Unproved::NotOurs("issuer"))));
    assert!(matches!(here.finish(&begun.pending, &Answer::default()), Err(Unproved::NotOurs("state"))));
    // Another verifier: an intercepted code is useless.
    let mut thief = begun.pending.clone();
    thief.verifier = other.pending.verifier;
    assert!(matches!(here.finish(&thief, &back), Err(Unproved::Silent(_))));
    // A token for another nonce.
    let begun = here.begin().unwrap();
    let back = answer(&provider::walk(&begun.address));
    let mut replayed = begun.pending.clone();
    replayed.nonce = "another".into();
    let wrong = here.finish(&replayed, &back);
    assert!(matches!(wrong, Err(Unproved::Invalid(_))), "{wrong:?}");
    assert!(matches!(here.finish(&begun.pending, &back), Err(Unproved::Silent(_))), "a code opens once");
}

#[test]
fn a_provider_that_refuses_or_is_not_there_is_told_apart() {
    let Some((running, here)) = started() else { return };
    running.tell("person=nobody");
    let declined = sign_in(&here);
    assert!(matches!(&declined, Err(Unproved::Declined(error)) if error == "access_denied"), "{declined:?}");
    let other = Provider::new(settings(&running.issuer.replace("127.0.0.1", "localhost"))).unwrap();
    assert!(
        matches!(other.begin(), Err(Unproved::Silent(_))),
        "a document of another issuer is not believed"
    );
    drop(running);
    let fresh = Provider::new(settings(here.issuer())).unwrap();
    assert!(matches!(fresh.begin(), Err(Unproved::Silent(_))));
}
