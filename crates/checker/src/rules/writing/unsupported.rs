//! Y005 · 不支持的 YAML 写法 / YAML that packs do not use
//!
//! 事项包只用 YAML 的一个小子集：没有锚点 `&`、引用 `*`、标签 `!`、合并键 `<<`、`?` 键、指令 `%`，一个文件一份文档。
//! 这样每个人看到的就是最后生效的，不用在脑子里展开。
//!
//! ---
//!
//! Packs use a small part of YAML: no anchors, aliases, tags, merge keys, `?` keys or directives, and one document per
//! file, so that what one reads is what holds.

use diagnostic::Code;

use crate::finding::{Finding, Place};
use crate::syntax::Unsupported;

pub const CODE: Code = Code("Y005");

pub fn finding(at: Place, what: Unsupported) -> Finding {
    let (zh, en) = match what {
        Unsupported::Anchor => ("锚点（&）", "anchors (&)"),
        Unsupported::Alias => ("引用（*）", "aliases (*)"),
        Unsupported::Tag => ("标签（!）", "tags (!)"),
        Unsupported::MergeKey => ("合并键（<<）", "merge keys (<<)"),
        Unsupported::Document => ("一个文件里的第二份文档（---）", "a second document in a file (---)"),
        Unsupported::Directive => ("指令（%）", "directives (%)"),
        Unsupported::ComplexKey => ("问号键（?）", "complex keys (?)"),
    };
    Finding::error(CODE, at, format!("事项包里不能用{zh}"), format!("packs do not use {en}")).help(
        "把内容直接写出来；如果是普通文字，用英文双引号括起来",
        "write the content out; if it is plain text, put it between double quotes",
    )
}
