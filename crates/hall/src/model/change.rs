//! Changes to a day that a hall manager may want to try.

use super::{HallDay, QUARTERS, Span, Window};

/// Minutes of the day between which a break counts as lunch.
const NOON: Span = Span::new(660.0, 870.0);
/// The least length of a lunch break.
const LUNCH_MINUTES: f64 = 30.0;

impl Window {
    /// The lunch break: the gap between two shifts at noon, or else a break of at least 30 minutes at noon.
    pub fn lunch(&self) -> Option<Span> {
        let pause = |pause: &&Span| NOON.contains(pause.from) && pause.to - pause.from >= LUNCH_MINUTES;
        let gap =
            self.gap().map(|(before, after)| Span::new(self.shifts[before].to, self.shifts[after].from));
        gap.or_else(|| self.breaks.iter().find(pause).copied())
    }

    /// Indices of the shifts before and after the gap at noon.
    fn gap(&self) -> Option<(usize, usize)> {
        let mut order: Vec<usize> = (0..self.shifts.len()).collect();
        order.sort_by(|a, b| self.shifts[*a].from.total_cmp(&self.shifts[*b].from));
        let at_noon = |pair: &&[usize]| {
            let (to, from) = (self.shifts[pair[0]].to, self.shifts[pair[1]].from);
            to < from && NOON.contains(to) && NOON.contains(from)
        };
        order.windows(2).find(at_noon).map(|pair| (pair[0], pair[1]))
    }

    /// Moves lunch to `span`: a gap at noon becomes duty, and `span` becomes a break.
    pub fn move_lunch(&mut self, span: Span) {
        if let Some((before, after)) = self.gap() {
            self.shifts[before].to = self.shifts[after].from;
        }
        self.breaks.retain(|pause| !(NOON.contains(pause.from) && pause.to - pause.from >= LUNCH_MINUTES));
        self.breaks.push(span);
    }

    /// Ends all duty at this minute at the latest.
    pub fn close_at(&mut self, minute: f64) {
        self.shifts.retain(|shift| shift.from < minute);
        self.shifts.iter_mut().for_each(|shift| shift.to = shift.to.min(minute));
    }
}

impl HallDay {
    pub fn window_mut(&mut self, name: &str) -> Option<&mut Window> {
        self.windows.iter_mut().find(|window| window.name == name)
    }

    /// Adds a shift; a new window serves what a window with the same letters in its name serves, without one
    /// every line.
    pub fn open_window(&mut self, name: &str, span: Span) {
        if let Some(window) = self.window_mut(name) {
            window.shifts.push(span);
            return;
        }
        let letters = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        let alike = self.windows.iter().find(|window| letters(&window.name) == letters(name));
        let serves = alike.map_or_else(|| (0..self.lines.len()).collect(), |window| window.serves.clone());
        let (name, shifts, breaks) = (name.to_owned(), vec![span], Vec::new());
        self.windows.push(Window { name, serves, shifts, breaks, speed: 1.0 });
    }

    /// Closes the hall later, at 24:00 at the latest. Windows on duty at the old closing time stay, and the
    /// arrivals of the last hour are spread evenly over the longer time.
    pub fn extend(&mut self, minutes: f64) {
        let before = self.closing.closes_at;
        let after = (before + minutes).min(1_440.0);
        for shift in self.windows.iter_mut().flat_map(|window| &mut window.shifts) {
            if shift.to == before {
                shift.to = after;
            }
        }
        let quarters = |from: f64, to: f64| {
            #[expect(clippy::cast_precision_loss, reason = "a quarter-hour of a day")]
            let middle = |quarter: &usize| *quarter as f64 * 15.0 + 7.5;
            (0..QUARTERS).filter(move |quarter| Span::new(from, to).contains(middle(quarter)))
        };
        for line in &mut self.lines {
            let last_hour: f64 = quarters(before - 60.0, before).map(|quarter| line.arrivals[quarter]).sum();
            #[expect(clippy::cast_precision_loss, reason = "a number of quarter-hours")]
            let count = quarters(before - 60.0, after).count().max(1) as f64;
            for quarter in quarters(before - 60.0, after) {
                line.arrivals[quarter] = last_hour / count;
            }
        }
        self.closing.closes_at = after;
        self.closing.last_number_at += after - before;
    }
}
