//! The decisions of a hall, one rule at a time.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use catalogue::{Closing, LaneKind, Tongue};
use hall::*;
use support::*;

#[test]
fn people_are_called_as_they_came() {
    let mut hall = Player::staffed();
    hall.joins(1, 1, "a", LaneKind::WalkIn);
    hall.joins(2, 2, "b", LaneKind::WalkIn);
    hall.joins(3, 3, "a", LaneKind::WalkIn);
    assert_eq!(hall.calls(4, "3"), Some(2), "a window calls only what it can do");
    assert_eq!(hall.calls(4, "1"), Some(1));
    assert_eq!(hall.calls(4, "2"), Some(3));
    assert_eq!(hall.act(5, Command::CallNext { window: window("2") }).unwrap_err().code(), "not-yet-there");
}

#[test]
fn a_head_start_counts_against_the_time_of_coming() {
    let mut hall = Player::staffed();
    hall.joins(0, 1, "a", LaneKind::WalkIn);
    hall.joins(19, 2, "a", LaneKind::ElderlyOrDisabled);
    hall.joins(21, 3, "a", LaneKind::ElderlyOrDisabled);
    let order: Vec<u32> = hall.day.queue().iter().map(|ticket| ticket.number.0).collect();
    assert_eq!(order, [2, 1, 3], "twenty minutes are a head start, not a right to go first");
    let why = hall.day.explain_order(TicketNo(1)).unwrap();
    assert_eq!(why.before.len(), 1);
    assert_eq!(why.before[0].reason, Reason::HeadStart { lane: "elderly-or-disabled".into(), minutes: 20 });
    let why = hall.day.explain_order(TicketNo(3)).unwrap();
    assert_eq!(why.before.iter().map(|ahead| ahead.number.0).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(why.before[1].reason, Reason::CameFirst);
}

#[test]
fn an_appointment_waits_from_its_booked_time_when_it_is_kept() {
    let booked = |number: u32, for_minute: i64| Join {
        source: Source::Appointment,
        lane: LaneKind::Appointment,
        booked_for: Some(at(for_minute)),
        ..join(number, "a", LaneKind::Appointment)
    };
    let mut hall = Player::staffed();
    assert_eq!(hall.act(14, Command::Join(booked(1, 30))).unwrap_err(), Refusal::TooEarly { from: at(15) });
    hall.act(20, Command::Join(booked(1, 30))).unwrap();
    assert_eq!(hall.day.ticket(TicketNo(1)).unwrap().place, at(25));
    hall.act(40, Command::Join(booked(2, 30))).unwrap();
    assert_eq!(hall.day.ticket(TicketNo(2)).unwrap().place, at(25), "ten minutes late is still kept");
    hall.act(41, Command::Join(booked(3, 30))).unwrap();
    let late = hall.day.ticket(TicketNo(3)).unwrap();
    assert_eq!((late.place, late.lane.as_str()), (at(41), "walk-in"));
    assert_eq!(late.cause, Cause::LateForBooking);
}

#[test]
fn whoever_does_not_come_stands_behind_others_and_is_lost_at_last() {
    let mut hall = Player::staffed();
    for number in 1..=5 {
        hall.joins(number.into(), number, "a", LaneKind::WalkIn);
    }
    assert_eq!(hall.calls(6, "2"), Some(1));
    hall.act(7, Command::Recall { window: window("2") }).unwrap();
    hall.act(8, Command::Skip { window: window("2") }).unwrap();
    let order: Vec<u32> = hall.day.queue().iter().map(|ticket| ticket.number.0).collect();
    assert_eq!(order, [2, 3, 1, 4, 5], "behind two others");
    for number in [2, 3] {
        assert_eq!(hall.calls(9, "2"), Some(number));
        hall.finishes(10, "2");
    }
    assert_eq!(hall.calls(11, "2"), Some(1));
    hall.act(12, Command::Skip { window: window("2") }).unwrap();
    assert_eq!(hall.state(1), "lost");
    assert_eq!(hall.act(13, Command::Leave { number: TicketNo(1) }).unwrap_err().code(), "ticket-is-over");
}

#[test]
fn a_head_start_brings_nobody_straight_back_after_a_call_in_vain() {
    let mut hall = Player::staffed();
    // Window 1 serves both lines; tickets of the other line count as well.
    hall.joins(1, 1, "b", LaneKind::Green);
    for number in 2..=4 {
        hall.joins(number.into(), number, "a", LaneKind::WalkIn);
    }
    assert_eq!(hall.calls(5, "1"), Some(1));
    hall.act(6, Command::Skip { window: window("1") }).unwrap();
    assert_eq!(hall.calls(7, "1"), Some(2), "not the one who has just not come");
    hall.finishes(8, "1");
    assert_eq!(hall.calls(9, "1"), Some(3));
    hall.finishes(10, "1");
    assert_eq!(hall.calls(11, "1"), Some(1), "behind two others");
}

#[test]
fn nobody_is_skipped_before_they_can_stand_up() {
    let mut hall = Player::staffed();
    let mut rules = setup(Closing::ServeAll).as_ref().clone();
    rules.no_show.wait_seconds = 90;
    hall.day.setup = rules.into();
    hall.joins(1, 1, "a", LaneKind::WalkIn);
    assert_eq!(hall.calls(2, "2"), Some(1));
    let skip = || Command::Skip { window: window("2") };
    let refusal = hall.act(3, skip()).unwrap_err();
    assert_eq!(refusal, Refusal::TooSoon { number: TicketNo(1), seconds: 30 });
    hall.act(4, Command::Recall { window: window("2") }).unwrap();
    assert_eq!(hall.act(5, skip()).unwrap_err().code(), "too-soon", "a second call begins the time anew");
    hall.act(6, skip()).unwrap();
}

#[test]
fn a_number_that_is_kept_is_called_once_its_holder_is_there() {
    let mut hall = Player::staffed();
    hall.act(1, Command::Join(Join { held: true, ..join(1, "a", LaneKind::WalkIn) })).unwrap();
    hall.joins(2, 2, "a", LaneKind::WalkIn);
    assert_eq!(hall.day.queue().len(), 1, "nobody waits for whoever is not there");
    assert_eq!(hall.calls(3, "2"), Some(2));
    hall.finishes(4, "2");
    hall.joins(5, 3, "a", LaneKind::WalkIn);
    assert!(hall.day.explain_order(TicketNo(1)).is_none());
    hall.act(6, Command::Come { number: TicketNo(1) }).unwrap();
    assert_eq!(hall.act(6, Command::Come { number: TicketNo(1) }).unwrap(), [], "once is enough");
    assert_eq!(hall.calls(7, "2"), Some(1), "the place was kept");
    assert_eq!(hall.act(8, Command::Come { number: TicketNo(1) }).unwrap_err().code(), "not-waiting");
}

#[test]
fn whoever_is_passed_on_keeps_the_place() {
    let mut hall = Player::staffed();
    hall.joins(1, 1, "a", LaneKind::WalkIn);
    hall.joins(2, 2, "b", LaneKind::WalkIn);
    assert_eq!(hall.calls(3, "2"), Some(1));
    hall.act(4, Command::Transfer { window: window("2"), to: "b".into() }).unwrap();
    assert_eq!(hall.day.explain_order(TicketNo(2)).unwrap().before[0].reason, Reason::PassedOn);
    assert_eq!(hall.calls(5, "3"), Some(1), "before number 2, which came later");
}

#[test]
fn one_number_serves_for_everything() {
    let mut hall = Player::staffed();
    let both = Join { wants: vec![want("a"), want("b"), want("a")], ..join(1, "a", LaneKind::WalkIn) };
    hall.act(1, Command::Join(both.clone())).unwrap();
    assert_eq!(hall.day.ticket(TicketNo(1)).unwrap().wants.len(), 2, "nothing twice");
    assert_eq!(hall.calls(2, "1"), Some(1));
    hall.finishes(3, "1");
    assert_eq!(hall.state(1), "serving", "the same window goes on when it can");
    hall.finishes(4, "1");
    assert_eq!(hall.state(1), "done");

    hall.act(5, Command::Join(Join { number: TicketNo(2), ..both })).unwrap();
    assert_eq!(hall.calls(6, "2"), Some(2));
    hall.finishes(7, "2");
    assert_eq!(hall.state(2), "waiting", "this window cannot do the second thing");
    assert_eq!(hall.calls(8, "3"), Some(2));
    hall.finishes(9, "3");
    assert_eq!(hall.day.ticket(TicketNo(2)).unwrap().visits.len(), 2);
}

#[test]
fn a_number_is_split_for_two_people_and_families_come_together() {
    let mut hall = Player::staffed();
    let both = Join { wants: vec![want("a"), want("b")], ..join(1, "a", LaneKind::WalkIn) };
    hall.act(1, Command::Join(both)).unwrap();
    let split = |wants: Vec<usize>, new| Command::Split { number: TicketNo(1), wants, new: TicketNo(new) };
    assert_eq!(hall.act(2, split(vec![0, 1], 2)).unwrap_err().code(), "cannot-split");
    hall.act(2, split(vec![1], 2)).unwrap();
    let part = hall.day.ticket(TicketNo(2)).unwrap();
    assert_eq!((part.place, part.want().line.as_str()), (at(1), "b"), "both keep the place");
    hall.joins(3, 3, "a", LaneKind::WalkIn);
    hall.act(4, Command::Merge { number: TicketNo(1), into: TicketNo(3) }).unwrap();
    let family = hall.day.ticket(TicketNo(3)).unwrap();
    assert_eq!((family.place, hall.state(1)), (at(3), "merged"), "the later of the two places");
    let swapped = Command::Merge { number: TicketNo(3), into: TicketNo(2) };
    hall.act(5, swapped).unwrap();
    assert_eq!(hall.day.ticket(TicketNo(2)).unwrap().place, at(3), "nobody between is overtaken");
}

#[test]
fn whoever_gives_a_number_back_takes_no_place_from_those_whose_numbers_were_joined_with_it() {
    let mut hall = Player::staffed();
    hall.joins(1, 1, "a", LaneKind::WalkIn);
    hall.joins(2, 2, "b", LaneKind::WalkIn);
    hall.joins(3, 3, "a", LaneKind::WalkIn);
    let two = Join { wants: vec![want("a"), want("b")], ..join(4, "a", LaneKind::WalkIn) };
    hall.act(4, Command::Join(two)).unwrap();
    for number in [1, 2] {
        hall.act(5, Command::Merge { number: TicketNo(number), into: TicketNo(4) }).unwrap();
    }
    let events = hall.act(6, Command::Leave { number: TicketNo(4) }).unwrap();
    assert_eq!(events.len(), 3, "{events:?}");
    assert_eq!((hall.state(1), hall.state(2), hall.state(4)), ("waiting", "waiting", "left"));
    let order: Vec<u32> = hall.day.queue().iter().map(|ticket| ticket.number.0).collect();
    assert_eq!(order, [1, 2, 3], "each stands where it stood");
    let restored = hall.day.ticket(TicketNo(2)).unwrap();
    assert_eq!((restored.wants.clone(), restored.restored_from), (vec![want("b")], Some(TicketNo(4))));
}

#[test]
fn what_was_dealt_with_under_the_other_number_is_not_waited_for_again() {
    let mut hall = Player::staffed();
    hall.joins(1, 1, "a", LaneKind::WalkIn);
    let two = Join { wants: vec![want("a"), want("b")], ..join(2, "a", LaneKind::WalkIn) };
    hall.act(1, Command::Join(two)).unwrap();
    hall.joins(2, 3, "a", LaneKind::WalkIn);
    hall.act(3, Command::Merge { number: TicketNo(1), into: TicketNo(3) }).unwrap();
    hall.act(3, Command::Merge { number: TicketNo(2), into: TicketNo(3) }).unwrap();
    assert_eq!(hall.calls(4, "2"), Some(3));
    hall.act(4, Command::Start { window: window("2") }).unwrap();
    hall.act(5, Command::PauseWindow { window: window("2") }).unwrap();
    hall.act(6, Command::Finish { window: window("2") }).unwrap();
    assert_eq!(hall.state(3), "waiting", "for the other thing");
    hall.act(7, Command::Leave { number: TicketNo(3) }).unwrap();
    assert_eq!((hall.state(1), hall.state(2)), ("merged", "waiting"));
    assert_eq!(hall.day.ticket(TicketNo(2)).unwrap().want(), &want("b"));
}

#[test]
fn whoever_holds_both_numbers_gives_both_back() {
    let mut hall = Player::staffed();
    for number in [1, 2] {
        let mine = Join { holder: "guest/x".into(), ..join(number, "a", LaneKind::WalkIn) };
        hall.act(1, Command::Join(mine)).unwrap();
    }
    hall.act(2, Command::Merge { number: TicketNo(1), into: TicketNo(2) }).unwrap();
    hall.act(3, Command::Leave { number: TicketNo(2) }).unwrap();
    assert_eq!(hall.state(1), "merged");
}

#[test]
fn what_a_stranger_had_joined_with_a_number_that_was_joined_on_is_restored_too() {
    let mut hall = Player::staffed();
    hall.joins(1, 1, "a", LaneKind::WalkIn);
    for number in [2, 3] {
        let mine = Join { holder: "guest/x".into(), ..join(number, "a", LaneKind::WalkIn) };
        hall.act(1, Command::Join(mine)).unwrap();
    }
    for number in [1, 2] {
        hall.act(2, Command::Merge { number: TicketNo(number), into: TicketNo(number + 1) }).unwrap();
    }
    hall.act(3, Command::Leave { number: TicketNo(3) }).unwrap();
    assert_eq!((hall.state(1), hall.state(2), hall.state(3)), ("waiting", "merged", "left"));
}

#[test]
fn a_visit_is_rated_once_and_after_it_was_served() {
    let mut hall = Player::staffed();
    hall.joins(1, 1, "a", LaneKind::WalkIn);
    let rate = |level: u8| Command::Rate { number: TicketNo(1), level, comment: None, named: true };
    assert_eq!(hall.act(2, rate(5)).unwrap_err().code(), "not-served");
    hall.calls(2, "1");
    hall.finishes(5, "1");
    assert_eq!(hall.act(6, rate(6)).unwrap_err().code(), "no-such-level");
    hall.act(6, rate(2)).unwrap();
    assert_eq!(
        hall.day.ticket(TicketNo(1)).unwrap().rating.map(|rating| (rating.level, rating.named)),
        Some((2, true))
    );
    assert_eq!(hall.act(7, rate(1)).unwrap_err().code(), "visit-rated");
}

#[test]
fn a_window_is_one_officers_and_rests_when_it_is_paused() {
    let mut hall = Player::open(Closing::ServeAll);
    let open = |name: &str| Command::OpenWindow { window: window(name) };
    hall.by(0, "wang", open("1")).unwrap();
    assert_eq!(hall.by(0, "li", open("1")).unwrap_err().code(), "window-taken");
    assert_eq!(hall.by(0, "wang", open("2")).unwrap_err().code(), "sits-elsewhere");
    hall.joins(1, 1, "a", LaneKind::WalkIn);
    hall.joins(1, 2, "a", LaneKind::WalkIn);
    assert_eq!(hall.calls(2, "1"), Some(1));
    hall.by(3, "wang", Command::PauseWindow { window: window("1") }).unwrap();
    hall.finishes(4, "1");
    assert_eq!(hall.act(5, Command::CallNext { window: window("1") }).unwrap_err().code(), "window-paused");
    hall.by(6, "wang", Command::ResumeWindow { window: window("1") }).unwrap();
    assert_eq!(hall.calls(7, "1"), Some(2));
    assert_eq!(hall.act(8, Command::CloseWindow { window: window("1") }).unwrap_err().code(), "window-busy");
}

#[test]
fn a_language_needs_a_window_that_speaks_it() {
    let mut hall = Player::staffed();
    let english = Join { language: Tongue::En, ..join(1, "a", LaneKind::WalkIn) };
    hall.act(1, Command::Join(english.clone())).unwrap();
    assert_eq!(hall.calls(2, "2"), None);
    assert_eq!(hall.calls(2, "1"), Some(1));
    let hebrew = Join { number: TicketNo(2), language: Tongue::He, ..english };
    assert_eq!(hall.act(3, Command::Join(hebrew)).unwrap_err().code(), "nobody-speaks");
}

#[test]
fn at_closing_time_people_are_served_or_carried_over_as_the_pack_says() {
    let mut hall = Player::staffed();
    hall.joins(1, 1, "a", LaneKind::WalkIn);
    assert_eq!(
        hall.act(480, Command::Join(join(2, "a", LaneKind::WalkIn))).unwrap_err().code(),
        "hall-closed"
    );
    hall.act(480, Command::CloseDoors).unwrap();
    assert_eq!(hall.calls(490, "1"), Some(1), "whoever holds a number is served");
    assert_eq!(hall.act(491, Command::EndDay).unwrap_err().code(), "still-people");
    hall.finishes(500, "1");
    hall.act(501, Command::EndDay).unwrap();
    assert!(hall.day.posts.iter().all(|post| post.officer().is_none()));

    let mut hall = Player::open(Closing::CarryOver);
    hall.joins(470, 1, "a", LaneKind::Green);
    hall.act(480, Command::CloseDoors).unwrap();
    assert_eq!(hall.state(1), "carried-over");
    let old = hall.day.ticket(TicketNo(1)).unwrap();
    let carried = Carried {
        number: TicketNo(1),
        was: old.number,
        date: hall.day.date,
        ready_at: old.ready_at,
        lane: LaneKind::Green,
        language: old.language,
        wants: old.wants.clone(),
        holder: old.holder.clone(),
    };
    let open = Command::Open {
        hall: "大厅".into(),
        date: "2026-11-24".parse().unwrap(),
        edition: edition(),
        setup: setup(Closing::CarryOver),
        carried: vec![carried],
    };
    let events = decide(None, &open, &Context { now: at(24 * 60), actor: "system" }).unwrap();
    let stamp = Stamp { at: at(24 * 60), actor: "system".into() };
    let log: Vec<(Event, Stamp)> = events.into_iter().map(|event| (event, stamp.clone())).collect();
    let next = Day::replay(log.iter().map(|(event, stamp)| (event, stamp))).unwrap();
    let ticket = next.ticket(TicketNo(1)).unwrap();
    assert_eq!(ticket.ready_at, at(470), "before everybody of the new day");
    assert_eq!(ticket.carried, Some((hall.day.date, TicketNo(1))));
    assert!(ticket.held, "nobody is called in vain who went home");
}

#[test]
fn numbers_are_given_out_within_the_hour_before_the_doors_open() {
    let mut hall = Player::open(Closing::ServeAll);
    let joins = Command::Join(join(1, "a", LaneKind::WalkIn));
    let mut early = Player { log: Vec::new(), ..hall.clone() };
    early.day.changed_at = at(-120);
    assert_eq!(early.act(-61, joins.clone()).unwrap_err(), Refusal::NotOpenYet { opens_at: at(0) });
    hall.act(-30, joins).unwrap();
}

#[test]
fn whoever_may_meet_a_newcomer_at_a_window_is_ahead() {
    let mut hall = Player::staffed();
    let ahead =
        |hall: &Player, line: &str, minute| hall.day.ahead_of_newcomer(&line.into(), Tongue::Zh, at(minute));
    assert_eq!(ahead(&hall, "b", 0), 0);
    for number in 1..=3 {
        hall.joins(1, number, "b", LaneKind::WalkIn);
    }
    hall.joins(1, 4, "a", LaneKind::WalkIn);
    // Window 1 serves both lines.
    assert_eq!((ahead(&hall, "b", 2), ahead(&hall, "a", 2)), (4, 4));
    hall.by(3, "officer-1", Command::CloseWindow { window: window("1") }).unwrap();
    assert_eq!((ahead(&hall, "b", 3), ahead(&hall, "a", 3)), (3, 1));
    assert_eq!(hall.day.ahead_of_newcomer(&"b".into(), Tongue::En, at(3)), 4, "only window 1 speaks it");
}

#[test]
fn every_refusal_says_in_both_languages_what_to_do() {
    let refusal = Refusal::NotYetThere { number: TicketNo(12) };
    assert!(refusal.message(catalogue::Lang::Zh).contains("A012"));
    assert!(refusal.message(catalogue::Lang::En).contains("A012"));
    let mut codes: Vec<&str> = Refusal::CODES.to_vec();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Refusal::CODES.len());
}

