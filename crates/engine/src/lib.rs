//! What event-sourced engines share: events as bytes, refusals with codes, and states that are folded from events.
//!
//! An engine declares its events with [`events!`], its refusals with [`refusals!`] and implements [`Folded`].

mod event;
pub mod lean;
mod refusal;
mod stamp;
mod wire;

pub use event::{Event, payload};
pub use refusal::{Refusal, Titles, Told};
pub use stamp::{ActorId, Stamp};
pub use wire::{Encoded, UnreadableEvent, decode, encode};

/// A state that is the fold of the events of one stream. Pure: the same events and stamps give the same state.
pub trait Folded: Sized {
    type Event: Event;

    /// The state after the first event of a stream; `None` when a stream cannot begin with it.
    fn begin(event: &Self::Event, stamp: &Stamp) -> Option<Self>;

    fn apply(&mut self, event: &Self::Event, stamp: &Stamp);

    /// Folds one more event. Without a state, an event that cannot begin a stream leaves it `None`.
    fn fold(state: &mut Option<Self>, event: &Self::Event, stamp: &Stamp) {
        match state {
            Some(state) => state.apply(event, stamp),
            None => *state = Self::begin(event, stamp),
        }
    }

    /// Folds a whole log. `None` for a log that no stream can begin with.
    fn replay<'a>(log: impl IntoIterator<Item = (&'a Self::Event, &'a Stamp)>) -> Option<Self>
    where
        Self::Event: 'a,
    {
        let mut log = log.into_iter();
        let (event, stamp) = log.next()?;
        let mut state = Self::begin(event, stamp)?;
        log.for_each(|(event, stamp)| state.apply(event, stamp));
        Some(state)
    }
}
