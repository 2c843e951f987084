//! `yichuang export`; the contents of the files are tested in `ledger`.

use crate::fixture::{Folder, refused, run, zone};
use crate::upkeep::Server;

#[test]
fn a_zone_without_cases_is_exported_as_files_that_are_whole() {
    let folder = Folder::new("export");
    let database = format!("sqlite:{}", folder.path("zone.db"));
    let server = Server::start(&["--database", &database], true);
    // A zone in use is exported from a copy, which needs no secret and gets none.
    refused(&["export", "--as", "xes", "--database", &database], "in use");
    let copy = folder.path("copy.db");
    assert_eq!(run(&["backup", "--database", &database, &copy]).code, 0);
    let printed = run(&["export", "--as", "xes", "--database", &format!("sqlite:{copy}")]);
    assert_eq!(printed.code, 0, "{printed:?}");
    assert!(!std::path::Path::new(&format!("{copy}.key")).exists());
    assert!(printed.out.starts_with("<?xml") && printed.out.ends_with("</log>\n"), "{printed:?}");
    assert!(printed.err.contains("0 cases, 0 entries, 0 events"), "{printed:?}");
    server.stop();

    let file = folder.path("log.json");
    std::fs::write(&file, "an earlier one").unwrap();
    let written = run(&["export", "--as", "ocel", "--database", &database, "--out", &file]);
    assert_eq!((written.code, written.out.as_str()), (0, ""), "{written:?}");
    let log: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert!(log["events"].as_array().unwrap().is_empty(), "{log}");
    assert!(!log["objectTypes"].as_array().unwrap().is_empty(), "{log}");

    let book = folder.path("ledger.xlsx");
    assert_eq!(run(&["export", "--as", "xlsx", "--database", &database, "--out", &book]).code, 0);
    assert_eq!(&std::fs::read(&book).unwrap()[..4], b"PK\x03\x04");
    let zh = run(&["export", "--as", "csv", "--database", &database]);
    assert_eq!(zh.out.lines().count(), 1);
    let en = run(&["export", "--as", "csv", "--table", "events", "--lang", "en", "--database", &database]);
    assert!(zh.out.contains("办件编号") && en.out.contains("Event id"), "{zh:?} {en:?}");
    let left: Vec<_> =
        std::fs::read_dir(folder.path("")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(left.iter().all(|path| path.extension().is_none_or(|ending| ending != "part")), "{left:?}");
}

#[test]
fn what_cannot_be_exported_is_told_and_nothing_is_made() {
    let folder = Folder::new("export-refused");
    let database = format!("sqlite:{}", folder.path("zone.db"));
    refused(&["export", "--as", "xes", "--database", &database], "does not exist");
    assert!(std::fs::read_dir(folder.path("")).unwrap().next().is_none());
    refused(&["export", "--as", "xlsx", "--database", &database], "--out");
    refused(&["export", "--as", "pdf", "--database", &database], "ocel");
    refused(&["export", "--database", &database], "--as");
    // The folder of the shipped zone is not a database.
    refused(&["export", "--as", "xes", "--database", zone().to_str().unwrap()], "sqlite:");
}
