//! Converts a live [`Day`] and its [`Setup`] into the simulator's day and present, and forecasts from them.

use catalogue::{LaneId, LaneKind, LineId, Tongue};
use jiff::Timestamp;

use super::ahead::Forecaster;
use super::forecast::Ensemble;
use super::history::History;
use crate::model::{
    Closing, Flaw, HallDay, Lane, Line, Patience, Punctuality, QUARTERS, Rest, ServiceTime, Span, Window,
};
use crate::simulate::{Hall, Present, ServingNow, Waiting, WindowNow};
use crate::{AppointmentState, Bookings, Day, Doors, Setup, TicketNo, TicketState};

/// The 90 % quantile of the standard normal distribution.
const Z90: f64 = 1.281_551_565_544_6;
/// Minutes that a window loses on a called person who does not come.
const VAIN_CALL_MINUTES: f64 = 1.0;

/// The longest queue that is simulated, counted from its front: farther back a forecast is too uncertain to
/// be told, and simulating thousands would occupy a processor for as long as they wait.
pub const PLAYED_MAX: usize = 300;

/// Prior share of appointments whose holders do not come.
const ABSENT_SHARE: f64 = 0.1;

/// What is known about a hall's visitors besides its rules. Lines are in the order of the [`Setup`], lanes in
/// that of [`Setup::played_lanes`].
#[derive(Clone, Debug, Default)]
pub struct Known<'h> {
    /// Expected walk-ins by line and quarter-hour; zero for a line that is missing.
    pub arrivals: Vec<Vec<f64>>,
    /// Share of walk-ins by lane; if the length is wrong, all are in the first (ordinary) lane.
    pub lane_shares: Vec<f64>,
    /// Observations of past days, by line of the setup.
    pub history: Option<&'h History>,
    /// Share of appointments whose holders do not come; `None` takes the prior.
    pub absent_share: Option<f64>,
}

/// Forecaster of one live day. A line of the simulator is a line of business in one language, because both
/// decide which windows can serve it.
#[derive(Debug)]
pub struct LiveForecaster {
    hall: Hall,
    lines: Vec<(LineId, Tongue)>,
    /// In the order of the simulator.
    lanes: Vec<LaneId>,
    absent_share: f64,
    /// Indices of the bookings whose holders have not come yet.
    expected: Vec<usize>,
    midnight: Timestamp,
    forecaster: Forecaster,
    pub(super) seed: u64,
}

impl LiveForecaster {
    /// `midnight` is the start of the day in the zone's time. Keep the seed all day, so that forecasts change
    /// only with the hall.
    ///
    /// # Errors
    /// A [`Flaw`] when the setup does not make a sound day.
    pub fn new(
        setup: &Setup,
        midnight: Timestamp,
        known: &Known<'_>,
        paths: usize,
        seed: u64,
    ) -> Result<Self, Flaw> {
        let lines: Vec<(LineId, Tongue)> = setup
            .lines
            .iter()
            .flat_map(|line| Tongue::ALL.map(|tongue| (line.id.clone(), tongue)))
            .filter(|(line, tongue)| {
                *tongue == Tongue::Zh || setup.windows.iter().any(|desk| desk.can_serve(line, *tongue))
            })
            .collect();
        let hall = Hall::new(played(setup, midnight, known, &lines))?;
        let forecaster = Forecaster::new(&hall, paths, seed);
        Ok(Self {
            hall,
            lines,
            lanes: setup.played_lanes().into_iter().map(|place| setup.lanes[place].id.clone()).collect(),
            absent_share: known.absent_share.unwrap_or(ABSENT_SHARE),
            expected: Vec::new(),
            midnight,
            forecaster,
            seed,
        })
    }

    /// Sets the people with an appointment who may still come. A booking keeps its index in the list of all,
    /// so that it has the same random numbers in every forecast.
    ///
    /// # Errors
    /// When a booking is not sound; then the earlier bookings stay.
    pub fn expect(&mut self, setup: &Setup, bookings: &Bookings) -> Result<(), Flaw> {
        let booked_lane = setup.lane(LaneKind::Appointment).and_then(|lane| self.lane(&lane.id));
        let known = bookings.appointments.iter().map(|each| {
            let line = self.line(&each.want.line, each.language);
            let comes = line.is_some() && each.state == AppointmentState::Booked;
            let booking = crate::model::Booking {
                line: line.unwrap_or_default(),
                lane: booked_lane.unwrap_or_default(),
                booked_at: self.minute(each.slot),
                absent_share: self.absent_share,
            };
            (comes, booking)
        });
        let (come, bookings): (Vec<bool>, Vec<crate::model::Booking>) = known.unzip();
        if self.hall.day().bookings != bookings {
            self.hall.rebook(bookings)?;
        }
        self.expected = (0..come.len()).filter(|place| come[*place]).collect();
        Ok(())
    }

    /// Forecasts for these tickets only, which must be among the waiting.
    pub(super) fn ensembles_of(&mut self, present: &Present, numbers: &[TicketNo]) -> Vec<Ensemble> {
        let numbers: Vec<u32> = numbers.iter().map(|number| number.0).collect();
        self.forecaster.only(&self.hall, present, &numbers)
    }

