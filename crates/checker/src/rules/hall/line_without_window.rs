//! Y606 · 没有窗口能办的业务队列 / A service line that no window serves
//!
//! 群众可以取这条队列的号，但没有哪个窗口能叫这个号：窗口的 skills 里没有它，也没有窗口的 serves 包含它的全部事项。
//!
//! ---
//!
//! People can take a number for this line, but no window can call it: no window names it among its skills, and none
//! serves all of its items.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y606");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    if !pack.zone_is_sound("service_lines") || !pack.zone_is_sound("windows") || pack.some_use_lost {
        return;
    }
    for line in pack.parts.service_lines.values() {
        let served = pack.parts.windows.values().any(|window| super::can_serve(pack, window, line));
        if !served {
            out.push(
                Finding::warning(
                    CODE,
                    pack.zone().key("service_lines").key(&line.id).name(),
                    format!("没有窗口能办“{}”", line.id),
                    format!("no window serves “{}”", line.id),
                )
                .help("写进某个窗口的 skills，或者让窗口的 serves 包含它的事项", "name it among a window's skills, or let a window serve its items"),
            );
        }
    }
}
