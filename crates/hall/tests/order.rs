//! Invariants of a simulated day, checked at every event.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::collections::BTreeMap;

use hall::model::{CallKey, Rest, sample};
use hall::simulate::{Floor, Hall, Recorder, Simulation, Stream, Ticket};

/// Keeps its own lists and checks every event against them.
struct Watch {
    waiting: BTreeMap<u32, Ticket>,
    seen: BTreeMap<u32, &'static str>,
    free_since: Vec<Option<f64>>,
    free_at: Vec<f64>,
    at_once: Option<u32>,
    called: usize,
    overtakings: usize,
}

impl Watch {
    fn new(windows: usize) -> Self {
        Self {
            waiting: BTreeMap::new(),
            seen: BTreeMap::new(),
            free_since: vec![None; windows],
            free_at: vec![f64::NEG_INFINITY; windows],
            at_once: None,
            called: 0,
            overtakings: 0,
        }
    }

    fn end(&mut self, ticket: &Ticket, how: &'static str) {
        assert!(self.waiting.remove(&ticket.number).is_some(), "{ticket:?} was not waiting");
        assert_eq!(self.seen.insert(ticket.number, how), Some("waiting"), "{ticket:?} ended twice");
    }
}

impl Recorder for Watch {
    fn joined(&mut self, hall: &Hall, floor: &Floor, ticket: &Ticket, at_once: bool) {
        assert_eq!(self.seen.insert(ticket.number, "waiting"), None, "number given twice");
        self.waiting.insert(ticket.number, *ticket);
        self.at_once = at_once.then_some(ticket.number);
        let able = |window: &usize| hall.can_serve(*window, usize::from(ticket.queue));
        let idle = floor.idle().iter().map(|window| usize::from(*window)).find(able);
        assert_eq!(idle.is_some(), at_once);
        for window in floor.idle() {
            let window = usize::from(*window);
            let duty = hall.day().windows[window].duty();
            let on_since =
                duty.iter().filter(|span| span.from <= floor.now()).map(|span| span.from).next_back();
            self.free_since[window] = Some(self.free_at[window].max(on_since.unwrap()));
        }
    }

    fn called(
        &mut self,
        hall: &Hall,
        ticket: &Ticket,
        window: usize,
        now: f64,
        minutes: f64,
        _attended: bool,
    ) {
        assert!(hall.can_serve(window, usize::from(ticket.queue)));
        assert!(now >= self.free_at[window], "window {window} is busy");
        assert!(now <= ticket.leaves_at);
        let key = |ticket: &Ticket| CallKey { call_at: ticket.call_at, number: ticket.number };
        for other in self.waiting.values().filter(|other| other.number != ticket.number) {
            let before = key(other).comes_before(&key(ticket)) && other.leaves_at >= now;
            assert!(
                !(before && hall.can_serve(window, usize::from(other.queue))),
                "{other:?} was passed over for {ticket:?}"
            );
        }
        self.overtakings +=
            usize::from(self.waiting.values().any(|other| other.joined_at < ticket.joined_at));
        if self.at_once == Some(ticket.number) {
            let longest = (0..self.free_since.len())
                .filter(|other| hall.can_serve(*other, usize::from(ticket.queue)))
                .filter_map(|other| self.free_since[other])
                .fold(f64::INFINITY, f64::min);
            assert!(self.free_since[window].unwrap() <= longest, "another window was idle longer");
        }
        self.free_since.fill(None);
        self.free_at[window] = now + minutes;
        self.called += 1;
        self.end(ticket, "called");
    }

    fn gone(&mut self, _hall: &Hall, ticket: &Ticket, now: f64) {
        assert!(ticket.leaves_at < now);
        self.end(ticket, "gone");
    }

    fn unserved(&mut self, _hall: &Hall, ticket: &Ticket, _now: f64) {
        self.end(ticket, "unserved");
    }
}

