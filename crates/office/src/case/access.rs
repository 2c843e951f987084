//! Who somebody is to a case.

use casework::{Actor, ActorId, Case};
use jiff::SignedDuration;
use store::{Batch, Change, Conflict, Digest};

use crate::account::{Allowance, Viewer};
use crate::case::traces::CameWith;
use crate::case::wire::OfficeEvent;
use crate::case::{CaseId, LoadedCase};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

/// How long a browser that proved its right to a case keeps it.
const ACCESS_DAYS: i64 = 180;
const ATTEMPTS_MAX: usize = 10;
/// From one address, over all cases: more people than one share the network of a hall.
const ATTEMPTS_FROM_ADDRESS_MAX: usize = 40;
/// What a key opens, as it is kept beside it. Keys of before that are kept with 1 may have come in by the telephone.
const WHOLE: u8 = 2;
const PROGRESS: u8 = 3;
/// No letters or digits that sound or look alike.
const LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LENGTH: usize = 8;

/// A secret that opens drafts and cases without an account: what a guest's cookie holds.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey(pub String);

impl std::fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessKey")
    }
}

/// How far a case opens to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseReach {
    /// Where it stands, and nothing that was handed in, written or may be done.
    Progress,
    Whole,
}

/// What somebody without an account shows to get at a case.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// The last four digits of the applicant's telephone, which many people know: they show how far the case is.
    Phone(&'a str),
    /// The code of the receipt, which was shown to whoever handed the case in: it opens all.
    Code(&'a str),
}

impl std::fmt::Debug for Proof<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof")
    }
}

/// Who acts: somebody signed in, a guest with a key, or the office itself.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    Viewer(&'a Viewer),
    /// Somebody signed in, acting for an applicant who agreed to it.
    Agent(&'a Viewer),
    Guest(&'a AccessKey),
    System,
}

impl AccessKey {
    /// The actor under which a guest's acts are written: the digest, never the key.
    pub fn actor(&self) -> String {
        let digest = Digest::of(self.0.as_bytes()).to_string();
        format!("guest/{}", &digest[..32])
    }

    fn space(&self) -> String {
        format!("access/{}", Digest::of(self.0.as_bytes()))
    }
}

fn account_space(viewer: &Viewer) -> String {
    format!("access/{}", viewer.id)
}

impl By<'_> {
    /// As events name it.
    pub fn actor_id(&self) -> String {
        match self {
            Self::Viewer(viewer) | Self::Agent(viewer) => viewer.id.to_string(),
            Self::Guest(key) => key.actor(),
            Self::System => "system".into(),
        }
    }
}

impl Office {
    /// A key for somebody without an account.
    pub fn new_access_key(&self) -> AccessKey {
        AccessKey(self.new_secret::<24>())
    }

    /// What `by` is to the case; strangers are told that there is no such case.
    pub async fn actor_in(&self, id: CaseId, case: &Case, by: By<'_>) -> Result<Actor> {
        let is_staff = matches!(by, By::Viewer(viewer) if viewer.is_officer());
        if !is_staff && !matches!(by, By::System) && self.is_forgotten(case.opened_by.as_str()).await? {
            return Err(OfficeError::NotFound);
        }
        match by {
            By::System => Ok(Actor::system()),
            By::Viewer(viewer) if viewer.is_officer() => {
                Ok(Actor::officer(viewer.id.to_string().as_str(), viewer.roles.iter().cloned()))
            }
            By::Viewer(viewer) if case.opened_by.as_str() == viewer.id.to_string() => {
                Ok(Actor::applicant(case.opened_by.clone()))
            }
            By::Viewer(viewer) => {
                if viewer.is_applicant() && self.has_access(id, &account_space(viewer)).await? {
                    Ok(Actor::applicant(viewer.id.to_string().as_str()))
                } else {
                    Err(OfficeError::NotFound)
                }
            }
            By::Agent(viewer) => self.agent_in(id, case, viewer).await,
            By::Guest(key) => match self.reach_of_key(id, case, key).await? {
                Some(CaseReach::Whole) => Ok(Actor::applicant(ActorId::from(key.actor().as_str()))),
                Some(CaseReach::Progress) => Err(NotPossible::ProgressOnly.into()),
                None => Err(OfficeError::NotFound),
            },
        }
    }

