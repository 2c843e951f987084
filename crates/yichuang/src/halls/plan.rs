//! Converts the pack's declarations into a day of the simulator.

use anyhow::{Context, Result, bail};
use catalogue::{Closing as PackClosing, Edition, Hall, HallId, LaneKind, Opening, Weekday};
use checker::PackFiles;
use hall::model::{
    Booking, Closing, HallDay, Lane, Line, Patience, Punctuality, Rest, ServiceTime, Span, Window,
};
use jiff::civil::{Date, Time};

use super::arrivals::{Arrivals, DayKind};

/// The 90 % quantile of the standard normal distribution.
const Z90: f64 = 1.281_551_565_544_6;
/// Minutes that a window loses on a called person who does not come.
const VAIN_CALL_MINUTES: f64 = 1.0;
/// Share of appointments whose holders do not come.
const ABSENT_SHARE: f64 = 0.1;

/// A hall of a pack, with the assumptions about its visitors.
#[derive(Debug)]
pub struct Plan {
    pub edition: Edition,
    pub hall: Hall,
    arrivals: Arrivals,
    pub patience: Patience,
    pub no_show_share: f64,
}

impl Plan {
    /// Reads a hall of a pack; the first when `hall` is `None`.
    ///
    /// # Errors
    /// When the pack has errors or no such hall, or its arrivals are invalid or name an undeclared line or
    /// lane.
    pub fn read(files: &PackFiles, hall: Option<&str>) -> Result<Self> {
        let Some(edition) = checker::compile(files).edition else {
            bail!("the pack has errors; see `yichuang check`");
        };
        let halls = &edition.parts().halls;
        let hall = match hall {
            Some(name) => halls.get(&HallId::from(name)),
            None => halls.values().next(),
        };
        let Some(hall) = hall.cloned() else {
            let known: Vec<&str> = halls.keys().map(|id| id.as_str()).collect();
            bail!("there is no such hall; the pack has {}", known.join("、"));
        };
        let arrivals = Arrivals::read(files, hall.id.as_str())?;
        let plan = Self { edition, hall, arrivals, patience: Patience::Endless, no_show_share: 0.0 };
        let lines: Vec<String> =
            plan.edition.lines().iter().map(|line| line.id.as_str().to_owned()).collect();
        let lanes: Vec<String> =
            plan.edition.lanes().iter().map(|lane| lane.id.as_str().to_owned()).collect();
        let strangers = plan.arrivals.strangers(&lines, &lanes);
        if !strangers.is_empty() {
            bail!("halls/: the pack declares no line or lane {}", strangers.join("、"));
        }
        Ok(plan)
    }

    /// The first Monday of the last year that the pack has a calendar for: the same in every run.
    ///
    /// # Errors
    /// When the pack has no calendar.
    pub fn first_day(&self) -> Result<Date> {
        let year = self.edition.parts().years.iter().map(|table| table.year).max();
        let mut day = Date::new(year.context("the pack has no calendar")?, 1, 1)?;
        while Weekday::of(day) != Weekday::Mon {
            day = day.tomorrow()?;
        }
        Ok(day)
    }

    /// The openings of the hall on a day, with their kinds; none on a holiday without hours of its own.
    pub fn openings(&self, date: Date) -> Vec<&Opening> {
        let weekday = self.edition.hours_of(date);
        let mut openings: Vec<&Opening> =
            self.hall.hours.iter().filter(|opening| opening.days.contains(&weekday)).collect();
        openings.sort_by_key(|opening| opening.from);
        openings
    }

