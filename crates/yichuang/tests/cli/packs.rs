//! `yichuang check`, `explain`, `schema` and `form`.

use std::path::Path;

use serde_json::{Value, json};

use crate::fixture::{Folder, has_keys, keys, refused, run, zone};

fn edit(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{} holds no {from:?}", file.display());
    std::fs::write(file, text.replacen(from, to, 1)).unwrap();
}

/// A file of the pack that contains the text.
fn file_with(folder: &Path, text: &str) -> std::path::PathBuf {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "yaml")
                && std::fs::read_to_string(&path).unwrap().contains(text)
            {
                return path;
            }
        }
    }
    panic!("no file of {} holds {text:?}", folder.display());
}

#[test]
fn the_shipped_zone_has_nothing_to_report() {
    for arguments in
        [vec!["check", "--format", "json"], vec!["check", zone().to_str().unwrap(), "--format", "json"]]
    {
        let ran = run(&arguments);
        assert_eq!((ran.code, ran.json()), (0, json!([])), "{}", ran.out);
    }
    assert!(run(&["check"]).out.contains("0 个错误"));
}

#[test]
fn stories_that_differ_are_told_by_the_check_when_asked() {
    let folder = Folder::new("check-stories");
    let pack = folder.copy(&zone(), "pack");
    let food = pack.join("items/食品经营许可");
    for entry in ["items", "things"].map(|kind| pack.join(kind)) {
        for each in std::fs::read_dir(entry).unwrap() {
            let examples = each.unwrap().path().join("examples");
            if examples.exists() && !examples.starts_with(&food) {
                std::fs::remove_dir_all(examples).unwrap();
            }
        }
    }
    let arguments = ["check", pack.to_str().unwrap(), "--stories", "--lang", "en"];
    let all = std::fs::read_dir(food.join("examples")).unwrap().count();
    let ran = run(&arguments);
    assert!(ran.code == 0 && ran.out.contains(&format!("{all} stories, 0 differ")), "{}{}", ran.out, ran.err);

    edit(&food.join("item.yaml"), "promised: 5 working days", "promised: 6 working days");
    let quiet = run(&arguments[..2]);
    assert_eq!(quiet.code, 0, "the declarations themselves are right: {}", quiet.out);
    let ran = run(&arguments);
    assert!(ran.code == 1 && !ran.out.contains(" 0 differ"), "{}", ran.out);
    assert!(ran.out.contains("items/食品经营许可/examples/五日不告知视为受理.md:"), "{}", ran.out);
    let told = run(&[&arguments[..], &["--format", "json"]].concat());
    assert_eq!((told.code, &told.json()["findings"]), (1, &json!([])));
    let stories = told.json()["stories"].as_array().unwrap().clone();
    assert!(stories.len() == all && stories.iter().any(|story| story["passed"] == false), "{stories:?}");
}

