//! The visitors of a hall on a day: when they come, for what, and how patient they are.

use catalogue::{LaneKind, LineId};
use hall::Setup;
use jiff::{SignedDuration, Timestamp};

use crate::dice::Dice;

/// A person who will come.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub at: Timestamp,
    pub lines: Vec<LineId>,
    pub lane: LaneKind,
    pub on_phone: bool,
    pub patience: SignedDuration,
    /// Does not come when called.
    pub absent: bool,
}

/// Relative arrival rate by hour of the day, from eight in the morning on.
const HOURS: [f64; 11] = [0.3, 1.3, 1.6, 1.1, 0.55, 0.95, 1.25, 1.1, 0.85, 0.5, 0.35];
const FIRST_HOUR: i8 = 8;

/// The visitors of a day, sorted by time. `offset` is the zone's.
pub(crate) fn visitors(setup: &Setup, offset: jiff::tz::Offset, count: u32, dice: &mut Dice) -> Vec<Visitor> {
    let Some(doors) = setup.doors() else { return Vec::new() };
    let weight = |at: Timestamp| {
        let hour = offset.to_datetime(at).hour() - FIRST_HOUR;
        usize::try_from(hour).ok().and_then(|place| HOURS.get(place)).copied().unwrap_or(0.0)
    };
    let highest = HOURS.iter().copied().fold(0.0, f64::max);
    let open = doors.to.duration_since(doors.from).as_secs_f64();
    // Lines that more window time can serve have more visitors, and short services more than long ones.
    let weights: Vec<u32> = setup
        .lines
        .iter()
        .map(|line| {
            let windows = setup.windows.iter().map(|desk| {
                let lines = desk.skills.len().max(1);
                let can = desk.skills.iter().any(|(skill, _)| *skill == line.id);
                if can { 240 / u32::try_from(lines).unwrap_or(1) } else { 0 }
            });
            windows.sum::<u32>() / line.median_minutes.max(1)
        })
        .collect();
    if weights.iter().sum::<u32>() == 0 {
        return Vec::new();
    }
    let mut all = Vec::with_capacity(count as usize);
    while all.len() < count as usize {
        let at = doors.from + SignedDuration::from_secs_f64(dice.unit() * open);
        let within = setup.hours.iter().any(|span| span.holds(at));
        if !within || !dice.chance(weight(at) / highest) {
            continue;
        }
        let mut lines = vec![setup.lines[dice.weighted(&weights)].id.clone()];
        if dice.chance(0.06) {
            lines.push(setup.lines[dice.weighted(&weights)].id.clone());
        }
        let lane = match dice.below(100) {
            0..=6 => LaneKind::ElderlyOrDisabled,
            7..=9 => LaneKind::Returning,
            _ => LaneKind::WalkIn,
        };
        all.push(Visitor {
            at,
            lines,
            lane,
            on_phone: dice.chance(0.35),
            patience: SignedDuration::from_mins(25) + SignedDuration::from_secs_f64(dice.unit() * 3600.0),
            absent: dice.chance(0.04),
        });
    }
    all.sort_by_key(|visitor| visitor.at);
    all
}

/// Duration of one service: lognormal with the line's median and 90 % quantile, between 45 seconds and 3
/// hours.
pub(crate) fn service(setup: &Setup, line: &LineId, dice: &mut Dice) -> SignedDuration {
    /// The 90 % quantile of the standard normal distribution.
    const Z90: f64 = 1.281_551_6;
    let (median, p90) = setup
        .line(line)
        .map_or((10.0, 20.0), |line| (f64::from(line.median_minutes), f64::from(line.p90_minutes)));
    let sigma = (p90.max(median) / median.max(1.0)).ln() / Z90;
    let minutes = median * (sigma * normal(dice)).exp();
    SignedDuration::from_secs_f64((minutes * 60.0).clamp(45.0, 3.0 * 3600.0))
}

/// A standard normal deviate (Box–Muller).
fn normal(dice: &mut Dice) -> f64 {
    let (one, other) = (dice.unit().max(1e-12), dice.unit());
    (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos()
}
