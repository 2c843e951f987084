//! The contract of event-sourced engines: a command is decided to events or a refusal, and events are folded to a state.
//!
//! An engine declares its events with [`events!`], its refusals with [`refusals!`] and implements [`Engine`]. What drives
//! engines (load, decide, append, project) needs no word about any one of them.

mod event;
pub mod lean;
mod refusal;
mod stamp;
mod wire;

pub use event::{Event, payload};
pub use refusal::{Refusal, Titles, Told};
pub use stamp::{ActorId, Stamp};
pub use wire::{Encoded, UnreadableEvent, decode, encode};

/// A pure state machine: no clock, no file, no chance. The same state, command and context give the same events.
pub trait Engine {
    /// Folded from the events of one stream.
    type State: Clone;
    type Event: Event;
    type Refusal: Refusal;
    type Command<'c>;
    /// What a decision may depend on besides state and command: time, actor, edition.
    type Context<'c>;

    /// The events that a command leads to; none when nothing changes. No state: the stream is empty.
    ///
    /// # Errors
    /// A refusal of the engine; the state stays as it was.
    fn decide(
        state: Option<&Self::State>,
        command: &Self::Command<'_>,
        context: &Self::Context<'_>,
    ) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// The state after the first event of a stream; none when a stream cannot begin with it.
    fn begin(event: &Self::Event, stamp: &Stamp) -> Option<Self::State>;

    fn apply(state: &mut Self::State, event: &Self::Event, stamp: &Stamp);

    /// Folds one more event. A state that cannot begin with it stays absent.
    fn fold(state: &mut Option<Self::State>, event: &Self::Event, stamp: &Stamp) {
        match state {
            Some(state) => Self::apply(state, event, stamp),
            None => *state = Self::begin(event, stamp),
        }
    }
}
