//! Sums that grow with each act, so that a page of figures costs the same with a hundred cases and with a million.
//!
//! Every row of `matters` and `cases` adds to one row here for each thing that can be said of it: that it came in, was
//! accepted, was decided, is open. When the row changes, what it had added is taken back. [`crate::figures`] reads the
//! sums, and lists the rows behind them by conditions that say the same.

use std::collections::HashMap;

use store::{Cell, ViewChange, ViewSchema};

use super::{Rows, cases, matters};
use crate::case::wire::Burden;

pub const TABLE: &str = "figures";

/// Of what a row of sums speaks; its month is the month in which that happened.
pub const RECEIVED: &str = "received";
pub const ACCEPTED: &str = "accepted";
pub const DECIDED: &str = "decided";
/// Has no month.
pub const OPEN: &str = "open";
/// Whole cases by the month in which they came in.
pub const CASES: &str = "cases";

pub const KEY: [&str; 6] = ["basis", "month", "department", "item", "thing", "channel"];

macro_rules! sums {
    ($($sum:ident $name:literal,)*) => {
        #[derive(Clone, Copy)]
        enum Sum { $($sum),* }

        /// All sums, in the order of the columns after the key.
        pub const SUMS: [&str; [$($name),*].len()] = [$($name),*];
    };
}

sums! {
    Matters "matters",
    // Reports about the administration itself are counted apart from its services.
    Reports "reports",
    Corrected "corrected",
    Corrections "corrections",
    Deemed "deemed",
    Granted "granted",
    Refused "refused",
    SameDay "same_day",
    Early "early",
    EarlyDays "early_days",
    Saved "saved",
    SavedDays "saved_days",
    Late "late",
    LateExplained "late_explained",
    Green "green",
    Yellow "yellow",
    Red "red",
    DueToday "due_today",
    Overdue "overdue",
    Paused "paused",
    Done "done",
    DoneLate "done_late",
    Rated1 "rated_1",
    Rated2 "rated_2",
    Rated3 "rated_3",
    Rated4 "rated_4",
    Rated5 "rated_5",
    Questions "questions",
    Papers "papers",
    Visits "visits",
}

/// The sums that rows of a basis have; the others are zero.
pub fn sums_of(basis: &str) -> &'static [&'static str] {
    match basis {
        RECEIVED => {
            &["matters", "corrected", "corrections", "rated_1", "rated_2", "rated_3", "rated_4", "rated_5"]
        }
        ACCEPTED => &["matters", "deemed"],
        DECIDED => &[
            "matters",
            "granted",
            "refused",
            "same_day",
            "early",
            "early_days",
            "saved",
            "saved_days",
            "late",
            "late_explained",
        ],
        OPEN => &["matters", "green", "yellow", "red", "due_today", "overdue", "paused", "done", "done_late"],
        _ => &[
            "matters",
            "reports",
            "rated_1",
            "rated_2",
            "rated_3",
            "rated_4",
            "rated_5",
            "questions",
            "papers",
            "visits",
        ],
    }
}

pub fn schema() -> ViewSchema {
    let keys = KEY.iter().fold(ViewSchema::new(TABLE, 4), |schema, name| schema.text(name));
    SUMS.iter().fold(keys, |schema, name| schema.integer(name)).key(&KEY)
}

pub type Key<'a> = [&'a str; 6];

/// Amounts by the place of their sum.
#[derive(Clone, Copy, Default)]
pub struct Amounts([i64; SUMS.len()]);

impl Amounts {
    fn put(&mut self, sum: Sum, amount: i64) {
        self.0[sum as usize] += amount;
    }

    fn of(amounts: &[(Sum, i64)]) -> Self {
        let mut all = Self::default();
        amounts.iter().for_each(|&(sum, amount)| all.put(sum, amount));
        all
    }

