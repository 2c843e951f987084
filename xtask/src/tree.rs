//! The rules of the source tree, each as a function that lists all violations.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::functions::{self, FUNCTION_LINES_MAX, STILL_TO_SPLIT};

const FILE_LINES_MAX: usize = 800;
/// Bands 0 to 2 are pure.
const PURE_BAND_MAX: u8 = 2;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    metadata: Option<serde_json::Value>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    path: Option<PathBuf>,
}

#[derive(Debug)]
struct Crate {
    band: Option<u8>,
    folder: PathBuf,
    uses: Vec<String>,
}

/// The crates of the workspace with their sources.
#[derive(Debug)]
pub struct Tree {
    root: PathBuf,
    crates: BTreeMap<String, Crate>,
    sources: BTreeMap<PathBuf, String>,
    /// Names that belong to the zone's data.
    zone_names: Vec<String>,
}

impl Tree {
    /// # Errors
    /// When `cargo metadata` fails, or a source cannot be read.
    pub fn read() -> Result<Self> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the root")?.to_owned();
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
        let output = Command::new(cargo)
            .args(["metadata", "--no-deps", "--format-version", "1", "--locked", "--offline"])
            .current_dir(&root)
            .output()?;
        anyhow::ensure!(
            output.status.success(),
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
        let mut crates = BTreeMap::new();
        let mut sources = BTreeMap::new();
        for package in metadata.packages {
            let folder = package.manifest_path.parent().context("a manifest lies in a folder")?.to_owned();
            let band = package
                .metadata
                .as_ref()
                .and_then(|value| value.pointer("/yichuang/band")?.as_u64())
                .and_then(|band| u8::try_from(band).ok());
            let uses = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.path.is_some() && dependency.kind.is_none())
                .map(|dependency| dependency.name.clone())
                .collect();
            collect_sources(&folder, &mut sources)?;
            crates.insert(package.name, Crate { band, folder, uses });
        }
        let zone_names = zone_names(&root)?;
        Ok(Self { root, crates, sources, zone_names })
    }

    pub fn findings(&self) -> Vec<String> {
        let mut findings = self.edges_that_go_up();
        findings.extend(self.crates_missing_from_the_map());
        findings.extend(self.impure_ground());
        findings.extend(self.data_in_code());
        findings.extend(self.long_files());
        findings.extend(self.long_functions());
        findings.extend(self.files_without_a_head());
        findings.extend(self.glob_re_exports());
        findings.extend(self.sql_outside_stores());
        findings
    }

    /// Dependencies go down: a crate uses only bands below its own.
    pub fn edges_that_go_up(&self) -> Vec<String> {
        let mut findings = Vec::new();
        for (name, krate) in &self.crates {
            let Some(band) = krate.band else {
                findings.push(format!("{name}: no band in [package.metadata.yichuang]"));
                continue;
            };
            for used in &krate.uses {
                let Some(below) = self.crates.get(used).and_then(|used| used.band) else { continue };
                // Band 0 crates may depend on each other (expression on diagnostic); cargo itself forbids
                // cycles.
                if below > band || (below == band && band != 0) {
                    findings.push(format!(
                        "{name} (band {band}) uses {used} (band {below}), which is not below it"
                    ));
                }
            }
        }
        findings
    }

    pub fn crates_missing_from_the_map(&self) -> Vec<String> {
        let map = std::fs::read_to_string(self.root.join("ARCHITECTURE.md")).unwrap_or_default();
        self.crates
            .keys()
            .filter(|name| !map.contains(&format!("`{name}`")))
            .map(|name| format!("ARCHITECTURE.md does not mention `{name}`"))
            .collect()
    }

    /// No clock, file, network, thread, environment or random source in bands 0 to 2. Test modules in files
    /// named `tests.rs` are exempt.
    pub fn impure_ground(&self) -> Vec<String> {
        const FORBIDDEN: [&str; 12] = [
            "Timestamp::now",
            "Zoned::now",
            "SystemTime",
            "Instant::now",
            "std::fs",
            "std::net",
            "std::env",
            "std::thread",
            "std::process",
            "async fn",
            "tokio::",
            "getrandom",
        ];
        let mut findings = Vec::new();
        for krate in self.crates.values().filter(|krate| krate.band.is_some_and(|band| band <= PURE_BAND_MAX))
        {
            for (path, text) in self
                .sources
                .iter()
                .filter(|(path, _)| path.starts_with(krate.folder.join("src")) && !path.ends_with("tests.rs"))
            {
                for (number, line) in code_lines(text) {
                    if let Some(word) = FORBIDDEN.iter().find(|word| line.contains(**word)) {
                        findings.push(format!("{}:{number}: {word} in a pure crate", self.short(path)));
                    }
                }
            }
        }
        findings
    }

    /// Code owns kinds, data owns sentences: the names of the zone's items and things stay out of code.
    pub fn data_in_code(&self) -> Vec<String> {
        let mut findings = Vec::new();
        for (path, text) in self.sources.iter().filter(|(path, _)| self.is_shipped(path)) {
            for (number, line) in code_lines(text) {
                if let Some(name) = self.zone_names.iter().find(|name| line.contains(name.as_str())) {
                    findings.push(format!("{}:{number}: names the zone's {name}", self.short(path)));
                }
            }
        }
        findings
    }

    pub fn long_files(&self) -> Vec<String> {
        self.sources
            .iter()
            .filter(|(_, text)| text.lines().count() > FILE_LINES_MAX && !text.contains("//! Long because"))
            .map(|(path, text)| format!("{}: {} lines", self.short(path), text.lines().count()))
            .collect()
    }

    /// Functions over the limit, apart from those still to be split, and entries of that list that have served.
    pub fn long_functions(&self) -> Vec<String> {
        let mut findings = Vec::new();
        let mut left = STILL_TO_SPLIT.to_vec();
        for (path, text) in self.sources.iter().filter(|(path, _)| self.is_product_or_xtask(path)) {
            let short = self.short(path);
            for long in functions::too_long(text) {
                let known = left.iter().position(|(file, name, _)| *file == short && *name == long.name);
                let allowed = known.map_or(FUNCTION_LINES_MAX, |known| left.remove(known).2);
                if long.lines > allowed {
                    findings.push(format!(
                        "{short}:{}: {} has {} lines, more than {allowed}",
                        long.line, long.name, long.lines
                    ));
                }
            }
        }
        let served =
            left.iter().map(|(file, name, _)| format!("{file}: {name} is short: strike it off the list"));
        findings.extend(served);
        findings
    }

    /// Every file says in its first line what it contains.
    pub fn files_without_a_head(&self) -> Vec<String> {
        let heads = |text: &str| text.starts_with("//!") || text.starts_with("#!");
        let headless = self.sources.iter().filter(|(_, text)| !heads(text));
        headless.map(|(path, _)| format!("{}: no `//!` in the first line", self.short(path))).collect()
    }

    /// An explicit list shows what a crate exports and from where; a glob hides both.
    pub fn glob_re_exports(&self) -> Vec<String> {
        let mut findings = Vec::new();
        for (path, text) in self.sources.iter().filter(|(path, _)| self.is_shipped(path)) {
            for (number, line) in code_lines(text) {
                let line = line.trim();
                if line.starts_with("pub") && line.contains("use ") && line.ends_with("::*;") {
                    findings.push(format!("{}:{number}: {line}", self.short(path)));
                }
            }
        }
        findings
    }

    /// Only the store crates (and benchmarks) contain SQL.
    pub fn sql_outside_stores(&self) -> Vec<String> {
        let mut findings = Vec::new();
        for (path, text) in self.sources.iter().filter(|(path, _)| self.is_shipped(path)) {
            if self.short(path).starts_with("crates/store-")
                || self.short(path).starts_with("crates/yichuang/src/bench")
            {
                continue;
            }
            for (number, line) in code_lines(text) {
                let lower = line.to_lowercase();
                if ["\"select ", "\"insert into ", "\"update ", "\"delete from "]
                    .iter()
                    .any(|sql| lower.contains(sql))
                {
                    findings.push(format!("{}:{number}: SQL outside a store", self.short(path)));
                }
            }
        }
        findings
    }

    fn is_shipped(&self, path: &Path) -> bool {
        self.crates.values().any(|krate| path.starts_with(krate.folder.join("src")))
            && !path.starts_with(self.root.join("xtask"))
    }

    fn is_product_or_xtask(&self, path: &Path) -> bool {
        (self.is_shipped(path) || path.starts_with(self.root.join("xtask/src")))
            && !path.ends_with("tests.rs")
    }

    fn short(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

/// Lines with their numbers, without comments and without the tests at the end of a file.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line))
}

