//! Y101 · 环节成环 / Steps go round in a circle
//!
//! 几个环节互相等待，谁也开始不了。退回重做不要用 after 表示，用 returns_to。
//!
//! ---
//!
//! Some steps wait for each other, so none can begin. To have a step done again use returns_to, not after.

use crate::rules::kit::*;

pub const CODE: Code = Code("Y101");

pub fn check(item: &ItemView<'_>, out: &mut Vec<Finding>) {
    let flow = &item.flow;
    if !flow.has_circle() {
        return;
    }
    let mut left = vec![true; flow.steps.len()];
    flow.order.iter().for_each(|step| left[*step] = false);
    // Walking back over what is left must come round: what only hangs behind a circle leads into it.
    while let Some(start) = left.iter().position(|left| *left) {
        let mut seen = vec![usize::MAX; flow.steps.len()];
        let mut path = Vec::new();
        let mut at = start;
        let circle = loop {
            if seen[at] != usize::MAX {
                break path[seen[at]..].to_vec();
            }
            seen[at] = path.len();
            path.push(at);
            match flow.after[at].iter().find(|earlier| left[**earlier]) {
                Some(earlier) => at = *earlier,
                None => break Vec::new(),
            }
        };
        path.iter().for_each(|step| left[*step] = false);
        let Some(&first) = circle.iter().min() else { continue };
        let turn = circle.iter().position(|step| *step == first).unwrap_or(0);
        let mut names: Vec<&str> =
            (0..circle.len()).map(|by| flow.steps[circle[(turn + by) % circle.len()]].id.as_str()).collect();
        names.reverse();
        names.rotate_right(1);
        names.push(names[0]);
        let route = names.join(" → ");
        let at = item.step_at(&flow.steps[first].id).key("after");
        out.push(
            Finding::error(CODE, at, format!("环节成环：{route}"), format!("steps go round in a circle: {route}"))
                .help("去掉其中一个 after；退回重做用 returns_to", "drop one `after`; to have a step done again use `returns_to`"),
        );
    }
}
