//! Y015 · 缺少一种语言 / A language is missing
//!
//! 给人看的文字要有中文和英文两种：`{zh: 名称, en: Name}`。
//!
//! ---
//!
//! A text that people see is given in Chinese and English: `{zh: 名称, en: Name}`.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y015");

pub fn finding(at: Place, missing: &str) -> Finding {
    let (zh, en) = match missing {
        "zh" => ("缺少中文（zh）", "the Chinese text (zh) is missing"),
        "en" => ("缺少英文（en）", "the English text (en) is missing"),
        _ => ("文字要有中文和英文两种", "a text is given in both languages"),
    };
    Finding::error(CODE, at, zh, en).help("写成 {zh: 中文, en: English}", "write {zh: 中文, en: English}")
}
