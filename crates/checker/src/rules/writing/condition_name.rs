//! Y021 · 条件里有没声明的名称 / Unknown name in a condition
//!
//! 条件只能用数据元字典里的名称。多半是错别字。
//!
//! ---
//!
//! Conditions use names of the field dictionary. Most likely it is misspelt.

use diagnostic::Code;

pub const CODE: Code = Code("Y021");
