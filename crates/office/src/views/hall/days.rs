//! One row for each day of a hall.

use ::hall::{Day, Doors};
use store::{ViewChange, ViewSchema};

pub const TABLE: &str = "hall_days";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 1)
        .text("day")
        .text("hall")
        .text("doors")
        .integer("ended")
        .key(&["day", "hall"])
        .index(&["ended", "day"])
        .index(&["hall", "day"])
}

pub fn row(day: &Day) -> ViewChange {
    let (doors, ended) = match day.doors {
        Doors::Open => ("open", false),
        Doors::Closed { .. } => ("closed", false),
        Doors::Ended { .. } => ("ended", true),
    };
    let cells = vec![day.date.to_string().into(), day.hall.as_str().into(), doors.into(), ended.into()];
    ViewChange::upsert(TABLE, cells)
}
