//! Runs the specs in `tests/rules/*.md`: every bad snippet gets exactly its own diagnostic, every good one
//! none.
//!
//! A spec has a heading `# CODE name`, then sections `## Bad` and `## Good`. The blocks of a section change
//! the base pack: `edit PATH` replaces the text above `====` by the text below, `file PATH` adds a file,
//! `bytes PATH` adds one written with escapes, `delete PATH` removes one. A bad section ends with a block
//! `diagnostic` of four lines: position, severity, and the message in Chinese and English. `UPDATE_SPECS=1`
//! rewrites these blocks, to be reviewed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use checker::{Compiled, PackFiles, compile, explain, rules};
use diagnostic::{Diagnostic, Sources};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

fn load(root: &Path) -> PackFiles {
    let mut files = PackFiles::new();
    gather(root, root, &mut files);
    files
}

fn gather(root: &Path, folder: &Path, files: &mut PackFiles) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            gather(root, &path, files);
            continue;
        }
        let name = path.strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
        files.insert(name, Arc::from(std::fs::read(&path).expect("a readable file")));
    }
}

#[derive(Debug)]
struct Block {
    kind: String,
    path: String,
    text: String,
}

#[derive(Debug)]
struct Section {
    bad: bool,
    title: String,
    blocks: Vec<Block>,
}

#[derive(Debug)]
struct Spec {
    code: String,
    name: String,
    sections: Vec<Section>,
}

fn parse(text: &str) -> Spec {
    let mut lines = text.lines();
    let heading = lines.next().expect("a heading").trim_start_matches("# ");
    let (code, name) = heading.split_once(' ').expect("CODE name");
    let mut spec = Spec { code: code.into(), name: name.trim().into(), sections: Vec::new() };
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            spec.sections.push(Section {
                bad: title.starts_with("Bad"),
                title: title.into(),
                blocks: Vec::new(),
            });
        } else if let Some(info) = line.strip_prefix("````") {
            let (kind, path) = info.split_once(' ').unwrap_or((info, ""));
            let body: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("````")).collect();
            let block = Block { kind: kind.into(), path: path.into(), text: body.join("\n") };
            spec.sections.last_mut().expect("a section before its blocks").blocks.push(block);
        }
    }
    spec
}

fn applied(base: &PackFiles, section: &Section, about: &str) -> PackFiles {
    let mut files = base.clone();
    for block in &section.blocks {
        match block.kind.as_str() {
            "edit" => {
                let old = files.get(&block.path).unwrap_or_else(|| panic!("{about}: no file {}", block.path));
                let old = String::from_utf8(old.to_vec()).expect("text");
                let (from, to) =
                    block.text.split_once("\n====").unwrap_or_else(|| panic!("{about}: no ===="));
                let to = to.strip_prefix('\n').unwrap_or(to);
                assert_eq!(
                    old.matches(from).count(),
                    1,
                    "{about}: `{from}` does not stand once in {}",
                    block.path
                );
                files.insert(block.path.clone(), Arc::from(old.replacen(from, to, 1).into_bytes()));
            }
            "file" => {
                files.insert(block.path.clone(), Arc::from(format!("{}\n", block.text).into_bytes()));
            }
            "bytes" => {
                files.insert(block.path.clone(), Arc::from(unescaped(&block.text)));
            }
            "delete" => {
                assert!(files.remove(&block.path).is_some(), "{about}: no file {}", block.path);
            }
            "diagnostic" => {}
            other => panic!("{about}: unknown block {other}"),
        }
    }
    files
}

/// `\xFF` stands for that byte, `\n` for a line break.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend(rest[..at].bytes());
        if let Some(code) = rest[at..].strip_prefix("\\x") {
            bytes.push(u8::from_str_radix(&code[..2], 16).expect("two hexadecimal digits"));
            rest = &code[2..];
        } else {
            bytes.push(b'\n');
            rest = &rest[at + 2..];
        }
    }
    bytes.extend(rest.bytes());
    bytes
}

fn shown(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let span = diagnostic.primary.span;
    let file = sources.get(span.source).map_or("?".to_owned(), |source| source.name.to_string());
    let place =
        sources.place(span).map_or("?".to_owned(), |place| format!("{}:{}", place.line, place.column));
    let text = sources.text(span).unwrap_or_default().lines().next().unwrap_or_default().to_owned();
    let severity = diagnostic.severity.as_str();
    format!("{file}:{place} `{text}`\n{severity}\n{}\n{}", diagnostic.message.zh, diagnostic.message.en)
}

