//! The declared steps of a case as a Petri net for conformance checking.

use process_mining::PetriNet;
use process_mining::core::process_models::case_centric::petri_net::{
    ArcType, Marking, PlaceID, TransitionID,
};
use serde::{Deserialize, Serialize};

/// The steps that a case should go through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Declared {
    pub steps: Vec<DeclaredStep>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeclaredStep {
    /// The activity's name in the log.
    pub name: String,
    /// Indices of the steps that come before it.
    pub after: Vec<usize>,
    /// May be skipped.
    pub optional: bool,
    /// May be repeated before the case goes on; only its last occurrence counts.
    pub again: bool,
    /// The case may end with this step; steps that do not precede it are then optional.
    pub decides: bool,
}

impl Declared {
    pub fn has(&self, name: &str) -> bool {
        self.step(name).is_some()
    }

    pub fn step(&self, name: &str) -> Option<&DeclaredStep> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// The same steps for a case that ended with its decision: steps that the decision does not need become
    /// optional.
    pub fn refused(&self) -> Self {
        let mut needed: Vec<bool> = self.steps.iter().map(|step| step.decides).collect();
        // Closes the set over predecessors; repeated because steps may be declared in any order.
        for _ in 0..self.steps.len() {
            for (place, step) in self.steps.iter().enumerate() {
                if needed[place] {
                    for before in &step.after {
                        needed[*before] = true;
                    }
                }
            }
        }
        let steps = self.steps.iter().zip(needed);
        let steps =
            steps.map(|(step, needed)| DeclaredStep { optional: step.optional || !needed, ..step.clone() });
        Self { steps: steps.collect() }
    }

    /// A workflow net: a Petri net place for each *after*, and a silent transition around each optional step.
    pub fn net(&self) -> PetriNet {
        let mut net = PetriNet::new();
        let (source, sink) = (net.add_place(None), net.add_place(None));
        let begin = net.add_transition(None, None);
        let end = net.add_transition(None, None);
        into(&mut net, source, begin);
        out(&mut net, end, sink);
        let mut before: Vec<Vec<PlaceID>> = vec![Vec::new(); self.steps.len()];
        let mut after: Vec<Vec<PlaceID>> = vec![Vec::new(); self.steps.len()];
        for (place, step) in self.steps.iter().enumerate() {
            for earlier in &step.after {
                let between = net.add_place(None);
                before[place].push(between);
                after[*earlier].push(between);
            }
            if step.after.is_empty() {
                let ready = net.add_place(None);
                out(&mut net, begin, ready);
                before[place].push(ready);
            }
        }
        for places in &mut after {
            if places.is_empty() {
                let done = net.add_place(None);
                into(&mut net, done, end);
                places.push(done);
            }
        }
        for (place, step) in self.steps.iter().enumerate() {
            let around = step.optional.then_some(None);
            for label in std::iter::once(Some(step.name.clone())).chain(around) {
                let transition = net.add_transition(label, None);
                before[place].iter().for_each(|each| into(&mut net, *each, transition));
                after[place].iter().for_each(|each| out(&mut net, transition, *each));
            }
        }
        net.initial_marking = Some(Marking::from([(source, 1)]));
        net.final_markings = Some(vec![Marking::from([(sink, 1)])]);
        net
    }

    /// The net as PNML, for other programs.
    pub fn pnml(&self) -> Vec<u8> {
        use process_mining::Exportable as _;
        let mut bytes = Vec::new();
        let written = self.net().export_to_writer(&mut bytes, "pnml");
        debug_assert!(written.is_ok(), "memory takes everything");
        bytes
    }
}

fn into(net: &mut PetriNet, place: PlaceID, transition: TransitionID) {
    net.add_arc(ArcType::place_to_transition(place, transition), None);
}

fn out(net: &mut PetriNet, transition: TransitionID, place: PlaceID) {
    net.add_arc(ArcType::transition_to_place(transition, place), None);
}
