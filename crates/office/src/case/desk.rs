//! What officers need around a case: who may open it, and who is named in it.

use std::collections::BTreeMap;

use casework::{Case, Doer, Matter};
use catalogue::{
    ContextFact, DepartmentId, Edition, Field, FieldId, FieldKind, ItemId, Lang, MaterialId, RoleId,
    Sensitivity,
};
use expression::Value;
use form::{Answers, KnownFacts};
use identifier::IdentifierKind;
use store::{Condition, ViewQuery};

use crate::account::wire::Profile;
use crate::account::{AccountId, Viewer};
use crate::case::{By, LoadedCase, OpenedCase};
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::views;

impl Viewer {
    /// Has something to do with the case: works in a department that handles it, approves its extensions, or opens
    /// every case.
    pub fn is_involved(&self, case: &Case, edition: &Edition) -> bool {
        if !self.is_officer() {
            return false;
        }
        self.opens_all(edition) || case.matters.iter().any(|matter| self.works_on(matter, edition))
    }

    /// Works in the department that handles the matter, has a step of it, or approves its extensions.
    fn works_on(&self, matter: &Matter, edition: &Edition) -> bool {
        let extension = matter.plan.limits.extension.as_ref();
        extension.is_some_and(|extension| self.holds(&extension.approver))
            || matter.is_worked_by(&self.roles, edition)
            || matter.plan.steps.iter().any(|step| step.by.role().is_some_and(|role| self.holds(role)))
    }

    /// The case waits for this officer.
    pub fn has_task(&self, case: &Case, edition: &Edition) -> bool {
        case.matters.iter().any(|matter| self.has_task_on(matter, edition))
    }

    fn has_task_on(&self, matter: &Matter, edition: &Edition) -> bool {
        !matter.state.is_over()
            && matter.open_steps().any(|(step, _)| match &step.by {
                Doer::Role { role, .. } => self.holds(role),
                Doer::Applicant => self.works_at_window(edition),
                Doer::System => false,
            })
    }

    /// The case waits for this officer, and what is to be done has to do with this fact: what other departments asked is
    /// theirs (个人信息保护法 Art. 6). Who applies, everybody sees who has a task.
    pub fn has_task_with(&self, case: &Case, edition: &Edition, field: &FieldId) -> bool {
        if self.works_at_window(edition) && self.has_task(case, edition) {
            return true;
        }
        let says_who = || {
            edition.thing(&case.thing).is_some_and(|thing| thing.applicant_fields().any(|each| each == field))
        };
        let reads = |matter: &Matter| edition.item(&matter.item).is_some_and(|item| item.reads(field));
        let mut own = case.matters.iter().filter(|matter| self.has_task_on(matter, edition)).peekable();
        own.peek().is_some() && (says_who() || own.any(reads))
    }

    /// Opens what was made out for an item, with all that stands on it: who works on it, or answers for all.
    pub fn opens_item(&self, case: &Case, edition: &Edition, item: &ItemId) -> bool {
        let own = || case.matter(item).is_some_and(|matter| self.works_on(matter, edition));
        self.opens_all(edition) || own()
    }

    /// Opens a masked fact with a reason: one that an item of the own department reads, or who applies as far as that is not
    /// sensitive.
    pub fn opens_fact(&self, case: &Case, edition: &Edition, field: &FieldId) -> bool {
        let applicant = || {
            let says =
                edition.thing(&case.thing).map(|thing| thing.applicant_fields().any(|each| each == field));
            says == Some(true)
                && edition.field(field).is_some_and(|field| field.sensitivity != Sensitivity::Sensitive)
                && case.matters.iter().any(|matter| self.works_on(matter, edition))
        };
        self.opens_answer(case, edition, field) || applicant()
    }

    /// Opens a file that answers a question: one that an item of the own department reads.
    pub(crate) fn opens_answer(&self, case: &Case, edition: &Edition, field: &FieldId) -> bool {
        let reads = |matter: &Matter| edition.item(&matter.item).is_some_and(|item| item.reads(field));
        self.opens_all(edition)
            || case.matters.iter().any(|matter| reads(matter) && self.works_on(matter, edition))
    }

    /// Opens a paper of the case: one that an item of the own department calls for.
    pub(crate) fn opens_paper(&self, case: &Case, edition: &Edition, paper: &MaterialId) -> bool {
        let wants = |matter: &Matter| matter.plan.materials.iter().any(|planned| planned.id == *paper);
        self.opens_all(edition)
            || case.matters.iter().any(|matter| wants(matter) && self.works_on(matter, edition))
    }
}

/// Whether a fact is shown only after a reason was given: always for what is sensitive, without a task for what is personal.
pub fn is_masked(field: &Field, has_task: bool) -> bool {
    match field.sensitivity {
        Sensitivity::Public => false,
        Sensitivity::Personal => !has_task,
        Sensitivity::Sensitive => true,
    }
}

