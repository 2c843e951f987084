//! Who may do what, as far as the plan and the roles of the edition say.

use catalogue::{DepartmentId, ItemId, Role, RoleRank, StepKind, StepOf};

use super::Desk;
use crate::{ActorId, Context, Doer, Matter, PlannedStep, Refusal, Standing, StepRun};

impl Desk<'_> {
    /// The step's own role; or whoever stands in where the applicant or the engine would act.
    pub(super) fn may_take(&self, matter: &Matter, step: &PlannedStep) -> Result<(), Refusal> {
        let actor = self.context.actor;
        let allowed = match &step.by {
            Doer::Role { role, .. } => {
                if actor.roles().contains(role) {
                    return Ok(());
                }
                return Err(Refusal::RoleNeeded { role: role.clone() });
            }
            Doer::Applicant => {
                if !self.proven && is_window(&self.context) {
                    return Err(Refusal::ProofNeeded);
                }
                actor.is_applicant_side()
                    || is_window(&self.context)
                    || step.kind == StepKind::Pay && actor.standing == Standing::System
            }
            Doer::System => actor.standing == Standing::System || self.is_officer_of(matter),
        };
        if allowed { Ok(()) } else { Err(Refusal::NotAllowed) }
    }

    /// A claimed task belongs to whoever claimed it; the head of the department may step in, and the engine gives back what
    /// somebody holds who cannot do it any more.
    pub(super) fn may_touch(&self, item: &ItemId, step: &PlannedStep, run: &StepRun) -> Result<(), Refusal> {
        match &run.claimed_by {
            Some(_) if self.context.actor.standing == Standing::System => Ok(()),
            Some(officer) if *officer != self.context.actor.id && !self.is_head_for(step) => {
                Err(Refusal::ClaimedByOther { step: StepOf::new(item, &step.id) })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn is_head_for(&self, step: &PlannedStep) -> bool {
        match &step.by {
            Doer::Role { department, .. } => self.is_head_of(department),
            _ => false,
        }
    }

    pub(super) fn is_head_of(&self, department: &DepartmentId) -> bool {
        roles(&self.context).any(|role| {
            role.rank == RoleRank::Leader || role.rank == RoleRank::Head && role.department == *department
        })
    }

    pub(super) fn is_officer_of(&self, matter: &Matter) -> bool {
        matter.is_worked_by(self.context.actor.roles(), self.context.edition)
    }

    pub(super) fn need_officer_of(&self, matter: &Matter) -> Result<(), Refusal> {
        if self.is_officer_of(matter) { Ok(()) } else { Err(Refusal::NotAllowed) }
    }

    pub(super) fn need_handler_of(&self, matter: &Matter) -> Result<(), Refusal> {
        let handles = matter.is_handled_by(self.context.actor.roles(), self.context.edition);
        if handles { Ok(()) } else { Err(Refusal::NotAllowed) }
    }

    /// The applicant, the agent, or the window for a person who stands before it.
    pub(super) fn need_applicant_side(&self) -> Result<(), Refusal> {
        if self.context.actor.is_applicant_side() {
            return Ok(());
        }
        match (is_window(&self.context), self.proven) {
            (true, true) => Ok(()),
            (true, false) => Err(Refusal::ProofNeeded),
            (false, _) => Err(Refusal::NotAllowed),
        }
    }

    /// Different officers in the record, the one who records among them.
    pub(super) fn need_officers(
        &self,
        item: &ItemId,
        step: &PlannedStep,
        named: &[ActorId],
    ) -> Result<Vec<ActorId>, Refusal> {
        let mut others: Vec<ActorId> = Vec::with_capacity(named.len());
        for officer in named {
            if *officer != self.context.actor.id && !others.contains(officer) {
                others.push(officer.clone());
            }
        }
        let recorder = usize::from(matches!(self.context.actor.standing, Standing::Officer { .. }));
        let count = others.len() + recorder;
        let needed = if step.by == Doer::System || step.by == Doer::Applicant { 0 } else { step.officers };
        if count < usize::from(needed) {
            return Err(Refusal::OfficersNeeded { step: StepOf::new(item, &step.id), needed, named: count });
        }
        Ok(others)
    }
}

fn roles<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Role> {
    context.actor.roles().iter().filter_map(|role| context.edition.role(role))
}

pub(super) fn is_window(context: &Context<'_>) -> bool {
    roles(context).any(|role| role.window)
}
