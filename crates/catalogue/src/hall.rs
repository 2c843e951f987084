//! How a hall serves people: service lines, lanes, skills, breaks, appointments, no-shows.

use diagnostic::Bilingual;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Edition, Item, ItemId, LaneId, LineId, Opening, RoleId, Serves, SpecialistId, Thing, Window};

/// 业务队列: the queue for one kind of business. Items of one line take about the same time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceLine {
    pub id: LineId,
    pub name: Bilingual,
    pub serves: Serves,
    /// Duration of one service, used until there is enough history.
    pub minutes: ServiceMinutes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<WaitTarget>,
}

/// Quantiles of the duration: half of the services end within `median` minutes, nine in ten within `p90`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceMinutes {
    pub median: u32,
    pub p90: u32,
}

/// `share_percent` of the people should wait at most `minutes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitTarget {
    pub minutes: u32,
    pub share_percent: u32,
}

/// 队列: a declared priority. Its head start, in minutes of waiting, is also the most that it can cost the
/// others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    pub id: LaneId,
    pub name: Bilingual,
    pub kind: LaneKind,
    #[serde(default)]
    pub head_start_minutes: u32,
    /// Who may use it, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Bilingual>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LaneKind {
    WalkIn,
    Appointment,
    /// 绿色通道
    Green,
    /// 老年人、残疾人等
    ElderlyOrDisabled,
    /// 补正后返回
    Returning,
    /// 帮办代办专员
    Specialist,
}

impl LaneKind {
    pub const ALL: [Self; 6] = [
        Self::WalkIn,
        Self::Appointment,
        Self::Green,
        Self::ElderlyOrDisabled,
        Self::Returning,
        Self::Specialist,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::WalkIn => "walk-in",
            Self::Appointment => "appointment",
            Self::Green => "green",
            Self::ElderlyOrDisabled => "elderly-or-disabled",
            Self::Returning => "returning",
            Self::Specialist => "specialist",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A language of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Tongue {
    #[default]
    Zh,
    En,
    Ja,
    Ko,
    Ru,
    De,
    Fr,
    He,
    /// 手语
    Sign,
}

impl Tongue {
    pub const ALL: [Self; 9] =
        [Self::Zh, Self::En, Self::Ja, Self::Ko, Self::Ru, Self::De, Self::Fr, Self::He, Self::Sign];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
            Self::Ja => "ja",
            Self::Ko => "ko",
            Self::Ru => "ru",
            Self::De => "de",
            Self::Fr => "fr",
            Self::He => "he",
            Self::Sign => "sign",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tongue| tongue.code() == code)
    }
}

/// What a window can do in a period: each of these lines in each of these languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skill {
    pub lines: Vec<LineId>,
    pub languages: Vec<Tongue>,
    /// First day; unbounded when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last day; unbounded when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl Skill {
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// The rules of a hall's queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueRules {
    #[serde(default)]
    pub no_show: NoShow,
    #[serde(default)]
    pub closing: Closing,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointments: Option<AppointmentRules>,
}

/// A person who does not come when called goes back behind `returns_behind` others; after `calls` unanswered
/// calls the number expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoShow {
    pub returns_behind: u32,
    pub calls: u32,
    /// Seconds after a call during which the person cannot be passed over: people need a moment to stand up.
    #[serde(default, skip_serializing_if = "no_time")]
    pub wait_seconds: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
const fn no_time(seconds: &u32) -> bool {
    *seconds == 0
}

impl NoShow {
    /// The default for packs that do not say.
    pub const WAIT_SECONDS: u32 = 15;
}

impl Default for NoShow {
    fn default() -> Self {
        Self { returns_behind: 3, calls: 3, wait_seconds: Self::WAIT_SECONDS }
    }
}

/// What happens to people still waiting when the hall closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Closing {
    /// Everyone who holds a number is served.
    #[default]
    ServeAll,
    /// They are served first on the next open day.
    CarryOver,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentRules {
    pub slot_minutes: u32,
    /// The share of the windows' time that can be booked; the rest is for walk-ins.
    pub share_percent: u32,
    /// How many days ahead appointments can be booked.
    pub horizon_days: u32,
    /// Minutes before the appointment; a person who checks in earlier is asked to wait.
    pub early_minutes: u32,
    /// Minutes after the appointment; a person who checks in later counts as a walk-in.
    pub late_minutes: u32,
}

/// “有事请找我”: a named person who helps with these lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Specialist {
    pub id: SpecialistId,
    pub role: RoleId,
    pub covers: Vec<LineId>,
    #[serde(default)]
    pub languages: Vec<Tongue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Bilingual>,
}

impl Serves {
    pub fn covers(&self, item: &Item) -> bool {
        match self {
            Self::All => true,
            Self::Classes { classes } => classes.contains(&item.class),
            Self::Items { items } => items.contains(&item.id),
        }
    }
}

/// The duration of services for which nothing is declared.
const UNSAID: ServiceMinutes = ServiceMinutes { median: 12, p90: 30 };

impl Edition {
    /// The service lines. A pack that declares none has one for each class.
    pub fn lines(&self) -> Vec<ServiceLine> {
        if !self.parts().service_lines.is_empty() {
            return self.parts().service_lines.values().cloned().collect();
        }
        let line = |class: &crate::Class| ServiceLine {
            id: LineId::from(class.id.as_str()),
            name: class.name.clone(),
            serves: Serves::Classes { classes: vec![class.id.clone()] },
            minutes: UNSAID,
            target: None,
        };
        self.parts().classes.values().map(line).collect()
    }

    /// The line for an item: the first one that serves it.
    pub fn line_of(&self, item: &ItemId) -> Option<ServiceLine> {
        let item = self.item(item)?;
        self.lines().into_iter().find(|line| line.serves.covers(item))
    }

