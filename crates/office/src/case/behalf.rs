//! What must be true of people before an act is judged: who stands in a record, and how a window knows what the
//! applicant wants.

use casework::{Doer, Proof, Refusal};
use catalogue::{DepartmentId, ItemId, StepId, StepKind};

use crate::account::{AccountId, Standing};
use crate::case::By;
use crate::case::act::{Act, Shown};
use crate::case::load::LoadedCase;
use crate::case::wire::OfficeEvent;
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

impl Office {
    /// Whoever stands in the record of a step, or is given it, works in the department whose step it is (行政许可法 Art. 34):
    /// others cannot conclude for it. Of people without accounts, as in plays, the caller's word is taken, for who acts as for who is named.
    pub(crate) async fn need_own_officers(&self, loaded: &LoadedCase, act: &Act, by: By<'_>) -> Result<()> {
        let (item, step, officers) = match act {
            Act::CompleteStep { item, step, officers, .. } => (item, Some(step), officers.as_slice()),
            Act::Grant { item, officers, .. } | Act::Refuse { item, officers, .. } => {
                (item, None, officers.as_slice())
            }
            Act::Claim { item, step, officer: Some(officer) } => {
                (item, Some(step), std::slice::from_ref(officer))
            }
            _ => return Ok(()),
        };
        let By::Viewer(viewer) = by else { return Ok(()) };
        if officers.is_empty() || self.account_row(viewer.id).await?.is_none() {
            return Ok(());
        }
        let Some((step, department)) = department_of(loaded, item, step) else { return Ok(()) };
        let planned = loaded.case.matter(item).and_then(|matter| matter.plan.step(&step));
        let doer = planned.and_then(|planned| planned.by.role().cloned());
        for officer in officers {
            let row = match officer.parse::<AccountId>() {
                Ok(account) => self.account_row(account).await?,
                Err(_) => None,
            };
            // Who is given a step has to be able to do it.
            let able = match (act, &doer) {
                (Act::Claim { .. }, Some(role)) => row.as_ref().is_some_and(|row| row.roles.contains(role)),
                _ => true,
            };
            let works_there = able
                && row.is_some_and(|row| {
                    let there = |department: &DepartmentId| {
                        let mut roles = row.roles.iter().filter_map(|role| loaded.edition.role(role));
                        roles.any(|role| role.department == *department)
                    };
                    row.open && row.standing == Standing::Officer && department.as_ref().is_none_or(there)
                });
            if !works_there {
                let step = catalogue::StepOf::new(item, &step);
                return Err(Refusal::OfficerOfOther { step }.into());
            }
        }
        Ok(())
    }

    /// The proof as the record keeps it; a number must be served at the officer's window, digits must be right.
    pub(crate) async fn shown(&self, loaded: &LoadedCase, shown: &Shown, by: By<'_>) -> Result<Proof> {
        let By::Viewer(viewer) = by else { return Err(OfficeError::Denied) };
        Ok(match shown {
            Shown::Ticket => {
                let ticket = self.ticket_served_by(viewer).await?.ok_or(NotPossible::NobodyAtWindow)?;
                // A number proves who stands there only where the case came in with it, or it was taken for that case by
                // somebody who may open it.
                let linked = OfficeEvent::TicketLinked { ticket: ticket.clone(), by_hand: false };
                let about = self.ticket_about(&ticket, viewer).await?;
                let taken_for_it = about.case_number == *loaded.case.number;
                if !loaded.office_events.contains(&linked) && !taken_for_it {
                    return Err(NotPossible::TicketOfOther.into());
                }
                Proof::Ticket { number: ticket.number.to_string().into() }
            }
            Shown::IdentitySeen => Proof::IdentitySeen,
            Shown::PaperSigned => Proof::PaperSigned,
            Shown::PapersBrought => Proof::PapersBrought,
            Shown::PhoneDigits(digits) => {
                let phone = self.party(loaded.id).await?.phone;
                let known: String = phone.chars().filter(char::is_ascii_digit).collect();
                let told = digits.trim();
                if told.len() != 4 || known.len() < 4 || !known.ends_with(told) {
                    return Err(NotPossible::DigitsWrong.into());
                }
                Proof::PhoneDigits
            }
        })
    }
}

/// The step that is meant, and whose it is: no department's where the engine or the applicant has it.
fn department_of(
    loaded: &LoadedCase,
    item: &ItemId,
    step: Option<&StepId>,
) -> Option<(StepId, Option<DepartmentId>)> {
    let matter = loaded.case.matter(item)?;
    let step = match step {
        Some(step) => matter.plan.step(step)?,
        None => matter.open_steps().map(|(step, _)| step).find(|step| step.kind == StepKind::Decide)?,
    };
    let department = match &step.by {
        Doer::Role { department, .. } => Some(department.clone()),
        Doer::Applicant | Doer::System => None,
    };
    Some((step.id.clone(), department))
}
