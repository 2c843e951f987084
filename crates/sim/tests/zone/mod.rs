//! The shipped zone, compiled.

use std::path::Path;
use std::sync::Arc;

use checker::{Compiled, PackFiles, compile};

pub fn compiled() -> Compiled {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zones/qingdao");
    let mut files = PackFiles::new();
    gather(&root, &root, &mut files);
    compile(&files)
}

fn gather(root: &Path, folder: &Path, files: &mut PackFiles) {
    for entry in std::fs::read_dir(folder).expect("the zone's folder can be listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            gather(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
            files.insert(name, Arc::from(std::fs::read(&path).expect("a readable file")));
        }
    }
}
