//! Why days counted or not: day by day as an iterator, or as a whole.

use crate::clock::{Clock, ClockRules, Course, day_span};
use crate::day;
use crate::limit::DayUnit;
use crate::pause::{Pause, Span};
use crate::table::DayKind;
use crate::workdays::Calendar;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Languages of this crate's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    #[default]
    Zh,
    En,
}

/// One day between the start and the due day, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub date: Date,
    pub verdict: Verdict,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Counted,
    /// Counted although it falls on a Saturday or Sunday: a make-up workday of this festival.
    CountedMakeup(Arc<str>),
    Skipped(SkipReason),
}

/// Why a day was not counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SkipReason {
    /// The day on which the clock starts.
    StartDay,
    Weekend,
    Holiday {
        name: Arc<str>,
        /// Number of the notice that made it a holiday.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notice: Option<Arc<str>>,
    },
    Paused {
        #[serde(rename = "pause")]
        kind: Arc<str>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    pub date: Date,
    pub reason: SkipReason,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedMakeup {
    pub date: Date,
    pub name: Arc<str>,
}

/// A due day with all days that led to it. For limits in hours and minutes the lists of days are empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub started_on: Date,
    /// The first instant that is too late.
    pub due_at: Timestamp,
    /// The last day in time.
    pub due_on: Date,
    /// An open pause stops the clock; the due day is the one that would hold if the pause ended now.
    pub open: bool,
    pub counted: Vec<Date>,
    pub skipped: Vec<Skipped>,
    /// The counted days that are make-up workdays on a weekend.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub makeup: Vec<CountedMakeup>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provisional_years: Vec<i16>,
    /// The provisional years whose notice is published but not in this calendar: it is missing in the pack,
    /// not still to come.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unlisted_years: Vec<i16>,
    /// Of the limit, what was added to it (延长), in its unit.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub extended: u32,
}

const fn is_zero(amount: &u32) -> bool {
    *amount == 0
}

impl SkipReason {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            SkipReason::StartDay => "start_day",
            SkipReason::Weekend => "weekend",
            SkipReason::Holiday { .. } => "holiday",
            SkipReason::Paused { .. } => "paused",
        }
    }

    /// A short text for people. The kind of a pause is shown as it is; [`SkipReason::text_with`] translates
    /// it.
    pub fn text(&self, lang: Lang) -> String {
        self.text_with(lang, |kind| kind.to_owned())
    }

    /// As [`SkipReason::text`], with the caller's words for the kind of a pause.
    pub fn text_with(&self, lang: Lang, pause: impl Fn(&str) -> String) -> String {
        match (lang, self) {
            (Lang::Zh, SkipReason::StartDay) => "开始当日不计算在内".to_owned(),
            (Lang::En, SkipReason::StartDay) => "the starting day is not counted".to_owned(),
            (Lang::Zh, SkipReason::Weekend) => "周末".to_owned(),
            (Lang::En, SkipReason::Weekend) => "weekend".to_owned(),
            (Lang::Zh, SkipReason::Holiday { name, notice: None }) => format!("法定节假日（{name}）"),
            (Lang::En, SkipReason::Holiday { name, notice: None }) => format!("public holiday ({name})"),
            (Lang::Zh, SkipReason::Holiday { name, notice: Some(notice) }) => {
                format!("法定节假日（{name}，{notice}）")
            }
            (Lang::En, SkipReason::Holiday { name, notice: Some(notice) }) => {
                format!("public holiday ({name}, {notice})")
            }
            (Lang::Zh, SkipReason::Paused { kind }) => format!("暂停计时（{}）", pause(kind)),
            (Lang::En, SkipReason::Paused { kind }) => format!("clock paused ({})", pause(kind)),
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::Zh))
    }
}

