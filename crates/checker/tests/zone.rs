//! The shipped zone is a correct pack.

use std::path::Path;
use std::sync::Arc;

use checker::{PackFiles, compile};
use diagnostic::{Lang, Severity, Style, render_all};

fn load(root: &Path) -> PackFiles {
    let mut files = PackFiles::new();
    gather(root, root, &mut files);
    files
}

fn gather(root: &Path, folder: &Path, files: &mut PackFiles) {
    for entry in std::fs::read_dir(folder).expect("the zone's folder can be listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            gather(root, &path, files);
            continue;
        }
        let name = path.strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
        files.insert(name, Arc::from(std::fs::read(&path).expect("a readable file")));
    }
}

#[test]
fn the_shipped_zone_compiles_without_errors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zones/qingdao");
    let compiled = compile(&load(&root));
    let report = render_all(&compiled.diagnostics, &compiled.sources, Style::plain(Lang::Zh));
    println!("{report}");
    let errors = compiled.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
    assert_eq!(errors, 0, "{report}");
    let edition = compiled.edition.expect("a pack without errors has an edition");
    assert!(edition.parts().items.len() >= 3);
    assert!(compiled.stories.len() >= edition.parts().items.len(), "every item has a story");
}
