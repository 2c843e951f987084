//! A server for one test to attack.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::wire::{Answer, Connection, form};

pub const PASSWORD: &str = "hard to guess 7";

#[derive(Debug)]
pub struct Site {
    child: Child,
    folder: PathBuf,
    pub host: String,
    /// The address of its operations pages.
    pub operations: Option<String>,
}

impl Site {
    pub fn start(more: &[&str]) -> Self {
        Self::start_in(more, &[("YICHUANG_LOG", "error")])
    }

    /// Starts with these environment variables; the log is kept for [`Site::log`].
    pub fn start_in(more: &[&str], environment: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("yichuang-attacked-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zones/qingdao");
        let mut child = Command::new(env!("CARGO_BIN_EXE_yichuang"))
            .args(["serve", "--listen", "127.0.0.1:0", "--administrator", "admin", "--second-factor", "off"])
            .arg("--pack")
            .arg(pack)
            .arg(format!("--database=sqlite:{}", folder.join("zone.db").display()))
            .args(more)
            .env("YICHUANG_ADMIN_PASSWORD", PASSWORD)
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.join("log")).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut operations = None;
        let address = lines.find(|line| {
            operations = operations.take().or(line.strip_suffix("/metrics").map(str::to_owned));
            line.contains("http://") && !line.ends_with("/metrics")
        });
        let log = || std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        let address = address.unwrap_or_else(|| panic!("it prints no address: {}", log()));
        let host = |address: String| address.trim().trim_start_matches("http://").to_owned();
        Self { child, folder, host: host(address), operations: operations.map(host) }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap()
    }

    pub fn connect(&self) -> Connection {
        Connection::open(&self.host)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.connect().get(path, "")
    }

    pub fn post(&self, path: &str, pairs: &[(&str, &str)], cookie: &str) -> Answer {
        let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
        self.connect().post(
            path,
            &form(pairs),
            &format!("Content-Type: application/x-www-form-urlencoded\r\n{cookie}"),
        )
    }

    /// Checks that other clients are served, and soon.
    #[track_caller]
    pub fn serves_others(&self) {
        let begun = std::time::Instant::now();
        assert_eq!(self.get("/").status, 200);
        // Many tests share few processors, so the bound is loose; a successful attack would block the server
        // for good.
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    }

    /// Mebibytes that the server holds in memory now, or held at most.
    pub fn memory(&self, line: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|each| each.strip_prefix(line)).unwrap();
        line.trim_matches([':', '\t', ' ']).split(' ').next().unwrap().parse::<u64>().unwrap() / 1024
    }

    /// A guest's draft: its address, and the cookie that opens it.
    pub fn draft(&self) -> (String, String) {
        let answer = self.post("/drafts", &[("thing", "开办餐饮店"), ("party", "legal")], "");
        assert_eq!(answer.status, 303, "{answer:?}");
        (answer.header("location").unwrap().to_owned(), answer.cookie().unwrap())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the server's log:\n{}", self.log());
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
