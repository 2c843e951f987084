//! Forgetting a person (个人信息保护法 Art. 47): what the vault holds of somebody goes; chains, figures and the licences that
//! were issued stay. Who did it and on what ground stays too, without saying who the person was.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Cursor, Digest, Expected, VaultEntry, ViewChange, ViewQuery};

use crate::account::open_account::{LOOKS, looks};
use crate::account::restrict::Restricted;
use crate::account::wire::AccountEvent;
use crate::account::{AccountId, Duty, Viewer};
use crate::case::wire::OfficeEvent;
use crate::case::{By, CaseId, agents};
use crate::draft::DraftId;
use crate::error::{NotPossible, OfficeError, Result};
use crate::keeping;
use crate::office::Office;
use crate::views;
use crate::views::cases::CaseRow;

const SPACE: &str = "forgotten";

/// Why somebody is forgotten: the grounds of the article, so that no free text can name the person again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// The purpose is reached, cannot be reached, or needs the data no longer.
    PurposeOver,
    /// The time for which it is kept is over.
    PeriodOver,
    ConsentWithdrawn,
    /// The data was processed against the law or an agreement.
    Unlawful,
    /// Another law or regulation says so.
    OtherLaw,
}

impl Ground {
    pub const ALL: [Self; 5] =
        [Self::PurposeOver, Self::PeriodOver, Self::ConsentWithdrawn, Self::Unlawful, Self::OtherLaw];

    pub const fn code(self) -> &'static str {
        match self {
            Self::PurposeOver => "purpose-over",
            Self::PeriodOver => "period-over",
            Self::ConsentWithdrawn => "consent-withdrawn",
            Self::Unlawful => "unlawful",
            Self::OtherLaw => "other-law",
        }
    }
}

/// That somebody was forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    pub at: Timestamp,
    /// The administrator, as events name it.
    pub by: String,
    pub ground: Ground,
    /// How many cases lost their personal data.
    pub cases: usize,
    /// How many keep it unread, because the law says how long they are kept.
    #[serde(default, skip_serializing_if = "is_none")]
    pub restricted: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_none(count: &usize) -> bool {
    *count == 0
}

/// What becomes of cases whose time by the zone's rules is not over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithinPeriod {
    /// Nothing is forgotten, and the administrator is told why.
    Refuse,
    /// They are stored and not used, and the rest is forgotten.
    Restrict,
}

/// As it is written for ever, and kept apart from copies of the store; `subject` is the actor, which leads to nobody any
/// more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    pub subject: String,
    #[serde(flatten)]
    pub forgotten: Forgotten,
}

/// Who is told of everybody who is forgotten, once it is done.
pub(crate) type Listener = Box<dyn Fn(&Erasure) + Send + Sync>;

/// What came of forgetting somebody again in a store that was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// The copy was made after the person was forgotten.
    Known,
    /// So many cases of the person were under way when the copy was made.
    Forgotten { open: usize },
}

impl Office {
    /// Forgets whoever handed in the case with this number, or has the account with this login.
    ///
    /// While a rule of the zone asks for a case to be kept, only a ground that is stronger than the rule erases it.
    pub async fn forget_person(
        &self,
        whom: &str,
        ground: Ground,
        within_period: WithinPeriod,
        by: &Viewer,
    ) -> Result<Forgotten> {
        if !by.has_duty(Duty::Security) {
            return Err(OfficeError::Denied);
        }
        // Drafts that an earlier version left whole are the person's too.
        self.lapse_drafts().await?;
        let subject = self.subject_of(whom.trim()).await?;
        let account: Option<AccountId> =
            subject.starts_with("account/").then(|| subject.parse().ok()).flatten();
        let cases = self.cases_of_subject(&subject).await?;
        // While something is under way the data is needed for it, and nothing is forgotten.
        for row in &cases {
            if row.state == "open" {
                return Err(NotPossible::CasesOpen.into());
            }
            if self.is_held(row.id).await? {
                return Err(NotPossible::ErasureHeld.into());
            }
        }
        let by = by.id.to_string();
        let (kept, gone) = self.by_period(cases, ground, &by);
        if within_period == WithinPeriod::Refuse && !kept.is_empty() {
            return Err(NotPossible::WithinPeriod.into());
        }
        let (cases, restricted) = (gone.len(), kept.len());
        let forgotten = Forgotten { at: self.now(), by: by.clone(), ground, cases, restricted };
        let erasure = Erasure { subject, forgotten };
        self.forget_subject(&erasure, account, &kept, &gone, &by).await?;
        if let Some(listener) = self.inner.forgotten.get() {
            listener(&erasure);
        }
        Ok(erasure.forgotten)
    }

