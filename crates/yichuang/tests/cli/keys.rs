//! The signing key: made once, never again for a zone with data, changed only on request.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::fixture::{Folder, refused, run};
use crate::upkeep::Server;

/// A zone that was served once and has events.
struct Zone {
    folder: Folder,
    database: String,
}

impl Zone {
    fn served(name: &str) -> Self {
        let folder = Folder::new(name);
        let database = format!("sqlite:{}", folder.path("zone.db"));
        Server::start(&["--database", &database], true).stop();
        Self { folder, database }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path(name)
    }

    fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(""))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

const COMMANDS: [&[&str]; 6] = [
    &["audit"],
    &["rebuild"],
    &["retention", "--list"],
    &["appoint", "audit", "somebody"],
    &["token", "--login", "admin", "--list"],
    &["serve", "--listen", "127.0.0.1:0"],
];

#[test]
fn no_command_makes_a_key_for_a_zone_that_has_data_or_takes_another_one() {
    let zone = Zone::served("keys-gone");
    let key = zone.path("zone.db.key");
    fs::rename(&key, zone.path("apart.key")).unwrap();
    let before = zone.files();
    for command in COMMANDS {
        refused(&[command, &["--database", &zone.database]].concat(), "is missing");
        assert_eq!(zone.files(), before, "{command:?}");
    }
    fs::write(&key, [7; 32]).unwrap();
    for command in COMMANDS {
        refused(&[command, &["--database", &zone.database]].concat(), "is not the secret of this zone");
    }
    fs::rename(zone.path("apart.key"), &key).unwrap();
    assert_eq!(run(&["audit", "--database", &zone.database]).code, 0);
}

#[test]
fn auditing_changes_and_makes_nothing() {
    let zone = Zone::served("keys-audit");
    let missing = format!("sqlite:{}", zone.path("missing.db"));
    refused(&["audit", "--database", &missing], "does not exist");
    let copy = zone.path("copy.db");
    assert_eq!(run(&["backup", "--database", &zone.database, &copy]).code, 0);
    fs::copy(zone.path("zone.db.key"), zone.path("copy.db.key")).unwrap();
    let (files, bytes) = (zone.files(), fs::read(&copy).unwrap());
    let audit = run(&["audit", "--database", &format!("sqlite:{copy}")]);
    assert_eq!(audit.code, 0, "{audit:?}");
    assert_eq!((zone.files(), fs::read(&copy).unwrap()), (files, bytes));
    // A file that is not a zone's is left unchanged, too.
    fs::write(zone.path("other.db"), "").unwrap();
    refused(&["audit", "--database", &format!("sqlite:{}", zone.path("other.db"))], "holds no zone");
    assert_eq!(fs::read(zone.path("other.db")).unwrap(), b"");
}

#[test]
fn a_zone_does_not_begin_where_an_earlier_one_has_lost_its_data() {
    let zone = Zone::served("keys-begin");
    let start = ["serve", "--pack", "PACK", "--database", &zone.database, "--listen", "127.0.0.1:0"];
    let pack = crate::fixture::zone();
    let start = start.map(|word| if word == "PACK" { pack.to_str().unwrap() } else { word });
    fs::remove_file(zone.path("zone.db")).unwrap();
    refused(&start, "--new");
    fs::write(zone.path("zone.db"), "").unwrap();
    refused(&start, "--new");
    fs::remove_file(zone.path("zone.db.key")).unwrap();
    fs::create_dir_all(zone.path("zone.db.blobs/ab")).unwrap();
    refused(&start, "--new");
    Server::start(&["--database", &zone.database, "--new"], true).stop();
}

#[test]
fn a_restored_zone_says_that_its_key_is_needed() {
    let zone = Zone::served("keys-restore");
    let (copy, there) = (zone.path("copy.db"), format!("sqlite:{}", zone.path("there.db")));
    assert_eq!(run(&["backup", "--database", &zone.database, &copy]).code, 0);
    let restored = run(&["restore", &copy, "--database", &there]);
    assert!(restored.code == 0 && restored.out.contains("还缺签名密钥"), "{restored:?}");
    refused(&["serve", "--database", &there, "--listen", "127.0.0.1:0"], "is missing");
    fs::write(zone.path("there.db.key"), [7; 32]).unwrap();
    let restored = run(&["restore", &copy, "--database", &there, "--replace"]);
    assert!(restored.code == 0 && restored.out.contains("不是这份备份的签名密钥"), "{restored:?}");
    fs::copy(zone.path("zone.db.key"), zone.path("there.db.key")).unwrap();
    Server::start(&["--database", &there], false).stop();
}

