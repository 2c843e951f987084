//! An application: a draft is started, answered, completed with papers, and submitted.

use catalogue::{Channel, FieldKind, MaterialNeed, PartyKind, ThingId};
use form::{MaterialStatus, Modes};
use office::{
    AccessKey, Attachment, By, CameFrom, Entrusted, OfficeError, OpenDraft, StartDraft, Submitted, Viewer,
};

use super::answers::{Persona, answer};
use super::fate::Fate;
use super::people;
use super::play::World;
use crate::dice::Dice;

/// A person about to apply.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub thing: ThingId,
    pub channel: Channel,
    /// Index among the cast's applicants; `None` for a person without an account.
    pub account: Option<usize>,
    pub fate: Fate,
    pub dice: Dice,
}

/// The identity under which a case is acted on.
#[derive(Clone, Debug)]
pub(crate) enum Who {
    Account(usize),
    Guest(AccessKey),
    /// A walk-in at the window without a telephone: the clerk acts for the applicant.
    WalkIn(Viewer),
}

/// A case with the people around it.
#[derive(Clone, Debug)]
pub(crate) struct InHand {
    pub id: office::CaseId,
    pub who: Who,
    pub fate: Fate,
    pub dice: Dice,
}

impl World<'_> {
    pub fn by<'a>(&'a self, who: &'a Who) -> By<'a> {
        match who {
            Who::Account(place) => match self.cast.applicants.get(*place) {
                Some(viewer) => By::Viewer(viewer),
                None => By::System,
            },
            Who::Guest(key) => By::Guest(key),
            Who::WalkIn(clerk) => By::Viewer(clerk),
        }
    }

    /// Submits an application; `None` when the random answers lead to nothing that applies.
    pub async fn apply(&self, arrival: Arrival) -> Result<Option<InHand>, OfficeError> {
        let mut dice = arrival.dice.clone();
        let persona = match arrival.account.and_then(|place| self.cast.applicants.get(place)) {
            Some(viewer) => Persona { name: viewer.name.clone(), phone: "13800001234".into() },
            None => Persona { name: people::person(&mut dice), phone: people::mobile(&mut dice) },
        };
        let edition = self.office.edition();
        let clerk = dice.pick(&self.cast.window(&edition)).map(|viewer| (*viewer).clone());
        let who = match (arrival.channel, clerk, arrival.account) {
            (_, _, Some(place)) => Who::Account(place),
            (Channel::Window, Some(clerk), None) => Who::WalkIn(clerk),
            _ => Who::Guest(self.office.new_access_key()),
        };
        // Random answers may lead to nothing that applies; the last attempt uses the examples.
        for varied in [true, true, false] {
            let Some(open) = self.fill(&arrival, &who, &persona, varied, &mut dice).await? else { continue };
            let helper = self.helper(&arrival, &open, &who).await?;
            let by = helper.map_or_else(|| self.by(&who), By::Agent);
            let submitted = self.office.submit(open.id, by, None).await?;
            let who = self.after_window(who, &submitted, &persona).await?;
            return Ok(Some(InHand { id: submitted.id, who, fate: arrival.fate, dice }));
        }
        Ok(None)
    }

    /// Sometimes an agent with an account submits for a person without one. Drawn from a separate fork, so
    /// that the rest of the history is the same with and without accounts.
    async fn helper(
        &self,
        arrival: &Arrival,
        open: &OpenDraft,
        who: &Who,
    ) -> Result<Option<&Viewer>, OfficeError> {
        const DAYS: u16 = 30;
        /// The number of the fork of the arrival's dice.
        const HELP: u64 = 97;
        let mut aside = arrival.dice.fork(HELP);
        let Who::Guest(key) = who else { return Ok(None) };
        let Some(helper) = self.cast.applicants.get(aside.below(self.cast.applicants.len().max(1))) else {
            return Ok(None);
        };
        if !aside.chance(0.02) {
            return Ok(None);
        }
        let what = Entrusted::Draft(open.id);
        match self.office.allow_agent(what, &helper.login, &helper.name, DAYS, By::Guest(key)).await {
            Ok(()) => Ok(Some(helper)),
            // A cast without accounts.
            Err(OfficeError::NotPossible(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// An applicant from the window follows the case on a telephone, with the receipt that the clerk gave
    /// out.
    async fn after_window(
        &self,
        who: Who,
        submitted: &Submitted,
        persona: &Persona,
    ) -> Result<Who, OfficeError> {
        if !matches!(who, Who::WalkIn(_)) || persona.phone.is_empty() {
            return Ok(who);
        }
        let key = self.office.new_access_key();
        let code = self.office.receipt_code(submitted.id, By::System).await?;
        // Every person has an own telephone, hence an own address.
        self.office.open_case_with(&submitted.number, &code.0, &key.actor(), &key, Vec::new()).await?;
        Ok(Who::Guest(key))
    }

    async fn fill(
        &self,
        arrival: &Arrival,
        who: &Who,
        persona: &Persona,
        varied: bool,
        dice: &mut Dice,
    ) -> Result<Option<OpenDraft>, OfficeError> {
        let edition = self.office.edition();
        let Some(thing) = edition.thing(&arrival.thing) else { return Ok(None) };
        let by = self.by(who);
        let party: Option<PartyKind> = dice.pick(&thing.applicants).copied();
        let other = dice.pick(&self.things).map(|(thing, _)| thing.clone());
        let start = StartDraft {
            thing: arrival.thing.clone(),
            party,
            channel: arrival.channel,
            came_from: CameFrom {
                page: other.as_ref().map(|thing| format!("/things/{thing}")),
                thing: other,
                ..CameFrom::default()
            },
        };
        let mut open = self.office.start_draft(start, by).await?;
        // The situation first: then registries know more before the rest is asked.
        for situation in [true, false, false] {
            let typed = answer(&open, persona, situation, varied, dice)?;
            if !typed.is_empty() {
                open = self.office.save_answers(open.id, &typed, by).await?;
            }
        }
        if arrival.fate.chooses_modes {
            open = self.choose_modes(open, by, dice).await?;
            let typed = answer(&open, persona, false, varied, dice)?;
            if !typed.is_empty() {
                open = self.office.save_answers(open.id, &typed, by).await?;
            }
        }
        // What the register says of their number stays as it is registered.
        let fixed = open.unlike_registered()?;
        if !fixed.is_empty() {
            open = self.office.confirm_known(open.id, &fixed, by).await?;
        }
        open = self.bring_papers(open, by, dice).await?;
        Ok(open.is_ready()?.then_some(open))
    }

    /// Signs promises and defers papers, where that is offered.
    async fn choose_modes(
        &self,
        open: OpenDraft,
        by: By<'_>,
        dice: &mut Dice,
    ) -> Result<OpenDraft, OfficeError> {
        let mut modes = Modes::default();
        {
            let form = open.form()?;
            for item in form.items() {
                if item.modes.promise.is_some() && dice.chance(0.7) {
                    modes.promised.insert(item.id.clone());
                }
            }
            for due in form.materials() {
                let tolerable = !due.uses.is_empty()
                    && due.uses.iter().all(|used| {
                        used.need == MaterialNeed::Tolerable && used.item.modes.tolerance.is_some()
                    });
                if tolerable && due.status == MaterialStatus::Due && dice.chance(0.6) {
                    modes.tolerated.insert(due.material.id.clone());
                }
            }
        }
        if modes == Modes::default() { Ok(open) } else { self.office.set_modes(open.id, modes, by).await }
    }

    async fn bring_papers(
        &self,
        open: OpenDraft,
        by: By<'_>,
        dice: &mut Dice,
    ) -> Result<OpenDraft, OfficeError> {
        let mut open = open;
        let files: Vec<_> = open
            .form()?
            .questions()
            .iter()
            .filter(|question| question.is_missing() && matches!(question.field.kind, FieldKind::File { .. }))
            .map(|question| question.field.id.clone())
            .collect();
        for field in files {
            let file = Attachment { field: Some(field), ..self.paper(by, dice) };
            open = self.office.attach(open.id, file, by).await?;
        }
        let missing = open.papers_missing()?;
        // The window looks at originals; nothing is scanned.
        if open.draft.channel == Channel::Window && matches!(by, By::Viewer(viewer) if viewer.is_officer()) {
            return if missing.is_empty() {
                Ok(open)
            } else {
                self.office.set_seen(open.id, missing, by).await
            };
        }
        for material in missing {
            let title = open.edition.material(&material).map(|declared| declared.title.zh.clone());
            let file = self.paper(by, dice);
            let name = title.map_or(file.name.clone(), |title| format!("{title}.pdf"));
            let file = Attachment { material: Some(material), name, ..file };
            open = self.office.attach(open.id, file, by).await?;
        }
        Ok(open)
    }

    /// One of the uploaded sample papers; the store keeps equal files once.
    pub fn paper(&self, by: By<'_>, dice: &mut Dice) -> Attachment {
        let paper = dice.pick(&self.papers).cloned().expect("a play begins with its papers");
        Attachment { at: self.office.now(), by: by.actor_id(), ..paper }
    }
}
