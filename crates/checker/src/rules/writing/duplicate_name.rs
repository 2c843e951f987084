//! Y009 · 同名的声明 / Declared twice
//!
//! 两个文件声明了同名的数据元、材料或数据源。名称在全区只能用一次，别处引用时才不会弄错。
//!
//! ---
//!
//! Two files declare a field, material or registry under one name. A name is used once in the zone, so that a
//! reference to it can mean only one thing.

use diagnostic::Code;

use crate::finding::{Finding, Place};
use crate::shape::Kind;

pub const CODE: Code = Code("Y009");

pub fn finding(at: Place, kind: Kind, name: &str, first: Place) -> Finding {
    Finding::error(
        CODE,
        at,
        format!("{}“{name}”已经声明过", kind.zh()),
        format!("{} “{name}” is already declared", kind.en()),
    )
    .also(first, "在这里", "here")
    .help("删去一个，或者改名", "delete one of them, or rename it")
}
