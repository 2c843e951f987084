//! From the live hall to a forecast: a [`Day`] and its [`Setup`] as the day and the present of the simulator.

use catalogue::{LineId, Tongue};
use jiff::Timestamp;

use super::ahead::Forecaster;
use super::forecast::Ensemble;
use super::history::History;
use crate::model::{
    Closing, Flaw, HallDay, Lane, Line, Patience, Punctuality, QUARTERS, Rest, ServiceTime, Span, Window,
};
use crate::simulate::{Hall, Present, ServingNow, Waiting, WindowNow};
use crate::{Day, Doors, Setup, TicketNo, TicketState};

/// The ninetieth percentile of a normal number.
const Z90: f64 = 1.281_551_565_544_6;
/// How long a window waits for somebody who does not come.
const VAIN_CALL_MINUTES: f64 = 1.0;

/// What is known about the people of a hall besides its rules; lines and lanes in the order of the [`Setup`].
#[derive(Clone, Debug, Default)]
pub struct Known<'h> {
    /// Expected walk-ins by line and quarter-hour; nobody where nothing is said.
    pub arrivals: Vec<Vec<f64>>,
    /// Share of walk-ins by lane; all in the first lane of walk-ins where nothing is said.
    pub lane_shares: Vec<f64>,
    /// What past days have taught, by line of the setup.
    pub history: Option<&'h History>,
}

/// A forecaster of one live day. A played line is a line of business in one language, because both decide who can serve.
#[derive(Debug)]
pub struct LiveForecaster {
    hall: Hall,
    lines: Vec<(LineId, Tongue)>,
    midnight: Timestamp,
    forecaster: Forecaster,
}

impl LiveForecaster {
    /// `midnight` begins the day in the zone's time. The seed should stay the same all day: what moves then is the hall.
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
        Ok(Self { hall, lines, midnight, forecaster })
    }

    pub(super) fn ensembles(&mut self, present: &Present) -> Vec<Ensemble> {
        self.forecaster.waiting(&self.hall, present)
    }

    /// Of the setup, the position of the line that a played line belongs to.
    pub(super) fn rule_of(&self, setup: &Setup, line: usize) -> usize {
        setup.lines.iter().position(|rule| rule.id == self.lines[line].0).unwrap_or_default()
    }

    /// When each waiting ticket will be called, in minutes from now. Tickets that no window of the hall can serve are left out.
    pub fn waiting(&mut self, day: &Day, now: Timestamp) -> Vec<(TicketNo, Ensemble)> {
        let present = self.present(day, now);
        let numbers: Vec<TicketNo> = present.waiting.iter().map(|waiting| TicketNo(waiting.number)).collect();
        numbers.into_iter().zip(self.forecaster.waiting(&self.hall, &present)).collect()
    }

    /// How long somebody would wait who comes at this instant, or now if that is past; `None` when no window does that.
    pub fn newcomer(
        &mut self,
        day: &Day,
        now: Timestamp,
        (line, tongue, lane): (&LineId, Tongue, &catalogue::LaneId),
        comes_at: Timestamp,
    ) -> Option<Ensemble> {
        let place = self.line(line, tongue)?;
        day.setup.windows.iter().any(|desk| desk.can_serve(line, tongue)).then_some(())?;
        let lane = day.setup.lanes.iter().position(|rule| rule.id == *lane)?;
        let present = self.present(day, now);
        let comes_at = self.minute(comes_at);
        self.forecaster.only_newcomers(&self.hall, &present, &[(place, lane, comes_at)]).pop()
    }

    /// The day as it is played, to explain a forecast or to score it.
    pub fn hall(&self) -> &Hall {
        &self.hall
    }

    pub fn present(&self, day: &Day, now: Timestamp) -> Present {
        let minute = |at: Timestamp| self.minute(at);
        let lane_of = |id: &catalogue::LaneId| day.setup.lanes.iter().position(|rule| rule.id == *id);
        let waiting = day.waiting().filter_map(|ticket| {
            let lane = lane_of(&ticket.lane)?;
            let head_start = f64::from(day.setup.lanes[lane].head_start_minutes);
            Some(Waiting {
                number: ticket.number.0,
                line: self.line(&ticket.want().line, ticket.language)?,
                lane,
                joined_at: minute(ticket.joined_at),
                // Its place, whatever it was called before, passed on or given back.
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
            expected: Vec::new(),
        }
    }

    fn window_now(&self, day: &Day, window: &catalogue::WindowId, now: Timestamp) -> WindowNow {
        let Some(post) = day.post(window) else { return WindowNow::default() };
        let ticket = post.ticket.and_then(|number| day.ticket(number));
        let serving = ticket.and_then(|ticket| {
            let since = match &ticket.state {
                TicketState::Called { at, .. } => *at,
                TicketState::Serving { since, .. } => *since,
                _ => return None,
            };
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

    fn minute(&self, at: Timestamp) -> f64 {
        minutes_between(self.midnight, at)
    }
}

fn minutes_between(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / 60.0
}

/// Since when a free window has been free: its last visit's end, or its opening.
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
        let walk_in = setup.lane(catalogue::LaneKind::WalkIn).map(|lane| &lane.id);
        lane_shares =
            setup.lanes.iter().map(|lane| if Some(&lane.id) == walk_in { 1.0 } else { 0.0 }).collect();
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
            .lanes
            .iter()
            .map(|lane| Lane {
                name: lane.id.as_str().to_owned(),
                head_start_minutes: f64::from(lane.head_start_minutes),
            })
            .collect(),
        windows: Vec::new(),
        bookings: Vec::new(),
        punctuality: Punctuality::default(),
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
    // People who speak another language come too seldom to be expected; those who wait are known.
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
