//! Y319 · 数据表里同一个号码出现两次 / One key twice in a registry
//!
//! 随包的数据表里，作为查询依据的那一列有两行写着同一个号码，或者写着校验不过的号码：前一种会把一家的名称、
//! 地址填到另一家的表里，后一种谁也查不到。
//!
//! ---
//!
//! Two rows of the table have the same key, so that one enterprise would be given the name and address of another; or a key
//! does not pass its own check digit, so that nobody is ever found by it.

use std::collections::HashMap;

use catalogue::{FieldKind, RegistrySource};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y319");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    for registry in pack.parts.registries.values() {
        let RegistrySource::Csv { key_column, columns, rows, file, .. } = &registry.source else { continue };
        let Some(place) = columns.iter().position(|column| column == key_column) else { continue };
        if !pack.registry_is_sound(registry.id.as_str()) {
            continue;
        }
        // Further kinds of papers have numbers of their own.
        let kind = match pack.parts.fields.get(&registry.key).map(|field| &field.kind) {
            Some(FieldKind::Identifier { identifier, also }) if also.is_empty() => Some(*identifier),
            _ => None,
        };
        let at = || pack.declared_registry(registry.id.as_str()).key("csv");
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (row, line) in rows.iter().zip(2..) {
            let Some(key) = row.get(place) else { continue };
            if let Some(before) = seen.insert(key.to_ascii_uppercase(), line) {
                out.push(
                    Finding::error(
                        CODE,
                        at(),
                        format!("“{file}”第 {line} 条和第 {before} 条的“{key_column}”相同"),
                        format!("records {before} and {line} of “{file}” have the same “{key_column}”"),
                    )
                    .help("留下对的那一条", "keep the one that is right"),
                );
            }
            if kind.is_some_and(|kind| identifier::parse(kind, key).is_err()) {
                out.push(
                    Finding::error(
                        CODE,
                        at(),
                        format!("“{file}”第 {line} 条的“{key_column}”不是有效的号码"),
                        format!("the “{key_column}” of record {line} of “{file}” is no valid number"),
                    )
                    .help("按原件核对", "check it against the original"),
                );
            }
        }
    }
}
