//! What days in a hall came to: waits, services, people who left, use of windows; each figure opens the tickets behind it.

use std::collections::BTreeMap;

use catalogue::HallId;
use jiff::civil::Date;
use store::{Cell, Condition, Cursor, TallyRow, ViewQuery, ViewTally};

use crate::account::Viewer;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::views::hall::{tickets, usage, visits};

pub use crate::views::hall::tickets::TicketRow as TicketLine;

/// Which tickets. Everything that is given must hold.
#[derive(Clone, Debug)]
pub struct HallFilter {
    pub hall: HallId,
    /// First and last day.
    pub from: Date,
    pub to: Date,
    pub line: Option<String>,
    pub window: Option<String>,
    pub hour: Option<i64>,
    /// Only those that went away unserved.
    pub left_unserved: bool,
}

/// By what figures are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HallGroup {
    Hour,
    Line,
    Window,
    Day,
}

impl HallGroup {
    pub const ALL: [Self; 4] = [Self::Hour, Self::Line, Self::Window, Self::Day];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Line => "line",
            Self::Window => "window",
            Self::Day => "day",
        }
    }
}

/// One line of figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HallTotals {
    pub taken: u64,
    pub served: u64,
    pub left_unserved: u64,
    /// People who were served at a line with a target, and those served within it.
    pub targeted: u64,
    pub in_target: u64,
    /// How many waited so many minutes.
    pub waits: BTreeMap<i64, u64>,
    pub services: u64,
    pub service_seconds: i64,
    pub service_minutes: BTreeMap<i64, u64>,
    pub open_seconds: i64,
    pub busy_seconds: i64,
    /// How many visits were rated so, the worst level first.
    pub ratings: [u64; 5],
}

/// Figures of a hall, grouped.
#[derive(Clone, Debug)]
pub struct HallNumbers {
    pub total: HallTotals,
    pub groups: Vec<(String, HallTotals)>,
}

impl HallTotals {
    /// The minutes that this share of the people did not exceed.
    pub fn wait_minutes(&self, share_percent: u64) -> Option<i64> {
        percentile(&self.waits, share_percent)
    }

    pub fn service_minutes(&self, share_percent: u64) -> Option<i64> {
        percentile(&self.service_minutes, share_percent)
    }

    /// Percent of the open time in which somebody was there.
    pub fn used_percent(&self) -> Option<i64> {
        (self.open_seconds > 0).then(|| (self.busy_seconds * 100 / self.open_seconds).min(100))
    }

    pub fn in_target_percent(&self) -> Option<u64> {
        (self.targeted > 0).then(|| self.in_target * 100 / self.targeted)
    }

    pub fn rated(&self) -> u64 {
        self.ratings.iter().sum()
    }

    /// 满意率: the share of the three upper levels.
    pub fn content_percent(&self) -> Option<u64> {
        let content: u64 = self.ratings.iter().skip(2).sum();
        (self.rated() > 0).then(|| content * 100 / self.rated())
    }

    pub fn left_percent(&self) -> Option<u64> {
        (self.taken > 0).then(|| self.left_unserved * 100 / self.taken)
    }
}

fn percentile(histogram: &BTreeMap<i64, u64>, share_percent: u64) -> Option<i64> {
    let count: u64 = histogram.values().sum();
    let rank = (count * share_percent).div_ceil(100).max(1);
    let mut seen = 0;
    histogram.iter().find_map(|(minutes, people)| {
        seen += people;
        (seen >= rank).then_some(*minutes)
    })
}

