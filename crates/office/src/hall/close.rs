//! What happens in halls by itself: closing time, the end of a day, and who is carried over to the next.

use ::hall::{Carried, Command, Doors, TicketState};
use catalogue::HallId;
use jiff::civil::Date;
use store::{Condition, ViewQuery};

use crate::error::{OfficeError, Result};
use crate::hall::act::Along;
use crate::hall::link::TicketRef;
use crate::office::Office;
use crate::views;

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HallsTicked {
    pub closed: u64,
    pub ended: u64,
    pub reminded: u64,
}

impl Office {
    /// Closes doors whose hour has come, ends days that are over, and reminds people of their appointments. Safe to run
    /// twice, and on several nodes.
    pub async fn tick_halls(&self) -> Result<HallsTicked> {
        let mut ticked = HallsTicked::default();
        let today = self.today();
        let open = ViewQuery::new(views::hall::days::TABLE)
            .filter(Condition::eq("ended", false))
            .filter(Condition::below("day", tomorrow(today).to_string()))
            .limit(100);
        for row in self.store().view_rows(open).await?.rows {
            let (Some(hall), Some(date)) = (row.text(1), row.text(0).and_then(|date| date.parse().ok()))
            else {
                continue;
            };
            let hall = HallId::from(hall);
            let done = if date < today {
                self.end_past_day(&hall, date).await
            } else {
                self.close_today(&hall, date).await
            };
            match done {
                Ok((closed, ended)) => {
                    ticked.closed += u64::from(closed);
                    ticked.ended += u64::from(ended);
                }
                Err(error) => tracing::warn!(%hall, %date, %error, "a hall's day could not be closed"),
            }
        }
        let halls: Vec<HallId> = self.edition().parts().halls.keys().cloned().collect();
        for hall in &halls {
            if let Err(error) = self.open_for_carried(hall, today).await {
                tracing::warn!(%hall, %error, "a hall's day could not be begun");
            }
        }
        ticked.reminded = self.remind_due().await?;
        Ok(ticked)
    }

    /// Closes the doors at their hour, and ends the day when nobody is left.
    async fn close_today(&self, hall: &HallId, date: Date) -> Result<(bool, bool)> {
        let Some(loaded) = self.hall_day(hall, date).await? else { return Ok((false, false)) };
        let due = loaded.day.setup.doors().is_none_or(|doors| doors.to <= self.now());
        let mut closed = false;
        if due && loaded.day.doors == Doors::Open {
            self.system_act(hall, date, &Command::CloseDoors).await?;
            closed = true;
        }
        let Some(loaded) = self.hall_day(hall, date).await? else { return Ok((closed, false)) };
        // Numbers of the last day whose holders never came keep nobody here.
        let empty = loaded.day.tickets.iter().all(|ticket| ticket.state.is_over() || ticket.held);
        let shut = loaded.day.posts.iter().all(|post| post.officer().is_none());
        if matches!(loaded.day.doors, Doors::Closed { .. }) && empty && shut {
            self.system_act(hall, date, &Command::EndDay).await?;
            return Ok((closed, true));
        }
        Ok((closed, false))
    }

    /// Begins a hall's day now, as the first number or the first window would.
    pub async fn open_hall_day(&self, hall: &HallId, date: Date) -> Result<()> {
        self.open_day(hall, date).await
    }

    /// Ends a hall's day now: whoever is being served is done, whoever waits is carried over. Ending it twice ends it once.
    pub async fn end_hall_day(&self, hall: &HallId, date: Date) -> Result<()> {
        self.end_past_day(hall, date).await.map(|_| ())
    }

    /// Ends a day that everybody has left without a word: who was being served is done, who waited is carried over.
    pub(crate) async fn end_past_day(&self, hall: &HallId, date: Date) -> Result<(bool, bool)> {
        // Each round takes one person away from one window, so there are no more rounds than things that are wanted.
        loop {
            let Some(loaded) = self.hall_day(hall, date).await? else { return Ok((false, false)) };
            let Some(post) = loaded.day.posts.iter().find(|post| post.ticket.is_some()) else { break };
            let ticket = post.ticket.and_then(|number| loaded.day.ticket(number));
            let window = post.window.clone();
            let command = match ticket.map(|ticket| (&ticket.state, ticket.want().line.clone())) {
                Some((TicketState::Called { .. }, line)) => Command::Transfer { window, to: line },
                _ => Command::Finish { window },
            };
            self.system_act(hall, date, &command).await?;
        }
        self.system_act(hall, date, &Command::EndDay).await?;
        Ok((false, true))
    }

