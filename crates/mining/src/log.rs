//! A log as we look at it: small, with every name kept once.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::Declared;
use crate::fit::{Verdict, judge};

/// Instants are microseconds since 1970 in UTC.
pub(crate) type Instant = i64;

/// Traces in the order in which they were told. Nobody is named in it: of who did something only a number remains.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Log {
    pub name: String,
    /// Names of activities, groups, kinds and fields; the others hold places in it.
    pub names: Vec<String>,
    pub(crate) traces: Vec<Trace>,
    /// What traces were to go through.
    #[serde(default)]
    pub(crate) plans: Vec<Declared>,
    /// Found once: whoever asks twice is told the same.
    #[serde(skip)]
    verdicts: OnceLock<Vec<Verdict>>,
    /// Events that say no instant, or none that can be read; they are left out.
    #[serde(default)]
    pub undated: u64,
    /// Times that name no zone; they were read as those of the zone that was given.
    #[serde(default)]
    pub zoneless: u64,
    /// That zone, in seconds east of UTC.
    #[serde(default)]
    pub read_at_offset: i32,
}

/// One case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    pub id: String,
    /// What kind of case it is.
    pub kind: Option<u32>,
    /// A stable key of that kind, by which its declaration is found.
    pub item: Option<u32>,
    pub plan: Option<u32>,
    pub ending: Ending,
    /// By instant; what happened at one instant stays in the order of the log.
    pub events: Vec<Event>,
    /// What was asked to be put right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub activity: u32,
    pub at: Instant,
    pub transition: Transition,
    /// Who dealt with it: a department. In our own log, as an office reads it, the one that the matter is with.
    pub group: Option<u32>,
    /// Since when it could have been done, where the log says so.
    pub ready_at: Option<Instant>,
    pub side: Side,
}

/// What an event is in the life of an activity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Transition {
    Start,
    /// Given back undone.
    Abort,
    #[default]
    Complete,
    /// Laid aside for a while (IEEE 1849, standard lifecycle).
    Suspend,
    Resume,
    /// Scheduled, assigned and the like: counted, and nothing else.
    Other,
}

/// Whose time an activity takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Side {
    #[default]
    Office,
    Applicant,
}

/// Whether a case came to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ending {
    /// The log does not say so; it is taken as gone through.
    #[default]
    Unknown,
    Through,
    /// Ended with the decision; what comes after it falls away.
    Refused,
    /// Withdrawn, lapsed, not accepted: no way was to be gone to its end.
    BrokenOff,
    Open,
}

impl Ending {
    /// Of the states of our own cases and matters; another's is unknown.
    pub fn of_state(state: &str) -> Self {
        match state {
            "completed" | "closed" => Self::Through,
            "refused" => Self::Refused,
            "not-accepted" | "lapsed" | "withdrawn" | "dropped" => Self::BrokenOff,
            "waiting" | "received" | "correcting" | "accepted" | "granted" | "open" => Self::Open,
            _ => Self::Unknown,
        }
    }
}

impl Log {
    pub fn traces(&self) -> &[Trace] {
        &self.traces
    }

    pub(crate) fn verdicts(&self) -> &[Verdict] {
        self.verdicts.get_or_init(|| judge(self))
    }

    pub fn name(&self, place: u32) -> &str {
        self.names.get(place as usize).map_or("", String::as_str)
    }

    pub fn events(&self) -> u64 {
        self.traces.iter().map(|trace| trace.events.len() as u64).sum()
    }

    /// The place of a name that the log has.
    pub fn place(&self, name: &str) -> Option<u32> {
        self.names.iter().position(|each| each == name).and_then(|place| u32::try_from(place).ok())
    }

    /// Kinds of cases, or departments, by name.
    pub fn kinds(&self) -> Vec<&str> {
        self.sorted(self.traces.iter().filter_map(|trace| trace.kind))
    }

    pub fn groups(&self) -> Vec<&str> {
        self.sorted(self.traces.iter().flat_map(|trace| &trace.events).filter_map(|event| event.group))
    }

    fn sorted(&self, places: impl Iterator<Item = u32>) -> Vec<&str> {
        let mut seen = vec![false; self.names.len()];
        for place in places {
            if let Some(each) = seen.get_mut(place as usize) {
                *each = true;
            }
        }
        let mut names: Vec<&str> =
            self.names.iter().zip(seen).filter(|(_, seen)| *seen).map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names
    }

    /// Gives every trace the declaration of its item, where there is one; the others lose theirs.
    pub fn declare(&mut self, mut declared: impl FnMut(&str) -> Option<Declared>) {
        let mut plans: HashMap<u32, Option<u32>> = HashMap::new();
        self.plans.clear();
        self.verdicts = OnceLock::new();
        for place in 0..self.traces.len() {
            let Some(item) = self.traces[place].item else {
                self.traces[place].plan = None;
                continue;
            };
            let known = plans.get(&item).copied();
            let plan = known.unwrap_or_else(|| {
                let found = declared(self.name(item));
                found.map(|found| {
                    self.plans.push(found);
                    u32::try_from(self.plans.len() - 1).unwrap_or(u32::MAX)
                })
            });
            plans.insert(item, plan);
            self.traces[place].plan = plan;
        }
    }

    /// Gives every trace the same declaration.
    pub fn declare_all(&mut self, declared: Declared) {
        self.plans = vec![declared];
        self.verdicts = OnceLock::new();
        for trace in &mut self.traces {
            trace.plan = Some(0);
        }
    }
}

/// Makes a log, trace by trace.
#[derive(Debug, Default)]
pub struct LogBuilder {
    log: Log,
    places: HashMap<String, u32>,
    plans: HashMap<Declared, u32>,
}

impl LogBuilder {
    pub fn new(name: impl Into<String>) -> Self {
        Self { log: Log { name: name.into(), ..Log::default() }, ..Self::default() }
    }

    /// The place of a name; it is kept once.
    pub fn name(&mut self, name: &str) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = u32::try_from(self.log.names.len()).unwrap_or(u32::MAX);
        self.log.names.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        place
    }

    /// The place of what a trace is to go through; it is kept once.
    pub fn plan(&mut self, plan: Declared) -> u32 {
        if let Some(place) = self.plans.get(&plan) {
            return *place;
        }
        let place = u32::try_from(self.log.plans.len()).unwrap_or(u32::MAX);
        self.log.plans.push(plan.clone());
        self.plans.insert(plan, place);
        place
    }

    pub fn trace(&mut self, mut trace: Trace) {
        trace.events.sort_by_key(|event| event.at);
        self.log.traces.push(trace);
    }

    pub fn undated(&mut self) {
        self.log.undated += 1;
    }

    /// How many times named no zone, and the zone in which they were read.
    pub fn zoneless(&mut self, times: u64, offset: jiff::tz::Offset) {
        self.log.zoneless += times;
        self.log.read_at_offset = offset.seconds();
    }

    pub fn names(&self) -> usize {
        self.log.names.len()
    }

    pub fn finish(self) -> Log {
        self.log
    }
}
