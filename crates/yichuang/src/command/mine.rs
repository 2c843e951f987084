//! `yichuang mine`.

use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use catalogue::ItemId;
use diagnostic::Lang;
use mining::{Bounds, Chosen, Hours, Log, Report, Times, read_xes};

use crate::command::{Format, Language, print_json};
use crate::lang::{say, says};
use crate::pack;
use crate::progress::Reading;

/// Tells where time goes in an XES log of any system: by step, by department, waiting and working; the ways that cases
/// take; what follows what; and whether steps come as an item declares them.
#[derive(Debug, clap::Args)]
pub struct Mine {
    /// The log: .xes, or packed with gzip.
    log: PathBuf,
    /// The pack whose calendar and declarations are used; the shipped one when left out.
    #[arg(long)]
    pack: Option<PathBuf>,
    /// Hold every case against this item; otherwise each against the item that the log names, if it does.
    #[arg(long)]
    item: Option<String>,
    /// Count only working hours of the pack's calendar, not all hours of the day.
    #[arg(long)]
    working_hours: bool,
    /// The zone of times that name none, such as +08:00; that of the pack when left out.
    #[arg(long, allow_hyphen_values = true)]
    utc_offset: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// Rows printed of each table; JSON has all that a report holds.
const ROWS: usize = 15;

impl Mine {
    pub fn run(self) -> Result<ExitCode> {
        let edition = pack::edition(self.pack.as_deref())?;
        let item = self.item.as_deref().map(ItemId::from);
        if let Some(item) = &item
            && edition.item(item).is_none()
        {
            bail!("the pack has no item {item}");
        }
        let offset = match &self.utc_offset {
            None => edition.offset(),
            Some(text) => jiff::fmt::strtime::parse("%:z", text)
                .ok()
                .and_then(|read| read.offset())
                .with_context(|| format!("{text} is no offset such as +08:00"))?,
        };
        let path = self.log.display();
        let mut file =
            File::open(&self.log).with_context(|| says(format!("打开 {path}"), format!("opening {path}")))?;
        if !may_be_log(&mut file)? {
            bail!(
                "{}",
                says(
                    format!("{path} 不是 XES 日志：它既不是 XML，也不是 gzip 压缩的 XML"),
                    format!("{path} is no XES log: it is neither XML nor XML packed with gzip"),
                )
            );
        }
        let bytes = file.metadata().map_or(0, |known| known.len());
        let told = Reading::new(file, say("读取日志", "reading the log"), bytes);
        let mut log = read_xes(BufReader::with_capacity(1 << 18, told), Bounds::DESK, offset)
            .with_context(|| format!("reading {}", self.log.display()))?;
        office::declare(&edition, &mut log, item.as_ref());
        let hours = match self.working_hours {
            true => office::working_hours(&edition, &log),
            false => Hours::Clock,
        };
        let report = Report::of(&log, &Chosen::default(), &hours);
        match self.format {
            Format::Json => print_json(&report)?,
            Format::Text => print(&mut std::io::stdout().lock(), &log, &report, self.lang.into())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Whether the first bytes are gzip or XML; rewinds the file.
fn may_be_log(file: &mut File) -> Result<bool> {
    let mut head = [0; 256];
    let read = file.read(&mut head)?;
    file.rewind()?;
    let head = &head[..read];
    let is_packed = head.starts_with(&[0x1f, 0x8b]);
    // Byte order marks may precede it, and UTF-16 has zeros between the bytes.
    let first = head.iter().find(|byte| byte.is_ascii_graphic());
    Ok(is_packed || first == Some(&b'<'))
}

#[allow(clippy::cast_precision_loss)]
fn hours(seconds: i64) -> String {
    format!("{:.1}", seconds as f64 / 3600.0)
}

fn print(out: &mut impl Write, log: &Log, report: &Report, lang: Lang) -> Result<()> {
    let say = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    writeln!(
        out,
        "{}  {} {}  {} {}  {} {}  {} {}",
        log.name,
        report.cases,
        say("件", "cases"),
        report.events,
        say("个事件", "events"),
        report.activities,
        say("种活动", "activities"),
        report.ways_in_all,
        say("条路径", "ways"),
    )?;
    writeln!(
        out,
        "{}  {} {}  {} {}",
        say("全程（小时）", "in all (hours)"),
        say("中位", "median"),
        hours(report.duration.median_seconds),
        say("九成以内", "nine in ten within"),
        hours(report.duration.p90_seconds),
    )?;
    if report.undated > 0 {
        writeln!(
            out,
            "{} {}",
            say("没有时间、未计入的事件", "events without an instant, left out"),
            report.undated
        )?;
    }
    if log.zoneless > 0 {
        let offset = jiff::tz::Offset::from_seconds(log.read_at_offset).unwrap_or(jiff::tz::Offset::UTC);
        writeln!(
            out,
            "{} {}  {} {offset}",
            say("没有写时区的时间", "times that name no zone"),
            log.zoneless,
            say("按此时区读取", "read at")
        )?;
    }
    times(out, say("各环节用时（小时）", "time by step (hours)"), &report.steps, lang)?;
    times(out, say("各部门用时（小时）", "time by department (hours)"), &report.groups, lang)?;
    writeln!(out, "\n{}", say("路径", "ways"))?;
    for way in report.ways.iter().take(ROWS) {
        writeln!(out, "{:>8}  {}", way.cases, way.activities.join(" → "))?;
    }
    writeln!(out, "\n{}", say("什么之后接着什么", "what follows what"))?;
    for each in report.follows.iter().take(ROWS) {
        writeln!(out, "{:>8}  {} → {}  {}", each.times, each.from, each.to, hours(each.gap.median_seconds))?;
    }
    let fit = &report.fit;
    writeln!(out, "\n{}", say("是否按声明的环节走", "whether steps came as declared"))?;
    match fit.fitness {
        None => writeln!(
            out,
            "  {}",
            say(
                "没有可判断的件；--item 指定对照的事项",
                "no case was judged; --item names what to hold them against"
            )
        )?,
        Some(fitness) => writeln!(out, "  {}/{}  {fitness:.3}", fit.fitting, fit.judged)?,
    }
    for each in fit.strayed.iter().take(ROWS) {
        let (left, place) = (say("漏做", "left out"), say("多做或提前做", "too early or too often"));
        writeln!(out, "  {}  {left} {}  {place} {}", each.step, each.left_out, each.out_of_place)?;
    }
    Ok(())
}

fn times(out: &mut impl Write, title: &str, all: &[Times], lang: Lang) -> Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    let names = match lang {
        Lang::Zh => ["件", "等待", "办理", "未区分", "中位"],
        Lang::En => ["cases", "waiting", "working", "undivided", "median"],
    };
    writeln!(out, "\n{title}\n{}", names.map(|name| format!("{name:>12}")).concat())?;
    for each in all.iter().take(ROWS) {
        let sums = [&each.waiting, &each.working, &each.undivided].map(|spread| hours(spread.sum_seconds));
        let median = hours(each.whole.median_seconds);
        writeln!(
            out,
            "{:>12}{}{median:>12}  {}",
            each.cases,
            sums.map(|sum| format!("{sum:>12}")).concat(),
            each.name
        )?;
    }
    Ok(())
}
