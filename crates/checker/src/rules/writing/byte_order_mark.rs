//! Y028 · 文件开头有 BOM / A byte order mark
//!
//! 有些编辑器会在 UTF-8 文件开头加三个看不见的字节。它不影响检查，但会让别的工具认错第一个键，请另存为“UTF-8 无 BOM”。
//!
//! ---
//!
//! Some editors put three invisible bytes before UTF-8 text. It was skipped, but other tools misread the first key; save
//! as UTF-8 without BOM.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y028");

pub fn finding(at: Place) -> Finding {
    Finding::advice(CODE, at, "文件开头有 BOM", "the file begins with a byte order mark").fix("")
}
