//! The calling order, and its explanation.
//!
//! Call instant = ready instant − head start of the lane. A window takes, among the waiting tickets that it
//! can serve, the one with the least (call instant, number). A ticket ready at `r` has a call instant of `r`
//! at most; one that joins later than `r` plus [`crate::Setup::greatest_advance`] has a later one. So only
//! tickets of a bounded time can overtake another: nobody starves.

use std::cmp::Ordering;

use catalogue::{LaneId, LineId, Tongue, WindowId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::{Cause, Day, Ticket, TicketNo};

/// Explanation of a ticket's position in the calling order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    pub number: TicketNo,
    pub line: LineId,
    pub lane: LaneId,
    pub ready_at: Timestamp,
    pub cause: Cause,
    pub head_start: SignedDuration,
    /// The call instant.
    pub place: Timestamp,
    /// All tickets that may be called before it, in calling order.
    pub before: Vec<Ahead>,
    /// The windows open now that can serve it.
    pub windows: Vec<WindowId>,
}

/// A ticket that may be called before another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    pub number: TicketNo,
    pub lane: LaneId,
    pub line: LineId,
    pub ready_at: Timestamp,
    pub place: Timestamp,
    pub reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Was ready earlier.
    CameFirst,
    /// Has an earlier appointment, and kept it.
    Booked { for_at: Timestamp },
    /// Was passed on from another window and keeps its place.
    PassedOn,
    /// Was carried over from that day.
    CarriedOver { date: Date },
    /// Has a head start that puts it first.
    HeadStart { lane: LaneId, minutes: i64 },
    /// Same ready and call instant; the smaller number goes first.
    SmallerNumber,
}

impl Day {
    /// The ticket that a window calls next.
    pub fn next_for(&self, window: &WindowId) -> Option<&Ticket> {
        self.waiting().filter(|ticket| self.can_serve(window, ticket)).min_by_key(|ticket| ticket.key())
    }

    /// All waiting tickets in calling order.
    pub fn queue(&self) -> Vec<&Ticket> {
        let mut queue: Vec<&Ticket> = self.waiting().collect();
        queue.sort_unstable_by_key(|ticket| ticket.key());
        queue
    }

    /// Tickets that may be called before this one: earlier in the order, and servable by a window that can
    /// serve this one.
    pub fn ahead_of<'a>(&'a self, ticket: &'a Ticket) -> impl Iterator<Item = &'a Ticket> + 'a {
        let mut rivals: Vec<&LineId> = Vec::new();
        let windows: Vec<WindowId> = self.windows_for(ticket);
        for desk in self.setup.windows.iter().filter(|desk| windows.contains(&desk.id)) {
            rivals.extend(desk.skills.iter().map(|(line, _)| line));
        }
        let before = move |other: &&Ticket| other.key() < ticket.key();
        self.waiting()
            .filter(before)
            .filter(move |other| rivals.contains(&&other.want().line))
            .filter(move |other| windows.iter().any(|window| self.can_serve(window, other)))
    }

    /// How many waiting tickets would be called before a walk-in that joins this line now: call instant up to
    /// now, and servable by a window that can serve the walk-in (an open one, if any is).
    pub fn ahead_of_newcomer(&self, line: &LineId, language: Tongue, now: Timestamp) -> usize {
        let desks = self.setup.windows.iter().filter(|desk| desk.can_serve(line, language));
        let (able, open): (Vec<&WindowId>, Vec<bool>) =
            desks.map(|desk| (&desk.id, self.post(&desk.id).is_some_and(crate::Post::is_open))).unzip();
        let none_open = !open.contains(&true);
        let counts = |place: usize| none_open || open[place];
        let meets = |ticket: &&Ticket| {
            (0..able.len()).any(|place| counts(place) && self.can_serve(able[place], ticket))
        };
        self.waiting().filter(|ticket| ticket.place <= now).filter(meets).count()
    }

    /// The open windows that can serve it; if none is open, all that could.
    pub fn windows_for(&self, ticket: &Ticket) -> Vec<WindowId> {
        let could: Vec<&crate::Post> =
            self.posts.iter().filter(|post| self.can_serve(&post.window, ticket)).collect();
        let open: Vec<WindowId> =
            could.iter().filter(|post| post.is_open()).map(|post| post.window.clone()).collect();
        if open.is_empty() { could.into_iter().map(|post| post.window.clone()).collect() } else { open }
    }

    /// Explains the position of a ticket; `None` unless it waits.
    pub fn explain_order(&self, number: TicketNo) -> Option<Why> {
        let ticket = self.ticket(number).filter(|ticket| ticket.waits())?;
        let mut before: Vec<&Ticket> = self.ahead_of(ticket).collect();
        before.sort_unstable_by_key(|other| other.key());
        let open = |window: &WindowId| self.post(window).is_some_and(crate::Post::is_open);
        Some(Why {
            number,
            line: ticket.want().line.clone(),
            lane: ticket.lane.clone(),
            ready_at: ticket.ready_at,
            cause: ticket.cause.clone(),
            head_start: self.setup.head_start(&ticket.lane),
            place: ticket.place,
            before: before.into_iter().map(|other| self.ahead(other, ticket)).collect(),
            windows: self.windows_for(ticket).into_iter().filter(open).collect(),
        })
    }

    fn ahead(&self, other: &Ticket, ticket: &Ticket) -> Ahead {
        let reason = match (&other.cause, other.ready_at.cmp(&ticket.ready_at)) {
            (Cause::CarriedOver { date, .. }, _) => Reason::CarriedOver { date: *date },
            (_, Ordering::Greater) => Reason::HeadStart {
                lane: other.lane.clone(),
                minutes: self.setup.head_start(&other.lane).as_mins(),
            },
            (_, Ordering::Equal) if other.place == ticket.place => Reason::SmallerNumber,
            (_, Ordering::Equal) => Reason::HeadStart {
                lane: other.lane.clone(),
                minutes: self.setup.head_start(&other.lane).as_mins(),
            },
            (_, Ordering::Less) if other.transferred => Reason::PassedOn,
            (Cause::Booked, Ordering::Less) => Reason::Booked { for_at: other.ready_at },
            (_, Ordering::Less) => Reason::CameFirst,
        };
        Ahead {
            number: other.number,
            lane: other.lane.clone(),
            line: other.want().line.clone(),
            ready_at: other.ready_at,
            place: other.place,
            reason,
        }
    }
}
