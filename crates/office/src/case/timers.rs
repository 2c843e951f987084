//! What happens by itself: silence becomes acceptance, corrections lapse, warnings and overruns are recorded.

use store::{Condition, ViewQuery};

use crate::case::access::By;
use crate::case::act::Act;
use crate::case::load::CaseId;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::views;

/// What one round of timers did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    pub cases: u64,
    pub events: u64,
    /// Cases whose timers could not fire; they are tried again in the next round.
    pub failed: u64,
    /// Cases that bad ratings opened.
    pub call_backs: u64,
}

impl Office {
    /// Fires every timer that is due. Safe to run twice, and on several nodes: each case decides by itself.
    pub async fn tick(&self) -> Result<Ticked> {
        const AT_ONCE: u32 = 500;
        let now = self.now();
        let mut ticked = Ticked::default();
        let mut after = None;
        loop {
            let query = ViewQuery::new(views::timers::TABLE)
                .filter(Condition::below("at", now.as_microsecond().saturating_add(1)))
                .ascending("at")
                .limit(AT_ONCE)
                .after(after);
            let page = self.store().view_rows(query).await?;
            for row in &page.rows {
                let Some(id) = row.text(0).and_then(|text| text.parse::<CaseId>().ok()) else { continue };
                match self.act(id, Act::Tick, By::System, None).await {
                    Ok(done) => {
                        ticked.cases += 1;
                        ticked.events += done.events.len() as u64;
                    }
                    Err(OfficeError::Stale) => ticked.failed += 1,
                    Err(error) => {
                        ticked.failed += 1;
                        tracing::warn!(case = %id, %error, "the timers of a case could not fire");
                    }
                }
            }
            match page.next {
                Some(cursor) => after = Some(cursor),
                None => break,
            }
        }
        ticked.call_backs = self.open_call_backs().await?;
        Ok(ticked)
    }
}
