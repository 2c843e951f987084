//! Y804 · 语言写反了或没有写完 / The other language, or not written yet
//!
//! en 里写的是中文，或者还是 TODO、待定：读英文的人看不懂，读中文的人看到半成品。数据元名称（花括号里的）不算。
//!
//! ---
//!
//! The `en` of a text is Chinese, or a text still says TODO: its readers cannot use it. Names of fields in braces do not count.

use diagnostic::Bilingual;

use crate::resolve::{item_file, thing_file};
use crate::rules::kit::*;

pub const CODE: Code = Code("Y804");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let place = |file: String, key: &str| Place::file(file).key(key);
    for thing in pack.parts.things.values() {
        let file = || thing_file(thing.id.as_str());
        one(&thing.title, &place(file(), "title"), out);
        one(&thing.outcome, &place(file(), "outcome"), out);
        for (index, question) in thing.questions.iter().enumerate() {
            one(&question.ask, &place(file(), "questions").index(index).key("ask"), out);
        }
    }
    for item in pack.parts.items.values() {
        let file = || item_file(item.id.as_str());
        one(&item.title, &place(file(), "title"), out);
        item.summary.iter().for_each(|text| one(text, &place(file(), "summary"), out));
        for step in item.steps.values() {
            one(&step.title, &place(file(), "steps").key(&step.id).key("title"), out);
        }
        for result in item.results.values() {
            let at = place(file(), "results").key(&result.id);
            one(&result.title, &at.clone().key("title"), out);
            result.body.iter().for_each(|text| one(text, &at.clone().key("body"), out));
        }
    }
    for field in pack.parts.fields.values() {
        one(&field.label, &pack.declared_field(field.id.as_str()).key("label"), out);
    }
}

fn one(text: &Bilingual, at: &Place, out: &mut Vec<Finding>) {
    for (key, words) in [("zh", &text.zh), ("en", &text.en)] {
        if unfinished(words) {
            out.push(Finding::warning(CODE, at.clone().key(key), "这里还没有写完", "this is not written yet"));
            return;
        }
    }
    // What is missing in one language is stood in for by the other, which is told when it is read.
    if only_chinese(&text.en) && text.en != text.zh {
        out.push(finding(at.clone().key("en")));
    }
}

/// Found by reading too, where both languages are given and are the same.
pub fn finding(at: Place) -> Finding {
    Finding::warning(CODE, at, "en 里写的是中文", "the English is Chinese").help("写成英文", "write it in English")
}

fn unfinished(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    matches!(text.trim(), "待定" | "待补" | "待填" | "……" | "...")
        || words.into_iter().any(|word| matches!(word, "TODO" | "FIXME" | "TBD" | "XXX"))
}

/// Chinese characters outside braces, and no Latin word beside them.
pub fn only_chinese(text: &str) -> bool {
    let mut inside = false;
    let mut chinese = false;
    for c in text.chars() {
        match c {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => {}
            'a'..='z' | 'A'..='Z' => return false,
            '\u{4e00}'..='\u{9fff}' => chinese = true,
            _ => {}
        }
    }
    chinese
}
