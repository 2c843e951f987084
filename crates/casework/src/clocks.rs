//! The clocks of a matter, the timers that they set, and what they mean for people.

use calendar::{Calendar, Clock, ClockRules, Limit, LimitUnit, Pause};
use catalogue::{ItemId, Silence, StepId, StepKind};
use jiff::Timestamp;
use jiff::tz::Offset;

use crate::case::Awaited;
use crate::{
    Case, ClockKind, ClockView, Colour, ExplainedClock, ExtensionState, Matter, MatterState, PauseKind,
    PlannedStep, StepRun, StepState, Timer, TimerKind, WarningColour,
};

/// What an explanation calls the days on which delivery waited for a step of the applicant.
pub const APPLICANT_STEP: &str = "等申请人完成自己的步骤";

/// What an explanation calls the days on which the promise waited for the result of another item of the case.
pub const RESULT_AWAITED: &str = "等本办件另一个事项出具结果";

impl Case {
    /// Every clock that ever started, matter by matter.
    pub fn clocks(&self, calendar: &Calendar, offset: Offset, now: Timestamp) -> Vec<ClockView> {
        let rules = ClockRules::new(offset);
        let views = |matter| {
            ClockKind::ALL.into_iter().filter_map(move |kind| view(matter, kind, calendar, &rules, now))
        };
        self.matters.iter().flat_map(views).collect()
    }

    /// One clock with every day explained.
    pub fn explain(
        &self,
        item: &ItemId,
        kind: ClockKind,
        calendar: &Calendar,
        offset: Offset,
        now: Timestamp,
    ) -> Option<ExplainedClock> {
        let rules = ClockRules::new(offset);
        let matter = self.matter(item)?;
        let view = view(matter, kind, calendar, &rules, now)?;
        let explanation =
            matter.clock(kind)?.explain(calendar, &rules, matter.stopped_at(kind).unwrap_or(now));
        Some(ExplainedClock { view, explanation })
    }

    /// What will happen by itself, soonest first. A clock that stands still sets no timer.
    pub fn timers(&self, calendar: &Calendar, offset: Offset) -> Vec<Timer> {
        let rules = ClockRules::new(offset);
        let mut timers = Vec::new();
        for matter in &self.matters {
            matter.timers(calendar, &rules, self.changed_at, &mut timers);
        }
        timers.sort_by_key(|timer| timer.at);
        timers
    }

    /// Working days from the last decision to the last day that statutes allow; negative when later, and nothing while
    /// somebody still has to decide. Matters run side by side, so their days are not added up.
    pub fn days_saved(&self, calendar: &Calendar, offset: Offset) -> i64 {
        let rules = ClockRules::new(offset);
        if self.matters.iter().any(|matter| matter.state.is_undecided()) {
            return 0;
        }
        let last_day = |matter: &Matter| {
            let decided = matter.decided_at?;
            let clock = matter.clock(ClockKind::Statutory)?;
            clock.limit.unit.day_unit()?;
            Some(clock.due(calendar, &rules, decided).due_on)
        };
        let decided = self.matters.iter().filter_map(|matter| matter.decided_at).max();
        let allowed = self.matters.iter().filter_map(last_day).max();
        let Some((decided, allowed)) = decided.zip(allowed) else { return 0 };
        i64::from(calendar.working_days_between(offset.to_datetime(decided).date(), allowed))
    }
}

impl Matter {
    /// The clock as the calendar counts it; `None` until it starts, or where no limit is set.
    pub fn clock(&self, kind: ClockKind) -> Option<Clock> {
        let limits = &self.plan.limits;
        let (started_at, limit) = match kind {
            ClockKind::Intake => {
                if !self.entered_intake || self.awaits_presence {
                    return None;
                }
                (self.received_at, limits.intake)
            }
            ClockKind::Correction => (self.correction.as_ref()?.asked_at, limits.correction?),
            ClockKind::Statutory => (self.accepted_at?, limits.statutory?),
            ClockKind::Promised => (self.accepted_at?, limits.promised),
            ClockKind::Gap => (self.accepted_at?, limits.gap?),
            ClockKind::Delivery => {
                let granted = matches!(self.state, MatterState::Granted | MatterState::Completed);
                (self.decided_at.filter(|_| granted && self.plan.has_result())?, limits.delivery?)
            }
            ClockKind::PromiseCheck => {
                let granted = matches!(self.state, MatterState::Granted | MatterState::Completed);
                (self.decided_at.filter(|_| granted)?, self.plan.promise_check?)
            }
        };
        let mut clock = Clock::new(started_at, limit);
        if matches!(kind, ClockKind::Intake | ClockKind::Promised) {
            clock.closes = limits.closes;
        }
        for pause in self.pauses.iter().filter(|pause| pause.kind.stops(kind)) {
            clock.pauses.push(Pause::new(pause.kind.word(), pause.from, pause.to));
        }
        // Nobody is late with what waits for others: delivery for the applicant, the promise for the applicant alone and for
        // another department's result. The statute's limit knows none of it.
        let stretches: &[(&[Awaited], &str)] = match kind {
            ClockKind::Delivery => &[(&self.awaited, APPLICANT_STEP)],
            ClockKind::Promised => {
                &[(&self.awaited_results, RESULT_AWAITED), (&self.awaited_answers, APPLICANT_STEP)]
            }
            _ => &[],
        };
        for (stretches, reason) in stretches {
            let since = stretches.iter().filter(|stretch| stretch.to.is_none_or(|to| to > started_at));
            clock
                .pauses
                .extend(since.map(|stretch| Pause::new(*reason, stretch.from.max(started_at), stretch.to)));
        }
        if let Some(extension) = &self.extension
            && let ExtensionState::Approved { more, lengthens_promise } = extension.state
            && (kind == ClockKind::Statutory || kind == ClockKind::Promised && lengthens_promise)
            && more.unit == limit.unit
        {
            clock
                .extensions
                .push(calendar::Extension { amount: more.amount, reason: extension.reason.key.clone() });
        }
        Some(clock)
    }