/// As much of a masked fact as the pack says, or else as tells two people apart, and no more.
pub fn masked(field: &Field, value: &Value, lang: Lang) -> String {
    let text = form::show_text(field, value, lang);
    if let Some(mask) = field.mask {
        let characters = |count: u32| usize::try_from(count).unwrap_or(0);
        return identifier::mask_but(&text, characters(mask.first), characters(mask.last));
    }
    match &field.kind {
        FieldKind::Identifier { identifier: usual, .. } => {
            let masked = identifier::mask_paper(*usual, &form::edit_text(field, value));
            form::show_text(field, &Value::text(masked), lang)
        }
        FieldKind::Phone => identifier::mask(IdentifierKind::Phone, &text),
        FieldKind::Text { multiline: false, max_length, .. } if *max_length <= 40 => {
            identifier::mask_name(&text)
        }
        _ => "●●●●●●".to_owned(),
    }
}

/// Somebody who works in one of an officer's departments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    pub id: AccountId,
    pub name: String,
    /// The departments that both work in.
    pub departments: Vec<DepartmentId>,
    pub roles: Vec<RoleId>,
}

impl Office {
    /// A case for an officer who has to do with it. Others learn that it is not theirs to open.
    pub async fn case_for_officer<'a>(&self, number: &str, by: &'a Viewer) -> Result<OpenedCase<'a>> {
        if !by.is_officer() {
            return Err(OfficeError::Denied);
        }
        let loaded = self.load_case(self.case_by_number(number).await?).await?;
        if !by.is_involved(&loaded.case, &loaded.edition) {
            return Err(OfficeError::Denied);
        }
        Ok(OpenedCase::let_in(loaded, By::Viewer(by)))
    }

    /// The case that this one is about, as a call-back is about the one that was rated: whoever judges how it was handled sees
    /// how it went.
    ///
    /// # Errors
    /// The store fails, or what it keeps cannot be read.
    pub async fn case_it_is_about(&self, opened: &OpenedCase<'_>) -> Result<Option<LoadedCase>> {
        let Some(thing) = opened.edition.thing(&opened.case.thing) else { return Ok(None) };
        let number = thing.context.iter().find(|(_, fact)| **fact == ContextFact::CaseNumber);
        let answers = self.answers(opened).await?;
        let Some(number) = number.and_then(|(field, _)| answers.value(field.as_str())) else {
            return Ok(None);
        };
        match self.case_by_number(&number.to_string()).await {
            Ok(id) => Ok(Some(self.load_case(id).await?)),
            Err(OfficeError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Names of the officers among these actors. Applicants are not named here.
    pub async fn officer_names(&self, actors: &[&str]) -> Result<BTreeMap<String, String>> {
        let mut names = BTreeMap::new();
        for &actor in actors {
            if names.contains_key(actor) {
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
    pub async fn colleagues(&self, by: &Viewer) -> Result<Vec<Colleague>> {
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
            let theirs: Vec<DepartmentId> = row
                .roles
                .iter()
                .filter_map(|role| Some(edition.role(role)?.department.clone()))
                .filter(|department| departments.contains(&department))
                .collect();
            if !theirs.is_empty() {
                let actor = row.id.to_string();
                let name = self.officer_names(&[actor.as_str()]).await?.remove(&actor);
                let name = name.unwrap_or(row.login);
                colleagues.push(Colleague { id: row.id, name, departments: theirs, roles: row.roles });
            }
        }
        Ok(colleagues)
    }

    /// What was known from elsewhere when the form was handed in, with the source of each fact: as far as it is about the
    /// keys that the case has now.
    /// The answers as they were under a key that an earlier page was drawn from; `None` where it is no key of this case's answers,
    /// or they are erased.
    ///
    /// # Errors
    /// The store fails, or what it keeps cannot be read.
    pub async fn answers_under(&self, loaded: &LoadedCase, key: &str) -> Result<Option<Answers>> {
        if !key.starts_with(&format!("case/{}/answers/", loaded.id)) {
            return Ok(None);
        }
        self.answers_kept(loaded, key).await
    }

    /// The answers before and after the window changed them in the applicant's name; `None` where it changed none, or they are
    /// erased.
    ///
    /// # Errors
    /// The store fails, or what it keeps cannot be read.
    pub async fn answers_changed(
        &self,
        loaded: &LoadedCase,
        acted: u32,
    ) -> Result<Option<(Answers, Answers)>> {
        let after = loaded.case.acted_for.get(acted as usize).and_then(|acted| acted.after.as_ref());
        let (Some(before), Some(after)) = (loaded.case.answers_before(acted), after) else { return Ok(None) };
        let before = self.answers_kept(loaded, &before.key).await?;
        Ok(before.zip(self.answers_kept(loaded, &after.key).await?))
    }

    pub async fn known_facts(&self, loaded: &LoadedCase, answers: &Answers) -> Result<KnownFacts> {
        Ok(self.facts_kept(loaded).await?.held(&loaded.edition, answers))
    }

    /// What was known, whatever the answers are now.
    pub(crate) async fn facts_kept(&self, loaded: &LoadedCase) -> Result<KnownFacts> {
        let Some(bytes) = self.vault(&format!("case/{}/known", loaded.id)).await? else {
            return Ok(KnownFacts::new());
        };
        let mut known: KnownFacts = serde_json::from_slice(&bytes)?;
        known.retype(&loaded.edition);
        Ok(known)
    }
}
