//! Why somebody stands where they stand, in words.

use hall::{Cause, Day, Reason, TicketNo};
use maud::{Markup, html};

use super::names::Names;
use crate::shell::Shell;
use crate::ui;

const SHOWN: usize = 12;

/// The explanation of a waiting ticket's place, folded away; nothing when it does not wait.
pub fn why(shell: &Shell, names: &Names<'_>, day: &Day, number: TicketNo) -> Markup {
    let w = shell.w;
    let Some(why) = day.explain_order(number) else { return html! {} };
    let minutes = why.head_start.as_mins();
    html! {
        details.more {
            summary { (w.t("hall-why")) }
            p { (cause(shell, &why.cause, why.ready_at)) }
            @if minutes > 0 {
                p { (w.with("hall-why-head-start", &[("lane", names.lane(&why.lane).into()), ("minutes", minutes.into())])) }
            }
            @if why.before.is_empty() { p { (w.t("hall-why-nobody")) } }
            @else {
                p { (w.with("hall-why-before", &[("count", why.before.len().into())])) }
                ol.plain-list.ahead {
                    @for ahead in why.before.iter().take(SHOWN) {
                        li {
                            span.strong.numeral { (ahead.number) } " " span.quiet { (names.line(&ahead.line)) } " · "
                            (reason(shell, names, &ahead.reason, ahead.ready_at))
                        }
                    }
                    @if why.before.len() > SHOWN { li.quiet { (w.with("hall-why-more", &[("count", (why.before.len() - SHOWN).into())])) } }
                }
            }
            p.small.quiet { (w.t("hall-why-rule")) }
        }
    }
}

fn cause(shell: &Shell, cause: &Cause, ready_at: jiff::Timestamp) -> String {
    let w = shell.w;
    let at = ui::time(shell, ready_at);
    match cause {
        Cause::Joined => w.with("hall-cause-joined", &[("at", at.into())]),
        Cause::Booked => w.with("hall-cause-booked", &[("at", at.into())]),
        Cause::LateForBooking => w.with("hall-cause-late", &[("at", at.into())]),
        Cause::Returned => w.t("hall-cause-returned"),
        Cause::CarriedOver { date, number } => {
            let (day, number) = (ui::date(shell, *date).into(), number.to_string().into());
            w.with("hall-cause-carried", &[("day", day), ("number", number)])
        }
        Cause::Split { from } => w.with("hall-cause-split", &[("number", from.to_string().into())]),
    }
}

fn reason(shell: &Shell, names: &Names<'_>, reason: &Reason, ready_at: jiff::Timestamp) -> String {
    let w = shell.w;
    let at = ui::time(shell, ready_at);
    match reason {
        Reason::CameFirst => w.with("hall-reason-first", &[("at", at.into())]),
        Reason::Booked { for_at } => w.with("hall-reason-booked", &[("at", ui::time(shell, *for_at).into())]),
        Reason::PassedOn => w.t("hall-reason-passed-on"),
        Reason::CarriedOver { date } => {
            w.with("hall-reason-carried", &[("day", ui::date(shell, *date).into())])
        }
        Reason::HeadStart { lane, minutes } => w.with(
            "hall-reason-head-start",
            &[("lane", names.lane(lane).into()), ("minutes", (*minutes).into())],
        ),
        Reason::SmallerNumber => w.t("hall-reason-number"),
    }
}
