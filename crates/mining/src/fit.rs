//! Conformance: each variant is aligned with the net of the declared steps by `process_mining`.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use process_mining::conformance::alignments::{
    AlignmentMove, AlignmentOptions, align_variants, compute_fitness,
};
use process_mining::core::event_data::case_centric::utils::activity_projection::EventLogActivityProjection;
use serde::Serialize;

use crate::declared::Declared;
use crate::log::{Ending, Log, Trace, Transition};

/// How well cases conform to the declared steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Fit {
    /// Cases checked.
    pub judged: u64,
    /// Of those, the cases in which every step came as declared.
    pub fitting: u64,
    /// Mean of 1 − cost / worst cost over the cases; 1 is full conformance. `None` when no case was checked.
    pub fitness: Option<f64>,
    /// Cases still open or broken off; they are not checked, because their remaining steps are unknown.
    pub open: u64,
    /// Cases without a declaration.
    pub undeclared: u64,
    /// Cases so far from the declaration that the search was given up.
    pub given_up: u64,
    /// Skipped and unexpected steps, most frequent first.
    pub strayed: Vec<Strayed>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Strayed {
    pub step: String,
    /// Cases in which it was skipped, or came too late to count.
    pub left_out: u64,
    /// Cases in which it came too early, or once too often.
    pub out_of_place: u64,
}

/// One deviation of a case from its declaration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stray {
    LeftOut(String),
    OutOfPlace(String),
}

/// States searched per variant before the alignment is given up.
const STATES_MAX: usize = 20_000;
/// Longer variants are not searched.
const LENGTH_MAX: usize = 200;

/// The result for one case.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    Undeclared,
    Open,
    GivenUp,
    Judged { fitness: f64, strays: Arc<BTreeSet<Stray>> },
}

type Sequence = Vec<usize>;

impl Fit {
    pub(crate) fn of(log: &Log, cases: &[usize]) -> Self {
        let mut fit = Self::default();
        let mut strayed: HashMap<&str, Strayed> = HashMap::new();
        let mut sum = 0.0;
        for case in cases {
            match &log.verdicts()[*case] {
                Verdict::Undeclared => fit.undeclared += 1,
                Verdict::Open => fit.open += 1,
                Verdict::GivenUp => fit.given_up += 1,
                Verdict::Judged { fitness, strays } => {
                    fit.judged += 1;
                    fit.fitting += u64::from(strays.is_empty());
                    sum += fitness;
                    for stray in &**strays {
                        let (Stray::LeftOut(step) | Stray::OutOfPlace(step)) = stray;
                        let named = || Strayed { step: step.clone(), ..Strayed::default() };
                        let note = strayed.entry(step).or_insert_with(named);
                        match stray {
                            Stray::LeftOut(_) => note.left_out += 1,
                            Stray::OutOfPlace(_) => note.out_of_place += 1,
                        }
                    }
                }
            }
        }
        #[allow(clippy::cast_precision_loss)]
        if fit.judged > 0 {
            fit.fitness = Some(sum / fit.judged as f64);
        }
        fit.strayed = strayed.into_values().collect();
        fit.strayed.sort_by(|one, other| {
            let weight = |each: &Strayed| each.left_out + each.out_of_place;
            weight(other).cmp(&weight(one)).then_with(|| one.step.cmp(&other.step))
        });
        fit
    }
}

/// Checks every case of a log. Where several alignments have the same cost, one of them is chosen and kept.
pub(crate) fn judge(log: &Log) -> Vec<Verdict> {
    let mut verdicts = vec![Verdict::Undeclared; log.traces.len()];
    let mut groups: HashMap<(u32, bool), HashMap<Sequence, Vec<usize>>> = HashMap::new();
    for (case, trace) in log.traces.iter().enumerate() {
        let Some((plan, declared)) = trace.plan.and_then(|plan| Some((plan, log.plans.get(plan as usize)?)))
        else {
            continue;
        };
        if matches!(trace.ending, Ending::Open | Ending::BrokenOff) {
            verdicts[case] = Verdict::Open;
            continue;
        }
        let sequence = steps_done(log, declared, trace);
        if sequence.len() > LENGTH_MAX {
            verdicts[case] = Verdict::GivenUp;
            continue;
        }
        let refused = trace.ending == Ending::Refused;
        groups.entry((plan, refused)).or_default().entry(sequence).or_default().push(case);
    }
    for ((plan, refused), sequences) in groups {
        let declared = &log.plans[plan as usize];
        let declared = if refused { declared.refused() } else { declared.clone() };
        judge_group(log, &declared, sequences, &mut verdicts);
    }
    verdicts
}

/// Checks all cases with the same declaration.
fn judge_group(
    log: &Log,
    declared: &Declared,
    sequences: HashMap<Sequence, Vec<usize>>,
    verdicts: &mut [Verdict],
) {
    let net = declared.net();
    let options = AlignmentOptions { max_states: Some(STATES_MAX), ..AlignmentOptions::default() };
    let (traces, members): (Vec<_>, Vec<_>) =
        sequences.into_iter().map(|(sequence, cases)| ((sequence, cases.len() as u64), cases)).unzip();
    let activities = log.names.clone();
    let projection = EventLogActivityProjection { activities, act_to_index: HashMap::new(), traces };
    for (way, cases) in align_variants(&net, &projection, &options).into_iter().zip(members) {
        let fitness = compute_fitness(std::slice::from_ref(&way), &net, &options);
        let verdict = match (&way.result, fitness) {
            (Ok(found), Ok(fitness)) => {
                let strays = found.moves.iter().filter_map(|step| match step {
                    AlignmentMove::ModelMove { transition } => {
                        net.transitions.get(&transition.0)?.label.clone().map(Stray::LeftOut)
                    }
                    AlignmentMove::LogMove { trace_event_index } => {
                        way.activities.get(*trace_event_index).cloned().map(Stray::OutOfPlace)
                    }
                    AlignmentMove::SyncMove { .. } => None,
                });
                let strays = Arc::new(strays.collect());
                Verdict::Judged { fitness: fitness.average_fitness, strays }
            }
            _ => Verdict::GivenUp,
        };
        for case in cases {
            verdicts[case] = verdict.clone();
        }
    }
}

/// The declared steps that a case did, in order; of a repeatable step only the last occurrence.
fn steps_done(log: &Log, declared: &Declared, trace: &Trace) -> Sequence {
    let done = trace.events.iter().filter(|event| event.transition == Transition::Complete);
    let all: Vec<(usize, bool)> = done
        .filter_map(|event| {
            let step = declared.step(log.name(event.activity))?;
            Some((event.activity as usize, step.again))
        })
        .collect();
    let counts = |place: usize, (activity, again): &(usize, bool)| {
        !again || !all[place + 1..].iter().any(|(later, _)| later == activity)
    };
    let kept = all.iter().enumerate().filter(|(place, each)| counts(*place, each));
    kept.map(|(_, (activity, _))| *activity).collect()
}