#[test]
fn nobody_is_lost_called_twice_or_passed_over() {
    for (visitors, rest) in [(500.0, Rest::Served), (1_100.0, Rest::Served), (1_100.0, Rest::SentAway)] {
        let mut day = sample::mixed(visitors);
        day.closing.rest = rest;
        let hall = Hall::new(day).unwrap();
        let mut floor = Floor::new(&hall);
        let mut overtakings = 0;
        for seed in 0..20 {
            let mut watch = Watch::new(hall.day().windows.len());
            floor.play(&hall, &mut Stream::new(seed), &mut watch);
            assert!(watch.waiting.is_empty(), "{} were forgotten", watch.waiting.len());
            assert!(watch.called > 300);
            overtakings += watch.overtakings;
        }
        assert!(overtakings > 0, "the lanes never mattered");
    }
}

#[test]
fn windows_call_only_on_duty() {
    struct Duty(usize);
    impl Recorder for Duty {
        fn called(&mut self, hall: &Hall, _: &Ticket, window: usize, now: f64, _: f64, _: bool) {
            let closes_at = hall.day().closing.closes_at;
            let duty = hall.day().windows[window].duty();
            let lingering = now >= closes_at && duty.iter().any(|span| span.to >= closes_at);
            // When a switch and the end of a service coincide, the service comes first.
            assert!(
                lingering || duty.iter().any(|span| span.from <= now && now <= span.to),
                "{window} at {now}"
            );
            self.0 += 1;
        }
        fn gone(&mut self, _: &Hall, _: &Ticket, _: f64) {}
        fn unserved(&mut self, _: &Hall, _: &Ticket, _: f64) {}
    }
    let hall = Hall::new(sample::mixed(1_000.0)).unwrap();
    let mut duty = Duty(0);
    for seed in 0..10 {
        Floor::new(&hall).play(&hall, &mut Stream::new(seed), &mut duty);
    }
    assert!(duty.0 > 5_000);
}

#[test]
fn the_same_seed_gives_the_same_days_and_another_does_not() {
    let hall = Hall::new(sample::mixed(900.0)).unwrap();
    let report = |seed| {
        let mut simulation = Simulation::new(&hall, 15.0, seed);
        simulation.play(&hall, 50);
        serde_json::to_string(&simulation.report()).unwrap()
    };
    assert_eq!(report(1), report(1));
    assert_ne!(report(1), report(2));
}

#[test]
fn sending_people_away_leaves_some_and_serving_them_takes_overtime() {
    let figures = |rest| {
        let mut day = sample::mixed(1_200.0);
        day.closing.rest = rest;
        let hall = Hall::new(day).unwrap();
        let mut simulation = Simulation::new(&hall, 15.0, 1);
        simulation.play(&hall, 100);
        let report = simulation.report();
        let overtime: f64 = report.windows.iter().map(|window| window.overtime_minutes.mean).sum();
        (report.all.unserved.mean, overtime)
    };
    let (left_over, served_overtime) = figures(Rest::Served);
    let (sent_away, short_overtime) = figures(Rest::SentAway);
    assert!(sent_away > left_over + 1.0, "{sent_away} {left_over}");
    assert!(served_overtime > short_overtime, "{served_overtime} {short_overtime}");
}

#[test]
fn that_days_of_the_week_differ_is_no_uncertainty() {
    let play = |visitors: [f64; 2]| {
        let halls = visitors.map(|visitors| Hall::new(sample::mixed(visitors)).unwrap());
        let mut simulation = Simulation::new(&halls[0], 15.0, 1);
        halls.iter().for_each(|hall| simulation.play(hall, 200));
        simulation.report().all
    };
    let alike = play([600.0, 600.0]);
    let unlike = play([900.0, 300.0]);
    assert!((unlike.tickets.mean - alike.tickets.mean).abs() < 5.0);
    // The numbers of people are Poisson in both cases.
    assert!((unlike.tickets.half_width / alike.tickets.half_width - 1.0).abs() < 0.2, "{:?}", unlike.tickets);
    assert!(unlike.mean_wait_minutes.half_width < 0.2 * unlike.mean_wait_minutes.mean);
}