#[test]
fn the_manager_is_told_before_the_target_breaks() {
    let mut hall = Player::staffed();
    assert_eq!(hall.day.alerts(at(1), |_| None), []);
    hall.by(1, "officer-3", Command::CloseWindow { window: window("3") }).unwrap();
    assert_eq!(hall.day.alerts(at(1), |_| None), [Alert::WindowMissing { window: window("3") }]);
    hall.joins(1, 1, "a", LaneKind::WalkIn);
    assert_eq!(hall.calls(1, "2"), Some(1));
    hall.joins(1, 2, "b", LaneKind::WalkIn);
    hall.joins(1, 3, "b", LaneKind::WalkIn);
    let risk = |alerts: &[Alert]| {
        alerts.iter().any(|alert| matches!(alert, Alert::TargetAtRisk { line, .. } if line.as_str() == "b"))
    };
    let told = |minutes: u32| hall.day.alerts(at(2), move |line| (line.as_str() == "b").then_some(minutes));
    assert!(risk(&told(12)), "{:?}", told(12));
    assert!(!risk(&told(11)), "four fifths of fifteen minutes are twelve");
    let later = hall.day.alerts(at(20), |_| None);
    assert!(
        matches!(&later[0], Alert::TargetBroken { number: TicketNo(2), waited_minutes: 19, .. }),
        "{later:?}"
    );
    assert!(later.contains(&Alert::CalledLong { window: window("2"), number: TicketNo(1), minutes: 19 }));
    hall.by(21, "officer-1", Command::CloseWindow { window: window("1") }).unwrap();
    assert!(hall.day.alerts(at(21), |_| None).contains(&Alert::NobodyCan { line: "b".into(), waiting: 2 }));
}
