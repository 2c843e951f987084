//! The list of everybody who was forgotten, beside the database and in none of its copies: so that a copy from before brings
//! nobody back. A line names whom the journal names, which leads to nobody by itself.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use office::{Again, Erasure, Office};

use crate::lang::says;

/// Where the list of an embedded database lies.
pub fn list_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".forgotten");
    name.into()
}

/// Everybody on the list. A line that was cut short names nobody; that is told.
pub fn read(path: &Path) -> Result<Vec<Erasure>> {
    let mut text = String::new();
    let opened = File::open(path).and_then(|mut file| file.read_to_string(&mut text));
    opened
        .with_context(|| says(format!("读取 {}", path.display()), format!("reading {}", path.display())))?;
    let mut all: Vec<Erasure> = Vec::new();
    for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
        match serde_json::from_str::<Erasure>(line) {
            Ok(erasure) => all.push(erasure),
            Err(error) => {
                let (path, place) = (path.display(), place + 1);
                eprintln!(
                    "{}",
                    says(
                        format!("{path} 第 {place} 行读不出，已跳过：{error}"),
                        format!("{path}: line {place} cannot be read and is left out: {error}"),
                    )
                );
            }
        }
    }
    Ok(all)
}

/// Adds those who are not on the list yet. What is on it stays: it may know more than the database that is there now.
pub fn keep(path: &Path, erasures: &[Erasure]) -> Result<()> {
    let known = if path.exists() { read(path)? } else { Vec::new() };
    let fresh: Vec<&Erasure> = erasures
        .iter()
        .filter(|erasure| known.iter().all(|known| known.subject != erasure.subject))
        .collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let mut lines = String::from(if is_cut_short(path)? { "\n" } else { "" });
    for erasure in fresh {
        lines.push_str(&serde_json::to_string(erasure)?);
        lines.push('\n');
    }
    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| file.write_all(lines.as_bytes()).and_then(|()| file.sync_all()));
    written.with_context(|| says(format!("写入 {}", path.display()), format!("writing {}", path.display())))
}

/// Whether the last line has no end.
fn is_cut_short(path: &Path) -> Result<bool> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(bytes.last().is_some_and(|last| *last != b'\n')),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Applies the list to an office that is about to serve, which a copy put back by hand needs, and keeps it from now on.
pub async fn keep_for(office: &Office, path: PathBuf) -> Result<()> {
    if path.exists() {
        apply(office, &read(&path)?).await?;
    }
    keep(&path, &office.erasures().await?)?;
    office.when_forgotten(move |erasure| {
        if let Err(error) = keep(&path, std::slice::from_ref(erasure)) {
            tracing::error!(%error, "the list of who was forgotten could not be written");
        }
    });
    Ok(())
}

/// Forgets everybody on the list whom the store still knows; tells how many, and how many of their cases were under way.
pub async fn apply(office: &Office, list: &[Erasure]) -> Result<(usize, usize)> {
    let (mut people, mut under_way) = (0, 0);
    for erasure in list {
        if let Again::Forgotten { open } = office.forget_again(erasure).await? {
            people += 1;
            under_way += open;
        }
    }
    if people > 0 {
        // Nobody uploads anything now: files that nobody links to any more go at once.
        office.store().blob_sweep(office.now()).await?;
    }
    Ok((people, under_way))
}

#[cfg(test)]
mod tests {
    use office::{Forgotten, Ground};

    use super::*;

    fn erasure(subject: &str) -> Erasure {
        let forgotten = Forgotten {
            at: "2026-11-30T01:00:00Z".parse().expect("an instant"),
            by: "account/1".into(),
            ground: Ground::Unlawful,
            cases: 1,
            restricted: 0,
        };
        Erasure { subject: subject.into(), forgotten }
    }

    #[test]
    fn a_list_keeps_whom_it_knows_and_survives_a_line_that_was_cut_short() {
        let folder = std::env::temp_dir().join(format!("yichuang-forgotten-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = list_of(&folder.join("zone.db"));
        let _ = std::fs::remove_file(&path);
        keep(&path, &[erasure("guest/1"), erasure("account/2")]).expect("it is written");
        keep(&path, &[erasure("account/2"), erasure("guest/3")]).expect("it is written");
        let named = |path: &Path| -> Vec<String> {
            read(path).expect("it is read").into_iter().map(|one| one.subject).collect()
        };
        assert_eq!(named(&path), ["guest/1", "account/2", "guest/3"]);
        let whole = std::fs::read(&path).expect("it is there");
        std::fs::write(&path, &whole[..whole.len() - 20]).expect("it is cut");
        keep(&path, &[erasure("guest/4")]).expect("it is written");
        assert_eq!(named(&path), ["guest/1", "account/2", "guest/4"]);
        std::fs::remove_dir_all(&folder).expect("it goes");
    }
}
