//! `yichuang verify FILE`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use credential::{StatusList, TrustStore, Verified, Withdrawal};
use jiff::Timestamp;
use serde::Serialize;

use crate::command::{Format, print_json};
use crate::lang::{say, says};

/// Verifies a licence, notice or receipt without a network. Ends with 0 when it is in force, with 1 when it is not valid or was
/// withdrawn, and with 3 when its signature is good and nobody looked whether it was withdrawn.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The signed document.
    file: PathBuf,
    /// The zone's public keys: /v/keys at its address gives the file, and so does `yichuang keys list`.
    #[arg(long)]
    keys: PathBuf,
    /// The zone's list of withdrawn documents: /v/status at its address gives the file, which may be relied on for a day.
    #[arg(long)]
    status: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The result of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// The signature is valid, and the document is not on the list of withdrawn ones.
    InForce,
    /// The signature is valid; whether the document was withdrawn was not checked.
    SignatureGood,
    Withdrawn,
    NotValid,
}

/// The JSON output; its keys are a contract.
#[derive(Debug, Serialize)]
struct Told<'v> {
    outcome: Outcome,
    /// Whether it may be relied on; `null` while a withdrawal was not checked.
    valid: Option<bool>,
    reason: credential::Reason,
    issued_by: &'v Option<String>,
    issued_at: Option<Timestamp>,
    subject: &'v Option<String>,
    /// Where the issuer publishes withdrawals.
    status_url: Option<&'v str>,
    withdrawn: Option<&'v Withdrawal>,
}

impl Verify {
    pub fn run(self) -> Result<ExitCode> {
        let now = Timestamp::now();
        let trust = TrustStore::from_json(&read(&self.keys)?).map_err(|fault| {
            anyhow!(
                "{}",
                says(
                    format!("{} 不是公钥名录（/v/keys 下载的文件）：{fault}", self.keys.display()),
                    format!("{} is no key ring (the file that /v/keys gives): {fault}", self.keys.display()),
                )
            )
        })?;
        // A given list that cannot be relied on is an error, not a missing list.
        let status = self.status.as_deref().map(|path| list(path, &trust, now)).transpose()?;
        let bytes = read(&self.file)?;
        let verified = credential::verify(&bytes, &trust, now);
        let withdrawn = status.as_ref().and_then(|status| status.of(&bytes));
        let covered = status
            .as_ref()
            .is_some_and(|status| verified.issued_at.is_some_and(|issued| issued <= status.issued_at));
        let outcome = match (verified.valid, withdrawn) {
            (_, Some(_)) if verified.document.is_some() => Outcome::Withdrawn,
            (false, _) => Outcome::NotValid,
            (true, _) if covered => Outcome::InForce,
            (true, _) => Outcome::SignatureGood,
        };
        self.print(outcome, &verified, withdrawn)?;
        Ok(match outcome {
            Outcome::InForce => ExitCode::SUCCESS,
            Outcome::SignatureGood => ExitCode::from(3),
            Outcome::Withdrawn | Outcome::NotValid => ExitCode::FAILURE,
        })
    }

    fn print(&self, outcome: Outcome, verified: &Verified, withdrawn: Option<&Withdrawal>) -> Result<()> {
        let document = verified.document.as_deref();
        let status_url = document.and_then(|document| document.status_url.as_deref());
        if self.format == Format::Json {
            return print_json(&Told {
                outcome,
                valid: match outcome {
                    Outcome::InForce => Some(true),
                    Outcome::SignatureGood => None,
                    Outcome::Withdrawn | Outcome::NotValid => Some(false),
                },
                reason: verified.reason,
                issued_by: &verified.issued_by,
                issued_at: verified.issued_at,
                subject: &verified.subject,
                status_url,
                withdrawn,
            });
        }
        println!("{}", say(verified.reason.zh(), verified.reason.en()));
        match outcome {
            Outcome::InForce => println!("{}", say(
                "在这份名单签署时，它没有被撤回、撤销、吊销、注销、变更或换发。",
                "It was not withdrawn, changed or replaced up to when the status list was signed.",
            )),
            Outcome::SignatureGood => println!("{}", match status_url {
                Some(url) => says(
                    format!("签发之后是否被撤回、注销，文件里看不出：请加 --status 名单，或打开 {url} 查询。"),
                    format!("Whether it was withdrawn since is not in the file: give --status LIST, or ask {url}"),
                ),
                None => say(
                    "签发之后是否被撤回、注销，文件里看不出：请加 --status 名单，或向签发机关查询。",
                    "Whether it was withdrawn since is not in the file: give --status LIST, or ask the issuer.",
                )
                .to_owned(),
            }),
            Outcome::Withdrawn => {
                let (at, change) = withdrawn.map_or(("".into(), ""), |one| (one.at.to_string(), &*one.change));
                let in_words = change_zh(change);
                println!("{}", says(
                    format!("但它已于 {at} {in_words}，不再有效或内容已变。"),
                    format!("But it was {} on {at} and is no longer in force as it stands.", change.replace('-', " ")),
                ));
            }
            Outcome::NotValid => {}
        }
        Ok(())
    }
}

fn change_zh(code: &str) -> &str {
    match code {
        "taken-back" => "撤回",
        "altered" => "变更",
        "annulled" => "撤销",
        "revoked" => "吊销",
        "cancelled" => "注销",
        "replaced" => "由新证照代替",
        other => other,
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path)
        .with_context(|| says(format!("读取 {}", path.display()), format!("reading {}", path.display())))
}

fn list(path: &Path, trust: &TrustStore, now: Timestamp) -> Result<StatusList> {
    StatusList::read(&read(path)?, trust, now).map_err(|fault| {
        anyhow!(
            "{}",
            says(
                format!("{}：{}没有核验这份证照。", path.display(), fault.zh()),
                format!("{}: {fault}. Nothing was verified.", path.display()),
            )
        )
    })
}
