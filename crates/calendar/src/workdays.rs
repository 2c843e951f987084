//! Which days are working days, with counting in constant time in both directions.
//!
//! A day is decided by its year's table, else by the holidays fixed by law, else by Monday to Friday. Within
//! the range of years with tables or festivals a prefix count and a select table answer; before and after it
//! the counts are computed, so that any date has an answer and long spans cost nothing.

use crate::day;
use crate::table::{CalendarError, CalendarProblem, DayKind, Festivals, Notice, YearTable};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// The years that tables may describe: wide enough for any file, narrow enough to catch typing errors.
const YEARS: RangeInclusive<i16> = 1900..=2299;

/// Number of years after the last table in which the law's holidays are counted; no limit of a case runs
/// longer. Later days are Monday to Friday, which keeps the tables small.
const FESTIVAL_YEARS: i16 = 30;

/// The calendar of all years: rest days, make-up days and ordinary weeks.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// Number of the first day of the range that tables or festivals describe.
    first: i32,
    /// For each day of the range, the working days up to and including it, on the scale of
    /// [`day::weekdays_up_to`].
    counts: Vec<i32>,
    /// The working days of the range in order: number k has count `base + k + 1` on that scale. Stored as
    /// number and as date, because converting one into the other costs more than finding it.
    working: Vec<(i32, Date)>,
    /// The count just before the range.
    base: i32,
    /// Working days minus Mondays to Fridays within the range.
    surplus: i32,
    /// For each day of the range: 0, or 1 + the index of its rule.
    rule_of: Vec<u32>,
    rules: Vec<Rule>,
    tabled: Years,
}

/// Which years have a table, by distance from the first one.
#[derive(Debug, Clone)]
struct Years {
    first: i16,
    present: Vec<bool>,
}

impl Years {
    fn new(years: &BTreeSet<i16>) -> Years {
        let first = years.first().copied().unwrap_or(0);
        let last = years.last().copied().unwrap_or(first);
        Years { first, present: (first..=last).map(|year| years.contains(&year)).collect() }
    }

    fn contains(&self, year: i16) -> bool {
        let place = offset_in(i32::from(self.first), i32::from(year));
        place.and_then(|i| self.present.get(i)).copied().unwrap_or(false)
    }
}

#[derive(Debug, Clone)]
struct Rule {
    kind: DayKind,
    name: Arc<str>,
    notice: Option<Arc<Notice>>,
}

/// Why a day is a working day or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DayKindExplained<'a> {
    pub class: DayClass<'a>,
    /// 暂估: the year has no table, so only the law's holidays and Monday to Friday are known.
    pub provisional: bool,
    pub notice: Option<&'a Notice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayClass<'a> {
    Workday,
    Weekend,
    Holiday(&'a str),
    Makeup(&'a str),
}

impl DayClass<'_> {
    pub fn is_working(self) -> bool {
        matches!(self, DayClass::Workday | DayClass::Makeup(_))
    }
}

pub(crate) struct RuleRef<'a> {
    pub kind: DayKind,
    pub name: &'a Arc<str>,
    pub notice: Option<&'a Arc<Notice>>,
}

impl Calendar {
    /// # Errors
    /// [`CalendarError`] with every fault of every table.
    pub fn new(tables: Vec<YearTable>) -> Result<Calendar, CalendarError> {
        Calendar::with_festivals(tables, None)
    }

    /// As [`Calendar::new`], with the holidays fixed by law, which also apply in years without a notice.
    ///
    /// # Errors
    /// [`CalendarError`] with every fault of every table and of the festivals.
    pub fn with_festivals(
        tables: Vec<YearTable>,
        festivals: Option<&Festivals>,
    ) -> Result<Calendar, CalendarError> {
        let mut problems = faults(&tables);
        problems.extend(festivals.into_iter().flat_map(faults_of_festivals));
        if !problems.is_empty() {
            return Err(CalendarError { problems });
        }
        let tabled: BTreeSet<i16> = tables.iter().filter(|t| !t.days.is_empty()).map(|t| t.year).collect();
        let Some((from, to)) = window(&tabled, festivals) else {
            return Ok(Calendar::without_tables());
        };
        let first = day::number(Date::constant(from, 1, 1));
        let last = day::number(Date::constant(to, 12, 31));
        let mut days = Days {
            first,
            rule_of: vec![0; usize::try_from(last - first + 1).unwrap_or(0)],
            rules: Vec::new(),
        };
        for table in tables {
            let notice = table.notice.map(Arc::new);
            for rule in table.days {
                days.put(rule.date, Rule { kind: rule.kind, name: rule.name, notice: notice.clone() });
            }
        }
        if let Some(festivals) = festivals {
            let notice = Arc::new(festivals.notice.clone());
            for (date, name) in (from..=to).flat_map(|year| festivals.of_year(year)) {
                let (name, notice) = (name.clone(), Some(notice.clone()));
                days.put_if_free(date, Rule { kind: DayKind::Holiday, name, notice });
            }
        }
        Ok(Calendar::counted(first, days.rule_of, days.rules, &tabled))
    }

