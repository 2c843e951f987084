//! Halls on a store: numbers that are given once, people who are called once, appointments that are never too many, and days
//! that go on after a power cut.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeSet;

use catalogue::{HallId, LaneKind, RoleId, Tongue, WindowId};
use hall::{Refusal, Source, TicketNo, Want};
use jiff::SignedDuration;
use office::{
    AccessKey, Booking, By, Fault, HallFilter, HallGroup, NotPossible, Office, OfficeError, RateVisit,
    Standing, TakeTicket, Taken, TicketAbout, Viewer, WindowAct,
};
use store::{Fate, MemoryStore, StoreError};
use support::{Zone, edition, officer, surroundings, views};

fn hall() -> HallId {
    "政务服务大厅".into()
}

fn window(name: &str) -> WindowId {
    name.into()
}

fn wants(line: &str) -> TakeTicket {
    TakeTicket {
        hall: hall(),
        wants: vec![Want { line: line.into(), thing: None }],
        lane: LaneKind::WalkIn,
        language: Tongue::Zh,
        source: Source::Kiosk,
        specialist: None,
        about: TicketAbout::default(),
        on_the_way: false,
    }
}

fn clerk(number: u128) -> Viewer {
    officer(number, vec![RoleId::from("综合窗口")])
}

async fn take(office: &Office, line: &str) -> Taken {
    office.take_ticket(wants(line), By::System, None).await.unwrap()
}

