//! Whether steps came as declared: each way is aligned with the net of what was declared, by `process_mining`.

use std::collections::HashMap;

use process_mining::conformance::alignments::{
    AlignmentMove, AlignmentOptions, align_variants, compute_fitness,
};
use process_mining::core::event_data::case_centric::utils::activity_projection::EventLogActivityProjection;
use serde::Serialize;

use crate::declared::Declared;
use crate::log::{Ending, Log, Transition};

/// How well cases fit what was declared.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Fit {
    /// Cases that were judged, and those of them in which every step came as declared.
    pub judged: u64,
    pub fitting: u64,
    /// Mean over the cases of one less cost over worst cost; 1 is as declared. None when no case was judged.
    pub fitness: Option<f64>,
    /// Cases that are still open, or were broken off: what was to come is not known.
    pub open: u64,
    /// Cases that nothing was declared for.
    pub undeclared: u64,
    /// Cases so far from what was declared that the search was given up.
    pub given_up: u64,
    /// Steps that were left out, or came although they were not to, most frequent first.
    pub strayed: Vec<Strayed>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Strayed {
    pub step: String,
    /// Cases in which it was left out, or came too late to count.
    pub left_out: u64,
    /// Cases in which it came before its time, or once too often.
    pub out_of_place: u64,
}

/// States that are looked at for one way before it is given up.
const STATES_MAX: usize = 20_000;
/// Longer sequences are not searched.
const LENGTH_MAX: usize = 200;

/// What was found of each case, in the order of the cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Fits,
    Strays,
    Unjudged,
}

type Sequence = Vec<usize>;

impl Fit {
    pub(crate) fn of(log: &Log, cases: &[usize]) -> (Self, Vec<Verdict>) {
        let mut fit = Self::default();
        let mut verdicts = vec![Verdict::Unjudged; cases.len()];
        let mut groups: HashMap<(u32, bool), HashMap<Sequence, Vec<usize>>> = HashMap::new();
        for (place, case) in cases.iter().enumerate() {
            let trace = &log.traces[*case];
            let Some(plan) = trace.plan.filter(|plan| log.plans.get(*plan as usize).is_some()) else {
                fit.undeclared += 1;
                continue;
            };
            if matches!(trace.ending, Ending::Open | Ending::BrokenOff) {
                fit.open += 1;
                continue;
            }
            let declared = &log.plans[plan as usize];
            let sequence = steps_done(log, declared, *case);
            let refused = trace.ending == Ending::Refused;
            groups.entry((plan, refused)).or_default().entry(sequence).or_default().push(place);
        }
        let mut strayed: HashMap<String, Strayed> = HashMap::new();
        let mut sum = 0.0;
        for ((plan, refused), sequences) in groups {
            let declared = &log.plans[plan as usize];
            let declared = if refused { declared.refused() } else { declared.clone() };
            sum += fit.judge(log, &declared, sequences, &mut verdicts, &mut strayed);
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
        (fit, verdicts)
    }

    /// Judges all that one declaration holds for; returns the sum of the fitness of its cases.
    fn judge(
        &mut self,
        log: &Log,
        declared: &Declared,
        sequences: HashMap<Sequence, Vec<usize>>,
        verdicts: &mut [Verdict],
        strayed: &mut HashMap<String, Strayed>,
    ) -> f64 {
        let net = declared.net();
        let options = AlignmentOptions { max_states: Some(STATES_MAX), ..AlignmentOptions::default() };
        let (mut traces, mut members) = (Vec::new(), Vec::new());
        for (sequence, cases) in sequences {
            if sequence.len() > LENGTH_MAX {
                self.given_up += cases.len() as u64;
                continue;
            }
            traces.push((sequence, cases.len() as u64));
            members.push(cases);
        }
        let activities = log.names.clone();
        let projection = EventLogActivityProjection { activities, act_to_index: HashMap::new(), traces };
        let mut sum = 0.0;
        for (way, cases) in align_variants(&net, &projection, &options).into_iter().zip(&members) {
            let Ok(found) = &way.result else {
                self.given_up += cases.len() as u64;
                continue;
            };
            let fits = found.cost == 0;
            self.judged += cases.len() as u64;
            self.fitting += if fits { cases.len() as u64 } else { 0 };
            for case in cases {
                verdicts[*case] = if fits { Verdict::Fits } else { Verdict::Strays };
            }
            let count = cases.len() as u64;
            for step in &found.moves {
                match step {
                    AlignmentMove::ModelMove { transition } => {
                        let label = net.transitions.get(&transition.0).and_then(|each| each.label.clone());
                        if let Some(label) = label {
                            note(strayed, &label).left_out += count;
                        }
                    }
                    AlignmentMove::LogMove { trace_event_index } => {
                        if let Some(name) = way.activities.get(*trace_event_index) {
                            note(strayed, name).out_of_place += count;
                        }
                    }
                    AlignmentMove::SyncMove { .. } => {}
                }
            }
            let one = compute_fitness(std::slice::from_ref(&way), &net, &options);
            #[allow(clippy::cast_precision_loss)]
            if let Ok(one) = one {
                sum += one.average_fitness * cases.len() as f64;
            }
        }
        sum
    }
}

fn note<'a>(strayed: &'a mut HashMap<String, Strayed>, step: &str) -> &'a mut Strayed {
    strayed.entry(step.to_owned()).or_insert_with(|| Strayed { step: step.to_owned(), ..Strayed::default() })
}

/// The declared steps that a case did, in order; of a step that may be done again, only the last time.
fn steps_done(log: &Log, declared: &Declared, case: usize) -> Sequence {
    let done = log.traces[case].events.iter().filter(|event| event.transition == Transition::Complete);
    let all: Vec<(usize, bool)> = done
        .filter_map(|event| {
            let step = declared.step(log.name(event.activity))?;
            Some((event.activity as usize, step.again))
        })
        .collect();
    let counts = |place: usize, (activity, again): &(usize, bool)| {
        !again || !all[place + 1..].iter().any(|(later, _)| later == activity)
    };
    all.iter()
        .enumerate()
        .filter(|(place, each)| counts(*place, each))
        .map(|(_, (activity, _))| *activity)
        .collect()
}
