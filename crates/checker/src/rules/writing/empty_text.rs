//! Y016 · 空的内容 / Empty
//!
//! 冒号后面什么也没有，或者引号里是空的。没有内容的键请删去。
//!
//! ---
//!
//! Nothing follows the colon, or the quotes hold nothing. Delete a key that has nothing to say.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y016");

pub fn finding(at: Place) -> Finding {
    Finding::error(CODE, at, "这里是空的", "nothing is written here").help("写上内容，或者删去这个键", "fill it in, or delete the key")
}
