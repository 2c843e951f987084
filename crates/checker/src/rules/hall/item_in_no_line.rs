//! Y607 · 不属于任何业务队列的事项 / An item in no service line
//!
//! 事项可以到窗口办，但没有哪条业务队列（service_lines）包含它：到大厅取不到办它的号。
//!
//! ---
//!
//! The item can be applied for at a window, but no service line holds it, so nobody can take a number for it.

use catalogue::Channel;

use crate::rules::kit::*;

pub const CODE: Code = Code("Y607");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let (found, parts) = (item.item, item.pack.parts);
    if parts.service_lines.is_empty()
        || !found.channels.contains(&Channel::Window)
        || !item.is_sound(&["channels", "class"])
        || !item.pack.zone_is_sound("service_lines")
    {
        return;
    }
    if !parts.service_lines.values().any(|line| line.serves.covers(found)) {
        out.push(
            Finding::warning(
                CODE,
                item.at("channels"),
                "可以到窗口办，但不在任何业务队列里",
                "the window is a channel, but no service line holds the item",
            )
            .help("在 zone.yaml 的 service_lines 里加上它或它的大类", "add it or its class to a service line of zone.yaml"),
        );
    }
}
