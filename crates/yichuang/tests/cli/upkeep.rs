//! `yichuang serve`, then `rebuild`, `audit`, `backup` and `restore` on its database.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::fixture::{BINARY, Folder, refused, run, zone};

pub struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// `database` is `--database URL` and related arguments.
    pub fn start(database: &[&str], pack: bool) -> Self {
        let mut command = Command::new(BINARY);
        command.arg("serve").args(database).args(["--listen", "127.0.0.1:0", "--administrator", "admin"]);
        if pack {
            command.arg("--pack").arg(zone());
        }
        command.env("YICHUANG_ADMIN_PASSWORD", "a-long-password-1").env("YICHUANG_LOG", "warn");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| line.unwrap().trim().strip_prefix("http://").map(str::to_owned));
        Self { child, address: address.expect("it prints its address") }
    }

    pub fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    /// Stops the server as an operator does.
    pub fn stop(mut self) {
        let told = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(told.success());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "it ends in order when told to: {status}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

#[test]
fn a_served_database_is_audited_rebuilt_copied_and_put_back() {
    let folder = Folder::new("upkeep");
    let database = format!("sqlite:{}", folder.path("zone.db"));
    let server = Server::start(&["--database", &database], true);
    let page = server.get("/");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("lang=\"zh-CN\""), "{page}");
    // A copy can be made while the server runs.
    let copy = folder.path("copy.db");
    let ran = run(&["backup", "--database", &database, &copy]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("签名密钥不在备份里") && ran.out.contains("zone.db.key"), "{ran:?}");
    // A later copy replaces an earlier one.
    assert_eq!(run(&["backup", "--database", &database, &copy]).code, 0);
    server.stop();

    // The first password is the only line of output.
    let appointed = run(&["appoint", "audit", "auditor", "--database", &database]);
    assert_eq!((appointed.code, appointed.out.trim().len()), (0, 20), "{appointed:?}");
    let audit = run(&["audit", "--database", &database]);
    assert_eq!(audit.code, 0, "{audit:?}");
    assert!(audit.out.contains("个事件") && !audit.out.starts_with("0 "), "{audit:?}");
    // A checkpoint is signed when the server stops, however short it ran.
    assert!(!audit.out.contains("，0 个校验点"), "{audit:?}");
    // The newest checkpoint, kept elsewhere, is asked for by the next audit; one that is not there means a journal cut off.
    let anchor = audit.out.split("最新校验点 ").nth(1).and_then(|rest| rest.split('；').next()).unwrap();
    let again = |anchor: &str| run(&["audit", "--database", &database, "--anchor", anchor]);
    assert_eq!(again(anchor).code, 0);
    let (number, _) = anchor.split_once(':').unwrap();
    let cut = again(&format!("{number}:{}", "0".repeat(64)));
    assert!(cut.code == 1 && cut.out.contains("被截断"), "{cut:?}");
    assert_eq!(again("nonsense").code, 2);
    let rebuilt = run(&["rebuild", "--database", &database]);
    assert_eq!(rebuilt.code, 0, "{rebuilt:?}");
    assert!(rebuilt.out.contains("全部一致") && !rebuilt.out.contains("RebuiltView"), "{rebuilt:?}");
    assert_eq!(run(&["audit", "--database", &database]).out, audit.out, "rebuilding adds no event");

    // An existing database is not overwritten by mistake.
    refused(&["restore", &copy, "--database", &database], "--replace");
    let restored = run(&["restore", &copy, "--database", &database, "--replace"]);
    assert_eq!(restored.code, 0, "{restored:?}");
    // The copy contains the published pack, so none need be given.
    let server = Server::start(&["--database", &database], false);
    assert!(server.get("/").starts_with("HTTP/1.1 200"));
    server.stop();
    assert_eq!(run(&["audit", "--database", &database]).code, 0);
}

#[test]
fn whoever_was_forgotten_since_is_forgotten_in_a_copy_that_is_restored() {
    let folder = Folder::new("forgotten");
    let database = format!("sqlite:{}", folder.path("zone.db"));
    let server = Server::start(&["--database", &database], true);
    let copy = folder.path("copy.db");
    assert_eq!(run(&["backup", "--database", &database, &copy]).code, 0);
    server.stop();
    // As a server writes it when somebody is forgotten, beside the database and on another disk.
    let line = |subject: &str| {
        format!(
            r#"{{"subject":"{subject}","at":"2026-11-30T01:00:00Z","by":"account/0","ground":"unlawful","cases":1}}"#
        ) + "\n"
    };
    let guests = [1, 2].map(|number| format!("guest/0000000000000000000000000000000{number}"));
    std::fs::write(folder.path("zone.db.forgotten"), line(&guests[0])).unwrap();
    let elsewhere = folder.path("elsewhere");
    std::fs::write(&elsewhere, line(&guests[0]) + &line(&guests[1])).unwrap();
    let restore = ["restore", &copy, "--database", &database, "--replace", "--forgotten", &elsewhere];
    let restored = run(&restore);
    assert_eq!(restored.code, 0, "{restored:?}");
    assert!(restored.out.contains("名单上的 2 人中，2 人"), "{restored:?}");
    let kept = std::fs::read_to_string(folder.path("zone.db.forgotten")).unwrap();
    assert!(guests.iter().all(|guest| kept.contains(guest)) && kept.lines().count() == 2, "{kept}");
    assert_eq!(run(&["audit", "--database", &database]).code, 0);
    // A server knows them, and says so to whoever restores a copy of today.
    assert_eq!(run(&["backup", "--database", &database, &copy]).code, 0);
    let restored = run(&restore[..5]);
    assert!(restored.out.contains("名单上的 2 人中，0 人"), "{restored:?}");
    let refused = run(&["restore", &copy, "--database", &database, "--replace", "--forgotten", "nowhere"]);
    assert!(refused.code == 2 && refused.err.contains("nowhere"), "{refused:?}");
}

#[test]
fn addresses_that_are_no_database_are_refused_with_an_example() {
    for url in ["zone.db", "mysql://x", "sqlite:"] {
        refused(&["audit", "--database", url], "sqlite:");
    }
    refused(&["rebuild"], "--database");
}

#[test]
fn nothing_is_served_from_a_pack_with_errors() {
    let folder = Folder::new("serve-bad");
    let pack = folder.copy(&zone(), "pack");
    let file = pack.join("zone.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("name: ", "name： ", 1)).unwrap();
    let database = format!("sqlite:{}", folder.path("zone.db"));
    let arguments =
        ["serve", "--pack", pack.to_str().unwrap(), "--database", &database, "--listen", "127.0.0.1:0"];
    refused(&arguments, "nothing is served");
}

#[test]
fn wrong_commands_say_what_there_is() {
    refused(&["chekc"], "check");
    refused(&["serve", "--listen", "here"], "--listen");
    let help = run(&["--help"]);
    for command in [
        "demo", "serve", "check", "explain", "form", "deadline", "identify", "verify", "rebuild", "audit",
        "backup", "restore", "migrate", "export", "bench",
    ] {
        assert!(help.out.contains(command), "{command}");
    }
}
