//! Changes to a day that a hall manager wonders about.

use anyhow::{Context, Result, bail};
use catalogue::{ClassId, Edition, ItemId, Serves};
use hall::model::{HallDay, QUARTERS, Span, Window};

/// Lunch is looked for between these minutes of the day.
const NOON: Span = Span::new(660.0, 870.0);

/// One change, as it is written: `open-window A09 09:00-12:00`, `move-lunch A03 12:00-13:00`, `extend 60`,
/// `online NAME 40%` (an item, a class or a line).
#[derive(Clone, Debug, PartialEq)]
pub enum WhatIf {
    OpenWindow { window: String, span: Span },
    MoveLunch { window: String, span: Span },
    Extend { minutes: f64 },
    Online { name: String, share: f64 },
}

impl std::str::FromStr for WhatIf {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [verb, rest @ ..] = words.as_slice() else { bail!("an empty change") };
        match (*verb, rest) {
            ("open-window", [window, span]) => {
                Ok(Self::OpenWindow { window: (*window).to_owned(), span: read_span(span)? })
            }
            ("move-lunch", [window, span]) => {
                Ok(Self::MoveLunch { window: (*window).to_owned(), span: read_span(span)? })
            }
            ("extend", [minutes]) => {
                let minutes = minutes.parse().ok().filter(|minutes| (1.0..=360.0).contains(minutes));
                Ok(Self::Extend { minutes: minutes.context("extend by 1 to 360 minutes")? })
            }
            ("online", [name, share]) => {
                Ok(Self::Online { name: (*name).to_owned(), share: read_share(share)? })
            }
            _ => bail!(
                "{text:?} is no change; write open-window A09 09:00-12:00, move-lunch A03 12:00-13:00, extend 60, \
                 or online NAME 40%"
            ),
        }
    }
}

impl WhatIf {
    pub fn apply(&self, day: &mut HallDay, edition: &Edition) -> Result<()> {
        match self {
            Self::OpenWindow { window, span } => open_window(day, window, *span),
            Self::MoveLunch { window, span } => move_lunch(day, window, *span)?,
            Self::Extend { minutes } => extend(day, *minutes),
            Self::Online { name, share } => online(day, edition, name, *share)?,
        }
        Ok(())
    }
}

/// A new window can do what another with the same letters does; without one, everything.
fn open_window(day: &mut HallDay, name: &str, span: Span) {
    if let Some(window) = day.windows.iter_mut().find(|window| window.name == name) {
        window.shifts.push(span);
        return;
    }
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let alike = day
        .windows
        .iter()
        .find(|window| window.name.trim_end_matches(|c: char| c.is_ascii_digit()) == letters);
    let serves = alike.map_or_else(|| (0..day.lines.len()).collect(), |window| window.serves.clone());
    day.windows.push(Window {
        name: name.to_owned(),
        serves,
        shifts: vec![span],
        breaks: Vec::new(),
        speed: 1.0,
    });
}

/// The gap at noon is filled and opened where it is wanted.
fn move_lunch(day: &mut HallDay, name: &str, span: Span) -> Result<()> {
    let window = day.windows.iter_mut().find(|window| window.name == name);
    let window = window.with_context(|| format!("the hall has no window {name:?}"))?;
    window.shifts.sort_by(|a, b| a.from.total_cmp(&b.from));
    let gap =
        window.shifts.windows(2).position(|pair| NOON.contains(pair[0].to) && NOON.contains(pair[1].from));
    if let Some(place) = gap {
        window.shifts[place].to = window.shifts[place + 1].from;
    }
    window.breaks.retain(|pause| !(NOON.contains(pause.from) && pause.to - pause.from >= 30.0));
    window.breaks.push(span);
    Ok(())
}

/// Windows that are open at the end stay; people of the last hour come over the longer time.
fn extend(day: &mut HallDay, minutes: f64) {
    let before = day.closing.closes_at;
    let after = (before + minutes).min(1_440.0);
    for shift in day.windows.iter_mut().flat_map(|window| &mut window.shifts) {
        if shift.to == before {
            shift.to = after;
        }
    }
    let quarters = |from: f64, to: f64| {
        (0..QUARTERS).filter(move |quarter| Span::new(from, to).contains(*quarter as f64 * 15.0 + 7.5))
    };
    for line in &mut day.lines {
        let last_hour: f64 = quarters(before - 60.0, before).map(|quarter| line.arrivals[quarter]).sum();
        let count = quarters(before - 60.0, after).count().max(1);
        for quarter in quarters(before - 60.0, after) {
            line.arrivals[quarter] = last_hour / count as f64;
        }
    }
    day.closing.closes_at = after;
    day.closing.last_number_at += after - before;
}

/// Fewer people come: of one item as many as its line's items are said to share evenly.
fn online(day: &mut HallDay, edition: &Edition, name: &str, share: f64) -> Result<()> {
    let lines = edition.lines();
    let items_of = |line: &catalogue::ServiceLine| -> Vec<&ItemId> {
        let items = edition.parts().items.values();
        items
            .filter(|item| edition.line_of(&item.id).is_some_and(|of| of.id == line.id))
            .map(|item| &item.id)
            .collect()
    };
    let mut found = false;
    for (place, line) in lines.iter().enumerate() {
        let items = items_of(line);
        let whole = line.id.as_str() == name
            || matches!(&line.serves, Serves::Classes { classes } if classes.contains(&ClassId::from(name)));
        let of_class = |id: &&&ItemId| edition.item(id).is_some_and(|item| item.class.as_str() == name);
        let moved = if whole {
            1.0
        } else {
            let count = items.iter().filter(|id| id.as_str() == name || of_class(id)).count();
            count as f64 / items.len().max(1) as f64
        };
        if moved > 0.0 {
            found = true;
            let kept = 1.0 - share * moved;
            day.lines[place].arrivals.iter_mut().for_each(|people| *people *= kept);
            thin_bookings(day, place, kept);
        }
    }
    if !found {
        bail!("the pack has no item, class or line {name:?}");
    }
    Ok(())
}

/// Keeps this share of a line's bookings, evenly over the day.
fn thin_bookings(day: &mut HallDay, line: usize, kept: f64) {
    let mut due = 0.0;
    day.bookings.retain(|booking| {
        if booking.line != line {
            return true;
        }
        due += kept;
        let keep = due >= 1.0 - 1e-9;
        if keep {
            due -= 1.0;
        }
        keep
    });
}

fn read_span(text: &str) -> Result<Span> {
    let span = text.split_once('-').and_then(|(from, to)| {
        let (from, to) = (super::minute(from)?, super::minute(to)?);
        (from < to).then(|| Span::new(from, to))
    });
    span.with_context(|| format!("{text:?} is no part of a day; write 09:00-12:00"))
}

fn read_share(text: &str) -> Result<f64> {
    let (number, scale) = match text.strip_suffix('%') {
        Some(percent) => (percent, 100.0),
        None => (text, 1.0),
    };
    let share = number.parse::<f64>().ok().map(|number| number / scale);
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .with_context(|| format!("{text:?} is no share; write 40%"))
}
