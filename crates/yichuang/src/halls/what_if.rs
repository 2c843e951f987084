//! Changes to a day that a hall manager may want to try.

use anyhow::{Context, Result, bail};
use catalogue::{ClassId, Edition, ItemId, Serves};
use hall::model::{HallDay, Span};

/// One change, written `open-window A09 09:00-12:00`, `move-lunch A03 12:00-13:00`, `extend 60`, or
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
    /// # Errors
    /// When the hall has no such window, or the name is none of the pack's.
    pub fn apply(&self, day: &mut HallDay, edition: &Edition) -> Result<()> {
        match self {
            Self::OpenWindow { window, span } => day.open_window(window, *span),
            Self::MoveLunch { window, span } => {
                let found = day.window_mut(window);
                found.with_context(|| format!("the hall has no window {window:?}"))?.move_lunch(*span);
            }
            Self::Extend { minutes } => day.extend(*minutes),
            Self::Online { name, share } => online(day, edition, name, *share)?,
        }
        Ok(())
    }
}

/// Lowers arrivals; the items of a line are assumed to have equal shares of its people.
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

/// Keeps this share of a line's bookings, evenly over the day. The others stay in the list as absent, so that
/// all bookings keep their random numbers with and without the change.
fn thin_bookings(day: &mut HallDay, line: usize, kept: f64) {
    let mut due = 0.0;
    for booking in day.bookings.iter_mut().filter(|booking| booking.line == line) {
        due += kept;
        if due >= 1.0 - 1e-9 {
            due -= 1.0;
        } else {
            booking.absent_share = 1.0;
        }
    }
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