    /// When the clock was stopped; `None` while it runs or stands still.
    pub fn stopped_at(&self, kind: ClockKind) -> Option<Timestamp> {
        let stopped = match kind {
            ClockKind::Intake => self.intake_ended_at,
            ClockKind::Correction => self.correction.as_ref().and_then(|correction| correction.supplied_at),
            ClockKind::Statutory | ClockKind::Promised => self.decided_at,
            ClockKind::Gap => self.gap_closed_at,
            ClockKind::Delivery => self.handed_over_at(),
            // The check comes after the matter is over.
            ClockKind::PromiseCheck => return self.promise_checked_at,
        };
        stopped.or(self.closed_at)
    }

    /// When everything was issued and delivered.
    fn handed_over_at(&self) -> Option<Timestamp> {
        let mut last = None;
        for (_, run) in
            self.runs().filter(|(step, _)| matches!(step.kind, StepKind::Issue | StepKind::Deliver))
        {
            let StepState::Done { at, .. } = run.state else { return None };
            last = last.max(Some(at));
        }
        last
    }

    /// Open questions to the applicant whose silence is a yes, each with when it becomes one.
    fn silences<'a>(
        &'a self,
        calendar: &'a Calendar,
        rules: &'a ClockRules,
        now: Timestamp,
    ) -> impl Iterator<Item = (&'a PlannedStep, Timestamp)> {
        let asked = move |(step, run): (&'a PlannedStep, &StepRun)| {
            let StepState::Open { since } = run.state else { return None };
            let limit = step.limit.filter(|_| step.silent_yes && self.state == MatterState::Accepted)?;
            Some((step, Clock::new(since, limit).due(calendar, rules, now).due_at))
        };
        self.runs().filter_map(asked)
    }

    /// The question to the applicant that was to be answered by this moment.
    pub(crate) fn unanswered(
        &self,
        by: Timestamp,
        calendar: &Calendar,
        offset: Offset,
    ) -> Option<&PlannedStep> {
        let rules = ClockRules::new(offset);
        let asked = self.silences(calendar, &rules, by).find(|(_, due_at)| *due_at <= by);
        let id = asked.map(|(step, _)| step.id.clone())?;
        self.plan.step(&id)
    }

    /// Until when an open step has to run before it can be done, where a time is set for it: the end of the last day.
    pub fn runs_until(
        &self,
        step: &StepId,
        calendar: &Calendar,
        offset: Offset,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let (planned, run) = self.runs().find(|(planned, _)| planned.id == *step)?;
        let StepState::Open { since } = run.state else { return None };
        Some(Clock::new(since, planned.lasts?).due(calendar, &ClockRules::new(offset), now).due_at)
    }

    /// When the applicant's silence becomes a yes to the step.
    pub fn silent_yes_at(
        &self,
        step: &StepId,
        calendar: &Calendar,
        offset: Offset,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let rules = ClockRules::new(offset);
        let asked = self.silences(calendar, &rules, now).find(|(asked, _)| asked.id == *step);
        asked.map(|(_, due_at)| due_at)
    }

    fn timers(&self, calendar: &Calendar, rules: &ClockRules, now: Timestamp, timers: &mut Vec<Timer>) {
        let mut set =
            |at: Timestamp, kind: TimerKind| timers.push(Timer { at, item: self.item.clone(), kind });
        for (_, due_at) in self.silences(calendar, rules, now) {
            set(due_at, TimerKind::Unanswered);
        }
        for kind in ClockKind::ALL {
            let flagged = self.overdue.contains(&kind);
            if self.stopped_at(kind).is_some() || flagged && !kind.has_consequence() {
                continue;
            }
            let Some(clock) = self.clock(kind) else { continue };
            let due = clock.due(calendar, rules, now);
            if due.open {
                continue;
            }
            match kind {
                ClockKind::Intake if self.plan.limits.silence == Silence::AcceptedFromReceipt => {
                    set(due.due_at, TimerKind::DeemedAcceptance);
                }
                ClockKind::Correction => set(due.due_at, TimerKind::CorrectionExpiry),
                ClockKind::Gap => set(due.due_at, TimerKind::GapExpiry),
                ClockKind::Intake if flagged => {}
                _ => set(due.due_at, TimerKind::Overdue(kind)),
            }
            if kind != ClockKind::Promised {
                continue;
            }
            for (colour, days_left) in
                [(WarningColour::Yellow, self.plan.limits.yellow), (WarningColour::Red, self.plan.limits.red)]
            {
                if self.warned.is_none_or(|warned| warned < colour) && warns(clock.total(), days_left) {
                    let day = calendar.subtract_working_days(due.due_on, days_left);
                    let at = rules.end_of(day.yesterday().unwrap_or(day)).max(clock.started_at);
                    set(at, TimerKind::Warning(colour));
                }
            }
        }
    }
}

