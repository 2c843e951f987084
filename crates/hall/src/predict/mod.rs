//! Forecasts of waits: the simple rules that hall displays use, and one by simulation.
//!
//! A [`Forecaster`] simulates many paths from the [`Present`] and takes medians and bands from them;
//! [`Calibration`] widens or narrows the band to its nominal coverage; [`Promise`] keeps what a person was
//! told from wavering; [`Scores`] publishes the error. [`LiveForecaster`] does it for a live [`crate::Day`].
//! [`History`] learns service times and arrivals; while it has few observations, forecasts rest on the hall's
//! declarations and say so. [`trial`] scores all methods on days that nothing was learnt from.

mod ahead;
mod board;
mod calibration;
mod forecast;
mod history;
mod live;
mod promise;
mod score;
mod simple;
pub mod trial;
mod what_if;

pub use crate::simulate::{Present, ServingNow, Waiting, WindowNow};
pub use ahead::Forecaster;
pub use board::{Board, Notice};
pub use calibration::Calibration;
pub use forecast::{Basis, Ensemble, Forecast};
pub use history::History;
pub use live::{Known, LiveForecaster, PLAYED_MAX};
pub use promise::{Promise, Reason, Told};
pub use score::{LineScore, Scores, Sums};
pub use simple::{Simple, SimpleForecasts};
pub use what_if::{Counted, Tried, Unfit, WhatIf};
