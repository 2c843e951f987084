//! The hall at one moment, as the live engine or a played day knows it.

use super::ring::{Kind, Ticket};
use super::{Floor, Hall};

/// Everything that a forecast starts from.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Present {
    /// Minutes after midnight.
    pub now: f64,
    /// Everybody whose number was not called yet, in any order.
    pub waiting: Vec<Waiting>,
    /// In the order of the hall's windows.
    pub windows: Vec<WindowNow>,
    /// Positions of windows that are free and on duty, idle longest first.
    pub idle: Vec<usize>,
    /// Positions of bookings whose holders have not checked in.
    pub expected: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waiting {
    pub number: u32,
    pub line: usize,
    pub lane: usize,
    pub joined_at: f64,
    /// Joined, or the booked time of somebody who was on time.
    pub ready_at: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct WindowNow {
    /// Will call when free. A window that finishes its last service before a break is not.
    pub is_on: bool,
    pub serving: Option<ServingNow>,
    /// Stays past its time until nobody waits for it.
    pub lingers: bool,
    /// When a window that left out of turn comes back; the roster knows of all other returns.
    pub back_at: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServingNow {
    pub line: usize,
    pub number: u32,
    pub since: f64,
    /// False while the window waits for somebody who does not come.
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
    /// The waiting in calling order, so that each queue is filled from its end.
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
