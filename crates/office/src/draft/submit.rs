//! Handing the form in: one commit makes the case, and the number is known.

use std::sync::Arc;

use casework::{Answers as CaseAnswers, Command, Context, Submission};
use catalogue::{Channel, ContextFact, FieldId, MaterialId};
use form::Answers;
use identifier::CaseNumber;
use store::{Change, Digest};
use uuid::Uuid;

use crate::account::Viewer;
use crate::bounds::Making;
use crate::case::perform::{Extras, HandedIn, day_of};
use crate::case::wire::{Burden, OfficeEvent};
use crate::case::{By, CaseId, Party};
use crate::draft::keep::{DraftId, OpenDraft};
use crate::error::{Fault, NotPossible, OfficeError, Result};
use crate::office::Office;
use crate::views;

/// A case that has just come in.
#[derive(Clone, Debug)]
pub struct Submitted {
    pub id: CaseId,
    pub number: String,
}

impl Office {
    /// Makes a case of a draft. Doing it twice gives the same number.
    pub async fn submit(&self, id: DraftId, by: By<'_>, command: Option<Uuid>) -> Result<Submitted> {
        self.submit_beside(id, by, command, None).await
    }

    /// As [`Office::submit`], from a browser in which somebody is signed in besides: an officer who applies for themselves does
    /// not handle the case.
    pub async fn submit_beside(
        &self,
        id: DraftId,
        by: By<'_>,
        command: Option<Uuid>,
        beside: Option<&Viewer>,
    ) -> Result<Submitted> {
        let open = self.open_draft(id, by).await?;
        if let Some(number) = &open.draft.submitted {
            return Ok(Submitted { id: self.case_by_number(number).await?, number: number.clone() });
        }
        // A report goes to somebody's desk and starts a clock, and asks nothing of who sends it.
        if self.edition().zone().feedback.as_ref() == Some(&open.draft.thing) {
            return self.within_bounds(Making::Reports, by, self.make_case(open, by, command, beside)).await;
        }
        self.make_case(open, by, command, beside).await
    }

    async fn make_case(
        &self,
        mut open: OpenDraft,
        by: By<'_>,
        command: Option<Uuid>,
        beside: Option<&Viewer>,
    ) -> Result<Submitted> {
        let id = open.id;
        open.let_go();
        let form = open.form()?;
        if form.nothing_applies() {
            return Err(NotPossible::NothingApplies.into());
        }
        if !form.closed_to_party().is_empty() {
            return Err(NotPossible::DraftObstacle.into());
        }
        if !form.complete() || !open.papers_missing()?.is_empty() {
            return Err(NotPossible::DraftIncomplete.into());
        }
        let mut answers = Answers::new();
        for (field, value) in form.values() {
            answers.give(field, value);
        }
        for question in form.questions().iter().filter(|question| question.says_none()) {
            answers.leave_blank(question.field.id.clone());
        }
        self.need_own_case_named(&open, &answers, by).await?;
        let (separate, merged) = (burden(form.separate()), burden(form.merged()));
        let party = Party::of(&open.edition, open.thing()?, &answers, open.draft.party, open.today);
        drop(form);

        let now = self.now();
        let edition = open.edition.clone();
        let today = day_of(&edition, now);
        let case = CaseId(self.new_id());
        let at_window = open.draft.channel == Channel::Window;
        let applicant = applicant_of(&open, by, at_window);
        let number = self.next_case_number(today).await?;

        let mut x = Extras::default();
        let document = x.bytes(self, case, "answers", &applicant, serde_json::to_vec(&answers)?);
        let facts = HandedIn { answers: &answers, today };
        let mut materials: Vec<MaterialId> = open.draft.seen.clone();
        materials.extend(open.draft.attachments.iter().filter_map(|attachment| attachment.material.clone()));
        materials.sort();
        materials.dedup();
        let wanted: Vec<MaterialId> =
            open.form()?.materials().iter().map(|due| due.material.id.clone()).collect();
        materials.retain(|material| wanted.contains(material));
        let submission = Submission {
            number: Arc::from(number.as_str()),
            thing: open.draft.thing.clone(),
            answers: CaseAnswers { facts: &facts, document: &document, same_people: false },
            party: open.draft.party,
            channel: open.draft.channel,
            materials,
            promise: open.draft.modes.promised.iter().cloned().collect(),
            tolerate: open.draft.modes.tolerated.iter().filter(|id| !open.has_paper(id)).cloned().collect(),
            received_at: now,
        };
        let actor = casework::Actor::applicant(applicant.as_str());
        let context = Context { now, actor: &actor, edition: &edition };
        let events = casework::decide(None, &Command::Submit(submission), &context)?;

        x.office_events.push(OfficeEvent::FormMeasured { separate, merged });
        if at_window {
            x.office_events.push(OfficeEvent::FiledAtWindow { clerk: by.actor_id() });
        }
        if let Some(officer) = beside.filter(|viewer| viewer.is_officer() && !at_window) {
            x.office_events.push(OfficeEvent::OfficerApplies { account: officer.id.to_string() });
        }
        let mut papers = open.draft.seen_marks.clone();
        papers.retain(|mark| wanted.contains(&mark.material));
        if at_window && !papers.is_empty() {
            x.office_events.push(OfficeEvent::PapersSeen { papers });
        }
        // The number that was served when filling began; whoever stands there by now may be somebody else.
        if let Some(ticket) = open.draft.ticket.clone() {
            x.office_events.push(OfficeEvent::TicketLinked { ticket, by_hand: false });
        }
        if let By::Agent(agent) = by {
            x.office_events.push(OfficeEvent::FiledByAgent { agent: agent.id.to_string() });
        }
        x.changes.push(self.vault_put(
            &format!("case/{case}/party"),
            &applicant,
            serde_json::to_vec(&party)?,
        ));
        // Where the answers came from, for whoever has to judge them.
        let known = serde_json::to_vec(&open.draft.known)?;
        x.changes.push(self.vault_put(&format!("case/{case}/known"), &applicant, known));
        let files = serde_json::to_vec(&open.draft.attachments)?;
        x.changes.push(self.vault_put(&format!("case/{case}/files"), &applicant, files));
        for attachment in &open.draft.attachments {
            if let Some(digest) = Digest::parse(&attachment.digest) {
                x.changes.push(Change::BlobLink { digest, owner: format!("case/{case}") });
            }
        }
        let thing = open.thing()?;
        let words = views::parties::words(&number, Some(thing));
        x.changes.push(Change::View(views::parties::row(case, &party, &words)));
        x.changes.extend(self.access_of_submitter(case, by, &applicant));
        x.changes.push(self.new_receipt(case, &applicant).1);
        self.consents_move(&open, case, &mut x);
        // The draft and the case are one commit: a crash leaves either the draft or the case, never both or neither.
        open.draft.submitted = Some(number.clone());
        x.changes.extend(self.draft_moves(&open, &applicant)?);
        x.appends.push(store::Append {
            stream: Self::stream("draft", id.0)?,
            expected: store::Expected::Version(open.version),
            events: vec![self.new_event("draft-submitted", 1, &by.actor_id(), b"{}".to_vec())],
        });
        match self.commit_case(None, case, events, &applicant, x, command).await {
            Ok(done) => Ok(Submitted { id: done.id, number: done.case.number.to_string() }),
            // Another device handed it in a moment ago.
            Err(OfficeError::Stale) => {
                let open = self.open_draft(id, by).await?;
                let number = open.draft.submitted.ok_or(OfficeError::Stale)?;
                Ok(Submitted { id: self.case_by_number(&number).await?, number })
            }
            Err(error) => Err(error),
        }
    }

