//! Codes that come into being in a case, and which identifiers of a case are more than somebody's word.

use std::collections::BTreeSet;

use catalogue::{Field, FieldId, FieldKind, ItemId, ResultId, StepKind};
use expression::Value;
use form::{Answers, Known, KnownFacts};
use identifier::CreditCode;

use crate::account::Viewer;
use crate::case::perform::{Extras, HandedIn, day_of, need_no_own_interest};
use crate::case::wire::OfficeEvent;
use crate::case::{By, CaseId, LoadedCase};
use crate::error::{Fault, NotPossible, OfficeError, Result};
use crate::office::Office;

/// A code that this act gives to the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assigned {
    pub field: FieldId,
    pub code: String,
}

/// On whose word an identifier of a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It came into being in this case.
    Assigned,
    /// A registry has a record under it.
    Registry,
    /// An officer held it against the original.
    Original,
    /// The applicant's alone, and a registry knows the number under another name than the one that stands beside it.
    OtherName,
    /// The applicant's alone.
    Stated,
    /// No number, but printed on a result, and a registry says otherwise.
    Differs,
}

impl Proof {
    /// More than the applicant says so.
    pub const fn bears_out(self) -> bool {
        match self {
            Self::Assigned | Self::Registry | Self::Original => true,
            Self::OtherName | Self::Stated | Self::Differs => false,
        }
    }
}

impl Assigned {
    pub fn note(&self, answers: &mut Answers) {
        answers.give(self.field.clone(), Value::text(self.code.as_str()));
    }
}

impl Office {
    /// Draws the codes that come with a result and writes them down. One that the case already has stays.
    pub(crate) async fn assign(
        &self,
        loaded: &LoadedCase,
        item: &ItemId,
        result: &ResultId,
        x: &mut Extras,
    ) -> Result<Vec<Assigned>> {
        let declared = loaded.edition.item(item).ok_or(OfficeError::NotFound)?;
        let issues =
            |step: &&catalogue::Step| step.kind == StepKind::Issue && step.result.as_ref() == Some(result);
        let mut drawn = Vec::new();
        for each in declared.steps.values().filter(issues).flat_map(|step| &step.assigns) {
            if self.assigned_in(loaded, &each.field).is_some() {
                continue;
            }
            let code = self.draw_code(&each.prefix, &loaded.edition.zone().region, &each.block).await?;
            let subject = loaded.case.opened_by.as_str().to_owned();
            let document = x.bytes(self, loaded.id, "code", &subject, code.clone().into_bytes());
            let (item, field) = (item.clone(), each.field.clone());
            x.office_events.push(OfficeEvent::CodeAssigned { item, field: field.clone(), document });
            drawn.push(Assigned { field, code });
        }
        Ok(drawn)
    }

    /// The next code of a block. Codes are unique for ever and may have gaps, as numbers of results.
    async fn draw_code(&self, prefix: &str, region: &str, block: &str) -> Result<String> {
        const DIGITS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
        let broken =
            |why: &str| OfficeError::Fault(Fault::Broken(format!("credit code of block {block}: {why}")));
        let mut serial = self.store().take_numbers(&format!("credit-code/{block}"), 1).await?;
        let free = 8_usize.checked_sub(block.len()).ok_or_else(|| broken("too long"))?;
        let mut tail = vec![b'0'; free];
        for place in tail.iter_mut().rev() {
            *place = DIGITS[usize::try_from(serial % 31).unwrap_or(0)];
            serial /= 31;
        }
        if serial > 0 {
            return Err(broken("used up"));
        }
        let organisation = format!("{block}{}", String::from_utf8_lossy(&tail));
        let code = CreditCode::compose_from(prefix, region, &organisation);
        code.map(|code| code.code).map_err(|problem| broken(&format!("{problem:?}")))
    }

