//! Alerts for a hall manager, raised before people complain.

use catalogue::{LineId, WindowId};
use jiff::{SignedDuration, Timestamp};

use crate::{Day, PostState, TicketNo, TicketState};

/// A condition that needs action; variants are declared worst first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alert {
    /// Somebody has waited longer than the line's target.
    TargetBroken {
        line: LineId,
        number: TicketNo,
        waited_minutes: i64,
        target_minutes: u32,
    },
    /// People wait for the line, and no open window can serve them.
    NobodyCan {
        line: LineId,
        waiting: usize,
    },
    /// A newcomer's forecast wait is at least 80 % of the target.
    TargetAtRisk {
        line: LineId,
        expected_minutes: u32,
        target_minutes: u32,
    },
    /// On the roster now, but shut while the doors are open.
    WindowMissing {
        window: WindowId,
    },
    PausedLong {
        window: WindowId,
        minutes: i64,
    },
    /// Called at least three minutes ago, and neither started nor skipped.
    CalledLong {
        window: WindowId,
        number: TicketNo,
        minutes: i64,
    },
}

/// A forecast from this share of the target on is a risk.
const RISK_PERCENT: u32 = 80;
const PAUSED_MINUTES: i64 = 15;
const CALLED_MINUTES: i64 = 3;

impl Day {
    /// `expected_minutes` is the wait that a newcomer to a line is told; `None` without a forecast.
    pub fn alerts(&self, now: Timestamp, expected_minutes: impl Fn(&LineId) -> Option<u32>) -> Vec<Alert> {
        let mut alerts = Vec::new();
        for line in &self.setup.lines {
            let expected = expected_minutes(&line.id);
            alerts.extend(self.alert_of_line(&line.id, line.target_minutes, now, expected));
        }
        let minutes = |since: Timestamp| now.duration_since(since).max(SignedDuration::ZERO).as_mins();
        for (desk, post) in self.setup.windows.iter().zip(&self.posts) {
            let window = || post.window.clone();
            match &post.state {
                PostState::Shut if desk.staffed_at(now) && self.doors == crate::Doors::Open => {
                    alerts.push(Alert::WindowMissing { window: window() });
                }
                PostState::Paused { since, .. } if minutes(*since) >= PAUSED_MINUTES => {
                    alerts.push(Alert::PausedLong { window: window(), minutes: minutes(*since) });
                }
                _ => {}
            }
            let called = post.ticket.and_then(|number| self.ticket(number));
            if let Some(ticket) = called
                && let TicketState::Called { at, .. } = ticket.state
                && minutes(at) >= CALLED_MINUTES
            {
                alerts.push(Alert::CalledLong {
                    window: window(),
                    number: ticket.number,
                    minutes: minutes(at),
                });
            }
        }
        alerts.sort_by_key(Alert::rank);
        alerts
    }

    fn alert_of_line(
        &self,
        line: &LineId,
        target: Option<u32>,
        now: Timestamp,
        expected: Option<u32>,
    ) -> Option<Alert> {
        let waiting: Vec<_> = self.waiting().filter(|ticket| ticket.want().line == *line).collect();
        let open = |ticket: &&crate::Ticket| {
            self.posts.iter().any(|post| post.is_open() && self.can_serve(&post.window, ticket))
        };
        if !waiting.is_empty() && !waiting.iter().any(open) {
            return Some(Alert::NobodyCan { line: line.clone(), waiting: waiting.len() });
        }
        let target_minutes = target?;
        let waited = |ticket: &crate::Ticket| {
            let from = ticket.booked_for.map_or(ticket.joined_at, |booked| booked.max(ticket.joined_at));
            now.duration_since(from).as_mins()
        };
        let longest = waiting.iter().rev().max_by_key(|ticket| waited(ticket));
        if let Some(ticket) = longest.filter(|ticket| waited(ticket) > i64::from(target_minutes)) {
            let (line, number) = (line.clone(), ticket.number);
            return Some(Alert::TargetBroken {
                line,
                number,
                waited_minutes: waited(ticket),
                target_minutes,
            });
        }
        let expected = expected?;
        // Without a window that is open nobody knows when somebody comes.
        let serves = |desk: &crate::Desk| desk.skills.iter().any(|(skill, _)| skill == line);
        let mut desks = self.setup.windows.iter().zip(&self.posts);
        if !desks.any(|(desk, post)| post.is_open() && serves(desk)) {
            return None;
        }
        (expected * 100 >= target_minutes * RISK_PERCENT).then(|| Alert::TargetAtRisk {
            line: line.clone(),
            expected_minutes: expected,
            target_minutes,
        })
    }
}

impl Alert {
    const fn rank(&self) -> u8 {
        match self {
            Self::TargetBroken { .. } => 0,
            Self::NobodyCan { .. } => 1,
            Self::TargetAtRisk { .. } => 2,
            Self::WindowMissing { .. } => 3,
            Self::PausedLong { .. } => 4,
            Self::CalledLong { .. } => 5,
        }
    }
}
