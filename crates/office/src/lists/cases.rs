//! Lists of cases, for officers by filter and for applicants their own.

use jiff::Timestamp;
use store::{Condition, Cursor, ViewQuery};

use crate::account::Viewer;
use crate::case::{By, CaseId, Entrusted};
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::views;
use crate::views::cases::CaseRow;
use crate::views::due::Today;

/// Which cases to list. Everything that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Words of the number, the thing, or an undertaking's name or code.
    pub words: String,
    pub thing: Option<String>,
    pub state: Option<String>,
    pub colour: Option<String>,
    pub channel: Option<String>,
    pub received_from: Option<Timestamp>,
    pub received_before: Option<Timestamp>,
    pub feedback: Option<bool>,
    /// Bad ratings only.
    pub badly_rated: bool,
    /// Only those with a message or objection that waits for an answer.
    pub unanswered: bool,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseLine {
    pub row: CaseRow,
    /// An undertaking's name, a person's masked; empty once forgotten.
    pub applicant: String,
    /// Whoever asked for the list may open the case.
    pub opens: bool,
}

/// A page of the list.
#[derive(Clone, Debug, Default)]
pub struct CaseList {
    pub lines: Vec<CaseLine>,
    pub next: Option<Cursor>,
}

impl Office {
    /// Cases by filter, newest first: for the zone's staff.
    pub async fn cases(
        &self,
        filter: &CaseFilter,
        limit: u32,
        after: Option<Cursor>,
        by: &Viewer,
    ) -> Result<CaseList> {
        if by.is_applicant() {
            return Err(OfficeError::Denied);
        }
        let mut query =
            ViewQuery::new(views::cases::TABLE).descending("received_at").limit(limit).after(after);
        let pairs = [("thing", &filter.thing), ("state", &filter.state), ("channel", &filter.channel)];
        for (column, wanted) in pairs {
            if let Some(wanted) = wanted {
                query = query.filter(Condition::eq(column, wanted.as_str()));
            }
        }
        if let Some(colour) = &filter.colour {
            query = self.limits_today().conditions(colour).into_iter().fold(query, ViewQuery::filter);
        }
        if let Some(from) = filter.received_from {
            query = query.filter(Condition::at_least("received_at", from));
        }
        if let Some(before) = filter.received_before {
            query = query.filter(Condition::below("received_at", before));
        }
        if let Some(feedback) = filter.feedback {
            query = query.filter(Condition::eq("feedback", feedback));
        }
        if filter.badly_rated {
            query = query.filter(Condition::between("rating_shown", 1_i64, 3_i64));
        }
        if filter.unanswered {
            query = query.filter(Condition::at_least("unanswered", 1_i64));
        }
        if !filter.words.trim().is_empty() {
            const FOUND_MAX: u32 = 500;
            let words = Condition::Matches(filter.words.trim().to_owned());
            let found = ViewQuery::new(views::parties::TABLE).filter(words).limit(FOUND_MAX);
            let found = self.store().view_rows(found).await?;
            let ids: Vec<String> =
                found.rows.iter().filter_map(|row| row.text(0).map(str::to_owned)).collect();
            if ids.is_empty() {
                return Ok(CaseList::default());
            }
            query = query.filter(Condition::is_in("id", ids));
        }
        let page = self.store().view_rows(query).await?;
        let rows = page.rows.iter().filter_map(|row| self.read_case(row)).collect();
        let mut lines = self.with_applicants(rows).await?;
        for line in &mut lines {
            line.opens = self.opens(line.row.id, by).await?;
        }
        Ok(CaseList { lines, next: page.next })
    }

    /// Whether a member of staff may open a case, by the edition that it runs under.
    async fn opens(&self, id: CaseId, by: &Viewer) -> Result<bool> {
        if by.opens_all(&self.edition()) {
            return Ok(true);
        }
        let loaded = self.load_case(id).await?;
        Ok(by.is_involved(&loaded.case, &loaded.edition))
    }

    /// The cases that somebody handed in or may follow, newest first.
    pub async fn own_cases(&self, by: By<'_>) -> Result<Vec<CaseLine>> {
        const SHOWN: u32 = 200;
        if self.is_forgotten(&by.actor_id()).await? {
            return Ok(Vec::new());
        }
        let query = ViewQuery::new(views::cases::TABLE)
            .filter(Condition::eq("applicant", by.actor_id()))
            .descending("received_at")
            .limit(SHOWN);
        let page = self.store().view_rows(query).await?;
        let mut rows: Vec<CaseRow> = page.rows.iter().filter_map(|row| self.read_case(row)).collect();
        for id in self.cases_opened_by(by).await? {
            if rows.iter().all(|row| row.id != id)
                && let Some(row) = self.case_row(id).await?
            {
                rows.push(row);
            }
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.received_at));
        self.with_applicants(rows).await
    }

    /// The cases in which an account acts for somebody, in the order in which consent was given, the newest first.
    pub async fn entrusted_cases(&self, agent: &Viewer) -> Result<Vec<CaseLine>> {
        let mut rows = Vec::new();
        for what in self.entrusted_to(agent).await? {
            if let Entrusted::Case(id) = what
                && let Some(row) = self.case_row(id).await?
            {
                rows.push(row);
            }
        }
        self.with_applicants(rows).await
    }

    /// The row of one case.
    pub async fn case_row(&self, id: CaseId) -> Result<Option<CaseRow>> {
        let row = self.store().view_row(views::cases::TABLE, &[id.to_string().into()]).await?;
        Ok(row.as_ref().and_then(|row| self.read_case(row)))
    }

    fn read_case(&self, row: &store::Row) -> Option<CaseRow> {
        views::cases::read(row).map(|row| self.as_of_today(row))
    }

    /// The row of a case with the state that its limit is in today.
    pub(crate) fn as_of_today(&self, row: CaseRow) -> CaseRow {
        CaseRow { colour: self.limits_today().state(row.colour, row.due_at), ..row }
    }

    pub(crate) fn limits_today(&self) -> Today {
        Today::at(&self.edition(), self.now())
    }

    /// How an applicant is named in lists.
    pub async fn applicant_shown(&self, id: CaseId) -> Result<String> {
        let row = self.store().view_row(views::parties::TABLE, &[id.to_string().into()]).await?;
        Ok(row.and_then(|row| row.text(1).map(str::to_owned)).unwrap_or_default())
    }

    async fn with_applicants(&self, rows: Vec<CaseRow>) -> Result<Vec<CaseLine>> {
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let applicant = self.applicant_shown(row.id).await?;
            lines.push(CaseLine { row, applicant, opens: true });
        }
        Ok(lines)
    }
}
