//! Y620 · 大厅开着，却办不了事 / A hall that is open and serves nobody
//!
//! 大厅有开放时间，却一个窗口也没有，或者窗口什么事项都不受理：人按公布的时间来了，没有人能接待。只有自助机的大厅写
//! `self_service: true`。大厅里别的窗口能办事，只有一个窗口什么都不受理的，也在这里提醒。
//!
//! ---
//!
//! The hall has opening hours but not one window, or none of its windows serves any item: people come in the published hours and
//! nobody can receive them. A hall of machines only says `self_service: true`. A single window that serves nothing, beside others
//! that do, is warned of here too.

use crate::rules::hall::serves_something;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y620");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let parts = pack.parts;
    let sound = ["halls", "windows", "service_lines"].iter().all(|key| pack.zone_is_sound(key));
    if !sound || pack.some_use_lost || parts.items.is_empty() {
        return;
    }
    for hall in parts.halls.values().filter(|hall| !hall.hours.is_empty()) {
        let at = pack.zone().key("halls").key(&hall.id);
        let windows: Vec<_> = parts.windows.values().filter(|window| window.hall == hall.id).collect();
        let idle: Vec<_> = windows.iter().filter(|window| !serves_something(pack, window)).collect();
        if hall.self_service {
            if !windows.is_empty() {
                out.push(Finding::error(
                    CODE,
                    at.key("self_service"),
                    format!("“{}”说没有窗口，却有 {} 个窗口", hall.id, windows.len()),
                    format!("“{}” is said to have no window, but has {}", hall.id, windows.len()),
                ));
            }
            continue;
        }
        if idle.len() == windows.len() {
            let (zh, en) = if windows.is_empty() {
                ("一个窗口也没有", "has not one window")
            } else {
                ("窗口什么事项都不受理", "has no window that serves anything")
            };
            out.push(
                Finding::error(
                    CODE,
                    at.name(),
                    format!("“{}”公布了开放时间，可{zh}", hall.id),
                    format!("“{}” has opening hours, but {en}", hall.id),
                )
                .help(
                    "给它加上窗口；只有自助机的写 self_service: true",
                    "give it windows; a hall of machines says `self_service: true`",
                ),
            );
            continue;
        }
        for window in idle {
            out.push(
                Finding::warning(
                    CODE,
                    pack.zone().key("windows").key(&window.id).name(),
                    format!("“{}”什么事项都不受理", window.id),
                    format!("“{}” serves no item", window.id),
                )
                .help("改它的 serves 或 skills", "change its `serves` or `skills`"),
            );
        }
    }
}
