//! Days in the halls under faults: tickets are taken, called and served, and checked against the journal.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{HallId, LaneKind, Tongue, WindowId};
use hall::{PostState, Source, TicketNo, TicketState, Want};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan as _};
use office::{By, LoadedDay, OfficeError, TakeTicket, TicketAbout, TicketKey, Viewer, WindowAct};

use super::journal::{Journal, Number, Told};
use super::play::Play;

/// Windows staffed per hall: few, so that people wait.
const WINDOWS: usize = 3;
/// Days searched for one on which a hall opens.
const DAYS_AHEAD: i32 = 7;

/// What was acknowledged in halls.
#[derive(Debug, Default)]
pub(super) struct Floor {
    taken: BTreeSet<(String, u32)>,
    tickets: Vec<(HallId, Date, TicketKey, TicketNo)>,
    /// Acknowledged acts at windows: count by stream, kind, window and actor.
    acts: BTreeMap<(String, &'static str, String, String), u64>,
    left: BTreeSet<(String, u32)>,
}

fn stream(hall: &HallId, date: Date) -> String {
    format!("{date}/{hall}")
}

impl Play {
    /// One act in a hall, up to five minutes after the one before.
    pub(super) async fn visit(&mut self) -> Result<(), OfficeError> {
        let minutes = i64::try_from(self.stage.dice.below(6)).unwrap_or(0);
        self.stage.jump(SignedDuration::from_mins(minutes));
        let office = self.stage.office();
        let halls: Vec<HallId> = office.edition().parts().halls.keys().take(2).cloned().collect();
        let Some(hall) = self.stage.dice.pick(&halls).cloned() else { return Ok(()) };
        if !self.wait_for_doors(&hall)? {
            return Ok(());
        }
        let date = self.stage.office().today();
        match self.stage.dice.below(10) {
            0..4 => self.take(hall, date).await,
            4 => self.leave().await,
            _ => self.at_window(&hall, date).await,
        }
    }

