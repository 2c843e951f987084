//! A zone on PostgreSQL: served by two nodes, and moved there with its whole history.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use store_postgres::testing::Server as Database;

use crate::fixture::{BINARY, Folder, refused, run, zone};
use crate::upkeep::Server;

#[test]
fn two_nodes_serve_one_zone_with_one_secret() {
    let folder = Folder::new("postgres-serve");
    let database = Database::start(&[]).unwrap();
    let (url, key) = (database.url(), folder.path("zone.key"));
    refused(&["serve", "--database", &url], "--key");
    let first = Server::start(&["--database", &url, "--key", &key], true);
    let second = Server::start(&["--database", &url, "--key", &key], false);
    for server in [&first, &second] {
        let page = server.get("/");
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("lang=\"zh-CN\""), "{page}");
    }
    // A node with another secret would sign what nobody can verify.
    let other = folder.path("other.key");
    refused(&["audit", "--database", &url, "--key", &other], "is missing");
    assert!(!std::path::Path::new(&other).exists(), "no key is made for a zone that has one");
    std::fs::write(&other, [7; 32]).unwrap();
    refused(&["audit", "--database", &url, "--key", &other], "is not the secret of this zone");
    let audit = run(&["audit", "--database", &url, "--key", &key]);
    assert_eq!(audit.code, 0, "{audit:?}");
    assert!(audit.out.contains("个事件") && !audit.out.starts_with("0 "), "{audit:?}");
    // A zone in use cannot be moved, and nothing is written for the attempt.
    let (target, copied) = (folder.path("moved.db"), folder.path("moved.db.key"));
    let target = format!("sqlite:{target}");
    refused(&["migrate", &url, &target, "--from-key", &key], "in use by");
    assert!(!std::path::Path::new(&copied).exists());
    first.stop();
    second.stop();
    assert_eq!(run(&["rebuild", "--database", &url, "--key", &key]).code, 0);
    refused(&["backup", "--database", &url, &folder.path("copy.db")], "pg_basebackup");
}

#[test]
fn what_one_node_publishes_the_other_shows() {
    let folder = Folder::new("postgres-editions");
    let database = Database::start(&[]).unwrap();
    let (url, key, pack) = (database.url(), folder.path("zone.key"), folder.path("pack"));
    assert!(Command::new("cp").arg("-r").arg(zone()).arg(&pack).status().unwrap().success());
    let first = Server::start(&["--database", &url, "--key", &key, "--pack", &pack], false);
    let second = Server::start(&["--database", &url, "--key", &key], false);
    let (old, new) = ("name: {zh: 青岛高新区", "name: {zh: 改名之后的区");
    assert!(!second.get("/").contains("改名之后的区"));
    first.stop();
    let yaml = std::fs::read_to_string(format!("{pack}/zone.yaml")).unwrap();
    assert!(yaml.contains(old));
    std::fs::write(format!("{pack}/zone.yaml"), yaml.replace(old, new)).unwrap();
    let first = Server::start(&["--database", &url, "--key", &key, "--pack", &pack], false);
    // The second node is not notified; it polls.
    let shown = (0..300).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        second.get("/").contains("改名之后的区")
    });
    assert!(shown, "{}", second.get("/"));
    assert!(first.get("/").contains("改名之后的区"));
    first.stop();
    second.stop();
}

/// A demonstration zone with some weeks of cases.
fn lived_in(folder: &Folder) -> String {
    let data = folder.path("lived");
    let mut demo = Command::new(BINARY)
        .args(["demo", "--listen", "127.0.0.1:0", "--cases", "16", "--data", &data])
        .env("YICHUANG_LOG", "info,office::draft::prefill=error")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let told = BufReader::new(demo.stderr.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .find(|line| line.contains("the history "))
        .unwrap_or_default();
    assert!(told.contains("the history was played"), "{told}");
    assert!(Command::new("kill").arg(demo.id().to_string()).status().unwrap().success());
    demo.wait().unwrap();
    format!("sqlite:{data}/zone.db")
}

#[test]
fn a_living_zone_moves_to_postgres_and_back() {
    let folder = Folder::new("postgres-migrate");
    let database = Database::start(&[]).unwrap();
    let (from, to, key) = (lived_in(&folder), database.url(), folder.path("zone.key"));
    let before = run(&["audit", "--database", &from]);
    assert_eq!(before.code, 0, "{before:?}");
    refused(&["migrate", "sqlite:/nowhere/zone.db", &to, "--key", &key], "does not exist");
    let moved = run(&["migrate", &from, &to, "--key", &key]);
    assert_eq!(moved.code, 0, "{moved:?}");
    let counted = before.out.lines().next().unwrap();
    assert!(moved.out.contains(&format!("已审计：{counted}")), "{moved:?} after {before:?}");
    let rebuilt = run(&["rebuild", "--database", &to, "--key", &key]);
    assert_eq!(rebuilt.code, 0, "{rebuilt:?}");
    assert!(rebuilt.out.contains("全部一致"), "{rebuilt:?}");
    // The zone is served from the new database, and its people sign in as before.
    let server = Server::start(&["--database", &to, "--key", &key], false);
    assert!(server.get("/").starts_with("HTTP/1.1 200"));
    server.stop();
    refused(&["migrate", &from, &to, "--key", &key], "not empty");
    let back = format!("sqlite:{}", folder.path("back.db"));
    let moved = run(&["migrate", &to, &back, "--from-key", &key]);
    assert_eq!(moved.code, 0, "{moved:?}");
    let server = Server::start(&["--database", &back], false);
    assert!(server.get("/").starts_with("HTTP/1.1 200"));
    server.stop();
}
