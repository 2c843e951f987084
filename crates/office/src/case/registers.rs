//! Numbers that others give: what registers said belongs to the key by which it was found, and what another item assigns is
//! awaited.

use std::collections::BTreeSet;

use catalogue::{FieldId, ItemId};

use crate::case::LoadedCase;
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

impl Office {
    /// What a result prints and another item of the case assigns is there before it is made out.
    pub(crate) async fn need_assigned(
        &self,
        loaded: &LoadedCase,
        item: &ItemId,
        result: &catalogue::ResultId,
    ) -> Result<()> {
        let Some(declared) = loaded.edition.item(item).and_then(|item| item.results.get(result)) else {
            return Ok(());
        };
        let code = declared.holder.as_ref().and_then(|holder| holder.code.as_ref());
        let printed: BTreeSet<&FieldId> = declared.fields.iter().chain(code).collect();
        let answers = self.answers(loaded).await?;
        let others =
            loaded.case.matters.iter().filter(|matter| matter.item != *item && !matter.state.is_over());
        let assigned = others
            .filter_map(|matter| loaded.edition.item(&matter.item))
            .flat_map(|item| item.steps.values().flat_map(|step| &step.assigns));
        let mut awaited = assigned.filter(|each| printed.contains(&each.field));
        if awaited.any(|each| answers.value(each.field.as_str()).is_none()) {
            return Err(NotPossible::NumberAwaited.into());
        }
        Ok(())
    }

    /// What a register said belongs to the key by which it was found: under another key it is what the register says of that
    /// one, and where it says nothing, nobody goes on with what it said of the other.
    pub(crate) async fn let_go_of_registers(
        &self,
        loaded: &LoadedCase,
        before: &form::Answers,
        given: &form::Answers,
        facts: &[(FieldId, form::Known)],
        merged: &mut form::Answers,
    ) -> Result<()> {
        let kept = self.facts_kept(loaded).await?;
        let stale = kept.iter().filter(|(field, known)| {
            known.source.registry().is_some()
                && !known.holds(&loaded.edition, merged)
                && given.get(field.as_str()).is_none()
                && before.value(field.as_str()) == Some(&known.value)
        });
        let stale: Vec<FieldId> = stale.map(|(field, _)| field.clone()).collect();
        for field in stale {
            let Some((_, fact)) = facts.iter().find(|(each, _)| *each == field) else {
                return Err(NotPossible::RegisterSilent.into());
            };
            merged.give(field, fact.value.clone());
        }
        Ok(())
    }

    /// What only repeats a register in an item is not put right there: the register is.
    pub(crate) async fn need_fixed_kept(
        &self,
        loaded: &LoadedCase,
        facts: &[(FieldId, form::Known)],
        before: &form::Answers,
        merged: &form::Answers,
    ) -> Result<()> {
        let mut known = self.known_facts(loaded, merged).await?;
        facts.iter().cloned().for_each(|(field, fact)| known.insert(field, fact));
        let open = loaded.case.matters.iter().filter(|matter| !matter.state.is_over());
        let items: Vec<_> = open.filter_map(|matter| loaded.edition.item(&matter.item)).collect();
        let fixed = |field: &FieldId| items.iter().find_map(|item| item.fixed(field));
        let wrong = known.iter().filter(|(field, fact)| {
            fact.source.registry().is_some()
                && before.get(field.as_str()) != merged.get(field.as_str())
                && merged.value(field.as_str()) != Some(&fact.value)
        });
        let problems: Vec<form::Problem> = wrong
            .filter_map(|(field, fact)| {
                Some(form::Problem::fixed(loaded.edition.field(field)?, &fact.value, fixed(field)?))
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(OfficeError::Unfit(problems)) }
    }
}
