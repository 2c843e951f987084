//! A change tried on the rest of today.

use ::hall::predict::{Tried, Unfit, WhatIf};
use catalogue::HallId;

use crate::account::Viewer;
use crate::error::{NotPossible, OfficeError, Result};
use crate::hall::load::{DAYS, stream};
use crate::office::Office;

/// With so many the mean wait of a busy hall is known to some seconds.
const RUNS: u32 = 200;

impl Office {
    /// What a change would do to the waits of everybody who waits now or is still to come today.
    pub async fn hall_what_if(&self, hall: &HallId, change: WhatIf, by: &Viewer) -> Result<Tried> {
        if !by.runs_halls(&self.edition()) {
            return Err(OfficeError::Denied);
        }
        let date = self.today();
        self.follow_hall(hall, date).await?;
        let place = self.inner.boards.place(&stream(DAYS, hall, date)?);
        let kept = place.followed.clone().lock_owned().await;
        let now = self.now();
        self.forecast(move || {
            let followed = kept.as_ref().ok_or(OfficeError::Hall(::hall::Refusal::NoDay))?;
            Ok(followed.what_if(now, &change, RUNS).map_err(unfit)?)
        })
        .await
    }
}

fn unfit(why: Unfit) -> NotPossible {
    match why {
        Unfit::NoSuchWindow => NotPossible::TryWindow,
        Unfit::IsOpen => NotPossible::TryOpen,
        Unfit::IsNotOpen => NotPossible::TryNotOpen,
        Unfit::NoLunch => NotPossible::TryLunch,
        Unfit::Past => NotPossible::TryPast,
        Unfit::DayOver => NotPossible::TryOver,
        Unfit::Flaw(flaw) => {
            tracing::error!(%flaw, "a change of a hall could not be played");
            NotPossible::TryOver
        }
    }
}