impl Office {
    /// The figures of a hall's days.
    pub async fn hall_numbers(
        &self,
        filter: &HallFilter,
        group: HallGroup,
        by: &Viewer,
    ) -> Result<HallNumbers> {
        if by.is_applicant() {
            return Err(OfficeError::Denied);
        }
        let mut groups: BTreeMap<Cell, HallTotals> = BTreeMap::new();
        let column = group.code();
        let tally = |table: &str| narrowed(ViewTally::new(table), filter, table).by(column);
        let count = |row: &TallyRow, place: usize| {
            u64::try_from(row.measures.get(place).and_then(Cell::as_integer).unwrap_or(0)).unwrap_or(0)
        };
        let sums = tally(tickets::TABLE).sum("served").sum("left_unserved").sum("targeted").sum("in_target");
        for row in self.store().view_tally(sums).await? {
            let totals = groups.entry(row.group[0].clone()).or_default();
            totals.taken = row.count;
            totals.served = count(&row, 0);
            totals.left_unserved = count(&row, 1);
            totals.targeted = count(&row, 2);
            totals.in_target = count(&row, 3);
        }
        let waits = tally(tickets::TABLE).filter(Condition::eq("served", true)).by("wait_minutes");
        for row in self.store().view_tally(waits).await? {
            if let Some(minutes) = row.group[1].as_integer() {
                groups.entry(row.group[0].clone()).or_default().waits.insert(minutes, row.count);
            }
        }
        let ratings = tally(tickets::TABLE).filter(Condition::between("rating", 1_i64, 6_i64)).by("rating");
        for row in self.store().view_tally(ratings).await? {
            let place = row.group[1].as_integer().and_then(|level| usize::try_from(level - 1).ok());
            let totals = groups.entry(row.group[0].clone()).or_default();
            if let Some(counted) = place.and_then(|place| totals.ratings.get_mut(place)) {
                *counted += row.count;
            }
        }
        let services = tally(visits::TABLE)
            .filter(Condition::eq("served", true))
            .by("service_minutes")
            .sum("service_seconds");
        for row in self.store().view_tally(services).await? {
            let totals = groups.entry(row.group[0].clone()).or_default();
            totals.services += row.count;
            totals.service_seconds += row.measures.first().and_then(Cell::as_integer).unwrap_or(0);
            if let Some(minutes) = row.group[1].as_integer() {
                totals.service_minutes.insert(minutes, row.count);
            }
        }
        // A line has no hours of its own: windows do several.
        if group != HallGroup::Line && filter.line.is_none() {
            let uses = tally(usage::TABLE).sum("open_seconds").sum("busy_seconds");
            for row in self.store().view_tally(uses).await? {
                let totals = groups.entry(row.group[0].clone()).or_default();
                let sum = |place: usize| row.measures.get(place).and_then(Cell::as_integer).unwrap_or(0);
                (totals.open_seconds, totals.busy_seconds) = (sum(0), sum(1));
            }
        }
        let name = |cell: &Cell| match cell {
            Cell::Text(text) => text.clone(),
            other => other.as_integer().map(|number| number.to_string()).unwrap_or_default(),
        };
        let total = groups.values().fold(HallTotals::default(), added);
        // Nobody was at a window yet: not a window.
        let groups =
            groups.into_iter().map(|(key, totals)| (name(&key), totals)).filter(|(key, _)| !key.is_empty());
        Ok(HallNumbers { total, groups: groups.collect() })
    }

    /// The tickets behind a figure, newest first.
    pub async fn hall_tickets(
        &self,
        filter: &HallFilter,
        limit: u32,
        after: Option<Cursor>,
        by: &Viewer,
    ) -> Result<(Vec<TicketLine>, Option<Cursor>)> {
        if by.is_applicant() {
            return Err(OfficeError::Denied);
        }
        let mut query = ViewQuery::new(tickets::TABLE).limit(limit).after(after);
        for condition in conditions(filter, tickets::TABLE) {
            query = query.filter(condition);
        }
        let page = self.store().view_rows(query.descending("day").descending("joined_at")).await?;
        Ok((page.rows.iter().filter_map(tickets::read).collect(), page.next))
    }
}

fn added(mut sum: HallTotals, each: &HallTotals) -> HallTotals {
    sum.taken += each.taken;
    sum.served += each.served;
    sum.left_unserved += each.left_unserved;
    sum.targeted += each.targeted;
    sum.in_target += each.in_target;
    sum.services += each.services;
    sum.service_seconds += each.service_seconds;
    sum.open_seconds += each.open_seconds;
    sum.busy_seconds += each.busy_seconds;
    for (counted, count) in sum.ratings.iter_mut().zip(each.ratings) {
        *counted += count;
    }
    for (minutes, count) in &each.waits {
        *sum.waits.entry(*minutes).or_default() += count;
    }
    for (minutes, count) in &each.service_minutes {
        *sum.service_minutes.entry(*minutes).or_default() += count;
    }
    sum
}

fn narrowed(tally: ViewTally, filter: &HallFilter, table: &str) -> ViewTally {
    conditions(filter, table).into_iter().fold(tally, ViewTally::filter)
}

fn conditions(filter: &HallFilter, table: &str) -> Vec<Condition> {
    let end = filter.to.tomorrow().unwrap_or(filter.to);
    let mut all = vec![
        Condition::eq("hall", filter.hall.as_str()),
        Condition::between("day", filter.from.to_string(), end.to_string()),
    ];
    if let Some(line) = filter.line.as_ref().filter(|_| table != usage::TABLE) {
        all.push(Condition::eq("line", line.as_str()));
    }
    if let Some(window) = &filter.window {
        all.push(Condition::eq("window", window.as_str()));
    }
    if let Some(hour) = filter.hour {
        all.push(Condition::eq("hour", hour));
    }
    if filter.left_unserved && table == tickets::TABLE {
        all.push(Condition::eq("left_unserved", true));
    }
    all
}
