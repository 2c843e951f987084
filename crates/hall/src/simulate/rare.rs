//! Rare events, a few dozen a day: windows start and stop, bookings check in, the hall closes.

use super::chance::Chance;
use super::floor::{CheckIn, Floor, Recorder};
use super::hall::{Hall, Turn};
use super::ring::{Kind, Ticket};

impl Floor {
    /// Handles all switches, returns, check-ins and probes that are due, and the closing.
    #[cold]
    #[inline(never)]
    pub(super) fn rare<C: Chance, R: Recorder>(&mut self, hall: &Hall, chance: &mut C, recorder: &mut R) {
        let now = self.now;
        if self.cut_at <= now {
            self.cut_at = f64::INFINITY;
            self.send_away(hall, recorder);
        }
        while let Some(switch) = hall.switches.get(self.next_switch).filter(|switch| switch.at <= now) {
            self.next_switch += 1;
            self.turn(hall, chance, recorder, usize::from(switch.window), switch.turns);
        }
        while let Some((_, window)) = self.returns.pop_if(|back| back.0 <= now) {
            self.turn(hall, chance, recorder, window, Turn::On);
        }
        while let Some(check_in) =
            self.check_ins.get(self.next_check_in).copied().filter(|next| next.at <= now)
        {
            self.next_check_in += 1;
            if check_in.at < hall.closes_at {
                self.check_in(hall, chance, recorder, check_in);
            }
        }
        while let Some(probe) =
            self.probes.get(self.next_probe).copied().filter(|probe| probe.joined_at <= now)
        {
            self.next_probe += 1;
            self.join(hall, chance, recorder, probe);
        }
    }

    fn turn<C: Chance, R: Recorder>(
        &mut self,
        hall: &Hall,
        chance: &mut C,
        recorder: &mut R,
        window: usize,
        turn: Turn,
    ) {
        let now = self.now;
        let state = &mut self.windows[window];
        if turn == Turn::On {
            let was_on = state.is_on;
            state.is_on = true;
            state.lingers = false;
            if state.due_at.take().is_some_and(|(_, pause)| pause) {
                // The service outlasted the break, so the break is lost.
                recorder.paused(window, now, now);
            }
            if !was_on && state.serving.is_none() {
                self.next(hall, chance, recorder, window);
            }
            return;
        }
        if !state.is_on {
            return;
        }
        state.due_at = Some((now, turn == Turn::Break));
        if turn == Turn::Linger && (state.serving.is_some() || self.choose(hall, window).is_some()) {
            self.windows[window].lingers = true;
            return;
        }
        let state = &mut self.windows[window];
        state.is_on = false;
        if state.serving.is_none() {
            self.idle.retain(|idle| usize::from(*idle) != window);
            self.stop(recorder, window);
        }
    }

    fn check_in<C: Chance, R: Recorder>(
        &mut self,
        hall: &Hall,
        chance: &mut C,
        recorder: &mut R,
        check_in: CheckIn,
    ) {
        let booking = hall.bookings[check_in.booking];
        let on_time = check_in.at <= booking.booked_at + hall.punctuality.grace_minutes;
        let queue = hall.queue(booking.line, if on_time { booking.lane } else { 0 });
        let ready_at = if on_time { booking.booked_at } else { check_in.at };
        let number = chance.number(check_in.booking);
        let mean = hall.patience[booking.line];
        let leaves_at = if mean == f64::INFINITY {
            f64::INFINITY
        } else {
            ready_at.max(check_in.at) + chance.patience(mean, number)
        };
        #[expect(clippy::cast_possible_truncation, reason = "a hall's size was checked")]
        let ticket = Ticket {
            call_at: ready_at - hall.head_start[queue],
            joined_at: check_in.at,
            leaves_at,
            number,
            queue: queue as u16,
            kind: Kind::Person,
        };
        self.join(hall, chance, recorder, ticket);
    }

    /// Empties the queues when nobody calls any more.
    pub(super) fn send_away<R: Recorder>(&mut self, hall: &Hall, recorder: &mut R) {
        for queue in 0..self.rings.len() {
            while self.rings[queue].first().is_some() {
                let ticket = self.rings[queue].pop();
                if ticket.leaves_at < self.now {
                    recorder.gone(hall, &ticket, self.now);
                } else {
                    recorder.unserved(hall, &ticket, self.now);
                }
            }
            self.refresh_head(queue);
        }
    }
}
