//! `yichuang deadline`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, anyhow, bail};
use calendar::{Clock, ClockRules, Extension, Limit, LimitUnit, Pause};
use jiff::civil::Date;

use crate::command::{Format, Language, print_json};
use crate::lang::says;
use crate::pack;

/// A century: no limit is longer, and a calendar beyond it says nothing.
const DAYS_MAX: i64 = 36_500;

#[derive(Debug, clap::Args)]
pub struct Deadline {
    /// When it was accepted: a day (2026-09-18) or an instant (2026-09-18T10:00, local to the zone).
    #[arg(long)]
    accepted: String,
    /// The limit in days.
    #[arg(long, value_parser = clap::value_parser!(u32).range(..=DAYS_MAX))]
    days: u32,
    /// Count calendar days instead of working days.
    #[arg(long)]
    calendar_days: bool,
    /// A pause, KIND:FROM..TO, as often as needed.
    #[arg(long = "pause", value_name = "KIND:FROM..TO")]
    pauses: Vec<String>,
    /// Days by which the limit was extended.
    #[arg(long, value_parser = clap::value_parser!(u32).range(..=DAYS_MAX))]
    extend: Option<u32>,
    /// The pack whose calendar counts; the built-in zone's when left out.
    #[arg(long)]
    pack: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// The JSON output; its keys are a contract. Keys about what is unsettled appear only when something is.
#[derive(Debug, serde::Serialize)]
struct Due<'e> {
    /// The first instant that is too late, in the zone's time.
    due_at: String,
    due_on: Date,
    counted: &'e [Date],
    skipped: Vec<SkippedDay>,
    /// True when a pause still lasts; the due day then assumes that it ends at once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    open: bool,
    /// Years whose rest days are not announced yet.
    #[serde(skip_serializing_if = "<[i16]>::is_empty")]
    provisional_years: &'e [i16],
}

#[derive(Debug, serde::Serialize)]
struct SkippedDay {
    date: Date,
    reason: String,
}

impl Deadline {
    pub fn run(self) -> Result<ExitCode> {
        let edition = pack::edition(self.pack.as_deref())?;
        let offset = edition.offset();
        let rules = ClockRules::new(offset);
        let accepted = &self.accepted;
        let started_at = calendar::read_instant(accepted, offset).map_err(|_| {
            anyhow!(
                "{}",
                says(
                    format!("{accepted:?} 不是日期或时刻，请写成 2026-09-18 或 2026-09-18T10:00"),
                    format!("{accepted:?} is no day or instant; write 2026-09-18 or 2026-09-18T10:00"),
                )
            )
        })?;
        let unit = if self.calendar_days { LimitUnit::CalendarDays } else { LimitUnit::WorkingDays };
        let mut clock = Clock::new(started_at, Limit { amount: self.days, unit });
        for text in &self.pauses {
            let pause = Pause::read(text, offset).map_err(|_| {
                anyhow!(
                    "{}",
                    says(
                        format!("{text:?} 不是中止时段，请写成 种类:2026-09-20..2026-09-25"),
                        format!("{text:?} is no pause; write KIND:2026-09-20..2026-09-25"),
                    )
                )
            })?;
            // Such a pause covers nothing; one of its days must be a typing error.
            if pause.to.is_some_and(|to| to < pause.from) {
                bail!(
                    "{}",
                    says(
                        format!("{text:?} 的结束早于开始，请检查这两个日期"),
                        format!("{text:?} ends before it begins; check the two days"),
                    )
                );
            }
            clock.pauses.push(pause);
        }
        if let Some(amount) = self.extend {
            clock.extensions.push(Extension { amount, reason: "extension".into() });
        }
        let explanation = clock.explain(edition.calendar(), &rules, started_at);
        let lang = match self.lang {
            Language::Zh => calendar::Lang::Zh,
            Language::En => calendar::Lang::En,
        };
        match self.format {
            Format::Json => {
                let skipped = explanation.skipped.iter();
                print_json(&Due {
                    due_at: explanation.due_at.display_with_offset(offset).to_string(),
                    due_on: explanation.due_on,
                    counted: &explanation.counted,
                    skipped: skipped
                        .map(|day| SkippedDay { date: day.date, reason: day.reason.text(lang) })
                        .collect(),
                    open: explanation.open,
                    provisional_years: &explanation.provisional_years,
                })?;
            }
            Format::Text => {
                println!("{}", explanation.summary(lang));
                for skipped in &explanation.skipped {
                    println!("  {}  {}", skipped.date, skipped.reason.text(lang));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
