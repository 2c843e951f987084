//! Folds events into the state. Total: an event that does not fit changes nothing but the version and its
//! time, so that every log can be read.

use std::sync::Arc;

use catalogue::WindowId;
use engine::Folded;
use jiff::Timestamp;

use crate::{
    Cause, Day, DayOpened, Doors, Event, Post, PostState, Stamp, Ticket, TicketNo, TicketSplit, TicketState,
    TicketTaken, Visit, VisitEnd, VisitRating,
};

impl Folded for Day {
    type Event = Event;

    /// The state after the first event; `None` if that is not [`Event::DayOpened`].
    fn begin(event: &Event, stamp: &Stamp) -> Option<Self> {
        let Event::DayOpened(DayOpened { hall, date, edition, setup }) = event else { return None };
        let post = |window: &WindowId| Post { window: window.clone(), state: PostState::Shut, ticket: None };
        Some(Self {
            hall: hall.clone(),
            date: *date,
            edition: *edition,
            posts: setup.windows.iter().map(|desk| post(&desk.id)).collect(),
            setup: Arc::clone(setup),
            tickets: Vec::new(),
            doors: Doors::Open,
            version: 1,
            changed_at: stamp.at,
        })
    }

    /// Applies one more event. Time never runs backwards: a stamp before `changed_at` counts as `changed_at`.
    fn apply(&mut self, event: &Event, stamp: &Stamp) {
        let at = stamp.at.max(self.changed_at);
        self.version += 1;
        self.changed_at = at;
        match event {
            Event::TicketTaken(event) => self.take(event, at),
            Event::TicketCame(event) => self.change_ticket(event.number, |ticket| ticket.held = false),
            Event::WindowOpened(event) => {
                self.sit(&event.window, PostState::Open { officer: stamp.actor.clone().into(), since: at });
            }
            Event::WindowPaused(event) => {
                self.change_post(&event.window, |officer| PostState::Paused { officer, since: at })
            }
            Event::WindowResumed(event) => {
                self.change_post(&event.window, |officer| PostState::Open { officer, since: at })
            }
            Event::WindowClosed(event) => self.sit(&event.window, PostState::Shut),
            Event::Called(event) => self.call(event.number, &event.window, at),
            Event::Recalled(event) => {
                if let Some(ticket) = self.ticket_mut(event.number)
                    && let TicketState::Called { again, .. } = &mut ticket.state
                {
                    *again = at;
                }
            }
            Event::Skipped(event) => {
                self.end_visit(event.number, &event.window, at, VisitEnd::Absent);
                let ready_at = event.ready_at;
                self.wait_again(event.number, at, |ticket| {
                    ticket.ready_at = ready_at;
                    ticket.cause = Cause::Returned;
                    ticket.transferred = false;
                });
            }
            Event::TicketLost(event) => {
                self.end_visit(event.number, &event.window, at, VisitEnd::Absent);
                self.finish(event.number, TicketState::Lost { at });
            }
            Event::Started(event) => self.start(event.number, &event.window, at),
            Event::Served(event) => self.served(event.number, &event.window, event.goes_on, at),
            Event::Transferred(event) => {
                self.end_visit(event.number, &event.window, at, VisitEnd::PassedOn);
                let to = event.to.clone();
                self.wait_again(event.number, at, |ticket| {
                    let current = ticket.current.min(ticket.wants.len() - 1);
                    ticket.wants[current].line = to;
                    ticket.calls = 0;
                    ticket.transferred = true;
                });
            }
            Event::TicketLeft(event) => self.finish(event.number, TicketState::Left { at }),
            Event::TicketSplit(event) => self.split(event, at),
            Event::TicketsMerged(event) => self.merge(event.number, event.into, at),
            Event::TicketRestored(event) => {
                self.wait_again(event.number, at, |ticket| {
                    ticket.wants.truncate(ticket.current);
                    ticket.wants.extend(event.wants.iter().cloned());
                    ticket.restored_from = Some(event.from);
                });
            }
            Event::TicketRated(event) => {
                if let Some(ticket) = self.ticket_mut(event.number) {
                    ticket.rating = Some(VisitRating { level: event.level, named: event.named, at });
                }
            }
            Event::LaneGiven(event) => {
                let lane = event.lane.clone();
                self.change_ticket(event.number, |ticket| ticket.lane = lane);
            }
            Event::DoorsClosed(_) => self.doors = Doors::Closed { at },
            Event::TicketCarriedOver(event) => self.finish(event.number, TicketState::CarriedOver { at }),
            Event::DayEnded(_) => self.doors = Doors::Ended { at },
            Event::DayOpened(_)
            | Event::AppointmentBooked(_)
            | Event::AppointmentMoved(_)
            | Event::AppointmentCancelled(_)
            | Event::AppointmentReminded(_)
            | Event::AppointmentCheckedIn(_) => {}
        }
    }
}

impl Day {
    fn take(&mut self, event: &TicketTaken, at: Timestamp) {
        if event.wants.is_empty() || self.ticket(event.number).is_some() {
            return;
        }
        self.tickets.push(Ticket {
            number: event.number,
            source: event.source,
            lane: event.lane.clone(),
            language: event.language,
            holder: event.holder.clone(),
            wants: event.wants.clone(),
            current: 0,
            specialist: event.specialist.clone(),
            joined_at: at,
            ready_at: event.ready_at,
            place: event.ready_at - self.setup.head_start(&event.lane),
            cause: event.cause.clone(),
            carried: match &event.cause {
                Cause::CarriedOver { date, number } => Some((*date, *number)),
                _ => None,
            },
            held: event.held,
            transferred: false,
            booked_for: event.booked_for,
            calls: 0,
            state: TicketState::Waiting { since: at },
            visits: Vec::new(),
            restored_from: None,
            rating: None,
        });
    }

