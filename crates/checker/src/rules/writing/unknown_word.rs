//! Y013 · 不在可选范围内 / Not one of the choices
//!
//! 这里只能从固定的几个词里选一个。
//!
//! ---
//!
//! Only words of a fixed list can stand here.

use diagnostic::Code;

use crate::finding::{Finding, Place};
use crate::shape::Word;

pub const CODE: Code = Code("Y013");

pub fn finding(at: Place, word: &str, words: &[Word], nearest: Option<&str>) -> Finding {
    let found = Finding::error(CODE, at, format!("这里不能写“{word}”"), format!("`{word}` cannot stand here"));
    match nearest {
        Some(nearest) => found.help(format!("是不是“{nearest}”？"), format!("did you mean `{nearest}`?")).fix(nearest),
        None => {
            let zh = words.iter().map(|word| format!("{}（{}）", word.text, word.zh)).collect::<Vec<_>>().join("、");
            let en = words.iter().map(|word| word.text).collect::<Vec<_>>().join(", ");
            found.help(format!("可以写：{zh}"), format!("choose from: {en}"))
        }
    }
}
