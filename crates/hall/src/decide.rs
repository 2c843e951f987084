//! Decides commands: from a state and a command to events. Tickets are called by the rule of
//! [`Day::next_for`]; no command picks a person.

mod calls;
mod tickets;
mod windows;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::{
    Carried, Cause, Command, Context, Day, DayEnded, DayOpened, Doors, DoorsClosed, Event, Refusal, Setup,
    Source, TicketCarriedOver, TicketTaken,
};

/// How long before the doors open numbers are given.
pub const BEFORE_DOORS: SignedDuration = SignedDuration::from_hours(1);

/// Judges a command. `day` is `None` only before [`Command::Open`].
///
/// # Errors
/// A [`Refusal`]; then nothing has happened.
pub fn decide(day: Option<&Day>, command: &Command, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Some(day) = day else {
        return match command {
            Command::Open { hall, date, edition, setup, carried } => {
                let opened = DayOpened {
                    hall: hall.clone(),
                    date: *date,
                    edition: *edition,
                    setup: Arc::clone(setup),
                };
                let carried = carried.iter().filter_map(|carried| carry_in(setup, carried));
                Ok(std::iter::once(Event::from(opened)).chain(carried).collect())
            }
            _ => Err(Refusal::NoDay),
        };
    };
    let floor = Floor { day, now: context.now.max(day.changed_at), actor: context.actor };
    match command {
        Command::Open { .. } => Err(Refusal::DayExists),
        Command::Join(join) => floor.join(join),
        Command::OpenWindow { window } => floor.open_window(window),
        Command::PauseWindow { window } => floor.pause_window(window),
        Command::ResumeWindow { window } => floor.resume_window(window),
        Command::CloseWindow { window } => floor.close_window(window),
        Command::CallNext { window } => floor.call_next(window),
        Command::Recall { window } => floor.recall(window),
        Command::Skip { window } => floor.skip(window),
        Command::Start { window } => floor.start(window),
        Command::Finish { window } => floor.finish(window),
        Command::Transfer { window, to } => floor.transfer(window, to),
        Command::Come { number } => floor.come(*number),
        Command::Leave { number } => floor.leave(*number),
        Command::Rate { number, level, comment, named } => {
            floor.rate(*number, *level, comment.as_ref(), *named)
        }
        Command::Split { number, wants, new } => floor.split(*number, wants, *new),
        Command::Merge { number, into } => floor.merge(*number, *into),
        Command::GiveLane { number, lane } => floor.give_lane(*number, *lane),
        Command::CloseDoors => floor.close_doors(),
        Command::EndDay => floor.end_day(),
    }
}

/// The event that takes over a ticket of an earlier day. It keeps its old ready instant, and so comes before
/// all tickets of the new day as soon as its holder is in the hall.
fn carry_in(setup: &Setup, carried: &Carried) -> Option<Event> {
    let lane = setup.lane(carried.lane)?;
    let wants: Vec<_> =
        carried.wants.iter().filter(|want| setup.line(&want.line).is_some()).cloned().collect();
    (!wants.is_empty()).then(|| {
        Event::from(TicketTaken {
            number: carried.number,
            source: Source::Window,
            lane: lane.id.clone(),
            language: carried.language,
            wants,
            holder: carried.holder.clone(),
            ready_at: carried.ready_at,
            cause: Cause::CarriedOver { date: carried.date, number: carried.was },
            booked_for: None,
            specialist: None,
            held: true,
        })
    })
}

/// A day, an instant and an actor: what the decision functions share.
struct Floor<'a> {
    day: &'a Day,
    now: Timestamp,
    actor: &'a str,
}

impl Floor<'_> {
    fn close_doors(&self) -> Result<Vec<Event>, Refusal> {
        match self.day.doors {
            Doors::Open => {
                let mut events = vec![Event::from(DoorsClosed {})];
                if self.day.setup.closing == catalogue::Closing::CarryOver {
                    events.extend(self.carry_over());
                }
                Ok(events)
            }
            Doors::Closed { .. } | Doors::Ended { .. } => Err(Refusal::HallClosed),
        }
    }

    fn carry_over(&self) -> impl Iterator<Item = Event> {
        let waiting = self.day.tickets.iter().filter(|ticket| ticket.state.is_waiting());
        waiting.map(|ticket| Event::from(TicketCarriedOver { number: ticket.number }))
    }

    fn end_day(&self) -> Result<Vec<Event>, Refusal> {
        if matches!(self.day.doors, Doors::Ended { .. }) {
            return Err(Refusal::DayEnded);
        }
        if self.day.posts.iter().any(|post| post.ticket.is_some()) {
            return Err(Refusal::StillPeople);
        }
        let mut events = Vec::new();
        if self.day.doors == Doors::Open {
            events.push(Event::from(DoorsClosed {}));
        }
        events.extend(self.carry_over());
        for post in &self.day.posts {
            if post.officer().is_some() {
                events.push(crate::WindowClosed { window: post.window.clone() }.into());
            }
        }
        events.push(Event::from(DayEnded {}));
        Ok(events)
    }
}
