//! Y006 · 不是 UTF-8 文字 / Not UTF-8 text
//!
//! 文件要用 UTF-8 编码保存，也不能夹有空字符之类的控制字符。记事本里选“另存为 → 编码 → UTF-8”。
//! 编码不对的文件整个没有读。
//!
//! ---
//!
//! Files are saved as UTF-8 and hold no control characters such as NUL. A file in another encoding is not read at all.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y006");

pub fn finding(at: Place, control: Option<char>) -> Finding {
    match control {
        Some(c) => Finding::error(
            CODE,
            at,
            format!("夹有控制字符 U+{:04X}", u32::from(c)),
            format!("a control character U+{:04X}", u32::from(c)),
        )
        .help("删去它", "delete it"),
        None => Finding::error(CODE, at, "这个文件不是 UTF-8 编码", "this file is not UTF-8")
            .help("另存为 UTF-8 编码", "save it as UTF-8"),
    }
}
