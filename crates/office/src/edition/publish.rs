//! Publishing a pack: checked like a program, shown with what it changes for open cases, then made current.

use std::collections::BTreeMap;

use catalogue::{EditionHash, ItemId};
use checker::{Compiled, PackFiles};
use store::{Condition, Expected, ViewTally};

use crate::account::{Duty, Viewer};
use crate::edition::calendar::moving;
use crate::edition::rehearse::Rehearsed;
use crate::edition::start::keep;
use crate::error::{NotPossible, OfficeError, Result};
use crate::office::Office;
use crate::views;

/// A pack after the checker has read it.
#[derive(Debug)]
pub struct Checked {
    pub compiled: Compiled,
    /// Items whose declaration differs from the current edition: added, removed, changed.
    pub added: Vec<ItemId>,
    pub removed: Vec<ItemId>,
    pub changed: Vec<ItemId>,
    pub open_cases: Vec<OpenCaseImpact>,
    /// Open cases of which a last day moves, because the pack says something new of working days.
    pub days_move: u64,
    pub stories: Rehearsed,
}

/// Open matters of an item that the new edition changes or drops. They go on under the edition they began with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCaseImpact {
    pub item: ItemId,
    pub open: u64,
    pub removed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub hash: EditionHash,
    pub before: EditionHash,
}

impl Office {
    /// Reads a pack and says everything about it; changes nothing.
    pub async fn check_pack(&self, files: PackFiles, by: &Viewer) -> Result<Checked> {
        if !by.has_duty(Duty::System) {
            return Err(OfficeError::Denied);
        }
        let compiled = self.heavy(move || Ok(checker::compile(&files))).await?;
        let current = self.edition();
        let (mut added, mut removed, mut changed) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(edition) = &compiled.edition {
            let (old, new) = (&current.parts().items, &edition.parts().items);
            added.extend(new.keys().filter(|id| !old.contains_key(*id)).cloned());
            removed.extend(old.keys().filter(|id| !new.contains_key(*id)).cloned());
            changed.extend(
                new.iter()
                    .filter(|(id, item)| old.get(*id).is_some_and(|old| old != *item))
                    .map(|(id, _)| id.clone()),
            );
        }
        let mut open_cases = Vec::new();
        let open = self.open_matters_by_item().await?;
        for (item, gone) in changed.iter().map(|id| (id, false)).chain(removed.iter().map(|id| (id, true))) {
            if let Some(count) = open.get(item.as_str()) {
                open_cases.push(OpenCaseImpact { item: item.clone(), open: *count, removed: gone });
            }
        }
        let days_move = match &compiled.edition {
            Some(edition) => self.cases_that_move(&current, edition).await?,
            None => 0,
        };
        let stories = self.rehearse(&compiled).await?;
        Ok(Checked { compiled, added, removed, changed, open_cases, days_move, stories })
    }

    /// Makes a pack current that was checked; while stories of it differ, only for somebody who says how many.
    pub async fn publish_checked(
        &self,
        checked: Checked,
        instead_of: Option<EditionHash>,
        known_to_differ: Option<usize>,
        by: &Viewer,
    ) -> Result<Published> {
        let differ = checked.stories.differ.len();
        let current = self.edition().hash();
        // What is current already is published no second time, and nothing instead of another edition than was meant.
        let is_new = checked.compiled.edition.as_ref().is_some_and(|edition| edition.hash() != current);
        let is_meant = instead_of.is_none_or(|hash| hash == current);
        if is_new && is_meant && differ > 0 && known_to_differ != Some(differ) {
            return Err(NotPossible::StoriesDiffer.into());
        }
        self.publish(checked.compiled, instead_of, by).await
    }

    /// Makes a checked pack the current edition; it is nothing new when it is that already, and it is not done when another
    /// than `instead_of` is current. A pack with errors is not published.
    pub async fn publish(
        &self,
        compiled: Compiled,
        instead_of: Option<EditionHash>,
        by: &Viewer,
    ) -> Result<Published> {
        if !by.has_duty(Duty::System) {
            return Err(OfficeError::Denied);
        }
        let edition = std::sync::Arc::new(compiled.edition.ok_or(NotPossible::PackBroken)?);
        let stream = store::StreamId::new("zone/editions")?;
        let head = self.store().stream_head(&stream).await?;
        // Another node may have published a moment ago, or do so while we look.
        let expected = head.map_or(Expected::NoStream, |head| Expected::Version(head.version));
        self.follow_edition().await?;
        let before = self.edition().hash();
        if before == edition.hash() {
            return Ok(Published { hash: before, before });
        }
        if instead_of.is_some_and(|hash| hash != before) {
            return Err(OfficeError::Stale);
        }
        let body = serde_json::to_vec(&serde_json::json!({ "edition": edition.hash(), "before": before }))?;
        let event = self.new_event("edition-published", 1, &by.id.to_string(), body);
        let unfinished = self.days_to_move().await?.is_some();
        let batch = keep(self.now(), &edition, edition.to_json()?).append(stream, expected, vec![event]);
        let batch = moving(batch, &self.edition(), &edition, unfinished);
        self.store().commit(views::trail::with(batch)).await?;
        self.remember_edition(&edition, true);
        self.keep_keys().await?;
        Ok(Published { hash: edition.hash(), before })
    }

    async fn open_matters_by_item(&self) -> Result<BTreeMap<String, u64>> {
        let open = ["waiting", "received", "correcting", "accepted", "granted"];
        let tally = ViewTally::new(views::matters::TABLE).filter(Condition::is_in("state", open)).by("item");
        let rows = self.store().view_tally(tally).await?;
        Ok(rows
            .iter()
            .filter_map(|row| Some((row.group.first()?.as_text()?.to_owned(), row.count)))
            .collect())
    }
}
