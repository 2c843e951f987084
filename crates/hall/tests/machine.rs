//! A hall under random commands, checked against its invariants after every one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use catalogue::Closing;
use hall::*;
use jiff::Timestamp;
use proptest::prelude::*;
use support::*;

#[derive(Clone, Debug)]
enum Act {
    Join { line: bool, both: bool, lane: usize, booked: Option<i64> },
    Next(usize),
    Recall(usize),
    Skip(usize),
    Start(usize),
    Finish(usize),
    Transfer(usize, bool),
    Leave(usize),
    Rate(usize, u8),
    Split(usize),
    Merge(usize, usize),
    GiveLane(usize, usize),
    Pause(usize),
    Resume(usize),
    Close(usize),
    Open(usize),
    Wait(i64),
}

fn act() -> impl Strategy<Value = Act> {
    let place = 0..3_usize;
    let pick = any::<prop::sample::Index>().prop_map(|index| index.index(1 << 20));
    prop_oneof![
        8 => (any::<bool>(), any::<bool>(), 0..6_usize, prop::option::weighted(0.3, -20..20_i64))
            .prop_map(|(line, both, lane, booked)| Act::Join { line, both, lane, booked }),
        8 => place.clone().prop_map(Act::Next),
        1 => place.clone().prop_map(Act::Recall),
        2 => place.clone().prop_map(Act::Skip),
        3 => place.clone().prop_map(Act::Start),
        4 => place.clone().prop_map(Act::Finish),
        1 => (place.clone(), any::<bool>()).prop_map(|(window, line)| Act::Transfer(window, line)),
        1 => pick.clone().prop_map(Act::Leave),
        1 => (pick.clone(), 0..7_u8).prop_map(|(ticket, level)| Act::Rate(ticket, level)),
        1 => pick.clone().prop_map(Act::Split),
        1 => (pick.clone(), pick.clone()).prop_map(|(one, other)| Act::Merge(one, other)),
        1 => (pick, 0..6_usize).prop_map(|(ticket, lane)| Act::GiveLane(ticket, lane)),
        1 => place.clone().prop_map(Act::Pause),
        1 => place.clone().prop_map(Act::Resume),
        1 => place.clone().prop_map(Act::Close),
        2 => place.prop_map(Act::Open),
        8 => (0..9_i64).prop_map(Act::Wait),
    ]
}

struct Machine {
    hall: Player,
    minute: i64,
    next: u32,
    /// When each ticket was created; parts of a split count from the original.
    born: BTreeMap<u32, Timestamp>,
}

impl Machine {
    fn command(&mut self, act: &Act) -> Option<Command> {
        let name = |place: &usize| window(["1", "2", "3"][*place]);
        let lane = |place: &usize| LANES[*place].0;
        let line = |first: bool| if first { "a" } else { "b" };
        let tickets = &self.hall.day.tickets;
        let ticket = |place: &usize| (!tickets.is_empty()).then(|| tickets[place % tickets.len()].number);
        Some(match act {
            Act::Join { line: first, both, lane: place, booked } => {
                self.next += 1;
                let mut wants = vec![want(line(*first))];
                if *both {
                    wants.push(want(line(!first)));
                }
                Command::Join(Join {
                    wants,
                    booked_for: booked.map(|minutes| at(self.minute + minutes)),
                    ..join(self.next, line(*first), lane(place))
                })
            }
            Act::Next(place) => Command::CallNext { window: name(place) },
            Act::Recall(place) => Command::Recall { window: name(place) },
            Act::Skip(place) => Command::Skip { window: name(place) },
            Act::Start(place) => Command::Start { window: name(place) },
            Act::Finish(place) => Command::Finish { window: name(place) },
            Act::Transfer(place, first) => Command::Transfer { window: name(place), to: line(*first).into() },
            Act::Leave(place) => Command::Leave { number: ticket(place)? },
            Act::Rate(place, level) => {
                Command::Rate { number: ticket(place)?, level: *level, comment: None, named: false }
            }
            Act::Split(place) => {
                self.next += 1;
                Command::Split { number: ticket(place)?, wants: vec![1], new: TicketNo(self.next) }
            }
            Act::Merge(one, other) => Command::Merge { number: ticket(one)?, into: ticket(other)? },
            Act::GiveLane(place, which) => Command::GiveLane { number: ticket(place)?, lane: lane(which) },
            Act::Pause(place) => Command::PauseWindow { window: name(place) },
            Act::Resume(place) => Command::ResumeWindow { window: name(place) },
            Act::Close(place) => Command::CloseWindow { window: name(place) },
            Act::Open(place) => Command::OpenWindow { window: name(place) },
            Act::Wait(minutes) => {
                self.minute += minutes;
                return None;
            }
        })
    }

    fn step(&mut self, act: &Act) -> Result<(), TestCaseError> {
        let Some(command) = self.command(act) else { return Ok(()) };
        let actor = match act {
            Act::Open(place) => format!("officer-{place}"),
            _ => "somebody".into(),
        };
        let before = self.hall.day.clone();
        let Ok(events) = self.hall.by(self.minute.min(479), &actor, command) else {
            prop_assert_eq!(&before, &self.hall.day, "a refusal changes nothing");
            return Ok(());
        };
        for event in &events {
            match event {
                Event::TicketTaken(taken) => {
                    self.born.insert(taken.number.0, at(self.minute.min(479)));
                }
                Event::TicketSplit(split) => {
                    let born = self.born[&split.number.0];
                    self.born.insert(split.into.0, born);
                }
                Event::Called(called) => self.called(&before, called)?,
                _ => {}
            }
        }
        self.holds()
    }

