//! Monte Carlo simulation of days of a hall: [`Hall`] is a day compiled for simulation, [`Floor`] the event
//! loop, [`Chance`] the source of random numbers, [`Recorder`] the receiver of events. [`Simulation`]
//! simulates many days and sums up.

mod chance;
mod common;
mod estimate;
mod floor;
mod hall;
mod histogram;
mod paired;
mod present;
mod random;
mod rare;
mod report;
mod resume;
mod ring;
mod sampler;
mod tally;
mod tournament;

pub use chance::{Arrival, Chance, Stream};
pub use common::Common;
pub use estimate::Spread;
pub use floor::{AtWindow, Floor, Recorder, Serving};
pub use hall::Hall;
pub use paired::{Change, Changes, Paired};
pub use present::{Present, ServingNow, Waiting, WindowNow};
pub use random::{Bits, Split, Xoshiro};
pub use report::{Figures, HourFigures, Report, Simulation, WindowFigures};
pub use ring::{Kind, Ticket};
pub use sampler::{Sampler, normal_beyond, normal_inverse};
