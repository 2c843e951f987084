//! `yichuang simulate`: simulates days of a hall, and the same days with a change.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use hall::model::{HallDay, Patience};
use hall::simulate::{Changes, Hall, Paired, Report, Simulation};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::command::{Format, Language, print_json};
use crate::halls::{Plan, WhatIf, Words, changes_table, figures_table, spread};
use crate::lang::{say, says};
use crate::pack;
use crate::progress::Progress;

#[derive(Debug, clap::Args)]
pub struct Simulate {
    /// The hall; the pack's first when left out.
    #[arg(long)]
    hall: Option<String>,
    /// How many days from the first on; days on which the hall is closed are left out.
    #[arg(long, default_value_t = 7)]
    days: u32,
    /// The first day; the first Monday of the pack's last calendar year when left out.
    #[arg(long)]
    from: Option<Date>,
    /// How often each day is played.
    #[arg(long, default_value_t = 100)]
    runs: u32,
    #[arg(long)]
    pack: Option<PathBuf>,
    /// A change to compare with: open-window A09 09:00-12:00, move-lunch A03 12:00-13:00, extend 60, online NAME 40%.
    #[arg(long = "what-if", value_name = "CHANGE")]
    what_if: Vec<WhatIf>,
    /// Waits up to this many minutes are on target.
    #[arg(long, default_value_t = 15.0)]
    target_minutes: f64,
    /// Mean minutes after which people give up; 0 when nobody does.
    #[arg(long, default_value_t = 120.0)]
    patience: f64,
    /// Percent of called numbers whose holders are not there.
    #[arg(long, default_value_t = 2.0)]
    no_show: f64,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// The JSON output; its keys are a contract.
#[derive(Debug, serde::Serialize)]
struct Simulated<'r> {
    hall: &'r str,
    from: Date,
    days: usize,
    runs: u32,
    seed: u64,
    /// As the pack declares it.
    base: &'r Report,
    /// With all changes together.
    what_if: Option<&'r Report>,
    /// The effect of the changes, by common random numbers.
    difference: Option<&'r Changes>,
}

