//! Withdrawal, objection, rating, messages, and the public word on lateness.

use catalogue::ItemId;

use super::Desk;
use crate::{
    DocRef, Event, MessageSent, ObjectionAnswered, ObjectionRaised, OverdueExplained, Rated, Refusal, Side,
    Standing, Withdrawn,
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
        let Some(item) = item else {
            let undecided = self.case.matters.iter().filter(|matter| matter.state.is_undecided());
            let events: Vec<Event> = undecided.map(|matter| withdrawn(&matter.item)).collect();
            return if events.is_empty() { Err(Refusal::NothingFits) } else { Ok(events) };
        };
        if self.open_matter(item)?.state.is_undecided() {
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
                Ok(vec![Event::from(ObjectionAnswered { objection, text: text.clone() })])
            }
            _ => Err(Refusal::NoSuchObjection { objection }),
        }
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
