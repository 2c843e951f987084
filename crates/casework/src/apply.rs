//! Events into state. Total: an event that does not fit leaves the state alone, so that no log can stop a reader.

use std::sync::Arc;

use catalogue::{Channel, ItemId, StepId};
use engine::Folded;
use jiff::{SignedDuration, Timestamp};

use crate::case::Before;
use crate::matter::runs;
use crate::{
    ActedFor, ActedForApplicant, ActorId, ApplicantAct, Case, CaseOpened, Event, Happening, Matter,
    MatterOpened, MatterState, Message, Objection, PlannedStep, Rating, Stamp, StepDone, StepRun, StepState,
    TimelineEntry,
};

/// Within this time, those who come for one item and then for another came once.
const ONE_JOURNEY: SignedDuration = SignedDuration::from_hours(12);

impl Folded for Case {
    type Event = Event;

    /// The state after the first event; `None` if that is not the opening of a case.
    fn begin(event: &Event, stamp: &Stamp) -> Option<Self> {
        let Event::CaseOpened(opened) = event else { return None };
        Some(Self::opened(opened, stamp))
    }

    /// Takes one more event into account. Time never runs backwards: a stamp before the last one counts as the last.
    fn apply(&mut self, event: &Event, stamp: &Stamp) {
        let at = stamp.at.max(self.changed_at);
        let actor = if event.is_automatic() { &ActorId::system() } else { &stamp.actor };
        self.version += 1;
        self.changed_at = at;
        match event {
            Event::CaseOpened(_) => {}
            Event::AnswersRestated(event) => {
                self.answers = event.answers.clone();
                let same = self.acted_for.last_mut().filter(|acted| acted.at == at && acted.by == *actor);
                if let Some(acted) = same {
                    acted.after = Some(event.answers.clone());
                }
                // Who came came with other answers, perhaps as others: they are looked at again.
                let online = self.channel != Channel::Window;
                if event.same_people {
                    return;
                }
                for matter in self.matters.iter_mut().filter(|matter| matter.state == MatterState::Received) {
                    matter.awaits_presence = online && matter.plan.presence;
                }
            }
            Event::EditionMoved(event) => self.edition = event.edition,
            Event::MatterOpened(event) => {
                self.open_matter(event);
                self.note_results(at);
            }
            Event::ObjectionRaised(event) => {
                self.objections.push(Objection {
                    item: event.item.clone(),
                    text: event.text.clone(),
                    at,
                    answer: None,
                    taken_back: false,
                });
            }
            Event::ActedFor(event) => self.acted_for(event, at, actor),
            Event::ActUndone(event) => self.undo(event.acted, at),
            Event::ObjectionAnswered(event) => {
                if let Some(objection) = self.objections.get_mut(event.objection as usize) {
                    objection.answer = Some(event.text.clone());
                }
            }
            Event::Rated(event) => {
                self.rating = Some(Rating {
                    level: event.level,
                    comment: event.comment.clone(),
                    named: event.named,
                    at,
                });
            }
            Event::MessageSent(event) => self.messages.push(Message {
                item: event.item.clone(),
                from: event.from,
                text: event.text.clone(),
                at,
                by: actor.clone(),
            }),
            of_matter => {
                self.apply_to_matter(of_matter, at, actor);
                return;
            }
        }
        self.tell_event(event, at, actor);
    }
}

impl Case {
    /// An event of one matter, with what follows for the case: pauses that ended, visits, results, and what is told.
    fn apply_to_matter(&mut self, event: &Event, at: Timestamp, actor: &ActorId) {
        let Some(matter) = event.item().and_then(|item| self.matter_mut(item)) else { return };
        let came_at = matter.came_at;
        let visited = matter.apply(event, at, actor);
        if matches!(event, Event::PresenceTakenBack(_)) {
            self.unmake_visit(event.item(), came_at);
            self.tell_event(event, at, actor);
            return;
        }
        let came = matches!(event, Event::PartiesCame(_));
        let resumed = matter.close_ended_pauses(at);
        matter.note_awaited(at);
        if let Event::StepDone(done) = event {
            self.share_visit(done, at);
        }
        self.note_results(at);
        self.overtake(event, at, actor);
        // Whoever comes for several items comes once.
        let with_another = came
            && self.matters.iter().any(|other| {
                Some(&other.item) != event.item()
                    && other.came_at.is_some_and(|before| at.duration_since(before) < ONE_JOURNEY)
            });
        self.visits_made = self.visits_made.saturating_add(u16::from(visited && !with_another));
        self.tell_event(event, at, actor);
        for pause in resumed {
            self.tell(event.item().cloned(), at, actor, Happening::Resumed { pause });
        }
    }

