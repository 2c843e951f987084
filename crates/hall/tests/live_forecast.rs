//! Forecasts of a live day.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod support;

use catalogue::{Closing, LaneKind, Tongue};
use hall::predict::{Basis, Board, Ensemble, Known, LiveForecaster, Reason, Unfit, WhatIf};
use hall::simulate::{Bits, Split};
use hall::*;
use jiff::SignedDuration;
use support::{Player, at, join, window};

fn forecaster(player: &Player, known: &Known<'_>) -> LiveForecaster {
    // Nine in the morning is minute 540.
    let midnight = at(0) - SignedDuration::from_hours(9);
    LiveForecaster::new(&player.day.setup, midnight, known, 800, 1).unwrap()
}

fn of(forecasts: &[(TicketNo, Ensemble)], number: u32) -> &Ensemble {
    &forecasts.iter().find(|(other, _)| other.0 == number).unwrap().1
}

/// Three busy windows, then a queue of line a.
fn busy() -> Player {
    let mut player = Player::staffed();
    for (number, line) in [(1, "a"), (2, "a"), (3, "b")] {
        player.joins(1, number, line, LaneKind::WalkIn);
    }
    for name in ["1", "2", "3"] {
        player.calls(2, name).unwrap();
    }
    for number in 10..16 {
        player.joins(3, number, "a", LaneKind::WalkIn);
    }
    player
}

#[test]
fn who_is_called_before_is_forecast_before() {
    let mut player = busy();
    player.joins(4, 20, "a", LaneKind::Green);
    let forecasts = forecaster(&player, &Known::default()).waiting(&player.day, at(5));
    assert_eq!(forecasts.len(), 7);
    let queue = player.day.queue();
    assert_eq!(queue[0].number.0, 20, "the green lane comes first");
    let means: Vec<f64> = queue.iter().map(|ticket| of(&forecasts, ticket.number.0).mean()).collect();
    assert!(means.is_sorted(), "{means:?}");
    // Two windows with a mean of 11.5 minutes each call one ticket every five to six minutes.
    let apart = (means[6] - means[1]) / 5.0;
    assert!((4.5..7.5).contains(&apart), "{apart}");
}

#[test]
fn of_a_crowd_only_the_front_is_played_ahead() {
    let most = u32::try_from(hall::predict::PLAYED_MAX).unwrap();
    let mut player = Player::staffed();
    // The last to join has a head start and is in front.
    for number in 1..=most + 50 {
        player.joins(1, number, "a", LaneKind::WalkIn);
    }
    player.joins(2, most + 51, "a", LaneKind::Green);
    let forecasts = forecaster(&player, &Known::default()).waiting(&player.day, at(3));
    let told: std::collections::BTreeSet<u32> = forecasts.iter().map(|(number, _)| number.0).collect();
    let front = player.day.queue().into_iter().take(hall::predict::PLAYED_MAX);
    assert_eq!(told, front.map(|ticket| ticket.number.0).collect());
    assert!(told.contains(&(most + 51)) && !told.contains(&most));
}

#[test]
fn a_language_that_one_window_speaks_waits_for_that_window() {
    let mut player = busy();
    for number in [30, 31] {
        let english = Join { language: Tongue::En, ..join(number, "a", LaneKind::WalkIn) };
        player.act(4, Command::Join(english)).unwrap();
    }
    player.joins(4, 32, "a", LaneKind::WalkIn);
    let forecasts = forecaster(&player, &Known::default()).waiting(&player.day, at(5));
    let second_english = of(&forecasts, 31).mean();
    assert!(second_english > of(&forecasts, 32).mean(), "who came later is served by either window");
}

#[test]
fn a_pause_lengthens_and_a_call_shortens_what_is_forecast() {
    let mut player = busy();
    let mut forecaster = forecaster(&player, &Known::default());
    let before = of(&forecaster.waiting(&player.day, at(5)), 15).mean();
    let mut paused = player.clone();
    paused.finishes(5, "2");
    paused.by(5, "officer-2", Command::PauseWindow { window: window("2") }).unwrap();
    let during = of(&forecaster.waiting(&paused.day, at(5)), 15).mean();
    assert!(during > 1.3 * before, "{before} {during}");
    player.finishes(5, "1");
    player.calls(5, "1").unwrap();
    let after = of(&forecaster.waiting(&player.day, at(5)), 15).mean();
    assert!(after < before, "{before} {after}");
}

