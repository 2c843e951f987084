//! Who stands behind a number, as the vault keeps it.

use catalogue::HallId;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Batch, Change, Expected, StreamId, Version};

use crate::account::Viewer;
use crate::case::By;
use crate::error::{Fault, NotPossible, OfficeError, Result};
use crate::hall::link::TicketRef;
use crate::office::Office;

/// As the boxes on the pages are bounded.
const NAME_CHARS_MAX: usize = 60;
const PHONE_CHARS_MAX: usize = 20;
const CODE_CHARS_MAX: usize = 40;
/// Looking again within this time is the same look.
const SAME_LOOK_MINUTES: i64 = 30;

/// What somebody said about themselves when taking a number. All of it may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketAbout {
    /// Name of the person or undertaking.
    #[serde(default)]
    pub name: String,
    /// Credit code or resident number.
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub phone: String,
    /// The case that they come about: only one that they may open, see [`Office::own_case`].
    #[serde(default)]
    pub case_number: String,
    /// The code of its receipt, where nothing else shows that it is theirs. Never kept.
    #[serde(skip)]
    pub case_code: String,
}

impl TicketAbout {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// As it is kept: within the bounds of the boxes on the pages, whoever sends it.
    pub(crate) fn checked(self) -> Result<Self> {
        let line = |text: &str, most: usize| {
            let text = identifier::line(text);
            if text.chars().count() > most { Err(NotPossible::AboutTooLong) } else { Ok(text) }
        };
        let phone = line(&self.phone, PHONE_CHARS_MAX)?;
        if !phone.is_empty() && identifier::PhoneNumber::parse(&phone).is_err() {
            return Err(NotPossible::AboutPhone.into());
        }
        // A name that nobody can read is called by nobody: it is as if none had been said.
        let name = match identifier::name(&self.name, NAME_CHARS_MAX) {
            Ok(name) => name,
            Err(identifier::NameProblem::Unseen) => String::new(),
            Err(identifier::NameProblem::TooLong) => return Err(NotPossible::AboutTooLong.into()),
        };
        Ok(Self {
            name,
            code: line(&self.code, CODE_CHARS_MAX)?,
            phone,
            case_number: line(&self.case_number, CODE_CHARS_MAX)?,
            case_code: line(&self.case_code, CODE_CHARS_MAX)?,
        })
    }

    /// What was said, by its kind.
    pub fn parts(&self) -> Vec<AboutPart> {
        let said = [
            (AboutPart::Name, &self.name),
            (AboutPart::Code, &self.code),
            (AboutPart::Phone, &self.phone),
            (AboutPart::CaseNumber, &self.case_number),
        ];
        said.into_iter().filter(|(_, text)| !text.is_empty()).map(|(part, _)| part).collect()
    }
}

/// A kind of what somebody says about themselves with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AboutPart {
    Name,
    Code,
    Phone,
    CaseNumber,
}

impl AboutPart {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Code => "code",
            Self::Phone => "phone",
            Self::CaseNumber => "case-number",
        }
    }
}

/// An officer read what the person with a number had said about themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AboutRead {
    pub at: Timestamp,
    /// The actor, as events name it.
    pub by: String,
    pub parts: Vec<AboutPart>,
}

/// As it is written for ever: which kinds, never what was said.
#[derive(Serialize, Deserialize)]
struct ReadBody {
    parts: Vec<AboutPart>,
}

impl Office {
    /// What somebody said, with a case only where it is shown to be theirs.
    pub(crate) async fn about_own_case(
        &self,
        about: TicketAbout,
        by: By<'_>,
        hall: &HallId,
    ) -> Result<TicketAbout> {
        Ok(self.about_case_of(about, &[by], hall).await?.0)
    }

    /// As [`Office::about_own_case`], with the way in which the case is theirs; the first where no case is named.
    pub(crate) async fn about_case_of<'a>(
        &self,
        about: TicketAbout,
        ways: &[By<'a>],
        hall: &HallId,
    ) -> Result<(TicketAbout, By<'a>)> {
        let about = about.checked()?;
        let first = *ways.first().ok_or(OfficeError::Denied)?;
        let (mut case_number, mut theirs) = (String::new(), None);
        if !about.case_number.trim().is_empty() {
            let code = &about.case_code;
            (_, case_number, theirs) = self.own_case_of(&about.case_number, code, ways, Some(hall)).await?;
        }
        Ok((TicketAbout { case_number, case_code: String::new(), ..about }, theirs.unwrap_or(first)))
    }

    pub(crate) fn keep_about(
        &self,
        date: Date,
        number: ::hall::TicketNo,
        holder: &str,
        about: &TicketAbout,
    ) -> Result<Option<Change>> {
        if about.is_empty() {
            return Ok(None);
        }
        let key = format!("ticket/{date}/{}", number.0);
        Ok(Some(self.vault_put(&key, holder, serde_json::to_vec(about)?)))
    }

    /// What the person with a number said about themselves, for the officer at whose window they are now; nothing once it
    /// was erased. Reading it leaves a trace for that person.
    pub async fn ticket_about(&self, ticket: &TicketRef, by: &Viewer) -> Result<TicketAbout> {
        if self.ticket_at(by).await?.as_ref() != Some(ticket) {
            return Err(OfficeError::Denied);
        }
        let kept = self.vault(&format!("ticket/{}/{}", ticket.date, ticket.number.0)).await?;
        let Some(bytes) = kept else { return Ok(TicketAbout::default()) };
        let about: TicketAbout = serde_json::from_slice(&bytes)?;
        self.trace_about(ticket, about.parts(), by).await?;
        Ok(about)
    }

    async fn trace_about(&self, ticket: &TicketRef, parts: Vec<AboutPart>, by: &Viewer) -> Result<()> {
        let actor = by.id.to_string();
        let since = self.now() - SignedDuration::from_mins(SAME_LOOK_MINUTES);
        let same = |read: &AboutRead| {
            read.by == actor && read.at >= since && parts.iter().all(|part| read.parts.contains(part))
        };
        if parts.is_empty() || self.reads_of_about(ticket).await?.iter().any(same) {
            return Ok(());
        }
        let body = serde_json::to_vec(&ReadBody { parts })?;
        let event = self.new_event("ticket-about-shown", 1, &actor, body);
        let batch = Batch::new(self.now()).append(trace(ticket)?, Expected::Any, vec![event]);
        self.store().commit(batch).await?;
        Ok(())
    }

    /// Who read what the person with this number had said about themselves, newest first: for whoever holds its key.
    pub async fn reads_of_about(&self, ticket: &TicketRef) -> Result<Vec<AboutRead>> {
        let mut reads = Vec::new();
        for event in self.events(&trace(ticket)?, Version::NONE).await? {
            let ReadBody { parts } = serde_json::from_slice(&event.body)?;
            reads.push(AboutRead { at: event.at, by: event.actor.clone(), parts });
        }
        reads.reverse();
        Ok(reads)
    }
}

fn trace(ticket: &TicketRef) -> Result<StreamId> {
    let id = format!("{}/{}", ticket.date, ticket.number.0);
    StreamId::of("ticket-trace", id).map_err(|error| OfficeError::Fault(Fault::Store(error)))
}
