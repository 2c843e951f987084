//! The report on a log, or on a filtered set of its cases.

use std::collections::HashMap;

use serde::Serialize;

use crate::fit::{Fit, Stray, Verdict};
use crate::hours::Hours;
use crate::log::{Ending, Log, Trace};
use crate::sums::{Gathered, Spread, Times};
use crate::ways::{Follows, Way, Ways, key, sequence};

/// Filter of cases: all that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    pub kind: Option<String>,
    /// The case has an execution by this department.
    pub group: Option<String>,
    /// The case has an execution of this activity; one that is only begun is none, as in [`Times`].
    pub activity: Option<String>,
    /// The case has this variant ([`Way::key`]).
    pub way: Option<String>,
    /// This correction was asked for.
    pub corrected: Option<String>,
    /// The second activity directly followed the first.
    pub follows: Option<(String, String)>,
    pub strays: Option<Strays>,
}

/// Filter for cases that deviate from their declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Strays {
    Anyhow,
    So(Stray),
}

/// The figures of the filtered cases.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    pub name: String,
    pub cases: u64,
    pub events: u64,
    pub undated: u64,
    /// Number of distinct activities.
    pub activities: u64,
    /// Microseconds since 1970; an instant in JSON.
    #[serde(serialize_with = "as_instant")]
    pub first_at: Option<i64>,
    #[serde(serialize_with = "as_instant")]
    pub last_at: Option<i64>,
    /// Time (by the given [`Hours`]) from the first event of a case to its last, over cases that are not open.
    pub duration: Spread,
    /// The same in clock time.
    pub elapsed: Spread,
    /// Sorted by total time, longest first.
    pub steps: Vec<Times>,
    pub groups: Vec<Times>,
    /// The most frequent variants, at most [`Report::WAYS_MAX`].
    pub ways: Vec<Way>,
    /// How many variants there are.
    pub ways_in_all: u64,
    /// The most frequent pairs, at most [`Report::FOLLOWS_MAX`].
    pub follows: Vec<Follows>,
    /// How many pairs there are.
    pub follows_in_all: u64,
    pub corrections: Vec<Correction>,
    pub fit: Fit,
}

/// What had to be corrected, and in how many cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Correction {
    pub name: String,
    pub cases: u64,
}

/// One case in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseLine {
    pub id: String,
    pub kind: Option<String>,
    pub first_at: i64,
    pub last_at: i64,
    pub events: u64,
    pub duration_seconds: i64,
    /// Time of the filtered activity; without that filter, of the whole case.
    pub spent_seconds: i64,
    pub ending: Ending,
    /// Whether the case conforms; `None` if it was not checked.
    pub fits: Option<bool>,
}

impl Report {
    pub const WAYS_MAX: usize = 200;
    pub const FOLLOWS_MAX: usize = 2_000;

    pub fn of(log: &Log, chosen: &Chosen, hours: &Hours) -> Self {
        let cases = choose(log, chosen);
        let traces = || cases.iter().map(|case| &log.traces[*case]);
        let durations: Vec<i64> = traces().map(|trace| length(trace, hours)).collect();
        // Open cases have no final duration: counting them as they stand would lower the figures.
        let ended = || traces().filter(|trace| trace.ending != Ending::Open);
        let mut lengths: Vec<i64> = ended().map(|trace| length(trace, hours)).collect();
        let mut elapsed: Vec<i64> = ended().map(|trace| length(trace, &Hours::Clock)).collect();
        let ways = Ways::of(log, &cases);
        let follows = ways.follows(log, &cases, hours);
        let told = ways.told(log, &durations, Self::WAYS_MAX);
        let (steps, groups) = times(log, &cases, hours);
        Self {
            name: log.name.clone(),
            cases: cases.len() as u64,
            events: traces().map(|trace| trace.events.len() as u64).sum(),
            undated: log.undated,
            activities: steps.len() as u64,
            first_at: traces().filter_map(|trace| trace.events.first()).map(|event| event.at).min(),
            last_at: traces().filter_map(|trace| trace.events.last()).map(|event| event.at).max(),
            duration: Spread::of(&mut lengths),
            elapsed: Spread::of(&mut elapsed),
            steps,
            groups,
            ways: told,
            ways_in_all: ways.projection.traces.len() as u64,
            follows_in_all: follows.len() as u64,
            follows: follows.into_iter().take(Self::FOLLOWS_MAX).collect(),
            corrections: corrections(log, &cases),
            fit: Fit::of(log, &cases),
        }
    }

    /// The filtered cases from `skip` on, longest first, at most `most`; and how many there are.
    pub fn cases(
        log: &Log,
        chosen: &Chosen,
        hours: &Hours,
        skip: usize,
        most: usize,
    ) -> (Vec<CaseLine>, u64) {
        let activity = chosen.activity.as_deref().and_then(|name| log.place(name));
        let each = choose(log, chosen).into_iter();
        let mut lines: Vec<(i64, usize)> =
            each.map(|case| (spent(&log.traces[case], activity, hours), case)).collect();
        lines.sort_by(|one, other| {
            other.0.cmp(&one.0).then_with(|| log.traces[one.1].id.cmp(&log.traces[other.1].id))
        });
        let all = lines.len() as u64;
        let shown = lines.into_iter().skip(skip).take(most);
        (shown.map(|(spent, case)| line(log, case, spent, hours)).collect(), all)
    }
}

