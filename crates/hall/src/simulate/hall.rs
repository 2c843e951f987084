//! A day compiled for simulation: indices instead of lists, bit sets instead of skills, one alias table to
//! draw the queue of an arrival.

use super::random::Bits;
use super::sampler::Sampler;
use crate::model::{Booking, Flaw, HallDay, Patience, Punctuality, QUARTERS, Rest, Window};

/// A queue is a line and a lane: `line * lanes + lane`.
#[derive(Clone, Debug)]
pub struct Hall {
    pub(crate) day: HallDay,
    pub(super) samplers: Vec<Sampler>,
    /// Mean by line; infinite where nobody abandons.
    pub(super) patience: Vec<f64>,
    pub(super) no_show: Vec<f64>,
    pub(super) lanes: usize,
    pub(super) queues: usize,
    pub(super) line_of: Vec<u16>,
    pub(super) head_start: Vec<f64>,
    /// Number of 64-bit words of a bit set of queues.
    pub(super) words: usize,
    /// By window: bit set of the queues that it serves.
    pub(super) masks: Vec<u64>,
    /// By window: 1 / speed.
    pub(super) slowness: Vec<f64>,
    pub(super) switches: Vec<Switch>,
    pub(super) segments: Vec<Segment>,
    pub(super) aliases: Vec<Alias>,
    pub(super) bookings: Vec<Booking>,
    pub(super) punctuality: Punctuality,
    pub(super) vain_minutes: f64,
    /// When the waiting are sent away; infinite when they are served.
    pub(super) cut_at: f64,
    pub(super) closes_at: f64,
    /// By window.
    pub(super) duty_minutes: Vec<f64>,
}

/// A window starts or stops calling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Switch {
    pub at: f64,
    pub window: u16,
    pub turns: Turn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    On,
    /// Off for a break: the window comes back.
    Break,
    Off,
    /// Off as soon as nobody waits whom the window can serve.
    Linger,
}

/// A span with a constant arrival rate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub from: f64,
    pub to: f64,
    pub per_minute: f64,
    pub minutes_each: f64,
    /// Start of its alias table in [`Hall::aliases`].
    pub aliases: usize,
    /// Its quarter-hour of the day, independent of spans left out.
    pub quarter: u32,
}

/// An entry of a Walker alias table: the queue `this` with probability `own` / 2^32, else `other`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alias {
    /// Out of 2^32.
    own: u32,
    this: u16,
    other: u16,
}

impl Hall {
    /// # Errors
    /// The [`Flaw`] of a day that is not sound.
    pub fn new(day: HallDay) -> Result<Self, Flaw> {
        day.check()?;
        let lanes = day.lanes.len();
        let queues = day.lines.len() * lanes;
        let words = queues.div_ceil(64);
        let line_of = (0..queues).map(|queue| position(queue / lanes)).collect();
        let mut masks = vec![0_u64; day.windows.len() * words];
        for (window, declared) in day.windows.iter().enumerate() {
            for queue in declared.serves.iter().flat_map(|line| line * lanes..(line + 1) * lanes) {
                masks[window * words + queue / 64] |= 1 << (queue % 64);
            }
        }
        let (segments, aliases) = arrival_tables(&day);
        let closing = day.closing;
        Ok(Self {
            samplers: day.lines.iter().map(|line| Sampler::new(&line.time)).collect(),
            patience: day
                .lines
                .iter()
                .map(|line| match line.patience {
                    Patience::Endless => f64::INFINITY,
                    Patience::Exponential { mean_minutes } => mean_minutes,
                })
                .collect(),
            no_show: day.lines.iter().map(|line| line.no_show_share).collect(),
            lanes,
            queues,
            line_of,
            head_start: (0..queues).map(|queue| day.lanes[queue % lanes].head_start_minutes).collect(),
            words,
            masks,
            slowness: day.windows.iter().map(|window| 1.0 / window.speed).collect(),
            switches: switches(&day),
            segments,
            aliases,
            bookings: day.bookings.clone(),
            punctuality: day.punctuality,
            vain_minutes: day.vain_call_minutes,
            cut_at: if closing.rest == Rest::SentAway { closing.closes_at } else { f64::INFINITY },
            closes_at: closing.closes_at,
            duty_minutes: day.windows.iter().map(Window::duty_minutes).collect(),
            day,
        })
    }

    pub fn day(&self) -> &HallDay {
        &self.day
    }

    /// Replaces the bookings; keeps the old ones when the day would not be sound.
    pub(crate) fn rebook(&mut self, bookings: Vec<Booking>) -> Result<(), Flaw> {
        let before = std::mem::replace(&mut self.day.bookings, bookings.clone());
        if let Err(flaw) = self.day.check() {
            self.day.bookings = before;
            return Err(flaw);
        }
        self.bookings = bookings;
        Ok(())
    }

    pub fn queue(&self, line: usize, lane: usize) -> usize {
        line * self.lanes + lane
    }

    #[inline]
    pub fn line_of(&self, queue: u16) -> usize {
        usize::from(self.line_of[usize::from(queue)])
    }

    #[inline]
    pub fn lane_of(&self, queue: u16) -> usize {
        usize::from(queue) % self.lanes
    }

