//! Y008 · 同一个键写了两遍 / The same key twice
//!
//! 同一处的键不能重复：不知道该听哪一个。检查时用的是前一个。
//!
//! ---
//!
//! A key stands once in its place; with two nobody knows which one holds. The first was used.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y008");

pub fn finding(at: Place, key: &str, first: Place) -> Finding {
    Finding::error(CODE, at, format!("“{key}”写了两遍"), format!("`{key}` stands twice"))
        .also(first, "第一次在这里", "first here")
        .help("删去一个，或者改名", "delete one of them, or rename it")
}