async fn called(office: &Office, name: &str, by: &Viewer) -> Option<TicketNo> {
    let done = office.at_window(&hall(), &window(name), WindowAct::Next, by, None).await;
    match done {
        Ok(done) => done.loaded.day.post(&window(name)).unwrap().ticket,
        Err(OfficeError::Hall(Refusal::NobodyWaits)) => None,
        Err(error) => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn a_number_is_taken_called_served_and_found_on_the_case() {
    let zone = Zone::open(50).await;
    let by = clerk(11);
    let about = TicketAbout { name: "李某".into(), ..TicketAbout::default() };
    let taken =
        zone.office.take_ticket(TakeTicket { about, ..wants("公共服务") }, By::System, None).await.unwrap();
    assert_eq!(taken.number.to_string(), "A001");
    let ticket = zone.office.ticket_of(&taken.key).await.unwrap();
    zone.office.at_window(&hall(), &window("A01"), WindowAct::Open, &by, None).await.unwrap();
    let early = zone.office.ticket_about(&ticket, &by).await;
    assert!(matches!(early, Err(OfficeError::Denied)), "not before they are called");
    assert_eq!(called(&zone.office, "A01", &by).await, Some(taken.number));
    assert!(zone.office.reads_of_about(&ticket).await.unwrap().is_empty());
    for _ in 0..2 {
        assert_eq!(zone.office.ticket_about(&ticket, &by).await.unwrap().name, "李某");
    }
    let reads = zone.office.reads_of_about(&ticket).await.unwrap();
    assert_eq!(reads.len(), 1, "looking again is the same look");
    assert_eq!((&reads[0].by, &*reads[0].parts), (&by.id.to_string(), &[office::AboutPart::Name][..]));
    assert!(matches!(zone.office.ticket_about(&ticket, &clerk(12)).await, Err(OfficeError::Denied)));
    zone.pass(SignedDuration::from_mins(2));
    zone.office.at_window(&hall(), &window("A01"), WindowAct::Start, &by, None).await.unwrap();

    let filed = zone.apply(&zone.services()[0], false, By::Viewer(&by)).await.unwrap();
    let loaded = zone.office.load_case(filed.id).await.unwrap();
    assert_eq!(loaded.tickets().collect::<Vec<_>>(), [&ticket], "the case knows its number");
    assert_eq!(zone.office.cases_of_ticket(&ticket).await.unwrap(), std::slice::from_ref(&filed.number));
    zone.office.link_ticket(filed.id, &ticket, &by).await.unwrap();
    assert_eq!(zone.office.load_case(filed.id).await.unwrap().tickets().count(), 1, "once is enough");

    zone.pass(SignedDuration::from_mins(9));
    let done = zone.office.at_window(&hall(), &window("A01"), WindowAct::Finish, &by, None).await.unwrap();
    assert_eq!(done.loaded.day.ticket(taken.number).unwrap().state.code(), "done");
}

#[tokio::test]
async fn nobody_acts_at_another_officers_window() {
    let zone = Zone::open(51).await;
    let (one, other) = (clerk(11), clerk(12));
    zone.office.at_window(&hall(), &window("A01"), WindowAct::Open, &one, None).await.unwrap();
    let refused = zone.office.at_window(&hall(), &window("A01"), WindowAct::Next, &other, None).await;
    assert!(matches!(refused, Err(OfficeError::Hall(Refusal::WindowShut { .. }))));
    let stranger = officer(13, vec![RoleId::from("审批审查员")]);
    let refused = zone.office.at_window(&hall(), &window("A02"), WindowAct::Open, &stranger, None).await;
    assert!(matches!(refused, Err(OfficeError::Denied)));
    let manager = officer(14, vec![RoleId::from("大厅经理")]);
    zone.office.at_window(&hall(), &window("A01"), WindowAct::Pause, &manager, None).await.unwrap();
}

#[tokio::test]
async fn priorities_that_must_be_verified_are_given_by_staff_only() {
    let zone = Zone::open(52).await;
    let green = TakeTicket { lane: LaneKind::Green, ..wants("税务") };
    let key = zone.guest();
    let taken = zone.office.take_ticket(green.clone(), By::Guest(&key), None).await.unwrap();
    let lane = |loaded: &office::LoadedDay, number| loaded.day.ticket(number).unwrap().lane.to_string();
    let day = zone.office.hall_day(&hall(), zone.office.today()).await.unwrap().unwrap();
    assert_eq!(lane(&day, taken.number), "现场取号");
    let done = zone.office.give_lane(&hall(), taken.number, LaneKind::Green, &clerk(11), None).await.unwrap();
    assert_eq!(lane(&done.loaded, taken.number), "绿色通道");
    // Eighty years old by the number on the card.
    let about = TicketAbout { code: "11010519491231002X".into(), ..TicketAbout::default() };
    let elder =
        zone.office.take_ticket(TakeTicket { about, ..wants("税务") }, By::Guest(&key), None).await.unwrap();
    let day = zone.office.hall_day(&hall(), zone.office.today()).await.unwrap().unwrap();
    assert_eq!(lane(&day, elder.number), "特殊群体");
}

#[tokio::test]
async fn one_phone_holds_one_number_and_gives_it_back() {
    let zone = Zone::open(53).await;
    let key = zone.guest();
    let phone = TakeTicket { source: Source::Phone, ..wants("税务") };
    let command = zone.office.new_id();
    let first = zone.office.take_ticket(phone.clone(), By::Guest(&key), Some(command)).await.unwrap();
    let again = zone.office.take_ticket(phone.clone(), By::Guest(&key), Some(command)).await.unwrap();
    assert_eq!((first.number, &first.key), (again.number, &again.key), "the same press of the button");
    let second = zone.office.take_ticket(phone.clone(), By::Guest(&key), None).await;
    assert!(
        matches!(second, Err(OfficeError::NotPossible(office_reason)) if office_reason.code() == "ticket-held")
    );
    let own = zone.office.own_tickets(By::Guest(&key)).await.unwrap();
    assert_eq!(
        own.iter().map(|taken| &taken.key).collect::<Vec<_>>(),
        [&first.key],
        "the page is found again"
    );
    zone.office.leave_queue(&first.key).await.unwrap();
    assert!(zone.office.own_tickets(By::Guest(&key)).await.unwrap().is_empty());
    zone.office.take_ticket(phone, By::Guest(&key), None).await.unwrap();
}

/// Two nodes on one store, a dozen windows, everybody pressing “next” at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_two_windows_ever_call_the_same_person() {
    let store = MemoryStore::new();
    let zone = Zone::on(store.clone(), edition(), 54).await;
    let other = Office::start(surroundings(&store, &zone.clock, 98), None).await.unwrap();
    let lines = ["企业登记", "税务", "公共服务", "车驾管", "不动产登记"];
    let takes = (0..60_usize).map(|place| {
        let office = if place % 2 == 0 { zone.office.clone() } else { other.clone() };
        tokio::spawn(async move { take(&office, lines[place % lines.len()]).await.number })
    });
    let mut numbers = BTreeSet::new();
    for take in takes.collect::<Vec<_>>() {
        assert!(numbers.insert(take.await.unwrap()), "a number was given twice");
    }
    let names = ["A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "B01", "C01", "D01", "E01"];
    let windows = names.into_iter().enumerate().map(|(place, name)| {
        let office = if place % 2 == 0 { zone.office.clone() } else { other.clone() };
        tokio::spawn(async move {
            let by = clerk(100 + place as u128);
            office.at_window(&hall(), &window(name), WindowAct::Open, &by, None).await.unwrap();
            let mut served = Vec::new();
            while let Some(number) = called(&office, name, &by).await {
                served.push(number);
                office.at_window(&hall(), &window(name), WindowAct::Start, &by, None).await.unwrap();
            }
            served
        })
    });
    let mut served = BTreeSet::new();
    for each in windows.collect::<Vec<_>>() {
        for number in each.await.unwrap() {
            assert!(served.insert(number), "{number} was called twice");
        }
    }
    assert_eq!(served, numbers, "everybody was called");
    let before = views(&zone.office).await;
    zone.office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(views(&zone.office).await, before);
}

fn tomorrow_slot(office: &Office) -> (jiff::civil::Date, jiff::Timestamp) {
    let date = office.today().tomorrow().unwrap();
    let setup = office.hall_setup(&hall(), date).unwrap();
    (date, setup.slots()[2].from)
}

fn booking(office: &Office, line: &str) -> Booking {
    let (date, slot) = tomorrow_slot(office);
    Booking {
        hall: hall(),
        date,
        slot,
        want: Want { line: line.into(), thing: None },
        language: Tongue::Zh,
        specialist: None,
        about: TicketAbout::default(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_bookings_at_once_fill_a_slot_and_no_more() {
    let store = MemoryStore::new();
    let zone = Zone::on(store.clone(), edition(), 55).await;
    let other = Office::start(surroundings(&store, &zone.clock, 97), None).await.unwrap();
    let (date, slot) = tomorrow_slot(&zone.office);
    let free = |days: Vec<office::FreeDay>| {
        let day = days.into_iter().find(|day| day.date == date).unwrap();
        day.slots.into_iter().find(|free| free.at.from == slot).unwrap().free
    };
    let capacity = free(zone.office.free_slots(&hall(), &"税务".into(), Tongue::Zh).await.unwrap());
    assert!((5..200).contains(&capacity), "{capacity}");
    let books = (0..200).map(|place| {
        let office = if place % 2 == 0 { zone.office.clone() } else { other.clone() };
        tokio::spawn(async move {
            let key = office.new_access_key();
            office.book(booking(&office, "税务"), By::Guest(&key), None).await
        })
    });
    let mut booked = 0;
    for book in books.collect::<Vec<_>>() {
        match book.await.unwrap() {
            Ok(_) => booked += 1,
            Err(OfficeError::Hall(Refusal::SlotFull)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(booked, capacity);
    assert_eq!(free(zone.office.free_slots(&hall(), &"税务".into(), Tongue::Zh).await.unwrap()), 0);
}

#[tokio::test]
async fn an_appointment_that_moves_there_and_back_is_rebuilt_where_it_is() {
    let zone = Zone::open(57).await;
    let key = zone.guest();
    let by = By::Guest(&key);
    let booked = zone.office.book(booking(&zone.office, "税务"), by, None).await.unwrap();
    let first = booked.place.date;
    for date in [first.tomorrow().unwrap(), first] {
        let slot = zone.office.hall_setup(&hall(), date).unwrap().slots()[1].from;
        zone.office.move_booking(&booked.code, date, slot).await.unwrap();
    }
    assert_eq!(zone.office.own_bookings(by).await.unwrap()[0].0.date, first);
    let before = views(&zone.office).await;
    zone.office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(views(&zone.office).await, before);
    assert_eq!(zone.office.own_bookings(by).await.unwrap()[0].0.date, first);
}

#[tokio::test]
async fn an_appointment_is_moved_reminded_of_and_becomes_a_number() {
    let zone = Zone::open(56).await;
    let key = zone.guest();
    let by = By::Guest(&key);
    let booked = zone.office.book(booking(&zone.office, "税务"), by, None).await.unwrap();
    let twice = zone.office.book(booking(&zone.office, "税务"), by, None).await;
    assert!(matches!(twice, Err(OfficeError::Hall(Refusal::OneIsEnough))));
    let date = booked.place.date.tomorrow().unwrap();
    let slot = zone.office.hall_setup(&hall(), date).unwrap().slots()[0].from;
    zone.office.move_booking(&booked.code, date, slot).await.unwrap();
    let own = zone.office.own_bookings(by).await.unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!((own[0].0.date, own[0].0.slot), (date, slot));
    assert_eq!(own[0].1, booked.code, "its page is found again");
    assert!(matches!(
        zone.office.check_in(&booked.code, by, None).await,
        Err(OfficeError::Hall(Refusal::TooEarly { .. }))
    ));

    zone.pass(SignedDuration::from_hours(24));
    assert_eq!(zone.office.tick_halls().await.unwrap().reminded, 1);
    assert_eq!(zone.office.tick_halls().await.unwrap().reminded, 0, "once");
    assert!(zone.office.own_bookings(by).await.unwrap()[0].0.reminded);

    let wait = slot.duration_since(zone.office.now()) - SignedDuration::from_mins(10);
    zone.pass(wait);
    let code = booked.code.to_lowercase();
    let taken = zone.office.check_in(&code, by, None).await.unwrap();
    let day = zone.office.hall_day(&hall(), date).await.unwrap().unwrap();
    let ticket = day.day.ticket(taken.number).unwrap();
    assert_eq!((ticket.ready_at, ticket.lane.as_str()), (slot, "预约"));
    assert!(matches!(
        zone.office.check_in(&code, by, None).await,
        Err(OfficeError::Hall(Refusal::AppointmentIsOver))
    ));
    let before = views(&zone.office).await;
    zone.office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(views(&zone.office).await, before);
}

#[tokio::test]
async fn whoever_waits_in_vain_comes_first_on_the_next_day() {
    let zone = Zone::open(57).await;
    let by = clerk(11);
    let (one, two) = (take(&zone.office, "税务").await, take(&zone.office, "公共服务").await);
    zone.office.at_window(&hall(), &window("A01"), WindowAct::Open, &by, None).await.unwrap();
    assert_eq!(called(&zone.office, "A01", &by).await, Some(one.number));
    // The lights go out, and nobody says a word until the next morning.
    zone.pass(SignedDuration::from_hours(24));
    let today = take(&zone.office, "公共服务").await;
    let day = zone.office.hall_day(&hall(), today.date).await.unwrap().unwrap();
    assert_eq!(day.day.queue().len(), 1, "nobody is called who may have gone home");
    let old = zone.office.hall_day(&hall(), one.date).await.unwrap().unwrap();
    for taken in [&one, &two] {
        assert_eq!(old.day.ticket(taken.number).unwrap().state.code(), "carried-over");
        let now = zone.office.ticket_of(&taken.key).await.unwrap();
        assert_eq!((now.date, now.number), (today.date, taken.number.carried()), "the old page leads on");
        assert_eq!(now.number.to_string(), format!("昨{}", taken.number), "as the paper says");
        zone.office.come(&taken.key).await.unwrap();
        zone.office.come(&taken.key).await.unwrap();
    }
    let day = zone.office.hall_day(&hall(), today.date).await.unwrap().unwrap();
    let queue: Vec<String> = day.day.queue().iter().map(|ticket| ticket.number.to_string()).collect();
    assert_eq!(queue, [format!("昨{}", one.number), format!("昨{}", two.number), today.number.to_string()]);
    zone.office.leave_queue(&two.key).await.unwrap();
    assert_eq!(zone.office.tick_halls().await.unwrap().ended, 0, "it has ended");
    // Whoever was not called on the second day either has no number on the third.
    zone.pass(SignedDuration::from_hours(24));
    take(&zone.office, "公共服务").await;
    let third = zone.office.hall_day(&hall(), zone.office.today()).await.unwrap().unwrap();
    assert_eq!(third.day.held().count(), 1, "the number of the second day alone");
    assert_eq!(zone.office.ticket_of(&one.key).await.unwrap().date, today.date);
    let before = views(&zone.office).await;
    zone.office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(views(&zone.office).await, before);
}

#[tokio::test]
async fn one_number_each_holds_for_the_first_of_the_day_and_for_numbers_that_were_kept() {
    let zone = Zone::open(61).await;
    let key = zone.guest();
    let by = By::Guest(&key);
    let phone = || TakeTicket { source: Source::Phone, ..wants("税务") };
    let taken = zone.office.take_ticket(phone(), by, None).await.unwrap();
    zone.pass(SignedDuration::from_hours(24));
    // Nobody has come yet on the new day.
    let again = zone.office.take_ticket(phone(), by, None).await;
    assert!(matches!(again, Err(OfficeError::NotPossible(NotPossible::TicketHeld))), "{again:?}");
    let own = zone.office.own_tickets(by).await.unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].number, taken.number.carried(), "it is among one's own");
    zone.office.leave_queue(&taken.key).await.unwrap();
    let other = zone.office.take_ticket(TakeTicket { on_the_way: true, ..phone() }, by, None).await.unwrap();
    let day = zone.office.hall_day(&hall(), other.date).await.unwrap().unwrap();
    assert!(day.day.queue().is_empty() && day.day.held().count() == 1, "kept until its holder is there");
}

#[tokio::test]
async fn a_day_with_kept_numbers_begins_before_anybody_asks() {
    let zone = Zone::open(62).await;
    let taken = take(&zone.office, "税务").await;
    zone.pass(SignedDuration::from_hours(24));
    zone.office.tick_halls().await.unwrap();
    let now = zone.office.ticket_of(&taken.key).await.unwrap();
    assert_eq!((now.date, now.number), (zone.office.today(), taken.number.carried()));
}

#[tokio::test]
async fn halls_are_closed_on_public_holidays_and_open_on_weekends_that_are_worked() {
    let zone = Zone::open(63).await;
    let open = |date: &str| !zone.office.hall_setup(&hall(), date.parse().unwrap()).unwrap().hours.is_empty();
    assert!(open("2026-09-30") && !open("2026-10-01") && !open("2026-10-05"));
    assert!(open("2026-10-10"), "a Saturday that the notice made a working day");
    // A Friday of a year without a notice, and a festival by law.
    assert!(!open("2027-01-01") && open("2027-01-04"));
}

#[tokio::test]
async fn doors_close_at_their_hour_and_the_day_ends_with_the_last_person() {
    let zone = Zone::open(58).await;
    let by = clerk(11);
    zone.office.at_window(&hall(), &window("A01"), WindowAct::Open, &by, None).await.unwrap();
    take(&zone.office, "税务").await;
    zone.pass(SignedDuration::from_hours(9));
    assert_eq!(zone.office.tick_halls().await.unwrap().closed, 1);
    let late = zone.office.take_ticket(wants("税务"), By::System, None).await;
    assert!(matches!(late, Err(OfficeError::Hall(Refusal::HallClosed))));
    assert!(called(&zone.office, "A01", &by).await.is_some(), "whoever holds a number is served");
    zone.office.at_window(&hall(), &window("A01"), WindowAct::Start, &by, None).await.unwrap();
    zone.office.at_window(&hall(), &window("A01"), WindowAct::Finish, &by, None).await.unwrap();
    zone.office.at_window(&hall(), &window("A01"), WindowAct::Close, &by, None).await.unwrap();
    assert_eq!(zone.office.tick_halls().await.unwrap().ended, 1);
}

#[tokio::test]
async fn the_numbers_of_a_day_add_up_and_open_their_tickets() {
    let zone = Zone::open(59).await;
    let by = clerk(11);
    zone.office.at_window(&hall(), &window("A01"), WindowAct::Open, &by, None).await.unwrap();
    for _ in 0..4 {
        take(&zone.office, "税务").await;
    }
    let gone = take(&zone.office, "公共服务").await;
    zone.office.leave_queue(&gone.key).await.unwrap();
    for _ in 0..4 {
        zone.pass(SignedDuration::from_mins(10));
        called(&zone.office, "A01", &by).await.unwrap();
        zone.office.at_window(&hall(), &window("A01"), WindowAct::Start, &by, None).await.unwrap();
    }
    zone.pass(SignedDuration::from_mins(10));
    zone.office.at_window(&hall(), &window("A01"), WindowAct::Finish, &by, None).await.unwrap();
    zone.pass(SignedDuration::from_mins(50));
    zone.office.at_window(&hall(), &window("A01"), WindowAct::Close, &by, None).await.unwrap();
    let today = zone.office.today();
    let filter = HallFilter {
        hall: hall(),
        from: today,
        to: today,
        line: None,
        window: None,
        hour: None,
        left_unserved: false,
    };
    for group in HallGroup::ALL {
        let numbers = zone.office.hall_numbers(&filter, group, &by).await.unwrap();
        let total = &numbers.total;
        assert_eq!((total.taken, total.served, total.left_unserved), (5, 4, 1), "{group:?}");
        assert_eq!((total.services, total.service_seconds), (4, 4 * 600), "{group:?}");
        assert_eq!((total.wait_minutes(50), total.wait_minutes(90)), (Some(20), Some(40)), "{group:?}");
        assert_eq!((total.in_target, total.targeted), (1, 4), "fifteen minutes are the target of this line");
        if group != HallGroup::Line {
            assert_eq!((total.open_seconds, total.busy_seconds), (6000, 2400), "{group:?}");
        }
    }
    let left = HallFilter { left_unserved: true, ..filter.clone() };
    let (lines, _) = zone.office.hall_tickets(&left, 10, None, &by).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [gone.number]);
    let applicant = zone.applicant("zhangsan").await;
    assert!(matches!(
        zone.office.hall_numbers(&filter, HallGroup::Hour, &applicant).await,
        Err(OfficeError::Denied)
    ));
}

/// Calls the next at the first window and is done with them.
async fn served(zone: &Zone, by: &Viewer) {
    for act in [WindowAct::Next, WindowAct::Start, WindowAct::Finish] {
        zone.pass(SignedDuration::from_mins(5));
        zone.office.at_window(&hall(), &window("A01"), act, by, None).await.unwrap();
    }
}

#[tokio::test]
async fn whoever_was_served_rates_the_visit_and_is_called_back_if_it_was_bad() {
    let zone = Zone::open(62).await;
    let (office, by) = (&zone.office, clerk(11));
    office.at_window(&hall(), &window("A01"), WindowAct::Open, &by, None).await.unwrap();
    let (named, unnamed, known) = (take(office, "税务").await, take(office, "税务").await, {
        let about =
            TicketAbout { name: "李某".into(), phone: "13900001111".into(), ..TicketAbout::default() };
        office.take_ticket(TakeTicket { about, ..wants("税务") }, By::System, None).await.unwrap()
    });
    let early = office.rate_visit(&named.key, RateVisit { level: 5, ..RateVisit::default() }).await;
    assert!(matches!(early, Err(OfficeError::Hall(Refusal::NotServed { .. }))), "{early:?}");
    for _ in 0..3 {
        served(&zone, &by).await;
    }
    let bad =
        |phone: &str| RateVisit {
            level: 2, comment: "等了很久".into(), named: true, phone: phone.into()
        };
    for (phone, expected) in [("", NotPossible::VisitPhone), ("12", NotPossible::AboutPhone)] {
        let refused = office.rate_visit(&named.key, bad(phone)).await;
        assert!(matches!(&refused, Err(OfficeError::NotPossible(why)) if *why == expected), "{refused:?}");
    }
    for _ in 0..2 {
        office.rate_visit(&named.key, bad("13900002222")).await.unwrap();
        office.rate_visit(&unnamed.key, RateVisit { level: 1, ..RateVisit::default() }).await.unwrap();
        office.rate_visit(&known.key, bad("")).await.unwrap();
    }
    let again = office.rate_visit(&named.key, RateVisit { level: 5, ..RateVisit::default() }).await;
    assert!(matches!(again, Err(OfficeError::Hall(Refusal::VisitRated))), "{again:?}");

    let today = office.today();
    let filter = HallFilter {
        hall: hall(),
        from: today,
        to: today,
        line: None,
        window: None,
        hour: None,
        left_unserved: false,
    };
    for group in HallGroup::ALL {
        let numbers = office.hall_numbers(&filter, group, &by).await.unwrap();
        assert_eq!(numbers.total.ratings, [1, 2, 0, 0, 0], "{group:?}");
        assert_eq!((numbers.total.taken, numbers.total.content_percent()), (3, Some(0)), "{group:?}");
    }
    let (lines, _) = office.hall_tickets(&filter, 10, None, &by).await.unwrap();
    let shown = |taken: &Taken| lines.iter().find(|line| line.number == taken.number).unwrap().rating;
    assert_eq!(
        [&named, &unnamed, &known].map(shown),
        [Some(2), None, Some(2)],
        "who stays unnamed is only counted"
    );

    assert_eq!(office.tick().await.unwrap().call_backs, 2, "who stays unnamed is not called");
    assert_eq!(office.tick().await.unwrap().call_backs, 0);
    for (taken, phone) in [(&named, "13900002222"), (&known, "13900001111")] {
        let ticket = office.ticket_of(&taken.key).await.unwrap();
        let [number] = &*office.cases_of_ticket(&ticket).await.unwrap() else { panic!("one call-back") };
        let loaded = office.load_case(office.case_by_number(number).await.unwrap()).await.unwrap();
        assert_eq!(Some(&loaded.case.thing), office.edition().zone().callback.as_ref());
        assert_eq!(office.party(loaded.id).await.unwrap().phone, phone);
        assert_eq!(loaded.tickets().collect::<Vec<_>>(), [&ticket], "whoever calls sees which visit it was");
    }
    let before = views(office).await;
    office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(views(office).await, before);
}

fn is_fault(error: &OfficeError) -> bool {
    matches!(error, OfficeError::Fault(Fault::Store(StoreError::Fault { .. } | StoreError::Unanswered)))
}

/// Does something, and once more with the same arguments if the store failed.
macro_rules! again {
    ($do:expr) => {
        match $do.await {
            Err(error) if is_fault(&error) => $do.await,
            done => done,
        }
    };
}

/// A morning: numbers, an appointment, calls, somebody who does not come, somebody passed on.
async fn morning(zone: &Zone, key: &AccessKey) {
    let office = &zone.office;
    let by = clerk(11);
    let here = hall();
    let at = |act: WindowAct, command| office.at_window(&here, window_a(), act, &by, Some(command));
    let command = office.new_id();
    again!(office.book(booking(office, "税务"), By::Guest(key), Some(command))).unwrap();
    for line in ["企业登记", "税务", "公共服务"] {
        let command = office.new_id();
        again!(office.take_ticket(wants(line), By::System, Some(command))).unwrap();
        zone.pass(SignedDuration::from_mins(1));
    }
    let command = office.new_id();
    again!(at(WindowAct::Open, command)).unwrap();
    for act in [WindowAct::Next, WindowAct::Recall, WindowAct::Skip, WindowAct::Next, WindowAct::Start] {
        zone.pass(SignedDuration::from_mins(1));
        let command = office.new_id();
        again!(at(act.clone(), command)).unwrap();
    }
    let command = office.new_id();
    again!(at(WindowAct::Transfer { to: "公共服务".into() }, command)).unwrap();
}

fn window_a() -> &'static WindowId {
    static A: std::sync::OnceLock<WindowId> = std::sync::OnceLock::new();
    A.get_or_init(|| "A01".into())
}

#[tokio::test]
async fn every_prefix_of_a_hall_day_recovers_and_nobody_loses_the_place() {
    let store = MemoryStore::recording();
    let zone = Zone::on(store.clone(), edition(), 60).await;
    morning(&zone, &zone.guest()).await;
    let date = zone.office.today();
    let mut seen = 0;
    for commits in 1..=store.recorded() {
        let prefix = store.prefix(commits).unwrap();
        let office = Office::start(surroundings(&prefix, &zone.clock, 96), None).await.unwrap();
        let before = views(&office).await;
        office.rebuild(&mut |_| {}).await.unwrap();
        assert_eq!(views(&office).await, before, "rows and log agree after {commits} commits");
        assert!(office.audit().await.unwrap().is_clean());
        let Some(loaded) = office.hall_day(&hall(), date).await.unwrap() else { continue };
        let waiting: Vec<TicketNo> = loaded.day.queue().iter().map(|ticket| ticket.number).collect();
        // The day goes on: a new number is a new number, and everybody who waited is called in the old order.
        let late = take(&office, "公共服务").await;
        assert!(loaded.day.ticket(late.number).is_none());
        let by = clerk(11);
        let here = hall();
        let at = |act: WindowAct| office.at_window(&here, window_a(), act, &by, None);
        at(WindowAct::Open).await.unwrap();
        let _ = at(WindowAct::Start).await;
        let _ = at(WindowAct::Finish).await;
        let mut order = Vec::new();
        loop {
            match called(&office, "A01", &by).await {
                Some(number) => order.push(number),
                None => break,
            }
            at(WindowAct::Start).await.unwrap();
        }
        order.retain(|number| waiting.contains(number));
        assert_eq!(order, waiting, "after {commits} commits");
        seen += 1;
    }
    assert!(seen > 8, "{seen}");
}

#[tokio::test]
async fn every_commit_of_a_hall_day_may_fail_once() {
    for fate in [Fate::Fails, Fate::AnswerLost] {
        for nth in 0.. {
            let zone = Zone::open(61).await;
            let key = zone.guest();
            let tried = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
            let seen = tried.clone();
            zone.store.set_fates(move |number| {
                seen.store(number + 1, std::sync::atomic::Ordering::Relaxed);
                if number == nth { fate } else { Fate::Sound }
            });
            morning(&zone, &key).await;
            if tried.load(std::sync::atomic::Ordering::Relaxed) <= nth {
                assert!(nth > 8, "only {nth} commits were tried");
                break;
            }
            let day = zone.office.hall_day(&hall(), zone.office.today()).await.unwrap().unwrap();
            assert_eq!(day.day.tickets.len(), 3, "{fate:?} at commit {nth}");
            assert_eq!(
                zone.office.own_bookings(By::Guest(&key)).await.unwrap().len(),
                1,
                "{fate:?} at {nth}"
            );
            let before = views(&zone.office).await;
            zone.office.rebuild(&mut |_| {}).await.unwrap();
            assert_eq!(views(&zone.office).await, before, "{fate:?} at commit {nth}");
        }
    }
}

#[tokio::test]
async fn a_pack_without_lines_and_lanes_has_a_hall_all_the_same() {
    let mut files = support::pack();
    let text = String::from_utf8(files["zone.yaml"].to_vec()).unwrap();
    let cut = |text: &str, from: &str, to: &str| {
        let (head, rest) = text.split_once(from).unwrap();
        let (_, tail) = rest.split_once(to).unwrap();
        format!("{head}{to}{tail}")
    };
    let text = cut(&text, "service_lines:", "sections:\n");
    let text: String = text
        .lines()
        .filter(|line| !line.contains("skills:") && !line.contains("{lines: ["))
        .map(|line| format!("{line}\n"))
        .collect();
    files.insert("zone.yaml".into(), text.into_bytes().into());
    let zone = Zone::on(MemoryStore::new(), support::compile(&files), 62).await;
    take(&zone.office, "税务").await;
    let by = clerk(11);
    zone.office.at_window(&hall(), &window("C01"), WindowAct::Open, &by, None).await.unwrap();
    assert!(called(&zone.office, "C01", &by).await.is_some());
    let account = zone.account("someone", Standing::Applicant, Vec::new()).await;
    assert!(account.is_applicant());
}

#[tokio::test]
async fn whoever_is_forgotten_is_expected_by_nobody() {
    let zone = Zone::open(61).await;
    let keeper = zone.account("keeper", Standing::Administrator, Vec::new()).await;
    let person = zone.account("person", Standing::Applicant, Vec::new()).await;
    let by = By::Viewer(&person);
    let booked = zone.office.book(booking(&zone.office, "税务"), by, None).await.unwrap();
    let phone = TakeTicket { source: Source::Phone, ..wants("税务") };
    let taken = zone.office.take_ticket(phone, by, None).await.unwrap();
    let ground = office::Ground::ConsentWithdrawn;
    zone.office.forget_person("person", ground, office::WithinPeriod::Refuse, &keeper).await.unwrap();

    assert!(matches!(zone.office.booking(&booked.code).await, Err(OfficeError::NotFound)));
    let left = zone.office.bookings_of(&hall(), booked.place.date).await.unwrap();
    assert!(left.iter().all(|each| each.state == hall::AppointmentState::Cancelled), "{left:?}");
    assert!(zone.office.own_bookings(by).await.unwrap().is_empty());
    let day = zone.office.hall_day(&hall(), taken.date).await.unwrap().unwrap();
    assert!(day.day.ticket(taken.number).unwrap().state.is_over(), "nobody is called by it");
    zone.pass(SignedDuration::from_hours(24));
    assert_eq!(zone.office.tick_halls().await.unwrap().reminded, 0);
    let before = views(&zone.office).await;
    zone.office.rebuild(&mut |_| {}).await.unwrap();
    assert_eq!(views(&zone.office).await, before);
}
