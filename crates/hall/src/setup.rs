//! The rules of a hall on one day, copied from the edition when the day begins, so that the day is folded
//! without the edition.

use catalogue::{Closing, Edition, HallId, LaneId, LaneKind, LineId, NoShow, Tongue, WindowId};
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{BEFORE_DOORS, Day, Doors, Refusal};

/// A half-open span: `from` included, `to` excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Span {
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// Length of the overlap, in seconds.
    pub fn shared_seconds(&self, other: &Self) -> i64 {
        let from = self.from.max(other.from);
        let to = self.to.min(other.to);
        if from < to { to.as_second() - from.as_second() } else { 0 }
    }
}

/// The rules of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    pub hours: Vec<Span>,
    pub lines: Vec<LineRule>,
    pub lanes: Vec<LaneRule>,
    pub windows: Vec<Desk>,
    pub no_show: NoShow,
    pub closing: Closing,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booking: Option<Booking>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRule {
    pub id: LineId,
    pub median_minutes: u32,
    pub p90_minutes: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_percent: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneRule {
    pub id: LaneId,
    pub kind: LaneKind,
    pub head_start_minutes: u32,
}

/// A window: what it can serve today, and when it is on the roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    pub id: WindowId,
    pub skills: Vec<(LineId, Vec<Tongue>)>,
    pub staffed: Vec<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    pub slot_minutes: u32,
    pub share_percent: u32,
    pub horizon_days: u32,
    pub early_minutes: u32,
    pub late_minutes: u32,
}

impl Setup {
    /// `None` when the edition has no such hall.
    pub fn of(edition: &Edition, hall: &HallId, day: Date) -> Option<Self> {
        let declared = edition.parts().halls.get(hall)?;
        let rules = declared.queue.as_ref();
        let offset = edition.offset();
        let weekday = edition.hours_of(day);
        let mut hours: Vec<(Time, Time)> = Vec::new();
        let mut open: Vec<(Time, Time)> = declared
            .hours
            .iter()
            .filter(|opening| opening.days.contains(&weekday) && opening.from < opening.to)
            .map(|opening| (opening.from, opening.to))
            .collect();
        open.sort_unstable();
        for (from, to) in open {
            match hours.last_mut() {
                Some(last) if last.1 >= from => last.1 = last.1.max(to),
                _ => hours.push((from, to)),
            }
        }
        let line = |line: catalogue::ServiceLine| LineRule {
            id: line.id,
            median_minutes: line.minutes.median,
            p90_minutes: line.minutes.p90,
            target_minutes: line.target.map(|target| target.minutes),
            target_percent: line.target.map(|target| target.share_percent),
        };
        let lane = |lane: catalogue::Lane| LaneRule {
            id: lane.id,
            kind: lane.kind,
            head_start_minutes: lane.head_start_minutes,
        };
        let windows = edition.parts().windows.values().filter(|window| window.hall == *hall);
        Some(Self {
            hours: spans(hours, day, offset),
            lines: edition.lines().into_iter().map(line).collect(),
            lanes: edition.lanes().into_iter().map(lane).collect(),
            windows: windows
                .map(|window| Desk {
                    id: window.id.clone(),
                    skills: edition.skills_of(window, day),
                    staffed: spans(catalogue::staffed_on(window, weekday), day, offset),
                })
                .collect(),
            no_show: rules.map(|rules| rules.no_show).unwrap_or_default(),
            closing: rules.map(|rules| rules.closing).unwrap_or_default(),
            booking: rules.and_then(|rules| rules.appointments).map(|rules| Booking {
                slot_minutes: rules.slot_minutes,
                share_percent: rules.share_percent,
                horizon_days: rules.horizon_days,
                early_minutes: rules.early_minutes,
                late_minutes: rules.late_minutes,
            }),
        })
    }

    pub fn line(&self, id: &LineId) -> Option<&LineRule> {
        self.lines.iter().find(|line| line.id == *id)
    }

    pub fn desk(&self, id: &WindowId) -> Option<&Desk> {
        self.windows.iter().find(|desk| desk.id == *id)
    }

    /// The lane of a kind; a kind that the pack does not declare gets the walk-in lane.
    pub fn lane(&self, kind: LaneKind) -> Option<&LaneRule> {
        let of = |kind| self.lanes.iter().find(|lane| lane.kind == kind);
        of(kind).or_else(|| of(LaneKind::WalkIn)).or_else(|| self.lanes.first())
    }

    /// Indices of the lanes in the simulator's order: the ordinary lane first.
    pub fn played_lanes(&self) -> Vec<usize> {
        let ordinary = self.lane(LaneKind::WalkIn).map(|lane| &lane.id);
        let mut order: Vec<usize> = (0..self.lanes.len()).collect();
        order.sort_by_key(|place| Some(&self.lanes[*place].id) != ordinary);
        order
    }

    pub(crate) fn head_start(&self, lane: &LaneId) -> SignedDuration {
        let minutes =
            self.lanes.iter().find(|rule| rule.id == *lane).map_or(0, |lane| lane.head_start_minutes);
        SignedDuration::from_mins(minutes.into())
    }

    /// The greatest advance of a later ticket: one that joins more than this after another's ready instant is
    /// called after it.
    pub fn greatest_advance(&self) -> SignedDuration {
        let head_start = self.lanes.iter().map(|lane| lane.head_start_minutes).max().unwrap_or(0);
        // An appointment that checks in at its late limit is ready at its booked time.
        let late = self.booking.map_or(0, |booking| booking.late_minutes);
        SignedDuration::from_mins((head_start + late).into())
    }

    /// Whether the doors have closed for the last time by then.
    pub fn is_after_hours(&self, at: Timestamp) -> bool {
        self.doors().is_some_and(|doors| at >= doors.to)
    }

    /// Whether no more numbers are given out: the doors were closed, or their time is over. A day that has not begun has no
    /// `doors` state yet.
    pub fn is_over(&self, day: Option<&Day>, now: Timestamp) -> bool {
        day.is_some_and(|day| day.doors != Doors::Open) || self.is_after_hours(now)
    }

    /// Whether somebody who comes now gets a number.
    ///
    /// # Errors
    /// Why they get none: the hall rests, its day is over, or it is too early.
    pub fn gives_numbers(&self, day: Option<&Day>, now: Timestamp) -> Result<(), Refusal> {
        let Some(doors) = self.doors() else { return Err(Refusal::HallRests) };
        if self.is_over(day, now) {
            return Err(Refusal::HallClosed);
        }
        if now + BEFORE_DOORS < doors.from {
            return Err(Refusal::NotOpenYet { opens_at: doors.from });
        }
        Ok(())
    }

    /// When the doors open first and close last; `None` on a day on which the hall is closed.
    pub fn doors(&self) -> Option<Span> {
        Some(Span { from: self.hours.first()?.from, to: self.hours.last()?.to })
    }
}

impl Desk {
    pub fn can_serve(&self, line: &LineId, language: Tongue) -> bool {
        self.skills.iter().any(|(skill, languages)| skill == line && languages.contains(&language))
    }

    pub fn staffed_at(&self, at: Timestamp) -> bool {
        self.staffed.iter().any(|span| span.holds(at))
    }
}

fn spans(times: Vec<(Time, Time)>, day: Date, offset: Offset) -> Vec<Span> {
    let at = |time: Time| offset.to_timestamp(day.to_datetime(time)).unwrap_or(Timestamp::UNIX_EPOCH);
    times.into_iter().map(|(from, to)| Span { from: at(from), to: at(to) }).collect()
}
