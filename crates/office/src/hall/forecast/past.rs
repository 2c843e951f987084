//! What a hall's last weeks say about its people, from the rows of its visits and tickets.

use ::hall::Setup;
use ::hall::predict::{History, Known};
use catalogue::HallId;
use jiff::ToSpan as _;
use jiff::civil::Date;
use store::{Condition, Row, ViewQuery};

use crate::error::Result;
use crate::office::Office;
use crate::views::hall::{appointments, days, tickets, visits};

/// Who comes and how long they take is learnt from so many days before.
const DAYS: i64 = 28;
/// As if of so many appointments the declared share had not been kept.
const DECLARED_APPOINTMENTS: f64 = 20.0;
const DECLARED_ABSENT: f64 = 2.0;

#[derive(Clone, Debug)]
pub(crate) struct Past {
    pub history: History,
    absent_share: f64,
}

impl Past {
    pub fn known(&self) -> Known<'_> {
        Known { history: Some(&self.history), absent_share: Some(self.absent_share), ..Known::default() }
    }
}

impl Office {
    /// Of days before this one only: they do not change any more, so a day begun again begins the same.
    pub(super) async fn past_of(&self, hall: &HallId, date: Date, setup: &Setup) -> Result<Past> {
        let order = setup.played_lanes();
        let line_of = |name: &str| setup.lines.iter().position(|line| line.id.as_str() == name);
        let lane_of = |name: &str| order.iter().position(|place| setup.lanes[*place].id.as_str() == name);
        let mut history = History::new(setup.lines.len(), setup.lanes.len());
        for row in self.rows_before(visits::TABLE, &["day", "number", "place"], hall, date).await? {
            let Some(line) = row.text(4).and_then(line_of) else { continue };
            if row.integer(15) == Some(1) {
                history.missed(line);
            } else if let (Some(called), Some(ended), Some(1)) =
                (row.integer(8), row.integer(10), row.integer(14))
            {
                // From the call on the window is taken.
                #[expect(clippy::cast_precision_loss, reason = "microseconds of a day")]
                history.served(line, (ended - called) as f64 / 60e6);
            }
        }
        let edition = self.edition();
        let offset = edition.offset();
        let day_off = edition.is_day_off(date);
        for row in self.rows_before(tickets::TABLE, &["day", "number"], hall, date).await? {
            let of_day = row.text(0).and_then(|day| day.parse::<Date>().ok());
            let same_kind = of_day.is_some_and(|day| edition.is_day_off(day) == day_off);
            let (line, lane) = (row.text(4).and_then(line_of), row.text(6).and_then(lane_of));
            let joined = row.integer(12).and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
            if let (true, Some(line), Some(lane), Some(joined), None) =
                (same_kind, line, lane, joined, row.integer(13))
            {
                let local = offset.to_datetime(joined);
                history.walked_in(line, lane, f64::from(local.hour()) * 60.0 + f64::from(local.minute()));
            }
        }
        for row in self.rows_before(days::TABLE, &["day"], hall, date).await? {
            let of_day = row.text(0).and_then(|day| day.parse::<Date>().ok());
            if of_day.is_some_and(|day| edition.is_day_off(day) == day_off) {
                history.end_day();
            }
        }
        let (mut kept, mut absent) = (0.0, 0.0);
        for row in self.rows_before(appointments::TABLE, &["day", "slot", "id"], hall, date).await? {
            match row.text(5) {
                Some("checked-in") => kept += 1.0,
                Some("booked") => absent += 1.0,
                _ => {}
            }
        }
        let absent_share = (absent + DECLARED_ABSENT) / (kept + absent + DECLARED_APPOINTMENTS);
        Ok(Past { history, absent_share })
    }

    async fn rows_before(&self, table: &str, order: &[&str], hall: &HallId, date: Date) -> Result<Vec<Row>> {
        const AT_ONCE: u32 = 1_000;
        let from = date.checked_sub(DAYS.days()).unwrap_or(date);
        let mut rows = Vec::new();
        let mut after = None;
        loop {
            let query = ViewQuery::new(table)
                .filter(Condition::eq("hall", hall.as_str()))
                .filter(Condition::between("day", from.to_string(), date.to_string()))
                .limit(AT_ONCE)
                .after(after);
            let query = order.iter().fold(query, |query, column| query.ascending(column));
            let page = self.store().view_rows(query).await?;
            rows.extend(page.rows);
            after = page.next;
            if after.is_none() {
                return Ok(rows);
            }
        }
    }

    /// Days of a hall before this one, newest first.
    pub(super) async fn days_before(&self, hall: &HallId, date: Date, count: u32) -> Result<Vec<Date>> {
        let last = ViewQuery::new(days::TABLE)
            .filter(Condition::eq("hall", hall.as_str()))
            .filter(Condition::below("day", date.to_string()))
            .descending("day")
            .limit(count);
        let page = self.store().view_rows(last).await?;
        Ok(page.rows.iter().filter_map(|row| row.text(0)?.parse().ok()).collect())
    }
}
