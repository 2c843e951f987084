//! One day of one hall, event by event.

use std::collections::BTreeMap;

use catalogue::{HallId, LaneKind, Tongue, WindowId};
use hall::{Event, PostState, Setup, Source, TicketNo, TicketState, Want};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use office::{By, LoadedDay, Office, OfficeError, TakeTicket, TicketAbout, TicketKey, Viewer, WindowAct};

use super::visitors::{Visitor, service, visitors};
use super::{HallReport, HallSpec};
use crate::clock::PlayClock;
use crate::dice::Dice;

/// Gaps in the roster up to this length pause the window; longer ones close it.
const PAUSE_MAX: SignedDuration = SignedDuration::from_mins(20);
/// Share of the windows on the roster that are really staffed, because people fall ill or are needed
/// elsewhere.
const PRESENT: f64 = 0.4;

#[derive(Clone, Debug)]
enum Next {
    Arrive(Box<Visitor>),
    /// A span of the roster begins or ends at a window; `true` for an end before a short break.
    Begin(WindowId),
    End(WindowId, bool),
    /// The called person has walked up, or does not come.
    Walk(WindowId),
    Absent(WindowId, u8),
    Finish(WindowId),
    Leave(TicketKey, TicketNo),
}

pub(crate) struct Play<'a> {
    office: &'a Office,
    hall: HallId,
    date: Date,
    now: Timestamp,
    setup: Setup,
    seats: BTreeMap<WindowId, &'a Viewer>,
    agenda: BTreeMap<(Timestamp, u32), Next>,
    serial: u32,
    /// Tickets whose holders do not come when called.
    absent: Vec<TicketNo>,
    dice: Dice,
    report: HallReport,
}

impl<'a> Play<'a> {
    pub fn new(
        office: &'a Office,
        clerks: &'a [Viewer],
        hall: HallId,
        date: Date,
        spec: HallSpec,
        mut dice: Dice,
    ) -> Result<Self, OfficeError> {
        let setup = office.hall_setup(&hall, date)?;
        let edition = office.edition();
        let offset = edition.offset();
        let count = if edition.is_day_off(date) { spec.visitors * 2 / 5 } else { spec.visitors };
        let comers = visitors(&setup, offset, count, &mut dice);
        let mut play = Self {
            office,
            hall,
            date,
            now: spec.now,
            seats: BTreeMap::new(),
            agenda: BTreeMap::new(),
            serial: 0,
            absent: Vec::new(),
            report: HallReport::default(),
            dice,
            setup,
        };
        play.rosters(clerks);
        for visitor in comers {
            play.put(visitor.at, Next::Arrive(Box::new(visitor)));
        }
        Ok(play)
    }

    /// Draws today's officers, and schedules when windows open, pause and close. Every line keeps a window
    /// that serves it.
    fn rosters(&mut self, clerks: &'a [Viewer]) {
        let mut free: Vec<&Viewer> = clerks.iter().collect();
        let desks: Vec<_> =
            self.setup.windows.iter().filter(|desk| !desk.staffed.is_empty()).cloned().collect();
        for desk in &desks {
            let alone = desk.skills.iter().any(|(line, tongues)| {
                let can = |seat: &&WindowId| {
                    self.setup.desk(seat).is_some_and(|other| other.can_serve(line, Tongue::Zh))
                };
                tongues.contains(&Tongue::Zh) && self.seats.keys().filter(can).count() == 0
            });
            if free.is_empty() || !alone && !self.dice.chance(PRESENT) {
                continue;
            }
            let clerk = free.remove(self.dice.below(free.len()));
            self.seats.insert(desk.id.clone(), clerk);
            let mut staffed = desk.staffed.iter().peekable();
            while let Some(span) = staffed.next() {
                let late = SignedDuration::from_secs_f64(self.dice.unit() * 240.0);
                self.put(span.from + late, Next::Begin(desk.id.clone()));
                let rests = staffed.peek().is_some_and(|next| next.from.duration_since(span.to) <= PAUSE_MAX);
                self.put(span.to, Next::End(desk.id.clone(), rests));
            }
        }
    }

