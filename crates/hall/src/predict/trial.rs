//! Compares all forecasts on days that nothing was learnt from: the table of `bench/wait`.

use std::collections::BTreeMap;

use super::ahead::Forecaster;
use super::calibration::Calibration;
use super::forecast::{Ensemble, Forecast};
use super::history::History;
use super::score::{LineScore, Scores};
use super::simple::{ROLLING, Simple, SimpleForecasts};
use crate::model::{HallDay, Rest};
use crate::simulate::{
    Bits, Floor, Hall, Present, Recorder, ServingNow, Split, Stream, Ticket, Waiting, WindowNow,
};

/// The parameters of a trial.
#[derive(Clone, Debug)]
pub struct Trial {
    pub day: HallDay,
    /// Days used only to learn service times and arrivals.
    pub learning_days: u32,
    /// Days on which forecasts are calibrated but not scored.
    pub settling_days: u32,
    pub scored_days: u32,
    /// Every n-th ticket that has to wait is forecast.
    pub every: u32,
    pub paths: usize,
    /// Standard deviation of the logarithm of the clerks' speeds, drawn anew by window and day; no forecast
    /// knows it.
    pub clerk_spread: f64,
    pub seed: u64,
}

/// Squared errors of all methods over the same tickets.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub tickets: u64,
    pub mean_wait_minutes: f64,
    /// Method and mean squared error.
    pub methods: Vec<(String, f64)>,
    pub position_mean: f64,
    pub best_rolling: f64,
    pub ahead: f64,
    /// Error of the median told rather than of the mean.
    pub ahead_median: f64,
    /// Squared error of the forecast that knows the true rates, where the hall is one line before identical
    /// exponential windows: the least possible but for sampling error.
    pub erlang_floor: Option<f64>,
    /// With the calibrated band.
    pub lines: Vec<LineScore>,
    /// Coverage of the paths' own 10–90 % band, by line.
    pub raw_coverage: Vec<f64>,
}

impl Trial {
    /// # Panics
    /// When the day is not sound.
    pub fn run(&self) -> Outcome {
        let hall = Hall::new(self.day.clone()).expect("a trial is given a sound day");
        let lines = self.day.lines.len();
        let mut floor = Floor::new(&hall);
        let mut chance = Stream::new(self.seed);
        let mut clerks = Split::new(self.seed ^ 0xC1E2);
        let mut run = Run::new(self, &hall);
        for day in 0..self.learning_days + self.settling_days + self.scored_days {
            run.forecasts = day >= self.learning_days;
            run.scores = day >= self.learning_days + self.settling_days;
            if run.forecasts {
                let learnt = run.history.day(&self.day);
                run.means = (0..lines).map(|line| run.history.mean_minutes(line, &self.day)).collect();
                run.learnt = Hall::new(learnt).expect("what is learnt of a sound day is sound");
            }
            chance.begin();
            run.pending.clear();
            let mut truth = self.day.clone();
            for window in &mut truth.windows {
                window.speed *= (self.clerk_spread * clerks.normal()).exp();
            }
            let truth = Hall::new(truth).expect("speeds stay positive");
            floor.play(&truth, &mut chance, &mut run);
            run.history.end_day();
        }
        run.outcome()
    }
}

struct Pending {
    line: usize,
    ensemble: Ensemble,
    told: Forecast,
    simple: SimpleForecasts,
    floor: f64,
}

struct Run<'t> {
    trial: &'t Trial,
    history: History,
    learnt: Hall,
    means: Vec<f64>,
    forecaster: Forecaster,
    calibration: Calibration,
    simple: Simple,
    scored: Scores,
    pending: BTreeMap<u32, Pending>,
    queued: u32,
    forecasts: bool,
    scores: bool,
    tally: Vec<(f64, Pending)>,
}

impl<'t> Run<'t> {
    fn new(trial: &'t Trial, hall: &Hall) -> Self {
        let lines = trial.day.lines.len();
        Self {
            trial,
            history: History::new(lines, trial.day.lanes.len()),
            learnt: hall.clone(),
            means: Vec::new(),
            forecaster: Forecaster::new(hall, trial.paths, trial.seed ^ 0x5EED),
            calibration: Calibration::new(lines),
            simple: Simple::new(lines),
            scored: Scores::new(lines),
            pending: BTreeMap::new(),
            queued: 0,
            forecasts: false,
            scores: false,
            tally: Vec::new(),
        }
    }

