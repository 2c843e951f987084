//! The simulation itself: weeks of it, in order of time.

use std::collections::BTreeMap;
use std::sync::Mutex;

use catalogue::{Channel, Edition, Performer, ThingId};
use checker::Compiled;
use jiff::civil::{Date, time};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use office::{Attachment, By, CaseFilter, Office, OfficeError};

use super::agenda::{Agenda, Call, Spot, Wish};
use super::apply::{Arrival, InHand, Who};
use super::fate::{Course, Fate};
use super::hours::Hours;
use super::{all, paper};
use crate::cast::Cast;
use crate::clock::PlayClock;
use crate::dice::Dice;

/// What to simulate.
#[derive(Debug)]
pub struct Spec {
    pub cases: u32,
    pub weeks: u32,
    /// The present: nothing later is simulated.
    pub until: Timestamp,
    pub seed: u64,
    /// How many people act concurrently, so that their commits share a write. Only 1 is reproducible.
    pub at_once: usize,
    /// Published when the first report about the administration is corrected.
    pub mended: Option<Compiled>,
}

/// Counts of the simulated history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryReport {
    pub cases: u32,
    pub acts: u32,
    pub timers: u64,
    pub call_backs: u32,
    /// Acts that were refused, by code: people sometimes try what is no longer possible.
    pub refused: BTreeMap<String, u32>,
}

pub(crate) struct World<'a> {
    pub office: &'a Office,
    pub cast: &'a Cast,
    pub hours: Hours,
    pub papers: Vec<Attachment>,
    /// Things that people apply for, with their weights.
    pub things: Vec<(ThingId, u32)>,
    pub mended: Mutex<Option<Compiled>>,
}

/// The result of one call.
struct Outcome {
    opened: Option<InHand>,
    place: Option<usize>,
    wishes: Vec<Wish>,
    acted: bool,
    refused: Option<String>,
}

struct Play<'a> {
    lately_each: u64,
    world: World<'a>,
    agenda: Agenda,
    hands: Vec<InHand>,
    dice: Dice,
    ticked_at: Timestamp,
    report: HistoryReport,
}

/// Number of sample papers, uploaded once and attached again and again.
const PAPERS: usize = 6;
/// Working hours before the present in which a few tasks of every role are left undone.
const LEFT_HOURS: f64 = 24.0;
/// Applications per thing just before the present, so that rare roles have tasks, too.
const LATELY: u64 = 6;
/// Calls within this time may run concurrently.
const SLOT: SignedDuration = SignedDuration::from_mins(30);

/// Simulates a history on an office whose clock is a [`PlayClock`]. Afterwards the office continues by the
/// clock beneath it.
///
/// # Errors
/// Faults of the office; refusals are part of the simulation and counted.
pub async fn play(office: &Office, cast: &Cast, spec: Spec) -> Result<HistoryReport, OfficeError> {
    let edition = office.edition();
    let hours = Hours { edition: edition.clone() };
    let first = hours.day(spec.until).checked_sub(i64::from(spec.weeks).weeks()).unwrap_or_default();
    let begin = hours.at(first.to_datetime(time(8, 0, 0, 0)));
    let papers = PlayClock::at(begin, async {
        let mut papers = Vec::with_capacity(PAPERS);
        for number in 1..=PAPERS {
            papers.push(paper::upload(office, number, By::System).await?);
        }
        Ok::<_, OfficeError>(papers)
    })
    .await?;
    let leave_from = hours.working_before(spec.until, LEFT_HOURS);
    let things_declared = edition.parts().things.len().max(1) as u64;
    // A short history has fewer of these, so that it stays short.
    let lately_each = LATELY.min(u64::from(spec.cases) / 2 / things_declared);
    let mut play = Play {
        lately_each,
        agenda: Agenda::new(leave_from, spec.until),
        world: World {
            office,
            cast,
            hours,
            papers,
            things: things(&edition),
            mended: Mutex::new(spec.mended),
        },
        hands: Vec::new(),
        dice: Dice::new(spec.seed),
        ticked_at: begin,
        report: HistoryReport::default(),
    };
    let late = u32::try_from(things_declared * lately_each).unwrap_or(0);
    play.arrivals(&edition, spec.cases - late, first, spec.until);
    play.lately(&edition, spec.until);
    play.leading_cases(&edition, spec.until);
    while let Some(at) = play.agenda.next_at() {
        play.tick_until(at).await?;
        play.slot(spec.at_once.max(1)).await?;
    }
    play.tick_until(spec.until).await?;
    Ok(play.report)
}