fn all(compiled: &Compiled) -> String {
    let one = |found: &Diagnostic| format!("{} {}", found.code, shown(found, &compiled.sources));
    compiled.diagnostics.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_base_pack_is_correct() {
    let compiled = compile(&load(&folder().join("base")));
    assert_eq!(all(&compiled), "");
    assert!(compiled.edition.is_some());
    assert_eq!(compiled.stories.len(), 1);
}

#[test]
fn every_bad_snippet_earns_its_own_diagnostic_and_every_good_one_none() {
    let base = load(&folder().join("base"));
    let update = std::env::var_os("UPDATE_SPECS").is_some();
    let mut wrong = Vec::new();
    for (path, text) in specs() {
        let spec = parse(&text);
        let mut rewritten = text.clone();
        for section in &spec.sections {
            let about = format!("{} {}", path.file_name().expect("a name").to_string_lossy(), section.title);
            let compiled = compile(&applied(&base, section, &about));
            if !section.bad {
                if !compiled.diagnostics.is_empty() || compiled.edition.is_none() {
                    wrong.push(format!("{about}: expected nothing, got\n{}", all(&compiled)));
                }
                continue;
            }
            let [found] = &compiled.diagnostics[..] else {
                wrong.push(format!("{about}: expected one {}, got\n{}", spec.code, all(&compiled)));
                continue;
            };
            if found.code.0 != spec.code {
                wrong.push(format!("{about}: expected {}, got\n{}", spec.code, all(&compiled)));
                continue;
            }
            let has_edition = compiled.edition.is_some();
            assert_eq!(has_edition, found.severity != diagnostic::Severity::Error, "{about}");
            let expected = section.blocks.iter().find(|block| block.kind == "diagnostic");
            let expected = expected.unwrap_or_else(|| panic!("{about}: no diagnostic block"));
            let actual = shown(found, &compiled.sources);
            if actual != expected.text {
                if update {
                    let old = format!("## {}", section.title);
                    let at = rewritten.find(&old).expect("its own section");
                    let (head, tail) = rewritten.split_at(at);
                    let block = format!("````diagnostic\n{}", expected.text);
                    let with = format!("````diagnostic\n{actual}");
                    let tail = tail.replacen(block.trim_end_matches('\n'), &with, 1);
                    rewritten = format!("{head}{tail}");
                } else {
                    wrong.push(format!("{about}: expected\n{}\ngot\n{actual}", expected.text));
                }
            }
        }
        if update && rewritten != text {
            std::fs::write(&path, rewritten).expect("the spec can be written");
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n\n{}", wrong.len(), wrong.join("\n\n"));
}

fn specs() -> Vec<(PathBuf, String)> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the specs")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    found.sort();
    found.into_iter().map(|path| (path.clone(), std::fs::read_to_string(&path).expect("a spec"))).collect()
}

#[test]
fn every_rule_has_a_spec_and_a_page_in_both_languages() {
    let specs: BTreeMap<String, Spec> =
        specs().into_iter().map(|(_, text)| parse(&text)).map(|spec| (spec.code.clone(), spec)).collect();
    let pages = rules();
    assert!(pages.len() >= 40, "only {} rules", pages.len());
    for page in &pages {
        let spec = specs.get(page.code).unwrap_or_else(|| panic!("{} {} has no spec", page.code, page.name));
        assert_eq!(spec.name, page.name, "{}", page.code);
        assert!(spec.sections.iter().any(|section| section.bad), "{} has no bad snippet", page.code);
        assert!(spec.sections.iter().any(|section| !section.bad), "{} has no good snippet", page.code);
        for text in [&page.title.zh, &page.title.en, &page.markdown.zh, &page.markdown.en] {
            assert!(!text.trim().is_empty(), "{} lacks a text", page.code);
        }
        assert!(!page.markdown.en.contains("---"), "{} has a page of more than two parts", page.code);
        assert_eq!(explain(&page.code.to_lowercase()).as_ref(), Some(page));
    }
    let codes: Vec<&str> = pages.iter().map(|page| page.code).collect();
    assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "a code is used twice: {codes:?}");
    for code in specs.keys() {
        assert!(codes.contains(&code.as_str()), "the spec of {code} has no rule");
    }
    assert_eq!(explain("Y999"), None);
}