    /// Tells a listener of everybody who is forgotten from now on. The first listener stays.
    pub fn when_forgotten(&self, listener: impl Fn(&Erasure) + Send + Sync + 'static) {
        let _ = self.inner.forgotten.set(Box::new(listener));
    }

    /// Forgets somebody whom a copy that was restored still knows. What was forgotten once stays so, whatever the copy has
    /// under way; for whoever has the machine.
    pub async fn forget_again(&self, erasure: &Erasure) -> Result<Again> {
        let subject = &erasure.subject;
        if self.is_forgotten(subject).await? {
            return Ok(Again::Known);
        }
        self.lapse_drafts().await?;
        let account: Option<AccountId> =
            subject.starts_with("account/").then(|| subject.parse().ok()).flatten();
        let account = match account {
            // Opened after the copy was made.
            Some(account) if self.account_row(account).await?.is_none() => None,
            account => account,
        };
        let cases = self.cases_of_subject(subject).await?;
        let open = cases.iter().filter(|row| row.state == "open").count();
        let (kept, gone) = self.by_period(cases, erasure.forgotten.ground, &erasure.forgotten.by);
        self.forget_subject(erasure, account, &kept, &gone, "system").await?;
        Ok(Again::Forgotten { open })
    }

    async fn forget_subject(
        &self,
        erasure: &Erasure,
        account: Option<AccountId>,
        kept: &[Restricted],
        gone: &[CaseId],
        by: &str,
    ) -> Result<()> {
        let Erasure { subject, forgotten } = erasure;
        // First, while it is known whose they are: nobody is called, reminded or waited for who is not known any more.
        self.let_go_of_halls(subject, by).await?;
        let event = self.new_event("person-forgotten", 1, by, serde_json::to_vec(erasure)?);
        let mut batch = match account {
            Some(account) => self.forget_account(account, by).await?,
            None => Batch::new(self.now()),
        };
        batch = batch.append(Self::stream("forgotten", self.new_id())?, Expected::NoStream, vec![event]);
        for one in kept {
            let restriction = self.restriction(one).await?;
            batch.appends.extend(restriction.appends);
            batch.changes.extend(restriction.changes);
        }
        for case in gone.iter().copied() {
            batch.changes.extend(self.forget_case(case).await?);
        }
        batch.changes.extend(self.forget_drafts(subject).await?);
        batch.changes.extend(self.forget_numbers(subject, gone).await?);
        batch = batch.change(Change::VaultEraseSubject { subject: subject.clone() }).change(Change::KvPut {
            space: SPACE.into(),
            key: subject.clone(),
            bytes: serde_json::to_vec(forgotten)?,
            expires_at: None,
        });
        self.store().commit(views::trail::with(batch)).await?;
        Ok(())
    }

    /// Everybody who was forgotten, with the subject; for whoever has the machine.
    pub async fn erasures(&self) -> Result<Vec<Erasure>> {
        let kept = self.store().kv_list(SPACE, "", self.now()).await?;
        let read = |(subject, bytes): (String, Vec<u8>)| {
            Ok(Erasure { subject, forgotten: serde_json::from_slice(&bytes)? })
        };
        kept.into_iter().map(read).collect()
    }