#[test]
fn somebody_at_home_learns_the_wait_and_what_coming_later_changes() {
    let player = busy();
    let mut arrivals = vec![vec![0.0; 96]; 2];
    arrivals[0][44..48].fill(6.0);
    let known = Known { arrivals, ..Known::default() };
    let mut forecaster = forecaster(&player, &known);
    let lane = player.day.setup.lane(LaneKind::WalkIn).unwrap().id.clone();
    let line = "a".into();
    let mut wait = |minutes: i64| {
        forecaster.newcomer(&player.day, at(5), (&line, Tongue::Zh, &lane), at(minutes)).unwrap().mean()
    };
    let (now, soon, rush) = (wait(5), wait(90), wait(175));
    assert!(now > 20.0, "{now}");
    assert!(soon < 3.0, "{soon}: the queue is gone by half past ten");
    assert!(rush > soon + 10.0, "{rush}: at noon two dozen have come");
    let lines = ("a".into(), Tongue::He);
    let nobody = forecaster.newcomer(&player.day, at(5), (&lines.0, lines.1, &lane), at(5));
    assert!(nobody.is_none(), "no window speaks it");
}

#[test]
fn a_free_window_means_no_wait() {
    let player = Player::open(Closing::ServeAll);
    let mut staffed = player.clone();
    staffed.by(0, "officer-1", Command::OpenWindow { window: window("1") }).unwrap();
    let lane = player.day.setup.lane(LaneKind::WalkIn).unwrap().id.clone();
    let ask = |player: &Player| {
        let mut forecaster = forecaster(player, &Known::default());
        forecaster.newcomer(&player.day, at(5), (&"b".into(), Tongue::Zh, &lane), at(5)).unwrap()
    };
    assert_eq!(ask(&staffed).mean(), 0.0);
    assert_eq!(ask(&player).reached_share(), 0.0, "nobody has opened a window");
}

/// A day in which people join and windows call and finish; the board is refreshed after every event.
#[test]
fn the_board_keeps_its_word_and_publishes_its_error() {
    let mut player = Player::staffed();
    let known = Known::default();
    let mut board = Board::new(forecaster(&player, &known), &player.day.setup);
    let mut chance = Split::new(8);
    let mut busy_until = [f64::INFINITY; 3];
    let mut told = std::collections::BTreeMap::new();
    let (mut number, mut rises) = (0, 0);
    for minute in 1..480_i64 {
        let rate = if minute < 240 { 0.33 } else { 0.12 };
        if chance.unit() < rate {
            number += 1;
            let line = if chance.unit() < 0.6 { "a" } else { "b" };
            let lane = if chance.unit() < 0.08 { LaneKind::Green } else { LaneKind::WalkIn };
            player.joins(minute, number, line, lane);
        }
        for (place, name) in ["1", "2", "3"].into_iter().enumerate() {
            if busy_until[place] <= minute as f64 {
                player.finishes(minute, name);
                busy_until[place] = f64::INFINITY;
            }
            if busy_until[place] == f64::INFINITY
                && let Some(called) = player.calls(minute, name)
            {
                player.act(minute, Command::Start { window: window(name) }).unwrap();
                let ticket = player.day.ticket(TicketNo(called)).unwrap();
                let median: f64 = if ticket.want().line.as_str() == "a" { 10.0 } else { 20.0 };
                busy_until[place] = minute as f64 + median * (0.54 * chance.normal()).exp();
            }
        }
        for notice in board.refresh(&player.day, at(minute)) {
            let before = told.insert(notice.number, notice.told);
            if let Some(before) = before
                && notice.told.median_at > before.median_at
            {
                rises += 1;
                assert!(matches!(
                    notice.told.reason,
                    Some(
                        Reason::PriorityAhead { .. }
                            | Reason::LongService { .. }
                            | Reason::SlowerThanForeseen
                            | Reason::WindowClosed { .. }
                    )
                ));
            }
            assert!(notice.told.low_at <= notice.told.high_at);
            assert_eq!(notice.forecast.basis, Basis::Declared { services: 0 });
        }
    }
    let published = board.published();
    let count: u64 = published.iter().map(|score| score.forecasts).sum();
    assert!(count > 60 && rises > 0, "{count} {rises}");
    let inside: f64 = published.iter().map(|score| score.coverage * score.forecasts as f64).sum();
    let share = inside / count as f64;
    println!("{count} forecasts, the band covers {share:.2}, {rises} rises: {published:?}");
    // Errors within one queue are correlated: of a hundred forecasts of one day about twenty are independent.
    assert!((0.55..=1.0).contains(&share), "{share}");
    assert!(published.iter().all(|score| score.mean_absolute_error_minutes < 15.0));
}

