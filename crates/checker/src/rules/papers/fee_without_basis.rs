//! Y310 · 收费没有依据 / A fee without a basis
//!
//! 行政许可法第五十八条：实施行政许可不得收取任何费用，法律、行政法规另有规定的除外。每项收费都要写明依据，没有依据的不收。
//!
//! ---
//!
//! Handling applications is free of charge unless a law or administrative regulation says otherwise (licensing statute,
//! Art. 58). Each fee names its basis; one that has none is not charged.

use diagnostic::Code;

pub const CODE: Code = Code("Y310");
