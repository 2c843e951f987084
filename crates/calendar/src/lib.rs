//! Civil dates, working days, statutory clocks with pause and extension.
