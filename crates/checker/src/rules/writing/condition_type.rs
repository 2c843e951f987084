//! Y020 · 条件的类型不对 / A condition that does not type
//!
//! 条件拿两种不能相比的东西比较，例如把单选与数字相比，或者写了一个不存在的选项。
//!
//! ---
//!
//! A condition compares what cannot be compared, such as a choice with a number, or names an option that does not exist.

use diagnostic::Code;

pub const CODE: Code = Code("Y020");