fn collect_sources(folder: &Path, into: &mut BTreeMap<PathBuf, String>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name != "target" && name != "fuzz" {
                collect_sources(&path, into)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path)?;
            into.insert(path, text);
        }
    }
    Ok(())
}

/// Names of items and things of at least four characters, long enough to be unmistakable.
fn zone_names(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for zone in std::fs::read_dir(root.join("zones"))? {
        for kind in ["items", "things"] {
            let Ok(entries) = std::fs::read_dir(
                zone.as_ref().map_or_else(|_| PathBuf::new(), |zone| zone.path()).join(kind),
            ) else {
                continue;
            };
            for entry in entries {
                if let Ok(name) = entry?.file_name().into_string()
                    && name.chars().count() >= 4
                {
                    names.push(name);
                }
            }
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(findings: Vec<String>) {
        assert!(findings.is_empty(), "\n{}", findings.join("\n"));
    }

    #[test]
    fn every_dependency_goes_down() {
        none(Tree::read().unwrap().edges_that_go_up());
    }

    #[test]
    fn the_map_names_every_crate() {
        none(Tree::read().unwrap().crates_missing_from_the_map());
    }

    #[test]
    fn the_ground_is_pure() {
        none(Tree::read().unwrap().impure_ground());
    }

    #[test]
    fn no_service_is_named_in_code() {
        none(Tree::read().unwrap().data_in_code());
    }

    #[test]
    fn files_fit_a_reader() {
        none(Tree::read().unwrap().long_files());
    }

    #[test]
    fn functions_fit_a_screen() {
        none(Tree::read().unwrap().long_functions());
    }

    #[test]
    fn every_file_says_what_it_holds() {
        none(Tree::read().unwrap().files_without_a_head());
    }

    #[test]
    fn no_name_is_re_exported_by_a_glob() {
        none(Tree::read().unwrap().glob_re_exports());
    }

    #[test]
    fn only_stores_know_sql() {
        none(Tree::read().unwrap().sql_outside_stores());
    }

    #[test]
    fn a_broken_rule_is_found() {
        let mut tree = Tree::read().unwrap();
        let path = tree.root.join("crates/calendar/src/planted.rs");
        tree.sources.insert(
            path,
            format!(
                "fn f() {{ std::fs::read(\"x\"); }}\npub use x::*;\nlet sql = \"select 1\";\nlet a = \"{}\";\n",
                tree.zone_names[0]
            ),
        );
        assert_eq!(tree.impure_ground().len(), 1);
        assert_eq!(tree.sql_outside_stores().len(), 1);
        assert_eq!((tree.files_without_a_head().len(), tree.glob_re_exports().len()), (1, 1));
        assert_eq!(tree.data_in_code().len(), 1);
        tree.crates.get_mut("calendar").unwrap().uses.push("web".into());
        assert_eq!(tree.edges_that_go_up().len(), 1);
    }
}
