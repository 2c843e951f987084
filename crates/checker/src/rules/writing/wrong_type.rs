//! Y012 · 类型不对 / Wrong type
//!
//! 这里应当是另一种内容，例如该写列表的地方写了一段文字，该写数字的地方写了汉字。
//!
//! ---
//!
//! Something of another kind belongs here: a list instead of a text, a number instead of words.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y012");

pub fn finding(at: Place, wanted: (&str, &str), found: (&str, &str)) -> Finding {
    Finding::error(
        CODE,
        at,
        format!("这里应当是{}，写的是{}", wanted.0, found.0),
        format!("{} belongs here, not {}", wanted.1, found.1),
    )
}
