//! Y324 · 登记库的列对错了 / Columns of a registry crossed
//!
//! 一个数据元从别的列取数，而名称和它对得上的那一列却给了另一个数据元：名称、地址多半写反了，会照错的印到证照上。
//!
//! ---
//!
//! A field is supplied from another column while the column whose name it bears supplies another field: probably they are crossed, and
//! licences would print name for address.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y324");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for registry in pack.parts.registries.values().filter(|each| pack.registry_is_sound(each.id.as_str())) {
        let bears = |field: &str, column: &str| {
            let label = pack.parts.fields.get(field).map(|field| field.label.zh.as_str());
            field.contains(column) || label.is_some_and(|label| label.contains(column))
        };
        let crossed = registry.supplies.iter().find_map(|(field, column)| {
            let (other, own) = registry.supplies.iter().find(|(other, own)| {
                *other != field && *own != column && bears(field.as_str(), own) && !bears(other.as_str(), own)
            })?;
            (!bears(field.as_str(), column)).then_some((field, column, other, own))
        });
        let Some((field, column, other, own)) = crossed else { continue };
        let at = |field: &catalogue::FieldId| pack.declared_registry(registry.id.as_str()).key("supplies").key(field);
        out.push(
            Finding::warning(
                CODE,
                at(field),
                format!("“{field}”取自“{column}”列，“{own}”列却给了“{other}”"),
                format!("“{field}” comes from “{column}” while “{own}” supplies “{other}”"),
            )
            .also(at(other), "另一项在这里", "the other one is here")
            .help("对照数据表的列名", "compare with the columns of the table"),
        );
    }
}
