//! A stretch of the journal, stream by stream.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use store::{Cell, Envelope, ViewChange};

use crate::hall::load;

/// One of so many equal shares of all streams.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    number: u64,
    of: u64,
}

impl Share {
    pub fn all(of: usize) -> impl Iterator<Item = Self> {
        let of = of.max(1) as u64;
        (0..of).map(move |number| Self { number, of })
    }

    fn has(self, together: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        together.hash(&mut hasher);
        hasher.finish() % self.of == self.number
    }
}

/// What is folded in the order of the journal: a stream; and all appointments, which move from the stream of one day to that
/// of another and keep their row.
fn together(event: &Envelope) -> &str {
    match event.stream.kind() {
        load::BOOKINGS => load::BOOKINGS,
        _ => event.stream.as_str(),
    }
}

/// The events of a share: for each stream in their order, streams in the order in which they first appear.
pub fn by_stream(events: &[Envelope], share: Share) -> Vec<Vec<&Envelope>> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut streams: Vec<Vec<&Envelope>> = Vec::new();
    for event in events.iter().filter(|event| share.has(together(event))) {
        let place = *places.entry(together(event)).or_insert(streams.len());
        match streams.get_mut(place) {
            Some(stream) => stream.push(event),
            None => streams.push(vec![event]),
        }
    }
    streams
}

/// Sums to the same row are added up first: a stretch changes a few rows of sums thousands of times.
pub fn add_up(changes: Vec<ViewChange>) -> Vec<ViewChange> {
    let mut sums: BTreeMap<(String, Vec<Cell>), BTreeMap<String, i64>> = BTreeMap::new();
    let mut others = Vec::with_capacity(changes.len());
    for change in changes {
        match change {
            ViewChange::Add { table, key, amounts } => {
                let row = sums.entry((table, key)).or_default();
                for (name, amount) in amounts {
                    *row.entry(name).or_default() += amount;
                }
            }
            other => others.push(other),
        }
    }
    others.extend(sums.into_iter().map(|((table, key), amounts)| ViewChange::Add {
        table,
        key,
        amounts: amounts.into_iter().collect(),
    }));
    others
}
