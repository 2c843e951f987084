//! `yichuang rebuild`, `audit`, `backup` and `restore`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use office::Office;

use crate::command::findings;
use crate::forgotten;
use crate::lang::{say, says};
use crate::progress::Progress;
use crate::setting::{self, Database as Url};
use crate::zone_key::{self, Purpose};

#[derive(Debug, clap::Args)]
pub struct Database {
    /// sqlite:PATH, or postgres://USER@HOST/DATABASE
    #[arg(long)]
    pub database: String,
    /// The file with the zone's signing secret; beside the database with SQLite.
    #[arg(long)]
    pub key: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct Backup {
    #[command(flatten)]
    from: Database,
    /// Where the copy goes; an earlier copy there is replaced.
    to: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The copy.
    from: PathBuf,
    #[command(flatten)]
    to: Database,
    /// Replace a database that is there.
    #[arg(long)]
    replace: bool,
    /// The list of who was forgotten, as the server keeps it beside the database (*.forgotten); the one that lies beside the
    /// restored database is taken by itself.
    #[arg(long)]
    forgotten: Option<PathBuf>,
}

impl Database {
    pub async fn office(&self, url: &Url) -> Result<Office> {
        let store = url.open().await?;
        let secret = zone_key::secret(url, self.key.as_deref(), &*store, Purpose::Work).await?;
        setting::open_office(store, secret, String::new(), office::SecondFactor::Off, None).await
    }

    pub fn rebuild(self) -> Result<ExitCode> {
        let url = Url::parse(&self.database)?;
        crate::command::serve::runtime()?.block_on(async {
            let office = self.office(&url).await?;
            let mut steps = Progress::new(say("重算", "rebuilding"), office.store().head().await?.0);
            let report = office.rebuild(&mut |position| steps.at(position.0)).await?;
            steps.done();
            // From now on pages show the new rows.
            println!("{}", rebuilt(&report));
            for view in report.views.iter().filter(|view| view.before != view.after) {
                println!("  {}", view.table);
            }
            office.sweep_views().await?;
            Ok(ExitCode::SUCCESS)
        })
    }

