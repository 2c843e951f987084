//! Y002 · 全角标点 / Full-width punctuation
//!
//! 冒号、逗号、引号作为 YAML 的符号时必须是英文半角的。中文输入法下打出的 `：`、`，`、`“` 看着相似，程序却不认。
//! 检查器已按半角理解并继续检查。文字内容里的全角标点不受影响。
//!
//! ---
//!
//! Colons, commas and quotes that belong to the YAML itself must be the ASCII ones. A Chinese input method gives
//! look-alikes. They were read as meant, and checking went on. Punctuation inside texts may be full-width.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y002");

pub fn finding(at: Place, mark: char, ascii: &str) -> Finding {
    let shown = ascii.trim();
    Finding::error(
        CODE,
        at,
        format!("这里要用英文的 {shown}，写成了全角的 {mark}"),
        format!("the full-width {mark} stands where the ASCII {shown} belongs"),
    )
    .fix(ascii)
}
