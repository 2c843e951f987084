//! Y011 · 缺少必要的键 / Missing key
//!
//! 这一处必须写明的内容没有写。
//!
//! ---
//!
//! Something that has to be said here is not said.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y011");

pub fn finding(code: Code, at: Place, key: &str, zh: &str, en: &str) -> Finding {
    Finding::error(code, at, format!("缺少“{key}”（{zh}）"), format!("`{key}` is missing ({en})"))
}

/// One of several keys has to be there.
pub fn one_of(at: Place, keys: &[&str]) -> Finding {
    Finding::error(
        CODE,
        at,
        format!("要写明“{}”中的一个", keys.join("”“")),
        format!("one of `{}` is missing", keys.join("`, `")),
    )
}
