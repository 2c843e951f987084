//! A small hall: two lines, three windows, every lane.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::sync::Arc;

use catalogue::{Closing, LaneKind, LineId, NoShow, Tongue, WindowId};
use hall::*;
use jiff::{SignedDuration, Timestamp};

pub const NINE: &str = "2026-11-23T01:00:00Z";

/// The instant this many minutes after nine in the morning.
pub fn at(minutes: i64) -> Timestamp {
    NINE.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

pub fn want(line: &str) -> Want {
    Want { line: LineId::from(line), thing: None }
}

pub fn window(name: &str) -> WindowId {
    WindowId::from(name)
}

pub const LANES: [(LaneKind, u32); 6] = [
    (LaneKind::WalkIn, 0),
    (LaneKind::Appointment, 5),
    (LaneKind::Green, 30),
    (LaneKind::ElderlyOrDisabled, 20),
    (LaneKind::Returning, 15),
    (LaneKind::Specialist, 10),
];

pub fn setup(closing: Closing) -> Arc<Setup> {
    let day = Span { from: at(0), to: at(480) };
    let line = |id: &str, median| LineRule {
        id: id.into(),
        median_minutes: median,
        p90_minutes: median * 2,
        target_minutes: Some(15),
        target_percent: Some(90),
    };
    let desk = |id: &str, lines: &[&str], languages: &[Tongue]| Desk {
        id: id.into(),
        skills: lines.iter().map(|line| (LineId::from(*line), languages.to_vec())).collect(),
        staffed: vec![day],
    };
    Arc::new(Setup {
        hours: vec![day],
        lines: vec![line("a", 10), line("b", 20)],
        lanes: LANES
            .iter()
            .map(|(kind, minutes)| LaneRule {
                id: kind.code().into(),
                kind: *kind,
                head_start_minutes: *minutes,
            })
            .collect(),
        windows: vec![
            desk("1", &["a", "b"], &[Tongue::Zh, Tongue::En]),
            desk("2", &["a"], &[Tongue::Zh]),
            desk("3", &["b"], &[Tongue::Zh]),
        ],
        no_show: NoShow { returns_behind: 2, calls: 2, wait_seconds: 0 },
        closing,
        booking: Some(Booking {
            slot_minutes: 30,
            share_percent: 50,
            horizon_days: 7,
            early_minutes: 15,
            late_minutes: 10,
        }),
    })
}

pub fn edition() -> catalogue::EditionHash {
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef".parse().unwrap()
}

pub fn join(number: u32, line: &str, lane: LaneKind) -> Join {
    Join {
        number: TicketNo(number),
        source: Source::Kiosk,
        lane,
        wants: vec![want(line)],
        language: Tongue::Zh,
        holder: format!("guest/{number}").into(),
        booked_for: None,
        specialist: None,
        held: false,
    }
}

/// A simulated hall with its log.
#[derive(Clone)]
pub struct Player {
    pub day: Day,
    pub log: Vec<(Event, Stamp)>,
}

impl Player {
    pub fn open(closing: Closing) -> Self {
        let command = Command::Open {
            hall: "大厅".into(),
            date: "2026-11-23".parse().unwrap(),
            edition: edition(),
            setup: setup(closing),
            carried: Vec::new(),
        };
        let context = Context { now: at(-30), actor: "system" };
        let events = decide(None, &command, &context).unwrap();
        let stamp = Stamp { at: at(-30), actor: "system".into() };
        let day = Day::begin(&events[0], &stamp).unwrap();
        Self { day, log: vec![(events[0].clone(), stamp)] }
    }

    /// A hall with every window open.
    pub fn staffed() -> Self {
        let mut player = Self::open(Closing::ServeAll);
        for name in ["1", "2", "3"] {
            player.by(0, &format!("officer-{name}"), Command::OpenWindow { window: window(name) }).unwrap();
        }
        player
    }

    pub fn by(&mut self, minute: i64, actor: &str, command: Command) -> Result<Vec<Event>, Refusal> {
        let context = Context { now: at(minute), actor };
        let events = decide(Some(&self.day), &command, &context)?;
        let stamp = Stamp { at: at(minute), actor: actor.into() };
        for event in &events {
            self.day.apply(event, &stamp);
            self.log.push((event.clone(), stamp.clone()));
        }
        Ok(events)
    }

    pub fn act(&mut self, minute: i64, command: Command) -> Result<Vec<Event>, Refusal> {
        self.by(minute, "somebody", command)
    }

    pub fn joins(&mut self, minute: i64, number: u32, line: &str, lane: LaneKind) {
        self.act(minute, Command::Join(join(number, line, lane))).unwrap();
    }

    /// The number that the window calls; `None` when the call is refused or nobody waits.
    pub fn calls(&mut self, minute: i64, name: &str) -> Option<u32> {
        let events = self.act(minute, Command::CallNext { window: window(name) }).ok()?;
        events.iter().find_map(|event| match event {
            Event::Called(called) => Some(called.number.0),
            _ => None,
        })
    }

    pub fn finishes(&mut self, minute: i64, name: &str) {
        // Whoever is only called is there before they are served.
        let _ = self.act(minute, Command::Start { window: window(name) });
        self.act(minute, Command::Finish { window: window(name) }).unwrap();
    }

    pub fn state(&self, number: u32) -> &'static str {
        self.day.ticket(TicketNo(number)).unwrap().state.code()
    }
}
