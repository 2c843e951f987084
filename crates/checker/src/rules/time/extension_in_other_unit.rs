//! Y225 · 延期和期限的单位不同 / An extension in another unit
//!
//! 延长的期限接在法定期限后面（没有法定期限的，接在承诺期限后面），单位不同就接不上：办事指南说可以延长，到时候却延不了。
//!
//! ---
//!
//! An extension continues the statutory limit, or the promised one where there is none. In another unit it cannot: the guide
//! says that the limit can be extended, and then it cannot.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y225");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let limits = &item.item.limits;
    let Some(extension) = limits.extension.as_ref().filter(|_| item.is_sound(&["limits"])) else { return };
    let (key, extended) = match limits.statutory {
        Some(statutory) => ("statutory", statutory),
        None => ("promised", limits.promised),
    };
    if extension.limit.unit == extended.unit {
        return;
    }
    let text = |limit: calendar::Limit, lang| limit.text(lang);
    let (zh, en) = (calendar::Lang::Zh, calendar::Lang::En);
    out.push(
        Finding::error(
            CODE,
            item.at("limits").key("extension").key("limit"),
            format!("延长的是{}，期限是{}，单位不同，延不了", text(extension.limit, zh), text(extended, zh)),
            format!(
                "the extension of {} is in another unit than the limit of {}, so nothing can be extended",
                text(extension.limit, en),
                text(extended, en)
            ),
        )
        .also(item.at("limits").key(key), "延长的是这个期限", "the limit that is extended")
        .help("用期限的单位写", "write it in the unit of the limit"),
    );
}
