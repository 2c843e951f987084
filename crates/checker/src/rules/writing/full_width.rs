//! Y002 · 全角标点 / Full-width punctuation
//!
//! 冒号、逗号、引号、列表的括号和行首的空格作为 YAML 的符号时必须是英文半角的。中文输入法下打出的 `：`、`，`、`“` 看着相似，程序却不认。
//! 检查器已按半角理解并继续检查。文字内容里的全角标点不受影响。
//!
//! ---
//!
//! Colons, commas, quotes, the brackets of lists and the spaces of indentation belong to the YAML itself and must be ASCII. A Chinese input method gives
//! look-alikes. They were read as meant, and checking went on. Punctuation inside texts may be full-width.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y002");

pub fn finding(at: Place, mark: char, ascii: &str) -> Finding {
    if ascii.trim().is_empty() {
        return Finding::error(
            CODE,
            at,
            "这一行用全角空格缩进，要用英文的半角空格",
            "this line is indented with full-width spaces; use ASCII spaces",
        )
        .fix(ascii);
    }
    let shown = ascii.trim();
    Finding::error(
        CODE,
        at,
        format!("这里要用英文的 {shown}，写成了全角的 {mark}"),
        format!("the full-width {mark} stands where the ASCII {shown} belongs"),
    )
    .fix(ascii)
}