    fn came_up(&mut self, hall: &Hall, ticket: &Ticket, now: f64) {
        let line = hall.line_of(ticket.queue);
        let waited = now - ticket.joined_at;
        self.simple.called(line, waited);
        let Some(pending) = self.pending.remove(&ticket.number) else { return };
        self.calibration.learn(line, pending.ensemble.rank(waited));
        if self.scores {
            self.scored.add(line, &pending.told, waited);
            self.tally.push((waited, pending));
        }
    }

    fn outcome(self) -> Outcome {
        let count = self.tally.len() as f64;
        let mse = |of: &dyn Fn(&Pending) -> f64| {
            self.tally.iter().map(|(waited, pending)| (waited - of(pending)).powi(2)).sum::<f64>() / count
        };
        let ahead = mse(&|pending| pending.told.expected_minutes);
        let positions = [mse(&|p| p.simple.position_mean), mse(&|p| p.simple.competing_mean)];
        let mut methods = vec![
            ("simulate ahead, mean".to_owned(), ahead),
            ("simulate ahead, median".to_owned(), mse(&|p| p.told.median_minutes)),
            ("position × mean, whole hall".to_owned(), positions[0]),
            ("position × mean, competing".to_owned(), positions[1]),
            ("work ahead, whole hall".to_owned(), mse(&|p| p.simple.work_ahead)),
            ("own queue".to_owned(), mse(&|p| p.simple.own_queue)),
            ("last to enter service".to_owned(), mse(&|p| p.simple.last_to_enter_service)),
            ("head of line".to_owned(), mse(&|p| p.simple.head_of_line)),
        ];
        let mut rolling = Vec::new();
        for (place, last) in ROLLING.iter().enumerate() {
            rolling
                .push((format!("rolling mean, line, last {last}"), mse(&|p| p.simple.rolling_line[place])));
            rolling.push((format!("rolling mean, all, last {last}"), mse(&|p| p.simple.rolling_all[place])));
        }
        let least = |errors: &mut dyn Iterator<Item = f64>| errors.fold(f64::INFINITY, f64::min);
        let best_rolling = least(&mut rolling.iter().map(|method| method.1));
        methods.extend(rolling);
        let inside = |line: usize| {
            let of_line: Vec<_> = self.tally.iter().filter(|(_, pending)| pending.line == line).collect();
            let covered = |(waited, pending): &&&(f64, Pending)| {
                (pending.ensemble.quantile(0.1)..=pending.ensemble.quantile(0.9)).contains(waited)
            };
            of_line.iter().filter(covered).count() as f64 / of_line.len().max(1) as f64
        };
        Outcome {
            tickets: self.tally.len() as u64,
            mean_wait_minutes: self.tally.iter().map(|(waited, _)| waited).sum::<f64>() / count,
            position_mean: least(&mut positions.into_iter()),
            best_rolling,
            ahead,
            ahead_median: methods[1].1,
            methods,
            erlang_floor: (self.trial.day.lines.len() == 1).then(|| mse(&|pending| pending.floor)),
            lines: self.scored.published(),
            raw_coverage: (0..self.trial.day.lines.len()).map(inside).collect(),
        }
    }
}