    fn put(&mut self, at: Timestamp, next: Next) {
        self.serial += 1;
        self.agenda.insert((at, self.serial), next);
    }

    pub async fn play(mut self) -> Result<HallReport, OfficeError> {
        while let Some(((at, _), next)) = self.agenda.pop_first() {
            if at > self.now {
                // What is under way at the present is left for the live users.
                return Ok(self.report);
            }
            PlayClock::at(at, Box::pin(self.happen(at, next))).await?;
        }
        if self.report.tickets > 0 && self.setup.doors().is_some_and(|doors| doors.to < self.now) {
            let midnight = self.date.tomorrow().unwrap_or(self.date).at(0, 0, 0, 0);
            let offset = self.office.edition().offset();
            let end = offset.to_timestamp(midnight).unwrap_or(self.now) - SignedDuration::from_mins(30);
            if end < self.now {
                PlayClock::at(end, self.office.end_hall_day(&self.hall, self.date)).await?;
            }
        }
        Ok(self.report)
    }

    async fn happen(&mut self, at: Timestamp, next: Next) -> Result<(), OfficeError> {
        let loaded = match next {
            Next::Arrive(visitor) => self.arrive(at, *visitor).await?,
            Next::Begin(window) => {
                let open = self.day().await?;
                let paused = open.as_ref().and_then(|loaded| loaded.day.post(&window));
                let resumes = paused.is_some_and(|post| matches!(post.state, PostState::Paused { .. }));
                let act = if resumes { WindowAct::Resume } else { WindowAct::Open };
                self.act(&window, act).await?
            }
            Next::End(window, rests) => self.end(at, window, rests).await?,
            Next::Walk(window) => self.walk(at, window).await?,
            Next::Absent(window, tries) => self.wait_in_vain(at, window, tries).await?,
            Next::Finish(window) => self.finish(at, window).await?,
            Next::Leave(key, number) => self.leave(&key, number).await?,
        };
        if let Some(loaded) = loaded {
            self.call_all(at, loaded).await?;
        }
        Ok(())
    }

    async fn day(&self) -> Result<Option<LoadedDay>, OfficeError> {
        self.office.hall_day(&self.hall, self.date).await
    }

