//! Reads `halls/arrivals.csv` and `halls/lanes.csv` of a pack: expected arrivals, used until the journal has
//! counts.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use catalogue::Edition;
use checker::PackFiles;
use hall::model::QUARTERS;
use jiff::civil::Date;

const ARRIVALS: &str = "halls/arrivals.csv";
const LANES: &str = "halls/lanes.csv";

/// Days that are alike: by the pack's calendar, so that a make-up workday at a weekend is a workday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum DayKind {
    Workday,
    Weekend,
}

impl DayKind {
    pub fn of(edition: &Edition, date: Date) -> Self {
        if edition.is_day_off(date) { Self::Weekend } else { Self::Workday }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "workday" => Some(Self::Workday),
            "weekend" => Some(Self::Weekend),
            _ => None,
        }
    }
}

/// Expected arrivals in one hall.
#[derive(Clone, Debug, Default)]
pub struct Arrivals {
    by_line: BTreeMap<(DayKind, String), Vec<f64>>,
    /// Share of all people by lane; the rest are walk-ins.
    lanes: BTreeMap<String, f64>,
}

impl Arrivals {
    /// The arrivals of one hall.
    ///
    /// # Errors
    /// When `halls/arrivals.csv` is missing, a file is not UTF-8, a row is invalid, or the shares exceed 1.
    pub fn read(files: &PackFiles, hall: &str) -> Result<Self> {
        let mut arrivals = Self::default();
        let text = text_of(files, ARRIVALS)?
            .with_context(|| format!("the pack has no {ARRIVALS}; write hall,line,day,quarter,expected"))?;
        for (number, row) in rows(text) {
            let at = || format!("{ARRIVALS}:{number}");
            let [of_hall, line, day, quarter, expected] = row.as_slice() else {
                bail!("{}: write hall,line,day,quarter,expected", at());
            };
            if *of_hall != hall {
                continue;
            }
            let day =
                DayKind::parse(day).with_context(|| format!("{}: a day is workday or weekend", at()))?;
            let minute = super::minute(quarter).filter(|minute| minute % 15.0 == 0.0);
            let minute = minute.with_context(|| format!("{}: {quarter:?} begins no quarter-hour", at()))?;
            let expected: f64 = expected
                .parse()
                .ok()
                .filter(|count| (0.0..1e6).contains(count))
                .with_context(|| format!("{}: {expected:?} is no number of people", at()))?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a quarter of the day"
            )]
            let quarter = (minute / 15.0) as usize;
            arrivals.by_line.entry((day, (*line).to_owned())).or_insert_with(|| vec![0.0; QUARTERS])
                [quarter] += expected;
        }
        for (number, row) in text_of(files, LANES)?.into_iter().flat_map(rows) {
            let [of_hall, lane, share] = row.as_slice() else {
                bail!("{LANES}:{number}: write hall,lane,share");
            };
            if *of_hall == hall {
                let share: f64 =
                    share.parse().ok().filter(|share| (0.0..=1.0).contains(share)).with_context(|| {
                        format!("{LANES}:{number}: {share:?} is no share between 0 and 1")
                    })?;
                arrivals.lanes.insert((*lane).to_owned(), share);
            }
        }
        if arrivals.lanes.values().sum::<f64>() > 1.0 {
            bail!("{LANES}: the shares are more than all people");
        }
        Ok(arrivals)
    }

    pub fn expected(&self, day: DayKind, line: &str) -> Vec<f64> {
        self.by_line.get(&(day, line.to_owned())).cloned().unwrap_or_else(|| vec![0.0; QUARTERS])
    }

    pub fn lane_share(&self, lane: &str) -> f64 {
        self.lanes.get(lane).copied().unwrap_or_default()
    }

    /// Lines and lanes in the files that the pack does not declare.
    pub fn strangers(&self, lines: &[String], lanes: &[String]) -> Vec<String> {
        let lines_named = self.by_line.keys().map(|(_, line)| line).filter(|line| !lines.contains(line));
        let mut strangers: Vec<String> =
            lines_named.chain(self.lanes.keys().filter(|lane| !lanes.contains(lane))).cloned().collect();
        strangers.sort();
        strangers.dedup();
        strangers
    }
}

fn text_of<'f>(files: &'f PackFiles, path: &str) -> Result<Option<&'f str>> {
    let Some(bytes) = files.get(path) else { return Ok(None) };
    Ok(Some(std::str::from_utf8(bytes).with_context(|| format!("{path} is not UTF-8"))?))
}

/// Rows after the heading, with line numbers. There is no quoting: names of halls, lines and lanes have no
/// commas.
fn rows(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    text.trim_start_matches('\u{feff}')
        .lines()
        .enumerate()
        .skip(1)
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| (index + 1, line.split(',').map(str::trim).collect()))
}
