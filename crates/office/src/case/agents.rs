//! Acting for somebody: an applicant lets an account act in one case or draft, for a time, and may end it at any moment.
//!
//! The consent is an event of the case, so that it can be read for ever who was allowed to act and when. What lets the
//! agent in is a key-value that runs out by itself; without it the agent is a stranger.

use std::collections::BTreeMap;

use casework::{Actor, ActorId, Case};
use catalogue::{Edition, Performer, RoleRank, Thing};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::Change;

use crate::account::wire::Profile;
use crate::account::{AccountId, Viewer, account_name};
use crate::case::perform::Extras;
use crate::case::wire::OfficeEvent;
use crate::case::{By, CaseId, LoadedCase};
use crate::draft::{DraftId, OpenDraft};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;

/// A consent that ran longer would be forgotten by who gave it.
pub const CONSENT_DAYS_MAX: u16 = 180;

/// What somebody is entrusted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entrusted {
    Case(CaseId),
    Draft(DraftId),
}

/// One consent, remembered also after it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub agent: AccountId,
    pub given_at: Timestamp,
    /// The first instant at which it no longer holds.
    pub until: Timestamp,
    /// When it was taken back, or the agent gave it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

impl Entrusted {
    fn key(self) -> String {
        match self {
            Self::Case(id) => format!("case/{id}"),
            Self::Draft(id) => format!("draft/{id}"),
        }
    }

    fn parse(key: &str) -> Option<Self> {
        let (kind, id) = key.split_once('/')?;
        match kind {
            "case" => id.parse().ok().map(Self::Case),
            "draft" => id.parse().ok().map(Self::Draft),
            _ => None,
        }
    }
}

impl Consent {
    pub fn holds(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.until
    }

    /// As events name the agent.
    pub fn actor(&self) -> String {
        self.agent.to_string()
    }
}

/// Whoever takes part in deciding on a thing, or leads those who do, cannot stand on the other side of the table.
fn takes_part(viewer: &Viewer, edition: &Edition, thing: &Thing) -> bool {
    let performs = |by: &Performer| matches!(by, Performer::Role { role } if viewer.holds(role));
    let items = thing.members.iter().filter_map(|member| edition.item(&member.item));
    viewer.rank(edition).is_some_and(|rank| rank > RoleRank::Officer)
        || viewer.works_at_window(edition)
        || items.flat_map(|item| item.steps.values()).any(|step| performs(&step.by))
}

/// What an account is entrusted with.
pub(crate) fn space(agent: AccountId) -> String {
    format!("agents/{}", agent.0)
}

impl Office {
    /// Lets the account with this login and this name act for the applicant for so many days.
    pub async fn allow_agent(
        &self,
        what: Entrusted,
        login: &str,
        name: &str,
        days: u16,
        by: By<'_>,
    ) -> Result<()> {
        let own = self.own_of(what, by).await?;
        if !(1..=CONSENT_DAYS_MAX).contains(&days) {
            return Err(NotPossible::ConsentDays.into());
        }
        let found = match self.account_by_login(login).await? {
            Some(id) => self.viewer(id).await?,
            None => None,
        };
        // Name and login together: neither a slip of the finger nor a guess may open a case to somebody else.
        // What cannot be read is the name of nobody, so that an account without one is never taken for somebody who was named.
        let named = account_name(name).ok();
        let is_named = |agent: &Viewer| {
            named.is_some() && account_name(&agent.name).ok() == named && !agent.is_administrator()
        };
        let agent = found.filter(is_named);
        let agent = agent.ok_or(NotPossible::AgentUnknown)?;
        if by.actor_id() == agent.id.to_string() {
            return Err(NotPossible::AgentIsApplicant.into());
        }
        let (edition, thing) = own.about();
        if edition.thing(thing).is_some_and(|thing| takes_part(&agent, edition, thing)) {
            return Err(NotPossible::AgentTakesPart.into());
        }
        let now = self.now();
        let until = now + SignedDuration::from_hours(24 * i64::from(days));
        let consent = Consent { agent: agent.id, given_at: now, until, ended_at: None };
        let put = Change::KvPut {
            space: space(agent.id),
            key: what.key(),
            bytes: vec![1],
            expires_at: Some(until),
        };
        match own {
            Own::Case(loaded) => {
                self.write_down(&loaded, OfficeEvent::AgentAllowed { consent }, put, by).await
            }
            Own::Draft(mut open) => {
                end_in(&mut open.draft.consents, agent.id, now);
                open.draft.consents.push(consent);
                self.save_draft(&mut open, by, vec![put]).await
            }
        }
    }

    /// Takes a consent back; an agent may also give it up. Ending it twice does no harm.
    pub async fn end_consent(&self, what: Entrusted, agent: AccountId, by: By<'_>) -> Result<()> {
        let own = match by {
            By::Agent(viewer) if viewer.id == agent => self.opened(what, by).await?,
            by => self.own_of(what, by).await?,
        };
        let now = self.now();
        if !own.consents().iter().any(|consent| consent.agent == agent && consent.holds(now)) {
            return Ok(());
        }
        let remove = Change::KvRemove { space: space(agent), key: what.key() };
        match own {
            Own::Case(loaded) => {
                self.write_down(&loaded, OfficeEvent::AgentDismissed { agent, at: now }, remove, by).await
            }
            Own::Draft(mut open) => {
                end_in(&mut open.draft.consents, agent, now);
                self.save_draft(&mut open, by, vec![remove]).await
            }
        }
    }