    /// Erases what the pack's retention rules say, or only lists it.
    pub fn keep(self, only_list: bool) -> Result<ExitCode> {
        let url = Url::parse(&self.database)?;
        crate::command::serve::runtime()?.block_on(async {
            let office = self.office(&url).await?;
            if only_list {
                let all = office.over_by(office.today()).await?;
                if all.is_empty() {
                    println!("{}", say("没有到期的记录。", "Nothing is due."));
                }
                for due in all {
                    println!(
                        "{}\t{}\t{}\t{}",
                        due.number,
                        due.due_on,
                        due.rule,
                        if due.held { "held" } else { "due" }
                    );
                }
                return Ok(ExitCode::SUCCESS);
            }
            let kept = office.keep_no_longer().await?;
            let (erased, held, failed) = (kept.erased, kept.held, kept.failed);
            println!(
                "{}",
                says(
                    format!("已清除 {erased} 件，暂缓 {held} 件，失败 {failed} 件"),
                    format!("{erased} erased, {held} held, {failed} failed"),
                )
            );
            Ok(if kept.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        })
    }

    pub fn audit(self, anchor: Option<&str>) -> Result<ExitCode> {
        let anchor = anchor.map(read_anchor).transpose()?;
        let url = Url::parse(&self.database)?;
        crate::command::serve::runtime()?.block_on(async {
            let store = url.look().await?;
            let secret = zone_key::secret(&url, self.key.as_deref(), &*store, Purpose::Look).await?;
            let mut steps = Progress::new(say("审计", "auditing"), store.head().await?.0);
            let report = office::audit_store(
                &*store,
                &office::DerivedKeys::new(secret),
                jiff::Timestamp::now(),
                &mut |position| steps.at(position.0),
            )
            .await?;
            steps.done();
            println!("{}", counted(&report));
            for finding in &report.findings {
                println!("{}", findings::told(finding));
            }
            println!("{}", reach(&report, store.head().await?));
            if let Some((number, digest)) = &anchor {
                let kept = store.checkpoints().await?;
                let there = kept.iter().find(|checkpoint| checkpoint.number == *number);
                if there.is_none_or(|checkpoint| checkpoint.digest().to_string() != *digest) {
                    println!(
                        "{}",
                        says(
                            format!("没有校验点 {number}:{digest}：它以后的记录被截断，或者校验点被换过"),
                            format!("there is no checkpoint {number}:{digest}: what came up to it was cut off, or checkpoints were replaced"),
                        )
                    );
                    return Ok(ExitCode::FAILURE);
                }
            }
            Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        })
    }
}

/// `17:ab34…`, as an earlier audit printed it.
fn read_anchor(text: &str) -> Result<(u64, String)> {
    let (number, digest) = text.split_once(':').unwrap_or_default();
    match number.parse() {
        Ok(number) if digest.len() == 64 => Ok((number, digest.to_ascii_lowercase())),
        _ => bail!(
            "{}",
            says(
                format!("--anchor 应当是以前审计时打印的“编号:摘要”，不是 {text:?}"),
                format!("--anchor is NUMBER:DIGEST as an earlier audit printed it, not {text:?}"),
            )
        ),
    }
}

/// How far checkpoints prove that nothing was cut off, and what to keep elsewhere so that the next audit can prove it.
fn reach(report: &store::AuditReport, head: store::Position) -> String {
    let after = head.0.saturating_sub(report.covered_to.0);
    let chained = says(
        format!("校验点以后有 {after} 个位置，只由各条链自己保护"),
        format!("{after} positions after the newest checkpoint are protected by their own chains alone"),
    );
    match &report.anchor {
        Some((number, digest)) => says(
            format!("最新校验点 {number}:{digest}；记在别处，下次用 --anchor 核对有没有被截断。{chained}"),
            format!(
                "newest checkpoint {number}:{digest}; keep it elsewhere and give it to the next audit as --anchor, which finds what was cut off. {chained}"
            ),
        ),
        None => says(
            format!("没有校验点：结尾被截断的话看不出来。{chained}"),
            format!("no checkpoint: an end that was cut off would not be seen. {chained}"),
        ),
    }
}

/// The extent of an audit, in one line.
pub fn counted(report: &store::AuditReport) -> String {
    let (events, streams, checkpoints) = (report.events, report.streams, report.checkpoints);
    says(
        format!("{events} 个事件，{streams} 条链，{checkpoints} 个校验点"),
        format!("{events} events, {streams} streams, {checkpoints} checkpoints"),
    )
}

fn rebuilt(report: &store::RebuildReport) -> String {
    let (events, all) = (report.events, report.views.len());
    let changed = report.views.iter().filter(|view| view.before != view.after).count();
    if changed == 0 {
        return says(
            format!("{events} 个事件，{all} 张表重算，全部一致"),
            format!("{events} events, {all} tables computed anew, all as they were"),
        );
    }
    says(
        format!("{events} 个事件，{all} 张表重算，其中 {changed} 张与原来不同，已换成新的："),
        format!("{events} events, {all} tables computed anew; {changed} differed and were replaced:"),
    )
}

impl Backup {
    pub fn run(self) -> Result<ExitCode> {
        let url = Url::parse(&self.from.database)?;
        let path = url.path()?;
        if !path.exists() {
            bail!(
                "{}",
                says(
                    format!("{} 不存在：请检查 --database 后面的路径", path.display()),
                    format!("{} does not exist; check the path after --database", path.display()),
                )
            );
        }
        url.need_apart(&self.to, self.from.key.as_deref())?;
        let mut steps = Progress::bytes(say("备份", "copying"));
        let report = store_sqlite::copy_told(path, &self.to, &mut |done, all| steps.of(done, all))?;
        steps.done();
        println!("{}", told(&report));
        let key = url.key_file(self.from.key.as_deref())?;
        println!(
            "{}",
            says(
                format!(
                    "签名密钥不在备份里：请把 {} 另存到安全的地方。没有它，恢复后的区不能启动。",
                    key.display()
                ),
                format!(
                    "The signing key is not in the copy: keep {} in another safe place. Without it a restored zone does not start.",
                    key.display()
                ),
            )
        );
        Ok(ExitCode::SUCCESS)
    }
}

impl Restore {
    pub fn run(self) -> Result<ExitCode> {
        let url = Url::parse(&self.to.database)?;
        let path = url.path()?;
        if path.exists() && !self.replace {
            bail!(
                "{}",
                says(
                    format!("{} 已经存在；要用备份换掉它，请加 --replace", path.display()),
                    format!("{} exists already; give --replace to put the copy in its place", path.display()),
                )
            );
        }
        let beside = forgotten::list_of(path);
        let lists = self.forgotten.iter().chain(beside.exists().then_some(&beside));
        let mut list = Vec::new();
        for path in lists {
            list.extend(forgotten::read(path)?);
        }
        list.sort_by(|a, b| a.subject.cmp(&b.subject));
        list.dedup_by(|a, b| a.subject == b.subject);
        // On disk before the copy is in place: whatever stops this, the next start knows whom to forget.
        if !list.is_empty() {
            forgotten::keep(&beside, &list)?;
        }
        let mut steps = Progress::bytes(say("恢复", "restoring"));
        let progress = &mut |done, all| steps.of(done, all);
        let report = store_sqlite::restore_told(&self.from, path, self.replace, progress)?;
        steps.done();
        println!("{}", told(&report));
        let key = url.key_file(self.to.key.as_deref())?;
        if !list.is_empty() {
            println!("{}", crate::command::serve::runtime()?.block_on(forget(&url, &key, &list))?);
        }
        let told = crate::command::serve::runtime()?.block_on(about_key(&url, &key))?;
        println!("{told}");
        Ok(ExitCode::SUCCESS)
    }
}

/// Whoever was forgotten since the copy was made is forgotten in it too.
async fn forget(url: &Url, key: &std::path::Path, list: &[office::Erasure]) -> Result<String> {
    // Nothing is signed by it, so a key that is still missing is no hindrance.
    let secret = zone_key::read(key)?.unwrap_or_default();
    let store = url.open().await?;
    let office = setting::open_office(store, secret, String::new(), office::SecondFactor::Off, None).await?;
    let (people, open) = forgotten::apply(&office, list).await?;
    let mut told = says(
        format!("名单上的 {} 人中，{people} 人在这份备份之后才被清除，现已再次清除。", list.len()),
        format!(
            "{people} of {} people on the list were forgotten after this copy, and are forgotten again.",
            list.len()
        ),
    );
    if open > 0 {
        told.push_str(&says(
            format!("其中 {open} 件在备份时还没有办结：请到工作台结束它们。"),
            format!(" {open} of their cases were under way in the copy: end them at the desk."),
        ));
    }
    Ok(told)
}

/// Whether the restored copy can be served with the key file that exists.
async fn about_key(url: &Url, path: &std::path::Path) -> Result<String> {
    let key = path.display();
    let Some(secret) = zone_key::read(path)? else {
        return Ok(says(
            format!("还缺签名密钥：启动前请把原来的密钥文件放到 {key}（权限 600）。"),
            format!(
                "The signing key is still missing: before you serve, put the zone's key file at {key} (mode 600)."
            ),
        ));
    };
    let store = url.look().await?;
    Ok(match zone_key::fits(&secret, &*store).await? {
        Some(false) => says(
            format!("{key} 不是这份备份的签名密钥：启动前请换成备份当时的那一份。"),
            format!(
                "{key} is not the key of this copy: before you serve, put the key of that time in its place."
            ),
        ),
        Some(true) | None => says(format!("签名密钥：{key}。"), format!("The signing key: {key}.")),
    })
}

fn told(report: &store_sqlite::CopyReport) -> String {
    let (position, bytes) = (report.position.0, report.database_bytes);
    let (files, file_bytes) = (report.files, report.file_bytes);
    says(
        format!("{position} 个事件，{bytes} 字节；{files} 个文件，{file_bytes} 字节"),
        format!("{position} events in {bytes} bytes, {files} files in {file_bytes} bytes"),
    )
}