    /// Those that are not zero, by name.
    fn named(&self) -> Vec<(String, i64)> {
        let amounts = SUMS.iter().zip(self.0).filter(|(_, amount)| *amount != 0);
        amounts.map(|(name, amount)| ((*name).to_owned(), amount)).collect()
    }
}

/// The column of a clock's colour.
fn colour_sum(code: &str) -> Sum {
    match code {
        "green" => Sum::Green,
        "yellow" => Sum::Yellow,
        "red" => Sum::Red,
        "due-today" => Sum::DueToday,
        "overdue" => Sum::Overdue,
        "paused" => Sum::Paused,
        "done-late" => Sum::DoneLate,
        _ => Sum::Done,
    }
}

fn rating_sum(level: i64) -> Option<Sum> {
    Some(match level {
        1 => Sum::Rated1,
        2 => Sum::Rated2,
        3 => Sum::Rated3,
        4 => Sum::Rated4,
        5 => Sum::Rated5,
        _ => return None,
    })
}

/// What one matter adds, by the row that it adds it to.
fn of_matter<'a>(row: &matters::Glance<'a>, mut put: impl FnMut(Key<'a>, Amounts)) {
    if row.feedback {
        return;
    }
    let key = |basis, month| -> Key<'a> { [basis, month, row.department, row.item, row.thing, row.channel] };
    let mut received = Amounts::of(&[
        (Sum::Matters, 1),
        (Sum::Corrected, i64::from(row.corrections > 0)),
        (Sum::Corrections, row.corrections),
    ]);
    if let Some(sum) = row.rating.and_then(rating_sum) {
        received.put(sum, 1);
    }
    put(key(RECEIVED, row.received_month), received);
    if !row.accepted_month.is_empty() {
        let accepted = [(Sum::Matters, 1), (Sum::Deemed, i64::from(row.deemed))];
        put(key(ACCEPTED, row.accepted_month), Amounts::of(&accepted));
    }
    if !row.decided_month.is_empty() {
        let (early, saved) = (row.days_early.unwrap_or(0).max(0), row.days_saved.unwrap_or(0).max(0));
        let decided = [
            (Sum::Matters, 1),
            (Sum::Granted, i64::from(row.granted)),
            (Sum::Refused, i64::from(row.refused)),
            (Sum::SameDay, i64::from(row.days_taken == Some(0))),
            (Sum::Early, i64::from(early > 0)),
            (Sum::EarlyDays, early),
            (Sum::Saved, i64::from(saved > 0)),
            (Sum::SavedDays, saved),
            (Sum::Late, i64::from(row.overdue)),
            (Sum::LateExplained, i64::from(row.overdue && row.overdue_explained)),
        ];
        put(key(DECIDED, row.decided_month), Amounts::of(&decided));
    }
    // Said of closed matters too, with nothing to add: the same rows then stand here however often somebody looked.
    let open = i64::from(row.is_open);
    put(key(OPEN, ""), Amounts::of(&[(Sum::Matters, open), (colour_sum(row.colour), open)]));
}

fn of_case<'a>(row: &cases::Glance<'a>, mut put: impl FnMut(Key<'a>, Amounts)) {
    let mut amounts = Amounts::of(&[(if row.feedback { Sum::Reports } else { Sum::Matters }, 1)]);
    if !row.feedback
        && let Some(sum) = row.rating.and_then(rating_sum)
    {
        amounts.put(sum, 1);
    }
    put(case_key(row), amounts);
}

fn case_key<'a>(row: &cases::Glance<'a>) -> Key<'a> {
    [CASES, row.month, "", "", row.thing, row.channel]
}

struct Difference<'a> {
    key: Key<'a>,
    before: bool,
    after: bool,
    amounts: Amounts,
}

impl<'a> Difference<'a> {
    /// The one with this key. A case adds to few rows: a list beats a map.
    fn of<'d>(all: &'d mut Vec<Self>, key: Key<'a>) -> &'d mut Self {
        let place = all.iter().position(|known| known.key == key).unwrap_or_else(|| {
            all.push(Self { key, before: false, after: false, amounts: Amounts::default() });
            all.len() - 1
        });
        &mut all[place]
    }
}

