//! 好差评 of a visit: whoever was served says how it was, on the page of their number.

use std::sync::Arc;

use ::hall::{Command, VisitRating};
use catalogue::ThingId;
use serde::{Deserialize, Serialize};

use crate::account::AccountId;
use crate::account::wire::Profile;
use crate::case::Party;
use crate::case::perform::TEXT_CHARS_MAX;
use crate::case::wire::OfficeEvent;
use crate::error::{NotPossible, OfficeError, Result};
use crate::hall::act::Along;
use crate::hall::link::TicketRef;
use crate::hall::party::TicketAbout;
use crate::hall::take::TicketKey;
use crate::office::Office;

/// What somebody says of their visit.
#[derive(Clone, Debug, Default)]
pub struct RateVisit {
    /// 1 to 5, the best last.
    pub level: u8,
    pub comment: String,
    /// They may be called back.
    pub named: bool,
    /// Where, unless they left a number before.
    pub phone: String,
}

/// What the vault keeps of it. The level stands in the event.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Said {
    #[serde(default)]
    comment: String,
    #[serde(default)]
    phone: String,
}

/// A visit that was rated, with what a call-back needs.
pub(crate) struct RatedVisit {
    pub rating: VisitRating,
    pub comment: Option<String>,
    /// What it was for, where that is known.
    pub thing: Option<ThingId>,
    pub case_number: Option<String>,
    pub party: Party,
}

/// Beside what was said with the number, so that it goes with it.
pub(crate) fn rating_key(ticket: &TicketRef) -> String {
    format!("ticket/{}/{}/rating", ticket.date, ticket.number.0)
}

impl Office {
    /// Rates the visit of a number, once. A second tap of the same level is the same rating.
    pub async fn rate_visit(&self, key: &TicketKey, rate: RateVisit) -> Result<()> {
        let ticket = self.ticket_of(key).await?;
        let loaded = self.hall_day(&ticket.hall, ticket.date).await?.ok_or(OfficeError::NotFound)?;
        let held = loaded.day.ticket(ticket.number).ok_or(OfficeError::NotFound)?;
        let holder = held.holder.to_string();
        // Nothing is kept any more of who was forgotten.
        if self.is_forgotten(&holder).await? {
            return Err(OfficeError::NotFound);
        }
        if held.rating.is_some_and(|rating| (rating.level, rating.named) == (rate.level, rate.named)) {
            return Ok(());
        }
        let said = self.said(&ticket, &holder, &rate).await?;
        let rater = self.whose_visit(&ticket, &holder).await?;
        let kept = (!said.comment.is_empty() || !said.phone.is_empty()).then(|| rating_key(&ticket));
        let comment: Option<Arc<str>> = kept.as_deref().map(Into::into);
        let command = Command::Rate { number: ticket.number, level: rate.level, comment, named: rate.named };
        let mut changes = Vec::new();
        if let Some(key) = &kept {
            changes.push(self.vault_put(key, &rater, serde_json::to_vec(&said)?));
        }
        if rate.named {
            changes.extend(self.call_visitor_back(&ticket, rate.level, &rater)?);
        }
        let along =
            |_: &::hall::Day, _: &[::hall::Event]| Ok(Along { changes: changes.clone(), ..Along::default() });
        self.on_floor(&ticket.hall, ticket.date, &holder, &command, along).await?;
        Ok(())
    }

    /// At a machine nobody is known. Where a case came in with the number, it is whoever that case is of: what is kept of the
    /// visit is forgotten with them.
    async fn whose_visit(&self, ticket: &TicketRef, holder: &str) -> Result<String> {
        if !holder.starts_with("walk-in/") {
            return Ok(holder.to_owned());
        }
        let linked = OfficeEvent::TicketLinked { ticket: ticket.clone(), by_hand: false };
        for number in self.cases_of_ticket(ticket).await? {
            let loaded = self.load_case(self.case_by_number(&number).await?).await?;
            if loaded.office_events.contains(&linked) {
                return Ok(loaded.case.opened_by.as_str().to_owned());
            }
        }
        Ok(holder.to_owned())
    }

