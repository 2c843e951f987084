//! Y007 · 嵌套太深 / Nested too deeply
//!
//! 层次超过四十八级，更深的内容没有读。事项包里没有哪一处需要这么深，多半是括号写多了。
//!
//! ---
//!
//! More than 48 levels; what lies deeper was not read. Nothing in a pack needs that, so brackets were probably repeated.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y007");

pub fn finding(at: Place) -> Finding {
    Finding::error(CODE, at, "嵌套太深，没有再读下去", "nested too deeply to be read")
        .help("减少层次", "use fewer levels")
}