    fn opened(opened: &CaseOpened, stamp: &Stamp) -> Self {
        let mut case = Self {
            number: opened.number.clone(),
            thing: opened.thing.clone(),
            edition: opened.edition,
            party: opened.party,
            channel: opened.channel,
            answers: opened.answers.clone(),
            opened_by: stamp.actor.clone(),
            received_at: opened.received_at,
            matters: Vec::new(),
            rating: None,
            objections: Vec::new(),
            messages: Vec::new(),
            acted_for: Vec::new(),
            version: 1,
            changed_at: stamp.at,
            visits_made: u16::from(opened.channel == catalogue::Channel::Window),
            entries: Vec::with_capacity(16),
        };
        case.tell(None, stamp.at, &stamp.actor, Happening::Submitted);
        case
    }

    fn open_matter(&mut self, event: &MatterOpened) {
        let waits = !event.plan.after.is_empty();
        let mut matter = Matter {
            item: event.item.clone(),
            department: event.department.clone(),
            feedback: event.feedback,
            state: if waits { MatterState::Waiting } else { MatterState::Received },
            steps: runs(&event.plan),
            plan: event.plan.clone(),
            received_at: event.received_at,
            entered_intake: !waits,
            awaits_presence: self.channel != Channel::Window && event.plan.presence,
            came_at: None,
            intake_ended_at: None,
            accepted_at: None,
            deemed: false,
            correction: None,
            corrections: 0,
            pauses: Vec::new(),
            awaited: Vec::new(),
            awaited_answers: Vec::new(),
            awaited_results: Vec::new(),
            extension: None,
            decided_at: None,
            results: Vec::new(),
            delivered: None,
            gap_closed_at: None,
            promise_kept: None,
            promise_checked_at: None,
            closed_at: None,
            warned: None,
            overdue: Vec::new(),
            overdue_explained: false,
        };
        matter.open_intake(event.received_at);
        match self.matters.iter_mut().find(|old| old.item == event.item) {
            // What was dropped may be called for again by corrected answers.
            Some(old) if old.state.is_over() => *old = matter,
            Some(_) => {}
            None => self.matters.push(matter),
        }
    }

    /// A journey that nobody made, unless the people came then for another item.
    fn unmake_visit(&mut self, item: Option<&ItemId>, came_at: Option<Timestamp>) {
        let Some(came_at) = came_at else { return };
        let for_another = self.matters.iter().any(|other| {
            Some(&other.item) != item
                && other.came_at.is_some_and(|at| at.duration_since(came_at).abs() < ONE_JOURNEY)
        });
        self.visits_made = self.visits_made.saturating_sub(u16::from(!for_another));
    }

    /// A joint visit is everybody's: its day and record stand at the other departments' steps, which stay theirs to end.
    fn share_visit(&mut self, done: &StepDone, at: Timestamp) {
        let joint = self.matter(&done.item).and_then(|matter| matter.plan.step(&done.step)?.joint);
        let Some(joint) = joint.filter(|_| done.joint) else { return };
        for matter in self.matters.iter_mut().filter(|matter| matter.item != done.item) {
            for (step, run) in matter.plan.steps.iter().zip(&mut matter.steps) {
                if step.joint == Some(joint) && !run.state.is_done() && run.visited.is_none() {
                    run.visited = Some((at, done.opinion.clone()));
                }
            }
        }
    }

    fn acted_for(&mut self, event: &ActedFor, at: Timestamp, actor: &ActorId) {
        let before = Before {
            matters: self.matters.clone(),
            answers: self.answers.clone(),
            objections: self.objections.len(),
        };
        self.acted_for.push(ActedForApplicant {
            at,
            by: actor.clone(),
            item: event.item.clone(),
            step: event.step.clone(),
            act: event.act,
            proof: event.proof.clone(),
            note: event.note.clone(),
            undone: false,
            followed_by: Vec::new(),
            after: None,
            overtaken: false,
            before: Arc::new(before),
        });
    }