    fn assigned_in<'a>(&self, loaded: &'a LoadedCase, field: &FieldId) -> Option<&'a casework::DocRef> {
        loaded.office_events.iter().rev().find_map(|event| match event {
            OfficeEvent::CodeAssigned { field: of, document, .. } if of == field => Some(document),
            _ => None,
        })
    }

    /// Puts the codes that came into being in the case among its answers.
    pub(crate) async fn add_assigned(&self, loaded: &LoadedCase, answers: &mut Answers) -> Result<()> {
        for event in loaded.office_events.iter() {
            let OfficeEvent::CodeAssigned { field, document, .. } = event else { continue };
            if let Some(code) = self.text(document).await? {
                Assigned { field: field.clone(), code }.note(answers);
            }
        }
        Ok(())
    }

    /// On whose word each identifier among the answers stands, and whatever else a result prints and a registry says otherwise.
    pub async fn proofs(&self, loaded: &LoadedCase, answers: &Answers) -> Result<Vec<(FieldId, Proof)>> {
        let known = self.known_facts(loaded, answers).await?;
        let mut proofs = Vec::new();
        for (id, _) in answers.iter() {
            let Some(field) = loaded.edition.field(id) else { continue };
            if !identifies(field) {
                if differs(&known, answers, id) && is_printed(loaded, id) {
                    let seen = self.original_seen(loaded, id, &stated(field, answers)).await?;
                    proofs.push((id.clone(), if seen { Proof::Original } else { Proof::Differs }));
                }
                continue;
            }
            let Some(value) = answers.value(id.as_str()) else { continue };
            let text = form::edit_text(field, value);
            let (vouched, other) = record_under(loaded, &known, answers, id, &text);
            let proof = match () {
                () if self.assigned_in(loaded, id).is_some() => Proof::Assigned,
                () if vouched && !other => Proof::Registry,
                () if self.original_seen(loaded, id, &text).await? => Proof::Original,
                () if other => Proof::OtherName,
                () => Proof::Stated,
            };
            proofs.push((id.clone(), proof));
        }
        Ok(proofs)
    }

    /// Identifiers that a result may carry.
    pub(crate) async fn proven(
        &self,
        loaded: &LoadedCase,
        answers: &Answers,
        assigned: &[Assigned],
    ) -> Result<BTreeSet<FieldId>> {
        let proofs = self.proofs(loaded, answers).await?;
        let proven = proofs.into_iter().filter(|(_, proof)| proof.bears_out()).map(|(field, _)| field);
        Ok(proven.chain(assigned.iter().map(|each| each.field.clone())).collect())
    }

    /// What a registry says otherwise and no officer held against an original.
    pub(crate) async fn doubted(&self, loaded: &LoadedCase, answers: &Answers) -> Result<BTreeSet<FieldId>> {
        let proofs = self.proofs(loaded, answers).await?;
        Ok(proofs.into_iter().filter(|(_, proof)| *proof == Proof::Differs).map(|(field, _)| field).collect())
    }

    /// Identifiers on which a result rests and that nothing bears out: of whoever applies or is named as its holder, and of
    /// all who stand on it. And whatever else it prints and a registry says otherwise.
    pub async fn unproven(
        &self,
        loaded: &LoadedCase,
        item: &ItemId,
        result: &ResultId,
    ) -> Result<Vec<FieldId>> {
        let edition = &loaded.edition;
        let declared = edition.item(item).and_then(|item| item.results.get(result));
        let declared = declared.ok_or(OfficeError::NotFound)?;
        let answers = self.answers(loaded).await?;
        let facts = HandedIn { answers: &answers, today: day_of(edition, self.now()) };
        let thing = edition.thing(&loaded.case.thing);
        let applicant = thing.and_then(|thing| thing.applicant(&facts)).and_then(|who| who.code);
        let holds = |field: &FieldId| {
            declared
                .holder
                .as_ref()
                .is_some_and(|holder| holder.name == *field || holder.code.as_ref() == Some(field))
        };
        let assigned = |field: &FieldId| {
            let steps = edition.item(item).into_iter().flat_map(|item| item.steps.values());
            steps.flat_map(|step| &step.assigns).any(|each| each.field == *field)
        };
        let proofs = self.proofs(loaded, &answers).await?;
        let stated = proofs.into_iter().filter(|(_, proof)| !proof.bears_out()).map(|(field, _)| field);
        Ok(stated
            .filter(|field| Some(field) == applicant || holds(field) || declared.prints(field))
            .filter(|field| !assigned(field))
            .collect())
    }

    /// An answer that was held against the original and has changed since has to be held against it again.
    async fn original_seen(&self, loaded: &LoadedCase, field: &FieldId, text: &str) -> Result<bool> {
        for event in loaded.office_events.iter() {
            if let OfficeEvent::OriginalSeen { field: of, document, .. } = event
                && of == field
                && self.text(document).await?.as_deref() == Some(text)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// An officer who handles the case, and sees the identifier, held it against the original. `basis` is the key of the answers
    /// that they looked at.
    ///
    /// # Errors
    /// `Denied` to others; `OriginalDiffers` where the answers changed since.
    pub async fn see_original(
        &self,
        id: CaseId,
        field: &FieldId,
        basis: &str,
        viewer: &Viewer,
    ) -> Result<()> {
        let loaded = self.load_case(id).await?;
        if !viewer.has_task_with(&loaded.case, &loaded.edition, field) {
            return Err(OfficeError::Denied);
        }
        if *loaded.case.answers.key != *basis {
            return Err(NotPossible::OriginalDiffers.into());
        }
        need_no_own_interest(&loaded, By::Viewer(viewer))?;
        let (mut x, by) = (Extras::default(), By::Viewer(viewer));
        self.note_original(&loaded, field, &by, &mut x).await?;
        if !x.office_events.is_empty() {
            self.commit_case(Some(&loaded), id, Vec::new(), &by.actor_id(), x, None).await?;
        }
        Ok(())
    }

    /// Notes beside an act that the answer is what the original says; nothing where that was noted before.
    pub(crate) async fn note_original(
        &self,
        loaded: &LoadedCase,
        field: &FieldId,
        by: &By<'_>,
        x: &mut Extras,
    ) -> Result<()> {
        let answers = self.answers(loaded).await?;
        let declared = loaded.edition.field(field).ok_or(OfficeError::NotFound)?;
        if answers.get(field.as_str()).is_none() {
            return Err(OfficeError::NotFound);
        }
        let text = stated(declared, &answers);
        if self.original_seen(loaded, field, &text).await? {
            return Ok(());
        }
        let subject = loaded.case.opened_by.as_str().to_owned();
        let document = x.bytes(self, loaded.id, "original", &subject, text.into_bytes());
        x.office_events.push(OfficeEvent::OriginalSeen {
            field: field.clone(),
            document,
            by: Some(by.actor_id()),
            at: Some(self.now()),
        });
        Ok(())
    }
}

/// Whether a registry has a record under this number, and whether that names somebody else than the answers do.
fn record_under(
    loaded: &LoadedCase,
    known: &KnownFacts,
    answers: &Answers,
    number: &FieldId,
    text: &str,
) -> (bool, bool) {
    let names = names_beside(loaded, number);
    let record = || known.iter().filter(|(_, known)| known.vouches_for(&loaded.edition, number, text));
    let other = |(of, known): (&FieldId, &Known)| {
        names.contains(of) && answers.value(of.as_str()) != Some(&known.value)
    };
    (record().next().is_some(), record().any(other))
}

/// Whether a registry says something else of a field than the answers do, under the number that they give.
fn differs(known: &KnownFacts, answers: &Answers, field: &FieldId) -> bool {
    known.get(field.as_str()).is_some_and(|known| {
        known.source.registry().is_some() && answers.value(field.as_str()) != Some(&known.value)
    })
}

/// Whether the field stands on a result of the case, or names its holder.
fn is_printed(loaded: &LoadedCase, field: &FieldId) -> bool {
    let items = loaded.case.matters.iter().filter_map(|matter| loaded.edition.item(&matter.item));
    items.flat_map(|item| item.results.values()).any(|result| {
        result.prints(field) || result.holder.as_ref().is_some_and(|holder| holder.name == *field)
    })
}

/// What was answered, as it is held against an original; empty where it was said that there is none.
fn stated(field: &Field, answers: &Answers) -> String {
    answers.value(field.id.as_str()).map(|value| form::edit_text(field, value)).unwrap_or_default()
}

/// Where the name stands of whoever has this number: of who applies, in whatever situation, and of holders of results.
fn names_beside<'a>(loaded: &'a LoadedCase, number: &FieldId) -> BTreeSet<&'a FieldId> {
    let edition = &*loaded.edition;
    let thing = edition.thing(&loaded.case.thing);
    let applicants = thing.into_iter().flat_map(|thing| {
        let situations = thing.applicant_when.iter().map(Some).chain([None]);
        situations.map(|identity| thing.goes_by(identity)).map(|who| (who.name, who.code))
    });
    let items = loaded.case.matters.iter().filter_map(|matter| edition.item(&matter.item));
    let holders = items
        .flat_map(|item| item.results.values())
        .filter_map(|result| result.holder.as_ref())
        .map(|holder| (&holder.name, holder.code.as_ref()));
    applicants.chain(holders).filter(|(_, code)| *code == Some(number)).map(|(name, _)| name).collect()
}

/// Says who somebody is: an identifier, or a table with one of each person.
pub(crate) fn identifies(field: &Field) -> bool {
    match &field.kind {
        FieldKind::Identifier { .. } => true,
        FieldKind::Rows { columns, .. } => columns.iter().any(identifies),
        _ => false,
    }
}
