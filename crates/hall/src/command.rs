//! Commands to a hall.

use std::sync::Arc;

use catalogue::{EditionHash, HallId, LaneKind, LineId, SpecialistId, Tongue, WindowId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Setup, Source, TicketNo, Want};

/// The time of a command and its actor.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub now: Timestamp,
    pub actor: &'a str,
}

/// Takes a number.
#[derive(Clone, Debug)]
pub struct Join {
    /// From the zone's counter of the day; unique on that day.
    pub number: TicketNo,
    pub source: Source,
    pub lane: LaneKind,
    pub wants: Vec<Want>,
    pub language: Tongue,
    pub holder: Arc<str>,
    /// The booked time, for an appointment.
    pub booked_for: Option<Timestamp>,
    pub specialist: Option<SpecialistId>,
    /// The holder is not in the hall yet: the ticket keeps its place but is not called before
    /// [`Command::Come`].
    pub held: bool,
}

/// A ticket that was not served on an earlier day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    pub number: TicketNo,
    pub was: TicketNo,
    pub date: Date,
    pub ready_at: Timestamp,
    pub lane: LaneKind,
    pub language: Tongue,
    pub wants: Vec<Want>,
    pub holder: Arc<str>,
}

#[derive(Clone, Debug)]
pub enum Command {
    /// Opens the day; the only command that needs no day.
    Open {
        hall: HallId,
        date: Date,
        edition: EditionHash,
        setup: Arc<Setup>,
        carried: Vec<Carried>,
    },
    Join(Join),
    OpenWindow {
        window: WindowId,
    },
    PauseWindow {
        window: WindowId,
    },
    ResumeWindow {
        window: WindowId,
    },
    CloseWindow {
        window: WindowId,
    },
    /// Calls the next ticket; the one being served at the window is finished first.
    CallNext {
        window: WindowId,
    },
    Recall {
        window: WindowId,
    },
    /// The called person did not come.
    Skip {
        window: WindowId,
    },
    /// The called person has come.
    Start {
        window: WindowId,
    },
    Finish {
        window: WindowId,
    },
    /// Passes the ticket to another line, or back into the same one; it keeps its place.
    Transfer {
        window: WindowId,
        to: LineId,
    },
    /// The holder of a held number has come to the hall.
    Come {
        number: TicketNo,
    },
    Leave {
        number: TicketNo,
    },
    /// Whoever was served rates the visit.
    Rate {
        number: TicketNo,
        level: u8,
        /// Where the vault keeps what was written with it.
        comment: Option<Arc<str>>,
        named: bool,
    },
    /// Gives these wants (indices into the list) a number of their own, so that two people can be served at
    /// once.
    Split {
        number: TicketNo,
        wants: Vec<usize>,
        new: TicketNo,
    },
    /// A family comes together: the wants of `number` are added to `into`, at the later of the two places.
    Merge {
        number: TicketNo,
        into: TicketNo,
    },
    GiveLane {
        number: TicketNo,
        lane: LaneKind,
    },
    /// Closing time: no more numbers are given.
    CloseDoors,
    /// Closes the last windows. Tickets that still wait are carried over.
    EndDay,
}
