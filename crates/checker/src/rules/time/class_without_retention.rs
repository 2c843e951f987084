//! Y214 · 有的大类没有保存期限 / A class without a retention rule
//!
//! 区里规定了保存期限，但有的大类没有一条管得着：这些办件里的个人信息会一直留着。《个人信息保护法》第十九条要求保存期限为实现
//! 目的所必要的最短时间。
//!
//! ---
//!
//! The zone says how long records are kept, but no rule covers this class: what its cases say about people stays for ever.
//! Article 19 of the Personal Information Protection Law wants the shortest time that the purpose needs.

use catalogue::RecordKind;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y214");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let rules = &pack.parts.zone.retention;
    if rules.is_empty() || !pack.zone_is_sound("retention") || !pack.zone_is_sound("classes") {
        return;
    }
    for class in pack.parts.classes.keys() {
        let covered = rules
            .iter()
            .any(|rule| rule.of == RecordKind::Cases && (rule.classes.is_empty() || rule.classes.contains(class)));
        if !covered {
            out.push(
                Finding::warning(
                    CODE,
                    pack.zone().key("classes").key(class).name(),
                    format!("“{class}”的办件没有保存期限"),
                    format!("nothing says how long cases of “{class}” are kept"),
                )
                .help(
                    "在 retention 里加一条；要永久保存的，写上依据，不写 years",
                    "add a rule under `retention`; what is kept for ever has a basis and no `years`",
                ),
            );
        }
    }
}
