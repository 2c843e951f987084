//! The trail, for the audit administrator: who administered what, who came in, who opened what is masked.

use jiff::Timestamp;
use store::{Condition, Cursor, ViewQuery};

use crate::account::{Duty, Viewer};
use crate::case::CaseId;
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
    /// The number of the case that it is about.
    pub case: Option<String>,
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
    /// What was done to this case.
    pub case: Option<CaseId>,
}

/// Kinds of streams that are named after a case.
const ABOUT_CASES: [&str; 2] = ["trace", "keeping"];

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
        if let Some(case) = filter.case {
            let streams = ABOUT_CASES.map(|kind| format!("{kind}/{case}"));
            query = query.filter(Condition::is_in("stream", streams));
        }
        let page = self.store().view_rows(query).await?;
        let mut lines = Vec::with_capacity(page.rows.len());
        for (id, at, kind, actor, stream, body) in page.rows.iter().filter_map(views::trail::read) {
            let case = self.case_of_stream(&stream).await?;
            lines.push(TrailLine { id, at, kind, actor, stream, case, body });
        }
        Ok((lines, page.next))
    }

    /// Also once everything else of the case was erased: its events stay.
    async fn case_of_stream(&self, stream: &str) -> Result<Option<String>> {
        let about = stream.split_once('/').filter(|(kind, _)| ABOUT_CASES.contains(kind));
        let Some(id) = about.and_then(|(_, id)| id.parse::<CaseId>().ok()) else { return Ok(None) };
        match self.case_row(id).await? {
            Some(row) => Ok(Some(row.number)),
            None => match self.load_case(id).await {
                Ok(loaded) => Ok(Some(loaded.case.number.to_string())),
                Err(OfficeError::NotFound) => Ok(None),
                Err(error) => Err(error),
            },
        }
    }
}