#[test]
fn keys_are_changed_and_the_old_public_ones_are_kept() {
    let zone = Zone::served("keys-change");
    let list = || run(&["keys", "list", "--database", &zone.database]).json();
    let old: Vec<String> = ids(&list());
    assert!(old.len() > 2);
    let secret = fs::read(zone.path("zone.db.key")).unwrap();
    let changed = run(&["keys", "change", "--database", &zone.database]);
    assert_eq!(changed.code, 0, "{changed:?}");
    assert_ne!(fs::read(zone.path("zone.db.key")).unwrap(), secret);
    assert_eq!(fs::read(zone.path("zone.db.key.retired-1")).unwrap(), secret);
    let new = list();
    assert_eq!(ids(&new).len(), old.len() * 2);
    for key in new["keys"].as_array().unwrap() {
        let is_old = old.contains(&key["key_id"].as_str().unwrap().to_owned());
        assert_eq!(key["not_after"].is_string(), is_old, "{key}");
    }
    // Checkpoints signed by the old key stay valid, and the zone continues.
    assert_eq!(run(&["audit", "--database", &zone.database]).code, 0);
    Server::start(&["--database", &zone.database], false).stop();
    assert_eq!(run(&["audit", "--database", &zone.database]).code, 0);
    // The old secret is no longer accepted.
    fs::write(zone.path("zone.db.key"), secret).unwrap();
    refused(&["audit", "--database", &zone.database], "is not the secret of this zone");
    let lost = run(&["keys", "change", "--lost", "--stolen", "--database", &zone.database]);
    assert_eq!(lost.code, 0, "{lost:?}");
    let last = list();
    assert_eq!(ids(&last).len(), old.len() * 3);
    assert!(last["revoked"].as_array().unwrap().len() >= old.len(), "{last}");
}

fn ids(ring: &serde_json::Value) -> Vec<String> {
    let keys = ring["keys"].as_array().unwrap().iter();
    keys.map(|key| key["key_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_holds_personal_data_is_for_the_owner_alone_whatever_the_umask() {
    let zone = Zone::served("keys-modes");
    assert_eq!(run(&["backup", "--database", &zone.database, &zone.path("copy.db")]).code, 0);
    for name in zone.files() {
        let mode = fs::metadata(zone.path(&name)).unwrap().permissions().mode() & 0o077;
        assert_eq!(mode, 0, "{name}");
    }
    let key = zone.path("zone.db.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let warned = run(&["audit", "--database", &zone.database]);
    assert!(warned.code == 0 && warned.err.contains("chmod 600"), "{warned:?}");
}

#[test]
fn a_second_server_is_refused_although_the_lock_file_is_gone() {
    let folder = Folder::new("keys-lock");
    let database = format!("sqlite:{}", folder.path("zone.db"));
    let server = Server::start(&["--database", &database], true);
    fs::remove_file(Path::new(&folder.path("zone.db.lock"))).unwrap();
    refused(&["serve", "--database", &database, "--listen", "127.0.0.1:0"], "in use");
    server.stop();
}

#[test]
fn what_a_server_serves_verifies_offline() {
    let folder = Folder::new("keys-served");
    let database = format!("sqlite:{}", folder.path("zone.db"));
    let server = Server::start(&["--database", &database], true);
    let body = |path: &str| server.get(path).split_once("\r\n\r\n").unwrap().1.to_owned();
    assert!(body("/v").contains("href=\"/v/keys\"") && body("/v").contains("href=\"/v/status\""));
    let (keys, status) = (folder.path("keys.json"), folder.path("status.json"));
    fs::write(&keys, body("/v/keys")).unwrap();
    fs::write(&status, body("/v/status")).unwrap();
    server.stop();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../credential/tests/golden/document-1.json");
    let golden = golden.to_str().unwrap();
    // Another zone's licence is not valid here; both files are parsed and verified.
    let verify = ["verify", golden, "--keys", &keys, "--status", &status, "--format", "json"];
    let ran = run(&verify);
    assert_eq!((ran.code, &ran.json()["reason"]), (1, &"unknown_key".into()), "{ran:?}");
    // A modified list is an error.
    let text = fs::read_to_string(&status).unwrap();
    fs::write(&status, text.replacen("issued_at\":\"2", "issued_at\":\"1", 1)).unwrap();
    refused(&verify, "Nothing was verified");
}

#[test]
fn nothing_is_written_over_what_the_zone_consists_of() {
    let zone = Zone::served("keys-over");
    let other = Zone::served("keys-over-other");
    std::os::unix::fs::symlink(zone.path("zone.db.key"), zone.path("ledger.csv")).unwrap();
    fs::hard_link(zone.path("zone.db"), zone.path("copy.db")).unwrap();
    let before = zone.files();
    let bytes = |name: &str| fs::read(zone.path(name)).unwrap();
    let (database, key) = (bytes("zone.db"), bytes("zone.db.key"));
    for name in [
        "zone.db",
        "zone.db.key",
        "zone.db.lock",
        "zone.db-wal",
        "zone.db.forgotten",
        "ledger.csv",
        "copy.db",
    ] {
        let out = zone.path(name);
        refused(
            &["export", "--as", "csv", "--database", &zone.database, "--out", &out],
            "a file of the zone itself",
        );
        refused(&["backup", "--database", &zone.database, &out], "a file of the zone itself");
    }
    let others = other.path("zone.db");
    refused(&["export", "--as", "csv", "--database", &zone.database, "--out", &others], "is a database");
    fs::write(zone.path("letter.txt"), "Dear all").unwrap();
    refused(&["backup", "--database", &zone.database, &zone.path("letter.txt")], "is no database");
    fs::remove_file(zone.path("letter.txt")).unwrap();
    assert_eq!((bytes("zone.db"), bytes("zone.db.key")), (database, key));
    let mut after = zone.files();
    after.retain(|name| !name.starts_with("letter.txt"));
    assert_eq!(after, before);
    assert_eq!(run(&["audit", "--database", &other.database]).code, 0);
    let table = zone.path("zone.db.csv");
    assert_eq!(run(&["export", "--as", "csv", "--database", &zone.database, "--out", &table]).code, 0);
}
