//! `yichuang export`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use ledger::{Sheet, Trace, Written};
use office::Records;

use crate::command::Language;
use crate::lang::{say, says};
use crate::progress::Progress;
use crate::setting::{self, Database};

/// Writes the log for process mining, or ledgers. No names, answers, texts or licence numbers are in it; people are
/// pseudonyms that stay the same.
#[derive(Debug, clap::Args)]
pub struct Export {
    #[arg(long = "as", value_enum)]
    kind: Kind,
    /// postgres://USER@HOST/DATABASE, which may be in use, or sqlite:PATH; of one that is served, export a backup.
    #[arg(long)]
    database: String,
    /// Where it goes; printed when left out. An earlier file is replaced once the new one is complete.
    #[arg(long)]
    out: Option<PathBuf>,
    /// What a trace of an XES log is.
    #[arg(long, value_enum, default_value_t)]
    trace: TraceOf,
    /// Which ledger a CSV file holds; a workbook has both.
    #[arg(long, value_enum, default_value_t)]
    table: Table,
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// IEEE 1849, one trace for each matter or case.
    Xes,
    /// OCEL 2.0 as JSON: cases, matters, steps, roles; days of halls, numbers, windows and appointments.
    Ocel,
    Csv,
    Xlsx,
}

impl Kind {
    /// How often the journal is walked for it.
    const fn passes(self) -> u64 {
        match self {
            Self::Xes | Self::Csv => 1,
            Self::Ocel => ledger::OCEL_PASSES,
            Self::Xlsx => ledger::XLSX_PASSES,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum TraceOf {
    Case,
    #[default]
    Matter,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Table {
    #[default]
    Cases,
    Events,
}

/// A database is never replaced by a table: whoever names one has mistaken the file.
fn need_no_database(out: &Path) -> Result<()> {
    let mut head = [0; 16];
    let read = File::open(out).and_then(|mut file| std::io::Read::read_exact(&mut file, &mut head));
    if read.is_ok() && head == *b"SQLite format 3\0" {
        bail!(
            "{}",
            says(
                format!("{} 是一个数据库，不会用导出的文件换掉它：请换一个文件名", out.display()),
                format!(
                    "{} is a database, which an export does not replace; name another file",
                    out.display()
                ),
            )
        );
    }
    Ok(())
}

impl Export {
    pub fn run(self) -> Result<ExitCode> {
        crate::command::serve::log_to_stderr();
        if self.kind == Kind::Xlsx && self.out.is_none() {
            bail!("a workbook is not printed: give --out FILE");
        }
        let url = Database::parse(&self.database)?;
        if let Some(out) = &self.out {
            url.need_apart(out, None)?;
            need_no_database(out)?;
        }
        crate::command::serve::runtime()?.block_on(async {
            let store = url.open().await?;
            // Nothing is signed, so the zone's secret is not needed: a copy can be exported without it.
            let office =
                setting::open_office(store, [0; 32], String::new(), office::SecondFactor::Off, None).await?;
            let mut records = office.records().await?;
            let all = records.until().0 * self.kind.passes();
            let mut steps = Progress::new(say("导出", "exporting"), all);
            records.tell(move |done| steps.at(done));
            let written = match &self.out {
                Some(path) => self.write_file(path, &mut records).await?,
                None => self.print(&mut records, &mut std::io::stdout()).await?,
            };
            drop(records);
            eprintln!(
                "{} cases, {} entries, {} events, {} activities",
                written.cases,
                written.entries,
                written.events,
                written.activities.len()
            );
            Ok(ExitCode::SUCCESS)
        })
    }

    /// Writes to a `.part` file and renames it, so that the named file is always complete.
    async fn write_file(&self, path: &Path, records: &mut Records) -> Result<Written> {
        let mut name = path.as_os_str().to_owned();
        name.push(".part");
        let part = PathBuf::from(name);
        let mut file = File::create(&part).with_context(|| format!("making {}", part.display()))?;
        let written = if self.kind == Kind::Xlsx {
            ledger::write_xlsx(records, &mut file, self.lang.into()).await.map_err(Into::into)
        } else {
            let mut out = BufWriter::with_capacity(1 << 16, &mut file);
            self.print(records, &mut out).await
        };
        let done = match written {
            Ok(written) => file.sync_all().and_then(|()| std::fs::rename(&part, path)).map(|()| written),
            Err(error) => {
                // The incomplete file is useless.
                let _ = std::fs::remove_file(&part);
                return Err(error);
            }
        };
        done.with_context(|| format!("writing {}", path.display()))
    }

    async fn print(&self, records: &mut Records, out: &mut (dyn Write + Send)) -> Result<Written> {
        let lang = self.lang.into();
        Ok(match self.kind {
            Kind::Xes => {
                let trace = match self.trace {
                    TraceOf::Case => Trace::Case,
                    TraceOf::Matter => Trace::Matter,
                };
                ledger::write_xes(records, out, trace, lang).await?
            }
            Kind::Ocel => ledger::write_ocel(records, out, lang).await?,
            Kind::Csv => {
                let sheet = match self.table {
                    Table::Cases => Sheet::Cases,
                    Table::Events => Sheet::Events,
                };
                ledger::write_csv(records, out, sheet, lang).await?
            }
            Kind::Xlsx => bail!("a workbook is not printed: give --out FILE"),
        })
    }
}
