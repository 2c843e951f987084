//! Y001 · 写法有误 / Cannot be read
//!
//! 这一处不合 YAML 的写法，读不下去了：少了冒号、缩进对不齐、引号或括号没有收尾、文字里夹着冒号等。
//! 同一文件其余部分照常检查；修好这里再检查一遍，可能还会看到这一段里的其他问题。
//!
//! 文字里有 `: `、` #`、`{`、`[` 或逗号时，用英文双引号把整段文字括起来最稳妥。
//!
//! ---
//!
//! This place is not YAML: a colon is missing, the indentation does not line up, a quote or bracket never closes, or
//! a text holds a colon. The rest of the file is still checked.
//!
//! A text with `: `, ` #`, `{`, `[` or commas is safest between double quotes.

use diagnostic::Code;

use crate::finding::{Finding, Place};
use crate::syntax::Malformed;

pub const CODE: Code = Code("Y001");

pub fn finding(at: Place, what: Malformed) -> Finding {
    let (zh, en, help_zh, help_en) = match what {
        Malformed::NoColon => (
            "这一行不是“键: 值”",
            "this line is not `key: value`",
            "补上冒号和空格，如 `名称: 内容`；多余的行请删去",
            "add a colon and a space, as in `name: text`, or delete the line",
        ),
        Malformed::Indentation => (
            "缩进与同级的行对不齐",
            "the indentation does not line up with its siblings",
            "同一级的行，行首空格要一样多",
            "lines of one level begin with equally many spaces",
        ),
        Malformed::UnclosedQuote => (
            "引号没有收尾",
            "this quote never closes",
            "在文字末尾补上同样的引号",
            "add the same quote at the end of the text",
        ),
        Malformed::UnclosedBracket { open } => {
            let close = if open == '{' { '}' } else { ']' };
            return Finding::error(
                CODE,
                at,
                format!("括号 {open} 没有收尾"),
                format!("this {open} never closes"),
            )
            .help(format!("补上 {close}"), format!("add {close}"));
        }
        Malformed::TrailingText => (
            "这里多出了文字",
            "text stands after the end of the value",
            "整段文字放进同一对引号，或者删去多出的部分",
            "put the whole text into one pair of quotes, or delete the rest",
        ),
        Malformed::ColonInText => (
            "文字里有冒号，分不清是不是键",
            "the text holds a colon, which looks like a key",
            "用英文双引号把整段文字括起来",
            "put the whole text between double quotes",
        ),
        Malformed::BracketInText => (
            "括号里的文字含有 { 或 [",
            "text inside brackets holds { or [",
            "用英文双引号把整段文字括起来",
            "put the whole text between double quotes",
        ),
        Malformed::CommaInText => (
            "文字里有逗号，断成了两项",
            "the comma ends the text here, and what follows is no entry",
            "用英文双引号把整段文字括起来；中文里也可以用全角逗号",
            "put the whole text between double quotes",
        ),
        Malformed::StrayComma => ("多了一个逗号", "a comma too many", "删去这个逗号", "delete this comma"),
        Malformed::MissingComma => (
            "两项之间少了逗号",
            "a comma is missing between two entries",
            "补上英文逗号",
            "add a comma",
        ),
        Malformed::ReservedMark => (
            "文字不能以这个符号开头",
            "a text cannot begin with this mark",
            "用英文双引号把整段文字括起来",
            "put the whole text between double quotes",
        ),
        Malformed::BadEscape => (
            "没有这种转义写法",
            "there is no such escape",
            "反斜杠本身要写成 \\\\，或者改用单引号",
            "write a backslash as \\\\, or use single quotes",
        ),
        Malformed::ListOnKeyLine => (
            "列表的第一项不能和键写在同一行",
            "a list does not begin on the line of its key",
            "把 `- ` 换到下一行，并多缩进两格",
            "put `- ` on the next line, two spaces deeper",
        ),
    };
    Finding::error(CODE, at, zh, en).help(help_zh, help_en)
}
