//! What strangers may make, find and guess: so much from one address, however many keys they come with, and nothing that can
//! be counted through.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeSet;
use std::future::Future;

use catalogue::{Channel, LaneKind, Tongue};
use hall::{Source, Want};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use office::{
    Act, Booking, Bounds, By, CountedBy, Making, NotPossible, Office, OfficeError, Standing, TakeTicket,
    TicketAbout, coming_from,
};
use support::Zone;

const HERE: &str = "198.51.100.7";

/// What comes of doing it again and again from one address, each time as somebody new.
async fn flood<T, F: Future<Output = office::Result<T>>>(
    times: usize,
    from: &str,
    mut work: impl FnMut(usize) -> F,
) -> (usize, Vec<OfficeError>) {
    let (mut done, mut refused) = (0, Vec::new());
    for each in 0..times {
        match coming_from(from.to_owned(), work(each)).await {
            Ok(_) => done += 1,
            Err(error) => refused.push(error),
        }
    }
    (done, refused)
}

fn bounded(zone: &Zone, amounts: &[&str]) {
    let mut bounds = Bounds::default();
    amounts.iter().for_each(|amount| bounds.set(amount).unwrap());
    bounds.share("203.0.113.1".parse().unwrap());
    zone.office.set_bounds(bounds);
}

fn number(source: Source) -> TakeTicket {
    TakeTicket {
        hall: "政务服务大厅".into(),
        wants: vec![Want { line: "税务".into(), thing: None }],
        lane: LaneKind::WalkIn,
        language: Tongue::Zh,
        source,
        specialist: None,
        about: TicketAbout::default(),
        on_the_way: false,
    }
}

fn booking(office: &Office, name: &str, phone: &str, line: &str) -> Booking {
    let date = office.today().checked_add(1.day()).unwrap();
    let slot: Timestamp = office.edition().offset().to_timestamp(date.at(9, 0, 0, 0)).unwrap();
    Booking {
        hall: "政务服务大厅".into(),
        date,
        slot,
        want: Want { line: line.into(), thing: None },
        language: Tongue::Zh,
        specialist: None,
        about: TicketAbout { name: name.into(), phone: phone.into(), ..TicketAbout::default() },
    }
}

#[track_caller]
fn all_enough(refused: &[OfficeError], making: Making, by: CountedBy) {
    for error in refused {
        let OfficeError::Enough(enough) = error else { panic!("{error:?}") };
        assert_eq!((enough.making, enough.by), (making, by));
        assert!(enough.minutes >= 1);
        for lang in [diagnostic::Lang::Zh, diagnostic::Lang::En] {
            let told = error.message(lang).unwrap();
            assert!(told.contains(&enough.minutes.to_string()), "{told}");
        }
    }
}

