//! Restricting instead of erasing (个人信息保护法 Art. 47 para. 2): while a law fixes how long a record is kept, its personal
//! data is stored and not used. No page, list, search or export finds it, as if it were erased; the audit administrator can
//! open it again for a court or an inspection, and retention erases it when its time is over.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Expected, VaultEntry, ViewChange};

use crate::account::{Duty, Viewer};
use crate::case::{By, CaseId};
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;
use crate::views;

/// Vault entries of this subject are read by nobody.
pub(crate) const SUBJECT: &str = "restricted/";
const SPACE: &str = "restricted";
const PAGE_KEYS: usize = 200;

/// A case whose personal data is stored and not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restricted {
    pub id: CaseId,
    pub number: String,
    pub at: Timestamp,
    /// The administrator, as events name it.
    pub by: String,
    /// The rule that asks for it to be kept.
    pub rule: String,
}

/// As it is written for ever.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Written<'a> {
    ProcessingRestricted { rule: &'a str },
    RestrictionLifted,
}

/// Nothing is left to restrict.
pub(crate) fn ended(id: CaseId) -> Change {
    Change::KvRemove { space: SPACE.into(), key: id.to_string() }
}

impl Office {
    /// What restricts a case, for a commit that forgets the rest of the person.
    pub(super) async fn restriction(&self, restricted: &Restricted) -> Result<Batch> {
        let id = restricted.id;
        let written = Written::ProcessingRestricted { rule: &restricted.rule };
        let event = self.new_event("processing-restricted", 1, &restricted.by, serde_json::to_vec(&written)?);
        let mut batch = Batch::new(self.now())
            .append(Self::stream("keeping", id.0)?, Expected::Any, vec![event])
            .change(Change::KvPut {
                space: SPACE.into(),
                key: id.to_string(),
                bytes: serde_json::to_vec(restricted)?,
                expires_at: None,
            })
            .change(Change::View(ViewChange::Delete {
                table: views::parties::TABLE.into(),
                key: vec![id.to_string().into()],
            }));
        batch.changes.extend(self.moved_to(id, &format!("{SUBJECT}{id}")).await?);
        batch.changes.extend(self.issued_stay(id).await?);
        Ok(batch)
    }

    /// Puts what the vault holds of a case under another subject: the same bytes under the same salt, so that digests in
    /// events still fit. Issued results stay what they are.
    async fn moved_to(&self, id: CaseId, subject: &str) -> Result<Vec<Change>> {
        let documents = self.documents(id, By::System).await?;
        let prefix = format!("case/{id}/");
        let (mut changes, mut after) = (Vec::new(), prefix.clone());
        loop {
            let keys = self.store().vault_walk(&after, PAGE_KEYS).await?;
            for key in keys.iter().take_while(|key| key.starts_with(&prefix)) {
                if documents.iter().any(|document| document.vault_key() == key) {
                    continue;
                }
                if let Some(VaultEntry::Kept { salt, bytes, .. }) = self.store().vault_get(key).await? {
                    changes.push(Change::VaultPut { key: key.clone(), subject: subject.into(), salt, bytes });
                }
            }
            match keys.last() {
                Some(last) if last.starts_with(&prefix) => after.clone_from(last),
                _ => return Ok(changes),
            }
        }
    }

    /// Refuses whatever would use personal data that is only stored. The office itself goes on: it erases when the time is over.
    pub(crate) async fn need_unrestricted(&self, id: CaseId) -> Result<()> {
        match self.store().kv_get(SPACE, &id.to_string(), self.now()).await? {
            Some(_) => Err(NotPossible::CaseRestricted.into()),
            None => Ok(()),
        }
    }

    /// Every case that is restricted, the newest first.
    pub async fn restricted(&self, by: &Viewer) -> Result<Vec<Restricted>> {
        if !by.has_duty(Duty::Audit) {
            return Err(OfficeError::Denied);
        }
        let mut all = Vec::new();
        for (_, bytes) in self.store().kv_list(SPACE, "", self.now()).await? {
            all.push(serde_json::from_slice::<Restricted>(&bytes)?);
        }
        all.sort_by_key(|one| std::cmp::Reverse(one.at));
        Ok(all)
    }

    /// Lets officers read a restricted case again, as a court or an inspection may ask.
    pub async fn lift_restriction(&self, id: CaseId, by: &Viewer) -> Result<()> {
        if !by.has_duty(Duty::Audit) {
            return Err(OfficeError::Denied);
        }
        // Read first: retention that erases the case meanwhile appends here too, and nothing it erased is written again.
        let stream = Self::stream("keeping", id.0)?;
        let head = self.store().stream_head(&stream).await?.ok_or(OfficeError::NotFound)?;
        if self.store().kv_get(SPACE, &id.to_string(), self.now()).await?.is_none() {
            return Err(OfficeError::NotFound);
        }
        let loaded = self.load_case(id).await?;
        let subject = loaded.case.opened_by.to_string();
        let written = serde_json::to_vec(&Written::RestrictionLifted)?;
        let event = self.new_event("restriction-lifted", 1, &by.id.to_string(), written);
        let mut batch = Batch::new(self.now())
            .append(stream, Expected::Version(head.version), vec![event])
            .change(ended(id));
        batch.changes.extend(self.moved_to(id, &subject).await?);
        // Lists and search find the case again.
        if let Some(VaultEntry::Kept { bytes, .. }) =
            self.store().vault_get(&format!("case/{id}/party")).await?
        {
            let thing = loaded.edition.thing(&loaded.case.thing);
            let words = views::parties::words(&loaded.case.number, thing);
            let party = serde_json::from_slice(&bytes)?;
            batch = batch.change(Change::View(views::parties::row(id, &party, &words)));
        }
        self.store().commit(views::trail::with(batch)).await?;
        Ok(())
    }
}
