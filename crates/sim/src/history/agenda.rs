//! The schedule of a history: what is done when, and in which case.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{ItemId, RoleId, StepId};
use jiff::{SignedDuration, Timestamp};

use super::apply::Arrival;

/// What a person intends to do in a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Spot {
    Intake(ItemId),
    Step(ItemId, StepId),
    Supply(ItemId),
    Gap(ItemId),
    Check(ItemId),
    Extend(ItemId),
    Explain(ItemId),
    Withdraw,
    Rate,
    Object,
    Write,
    Answer,
    /// Nothing: only lets timers act on the case.
    Whole,
}

#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub at: Timestamp,
    pub spot: Spot,
    /// The role whose worklist has the task.
    pub role: Option<RoleId>,
}

#[derive(Clone, Debug)]
pub(crate) enum Call {
    Arrive(Box<Arrival>),
    Look { place: usize, spot: Spot },
}

/// All that is still to come, by time.
#[derive(Debug)]
pub(crate) struct Agenda {
    calls: BTreeMap<(Timestamp, u64), Call>,
    serial: u64,
    waiting: BTreeSet<(usize, Spot)>,
    /// Tasks of the last hours that are left undone, so that every worklist has some at the end.
    left: BTreeMap<RoleId, u32>,
    leave_from: Timestamp,
    until: Timestamp,
}

const LEFT_PER_ROLE: u32 = 2;

impl Agenda {
    pub fn new(leave_from: Timestamp, until: Timestamp) -> Self {
        Self {
            calls: BTreeMap::new(),
            serial: 0,
            waiting: BTreeSet::new(),
            left: BTreeMap::new(),
            leave_from,
            until,
        }
    }

    pub fn put(&mut self, at: Timestamp, call: Call) {
        if at <= self.until {
            self.serial += 1;
            self.calls.insert((at, self.serial), call);
        }
    }

    /// Schedules an intention, each at most once at a time.
    pub fn wish(&mut self, place: usize, wish: Wish) {
        if wish.at > self.until || !self.waiting.insert((place, wish.spot.clone())) {
            return;
        }
        if let Some(role) = wish.role
            && wish.at >= self.leave_from
        {
            let left = self.left.entry(role).or_default();
            if *left < LEFT_PER_ROLE {
                *left += 1;
                return;
            }
        }
        self.put(wish.at, Call::Look { place, spot: wish.spot });
    }

    /// The time of the next call.
    pub fn next_at(&self) -> Option<Timestamp> {
        self.calls.keys().next().map(|(at, _)| *at)
    }

    /// The next call and those within `within` after it: at most one per existing case, and at most
    /// `at_once`.
    pub fn take(&mut self, within: SignedDuration, at_once: usize) -> Vec<(Timestamp, Call)> {
        let Some(first) = self.next_at() else { return Vec::new() };
        let (mut keys, mut places) = (Vec::new(), BTreeSet::new());
        for (key, call) in self.calls.range(..(first + within, 0)) {
            let fresh = match call {
                Call::Arrive(_) => true,
                Call::Look { place, .. } => places.insert(*place),
            };
            if fresh {
                keys.push(*key);
            }
            if keys.len() >= at_once {
                break;
            }
        }
        let mut taken = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(call) = self.calls.remove(&key) else { continue };
            if let Call::Look { place, spot } = &call {
                self.waiting.remove(&(*place, spot.clone()));
            }
            taken.push((key.0, call));
        }
        taken
    }
}
