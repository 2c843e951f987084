//! Reads the tables of expected visitors only to tell what is wrong with them; those who simulate read them again.

use std::collections::BTreeMap;

use super::validate::Reading;
use crate::PackFiles;
use crate::finding::Place;
use crate::rules::writing::{encoding, hall_table};

const TABLES: [(&str, usize); 2] = [("halls/arrivals.csv", 5), ("halls/lanes.csv", 3)];
const DAYS: [&str; 2] = ["workday", "weekend"];
const PEOPLE_MAX: f64 = 1e6;

type Wrong = (&'static str, &'static str);

pub fn check(reading: &mut Reading, files: &PackFiles, is_hall: impl Fn(&str) -> bool) {
    for (path, width) in TABLES {
        let Some(bytes) = files.get(path) else { continue };
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let from = error.valid_up_to();
                reading.push(encoding::finding(Place::bytes(path.into(), from..from + 1), None));
                continue;
            }
        };
        let mut shares: BTreeMap<&str, f64> = BTreeMap::new();
        let mut start = 0;
        for (line, row) in text.split('\n').enumerate() {
            let (at, row_start) = (row.trim_end(), start);
            start += row.len() + 1;
            if line == 0 || at.trim().is_empty() {
                continue;
            }
            let cells: Vec<&str> = at.split(',').map(str::trim).collect();
            let wrong = match cells.as_slice() {
                cells if cells.len() != width => Some(("列数不对", "it has another number of columns")),
                [hall, ..] if !is_hall(hall) => Some(("没有这个大厅", "there is no such hall")),
                [_, _, day, quarter, expected] => arrivals(day, quarter, expected),
                [hall, _, share] => lanes(shares.entry(hall).or_default(), share),
                _ => None,
            };
            if let Some((zh, en)) = wrong {
                let place = Place::bytes(path.into(), row_start..row_start + at.len());
                reading.push(hall_table::finding(place, line + 1, zh, en));
            }
        }
    }
}

fn arrivals(day: &str, quarter: &str, expected: &str) -> Option<Wrong> {
    let begins = |text: &str| {
        let (hour, minute) = text.split_once(':')?;
        let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60 && minute.is_multiple_of(15)).then_some(())
    };
    if !DAYS.contains(&day) {
        return Some(("日只能是 workday 或 weekend", "a day is workday or weekend"));
    }
    if begins(quarter).is_none() {
        return Some(("这一刻不是从整刻钟开始的", "no quarter of an hour begins then"));
    }
    let people = expected.parse::<f64>().ok().filter(|count| (0.0..PEOPLE_MAX).contains(count));
    people.is_none().then_some(("人数不是数，或者是负的", "the expected people are no number, or negative"))
}

fn lanes(sum: &mut f64, share: &str) -> Option<Wrong> {
    let Some(share) = share.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share)) else {
        return Some(("占比要在 0 和 1 之间", "a share is between 0 and 1"));
    };
    *sum += share;
    // Shares are written with a few decimals.
    (*sum > 1.0 + 1e-9).then_some(("占比加起来超过了 1", "the shares add up to more than 1"))
}