    /// What was written, within the bounds of its boxes; who wants to be called says where.
    async fn said(&self, ticket: &TicketRef, holder: &str, rate: &RateVisit) -> Result<Said> {
        let comment = identifier::lines(&rate.comment);
        if comment.chars().count() > TEXT_CHARS_MAX {
            return Err(NotPossible::TextTooLong.into());
        }
        // A number is kept for calling back, and for nothing else.
        let phone = if rate.named { identifier::line(&rate.phone) } else { String::new() };
        if !phone.is_empty() && identifier::PhoneNumber::parse(&phone).is_err() {
            return Err(NotPossible::AboutPhone.into());
        }
        if rate.named && phone.is_empty() && !self.is_reachable(ticket, holder).await? {
            return Err(NotPossible::VisitPhone.into());
        }
        Ok(Said { comment, phone })
    }

    /// Whether whoever holds a number has said where they can be called.
    async fn is_reachable(&self, ticket: &TicketRef, holder: &str) -> Result<bool> {
        Ok(!self.visitor(ticket, holder).await?.phone.is_empty())
    }

    /// As [`Office::rate_visit`] asks: whether the page needs a box for the telephone.
    pub async fn visitor_is_reachable(&self, ticket: &TicketRef) -> Result<bool> {
        let day = self.hall_day(&ticket.hall, ticket.date).await?;
        let holder = day.and_then(|day| day.day.ticket(ticket.number).map(|held| held.holder.to_string()));
        match holder {
            Some(holder) => self.is_reachable(ticket, &holder).await,
            None => Ok(false),
        }
    }

    /// Who came: what was said with the number, else what the account says.
    async fn visitor(&self, ticket: &TicketRef, holder: &str) -> Result<Party> {
        let about = self.about_kept(ticket).await?;
        let account: Option<AccountId> =
            holder.starts_with("account/").then(|| holder.parse().ok()).flatten();
        let profile = match account {
            Some(account) => self.vault(&format!("{account}/profile")).await?,
            None => None,
        };
        let profile: Profile =
            profile.map(|bytes| serde_json::from_slice(&bytes)).transpose()?.unwrap_or_default();
        let said = |said: String, else_known: String| if said.is_empty() { else_known } else { said };
        Ok(Party {
            name: said(about.name, profile.name),
            code: about.code,
            phone: said(about.phone, profile.phone),
            ..Party::default()
        })
    }

    async fn about_kept(&self, ticket: &TicketRef) -> Result<TicketAbout> {
        let kept = self.vault(&format!("ticket/{}/{}", ticket.date, ticket.number.0)).await?;
        Ok(kept.map(|bytes| serde_json::from_slice(&bytes)).transpose()?.unwrap_or_default())
    }

    /// Nothing where the visit was not rated.
    pub(crate) async fn rated_visit(&self, ticket: &TicketRef) -> Result<Option<RatedVisit>> {
        let Some(loaded) = self.hall_day(&ticket.hall, ticket.date).await? else { return Ok(None) };
        let Some(held) = loaded.day.ticket(ticket.number) else { return Ok(None) };
        let Some(rating) = held.rating else { return Ok(None) };
        let said = self.vault(&rating_key(ticket)).await?;
        let said: Said = said.map(|bytes| serde_json::from_slice(&bytes)).transpose()?.unwrap_or_default();
        let mut party = self.visitor(ticket, &held.holder).await?;
        if !said.phone.is_empty() {
            party.phone = said.phone;
        }
        let about = self.about_kept(ticket).await?.case_number;
        let case_number = if about.is_empty() {
            self.cases_of_ticket(ticket).await?.into_iter().next()
        } else {
            Some(about)
        };
        Ok(Some(RatedVisit {
            rating,
            comment: Some(said.comment).filter(|comment| !comment.is_empty()),
            thing: held.wants.iter().rev().find_map(|want| want.thing.clone()),
            case_number,
            party,
        }))
    }
}
