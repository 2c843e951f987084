//! `yichuang staff`: the cheapest roster that keeps a target, proved by simulation.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use catalogue::OpeningKind;
use hall::model::{HallDay, Span};
use hall::queueing::Target;
use hall::simulate::Report;
use hall::staff::{BreakRule, Pool, Proposal, Rate, Shift, ShiftRules, Unreachable, propose};
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::command::simulate::{play, read_patience, read_percent};
use crate::command::{Format, Language, print_json};
use crate::halls::{DayKind, Plan, Words, clock, spread};
use crate::pack;

/// Simulated days on which the pack's own roster is compared with the proposal.
const COMPARED_DAYS: u32 = 1_000;

#[derive(Debug, clap::Args)]
pub struct Staff {
    #[arg(long)]
    hall: Option<String>,
    /// Kept over all people.
    #[arg(long, default_value = "90 % under 15 min")]
    target: Target,
    /// Percent of the people of every line within the target's minutes.
    #[arg(long, default_value_t = 80.0)]
    line_share: f64,
    /// For a working day, or for a day at the weekend.
    #[arg(long, value_enum, default_value_t = DayKind::Workday)]
    day: DayKind,
    /// The shortest and the longest shift in hours.
    #[arg(long, default_value = "3-9")]
    shift_hours: String,
    /// People come for whole days: shifts of 7 to 9 hours, as most contracts have it.
    #[arg(long, conflicts_with = "shift_hours")]
    whole_days: bool,
    /// Shifts of more hours than this have a break.
    #[arg(long, default_value_t = 6.0)]
    break_after_hours: f64,
    #[arg(long, default_value_t = 60)]
    break_minutes: u32,
    /// When breaks may lie.
    #[arg(long, default_value = "11:00-14:00")]
    break_within: String,
    /// What an hour costs, by the kind of opening.
    #[arg(long, default_value = "regular=1,noon=1.5,evening=1.5,weekend=2")]
    rates: String,
    /// Desks that could be opened besides the pack's windows, for each group of windows with the same skills.
    #[arg(long, default_value_t = 0)]
    spare_desks: u32,
    #[arg(long, default_value_t = 120.0)]
    patience: f64,
    #[arg(long, default_value_t = 2.0)]
    no_show: f64,
    #[arg(long)]
    pack: Option<PathBuf>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// The JSON output; its keys are a contract.
#[derive(Debug, serde::Serialize)]
struct Staffed<'r> {
    hall: &'r str,
    target: String,
    shifts: Vec<ShiftLine>,
    cost: f64,
    desk_hours: f64,
    within_target_share: hall::simulate::Spread,
    worst_line: Option<(&'r str, f64)>,
    by_formula: Formula,
    present: Compared,
    proof: &'r Report,
}

#[derive(Debug, serde::Serialize)]
struct Formula {
    cost: f64,
    within_target_share: f64,
    raises: u32,
}

/// The pack's own roster on the same day.
#[derive(Debug, serde::Serialize)]
struct Compared {
    cost: f64,
    desk_hours: f64,
    within_target_share: hall::simulate::Spread,
}

#[derive(Debug, serde::Serialize)]
struct ShiftLine {
    windows: String,
    from: String,
    to: String,
    pause: Option<String>,
}

impl Staff {
    pub fn run(self) -> Result<ExitCode> {
        let files = match &self.pack {
            Some(dir) => pack::read(dir)?,
            None => pack::built_in(),
        };
        let mut plan = Plan::read(&files, self.hall.as_deref())?;
        plan.patience = read_patience(self.patience)?;
        plan.no_show_share = read_percent(self.no_show)?;
        const DAYS_OF_A_YEAR: usize = 366;
        let days = plan.first_day()?.series(1.day()).take(DAYS_OF_A_YEAR);
        let mut alike = days.filter(|date| DayKind::of(&plan.edition, *date) == self.day);
        let Some((date, day)) = alike.find_map(|date| Some((date, plan.day(date)?))) else {
            bail!("the hall is closed on such a day")
        };
        let pools = pools(&day, self.spare_desks);
        let rates = rates(&plan, date, &self.rates)?;
        let rules = self.rules(&plan, date)?;
        let words = Words(self.lang);
        let line_share = read_percent(self.line_share)?;
        let proposal = match propose(&day, self.target, line_share, &pools, &rules, &rates, self.seed) {
            Ok(proposal) => proposal,
            Err(Unreachable::Desks { best_share, worst_line_share }) => {
                let (share, line) = (best_share * 100.0, worst_line_share * 100.0);
                match self.lang {
                    Language::Zh => eprintln!(
                        "窗口不够：最好的排班让 {share:.1}% 的人达标，最差的业务 {line:.1}%；可加 --spare-desks，或让部分业务网上办"
                    ),
                    Language::En => eprintln!(
                        "there are not enough desks: the best roster keeps {share:.1} % in target, {line:.1} % in the \
                         worst line; try --spare-desks, or move business online"
                    ),
                }
                return Ok(ExitCode::FAILURE);
            }
            Err(error) => return Err(error.into()),
        };
        let present = compare(&day, &rates, self.target, self.seed)?;
        match self.format {
            Format::Json => print_json(&self.json(&plan, &pools, &proposal, present))?,
            Format::Text => print(words, &pools, &proposal, &present, self.target),
        }
        Ok(ExitCode::SUCCESS)
    }

