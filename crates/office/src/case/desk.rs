//! What officers need around a case: who may open it, who is named in it, and the trace that reading personal data leaves.

use std::collections::BTreeMap;

use casework::{Case, DocRef};
use catalogue::{Edition, FieldId};
use form::KnownFacts;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, Condition, Expected, Version, ViewQuery};

use crate::account::wire::Profile;
use crate::account::{AccountId, Viewer};
use crate::case::{By, CaseId, LoadedCase};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;
use crate::views;

/// What was revealed stays readable for whoever asked this long; after that the reason is asked again.
const REVEALED_MINUTES: i64 = 30;
const REASON_CHARS_MAX: usize = 500;
const KIND: &str = "personal-data-read";

/// Somebody read personal data of a case, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    pub at: Timestamp,
    /// The actor, as events name it.
    pub by: String,
    pub fields: Vec<FieldId>,
    pub reason: String,
}

#[derive(Serialize, Deserialize)]
struct TraceBody {
    fields: Vec<FieldId>,
    reason: DocRef,
}

impl Viewer {
    /// Has something to do with the case: works in a department that handles it, at the window, or leads.
    pub fn is_involved(&self, case: &Case, edition: &Edition) -> bool {
        if !self.is_officer() {
            return false;
        }
        let works_for = |department: &catalogue::DepartmentId| {
            self.roles
                .iter()
                .any(|role| edition.role(role).is_some_and(|role| role.department == *department))
        };
        self.works_at_window(edition)
            || self.leads(edition)
            || case.matters.iter().any(|matter| {
                works_for(&matter.department)
                    || matter
                        .plan
                        .steps
                        .iter()
                        .any(|step| step.by.role().is_some_and(|role| self.holds(role)))
            })
    }
}

impl Office {
    /// A case for an officer who has to do with it. Others learn that it is not theirs to open.
    pub async fn case_for_officer(&self, number: &str, by: &Viewer) -> Result<LoadedCase> {
        if !by.is_officer() {
            return Err(OfficeError::Denied);
        }
        let loaded = self.load_case(self.case_by_number(number).await?).await?;
        if by.is_involved(&loaded.case, &loaded.edition) { Ok(loaded) } else { Err(OfficeError::Denied) }
    }

    /// Opens masked fields for this officer for a while. The reason is kept for the applicant to read.
    pub async fn reveal(&self, id: CaseId, fields: Vec<FieldId>, reason: &str, by: &Viewer) -> Result<()> {
        let loaded = self.load_case(id).await?;
        if !by.is_involved(&loaded.case, &loaded.edition) {
            return Err(OfficeError::Denied);
        }
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(NotPossible::ReasonMissing.into());
        }
        if reason.chars().count() > REASON_CHARS_MAX {
            return Err(NotPossible::TextTooLong.into());
        }
        let salt = self.new_salt();
        let key = format!("case/{id}/trace/{}", self.new_id());
        let bytes = reason.as_bytes().to_vec();
        let document = DocRef::new(key.clone(), store::vault_digest(&salt, &bytes).to_string());
        let body = serde_json::to_vec(&TraceBody { fields, reason: document })?;
        let subject = loaded.case.opened_by.as_str().into();
        let batch = Batch::new(self.now())
            .append(
                Self::stream("trace", id.0)?,
                Expected::Any,
                vec![self.new_event(KIND, 1, &by.id.to_string(), body)],
            )
            .change(store::Change::VaultPut { key, subject, salt, bytes });
        self.store().commit(batch).await?;
        Ok(())
    }

    /// Who read personal data of the case, newest first: for its applicant and for officers who have to do with it.
    pub async fn traces(&self, id: CaseId, by: By<'_>) -> Result<Vec<Trace>> {
        let loaded = self.load_case(id).await?;
        self.actor_in(id, &loaded.case, by).await?;
        let mut traces = Vec::new();
        for event in self.events(&Self::stream("trace", id.0)?, Version::NONE).await? {
            let body: TraceBody = serde_json::from_slice(&event.body)?;
            let reason = self.text(&body.reason).await?.unwrap_or_default();
            traces.push(Trace { at: event.at, by: event.actor.clone(), fields: body.fields, reason });
        }
        traces.reverse();
        Ok(traces)
    }

    /// Fields that this officer may read now, because the reason was given a moment ago.
    pub async fn revealed(&self, id: CaseId, by: &Viewer) -> Result<Vec<FieldId>> {
        let since = self.now() - SignedDuration::from_mins(REVEALED_MINUTES);
        let actor = by.id.to_string();
        let traces = self.traces(id, By::Viewer(by)).await?;
        let own = traces.into_iter().filter(|trace| trace.by == actor && trace.at >= since);
        Ok(own.flat_map(|trace| trace.fields).collect())
    }

    /// Names of the officers among these actors. Applicants are not named here.
    pub async fn officer_names(&self, actors: &[&str]) -> Result<BTreeMap<String, String>> {
        let mut names = BTreeMap::new();
        for &actor in actors {
            if names.contains_key(actor) || !actor.starts_with("account/") {
                continue;
            }
            let Ok(id) = actor.parse::<AccountId>() else { continue };
            let row = self.store().view_row(views::accounts::TABLE, &[id.0.to_string().into()]).await?;
            let Some(row) = row.as_ref().and_then(views::accounts::read) else { continue };
            if row.standing == crate::account::Standing::Applicant {
                continue;
            }
            let name = match self.vault(&format!("{id}/profile")).await? {
                Some(bytes) => serde_json::from_slice::<Profile>(&bytes)?.name,
                None => row.login,
            };
            names.insert(actor.to_owned(), name);
        }
        Ok(names)
    }

    /// Officers in open accounts who share a department with this one, without this one: who can be named in a record.
    pub async fn colleagues(&self, by: &Viewer) -> Result<Vec<(AccountId, String)>> {
        const SHOWN: u32 = 2_000;
        if !by.is_officer() {
            return Err(OfficeError::Denied);
        }
        let edition = self.edition();
        let departments: Vec<_> =
            by.roles.iter().filter_map(|role| edition.role(role)).map(|role| &role.department).collect();
        let query = ViewQuery::new(views::accounts::TABLE)
            .filter(Condition::eq("standing", "officer"))
            .filter(Condition::eq("open", true))
            .ascending("login")
            .limit(SHOWN);
        let page = self.store().view_rows(query).await?;
        let mut colleagues = Vec::new();
        for row in page.rows.iter().filter_map(views::accounts::read).filter(|row| row.id != by.id) {
            let near = |role| edition.role(role).is_some_and(|role| departments.contains(&&role.department));
            if row.roles.iter().any(near) {
                let actor = row.id.to_string();
                let name = self.officer_names(&[actor.as_str()]).await?.remove(&actor);
                colleagues.push((row.id, name.unwrap_or(row.login)));
            }
        }
        Ok(colleagues)
    }

    /// What was known from elsewhere when the form was handed in, with the source of each fact.
    pub async fn known_facts(&self, id: CaseId) -> Result<KnownFacts> {
        Ok(match self.vault(&format!("case/{id}/known")).await? {
            Some(bytes) => serde_json::from_slice(&bytes)?,
            None => KnownFacts::new(),
        })
    }
}
