//! How much of each hour each window was open and busy. Amounts are added as spans end.

use ::hall::{Day, PostState, Visit};
use catalogue::WindowId;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use store::{ViewChange, ViewSchema};

pub const TABLE: &str = "hall_usage";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 1)
        .text("day")
        .text("hall")
        .text("window")
        .integer("hour")
        .integer("open_seconds")
        .integer("busy_seconds")
        .key(&["day", "hall", "window", "hour"])
        .index(&["hall", "day"])
}

/// A visit has ended: from the call to the end the window was busy with it.
pub fn busy(day: &Day, visit: &Visit, offset: Offset, changes: &mut Vec<ViewChange>) {
    if let Some(ended) = visit.ended_at {
        add(day, &visit.window, (visit.called_at, ended), "busy_seconds", offset, changes);
    }
}

/// Windows that were open until now and are not any more.
pub fn opened(before: &Day, after: &Day, offset: Offset, changes: &mut Vec<ViewChange>) {
    for (was, is) in before.posts.iter().zip(&after.posts) {
        if let PostState::Open { since, .. } = was.state
            && was.state != is.state
        {
            add(after, &was.window, (since, after.changed_at), "open_seconds", offset, changes);
        }
    }
}

fn add(
    day: &Day,
    window: &WindowId,
    (from, to): (Timestamp, Timestamp),
    column: &str,
    offset: Offset,
    changes: &mut Vec<ViewChange>,
) {
    let mut at = from;
    while at < to {
        let local = offset.to_datetime(at);
        let into_hour = i64::from(local.minute()) * 60 + i64::from(local.second());
        let next = (Timestamp::from_second(at.as_second()).unwrap_or(at)
            + SignedDuration::from_secs(3600 - into_hour))
        .min(to);
        let seconds = next.as_second() - at.as_second();
        if seconds > 0 {
            changes.push(ViewChange::Add {
                table: TABLE.into(),
                key: vec![
                    day.date.to_string().into(),
                    day.hall.as_str().into(),
                    window.as_str().into(),
                    i64::from(local.hour()).into(),
                ],
                amounts: vec![(column.into(), seconds)],
            });
        }
        at = next;
    }
}