impl ClockKind {
    pub const ALL: [Self; 7] = [
        Self::Intake,
        Self::Correction,
        Self::Statutory,
        Self::Promised,
        Self::Gap,
        Self::Delivery,
        Self::PromiseCheck,
    ];

    /// As rows and keys of texts name it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Correction => "correction",
            Self::Statutory => "statutory",
            Self::Promised => "promised",
            Self::Gap => "gap",
            Self::Delivery => "delivery",
            Self::PromiseCheck => "promise-check",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Limits the administration rather than the applicant.
    pub const fn is_the_administrations(self) -> bool {
        !matches!(self, Self::Correction | Self::Gap)
    }

    /// Its end changes what becomes of the matter, rather than only being told.
    const fn has_consequence(self) -> bool {
        matches!(self, Self::Intake | Self::Correction | Self::Gap)
    }
}

impl PauseKind {
    /// The word of the statute, or the zone's name for its local practice.
    pub fn word(&self) -> &str {
        match self {
            Self::Statutory(kind) => kind.zh(),
            Self::Local(id) => id.as_str(),
        }
    }
}

/// A limit no longer than the threshold would be yellow from its first moment: such a warning says nothing.
fn warns(limit: Limit, days_left: u32) -> bool {
    limit.unit.day_unit().is_some() && limit.amount > days_left
}

fn view(
    matter: &Matter,
    kind: ClockKind,
    calendar: &Calendar,
    rules: &ClockRules,
    now: Timestamp,
) -> Option<ClockView> {
    let clock = matter.clock(kind)?;
    let stopped = matter.stopped_at(kind).filter(|at| *at <= now);
    let judged = stopped.unwrap_or(now);
    let due = clock.due(calendar, rules, judged);
    let days_left = calendar.working_days_between(rules.day_of(judged), due.due_on);
    let late = judged >= due.due_at && !due.open;
    let colour = if stopped.is_some() {
        if late { Colour::DoneLate } else { Colour::Done }
    } else if late {
        Colour::Overdue
    } else if matter.is_paused(kind) {
        Colour::Paused
    } else if rules.day_of(now) == due.due_on {
        Colour::DueToday
    } else {
        colour(&clock, matter, &due, days_left, now)
    };
    Some(ClockView {
        item: matter.item.clone(),
        kind,
        started_at: clock.started_at,
        limit: clock.total(),
        due,
        days_left,
        colour,
        stopped_at: stopped,
    })
}

fn colour(clock: &Clock, matter: &Matter, due: &calendar::Due, days_left: i32, now: Timestamp) -> Colour {
    let limit = clock.total();
    let reached = |threshold: u32| i64::from(days_left) <= i64::from(threshold) && warns(limit, threshold);
    match limit.unit {
        LimitUnit::WorkingDays | LimitUnit::CalendarDays => {
            if reached(matter.plan.limits.red) {
                Colour::Red
            } else if reached(matter.plan.limits.yellow) {
                Colour::Yellow
            } else {
                Colour::Green
            }
        }
        // Without days to count, the last tenth is red and the last quarter yellow.
        LimitUnit::Hours | LimitUnit::Minutes => {
            let left = due.due_at.duration_since(now).as_secs().max(0);
            let whole = due.due_at.duration_since(clock.started_at).as_secs().max(1);
            if left * 10 <= whole {
                Colour::Red
            } else if left * 4 <= whole {
                Colour::Yellow
            } else {
                Colour::Green
            }
        }
    }
}
