//! Appointments: the capacity follows from the windows' skills and hours, and is never exceeded.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::sync::Arc;

use catalogue::{Closing, Tongue};
use hall::*;
use proptest::prelude::*;
use support::*;

fn book(id: usize, line: &str, minute: i64) -> BookCommand {
    BookCommand::Book {
        id: Arc::from(format!("id-{id}")),
        slot: at(minute),
        want: want(line),
        language: Tongue::Zh,
        holder: Arc::from(format!("guest/{id}")),
        specialist: None,
    }
}

fn apply(bookings: &mut Bookings, command: &BookCommand) -> Result<(), Refusal> {
    let setup = setup(Closing::ServeAll);
    let events = decide_booking(bookings, command, &setup, at(-600))?;
    let stamp = Stamp { at: at(-600), actor: "x".into() };
    events.iter().for_each(|event| bookings.apply(event, &stamp));
    Ok(())
}

#[test]
fn a_slot_takes_what_its_windows_can_carry_and_no_more() {
    let mut bookings = Bookings::default();
    // Windows 1 and 2 serve line a: half of twice thirty minutes, ten minutes each.
    for id in 0..3 {
        apply(&mut bookings, &book(id, "a", 60)).unwrap();
    }
    assert_eq!(apply(&mut bookings, &book(3, "a", 60)), Err(Refusal::SlotFull));
    // Line b takes twenty minutes, and only window 3 has fifteen minutes left for it.
    assert_eq!(apply(&mut bookings, &book(4, "b", 60)), Err(Refusal::SlotFull));
    apply(&mut bookings, &book(5, "b", 90)).unwrap();
    let slots = bookings.slots(&"a".into(), Tongue::Zh, &setup(Closing::ServeAll), at(-600));
    assert_eq!(slots.len(), 16);
    assert_eq!(slots[2].free, 0);
    assert_eq!(slots[3].free, 2, "five minutes of window 1 went to line b");
    assert_eq!(slots[4].free, 3);
}

#[test]
fn a_booking_moves_is_cancelled_and_makes_room() {
    let mut bookings = Bookings::default();
    for id in 0..3 {
        apply(&mut bookings, &book(id, "a", 60)).unwrap();
    }
    let mut again = book(0, "a", 90);
    if let BookCommand::Book { id, .. } = &mut again {
        *id = "other".into();
    }
    assert_eq!(apply(&mut bookings, &again), Err(Refusal::OneIsEnough));
    apply(&mut bookings, &BookCommand::Move { id: "id-0".into(), slot: at(90) }).unwrap();
    apply(&mut bookings, &book(7, "a", 60)).unwrap();
    apply(&mut bookings, &BookCommand::Cancel { id: "id-7".into(), moved_to: None }).unwrap();
    assert_eq!(
        apply(&mut bookings, &BookCommand::Cancel { id: "id-7".into(), moved_to: None }),
        Err(Refusal::AppointmentIsOver)
    );
    apply(&mut bookings, &book(8, "a", 60)).unwrap();
    assert_eq!(apply(&mut bookings, &book(9, "a", 61)), Err(Refusal::NoSuchSlot));
}

#[test]
fn the_past_and_the_far_future_are_not_booked() {
    let setup = setup(Closing::ServeAll);
    let bookings = Bookings::default();
    let refused = |now| decide_booking(&bookings, &book(0, "a", 60), &setup, at(now)).unwrap_err().code();
    assert_eq!(refused(60), "slot-past");
    assert_eq!(refused(-60 * 24 * 9), "too-far-ahead");
}

proptest! {
    /// Whatever is booked, moved and cancelled: the minutes of every slot fit into the booked share of the windows that can
    /// do them, for every set of lines (which for flows is all that has to hold).
    #[test]
    fn no_slot_is_ever_overbooked(acts in prop::collection::vec((0..3_u8, 0..40_usize, any::<bool>(), 0..4_i64), 1..120)) {
        let mut bookings = Bookings::default();
        for (what, id, long, slot) in acts {
            let line = if long { "b" } else { "a" };
            let name: Arc<str> = Arc::from(format!("id-{id}"));
            let command = match what {
                0 => book(id, line, slot * 30),
                1 => BookCommand::Move { id: name, slot: at(slot * 30) },
                _ => BookCommand::Cancel { id: name, moved_to: None },
            };
            let _ = apply(&mut bookings, &command);
            for slot in 0..4 {
                let minutes = |line: &str| -> i64 {
                    bookings.appointments.iter()
                        .filter(|each| each.slot == at(slot * 30) && each.state == AppointmentState::Booked && each.want.line.as_str() == line)
                        .map(|_| if line == "a" { 10 } else { 20 })
                        .sum()
                };
                prop_assert!(minutes("a") <= 30 && minutes("b") <= 30 && minutes("a") + minutes("b") <= 45);
            }
        }
    }
}
