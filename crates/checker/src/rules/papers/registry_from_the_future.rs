//! Y325 · 登记库的日期还没有到 / A registry dated in the future
//!
//! as_of 是数据截止的日期，会显示给申请人。写到了事项包里最后一张日历之后，多半是年份抄错了。
//!
//! ---
//!
//! `as_of` is the day of the data and is shown to applicants. Beyond the pack's last calendar it is probably a miscopied year.

use catalogue::RegistrySource;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y325");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if pack.calendars_present > pack.parts.years.len() {
        return;
    }
    let Some(last) = pack.parts.years.iter().map(|table| table.year).max() else { return };
    for registry in pack.parts.registries.values().filter(|each| pack.registry_is_sound(each.id.as_str())) {
        let RegistrySource::Csv { as_of, .. } = &registry.source else { continue };
        if as_of.year() > last {
            out.push(Finding::warning(
                CODE,
                pack.declared_registry(registry.id.as_str()).key("as_of"),
                format!("“{}”的数据到 {as_of}，最后一张日历是 {last} 年的", registry.id),
                format!("“{}” has data as of {as_of}, the last calendar is of {last}", registry.id),
            ));
        }
    }
}
