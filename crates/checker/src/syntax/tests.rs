//! Compares our parser with an independent YAML parser, and checks the byte map of scalars.

use std::path::{Path, PathBuf};

use granit_parser::{Event, Parser};

use super::{Node, Value, parse};

#[derive(Debug, PartialEq)]
enum Tree {
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(Tree, Tree)>),
}

fn ours(text: &str) -> Tree {
    let parsed = parse(text, &crate::shape::is_key);
    assert!(parsed.problems.is_empty(), "{:?} in {text}", parsed.problems);
    plain(&parsed.root)
}

fn plain(node: &Node<'_>) -> Tree {
    match &node.value {
        Value::Empty => Tree::Text(String::new()),
        Value::Scalar(scalar) => Tree::Text(scalar.text.to_string()),
        Value::List(list) => Tree::List(list.iter().map(plain).collect()),
        Value::Map(map) => Tree::Map(
            map.entries
                .iter()
                .map(|entry| (Tree::Text(entry.key.text.to_string()), plain(&entry.value)))
                .collect(),
        ),
        Value::Broken => panic!("broken without a problem"),
    }
}

fn theirs(text: &str) -> Tree {
    let mut events = Parser::new_from_str(text)
        .map(|event| event.unwrap_or_else(|error| panic!("{error} in {text}")).0)
        .filter(|event| {
            !matches!(
                event,
                Event::StreamStart | Event::DocumentStart(..) | Event::Comment(..) | Event::DocumentEnd
            )
        });
    let first = events.next();
    build(first, &mut events)
}

fn build<'e>(event: Option<Event<'e>>, events: &mut impl Iterator<Item = Event<'e>>) -> Tree {
    match event {
        Some(Event::Scalar(text, ..)) => {
            Tree::Text(if text == "~" { String::new() } else { text.to_string() })
        }
        Some(Event::SequenceStart(..)) => {
            let mut list = Vec::new();
            loop {
                match events.next() {
                    Some(Event::SequenceEnd) => return Tree::List(list),
                    other => list.push(build(other, events)),
                }
            }
        }
        Some(Event::MappingStart(..)) => {
            let mut map = Vec::new();
            loop {
                match events.next() {
                    Some(Event::MappingEnd) => return Tree::Map(map),
                    other => {
                        let key = build(other, events);
                        let value = events.next();
                        map.push((key, build(value, events)));
                    }
                }
            }
        }
        _ => Tree::Text(String::new()),
    }
}

#[test]
fn every_form_that_packs_use_reads_as_an_independent_parser_reads_it() {
    for text in [
        "a: 1\nb: 二\n",
        "a:\n  - 1\n  - b: 2\n    c: 3\n  -\n    d: 4\n",
        "a:\n- 1\n- 2\nb: 3\n",
        "a: {b: 1, c: [2, 3], \"d e\": 'f''g'}\n",
        "a: {b: 1,\n    c: 2}\nd: 3\n",
        "a: [\n  1,\n  2,\n]\nb: 1\n",
        "a: \"x\\n\\u4e2d\\\"y\\\\\" # note\n",
        "a: |\n  first\n\n    deeper\n  last\nb: 1\n",
        "a: |-\n  one\n  two\n\nb: 1\n",
        "a: |+\n  one\n\n\nb: 1\n",
        "a: >\n  folded\n  text\n\n  new\nb: 1\n",
        "a: >-\n  folded\n  text\n",
        "a: >-\n  one\n    deeper\n  two\n",
        "a: plain text\n  goes on\n\n  here\nb: 1\n",
        "a: \"quoted\n  goes on\n\n  here\"\nb: 1\n",
        "a: 'quoted\n  goes on'\nb: 1\n",
        "a: 方式 = \"堂食\" and 面积 > 200\n",
        "a: {when: 方式 = \"堂食\", b: 1}\n",
        "a: http://x.example/y#z\nb: 10:30\n",
        "a: x # comment\n# comment\nb: y#z\n",
        "---\na: 1\n",
        "- a\n- - b\n  - c\n- {}\n- []\n",
        "a: -1\nb: - 2x\n".trim_end_matches("b: - 2x\n"),
        "a: {zh: 多行\n  文字, en: b}\nc: 1\n",
        "\"a b\": 1\n'c': 2\n",
        "a:\n  b:\n\nc: 1\n",
        "a: x\r\nb:\r\n  - y\r\n",
        "a: “引号”和：冒号，逗号\n",
    ] {
        assert_eq!(ours(text), theirs(text), "{text}");
    }
}

#[test]
fn every_file_of_the_shipped_zone_reads_as_an_independent_parser_reads_it() {
    let mut seen = 0;
    let mut folders = vec![
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zones"),
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/base"),
    ];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path: PathBuf = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                let text = std::fs::read_to_string(&path).expect("a readable file");
                assert_eq!(ours(&text), theirs(&text), "{}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "only {seen} files");
}

#[test]
fn places_inside_texts_lead_back_to_their_bytes() {
    let at = |text: &str, needle: &str| {
        let parsed = parse(text, &|_| false);
        let map = parsed.root.map().expect("a mapping");
        let scalar = map.entries[0].value.scalar().expect("a scalar");
        let within = scalar.text.find(needle).expect("the needle");
        let range = scalar.range(within..within + needle.len());
        text[range].to_owned()
    };
    for (text, needle) in [
        ("a: 甲 > 1 and 乙 = 2\n", "乙"),
        ("a: \"甲 = \\\"x\\\" and 乙 = 2\"\n", "乙"),
        ("a: 'it''s 甲 and 乙'\n", "乙"),
        ("a: |\n  甲 > 1\n    and 乙\n", "乙"),
        ("a: >-\n  甲 > 1\n  and 乙 = 2\n", "乙 = 2"),
        ("a: 甲 > 1\n  and 乙 = 2\n", "乙 = 2"),
        ("a: \"甲 > 1\n  and 乙 = 2\"\n", "乙 = 2"),
    ] {
        assert_eq!(at(text, needle), needle, "{text}");
    }
    // An escape is one character of the text but several bytes of the file.
    assert_eq!(at("a: \"甲\\u4e59丙\"\n", "乙"), "\\u4e59");
}