    /// Mostly jumps to when the doors open; sometimes lets a person try at closed doors.
    fn wait_for_doors(&mut self, hall: &HallId) -> Result<bool, OfficeError> {
        let office = self.stage.office();
        let now = office.now();
        for ahead in 0..DAYS_AHEAD {
            let Ok(date) = office.today().checked_add(ahead.days()) else { return Ok(false) };
            let Some(doors) = office.hall_setup(hall, date)?.doors() else { continue };
            if doors.holds(now) || self.stage.dice.chance(0.1) {
                return Ok(true);
            }
            if doors.from > now {
                self.stage.jump(doors.from.duration_since(now));
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn take(&mut self, hall: HallId, date: Date) -> Result<(), OfficeError> {
        let office = self.stage.office();
        let setup = office.hall_setup(&hall, date)?;
        let key = office.new_access_key();
        let mut wants = Vec::new();
        for _ in 0..=self.stage.dice.below(2) {
            if let Some(rule) = self.stage.dice.pick(&setup.lines) {
                wants.push(Want { line: rule.id.clone(), thing: None });
            }
        }
        let take = TakeTicket {
            hall: hall.clone(),
            wants,
            lane: LaneKind::WalkIn,
            language: Tongue::Zh,
            source: if self.stage.dice.chance(0.5) { Source::Phone } else { Source::Kiosk },
            specialist: None,
            about: TicketAbout::default(),
            on_the_way: false,
        };
        let command = office.new_id();
        let mut first = None;
        for _ in 0..=self.stage.dice.below(2) {
            let ask = async |office: office::Office| {
                office.take_ticket(take.clone(), By::Guest(&key), Some(command)).await
            };
            let taken = match self.stage.again(ask).await {
                Ok(taken) => taken,
                Err(error @ OfficeError::Fault(_)) => return Err(error),
                Err(error) => {
                    if first.is_some() {
                        self.wrong(format!("a number that was given is refused the second time: {error:?}"));
                    }
                    return Ok(());
                }
            };
            match first.replace(taken.number) {
                None => {
                    let place = (stream(&taken.hall, taken.date), taken.number.0);
                    if !self.floor.taken.insert(place) {
                        self.wrong(format!("two people have the number {} on {}", taken.number, taken.date));
                    }
                    self.floor.tickets.push((taken.hall, taken.date, taken.key, taken.number));
                    self.report.tickets += 1;
                }
                Some(before) if before == taken.number => self.report.repeated += 1,
                Some(before) => self.wrong(format!("one command gave {before} and then {}", taken.number)),
            }
        }
        Ok(())
    }

    async fn leave(&mut self) -> Result<(), OfficeError> {
        let Some((hall, date, key, number)) = self.stage.dice.pick(&self.floor.tickets).cloned() else {
            return Ok(());
        };
        match self.stage.again(async |office| office.leave_queue(&key).await).await {
            Ok(()) => {
                self.floor.left.insert((stream(&hall, date), number.0));
                Ok(())
            }
            Err(error @ OfficeError::Fault(_)) => Err(error),
            Err(_) => Ok(()),
        }
    }

    async fn at_window(&mut self, hall: &HallId, date: Date) -> Result<(), OfficeError> {
        let office = self.stage.office();
        let edition = office.edition();
        let setup = office.hall_setup(hall, date)?;
        let desks: Vec<WindowId> = setup.windows.iter().take(WINDOWS).map(|desk| desk.id.clone()).collect();
        let Some(place) = (!desks.is_empty()).then(|| self.stage.dice.below(desks.len())) else {
            return Ok(());
        };
        let window = desks[place].clone();
        let clerks: Vec<Viewer> = self.cast.window(&edition).into_iter().cloned().collect();
        let day = self.stage.again(async |office| office.hall_day(hall, date).await).await?;
        let post = day.as_ref().and_then(|loaded| loaded.day.post(&window));
        let sits = post.and_then(hall::Post::officer).map(|sits| sits.to_string());
        let at_home = clerks.get(place % clerks.len().max(1)).cloned();
        let sitting = sits.and_then(|id| clerks.iter().find(|clerk| clerk.id.to_string() == id).cloned());
        let Some(clerk) = sitting.or(at_home) else { return Ok(()) };
        if self.stage.dice.chance(0.06) {
            return self.push_in(hall, &window, &clerk).await;
        }
        let act = self.next_at(day.as_ref(), &window);
        let kind = kind(&act, post.is_some_and(|post| post.ticket.is_some()));
        let command = office.new_id();
        let ask = async |office: office::Office| {
            office.at_window(hall, &window, act.clone(), &clerk, Some(command)).await
        };
        match self.stage.again(ask).await {
            Ok(_) => {
                self.report.calls += 1;
                let key = (stream(hall, date), kind, window.to_string(), clerk.id.to_string());
                *self.floor.acts.entry(key).or_default() += 1;
                let repeated = self.stage.again(ask).await;
                self.report.repeated += 1;
                if let Err(error) = repeated {
                    self.wrong(format!(
                        "what was done at a window is refused when it comes twice: {error:?}"
                    ));
                }
                Ok(())
            }
            Err(error @ OfficeError::Fault(_)) => Err(error),
            Err(_) => Ok(()),
        }
    }

    /// The next key that a clerk would press.
    fn next_at(&mut self, day: Option<&LoadedDay>, window: &WindowId) -> WindowAct {
        let post = day.and_then(|loaded| loaded.day.post(window));
        let ticket = post.and_then(|post| post.ticket).zip(day);
        let ticket = ticket.and_then(|(number, loaded)| loaded.day.ticket(number));
        let dice = &mut self.stage.dice;
        match (post.map(|post| &post.state), ticket.map(|ticket| &ticket.state)) {
            (None | Some(PostState::Shut), _) => WindowAct::Open,
            (Some(PostState::Paused { .. }), None) => WindowAct::Resume,
            (_, Some(TicketState::Called { .. })) => match dice.below(6) {
                0 => WindowAct::Recall,
                1 => WindowAct::Skip,
                _ => WindowAct::Start,
            },
            (_, Some(_)) => {
                match (dice.below(8), day.and_then(|loaded| dice.pick(&loaded.day.setup.lines))) {
                    (0, Some(rule)) => WindowAct::Transfer { to: rule.id.clone() },
                    (1..4, _) => WindowAct::Next,
                    // A clerk who has paused with a person at the window serves that person first, and does
                    // not pause again.
                    (4, _) if post.is_some_and(hall::Post::is_open) => WindowAct::Pause,
                    _ => WindowAct::Finish,
                }
            }
            (_, None) => match dice.below(20) {
                0 => WindowAct::Pause,
                1 => WindowAct::Close,
                _ => WindowAct::Next,
            },
        }
    }

    /// An officer acts at a window that is another's.
    async fn push_in(&mut self, hall: &HallId, window: &WindowId, sits: &Viewer) -> Result<(), OfficeError> {
        let edition = self.stage.office().edition();
        let others = self.cast.officers.iter();
        let others = others.filter(|other| other.id != sits.id && !other.runs_halls(&edition));
        let others: Vec<Viewer> = others.cloned().collect();
        let Some(other) = self.stage.dice.pick(&others).cloned() else { return Ok(()) };
        self.report.intrusions += 1;
        let ask = async |office: office::Office| {
            office.at_window(hall, window, WindowAct::Next, &other, None).await
        };
        match self.stage.again(ask).await {
            Ok(_) => {
                self.wrong(format!("{} called people to {window}, where somebody else sits", other.login))
            }
            Err(error @ OfficeError::Fault(_)) => return Err(error),
            Err(_) => {}
        }
        Ok(())
    }
}

/// The kind of the event that a key press makes. Pressing for the next with a person at the window serves
/// that person first; whether another is called as well is not counted here.
fn kind(act: &WindowAct, busy: bool) -> &'static str {
    match act {
        WindowAct::Open => "window-opened",
        WindowAct::Pause => "window-paused",
        WindowAct::Resume => "window-resumed",
        WindowAct::Close => "window-closed",
        WindowAct::Recall => "recalled",
        WindowAct::Skip => SKIPPED,
        WindowAct::Start => "started",
        WindowAct::Finish => "served",
        WindowAct::Next if busy => "served",
        WindowAct::Next => "called",
        WindowAct::Transfer { .. } => "transferred",
    }
}

/// Skipping moves the ticket back or ends it: either event counts.
const SKIPPED: &str = "skipped";

/// The state of a ticket, by the plainest reading of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Waits,
    Called(String),
    At(String),
    Gone(&'static str),
}

/// One hall's day, folded without the engine.
#[derive(Debug, Default)]
struct Ledger {
    places: BTreeMap<u32, Place>,
    /// How many wants each ticket has left.
    wants: BTreeMap<u32, usize>,
    ended: bool,
    wrong: Vec<String>,
}

impl Ledger {
    fn hear(&mut self, event: &Told) {
        let window = event.body.window.clone();
        let number = match event.body.number {
            Some(Number::Ticket(number)) => number,
            _ if event.kind == "day-ended" => {
                self.ended = true;
                return;
            }
            _ => return,
        };
        let was = self.places.get(&number).cloned();
        let at = |place: &Option<Place>| match place {
            Some(Place::Called(there) | Place::At(there)) => Some(there.clone()),
            _ => None,
        };
        let waits = was == Some(Place::Waits);
        let here = at(&was).as_ref() == Some(&window);
        let (sound, now) = match event.kind.as_str() {
            "ticket-taken" => {
                self.wants.insert(number, event.body.wants.len());
                (was.is_none(), Place::Waits)
            }
            "called" => {
                let busy =
                    self.places.values().any(|place| at(&Some(place.clone())).as_ref() == Some(&window));
                (waits && !busy, Place::Called(window))
            }
            "recalled" => (here, Place::Called(window)),
            "started" => (was == Some(Place::Called(window.clone())), Place::At(window)),
            "skipped" => (here, Place::Waits),
            "ticket-lost" => (here, Place::Gone("lost")),
            "served" => {
                let left = self.wants.get(&number).map_or(0, |wants| wants.saturating_sub(1));
                self.wants.insert(number, left);
                match (event.body.goes_on, left) {
                    (goes_on, 0) => (here && !goes_on, Place::Gone("served")),
                    (true, _) => (here, Place::At(window)),
                    // The rest is served at another window.
                    (false, _) => (here, Place::Waits),
                }
            }
            "transferred" => (here, Place::Waits),
            "ticket-left" => (was.is_some() && !matches!(was, Some(Place::Gone(_))), Place::Gone("left")),
            "ticket-carried-over" => (waits, Place::Gone("carried over")),
            _ => return,
        };
        if !sound {
            self.wrong.push(format!("{} {number} in {}, which was {was:?}", event.kind, event.id));
        }
        self.places.insert(number, now);
    }
}

impl Floor {
    /// Compares the journal of the halls with what was acknowledged; returns the differences.
    pub fn compare(&self, journal: &Journal) -> Vec<String> {
        let mut ledgers: BTreeMap<&str, Ledger> = BTreeMap::new();
        let mut found: BTreeMap<(String, &str, String, String), u64> = BTreeMap::new();
        let mut numbers = BTreeSet::new();
        let mut wrong = Vec::new();
        let mut carried: BTreeMap<(String, u32), (&str, u32)> = BTreeMap::new();
        for event in journal.of("hall-day") {
            let ledger = ledgers.entry(&event.id).or_default();
            ledger.hear(event);
            let number = match event.body.number {
                Some(Number::Ticket(number)) => number,
                _ => 0,
            };
            if event.kind == "ticket-taken" {
                let day = event.id.split('/').next().unwrap_or_default();
                if !numbers.insert((day.to_owned(), number)) {
                    wrong.push(format!("{number} was given twice on {day}"));
                }
                match event.body.cause.as_ref().filter(|cause| cause["why"] == "carried-over") {
                    Some(before) => {
                        let hall = event.id.split_once('/').map_or("", |(_, hall)| hall);
                        let stream = format!("{}/{hall}", before["date"].as_str().unwrap_or_default());
                        let was = before["number"].as_u64().and_then(|was| u32::try_from(was).ok());
                        let was = (stream, was.unwrap_or(0));
                        let place = ledgers.get(was.0.as_str()).and_then(|before| before.places.get(&was.1));
                        if place != Some(&Place::Gone("carried over")) {
                            wrong.push(format!("{was:?} comes again and is {place:?}"));
                        }
                        if carried.insert(was.clone(), (&event.id, number)).is_some() {
                            wrong.push(format!("{was:?} was carried over twice"));
                        }
                    }
                    None if !self.taken.contains(&(event.id.clone(), number)) => {
                        wrong.push(format!("nobody was told of number {number} in {}", event.id));
                    }
                    None => {}
                }
            }
            if event.actor != "system" && !event.body.window.is_empty() {
                let kind = if event.kind == "ticket-lost" { SKIPPED } else { event.kind.as_str() };
                let key = (event.id.clone(), kind, event.body.window.clone(), event.actor.clone());
                *found.entry(key).or_default() += 1;
            }
        }
        for (stream, number) in &self.taken {
            if !ledgers.get(stream.as_str()).is_some_and(|ledger| ledger.places.contains_key(number)) {
                wrong.push(format!("number {number} in {stream} was acknowledged and is not in the journal"));
            }
        }
        for (stream, number) in &self.left {
            // A ticket carried over from the day before leaves under its new number.
            let (day, now) =
                carried.get(&(stream.clone(), *number)).copied().unwrap_or((stream.as_str(), *number));
            let place = ledgers.get(day).and_then(|ledger| ledger.places.get(&now));
            if place != Some(&Place::Gone("left")) {
                wrong.push(format!("number {number} in {stream} has left and is {place:?}"));
            }
        }
        for (stream, ledger) in &mut ledgers {
            wrong.append(&mut ledger.wrong);
            let lost = ledger.places.iter().filter(|(_, place)| !matches!(place, Place::Gone(_)));
            if ledger.ended {
                wrong.extend(
                    lost.map(|(number, place)| format!("{stream} is over and {number} is {place:?}")),
                );
            }
        }
        let acts: &BTreeMap<(String, &str, String, String), u64> = &self.acts;
        for key in found.keys().chain(acts.keys()).collect::<BTreeSet<_>>() {
            let (is, told) = (found.get(key).unwrap_or(&0), acts.get(key).unwrap_or(&0));
            if is < told || is > told && key.1 != "called" {
                wrong.push(format!("{key:?} is there {is} times and was acknowledged {told} times"));
            }
        }
        wrong
    }
}