    async fn system_act(&self, hall: &HallId, date: Date, command: &Command) -> Result<()> {
        use ::hall::Refusal::{DayEnded, HallClosed, HallRests};
        match self.on_floor(hall, date, "system", command, |_, _| Ok(Along::default())).await {
            // Somebody else did it a moment ago.
            Ok(_) | Err(OfficeError::Hall(HallClosed | DayEnded | HallRests)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The hall's last day before this one.
    async fn last_day_before(&self, hall: &HallId, date: Date) -> Result<Option<Date>> {
        let last = ViewQuery::new(views::hall::days::TABLE)
            .filter(Condition::eq("hall", hall.as_str()))
            .filter(Condition::below("day", date.to_string()))
            .descending("day")
            .limit(1);
        let page = self.store().view_rows(last).await?;
        Ok(page.rows.first().and_then(|row| row.text(0)?.parse().ok()))
    }

    /// Begins the day of a hall in which somebody waited in vain on the last one, as soon as numbers are given out: their
    /// pages lead on to it, and nobody takes a second number meanwhile.
    async fn open_for_carried(&self, hall: &HallId, date: Date) -> Result<()> {
        let due =
            |doors: ::hall::Span| self.now() + ::hall::BEFORE_DOORS >= doors.from && self.now() < doors.to;
        if !self.hall_setup(hall, date)?.doors().is_some_and(due)
            || self.hall_day(hall, date).await?.is_some()
        {
            return Ok(());
        }
        let Some(before) = self.last_day_before(hall, date).await? else { return Ok(()) };
        let waits = |state: &TicketState| {
            matches!(
                state,
                TicketState::Waiting { .. } | TicketState::Called { .. } | TicketState::CarriedOver { .. }
            )
        };
        let loaded = self.hall_day(hall, before).await?;
        let somebody = loaded.is_some_and(|loaded| {
            loaded.day.tickets.iter().any(|ticket| ticket.carried.is_none() && waits(&ticket.state))
        });
        if somebody { self.open_day(hall, date).await } else { Ok(()) }
    }

    /// The number under which a ticket goes on: its own, or the one of the next day on which the hall was open.
    pub(crate) async fn ticket_now(&self, ticket: TicketRef) -> Result<TicketRef> {
        if ticket.date >= self.today() || ticket.number.is_carried() {
            return Ok(ticket);
        }
        let next = ViewQuery::new(views::hall::days::TABLE)
            .filter(Condition::eq("hall", ticket.hall.as_str()))
            .filter(Condition::at_least("day", tomorrow(ticket.date).to_string()))
            .ascending("day")
            .limit(1);
        let page = self.store().view_rows(next).await?;
        let Some(date) = page.rows.first().and_then(|row| row.text(0)?.parse::<Date>().ok()) else {
            return Ok(ticket);
        };
        let Some(loaded) = self.hall_day(&ticket.hall, date).await? else { return Ok(ticket) };
        let same = |other: &&::hall::Ticket| other.carried == Some((ticket.date, ticket.number));
        let number = loaded.day.tickets.iter().find(same).map(|found| found.number);
        Ok(number.map_or(ticket.clone(), |number| TicketRef { hall: ticket.hall, date, number }))
    }

    /// Whoever waited in vain on the hall's last day, under the number of old. Once: whoever is not called on the second day
    /// either takes a new number.
    pub(crate) async fn carried_into(&self, hall: &HallId, date: Date) -> Result<Vec<Carried>> {
        let Some(before) = self.last_day_before(hall, date).await? else { return Ok(Vec::new()) };
        let Some(mut loaded) = self.hall_day(hall, before).await? else { return Ok(Vec::new()) };
        if !matches!(loaded.day.doors, Doors::Ended { .. }) {
            Box::pin(self.end_past_day(hall, before)).await?;
            loaded = self.hall_day(hall, before).await?.ok_or(OfficeError::NotFound)?;
        }
        let mut carried = Vec::new();
        for ticket in loaded.day.tickets.iter() {
            if !matches!(ticket.state, TicketState::CarriedOver { .. })
                || ticket.carried.is_some()
                || ticket.held
            {
                continue;
            }
            let rule = loaded.day.setup.lanes.iter().find(|lane| lane.id == ticket.lane);
            carried.push(Carried {
                number: ticket.number.carried(),
                was: ticket.number,
                date: before,
                ready_at: ticket.ready_at,
                lane: rule.map_or(catalogue::LaneKind::WalkIn, |rule| rule.kind),
                language: ticket.language,
                wants: ticket.wants[ticket.current.min(ticket.wants.len() - 1)..].to_vec(),
                holder: ticket.holder.clone(),
            });
        }
        Ok(carried)
    }
}

fn tomorrow(today: Date) -> Date {
    today.tomorrow().unwrap_or(today)
}
