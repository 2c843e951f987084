//! Y003 · 用制表符缩进 / Indented with tabs
//!
//! 缩进只能用空格：制表符在不同编辑器里宽度不同，层次会看错。请在编辑器里设置“用空格代替制表符”。
//!
//! ---
//!
//! Indentation is made of spaces only; a tab is as wide as the editor likes. Set your editor to insert spaces.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y003");

pub fn finding(at: Place, lines: usize) -> Finding {
    Finding::error(
        CODE,
        at,
        format!("用制表符缩进了 {lines} 行"),
        format!("{lines} line{} indented with tabs", if lines == 1 { " is" } else { "s are" }),
    )
    .help("每一级改用两个空格", "use two spaces for each level")
}