    async fn reach_of_key(&self, id: CaseId, case: &Case, key: &AccessKey) -> Result<Option<CaseReach>> {
        if case.opened_by.as_str() == key.actor() {
            return Ok(Some(CaseReach::Whole));
        }
        self.kept_reach(id, &key.space()).await
    }

    async fn kept_reach(&self, id: CaseId, space: &str) -> Result<Option<CaseReach>> {
        let kept = self.store().kv_get(space, &id.to_string(), self.now()).await?;
        Ok(kept.map(|bytes| if bytes == [WHOLE] { CaseReach::Whole } else { CaseReach::Progress }))
    }

    /// How far a case opens to the first of these to which it does: for what only tells where it stands. All else asks
    /// [`Office::open_case`], which a key that shows progress does not pass.
    pub async fn follow_case(&self, id: CaseId, ways: Vec<By<'_>>) -> Result<(LoadedCase, CaseReach)> {
        if ways.is_empty() {
            return Err(OfficeError::NotFound);
        }
        let loaded = self.load_case(id).await?;
        let mut reach = None;
        for by in ways {
            match self.actor_in(id, &loaded.case, by).await {
                Ok(_) => return Ok((loaded, CaseReach::Whole)),
                Err(OfficeError::NotPossible(NotPossible::ProgressOnly)) => reach = Some(CaseReach::Progress),
                Err(OfficeError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        reach.map(|reach| (loaded, reach)).ok_or(OfficeError::NotFound)
    }

    async fn has_access(&self, id: CaseId, space: &str) -> Result<bool> {
        Ok(self.store().kv_get(space, &id.to_string(), self.now()).await?.is_some())
    }

    /// The cases that somebody may follow besides those that are written as theirs.
    pub(crate) async fn cases_opened_by(&self, by: By<'_>) -> Result<Vec<CaseId>> {
        let space = match by {
            By::Viewer(viewer) => account_space(viewer),
            By::Guest(key) => key.space(),
            By::Agent(_) | By::System => return Ok(Vec::new()),
        };
        let kept = self.store().kv_list(&space, "", self.now()).await?;
        Ok(kept.iter().filter_map(|(id, _)| id.parse().ok()).collect())
    }

    /// Lets a key open a case.
    fn grant_access(&self, id: CaseId, key: &AccessKey) -> Change {
        self.access(id, key.space(), WHOLE)
    }

    /// Lets whoever hands a draft in open the case, whoever began the draft.
    pub(crate) fn access_of_submitter(&self, id: CaseId, by: By<'_>, applicant: &str) -> Option<Change> {
        match by {
            By::Guest(key) => Some(self.grant_access(id, key)),
            By::Viewer(viewer) if viewer.is_applicant() && by.actor_id() != applicant => {
                Some(self.access(id, account_space(viewer), WHOLE))
            }
            By::Viewer(_) | By::Agent(_) | By::System => None,
        }
    }

    fn access(&self, id: CaseId, space: String, reach: u8) -> Change {
        Change::KvPut {
            space,
            key: id.to_string(),
            bytes: vec![reach],
            expires_at: Some(self.now() + SignedDuration::from_hours(24 * ACCESS_DAYS)),
        }
    }

    /// Lets a key come to a case by its number and a proof. What is wrong is not told, nor whether there is such a case:
    /// places are taken by what was typed and by where from, before the proof is looked at. Whoever's key opens the case
    /// already has places of its own, so that strangers cannot lock the applicant out.
    pub async fn come_to_case(
        &self,
        number: &str,
        proof: Proof<'_>,
        key: &AccessKey,
        origin: &str,
    ) -> Result<CaseId> {
        let id = match self.case_by_number(number).await {
            Err(OfficeError::NotFound) => None,
            found => Some(found?),
        };
        // The same is read whether there is such a case or not.
        let looked_for = id.unwrap_or(CaseId(uuid::Uuid::nil()));
        let own = self.kept_reach(looked_for, &key.space()).await?;
        let who = own.map_or_else(|| number.to_owned(), |_| format!("{number}/{}", key.actor()));
        // Whoever tries counts for everybody who tries this case; being right gives back only the own place.
        let mut allowances = vec![Allowance::new("track", &who, ATTEMPTS_MAX).an_hour().shared()];
        if !origin.is_empty() && own.is_none() {
            let from = Allowance::new("track-from", origin, ATTEMPTS_FROM_ADDRESS_MAX);
            allowances.push(from.an_hour().shared());
        }
        let attempt = self.attempt(&allowances).await?;
        let fits = self.proves(looked_for, proof).await?;
        let Some(id) = id.filter(|_| fits) else { return Err(OfficeError::NotFound) };
        let (reach, with) = match proof {
            Proof::Phone(_) => (PROGRESS, CameWith::Phone),
            Proof::Code(_) => (WHOLE, CameWith::Code),
        };
        let mut batch = self.came_in(id, with, &key.actor())?;
        // The lesser proof takes nothing away from a key that opens more.
        if own != Some(CaseReach::Whole) {
            batch = batch.change(self.access(id, key.space(), reach));
        }
        batch.changes.extend(attempt.forgive());
        self.store().commit(batch).await?;
        Ok(id)
    }

    async fn proves(&self, id: CaseId, proof: Proof<'_>) -> Result<bool> {
        Ok(match proof {
            Proof::Phone(last_four) => {
                let phone = self.party(id).await?.phone;
                let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
                let given: String =
                    last_four.chars().filter_map(plain).filter(char::is_ascii_digit).collect();
                digits.len() >= 4 && given.len() == 4 && digits.ends_with(&given)
            }
            Proof::Code(code) => {
                let kept = self.store().kv_get(RECEIPTS, &id.to_string(), self.now()).await?;
                kept.is_some_and(|kept| kept == code_digest(id, code))
            }
        })
    }

    /// The code of the receipt, once: for whoever handed the case in, or the clerk who did it for somebody present and
    /// gives it to them. Only its digest is kept.
    pub async fn receipt_code(&self, id: CaseId, by: By<'_>) -> Result<Option<String>> {
        let code = self.fresh_code();
        let put = Change::KvClaim {
            space: RECEIPTS.into(),
            key: id.to_string(),
            bytes: code_digest(id, &code),
            expires_at: None,
        };
        self.may_have_code(id, by).await?;
        match self.store().commit(Batch::new(self.now()).change(put)).await {
            Ok(_) => Ok(Some(code)),
            Err(error) if matches!(error.conflict(), Some(Conflict::Taken { .. })) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Another code, for whoever lost the first, which opens nothing from now on.
    pub async fn new_receipt_code(&self, id: CaseId, by: By<'_>) -> Result<String> {
        self.may_have_code(id, by).await?;
        let code = self.fresh_code();
        let put = Change::KvPut {
            space: RECEIPTS.into(),
            key: id.to_string(),
            bytes: code_digest(id, &code),
            expires_at: None,
        };
        self.store().commit(Batch::new(self.now()).change(put)).await?;
        Ok(code)
    }

    async fn may_have_code(&self, id: CaseId, by: By<'_>) -> Result<()> {
        let loaded = self.load_case(id).await?;
        self.actor_in(id, &loaded.case, by).await?;
        let filed = |event: &OfficeEvent| matches!(event, OfficeEvent::FiledAtWindow { clerk } if *clerk == by.actor_id());
        let may = match by {
            By::Guest(_) => true,
            By::Viewer(viewer) => viewer.is_applicant() || loaded.office_events.iter().any(filed),
            By::Agent(_) | By::System => false,
        };
        if may { Ok(()) } else { Err(OfficeError::Denied) }
    }

    /// Eight characters in two groups, which somebody can copy from paper.
    fn fresh_code(&self) -> String {
        let mut random = [0; CODE_LENGTH];
        self.inner.surroundings.entropy.fill(&mut random);
        let letters = random.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
        let code: String = letters.collect();
        let (front, back) = code.split_at(CODE_LENGTH / 2);
        format!("{front}-{back}")
    }
}

const RECEIPTS: &str = "receipt";

/// As it is kept: without the case, a digest opens none.
fn code_digest(id: CaseId, typed: &str) -> Vec<u8> {
    let code = typed.chars().filter_map(plain).filter(char::is_ascii_alphanumeric);
    let code: String = code.map(|c| c.to_ascii_uppercase()).collect();
    Digest::of(format!("{id}/{code}").as_bytes()).to_string().into_bytes()
}

/// What input methods write in full width counts as what it shows.
fn plain(c: char) -> Option<char> {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0),
        c => Some(c),
    }
}
