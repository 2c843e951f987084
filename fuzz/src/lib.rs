//! What the targets share: the shipped zone.

pub mod site;

use std::path::Path;
use std::sync::{Arc, OnceLock};

use catalogue::Edition;
use checker::PackFiles;

/// A small pack without a mistake, into which targets put theirs.
pub fn small_pack() -> &'static PackFiles {
    static PACK: OnceLock<PackFiles> = OnceLock::new();
    PACK.get_or_init(|| read("crates/checker/tests/rules/base"))
}

pub fn edition() -> &'static Edition {
    static EDITION: OnceLock<Edition> = OnceLock::new();
    EDITION.get_or_init(|| {
        checker::compile(&read("zones/qingdao")).edition.expect("the shipped zone has no errors")
    })
}

fn read(folder: &str) -> PackFiles {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let mut files = PackFiles::new();
    collect(&root, "", &mut files);
    files
}

fn collect(folder: &Path, prefix: &str, files: &mut PackFiles) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, Arc::from(std::fs::read(entry.path()).expect("a readable file")));
        }
    }
}