impl Recorder for Run<'_> {
    fn joined(&mut self, hall: &Hall, floor: &Floor, ticket: &Ticket, at_once: bool) {
        let (line, lane) = (hall.line_of(ticket.queue), hall.lane_of(ticket.queue));
        // Appointments are known beforehand, so they do not count as walk-ins.
        if hall.ready_at(ticket) <= ticket.joined_at && hall.day().lines[line].lane_shares[lane] > 0.0 {
            self.history.walked_in(line, lane, ticket.joined_at);
        }
        if at_once || !self.forecasts {
            return;
        }
        self.queued += 1;
        if !self.queued.is_multiple_of(self.trial.every) {
            return;
        }
        let present = Present::of(hall, floor);
        let me = Waiting {
            number: ticket.number,
            line,
            lane,
            joined_at: ticket.joined_at,
            ready_at: hall.ready_at(ticket),
        };
        let ensemble = self.forecaster.one(&self.learnt, &present, me);
        let told = ensemble.forecast(self.calibration.band(line), self.history.basis(line));
        let simple = self.simple.forecast(hall, &present, &me, &self.means);
        let rate = self.trial.day.windows.len() as f64 / self.trial.day.lines[0].time.mean_minutes();
        let floor = (present.waiting.len() + 1) as f64 / rate;
        self.pending.insert(ticket.number, Pending { line, ensemble, told, simple, floor });
    }

    fn called(
        &mut self,
        hall: &Hall,
        ticket: &Ticket,
        window: usize,
        now: f64,
        minutes: f64,
        attended: bool,
    ) {
        let line = hall.line_of(ticket.queue);
        // Learnt when the service begins rather than when it ends: nothing is fitted again within a day.
        if attended {
            let declared = self.trial.day.windows[window].speed;
            self.history.served(line, minutes * declared);
            self.simple.served(minutes);
        } else {
            self.history.missed(line);
        }
        self.came_up(hall, ticket, now);
    }

    fn gone(&mut self, hall: &Hall, ticket: &Ticket, now: f64) {
        self.came_up(hall, ticket, now);
    }

    fn unserved(&mut self, _: &Hall, ticket: &Ticket, _: f64) {
        self.pending.remove(&ticket.number);
    }
}

/// Three lines before nine windows of three skill sets that share the work unevenly; load 0.84, coefficient
/// of variation 0.8, nine hours.
pub fn three_skills() -> HallDay {
    let mut day = crate::model::sample::plain(9, 0.84, 8.0);
    let template = day.lines[0].clone();
    day.lines = [(6.0, 0.4), (8.0, 0.35), (12.0, 0.25)]
        .iter()
        .enumerate()
        .map(|(n, (mean_minutes, share))| {
            let mut line = template.clone();
            line.name = format!("L{n}");
            line.time = crate::model::ServiceTime::Lognormal { mean_minutes: *mean_minutes, cv: 0.8 };
            let rate = 0.84 * 9.0 / (0.4 * 6.0 + 0.35 * 8.0 + 0.25 * 12.0) * share * 15.0;
            line.arrivals =
                (0..96).map(|quarter| if (36..72).contains(&quarter) { rate } else { 0.0 }).collect();
            line
        })
        .collect();
    for (n, window) in day.windows.iter_mut().enumerate() {
        window.serves = [vec![0], vec![0, 1], vec![1, 2]][n % 3].clone();
        window.shifts = vec![crate::model::Span::new(540.0, 1_080.0)];
    }
    day.closing = crate::model::Closing { last_number_at: 1_080.0, closes_at: 1_080.0, rest: Rest::Served };
    day
}

/// 300 waiting before 40 busy windows: the forecast that must be refreshed at every event.
pub fn crowded() -> (HallDay, Present) {
    let mut day = crate::model::sample::mixed(2_400.0);
    while day.windows.len() < 40 {
        let mut window = day.windows[day.windows.len() - 24].clone();
        window.name = format!("W{}", day.windows.len());
        day.windows.push(window);
    }
    let now = 600.0;
    let waiting = (0..300_u32).map(|n| {
        let joined_at = now - 0.2 * f64::from(300 - n);
        let lane = if n % 12 == 0 { 2 } else { 0 };
        Waiting { number: 100 + n, line: n as usize % 6, lane, joined_at, ready_at: joined_at }
    });
    let windows = (0..40_u32).map(|n| WindowNow {
        is_on: true,
        serving: Some(ServingNow {
            line: day.windows[n as usize].serves[0],
            number: n,
            since: now - f64::from(n) / 4.0,
            attended: true,
        }),
        lingers: false,
        back_at: None,
    });
    let expected = (0..day.bookings.len()).filter(|n| day.bookings[*n].booked_at > now).collect();
    let present =
        Present { now, waiting: waiting.collect(), windows: windows.collect(), idle: Vec::new(), expected };
    (day, present)
}
