//! The demonstration server and the driver, shared by all tests that run at the same time.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};

use crate::driver::{Browser, Driver, Look};
use crate::http;

/// Somebody who can sign in.
#[derive(Clone, Debug)]
pub struct Account {
    pub login: String,
    pub titles: String,
}

#[derive(Debug)]
pub struct Site {
    child: Child,
    data: PathBuf,
    driver: Driver,
    pub address: String,
    pub password: String,
    pub accounts: Vec<Account>,
    pub axe: String,
    more: Vec<String>,
    /// Sessions by login, so that nobody signs in twice.
    sessions: Mutex<BTreeMap<String, String>>,
}

static SITE: Mutex<Weak<Site>> = Mutex::new(Weak::new());

impl Site {
    /// The running site; nothing, said aloud, where a browser is missing and nobody insists.
    pub fn get() -> Option<Arc<Self>> {
        let mut held = SITE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(site) = held.upgrade() {
            return Some(site);
        }
        let axe = match wanting() {
            Ok(axe) => axe,
            Err(missing) if std::env::var_os("CI").is_some() => panic!("{missing}"),
            Err(missing) => {
                // Not captured by the test runner: who skips must be seen.
                let _ = writeln!(std::io::stderr(), "SKIPPED, nothing was tried in a browser: {missing}");
                return None;
            }
        };
        let site = Arc::new(Self::start(axe, &[]));
        *held = Arc::downgrade(&site);
        Some(site)
    }

    /// A site of one's own on another pack; nothing where a browser is missing.
    pub fn with_pack(pack: &Path) -> Option<Self> {
        Self::get()?;
        let pack = pack.to_str().expect("a UTF-8 path").to_owned();
        Some(Self::start(wanting().ok()?, &["--pack".to_owned(), pack]))
    }

    fn start(axe: String, more: &[String]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("yichuang-browser-demo-{}-{number}", std::process::id());
        let data = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&data);
        let mut child = spawn("127.0.0.1:0", &data, more);
        let mut lines =
            BufReader::new(child.stdout.take().expect("its output is piped")).lines().map_while(Result::ok);
        let address =
            lines.find(|line| line.contains("http://")).expect("it prints its address").trim().to_owned();
        let password =
            lines.find_map(|line| Some(line.split_once("password of every account: ")?.1.to_owned()));
        let mut accounts = Vec::new();
        for line in lines.by_ref() {
            if line.contains("data in") {
                break;
            }
            if let Some((login, titles)) = line.trim().split_once(' ') {
                accounts.push(Account { login: login.to_owned(), titles: titles.trim().to_owned() });
            }
        }
        let password = password.expect("it prints the password");
        Self {
            child,
            data,
            driver: Driver::start(),
            address,
            password,
            accounts,
            axe,
            more: more.to_vec(),
            sessions: Mutex::default(),
        }
    }

    /// Pulls the plug, and starts again where it was.
    pub fn cut_power(&mut self) {
        self.child.kill().expect("the server can be killed");
        self.child.wait().expect("it is gone");
        let host = self.address.trim_start_matches("http://").to_owned();
        self.child = spawn(&host, &self.data, &self.more);
        let out = self.child.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(out).lines().map_while(Result::ok);
        lines.find(|line| line.contains("data in")).expect("it starts again");
    }

    pub fn open(&self, look: Look) -> Browser {
        self.driver.open(look)
    }

    /// Logins of those who work in the zone.
    pub fn officers(&self) -> Vec<String> {
        let outside = ["办事群众", "企业经办人", "管理员"];
        let staff =
            self.accounts.iter().filter(|account| !outside.iter().any(|word| account.titles.contains(word)));
        staff.map(|account| account.login.clone()).collect()
    }

    /// The first whose line in the list of accounts says so.
    pub fn account(&self, title: &str) -> &Account {
        let found = self.accounts.iter().find(|account| account.titles.contains(title));
        found.unwrap_or_else(|| panic!("nobody is {title}"))
    }

    pub fn who(&self, title: &str) -> String {
        self.account(title).login.clone()
    }

    /// Somebody who sits at the comprehensive window.
    pub fn clerk(&self) -> String {
        self.who_opens("/window", "/window/start")
    }

    /// The first officer who is shown this page, with these words in its source.
    pub fn who_opens(&self, path: &str, words: &str) -> String {
        let host = self.address.trim_start_matches("http://");
        let opens = |login: &String| {
            let page = http::page(host, path, &format!("yc_session={}", self.session_of(login)));
            page.is_ok_and(|page| page.starts_with("HTTP/1.1 200") && page.contains(words))
        };
        self.officers().into_iter().find(opens).unwrap_or_else(|| panic!("no officer may open {path}"))
    }

    /// Signs somebody in, the way the form does.
    pub fn session_of(&self, login: &str) -> String {
        let mut sessions = self.sessions.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(session) = sessions.get(login) {
            return session.clone();
        }
        let host = self.address.trim_start_matches("http://");
        let form = format!("login={login}&password={}&next=%2F", self.password);
        let answer = http::post(host, "/sign-in", &form).expect("the site answers");
        let session = answer.split_once("yc_session=").and_then(|(_, rest)| rest.split(';').next());
        let session = session.unwrap_or_else(|| panic!("{login} is not signed in: {answer}")).to_owned();
        sessions.insert(login.to_owned(), session.clone());
        session
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

fn spawn(listen: &str, data: &Path, more: &[String]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yichuang"));
    command.args(["demo", "--listen", listen, "--no-history", "--data"]).arg(data).args(more);
    // Everybody in these tests comes from here.
    command.args(["--shared", "127.0.0.1"]);
    command.env("YICHUANG_LOG", "error");
    command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("the demo starts")
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// The accessibility checker's text, or what is missing.
fn wanting() -> Result<String, String> {
    for program in ["chromium", "chromedriver"] {
        let answers =
            Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !answers.is_ok_and(|status| status.success()) {
            return Err(format!("{program} is not installed; ops/test installs it"));
        }
    }
    let path = std::env::var("YICHUANG_AXE")
        .map_err(|_| "YICHUANG_AXE does not name axe-core's axe.min.js; ops/test sets it".to_owned())?;
    std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))
}
