//! Reads a pack from a folder, or the built-in one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use catalogue::Edition;
use checker::PackFiles;

/// Most bytes read of one pack.
const BYTES_MAX: u64 = 1 << 30;
const DEPTH_MAX: usize = 8;

/// All files in the folder that a pack may have, by their path below it with `/`.
///
/// # Errors
/// When the folder has no `zone.yaml`, is too large or too deep, or cannot be read.
pub fn read(folder: &Path) -> Result<PackFiles> {
    if !folder.join("zone.yaml").is_file() {
        bail!("{} is not a pack: it has no zone.yaml", folder.display());
    }
    let mut files = BTreeMap::new();
    let mut bytes = 0;
    walk(folder, String::new(), 0, &mut bytes, &mut files)?;
    Ok(files)
}

fn walk(folder: &Path, below: String, depth: usize, bytes: &mut u64, files: &mut PackFiles) -> Result<()> {
    if depth > DEPTH_MAX {
        bail!("{} lies too deep for a pack", folder.display());
    }
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        let path: PathBuf = entry.path();
        let below = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(&path, below, depth + 1, bytes, files)?;
        } else if kind.is_file() && [".yaml", ".yml", ".md", ".csv"].iter().any(|end| name.ends_with(end)) {
            let content = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            *bytes += content.len() as u64;
            if *bytes > BYTES_MAX {
                bail!("the pack is larger than {BYTES_MAX} bytes");
            }
            files.insert(below, Arc::from(content));
        }
    }
    Ok(())
}

/// The files of the folder, or the built-in ones if none is named.
///
/// # Errors
/// Those of [`read`].
pub fn files(folder: Option<&Path>) -> Result<PackFiles> {
    folder.map_or_else(|| Ok(built_in()), read)
}

/// The edition of these files.
///
/// # Errors
/// When the files cannot be read, or the pack has errors; `yichuang check` shows these.
pub fn edition(folder: Option<&Path>) -> Result<Edition> {
    let Some(edition) = checker::compile(&files(folder)?).edition else {
        bail!("the pack has errors; see `yichuang check`");
    };
    Ok(edition)
}

/// The demonstration zone as of the build.
pub fn built_in() -> PackFiles {
    #[derive(rust_embed::RustEmbed)]
    #[folder = "../../zones/qingdao/"]
    struct Zone;
    Zone::iter()
        .filter_map(|name| {
            Zone::get(&name).map(|file| (name.into_owned(), Arc::from(file.data.into_owned())))
        })
        .collect()
}
