//! Y601 · 没有窗口受理的事项 / An item that no window serves
//!
//! 事项可以到窗口办，但没有哪个窗口的受理范围（serves）包含它或它的大类。
//!
//! ---
//!
//! The item can be applied for at a window, but no window serves it or its class.

use catalogue::{Channel, Serves};

use crate::rules::kit::*;

pub const CODE: Code = Code("Y601");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let found = item.item;
    if !found.channels.contains(&Channel::Window) || !item.is_sound(&["channels", "class"]) {
        return;
    }
    let serves = |serves: &Serves| match serves {
        Serves::All => true,
        Serves::Classes { classes } => classes.contains(&found.class),
        Serves::Items { items } => items.contains(&found.id),
    };
    let windows = &item.pack.parts.windows;
    if item.pack.zone_is_sound("windows") && !windows.values().any(|window| serves(&window.serves)) {
        out.push(
            Finding::warning(
                CODE,
                item.at("channels"),
                "可以到窗口办，但没有窗口受理它",
                "the window is a channel, but no window serves the item",
            )
            .help("在 zone.yaml 给窗口的 serves 加上它，或者去掉 window", "let a window of zone.yaml serve it, or drop `window`"),
        );
    }
}