    /// Acts at a window; a refused act did not happen.
    async fn act(&mut self, window: &WindowId, act: WindowAct) -> Result<Option<LoadedDay>, OfficeError> {
        let Some(clerk) = self.seats.get(window) else { return Ok(None) };
        match self.office.at_window(&self.hall, window, act, clerk, None).await {
            Ok(done) => {
                let served = |event: &&Event| matches!(event, Event::Served(_));
                self.report.served += u32::try_from(done.events.iter().filter(served).count()).unwrap_or(0);
                Ok(Some(done.loaded))
            }
            Err(OfficeError::Hall(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn arrive(&mut self, at: Timestamp, visitor: Visitor) -> Result<Option<LoadedDay>, OfficeError> {
        let take = TakeTicket {
            hall: self.hall.clone(),
            wants: visitor.lines.iter().map(|line| Want { line: line.clone(), thing: None }).collect(),
            lane: visitor.lane,
            language: Tongue::Zh,
            source: if visitor.on_phone { Source::Phone } else { Source::Kiosk },
            specialist: None,
            about: TicketAbout::default(),
            on_the_way: false,
        };
        let key = self.office.new_access_key();
        let taken = match self.office.take_ticket(take, By::Guest(&key), None).await {
            Ok(taken) => taken,
            Err(OfficeError::Hall(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        self.report.tickets += 1;
        if visitor.absent && visitor.lane == LaneKind::WalkIn {
            self.absent.push(taken.number);
        }
        self.put(at + visitor.patience, Next::Leave(taken.key, taken.number));
        self.day().await
    }

    /// The end of a roster span: the person at the window is served first.
    async fn end(
        &mut self,
        at: Timestamp,
        window: WindowId,
        rests: bool,
    ) -> Result<Option<LoadedDay>, OfficeError> {
        let Some(loaded) = self.day().await? else { return Ok(None) };
        let Some(post) = loaded.day.post(&window) else { return Ok(None) };
        let waiting = loaded.day.waiting().any(|ticket| loaded.day.can_serve(&window, ticket));
        // At closing time everybody with a ticket is served.
        let closing = self.setup.doors().is_some_and(|doors| at >= doors.to);
        if rests {
            return self.act(&window, WindowAct::Pause).await;
        }
        if post.ticket.is_some() || closing && waiting {
            self.put(at + SignedDuration::from_mins(3), Next::End(window, false));
            return Ok(None);
        }
        self.act(&window, WindowAct::Close).await
    }

    async fn walk(&mut self, at: Timestamp, window: WindowId) -> Result<Option<LoadedDay>, OfficeError> {
        let Some(loaded) = self.act(&window, WindowAct::Start).await? else { return Ok(None) };
        self.work(at, &window, &loaded);
        Ok(None)
    }

    /// Schedules the end of the present service.
    fn work(&mut self, at: Timestamp, window: &WindowId, loaded: &LoadedDay) {
        let ticket =
            loaded.day.post(window).and_then(|post| post.ticket).and_then(|number| loaded.day.ticket(number));
        if let Some(ticket) = ticket {
            let taken = service(&self.setup, &ticket.want().line, &mut self.dice);
            self.put(at + taken, Next::Finish(window.clone()));
        }
    }

    async fn wait_in_vain(
        &mut self,
        at: Timestamp,
        window: WindowId,
        tries: u8,
    ) -> Result<Option<LoadedDay>, OfficeError> {
        let seconds = SignedDuration::from_secs(50);
        if tries == 0 {
            self.act(&window, WindowAct::Recall).await?;
            self.put(at + seconds, Next::Absent(window, 1));
            return Ok(None);
        }
        self.act(&window, WindowAct::Skip).await
    }

    async fn finish(&mut self, at: Timestamp, window: WindowId) -> Result<Option<LoadedDay>, OfficeError> {
        let Some(loaded) = self.act(&window, WindowAct::Finish).await? else { return Ok(None) };
        let goes_on = loaded.day.post(&window).is_some_and(|post| post.ticket.is_some());
        if goes_on {
            self.work(at, &window, &loaded);
        }
        Ok(Some(loaded))
    }

    async fn leave(&mut self, key: &TicketKey, number: TicketNo) -> Result<Option<LoadedDay>, OfficeError> {
        let waits = self.day().await?.is_some_and(|loaded| {
            loaded.day.ticket(number).is_some_and(|ticket| {
                matches!(ticket.state, TicketState::Waiting { .. }) && ticket.visits.is_empty()
            })
        });
        if waits {
            match self.office.leave_queue(key).await {
                Ok(()) => self.report.left += 1,
                Err(OfficeError::Hall(_) | OfficeError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Every free window calls the next ticket.
    async fn call_all(&mut self, at: Timestamp, mut loaded: LoadedDay) -> Result<(), OfficeError> {
        let windows: Vec<WindowId> = self.seats.keys().cloned().collect();
        for window in windows {
            let free = loaded.day.post(&window).is_some_and(|post| post.is_open() && post.ticket.is_none());
            if !free || loaded.day.next_for(&window).is_none() {
                continue;
            }
            let Some(clerk) = self.seats.get(&window) else { continue };
            match self.office.at_window(&self.hall, &window, WindowAct::Next, clerk, None).await {
                Ok(done) => {
                    let number = done.loaded.day.post(&window).and_then(|post| post.ticket);
                    let absent = number.is_some_and(|number| self.absent.contains(&number));
                    let seconds = SignedDuration::from_secs_f64(self.dice.between(15.0, 70.0));
                    let next =
                        if absent { Next::Absent(window.clone(), 0) } else { Next::Walk(window.clone()) };
                    self.put(at + seconds, next);
                    loaded = done.loaded;
                }
                Err(OfficeError::Hall(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
