//! Y203 · 法律没有规定的不计时情形 / A pause that the law does not know
//!
//! 行政许可法第四十五条列举了不计入期限的八种情形：听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审。
//! 其他做法（现场踏勘、公示、会签……）不能停法定时限；本地约定的，在 zone.yaml 的 local_pauses 里声明，
//! 写成 `not_counted: {local: 名称}`，只停承诺时限。
//!
//! ---
//!
//! The licensing statute (Art. 45) lists eight proceedings whose time is not counted: hearing, tender, auction,
//! inspection, testing, quarantine, appraisal, expert review. Anything else does not stop the statutory clock; a local
//! practice is declared under local_pauses and written `not_counted: {local: NAME}`, and stops the promise only.

use diagnostic::Code;

use crate::finding::{Finding, Place};

pub const CODE: Code = Code("Y203");

pub fn finding(at: Place, text: &str, local: bool) -> Finding {
    let found = Finding::error(
        CODE,
        at,
        format!("“{text}”不是法定的不计时情形"),
        format!("“{text}” is not a proceeding whose time the law leaves out"),
    );
    if local {
        let fix = format!("{{local: {text}}}");
        return found
            .help(
                "它是本地情形，只停承诺时限，要写成 {local: 名称}",
                "it is a local pause, which stops the promise only: write {local: NAME}",
            )
            .fix(fix);
    }
    found.help(
        "只能是听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审，或者 {local: 本地情形}",
        "write 听证, 招标, 拍卖, 检验, 检测, 检疫, 鉴定, 专家评审, or {local: NAME}",
    )
}
