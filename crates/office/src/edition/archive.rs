//! Packs as ZIP archives, read with bounds: an archive is somebody else's text.

use std::io::{Cursor, Read};
use std::sync::Arc;

use checker::PackFiles;
use zip::ZipArchive;

use crate::error::NotPossible;

/// As it is sent.
pub const PACK_ARCHIVE_BYTES_MAX: usize = 20 * 1024 * 1024;
const UNPACKED_BYTES_MAX: u64 = 20 * 1024 * 1024;
const FILES_MAX: usize = 20_000;
const ENDINGS: [&str; 4] = [".yaml", ".yml", ".md", ".csv"];

/// The files of a pack, by their path below the folder that holds `zone.yaml`.
pub fn read(bytes: &[u8]) -> Result<PackFiles, NotPossible> {
    // What the archive lists is read before it can be counted; so its entries are counted first.
    if memchr::memmem::find_iter(bytes, b"PK\x01\x02").take(FILES_MAX + 1).count() > FILES_MAX {
        return Err(NotPossible::ArchiveMany);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| NotPossible::ArchiveNot)?;
    let mut files = PackFiles::new();
    let mut left = UNPACKED_BYTES_MAX;
    for place in 0..archive.len() {
        let file = archive.by_index(place).map_err(|_| NotPossible::ArchiveNot)?;
        if file.is_dir() {
            continue;
        }
        let name = std::str::from_utf8(file.name_raw()).map_err(|_| NotPossible::ArchiveName)?.to_owned();
        if file.is_symlink() || !is_inside(&name) {
            return Err(NotPossible::ArchivePath);
        }
        let hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if hidden || !ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            continue;
        }
        // The size that the archive states may be a lie: what counts is what comes out.
        let mut content = Vec::new();
        file.take(left + 1).read_to_end(&mut content).map_err(|_| NotPossible::ArchiveNot)?;
        left = left.checked_sub(content.len() as u64).ok_or(NotPossible::ArchiveLarge)?;
        files.insert(name, Arc::from(content));
    }
    below_zone(files)
}

/// People pack the folder as well as its content.
fn below_zone(files: PackFiles) -> Result<PackFiles, NotPossible> {
    let shallowest = files
        .keys()
        .filter(|name| *name == "zone.yaml" || name.ends_with("/zone.yaml"))
        .min_by_key(|name| name.matches('/').count())
        .cloned();
    let root = shallowest.ok_or(NotPossible::ArchiveZone)?;
    let root = root.strip_suffix("zone.yaml").unwrap_or_default().to_owned();
    Ok(files
        .into_iter()
        .filter_map(|(name, content)| Some((name.strip_prefix(&root)?.to_owned(), content)))
        .collect())
}

fn is_inside(name: &str) -> bool {
    let parts = name.split('/');
    !name.starts_with('/')
        && !name.contains(['\\', '\0', ':'])
        && parts.clone().all(|part| !part.is_empty() && part != ".." && part != ".")
}

/// Packs files into an archive; the way back of [`read`].
#[cfg(test)]
pub fn write(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_around_a_pack_does_not_matter() {
        for names in [["zone.yaml", "items/甲/item.yaml"], ["高新区/zone.yaml", "高新区/items/甲/item.yaml"]]
        {
            let bytes = write(&[(names[0], b"id: x"), (names[1], b"y")]);
            let files = read(&bytes).unwrap();
            assert_eq!(files.keys().collect::<Vec<_>>(), ["items/甲/item.yaml", "zone.yaml"]);
        }
    }

    #[test]
    fn paths_that_lead_out_are_refused() {
        for name in ["../zone.yaml", "/etc/zone.yaml", "a/../../zone.yaml", "a\\..\\zone.yaml", "C:zone.yaml"]
        {
            assert_eq!(
                read(&write(&[("zone.yaml", b""), (name, b"x")])),
                Err(NotPossible::ArchivePath),
                "{name}"
            );
        }
    }

    #[test]
    fn a_bomb_is_put_down_before_it_opens() {
        let zeros = vec![b' '; 21 * 1024 * 1024];
        let bytes = write(&[("zone.yaml", &zeros)]);
        assert!(bytes.len() < 100 * 1024);
        assert_eq!(read(&bytes), Err(NotPossible::ArchiveLarge));
    }

    #[test]
    fn many_small_bombs_are_one_large_one() {
        let spaces = vec![b' '; 3 * 1024 * 1024];
        let names: Vec<String> = (0..10).map(|number| format!("items/{number}.yaml")).collect();
        let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &spaces[..])).collect();
        assert_eq!(read(&write(&files)), Err(NotPossible::ArchiveLarge));
    }

    #[test]
    fn more_entries_than_a_pack_can_have_are_not_even_listed() {
        let entry = [&b"PK\x01\x02"[..], &[0; 42]].concat();
        assert_eq!(read(&entry.repeat(FILES_MAX + 1)), Err(NotPossible::ArchiveMany));
    }

    #[test]
    fn what_is_no_archive_or_no_pack_is_told_apart() {
        assert_eq!(read(b"not a zip"), Err(NotPossible::ArchiveNot));
        assert_eq!(read(&write(&[("readme.md", b"x")])), Err(NotPossible::ArchiveZone));
    }
}
