//! Y026 · 案例读不懂 / A story that cannot be read
//!
//! 案例文件是一篇 Markdown，里面有且只有一个以 story 标明的代码块；每个动作要写明它需要的内容，例如“完成环节”要写事项和环节。
//!
//! ---
//!
//! A story is a Markdown file with exactly one code block marked story; each act says what it needs, for instance a
//! step names its item and step.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y026");

pub fn finding(at: Place, zh: &str, en: &str) -> Finding {
    Finding::error(CODE, at, zh, en)
}
