//! Y902 · 没有电话的人填不了 / Nobody without a telephone can answer
//!
//! 电话是必填的，又不能回答“没有电话”：没有电话的人办不成，窗口只好编一个号码，通知就发给了陌生人。
//! 用 absent 写明没有时怎么说，或者写 optional: true。
//!
//! ---
//!
//! The telephone is required, and one cannot answer that one has none: such people cannot hand in, or a number is made up at the
//! window and notices go to a stranger. Say in `absent` how one says that there is none, or write `optional: true`.

use catalogue::{Field, FieldKind};
use identifier::IdentifierKind;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y902");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for (id, field) in &pack.parts.fields {
        if !pack.asked.contains(id.as_str()) || !pack.field_is_sound(id.as_str()) || !always_needed(field) {
            continue;
        }
        out.push(
            Finding::warning(
                CODE,
                pack.declared_field(id.as_str()).key("type"),
                format!("“{id}”必填，没有电话的人填不了"),
                format!("“{id}” is required, and nobody without a telephone can answer"),
            )
            .help("加上 absent: {zh: 没有电话, en: No telephone}", "add `absent: {zh: 没有电话, en: No telephone}`"),
        );
    }
}

fn always_needed(field: &Field) -> bool {
    let phone = match &field.kind {
        FieldKind::Phone => true,
        FieldKind::Identifier { identifier, .. } => {
            matches!(identifier, IdentifierKind::Phone | IdentifierKind::Mobile)
        }
        _ => false,
    };
    phone && !field.may_be_blank()
}
