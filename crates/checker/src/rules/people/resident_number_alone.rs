//! Y901 · 只收居民身份证号码 / Only a resident number is taken
//!
//! 必填的证件号码只收居民身份证号码：持护照、港澳居民来往内地通行证、台湾居民来往大陆通行证、外国人永久居留身份证的人填不了，办不成。
//! 用 also 列出还收哪些证件；确实只能是中国公民的，用 only 写明为什么，填错的人会看到这句话。
//!
//! ---
//!
//! The field is required and takes a resident number alone, so that nobody with a passport, a travel permit or the card of a
//! foreign permanent resident can hand in. List the other documents in `also`. Where it can only be a citizen, say why in `only`:
//! whoever enters another document reads it.

use catalogue::{Field, FieldKind};
use identifier::IdentifierKind;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y901");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for (id, field) in &pack.parts.fields {
        if !pack.asked.contains(id.as_str()) || !pack.field_is_sound(id.as_str()) {
            continue;
        }
        let place = pack.declared_field(id.as_str());
        if let FieldKind::Rows { columns, .. } = &field.kind {
            for column in columns.iter().filter(|column| shuts_out(column)) {
                out.push(finding(column, place.clone().key("columns").key(&column.id)));
            }
        } else if shuts_out(field) {
            out.push(finding(field, place));
        }
    }
}

fn shuts_out(field: &Field) -> bool {
    let alone = matches!(
        &field.kind,
        FieldKind::Identifier { identifier: IdentifierKind::Resident, also } if also.is_empty()
    );
    alone && !field.may_be_blank() && field.only.is_none()
}

fn finding(field: &Field, place: Place) -> Finding {
    Finding::warning(
        CODE,
        place.key("identifier"),
        format!("“{}”只收居民身份证号码，没有的人填不了", field.id),
        format!("“{}” takes a resident number alone, which not everybody has", field.id),
    )
    .help(
        "加上 also: [foreign-resident, hong-kong-macao-permit, taiwan-permit, passport]，或者用 only 写明为什么只收这一种",
        "add `also: [foreign-resident, hong-kong-macao-permit, taiwan-permit, passport]`, or say in `only` why no other is taken",
    )
}
