//! Which acts need a reason, and what whoever gave none is told: what fits the act, not what fits a refusal.

use casework::Doer;
use catalogue::{ItemId, StepKind};
use identifier::NoReason;

use crate::case::act::Act;
use crate::case::load::LoadedCase;
use crate::error::{NotPossible, Result};

/// The text, cleaned, if it says why; see [`identifier::reason`].
///
/// # Errors
/// `ReasonMissing` where nothing was written, `short` where it does not say why.
pub(crate) fn reason(typed: &str, short: NotPossible) -> Result<String> {
    identifier::reason(typed).map_err(|lacking| match lacking {
        NoReason::Missing => NotPossible::ReasonMissing.into(),
        NoReason::Short => short.into(),
    })
}

/// What was written where the act needs a reason says why. That nothing was written the engine refuses, which knows the article.
pub(crate) fn need_reasons(loaded: &LoadedCase, act: &Act) -> Result<()> {
    let written = |text: &String, short| match identifier::reason(text) {
        Err(NoReason::Short) => Err(short),
        Ok(_) | Err(NoReason::Missing) => Ok(()),
    };
    match act {
        Act::NotRequired { reason, .. }
        | Act::NotOurRemit { reason, .. }
        | Act::DenyExtension { reason, .. }
        | Act::Refuse { reason, .. }
        | Act::ChangeResult { reason, .. }
        | Act::VerifyPromise { record: reason, kept: false, .. } => {
            written(reason, NotPossible::ReasonShort)?
        }
        Act::RequestExtension { reason, .. } => written(reason, NotPossible::ExtensionShort)?,
        Act::ExplainOverdue { text, .. } => written(text, NotPossible::OverrunShort)?,
        Act::AskCorrection(correction) => {
            correction.again.iter().try_for_each(|again| written(again, NotPossible::AgainShort))?;
        }
        Act::Grant { item, opinion, .. } => {
            let against = loaded.case.matter(item).is_some_and(|matter| matter.adverse().next().is_some());
            if against {
                written(opinion, NotPossible::GrantShort)?;
            }
            if told_in(loaded, item) && !identifier::says_something(opinion) {
                return Err(NotPossible::TellMissing.into());
            }
        }
        Act::CompleteStep { item, step, yes, opinion, checked, .. } => {
            let planned = loaded.case.matter(item).and_then(|matter| matter.plan.step(step));
            if !planned.is_some_and(|step| matches!(step.by, Doer::Role { .. })) {
                return Ok(());
            }
            checked.reasons.iter().try_for_each(|text| written(text, NotPossible::ReasonShort))?;
            if !*yes && !checked.explains_all() {
                written(opinion, NotPossible::ReasonShort)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Whether the decision that is due has to tell the applicant something.
fn told_in(loaded: &LoadedCase, item: &ItemId) -> bool {
    let Some((matter, declared)) = loaded.case.matter(item).zip(loaded.edition.item(item)) else {
        return false;
    };
    let mut due = matter.open_steps().filter(|(step, _)| step.kind == StepKind::Decide);
    due.any(|(step, _)| declared.step(&step.id).is_some_and(|step| step.tells.is_some()))
}
