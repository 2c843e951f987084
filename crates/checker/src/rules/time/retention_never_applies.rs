//! Y213 · 保存期限用不上 / A retention rule that never applies
//!
//! 保存期限按先后取第一条管得着的。前面已经有一条管着同样的记录，后面这一条永远轮不到。
//!
//! ---
//!
//! Of the retention rules the first that fits counts. Where an earlier one covers the same records, this one never has its turn.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y213");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("retention") || !pack.zone_is_sound("classes") {
        return;
    }
    let rules = &pack.parts.zone.retention;
    for (place, rule) in rules.iter().enumerate() {
        let earlier = || rules[..place].iter().filter(|earlier| earlier.of == rule.of);
        // What covers everything else may stand last, however much the others cover.
        let first = if rule.classes.is_empty() {
            earlier().find(|earlier| earlier.classes.is_empty())
        } else {
            let taken = |class: &catalogue::ClassId| {
                earlier().find(|earlier| earlier.classes.is_empty() || earlier.classes.contains(class))
            };
            let taken: Option<Vec<_>> = rule.classes.iter().map(taken).collect();
            taken.and_then(|taken| taken.first().copied())
        };
        let Some(first) = first else { continue };
        out.push(
            Finding::error(
                CODE,
                pack.zone().key("retention").key(&rule.id).name(),
                format!("“{}”永远轮不到，“{}”已经管着同样的记录", rule.id, first.id),
                format!("“{}” never has its turn: “{}” covers the same records", rule.id, first.id),
            )
            .help("把范围窄的写在前面，或者删去这一条", "put the narrower one first, or delete this one")
            .also(pack.zone().key("retention").key(&first.id).name(), "先写的在这里", "the earlier one is here"),
        );
    }
}
