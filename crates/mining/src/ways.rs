//! Variants (sequences of activities) and the directly-follows relation, by `process_mining`.

use std::collections::HashMap;

use process_mining::core::event_data::case_centric::utils::activity_projection::{
    ActivityProjectionDFG, EventLogActivityProjection,
};
use serde::Serialize;

use crate::hours::Hours;
use crate::log::{Log, Trace, Transition};
use crate::sums::Spread;

/// A variant, with the cases that took it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Way {
    /// The same for the same sequence of names in every log.
    pub key: String,
    pub activities: Vec<String>,
    pub cases: u64,
    pub duration: Spread,
}

/// How often one activity directly followed another, and the time between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Follows {
    pub from: String,
    pub to: String,
    pub times: u64,
    /// In how many cases it did.
    pub cases: u64,
    pub gap: Spread,
}

/// The completed activities of a case, in order.
pub(crate) fn sequence(trace: &Trace) -> Vec<usize> {
    let done = trace.events.iter().filter(|event| event.transition == Transition::Complete);
    done.map(|event| event.activity as usize).collect()
}

/// Key of a sequence, independent of the log's order: 64-bit FNV-1a over the names.
pub(crate) fn key(log: &Log, sequence: &[usize]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for place in sequence {
        let name = log.names.get(*place).map_or("", String::as_str);
        for byte in name.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

/// The variants of the filtered cases, most frequent first, and the variant of each case.
pub(crate) struct Ways {
    pub projection: EventLogActivityProjection,
    pub of_case: Vec<usize>,
}

impl Ways {
    pub fn of(log: &Log, cases: &[usize]) -> Self {
        let mut places: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut traces: Vec<(Vec<usize>, u64)> = Vec::new();
        let mut of_case: Vec<usize> = Vec::with_capacity(cases.len());
        for case in cases {
            let sequence = sequence(&log.traces[*case]);
            let place = *places.entry(sequence).or_insert_with_key(|sequence| {
                traces.push((sequence.clone(), 0));
                traces.len() - 1
            });
            traces[place].1 += 1;
            of_case.push(place);
        }
        // Most frequent first, ties by name: the order does not depend on the order of the cases.
        let mut order: Vec<usize> = (0..traces.len()).collect();
        let names =
            |place: &usize| traces[*place].0.iter().map(|name| log.names[*name].as_str()).collect::<Vec<_>>();
        order.sort_by(|one, other| {
            traces[*other].1.cmp(&traces[*one].1).then_with(|| names(one).cmp(&names(other)))
        });
        let mut moved = vec![0; traces.len()];
        for (to, from) in order.iter().enumerate() {
            moved[*from] = to;
        }
        for place in &mut of_case {
            *place = moved[*place];
        }
        let traces = order.iter().map(|from| std::mem::take(&mut traces[*from])).collect();
        let activities = log.names.clone();
        let act_to_index = activities.iter().cloned().zip(0..).collect();
        Self { projection: EventLogActivityProjection { activities, act_to_index, traces }, of_case }
    }

    /// The first `most` variants, with the durations of their cases.
    pub fn told(&self, log: &Log, durations: &[i64], most: usize) -> Vec<Way> {
        let mut spans: Vec<Vec<i64>> = vec![Vec::new(); self.projection.traces.len().min(most)];
        for (way, duration) in self.of_case.iter().zip(durations) {
            if let Some(spans) = spans.get_mut(*way) {
                spans.push(*duration);
            }
        }
        let first = self.projection.traces.iter().zip(&mut spans);
        first
            .map(|((sequence, cases), spans)| Way {
                key: key(log, sequence),
                activities: self.projection.reconstruct_activities(sequence),
                cases: *cases,
                duration: Spread::of(spans),
            })
            .collect()
    }

    /// All directly-follows pairs, most frequent first.
    pub fn follows(&self, log: &Log, cases: &[usize], hours: &Hours) -> Vec<Follows> {
        // `process_mining` expects at least one trace.
        if self.projection.traces.is_empty() {
            return Vec::new();
        }
        let graph = ActivityProjectionDFG::from_event_log_projection(&self.projection);
        let mut gaps: HashMap<(usize, usize), Vec<i64>> = HashMap::with_capacity(graph.edges.len());
        // By pair, the cases and the last one of them.
        let mut seen: HashMap<(usize, usize), (u64, usize)> = HashMap::with_capacity(graph.edges.len());
        for case in cases {
            let mut before: Option<(usize, i64)> = None;
            for event in
                log.traces[*case].events.iter().filter(|event| event.transition == Transition::Complete)
            {
                let activity = event.activity as usize;
                if let Some((from, at)) = before {
                    gaps.entry((from, activity)).or_default().push(hours.between(at, event.at));
                    let (cases, last) = seen.entry((from, activity)).or_insert((0, usize::MAX));
                    *cases += u64::from(*last != *case);
                    *last = *case;
                }
                before = Some((activity, event.at));
            }
        }
        let mut follows: Vec<Follows> = graph
            .edges
            .into_iter()
            .map(|((from, to), times)| Follows {
                from: log.names[from].clone(),
                to: log.names[to].clone(),
                times,
                cases: seen.get(&(from, to)).map_or(0, |(cases, _)| *cases),
                gap: gaps.get_mut(&(from, to)).map(|gaps| Spread::of(gaps)).unwrap_or_default(),
            })
            .collect();
        follows.sort_by(|one, other| {
            let names = |each: &Follows| (each.from.clone(), each.to.clone());
            other.times.cmp(&one.times).then_with(|| names(one).cmp(&names(other)))
        });
        follows
    }
}