impl Clock {
    /// Every day from the start to the due day, computed lazily. Empty for limits in hours and minutes.
    pub fn days<'a>(
        &'a self,
        calendar: &'a Calendar,
        rules: &'a ClockRules,
        now: Timestamp,
    ) -> impl Iterator<Item = Day> + 'a {
        let course = self.limit.unit.day_unit().map(|unit| self.course(calendar, rules, unit, now));
        course.into_iter().flat_map(move |course| {
            let pauses = Labelled::of(&course, now);
            let mut next = rules.day_of(self.started_at);
            (course.start..=course.due).map(move |number| {
                let date = next;
                next = date.tomorrow().unwrap_or(date);
                Day { date, verdict: course.verdict(number, &pauses) }
            })
        })
    }

    /// The due day with all its days, to be shown or stored.
    pub fn explain(&self, calendar: &Calendar, rules: &ClockRules, now: Timestamp) -> Explanation {
        let course = self.limit.unit.day_unit().map(|unit| self.course(calendar, rules, unit, now));
        let due = course.as_ref().map_or_else(|| self.due(calendar, rules, now), Course::due);
        // A year's notice is published before the year begins.
        let published = calendar.last_published().unwrap_or(i16::MIN).max(rules.day_of(now).year());
        let unlisted = due.provisional_years.iter().filter(|year| **year <= published);
        let unlisted_years = unlisted.copied().collect();
        let mut explanation = Explanation {
            // What begins after hours may begin on the next day.
            started_on: course
                .as_ref()
                .map_or_else(|| rules.day_of(self.started_at), |course| day::date(course.start)),
            due_at: due.due_at,
            due_on: due.due_on,
            open: due.open,
            counted: Vec::new(),
            skipped: Vec::new(),
            makeup: Vec::new(),
            provisional_years: due.provisional_years,
            unlisted_years,
            extended: self.total().amount.saturating_sub(self.limit.amount),
        };
        if let Some(course) = course {
            explanation.counted.reserve_exact(due.counted as usize);
            explanation.skipped.reserve_exact(due.skipped as usize + 1);
            explanation.write_out(&course, &Labelled::of(&course, now));
        }
        explanation
    }
}

impl Explanation {
    fn write_out(&mut self, course: &Course<'_>, pauses: &Labelled<'_>) {
        let mut date = self.started_on;
        for number in course.start..=course.due {
            match course.verdict(number, pauses) {
                Verdict::Counted => self.counted.push(date),
                Verdict::CountedMakeup(name) => {
                    self.counted.push(date);
                    self.makeup.push(CountedMakeup { date, name });
                }
                Verdict::Skipped(reason) => self.skipped.push(Skipped { date, reason }),
            }
            date = date.tomorrow().unwrap_or(date);
        }
    }
}

/// The days of each pause with its kind, in the order of the pauses.
struct Labelled<'a>(Vec<(Span<i32>, &'a Arc<str>)>);

impl<'a> Labelled<'a> {
    fn of(course: &Course<'a>, now: Timestamp) -> Labelled<'a> {
        let label = |pause: &'a Pause| (day_span(pause, course.rules, now, false), &pause.kind);
        Labelled(course.clock.pauses.iter().map(label).collect())
    }

    /// The first pause that covers the day.
    fn covering(&self, number: i32) -> Option<Verdict> {
        let (_, kind) = self.0.iter().find(|(span, _)| span.from <= number && number < span.to)?;
        Some(Verdict::Skipped(SkipReason::Paused { kind: Arc::clone(kind) }))
    }
}

impl Course<'_> {
    #[inline]
    fn verdict(&self, number: i32, pauses: &Labelled<'_>) -> Verdict {
        if number == self.start {
            return Verdict::Skipped(SkipReason::StartDay);
        }
        // Every calendar day counts, except that the last one may have to be rolled.
        let rest_days_count =
            self.unit == DayUnit::Calendar && (number < self.nominal || self.due == self.nominal);
        if rest_days_count {
            return pauses.covering(number).unwrap_or(Verdict::Counted);
        }
        let weekend = day::weekday(number) >= 5;
        let rule = self.calendar.rule(number);
        match rule {
            Some(rule) if rule.kind == DayKind::Holiday => Verdict::Skipped(SkipReason::Holiday {
                name: rule.name.clone(),
                notice: rule.notice.map(|notice| notice.number.clone()),
            }),
            None if weekend => Verdict::Skipped(SkipReason::Weekend),
            rule => pauses.covering(number).unwrap_or_else(|| match rule {
                Some(rule) if weekend => Verdict::CountedMakeup(rule.name.clone()),
                _ => Verdict::Counted,
            }),
        }
    }
}
