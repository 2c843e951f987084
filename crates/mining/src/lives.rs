//! Lifecycles of activities: when each could have started, when it was started, and when it was completed.

use crate::log::{Side, Trace, Transition};

/// One execution of an activity in a case. `ready_at` ≤ `started_at` ≤ `ended_at`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    pub activity: u32,
    pub group: Option<u32>,
    pub side: Side,
    /// As the log says; otherwise when the activity before it was completed.
    pub ready_at: i64,
    /// `None` when the log does not tell waiting and working apart.
    pub started_at: Option<i64>,
    /// Spans between start and completion in which it was suspended.
    pub aside: Vec<(i64, i64)>,
    pub ended_at: i64,
}

struct Begun {
    activity: u32,
    ready_at: i64,
    at: i64,
    aside: Vec<(i64, i64)>,
    aside_since: Option<i64>,
}

impl Trace {
    /// All executions, in the order of completion.
    pub fn lives(&self) -> Vec<Life> {
        let mut begun: Vec<Begun> = Vec::new();
        let mut lives = Vec::new();
        let mut before = None;
        for event in &self.events {
            let ready_at = event.ready_at.or(before).unwrap_or(event.at).min(event.at);
            let open = begun.iter().position(|begun| begun.activity == event.activity);
            match event.transition {
                // A second start: the later start counts, by the person who completes it.
                Transition::Start => {
                    let since = open.map_or(ready_at, |open| begun.remove(open).ready_at);
                    begun.push(Begun {
                        activity: event.activity,
                        ready_at: since,
                        at: event.at,
                        aside: Vec::new(),
                        aside_since: None,
                    });
                }
                Transition::Abort => {
                    // Aborted: it waits again, ready since the first time.
                    if let Some(open) = open {
                        begun[open].at = i64::MAX;
                    }
                }
                Transition::Suspend => {
                    if let Some(open) = open {
                        begun[open].aside_since.get_or_insert(event.at);
                    }
                }
                Transition::Resume => {
                    if let Some(open) = open
                        && let Some(since) = begun[open].aside_since.take()
                    {
                        begun[open].aside.push((since, event.at));
                    }
                }
                Transition::Complete => {
                    let begun = open.map(|open| begun.remove(open));
                    let since = begun.as_ref().map_or(ready_at, |begun| begun.ready_at);
                    let since = event.ready_at.map_or(since, |ready_at| ready_at.min(event.at));
                    // Started before it was ready: work counts from the ready instant.
                    let no_earlier = event.ready_at.unwrap_or(i64::MIN);
                    let aside = begun.as_ref().map_or_else(Vec::new, |begun| {
                        // Completed while suspended: no work since the suspension.
                        let still = begun.aside_since.map(|since| (since, event.at));
                        begun.aside.iter().copied().chain(still).collect()
                    });
                    let started_at = begun.map(|begun| begun.at).filter(|at| *at <= event.at);
                    let started_at = started_at.map(|at| at.max(no_earlier.min(event.at)));
                    lives.push(Life {
                        activity: event.activity,
                        group: event.group,
                        side: event.side,
                        ready_at: started_at.map_or(since, |at| since.min(at)),
                        aside: if started_at.is_some() { aside } else { Vec::new() },
                        started_at,
                        ended_at: event.at,
                    });
                    before = Some(event.at);
                }
                Transition::Other => {}
            }
        }
        lives
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Event;

    fn trace(events: &[(u32, i64, Transition, Option<i64>)]) -> Trace {
        let events = events.iter().map(|(activity, at, transition, ready_at)| Event {
            activity: *activity,
            at: *at,
            transition: *transition,
            group: None,
            ready_at: *ready_at,
            side: Side::Office,
        });
        Trace { events: events.collect(), ..Trace::default() }
    }

    fn told(trace: &Trace) -> Vec<(u32, i64, Option<i64>, i64)> {
        let lives = trace.lives();
        lives.iter().map(|life| (life.activity, life.ready_at, life.started_at, life.ended_at)).collect()
    }

    #[test]
    fn what_was_done_waits_since_the_act_before_it() {
        use Transition::{Complete, Start};
        let trace = trace(&[
            (0, 10, Complete, None),
            (1, 30, Start, None),
            (1, 70, Complete, None),
            (2, 90, Complete, None),
        ]);
        assert_eq!(told(&trace), [(0, 10, None, 10), (1, 10, Some(30), 70), (2, 70, None, 90)]);
    }

    #[test]
    fn the_log_may_know_better_since_when_it_waited() {
        use Transition::{Complete, Start};
        // Two in parallel: the second did not wait for the first.
        let trace = trace(&[(0, 50, Complete, Some(5)), (1, 60, Start, None), (1, 80, Complete, Some(7))]);
        assert_eq!(told(&trace), [(0, 5, None, 50), (1, 7, Some(60), 80)]);
    }

    #[test]
    fn what_is_laid_aside_waits_until_it_is_taken_up_again() {
        use Transition::{Complete, Resume, Start, Suspend};
        let one =
            [(0, 9, Start, None), (0, 10, Suspend, None), (0, 14, Resume, None), (0, 15, Complete, None)];
        assert_eq!(trace(&one).lives()[0].aside, [(10, 14)]);
        let done = [(0, 9, Start, None), (0, 10, Suspend, None), (0, 15, Complete, None)];
        assert_eq!(trace(&done).lives()[0].aside, [(10, 15)]);
        // An activity that was not started cannot be suspended.
        let odd = [(0, 10, Suspend, None), (0, 12, Resume, None), (0, 15, Complete, None)];
        assert_eq!(trace(&odd).lives()[0].aside, []);
    }

    #[test]
    fn what_is_given_back_waits_on() {
        use Transition::{Abort, Complete, Start};
        let given_back = [(0, 0, Complete, None), (1, 10, Start, None), (1, 20, Abort, None)];
        let again = [(1, 40, Start, None), (1, 50, Complete, None)];
        let trace = trace(&[&given_back[..], &again].concat());
        assert_eq!(told(&trace), [(0, 0, None, 0), (1, 0, Some(40), 50)]);
    }
}