    /// A calendar of Mondays to Fridays in which every year is provisional.
    pub fn without_tables() -> Calendar {
        Calendar::counted(0, Vec::new(), Vec::new(), &BTreeSet::new())
    }

    fn counted(first: i32, rule_of: Vec<u32>, rules: Vec<Rule>, tabled: &BTreeSet<i16>) -> Calendar {
        let base = day::weekdays_up_to(first - 1);
        let mut calendar = Calendar {
            first,
            counts: Vec::with_capacity(rule_of.len()),
            working: Vec::with_capacity(rule_of.len()),
            base,
            surplus: 0,
            rule_of,
            rules,
            tabled: Years::new(tabled),
        };
        let mut count = base;
        let mut number = first;
        for i in 0..calendar.rule_of.len() {
            let works = match calendar.rule_at(i) {
                Some(rule) => rule.kind == DayKind::MakeupWorkday,
                None => day::weekday(number) < 5,
            };
            if works {
                count += 1;
                calendar.working.push((number, day::date(number)));
            }
            calendar.counts.push(count);
            number += 1;
        }
        calendar.surplus = count - day::weekdays_up_to(number - 1);
        calendar
    }

    pub fn is_working(&self, date: Date) -> bool {
        self.works(day::number(date))
    }

    /// Whether the year has no table (暂估).
    pub fn is_provisional(&self, year: i16) -> bool {
        !self.tabled.contains(year)
    }

    /// The last year with a table: later years await their notice, earlier ones without a table are missing
    /// in the pack.
    pub fn last_published(&self) -> Option<i16> {
        let last = i16::try_from(self.tabled.present.len()).ok()?.checked_sub(1)?;
        self.tabled.present.iter().any(|present| *present).then(|| self.tabled.first.saturating_add(last))
    }

    /// The years between the two dates, both included, that have no table.
    pub fn provisional_years(&self, from: Date, to: Date) -> Vec<i16> {
        (from.year()..=to.year()).filter(|year| self.is_provisional(*year)).collect()
    }

    pub fn day_kind(&self, date: Date) -> DayKindExplained<'_> {
        let number = day::number(date);
        let rule = self.rule(number);
        let class = match &rule {
            Some(rule) if rule.kind == DayKind::Holiday => DayClass::Holiday(rule.name),
            Some(rule) if day::weekday(number) >= 5 => DayClass::Makeup(rule.name),
            Some(_) => DayClass::Workday,
            None if day::weekday(number) < 5 => DayClass::Workday,
            None => DayClass::Weekend,
        };
        let notice = rule.and_then(|rule| rule.notice).map(|notice| &**notice);
        DayKindExplained { class, provisional: self.is_provisional(date.year()), notice }
    }

    /// The first working day after `date`.
    pub fn next_working(&self, date: Date) -> Date {
        self.select_date(self.count_up_to(day::number(date)).saturating_add(1))
    }

    /// `date` itself if it is a working day, else the next one (Civil Code 203).
    pub fn roll_forward(&self, date: Date) -> Date {
        if self.is_working(date) { date } else { self.next_working(date) }
    }

    /// The n-th working day after `start`: day 1 is the next working day. For `n = 0` it is `start` itself.
    /// Clamped to the last representable date.
    pub fn add_working_days(&self, start: Date, n: u32) -> Date {
        if n == 0 {
            return start;
        }
        let n = i32::try_from(n).unwrap_or(i32::MAX);
        self.select_date(self.count_up_to(day::number(start)).saturating_add(n))
    }

    /// The n-th working day before `end`: the last day in time for an act that must precede `end` by `n`
    /// working days.
    pub fn subtract_working_days(&self, end: Date, n: u32) -> Date {
        if n == 0 {
            return end;
        }
        let n = i32::try_from(n).unwrap_or(i32::MAX);
        self.select_date(self.count_up_to(day::number(end) - 1).saturating_sub(n).saturating_add(1))
    }

    /// Working days in (a, b]: the inverse of [`Calendar::add_working_days`]. Negative if `b` is before `a`.
    pub fn working_days_between(&self, a: Date, b: Date) -> i32 {
        self.count_up_to(day::number(b)) - self.count_up_to(day::number(a))
    }

    pub(crate) fn works(&self, number: i32) -> bool {
        match self.rule(number) {
            Some(rule) => rule.kind == DayKind::MakeupWorkday,
            None => day::weekday(number) < 5,
        }
    }

    /// Working days up to and including `number`, on the scale of [`day::weekdays_up_to`].
    pub(crate) fn count_up_to(&self, number: i32) -> i32 {
        match offset_in(self.first, number) {
            Some(i) => match self.counts.get(i) {
                Some(count) => *count,
                None => day::weekdays_up_to(number) + self.surplus,
            },
            None => day::weekdays_up_to(number),
        }
    }

    /// The day at which [`Calendar::count_up_to`] reaches `count`.
    pub(crate) fn select(&self, count: i32) -> i32 {
        match self.in_window(count) {
            Some((number, _)) => number,
            None if count > self.base => day::nth_weekday(count.saturating_sub(self.surplus)),
            None => day::nth_weekday(count),
        }
    }

    fn select_date(&self, count: i32) -> Date {
        match self.in_window(count) {
            Some((_, date)) => date,
            None => day::date(self.select(count)),
        }
    }

    fn in_window(&self, count: i32) -> Option<(i32, Date)> {
        self.working.get(offset_in(self.base.saturating_add(1), count)?).copied()
    }

    pub(crate) fn rule(&self, number: i32) -> Option<RuleRef<'_>> {
        self.rule_at(offset_in(self.first, number)?)
    }

    fn rule_at(&self, i: usize) -> Option<RuleRef<'_>> {
        let index = self.rule_of.get(i)?.checked_sub(1)?;
        let rule = self.rules.get(index as usize)?;
        Some(RuleRef { kind: rule.kind, name: &rule.name, notice: rule.notice.as_ref() })
    }
}

