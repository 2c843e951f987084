//! The effect of a change on the rest of a live day.

use catalogue::WindowId;
use jiff::Timestamp;

use super::live::LiveForecaster;
use crate::model::{Flaw, HallDay, Span};
use crate::simulate::{Changes, Hall, Paired, Present};
use crate::{Day, Doors};

/// A change that a hall manager could make now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhatIf {
    /// A window that is shut or paused is on duty from now until the doors close.
    OpenWindow { window: WindowId },
    /// A window finishes its current service and calls no further ticket.
    CloseWindow { window: WindowId },
    /// The window's lunch begins at another time and keeps its length.
    MoveLunch { window: WindowId, begins_at: Timestamp },
    /// The doors close later; windows open at the old closing time stay.
    Extend { minutes: u32 },
}

/// Why a change cannot be simulated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("the hall has no such window")]
    NoSuchWindow,
    #[error("the window is open")]
    IsOpen,
    #[error("the window is not open")]
    IsNotOpen,
    #[error("the window has no lunch that is still to come")]
    NoLunch,
    #[error("that time is over")]
    Past,
    #[error("the day is over")]
    DayOver,
    #[error(transparent)]
    Flaw(#[from] Flaw),
}

impl LiveForecaster {
    /// Simulates the rest of the day `runs` times with and without the change, with common random numbers.
    /// Waits are of all who wait now or are still to come, from joining
    /// (for an appointment, from its booked time if that is later).
    ///
    /// # Errors
    /// [`Unfit`] when the change does not fit the day as it is.
    pub fn what_if(&self, day: &Day, now: Timestamp, change: &WhatIf, runs: u32) -> Result<Changes, Unfit> {
        let minute = self.minute(now);
        let hall = self.hall();
        if day.doors != Doors::Open || minute >= hall.day().closing.closes_at {
            return Err(Unfit::DayOver);
        }
        let present = self.present(day, now);
        let (changed, then) = self.changed(&present, change)?;
        let rules = &day.setup.lines;
        let group_of: Vec<usize> =
            (0..hall.day().lines.len()).map(|line| self.rule_of(&day.setup, line)).collect();
        let target = |group: &usize| rules[*group].target_minutes.map_or(f64::INFINITY, f64::from);
        let targets = group_of.iter().map(target).collect();
        let names = rules.iter().map(|rule| rule.id.as_str().to_owned()).collect();
        let mut paired = Paired::new(names, group_of, targets, self.seed);
        paired.play_on((hall, &present), (&Hall::new(changed)?, &then), runs);
        Ok(paired.changes())
    }

    fn changed(&self, present: &Present, change: &WhatIf) -> Result<(HallDay, Present), Unfit> {
        let now = present.now;
        let (mut day, mut then) = (self.hall().day().clone(), present.clone());
        let place = |day: &HallDay, window: &WindowId| {
            day.windows.iter().position(|each| each.name == window.as_str()).ok_or(Unfit::NoSuchWindow)
        };
        match change {
            WhatIf::OpenWindow { window } => {
                let place = place(&day, window)?;
                if then.windows[place].is_on {
                    return Err(Unfit::IsOpen);
                }
                then.windows[place].is_on = true;
                day.windows[place].shifts.push(Span::new(now, day.closing.closes_at));
            }
            WhatIf::CloseWindow { window } => {
                let place = place(&day, window)?;
                if !then.windows[place].is_on {
                    return Err(Unfit::IsNotOpen);
                }
                (then.windows[place].is_on, then.windows[place].lingers) = (false, false);
                then.idle.retain(|idle| *idle != place);
                day.windows[place].close_at(now);
            }
            WhatIf::MoveLunch { window, begins_at } => {
                let place = place(&day, window)?;
                let lunch = day.windows[place].lunch().filter(|lunch| lunch.from > now);
                let lunch = lunch.ok_or(Unfit::NoLunch)?;
                let from = self.minute(*begins_at);
                if from <= now {
                    return Err(Unfit::Past);
                }
                day.windows[place].move_lunch(Span::new(from, from + lunch.to - lunch.from));
            }
            WhatIf::Extend { minutes } => day.extend(f64::from(*minutes)),
        }
        Ok((day, then))
    }
}
