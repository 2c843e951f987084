//! Adding up.

use std::collections::BTreeMap;

use catalogue::{Edition, RoleRank};
use store::{Condition, ViewTally};

use crate::account::{Duty, Viewer};
use crate::case::perform::day_of;
use crate::error::{OfficeError, Result};
use crate::figures::counted::OPEN_STATES;
use crate::figures::{Counted, FigureFilter, Month, Period, Totals};
use crate::office::Office;
use crate::views::figures::{ACCEPTED, CASES, DECIDED, KEY, OPEN, RECEIVED, TABLE, sums_of};
use crate::views::matters;

/// Months that the small lines beside figures show.
const HISTORY_MONTHS: i32 = 12;

/// The figures of a period, with all that they can be broken down by.
#[derive(Clone, Debug)]
pub struct Figures {
    pub period: Period,
    /// The departments that were counted; none when it was the whole zone.
    pub departments: Option<Vec<String>>,
    pub total: Totals,
    /// The month before a month, the year before a year: to compare with.
    pub before: Totals,
    pub by_department: Vec<Grouped>,
    pub by_item: Vec<Grouped>,
    pub by_thing: Vec<Grouped>,
    pub by_channel: Vec<Grouped>,
    /// The months of the period, and of at least a year up to its end.
    pub by_month: Vec<(Month, Totals)>,
    /// Cases that a bad rating opened in the period; counted for the whole zone only.
    pub callbacks: u64,
}

/// One row of a table: what is counted together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouped {
    /// Of a department, item, thing or channel.
    pub id: String,
    pub totals: Totals,
}

impl Figures {
    /// A figure's last twelve months, oldest first, from the first in which there was anything to count.
    pub fn history(&self, of: impl Fn(&Totals) -> f64) -> Vec<f64> {
        let from = self.by_month.len().saturating_sub(HISTORY_MONTHS as usize);
        let first = self.by_month.iter().position(|(_, totals)| !totals.is_empty());
        let from = from.max(first.unwrap_or(self.by_month.len()));
        self.by_month[from..].iter().map(|(_, totals)| of(totals)).collect()
    }

    /// The filter that lists what a figure counts.
    pub fn filter(&self, what: Counted) -> FigureFilter {
        FigureFilter::new(what, self.period)
    }

    pub fn whole_zone(&self) -> bool {
        self.departments.is_none()
    }
}

/// Whose figures somebody may see: everybody's (`None`), or those of some departments.
pub(crate) fn scope(by: &Viewer, edition: &Edition) -> Result<Option<Vec<String>>> {
    if by.has_duty(Duty::Audit) {
        return Ok(None);
    }
    let roles = || by.roles.iter().filter_map(|role| edition.role(role));
    if by.is_officer() && roles().any(|role| role.rank == RoleRank::Leader) {
        return Ok(None);
    }
    let heads = roles().filter(|role| role.rank == RoleRank::Head);
    let mut departments: Vec<String> = heads.map(|role| role.department.to_string()).collect();
    departments.sort();
    departments.dedup();
    if by.is_officer() && !departments.is_empty() { Ok(Some(departments)) } else { Err(OfficeError::Denied) }
}

impl Office {
    /// The month that it is in the zone.
    pub fn this_month(&self) -> Month {
        Month::of(day_of(&self.edition(), self.now()))
    }

