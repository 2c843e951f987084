//! Y328 · 记入的登记库认不出持有人 / An entry in a register that goes by another number
//!
//! enters 说出具这个结果就等于登记库里多了一条新记载：登记库按哪个数据元查（key），结果的 holder 的 code 就要是那个数据元；as 左边写的，要是登记库
//! 提供（supplies）的数据元。不然新的记载查不到，申请人看到的还是旧的。
//!
//! ---
//!
//! `enters` says that making out this result is a new entry in a registry. The holder's `code` is then the registry's `key`, and what
//! stands on the left of `as` is among what it `supplies`. Otherwise nobody finds the new entry, and people see the old one.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y328");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    if !item.is_sound(&["results"]) {
        return;
    }
    for result in item.item.results.values() {
        let Some(entry) = &result.enters else { continue };
        let Some(registry) = item.pack.parts.registries.get(&entry.registry) else { continue };
        let at = || item.at("results").key(&result.id).key("enters");
        let code = result.holder.as_ref().and_then(|holder| holder.code.as_ref());
        if code != Some(&registry.key) {
            out.push(
                Finding::error(
                    CODE,
                    at().key("registry"),
                    format!("“{}”按“{}”查，这个结果的持有人不按它认", registry.id, registry.key),
                    format!("“{}” goes by “{}”, and the holder of this result does not", registry.id, registry.key),
                )
                .help("在 holder 里写上 code", "name that field as the holder's `code`"),
            );
        }
        for field in entry.fields.keys().filter(|field| !registry.supplies.contains_key(*field)) {
            out.push(
                Finding::error(
                    CODE,
                    at().key("as").key(field),
                    format!("“{}”不提供“{field}”", registry.id),
                    format!("“{}” does not supply “{field}”", registry.id),
                )
                .help("写登记库 supplies 里的数据元", "name a field among what the registry supplies"),
            );
        }
    }
}