#[tokio::test]
async fn whoever_comes_with_a_new_key_each_time_gets_no_more_numbers_than_an_address_has() {
    let zone = Zone::open(301).await;
    bounded(&zone, &["numbers=12"]);
    let office = &zone.office;
    let phone = |_| async {
        let key = office.new_access_key();
        office.take_ticket(number(Source::Phone), By::Guest(&key), None).await
    };
    let (done, refused) = flood(20, HERE, phone).await;
    assert_eq!(done, 12);
    all_enough(&refused, Making::Numbers, CountedBy::Address);
    // The machine's page from there is no way round it; somebody elsewhere is not kept out.
    let kiosk = |_| office.take_ticket(number(Source::Kiosk), By::System, None);
    assert_eq!(flood(3, HERE, kiosk).await.0, 0);
    assert_eq!(flood(3, "198.51.100.8", kiosk).await.0, 3);
    // A hall's own network, named by whoever runs the server, has more; the office by itself is not counted.
    assert_eq!(flood(40, "203.0.113.1", kiosk).await.0, 40);
    for _ in 0..20 {
        office.take_ticket(number(Source::Kiosk), By::System, None).await.unwrap();
    }
    // Whoever waits as long as told gets one.
    zone.pass(SignedDuration::from_hours(2));
    assert_eq!(flood(3, HERE, phone).await.0, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_key_holds_one_number_however_many_requests_come_at_once() {
    let zone = Zone::open(302).await;
    let key = zone.guest();
    let takes: Vec<_> = (0..40)
        .map(|_| {
            let (office, key) = (zone.office.clone(), key.clone());
            tokio::spawn(async move {
                office.take_ticket(number(Source::Phone), By::Guest(&key), None).await.is_ok()
            })
        })
        .collect();
    let mut got = 0;
    for take in takes {
        got += usize::from(take.await.unwrap());
    }
    assert_eq!(got, 1);
    // The same request twice at once is one number, and neither is refused.
    let (key, command) = (zone.guest(), zone.office.new_id());
    let twice = (0..8).map(|_| {
        let (office, key) = (zone.office.clone(), key.clone());
        tokio::spawn(async move {
            office.take_ticket(number(Source::Phone), By::Guest(&key), Some(command)).await.unwrap().number
        })
    });
    let mut numbers = BTreeSet::new();
    for take in twice.collect::<Vec<_>>() {
        numbers.insert(take.await.unwrap());
    }
    assert_eq!(numbers.len(), 1);
}

#[tokio::test]
async fn appointments_are_bounded_by_address_and_by_telephone() {
    let zone = Zone::open(303).await;
    bounded(&zone, &["bookings=5", "bookings-of-phone=2"]);
    let office = &zone.office;
    let book = |phone: &'static str| {
        move |_| async move {
            let key = office.new_access_key();
            office.book(booking(office, "李某", phone, "税务"), By::Guest(&key), None).await
        }
    };
    let (done, refused) = flood(4, HERE, book("13800001234")).await;
    assert_eq!(done, 2);
    all_enough(&refused, Making::BookingsOfPhone, CountedBy::Telephone);
    // The telephone is the same from everywhere; what was refused for it used up nothing of the address.
    assert_eq!(flood(1, "198.51.100.9", book("138 0000 1234")).await.0, 0);
    let (done, refused) = flood(6, HERE, book("")).await;
    assert_eq!(done, 3);
    all_enough(&refused, Making::Bookings, CountedBy::Address);
    // A clerk books for whoever calls.
    let clerk = By::Viewer(&zone.officers[0]);
    let slot = booking(office, "王某", "13800001234", "税务");
    coming_from(HERE.into(), office.book(slot, clerk, None)).await.unwrap();
}

#[tokio::test]
async fn what_is_said_with_an_appointment_is_as_long_as_its_box() {
    let zone = Zone::open(304).await;
    let office = &zone.office;
    let key = zone.guest();
    let book =
        |name: String, phone: &str| office.book(booking(office, &name, phone, "税务"), By::Guest(&key), None);
    let long = book("名".repeat(61), "").await;
    assert!(matches!(long, Err(OfficeError::NotPossible(NotPossible::AboutTooLong))), "{long:?}");
    let odd = book("李某".into(), "call me").await;
    assert!(matches!(odd, Err(OfficeError::NotPossible(NotPossible::AboutPhone))), "{odd:?}");
    let mut take = number(Source::Kiosk);
    take.about.case_number = "1".repeat(4000);
    let long = office.take_ticket(take, By::System, None).await;
    assert!(matches!(long, Err(OfficeError::NotPossible(NotPossible::AboutTooLong))), "{long:?}");
    let kept = book("李\u{202e}某\r\n\u{e0041}某".into(), "13800001234").await.unwrap();
    let view = office.booking(&kept.code).await.unwrap();
    assert_eq!(view.about.name, "李某 某");
}

#[tokio::test]
async fn reports_and_drafts_of_one_address_have_an_end_and_what_was_typed_stays() {
    let zone = Zone::open(305).await;
    bounded(&zone, &["reports=3", "drafts=8"]);
    let office = &zone.office;
    let report = office.edition().zone().feedback.clone().unwrap();
    let (mut drafts, mut keys) = (Vec::new(), Vec::new());
    for _ in 0..8 {
        let key = zone.guest();
        let filled = async {
            let open = zone.start(&report, Channel::Online, By::Guest(&key)).await?;
            zone.fill(open, false, By::Guest(&key)).await
        };
        drafts.push(coming_from(HERE.into(), filled).await.unwrap().id);
        keys.push(key);
    }
    let key = zone.guest();
    let more = coming_from(HERE.into(), zone.start(&report, Channel::Online, By::Guest(&key))).await;
    all_enough(&[more.unwrap_err()], Making::Drafts, CountedBy::Address);
    let (done, refused) = flood(8, HERE, |each| {
        let (id, key) = (drafts[each], &keys[each]);
        async move { office.submit(id, By::Guest(key), None).await }
    })
    .await;
    assert_eq!(done, 3);
    all_enough(&refused, Making::Reports, CountedBy::Address);
    // It can be sent when there is room again, with all that was written.
    let by = By::Guest(&keys[7]);
    assert!(office.open_draft(drafts[7], by).await.unwrap().is_ready().unwrap());
    zone.pass(SignedDuration::from_hours(9));
    coming_from(HERE.into(), office.submit(drafts[7], by, None)).await.unwrap();
    // What is no report is not counted as one, and an account is counted by itself.
    let viewer = zone.applicant("somebody").await;
    let service = &zone.services()[0];
    coming_from(HERE.into(), zone.start(service, Channel::Online, By::Viewer(&viewer))).await.unwrap();
}

#[tokio::test]
async fn files_of_one_address_are_bounded_by_their_bytes_wherever_they_go() {
    let zone = Zone::open(306).await;
    bounded(&zone, &["upload-mb=1"]);
    let office = &zone.office;
    let part = vec![b'a'; 256 * 1024];
    let upload = async |by: By<'_>| {
        let mut upload = office.begin_upload(1 << 30, by).await?;
        upload.write(&part).await?;
        office.finish_upload(upload, "a.txt", by).await
    };
    let (mut done, mut refused) = (0, Vec::new());
    for _ in 0..6 {
        let key = zone.guest();
        match coming_from(HERE.into(), upload(By::Guest(&key))).await {
            Ok(_) => done += 1,
            Err(error) => refused.push(error),
        }
    }
    assert_eq!(done, 4);
    all_enough(&refused, Making::Uploads, CountedBy::Address);
    let viewer = zone.applicant("somebody").await;
    for by in [By::Viewer(&zone.officers[0]), By::Viewer(&viewer)] {
        coming_from(HERE.into(), upload(by)).await.unwrap();
    }
}