    /// Everybody who was forgotten, the newest first.
    pub async fn forgotten(&self, by: &Viewer) -> Result<Vec<Forgotten>> {
        if !by.has_duty(Duty::Security) && !by.has_duty(Duty::Audit) {
            return Err(OfficeError::Denied);
        }
        let mut all: Vec<Forgotten> =
            self.erasures().await?.into_iter().map(|erasure| erasure.forgotten).collect();
        all.sort_by_key(|one| std::cmp::Reverse(one.at));
        Ok(all)
    }

    pub(crate) async fn is_forgotten(&self, actor: &str) -> Result<bool> {
        Ok(self.store().kv_get(SPACE, actor, self.now()).await?.is_some())
    }

    async fn subject_of(&self, whom: &str) -> Result<String> {
        if let Some(account) = self.account_by_login(whom).await? {
            let row = self.account_row(account).await?.ok_or(OfficeError::NotFound)?;
            // What staff did stays theirs to answer for; their accounts are closed, not forgotten.
            if row.standing != crate::account::Standing::Applicant {
                return Err(NotPossible::StaffStays.into());
            }
            return Ok(account.to_string());
        }
        let Ok(number) = identifier::CaseNumber::parse(whom) else {
            return Err(NotPossible::NobodyFound.into());
        };
        let id = match self.case_by_number(&number.to_string()).await {
            Err(OfficeError::NotFound) => return Err(NotPossible::NobodyFound.into()),
            found => found?,
        };
        let subject = self.load_case(id).await?.case.opened_by.as_str().to_owned();
        if self.is_forgotten(&subject).await? { Err(NotPossible::NobodyFound.into()) } else { Ok(subject) }
    }

    async fn cases_of_subject(&self, subject: &str) -> Result<Vec<CaseRow>> {
        let mut cases = Vec::new();
        let mut after: Option<Cursor> = None;
        loop {
            let query = ViewQuery::new(views::cases::TABLE)
                .filter(store::Condition::eq("applicant", subject))
                .descending("received_at")
                .limit(500)
                .after(after);
            let page = self.store().view_rows(query).await?;
            cases.extend(page.rows.iter().filter_map(views::cases::read));
            after = page.next;
            if after.is_none() {
                return Ok(cases);
            }
        }
    }

    /// Cases whose period runs, each with its restriction, and those that go. Data that was processed against the law, or
    /// that another law wants erased, is not kept for a rule of the zone.
    fn by_period(&self, cases: Vec<CaseRow>, ground: Ground, by: &str) -> (Vec<Restricted>, Vec<CaseId>) {
        let (edition, today, at) = (self.edition(), self.today(), self.now());
        let stronger = matches!(ground, Ground::Unlawful | Ground::OtherLaw);
        let (mut kept, mut gone) = (Vec::new(), Vec::new());
        for row in cases {
            match keeping::rule_for(&edition, &row) {
                Some((rule, due_on)) if !stronger && due_on.is_none_or(|due_on| due_on > today) => {
                    let (rule, by) = (rule.id.clone(), by.to_owned());
                    kept.push(Restricted { id: row.id, number: row.number, at, by, rule });
                }
                _ => gone.push(row.id),
            }
        }
        (kept, gone)
    }

