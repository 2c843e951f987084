//! What people and machines ask of a hall.

use std::sync::Arc;

use catalogue::{EditionHash, HallId, LaneKind, LineId, SpecialistId, Tongue, WindowId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Setup, Source, TicketNo, Want};

/// When, and who.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub now: Timestamp,
    pub actor: &'a str,
}

/// Somebody takes a number.
#[derive(Clone, Debug)]
pub struct Join {
    /// From the zone's counter of the day: never given twice.
    pub number: TicketNo,
    pub source: Source,
    pub lane: LaneKind,
    pub wants: Vec<Want>,
    pub language: Tongue,
    pub holder: Arc<str>,
    /// The time that was booked, for an appointment.
    pub booked_for: Option<Timestamp>,
    pub specialist: Option<SpecialistId>,
    /// Not in the hall yet: the place is kept, and nobody is called before they come.
    pub held: bool,
}

/// Somebody who waited in vain on an earlier day.
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
    /// The only command without a day.
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
    /// Calls whoever is next; what was being served there is done.
    CallNext {
        window: WindowId,
    },
    Recall {
        window: WindowId,
    },
    /// The person called did not come.
    Skip {
        window: WindowId,
    },
    /// The person called is there.
    Start {
        window: WindowId,
    },
    Finish {
        window: WindowId,
    },
    /// Passes the person on, or back into the same line; the place is kept.
    Transfer {
        window: WindowId,
        to: LineId,
    },
    /// Whoever holds a number of the last day is there.
    Come {
        number: TicketNo,
    },
    Leave {
        number: TicketNo,
    },
    /// Gives these wants (places in the list) a number of their own, so that two people can be served at once.
    Split {
        number: TicketNo,
        wants: Vec<usize>,
        new: TicketNo,
    },
    /// A family comes together: the other's business is added, at the later of the two places.
    Merge {
        number: TicketNo,
        into: TicketNo,
    },
    GiveLane {
        number: TicketNo,
        lane: LaneKind,
    },
    /// Closing time: nobody comes in any more.
    CloseDoors,
    /// The last window closes. Whoever still waits then is carried over.
    EndDay,
}
