//! How long records keep what they say about people: by the rules of the pack, as days go by; and holds that stop it.
//!
//! Erasing takes the vault's values, the files and the names in lists. Chains, figures and results that were issued stay, as
//! they do when a person is forgotten.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Condition, Cursor, Expected, ViewQuery};

use catalogue::{Edition, RecordKind, Retention};

use crate::account::{Duty, Viewer, restrict};
use crate::case::CaseId;
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;
use crate::views;
use crate::views::cases::CaseRow;

const ERASED: &str = "records-erased";
const HOLDS: &str = "erasure-hold";
const WHY_CHARS_MAX: usize = 500;
/// A hold is looked at again after this long at the latest.
const HOLD_DAYS_MAX: i64 = 3 * 366;
const PAGE_ROWS: u32 = 500;

/// A case whose time is over, or will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRecord {
    pub id: CaseId,
    pub number: String,
    pub rule: String,
    /// The first day on which it is erased.
    pub due_on: Date,
    pub held: bool,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub erased: usize,
    /// Over, but held.
    pub held: usize,
    /// Could not be erased now; the log says why, and the next run tries again.
    pub failed: usize,
    /// Drafts that nobody handed in.
    pub drafts: usize,
    /// Numbers and appointments whose people are no longer told of.
    pub numbers: usize,
}

/// A case that must not be erased for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub id: CaseId,
    pub number: String,
    pub by: String,
    pub at: Timestamp,
    /// The last day of it.
    pub until: Date,
    pub why: String,
}

/// As it is kept beside the journal; why is in the vault.
#[derive(Serialize, Deserialize)]
struct Hold {
    number: String,
    by: String,
    at: Timestamp,
    until: Date,
    why: String,
}

/// As it is written for ever.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Written<'a> {
    RecordsErased { rule: &'a str, basis: &'a str, due_on: Date },
    ErasureHeld { until: Date, why: &'a casework::DocRef },
    HoldLifted,
}

impl Written<'_> {
    const fn kind(&self) -> &'static str {
        match self {
            Self::RecordsErased { .. } => "records-erased",
            Self::ErasureHeld { .. } => "erasure-held",
            Self::HoldLifted => "hold-lifted",
        }
    }
}

/// The first rule that fits, with the first day on which the case may go; no day where it is kept for ever.
pub(crate) fn rule_for<'e>(edition: &'e Edition, row: &CaseRow) -> Option<(&'e Retention, Option<Date>)> {
    let of = if row.feedback { RecordKind::Reports } else { RecordKind::Cases };
    let thing = edition.thing(&row.thing.as_str().into());
    let items = thing.into_iter().flat_map(|thing| &thing.members).map(|member| &member.item);
    let classes: Vec<_> =
        items.filter_map(|id| edition.parts().items.get(id)).map(|item| &item.class).collect();
    let fits = |rule: &&Retention| {
        rule.of == of && (rule.classes.is_empty() || classes.iter().any(|class| rule.classes.contains(class)))
    };
    // A case of several classes goes by the rule that comes first.
    let first = edition.zone().retention.iter().find(fits)?;
    let over_on = edition.offset().to_datetime(row.changed_at).date();
    Some((first, first.due_on(over_on)))
}

impl Office {
    /// Erases every case whose time is over and that nobody holds. Running it twice does no harm.
    pub async fn keep_no_longer(&self) -> Result<Kept> {
        let mut kept = Kept::default();
        for due in self.over_by(self.today()).await? {
            if due.held {
                kept.held += 1;
                continue;
            }
            match self.erase_case(&due).await {
                Ok(()) => kept.erased += 1,
                Err(error) => {
                    tracing::error!(%error, "a case whose time is over was not erased");
                    kept.failed += 1;
                }
            }
        }
        kept.drafts = self.lapse_drafts().await?;
        kept.numbers = self.erase_numbers().await?;
        Ok(kept)
    }

