//! What became of the last reports about the administration itself, for anybody to see: no names, no texts.

use casework::{CaseState, MatterState};
use jiff::Timestamp;
use store::{Condition, ViewQuery};

use crate::case::CaseId;
use crate::error::Result;
use crate::office::Office;
use crate::views;

/// One report, with nothing in it that tells who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicReport {
    /// The number with its middle hidden.
    pub number: String,
    pub thing: String,
    pub received_at: Timestamp,
    pub state: CaseState,
    /// The step that it stands at, when it is open.
    pub step: Option<catalogue::StepId>,
    pub item: Option<catalogue::ItemId>,
    /// When it was over.
    pub closed_at: Option<Timestamp>,
    /// The person said that it is well so.
    pub confirmed: bool,
}

impl Office {
    /// The last reports, newest first.
    pub async fn recent_reports(&self, limit: u32) -> Result<Vec<PublicReport>> {
        let Some(thing) = self.edition().zone().feedback.clone() else { return Ok(Vec::new()) };
        let query = ViewQuery::new(views::cases::TABLE)
            .filter(Condition::eq("thing", thing.as_str()))
            .descending("received_at")
            .limit(limit);
        let page = self.store().view_rows(query).await?;
        let mut reports = Vec::new();
        for row in page.rows.iter().filter_map(views::cases::read) {
            reports.push(self.public_report(row.id).await?);
        }
        Ok(reports)
    }

    async fn public_report(&self, id: CaseId) -> Result<PublicReport> {
        let loaded = self.load_case(id).await?;
        let case = &loaded.case;
        let open = case.matters.iter().find_map(|matter| Some((matter, matter.open_steps().next()?.0)));
        let confirmed = case.matters.iter().any(|matter| {
            matter.state == MatterState::Completed
                && matter.runs().any(|(step, run)| {
                    step.kind == catalogue::StepKind::Confirm
                        && matches!(run.state, casework::StepState::Done { yes: true, .. })
                })
        });
        Ok(PublicReport {
            number: identifier::mask_number(&case.number),
            thing: case.thing.to_string(),
            received_at: case.received_at,
            state: case.state(),
            step: open.map(|(_, step)| step.id.clone()),
            item: open.map(|(matter, _)| matter.item.clone()),
            closed_at: case.matters.iter().filter_map(|matter| matter.closed_at).max(),
            confirmed,
        })
    }
}