/// Simulates random joins and calls in a hall; `seen` gets the state after every event.
fn lived(minutes: i64, mut seen: impl FnMut(&Player, i64)) {
    let mut player = Player::open(Closing::ServeAll);
    let mut chance = Split::new(5);
    let mut busy_until = [f64::INFINITY; 3];
    for minute in 0..minutes {
        // A person who comes before a window opens is told that no window is open.
        if minute == 6 {
            for name in ["1", "2", "3"] {
                player
                    .by(minute, &format!("officer-{name}"), Command::OpenWindow { window: window(name) })
                    .unwrap();
                seen(&player, minute);
            }
        }
        if chance.unit() < 0.3 {
            let line = if chance.unit() < 0.6 { "a" } else { "b" };
            player.joins(minute, u32::try_from(minute + 1).unwrap(), line, LaneKind::WalkIn);
            seen(&player, minute);
        }
        for (place, name) in ["1", "2", "3"].into_iter().enumerate().filter(|_| minute > 6) {
            if busy_until[place] <= minute as f64 {
                player.finishes(minute, name);
                seen(&player, minute);
                busy_until[place] = f64::INFINITY;
            }
            if busy_until[place] == f64::INFINITY && player.calls(minute, name).is_some() {
                seen(&player, minute);
                player.act(minute, Command::Start { window: window(name) }).unwrap();
                seen(&player, minute);
                busy_until[place] = minute as f64 + 14.0 * (0.54 * chance.normal()).exp();
            }
        }
    }
}

#[test]
fn a_day_that_is_only_listened_to_teaches_and_scores_the_same_as_one_in_which_people_are_told() {
    let board = || {
        let player = Player::open(Closing::ServeAll);
        Board::new(forecaster(&player, &Known::default()), &player.day.setup)
    };
    let (mut telling, mut listening) = (board(), board());
    let mut unknown = 0;
    lived(300, |player, minute| {
        let notices = telling.refresh(&player.day, at(minute));
        unknown += notices.iter().filter(|notice| !notice.told.median_at.is_finite()).count();
        listening.listen(&player.day, at(minute));
    });
    assert!(unknown > 0, "some came before the windows opened");
    assert!(telling.published().iter().all(|score| score.mean_absolute_error_minutes.is_finite()));
    assert!(telling.published().iter().map(|score| score.forecasts).sum::<u64>() > 20);
    assert_eq!(telling.published(), listening.published());
    let ((one, _), (other, _)) = (telling.learnt(), listening.learnt());
    for line in 0..2 {
        assert!(one.ranks(line).eq(other.ranks(line)));
        assert_eq!(one.band(line), other.band(line));
    }
}

#[test]
fn once_a_window_opens_whoever_was_told_nothing_is_told_a_time_and_why() {
    let mut player = Player::open(Closing::ServeAll);
    let mut board = Board::new(forecaster(&player, &Known::default()), &player.day.setup);
    player.joins(1, 1, "b", LaneKind::WalkIn);
    player.joins(1, 2, "b", LaneKind::WalkIn);
    assert!(board.refresh(&player.day, at(1)).iter().all(|notice| notice.told.median_at.is_infinite()));
    player.by(2, "officer-1", Command::OpenWindow { window: window("1") }).unwrap();
    let told = board.refresh(&player.day, at(2))[1].told;
    assert!(told.median_at.is_finite() && told.high_at.is_finite(), "{told:?}");
    assert_eq!(told.reason, Some(Reason::WindowOpened { window: 0 }));
    player.by(3, "officer-1", Command::PauseWindow { window: window("1") }).unwrap();
    let told = board.refresh(&player.day, at(3))[1].told;
    assert_eq!((told.median_at, told.reason), (f64::INFINITY, Some(Reason::WindowClosed { window: 0 })));
}

