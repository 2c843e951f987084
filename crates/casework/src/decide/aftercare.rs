//! Withdrawal, objection, rating, messages, and the public word on lateness.

use catalogue::ItemId;

use super::Desk;
use crate::{
    ApplicantAct, DocRef, Event, Matter, MessageSent, ObjectionAnswered, ObjectionRaised, OverdueExplained,
    Rated, Refusal, Side, Standing, StepRun, StepState, Withdrawn,
};

impl Desk<'_> {
    /// Any time before the decision.
    pub(super) fn withdraw(
        &self,
        item: Option<&ItemId>,
        reason: Option<&DocRef>,
    ) -> Result<Vec<Event>, Refusal> {
        self.need_applicant_side()?;
        let withdrawn =
            |item: &ItemId| Event::from(Withdrawn { item: item.clone(), reason: reason.cloned() });
        let mut meant =
            self.case.matters.iter().filter(|matter| item.is_none_or(|item| matter.item == *item));
        // Those who came together to apply give it up together: at the window, which sees who they are.
        let together = |matter: &&Matter| {
            matter.may_be_withdrawn() && matter.plan.presence && !matter.awaits_presence && !self.proven
        };
        if let Some(matter) = meant.find(|matter| together(matter)) {
            return Err(Refusal::WithdrawTogether { item: matter.item.clone() });
        }
        let Some(item) = item else {
            let open = self.case.matters.iter().filter(|matter| matter.may_be_withdrawn());
            let events: Vec<Event> = open.map(|matter| withdrawn(&matter.item)).collect();
            return if events.is_empty() { Err(Refusal::NothingFits) } else { Ok(events) };
        };
        if self.open_matter(item)?.may_be_withdrawn() {
            Ok(vec![withdrawn(item)])
        } else {
            Err(Refusal::WrongState { item: item.clone() })
        }
    }

    pub(super) fn object(&self, item: Option<&ItemId>, text: &DocRef) -> Result<Vec<Event>, Refusal> {
        self.need_applicant_side()?;
        if let Some(item) = item {
            self.matter(item)?;
        }
        Ok(vec![Event::from(ObjectionRaised { item: item.cloned(), text: text.clone() })])
    }

    pub(super) fn answer_objection(&self, objection: u32, text: &DocRef) -> Result<Vec<Event>, Refusal> {
        self.need_involved_officer()?;
        match self.case.objections.get(objection as usize) {
            Some(raised) if raised.is_open() => {
                // An answer closes the objection: it is for those whose decision it is about.
                if let Some(matter) = raised.item.as_ref().and_then(|item| self.case.matter(item)) {
                    if !self.is_head_of(&matter.department) {
                        self.need_handler_of(matter)?;
                    }
                    if self.had_a_hand_in(matter, raised.at) {
                        return Err(Refusal::OwnWork);
                    }
                }
                Ok(vec![Event::from(ObjectionAnswered { objection, text: text.clone() })])
            }
            _ => Err(Refusal::NoSuchObjection { objection }),
        }
    }

    /// Did a step of the matter, or entered the objection for the applicant.
    fn had_a_hand_in(&self, matter: &Matter, raised_at: jiff::Timestamp) -> bool {
        let own = &self.context.actor.id;
        let did = |run: &StepRun| matches!(&run.state, StepState::Done { by, .. } if by == own);
        let entered = |acted: &crate::ActedForApplicant| {
            acted.act == ApplicantAct::Objection && acted.at == raised_at && acted.by == *own
        };
        matter.runs().any(|(_, run)| did(run)) || self.case.acted_for.iter().any(entered)
    }

    /// Five levels, once, when something is finished. It is about how the applicant was served, so that nobody gives it for them:
    /// an agent would use up the one that there is.
    pub(super) fn rate(
        &self,
        level: u8,
        comment: Option<&DocRef>,
        named: bool,
    ) -> Result<Vec<Event>, Refusal> {
        match self.context.actor.standing {
            Standing::Applicant => {}
            Standing::Agent => return Err(Refusal::AgentCannotRate),
            Standing::Officer { .. } | Standing::System => return Err(Refusal::NotAllowed),
        }
        if !(1..=5).contains(&level) {
            return Err(Refusal::BadLevel { level });
        }
        if self.case.rating.is_some() {
            return Err(Refusal::AlreadyRated);
        }
        if !self.case.matters.iter().any(|matter| matter.state.is_over() || matter.decided_at.is_some()) {
            return Err(Refusal::NotYetRatable);
        }
        Ok(vec![Event::from(Rated { level, comment: comment.cloned(), named })])
    }

    pub(super) fn message(&self, item: Option<&ItemId>, text: &DocRef) -> Result<Vec<Event>, Refusal> {
        if let Some(item) = item {
            self.matter(item)?;
        }
        let from = if self.context.actor.is_applicant_side() {
            Side::Applicant
        } else {
            self.need_involved_officer()?;
            Side::Administration
        };
        Ok(vec![Event::from(MessageSent { item: item.cloned(), from, text: text.clone() })])
    }

    pub(super) fn explain_overdue(&self, item: &ItemId, text: &DocRef) -> Result<Vec<Event>, Refusal> {
        let matter = self.matter(item)?;
        self.need_officer_of(matter)?;
        if !matter.has_overrun() {
            return Err(Refusal::NothingOverdue { item: item.clone() });
        }
        Ok(vec![Event::from(OverdueExplained { item: item.clone(), text: text.clone() })])
    }

    /// An officer of any matter of the case, the window, or the engine.
    fn need_involved_officer(&self) -> Result<(), Refusal> {
        let involved = self.context.actor.standing == Standing::System
            || self.case.matters.iter().any(|matter| self.is_officer_of(matter))
            || super::rights::is_window(&self.context);
        if involved { Ok(()) } else { Err(Refusal::NotAllowed) }
    }
}
