//! A number of a case shows nothing: what comes with one is for whoever may open the case, or shows the code of its receipt.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use catalogue::{Channel, LaneKind, RoleId, Tongue};
use hall::{Source, Want};
use jiff::{SignedDuration, ToSpan as _};
use office::{
    AccessKey, Act, Booking, By, CameFrom, Correction, NotPossible, OfficeError, StartDraft, Submitted,
    TakeTicket, Taken, TicketAbout, coming_from,
};
use support::{Zone, officer};

fn ticket(number: &str, code: &str, source: Source) -> TakeTicket {
    TakeTicket {
        hall: "政务服务大厅".into(),
        wants: vec![Want { line: "公共服务".into(), thing: None }],
        lane: LaneKind::WalkIn,
        language: Tongue::Zh,
        source,
        specialist: None,
        about: TicketAbout { case_number: number.into(), case_code: code.into(), ..TicketAbout::default() },
        on_the_way: false,
    }
}

/// A case whose applicant was asked to correct something, with the applicant's key and the code of the receipt.
async fn to_correct(zone: &Zone) -> (Submitted, AccessKey, String) {
    let key = zone.guest();
    let filed = zone.apply(&zone.services()[0], false, By::Guest(&key)).await.unwrap();
    let case = zone.office.load_case(filed.id).await.unwrap().case;
    let matter = case.matters.iter().find(|matter| !matter.plan.materials.is_empty()).unwrap();
    let correction = Correction {
        item: Some(matter.item.clone()),
        materials: vec![matter.plan.materials[0].id.clone()],
        note: "请补盖章的一份".into(),
        ..Correction::default()
    };
    let asked = Act::AskCorrection(correction);
    zone.office.act(filed.id, asked, By::Viewer(&zone.officers[0]), None).await.unwrap();
    let code = zone.office.receipt_code(filed.id, By::Guest(&key)).await.unwrap().0;
    (filed, key, code)
}

async fn lane(zone: &Zone, taken: &Taken) -> LaneKind {
    let day = zone.office.hall_day(&taken.hall, taken.date).await.unwrap().unwrap();
    let lane = day.day.ticket(taken.number).unwrap().lane.clone();
    day.day.setup.lanes.iter().find(|rule| rule.id == lane).unwrap().kind
}

fn said(error: &OfficeError) -> String {
    error.message(diagnostic::Lang::Zh).unwrap()
}

#[tokio::test]
async fn a_number_in_the_hall_belongs_to_ones_own_case_only() {
    let zone = Zone::open(70).await;
    let (filed, key, code) = to_correct(&zone).await;
    let (stranger, office) = (zone.guest(), &zone.office);
    let refused = async |number: &str, code: &str, source, by: By<'_>| {
        said(&office.take_ticket(ticket(number, code, source), by, None).await.unwrap_err())
    };
    let theirs = refused(&filed.number, "", Source::Phone, By::Guest(&stranger)).await;
    let free = identifier::CaseNumber::new(office.today(), 9000).unwrap().to_string();
    for number in [free.as_str(), "没有这个编号", "1"] {
        assert_eq!(refused(number, "", Source::Phone, By::Guest(&stranger)).await, theirs, "{number}");
    }
    assert_eq!(refused(&filed.number, "22222222", Source::Phone, By::Guest(&stranger)).await, theirs);
    assert_eq!(refused(&filed.number, "", Source::Kiosk, By::System).await, theirs, "a machine knows nobody");
    assert_eq!(refused(&filed.number, "1234", Source::Kiosk, By::System).await, theirs);
    let account = zone.applicant("stranger").await;
    assert_eq!(refused(&filed.number, "", Source::Phone, By::Viewer(&account)).await, theirs);
    assert!(
        office
            .hall_day(&"政务服务大厅".into(), office.today())
            .await
            .unwrap()
            .is_none_or(|day| day.day.tickets.is_empty())
    );

    let own =
        office.take_ticket(ticket(&filed.number, "", Source::Phone), By::Guest(&key), None).await.unwrap();
    assert_eq!(lane(&zone, &own).await, LaneKind::Returning);
    let shown =
        office.take_ticket(ticket(&filed.number, &code, Source::Kiosk), By::System, None).await.unwrap();
    assert_eq!(lane(&zone, &shown).await, LaneKind::Returning);
    let clerk = officer(11, vec![RoleId::from("综合窗口")]);
    let given = office
        .take_ticket(ticket(&filed.number, "", Source::Window), By::Viewer(&clerk), None)
        .await
        .unwrap();
    assert_eq!(lane(&zone, &given).await, LaneKind::Returning);
}