/// What the sums must change by, so that they tell of `new` instead of `old`.
pub fn changes(old: Option<&Rows>, new: &Rows, mut into: impl FnMut(&Key<'_>, &Amounts)) {
    let nothing = Rows::new();
    let old = old.unwrap_or(&nothing);
    let mut differences = Vec::new();
    for (rows, others, sign) in [(new, old, 1), (old, new, -1)] {
        for (key, row) in rows {
            let put = |key, amounts: Amounts| {
                let difference = Difference::of(&mut differences, key);
                *(if sign > 0 { &mut difference.after } else { &mut difference.before }) = true;
                for (sum, amount) in difference.amounts.0.iter_mut().zip(amounts.0) {
                    *sum += sign * amount;
                }
            };
            match key.0 {
                matters::TABLE | cases::TABLE if others.get(key) == Some(row) => {}
                matters::TABLE => {
                    if let Some(row) = matters::glance(row) {
                        of_matter(&row, put);
                    }
                }
                cases::TABLE => {
                    if let Some(row) = cases::glance(row) {
                        of_case(&row, put);
                    }
                }
                _ => {}
            }
        }
    }
    for Difference { key, before, after, amounts } in differences {
        // What is said for the first time makes its row, even if it adds nothing: rows must not depend on whether
        // several acts were committed together.
        if amounts.0.iter().any(|amount| *amount != 0) || (after && !before) {
            into(&key, &amounts);
        }
    }
}

/// What one form spared its applicant.
pub fn spared(rows: &Rows, separate: Burden, merged: Burden, into: &mut Vec<ViewChange>) {
    let case = rows.iter().find(|(key, _)| key.0 == cases::TABLE).and_then(|(_, row)| cases::glance(row));
    let Some(case) = case.filter(|case| !case.feedback) else { return };
    let amounts = [
        (Sum::Questions, separate.questions, merged.questions),
        (Sum::Papers, separate.materials, merged.materials),
        (Sum::Visits, separate.visits, merged.visits),
    ];
    let amounts = amounts.map(|(sum, apart, here)| (sum, i64::from(apart) - i64::from(here)));
    into.push(add(&case_key(&case), &Amounts::of(&amounts)));
}

pub fn add(key: &Key<'_>, amounts: &Amounts) -> ViewChange {
    let key = key.iter().map(|part| Cell::Text((*part).to_owned())).collect();
    ViewChange::Add { table: TABLE.into(), key, amounts: amounts.named() }
}

/// What many changes come to: a stretch of the journal changes a few sums thousands of times.
#[derive(Default)]
pub struct Sums {
    /// By the parts of the key, one after another.
    rows: HashMap<String, Amounts>,
    key: String,
}

/// Stands in no part of a key.
const BETWEEN: char = '\u{1f}';

impl Sums {
    pub fn add(&mut self, key: &Key<'_>, amounts: &Amounts) {
        self.key.clear();
        for (place, part) in key.iter().enumerate() {
            if place > 0 {
                self.key.push(BETWEEN);
            }
            self.key.push_str(part);
        }
        match self.rows.get_mut(&self.key) {
            Some(known) => known.0.iter_mut().zip(amounts.0).for_each(|(sum, amount)| *sum += amount),
            None => {
                self.rows.insert(self.key.clone(), *amounts);
            }
        }
    }

    /// One change for each row of sums; what is kept begins anew.
    pub fn take(&mut self) -> Vec<ViewChange> {
        let rows = std::mem::take(&mut self.rows);
        let changes = rows.iter().map(|(key, amounts)| {
            let mut parts = key.split(BETWEEN);
            add(&std::array::from_fn(|_| parts.next().unwrap_or_default()), amounts)
        });
        changes.collect()
    }
}