    pub(super) fn ensembles(&mut self, present: &Present) -> Vec<Ensemble> {
        self.forecaster.waiting(&self.hall, present)
    }

    /// Index in `setup.lines` of the simulator's line `line`.
    pub(super) fn rule_of(&self, setup: &Setup, line: usize) -> usize {
        setup.lines.iter().position(|rule| rule.id == self.lines[line].0).unwrap_or_default()
    }

    /// Minutes from now until each waiting ticket is called. Tickets of a lane or line that is not simulated,
    /// and those beyond [`PLAYED_MAX`], are left out.
    pub fn waiting(&mut self, day: &Day, now: Timestamp) -> Vec<(TicketNo, Ensemble)> {
        let present = self.present(day, now);
        let numbers: Vec<TicketNo> = present.waiting.iter().map(|waiting| TicketNo(waiting.number)).collect();
        numbers.into_iter().zip(self.forecaster.waiting(&self.hall, &present)).collect()
    }

    /// The wait of a walk-in who comes at `comes_at`, or now if that is past; `None` when no window serves
    /// the line in that language.
    pub fn newcomer(
        &mut self,
        day: &Day,
        now: Timestamp,
        (line, tongue, lane): (&LineId, Tongue, &catalogue::LaneId),
        comes_at: Timestamp,
    ) -> Option<Ensemble> {
        let place = self.line(line, tongue)?;
        day.setup.windows.iter().any(|desk| desk.can_serve(line, tongue)).then_some(())?;
        let lane = self.lane(lane)?;
        let present = self.present(day, now);
        let comes_at = self.minute(comes_at);
        self.forecaster.only_newcomers(&self.hall, &present, &[(place, lane, comes_at)]).pop()
    }

    /// Waits of several walk-ins who come now, in one language; `None` for a line or lane that is not
    /// simulated.
    pub(super) fn newcomers<'l>(
        &mut self,
        day: &Day,
        now: Timestamp,
        language: Tongue,
        asked: impl Iterator<Item = &'l (LineId, LaneId)>,
    ) -> Vec<Option<Ensemble>> {
        let at = self.minute(now);
        let places: Vec<Option<(usize, usize, f64)>> =
            asked.map(|(line, lane)| Some((self.line(line, language)?, self.lane(lane)?, at))).collect();
        let known: Vec<(usize, usize, f64)> = places.iter().copied().flatten().collect();
        let present = self.present(day, now);
        let mut ensembles = self.forecaster.only_newcomers(&self.hall, &present, &known).into_iter();
        places.into_iter().map(|place| place.and_then(|_| ensembles.next())).collect()
    }

    /// The simulated day, to explain or score a forecast.
    pub fn hall(&self) -> &Hall {
        &self.hall
    }

    pub fn present(&self, day: &Day, now: Timestamp) -> Present {
        let minute = |at: Timestamp| self.minute(at);
        let last = last_played(day);
        let played = day.waiting().filter(|ticket| last.is_none_or(|last| ticket.key() <= last));
        let waiting = played.filter_map(|ticket| {
            let lane = self.lane(&ticket.lane)?;
            let head_start = self.hall.day().lanes[lane].head_start_minutes;
            Some(Waiting {
                number: ticket.number.0,
                line: self.line(&ticket.want().line, ticket.language)?,
                lane,
                joined_at: minute(ticket.joined_at),
                // From its current place, whether it was called, passed on or given back before.
                ready_at: minute(ticket.place) + head_start,
            })
        });
        let windows: Vec<WindowNow> =
            day.setup.windows.iter().map(|desk| self.window_now(day, &desk.id, now)).collect();
        let mut idle: Vec<(Timestamp, usize)> = Vec::new();
        for (place, window) in windows.iter().enumerate() {
            if window.is_on && window.serving.is_none() {
                idle.push((free_since(day, &day.setup.windows[place].id), place));
            }
        }
        idle.sort_unstable();
        Present {
            now: minute(now),
            waiting: waiting.collect(),
            windows,
            idle: idle.into_iter().map(|(_, place)| place).collect(),
            expected: self.expected.clone(),
        }
    }

    fn window_now(&self, day: &Day, window: &catalogue::WindowId, now: Timestamp) -> WindowNow {
        let Some(post) = day.post(window) else { return WindowNow::default() };
        let ticket = post.ticket.and_then(|number| day.ticket(number));
        let serving = ticket.and_then(|ticket| {
            let (TicketState::Called { .. } | TicketState::Serving { .. }) = &ticket.state else {
                return None;
            };
            // The window is busy from the call on, as in the learnt service times.
            let since = ticket.visits.last()?.called_at;
            let line = self.line(&ticket.want().line, ticket.language)?;
            Some(ServingNow { line, number: ticket.number.0, since: self.minute(since), attended: true })
        });
        let past_doors = day.setup.doors().is_some_and(|doors| now >= doors.to);
        let lingers = post.is_open() && (past_doors || matches!(day.doors, Doors::Closed { .. }));
        WindowNow { is_on: post.is_open(), serving, lingers, back_at: None }
    }

    fn line(&self, line: &LineId, tongue: Tongue) -> Option<usize> {
        self.lines.iter().position(|(other, spoken)| other == line && *spoken == tongue)
    }

    fn lane(&self, lane: &LaneId) -> Option<usize> {
        self.lanes.iter().position(|other| other == lane)
    }

    /// The instant of a minute after midnight; `None` if out of range.
    pub fn instant(&self, minute: f64) -> Option<Timestamp> {
        let seconds = jiff::SignedDuration::try_from_secs_f64(minute * 60.0).ok()?;
        self.midnight.checked_add(seconds).ok()
    }

    pub(super) fn minute(&self, at: Timestamp) -> f64 {
        minutes_between(self.midnight, at)
    }
}

