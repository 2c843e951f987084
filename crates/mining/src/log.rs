//! The event log in memory: small, with every name stored once.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::Declared;
use crate::fit::{Verdict, judge};

/// Microseconds since 1970, UTC.
pub(crate) type Instant = i64;

/// Traces in the order of the source. No person is named; of a performer only the department remains.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Log {
    pub name: String,
    /// Names of activities, departments, kinds and fields; the others hold indices into it.
    pub names: Vec<String>,
    pub(crate) traces: Vec<Trace>,
    /// The declarations that traces are checked against.
    #[serde(default)]
    pub(crate) plans: Vec<Declared>,
    /// Conformance, computed once: a tie is resolved the same way for every reader.
    #[serde(skip)]
    verdicts: OnceLock<Vec<Verdict>>,
    /// Events without an activity name or a readable instant; they are left out.
    #[serde(default)]
    pub undated: u64,
    /// Times without zone; they were read in the given zone.
    #[serde(default)]
    pub zoneless: u64,
    /// Offset of that zone, in seconds east of UTC.
    #[serde(default)]
    pub read_at_offset: i32,
}

/// One case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    pub id: String,
    /// The kind of case.
    pub kind: Option<u32>,
    /// A stable key of the kind, which finds its declaration.
    pub item: Option<u32>,
    pub plan: Option<u32>,
    pub ending: Ending,
    /// Sorted by instant; events at one instant keep the order of the log.
    pub events: Vec<Event>,
    /// What the applicant was asked to correct.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub activity: u32,
    pub at: Instant,
    pub transition: Transition,
    /// The department that dealt with it. In our own log, as an office reads it, the one that has the matter.
    pub group: Option<u32>,
    /// When it could have started, where the log says so.
    pub ready_at: Option<Instant>,
    pub side: Side,
}

/// The lifecycle transition of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Transition {
    Start,
    /// Given back without being done.
    Abort,
    #[default]
    Complete,
    /// Suspended for a while (IEEE 1849, standard lifecycle).
    Suspend,
    Resume,
    /// Scheduled, assigned and so on: counted, otherwise ignored.
    Other,
}

/// Whose time an activity takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Side {
    #[default]
    Office,
    Applicant,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ending {
    /// The log does not say; treated as completed.
    #[default]
    Unknown,
    Through,
    /// Ended with the decision; later steps are not expected.
    Refused,
    /// Withdrawn, lapsed or not accepted: no complete sequence is expected.
    BrokenOff,
    Open,
}

impl Ending {
    /// Maps the states of our own cases and matters; any other state is `Unknown`.
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

    /// The index of a name that the log has.
    pub fn place(&self, name: &str) -> Option<u32> {
        self.names.iter().position(|each| each == name).and_then(|place| u32::try_from(place).ok())
    }

    /// Kinds of cases, sorted by name.
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

    /// Assigns to every trace the declaration of its item; traces without one lose theirs.
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

    /// Assigns the same declaration to every trace.
    pub fn declare_all(&mut self, declared: Declared) {
        self.plans = vec![declared];
        self.verdicts = OnceLock::new();
        for trace in &mut self.traces {
            trace.plan = Some(0);
        }
    }
}

/// Builds a log, trace by trace.
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

    /// The index of a name; each name is stored once.
    pub fn name(&mut self, name: &str) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = u32::try_from(self.log.names.len()).unwrap_or(u32::MAX);
        self.log.names.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        place
    }

    /// The index of a declaration; each is stored once.
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

    /// Counts times without zone, and sets the zone in which they were read.
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