impl Simulate {
    pub fn run(self) -> Result<ExitCode> {
        let files = match &self.pack {
            Some(dir) => pack::read(dir)?,
            None => pack::built_in(),
        };
        let mut plan = Plan::read(&files, self.hall.as_deref())?;
        plan.patience = read_patience(self.patience)?;
        plan.no_show_share = read_percent(self.no_show)?;
        let from = match self.from {
            Some(day) => day,
            None => plan.first_day()?,
        };
        let mut dates = Vec::new();
        for offset in 0..self.days {
            dates.push(from.checked_add(i64::from(offset).days())?);
        }
        let days: Vec<HallDay> = dates.into_iter().filter_map(|date| plan.day(date)).collect();
        if days.is_empty() || self.runs == 0 {
            bail!("the hall is closed on all of these days");
        }
        // With a change: as the pack has it, with the change, and the two side by side.
        let plays = if self.what_if.is_empty() { 1 } else { 4 };
        let mut steps = Progress::new(say("模拟", "simulating"), plays * days.len() as u64);
        let mut played = 0;
        let mut day_over = |plays: u64| {
            played += plays;
            steps.at(played);
        };
        let base = play(&days, self.runs, self.target_minutes, self.seed, &mut day_over)?;
        let changed = if self.what_if.is_empty() {
            None
        } else {
            self.remark(&days);
            let mut changed = days.clone();
            for day in &mut changed {
                self.what_if.iter().try_for_each(|change| change.apply(day, &plan.edition))?;
            }
            let report = play(&changed, self.runs, self.target_minutes, self.seed, &mut day_over)?;
            let sides = (&*days, &*changed);
            let difference = differ(sides, self.runs, self.target_minutes, self.seed, &mut day_over)?;
            Some((report, difference))
        };
        steps.done();
        match self.format {
            Format::Json => print_json(&Simulated {
                hall: plan.hall.id.as_str(),
                from,
                days: days.len(),
                runs: self.runs,
                seed: self.seed,
                base: &base,
                what_if: changed.as_ref().map(|(report, _)| report),
                difference: changed.as_ref().map(|(_, difference)| difference),
            })?,
            Format::Text => self.print(&plan, from, days.len(), &base, changed.as_ref()),
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Notes windows that the pack does not have: a new desk, or a typing error.
    fn remark(&self, days: &[HallDay]) {
        for change in &self.what_if {
            let WhatIf::OpenWindow { window, .. } = change else { continue };
            if days.iter().all(|day| day.windows.iter().all(|known| known.name != *window)) {
                eprintln!(
                    "{}",
                    says(
                        format!("注意：事项包里没有窗口 {window}，按新增一个窗口计算（业务与同类窗口相同）"),
                        format!(
                            "note: the pack has no window {window}; it is counted as a new one that does what its like do"
                        ),
                    )
                );
            }
        }
    }

    fn print(
        &self,
        plan: &Plan,
        from: Date,
        days: usize,
        base: &Report,
        changed: Option<&(Report, Changes)>,
    ) {
        let words = Words(self.lang);
        let name = plan.hall.name.get(self.lang.into());
        let runs = self.runs;
        println!(
            "{}",
            match self.lang {
                Language::Zh =>
                    format!("{name}：自{from}起{days}个开放日，每日模拟{runs}遍，± 为95%置信区间"),
                Language::En => format!(
                    "{name}: {days} open days from {from}, each played {runs} times; ± is a 95 % interval"
                ),
            }
        );
        print_report(words, base);
        let Some((changed, difference)) = changed else { return };
        println!();
        println!("{}", words.pick("如果这样改：", "With the change:"));
        print_report(words, changed);
        println!();
        println!(
            "{}",
            words.pick(
                "改动带来的变化（同一批人、同样的办理时间）：",
                "What the change does, to the same people with the same services:"
            )
        );
        changes_table(words, difference);
    }
}

fn print_report(words: Words, report: &Report) {
    let all = std::iter::once((words.pick("全部", "all").to_owned(), &report.all));
    let lines = report.lines.iter().map(|line| (line.name.clone(), line));
    figures_table(words, words.pick("业务", "line"), all.chain(lines));
    println!();
    let lanes = report.lanes.iter().filter(|lane| lane.tickets.mean > 0.0);
    figures_table(words, words.pick("队列", "lane"), lanes.map(|lane| (lane.name.clone(), lane)));
    println!();
    let hours = report.hours.iter().map(|hour| (hour.figures.name.clone(), &hour.figures));
    figures_table(words, words.pick("取号时段", "hour"), hours);
    println!();
    for window in report.windows.iter().filter(|window| window.duty_minutes > 0.0) {
        println!(
            "{}  {} {:.0} min  {} {} %  {} {} min",
            window.name,
            words.pick("在岗", "on duty"),
            window.duty_minutes,
            words.pick("忙碌", "busy"),
            spread(window.busy_share, 100.0, 1),
            words.pick("延时", "overtime"),
            spread(window.overtime_minutes, 1.0, 1)
        );
    }
}

/// Simulates each of the days `runs` times; `day_over` is told after each day.
///
/// # Errors
/// When there is no day, or one is not sound.
pub fn play(
    days: &[HallDay],
    runs: u32,
    target_minutes: f64,
    seed: u64,
    day_over: &mut dyn FnMut(u64),
) -> Result<Report> {
    let mut halls = days.iter().map(|day| Hall::new(day.clone()));
    let Some(first) = halls.next() else { bail!("there is no day to play") };
    let first = first?;
    let mut simulation = Simulation::new(&first, target_minutes, seed);
    simulation.play(&first, runs);
    day_over(1);
    for hall in halls {
        simulation.play(&hall?, runs);
        day_over(1);
    }
    Ok(simulation.report())
}

/// Simulates each of the days `runs` times with and without the change, with common random numbers.
fn differ(
    (days, changed): (&[HallDay], &[HallDay]),
    runs: u32,
    target_minutes: f64,
    seed: u64,
    day_over: &mut dyn FnMut(u64),
) -> Result<Changes> {
    let lines = &days[0].lines;
    let names = lines.iter().map(|line| line.name.clone()).collect();
    let mut paired = Paired::new(names, (0..lines.len()).collect(), vec![target_minutes; lines.len()], seed);
    for (before, after) in days.iter().zip(changed) {
        paired.play(&Hall::new(before.clone())?, &Hall::new(after.clone())?, runs);
        day_over(2);
    }
    Ok(paired.changes())
}

/// # Errors
/// For a number that is negative or not finite.
pub fn read_patience(minutes: f64) -> Result<Patience> {
    match minutes {
        0.0 => Ok(Patience::Endless),
        minutes if minutes.is_finite() && minutes > 0.0 => {
            Ok(Patience::Exponential { mean_minutes: minutes })
        }
        _ => bail!("patience is a number of minutes"),
    }
}

/// # Errors
/// For a number outside 0 to 100.
pub fn read_percent(percent: f64) -> Result<f64> {
    if (0.0..=100.0).contains(&percent) { Ok(percent / 100.0) } else { bail!("{percent} is no percentage") }
}
