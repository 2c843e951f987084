//! `yichuang demo`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use std::collections::BTreeMap;

use catalogue::RoleId;
use office::{NewAccount, NotPossible, Office, OfficeError, Standing};
use pinyin::ToPinyin as _;
use web::{DemoAccount, Settings};

use crate::command::serve::{listen, log_to_stderr, runtime, serve};
use crate::pack;
use crate::setting::{self, Database};

/// Everybody's password in the demonstration; printed, and useless elsewhere.
const PASSWORD: &str = "yichuang-demo";

#[derive(Debug, clap::Args)]
pub struct Demo {
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the demonstration's data is kept; a new temporary folder when left out.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Another pack than the built-in zone.
    #[arg(long)]
    pack: Option<PathBuf>,
    /// Serve an empty zone.
    #[arg(long)]
    no_history: bool,
    /// The history's seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Demo {
    pub fn run(self) -> Result<ExitCode> {
        log_to_stderr();
        let files = match &self.pack {
            Some(dir) => pack::read(dir)?,
            None => pack::built_in(),
        };
        let compiled = checker::compile(&files);
        let Some(edition) = compiled.edition else {
            bail!("the pack has errors; see `yichuang check`");
        };
        let folder = self.data.clone().unwrap_or_else(|| std::env::temp_dir().join(format!("yichuang-demo-{}", std::process::id())));
        std::fs::create_dir_all(&folder)?;
        let database = Database::Sqlite(folder.join("zone.db"));
        runtime()?.block_on(async {
            let store = database.open()?;
            let url = format!("http://{}", self.listen);
            let office = setting::open_office(store, setting::secret_beside(&database)?, url, Some(edition)).await?;
            let accounts = seat(&office).await?;
            let listener = listen(self.listen).await?;
            println!("\n  http://{}\n", listener.local_addr()?);
            println!("  password of every account: {PASSWORD}");
            for account in &accounts {
                println!("  {:<12} {}", account.login, account.role);
            }
            println!("\n  data in {}", folder.display());
            serve(office, Settings { demo_accounts: accounts, ..Settings::default() }, listener).await?;
            Ok(ExitCode::SUCCESS)
        })
    }
}

/// Opens an account for everybody whom the pack names as holding a role, an administrator and two applicants.
async fn seat(office: &Office) -> Result<Vec<DemoAccount>> {
    let edition = office.edition();
    let mut people: BTreeMap<String, Vec<RoleId>> = BTreeMap::new();
    for role in edition.parts().roles.values() {
        for holder in &role.holders {
            people.entry(holder.clone()).or_default().push(role.id.clone());
        }
    }
    let mut seats: Vec<(String, String, Standing, Vec<RoleId>, String)> = vec![
        ("zhangsan".into(), "张三".into(), Standing::Applicant, Vec::new(), "办事群众 applicant".into()),
        ("lisi".into(), "李四".into(), Standing::Applicant, Vec::new(), "企业经办人 applicant".into()),
        ("admin".into(), "系统管理员".into(), Standing::Administrator, Vec::new(), "管理员 administrator".into()),
    ];
    for (name, roles) in people {
        let titles: Vec<&str> =
            roles.iter().filter_map(|role| edition.role(role)).map(|role| role.name.zh.as_str()).collect();
        seats.push((latin(&name), name.clone(), Standing::Officer, roles, format!("{name} {}", titles.join("、"))));
    }
    let mut accounts = Vec::with_capacity(seats.len());
    for (login, name, standing, roles, role) in seats {
        let password = PASSWORD.to_owned();
        let phone = if standing == Standing::Applicant { "13800001234".into() } else { String::new() };
        let new = NewAccount { login: login.clone(), password: password.clone(), name, phone, standing, roles };
        match office.open_account(new, "system").await {
            Ok(_) | Err(OfficeError::NotPossible(NotPossible::LoginTaken)) => {}
            Err(error) => return Err(error.into()),
        }
        accounts.push(DemoAccount { login, password, role });
    }
    Ok(accounts)
}

/// A name in Latin letters, for people who type on any keyboard.
fn latin(name: &str) -> String {
    let text: String = name.to_pinyin().flatten().map(|syllable| syllable.plain()).collect();
    if text.len() < 3 { format!("user-{text}") } else { text }
}