    pub fn head_start(&self, queue: usize) -> f64 {
        self.head_start[queue]
    }

    /// When this ticket became ready: on joining, or at its booked time.
    pub fn ready_at(&self, ticket: &super::Ticket) -> f64 {
        (ticket.call_at + self.head_start[usize::from(ticket.queue)]).max(ticket.joined_at)
    }

    #[inline]
    pub fn can_serve(&self, window: usize, queue: usize) -> bool {
        self.masks[window * self.words + queue / 64] >> (queue % 64) & 1 == 1
    }

    pub fn sampler(&self, line: usize) -> &Sampler {
        &self.samplers[line]
    }

    /// Index of the first segment that ends after `now`.
    pub(crate) fn segment_after(&self, now: f64) -> usize {
        self.segments.partition_point(|segment| segment.to <= now)
    }

    /// The start of a segment, and its quarter-hour of the day.
    pub(crate) fn quarter_of(&self, segment: usize) -> Option<(f64, u32)> {
        self.segments.get(segment).map(|segment| (segment.from, segment.quarter))
    }

    /// The next arrival in a segment, with `gap` exponential of mean 1: time, queue, quarter-hour; `None`
    /// after its end.
    #[inline]
    pub(crate) fn arrive_in<B: Bits>(
        &self,
        segment: usize,
        after: f64,
        gap: f64,
        from: &mut B,
    ) -> Option<(f64, u16, u32)> {
        let segment = self.segments.get(segment)?;
        let at = after + gap * segment.minutes_each;
        (at < segment.to).then(|| (at, self.pick_queue(segment, from), segment.quarter))
    }

    #[inline]
    pub(super) fn pick_queue<B: Bits>(&self, segment: &Segment, from: &mut B) -> u16 {
        let table = &self.aliases[segment.aliases..segment.aliases + self.queues];
        if self.queues == 1 {
            return 0;
        }
        let bits = from.bits();
        #[expect(clippy::cast_possible_truncation, reason = "the halves of 64 bits")]
        let (place, share) = (((bits >> 32) * self.queues as u64) >> 32, bits as u32);
        let alias = table[place as usize];
        if share < alias.own { alias.this } else { alias.other }
    }
}

fn position(index: usize) -> u16 {
    u16::try_from(index).expect("a hall's size was checked")
}

fn switches(day: &HallDay) -> Vec<Switch> {
    let mut switches = Vec::new();
    for (index, window) in day.windows.iter().enumerate() {
        let duty = window.duty();
        for (place, span) in duty.iter().enumerate() {
            switches.push(Switch { at: span.from, window: position(index), turns: Turn::On });
            let in_shift = window.shifts.iter().any(|shift| shift.from < span.to && span.to < shift.to);
            let turns = if in_shift && place + 1 < duty.len() {
                Turn::Break
            } else if span.to >= day.closing.closes_at && day.closing.rest == Rest::Served {
                Turn::Linger
            } else {
                Turn::Off
            };
            switches.push(Switch { at: span.to, window: position(index), turns });
        }
    }
    switches.sort_by(|a, b| a.at.total_cmp(&b.at));
    switches
}

fn arrival_tables(day: &HallDay) -> (Vec<Segment>, Vec<Alias>) {
    let mut segments = Vec::new();
    let mut aliases = Vec::new();
    for quarter in 0..QUARTERS {
        #[expect(clippy::cast_precision_loss, reason = "a quarter-hour of a day")]
        let from = quarter as f64 * 15.0;
        let to = (from + 15.0).min(day.closing.last_number_at);
        let shares = day
            .lines
            .iter()
            .flat_map(|line| line.lane_shares.iter().map(move |share| share * line.arrivals[quarter] / 15.0));
        let by_queue: Vec<f64> = shares.collect();
        let per_minute: f64 = by_queue.iter().sum();
        if per_minute > 0.0 && from < to {
            let quarter = u32::from(position(quarter));
            let (minutes_each, start) = (1.0 / per_minute, aliases.len());
            segments.push(Segment { from, to, per_minute, minutes_each, aliases: start, quarter });
            aliases.extend(alias_table(&by_queue, per_minute));
        }
    }
    (segments, aliases)
}

/// Vose's construction of the alias table.
fn alias_table(weights: &[f64], total: f64) -> Vec<Alias> {
    #[expect(clippy::cast_precision_loss, reason = "a number of queues")]
    let mut scaled: Vec<f64> = weights.iter().map(|weight| weight / total * weights.len() as f64).collect();
    let whole = |place: usize| Alias { own: u32::MAX, this: position(place), other: position(place) };
    let mut table: Vec<Alias> = (0..weights.len()).map(whole).collect();
    let (mut small, mut large): (Vec<usize>, Vec<usize>) =
        (0..weights.len()).partition(|place| scaled[*place] < 1.0);
    while let (Some(low), Some(high)) = (small.pop(), large.last().copied()) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 2^32")]
        let own = (scaled[low] * 4_294_967_296.0) as u32;
        table[low] = Alias { own, this: position(low), other: position(high) };
        scaled[high] -= 1.0 - scaled[low];
        if scaled[high] < 1.0 {
            large.pop();
            small.push(high);
        }
    }
    table
}