    /// The day for the simulator; `None` when the hall is closed.
    pub fn day(&self, date: Date) -> Option<HallDay> {
        let openings = self.openings(date);
        let closes_at = openings.iter().map(|opening| at(opening.to)).reduce(f64::max)?;
        let pack_lines = self.edition.lines();
        let mut pack_lanes = self.edition.lanes();
        // The first lane of a simulated day is the ordinary one.
        pack_lanes.sort_by_key(|lane| lane.kind != LaneKind::WalkIn);
        let shares: Vec<f64> =
            pack_lanes.iter().map(|lane| self.arrivals.lane_share(lane.id.as_str())).collect();
        let booked = pack_lanes.iter().position(|lane| lane.kind == LaneKind::Appointment);
        let booked_share = booked.map_or(0.0, |lane| shares[lane]);
        let mut bookings = Vec::new();
        let mut lines = Vec::new();
        for (place, line) in pack_lines.iter().enumerate() {
            let expected = self.arrivals.expected(DayKind::of(&self.edition, date), line.id.as_str());
            if let Some(lane) = booked {
                bookings.extend(appointments(place, lane, &expected, booked_share));
            }
            let walk_in = 1.0 - booked_share;
            let mut lane_shares: Vec<f64> = shares.iter().map(|share| share / walk_in).collect();
            booked.into_iter().for_each(|lane| lane_shares[lane] = 0.0);
            lane_shares[0] = 1.0 - lane_shares[1..].iter().sum::<f64>();
            lines.push(Line {
                name: line.id.as_str().to_owned(),
                time: lognormal(f64::from(line.minutes.median), f64::from(line.minutes.p90)),
                patience: self.patience,
                no_show_share: self.no_show_share,
                lane_shares,
                arrivals: expected.iter().map(|people| people * walk_in).collect(),
            });
        }
        let rules = self.hall.queue.clone();
        let appointments = rules.as_ref().and_then(|rules| rules.appointments);
        Some(HallDay {
            lines,
            lanes: pack_lanes
                .iter()
                .map(|lane| Lane {
                    name: lane.id.as_str().to_owned(),
                    head_start_minutes: f64::from(lane.head_start_minutes),
                })
                .collect(),
            windows: self.windows(date),
            bookings,
            punctuality: Punctuality {
                grace_minutes: appointments.map_or(10.0, |rules| f64::from(rules.late_minutes)),
                ..Punctuality::default()
            },
            closing: Closing {
                last_number_at: closes_at,
                closes_at,
                rest: match rules.map(|rules| rules.closing).unwrap_or_default() {
                    PackClosing::ServeAll => Rest::Served,
                    PackClosing::CarryOver => Rest::SentAway,
                },
            },
            vain_call_minutes: VAIN_CALL_MINUTES,
        })
    }

    fn windows(&self, date: Date) -> Vec<Window> {
        let lines = self.edition.lines();
        let weekday = self.edition.hours_of(date);
        let of_hall = self.edition.parts().windows.values().filter(|window| window.hall == self.hall.id);
        of_hall
            .map(|window| {
                let skills = self.edition.skills_of(window, date);
                let serves = |id: &catalogue::LineId| skills.iter().any(|(line, _)| line == id);
                Window {
                    name: window.id.as_str().to_owned(),
                    serves: (0..lines.len()).filter(|line| serves(&lines[*line].id)).collect(),
                    shifts: spans(&window.roster, weekday),
                    breaks: spans(&window.breaks, weekday),
                    speed: 1.0,
                }
            })
            .collect()
    }
}

fn spans(openings: &[Opening], weekday: Weekday) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut on: Vec<&Opening> = openings.iter().filter(|opening| opening.days.contains(&weekday)).collect();
    on.sort_by_key(|opening| opening.from);
    for opening in on.into_iter().filter(|opening| opening.from < opening.to) {
        let span = Span::new(at(opening.from), at(opening.to));
        match spans.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => spans.push(span),
        }
    }
    spans
}

/// Turns this share of a line's expected people into appointments, spread over the day like them.
fn appointments(line: usize, lane: usize, expected: &[f64], share: f64) -> Vec<Booking> {
    let mut bookings = Vec::new();
    let mut due = 0.5;
    for (quarter, people) in expected.iter().enumerate() {
        due += people * share;
        while due >= 1.0 {
            due -= 1.0;
            let booked_at = quarter as f64 * 15.0;
            bookings.push(Booking { line, lane, booked_at, absent_share: ABSENT_SHARE });
        }
    }
    bookings
}

fn lognormal(median: f64, p90: f64) -> ServiceTime {
    let deviation = (p90 / median).ln().max(0.0) / Z90;
    let variance = deviation * deviation;
    ServiceTime::Lognormal { mean_minutes: median * (variance / 2.0).exp(), cv: variance.exp_m1().sqrt() }
}

fn at(time: Time) -> f64 {
    f64::from(time.hour()) * 60.0 + f64::from(time.minute())
}

/// Parses "09:30" into minutes after midnight.
pub fn minute(text: &str) -> Option<f64> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60 || (hour, minute) == (24, 0)).then(|| f64::from(hour * 60 + minute))
}

/// Formats minutes after midnight as "09:30".
pub fn clock(minutes: f64) -> String {
    format!("{:02.0}:{:02.0}", (minutes / 60.0).floor(), (minutes % 60.0).floor())
}
