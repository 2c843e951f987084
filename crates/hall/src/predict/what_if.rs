//! What a change would do to the rest of a live day.

use catalogue::WindowId;
use jiff::Timestamp;

use super::live::LiveForecaster;
use crate::model::{Flaw, HallDay, Span};
use crate::simulate::{Changes, Hall, Paired, Present};
use crate::{Day, Doors};

/// Something that a hall manager could do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhatIf {
    /// A window that is shut or paused calls from now until the doors close.
    OpenWindow { window: WindowId },
    /// A window ends its service and calls nobody any more.
    CloseWindow { window: WindowId },
    /// The window's lunch, as long as it is, begins at another time.
    MoveLunch { window: WindowId, begins_at: Timestamp },
    /// The doors close later; windows that are open then stay.
    Extend { minutes: u32 },
}

/// Why a change cannot be tried.
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
    /// Plays the rest of the day from its present so often, with and without the change, by the same accidents. Waits
    /// are those of everybody who waits now or is still to come, from the moment each of them came.
    ///
    /// # Errors
    /// When the change does not fit the day as it is.
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