    fn rules(&self, plan: &Plan, date: Date) -> Result<ShiftRules> {
        let shift_hours = if self.whole_days { "7-9" } else { &*self.shift_hours };
        let hours = shift_hours.split_once('-').and_then(|(shortest, longest)| {
            let (shortest, longest): (f64, f64) = (shortest.parse().ok()?, longest.parse().ok()?);
            (0.5 <= shortest && shortest <= longest && longest <= 24.0).then_some((shortest, longest))
        });
        let (shortest, longest) = hours.context("--shift-hours: write 3-9")?;
        let within = self
            .break_within
            .split_once('-')
            .and_then(|(from, to)| Some(Span::new(crate::halls::minute(from)?, crate::halls::minute(to)?)));
        let openings = plan.openings(date);
        let edge = |time: jiff::civil::Time| f64::from(time.hour()) * 60.0 + f64::from(time.minute());
        let from = openings.iter().map(|opening| edge(opening.from)).fold(f64::INFINITY, f64::min);
        let to = openings.iter().map(|opening| edge(opening.to)).fold(0.0, f64::max);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hours of a day")]
        let minutes = |hours: f64| (hours * 60.0) as u32;
        Ok(ShiftRules {
            shortest_minutes: minutes(shortest),
            longest_minutes: minutes(longest),
            step_minutes: 30,
            pause: Some(BreakRule {
                after_minutes: minutes(self.break_after_hours),
                minutes: self.break_minutes,
                within: within.context("--break-within: write 11:00-14:00")?,
            }),
            within: Span::new(from, to),
        })
    }

    fn json<'r>(
        &self,
        plan: &'r Plan,
        pools: &[Pool],
        proposal: &'r Proposal,
        present: Compared,
    ) -> Staffed<'r> {
        let worst = worst_line(&proposal.proof);
        Staffed {
            hall: plan.hall.id.as_str(),
            target: self.target.to_string(),
            shifts: proposal.shifts.iter().map(|shift| line_of(pools, shift)).collect(),
            cost: proposal.cost,
            desk_hours: proposal.desk_minutes / 60.0,
            within_target_share: proposal.proof.all.within_target_share,
            worst_line: worst,
            by_formula: Formula {
                cost: proposal.by_formula_cost,
                within_target_share: proposal.by_formula_share,
                raises: proposal.raises,
            },
            present,
            proof: &proposal.proof,
        }
    }
}

fn worst_line(report: &Report) -> Option<(&str, f64)> {
    let lines = report.lines.iter().filter(|line| line.tickets.mean > 0.0);
    lines.map(|line| (line.name.as_str(), line.within_target_share.mean)).min_by(|a, b| a.1.total_cmp(&b.1))
}

fn line_of(pools: &[Pool], shift: &Shift) -> ShiftLine {
    ShiftLine {
        windows: pools[shift.pool].name.clone(),
        from: clock(shift.span.from),
        to: clock(shift.span.to),
        pause: shift.pause.map(|pause| format!("{}-{}", clock(pause.from), clock(pause.to))),
    }
}

