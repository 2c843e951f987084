//! Y004 · 冒号后缺空格 / No space after the colon
//!
//! 键后面的冒号要跟一个空格，如 `title: 名称`；否则整行会被当成一段文字。
//!
//! ---
//!
//! A space follows the colon of a key, as in `title: text`; without it the line is one text.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y004");

pub fn finding(at: Place) -> Finding {
    Finding::error(CODE, at, "冒号后面缺一个空格", "a space is missing after the colon").fix(": ")
}