fn minutes_between(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / 60.0
}

/// Since when a free window has been free: the end of its last visit, or its opening if later.
fn free_since(day: &Day, window: &catalogue::WindowId) -> Timestamp {
    let visits = day.tickets.iter().flat_map(|ticket| &ticket.visits).filter(|visit| visit.window == *window);
    let last = visits.filter_map(|visit| visit.ended_at).max();
    let opened = day.post(window).and_then(|post| match &post.state {
        crate::PostState::Open { since, .. } => Some(*since),
        _ => None,
    });
    last.max(opened).unwrap_or(day.changed_at)
}

fn played(setup: &Setup, midnight: Timestamp, known: &Known<'_>, lines: &[(LineId, Tongue)]) -> HallDay {
    let span = |span: &crate::Span| {
        Span::new(minutes_between(midnight, span.from), minutes_between(midnight, span.to))
    };
    let closes_at =
        setup.doors().map_or(0.0, |doors| minutes_between(midnight, doors.to)).clamp(0.0, 1_440.0);
    let mut lane_shares = known.lane_shares.clone();
    if lane_shares.len() != setup.lanes.len() {
        // The ordinary lane comes first in the simulator.
        lane_shares = (0..setup.lanes.len()).map(|place| if place == 0 { 1.0 } else { 0.0 }).collect();
    }
    let plain = HallDay {
        lines: setup
            .lines
            .iter()
            .enumerate()
            .map(|(place, rule)| Line {
                name: rule.id.as_str().to_owned(),
                time: lognormal(f64::from(rule.median_minutes.max(1)), f64::from(rule.p90_minutes)),
                patience: Patience::Endless,
                no_show_share: 0.0,
                lane_shares: lane_shares.clone(),
                arrivals: known.arrivals.get(place).cloned().unwrap_or_else(|| vec![0.0; QUARTERS]),
            })
            .collect(),
        lanes: setup
            .played_lanes()
            .into_iter()
            .map(|place| &setup.lanes[place])
            .map(|lane| Lane {
                name: lane.id.as_str().to_owned(),
                head_start_minutes: f64::from(lane.head_start_minutes),
            })
            .collect(),
        windows: Vec::new(),
        bookings: Vec::new(),
        punctuality: Punctuality {
            grace_minutes: setup.booking.map_or(0.0, |rules| f64::from(rules.late_minutes)),
            ..Punctuality::default()
        },
        closing: Closing {
            last_number_at: closes_at,
            closes_at,
            rest: match setup.closing {
                catalogue::Closing::ServeAll => Rest::Served,
                catalogue::Closing::CarryOver => Rest::SentAway,
            },
        },
        vain_call_minutes: VAIN_CALL_MINUTES,
    };
    let learnt = known.history.map_or_else(|| plain.clone(), |history| history.day(&plain));
    // Walk-ins in another language are too rare to be expected; those already waiting are known.
    let spoken = |(line, tongue): &(LineId, Tongue)| {
        let place = setup.lines.iter().position(|rule| rule.id == *line).unwrap_or_default();
        let mut line = learnt.lines[place].clone();
        if *tongue != Tongue::Zh {
            line.arrivals = vec![0.0; QUARTERS];
        }
        line
    };
    let windows = setup.windows.iter().map(|desk| Window {
        name: desk.id.as_str().to_owned(),
        serves: (0..lines.len()).filter(|n| desk.can_serve(&lines[*n].0, lines[*n].1)).collect(),
        shifts: desk.staffed.iter().map(span).collect(),
        breaks: Vec::new(),
        speed: 1.0,
    });
    HallDay { lines: lines.iter().map(spoken).collect(), windows: windows.collect(), ..plain }
}

fn lognormal(median: f64, p90: f64) -> ServiceTime {
    let deviation = (p90.max(median) / median).ln() / Z90;
    let variance = deviation * deviation;
    ServiceTime::Lognormal { mean_minutes: median * (variance / 2.0).exp(), cv: variance.exp_m1().sqrt() }
}

/// The sort key of the last ticket that is simulated; `None` when all are.
fn last_played(day: &Day) -> Option<(Timestamp, TicketNo)> {
    let mut keys: Vec<_> = day.waiting().map(crate::Ticket::key).collect();
    if keys.len() <= PLAYED_MAX {
        return None;
    }
    Some(*keys.select_nth_unstable(PLAYED_MAX - 1).1)
}