fn as_instant<S: serde::Serializer>(at: &Option<i64>, to: S) -> Result<S::Ok, S::Error> {
    let instant = at.and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
    serde::Serialize::serialize(&instant, to)
}

fn line(log: &Log, case: usize, spent_seconds: i64, hours: &Hours) -> CaseLine {
    let trace = &log.traces[case];
    CaseLine {
        id: trace.id.clone(),
        kind: trace.kind.map(|kind| log.name(kind).to_owned()),
        first_at: trace.events.first().map_or(0, |event| event.at),
        last_at: trace.events.last().map_or(0, |event| event.at),
        events: trace.events.len() as u64,
        duration_seconds: length(trace, hours),
        spent_seconds,
        ending: trace.ending,
        fits: match &log.verdicts()[case] {
            Verdict::Judged { strays, .. } => Some(strays.is_empty()),
            _ => None,
        },
    }
}

fn length(trace: &Trace, hours: &Hours) -> i64 {
    match (trace.events.first(), trace.events.last()) {
        (Some(first), Some(last)) => hours.between(first.at, last.at),
        _ => 0,
    }
}

fn spent(trace: &Trace, activity: Option<u32>, hours: &Hours) -> i64 {
    let Some(activity) = activity else { return length(trace, hours) };
    let lives = trace.lives().into_iter().filter(|life| life.activity == activity);
    lives.map(|life| hours.between(life.ready_at, life.ended_at)).sum()
}

/// Indices of the cases that pass the filter.
fn choose(log: &Log, chosen: &Chosen) -> Vec<usize> {
    // A name that the log does not have matches no case.
    let wanted = |name: &Option<String>| name.as_deref().map(|name| log.place(name).unwrap_or(u32::MAX));
    let (kind, group) = (wanted(&chosen.kind), wanted(&chosen.group));
    let (activity, corrected) = (wanted(&chosen.activity), wanted(&chosen.corrected));
    let follows = chosen
        .follows
        .as_ref()
        .map(|(from, to)| [from, to].map(|name| log.place(name).map_or(usize::MAX, |place| place as usize)));
    let holds = |trace: &Trace| {
        kind.is_none_or(|kind| trace.kind == Some(kind))
            && has_executions(trace, group, activity)
            && corrected.is_none_or(|corrected| trace.corrected.contains(&corrected))
            && follows.is_none_or(|pair| sequence(trace).windows(2).any(|two| two == pair))
            && chosen.way.as_ref().is_none_or(|way| key(log, &sequence(trace)) == *way)
    };
    let strays = |case: usize| {
        let Some(wanted) = &chosen.strays else { return true };
        match (&log.verdicts()[case], wanted) {
            (Verdict::Judged { strays, .. }, Strays::Anyhow) => !strays.is_empty(),
            (Verdict::Judged { strays, .. }, Strays::So(stray)) => strays.contains(stray),
            _ => false,
        }
    };
    let each = log.traces.iter().enumerate();
    each.filter(|(case, trace)| holds(trace) && strays(*case)).map(|(case, _)| case).collect()
}

/// Whether the case has executions of both, each where it is asked for: what [`times`] counts is what is listed.
fn has_executions(trace: &Trace, group: Option<u32>, activity: Option<u32>) -> bool {
    if group.is_none() && activity.is_none() {
        return true;
    }
    let lives = trace.lives();
    group.is_none_or(|group| lives.iter().any(|life| life.group == Some(group)))
        && activity.is_none_or(|activity| lives.iter().any(|life| life.activity == activity))
}

/// Times by activity and by department, most time first.
fn times(log: &Log, cases: &[usize], hours: &Hours) -> (Vec<Times>, Vec<Times>) {
    let mut steps: HashMap<u32, Gathered> = HashMap::new();
    let mut groups: HashMap<u32, Gathered> = HashMap::new();
    for (number, case) in cases.iter().enumerate() {
        for life in log.traces[*case].lives() {
            steps.entry(life.activity).or_default().take(&life, number, hours);
            if let Some(group) = life.group {
                groups.entry(group).or_default().take(&life, number, hours);
            }
        }
    }
    let sum_up = |gathered: HashMap<u32, Gathered>| {
        let mut all: Vec<Times> =
            gathered.into_iter().map(|(place, each)| each.sum_up(log.name(place))).collect();
        all.sort_by(|one, other| {
            let sum = |times: &Times| times.whole.sum_seconds;
            sum(other).cmp(&sum(one)).then_with(|| one.name.cmp(&other.name))
        });
        all
    };
    (sum_up(steps), sum_up(groups))
}

fn corrections(log: &Log, cases: &[usize]) -> Vec<Correction> {
    let mut counts: HashMap<u32, u64> = HashMap::new();
    for case in cases {
        let mut once = log.traces[*case].corrected.clone();
        once.sort_unstable();
        once.dedup();
        for place in once {
            *counts.entry(place).or_default() += 1;
        }
    }
    let mut all: Vec<Correction> = counts
        .into_iter()
        .map(|(place, cases)| Correction { name: log.name(place).to_owned(), cases })
        .collect();
    all.sort_by(|one, other| other.cases.cmp(&one.cases).then_with(|| one.name.cmp(&other.name)));
    all
}
