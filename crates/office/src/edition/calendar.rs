//! The State says which days of a year are worked, mostly in November of the year before, and a pack that has it is
//! published. Applications that are under way go on under their edition and count by the new days all the same: which days
//! are working days is no matter of the edition (行政许可法 Art. 82). Here the days that moved are written into each case.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use casework::ClockKind;
use catalogue::{DepartmentId, Edition, EditionHash, ItemId, RoleRank};
use store::{Batch, Change, Condition, ViewQuery};

use crate::account::Viewer;
use crate::case::CaseId;
use crate::case::perform::Extras;
use crate::case::wire::{MovedDay, OfficeEvent};
use crate::edition::start::CURRENT_SPACE;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::views;
use crate::views::moves::MoveRow;

/// Names the edition by whose calendar rows of open cases may still be counted.
pub(crate) const BEFORE_KEY: &str = "calendar-before";
const AT_ONCE: u32 = 200;
const TRIES: usize = 5;

/// Asks for the days of open cases to be moved from the calendar of one edition to that of the next; nothing where both agree.
/// What is still to be moved from an edition before that stays so.
pub(crate) fn moving(batch: Batch, before: &Edition, after: &Edition, unfinished: bool) -> Batch {
    if unfinished || before.same_calendar(after) {
        return batch;
    }
    batch.change(Change::KvPut {
        space: CURRENT_SPACE.into(),
        key: BEFORE_KEY.into(),
        bytes: before.hash().to_string().into_bytes(),
        expires_at: None,
    })
}