/// Collects the days that differ from Monday to Friday.
struct Days {
    first: i32,
    rule_of: Vec<u32>,
    rules: Vec<Rule>,
}

impl Days {
    fn put(&mut self, date: Date, rule: Rule) {
        let Some(place) = offset_in(self.first, day::number(date)).and_then(|i| self.rule_of.get_mut(i))
        else {
            return;
        };
        self.rules.push(rule);
        *place = u32::try_from(self.rules.len()).unwrap_or(u32::MAX);
    }

    /// Adds a rule unless the day has one: a notice takes precedence, since it names the same festival and is
    /// newer.
    fn put_if_free(&mut self, date: Date, rule: Rule) {
        let place = offset_in(self.first, day::number(date)).and_then(|i| self.rule_of.get(i));
        if place == Some(&0) {
            self.put(date, rule);
        }
    }
}

/// First and last year described by tables or festivals.
fn window(tabled: &BTreeSet<i16>, festivals: Option<&Festivals>) -> Option<(i16, i16)> {
    let from_tables = tabled.first().copied().zip(tabled.last().copied());
    let Some(festivals) = festivals else { return from_tables };
    let from = from_tables.map_or(festivals.from_year, |(from, _)| from.min(festivals.from_year));
    let to = from_tables.map_or(festivals.from_year, |(_, to)| to.max(festivals.from_year));
    Some((from, to.saturating_add(FESTIVAL_YEARS).min(*YEARS.end())))
}

fn faults_of_festivals(festivals: &Festivals) -> Vec<CalendarProblem> {
    let year = festivals.from_year;
    let out_of_range = (!YEARS.contains(&year)).then_some(CalendarProblem::YearOutOfRange { year });
    // 29 February is valid, though not in every year.
    let no_day = festivals.fixed.iter().filter(|one| Date::new(2000, one.month, one.day).is_err());
    let no_day = no_day.map(|one| CalendarProblem::NoSuchDay { month: one.month, day: one.day });
    out_of_range.into_iter().chain(no_day).collect()
}

fn offset_in(first: i32, number: i32) -> Option<usize> {
    usize::try_from(i64::from(number) - i64::from(first)).ok()
}

fn faults(tables: &[YearTable]) -> Vec<CalendarProblem> {
    let mut problems = Vec::new();
    let mut years: BTreeMap<i16, usize> = BTreeMap::new();
    for table in tables {
        let year = table.year;
        let times = years.entry(year).or_default();
        *times += 1;
        if *times == 2 {
            problems.push(CalendarProblem::DuplicateYear { year });
        }
        if !YEARS.contains(&year) {
            problems.push(CalendarProblem::YearOutOfRange { year });
        }
        let mut dates: BTreeMap<Date, usize> = BTreeMap::new();
        for rule in &table.days {
            if rule.date.year() != year {
                problems.push(CalendarProblem::DateOutsideYear { year, date: rule.date });
            }
            let times = dates.entry(rule.date).or_default();
            *times += 1;
            if *times == 2 {
                problems.push(CalendarProblem::DuplicateDate { date: rule.date });
            }
        }
    }
    problems
}
