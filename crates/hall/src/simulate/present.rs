//! The hall at one moment, taken from the live engine or from a simulated day.

use super::ring::{Kind, Ticket};
use super::{Floor, Hall};

/// The state from which a forecast starts.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Present {
    /// Minutes after midnight.
    pub now: f64,
    /// All tickets not called yet, in any order.
    pub waiting: Vec<Waiting>,
    /// In the order of the hall's windows.
    pub windows: Vec<WindowNow>,
    /// Indices of the windows that are free and on duty, longest idle first.
    pub idle: Vec<usize>,
    /// Indices of the bookings whose holders have not checked in.
    pub expected: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waiting {
    pub number: u32,
    pub line: usize,
    pub lane: usize,
    pub joined_at: f64,
    /// When it joined, or the booked time of an appointment that was on time.
    pub ready_at: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct WindowNow {
    /// Calls when free. False for a window that finishes its last service before a break.
    pub is_on: bool,
    pub serving: Option<ServingNow>,
    /// Stays after its end until nobody waits for it.
    pub lingers: bool,
    /// When a window that left outside the roster comes back; the roster has all other returns.
    pub back_at: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServingNow {
    pub line: usize,
    pub number: u32,
    pub since: f64,
    /// False while the window waits for a called person who is absent.
    pub attended: bool,
}

impl Waiting {
    pub(crate) fn ticket(&self, hall: &Hall, kind: Kind) -> Ticket {
        let queue = hall.queue(self.line, self.lane);
        Ticket {
            call_at: self.ready_at - hall.head_start(queue),
            joined_at: self.joined_at,
            leaves_at: f64::INFINITY,
            number: self.number,
            queue: u16::try_from(queue).expect("a hall's size was checked"),
            kind,
        }
    }
}

impl Present {
    /// The waiting tickets in calling order, so that each insertion into a queue is at its end.
    pub(crate) fn tickets(&self, hall: &Hall) -> Vec<Ticket> {
        let mut tickets: Vec<Ticket> =
            self.waiting.iter().map(|waiting| waiting.ticket(hall, Kind::Person)).collect();
        tickets.sort_unstable_by(|a, b| a.call_at.total_cmp(&b.call_at).then(a.number.cmp(&b.number)));
        tickets
    }

    /// The state of a day that is being played.
    pub fn of(hall: &Hall, floor: &Floor) -> Self {
        let windows = floor.windows().iter().map(|window| WindowNow {
            is_on: window.is_on,
            serving: window.serving.map(|serving| ServingNow {
                line: hall.line_of(serving.queue),
                number: serving.number,
                since: serving.since,
                attended: serving.attended,
            }),
            lingers: window.lingers,
            back_at: None,
        });
        let waiting = (0..floor.queues()).flat_map(|queue| floor.waiting(queue)).map(|ticket| Waiting {
            number: ticket.number,
            line: hall.line_of(ticket.queue),
            lane: hall.lane_of(ticket.queue),
            joined_at: ticket.joined_at,
            ready_at: hall.ready_at(ticket),
        });
        Self {
            now: floor.now(),
            waiting: waiting.collect(),
            windows: windows.collect(),
            idle: floor.idle().iter().map(|window| usize::from(*window)).collect(),
            expected: floor.not_checked_in(hall),
        }
    }
}
