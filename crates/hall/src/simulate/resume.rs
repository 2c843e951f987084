//! Starts a simulation in the middle of a day.

use super::chance::Chance;
use super::floor::{CheckIn, Floor, Recorder, Serving};
use super::hall::Hall;
use super::present::Present;
use super::ring::Ticket;

impl Floor {
    /// Simulates on from a present until the recorder is done. `tickets` are the waiting in calling order;
    /// their patience is drawn here.
    pub(crate) fn resume<C: Chance, R: Recorder>(
        &mut self,
        hall: &Hall,
        present: &Present,
        tickets: &[Ticket],
        probes: &[Ticket],
        chance: &mut C,
        recorder: &mut R,
    ) {
        self.clear(hall);
        self.now = present.now;
        for ticket in tickets {
            let mean = hall.patience[usize::from(hall.line_of[usize::from(ticket.queue)])];
            let mut ticket = *ticket;
            if mean < f64::INFINITY {
                ticket.leaves_at = hall.ready_at(&ticket) + chance.patience(mean, ticket.number);
            }
            self.enqueue(ticket);
        }
        self.probes.extend_from_slice(probes);
        self.next_switch = hall.switches.partition_point(|switch| switch.at <= present.now);
        for booking in &present.expected {
            if let Some(at) = chance.check_in(hall, *booking) {
                self.check_ins.push(CheckIn { at, booking: *booking });
            }
        }
        self.check_ins.sort_unstable_by(|a, b| a.at.total_cmp(&b.at));
        if self.cut_at <= present.now {
            self.cut_at = f64::INFINITY;
        }
        self.man_windows(hall, present, chance);
        // A ticket may be waiting for a window that has just become free or has just come on duty.
        for window in &present.idle {
            self.next(hall, chance, recorder, *window);
        }
        for window in 0..self.windows.len() {
            let state = &self.windows[window];
            if state.is_on
                && state.serving.is_none()
                && !self.idle.iter().any(|idle| usize::from(*idle) == window)
            {
                self.next(hall, chance, recorder, window);
            }
        }
        if recorder.is_done() {
            return;
        }
        self.schedule(hall);
        self.run(hall, chance, recorder);
    }

    fn man_windows<C: Chance>(&mut self, hall: &Hall, present: &Present, chance: &mut C) {
        for (window, now) in present.windows.iter().enumerate() {
            let state = &mut self.windows[window];
            state.is_on = now.is_on;
            state.lingers = now.lingers;
            let Some(serving) = now.serving else { continue };
            let queue = u16::try_from(hall.queue(serving.line, 0)).expect("a hall's size was checked");
            let (number, since, attended) = (serving.number, serving.since, serving.attended);
            state.serving = Some(Serving { queue, number, since, attended });
            let age = present.now - since;
            let slowness = hall.slowness[window];
            let left = if attended {
                chance.remaining(hall, serving.line, number, age / slowness) * slowness
            } else {
                (hall.vain_minutes - age).max(0.0)
            };
            self.ends.set(window, present.now + left);
        }
        self.returns.clear();
        let away = present.windows.iter().enumerate();
        self.returns.extend(away.filter_map(|(window, now)| Some((now.back_at?, window))));
        self.returns.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    }
}