    async fn write_down(
        &self,
        loaded: &LoadedCase,
        event: OfficeEvent,
        change: Change,
        by: By<'_>,
    ) -> Result<()> {
        let extras = Extras { changes: vec![change], office_events: vec![event], ..Extras::default() };
        self.commit_case(Some(loaded), loaded.id, Vec::new(), &by.actor_id(), extras, None).await?;
        Ok(())
    }

    /// How agents call themselves, by the actor that events name; the login once a name was erased.
    pub async fn agent_names(&self, consents: &[Consent]) -> Result<BTreeMap<String, String>> {
        let mut names = BTreeMap::new();
        for agent in consents.iter().map(|consent| consent.agent) {
            if names.contains_key(&agent.to_string()) {
                continue;
            }
            let name = match self.vault(&format!("{agent}/profile")).await? {
                Some(bytes) => serde_json::from_slice::<Profile>(&bytes)?.name,
                None => String::new(),
            };
            names.insert(agent.to_string(), name);
        }
        Ok(names)
    }

    /// What an account is entrusted with now, the newest first.
    pub async fn entrusted_to(&self, agent: &Viewer) -> Result<Vec<Entrusted>> {
        let mut kept = self.store().kv_list(&space(agent.id), "", self.now()).await?;
        kept.reverse();
        Ok(kept.iter().filter_map(|(key, _)| Entrusted::parse(key)).collect())
    }

    /// Whether the account may act in it now.
    pub(crate) async fn is_entrusted(&self, what: Entrusted, agent: &Viewer) -> Result<bool> {
        Ok(self.store().kv_get(&space(agent.id), &what.key(), self.now()).await?.is_some())
    }

    /// The agent of a case, as the engine knows one.
    pub(crate) async fn agent_in(&self, id: CaseId, case: &Case, viewer: &Viewer) -> Result<Actor> {
        if !self.is_entrusted(Entrusted::Case(id), viewer).await? {
            return Err(OfficeError::NotFound);
        }
        // Somebody may have been given a duty since.
        let edition = self.edition_named(case.edition).await?;
        if edition.thing(&case.thing).is_some_and(|thing| takes_part(viewer, &edition, thing)) {
            return Err(OfficeError::NotFound);
        }
        let id = ActorId::from(viewer.id.to_string().as_str());
        Ok(Actor { id, standing: casework::Standing::Agent })
    }

    /// What the consents of a draft become when it is handed in.
    pub(crate) fn consents_move(&self, open: &OpenDraft, case: CaseId, extras: &mut Extras) {
        let now = self.now();
        for consent in open.draft.consents.iter().filter(|consent| consent.holds(now)) {
            let (space, key) = (space(consent.agent), Entrusted::Case(case).key());
            extras.changes.extend([
                Change::KvRemove { space: space.clone(), key: Entrusted::Draft(open.id).key() },
                Change::KvPut { space, key, bytes: vec![1], expires_at: Some(consent.until) },
            ]);
            extras.office_events.push(OfficeEvent::AgentAllowed { consent: consent.clone() });
        }
    }

    /// Only the applicant gives and takes back.
    async fn own_of(&self, what: Entrusted, by: By<'_>) -> Result<Own> {
        match by {
            By::Agent(_) | By::System => Err(OfficeError::Denied),
            By::Viewer(viewer) if !viewer.is_applicant() => Err(OfficeError::Denied),
            by => self.opened(what, by).await,
        }
    }

    async fn opened(&self, what: Entrusted, by: By<'_>) -> Result<Own> {
        Ok(match what {
            Entrusted::Case(id) => {
                let loaded = self.load_case(id).await?;
                self.actor_in(id, &loaded.case, by).await?;
                Own::Case(Box::new(loaded))
            }
            Entrusted::Draft(id) => {
                let open = self.open_draft(id, by).await?;
                if open.draft.submitted.is_some() {
                    return Err(OfficeError::Stale);
                }
                Own::Draft(Box::new(open))
            }
        })
    }
}

/// What the applicant has in hand.
enum Own {
    Case(Box<LoadedCase>),
    Draft(Box<OpenDraft>),
}

impl Own {
    fn about(&self) -> (&Edition, &catalogue::ThingId) {
        match self {
            Self::Case(loaded) => (&loaded.edition, &loaded.case.thing),
            Self::Draft(open) => (&open.edition, &open.draft.thing),
        }
    }

    fn consents(&self) -> Vec<Consent> {
        match self {
            Self::Case(loaded) => loaded.consents(),
            Self::Draft(open) => open.draft.consents.clone(),
        }
    }
}

impl LoadedCase {
    /// Every consent that was ever given, oldest first.
    pub fn consents(&self) -> Vec<Consent> {
        let mut consents: Vec<Consent> = Vec::new();
        for event in self.office_events.iter() {
            match event {
                OfficeEvent::AgentAllowed { consent } => {
                    // A later consent for the same agent takes the place of the one before.
                    end_in(&mut consents, consent.agent, consent.given_at);
                    consents.push(consent.clone());
                }
                OfficeEvent::AgentDismissed { agent, at } => end_in(&mut consents, *agent, *at),
                _ => {}
            }
        }
        consents
    }
}

fn end_in(consents: &mut [Consent], agent: AccountId, at: Timestamp) {
    for consent in consents.iter_mut().filter(|consent| consent.agent == agent && consent.holds(at)) {
        consent.ended_at = Some(at);
    }
}
