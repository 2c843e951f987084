//! Coming back to a case without an account: the number with the last four digits of the telephone shows how far it is, and
//! the number with the code of the receipt opens everything. Digits of a telephone are known to many, the receipt to those
//! who have it.

use casework::ActorId;
use catalogue::HallId;
use store::{Batch, Change, CommandId, Expected, Outcome, Version};
use uuid::Uuid;

use crate::account::{Allowance, Attempt, Viewer};
use crate::bounds::origin;
use crate::case::access::Access;
use crate::case::traces::{CODE_GIVEN, TraceBody};
use crate::case::wire::OfficeEvent;
use crate::case::{AccessKey, By, CaseId, OpenedCase};
use crate::draft::ResumeCode;
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;
use crate::once::own_command;
use crate::views;

/// Wrong tries in an hour from one address, at one number from one address, and with digits at one number from everywhere. The
/// last is so wide that strangers at a few addresses cannot keep the applicant out.
const WRONG_FROM_ADDRESS_MAX: usize = 30;
const WRONG_AT_NUMBER_MAX: usize = 10;
const WRONG_AT_NUMBER_FROM_ALL_MAX: usize = 60;
/// In one hall, from its machines and from everywhere.
const WRONG_IN_HALL_MAX: usize = 300;
const DIGITS: usize = 4;

/// What somebody shows for a case.
pub(crate) enum Proof {
    Telephone(String),
    Receipt(String),
}

impl Proof {
    /// Typed in any width, with or without blanks and hyphens.
    pub(crate) fn read(typed: &str) -> Option<Self> {
        let plain = identifier::plain(typed);
        match plain.len() {
            DIGITS if plain.bytes().all(|each| each.is_ascii_digit()) => Some(Self::Telephone(plain)),
            ResumeCode::LENGTH => Some(Self::Receipt(plain)),
            _ => None,
        }
    }

    /// Tries with digits do not use up those with the code.
    const fn kind(&self) -> &'static str {
        match self {
            Self::Telephone(_) => "track",
            Self::Receipt(_) => "track-code",
        }
    }
}

impl Office {
    /// Opens a case to a browser or a program: by the last four digits of the applicant's telephone as far as its progress,
    /// by the code of the receipt wholly. `from` is the address by which tries are counted; `ways` are those by which it may be
    /// open to them already, whom others' wrong tries keep out of nothing.
    ///
    /// # Errors
    /// `NotFound` for a wrong proof and for a number that does not exist, `Wait` when too many were wrong; both alike whether
    /// or not the number exists.
    pub async fn open_case_with(
        &self,
        number: &str,
        proof: &str,
        from: &str,
        key: &AccessKey,
        ways: Vec<By<'_>>,
    ) -> Result<(CaseId, Access)> {
        let proof = Proof::read(proof).ok_or(OfficeError::NotFound)?;
        let attempt = match self.attempt(&self.tries(&proof, number, from)).await {
            Err(OfficeError::Wait { minutes }) => {
                let opened = match self.case_by_number(number).await {
                    Ok(id) => self.open_case(id, ways).await,
                    Err(error) => Err(error),
                };
                return match opened {
                    Ok(opened) => Ok((opened.id, opened.access)),
                    // Alike whether or not the number exists.
                    Err(OfficeError::NotFound | OfficeError::Denied) => Err(OfficeError::Wait { minutes }),
                    Err(error) => Err(error),
                };
            }
            attempt => attempt?,
        };
        let id = self.case_by_number(number).await?;
        let loaded = self.load_case(id).await?;
        if self.is_forgotten(loaded.case.opened_by.as_str()).await? {
            return Err(OfficeError::NotFound);
        }
        let access = match &proof {
            Proof::Telephone(digits) => {
                let phone: String =
                    self.party(id).await?.phone.chars().filter(char::is_ascii_digit).collect();
                (phone.len() >= DIGITS && phone.ends_with(digits)).then_some(Access::Progress)
            }
            Proof::Receipt(code) => self.is_code_of(id, code).await?.then_some(Access::Whole),
        };
        let access = access.ok_or(OfficeError::NotFound)?;
        let before = self.access_of(id, &key.space()).await?;
        let came = TraceBody::Came { with: access };
        let actor = ActorId::from(key.actor().as_str());
        let event = self.new_event(came.kind(), 1, actor.as_str(), serde_json::to_vec(&came)?);
        let mut batch =
            Batch::new(self.now()).append(Self::stream("trace", id.0)?, Expected::Any, vec![event]);
        // A lesser proof takes nothing away.
        if before < Some(access) {
            batch = batch.change(self.access(id, key.space(), access));
        }
        batch.changes.extend(attempt.forgive());
        self.store().commit(batch).await?;
        Ok((id, before.unwrap_or(access).max(access)))
    }

    /// Tries from one address, at one number from there, and of digits at one number from everywhere, each counted for an hour.
    /// Codes cannot be guessed in a lifetime: whoever has one is kept out by nobody's wrong tries elsewhere, and an address that
    /// many people share has more, as for everything else.
    fn tries(&self, proof: &Proof, number: &str, from: &str) -> Vec<Allowance> {
        let kind = proof.kind();
        let (times, all) = match proof {
            Proof::Telephone(_) => (1, Some(Allowance::new(kind, number, WRONG_AT_NUMBER_FROM_ALL_MAX))),
            Proof::Receipt(_) => (usize::try_from(self.times_of(from)).unwrap_or(1), None),
        };
        let here = Allowance::new(kind, from, WRONG_FROM_ADDRESS_MAX * times);
        let at_number = Allowance::new(kind, &format!("{number} {from}"), WRONG_AT_NUMBER_MAX);
        [here, at_number].into_iter().chain(all).map(|each| each.an_hour().shared()).collect()
    }