    /// Notes that a person has gone on from what the window did. What the clocks did by themselves is done again.
    fn overtake(&mut self, event: &Event, at: Timestamp, actor: &ActorId) {
        if event.is_automatic()
            || event.is_aftercare()
            || matches!(event, Event::TaskClaimed(_) | Event::TaskReleased(_))
        {
            return;
        }
        let place = self.acted_for.len().saturating_sub(1);
        let last = self.acted_for.last().filter(|acted| acted.at == at && acted.by == *actor);
        let by_window = last.is_some().then(|| u32::try_from(place).unwrap_or(u32::MAX));
        for (at_place, acted) in self.acted_for.iter_mut().enumerate().filter(|(_, acted)| !acted.undone) {
            let same_act = by_window.is_some() && at_place == place;
            let touches = acted.item.is_none() || acted.item.as_ref() == event.item();
            if !touches || same_act {
                continue;
            }
            match by_window.filter(|_| at_place < place) {
                Some(later) if acted.followed_by.last() != Some(&later) => acted.followed_by.push(later),
                Some(_) => {}
                None => acted.overtaken = true,
            }
        }
    }

    /// Puts back what the window's act changed: the matter that it was about, and what fell with it.
    fn undo(&mut self, place: u32, at: Timestamp) {
        let Some(acted) = self.acted_for.get_mut(place as usize) else { return };
        acted.undone = true;
        let (before, done_at, item) = (acted.before.clone(), acted.at, acted.item.clone());
        if acted.act == ApplicantAct::Objection {
            if let Some(raised) = self.objections.get_mut(before.objections) {
                raised.taken_back = true;
            }
            return;
        }
        if matches!(acted.act, ApplicantAct::Answers | ApplicantAct::Correction) {
            self.answers = before.answers.clone();
            self.matters.retain(|matter| before.matters.iter().any(|old| old.item == matter.item));
        }
        for old in &before.matters {
            let Some(matter) = self.matters.iter_mut().find(|matter| matter.item == old.item) else {
                continue;
            };
            let fell = matter.closed_at == Some(done_at);
            if item.is_none() || item.as_ref() == Some(&old.item) || fell {
                *matter = old.clone();
                matter.note_awaited(at);
            }
        }
        self.note_results(at);
    }

    /// Writes down since when, and until when, open steps wait for the result of another item.
    fn note_results(&mut self, at: Timestamp) {
        for place in 0..self.matters.len() {
            let Some(matter) = self.matters.get(place) else { continue };
            let waits = matter.plan.steps.iter().any(|step| step.confirms.is_some());
            if !waits && matter.awaited_results.is_empty() {
                continue;
            }
            let open = self.waiting_steps(matter);
            if let Some(matter) = self.matters.get_mut(place) {
                crate::case::note_stretches(&mut matter.awaited_results, open, at);
            }
        }
    }

    /// Open steps of the matter that wait for the result of another item, each since when: no longer than the wait itself,
    /// which begins anew when the result is taken back.
    fn waiting_steps(&self, matter: &Matter) -> Vec<(StepId, Timestamp)> {
        if matter.state != MatterState::Accepted {
            return Vec::new();
        }
        let waits = |(step, run): (&PlannedStep, &StepRun)| {
            let StepState::Open { since } = run.state else { return None };
            let confirmed = step.confirms.as_ref()?;
            // What is over issues nothing any more: somebody has to say no.
            let to_come = self.matter(&confirmed.item).is_some_and(|other| !other.state.is_over());
            (to_come && self.awaits(confirmed)).then(|| (step.id.clone(), since))
        };
        matter.runs().filter_map(waits).collect()
    }

    pub(crate) fn tell(
        &mut self,
        item: Option<catalogue::ItemId>,
        at: Timestamp,
        actor: &ActorId,
        what: Happening,
    ) {
        self.entries.push(TimelineEntry { at, actor: actor.clone(), item, what });
    }
}