    /// What is erased by then, unless it is held: for the audit administrator.
    pub async fn due_by(&self, day: Date, by: &Viewer) -> Result<Vec<DueRecord>> {
        if !by.has_duty(Duty::Audit) {
            return Err(OfficeError::Denied);
        }
        self.over_by(day).await
    }

    /// For whoever has the machine.
    pub async fn over_by(&self, day: Date) -> Result<Vec<DueRecord>> {
        let edition = self.edition();
        let rules = &edition.zone().retention;
        let of_cases = rules.iter().filter(|rule| rule.of.days_without_rule().is_none());
        let ends = of_cases.filter_map(|rule| day.checked_sub(rule.period()?).ok());
        let Some(latest) = ends.max() else { return Ok(Vec::new()) };
        let midnight = latest.to_datetime(jiff::civil::Time::midnight());
        let Ok(before) = edition.offset().to_timestamp(midnight) else { return Ok(Vec::new()) };
        let erased = self.noted_cases(ERASED).await?;
        let holds = self.noted_cases(HOLDS).await?;
        let (mut due, mut after) = (Vec::new(), None::<Cursor>);
        loop {
            let query = ViewQuery::new(views::cases::TABLE)
                .filter(Condition::below("received_at", before))
                .descending("received_at")
                .limit(PAGE_ROWS)
                .after(after);
            let page = self.store().view_rows(query).await?;
            for row in page.rows.iter().filter_map(views::cases::read).filter(|row| row.state != "open") {
                let Some((rule, Some(due_on))) = rule_for(&edition, &row) else { continue };
                let key = row.id.to_string();
                if due_on > day || erased.contains(&key) {
                    continue;
                }
                let held = holds.contains(&key);
                due.push(DueRecord { id: row.id, number: row.number, rule: rule.id.clone(), due_on, held });
            }
            after = page.next;
            if after.is_none() {
                due.sort_by(|a, b| (a.due_on, &a.number).cmp(&(b.due_on, &b.number)));
                return Ok(due);
            }
        }
    }

    /// The cases that a space of small values has something about.
    async fn noted_cases(&self, space: &str) -> Result<BTreeSet<String>> {
        let noted = self.store().kv_list(space, "", self.now()).await?;
        Ok(noted.into_iter().map(|(case, _)| case).collect())
    }

    async fn erase_case(&self, due: &DueRecord) -> Result<()> {
        let edition = self.edition();
        let basis = edition.zone().retention.iter().find(|rule| rule.id == due.rule);
        let basis = basis.map_or("", |rule| rule.basis.cite.as_str());
        let issued: Vec<String> = self
            .documents(due.id, crate::case::By::System)
            .await?
            .iter()
            .map(|document| document.vault_key().to_owned())
            .collect();
        let written = Written::RecordsErased { rule: &due.rule, basis, due_on: due.due_on };
        let mut batch = self.keeping(due.id, &written, "system")?;
        batch.changes.extend(self.forget_case(due.id).await?);
        let prefix = format!("case/{}/", due.id);
        let mut after = prefix.clone();
        loop {
            let keys = self.store().vault_walk(&after, 200).await?;
            let own = keys.iter().take_while(|key| key.starts_with(&prefix));
            let erase = own.filter(|key| !issued.contains(key)).cloned();
            batch.changes.extend(erase.map(|key| Change::VaultErase { key }));
            match keys.last() {
                Some(last) if last.starts_with(&prefix) => after.clone_from(last),
                _ => break,
            }
        }
        batch.changes.push(Change::KvClaim {
            space: ERASED.into(),
            key: due.id.to_string(),
            bytes: due.rule.clone().into_bytes(),
            expires_at: None,
        });
        batch.changes.push(restrict::ended(due.id));
        match self.store().commit(batch).await {
            // Another node was first.
            Err(error) if matches!(error.conflict(), Some(store::Conflict::Taken { .. })) => Ok(()),
            other => Ok(other.map(drop)?),
        }
    }

