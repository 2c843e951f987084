//! Y807 · 找茬和回访写反了 / Pain points and call-backs crossed
//!
//! 差评之后打开的是 callback 那件事，评价的等级、意见由 context 填进去。callback 的 context 没有这两项，feedback 的却有：多半写反了，
//! 差评会变成一件没有内容的反映。
//!
//! ---
//!
//! After a bad rating the thing named by `callback` opens, and its `context` takes the level and words of the rating. Where that of `callback`
//! takes neither and that of `feedback` does, the two are probably crossed, and a bad rating becomes a report without content.

use catalogue::{ContextFact, ThingId};

use crate::resolve::thing_file;
use crate::rules::kit::*;

pub const CODE: Code = Code("Y807");

pub fn check(pack: &Pack<'_>, out: &mut Vec<Finding>) {
    let (things, zone) = (&pack.parts.things, &pack.parts.zone);
    let (Some(callback), Some(feedback)) = (&zone.callback, &zone.feedback) else { return };
    let sound = |id: &ThingId| pack.soundness.is_sound(&thing_file(id.as_str()), "context");
    if !sound(callback) || !sound(feedback) || !pack.zone_is_sound("callback") || !pack.zone_is_sound("feedback") {
        return;
    }
    let rated = |id: &ThingId| {
        things.get(id).map(|thing| {
            thing.context.values().any(|fact| matches!(fact, ContextFact::RatingLevel | ContextFact::RatingComment))
        })
    };
    if rated(callback) == Some(false) && rated(feedback) == Some(true) {
        out.push(
            Finding::warning(
                CODE,
                pack.zone().key("callback"),
                format!("“{callback}”收不到评价，“{feedback}”收得到"),
                format!("“{callback}” takes no rating, “{feedback}” does"),
            )
            .also(pack.zone().key("feedback"), "feedback 在这里", "`feedback` is here")
            .help("两处对调", "exchange the two"),
        );
    }
}