    fn sit(&mut self, window: &WindowId, state: PostState) {
        if let Some(post) = self.post_mut(window) {
            post.state = state;
        }
    }

    fn change_post(&mut self, window: &WindowId, to: impl FnOnce(Arc<str>) -> PostState) {
        if let Some(post) = self.post_mut(window)
            && let Some(officer) = post.officer().cloned()
        {
            post.state = to(officer);
        }
    }

    fn call(&mut self, number: TicketNo, window: &WindowId, at: Timestamp) {
        let officer = self.post(window).and_then(|post| post.officer().cloned()).unwrap_or_else(|| "".into());
        let Some(ticket) = self.ticket_mut(number) else { return };
        let TicketState::Waiting { since } = ticket.state else { return };
        ticket.calls += 1;
        ticket.state = TicketState::Called { window: window.clone(), at, again: at };
        ticket.visits.push(Visit {
            line: ticket.want().line.clone(),
            window: window.clone(),
            officer,
            waited_from: since,
            called_at: at,
            started_at: None,
            ended_at: None,
            end: None,
        });
        if let Some(post) = self.post_mut(window) {
            post.ticket = Some(number);
        }
    }

    fn start(&mut self, number: TicketNo, window: &WindowId, at: Timestamp) {
        let Some(ticket) = self.ticket_mut(number) else { return };
        if matches!(ticket.state, TicketState::Called { .. }) {
            ticket.state = TicketState::Serving { window: window.clone(), since: at };
            ticket.calls = 0;
            if let Some(visit) = ticket.visits.last_mut() {
                visit.started_at = Some(at);
            }
        }
    }

    fn served(&mut self, number: TicketNo, window: &WindowId, goes_on: bool, at: Timestamp) {
        let officer = self.post(window).and_then(|post| post.officer().cloned()).unwrap_or_else(|| "".into());
        self.end_visit(number, window, at, VisitEnd::Done);
        let Some(ticket) = self.ticket_mut(number) else { return };
        if ticket.current + 1 >= ticket.wants.len() {
            self.finish(number, TicketState::Done { at });
            return;
        }
        ticket.current += 1;
        ticket.calls = 0;
        if goes_on {
            ticket.state = TicketState::Serving { window: window.clone(), since: at };
            ticket.visits.push(Visit {
                line: ticket.want().line.clone(),
                window: window.clone(),
                officer,
                waited_from: at,
                called_at: at,
                started_at: Some(at),
                ended_at: None,
                end: None,
            });
            if let Some(post) = self.post_mut(window) {
                post.ticket = Some(number);
            }
        } else {
            self.wait_again(number, at, |ticket| ticket.transferred = true);
        }
    }

    /// Ends the ticket's visit to the window and frees the window.
    fn end_visit(&mut self, number: TicketNo, window: &WindowId, at: Timestamp, end: VisitEnd) {
        if let Some(post) = self.post_mut(window) {
            post.ticket = post.ticket.filter(|ticket| *ticket != number);
        }
        if let Some(visit) = self.ticket_mut(number).and_then(|ticket| ticket.visits.last_mut())
            && visit.ended_at.is_none()
        {
            visit.ended_at = Some(at);
            visit.end = Some(end);
        }
    }

    fn wait_again(&mut self, number: TicketNo, at: Timestamp, change: impl FnOnce(&mut Ticket)) {
        self.change_ticket(number, |ticket| {
            ticket.state = TicketState::Waiting { since: at };
            change(ticket);
        });
    }

    /// Changes a ticket and recomputes its place (call instant) from the ready instant and the lane.
    fn change_ticket(&mut self, number: TicketNo, change: impl FnOnce(&mut Ticket)) {
        let setup = Arc::clone(&self.setup);
        if let Some(ticket) = self.ticket_mut(number) {
            change(ticket);
            ticket.place = ticket.ready_at - setup.head_start(&ticket.lane);
        }
    }

    fn finish(&mut self, number: TicketNo, state: TicketState) {
        if let Some(ticket) = self.ticket_mut(number) {
            ticket.state = state;
        }
    }

    fn split(&mut self, event: &TicketSplit, at: Timestamp) {
        if self.ticket(event.into).is_some() || event.wants.is_empty() {
            return;
        }
        let Some(ticket) = self.ticket_mut(event.number) else { return };
        let mut part = ticket.clone();
        for want in &event.wants {
            if let Some(place) = ticket.wants.iter().skip(ticket.current).position(|other| other == want) {
                ticket.wants.remove(ticket.current + place);
            }
        }
        if ticket.wants.is_empty() {
            ticket.wants.push(part.wants[0].clone());
        }
        part.number = event.into;
        part.wants.clone_from(&event.wants);
        part.current = 0;
        part.calls = 0;
        part.cause = Cause::Split { from: event.number };
        part.state = TicketState::Waiting { since: at };
        part.visits = Vec::new();
        part.restored_from = None;
        part.rating = None;
        self.tickets.push(part);
    }

    fn merge(&mut self, number: TicketNo, into: TicketNo, at: Timestamp) {
        let Some(ticket) = self.ticket_mut(number) else { return };
        ticket.restored_from = None;
        let (rest, place) = (ticket.wants[ticket.current..].to_vec(), ticket.place);
        ticket.state = TicketState::Merged { into, at };
        self.change_ticket(into, |other| {
            for want in rest {
                if !other.wants[other.current..].contains(&want) {
                    other.wants.push(want);
                }
            }
            if place > other.place {
                other.ready_at = place + other.ready_at.duration_since(other.place);
            }
        });
    }
}
