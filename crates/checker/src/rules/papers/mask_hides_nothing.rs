//! Y314 · 遮了等于没遮 / A mask that hides nothing
//!
//! 遮挡规则要真的遮住一些字：显示的位数不能达到最短的回答，可公开的字段也不用写遮挡规则。
//!
//! ---
//!
//! A mask has to hide something: it shows fewer characters than the shortest answer has, and a field that may be published
//! has none.

use catalogue::{Field, FieldKind, Sensitivity};
use identifier::IdentifierKind;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y314");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for (id, field) in &pack.parts.fields {
        let Some(mask) = field.mask else { continue };
        let place = pack.field(id.as_str()).key("mask");
        if field.sensitivity == Sensitivity::Public {
            out.push(
                Finding::warning(
                    CODE,
                    place,
                    format!("“{id}”可公开，遮挡规则用不上"),
                    format!("“{id}” may be published, so its mask is never used"),
                )
                .help("删去 mask，或者改成 personal", "delete `mask`, or make the field personal"),
            );
        } else if mask.first + mask.last >= shortest(field) {
            let shown = mask.first + mask.last;
            out.push(
                Finding::error(
                    CODE,
                    place,
                    format!("“{id}”最短 {} 个字，显示 {shown} 个等于没遮", shortest(field)),
                    format!("the shortest “{id}” has {} characters; showing {shown} hides nothing", shortest(field)),
                )
                .help("少显示几个字", "show fewer"),
            );
        }
    }
}

/// Characters of the shortest right answer.
fn shortest(field: &Field) -> u32 {
    match &field.kind {
        FieldKind::Text { min_length, .. } => (*min_length).max(1),
        FieldKind::Identifier { identifier: IdentifierKind::Resident | IdentifierKind::CreditCode, also }
            if also.is_empty() =>
        {
            18
        }
        FieldKind::Identifier { identifier: IdentifierKind::Mobile, .. } | FieldKind::Date { .. } => 10,
        FieldKind::Phone => 7,
        FieldKind::Address | FieldKind::Identifier { .. } => 8,
        _ => 1,
    }
}