/// Things that are not about the administration; the first ones of the home page weigh more.
fn things(edition: &Edition) -> Vec<(ThingId, u32)> {
    let zone = edition.zone();
    edition
        .parts()
        .things
        .values()
        .filter(|thing| {
            Some(&thing.id) != zone.feedback.as_ref() && Some(&thing.id) != zone.callback.as_ref()
        })
        .map(|thing| (thing.id.clone(), if thing.home_order.is_some_and(|order| order <= 3) { 3 } else { 2 }))
        .collect()
}

impl Play<'_> {
    /// Spreads the applications over the weeks.
    fn arrivals(&mut self, edition: &Edition, cases: u32, first: Date, until: Timestamp) {
        /// Share of the cases that report a pain point.
        const REPORTS: f64 = 0.09;
        let last = self.world.hours.day(until);
        let days: Vec<Date> = first.series(1.day()).take_while(|day| *day <= last).collect();
        let working: Vec<Date> =
            days.iter().copied().filter(|day| self.world.hours.is_working(*day)).collect();
        let weights: Vec<u32> = self.world.things.iter().map(|(_, weight)| *weight).collect();
        let mut mends = self.world.mended.lock().is_ok_and(|mended| mended.is_some());
        for number in 0..cases {
            let mut dice = self.dice.fork(u64::from(number) + 1);
            let report = edition.zone().feedback.clone().filter(|_| dice.chance(REPORTS));
            let is_report = report.is_some();
            let thing =
                report.or_else(|| self.world.things.get(dice.weighted(&weights)).map(|(id, _)| id.clone()));
            let Some(thing) = thing else { return };
            let at_window = dice.chance(0.3) && served(edition, &thing, Channel::Window);
            let online = served(edition, &thing, Channel::Online);
            let channel = if at_window || !online { Channel::Window } else { Channel::Online };
            let outside_hours = channel == Channel::Online && dice.chance(0.15);
            let day = dice.pick(if outside_hours { &days } else { &working }).copied().unwrap_or(first);
            let minutes =
                i64::try_from(if outside_hours { dice.below(780) } else { dice.below(460) }).unwrap_or(0);
            let opens = if outside_hours { 8 } else { 9 };
            let local = day.to_datetime(time(opens, 0, 0, 0)).saturating_add(minutes.minutes());
            let mut fate = Fate::draw(&mut dice);
            if is_report {
                // Reports are accepted; whether they are justified is judged later.
                fate.course = if dice.chance(0.08) { Course::NotOurs } else { Course::Plain };
            }
            let early = local.date() < last.saturating_sub(20.days());
            if is_report && mends && early {
                fate = Fate { mends: true, ..Fate::plain() };
                mends = false;
            }
            let at = self.world.hours.at(local);
            let arrival = Arrival { thing, channel, account: None, fate, dice };
            self.agenda.put(at, Call::Arrive(Box::new(arrival)));
        }
    }

    /// Applies for every thing again in the last days.
    fn lately(&mut self, edition: &Edition, until: Timestamp) {
        let zone = edition.zone();
        let things: Vec<ThingId> =
            edition.parts().things.keys().filter(|id| zone.callback.as_ref() != Some(*id)).cloned().collect();
        for (place, thing) in things.iter().enumerate() {
            for round in 0..self.lately_each {
                let mut dice = self.dice.fork(2_000_000 + place as u64 * 100 + round);
                let hours_ago = 16.0 + 8.0 * f64::from(u32::try_from(dice.below(3)).unwrap_or(0));
                let minutes = i64::try_from(dice.below(400)).unwrap_or(0);
                let at =
                    self.world.hours.working_before(until, hours_ago) + SignedDuration::from_mins(minutes);
                let online = served(edition, thing, Channel::Online);
                let channel = if online { Channel::Online } else { Channel::Window };
                let fate = Fate { speed: dice.between(0.1, 0.3), ..Fate::plain() };
                let arrival = Arrival { thing: thing.clone(), channel, account: None, fate, dice };
                self.agenda.put(at, Call::Arrive(Box::new(arrival)));
            }
        }
    }

    /// Cases of the applicants with accounts: one to be corrected, one to be rated, one that waits for its
    /// applicant, one with a result, and two under way.
    fn leading_cases(&mut self, edition: &Edition, until: Timestamp) {
        let plain = Fate::plain();
        let first = self.world.things.first().map(|(id, _)| id.clone());
        let second = self.world.things.get(1).map(|(id, _)| id.clone()).or_else(|| first.clone());
        let own_step = |thing: &ThingId| {
            edition.thing(thing).is_some_and(|thing| {
                thing.members.iter().filter(|member| member.when.is_none()).any(|member| {
                    let steps = edition.item(&member.item).map(|item| &item.steps);
                    steps.is_some_and(|steps| steps.values().any(|step| step.by == Performer::Applicant))
                })
            })
        };
        let mut waits = self.world.things.iter().map(|(id, _)| id).chain(edition.zone().feedback.as_ref());
        let waits = waits.find(|thing| own_step(thing)).cloned();
        let leads = [
            (0, 300.0, first.clone(), Fate { rates: false, ..plain }),
            (0, 24.0, first.clone(), Fate { course: Course::Corrected, supplies: false, ..plain }),
            (0, 10.0, second.clone(), plain),
            (1, 200.0, second.clone(), plain),
            (1, 130.0, waits, Fate { confirms: false, ..plain }),
            (1, 12.0, first, Fate { speed: 0.6, ..plain }),
        ];
        for (number, (account, hours_ago, thing, fate)) in leads.into_iter().enumerate() {
            let Some(thing) = thing.filter(|_| account < self.world.cast.applicants.len()) else { continue };
            let at = self.world.hours.working_before(until, hours_ago) + SignedDuration::from_mins(47);
            let dice = self.dice.fork(1_000_000 + number as u64);
            let arrival = Arrival { thing, channel: Channel::Online, account: Some(account), fate, dice };
            self.agenda.put(at, Call::Arrive(Box::new(arrival)));
        }
    }

    /// Fires the timers at every midnight, when days end, and every half an hour while people act.
    async fn tick_until(&mut self, now: Timestamp) -> Result<(), OfficeError> {
        const EVERY: SignedDuration = SignedDuration::from_mins(30);
        loop {
            let next_day = self.world.hours.day(self.ticked_at).tomorrow().unwrap_or_default();
            let midnight = self.world.hours.at(next_day.to_datetime(time(0, 0, 1, 0)));
            let daily = midnight <= now;
            let at = if daily { midnight } else { now };
            if !daily && now.duration_since(self.ticked_at) < EVERY {
                return Ok(());
            }
            let ticked = PlayClock::at(at, self.world.office.tick()).await?;
            self.report.timers += ticked.events;
            self.ticked_at = at;
            PlayClock::at(at, self.take_up_call_backs(at)).await?;
            if !daily {
                return Ok(());
            }
        }
    }

    /// Follow-up cases opened by bad ratings get the people of the rated case.
    async fn take_up_call_backs(&mut self, now: Timestamp) -> Result<(), OfficeError> {
        const SHOWN: u32 = 500;
        let Some(thing) = self.world.office.edition().zone().callback.clone() else { return Ok(()) };
        let Some(viewer) = self.world.cast.officers.first() else { return Ok(()) };
        let filter = CaseFilter { thing: Some(thing.to_string()), ..CaseFilter::default() };
        let found = self.world.office.cases(&filter, SHOWN, None, viewer).await?;
        for line in found.lines.iter().rev() {
            if self.hands.iter().any(|hand| hand.id == line.row.id) {
                continue;
            }
            let case = self.world.office.load_case(line.row.id).await?.case;
            let opened_by = case.opened_by.to_string();
            let rater = self.hands.iter().find(|hand| match &hand.who {
                Who::Guest(key) => key.actor() == opened_by,
                who => self.world.by(who).actor_id() == opened_by,
            });
            let Some(rater) = rater else { continue };
            let mut dice = rater.dice.fork(9);
            let hand = InHand { id: line.row.id, who: rater.who.clone(), fate: Fate::draw(&mut dice), dice };
            let hand = InHand { fate: Fate { course: Course::Plain, ..hand.fate }, ..hand };
            self.report.call_backs += 1;
            self.open(hand, &case, now);
        }
        Ok(())
    }

    fn open(&mut self, mut hand: InHand, case: &casework::Case, now: Timestamp) {
        let mut dice = hand.dice.clone();
        let wishes = self.world.wishes(&hand, case, now, &mut dice);
        hand.dice = dice;
        self.hands.push(hand);
        let place = self.hands.len() - 1;
        for wish in wishes {
            self.agenda.wish(place, wish);
        }
    }

    /// Runs the calls of the next slot of time.
    async fn slot(&mut self, at_once: usize) -> Result<(), OfficeError> {
        let calls = self.agenda.take(SLOT, at_once);
        let (world, hands) = (&self.world, &self.hands);
        let outcomes = all(calls.into_iter().map(|(at, call)| {
            PlayClock::at(at, async move {
                match call {
                    Call::Arrive(arrival) => arrive(world, *arrival, at).await,
                    Call::Look { place, spot } => turn_to(world, &hands[place], place, &spot, at).await,
                }
            })
        }))
        .await;
        for outcome in outcomes {
            let outcome = outcome?;
            self.report.acts += u32::from(outcome.acted);
            if let Some(code) = outcome.refused {
                *self.report.refused.entry(code).or_default() += 1;
            }
            let place = match outcome.opened {
                Some(hand) => {
                    self.report.cases += 1;
                    self.hands.push(hand);
                    Some(self.hands.len() - 1)
                }
                None => outcome.place,
            };
            for wish in outcome.wishes {
                if let Some(place) = place {
                    self.agenda.wish(place, wish);
                }
            }
        }
        Ok(())
    }
}