#[tokio::test]
async fn accounts_of_one_address_have_an_end() {
    let zone = Zone::open(307).await;
    bounded(&zone, &["accounts=3"]);
    let office = &zone.office;
    let open = |each: usize| {
        let new = office::NewAccount {
            // A login that is taken tells that there is one: it counts as well.
            login: format!("somebody{}", each.min(1)),
            password: "long enough 8".into(),
            name: "某人".into(),
            phone: "13800001234".into(),
            standing: Standing::Applicant,
            roles: Vec::new(),
        };
        office.open_account(new, "applicant")
    };
    let (done, refused) = flood(5, HERE, open).await;
    assert_eq!(done, 2);
    assert!(matches!(refused[0], OfficeError::NotPossible(NotPossible::LoginTaken)), "{refused:?}");
    all_enough(&refused[1..], Making::Accounts, CountedBy::Address);
}

#[tokio::test]
async fn a_disk_that_is_nearly_full_takes_no_more_from_strangers_while_cases_go_on() {
    let zone = Zone::open(308).await;
    let office = &zone.office;
    let key = zone.guest();
    let by = By::Guest(&key);
    let service = &zone.services()[0];
    let open = zone.start(service, Channel::Online, by).await.unwrap();
    let open = zone.fill(open, false, by).await.unwrap();
    let filed = zone.apply(service, false, by).await.unwrap();
    zone.store.set_room((1 << 30) - 1);
    let crowded = |error: OfficeError| {
        assert!(matches!(error, OfficeError::Crowded), "{error:?}");
        assert!(error.message(diagnostic::Lang::Zh).unwrap().contains("大厅"));
    };
    crowded(zone.start(service, Channel::Online, by).await.unwrap_err());
    crowded(office.begin_upload(1024, by).await.unwrap_err());
    // What is typed is saved, what is complete is handed in, and the staff go on.
    office.save_answers(open.id, &Default::default(), by).await.unwrap();
    office.submit(open.id, by, None).await.unwrap();
    office.act(filed.id, Act::Message { item: None, text: "问".into() }, by, None).await.unwrap();
    zone.paper(By::Viewer(&zone.officers[0])).await.unwrap();
    zone.finish(filed.id, by).await;
    zone.store.set_room(1 << 30);
    zone.start(service, Channel::Online, by).await.unwrap();
}

