//! Sums that grow with each act, so that a page of figures costs the same with a hundred cases and with a million.
//!
//! Every row of `matters` and `cases` adds to one row here for each thing that can be said of it: that it came in, was
//! accepted, was decided, is open. When the row changes, what it had added is taken back. [`crate::figures`] reads the
//! sums, and lists the rows behind them by conditions that say the same.

use std::collections::BTreeMap;

use store::{Cell, Row, ViewChange, ViewSchema};

use super::matters::MatterRow;
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

/// All sums, in the order of the columns after the key.
pub const SUMS: [&str; 29] = [
    "matters",
    // Reports about the administration itself are counted apart from its services.
    "reports",
    "corrected",
    "corrections",
    "deemed",
    "granted",
    "refused",
    "same_day",
    "early",
    "early_days",
    "saved",
    "saved_days",
    "late",
    "late_explained",
    "green",
    "yellow",
    "red",
    "overdue",
    "paused",
    "done",
    "done_late",
    "rated_1",
    "rated_2",
    "rated_3",
    "rated_4",
    "rated_5",
    "questions",
    "papers",
    "visits",
];

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
        OPEN => &["matters", "green", "yellow", "red", "overdue", "paused", "done", "done_late"],
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
    let keys = KEY.iter().fold(ViewSchema::new(TABLE, 1), |schema, name| schema.text(name));
    SUMS.iter().fold(keys, |schema, name| schema.integer(name)).key(&KEY)
}

type Key = [String; 6];
type Sums = BTreeMap<&'static str, i64>;

/// The column of a clock's colour.
fn colour_sum(code: &str) -> &'static str {
    match code {
        "green" => "green",
        "yellow" => "yellow",
        "red" => "red",
        "overdue" => "overdue",
        "paused" => "paused",
        "done-late" => "done_late",
        _ => "done",
    }
}

fn rating_sum(level: u8) -> Option<&'static str> {
    ["rated_1", "rated_2", "rated_3", "rated_4", "rated_5"].get(usize::from(level).checked_sub(1)?).copied()
}

/// What one matter adds, by the row that it adds it to.
fn of_matter(row: &MatterRow) -> Vec<(Key, Sums)> {
    if row.feedback {
        return Vec::new();
    }
    let key = |basis: &str, month: &str| -> Key {
        [basis, month, &row.department, &row.item, &row.thing, &row.channel].map(str::to_owned)
    };
    let mut received = Sums::from([
        ("matters", 1),
        ("corrected", i64::from(row.corrections > 0)),
        ("corrections", i64::from(row.corrections)),
    ]);
    if let Some(sum) = row.rating.and_then(rating_sum) {
        received.insert(sum, 1);
    }
    let mut all = vec![(key(RECEIVED, &row.received_month), received)];
    if !row.accepted_month.is_empty() {
        let accepted = Sums::from([("matters", 1), ("deemed", i64::from(row.deemed))]);
        all.push((key(ACCEPTED, &row.accepted_month), accepted));
    }
    if !row.decided_month.is_empty() {
        let (early, saved) = (row.days_early.unwrap_or(0).max(0), row.days_saved.unwrap_or(0).max(0));
        let decided = Sums::from([
            ("matters", 1),
            ("granted", i64::from(row.granted)),
            ("refused", i64::from(row.refused)),
            ("same_day", i64::from(row.days_taken == Some(0))),
            ("early", i64::from(early > 0)),
            ("early_days", early),
            ("saved", i64::from(saved > 0)),
            ("saved_days", saved),
            ("late", i64::from(row.overdue)),
            ("late_explained", i64::from(row.overdue && row.overdue_explained)),
        ]);
        all.push((key(DECIDED, &row.decided_month), decided));
    }
    // Said of closed matters too, with nothing to add: the same rows then stand here however often somebody looked.
    let open = i64::from(row.closed_at.is_none());
    all.push((key(OPEN, ""), Sums::from([("matters", open), (colour_sum(&row.colour), open)])));
    all
}

fn of_case(row: &Row) -> Option<(Key, Sums)> {
    let row = cases::read(row)?;
    let mut sums = Sums::from([(if row.feedback { "reports" } else { "matters" }, 1)]);
    if !row.feedback
        && let Some(sum) = row.rating.and_then(rating_sum)
    {
        sums.insert(sum, 1);
    }
    Some((case_key(&row), sums))
}

fn case_key(row: &cases::CaseRow) -> Key {
    [CASES, &row.month, "", "", &row.thing, &row.channel].map(str::to_owned)
}

/// What the sums must change by, so that they tell of `new` instead of `old`.
pub fn changes(old: &Rows, new: &Rows, into: &mut Vec<ViewChange>) {
    #[derive(Default)]
    struct Difference {
        before: bool,
        after: bool,
        sums: Sums,
    }
    let mut differences: BTreeMap<Key, Difference> = BTreeMap::new();
    for (rows, others, sign) in [(new, old, 1), (old, new, -1)] {
        for (key, row) in rows {
            if others.get(key) == Some(row) {
                continue;
            }
            let parts = match key.0 {
                matters::TABLE => matters::read(row).map(|row| of_matter(&row)).unwrap_or_default(),
                cases::TABLE => of_case(row).into_iter().collect(),
                _ => continue,
            };
            for (key, sums) in parts {
                let difference = differences.entry(key).or_default();
                if sign > 0 {
                    difference.after = true;
                } else {
                    difference.before = true;
                }
                for (name, amount) in sums {
                    *difference.sums.entry(name).or_default() += sign * amount;
                }
            }
        }
    }
    for (key, Difference { before, after, sums }) in differences {
        let amounts = sums.into_iter().filter(|(_, amount)| *amount != 0);
        let amounts: Vec<(String, i64)> = amounts.map(|(name, amount)| (name.into(), amount)).collect();
        // What is said for the first time makes its row, even if it adds nothing: rows must not depend on whether
        // several acts were committed together.
        if !amounts.is_empty() || (after && !before) {
            into.push(add(&key, amounts));
        }
    }
}

/// What one form spared its applicant.
pub fn spared(rows: &Rows, separate: Burden, merged: Burden, into: &mut Vec<ViewChange>) {
    let case = rows.iter().find(|(key, _)| key.0 == cases::TABLE).and_then(|(_, row)| cases::read(row));
    let Some(case) = case.filter(|case| !case.feedback) else { return };
    let amounts = [
        ("questions", separate.questions, merged.questions),
        ("papers", separate.materials, merged.materials),
        ("visits", separate.visits, merged.visits),
    ];
    let amounts = amounts.map(|(name, apart, here)| (name.to_owned(), i64::from(apart) - i64::from(here)));
    into.push(add(&case_key(&case), amounts.to_vec()));
}

fn add(key: &Key, amounts: Vec<(String, i64)>) -> ViewChange {
    let key = key.iter().map(|part| Cell::Text(part.clone())).collect();
    ViewChange::Add { table: TABLE.into(), key, amounts }
}
