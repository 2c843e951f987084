//! The API against other people's programs: schemathesis, the example clients, and a Standard Webhooks
//! library. Runs when `YICHUANG_API_TOOLS` names a folder with them (`ops/test` does).

#![allow(clippy::unwrap_used, reason = "a test that meets something else than it expects stops there")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_yichuang");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn tools() -> Option<PathBuf> {
    let tools = std::env::var_os("YICHUANG_API_TOOLS").map(PathBuf::from);
    if tools.is_none() {
        eprintln!("NOT TRIED: YICHUANG_API_TOOLS names no folder with schemathesis (ops/test does)");
    }
    tools
}

fn printed(output: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn schemathesis_finds_no_server_error_and_no_contract_violation() {
    let Some(tools) = tools() else { return };
    let ran = Command::new(root().join("ops/schemathesis"))
        .args(["--max-examples", "5", "--phases", "examples,coverage,fuzzing"])
        .env("YICHUANG", BINARY)
        .env("YICHUANG_SCHEMATHESIS", tools.join("bin/schemathesis"))
        .env("PORT", free_port().to_string())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", printed(&ran));
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A zone without history, served.
struct Zone {
    child: Child,
    address: String,
    folder: PathBuf,
}

impl Zone {
    fn serve() -> Self {
        let folder = std::env::temp_dir().join(format!("yichuang-programs-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let database = format!("sqlite:{}", folder.join("zone.db").display());
        let mut command = Command::new(BINARY);
        command.args([
            "serve",
            "--database",
            &database,
            "--listen",
            "127.0.0.1:0",
            "--administrator",
            "admin",
        ]);
        command.args(["--second-factor", "off", "--webhook-allow", "127.0.0.1", "--pack"]);
        command.arg(root().join("zones/qingdao")).env("YICHUANG_ADMIN_PASSWORD", "a-long-password-1");
        let mut child = command.env("YICHUANG_LOG", "warn").stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| line.unwrap().trim().strip_prefix("http://").map(str::to_owned));
        Self { child, address: address.expect("it prints its address"), folder }
    }

    fn send(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{head}\r\nHost: {}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}",
            self.address
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    /// A token of the administrator, made through the pages.
    fn admin_token(&self) -> String {
        let form = "Content-Type: application/x-www-form-urlencoded";
        let signed_in =
            self.send(&format!("POST /sign-in HTTP/1.1\r\n{form}"), "login=admin&password=a-long-password-1");
        let cookie = signed_in.lines().find_map(|line| line.strip_prefix("set-cookie: yc_session=")).unwrap();
        let cookie = cookie.split(';').next().unwrap();
        let head = format!("POST /my/account/tokens HTTP/1.1\r\n{form}\r\nCookie: yc_session={cookie}");
        let page = self.send(&head, "name=test&days=1&scope=webhooks");
        let at = page.find("yct_").unwrap_or_else(|| panic!("no token on the page: {page}"));
        page[at..].split('<').next().unwrap().trim().to_owned()
    }
}

impl Drop for Zone {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn the_python_client_applies_and_a_library_of_standard_webhooks_verifies_what_it_is_told() {
    let Some(tools) = tools() else { return };
    let zone = Zone::serve();
    let site = format!("http://{}", zone.address);
    let python = tools.join("bin/python");
    let listen = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs/webhook.py");
    let mut listener = Command::new(&python)
        .arg(listen)
        .args([&site, &zone.admin_token()])
        .env("PYTHONPATH", root().join("examples/python"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(listener.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "listening");
    let applied = Command::new(&python)
        .arg(root().join("examples/python/apply.py"))
        .args([
            &site,
            "开办餐饮店",
            "主体状况=已有营业执照",
            "经营方式=外卖",
            "营业面积=40",
            "排水方式=物业统一办证",
        ])
        .output()
        .unwrap();
    let said = printed(&applied);
    assert!(applied.status.success(), "{said}");
    let number = said.lines().next().unwrap().to_owned();
    assert!(said.contains("intake"), "{said}");
    let before = Instant::now();
    let told: Vec<String> = lines.map_while(Result::ok).collect();
    assert!(listener.wait().unwrap().success(), "{told:?}");
    assert!(told.iter().any(|line| *line == format!("case.case-opened {number}")), "{told:?}");
    assert!(before.elapsed() < Duration::from_secs(30));
}

#[test]
fn the_python_examples_are_typed() {
    let Some(tools) = tools() else { return };
    let checked = Command::new(tools.join("bin/python"))
        .args(["-m", "mypy", "--strict", "--cache-dir", "/dev/null", "examples/python"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(checked.status.success(), "{}", printed(&checked));
}
