//! How the zone is doing, in numbers that name nobody; and whether this node can do its work.

use std::sync::atomic::Ordering;
use std::time::Duration;

use store::{Batch, Change, Condition, Hindrance, Load, ViewTally};

use crate::clock::ClockDoubt;
use crate::error::Result;
use crate::office::Office;
use crate::views;

/// A write that takes longer is no answer to somebody who waits at a counter.
const STORE_WITHIN: Duration = Duration::from_secs(5);
/// What is written to see whether anything can be: as much as an act writes, so that it needs room as an act does.
const MARK_BYTES: usize = 16 * 1024;

/// Counts at one moment.
#[derive(Clone, Debug, Default)]
pub struct Vitals {
    pub events: u64,
    pub load: Load,
    /// Events that are in the journal and that this node has not heard of yet.
    pub events_behind: u64,
    /// Open cases by the colour of the clock that presses most.
    pub cases_open: Vec<(String, u64)>,
    /// Matters that are not over, by state.
    pub matters_open: Vec<(String, u64)>,
    /// Steps that wait for a person, by department; the applicants' own under `@applicant`.
    pub tasks: Vec<(String, u64)>,
    /// Numbers of today by hall and state.
    pub tickets: Vec<(String, String, u64)>,
}

impl Vitals {
    pub fn overdue(&self) -> u64 {
        self.cases_open.iter().filter(|(colour, _)| colour == "overdue").map(|(_, count)| count).sum()
    }
}

/// What a node needs to be of use, each as it was found just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// Something was written and came back as durable.
    pub store: bool,
    /// The edition in use is there, with something to apply for.
    pub edition: bool,
    /// It is not earlier than what has already happened, and that of the database.
    pub clock: bool,
    /// There is room on the disk for more than this hour.
    pub disk: bool,
    /// What falls due by itself does: nobody has to confirm the clock. People are served all the same when it does not.
    pub timers: bool,
}

impl Readiness {
    pub const fn is_ready(self) -> bool {
        self.store && self.edition && self.clock && self.disk
    }

    pub const fn checks(self) -> [(&'static str, bool); 5] {
        [
            ("store", self.store),
            ("edition", self.edition),
            ("clock", self.clock),
            ("disk", self.disk),
            ("timers", self.timers),
        ]
    }
}

impl Office {
    pub async fn vitals(&self) -> Result<Vitals> {
        let store = self.store();
        let seen = *store.subscribe().borrow();
        let head = store.head().await?;
        let open = ViewTally::new(views::cases::TABLE).filter(Condition::eq("state", "open"));
        let pursued = ViewTally::new(views::matters::TABLE).filter(Condition::IsNull("closed_at".into()));
        let today = ViewTally::new(views::hall::tickets::TABLE)
            .filter(Condition::eq("day", self.today().to_string()));
        Ok(Vitals {
            events: head.0,
            load: store.load(),
            events_behind: head.0.saturating_sub(seen.0),
            cases_open: self.by_state(&open).await?,
            matters_open: self.counted(pursued.by("state")).await?.into_iter().map(one).collect(),
            tasks: self
                .counted(ViewTally::new(views::tasks::TABLE).by("department"))
                .await?
                .into_iter()
                .map(one)
                .collect(),
            tickets: self.counted(today.by("hall").by("state")).await?.into_iter().map(two).collect(),
        })
    }

    /// Open cases by the state that their limit is in today.
    async fn by_state(&self, open: &ViewTally) -> Result<Vec<(String, u64)>> {
        let today = self.limits_today();
        let mut counts = Vec::new();
        for state in ["overdue", "due-today", "red", "yellow", "green", "paused", "done", "done-late"] {
            let tally = today.conditions(state).into_iter().fold(open.clone(), ViewTally::filter);
            let count = self.store().view_tally(tally).await?.iter().map(|row| row.count).sum();
            counts.extend((count > 0).then(|| (state.to_owned(), count)));
        }
        Ok(counts)
    }

    /// Tries what everybody who asks for something needs.
    pub async fn readiness(&self) -> Readiness {
        let edition = self.edition();
        let kept = tokio::time::timeout(STORE_WITHIN, self.store().editions()).await;
        let kept = matches!(kept, Ok(Ok(kept)) if kept.contains(&edition.hash().to_string()));
        let written = self.can_write().await;
        let hindrances = tokio::time::timeout(STORE_WITHIN, self.store().hindrances()).await;
        let hindrances = match hindrances {
            Ok(Ok(found)) => found,
            _ => vec![Hindrance::CommitsFail],
        };
        for hindrance in &hindrances {
            tracing::warn!(?hindrance, "the store may not keep what it is given");
        }
        let has = |test: fn(&Hindrance) -> bool| hindrances.iter().any(test);
        let doubt = tokio::time::timeout(STORE_WITHIN, self.clock_doubt()).await;
        let is_right = matches!(doubt, Ok(Ok(None | Some(ClockDoubt::Ahead { .. }))));
        Readiness {
            store: written && !has(|one| matches!(one, Hindrance::FilesGone | Hindrance::CommitsFail)),
            edition: kept && !edition.parts().things.is_empty(),
            clock: is_right && !has(|one| matches!(one, Hindrance::ClockDiffers { .. })),
            disk: !has(|one| matches!(one, Hindrance::LittleRoom { .. })),
            timers: !self.inner.timers_held.load(Ordering::Relaxed),
        }
    }

    pub fn timers_run(&self) -> bool {
        !self.inner.timers_held.load(Ordering::Relaxed)
    }

    /// Nothing falls due by itself from now on.
    pub fn hold_timers(&self) {
        self.inner.timers_held.store(true, Ordering::Relaxed);
    }

    async fn can_write(&self) -> bool {
        let now = self.now();
        let mut bytes = vec![0; MARK_BYTES];
        // What can be packed small would need no room.
        self.inner.surroundings.entropy.fill(&mut bytes);
        let mark = Change::KvPut {
            space: "ready".into(),
            key: "mark".into(),
            bytes,
            expires_at: Some(now + jiff::SignedDuration::from_hours(1)),
        };
        let written =
            tokio::time::timeout(STORE_WITHIN, self.store().commit(Batch::new(now).change(mark))).await;
        match written {
            Ok(Ok(_)) => true,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the store cannot be written");
                false
            }
            Err(_) => {
                tracing::warn!("the store does not answer");
                false
            }
        }
    }

    async fn counted(&self, tally: ViewTally) -> Result<Vec<(Vec<String>, u64)>> {
        let rows = self.store().view_tally(tally).await?;
        let text = |cell: &store::Cell| cell.as_text().unwrap_or_default().to_owned();
        Ok(rows.into_iter().map(|row| (row.group.iter().map(text).collect(), row.count)).collect())
    }
}

fn one((mut group, count): (Vec<String>, u64)) -> (String, u64) {
    (group.pop().unwrap_or_default(), count)
}

fn two((mut group, count): (Vec<String>, u64)) -> (String, String, u64) {
    let second = group.pop().unwrap_or_default();
    (group.pop().unwrap_or_default(), second, count)
}
