//! Events of a hall. They hold references, never personal data, and all that folding needs.

use std::sync::Arc;

use catalogue::{EditionHash, HallId, LaneId, LineId, SpecialistId, Tongue, WindowId};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::{Cause, Setup, Source, TicketNo, Want};

engine::events! {
    DayOpened "day-opened" 1 {
        hall: HallId,
        date: Date,
        edition: EditionHash,
        setup: Arc<Setup>,
    }
    TicketTaken "ticket-taken" 1 {
        number: TicketNo,
        source: Source,
        lane: LaneId,
        language: Tongue,
        wants: Vec<Want>,
        holder: Arc<str>,
        ready_at: Timestamp,
        cause: Cause,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        booked_for: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        specialist: Option<SpecialistId>,
        /// Nobody is called by it before somebody has said that they are there.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        held: bool,
    }
    /// Whoever holds a number that was held is there.
    TicketCame "ticket-came" 1 {
        number: TicketNo,
    }
    WindowOpened "window-opened" 1 {
        window: WindowId,
    }
    WindowPaused "window-paused" 1 {
        window: WindowId,
    }
    WindowResumed "window-resumed" 1 {
        window: WindowId,
    }
    WindowClosed "window-closed" 1 {
        window: WindowId,
    }
    Called "called" 1 {
        number: TicketNo,
        window: WindowId,
    }
    Recalled "recalled" 1 {
        number: TicketNo,
        window: WindowId,
    }
    /// Did not come, and stands behind some others now.
    Skipped "skipped" 1 {
        number: TicketNo,
        window: WindowId,
        ready_at: Timestamp,
    }
    /// Did not come too often.
    TicketLost "ticket-lost" 1 {
        number: TicketNo,
        window: WindowId,
    }
    Started "started" 1 {
        number: TicketNo,
        window: WindowId,
    }
    /// What the person came for is dealt with, as far as this window goes.
    Served "served" 1 {
        number: TicketNo,
        window: WindowId,
        /// The next of the wants is served here and now.
        goes_on: bool,
    }
    Transferred "transferred" 1 {
        number: TicketNo,
        window: WindowId,
        to: LineId,
    }
    TicketLeft "ticket-left" 1 {
        number: TicketNo,
    }
    TicketSplit "ticket-split" 1 {
        number: TicketNo,
        into: TicketNo,
        wants: Vec<Want>,
    }
    TicketsMerged "tickets-merged" 1 {
        number: TicketNo,
        into: TicketNo,
    }
    /// Whoever holds the number that this one was joined with has gone without it: it waits again where it stood.
    TicketRestored "ticket-restored" 1 {
        number: TicketNo,
        from: TicketNo,
        /// What was not dealt with under the other number.
        wants: Vec<Want>,
    }
    /// Whoever was served says how it was.
    TicketRated "ticket-rated" 1 {
        number: TicketNo,
        /// 1 to 5, the best last.
        level: u8,
        /// What they wrote with it, in the vault.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Arc<str>>,
        /// They may be called back.
        named: bool,
    }
    LaneGiven "lane-given" 1 {
        number: TicketNo,
        lane: LaneId,
    }
    DoorsClosed "doors-closed" 1 {
    }
    TicketCarriedOver "ticket-carried-over" 1 {
        number: TicketNo,
    }
    DayEnded "day-ended" 1 {
    }

    AppointmentBooked "appointment-booked" 1 {
        id: Arc<str>,
        slot: Timestamp,
        want: Want,
        language: Tongue,
        holder: Arc<str>,
        /// Whom the person asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        specialist: Option<SpecialistId>,
    }
    AppointmentMoved "appointment-moved" 1 {
        id: Arc<str>,
        slot: Timestamp,
    }
    AppointmentCancelled "appointment-cancelled" 1 {
        id: Arc<str>,
        /// It goes on on another day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        moved_to: Option<Date>,
    }
    AppointmentReminded "appointment-reminded" 1 {
        id: Arc<str>,
    }
    AppointmentCheckedIn "appointment-checked-in" 1 {
        id: Arc<str>,
        number: TicketNo,
    }
}

impl Event {
    /// The number of the ticket that the event is about.
    pub const fn number(&self) -> Option<TicketNo> {
        Some(match self {
            Self::TicketTaken(event) => event.number,
            Self::TicketCame(event) => event.number,
            Self::Called(event) => event.number,
            Self::Recalled(event) => event.number,
            Self::Skipped(event) => event.number,
            Self::TicketLost(event) => event.number,
            Self::Started(event) => event.number,
            Self::Served(event) => event.number,
            Self::Transferred(event) => event.number,
            Self::TicketLeft(event) => event.number,
            Self::TicketSplit(event) => event.number,
            Self::TicketsMerged(event) => event.number,
            Self::TicketRestored(event) => event.number,
            Self::TicketRated(event) => event.number,
            Self::LaneGiven(event) => event.number,
            Self::TicketCarriedOver(event) => event.number,
            Self::AppointmentCheckedIn(event) => event.number,
            _ => return None,
        })
    }
}
