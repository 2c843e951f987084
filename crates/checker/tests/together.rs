//! Many mistakes in one pack: each is reported, in any combination, and none causes other reports.

use std::path::Path;
use std::sync::Arc;

use checker::{PackFiles, compile};
use proptest::prelude::*;

/// File, correct text, mistaken text, and the code that it must get.
const MISTAKES: [(&str, &str, &str, &str); 16] = [
    ("items/甲事项/item.yaml", "valid: 5 years", "valid: 5 yeras", "Y017"),
    ("items/甲事项/item.yaml", "officers: 2", "officers: 1", "Y116"),
    ("items/甲事项/item.yaml", "approver: 负责人", "approver: 负责", "Y014"),
    ("items/甲事项/item.yaml", "when: 面积 > 200", "when: 面积 ＞ 200", "Y019"),
    ("items/甲事项/item.yaml", "promised: 10 working days", "promised: 25 working days", "Y201"),
    ("items/甲事项/item.yaml", "amount: 10, basis: 某法 第九条", "amount: 10", "Y310"),
    (
        "items/甲事项/item.yaml",
        "delivery: 10 working days",
        "delivery: 10 working days\n  delivery: 9 working days",
        "Y008",
    ),
    ("items/乙事项/item.yaml", "department: 部门一", "department: 部门", "Y014"),
    ("items/乙事项/item.yaml", "promised: 3 working days", "promised: 1 working day", "Y202"),
    ("items/乙事项/item.yaml", "visits: {claimed: 0}", "visits： {claimed: 0}", "Y002"),
    ("items/乙事项/item.yaml", "  核对: {title", "\t核对: {title", "Y003"),
    (
        "fields/基本.yaml",
        "电话:\n",
        "传真:\n  label: {zh: 传真, en: Fax}\n  section: 主体\n  type: phone\n电话:\n",
        "Y307",
    ),
    ("materials/材料.yaml", "issuer: applicant", "issuer: aplicant", "Y013"),
    ("things/丙事/thing.yaml", "keywords:", "keyword:", "Y010"),
    ("things/丙事/thing.yaml", "方式 = \"店内\"", "方式 = \"店里\"", "Y020"),
    (
        "zone.yaml",
        "from: \"09:00\", to: \"17:00\", kind: regular}\nwindows",
        "from: \"09:00\", to: \"18:00\", kind: regular}\nwindows",
        "Y602",
    ),
];

fn base() -> PackFiles {
    fn load(root: &Path, folder: &Path, files: &mut PackFiles) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                load(root, &path, files);
                continue;
            }
            let name = path.strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
            files.insert(name, Arc::from(std::fs::read(&path).expect("a readable file")));
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/base");
    let mut files = PackFiles::new();
    load(&root, &root, &mut files);
    files
}

/// The codes reported for a pack with these mistakes.
fn earned(planted: &[usize]) -> Vec<String> {
    let mut files = base();
    for &place in planted {
        let (file, from, to, _) = MISTAKES[place];
        let bytes = files.get(file).unwrap_or_else(|| panic!("the base has no {file}"));
        let text = String::from_utf8(bytes.to_vec()).expect("a text");
        assert!(text.contains(from), "{file} does not say {from:?}");
        files.insert(file.to_owned(), Arc::from(text.replacen(from, to, 1).into_bytes()));
    }
    let mut codes: Vec<String> =
        compile(&files).diagnostics.iter().map(|found| found.code.to_string()).collect();
    codes.sort();
    codes
}

fn expected(planted: &[usize]) -> Vec<String> {
    let mut codes: Vec<String> = planted.iter().map(|place| MISTAKES[*place].3.to_owned()).collect();
    codes.sort();
    codes
}

#[test]
fn each_mistake_alone_earns_its_own_code_and_no_other() {
    for (place, mistake) in MISTAKES.iter().enumerate() {
        assert_eq!(earned(&[place]), expected(&[place]), "{mistake:?}");
    }
}

#[test]
fn all_of_them_at_once_are_reported_in_one_run() {
    let all: Vec<usize> = (0..MISTAKES.len()).collect();
    assert_eq!(earned(&all), expected(&all));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whichever_come_together_exactly_they_are_reported(
        planted in proptest::sample::subsequence((0..MISTAKES.len()).collect::<Vec<_>>(), 0..=MISTAKES.len())
    ) {
        prop_assert_eq!(earned(&planted), expected(&planted));
    }
}