fn print(words: Words, pools: &[Pool], proposal: &Proposal, present: &Compared, target: Target) {
    for shift in &proposal.shifts {
        let line = line_of(pools, shift);
        let pause = line.pause.map(|pause| format!("  {} {pause}", words.pick("休息", "break")));
        println!("{}  {}-{}{}", line.windows, line.from, line.to, pause.unwrap_or_default());
    }
    println!();
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    println!(
        "{} {:.0} % ≤ {:.0} min  {} {} %",
        words.pick("目标", "target"),
        target.share * 100.0,
        target.minutes,
        words.pick("仿真证明", "proved by simulation"),
        spread(proposal.proof.all.within_target_share, 100.0, 1)
    );
    if let Some((line, share)) = worst_line(&proposal.proof) {
        println!("{} {line} {}", words.pick("最差的业务", "worst line"), percent(share));
    }
    println!(
        "{} {:.1}  {} {:.1} h  {} {}",
        words.pick("建议：成本", "proposed: cost"),
        proposal.cost,
        words.pick("在岗", "at desks"),
        proposal.desk_minutes / 60.0,
        words.pick("班次", "shifts"),
        proposal.shifts.len()
    );
    println!(
        "{} {:.1}  {} {:.1} h  {} {} %",
        words.pick("现行：成本", "at present: cost"),
        present.cost,
        words.pick("在岗", "at desks"),
        present.desk_hours,
        words.pick("达标", "in target"),
        spread(present.within_target_share, 100.0, 1)
    );
    println!(
        "{} {:.1}  {} {}  {} {}",
        words.pick("只按公式：成本", "by formula alone: cost"),
        proposal.by_formula_cost,
        words.pick("达标", "in target"),
        percent(proposal.by_formula_share),
        words.pick("仿真加码次数", "raised by simulation"),
        proposal.raises
    );
}

fn compare(day: &HallDay, rates: &[Rate], target: Target, seed: u64) -> Result<Compared> {
    let report = play(std::slice::from_ref(day), COMPARED_DAYS, target.minutes, seed, &mut |_| {})?;
    let spans = day.windows.iter().flat_map(hall::model::Window::duty);
    let shifts: Vec<Shift> = spans.map(|span| Shift { pool: 0, span, pause: None }).collect();
    Ok(Compared {
        cost: shifts.iter().map(|shift| shift.cost(rates)).sum(),
        desk_hours: shifts.iter().map(Shift::desk_minutes).sum::<f64>() / 60.0,
        within_target_share: report.all.within_target_share,
    })
}

/// Groups of windows with the same skills, named after all of them: which one an officer gets does not
/// matter.
fn pools(day: &HallDay, spare_desks: u32) -> Vec<Pool> {
    let mut groups: Vec<(Vec<usize>, Vec<&str>)> = Vec::new();
    for window in &day.windows {
        match groups.iter_mut().find(|(serves, _)| *serves == window.serves) {
            Some((_, names)) => names.push(&window.name),
            None => groups.push((window.serves.clone(), vec![&window.name])),
        }
    }
    groups
        .into_iter()
        .map(|(serves, names)| Pool {
            name: names.join("/"),
            serves,
            desks: u32::try_from(names.len()).unwrap_or(u32::MAX).saturating_add(spare_desks),
        })
        .collect()
}

fn rates(plan: &Plan, date: Date, text: &str) -> Result<Vec<Rate>> {
    let mut by_kind = Vec::new();
    for part in text.split(',') {
        let pair = part.split_once('=').and_then(|(kind, rate)| {
            let kind = match kind.trim() {
                "regular" => OpeningKind::Regular,
                "noon" => OpeningKind::Noon,
                "evening" => OpeningKind::Evening,
                "weekend" => OpeningKind::Weekend,
                _ => return None,
            };
            Some((kind, rate.trim().parse::<f64>().ok().filter(|rate| *rate > 0.0 && rate.is_finite())?))
        });
        by_kind.push(
            pair.with_context(|| {
                format!("--rates: {part:?}; write regular=1,noon=1.5,evening=1.5,weekend=2")
            })?,
        );
    }
    let edge = |time: jiff::civil::Time| f64::from(time.hour()) * 60.0 + f64::from(time.minute());
    let rate =
        |kind: OpeningKind| by_kind.iter().find(|(other, _)| *other == kind).map_or(1.0, |(_, rate)| *rate);
    let openings = plan.openings(date);
    Ok(openings
        .into_iter()
        .map(|opening| Rate {
            within: Span::new(edge(opening.from), edge(opening.to)),
            per_hour: rate(opening.kind),
        })
        .collect())
}