#[test]
fn people_with_an_appointment_who_have_not_come_yet_lengthen_the_wait() {
    let player = busy();
    let mut bookings = Bookings::default();
    let mut forecaster = forecaster(&player, &Known::default());
    let mut wait = |bookings: &Bookings| {
        forecaster.expect(&player.day.setup, bookings).unwrap();
        of(&forecaster.waiting(&player.day, at(5)), 15).mean()
    };
    let before = wait(&bookings);
    for number in 0..4 {
        let event = AppointmentBooked {
            id: number.to_string().into(),
            slot: at(7),
            want: support::want("a"),
            language: Tongue::Zh,
            holder: "somebody".into(),
            specialist: None,
        };
        bookings.apply(&event.into(), &Stamp { at: at(1), actor: "somebody".into() });
    }
    // Nine in ten come, at seven past nine with a head start of five minutes; two windows serve them.
    let with = wait(&bookings);
    assert!(with > before + 4.0, "{before} {with}");
    for number in 0..4 {
        let event = AppointmentCancelled { id: number.to_string().into(), moved_to: None };
        bookings.apply(&event.into(), &Stamp { at: at(2), actor: "somebody".into() });
    }
    assert_eq!(wait(&bookings), before, "whoever has cancelled does not come");
}

#[test]
fn a_change_counts_on_the_windows_that_are_there_and_on_no_other() {
    let mut player = busy();
    player.finishes(5, "1");
    player.by(5, "officer-1", Command::CloseWindow { window: window("1") }).unwrap();
    let forecaster = forecaster(&player, &Known::default());
    let close = WhatIf::CloseWindow { window: window("2") };
    let tried = forecaster.what_if(&player.day, at(5), &close, 200).unwrap();
    assert_eq!(tried.counted.open, [window("2"), window("3")]);
    assert_eq!((tried.counted.missing, tried.counted.later), (vec![window("1")], Vec::new()));
    assert_eq!(tried.without_window, [catalogue::LineId::from("a")], "nobody is left who could serve it");
    let line = &tried.changes.lines[0];
    assert_eq!((line.before_left, line.after_left), (0.0, 6.0), "{line:?}");
    let open = WhatIf::OpenWindow { window: window("1") };
    assert!(forecaster.what_if(&player.day, at(5), &open, 200).unwrap().without_window.is_empty());
}

#[test]
fn whoever_still_waits_when_the_doors_close_is_left_over_though_they_are_served_later() {
    let mut player = busy();
    for number in 16..30 {
        player.joins(470, number, "a", LaneKind::WalkIn);
    }
    let forecaster = forecaster(&player, &Known::default());
    let longer = forecaster.what_if(&player.day, at(470), &WhatIf::Extend { minutes: 120 }, 200).unwrap();
    let line = &longer.changes.lines[0];
    assert!(line.before_left > 10.0 && line.after_left < 3.0, "{line:?}");
    assert!(line.left_at_closing.high() < -8.0 && line.unserved.mean == 0.0, "{line:?}");
}

#[test]
fn a_change_is_tried_from_the_present_with_everybody_who_waits_and_comes() {
    let player = busy();
    let mut arrivals = vec![vec![0.0; 96]; 2];
    arrivals.iter_mut().for_each(|line| line[36..60].fill(1.4));
    let forecaster = forecaster(&player, &Known { arrivals, ..Known::default() });
    let ask = |player: &Player, change: WhatIf| {
        forecaster.what_if(&player.day, at(5), &change, 200).map(|tried| tried.changes)
    };
    let close = |name: &str| WhatIf::CloseWindow { window: window(name) };
    let open = |name: &str| WhatIf::OpenWindow { window: window(name) };
    let worse = ask(&player, close("2")).unwrap();
    assert!(worse.lines[0].mean_wait_minutes.low() > 1.0, "{worse:?}");
    assert_eq!(worse.lines[0].name, "a");
    let mut shut = player.clone();
    shut.finishes(5, "2");
    shut.by(5, "officer-2", Command::CloseWindow { window: window("2") }).unwrap();
    let better = ask(&shut, open("2")).unwrap();
    assert!(better.lines[0].mean_wait_minutes.high() < -1.0, "{better:?}");
    assert_eq!(ask(&player, open("2")), Err(Unfit::IsOpen));
    assert_eq!(ask(&shut, close("2")), Err(Unfit::IsNotOpen));
    assert_eq!(ask(&player, close("9")), Err(Unfit::NoSuchWindow));
    let lunch = WhatIf::MoveLunch { window: window("1"), begins_at: at(240) };
    assert_eq!(ask(&player, lunch), Err(Unfit::NoLunch), "its roster goes through");
    let longer = ask(&player, WhatIf::Extend { minutes: 60 }).unwrap();
    assert!(longer.all.mean_wait_minutes.half_width < 1.0, "{longer:?}");
    let mut over = player.clone();
    over.act(6, Command::CloseDoors).unwrap();
    assert_eq!(ask(&over, close("2")), Err(Unfit::DayOver));
}