    /// The specialists for a thing, in descending order of its lines that they cover; all of them when it has
    /// no line.
    pub fn specialists_for(&self, thing: Option<&Thing>) -> Vec<&Specialist> {
        let members = thing.into_iter().flat_map(|thing| &thing.members);
        let lines: Vec<LineId> =
            members.filter_map(|member| self.line_of(&member.item)).map(|line| line.id).collect();
        let covered = |one: &Specialist| one.covers.iter().filter(|line| lines.contains(line)).count();
        let all = self.parts().specialists.values();
        let mut found: Vec<&Specialist> = all.filter(|one| lines.is_empty() || covered(one) > 0).collect();
        found.sort_by_key(|one| std::cmp::Reverse(covered(one)));
        found
    }

    /// The lanes of the zone. A pack that declares none has walk-ins and appointments without priority.
    pub fn lanes(&self) -> Vec<Lane> {
        if !self.parts().lanes.is_empty() {
            return self.parts().lanes.values().cloned().collect();
        }
        let lane = |id: &str, zh: &str, en: &str, kind| Lane {
            id: id.into(),
            name: Bilingual::new(zh, en),
            kind,
            head_start_minutes: 0,
            who: None,
        };
        vec![
            lane("walk-in", "现场取号", "Walk-in", LaneKind::WalkIn),
            lane("appointment", "预约", "Appointment", LaneKind::Appointment),
        ]
    }

    /// The weekday whose hours apply to halls and windows on a day: on a public holiday the hours that name
    /// holidays, on a make-up workday at a weekend those of a Friday.
    pub fn hours_of(&self, day: Date) -> crate::Weekday {
        match self.calendar().day_kind(day).class {
            calendar::DayClass::Holiday(_) => crate::Weekday::Holiday,
            calendar::DayClass::Makeup(_) => crate::Weekday::Fri,
            calendar::DayClass::Workday | calendar::DayClass::Weekend => crate::Weekday::of(day),
        }
    }

    /// Whether a day is like one at a weekend for whoever comes to a hall. On a make-up workday people come as on any workday.
    pub fn is_day_off(&self, day: Date) -> bool {
        matches!(self.hours_of(day), crate::Weekday::Sat | crate::Weekday::Sun | crate::Weekday::Holiday)
    }

    /// What a window can do on a day, as (line, languages). A window without declared skills serves, in
    /// Chinese, every line whose items it serves.
    pub fn skills_of(&self, window: &Window, day: Date) -> Vec<(LineId, Vec<Tongue>)> {
        let lines = self.lines();
        if window.skills.is_empty() {
            let serves = |line: &ServiceLine| {
                let mut items =
                    self.parts().items.values().filter(|item| line.serves.covers(item)).peekable();
                matches!(window.serves, Serves::All)
                    || items.peek().is_some() && items.all(|item| window.serves.covers(item))
            };
            let served = lines.iter().filter(|line| serves(line));
            return served.map(|line| (line.id.clone(), vec![Tongue::Zh])).collect();
        }
        let mut skills: Vec<(LineId, Vec<Tongue>)> = Vec::new();
        for line in &lines {
            let holding =
                window.skills.iter().filter(|skill| skill.holds_on(day) && skill.lines.contains(&line.id));
            let mut languages: Vec<Tongue> = holding.flat_map(|skill| skill.languages.clone()).collect();
            languages.sort_unstable();
            languages.dedup();
            if !languages.is_empty() {
                skills.push((line.id.clone(), languages));
            }
        }
        skills
    }
}

/// The opening times of a window on the given weekday without its breaks, in order; see
/// [`Edition::hours_of`].
pub fn staffed_on(window: &Window, weekday: crate::Weekday) -> Vec<(jiff::civil::Time, jiff::civil::Time)> {
    let on = |openings: &[Opening]| -> Vec<(jiff::civil::Time, jiff::civil::Time)> {
        let mut spans: Vec<_> = openings
            .iter()
            .filter(|opening| opening.days.contains(&weekday) && opening.from < opening.to)
            .map(|opening| (opening.from, opening.to))
            .collect();
        spans.sort_unstable();
        let mut merged: Vec<(jiff::civil::Time, jiff::civil::Time)> = Vec::new();
        for (from, to) in spans {
            match merged.last_mut() {
                Some(last) if last.1 >= from => last.1 = last.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        merged
    };
    let mut spans = on(&window.roster);
    for (from, to) in on(&window.breaks) {
        spans = spans
            .into_iter()
            .flat_map(|(start, end)| [(start, end.min(from)), (start.max(to), end)])
            .filter(|(start, end)| start < end)
            .collect();
    }
    spans
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;
    use crate::{OpeningKind, Weekday};

    #[test]
    fn breaks_cut_the_roster_into_spans() {
        let span = |from: i8, to: i8| Opening {
            days: vec![Weekday::Mon],
            from: time(from, 0, 0, 0),
            to: time(to, 0, 0, 0),
            kind: OpeningKind::Regular,
        };
        let window = Window {
            id: "w".into(),
            name: Bilingual::new("w", "w"),
            hall: "h".into(),
            serves: Serves::All,
            roster: vec![span(13, 17), span(9, 12), span(12, 13)],
            skills: Vec::new(),
            breaks: vec![span(10, 11), span(16, 18)],
        };
        let monday = date(2026, 11, 23);
        let hours: Vec<(i8, i8)> = staffed_on(&window, crate::Weekday::of(monday))
            .iter()
            .map(|(from, to)| (from.hour(), to.hour()))
            .collect();
        assert_eq!(hours, [(9, 10), (11, 16)]);
        assert!(staffed_on(&window, crate::Weekday::Tue).is_empty());
    }
}