    /// A thing that is about another case (a call-back after a rating) names one that is whoever's hands it in.
    async fn need_own_case_named(&self, open: &OpenDraft, answers: &Answers, by: By<'_>) -> Result<()> {
        let asks = |(_, fact): &(&FieldId, &ContextFact)| **fact == ContextFact::CaseNumber;
        let Some((field, _)) = open.thing()?.context.iter().find(asks) else { return Ok(()) };
        let Some(value) = answers.value(field.as_str()) else { return Ok(()) };
        let named = value.to_string();
        let proved = open.draft.about_case.as_deref();
        let same = CaseNumber::parse(&named).is_ok_and(|named| proved == Some(&*named.to_string()));
        if !same {
            self.own_case(&named, "", by, None).await?;
        }
        Ok(())
    }

    /// The number of a case that comes in today.
    pub(crate) async fn next_case_number(&self, today: jiff::civil::Date) -> Result<String> {
        let sequence = self.store().take_numbers(&format!("case/{today}"), 1).await?;
        let number = u32::try_from(sequence).ok().and_then(|sequence| CaseNumber::new(today, sequence).ok());
        let broken = || OfficeError::Fault(Fault::Broken("no more case numbers today".into()));
        Ok(number.ok_or_else(broken)?.to_string())
    }
}

/// Who applies, by the fields that count in this situation.
/// At the window the clerk types, but somebody else applies. A draft that was begun without an account and is handed in with
/// one belongs to the account, so that whoever asks to be forgotten by it is.
fn applicant_of(open: &OpenDraft, by: By<'_>, at_window: bool) -> String {
    match by {
        _ if at_window => format!("walk-in/{}", open.id),
        By::Viewer(viewer) if viewer.is_applicant() && open.draft.owner.starts_with("guest/") => {
            viewer.id.to_string()
        }
        _ => open.draft.owner.clone(),
    }
}

fn burden(counts: form::Counts) -> Burden {
    let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Burden {
        questions: small(counts.questions),
        materials: small(counts.materials),
        visits: small(counts.visits),
    }
}
