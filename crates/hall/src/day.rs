//! The state of a hall on one day, folded from its events.

use std::sync::Arc;

use catalogue::{EditionHash, HallId, LaneId, LineId, SpecialistId, ThingId, Tongue, WindowId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Setup, TicketNo};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    pub hall: HallId,
    pub date: Date,
    pub edition: EditionHash,
    pub setup: Arc<Setup>,
    /// In the order of joining.
    pub tickets: Vec<Ticket>,
    /// One for each window of the hall.
    pub posts: Vec<Post>,
    pub doors: Doors,
    pub version: u64,
    pub changed_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doors {
    Open,
    /// No more numbers are given; tickets that exist are still served.
    Closed {
        at: Timestamp,
    },
    /// The day is over; nobody is left.
    Ended {
        at: Timestamp,
    },
}

/// Where the number was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    Kiosk,
    Phone,
    Appointment,
    Window,
    Specialist,
}

impl Source {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kiosk => "kiosk",
            Self::Phone => "phone",
            Self::Appointment => "appointment",
            Self::Window => "window",
            Self::Specialist => "specialist",
        }
    }
}

/// One piece of business of a visitor.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Want {
    pub line: LineId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thing: Option<ThingId>,
}

/// What set the ready instant of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Cause {
    Joined,
    /// The booked time: checked in within the early and late limits.
    Booked,
    /// Too late for the booked time, so treated as a walk-in.
    LateForBooking,
    /// Called, but absent; ready again behind others.
    Returned,
    /// Carried over from an earlier day without being served.
    CarriedOver {
        date: Date,
        number: TicketNo,
    },
    /// Split off from another ticket.
    Split {
        from: TicketNo,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub number: TicketNo,
    pub source: Source,
    pub lane: LaneId,
    pub language: Tongue,
    /// Opaque reference to the person who took it.
    pub holder: Arc<str>,
    /// All wants of the person; those before index `current` are done.
    pub wants: Vec<Want>,
    pub current: usize,
    pub specialist: Option<SpecialistId>,
    pub joined_at: Timestamp,
    pub ready_at: Timestamp,
    /// The call instant: ready instant − head start of the lane.
    pub place: Timestamp,
    pub cause: Cause,
    /// The earlier day and the number there, if the ticket was carried over.
    pub carried: Option<(Date, TicketNo)>,
    /// Keeps its place, but is not called before the holder is known to be in the hall.
    pub held: bool,
    /// Passed on from another window; it keeps its place.
    pub transferred: bool,
    pub booked_for: Option<Timestamp>,
    /// Number of calls in vain for the current want.
    pub calls: u32,
    pub state: TicketState,
    pub visits: Vec<Visit>,
    /// It was joined with this number and waits by itself again, because that one's holder has gone.
    pub restored_from: Option<TicketNo>,
    /// What its holder said of the visit.
    pub rating: Option<VisitRating>,
}

/// 好差评 of a visit; what was written with it lies in the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitRating {
    /// 1 to 5, the best last.
    pub level: u8,
    pub named: bool,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TicketState {
    Waiting {
        since: Timestamp,
    },
    Called {
        window: WindowId,
        at: Timestamp,
        again: Timestamp,
    },
    Serving {
        window: WindowId,
        since: Timestamp,
    },
    Done {
        at: Timestamp,
    },
    /// The holder went away before being served.
    Left {
        at: Timestamp,
    },
    /// Called in vain too often.
    Lost {
        at: Timestamp,
    },
    CarriedOver {
        at: Timestamp,
    },
    Merged {
        into: TicketNo,
        at: Timestamp,
    },
}

impl TicketState {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Waiting { .. } => "waiting",
            Self::Called { .. } => "called",
            Self::Serving { .. } => "serving",
            Self::Done { .. } => "done",
            Self::Left { .. } => "left",
            Self::Lost { .. } => "lost",
            Self::CarriedOver { .. } => "carried-over",
            Self::Merged { .. } => "merged",
        }
    }

    pub const fn is_over(&self) -> bool {
        !matches!(self, Self::Waiting { .. } | Self::Called { .. } | Self::Serving { .. })
    }

    pub const fn is_waiting(&self) -> bool {
        matches!(self, Self::Waiting { .. })
    }

    pub const fn window(&self) -> Option<&WindowId> {
        match self {
            Self::Called { window, .. } | Self::Serving { window, .. } => Some(window),
            _ => None,
        }
    }
}

/// One visit of a ticket to a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub line: LineId,
    pub window: WindowId,
    pub officer: Arc<str>,
    /// Start of the wait that this visit ended.
    pub waited_from: Timestamp,
    pub called_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub end: Option<VisitEnd>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitEnd {
    Done,
    PassedOn,
    Absent,
}

impl VisitEnd {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::PassedOn => "passed-on",
            Self::Absent => "absent",
        }
    }
}

/// A window and the officer there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    pub window: WindowId,
    pub state: PostState,
    /// The ticket that is called to it or served at it.
    pub ticket: Option<TicketNo>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostState {
    Shut,
    Open { officer: Arc<str>, since: Timestamp },
    Paused { officer: Arc<str>, since: Timestamp },
}

impl Post {
    pub fn officer(&self) -> Option<&Arc<str>> {
        match &self.state {
            PostState::Open { officer, .. } | PostState::Paused { officer, .. } => Some(officer),
            PostState::Shut => None,
        }
    }

    pub const fn is_open(&self) -> bool {
        matches!(self.state, PostState::Open { .. })
    }
}

impl Ticket {
    /// The current want; the last one once all are done.
    pub fn want(&self) -> &Want {
        &self.wants[self.current.min(self.wants.len() - 1)]
    }

    /// Whether the ticket waits and may be called (is not held).
    pub const fn waits(&self) -> bool {
        self.state.is_waiting() && !self.held
    }

    /// Whether the visit can be rated, and was not yet: all that the number was for is dealt with.
    pub const fn is_ratable(&self) -> bool {
        matches!(self.state, TicketState::Done { .. }) && self.rating.is_none()
    }

    /// Sort key of the calling order: the least is called first.
    pub const fn key(&self) -> (Timestamp, TicketNo) {
        (self.place, self.number)
    }
}

impl Day {
    pub fn ticket(&self, number: TicketNo) -> Option<&Ticket> {
        self.tickets.iter().find(|ticket| ticket.number == number)
    }

    pub(crate) fn ticket_mut(&mut self, number: TicketNo) -> Option<&mut Ticket> {
        self.tickets.iter_mut().rev().find(|ticket| ticket.number == number)
    }

    pub fn post(&self, window: &WindowId) -> Option<&Post> {
        self.posts.iter().find(|post| post.window == *window)
    }

    pub(crate) fn post_mut(&mut self, window: &WindowId) -> Option<&mut Post> {
        self.posts.iter_mut().find(|post| post.window == *window)
    }

    /// The window where an officer works.
    pub fn post_of(&self, officer: &str) -> Option<&Post> {
        self.posts.iter().find(|post| post.officer().is_some_and(|sits| **sits == *officer))
    }

    /// Tickets that wait and may be called.
    pub fn waiting(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.iter().filter(|ticket| ticket.waits())
    }

    /// Tickets carried over from the last day whose holders have not come to the hall yet.
    pub fn held(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.iter().filter(|ticket| ticket.held && ticket.state.is_waiting())
    }

    /// Whether the window could call the ticket if it were open.
    pub fn can_serve(&self, window: &WindowId, ticket: &Ticket) -> bool {
        self.setup.desk(window).is_some_and(|desk| desk.can_serve(&ticket.want().line, ticket.language))
    }
}
