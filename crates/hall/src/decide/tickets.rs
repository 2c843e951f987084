//! Taking a number, and what changes a waiting ticket.

use std::sync::Arc;

use catalogue::LaneKind;
use jiff::{SignedDuration, Timestamp};

use super::Floor;
use crate::{
    Cause, Event, Join, LaneGiven, Refusal, Ticket, TicketCame, TicketLeft, TicketNo, TicketRated,
    TicketRestored, TicketSplit, TicketState, TicketTaken, TicketsMerged, Want,
};

impl<'a> Floor<'a> {
    pub(super) fn join(&self, join: &Join) -> Result<Vec<Event>, Refusal> {
        self.day.setup.gives_numbers(Some(self.day), self.now)?;
        let setup = &self.day.setup;
        let mut wants: Vec<Want> = Vec::new();
        for want in &join.wants {
            if setup.line(&want.line).is_none() {
                return Err(Refusal::UnknownLine { line: want.line.clone() });
            }
            if !setup.windows.iter().any(|desk| desk.skills.iter().any(|(line, _)| *line == want.line)) {
                return Err(Refusal::NobodyServes { line: want.line.clone() });
            }
            if !setup.windows.iter().any(|desk| desk.can_serve(&want.line, join.language)) {
                return Err(Refusal::NobodySpeaks);
            }
            if !wants.contains(want) {
                wants.push(want.clone());
            }
        }
        if wants.is_empty() {
            return Err(Refusal::NothingWanted);
        }
        if self.day.ticket(join.number).is_some() {
            return Err(Refusal::NumberTaken { number: join.number });
        }
        let (kind, ready_at, cause) = self.ready(join)?;
        let lane = setup.lane(kind).ok_or(Refusal::NothingWanted)?;
        Ok(vec![
            TicketTaken {
                number: join.number,
                source: join.source,
                lane: lane.id.clone(),
                language: join.language,
                wants,
                holder: join.holder.clone(),
                ready_at,
                cause,
                booked_for: join.booked_for,
                specialist: join.specialist.clone(),
                held: join.held,
            }
            .into(),
        ])
    }

    /// Lane, ready instant and cause: those of the booking if it was kept in time; otherwise ready now, in
    /// the walk-in lane instead of that for appointments.
    fn ready(&self, join: &Join) -> Result<(LaneKind, Timestamp, Cause), Refusal> {
        let (Some(booked), Some(rules)) = (join.booked_for, self.day.setup.booking) else {
            let kind = if join.lane == LaneKind::Appointment { LaneKind::WalkIn } else { join.lane };
            return Ok((kind, self.now, Cause::Joined));
        };
        let minutes = |minutes: u32| SignedDuration::from_mins(minutes.into());
        let from = booked - minutes(rules.early_minutes);
        if self.now < from {
            return Err(Refusal::TooEarly { from });
        }
        if self.now <= booked + minutes(rules.late_minutes) {
            Ok((LaneKind::Appointment, booked, Cause::Booked))
        } else {
            Ok((LaneKind::WalkIn, self.now, Cause::LateForBooking))
        }
    }

    /// Idempotent: no event when the holder is already known to be in the hall.
    pub(super) fn come(&self, number: TicketNo) -> Result<Vec<Event>, Refusal> {
        let ticket = self.waits(number)?;
        Ok(if ticket.held { vec![TicketCame { number }.into()] } else { Vec::new() })
    }

    pub(super) fn leave(&self, number: TicketNo) -> Result<Vec<Event>, Refusal> {
        let ticket = self.waits(number)?;
        let mut events = vec![Event::from(TicketLeft { number: ticket.number })];
        events.extend(self.restored(ticket));
        Ok(events)
    }

    /// The numbers that were joined with one whose holder has gone: who holds them has given nothing up, and waits again in
    /// the own place, for what was not dealt with yet. Whoever holds both gave both back; what others had joined with that
    /// one is theirs all the same.
    pub(super) fn restored(&self, gone: &Ticket) -> Vec<Event> {
        let dealt_with = &gone.wants[..gone.current.min(gone.wants.len())];
        let (mut left, mut events) = (vec![gone.number], Vec::new());
        while let Some(number) = left.pop() {
            let joined =
                self.day.tickets.iter().filter(
                    |ticket| matches!(ticket.state, TicketState::Merged { into, .. } if into == number),
                );
            for ticket in joined {
                if ticket.holder == gone.holder {
                    left.push(ticket.number);
                    continue;
                }
                let open = ticket.wants[ticket.current..].iter();
                let wants: Vec<Want> = open.filter(|want| !dealt_with.contains(want)).cloned().collect();
                if !wants.is_empty() {
                    let (number, from) = (ticket.number, gone.number);
                    events.push(TicketRestored { number, from, wants }.into());
                }
            }
        }
        events
    }

    /// Five levels, once, when everything that the number was for is dealt with.
    pub(super) fn rate(
        &self,
        number: TicketNo,
        level: u8,
        comment: Option<&Arc<str>>,
        named: bool,
    ) -> Result<Vec<Event>, Refusal> {
        let ticket = self.day.ticket(number).ok_or(Refusal::NoSuchTicket { number })?;
        if !(1..=5).contains(&level) {
            return Err(Refusal::BadLevel { level });
        }
        if ticket.rating.is_some() {
            return Err(Refusal::VisitRated);
        }
        if !ticket.is_ratable() {
            return Err(Refusal::NotServed { number });
        }
        Ok(vec![TicketRated { number, level, comment: comment.cloned(), named }.into()])
    }

    pub(super) fn split(
        &self,
        number: TicketNo,
        places: &[usize],
        new: TicketNo,
    ) -> Result<Vec<Event>, Refusal> {
        let ticket = self.waits(number)?;
        if self.day.ticket(new).is_some() {
            return Err(Refusal::NumberTaken { number: new });
        }
        let open = ticket.current..ticket.wants.len();
        let mut places: Vec<usize> = places.iter().copied().filter(|place| open.contains(place)).collect();
        places.sort_unstable();
        places.dedup();
        // At least one want moves and at least one stays.
        if places.is_empty() || places.len() >= open.len() {
            return Err(Refusal::CannotSplit { number });
        }
        let wants = places.iter().map(|place| ticket.wants[*place].clone()).collect();
        Ok(vec![TicketSplit { number, into: new, wants }.into()])
    }

    pub(super) fn merge(&self, number: TicketNo, into: TicketNo) -> Result<Vec<Event>, Refusal> {
        let (one, other) = (self.waits(number)?, self.waits(into)?);
        if number == into || one.language != other.language {
            return Err(Refusal::CannotMerge { number });
        }
        Ok(vec![TicketsMerged { number, into }.into()])
    }

    pub(super) fn give_lane(&self, number: TicketNo, kind: LaneKind) -> Result<Vec<Event>, Refusal> {
        let ticket = self.waits(number)?;
        let lane = self.day.setup.lane(kind).ok_or(Refusal::NoSuchTicket { number })?;
        if ticket.lane == lane.id {
            return Ok(Vec::new());
        }
        Ok(vec![LaneGiven { number, lane: lane.id.clone() }.into()])
    }

    /// The ticket, refused unless it waits.
    fn waits(&self, number: TicketNo) -> Result<&'a Ticket, Refusal> {
        let ticket = self.day.ticket(number).ok_or(Refusal::NoSuchTicket { number })?;
        if ticket.state.is_waiting() {
            Ok(ticket)
        } else if ticket.state.is_over() {
            Err(Refusal::TicketIsOver { number })
        } else {
            Err(Refusal::NotWaiting { number })
        }
    }
}
