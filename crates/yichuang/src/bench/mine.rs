//! `bench mine`: reads a log of many events and reports on it; also with pm4py if a Python that has it is
//! named.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};
use mining::{Bounds, Chosen, Hours, Report, read_xes};

#[derive(Debug, clap::Args)]
pub struct Mine {
    #[arg(long, default_value_t = 1_000_000)]
    events: u64,
    /// A python with pm4py, to be measured on the same file.
    #[arg(long)]
    python: Option<String>,
}

/// Reads the log, then computes what our report holds: pairs, variants, durations.
const ORACLE: &str = "
import sys, time, pm4py
began = time.time()
log = pm4py.read_xes(sys.argv[1])
read = time.time()
pm4py.discover_dfg(log)
pm4py.discover_performance_dfg(log)
pm4py.get_variants(log)
pm4py.get_all_case_durations(log)
print('MEASURED', len(log), read - began, time.time() - read)
";

impl Mine {
    #[allow(clippy::cast_precision_loss)]
    pub fn run(self) -> Result<()> {
        let path = std::env::temp_dir().join(format!("yichuang-bench-{}.xes", std::process::id()));
        let events = write(&path, self.events)?;
        super::line("mine_events", events as f64, "events");
        super::line("mine_file", std::fs::metadata(&path)?.len() as f64 / 1e6, "MB");
        let began = Instant::now();
        let log = read_xes(
            BufReader::with_capacity(1 << 18, File::open(&path)?),
            Bounds::DESK,
            mining::Offset::UTC,
        )?;
        let reading = began.elapsed().as_secs_f64();
        let began = Instant::now();
        let report = Report::of(&log, &Chosen::default(), &Hours::Clock);
        let telling = began.elapsed().as_secs_f64();
        anyhow::ensure!(report.events == events, "{} of {events} events were read", report.events);
        super::line("mine_read", reading, "s");
        super::line("mine_report", telling, "s");
        super::line("mine_events_per_second", events as f64 / (reading + telling), "events/s");
        if let Some(python) = &self.python {
            let (read, told) = oracle(python, &path)?;
            super::line("mine_pm4py_read", read, "s");
            super::line("mine_pm4py_report", told, "s");
            super::line("mine_faster_than_pm4py", (read + told) / (reading + telling), "times");
        }
        std::fs::remove_file(&path)?;
        Ok(())
    }
}

fn oracle(python: &str, path: &Path) -> Result<(f64, f64)> {
    let ran = Command::new(python).args(["-c", ORACLE]).arg(path).output().context("running python")?;
    let text = String::from_utf8_lossy(&ran.stdout);
    let line = text.lines().find(|line| line.starts_with("MEASURED"));
    let line = line.with_context(|| format!("pm4py: {}", String::from_utf8_lossy(&ran.stderr)))?;
    let numbers: Vec<f64> = line.split(' ').skip(1).filter_map(|word| word.parse().ok()).collect();
    match numbers[..] {
        [_, read, told] => Ok((read, told)),
        _ => anyhow::bail!("pm4py said {line:?}"),
    }
}

/// Writes cases of eight steps, some skipped and some repeated, with the attributes of a permit log.
fn write(path: &Path, wanted: u64) -> Result<u64> {
    const STEPS: [&str; 8] = ["收件", "受理", "审查", "现场核查", "专家评审", "决定", "制证", "送达"];
    let mut seed = 7_u64;
    let mut dice = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log xes.version=\"1849.2016\">\n<string key=\"concept:name\" value=\"bench\"/>\n")?;
    let (mut events, mut case) = (0, 0_u64);
    while events < wanted {
        case += 1;
        writeln!(out, "<trace>\n<string key=\"concept:name\" value=\"{case}\"/>")?;
        let mut at = 1_700_000_000 + i64::try_from(dice(30_000_000))?;
        for (place, step) in STEPS.into_iter().enumerate() {
            let times = match dice(10) {
                0 if place > 0 => 0,
                1 => 2,
                _ => 1,
            };
            for _ in 0..times {
                at += i64::try_from(dice(90_000))?;
                let instant = jiff::Timestamp::from_second(at)?;
                writeln!(
                    out,
                    "<event>\n<string key=\"concept:name\" value=\"{step}\"/>\n<date key=\"time:timestamp\" value=\"{instant}\"/>\n\
                     <string key=\"lifecycle:transition\" value=\"complete\"/>\n<string key=\"org:resource\" value=\"officer-{}\"/>\n\
                     <string key=\"org:group\" value=\"部门{}\"/>\n</event>",
                    dice(200),
                    place % 5,
                )?;
                events += 1;
            }
        }
        out.write_all(b"</trace>\n")?;
    }
    out.write_all(b"</log>\n")?;
    out.flush()?;
    Ok(events)
}