async fn arrive(world: &World<'_>, arrival: Arrival, now: Timestamp) -> Result<Outcome, OfficeError> {
    let mut outcome = Outcome { opened: None, place: None, wishes: Vec::new(), acted: false, refused: None };
    match world.apply(arrival).await {
        Ok(Some(mut hand)) => {
            let case = world.office.load_case(hand.id).await?.case;
            let mut dice = hand.dice.clone();
            outcome.wishes = world.wishes(&hand, &case, now, &mut dice);
            hand.dice = dice;
            outcome.opened = Some(hand);
            outcome.acted = true;
        }
        Ok(None) => outcome.refused = Some("draft-not-ready".into()),
        Err(OfficeError::Fault(fault)) => return Err(fault.into()),
        Err(error) => outcome.refused = Some(code(&error)),
    }
    Ok(outcome)
}

async fn turn_to(
    world: &World<'_>,
    hand: &InHand,
    place: usize,
    spot: &Spot,
    now: Timestamp,
) -> Result<Outcome, OfficeError> {
    let mut dice = hand.dice.fork(u64::try_from(now.as_second()).unwrap_or(0));
    let mut outcome =
        Outcome { opened: None, place: Some(place), wishes: Vec::new(), acted: false, refused: None };
    match world.look(hand, spot, &mut dice).await {
        Ok((case, acted)) => {
            outcome.wishes = world.wishes(hand, &case, now, &mut dice);
            outcome.acted = acted;
        }
        Err(OfficeError::Fault(fault)) => return Err(fault.into()),
        Err(error) => {
            outcome.refused = Some(code(&error));
            let at = world.hours.working(now, 8.0);
            outcome.wishes.push(Wish { at, spot: Spot::Whole, role: None });
        }
    }
    Ok(outcome)
}

fn code(error: &OfficeError) -> String {
    match error {
        OfficeError::Refused(refusal) => refusal.code().into(),
        OfficeError::Hall(refusal) => refusal.code().into(),
        OfficeError::NotPossible(reason) => reason.code().into(),
        other => other.to_string(),
    }
}

/// Whether every item of the thing takes applications through this channel.
fn served(edition: &Edition, thing: &ThingId, channel: Channel) -> bool {
    edition.thing(thing).is_some_and(|thing| {
        thing
            .members
            .iter()
            .filter_map(|member| edition.item(&member.item))
            .all(|item| item.channels.contains(&channel))
    })
}
