//! The matters and cases behind a figure.

use store::{Condition, Cursor, ViewQuery};

use crate::account::Viewer;
use crate::case::CaseId;
use crate::error::Result;
use crate::figures::sum::scope;
use crate::figures::{Counted, FigureFilter};
use crate::office::Office;
use crate::views;
use crate::views::cases::CaseRow;
use crate::views::due::Today;
use crate::views::matters::MatterRow;

/// One matter, or one whole case, that a figure counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatterLine {
    pub case: CaseId,
    pub number: String,
    pub thing: String,
    pub channel: String,
    pub received_at: jiff::Timestamp,
    pub rating: Option<u8>,
    /// The colour of the clock that presses most.
    pub colour: String,
    /// What is known of the one matter; none on lists of whole cases.
    pub matter: Option<MatterRow>,
    /// Questions, papers and visits that one form spared; on lists of whole cases.
    pub spared: Option<[i64; 3]>,
    /// An undertaking's name, a person's masked; empty for who decides no cases.
    pub applicant: String,
}

/// A page of what a figure counts, newest first.
#[derive(Clone, Debug, Default)]
pub struct MatterList {
    pub lines: Vec<MatterLine>,
    pub next: Option<Cursor>,
}

impl Office {
    /// Exactly what a figure counts, newest first. Heads are shown only their departments' matters.
    pub async fn matters(
        &self,
        filter: &FigureFilter,
        limit: u32,
        after: Option<Cursor>,
        by: &Viewer,
    ) -> Result<MatterList> {
        let departments = scope(by, &self.edition())?;
        let of_cases = filter.what.is_of_cases() && departments.is_none();
        if !of_cases && matches!(filter.what, Counted::Cases | Counted::Reports) {
            return Ok(MatterList::default());
        }
        let (table, mut conditions) = match of_cases {
            true => (views::cases::TABLE, filter.of_cases()),
            false => (views::matters::TABLE, filter.of_matters(self.limits_today())),
        };
        if let Some(departments) = &departments {
            conditions.push(Condition::is_in("department", departments.iter().map(String::as_str)));
        }
        let query = ViewQuery::new(table).limit(limit).after(after);
        // Month first: an index gives that order, and a page ends without looking at the rest of a year.
        let query = filter.month().into_iter().fold(query, ViewQuery::descending).descending("received_at");
        let page = self.store().view_rows(conditions.into_iter().fold(query, ViewQuery::filter)).await?;
        let mut lines = Vec::with_capacity(page.rows.len());
        for row in &page.rows {
            let line = match of_cases {
                true => match views::cases::read(row) {
                    Some(row) => Some(self.case_line(self.as_of_today(row)).await?),
                    None => None,
                },
                false => views::matters::read(row).map(|row| matter_line(row, self.limits_today())),
            };
            lines.extend(line);
        }
        if by.is_officer() {
            for line in &mut lines {
                line.applicant = self.applicant_shown(line.case).await?;
            }
        }
        Ok(MatterList { lines, next: page.next })
    }

    async fn case_line(&self, row: CaseRow) -> Result<MatterLine> {
        let spared = self.store().view_row(views::savings::TABLE, &[row.id.to_string().into()]).await?;
        let spared = spared.map(|spared| {
            let number = |place| spared.integer(place).unwrap_or(0);
            [number(3) - number(4), number(5) - number(6), number(7) - number(8)]
        });
        Ok(MatterLine {
            case: row.id,
            number: row.number,
            thing: row.thing,
            channel: row.channel,
            received_at: row.received_at,
            rating: row.rating_shown,
            colour: row.colour,
            matter: None,
            spared,
            applicant: String::new(),
        })
    }
}

fn matter_line(row: MatterRow, today: Today) -> MatterLine {
    MatterLine {
        case: row.case,
        number: row.number.clone(),
        thing: row.thing.clone(),
        channel: row.channel.clone(),
        received_at: row.received_at,
        rating: row.rating,
        colour: today.state(row.colour.clone(), row.due_at),
        matter: Some(row),
        spared: None,
        applicant: String::new(),
    }
}
