//! Y010 · 不认识的键 / Unknown key
//!
//! 这里没有叫这个名字的键。多半是拼写有误，或者放错了层次。有相近的键时，检查器按相近的键理解并继续检查。
//!
//! ---
//!
//! There is no such key here: it is misspelt, or stands on the wrong level. Where a key is near enough, checking goes on
//! as if that had been written.

use diagnostic::Code;

use crate::finding::{Finding, Place};
use crate::shape::Record;

pub const CODE: Code = Code("Y010");

pub fn finding(at: Place, key: &str, record: &Record, nearest: Option<&str>) -> Finding {
    // The file's name leads the description of a whole file, and stands beside the finding already.
    let what = record.zh.rsplit('：').next().unwrap_or(record.zh);
    let found = Finding::error(
        CODE,
        at,
        format!("{what}不认识“{key}”这个键"),
        format!("{} has no key `{key}`", record.en),
    );
    match nearest {
        Some(nearest) => found.help(format!("是不是“{nearest}”？"), format!("did you mean `{nearest}`?")).fix(nearest),
        None => {
            let all = record.keys.iter().map(|key| key.name).collect::<Vec<_>>().join(" ");
            found.help(format!("可以用的键：{all}"), format!("its keys are: {all}"))
        }
    }
}

/// A text has only its two languages.
pub fn in_text(at: Place, key: &str) -> Finding {
    Finding::error(CODE, at, format!("文字里没有“{key}”这个键"), format!("a text has no key `{key}`"))
        .help("文字只有 zh 和 en 两个键", "a text has the keys zh and en")
}
