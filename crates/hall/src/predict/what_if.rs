//! The effect of a change on the rest of a live day.

use catalogue::{LineId, WindowId};
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

/// What came of a change, and on which windows the figures rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    pub changes: Changes,
    pub counted: Counted,
    /// Lines for which people wait and that no window serves any more today, with the change.
    pub without_window: Vec<LineId>,
}

/// The windows of the day as it is, from which both sides begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub at: Timestamp,
    pub open: Vec<WindowId>,
    /// Not open now, and due later: counted from then on.
    pub later: Vec<(WindowId, Timestamp)>,
    /// The roster has them open now, and they are shut or paused: not counted.
    pub missing: Vec<WindowId>,
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
    pub fn what_if(&self, day: &Day, now: Timestamp, change: &WhatIf, runs: u32) -> Result<Tried, Unfit> {
        let minute = self.minute(now);
        if day.doors != Doors::Open || minute >= self.hall().day().closing.closes_at {
            return Err(Unfit::DayOver);
        }
        let present = self.present(day, now);
        let (counted, as_it_is) = self.counted(day, now, &present);
        let (changed, then) = self.changed(as_it_is.clone(), &present, change)?;
        let hall = &Hall::new(as_it_is)?;
        let rules = &day.setup.lines;
        let group_of: Vec<usize> =
            (0..hall.day().lines.len()).map(|line| self.rule_of(&day.setup, line)).collect();
        let target = |group: &usize| rules[*group].target_minutes.map_or(f64::INFINITY, f64::from);
        let targets = group_of.iter().map(target).collect();
        let names = rules.iter().map(|rule| rule.id.as_str().to_owned()).collect();
        let without_window = self.without_window(day, &changed, &then);
        let mut paired = Paired::new(names, group_of, targets, self.seed);
        paired.play_on((hall, &present), (&Hall::new(changed)?, &then), runs);
        Ok(Tried { changes: paired.changes(), counted, without_window })
    }

    /// The day as it is: windows that are open now, and those that the roster opens later. One that should be open now and
    /// is not may never open, so that nobody counts on it.
    fn counted(&self, day: &Day, now: Timestamp, present: &Present) -> (Counted, HallDay) {
        let mut played = self.hall().day().clone();
        let mut counted = Counted { at: now, open: Vec::new(), later: Vec::new(), missing: Vec::new() };
        for (place, desk) in day.setup.windows.iter().enumerate() {
            if present.windows[place].is_on {
                counted.open.push(desk.id.clone());
            } else if desk.staffed_at(now) {
                played.windows[place].shifts.clear();
                counted.missing.push(desk.id.clone());
            } else if let Some(from) =
                desk.staffed.iter().map(|span| span.from).filter(|from| *from > now).min()
            {
                counted.later.push((desk.id.clone(), from));
            }
        }
        (counted, played)
    }

    /// Lines for which people wait, and no window is there or comes that could serve them.
    fn without_window(&self, day: &Day, played: &HallDay, then: &Present) -> Vec<LineId> {
        let comes = |place: usize| {
            then.windows[place].is_on || played.windows[place].shifts.iter().any(|shift| shift.to > then.now)
        };
        let served = |line: usize| {
            (0..played.windows.len())
                .any(|place| comes(place) && played.windows[place].serves.contains(&line))
        };
        let mut lines: Vec<usize> = then
            .waiting
            .iter()
            .map(|waiting| waiting.line)
            .filter(|line| !served(*line))
            .map(|line| self.rule_of(&day.setup, line))
            .collect();
        lines.sort_unstable();
        lines.dedup();
        lines.into_iter().map(|line| day.setup.lines[line].id.clone()).collect()
    }

    fn changed(
        &self,
        mut day: HallDay,
        present: &Present,
        change: &WhatIf,
    ) -> Result<(HallDay, Present), Unfit> {
        let now = present.now;
        let mut then = present.clone();
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