#[tokio::test]
async fn codes_to_go_on_open_once_and_wrong_ones_are_counted_by_address() {
    let zone = Zone::open(309).await;
    let office = &zone.office;
    let (phone, desk, other) = (zone.guest(), zone.guest(), zone.guest());
    let open = zone.start(&zone.services()[0], Channel::Online, By::Guest(&phone)).await.unwrap();
    let code = office.resume_code(open.id, By::Guest(&phone)).await.unwrap();
    // Its owner may try it, and whoever was first may enter it again.
    office.resume(&code.0, By::Guest(&phone)).await.unwrap();
    for _ in 0..2 {
        assert_eq!(office.resume(&code.0, By::Guest(&desk)).await.unwrap(), open.id);
    }
    let used = office.resume(&code.0, By::Guest(&other)).await;
    let wrong = office.resume("AAAA-AAAA", By::Guest(&other)).await;
    assert!(matches!((&used, &wrong), (Err(OfficeError::NotFound), Err(OfficeError::NotFound))), "{used:?}");
    assert!(matches!(office.open_draft(open.id, By::Guest(&other)).await, Err(OfficeError::NotFound)));

    let guess = |each: usize| async move {
        let key = office.new_access_key();
        office.resume(&format!("AAAA{each:04}"), By::Guest(&key)).await
    };
    let (_, refused) = flood(60, HERE, guess).await;
    let waits = refused.iter().filter(|error| matches!(error, OfficeError::Wait { .. })).count();
    assert_eq!(waits, 20, "forty are looked at");
    let code = office.resume_code(open.id, By::Guest(&phone)).await.unwrap();
    let late = coming_from(HERE.into(), office.resume(&code.0, By::Guest(&other))).await;
    assert!(matches!(late, Err(OfficeError::Wait { .. })), "{late:?}");
    coming_from("198.51.100.8".into(), office.resume(&code.0, By::Guest(&other))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_enter_a_code_at_once_one_gets_in() {
    let zone = Zone::open(310).await;
    let key = zone.guest();
    let open = zone.start(&zone.services()[0], Channel::Online, By::Guest(&key)).await.unwrap();
    let code = zone.office.resume_code(open.id, By::Guest(&key)).await.unwrap();
    let entered: Vec<_> = (0..20)
        .map(|_| {
            let (office, code) = (zone.office.clone(), code.clone());
            tokio::spawn(async move {
                let key = office.new_access_key();
                office.resume(&code.0, By::Guest(&key)).await.is_ok()
            })
        })
        .collect();
    let mut inside = 0;
    for each in entered {
        inside += usize::from(each.await.unwrap());
    }
    assert_eq!(inside, 1);
}

#[tokio::test]
async fn identifiers_of_results_cannot_be_counted_through() {
    let zone = Zone::open(311).await;
    let key = zone.guest();
    let by = By::Guest(&key);
    let mut serials = Vec::new();
    for _ in 0..2 {
        let filed = zone.apply(&zone.services()[0], false, by).await.unwrap();
        zone.finish(filed.id, by).await;
        let document = zone.office.documents(filed.id, by).await.unwrap().remove(0);
        let read = identifier::LicenceIdentifier::parse(&document.identifier).unwrap();
        zone.office.verify_online(&document.identifier).await.unwrap();
        serials.push(read.serial);
    }
    // Year and serial, and then eight letters that follow from nothing.
    let parts: Vec<(&str, &str)> = serials.iter().map(|serial| serial.split_at(11)).collect();
    assert!(parts.iter().all(|(_, rest)| rest.len() == 8), "{serials:?}");
    assert_ne!(parts[0].1, parts[1].1);
}

#[tokio::test]
async fn looks_at_documents_are_counted_alike_whether_or_not_there_is_one() {
    let zone = Zone::open(312).await;
    bounded(&zone, &["checks=10"]);
    let office = &zone.office;
    let key = zone.guest();
    let filed = zone.apply(&zone.services()[0], false, By::Guest(&key)).await.unwrap();
    zone.finish(filed.id, By::Guest(&key)).await;
    let document = office.documents(filed.id, By::Guest(&key)).await.unwrap().remove(0);
    let (_, refused) = flood(14, HERE, |_| office.verify_online("1.2.156.3005.2.x")).await;
    assert_eq!(refused.iter().filter(|error| matches!(error, OfficeError::NotFound)).count(), 10);
    all_enough(&refused[10..], Making::Checks, CountedBy::Address);
    let there = coming_from(HERE.into(), office.verify_online(&document.identifier)).await;
    all_enough(&[there.unwrap_err()], Making::Checks, CountedBy::Address);
    coming_from("198.51.100.8".into(), office.verify_online(&document.identifier)).await.unwrap();
    zone.pass(SignedDuration::from_hours(1));
    coming_from(HERE.into(), office.verify_online(&document.identifier)).await.unwrap();
}
