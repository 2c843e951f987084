//! Calling people to a window, and what happens there.

use catalogue::{LineId, WindowId};
use jiff::{SignedDuration, Timestamp};

use super::Floor;
use crate::{
    Called, Event, PostState, Recalled, Refusal, Served, Skipped, Started, Ticket, TicketLost, TicketState,
    Transferred,
};

impl<'a> Floor<'a> {
    pub(super) fn call_next(&self, window: &WindowId) -> Result<Vec<Event>, Refusal> {
        match self.post(window)?.state {
            PostState::Open { .. } => {}
            PostState::Paused { .. } => return Err(Refusal::WindowPaused { window: window.clone() }),
            PostState::Shut => return Err(Refusal::WindowShut { window: window.clone() }),
        }
        let mut events = Vec::new();
        if let Some(ticket) = self.at(window) {
            if matches!(ticket.state, TicketState::Called { .. }) {
                return Err(Refusal::NotYetThere { number: ticket.number });
            }
            let served = self.served(ticket, window);
            let goes_on = served.goes_on;
            events.push(served.into());
            // A person's next want at the same window comes before the next ticket, so that nobody leaves
            // half served.
            if goes_on {
                return Ok(events);
            }
        }
        match self.day.next_for(window) {
            Some(next) => events.push(Called { number: next.number, window: window.clone() }.into()),
            None if events.is_empty() => return Err(Refusal::NobodyWaits),
            None => {}
        }
        Ok(events)
    }

    pub(super) fn recall(&self, window: &WindowId) -> Result<Vec<Event>, Refusal> {
        let ticket = self.called(window)?;
        Ok(vec![Recalled { number: ticket.number, window: window.clone() }.into()])
    }

    pub(super) fn skip(&self, window: &WindowId) -> Result<Vec<Event>, Refusal> {
        let ticket = self.called(window)?;
        let rules = self.day.setup.no_show;
        if let TicketState::Called { again, .. } = ticket.state {
            let left = again + SignedDuration::from_secs(rules.wait_seconds.into()) - self.now;
            if left.is_positive() {
                // Rounded up to whole seconds, so that a retry after this time succeeds.
                let seconds = (left.as_millis() + 999) / 1000;
                return Err(Refusal::TooSoon { number: ticket.number, seconds });
            }
        }
        let (number, window) = (ticket.number, window.clone());
        if ticket.calls >= rules.calls {
            let mut events = vec![Event::from(TicketLost { number, window })];
            events.extend(self.restored(ticket));
            return Ok(events);
        }
        let behind = self.behind(ticket, &window, rules.returns_behind);
        let ready_at = behind + self.day.setup.head_start(&ticket.lane);
        Ok(vec![Skipped { number, window, ready_at }.into()])
    }

    /// The place just (1 µs) behind the next `others` tickets that the window would call, of any line: behind
    /// its own line alone, a ticket with a head start would be called again at once. The old place when
    /// nobody else waits.
    fn behind(&self, ticket: &Ticket, window: &WindowId, others: u32) -> Timestamp {
        let mut places: Vec<Timestamp> = self
            .day
            .waiting()
            .filter(|other| self.day.can_serve(window, other))
            .map(|other| other.place)
            .collect();
        places.sort_unstable();
        let last = places.iter().take(others as usize).next_back();
        last.map_or(ticket.place, |place| (*place + SignedDuration::from_micros(1)).max(ticket.place))
    }

    pub(super) fn start(&self, window: &WindowId) -> Result<Vec<Event>, Refusal> {
        let ticket = self.at(window).ok_or_else(|| Refusal::NobodyThere { window: window.clone() })?;
        Ok(self.started(ticket, window).into_iter().collect())
    }

    pub(super) fn finish(&self, window: &WindowId) -> Result<Vec<Event>, Refusal> {
        let ticket = self.at(window).ok_or_else(|| Refusal::NobodyThere { window: window.clone() })?;
        if matches!(ticket.state, TicketState::Called { .. }) {
            return Err(Refusal::NotYetThere { number: ticket.number });
        }
        Ok(vec![self.served(ticket, window).into()])
    }

    pub(super) fn transfer(&self, window: &WindowId, to: &LineId) -> Result<Vec<Event>, Refusal> {
        let ticket = self.at(window).ok_or_else(|| Refusal::NobodyThere { window: window.clone() })?;
        if self.day.setup.line(to).is_none() {
            return Err(Refusal::UnknownLine { line: to.clone() });
        }
        if !self.day.setup.windows.iter().any(|desk| desk.can_serve(to, ticket.language)) {
            return Err(Refusal::NobodySpeaks);
        }
        let mut events: Vec<Event> = self.started(ticket, window).into_iter().collect();
        events.push(Transferred { number: ticket.number, window: window.clone(), to: to.clone() }.into());
        Ok(events)
    }

    /// `Started` for a ticket that is only called yet: serving it implies that the holder came.
    fn started(&self, ticket: &Ticket, window: &WindowId) -> Option<Event> {
        matches!(ticket.state, TicketState::Called { .. })
            .then(|| Started { number: ticket.number, window: window.clone() }.into())
    }

    fn served(&self, ticket: &Ticket, window: &WindowId) -> Served {
        let next = ticket.wants.get(ticket.current + 1);
        let open = self.day.post(window).is_some_and(crate::Post::is_open);
        let goes_on = open
            && next.is_some_and(|want| {
                self.day.setup.desk(window).is_some_and(|desk| desk.can_serve(&want.line, ticket.language))
            });
        Served { number: ticket.number, window: window.clone(), goes_on }
    }

    /// The ticket called to or served at the window.
    fn at(&self, window: &WindowId) -> Option<&'a Ticket> {
        self.day.post(window)?.ticket.and_then(|number| self.day.ticket(number))
    }

    fn called(&self, window: &WindowId) -> Result<&'a Ticket, Refusal> {
        self.post(window)?;
        self.at(window)
            .filter(|ticket| matches!(ticket.state, TicketState::Called { .. }))
            .ok_or_else(|| Refusal::NobodyThere { window: window.clone() })
    }
}
