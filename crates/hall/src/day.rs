//! A hall on one day, as its events have left it.

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
    /// In the order in which they joined.
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
    /// Nobody comes in any more; whoever holds a number is dealt with.
    Closed {
        at: Timestamp,
    },
    /// Nobody is left.
    Ended {
        at: Timestamp,
    },
}

/// Where somebody took the number.
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

/// One thing that somebody came for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Want {
    pub line: LineId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thing: Option<ThingId>,
}

/// Why somebody is ready when they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Cause {
    Joined,
    /// The booked time, checked in within its limits.
    Booked,
    /// Too late for the booked time: walked in.
    LateForBooking,
    /// Was called and did not come.
    Returned,
    /// Waited in vain on an earlier day.
    CarriedOver {
        date: Date,
        number: TicketNo,
    },
    /// Part of somebody's business, given a number of its own.
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
    /// Who took it, as an opaque reference.
    pub holder: Arc<str>,
    /// All that the person came for; those before `current` are done.
    pub wants: Vec<Want>,
    pub current: usize,
    pub specialist: Option<SpecialistId>,
    pub joined_at: Timestamp,
    pub ready_at: Timestamp,
    /// The call instant: ready less the head start of the lane.
    pub place: Timestamp,
    pub cause: Cause,
    /// The day and the number of old, if it was not called on the hall's last day.
    pub carried: Option<(Date, TicketNo)>,
    /// It keeps its place, but nobody is called by it before somebody has said that they are there.
    pub held: bool,
    /// Was passed on from another window; the place is the one it had.
    pub transferred: bool,
    pub booked_for: Option<Timestamp>,
    /// How often it was called for the present want without being served.
    pub calls: u32,
    pub state: TicketState,
    pub visits: Vec<Visit>,
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
    /// Went away before being served.
    Left {
        at: Timestamp,
    },
    /// Called too often in vain.
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

/// One time at a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub line: LineId,
    pub window: WindowId,
    pub officer: Arc<str>,
    /// Since when the person had waited for it.
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

/// A window with whoever sits there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    pub window: WindowId,
    pub state: PostState,
    /// Whom it has called or serves.
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
    /// What the person waits for or is served with now; the last one once all is done.
    pub fn want(&self) -> &Want {
        &self.wants[self.current.min(self.wants.len() - 1)]
    }

    /// Whether the person waits and can be called.
    pub const fn waits(&self) -> bool {
        self.state.is_waiting() && !self.held
    }

    /// Who comes before whom.
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

    /// The window at which an officer sits.
    pub fn post_of(&self, officer: &str) -> Option<&Post> {
        self.posts.iter().find(|post| post.officer().is_some_and(|sits| **sits == *officer))
    }

    /// Whoever waits and can be called.
    pub fn waiting(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.iter().filter(|ticket| ticket.waits())
    }

    /// The numbers of the last day whose holders have not said yet that they are there.
    pub fn held(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.iter().filter(|ticket| ticket.held && ticket.state.is_waiting())
    }

    /// Whether the window could call the ticket if it were open.
    pub fn can_serve(&self, window: &WindowId, ticket: &Ticket) -> bool {
        self.setup.desk(window).is_some_and(|desk| desk.can_serve(&ticket.want().line, ticket.language))
    }
}