#[test]
fn planted_defects_are_all_reported_at_once_with_code_place_and_help() {
    let folder = Folder::new("check");
    let pack = folder.copy(&zone(), "pack");
    // Full-width punctuation, an unknown key, a role that does not exist, a promise longer than the statute.
    let zone_file = pack.join("zone.yaml");
    edit(&zone_file, "name: ", "name： ");
    let item = file_with(&pack.join("items"), "statutory: 10 working days");
    edit(&item, "  promised: 5 working days", "  promised: 50 working days");
    edit(&item, "summary:", "sumary:");
    let place = item.strip_prefix(&pack).unwrap().to_str().unwrap().to_owned();

    let ran = run(&["check", pack.to_str().unwrap(), "--format", "json", "--lang", "en"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let found = ran.json();
    let found = found.as_array().unwrap();
    assert!(found.len() >= 2, "{found:?}");
    for diagnostic in found {
        has_keys(diagnostic, &["code", "severity", "message", "file", "line", "column", "help"]);
        let code = diagnostic["code"].as_str().unwrap();
        assert!(code.len() == 4 && code.starts_with('Y'), "{diagnostic}");
        assert!(
            diagnostic["line"].as_u64() >= Some(1) && diagnostic["column"].as_u64() >= Some(1),
            "{diagnostic}"
        );
        assert_eq!(run(&["explain", code]).code, 0, "every code has a page: {code}");
    }
    let at = |file: &str| found.iter().filter(|diagnostic| diagnostic["file"] == file).count();
    assert!(at("zone.yaml") >= 1 && at(&place) >= 1, "{found:?}");
    let spelled = found.iter().find(|diagnostic| diagnostic["message"].as_str().unwrap().contains("sumary"));
    let spelled = spelled.unwrap_or_else(|| panic!("the misspelt key is told: {found:?}"));
    assert!(spelled.to_string().contains("summary"), "the right key is offered: {spelled}");
}

#[test]
fn a_promise_longer_than_the_statute_is_an_error_or_a_warning_with_its_own_code() {
    let folder = Folder::new("promise");
    let pack = folder.copy(&zone(), "pack");
    let item = file_with(&pack.join("items"), "statutory: 10 working days");
    edit(&item, "  promised: 5 working days", "  promised: 50 working days");
    let ran = run(&["check", pack.to_str().unwrap(), "--format", "json"]);
    let codes: Vec<String> =
        ran.json().as_array().unwrap().iter().map(|each| each["code"].as_str().unwrap().into()).collect();
    assert!(codes.iter().any(|code| code == "Y201"), "{codes:?}");
}

#[test]
fn warnings_alone_do_not_fail_the_check() {
    let folder = Folder::new("warn");
    let pack = folder.copy(&zone(), "pack");
    // A role without holders can be filled after publishing, so it is no error.
    let file = pack.join("zone.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let (before, after) = text.split_once("holders: [").expect("the zone names holders");
    let (_, after) = after.split_once(']').unwrap();
    std::fs::write(&file, format!("{before}holders: []{after}")).unwrap();
    let ran = run(&["check", pack.to_str().unwrap(), "--format", "json"]);
    let found = ran.json();
    assert_eq!(ran.code, 0, "{found}");
    assert!(found.as_array().unwrap().iter().any(|each| each["severity"] == "warning"), "{found}");
}

#[test]
fn text_output_underlines_the_source() {
    let folder = Folder::new("text");
    let pack = folder.copy(&zone(), "pack");
    edit(&pack.join("zone.yaml"), "name: ", "name： ");
    let ran = run(&["check", pack.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.out.contains("zone.yaml") && ran.out.contains('^') && ran.out.contains("name："),
        "{}",
        ran.out
    );
}

#[test]
fn a_folder_that_is_no_pack_is_refused() {
    refused(&["check", "/nowhere"], "zone.yaml");
    refused(&["check", "--format", "xml"], "possible values");
}

#[test]
fn every_rule_has_a_page_in_both_languages() {
    for code in ["Y001", "Y101", "Y201", "Y301", "Y401", "Y501", "y301"] {
        let (zh, en) = (run(&["explain", code]), run(&["explain", code, "--lang", "en"]));
        assert_eq!((zh.code, en.code), (0, 0), "{code}");
        assert!(zh.out != en.out && !zh.out.is_ascii() && en.out.len() > 80, "{code}: {}", zh.out);
    }
    refused(&["explain", "Y999"], "Y101");
}

#[test]
fn the_schema_is_json_schema_with_chinese_descriptions() {
    let ran = run(&["schema"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let schema = ran.json();
    assert!(schema.to_string().contains("json-schema.org"), "{:?}", keys(&schema));
    assert!(!schema.to_string().is_ascii());
}

/// Two things of ten neutral items each; all ten apply when the mode is 店内, one otherwise.
fn neutral(folder: &Folder) -> String {
    for (path, content) in checker::testing::big_pack(20) {
        let file = std::path::PathBuf::from(folder.path("pack")).join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, &content).unwrap();
    }
    folder.path("pack")
}

fn form(folder: &Folder, pack: &str, thing: &str, answers: &Value) -> Value {
    let file = folder.path("answers.json");
    std::fs::write(&file, answers.to_string()).unwrap();
    let ran = run(&["form", thing, "--pack", pack, "--answers", &file, "--format", "json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let report = ran.json();
    has_keys(&report, &["questions", "materials", "separate", "merged", "complete"]);
    for counts in [&report["separate"], &report["merged"]] {
        has_keys(counts, &["questions", "materials", "visits"]);
    }
    for question in report["questions"].as_array().unwrap() {
        has_keys(question, &["field", "items", "known"]);
    }
    for material in report["materials"].as_array().unwrap() {
        has_keys(material, &["material", "items", "supplied_by"]);
    }
    report
}

fn fields(report: &Value) -> Vec<String> {
    let questions = report["questions"].as_array().unwrap();
    questions.iter().map(|question| question["field"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn one_answer_decides_whether_one_item_is_asked_for_or_ten() {
    let folder = Folder::new("form");
    let pack = neutral(&folder);
    let open = form(&folder, &pack, "事0", &json!({}));
    assert_eq!(
        (&open["complete"], fields(&open)[0].as_str()),
        (&json!(false), "方式0"),
        "it decides, so it is first"
    );
    let one = form(&folder, &pack, "事0", &json!({"方式0": "外送"}));
    let ten = form(&folder, &pack, "事0", &json!({"方式0": "店内"}));
    let count = |report: &Value, side: &str, what: &str| report[side][what].as_u64().unwrap();
    assert_eq!(count(&ten, "separate", "questions"), 10 * count(&one, "separate", "questions"));
    assert_eq!(
        count(&ten, "merged", "questions"),
        count(&one, "merged", "questions"),
        "the same facts serve all ten"
    );
    assert_eq!(count(&ten, "merged", "questions"), fields(&ten).len() as u64);
    let shared = ten["questions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|each| each["items"].as_array().unwrap().len() == 10);
    assert!(shared.count() >= 1, "a question says which items use it: {ten}");
}

#[test]
fn every_thing_of_the_zone_is_completed_by_its_fields_own_examples_and_asks_nothing_twice() {
    let examples = examples();
    let folder = Folder::new("form-zone");
    let pack = zone().into_os_string().into_string().unwrap();
    let mut things = 0;
    for entry in std::fs::read_dir(zone().join("things")).unwrap() {
        let thing = entry.unwrap().file_name().into_string().unwrap();
        let mut answers = json!({});
        // Each round answers what the round before added.
        let report = (0..12).find_map(|_| {
            let report = form(&folder, &pack, &thing, &answers);
            let mut asked = fields(&report);
            for field in &asked {
                if let Some(example) = examples.get(field) {
                    answers[field] = json!(example);
                }
            }
            let count = asked.len();
            asked.sort_unstable();
            asked.dedup();
            assert_eq!(asked.len(), count, "{thing} asks a field twice");
            (report["complete"] == true).then_some(report)
        });
        let Some(report) = report else {
            let report = form(&folder, &pack, &thing, &answers);
            let left: Vec<String> =
                fields(&report).into_iter().filter(|field| !examples.contains_key(field)).collect();
            // Fields without an example are tables or files, which an example in one line cannot show.
            assert!(!left.is_empty(), "{thing} is not complete though every field is answered: {answers}");
            continue;
        };
        things += 1;
        for what in ["questions", "materials", "visits"] {
            let (merged, separate) = (report["merged"][what].as_u64(), report["separate"][what].as_u64());
            assert!(merged <= separate, "{thing}: {what} {merged:?} > {separate:?}");
        }
    }
    assert!(things >= 3, "only {things} things could be completed");
}

/// Examples of the zone's fields, by field.
fn examples() -> std::collections::BTreeMap<String, String> {
    let mut examples = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(zone().join("fields")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut field = String::new();
        for line in text.lines() {
            if let Some(name) = line.strip_suffix(':').filter(|name| !name.starts_with([' ', '#'])) {
                field = name.to_owned();
            } else if let Some(example) = line.strip_prefix("  example: ") {
                examples.insert(field.clone(), example.trim().trim_matches('"').to_owned());
            }
        }
    }
    examples
}

#[test]
fn an_unknown_thing_or_field_is_refused_with_what_there_is() {
    let folder = Folder::new("form-unknown");
    let pack = neutral(&folder);
    refused(&["form", "没有这件事", "--pack", &pack], "事0");
    let file = folder.path("answers.json");
    std::fs::write(&file, r#"{"没有这个字段": "1"}"#).unwrap();
    refused(&["form", "事0", "--pack", &pack, "--answers", &file], "没有这个字段");
    std::fs::write(&file, "[1]").unwrap();
    refused(&["form", "事0", "--pack", &pack, "--answers", &file], "not a JSON object");
    refused(&["form", "事0", "--pack", &pack, "--answers", "/nowhere.json"], "/nowhere.json");
}
