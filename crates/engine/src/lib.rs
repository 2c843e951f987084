//! The contract of event-sourced engines: `decide` turns a command into events or a refusal, `fold` turns
//! events into a state.
//!
//! An engine declares its events with [`events!`], its refusals with [`refusals!`] and implements [`Engine`].
//! The code that drives engines (load, decide, append, project) names none of them.

mod event;
pub mod lean;
mod refusal;
mod stamp;
mod wire;

pub use event::{Event, payload};
pub use refusal::{Refusal, Titles, Told};
pub use stamp::{ActorId, Stamp};
pub use wire::{Encoded, UnreadableEvent, decode, encode};

/// A pure state machine: no clock, no file, no randomness. The same state, command and context give the same
/// events.
pub trait Engine {
    /// The fold of the events of one stream.
    type State: Clone;
    type Event: Event;
    type Refusal: Refusal;
    type Command<'c>;
    /// What a decision may depend on besides state and command: time, actor, edition.
    type Context<'c>;

    /// The events that a command leads to; empty when nothing changes. `state` is `None` for an empty stream.
    ///
    /// # Errors
    /// A refusal of the engine; the state is unchanged.
    fn decide(
        state: Option<&Self::State>,
        command: &Self::Command<'_>,
        context: &Self::Context<'_>,
    ) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// The state after the first event of a stream; `None` when a stream cannot begin with it.
    fn begin(event: &Self::Event, stamp: &Stamp) -> Option<Self::State>;

    fn apply(state: &mut Self::State, event: &Self::Event, stamp: &Stamp);

    /// Folds one more event. Without a state, an event that cannot begin a stream leaves it `None`.
    fn fold(state: &mut Option<Self::State>, event: &Self::Event, stamp: &Stamp) {
        match state {
            Some(state) => Self::apply(state, event, stamp),
            None => *state = Self::begin(event, stamp),
        }
    }
}