    /// What the person said with numbers and appointments: under their own key, or at the window where a case was begun.
    async fn forget_numbers(&self, subject: &str, cases: &[CaseId]) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        for space in [format!("tickets/{subject}"), format!("appointments/{subject}")] {
            let kept = self.store().kv_list(&space, "", self.now()).await?;
            if space.starts_with("appointments/") {
                let code = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let codes = kept.iter().map(|(_, bytes)| Change::KvRemove {
                    space: crate::hall::APPOINTMENT_CODES.into(),
                    key: code(bytes),
                });
                changes.extend(codes);
            }
            changes.extend(kept.into_iter().map(|(key, _)| Change::KvRemove { space: space.clone(), key }));
        }
        for id in cases {
            for event in self.load_case(*id).await?.office_events.iter() {
                if let OfficeEvent::TicketLinked { ticket, .. } = event {
                    let key = format!("ticket/{}/{}", ticket.date, ticket.number.0);
                    changes.push(Change::VaultErase { key });
                    changes.push(Change::VaultErase { key: crate::hall::rating_key(ticket) });
                }
            }
        }
        Ok(changes)
    }

    /// Takes the names out of lists and lets the files go; results that were issued stay to be verified.
    pub(crate) async fn forget_case(&self, id: CaseId) -> Result<Vec<Change>> {
        let owner = format!("case/{id}");
        let files = self.files_stored(id).await?;
        let digests = files.iter().filter_map(|file| Digest::parse(&file.digest));
        let mut changes: Vec<Change> =
            digests.map(|digest| Change::BlobUnlink { digest, owner: owner.clone() }).collect();
        changes.push(Change::View(ViewChange::Delete {
            table: views::parties::TABLE.into(),
            key: vec![id.to_string().into()],
        }));
        changes.extend(self.issued_stay(id).await?);
        Ok(changes)
    }

    /// Issued results are no longer the person's in the vault, so that erasing the person leaves them to be verified. The
    /// same bytes under the same salt: the digest in the event still fits.
    pub(super) async fn issued_stay(&self, id: CaseId) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        for document in self.documents(id, By::System).await? {
            let key = document.vault_key().to_owned();
            if let Some(VaultEntry::Kept { salt, bytes, .. }) = self.store().vault_get(&key).await? {
                let subject = format!("licence/{}", document.identifier);
                changes.push(Change::VaultPut { key, subject, salt, bytes });
            }
        }
        Ok(changes)
    }

    async fn forget_drafts(&self, subject: &str) -> Result<Vec<Change>> {
        let space = format!("drafts/{subject}");
        let mut changes = Vec::new();
        for (key, _) in self.store().kv_list(&space, "", self.now()).await? {
            if let Ok(id) = key.parse::<DraftId>() {
                changes.extend(self.forget_draft(id, subject).await?);
            }
            changes.push(Change::KvRemove { space: space.clone(), key });
        }
        Ok(changes)
    }

    async fn forget_draft(&self, id: DraftId, subject: &str) -> Result<Vec<Change>> {
        let mut changes =
            vec![Change::KvRemove { space: format!("draft-access/{id}"), key: subject.to_owned() }];
        match self.open_draft(id, By::System).await {
            Ok(open) if open.draft.owner == subject => changes.extend(self.draft_ends(&open).await?),
            Ok(_) | Err(OfficeError::NotFound) => {}
            Err(error) => return Err(error),
        }
        Ok(changes)
    }

    async fn forget_account(&self, account: AccountId, by: &str) -> Result<Batch> {
        let row = self.account_row(account).await?.ok_or(OfficeError::NotFound)?;
        let mut batch = self.account_change_by(account, &AccountEvent::AccountForgotten, by).await?;
        batch = batch.change(Change::KvRemove { space: LOOKS.into(), key: looks(&row.login) });
        batch = batch.change(Change::KvRemove { space: "login".into(), key: row.login });
        batch.changes.extend(self.links_of(account).await?);
        for space in [
            format!("session/{account}"),
            format!("device/{account}"),
            format!("access/{account}"),
            format!("api-token/{account}"),
            format!("api-token-used/{account}"),
            // What others let them do.
            agents::space(account),
        ] {
            let kept = self.store().kv_list(&space, "", self.now()).await?;
            batch
                .changes
                .extend(kept.into_iter().map(|(key, _)| Change::KvRemove { space: space.clone(), key }));
        }
        Ok(batch)
    }
}
