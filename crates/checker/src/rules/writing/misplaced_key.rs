//! Y029 · 键与类型不配 / A key for another type
//!
//! 有些键只对某些类型有意义，例如 `options` 只用于单选和多选，`min` 只用于数字、金额和日期。写在别处不起作用。
//!
//! ---
//!
//! Some keys make sense for some types only: `options` for choices, `min` for numbers, money and dates. Elsewhere they
//! do nothing.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y029");

pub fn finding(at: Place, key: &str, word: &str, only: &[&str]) -> Finding {
    Finding::error(
        CODE,
        at,
        format!("“{key}”对 {word} 不起作用"),
        format!("`{key}` means nothing for {word}"),
    )
    .help(format!("它用于：{}", only.join("、")), format!("it is for: {}", only.join(", ")))
}
