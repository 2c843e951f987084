//! Pauses and the one extension.

use calendar::{ClockRules, Limit};
use catalogue::ItemId;

use super::Desk;
use crate::{
    ClockKind, ClockPaused, ClockResumed, DocRef, Event, ExtensionApproved, ExtensionDenied,
    ExtensionRequested, ExtensionRun, ExtensionState, Matter, MatterState, PauseKind, PlannedExtension,
    Refusal,
};

impl<'a> Desk<'a> {
    /// Statutory proceedings stop both clocks, but only once the applicant was told in writing how long they take; until
    /// then the clocks run, although the step is open. Local practice stops the promise alone.
    pub(super) fn pause(
        &self,
        item: &ItemId,
        kind: &PauseKind,
        needed: Option<Limit>,
        notice: Option<&DocRef>,
    ) -> Result<Vec<Event>, Refusal> {
        let matter = self.matter_in(item, &MatterState::Accepted)?;
        self.need_handler_of(matter)?;
        match kind {
            PauseKind::Statutory(_) if notice.is_none() || needed.is_none() => {
                return Err(Refusal::NoticeNeeded);
            }
            PauseKind::Local(id) if !self.context.edition.parts().local_pauses.contains_key(id) => {
                return Err(Refusal::NotPausable { item: item.clone() });
            }
            PauseKind::Statutory(_) | PauseKind::Local(_) => {}
        }
        if open_pause(matter, kind) {
            return Err(Refusal::AlreadyPaused);
        }
        let (item, pause, notice) = (item.clone(), kind.clone(), notice.cloned());
        Ok(vec![Event::from(ClockPaused { item, pause, needed, notice })])
    }

    pub(super) fn resume(&self, item: &ItemId, kind: &PauseKind) -> Result<Vec<Event>, Refusal> {
        let matter = self.matter_in(item, &MatterState::Accepted)?;
        self.need_handler_of(matter)?;
        if !open_pause(matter, kind) {
            return Err(Refusal::NotPaused);
        }
        Ok(vec![Event::from(ClockResumed { item: item.clone(), pause: kind.clone() })])
    }

    pub(super) fn request_extension(&self, item: &ItemId, reason: &DocRef) -> Result<Vec<Event>, Refusal> {
        let matter = self.matter_in(item, &MatterState::Accepted)?;
        self.need_handler_of(matter)?;
        extension_of(matter)?;
        match &matter.extension {
            Some(ExtensionRun {
                state: ExtensionState::Requested | ExtensionState::Approved { .. }, ..
            }) => {
                return Err(Refusal::ExtensionUsed { item: item.clone() });
            }
            Some(ExtensionRun { state: ExtensionState::Denied, .. }) | None => {}
        }
        self.need_in_time(matter)?;
        Ok(vec![Event::from(ExtensionRequested { item: item.clone(), reason: reason.clone() })])
    }

    pub(super) fn approve_extension(&self, item: &ItemId) -> Result<Vec<Event>, Refusal> {
        let (matter, extension, asked) = self.asked_extension(item)?;
        if asked.requested_by == self.context.actor.id {
            return Err(Refusal::OwnRequest);
        }
        self.need_in_time(matter)?;
        let lengthens_promise = !self.is_over(matter, ClockKind::Promised);
        let (more, reason) = (extension.limit, asked.reason.clone());
        Ok(vec![Event::from(ExtensionApproved { item: item.clone(), more, reason, lengthens_promise })])
    }

    pub(super) fn deny_extension(&self, item: &ItemId, reason: &DocRef) -> Result<Vec<Event>, Refusal> {
        self.asked_extension(item)?;
        Ok(vec![Event::from(ExtensionDenied { item: item.clone(), reason: reason.clone() })])
    }

    fn asked_extension(
        &self,
        item: &ItemId,
    ) -> Result<(&'a Matter, &'a PlannedExtension, &'a ExtensionRun), Refusal> {
        let matter = self.matter_in(item, &MatterState::Accepted)?;
        let extension = extension_of(matter)?;
        if !self.context.actor.roles().contains(&extension.approver) {
            return Err(Refusal::RoleNeeded { role: extension.approver.clone() });
        }
        match &matter.extension {
            Some(asked) if asked.state == ExtensionState::Requested => Ok((matter, extension, asked)),
            Some(asked) if asked.state != ExtensionState::Denied => {
                Err(Refusal::ExtensionUsed { item: item.clone() })
            }
            _ => Err(Refusal::ExtensionNotAsked { item: item.clone() }),
        }
    }

    /// A limit that has run out cannot be lengthened: the statutory one, or the promise where the statute sets none.
    fn need_in_time(&self, matter: &Matter) -> Result<(), Refusal> {
        let bound =
            if matter.plan.limits.statutory.is_some() { ClockKind::Statutory } else { ClockKind::Promised };
        if self.is_over(matter, bound) { Err(Refusal::TooLate { item: matter.item.clone() }) } else { Ok(()) }
    }

    fn is_over(&self, matter: &Matter, kind: ClockKind) -> bool {
        let edition = self.context.edition;
        let Some(clock) = matter.clock(kind) else { return false };
        let due = clock.due(edition.calendar(), &ClockRules::new(edition.offset()), self.now());
        !due.open && due.due_at <= self.now()
    }
}

fn open_pause(matter: &Matter, kind: &PauseKind) -> bool {
    matter.pauses.iter().any(|pause| pause.to.is_none() && pause.kind == *kind)
}

/// The declared extension, if it counts in the unit of the clock that it lengthens.
fn extension_of(matter: &Matter) -> Result<&PlannedExtension, Refusal> {
    let bound = matter.plan.limits.statutory.unwrap_or(matter.plan.limits.promised);
    match &matter.plan.limits.extension {
        Some(extension) if extension.limit.unit == bound.unit => Ok(extension),
        _ => Err(Refusal::NoExtension { item: matter.item.clone() }),
    }
}
