//! Appointment slots, limited by what the windows can serve.
//!
//! A declared share of each window's staffed time in a slot can be booked. A set of bookings fits when its
//! minutes can be spread over the windows with the skills for them: a flow from lines to windows that carries
//! all. No other booking is taken.

use std::collections::BTreeMap;

use catalogue::{LineId, Tongue};
use jiff::{SignedDuration, Timestamp};

use crate::{Setup, Span};

/// A bookable span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub at: Span,
    /// How many more bookings of the line and language asked for fit.
    pub free: u32,
}

/// What is booked in a slot: how many of each line and language.
pub(crate) type Demand = BTreeMap<(LineId, Tongue), u32>;

impl Setup {
    /// All slots of the day, in order.
    pub fn slots(&self) -> Vec<Span> {
        let Some(rules) = self.booking else { return Vec::new() };
        let step = SignedDuration::from_mins(rules.slot_minutes.max(1).into());
        let mut slots = Vec::new();
        for hours in &self.hours {
            let mut from = hours.from;
            while from + step <= hours.to {
                slots.push(Span { from, to: from + step });
                from += step;
            }
        }
        slots
    }

    pub(crate) fn slot_at(&self, from: Timestamp) -> Option<Span> {
        self.slots().into_iter().find(|slot| slot.from == from)
    }

    /// How many more bookings of a line and language fit into the slot beside those it has; 200 at most.
    pub(crate) fn room(&self, slot: &Span, booked: &Demand, line: &LineId, language: Tongue) -> u32 {
        const MOST: u32 = 200;
        let fits = |more: u32| {
            let mut demand = booked.clone();
            *demand.entry((line.clone(), language)).or_default() += more;
            self.fits(slot, &demand)
        };
        let (mut low, mut high) = (0, MOST);
        while low < high {
            let middle = (low + high).div_ceil(2);
            if fits(middle) { low = middle } else { high = middle - 1 }
        }
        low
    }

    /// Whether the windows' bookable time can carry the whole demand.
    pub(crate) fn fits(&self, slot: &Span, demand: &Demand) -> bool {
        let Some(rules) = self.booking else { return false };
        let mut left: Vec<i64> = self
            .windows
            .iter()
            .map(|desk| {
                let staffed: i64 = desk.staffed.iter().map(|span| span.shared_seconds(slot)).sum();
                staffed * i64::from(rules.share_percent) / 100
            })
            .collect();
        let kinds: Vec<(&(LineId, Tongue), i64)> = demand
            .iter()
            .filter(|(_, count)| **count > 0)
            .map(|(kind, count)| {
                let minutes = self.line(&kind.0).map_or(0, |line| line.median_minutes);
                (kind, i64::from(minutes) * 60 * i64::from(*count))
            })
            .collect();
        let mut sent = vec![vec![0_i64; self.windows.len()]; kinds.len()];
        let can = |kind: usize, window: usize| {
            let ((line, language), _) = &kinds[kind];
            self.windows[window].can_serve(line, *language)
        };
        for (start, (_, seconds)) in kinds.iter().enumerate() {
            let mut needed = *seconds;
            while needed > 0 {
                let Some(pushed) = push(start, needed, &mut left, &mut sent, &can) else { return false };
                needed -= pushed;
            }
        }
        true
    }
}

/// Sends up to `needed` seconds of a kind along one augmenting path; `None` when there is none.
fn push(
    start: usize,
    needed: i64,
    left: &mut [i64],
    sent: &mut [Vec<i64>],
    can: &impl Fn(usize, usize) -> bool,
) -> Option<i64> {
    // Breadth first from the kind: forward to windows that can serve it, back from windows to kinds that
    // could move elsewhere.
    let (kinds, windows) = (sent.len(), left.len());
    let mut via_kind: Vec<Option<usize>> = vec![None; windows];
    let mut via_window: Vec<Option<usize>> = vec![None; kinds];
    let mut queue = std::collections::VecDeque::from([start]);
    let mut seen = vec![false; kinds];
    seen[start] = true;
    let mut goal = None;
    'search: while let Some(kind) = queue.pop_front() {
        for window in (0..windows).filter(|window| can(kind, *window)) {
            if via_kind[window].is_some() {
                continue;
            }
            via_kind[window] = Some(kind);
            if left[window] > 0 {
                goal = Some(window);
                break 'search;
            }
            for other in 0..kinds {
                if !seen[other] && sent[other][window] > 0 {
                    seen[other] = true;
                    via_window[other] = Some(window);
                    queue.push_back(other);
                }
            }
        }
    }
    let goal = goal?;
    let mut path = Vec::new();
    let mut window = goal;
    loop {
        let kind = via_kind[window]?;
        path.push((kind, window));
        if kind == start {
            break;
        }
        window = via_window[kind]?;
    }
    let mut amount = needed.min(left[goal]);
    // Each kind further along the path gives back what it had sent to the window before it.
    for pair in path.windows(2) {
        let ((kind, _), (_, before)) = (pair[0], pair[1]);
        amount = amount.min(sent[kind][before]);
    }
    left[goal] -= amount;
    for (kind, window) in &path {
        sent[*kind][*window] += amount;
    }
    for pair in path.windows(2) {
        let ((kind, _), (_, before)) = (pair[0], pair[1]);
        sent[kind][before] -= amount;
    }
    Some(amount)
}
