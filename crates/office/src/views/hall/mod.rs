//! What is seen of halls: days, tickets, visits, the use of windows, appointments, and which case came with which number.

pub mod appointments;
pub mod days;
pub mod links;
pub mod tickets;
pub mod usage;
pub mod visits;

use ::hall::{Day, Event, TicketNo};
use jiff::tz::Offset;
use store::{ViewChange, ViewSchema};

pub fn schemas() -> [ViewSchema; 6] {
    [
        appointments::schema(),
        days::schema(),
        links::schema(),
        tickets::schema(),
        usage::schema(),
        visits::schema(),
    ]
}

/// What must change in the views so that they show `after`, to which these events have led. Taken event by event or a
/// commit at a time, they come to the same rows.
pub fn day_changes(before: Option<&Day>, after: &Day, events: &[Event], offset: Offset) -> Vec<ViewChange> {
    let mut changes = Vec::new();
    let mut touched: Vec<TicketNo> = events.iter().filter_map(Event::number).collect();
    for event in events {
        match event {
            Event::TicketSplit(split) => touched.push(split.into),
            Event::TicketsMerged(merged) => touched.push(merged.into),
            _ => {}
        }
    }
    touched.sort_unstable();
    touched.dedup();
    if before.is_none_or(|before| before.doors != after.doors) {
        changes.push(days::row(after));
    }
    for number in touched {
        let Some(ticket) = after.ticket(number) else { continue };
        changes.push(tickets::row(after, ticket, offset));
        let old = before.and_then(|before| before.ticket(number));
        for (place, visit) in ticket.visits.iter().enumerate() {
            let was = old.and_then(|old| old.visits.get(place));
            if was == Some(visit) {
                continue;
            }
            changes.push(visits::row(after, ticket, place, visit, offset));
            if visit.ended_at.is_some() && was.is_none_or(|was| was.ended_at.is_none()) {
                usage::busy(after, visit, offset, &mut changes);
            }
        }
    }
    if let Some(before) = before {
        usage::opened(before, after, offset, &mut changes);
    }
    changes
}

/// Hour of the day and `2026-11` of an instant.
fn hour_of(offset: Offset, at: jiff::Timestamp) -> i64 {
    i64::from(offset.to_datetime(at).hour())
}