    /// A called ticket was waiting and servable, and no other ticket that the window can serve came before
    /// it.
    fn called(&self, before: &Day, called: &Called) -> Result<(), TestCaseError> {
        let ticket = before.ticket(called.number).unwrap();
        prop_assert!(ticket.state.is_waiting(), "called twice");
        for other in before.waiting().filter(|other| before.can_serve(&called.window, other)) {
            prop_assert!(ticket.key() <= other.key());
            // No starvation: a ticket that joined later than the other's call instant plus the greatest
            // advance is behind it.
            let bound = other.place + before.setup.greatest_advance();
            if other.number != ticket.number {
                prop_assert!(
                    self.born[&ticket.number.0] <= bound,
                    "{} came too late to be called before {}",
                    ticket.number,
                    other.number
                );
            }
        }
        Ok(())
    }

    fn holds(&self) -> Result<(), TestCaseError> {
        let day = &self.hall.day;
        // Numbers are unique, and no ticket is lost.
        let numbers: BTreeSet<TicketNo> = day.tickets.iter().map(|ticket| ticket.number).collect();
        prop_assert_eq!(numbers.len(), day.tickets.len());
        prop_assert_eq!(numbers.len(), self.born.len());
        // A window and its ticket refer to each other, and no ticket is at two windows.
        for post in &day.posts {
            if let Some(number) = post.ticket {
                prop_assert_eq!(day.ticket(number).unwrap().state.window(), Some(&post.window));
            }
        }
        for ticket in &day.tickets {
            if let Some(window) = ticket.state.window() {
                prop_assert_eq!(day.post(window).unwrap().ticket, Some(ticket.number));
            }
            prop_assert!(!ticket.wants.is_empty());
            let open = ticket.visits.iter().filter(|visit| visit.ended_at.is_none()).count();
            prop_assert_eq!(open, usize::from(ticket.state.window().is_some()));
        }
        self.explains()
    }

    /// The explanation of the order agrees with what the windows would call.
    fn explains(&self) -> Result<(), TestCaseError> {
        let day = &self.hall.day;
        for ticket in day.waiting() {
            let why = day.explain_order(ticket.number).unwrap();
            prop_assert_eq!(why.place, why.ready_at - why.head_start);
            let told: BTreeSet<TicketNo> = why.before.iter().map(|ahead| ahead.number).collect();
            let windows = day.windows_for(ticket);
            for other in day.waiting().filter(|other| other.number != ticket.number) {
                let rival = windows.iter().any(|window| day.can_serve(window, other));
                prop_assert_eq!(told.contains(&other.number), rival && other.key() < ticket.key());
            }
            for ahead in &why.before {
                match &ahead.reason {
                    Reason::HeadStart { minutes, .. } => {
                        prop_assert!(*minutes > 0 && ahead.ready_at >= why.ready_at);
                    }
                    Reason::SmallerNumber => {
                        prop_assert!(ahead.place == why.place && ahead.number < why.number)
                    }
                    _ => prop_assert!(ahead.ready_at < why.ready_at),
                }
            }
            if why.before.is_empty() && !why.windows.is_empty() {
                for window in &why.windows {
                    prop_assert_eq!(day.next_for(window).map(|next| next.number), Some(ticket.number));
                }
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn a_hall_keeps_its_promises_whatever_people_do(acts in prop::collection::vec(act(), 1..150)) {
        let mut machine =
            Machine { hall: Player::open(Closing::ServeAll), minute: 0, next: 0, born: BTreeMap::new() };
        for act in &acts {
            machine.step(act)?;
        }
        // Every prefix folds, the whole log folds to the same state, and encoded events decode to themselves.
        let mut folded: Option<Day> = None;
        for (event, stamp) in &machine.hall.log {
            let encoded = encode(event);
            let read = decode(encoded.kind, encoded.schema, &encoded.bytes).unwrap();
            match &mut folded {
                Some(day) => day.apply(&read, stamp),
                None => folded = Day::begin(&read, stamp),
            }
        }
        prop_assert_eq!(folded.as_ref(), Some(&machine.hall.day));
    }

    /// Events in any order, of any log, are survived.
    #[test]
    fn a_log_that_does_not_fit_stops_no_reader(acts in prop::collection::vec(act(), 1..60), seed in any::<u64>()) {
        let mut machine =
            Machine { hall: Player::open(Closing::ServeAll), minute: 0, next: 0, born: BTreeMap::new() };
        for act in &acts {
            machine.step(act)?;
        }
        let mut day = Player::open(Closing::CarryOver).day;
        let mut order: Vec<usize> = (0..machine.hall.log.len()).collect();
        order.sort_by_key(|place| (*place as u64).wrapping_mul(seed | 1).rotate_left(17));
        for place in order {
            let (event, stamp) = &machine.hall.log[place];
            day.apply(event, stamp);
            let _ = day.queue();
        }
    }
}
