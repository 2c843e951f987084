//! The trail, for the audit administrator: who administered what, who came in, who opened what is masked.

use jiff::Timestamp;
use store::{Condition, Cursor, ViewQuery};

use crate::account::{Duty, Viewer};
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::views;

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailLine {
    pub id: String,
    pub at: Timestamp,
    pub kind: String,
    /// As events name who did it.
    pub actor: String,
    /// What it was done to: `account/…`, `trace/…`.
    pub stream: String,
    /// The event itself.
    pub body: String,
}

/// Which lines. Everything that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailFilter {
    pub kind: Option<String>,
    pub actor: Option<String>,
    pub from: Option<Timestamp>,
    pub before: Option<Timestamp>,
}

impl Office {
    /// The newest first. Nobody but the audit administrator reads it, and nobody changes it.
    pub async fn trail(
        &self,
        filter: &TrailFilter,
        limit: u32,
        after: Option<Cursor>,
        by: &Viewer,
    ) -> Result<(Vec<TrailLine>, Option<Cursor>)> {
        if !by.has_duty(Duty::Audit) {
            return Err(OfficeError::Denied);
        }
        let mut query = ViewQuery::new(views::trail::TABLE).descending("at").limit(limit).after(after);
        for (column, wanted) in [("kind", &filter.kind), ("actor", &filter.actor)] {
            if let Some(wanted) = wanted {
                query = query.filter(Condition::eq(column, wanted.as_str()));
            }
        }
        if let Some(from) = filter.from {
            query = query.filter(Condition::at_least("at", from));
        }
        if let Some(before) = filter.before {
            query = query.filter(Condition::below("at", before));
        }
        let page = self.store().view_rows(query).await?;
        let line = |(id, at, kind, actor, stream, body)| TrailLine { id, at, kind, actor, stream, body };
        Ok((page.rows.iter().filter_map(views::trail::read).map(line).collect(), page.next))
    }
}