    /// Figures of a period: of the whole zone for leaders and administrators, of their departments for heads.
    pub async fn figures(&self, period: Period, by: &Viewer) -> Result<Figures> {
        let edition = self.edition();
        let departments = scope(by, &edition)?;
        let length = i32::try_from(period.months().len()).unwrap_or(1);
        let reach = (length * 2).max(HISTORY_MONTHS) - 1;
        // A year that is not over ends with the month that it is.
        let end = period.last().min(self.this_month()).max(period.first());
        let months = Period::between(end.plus(-reach), end);
        let mut figures = Figures {
            period,
            departments: departments.clone(),
            total: Totals::default(),
            before: Totals::default(),
            by_department: Vec::new(),
            by_item: Vec::new(),
            by_thing: Vec::new(),
            by_channel: Vec::new(),
            by_month: months.months().into_iter().map(|month| (month, Totals::default())).collect(),
            callbacks: 0,
        };
        let whole = departments.is_none();
        let earlier = Period::between(period.first().plus(-length), period.first().previous());
        let mut groups: [BTreeMap<String, Totals>; 4] = Default::default();
        for basis in [RECEIVED, ACCEPTED, DECIDED, OPEN, CASES] {
            if basis == CASES && !whole {
                continue;
            }
            for row in self.sums(basis, months, departments.as_deref()).await? {
                let text = |place: usize| row.group[place].as_text().unwrap_or_default();
                let month: Option<Month> = text(1).parse().ok();
                if let Some((_, totals)) = figures.by_month.iter_mut().find(|(each, _)| Some(*each) == month)
                {
                    totals.add(basis, &row, whole);
                }
                if month.is_some_and(|month| earlier.contains(month)) {
                    figures.before.add(basis, &row, whole);
                }
                if month.is_some_and(|month| !period.contains(month)) {
                    continue;
                }
                figures.total.add(basis, &row, whole);
                if basis == CASES && edition.zone().callback.as_ref().is_some_and(|id| id.as_str() == text(4))
                {
                    let mut calls = Totals::default();
                    calls.add(basis, &row, whole);
                    figures.callbacks += calls.cases + calls.reports;
                }
                for (group, place) in groups.iter_mut().zip(2_usize..) {
                    // Whole cases belong to no department and to no one item.
                    if !text(place).is_empty() {
                        group.entry(text(place).to_owned()).or_default().add(basis, &row, whole);
                    }
                }
            }
        }
        self.days_passed(&mut figures.total, &mut groups, departments.as_deref()).await?;
        let [departments, items, things, channels] = groups.map(|group| {
            let rows = group.into_iter().filter(|(_, totals)| !totals.is_empty());
            let mut rows: Vec<Grouped> = rows.map(|(id, totals)| Grouped { id, totals }).collect();
            rows.sort_by(|a, b| b.totals.received.cmp(&a.totals.received).then_with(|| a.id.cmp(&b.id)));
            rows
        });
        (figures.by_department, figures.by_item, figures.by_thing, figures.by_channel) =
            (departments, items, things, channels);
        Ok(figures)
    }

    /// Sums say what the last act of each matter left; of those that have become due or overdue since without an act, the lists
    /// know by the day. The same conditions move them here.
    async fn days_passed(
        &self,
        total: &mut Totals,
        groups: &mut [BTreeMap<String, Totals>; 4],
        departments: Option<&[String]>,
    ) -> Result<()> {
        let today = self.limits_today();
        for (now, moved) in [(Counted::Overdue, today.overrun()), (Counted::DueToday, today.ends_today())] {
            let mut tally = ViewTally::new(matters::TABLE)
                .filter(Condition::eq("feedback", 0_i64))
                .filter(Condition::is_in("state", OPEN_STATES));
            if let Some(departments) = departments {
                tally = tally.filter(Condition::is_in("department", departments.iter().map(String::as_str)));
            }
            tally = moved.into_iter().fold(tally, ViewTally::filter);
            let by = ["colour", "department", "item", "thing", "channel"];
            tally = by.iter().fold(tally, |tally, column| tally.by(column));
            for row in self.store().view_tally(tally).await? {
                let text = |place: usize| row.group[place].as_text().unwrap_or_default();
                total.passed(text(0), now, row.count);
                for (group, place) in groups.iter_mut().zip(1_usize..) {
                    if let Some(totals) = group.get_mut(text(place)) {
                        totals.passed(text(0), now, row.count);
                    }
                }
            }
        }
        Ok(())
    }

    /// Rows of sums; what is open has no month.
    async fn sums(
        &self,
        basis: &str,
        months: Period,
        departments: Option<&[String]>,
    ) -> Result<Vec<store::TallyRow>> {
        let mut tally = ViewTally::new(TABLE).filter(Condition::eq("basis", basis));
        if basis == OPEN {
            tally = tally.filter(Condition::eq("month", ""));
        } else {
            tally = tally.filter(Condition::is_in("month", months.months().iter().map(ToString::to_string)));
        }
        if let Some(departments) = departments {
            tally = tally.filter(Condition::is_in("department", departments.iter().map(String::as_str)));
        }
        tally = KEY.iter().fold(tally, |tally, column| tally.by(column));
        tally = sums_of(basis).iter().fold(tally, |tally, column| tally.sum(column));
        Ok(self.store().view_tally(tally).await?)
    }
}