    /// A place for a try at the code of a case's receipt, counted together with those of whoever tracks it; and by the hall.
    pub(crate) async fn attempt_code(
        &self,
        proof: &Proof,
        number: &str,
        hall: Option<&HallId>,
    ) -> Result<Attempt> {
        let from = origin().unwrap_or_default();
        let mut tries = self.tries(proof, number, &from);
        if let Some(hall) = hall {
            tries.push(Allowance::new("hall-code", hall.as_str(), WRONG_IN_HALL_MAX).an_hour().shared());
        }
        self.attempt(&tries).await
    }

    pub(crate) async fn is_code_of(&self, id: CaseId, code: &str) -> Result<bool> {
        Ok(self.kept_code(id).await?.is_some_and(|kept| kept.0 == code))
    }

    /// The code of a case's receipt, for the applicant's side, and for the clerk who handed it in at the window.
    pub async fn receipt_code(&self, id: CaseId, by: By<'_>) -> Result<ResumeCode> {
        let loaded = self.load_case(id).await?;
        match by {
            By::Viewer(viewer) if viewer.is_officer() => {
                let filed = OfficeEvent::FiledAtWindow { clerk: by.actor_id() };
                // A code that was given out since belongs to the person alone.
                if !loaded.office_events.contains(&filed) || self.was_code_given(id).await? {
                    return Err(OfficeError::Denied);
                }
            }
            // It would outlive the consent.
            By::Agent(_) => return Err(OfficeError::Denied),
            by => drop(self.actor_in(id, &loaded.case, by).await?),
        }
        if let Some(code) = self.kept_code(id).await? {
            return Ok(code);
        }
        // Handed in before receipts had codes.
        let (code, change) = self.new_receipt(id, loaded.case.opened_by.as_str());
        self.store().commit(Batch::new(self.now()).change(change)).await?;
        Ok(code)
    }

    /// A new code for somebody at the window whose identity the clerk has looked at; the code of before opens nothing any more.
    /// The applicant reads who gave it out.
    ///
    /// The same command twice, as when a button is pressed twice, gives out one code.
    ///
    /// # Errors
    /// `Denied` to whoever does not sit at a window, `NotFound` once the person was forgotten, `CommandUsed` when somebody has
    /// given out another code since.
    pub async fn renew_receipt(
        &self,
        opened: &OpenedCase<'_>,
        by: &Viewer,
        command: Option<Uuid>,
    ) -> Result<ResumeCode> {
        if !by.works_at_window(&opened.edition) || !by.is_involved(&opened.case, &opened.edition) {
            return Err(OfficeError::Denied);
        }
        let applicant = opened.case.opened_by.as_str();
        if self.is_forgotten(applicant).await? {
            return Err(OfficeError::NotFound);
        }
        self.need_unrestricted(opened.id).await?;
        let (code, change) = self.new_receipt(opened.id, applicant);
        let given = TraceBody::CodeGiven { code_given: casework::Proof::IdentitySeen };
        let event = self.new_event(given.kind(), 1, &by.id.to_string(), serde_json::to_vec(&given)?);
        let given_as = event.id;
        let mut batch = Batch::new(self.now())
            .append(Self::stream("trace", opened.id.0)?, Expected::Any, vec![event])
            .change(change);
        let command = own_command(command, &by.id.to_string(), &format!("receipt/{}", opened.id));
        if let Some(command) = command {
            // Which act gave it out, never the code itself: replies are kept for ever.
            batch = batch.command(CommandId(command), given_as.as_bytes().to_vec());
        }
        match self.store().commit(views::trail::with(batch)).await? {
            Outcome::Committed { .. } => Ok(code),
            Outcome::Repeated { reply, .. } => self.code_given_by(opened.id, &reply).await,
        }
    }

    /// The code that an act gave out, as long as it is the last that did.
    async fn code_given_by(&self, id: CaseId, given_as: &[u8]) -> Result<ResumeCode> {
        let traces = self.events(&Self::stream("trace", id.0)?, Version::NONE).await?;
        let last = traces.iter().rev().find(|event| event.kind == CODE_GIVEN);
        if last.is_none_or(|event| event.id.as_bytes() != given_as) {
            return Err(NotPossible::CommandUsed.into());
        }
        self.kept_code(id).await?.ok_or(OfficeError::NotFound)
    }

    pub(crate) fn new_receipt(&self, id: CaseId, applicant: &str) -> (ResumeCode, Change) {
        let code = self.new_resume_code();
        let change = self.vault_put(&key_of(id), applicant, code.0.clone().into_bytes());
        (code, change)
    }

    async fn was_code_given(&self, id: CaseId) -> Result<bool> {
        let traces = self.events(&Self::stream("trace", id.0)?, Version::NONE).await?;
        Ok(traces.iter().any(|event| event.kind == CODE_GIVEN))
    }

    async fn kept_code(&self, id: CaseId) -> Result<Option<ResumeCode>> {
        let bytes = self.vault(&key_of(id)).await?;
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()).map(ResumeCode))
    }
}

fn key_of(id: CaseId) -> String {
    format!("case/{id}/receipt")
}