    fn keeping(&self, id: CaseId, written: &Written<'_>, by: &str) -> Result<Batch> {
        let event = self.new_event(written.kind(), 1, by, serde_json::to_vec(written)?);
        let batch = Batch::new(self.now()).append(Self::stream("keeping", id.0)?, Expected::Any, vec![event]);
        Ok(views::trail::with(batch))
    }

    /// Keeps a case from being erased until a day, for a reason: a lawsuit, an inspection. By the audit administrator, who
    /// erases nothing.
    pub async fn hold_erasure(&self, number: &str, why: &str, until: Date, by: &Viewer) -> Result<()> {
        if !by.has_duty(Duty::Audit) {
            return Err(OfficeError::Denied);
        }
        let why = identifier::lines(why);
        let why = why.as_str();
        if !identifier::says_something(why) {
            return Err(NotPossible::HoldReason.into());
        }
        if why.chars().count() > WHY_CHARS_MAX {
            return Err(NotPossible::TextTooLong.into());
        }
        let today = self.today();
        let latest = today.checked_add(SignedDuration::from_hours(24 * HOLD_DAYS_MAX)).unwrap_or(today);
        if until < today || until > latest {
            return Err(NotPossible::HoldUntil.into());
        }
        let number = identifier::CaseNumber::parse(number).map_err(|_| NotPossible::NobodyFound)?.to_string();
        let id = match self.case_by_number(&number).await {
            Err(OfficeError::NotFound) => return Err(NotPossible::NobodyFound.into()),
            found => found?,
        };
        let salt = self.new_salt();
        let key = format!("keeping/{id}/{}", self.new_id());
        let bytes = why.as_bytes().to_vec();
        let reference = casework::DocRef::new(key.clone(), store::vault_digest(&salt, &bytes).to_string());
        let hold = Hold { number, by: by.id.to_string(), at: self.now(), until, why: key.clone() };
        let written = Written::ErasureHeld { until, why: &reference };
        let end = until.tomorrow().unwrap_or(until).to_datetime(jiff::civil::Time::midnight());
        let batch = self
            .keeping(id, &written, &by.id.to_string())?
            .change(Change::VaultPut { key, subject: format!("keeping/{id}"), salt, bytes })
            .change(Change::KvPut {
                space: HOLDS.into(),
                key: id.to_string(),
                bytes: serde_json::to_vec(&hold)?,
                expires_at: self.edition().offset().to_timestamp(end).ok(),
            });
        self.store().commit(batch).await?;
        Ok(())
    }

    /// Lets a held case go the way of the others again.
    pub async fn lift_hold(&self, id: CaseId, by: &Viewer) -> Result<()> {
        if !by.has_duty(Duty::Audit) {
            return Err(OfficeError::Denied);
        }
        if !self.is_held(id).await? {
            return Err(OfficeError::NotFound);
        }
        let batch = self
            .keeping(id, &Written::HoldLifted, &by.id.to_string())?
            .change(Change::KvRemove { space: HOLDS.into(), key: id.to_string() });
        self.store().commit(batch).await?;
        Ok(())
    }

    pub(crate) async fn is_held(&self, id: CaseId) -> Result<bool> {
        Ok(self.store().kv_get(HOLDS, &id.to_string(), self.now()).await?.is_some())
    }

    /// Everything that is held, the first to end first.
    pub async fn holds(&self, by: &Viewer) -> Result<Vec<Held>> {
        if !by.has_duty(Duty::Audit) {
            return Err(OfficeError::Denied);
        }
        let mut all = Vec::new();
        for (key, bytes) in self.store().kv_list(HOLDS, "", self.now()).await? {
            let Ok(id) = key.parse::<CaseId>() else { continue };
            let Hold { number, by, at, until, why } = serde_json::from_slice(&bytes)?;
            let why = self.vault(&why).await?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            all.push(Held { id, number, by, at, until, why: why.unwrap_or_default() });
        }
        all.sort_by(|a, b| (a.until, &a.number).cmp(&(b.until, &b.number)));
        Ok(all)
    }
}