#[tokio::test]
async fn codes_are_tried_a_few_times_from_one_address_and_a_right_one_costs_nothing() {
    let zone = Zone::open(71).await;
    let (filed, _, code) = to_correct(&zone).await;
    let office = &zone.office;
    let tries = async |number: String, code: &str| {
        let take = ticket(&number, code, Source::Kiosk);
        coming_from("198.51.100.7".into(), office.take_ticket(take, By::System, None)).await
    };
    for _ in 0..3 {
        tries(filed.number.clone(), &code).await.unwrap();
    }
    let mut waits = 0;
    for each in 0..60 {
        // Walking numbers is counted as trying one is, whether or not they exist.
        let number = identifier::CaseNumber::new(office.today(), 700 + each).unwrap().to_string();
        let error = tries(number, "22222222").await.unwrap_err();
        waits += u32::from(matches!(error, OfficeError::Wait { .. }));
    }
    assert_eq!(waits, 60 - 30);
    zone.pass(SignedDuration::from_mins(61));
    tries(filed.number.clone(), &code).await.unwrap();
}

#[tokio::test]
async fn an_appointment_is_about_ones_own_case_only() {
    let zone = Zone::open(72).await;
    let (filed, key, _) = to_correct(&zone).await;
    let office = &zone.office;
    let date = office.today().checked_add(1.day()).unwrap();
    let slot = office.edition().offset().to_timestamp(date.at(9, 0, 0, 0)).unwrap();
    let booking = || Booking {
        hall: "政务服务大厅".into(),
        date,
        slot,
        want: Want { line: "公共服务".into(), thing: None },
        language: Tongue::Zh,
        specialist: None,
        about: TicketAbout { case_number: filed.number.clone(), ..TicketAbout::default() },
    };
    let stranger = zone.guest();
    let refused = office.book(booking(), By::Guest(&stranger), None).await;
    assert!(matches!(refused, Err(OfficeError::NotPossible(NotPossible::CaseUnproved))), "{refused:?}");
    let booked = office.book(booking(), By::Guest(&key), None).await.unwrap();
    assert_eq!(office.booking(&booked.code).await.unwrap().about.case_number, filed.number);
}

#[tokio::test]
async fn a_call_back_about_a_rating_is_for_whoever_the_case_is() {
    let zone = Zone::open(73).await;
    let (filed, key, code) = to_correct(&zone).await;
    let office = &zone.office;
    let thing = office.edition().zone().callback.clone().unwrap();
    let start = |code: &str| StartDraft {
        thing: thing.clone(),
        party: None,
        channel: Channel::Online,
        came_from: CameFrom {
            case_number: Some(filed.number.clone()),
            case_code: code.into(),
            ..CameFrom::default()
        },
    };
    let stranger = zone.guest();
    let refused = office.start_draft(start(""), By::Guest(&stranger)).await;
    assert!(matches!(refused, Err(OfficeError::NotPossible(NotPossible::CaseUnproved))), "{refused:?}");
    office.start_draft(start(""), By::Guest(&key)).await.unwrap();
    office.start_draft(start(&code), By::Guest(&stranger)).await.unwrap();

    // Nor does it help to write the number into the form.
    let mut blank = start("");
    blank.came_from = CameFrom { rating: Some(1), ..CameFrom::default() };
    let open = office.start_draft(blank, By::Guest(&stranger)).await.unwrap();
    let field =
        open.thing().unwrap().context.iter().find(|(_, fact)| **fact == catalogue::ContextFact::CaseNumber);
    let named = [(field.unwrap().0.clone(), form::Raw::One(filed.number.clone()))].into();
    let open = office.save_answers(open.id, &named, By::Guest(&stranger)).await.unwrap();
    let open = zone.fill(open, false, By::Guest(&stranger)).await.unwrap();
    let refused = office.submit(open.id, By::Guest(&stranger), None).await;
    assert!(matches!(refused, Err(OfficeError::NotPossible(NotPossible::CaseUnproved))), "{refused:?}");
}

#[tokio::test]
async fn wrong_digits_of_strangers_keep_nobody_out_who_has_the_code() {
    let zone = Zone::open(74).await;
    let (filed, key, code) = to_correct(&zone).await;
    let office = &zone.office;
    let open = async |proof: &str, from: String| {
        office.open_case_with(&filed.number, proof, &from, &office.new_access_key(), Vec::new()).await
    };
    let party = zone.office.applicant_shown(filed.id).await.unwrap();
    assert!(!party.is_empty());
    for each in 0..60 {
        let wrong = open("0007", format!("198.51.100.{}", each / 10)).await;
        assert!(matches!(wrong, Err(OfficeError::NotFound)), "{wrong:?}");
    }
    let Err(OfficeError::Wait { minutes }) = open("0007", "203.0.113.5".into()).await else {
        panic!("digits of one case are tried without end")
    };
    open(&code, "203.0.113.5".into()).await.unwrap();
    // Codes of strangers do not keep its owner out either.
    for each in 0..90 {
        let wrong = open("22222222", format!("192.0.2.{each}")).await;
        assert!(matches!(wrong, Err(OfficeError::NotFound)), "{wrong:?}");
    }
    open(&code, "203.0.113.5".into()).await.unwrap();
    office.open_case(filed.id, vec![By::Guest(&key)]).await.unwrap();
    // What was told holds: the first places are free again then.
    zone.pass(SignedDuration::from_mins(minutes));
    assert!(matches!(open("0007", "203.0.113.5".into()).await, Err(OfficeError::NotFound)));
}