impl Office {
    /// Whether days of open cases are still to be moved.
    pub(crate) async fn days_to_move(&self) -> Result<Option<EditionHash>> {
        let kept = self.store().kv_get(CURRENT_SPACE, BEFORE_KEY, self.now()).await?;
        Ok(kept.and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok()))
    }

    /// Moves the days of open cases to the calendar of the current edition: writes into each what moved, then computes all rows
    /// anew, those of cases that are over too, so that they are what the journal says. Broken off, it begins again and tells
    /// nothing twice. Returns how many cases were told.
    ///
    /// # Errors
    /// The store fails. A case that cannot be read is left to the log.
    pub async fn move_days(&self) -> Result<u64> {
        let mut told = 0;
        while let Some(hash) = self.days_to_move().await? {
            // The calendar may have been published on another node a moment ago.
            self.follow_edition().await?;
            let (before, target) = (self.stored_edition(hash).await?, self.edition());
            told += self.tell_moves(&before, &target).await?;
            self.rebuild(&mut |_| {}).await?;
            if self.edition().hash() == target.hash() {
                let done = Change::KvRemove { space: CURRENT_SPACE.into(), key: BEFORE_KEY.into() };
                self.store().commit(Batch::new(self.now()).change(done)).await?;
                break;
            }
        }
        Ok(told)
    }

    /// How many open cases have a last day that the calendar of `target` moves.
    pub(crate) async fn cases_that_move(&self, current: &Edition, target: &Edition) -> Result<u64> {
        if current.same_calendar(target) {
            return Ok(0);
        }
        let mut counted_after: HashMap<EditionHash, Edition> = HashMap::new();
        let (mut after, mut count) = (None, 0);
        loop {
            let page = self.store().view_rows(open_cases().after(after)).await?;
            for row in page.rows.iter().filter_map(views::cases::read) {
                let loaded = self.load_case(row.id).await?;
                let new = counted_after
                    .entry(loaded.edition.hash())
                    .or_insert_with(|| loaded.edition.in_calendar_of(target));
                let moves = moved(&loaded.case, &loaded.edition, new);
                count += u64::from(!moves.is_empty());
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(count),
            }
        }
    }

    async fn tell_moves(&self, before: &Edition, target: &Edition) -> Result<u64> {
        let mut counted_before: HashMap<EditionHash, Edition> = HashMap::new();
        let (mut after, mut told) = (None, 0);
        loop {
            let page = self.store().view_rows(open_cases().after(after)).await?;
            for row in page.rows.iter().filter_map(views::cases::read) {
                let Ok(edition) = row.edition.parse() else { continue };
                let old = match counted_before.entry(edition) {
                    Entry::Occupied(kept) => kept.into_mut(),
                    Entry::Vacant(free) => {
                        let own = self.stored_edition(edition).await?;
                        free.insert(own.in_calendar_of(before))
                    }
                };
                match self.tell_moves_of(row.id, old, target).await {
                    Ok(moved) => told += u64::from(moved),
                    Err(error) => {
                        let case = row.id;
                        tracing::error!(%case, %error, "last days of a case did not move with the calendar");
                    }
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(told),
            }
        }
    }

    async fn tell_moves_of(&self, id: CaseId, old: &Edition, target: &Edition) -> Result<bool> {
        for _ in 0..TRIES {
            let loaded = self.load_case(id).await?;
            let told = |event: &OfficeEvent| matches!(event, OfficeEvent::DaysMoved { calendar_of, .. } if *calendar_of == target.hash());
            if loaded.case.edition != old.hash() || loaded.office_events.iter().any(told) {
                return Ok(false);
            }
            let moves = moved(&loaded.case, old, &loaded.edition);
            if moves.is_empty() {
                return Ok(false);
            }
            let event = OfficeEvent::DaysMoved { at: self.now(), calendar_of: target.hash(), moves };
            let extras = Extras { office_events: vec![event], ..Extras::default() };
            match self.commit_case(Some(&loaded), id, Vec::new(), "system", extras, None).await {
                Err(OfficeError::Stale) => {}
                done => return done.map(|_| true),
            }
        }
        Err(OfficeError::Stale)
    }

    /// An edition as it was sealed, in its own calendar.
    pub(crate) async fn stored_edition(&self, hash: EditionHash) -> Result<Edition> {
        let bytes = self.store().edition(&hash.to_string()).await?.ok_or(OfficeError::NotFound)?;
        Ok(Edition::from_json(&bytes, hash)?)
    }

    /// Days that moved in the departments that somebody works in, newest first; all for whoever leads the zone.
    ///
    /// # Errors
    /// [`OfficeError::Denied`] to others than officers.
    pub async fn moved_days(&self, limit: u32, by: &Viewer) -> Result<Vec<MoveRow>> {
        if !by.is_officer() {
            return Err(OfficeError::Denied);
        }
        let edition = self.edition();
        let mut query = ViewQuery::new(views::moves::TABLE).descending("at").limit(limit);
        if by.rank(&edition) != Some(RoleRank::Leader) {
            let own: BTreeSet<&DepartmentId> =
                by.roles.iter().filter_map(|role| Some(&edition.role(role)?.department)).collect();
            query = query.filter(Condition::is_in("department", own.iter().map(|id| id.as_str())));
        }
        Ok(self.store().view_rows(query).await?.rows.iter().filter_map(views::moves::read).collect())
    }
}

fn open_cases() -> ViewQuery {
    ViewQuery::new(views::cases::TABLE)
        .filter(Condition::eq("state", "open"))
        .ascending("received_at")
        .limit(AT_ONCE)
}

/// Last days of running clocks that differ.
fn moved(case: &casework::Case, old: &Edition, new: &Edition) -> Vec<MovedDay> {
    let days = |edition: &Edition| -> HashMap<(ItemId, ClockKind), jiff::civil::Date> {
        let clocks = case.clocks(edition.calendar(), edition.offset(), case.changed_at);
        let running = clocks.into_iter().filter(casework::ClockView::is_running);
        running.map(|clock| ((clock.item, clock.kind), clock.due.due_on)).collect()
    };
    let after = days(new);
    let mut moves: Vec<MovedDay> = days(old)
        .into_iter()
        .filter_map(|((item, clock), from)| {
            let to = *after.get(&(item.clone(), clock))?;
            (from != to).then_some(MovedDay { item, clock, from, to })
        })
        .collect();
    moves.sort_by(|one, other| (&one.item, one.clock.code()).cmp(&(&other.item, other.clock.code())));
    moves
}
